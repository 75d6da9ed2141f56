"""What fits an obligation: the work that would keep it, from the facts that its norm takes as evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from jalon.accounts import agreements
from jalon.accounts.models import Account
from jalon.core.agreement.model import Norm
from jalon.core.obligations import Side

_VERBS: dict[str, Any] = {
    "activity.held": _("Log it"),
    "activity.recorded": _("Publish"),
    "request.replied": _("Reply"),
    "request.resolved": _("Resolve"),
    "report.decided": _("Decide"),
    "report.delivered": _("Deliver"),
    "change.announced": _("Announce"),
    "incident.announced": _("Announce"),
    "survey.sent": _("Send"),
    "complaint.acknowledged": _("Acknowledge"),
    "complaint.answered": _("Reply"),
    "feedback.acknowledged": _("Reply"),
    "plan.agreed": _("Agree the plan"),
    "csm.assigned": _("Appoint"),
    "payment.credited": _("Record the payment"),
}
RECORD = _("Record")
PREPARE = _("Prepare")


@dataclass(frozen=True)
class Action:
    """A button: what it says and where it leads."""

    name: Any
    href: str
    main: bool = False


def norm_of(account: Account, norm_id: str) -> Norm | None:
    """The norm of the client's own agreement; None when the version has it no more."""
    agreement = agreements.of(account)
    return agreement.norms.get(norm_id) if agreement else None


def is_appointment(norm: Norm | None) -> bool:
    """True for "come to the appointment": a row of the projection that is also a meeting of the day."""
    due = (norm.spec or {}).get("due") if norm else None
    return isinstance(due, dict) and due.get("at") == "appointment.start"


def grace_of(account: Account, norm: Norm | None) -> timedelta:
    """How long after the start of an appointment its promise falls due: the row's due date is the start plus this."""
    due = (norm.spec or {}).get("due") if norm else None
    written = due.get("grace_minutes", 0) if isinstance(due, dict) else 0
    if isinstance(written, str) and written.startswith("@"):
        agreement = agreements.of(account)
        parameter = agreement.parameters.get(written[1:]) if agreement else None
        written = parameter.value if parameter else 0
    return timedelta(minutes=written) if isinstance(written, int) else timedelta(0)


def is_review(norm: Norm | None) -> bool:
    """True for a review that the product drafts: one that is held, month by month."""
    where = (norm.spec or {}).get("where") if norm else None
    return (
        isinstance(where, dict)
        and where.get("type") == "review"
        and norm is not None
        and "activity.held" in norm.evidence
    )


def _address(name: str, *args: str, **query: str) -> str:
    """The address of a page, empty while the page does not exist."""
    try:
        found = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    kept = {key: value for key, value in query.items() if value}
    return f"{found}?{urlencode(kept)}" if kept else found


def why_address(ref: str, key: str) -> str:
    """The page that explains an obligation."""
    return _address("workspace:why", ref, key)


def actions(account: Account, row: Any) -> list[Action]:
    """What can be done now about a row of the projection: the first is the one to do."""
    norm = norm_of(account, row.norm)
    evidence = norm.evidence[0] if norm and norm.evidence else ""
    where = (norm.spec or {}).get("where") if norm else None
    about = where.get("type", "") if isinstance(where, dict) else ""
    query = {
        "for": row.key,
        "ref": row.occurrence if row.trigger else "",
        "type": about if isinstance(about, str) else "",
    }
    record = _address("workspace:record", account.ref, evidence, **query) if evidence else ""
    found: list[Action] = []
    if row.debtor != Side.CLIENT:
        if is_review(norm):
            found.append(Action(PREPARE, _address("workspace:review", account.ref, row.occurrence)))
        found.append(Action(_VERBS.get(evidence, RECORD), record))
    elif is_appointment(norm):
        found.append(Action(PREPARE, _address("workspace:client", account.ref)))
        found.append(Action(_VERBS["activity.held"], record))
    else:
        found.append(
            Action(
                _("Remind"),
                why_address(account.ref, row.key) and f"{why_address(account.ref, row.key)}#remind",
            )
        )
        if evidence:
            found.append(Action(_VERBS.get(evidence, _("Record the answer")), record))
    found = [action for action in found if action.href]
    return [Action(action.name, action.href, main=k == 0) for k, action in enumerate(found)]
