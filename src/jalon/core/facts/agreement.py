"""Kinds of facts about the agreement itself: texts, signatures, orders, levels."""

from __future__ import annotations

from jalon.core.facts.model import FactKind, Field
from jalon.core.facts.model import FieldType as T
from jalon.core.facts.words import BILLING, CONNECTOR, DECIDERS, EITHER, PROVIDER
from jalon.core.text import _

KINDS: tuple[FactKind, ...] = (
    FactKind(
        "document.published",
        "agreement",
        _("Document published"),
        PROVIDER,
        "instant",
        (
            Field("doc", T.TEXT, _("Document"), required=True),
            Field("version", T.TEXT, _("Version"), required_to_record=True),
            Field("sha256", T.SHA256, _("Fingerprint"), required_to_record=True),
            Field("languages", T.WORDS, _("Languages")),
        ),
        _("%(who)s published a document: %(doc)s"),
        icon="file-text",
    ),
    FactKind(
        "document.signed",
        "agreement",
        _("Document signed"),
        EITHER,
        "instant",
        (
            Field("doc", T.TEXT, _("Document"), required=True),
            Field("version", T.TEXT, _("Version")),
            Field("signatory", T.PERSON, _("Signatory"), personal=True, required_to_record=True),
            Field("capacity", T.TEXT, _("Capacity of the signatory"), required_to_record=True),
            Field("method", T.TEXT, _("Method")),
            Field("sha256", T.SHA256, _("Fingerprint")),
        ),
        _("%(who)s signed a document: %(doc)s"),
        icon="pencil",
    ),
    FactKind(
        "order.set",
        "agreement",
        _("Order form set"),
        PROVIDER,
        "date",
        (
            Field("client", T.REF, _("Client")),
            Field("level", T.TEXT, _("Level of support"), required_to_record=True),
            Field("ends_on", T.DATE, _("Ends on"), required_to_record=True),
            Field("renewal", T.TEXT, _("Renewal")),
            Field("overrides", T.MAPPING, _("Terms of this order")),
            Field("signed_ref", T.REF, _("Signed document")),
        ),
        _("%(who)s recorded the order form"),
        seats=DECIDERS,
        icon="file-text",
    ),
    FactKind(
        "level.set",
        "agreement",
        _("Level changed"),
        PROVIDER,
        "date",
        (
            Field("level", T.TEXT, _("Level of support"), required=True),
            Field("from", T.DATE, _("From"), required_to_record=True),
            Field("signed_ref", T.REF, _("Signed document")),
        ),
        _("%(who)s set the level of support: %(level)s"),
        seats=DECIDERS,
        icon="layers",
    ),
    FactKind(
        "agreement.amended",
        "agreement",
        _("Agreement amended"),
        PROVIDER,
        "date",
        (
            Field("doc", T.TEXT, _("Document"), required_to_record=True),
            Field("from_version", T.TEXT, _("From version"), required_to_record=True),
            Field("to_version", T.TEXT, _("New version"), required_to_record=True),
            Field("diff_sha256", T.SHA256, _("Fingerprint of the changes")),
            Field("signed_ref", T.REF, _("Signed document")),
        ),
        _("%(who)s recorded an amendment"),
        seats=DECIDERS,
        icon="file-text",
    ),
    FactKind(
        "agreement.terminated",
        "agreement",
        _("Agreement terminated"),
        EITHER,
        "date",
        (
            Field("effective", T.DATE, _("Effective on"), required_to_record=True),
            Field("ground", T.TEXT, _("Ground"), required_to_record=True),
            Field("clause", T.TEXT, _("Clause")),
            Field("notice_ref", T.REF, _("Formal notice")),
        ),
        _("%(who)s terminated the agreement"),
        icon="x",
    ),
    FactKind(
        "calendar.frozen",
        "agreement",
        _("Calendar frozen"),
        CONNECTOR,
        "date",
        (
            Field("calendar", T.REF, _("Calendar"), required_to_record=True),
            Field("year", T.INTEGER, _("Year"), required=True),
            Field("holidays", T.DAYS, _("Holidays"), required_to_record=True),
            Field("closures", T.DAYS, _("Closing days")),
        ),
        _("The calendar of %(year)s was frozen"),
        icon="calendar-days",
    ),
    FactKind(
        "rate.published",
        "agreement",
        _("Rate published"),
        CONNECTOR,
        "date",
        (
            Field("series", T.TEXT, _("Rate"), required=True),
            Field("value", T.DECIMAL, _("Rate (percent)"), required=True, places=6),
            Field("valid_from", T.DATE, _("Valid from"), required_to_record=True),
            Field("source_url", T.TEXT, _("Source"), required_to_record=True),
        ),
        _("A rate was published: %(series)s, %(value)s"),
        seats=BILLING,
        icon="percent",
    ),
)
