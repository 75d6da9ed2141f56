"""agreement + facts -> obligations. Pure: the same arguments always give the same answer, in whatever order the facts come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from jalon.core.agreement.model import Agreement, Norm
from jalon.core.facts.model import Fact
from jalon.core.money import claims
from jalon.core.norms import limitation, power, rights
from jalon.core.norms.gaps import assignments
from jalon.core.norms.registry import is_limitation, is_power, is_right, runner, runs
from jalon.core.norms.visible import visible
from jalon.core.norms.world import World
from jalon.core.obligations import Assessment, Limit, NotRun, Obligation, Power, Right, State
from jalon.core.why import explain as explain_draft


def assess(
    agreement: Agreement,
    facts: Sequence[Fact],
    as_of: datetime,
    known_at: datetime | None = None,
    *,
    explain: bool = True,
) -> Assessment:
    """Every obligation of both sides at `as_of`, as known at `known_at` (default: `as_of`). Both are aware instants.

    Facts recorded after `known_at` and facts that happen after `as_of` change nothing. With `explain=False` the whys are left out.
    """
    known_at = known_at or as_of
    world = World(agreement, visible(facts, known_at), as_of, known_at, explaining=explain)
    world.refuse_overrides()
    world.refuse_levels()
    found = _obligations(world)
    if explain:
        found = [replace(one, why=explain_draft(world.drafts[one.key], one)) for one in found]
    powers = tuple(_powers(world))  # before what is refused is read: an exercise without its conditions is
    limits = tuple(_limits(world))
    csm, backup = _people(world)
    zone = world.provider_calendar
    return Assessment(
        agreement=agreement.id,
        version=agreement.version,
        as_of=as_of,
        known_at=known_at,
        standing=world.standing,
        effective_on=world.effective_on,
        ends_on=world.ends_on,
        level=level.id if (level := world.level_on(world.day(as_of))) else None,
        obligations=tuple(sorted(found, key=_order)),
        not_run=tuple(NotRun(n.id, n.clause, n.kind) for n in agreement.norms.values() if not runs(n)),
        refused=tuple(sorted(world.refused, key=lambda one: one.fact)),
        suspended=tuple(
            (zone.midnight(first), zone.midnight(ends) if ends else None)
            for _f, first, ends in world.suspensions
        ),
        rights=tuple(_rights(world)),
        powers=powers,
        limits=limits,
        csm=csm,
        csm_backup=backup,
    )


def _order(one: Obligation) -> tuple[bool, float, str]:
    return one.due is None, one.due.timestamp() if one.due else 0.0, one.key


def _obligations(world: World) -> list[Obligation]:
    found: list[Obligation] = []
    started = world.standing != State.NOT_YET
    for norm in world.agreement.norms.values():
        # Nothing is owed before the effect; clause 1 alone says that it is to come.
        if started or norm.kind == "declaration":
            found += world.owed(norm)
    return found


def rights_and_powers(world: World) -> tuple[tuple[Right, ...], tuple[Power, ...]]:
    """What may be asked for and done at the moment of `world`, without its obligations: for pages that show these alone."""
    return tuple(_rights(world)), tuple(_powers(world))


def _rights(world: World) -> list[Right]:
    if world.standing == State.NOT_YET:
        return []
    return [
        right
        for norm in world.agreement.norms.values()
        if is_right(norm)
        for right in rights.rights(world, norm)
    ]


def _powers(world: World) -> list[Power]:
    if world.standing == State.NOT_YET:
        return []
    return [
        one for norm in world.agreement.norms.values() if is_power(norm) for one in power.powers(world, norm)
    ]


def _limits(world: World) -> list[Limit]:
    norms = [norm for norm in world.agreement.norms.values() if is_limitation(norm)]
    if not norms or world.standing == State.NOT_YET:
        return []
    for one in claims.refused(world):
        if one not in world.refused:
            world.refused.append(one)
    return [limit for norm in norms for limit in limitation.limits(world, norm)]


def explained(
    agreement: Agreement,
    facts: Sequence[Fact],
    as_of: datetime,
    known_at: datetime | None,
    key: str,
    *,
    changes: bool = True,
) -> Obligation | None:
    """One obligation with its why and, unless `changes` is false, what would change it; None where there is none of that key."""
    from jalon.core.hypotheses import with_hypotheses

    known_at = known_at or as_of
    world = World(agreement, visible(facts, known_at), as_of, known_at)
    norm = agreement.norms.get(key.split(":", 1)[0])
    run = runner(norm) if norm else None
    if norm is None or run is None:
        return None
    found = next((one for one in run(world, norm) if one.key == key), None)
    if found is None:
        return None
    found = replace(found, why=explain_draft(world.drafts[key], found))
    return with_hypotheses(agreement, facts, as_of, known_at, found) if changes else found


def of_norm(
    agreement: Agreement, facts: Sequence[Fact], as_of: datetime, known_at: datetime, norm: Norm
) -> list[Obligation]:
    """The instances of one norm, without whys: what a hypothesis recomputes."""
    world = World(agreement, visible(facts, known_at), as_of, known_at)
    run = runner(norm)
    owed = world.standing != State.NOT_YET or norm.kind == "declaration"
    return list(run(world, norm)) if run and owed else []


def _people(world: World) -> tuple[str, str]:
    """The CSM and the backup on the day of the assessment, by the refs that facts use."""
    today = world.day(world.now)
    held = [
        f
        for f, since, until in assignments(world, "csm.assigned")
        if since <= today and (until is None or until >= today)
    ]
    return (str(held[-1].get("person") or ""), str(held[-1].get("backup") or "")) if held else ("", "")
