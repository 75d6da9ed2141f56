"""Kinds of facts about claims, defence, indemnities, force majeure."""

from __future__ import annotations

from jalon.core.facts.model import FactKind, Field
from jalon.core.facts.model import FieldType as T
from jalon.core.facts.words import CLIENT, EITHER, PROVIDER
from jalon.core.text import _

KINDS: tuple[FactKind, ...] = (
    FactKind(
        "claim.filed",
        "claims",
        _("Claim filed"),
        CLIENT,
        "date",
        (
            Field("claim", T.REF, _("Claim"), required_to_record=True),
            Field("arose_on", T.DATE, _("Arose on")),
            Field("services", T.WORDS, _("Services"), required_to_record=True),
            Field("heads", T.WORDS, _("Heads of damage"), required_to_record=True),
            Field("amount", T.DECIMAL, _("Amount"), required_to_record=True),
            Field(
                "cause",
                T.REF,
                _("Cause"),
                help=_(
                    "Claims of the same cause share one cap: the name of the cause, or of the first claim."
                ),
            ),
        ),
        _("%(who)s filed a claim"),
        icon="triangle-alert",
    ),
    FactKind(
        "claim.qualified",
        "claims",
        _("Claim qualified"),
        EITHER,
        "date",
        (
            Field("claim", T.REF, _("Claim"), required_to_record=True),
            Field("heads", T.WORDS, _("Heads of damage"), required_to_record=True),
            Field("fault_grade", T.TEXT, _("Gravity of the fault")),
            Field("client_share", T.DECIMAL, _("Client’s share (percent)")),
            Field("by", T.TEXT, _("Decided by"), required_to_record=True),
        ),
        _("%(who)s qualified a claim"),
        icon="check",
    ),
    FactKind(
        "claim.settled",
        "claims",
        _("Claim settled"),
        EITHER,
        "date",
        (
            Field("claim", T.REF, _("Claim"), required_to_record=True),
            Field("amount", T.DECIMAL, _("Amount"), required_to_record=True),
            Field("mode", T.TEXT, _("How it was settled")),
            Field("capped", T.BOOLEAN, _("The cap was applied")),
        ),
        _("%(who)s settled a claim"),
        icon="check",
    ),
    FactKind(
        "third_party_claim.received",
        "claims",
        _("Third party’s claim received"),
        CLIENT,
        "date",
        (
            Field("tpc", T.REF, _("Third party’s claim"), required_to_record=True),
            Field("claimant", T.TEXT, _("Claimant"), personal=True, required_to_record=True),
            Field("grounds", T.WORDS, _("Grounds"), required_to_record=True),
            Field("amount", T.DECIMAL, _("Amount")),
        ),
        _("%(who)s received a third party’s claim"),
        icon="triangle-alert",
    ),
    FactKind(
        "third_party_claim.notified",
        "claims",
        _("Third party’s claim notified"),
        CLIENT,
        "instant",
        (
            Field("tpc", T.REF, _("Third party’s claim"), required_to_record=True),
            Field("message_id", T.TEXT, _("Message"), technical=True),
        ),
        _("%(who)s notified a third party’s claim"),
        icon="mail",
    ),
    FactKind(
        "defence.assumed",
        "claims",
        _("Defence assumed"),
        PROVIDER,
        "instant",
        (Field("tpc", T.REF, _("Third party’s claim"), required_to_record=True),),
        _("%(who)s assumed the defence"),
        icon="shield",
    ),
    FactKind(
        "counsel.proposed",
        "claims",
        _("Counsel proposed"),
        PROVIDER,
        "instant",
        (
            Field("tpc", T.REF, _("Third party’s claim"), required_to_record=True),
            Field("counsel", T.TEXT, _("Counsel"), personal=True, required_to_record=True),
        ),
        _("%(who)s proposed counsel"),
        icon="user",
    ),
    FactKind(
        "counsel.decided",
        "claims",
        _("Counsel decided"),
        CLIENT,
        "instant",
        (
            Field("counsel", T.TEXT, _("Counsel"), personal=True, required_to_record=True),
            Field("approved", T.BOOLEAN, _("Approved"), required=True),
            Field("reason", T.LONG_TEXT, _("Reason"), required_to_record=True, when=("approved", (False,))),
        ),
        _("%(who)s decided on counsel"),
        icon="check",
    ),
    FactKind(
        "coop_cost.settled",
        "claims",
        _("Cooperation costs settled"),
        EITHER,
        "date",
        (
            Field("tpc", T.REF, _("Third party’s claim"), required_to_record=True),
            Field("claimed", T.DECIMAL, _("Amount claimed"), required_to_record=True),
            Field("refunded", T.DECIMAL, _("Amount refunded")),
            Field("proof_sha256", T.SHA256, _("Fingerprint of the proof")),
        ),
        _("%(who)s settled cooperation costs"),
        icon="wallet",
    ),
    FactKind(
        "indemnity.paid",
        "claims",
        _("Indemnity paid"),
        PROVIDER,
        "date",
        (
            Field("tpc", T.REF, _("Third party’s claim"), required_to_record=True),
            Field("amount", T.DECIMAL, _("Amount"), required=True),
            Field("to", T.TEXT, _("Paid to"), personal=True, required_to_record=True),
        ),
        _("%(who)s paid an indemnity: %(amount)s"),
        icon="wallet",
    ),
    FactKind(
        "force_majeure.declared",
        "claims",
        _("Force majeure declared"),
        EITHER,
        "range",
        (
            Field("from", T.DATE, _("From")),
            Field("until", T.DATE, _("Until")),
            Field("event", T.TEXT, _("Event"), required_to_record=True),
            Field("prevents", T.TEXT, _("What it prevents"), required_to_record=True),
        ),
        _("%(who)s declared force majeure"),
        icon="triangle-alert",
    ),
)
