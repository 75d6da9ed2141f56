"""Kinds of facts about what the client brings, and conduct on both sides."""

from __future__ import annotations

from jalon.core.facts.model import FactKind, Field
from jalon.core.facts.model import FieldType as T
from jalon.core.facts.words import CLIENT, EITHER, PROVIDER, SIDES
from jalon.core.text import _

KINDS: tuple[FactKind, ...] = (
    FactKind(
        "info.provided",
        "cooperation",
        _("Information provided"),
        CLIENT,
        "instant",
        (
            Field("items", T.WORDS, _("Items"), required_to_record=True),
            Field("complete", T.BOOLEAN, _("Complete"), required_to_record=True),
        ),
        _("%(who)s provided information"),
        icon="info",
    ),
    FactKind(
        "access.requested",
        "cooperation",
        _("Access requested"),
        PROVIDER,
        "instant",
        (
            Field("system", T.TEXT, _("System"), required_to_record=True),
            Field("scope", T.TEXT, _("Scope"), required_to_record=True),
            Field("purpose", T.TEXT, _("Purpose"), required_to_record=True),
            Field("until", T.DATE, _("Until"), required_to_record=True),
        ),
        _("%(who)s asked for access"),
        icon="key",
    ),
    FactKind(
        "access.answered",
        "cooperation",
        _("Access answered"),
        CLIENT,
        "instant",
        (
            Field("access", T.REF, _("Access request"), required_to_record=True),
            Field(
                "decision",
                T.CHOICE,
                _("Decision"),
                choices=(("granted", _("Granted")), ("refused", _("Refused"))),
                required_to_record=True,
            ),
            Field("scope", T.TEXT, _("Scope"), required_to_record=True, when=("decision", ("granted",))),
            Field("until", T.DATE, _("Until"), required_to_record=True, when=("decision", ("granted",))),
        ),
        _("%(who)s answered the access request"),
        icon="key",
    ),
    FactKind(
        "assistance.requested",
        "cooperation",
        _("Help requested"),
        PROVIDER,
        "instant",
        (
            Field("what", T.LONG_TEXT, _("What"), required_to_record=True),
            Field("purpose", T.TEXT, _("Purpose"), required_to_record=True),
        ),
        _("%(who)s asked for help"),
        icon="handshake",
    ),
    FactKind(
        "assistance.answered",
        "cooperation",
        _("Help answered"),
        CLIENT,
        "instant",
        (
            Field("assistance", T.REF, _("Help asked for"), required_to_record=True),
            Field(
                "decision",
                T.CHOICE,
                _("Decision"),
                choices=(("accepted", _("Accepted")), ("declined", _("Declined"))),
                required_to_record=True,
            ),
            Field(
                "reason", T.LONG_TEXT, _("Reason"), required_to_record=True, when=("decision", ("declined",))
            ),
        ),
        _("%(who)s answered the request for help"),
        icon="handshake",
    ),
    FactKind(
        "client.change_notified",
        "cooperation",
        _("Change notified"),
        CLIENT,
        "instant",
        (
            Field("change", T.LONG_TEXT, _("What changed"), required_to_record=True),
            Field("occurred_on", T.DATE, _("Occurred on"), required_to_record=True),
            Field("affects", T.TEXT, _("What it affects")),
        ),
        _("%(who)s notified a change"),
        icon="info",
    ),
    FactKind(
        "policy.published",
        "cooperation",
        _("Policy published"),
        PROVIDER,
        "date",
        (
            Field("policy", T.REF, _("Policy"), required=True),
            Field("version", T.TEXT, _("Version"), required_to_record=True),
            Field("sha256", T.SHA256, _("Fingerprint")),
            Field("effective", T.DATE, _("Effective on"), required_to_record=True),
        ),
        _("%(who)s published a policy: %(policy)s"),
        icon="file-text",
    ),
    FactKind(
        "policy.acknowledged",
        "cooperation",
        _("Policy acknowledged"),
        CLIENT,
        "instant",
        (
            Field("policy", T.REF, _("Policy"), required=True),
            Field("version", T.TEXT, _("Version"), required_to_record=True),
            Field("person", T.PERSON, _("Person"), personal=True),
        ),
        _("%(who)s acknowledged a policy: %(policy)s"),
        icon="check",
    ),
    FactKind(
        "conduct.reported",
        "cooperation",
        _("Conduct reported"),
        EITHER,
        "instant",
        (
            Field(
                "type",
                T.CHOICE,
                _("Type"),
                required=True,
                choices=(
                    ("disrespect", _("Disrespect")),
                    ("policy", _("Breach of a policy")),
                    ("misuse", _("Misuse of the service")),
                ),
            ),
            Field("against_side", T.CHOICE, _("Against"), choices=SIDES, required_to_record=True),
            Field("clause", T.TEXT, _("Clause")),
            Field("account", T.LONG_TEXT, _("What happened"), personal=True, required_to_record=True),
        ),
        _("%(who)s reported a conduct: %(type)s"),
        private=True,
        icon="triangle-alert",
    ),
    FactKind(
        "conduct.decided",
        "cooperation",
        _("Conduct decided"),
        EITHER,
        "instant",
        (
            Field("report", T.REF, _("Report of conduct"), required_to_record=True),
            Field("upheld", T.BOOLEAN, _("Upheld"), required=True),
            Field("reason", T.LONG_TEXT, _("Reason"), required_to_record=True),
            Field("decided_by", T.PERSON, _("Decided by"), personal=True, required_to_record=True),
        ),
        _("%(who)s decided on a report of conduct"),
        private=True,
        icon="check",
    ),
)
