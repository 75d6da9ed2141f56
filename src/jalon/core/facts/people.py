"""Kinds of facts about who does what on each side."""

from __future__ import annotations

from jalon.core.facts.model import FactKind, Field
from jalon.core.facts.model import FieldType as T
from jalon.core.facts.words import DECIDERS, EITHER, PROVIDER
from jalon.core.obligations import Side
from jalon.core.text import _

KINDS: tuple[FactKind, ...] = (
    FactKind(
        "contact.set",
        "people",
        _("Contact set"),
        EITHER,
        "date",
        (
            Field("seat", T.TEXT, _("Seat"), required=True),
            Field("person", T.PERSON, _("Person"), required=True, personal=True),
            Field("from", T.DATE, _("From")),
            Field("until", T.DATE, _("Until")),
        ),
        _("%(who)s named a contact: %(person)s (%(seat)s)"),
        icon="user",
    ),
    FactKind(
        "csm.assigned",
        "people",
        _("CSM assigned"),
        PROVIDER,
        "date",
        (
            Field("person", T.PERSON, _("Person"), required=True, personal=True, whose=Side.PROVIDER),
            Field("from", T.DATE, _("From")),
            Field("until", T.DATE, _("Until")),
            Field("backup", T.PERSON, _("Backup"), personal=True, whose=Side.PROVIDER),
        ),
        _("%(person)s was named Customer Success Manager"),
        seats=DECIDERS,
        icon="user",
    ),
    FactKind(
        "csm.absent",
        "people",
        _("CSM absent"),
        PROVIDER,
        "range",
        (
            Field(
                "person", T.PERSON, _("Person"), personal=True, whose=Side.PROVIDER, required_to_record=True
            ),
            Field("from", T.DATE, _("From")),
            Field("until", T.DATE, _("Until"), required_to_record=True),
            Field("cover", T.PERSON, _("Covered by"), personal=True, whose=Side.PROVIDER),
        ),
        _("The CSM is absent"),
        seats=DECIDERS,
        icon="user",
    ),
    FactKind(
        "staff.qualified",
        "people",
        _("Staff qualified"),
        PROVIDER,
        "date",
        (
            Field("person", T.PERSON, _("Person"), required=True, personal=True, whose=Side.PROVIDER),
            Field("qualification", T.TEXT, _("Qualification"), required_to_record=True),
            Field("issued_by", T.TEXT, _("Issued by"), required_to_record=True),
            Field("valid_until", T.DATE, _("Valid until"), required_to_record=True),
        ),
        _("%(person)s obtained a qualification"),
        seats=DECIDERS,
        icon="graduation-cap",
    ),
)
