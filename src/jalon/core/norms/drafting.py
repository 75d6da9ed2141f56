"""From a norm and a trigger to a judged obligation: due date, shifts, evidence, excuse, verdict. Shared by every kind."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from jalon.core.agreement.model import Norm
from jalon.core.explanation import Step
from jalon.core.facts.model import Fact
from jalon.core.norms.world import Question, World, term_of
from jalon.core.obligations import Excuse, Obligation, ParameterUse, Shift, Side, State
from jalon.core.text import Text, Value, _, ngettext
from jalon.core.timekeeping.calendars import Calendar, Interval, days_between
from jalon.core.timekeeping.civil import add_term
from jalon.core.timekeeping.terms import Term


@dataclass
class Draft:
    """An instance of a norm while it is being computed; `finish` judges it."""

    world: World
    norm: Norm
    occurrence: str
    which: Value
    calendar: Calendar
    trigger: Fact | None = None
    start: date | None = None
    opens: datetime | None = None
    due_on: date | None = None
    due: datetime | None = None
    first_on: date | None = None  # before any shift
    first: datetime | None = None
    window: tuple[date, date] | None = None
    cure_on: date | None = None
    done: tuple[datetime, tuple[Fact, ...]] | None = None
    unconfirmed: bool = False
    excuse: Excuse | None = None
    shifts: list[Shift] = field(default_factory=list)
    paused_by: tuple[str, ...] = ()
    forced: State | None = None  # a state that the facts settle by themselves (an appointment cancelled)
    parameters: list[ParameterUse] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    spans: list[Interval] = field(default_factory=list)
    pauses: list[tuple[Interval, Fact | None]] = field(default_factory=list)
    late_days: list[tuple[Question, list[date]]] = field(default_factory=list)
    restless: bool = False  # time moves the date itself: a question still open, a suspension running
    breach: tuple[datetime, datetime | None] | None = None  # since when it is breached, and what ended it
    standing: tuple[str, ...] | None = (
        None  # for a line that says how a lasting promise stands: what breaches it now
    )
    rule: Text | None = None  # the rule in words, where the norm's shape does not say it
    told: Text | None = None  # how it stands in words, where the state does not say it
    shown: tuple[str, ...] = ()  # other facts that the explanation tells
    rouses: tuple[datetime, ...] = ()  # instants at which time alone changes it, beside its due date
    not_stated: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def spec(self) -> dict[str, Any]:
        """The norm as its file writes it."""
        return dict(self.norm.spec or {})

    def use(self, written: Any, day: date) -> ParameterUse:
        """Read a parameter and remember that this answer used it."""
        found = self.world.parameter(written, day)
        if found.name:
            self.parameters.append(found)
        return found

    # --- due dates

    def due_after(self, day: date, written: Any, *, roll: bool) -> None:
        """Due at 24:00 of the last day of a term counted from `day`."""
        term = term_of(self.use(written, self.start or day))
        last = add_term(day, term, self.calendar, roll=roll)
        self.step("term", {"start": day, "term": str(term), "skipped": self.skipped(day, last), "roll": roll}, last,
                  _("%(term)s counted from %(day)s, which is not counted.", term=term, day=day))  # fmt: skip
        self.set_due_on(last)

    def set_due_on(self, last: date) -> None:
        """Due at 24:00 of `last`, in the debtor's zone."""
        self.due_on, self.due = last, self.calendar.end_of(last)

    def skipped(self, start: date, last: date) -> list[date]:
        """The days after `start` until `last` that do not count as business days; none where nobody will read them."""
        if not self.world.explaining:
            return []
        return [day for day in days_between(start + timedelta(days=1), last) if self.calendar.skipped(day)]

    def step(self, operation: str, inputs: dict[str, Any], result: Any, said: Text) -> None:
        """Write one operation of the computation down, where somebody will read it."""
        if not self.world.explaining:
            return
        self.steps.append(Step(operation, inputs, result, said))

    def keep_first(self) -> None:
        """Remember the date before it is moved."""
        if self.first is None:
            self.first_on, self.first = self.due_on, self.due

    def extend_for(self, questions: list[Question], *, whole_wait: bool) -> None:
        """Move the date by the business days that the client's answers were late (4.2), each day counted once."""
        lost: set[date] = set()
        causes: list[Question] = []
        for question in sorted(questions, key=lambda q: (q.fact.at, q.fact.id)):
            days = question.days_waited(self.world.now) if whole_wait else question.days_late(self.world.now)
            if self.due is None or question.fact.at >= self.due or not days:
                continue
            fresh = [day for day in days if day not in lost]
            lost |= set(fresh)
            self.late_days.append((question, days))
            causes.append(question)
            self.restless |= question.reply is None
            self._move_business_days(len(fresh))
        if lost:
            facts = tuple(fact.id for q in causes for fact in (q.fact, q.reply) if fact)
            self.shifts.append(Shift("client.late", len(lost), _came_late(causes, len(lost)), facts))

    def _move_business_days(self, count: int) -> None:
        if not count or self.due_on is None:
            return
        self.keep_first()
        before = self.due_on
        last = self.calendar.add_business_days(before, count)
        self.step("extend", {"from": before, "business_days": count, "skipped": self.skipped(before, last)}, last,
                  ngettext("Moved by %(n)s business day.", "Moved by %(n)s business days.", count))  # fmt: skip
        self.set_due_on(last)

    def suspend(self, first: date) -> None:
        """Move the date by the suspended calendar days since `first` (4.8)."""
        if self.due_on is None or not self.norm.suspendable:
            return
        days = self.world.suspended_days(first, self.due_on)
        if not days:
            return
        self.keep_first()
        # Days of suspension that the moved date runs into count as well: the same stretch, followed to its end.
        before = self.due_on
        original = self.first_on or before
        while (more := self.world.suspended_days(first, original + timedelta(days=days))) > days:
            days = more
        self.step("suspend", {"from": before, "days": days}, before + timedelta(days=days),
                  ngettext("Moved by %(n)s day of suspension.", "Moved by %(n)s days of suspension.", days))  # fmt: skip
        self.set_due_on(before + timedelta(days=days))
        facts = tuple(fact.id for fact, _first, _ends in self.world.suspensions)
        said = ngettext(
            "The service was suspended for %(n)s day.", "The service was suspended for %(n)s days.", days
        )
        self.shifts.append(Shift("suspended", days, said, facts))
        self.restless |= self.world.is_suspended


def _came_late(causes: list[Question], days: int) -> Text:
    """What the client brought late: what the agreement's effect alone asks for (4.1), or an answer."""
    if all(question.fact.kind == "document.signed" for question in causes):
        return ngettext(
            "The client’s information came %(n)s business day late.",
            "The client’s information came %(n)s business days late.",
            days,
        )
    return ngettext(
        "The client’s answer came %(n)s business day late.",
        "The client’s answer came %(n)s business days late.",
        days,
    )


def in_time(draft: Draft, at: datetime) -> bool:
    """Whether performance at `at` is in time: a day term ends, excluded, at 24:00; an hour term ends at its instant, included."""
    if draft.due is None:
        return True
    return at < draft.due if draft.due_on else at <= draft.due


def verdict(draft: Draft) -> State:
    """done<=T ? (in time ? met : met_late) : excuse ? excused : paused ? paused : T<=due ? open : T>=cure ? missed : overdue."""
    now = draft.world.now
    if draft.forced:
        return draft.forced
    if draft.standing is not None:
        return State.BREACHED if draft.standing else State.PAUSED if draft.paused_by else State.KEPT
    if draft.breach:
        since, ended = draft.breach
        return State.KEPT if now < since else State.CURED if ended and ended <= now else State.BREACHED
    if draft.done:
        return State.MET if in_time(draft, draft.done[0]) else State.MET_LATE
    if draft.opens and now < draft.opens:
        return State.NOT_YET
    if draft.excuse:
        return State.EXCUSED
    if draft.paused_by:
        return State.PAUSED
    if in_time(draft, now):
        return State.OPEN
    if draft.cure_on and now >= draft.calendar.end_of(draft.cure_on):
        return State.MISSED
    return State.OVERDUE


def finish(draft: Draft) -> Obligation:
    """The obligation, judged."""
    state = verdict(draft)
    provisional = None
    if draft.done and draft.unconfirmed and not draft.forced:
        state, provisional = State.UNCONFIRMED, state
    end = draft.world.ends_on
    if end and _ended_before(draft, end, state):
        state = State.CANCELLED
    said = summary(draft, state)
    if draft.world.explaining:
        draft.step("verdict", _verdict_inputs(draft, end), state, said)
    draft.world.drafts[f"{draft.norm.id}:{draft.occurrence}"] = draft
    return Obligation(
        key=f"{draft.norm.id}:{draft.occurrence}",
        norm=draft.norm.id,
        clause=draft.norm.clause,
        occurrence=draft.occurrence,
        title=_("%(promise)s, %(which)s", promise=draft.norm.title, which=draft.which)
        if draft.which
        else _("%(promise)s", promise=draft.norm.title),
        debtor=Side(draft.norm.debtor),
        creditor=_creditor(draft.norm),
        state=state,
        trigger=draft.trigger.id if draft.trigger else None,
        opens=draft.opens,
        due=draft.due,
        due_on=draft.due_on,
        due_first=draft.first,
        due_first_on=draft.first_on,
        window=draft.window,
        done_at=draft.done[0] if draft.done else None,
        cure=draft.calendar.end_of(draft.cure_on) if draft.cure_on else None,
        evidence=tuple(fact.id for fact in draft.done[1]) if draft.done else (),
        excuse=draft.excuse if state == State.EXCUSED else None,
        shifts=tuple(draft.shifts),
        paused_by=draft.paused_by,
        attribution=_attribution(draft, state),
        provisional=provisional,
        parameters=_once(draft.parameters),
        suspendable=draft.norm.suspendable,
        private=_is_private(draft.norm),
        wakes=_wakes(draft, state),
        summary=said,
        extra=draft.extra,
    )


def _creditor(norm: Norm) -> Side:
    # The indemnified parties (6.1) stand on the client's side of the table.
    return _SIDES.get(norm.creditor, Side.CLIENT)


_SIDES = {side.value: side for side in Side}


def _is_private(norm: Norm) -> bool:
    return bool((norm.spec or {}).get("private"))


def _once(uses: list[ParameterUse]) -> tuple[ParameterUse, ...]:
    return tuple({use.name: use for use in uses}.values())


def _ended_before(draft: Draft, end: date, state: State) -> bool:
    """Whether the end of the agreement extinguishes the instance: due after the end, not kept, not surviving."""
    if state in (State.MET, State.MET_LATE, State.EXCUSED, State.CURED):
        return False
    gone = extinct_from(draft, end)
    if gone is None or draft.world.now < gone:
        return False
    return draft.due is None or draft.due > gone


def extinct_from(draft: Draft, end: date) -> datetime | None:
    """From when the end of the agreement leaves nothing owed under this norm; None where it survives without a term."""
    written = draft.spec.get("survives")
    if written is not None:
        last = add_term(end, term_of(draft.world.parameter(written, end)), draft.calendar, roll=False)
        return draft.calendar.end_of(last)
    if draft.norm.clause in draft.world.agreement.effect.get("survives", ()):
        return None
    return draft.calendar.end_of(end)


def _verdict_inputs(draft: Draft, end: date | None) -> dict[str, Any]:
    return {
        "due": draft.due,
        "day_term": draft.due_on is not None,
        "done": draft.done[0] if draft.done else None,
        "unconfirmed": draft.unconfirmed,
        "opens": draft.opens,
        "excused": draft.excuse.kind if draft.excuse else None,
        "paused": bool(draft.paused_by),
        "cure": draft.calendar.end_of(draft.cure_on) if draft.cure_on else None,
        "forced": draft.forced,
        "standing": draft.standing,
        "breach": draft.breach,
        "ended": bool(end) and _ended_before(draft, end, verdict(draft)) if end else False,
        "now": draft.world.now,
    }


def _attribution(draft: Draft, state: State) -> Side | None:
    if state == State.EXCUSED:
        if draft.excuse and draft.excuse.kind == "force_majeure":
            return None  # nobody's act
        return Side.CLIENT if draft.norm.debtor == Side.PROVIDER else Side.PROVIDER
    if state in (State.MET_LATE, State.OVERDUE, State.MISSED, State.BREACHED, State.CURED):
        return draft.extra.get("attribution") or Side(draft.norm.debtor)
    return None


def _wakes(draft: Draft, state: State) -> datetime | None:
    """The next instant at which time alone changes this answer."""
    now = draft.world.now
    if state in (State.MET, State.MET_LATE, State.EXCUSED, State.CANCELLED, State.MISSED, State.WAIVED):
        return None
    if state == State.CURED:
        return None
    later = [
        at
        for at in (
            draft.opens,
            _just_after(draft),
            draft.calendar.end_of(draft.cure_on) if draft.cure_on else None,
            *draft.rouses,
        )
        if at and at > now
    ]
    if state == State.UNCONFIRMED and draft.done:
        later += [at for at in (tacit_from(draft.world, fact) for fact in draft.done[1]) if at > now]
    if draft.restless or draft.paused_by:
        later.append(draft.calendar.end_of(draft.calendar.local_day(now)))
    gone = extinct_from(draft, draft.world.ends_on) if draft.world.ends_on else None
    if gone and (draft.due is None or draft.due > gone):
        later.append(gone)
    return min((at for at in later if at > now), default=None)


def _just_after(draft: Draft) -> datetime | None:
    if draft.due is None:
        return None
    return draft.due if draft.due_on else draft.due + timedelta(microseconds=1)


# --- evidence of one's own, back-dated


_A_DAY = timedelta(days=1)


def is_backdated(world: World, fact: Fact) -> bool:
    """Whether a fact was recorded later than the tolerance after it happened (`time.backdating`)."""
    # A tolerance is made of days: what was written within a day of happening is never beyond it.
    if fact.recorded_at - fact.at < _A_DAY:
        return False
    tolerance = Term.parse(str(_backdating(world, "tolerance")))
    day = world.day(fact.at)
    return fact.recorded_at >= world.provider_calendar.end_of(
        add_term(day, tolerance, world.provider_calendar, roll=False)
    )


def tacit_from(world: World, fact: Fact) -> datetime:
    """When silence confirms a back-dated fact: 24:00 of the last day of the term counted from its recording."""
    term = Term.parse(str(_backdating(world, "tacit_confirmation")))
    return world.provider_calendar.end_of(
        add_term(world.day(fact.recorded_at), term, world.provider_calendar, roll=False)
    )


def _backdating(world: World, name: str) -> Any:
    rule = world.agreement.time["backdating"]
    return (rule.extra or {}).get(name) or (rule.value or {})[name]


def counts(world: World, norm: Norm, fact: Fact) -> bool:
    """Whether a side's own evidence counts already: not disputed, and not back-dated or confirmed, in words or by silence."""
    if fact.side != norm.debtor or fact.side == Side.SYSTEM:
        return True
    if fact.id in world.seen.confirmed:
        return True
    if fact.id in world.seen.disputed:
        return False
    return not is_backdated(world, fact) or world.known_at >= tacit_from(world, fact)


def settle(draft: Draft, candidates: list[tuple[datetime, tuple[Fact, ...]]]) -> None:
    """Take the first evidence that counts; else the first that waits for the other side, as unconfirmed."""
    candidates = sorted(candidates, key=lambda one: (one[0], one[1][0].id))
    sure = [one for one in candidates if all(counts(draft.world, draft.norm, fact) for fact in one[1])]
    if sure:
        draft.done = sure[0]
    elif candidates:
        draft.done, draft.unconfirmed = candidates[0], True


# --- words


def summary(draft: Draft, state: State) -> Text:
    """One sentence under the title: how it stands, and since or until when."""
    if draft.told is not None and state not in (State.CANCELLED, State.CURED):
        return draft.told
    day: Value = draft.due_on or draft.due or ""
    done: Value = draft.done[0] if draft.done else ""
    match state:
        case State.MET:
            return (
                _("Kept on %(done)s, in time: it was due on %(due)s.", done=done, due=day)
                if day
                else _("Kept since %(done)s.", done=done)
            )
        case State.MET_LATE:
            return _("Kept on %(done)s, late: it was due on %(due)s.", done=done, due=day)
        case State.OPEN:
            return _moved(draft, _("Due on %(due)s.", due=day) if day else _("Open."))
        case State.OVERDUE:
            return _moved(draft, _("Late: it was due on %(due)s.", due=day))
        case State.MISSED:
            return _("Missed: it was due on %(due)s and can no longer be made up for.", due=day)
        case State.PAUSED if not day:
            return _("The service is suspended.")
        case State.PAUSED:
            return _("The clock is stopped. If it started again now, it would be due on %(due)s.", due=day)
        case State.EXCUSED:
            return _("No longer owed. %(why)s", why=draft.excuse.said if draft.excuse else "")
        case State.UNCONFIRMED:
            return _(
                "Said to be done on %(done)s, recorded later: the other side has not confirmed it yet.",
                done=done,
            )
        case State.NOT_YET:
            return (
                _("Opens on %(opens)s; due on %(due)s.", opens=draft.calendar.local_day(draft.opens), due=day)
                if draft.opens
                else _("Nothing is owed yet.")
            )
        case State.CANCELLED:
            return (
                _("The agreement ended before it was due.")
                if not draft.forced
                else _("No longer to be done: it was cancelled.")
            )
        case State.KEPT:
            return _("Nothing breaches it at this moment.")
        case State.BREACHED:
            return _("Breached since %(day)s.", day=day)
        case State.CURED:
            said = _("Breached on %(day)s, cured on %(done)s.", day=day, done=done)
            return _("%(said)s %(cause)s", said=said, cause=draft.told) if draft.told is not None else said
        case State.WAIVED:
            return _("Given up by the side it was owed to.")


def _moved(draft: Draft, said: Text) -> Text:
    for shift in draft.shifts:
        said = _("%(said)s %(cause)s", said=said, cause=shift.said)
    return said


def copy_of(draft: Draft, **changes: Any) -> Draft:
    """The same draft with other values and its own lists."""
    return replace(
        draft,
        parameters=list(draft.parameters),
        steps=list(draft.steps),
        shifts=list(draft.shifts),
        **changes,
    )
