"""What facts are about: which kind brings a thing, which field names it, and which fields of other kinds point to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Thing:
    """A thing that facts name: the kind that brings it, the field that names it ("" where the fact's own identifier does),
    the field that tells it to a person, and the letter of a reference made for it."""

    kind: str
    named_by: str = ""
    told_by: str = ""
    letter: str = ""


THINGS: Mapping[str, Thing] = MappingProxyType({
    "request": Thing("request.opened", "request", "subject", "R"),
    "question": Thing("provider.question", "ref", "text", "Q"),
    "report": Thing("report.requested", "", "subject"),
    "access": Thing("access.requested", "", "system"),
    "assistance": Thing("assistance.requested", "", "what"),
    "uid": Thing("appointment.confirmed", "uid", "for", "A"),
    "activity_ref": Thing("activity.held", "", "type"),
    "signed_ref": Thing("document.signed", "", "doc"),
    "use_case": Thing("use_case.recorded", "use_case", "use_case"),
    "survey": Thing("survey.sent", "survey", "kind", "S"),
    "feedback": Thing("feedback.given", "feedback", "text", "E"),
    "improvement": Thing("feedback.decided", "improvement", "reason", "A"),
    "change": Thing("change.planned", "change", "impact", "C"),
    "incident": Thing("incident.started", "incident", "scope", "I"),
    "conflict": Thing("conflict.identified", "conflict", "type", "CI"),
    "complaint": Thing("complaint.filed", "complaint", "about", "P"),
    "policy": Thing("policy.published", "policy", "policy"),
    "conduct": Thing("conduct.reported", "", "type"),
    "invoice": Thing("invoice.issued", "invoice", "period"),
    "payment": Thing("payment.credited", "payment", "amount"),
    "credit_note": Thing("credit_note.issued", "credit_note"),
    "refund": Thing("refund.paid", "refund"),
    "notice": Thing("formal_notice.served", "notice", "about", "M"),
    "suspension": Thing("service.suspended", "", "ground"),
    "dataset": Thing("dataset.shared", "dataset", "dataset"),
    "breach": Thing("breach.known", "breach", "nature", "V"),
    "dsr": Thing("dsr.received", "dsr", "right", "D"),
    "claim": Thing("claim.filed", "claim", "amount", "L"),
    "tpc": Thing("third_party_claim.received", "tpc", "claimant", "T"),
    "counsel": Thing("counsel.proposed", "counsel", "counsel"),
})  # fmt: skip
_ELSEWHERE: Mapping[tuple[str, str], str] = MappingProxyType({
    ("client.message", "ref"): "request",
    ("provider.question", "ref"): "question",
    ("conduct.decided", "report"): "conduct",
    ("activity.held", "appointment_ref"): "uid",
    ("agreement.terminated", "notice_ref"): "notice",
    ("client.change_notified", "change"): "",
})  # fmt: skip
"""Fields whose name is not that of their thing; "" where the name is a thing's but the field is not."""


def thing_of(kind: str, field: str) -> Thing | None:
    """The thing that `field` of `kind` names; None where it names none."""
    return THINGS.get(_ELSEWHERE.get((kind, field), field))


def brings(kind: str, field: str) -> bool:
    """Whether a fact of `kind` brings the thing that its `field` names, instead of pointing to one that exists."""
    thing = thing_of(kind, field)
    return thing is not None and (thing.kind, thing.named_by) == (kind, field)
