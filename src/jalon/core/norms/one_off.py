"""Owed once: due a term after a trigger (the effect of the agreement, the kick-off, the first use)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from jalon.core.agreement.model import Norm
from jalon.core.facts.model import Fact
from jalon.core.norms.drafting import Draft, finish, settle
from jalon.core.norms.evidence import acceptable, evidence, fits, found_for
from jalon.core.norms.excuses import excuse_of
from jalon.core.norms.extensions import extend
from jalon.core.norms.world import World, term_of
from jalon.core.obligations import Obligation, Side
from jalon.core.text import _
from jalon.core.timekeeping.civil import add_term


def instances(world: World, norm: Norm) -> Iterator[Obligation]:
    """The one instance, once its trigger has happened."""
    spec = norm.spec or {}
    found = _trigger(world, spec["trigger"])
    if found is None:
        return
    start, trigger, at = found
    draft = Draft(world, norm, "once", "", world.calendar_of(norm), trigger=trigger, start=start)
    _due(draft, start)
    extend(draft)
    draft.suspend(start)
    activity = (spec.get("where") or {}).get("type", "")
    _find_evidence(draft, at)
    if not draft.done:
        draft.excuse = excuse_of(draft, activity, None, None)
    late = spec.get("late") or {}
    if late.get("then") == "missed" and draft.due_on:
        draft.cure_on = draft.calendar.add_business_days(
            draft.due_on, term_of(draft.use(late["cure"], start)).count
        )
    if norm.debtor == Side.BOTH:
        draft.extra["attribution"] = _who_is_missing(draft, at)
    yield finish(draft)


def _trigger(world: World, trigger: dict[str, Any]) -> tuple[date, Fact | None, datetime] | None:
    """Start day, fact and instant of the trigger; the effect of the agreement is derived, not recorded."""
    kind = trigger.get("fact")
    if kind == "agreement.in_effect":
        if world.effective_on is None:
            return None
        signed = world.of("document.signed")
        last = [f for f in signed if world.day(f.at) == world.effective_on]
        return (
            world.effective_on,
            (last or signed)[-1] if signed else None,
            world.provider_calendar.midnight(world.effective_on),
        )
    facts = [f for f in world.of(str(kind)) if fits(trigger.get("where"), f)]
    if not facts and kind == "usage.started":
        # No product event is known yet: the kick-off stands for the first use (usage.start, fallback).
        facts = [f for f in world.of("activity.held") if f.get("type") == "kickoff"]
    return (world.day(facts[0].at), facts[0], facts[0].at) if facts else None


def _due(draft: Draft, start: date) -> None:
    due = draft.spec["due"]
    after = start
    if "opens" in due:
        term = term_of(draft.use(due["opens"], start))
        after = add_term(start, term, draft.calendar, roll=False)
        draft.opens = draft.calendar.midnight(after)
        draft.step("term", {"start": start, "term": str(term), "skipped": [], "roll": False}, after,
                   _("Opens %(term)s after %(day)s.", term=term, day=start))  # fmt: skip
    draft.due_after(after, due["add"], roll=due.get("roll") != "none")


def _find_evidence(draft: Draft, since: datetime) -> None:
    requires = draft.spec.get("requires") or {}
    if "confirmed_by" in requires:
        _joint(draft, since, requires)
        return
    candidates = found_for(draft, draft.norm, since) if draft.trigger is None else _after(draft, since)
    if requires.get("not_before") == "opens" and draft.opens:
        confirmed = draft.world.seen.confirmed
        candidates = [one for one in candidates if one[0] >= draft.opens or one[1][0].id in confirmed]
    if requires.get("checklist") == "complete":
        candidates = [one for one in candidates if one[1][0].get("complete") is not False]
    settle(draft, candidates)


def _after(draft: Draft, since: datetime) -> list[tuple[datetime, tuple[Fact, ...]]]:
    # The trigger is not "about" the evidence here: a kick-off answers the effect of the agreement, whatever both name.
    where = draft.spec.get("where")
    return [
        (f.at, (f,))
        for f in evidence(draft.world, draft.norm)
        if f.at >= since and fits(where, f) and acceptable(draft, f)
    ]


def _joint(draft: Draft, since: datetime, requires: dict[str, Any]) -> None:
    """Met only when both sides confirmed the same thing: each by a fact of its own, a list of who confirmed, or a countersignature."""
    wanted = {Side(side) for side in requires["confirmed_by"]}
    least = (
        int(draft.use(requires["objectives"], draft.start or draft.world.now.date()).value)
        if "objectives" in requires
        else 0
    )
    given: dict[Side, Fact] = {}
    for fact in evidence(draft.world, draft.norm):
        objectives = fact.get("objectives")
        if fact.at < since or (objectives is not None and len(objectives) < least):
            continue
        for side in _confirming(draft, fact):
            given.setdefault(side, fact)
        if wanted <= given.keys():
            facts = tuple({f.id: f for f in given.values()}.values())
            countersigned = [
                draft.world.seen.confirmed[f.id]
                for f in facts
                if f.id in draft.world.seen.confirmed and len(facts) == 1
            ]
            draft.done = (max([f.at for f in facts] + countersigned), facts)
            return


def _confirming(draft: Draft, fact: Fact) -> set[Side]:
    sides = {fact.side} & {Side.PROVIDER, Side.CLIENT}
    named = fact.get("confirmed_by") or ()
    sides |= {
        Side(n) for n in ([named] if isinstance(named, str) else named) if n in (Side.PROVIDER, Side.CLIENT)
    }
    if fact.id in draft.world.seen.confirmed:
        sides |= {Side.PROVIDER, Side.CLIENT}
    return sides


def _who_is_missing(draft: Draft, since: datetime) -> Side:
    given: set[Side] = set()
    for fact in evidence(draft.world, draft.norm):
        if fact.at >= since:
            given |= _confirming(draft, fact)
    missing = {Side.PROVIDER, Side.CLIENT} - given
    return missing.pop() if len(missing) == 1 else Side.BOTH
