"""Somebody named at all times: within a first term, and again within a term after each gap (the CSM, clause 2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from jalon.core.agreement.model import Norm
from jalon.core.facts.model import Fact
from jalon.core.norms.drafting import Draft, finish, settle
from jalon.core.norms.world import World
from jalon.core.obligations import Obligation
from jalon.core.timekeeping.civil import day_of


def lines(world: World, norm: Norm) -> Iterator[Obligation]:
    """One instance for the first naming, and one a gap since."""
    due = (norm.spec or {}).get("due") or {}
    if world.effective_on is None:
        return
    held = assignments(world, norm.evidence[0])
    first = Draft(world, norm, "named", "", world.calendar_of(norm), start=world.effective_on)
    first.due_after(world.effective_on, due["first"], roll=True)
    effect = world.provider_calendar.midnight(world.effective_on)
    settle(first, [(max(f.at, effect), (f,)) for f, _since, _until in held[:1]])
    yield finish(first)
    for ended, fact, following in gaps(world, held):
        draft = Draft(
            world, norm, f"gap-{ended.isoformat()}", ended, world.calendar_of(norm), trigger=fact, start=ended
        )
        draft.due_after(ended, due["gap_max"], roll=True)
        settle(
            draft,
            [(max(following.at, world.provider_calendar.midnight(ended)), (following,))] if following else [],
        )
        yield finish(draft)


def assignments(world: World, kind: str) -> list[tuple[Fact, date, date | None]]:
    """Who was assigned, from which day, to which last day (None: still)."""
    found = []
    for fact in world.of(kind):
        since = day_of(fact.get("from")) if fact.get("from") else world.day(fact.at)
        found.append((fact, since, day_of(fact.get("until")) if fact.get("until") else None))
    return sorted(found, key=lambda one: (one[1], one[0].recorded_at, one[0].id))


def gaps(
    world: World, held: list[tuple[Fact, date, date | None]]
) -> Iterator[tuple[date, Fact, Fact | None]]:
    """The last day of each assignment that nothing followed at once, its fact, and the assignment that ended the gap."""
    today = world.day(world.now)
    for index, (fact, _since, until) in enumerate(held):
        if until is None or until >= today:
            continue
        later = [f for f, since, _u in held[index + 1 :] if since > until]
        covered = any(
            since <= until + timedelta(days=1) and (u is None or u > until)
            for f, since, u in held
            if f.id != fact.id
        )
        if not covered:
            yield until, fact, later[0] if later else None
