"""Kinds of facts about requests, replies, questions."""

from __future__ import annotations

from jalon.core.facts.model import FactKind, Field
from jalon.core.facts.model import FieldType as T
from jalon.core.facts.words import CLIENT, EITHER, PRIORITIES, PROVIDER
from jalon.core.obligations import Side
from jalon.core.text import _

KINDS: tuple[FactKind, ...] = (
    FactKind(
        "request.opened",
        "requests",
        _("Request opened"),
        EITHER,
        "instant",
        (
            Field("request", T.REF, _("Request"), required_to_record=True),
            Field("priority", T.CHOICE, _("Priority"), required=True, choices=PRIORITIES),
            Field("channel", T.TEXT, _("Channel")),
            Field("subject", T.TEXT, _("Subject"), required_to_record=True),
            Field("opened_for", T.PERSON, _("Opened for"), personal=True, whose=Side.CLIENT),
        ),
        _("%(who)s opened a request, %(priority)s"),
        icon="inbox",
    ),
    FactKind(
        "request.replied",
        "requests",
        _("Reply sent"),
        PROVIDER,
        "instant",
        (
            Field("request", T.REF, _("Request"), required_to_record=True),
            Field("message_id", T.TEXT, _("Message"), technical=True),
            Field("public", T.BOOLEAN, _("Visible to the client"), required_to_record=True),
            Field("automatic", T.BOOLEAN, _("Automatic reply"), technical=True),
        ),
        _("%(who)s replied to a request"),
        icon="reply",
    ),
    FactKind(
        "request.priority_set",
        "requests",
        _("Priority changed"),
        EITHER,
        "instant",
        (
            Field("request", T.REF, _("Request"), required_to_record=True),
            Field("from", T.CHOICE, _("Former priority"), choices=PRIORITIES),
            Field("to", T.CHOICE, _("New priority"), required=True, choices=PRIORITIES),
            Field("agreed_by", T.TEXT, _("Agreed by")),
        ),
        _("%(who)s changed the priority: %(to)s"),
        icon="flag",
    ),
    FactKind(
        "request.resolved",
        "requests",
        _("Request resolved"),
        PROVIDER,
        "instant",
        (
            Field("request", T.REF, _("Request"), required_to_record=True),
            Field("resolution", T.LONG_TEXT, _("Resolution"), required_to_record=True),
        ),
        _("%(who)s resolved the request"),
        icon="check",
    ),
    FactKind(
        "request.reopened",
        "requests",
        _("Request reopened"),
        CLIENT,
        "instant",
        (
            Field("request", T.REF, _("Request"), required_to_record=True),
            Field("reason", T.LONG_TEXT, _("Reason"), required_to_record=True),
        ),
        _("%(who)s reopened the request"),
        icon="inbox",
    ),
    FactKind(
        "provider.question",
        "requests",
        _("Question asked"),
        PROVIDER,
        "instant",
        (
            Field("ref", T.REF, _("Reference"), required_to_record=True),
            Field("text", T.LONG_TEXT, _("Text"), personal=True, required_to_record=True),
            Field("needed_for", T.TEXT, _("Needed for"), required_to_record=True),
            Field(
                "addressee",
                T.PERSON,
                _("Asked to"),
                personal=True,
                whose=Side.CLIENT,
                required_to_record=True,
            ),
        ),
        _("%(who)s asked a question"),
        icon="circle-help",
    ),
    FactKind(
        "client.reply",
        "requests",
        _("Question answered"),
        CLIENT,
        "instant",
        (
            Field("ref", T.REF, _("Reference")),
            Field("question", T.REF, _("Question"), required_to_record=True),
            Field("complete", T.BOOLEAN, _("Complete")),
        ),
        _("%(who)s answered a question"),
        icon="reply",
    ),
    FactKind(
        "client.message",
        "requests",
        _("Message received"),
        CLIENT,
        "instant",
        (
            Field("ref", T.REF, _("Reference"), required_to_record=True),
            Field("message_id", T.TEXT, _("Message"), technical=True),
        ),
        _("%(who)s wrote a message"),
        icon="mail",
    ),
)
