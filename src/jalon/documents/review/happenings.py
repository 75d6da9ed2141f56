"""What the facts of a month say: its meetings, its requests, the questions that wait, the next appointment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from jalon.core.agreement.model import Agreement
from jalon.core.facts.model import Fact
from jalon.core.facts.words import ACTIVITIES
from jalon.core.obligations import Obligation, State
from jalon.core.text import Text, _
from jalon.documents.review.model import Meeting, Question, Ticket

_NAMES: Mapping[str, Text] = dict(ACTIVITIES)


def activity(word: object) -> Text:
    """The name of a kind of meeting."""
    return _NAMES.get(str(word or ""), _("Meeting"))


def meetings(
    facts: Sequence[Fact], first: date, last: date, zone: ZoneInfo, names: Mapping[str, str]
) -> tuple[Meeting, ...]:
    """Held meetings of the month, and the appointments of the month that somebody missed or cancelled."""
    starts = _appointments(facts)
    found: list[Meeting] = []
    for fact in facts:
        if fact.kind == "activity.held":
            people = tuple(
                names.get(str(ref), str(ref))
                for ref in (*(fact.get("attendees") or ()), *(fact.get("staff") or ()))
            )
            minutes = fact.get("minutes")
            found.append(
                Meeting(
                    fact.id, fact.at, activity(fact.get("type")), people, int(minutes) if minutes else None
                )
            )
        elif fact.kind in ("appointment.no_show", "appointment.cancelled"):
            booked = starts.get(str(fact.get("uid") or ""))
            at, what = booked if booked else (fact.at, _("Appointment"))
            happened = "no_show" if fact.kind == "appointment.no_show" else "cancelled"
            found.append(Meeting(fact.id, at, what, happened=happened))
    inside = [m for m in found if first <= m.at.astimezone(zone).date() <= last]
    return tuple(sorted(inside, key=lambda m: (m.at, m.fact)))


def _appointments(facts: Sequence[Fact]) -> dict[str, tuple[datetime, Text]]:
    """The start and the purpose of each appointment, as last agreed."""
    found: dict[str, tuple[datetime, Text]] = {}
    for fact in facts:
        uid = str(fact.get("uid") or fact.id)
        if fact.kind == "appointment.confirmed" and fact.get("start"):
            found[uid] = (datetime.fromisoformat(str(fact.get("start"))), activity(fact.get("for")))
        elif fact.kind == "appointment.moved" and fact.get("new_start"):
            what = found[uid][1] if uid in found else _("Appointment")
            found[uid] = (datetime.fromisoformat(str(fact.get("new_start"))), what)
    return found


def upcoming(facts: Sequence[Fact], after: datetime) -> tuple[datetime | None, Text | None]:
    """The first appointment after an instant that nobody cancelled; two None where there is none."""
    dropped = {str(fact.get("uid")) for fact in facts if fact.kind == "appointment.cancelled"}
    ahead = sorted(
        (at, what.msgid, what)
        for uid, (at, what) in _appointments(facts).items()
        if at > after and uid not in dropped
    )
    return (ahead[0][0], ahead[0][2]) if ahead else (None, None)


def booked_review(facts: Sequence[Fact], first: date, last: date, zone: ZoneInfo) -> Fact | None:
    """The confirmed appointment of the month's review, the latest one; None where none was confirmed."""
    found = [
        fact
        for fact in facts
        if fact.kind == "appointment.confirmed"
        and fact.get("for") == "review"
        and first <= datetime.fromisoformat(str(fact.get("start"))).astimezone(zone).date() <= last
    ]
    return found[-1] if found else None


def tickets(
    facts: Sequence[Fact],
    obligations: Sequence[Obligation],
    agreement: Agreement | None,
    first: date,
    last: date,
    zone: ZoneInfo,
) -> tuple[Ticket, ...]:
    """The requests that were open at some moment of the month, and how their promises stand."""
    kept_by = (
        {norm.id: norm.evidence[0] for norm in agreement.norms.values() if norm.evidence} if agreement else {}
    )
    owed = {(o.trigger, kept_by.get(o.norm)): o.state for o in obligations if o.trigger}
    found: list[Ticket] = []
    for fact in facts:
        if fact.kind != "request.opened" or fact.at.astimezone(zone).date() > last:
            continue
        ref = str(fact.get("request") or fact.id)
        resolved = _resolved(facts, ref, fact.id)
        if resolved and resolved.astimezone(zone).date() < first:
            continue
        found.append(
            Ticket(
                fact.id, ref, str(fact.get("subject") or ""), str(fact.get("priority") or ""), fact.at,
                owed.get((fact.id, "request.replied")), resolved, owed.get((fact.id, "request.resolved")),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda t: (t.opened, t.ref)))


def _resolved(facts: Sequence[Fact], ref: str, fact_id: str) -> datetime | None:
    """When it was resolved, unless it was opened again since."""
    last: Fact | None = None
    for fact in facts:
        if fact.kind in ("request.resolved", "request.reopened") and str(fact.get("request") or "") in (
            ref,
            fact_id,
        ):
            last = fact
    return last.at if last is not None and last.kind == "request.resolved" else None


def questions(
    facts: Sequence[Fact], obligations: Sequence[Obligation], zone: ZoneInfo
) -> tuple[Question, ...]:
    """The provider's questions whose answer is still owed."""
    waiting = {o.trigger for o in obligations if o.trigger and o.state in (State.OPEN, State.OVERDUE)}
    return tuple(
        Question(fact.id, str(fact.get("subject") or fact.get("text") or ""), fact.at.astimezone(zone).date())
        for fact in facts
        if fact.kind == "provider.question" and fact.id in waiting
    )
