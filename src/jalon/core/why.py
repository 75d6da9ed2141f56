"""Make the why of an obligation from the draft that computed it; and run its steps again, to prove that they are enough."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from jalon.core.agreement.model import Norm
from jalon.core.explanation import Citation, ClockSpan, DayCell, DayRow, Happening, Step, Why
from jalon.core.facts.catalogue import tell
from jalon.core.facts.model import Fact
from jalon.core.money.amount import to_cents
from jalon.core.norms.drafting import Draft
from jalon.core.norms.world import Question
from jalon.core.obligations import Obligation, ParameterUse, State
from jalon.core.text import Text, _
from jalon.core.timekeeping.calendars import Calendar, days_between
from jalon.core.timekeeping.civil import add_months
from jalon.core.timekeeping.terms import Term

# A strip of more days than this is not looked at: the sentence of each step says the same.
LONGEST = 120


def explain(draft: Draft, owed: Obligation) -> Why:
    """The explanation of one obligation, without hypotheses (those are recomputed by `whatif`)."""
    return Why(
        summary=owed.summary or Text(""),
        citations=tuple(_citations(draft)),
        rule=_rule(draft),
        happenings=tuple(_happenings(draft, owed)),
        steps=tuple(draft.steps),
        days=tuple(_rows(draft, owed)),
        clock=tuple(_spans(draft)),
        parameters=_parameters(draft, owed),
    )


def _citations(draft: Draft) -> Iterator[Citation]:
    """The words that found the promise; then, of what moved or excused it, the words that give it that effect."""
    agreement = draft.world.agreement
    norms = [agreement.norms.get(draft.norm.id, draft.norm)]
    causes = [shift.kind for shift in draft.shifts] + ([draft.excuse.kind] if draft.excuse else [])
    norms += [norm for cause in causes if (norm := _norm_of(draft, cause))]
    for norm in {norm.id: norm for norm in norms}.values():
        effect = norm.late_quote if norm is not norms[0] else None
        yield Citation(norm.clause, effect or agreement.founding(norm))


# The fact by which the norm that excuses or moves can be found in any agreement: the clause's number is the file's own.
_CAUSED_BY = {
    "client.late": "provider.question", "client.no_show": "appointment.confirmed", "client.late_cancel": "appointment.cancelled",
    "client.declined": "appointment.confirmed", "suspended": "service.suspended", "invoice.disputed": "invoice.issued",
}  # fmt: skip


def _norm_of(draft: Draft, cause: str) -> Norm | None:
    kind = _CAUSED_BY.get(cause)
    for norm in draft.world.agreement.norms.values() if kind else ():
        spec = norm.spec or {}
        if (spec.get("trigger") or {}).get("fact") == kind or spec.get("exercised_by") == kind:
            return norm
    return None


def _rule(draft: Draft) -> Text:
    """The rule in words, made from the norm's own shape."""
    if draft.rule:
        return draft.rule
    promise = draft.norm.title
    due = draft.spec.get("due") or {}
    match draft.norm.kind:
        case "recurring":
            return _(
                "“%(promise)s” is owed once in each period. The period ends at midnight of its last day, even on a Sunday; it can be made up for during the cure.",
                promise=promise,
            )
        case "before":
            return _(
                "“%(promise)s” is due at the latest this long before; the days are counted back and never put off.",
                promise=promise,
            )
        case "continuous":
            return _(
                "“%(promise)s” is owed all the time: within a first term, and again within a term after each gap.",
                promise=promise,
            )
        case "declaration":
            return _(
                "The terms take effect on the day of the last signature that they need; nothing is owed before."
            )
    if "clock" in due:
        return _(
            "“%(promise)s” runs on a clock that counts open hours only, and stands still while the other side is waited for where the agreement says so.",
            promise=promise,
        )
    if "printed" in due:
        return _(
            "“%(promise)s” is due on the date printed on the invoice, and is done when the money is credited.",
            promise=promise,
        )
    if "at" in due:
        return _(
            "“%(promise)s”: one is there at the agreed time, within the minutes of grace.", promise=promise
        )
    return _(
        "“%(promise)s” is due at midnight of the last day of its term; the day on which the term starts is not counted.",
        promise=promise,
    )


def _happenings(draft: Draft, owed: Obligation) -> Iterator[Happening]:
    facts: dict[str, Fact] = {}
    wanted = [
        owed.trigger,
        *owed.evidence,
        *(draft.excuse.facts if draft.excuse else ()),
        *(f for s in draft.shifts for f in s.facts),
        *draft.paused_by,
        *draft.shown,
    ]
    known = {fact.id: fact for fact in draft.world.seen.facts}
    for fact_id in wanted:
        if fact_id and fact_id in known:
            facts[fact_id] = known[fact_id]
    lines = [Happening(fact.at, tell(fact), fact.id) for fact in facts.values()]
    if owed.due_first and owed.due_first <= draft.world.now:
        lines.append(Happening(_shown(owed.due_first, owed.due_first_on), _("First due date")))
    if owed.due:
        lines.append(
            Happening(
                _shown(owed.due, owed.due_on), _("Due date") if not owed.due_first else _("Due date, moved")
            )
        )
    for question, _days in draft.late_days:
        lines.append(
            Happening(
                _shown(question.calendar.end_of(question.due_on), question.due_on), _("An answer was due")
            )
        )
    yield from sorted(lines, key=lambda one: one.at)


def _shown(due: datetime, on: date | None) -> datetime:
    # 24:00 of a day belongs to that day for a reader: one second earlier says so.
    return due - timedelta(seconds=1) if on else due


# --- the calendar strips


def _rows(draft: Draft, owed: Obligation) -> Iterator[DayRow]:
    for question, days in draft.late_days:
        asked = question.calendar.local_day(question.fact.at)
        yield _counted(_("Time to answer"), asked, question.due_on, question.calendar)
        yield _marked(_("Lateness of the answer"), days, "late", question.calendar, question)
    for step in draft.steps:
        if step.operation == "term" and Term.parse(step.inputs["term"]).unit in ("business_days", "days"):
            start, last = step.inputs["start"], step.result
            if 0 < (last - start).days <= LONGEST:
                yield _counted(
                    _("Time to do it"), start, last, draft.calendar, all_days="BD" not in step.inputs["term"]
                )
        if step.operation == "backward" and (step.inputs["before"] - step.result).days <= LONGEST:
            yield _counted(_("Notice, counted back"), step.result, step.inputs["before"], draft.calendar)
        if step.operation in ("extend", "suspend") and (step.result - step.inputs["from"]).days <= LONGEST:
            granted = draft.calendar.business_days(step.inputs["from"], step.result) if step.operation == "extend" else list(
                days_between(step.inputs["from"] + timedelta(days=1), step.result))  # fmt: skip
            yield _marked(_("Days granted"), granted, "granted", draft.calendar, None)
    today = draft.calendar.local_day(owed.done_at or draft.world.now)
    if (
        owed.due_on
        and owed.state in (State.OVERDUE, State.MET_LATE)
        and 0 < (today - owed.due_on).days <= LONGEST
    ):
        yield _marked(
            _("Lateness"), draft.calendar.business_days(owed.due_on, today), "late", draft.calendar, None
        )


def _counted(label: Text, start: date, last: date, calendar: Calendar, *, all_days: bool = False) -> DayRow:
    cells, number = [DayCell(start, "start")], 0
    for day in days_between(start + timedelta(days=1), last):
        reason = calendar.skipped(day)
        if reason is None or all_days:
            number += 1
            cells.append(DayCell(day, "counted", number))
        else:
            cells.append(DayCell(day, "skipped", reason=_("%(reason)s", reason=reason)))
    return DayRow(label, _count(number, all_days), tuple(cells))


def _count(number: int, all_days: bool) -> Text:
    return _("%(term)s", term=Term(max(number, 1), "days" if all_days else "business_days"))


def _marked(
    label: Text, days: list[date], mark: str, calendar: Calendar, question: Question | None
) -> DayRow:
    if not days:
        return DayRow(label, Text(""), ())
    chosen = {day: number for number, day in enumerate(days, start=1)}
    cells = []
    for day in days_between(days[0], days[-1]):
        reason = calendar.skipped(day)
        if day in chosen:
            cells.append(DayCell(day, mark, chosen[day]))
        else:
            cells.append(DayCell(day, "skipped", reason=_("%(reason)s", reason=reason) if reason else None))
    return DayRow(label, _count(len(days), False), tuple(cells))


def _spans(draft: Draft) -> Iterator[ClockSpan]:
    spans = [ClockSpan(a, b, "counted") for a, b in draft.spans]
    spans += [
        ClockSpan(a, b, "paused", tell(fact) if fact else None)
        for (a, b), fact in draft.pauses if draft.due is None or a < draft.due
    ]  # fmt: skip
    if draft.spans and draft.due and not draft.due_on:
        until = draft.done[0] if draft.done else draft.world.now
        if until > draft.due and (until - draft.due).days <= LONGEST:
            spans += [ClockSpan(a, b, "late") for a, b in draft.calendar.open_between(draft.due, until)]
    yield from sorted(spans, key=lambda span: (span.start, span.mark))


def _parameters(draft: Draft, owed: Obligation) -> tuple[ParameterUse, ...]:
    """The numbers used, then the rules of counting that every term follows."""
    agreement, counting = draft.world.agreement, []
    for name in ("start_day_counts", "expiry", "roll") if owed.due_on else ("elapsed",):
        rule = agreement.time.get(name)
        if rule:
            counting.append(ParameterUse(f"time.{name}", rule.value, rule.origin, rule.law))
    return (*owed.parameters, *counting)


# --- running it again (invariant 6)


def run_again(why: Why) -> tuple[datetime | None, State]:
    """The due instant and the state, from the steps of the explanation alone; ValueError when a step does not follow."""
    state, due = State.NOT_YET, None
    for step in why.steps:
        match step.operation:
            case "verdict":
                due, state = step.inputs["due"], _verdict(step.inputs)
            case "clock":
                _expect(step, step.inputs["spans"][-1][1])
                counted = sum((b - a for a, b in step.inputs["spans"]), timedelta())
                if counted != timedelta(hours=Term.parse(step.inputs["term"]).count):
                    raise ValueError(f"{step.inputs['term']} is not {counted}")
            case "elapsed":
                _expect(step, step.inputs["start"] + timedelta(hours=step.inputs["hours"]))
            case "at":
                _expect(step, step.inputs["start"] + timedelta(minutes=step.inputs["grace_minutes"]))
            case _:
                _expect(step, _again(step))
    return due, state


def _expect(step: Step, found: Any) -> None:
    if found != step.result:
        raise ValueError(f"{step.operation} gives {found}, not {step.result}")


def _again(step: Step) -> Any:
    inputs = step.inputs
    skipped = set(inputs.get("skipped", ()))
    match step.operation:
        case "term":
            return _term_again(inputs["start"], Term.parse(inputs["term"]), skipped, bool(inputs["roll"]))
        case "extend":
            return _count_days(inputs["from"], inputs["business_days"], skipped, 1)
        case "suspend":
            return inputs["from"] + timedelta(days=inputs["days"])
        case "backward":
            term = Term.parse(inputs["term"])
            if term.unit == "business_days":
                return _count_days(inputs["before"], term.count, skipped, -1)
            if term.unit == "days":
                return inputs["before"] - timedelta(days=term.count)
            return add_months(inputs["before"], -(12 * term.count if term.unit == "years" else term.count))
        case "window":
            return inputs["last"]
        case "printed":
            return inputs["due"]
        case "next_opening":
            return inputs["opens"]
        case "interest":
            days = (
                principal * rate * ((last - first).days + 1)
                for first, last, principal, rate in inputs["spans"]
            )
            return to_cents(sum(days, Fraction(0)) / 36500)
    raise ValueError(f"no operation {step.operation}")


def _term_again(start: date, term: Term, skipped: set[date], roll: bool) -> date:
    if term.unit == "business_days":
        return _count_days(start, term.count, skipped, 1)
    months = {"months": term.count, "years": 12 * term.count}.get(term.unit)
    last = add_months(start, months) if months else start + timedelta(days=term.count)
    while roll and last in skipped:
        last += timedelta(days=1)
    return last


def _count_days(day: date, count: int, skipped: set[date], step: int) -> date:
    while count:
        day += timedelta(days=step)
        count -= day not in skipped
    return day


def _breach_again(breach: tuple[datetime, datetime | None], now: datetime) -> State:
    since, ended = breach
    if now < since:
        return State.KEPT
    return State.CURED if ended and ended <= now else State.BREACHED


def _verdict(inputs: Any) -> State:
    """The verdict of the norms, written a second time from the explanation's own inputs."""
    due, done, now = inputs["due"], inputs["done"], inputs["now"]

    def in_time(at: datetime) -> bool:
        return due is None or (at < due if inputs["day_term"] else at <= due)

    if inputs["ended"]:
        return State.CANCELLED
    if inputs["forced"]:
        return State(inputs["forced"])
    if inputs["standing"] is not None:
        return State.BREACHED if inputs["standing"] else State.PAUSED if inputs["paused"] else State.KEPT
    if done and inputs["unconfirmed"]:
        return State.UNCONFIRMED
    if inputs["breach"]:
        return _breach_again(inputs["breach"], now)
    if done:
        return State.MET if in_time(done) else State.MET_LATE
    if inputs["opens"] and now < inputs["opens"]:
        return State.NOT_YET
    if inputs["excused"]:
        return State.EXCUSED
    if inputs["paused"]:
        return State.PAUSED
    if in_time(now):
        return State.OPEN
    return State.MISSED if inputs["cure"] and now >= inputs["cure"] else State.OVERDUE
