"""Owed in each window: the windows are anchored, never chained, and do not roll."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from jalon.core.agreement.model import Norm
from jalon.core.facts.model import Fact
from jalon.core.norms.drafting import Draft, finish, settle
from jalon.core.norms.evidence import acceptable, evidence, fits, items_of
from jalon.core.norms.excuses import excuse_of, suspended_window
from jalon.core.norms.extensions import extend
from jalon.core.norms.world import World, term_of
from jalon.core.obligations import Obligation
from jalon.core.text import _
from jalon.core.timekeeping.civil import add_months, aligned, in_months, period_id, period_name


def instances(world: World, norm: Norm) -> Iterator[Obligation]:
    """One instance a window that has begun, and the next one, which is not owed yet."""
    for first, last, every in windows_of(world, norm):
        if world.includes(norm, first):
            yield _instance(world, norm, first, last, every)
        if first > world.day(world.now):
            return


def windows_of(world: World, norm: Norm) -> Iterator[tuple[date, date, int]]:
    """First day, last day, months of each window since the effect; a running window keeps the cadence it began with."""
    trigger = (norm.spec or {})["trigger"]
    effect = world.effective_on
    if effect is None:
        return
    anchor, calendar_aligned = _anchor(trigger, effect)
    n, first = 0, anchor
    while world.ends_on is None or first <= world.ends_on:
        every = in_months(term_of(world.parameter(trigger["every"], max(first, effect))))
        if calendar_aligned and (first.month - 1) % every:
            first = aligned(first, every)  # the new cadence begins with its next full period
            continue
        n += every
        following = aligned_or_counted(anchor, first, every, n, calendar_aligned)
        yield (
            max(first, effect) if trigger["anchor"] == "month_of_effect" else first,
            following - timedelta(days=1),
            every,
        )
        first = following


def aligned_or_counted(anchor: date, first: date, every: int, months: int, calendar_aligned: bool) -> date:
    """The first day of the next window: counted from the anchor itself, so that 31 January gives 28 February, then 31 March."""
    return add_months(first, every) if calendar_aligned else add_months(anchor, months)


def _anchor(trigger: dict[str, str], effect: date) -> tuple[date, bool]:
    match trigger["anchor"]:
        case "calendar_month":
            return aligned(effect, 1), True
        case "calendar_quarter":
            return aligned(effect, 3), True
        case "month_of_effect":
            return effect.replace(day=1), False
        case _:
            return effect, False


def _instance(world: World, norm: Norm, first: date, last: date, every: int) -> Obligation:
    spec = norm.spec or {}
    draft = Draft(
        world,
        norm,
        period_id(first, every),
        period_name(first, every),
        world.calendar_of(norm),
        start=first,
        window=(first, last),
    )
    draft.use(spec["trigger"]["every"], first)
    draft.step("window", {"first": first, "months": every, "last": last}, last,
               _("The period runs from %(first)s to %(last)s; it does not roll.", first=first, last=last))  # fmt: skip
    draft.set_due_on(last)
    if world.now < draft.calendar.midnight(first):
        draft.opens = draft.calendar.midnight(first)
    extend(draft)
    _by_window(draft, first, last)
    activity = (spec.get("where") or {}).get("type", "")
    if not draft.done:
        draft.excuse = suspended_window(draft, first, last)
    if draft.excuse is None:
        draft.suspend(first)
    late = spec.get("late") or {}
    if late.get("then") == "missed" and draft.due_on:
        draft.cure_on = draft.calendar.add_business_days(
            draft.due_on, term_of(draft.use(late["cure"], first)).count
        )
    if not draft.done and not draft.excuse:
        draft.excuse = excuse_of(draft, activity, first, last)
    if not draft.done and not draft.excuse:
        _pause(draft, first)
    return finish(draft)


def _pause(draft: Draft, first: date) -> None:
    """A running suspension stops a window that began, unless it was missed before the suspension did (4.8)."""
    world = draft.world
    if not world.is_suspended or not draft.norm.suspendable or first > world.day(world.now):
        return
    fact, since, _ends = world.suspensions[-1]
    if draft.cure_on is None or draft.cure_on >= since:
        draft.paused_by = (fact.id,)


def _by_window(draft: Draft, first: date, last: date) -> None:
    """Evidence binds by what it says it covers, else by the window in which it happened."""
    candidates: list[tuple[datetime, tuple[Fact, ...]]] = [
        (f.at, (f,))
        for f in evidence(draft.world, draft.norm)
        if _binds(draft, f, first, last) and acceptable(draft, f)
    ]
    settle(draft, candidates)


def _binds(draft: Draft, fact: Fact, first: date, last: date) -> bool:
    if not fits(draft.spec.get("where"), fact) and not _counts_instead(draft, fact):
        return False
    covers = fact.get("covers")
    named = [str(v) for v in covers] if isinstance(covers, (list, tuple)) else [str(covers)] if covers else []
    periods = [name for name in named if name[:4].isdigit()]
    if periods and fits(draft.spec.get("where"), fact):
        # A session covers one window; two only where it says so and both sides accept.
        both = fact.id in draft.world.seen.confirmed
        return draft.occurrence in (periods if both else periods[:1])
    return first <= draft.world.day(fact.at) <= last


def _counts_instead(draft: Draft, fact: Fact) -> bool:
    """A quarterly review with the monthly items counts as the month's (monthly.qbr_counts)."""
    wanted = (draft.spec.get("where") or {}).get("type")
    if fact.get("type") != "qbr" or wanted != "review":
        return False
    day = draft.start or draft.world.now.date()
    items = set(
        draft.world.parameter((draft.spec.get("requires") or {}).get("covers") or (), day).value or ()
    )
    return draft.world.parameter("@monthly.qbr_counts", day).value is True and items <= set(items_of(fact))
