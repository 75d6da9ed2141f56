"""Kinds of facts about data, consents, disclosures, breaches."""

from __future__ import annotations

from jalon.core.facts.model import FactKind, Field
from jalon.core.facts.model import FieldType as T
from jalon.core.facts.words import CLIENT, EITHER, PROVIDER
from jalon.core.text import _

KINDS: tuple[FactKind, ...] = (
    FactKind(
        "dataset.shared",
        "privacy",
        _("Dataset shared"),
        CLIENT,
        "instant",
        (
            Field("dataset", T.REF, _("Dataset"), required_to_record=True),
            Field("personal", T.BOOLEAN, _("Personal data"), required_to_record=True),
            Field("third_party", T.BOOLEAN, _("Third party’s data"), required_to_record=True),
        ),
        _("%(who)s shared a dataset"),
        icon="database",
    ),
    FactKind(
        "dataset.declared",
        "privacy",
        _("Dataset declared"),
        CLIENT,
        "instant",
        (
            Field("dataset", T.REF, _("Dataset"), required_to_record=True),
            Field("legal_basis", T.TEXT, _("Legal basis"), required_to_record=True),
            Field("origin", T.TEXT, _("Origin"), required_to_record=True),
            Field("retention", T.TEXT, _("Retention")),
        ),
        _("%(who)s declared a dataset"),
        icon="database",
    ),
    FactKind(
        "consent.recorded",
        "privacy",
        _("Consent recorded"),
        CLIENT,
        "instant",
        (
            Field("dataset", T.REF, _("Dataset"), required_to_record=True),
            Field("given", T.DATE, _("Given on"), required_to_record=True, when=("withdrawn", (None,))),
            Field("withdrawn", T.DATE, _("Withdrawn on")),
            Field("scope", T.TEXT, _("Scope"), required_to_record=True),
            Field("proof_sha256", T.SHA256, _("Fingerprint of the proof"), required_to_record=True),
        ),
        _("%(who)s recorded a consent"),
        icon="check",
    ),
    FactKind(
        "disclosure.made",
        "privacy",
        _("Disclosure made"),
        PROVIDER,
        "instant",
        (
            Field("to", T.TEXT, _("Disclosed to"), personal=True, required_to_record=True),
            Field("what", T.LONG_TEXT, _("What"), required_to_record=True),
            Field("basis", T.TEXT, _("Basis"), required_to_record=True),
            Field("authority", T.TEXT, _("Authority")),
        ),
        _("%(who)s disclosed information"),
        icon="triangle-alert",
    ),
    FactKind(
        "breach.known",
        "privacy",
        _("Data breach known"),
        PROVIDER,
        "instant",
        (
            Field("breach", T.REF, _("Data breach"), required_to_record=True),
            Field("nature", T.TEXT, _("Nature"), required_to_record=True),
            Field("data", T.TEXT, _("Data concerned"), required_to_record=True),
            Field("persons", T.PEOPLE, _("People concerned"), personal=True),
        ),
        _("%(who)s learned of a data breach"),
        icon="triangle-alert",
    ),
    FactKind(
        "breach.notified",
        "privacy",
        _("Data breach notified"),
        PROVIDER,
        "instant",
        (
            Field("breach", T.REF, _("Data breach"), required_to_record=True),
            Field("to", T.TEXT, _("Sent to"), personal=True, required_to_record=True),
            Field("message_id", T.TEXT, _("Message"), technical=True),
        ),
        _("%(who)s warned of a data breach"),
        icon="mail",
    ),
    FactKind(
        "dsr.received",
        "privacy",
        _("Person’s request received"),
        EITHER,
        "instant",
        (
            Field("dsr", T.REF, _("Request of a person"), required_to_record=True),
            Field("right", T.TEXT, _("Right exercised"), required_to_record=True),
            Field("person_ref", T.REF, _("Person concerned"), personal=True),
        ),
        _("A person made a request about their data"),
        icon="user",
    ),
    FactKind(
        "dsr.answered",
        "privacy",
        _("Person’s request answered"),
        PROVIDER,
        "instant",
        (
            Field("dsr", T.REF, _("Request of a person"), required_to_record=True),
            Field("outcome", T.TEXT, _("Outcome"), required_to_record=True),
            Field("extended_until", T.DATE, _("Extended until")),
        ),
        _("%(who)s answered a person about their data"),
        icon="reply",
    ),
    FactKind(
        "compliance.checked",
        "privacy",
        _("Compliance checked"),
        PROVIDER,
        "date",
        (
            Field("register", T.TEXT, _("Register"), required_to_record=True),
            Field("findings", T.WORDS, _("Findings")),
            Field("due", T.DATE, _("To be mended by")),
        ),
        _("%(who)s checked compliance"),
        icon="check",
    ),
)
