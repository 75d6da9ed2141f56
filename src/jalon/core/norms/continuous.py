"""Owed all the time: how it stands now, never settled for good, and each gap, check or breach as a dated line of its own."""

from __future__ import annotations

from collections.abc import Iterator

from jalon.core.agreement.model import Norm
from jalon.core.norms import ages, breaches, checkpoints, gaps
from jalon.core.norms.drafting import Draft, finish, settle
from jalon.core.norms.evidence import found_for
from jalon.core.norms.lasting import Lasting
from jalon.core.norms.on_event import shared
from jalon.core.norms.world import World
from jalon.core.obligations import Obligation, State
from jalon.core.text import _

RUNNING = frozenset({State.BREACHED, State.OVERDUE, State.MISSED})
"""The states of a dated line that breach the lasting promise at this moment."""


def instances(world: World, norm: Norm) -> Iterator[Obligation]:
    """The dated lines, then how the promise stands."""
    found = look(world, norm)
    yield from found.lines
    yield standing(world, norm, found)


def look(world: World, norm: Norm) -> Lasting:
    """The lines of the norm's own shape, then those of the rule that it names."""
    spec = norm.spec or {}
    due, rule = spec.get("due") or {}, (spec.get("breach_when") or {}).get("rule")
    found = _shape(world, norm, due)
    if rule in breaches.RULES:
        breaches.RULES[rule](world, norm, found)
    return found


def can_run(norm: Norm) -> bool:
    """Whether the shape and the rule of a continuous norm are known here."""
    spec = norm.spec or {}
    due, rule = spec.get("due") or {}, (spec.get("breach_when") or {}).get("rule")
    shaped = {"gap_max", "max_age", "checkpoint", "first", "renew"} & due.keys()
    return bool(shaped) and (rule is None or rule in breaches.RULES)


def _shape(world: World, norm: Norm, due: dict[str, str]) -> Lasting:
    if "gap_max" in due:
        return Lasting(list(gaps.lines(world, norm)))
    if "max_age" in due:
        return ages.look(world, norm)
    if "checkpoint" in due and due["checkpoint"] != "each_activity":
        return checkpoints.look(world, norm)
    if due.get("first") == "at_sharing":
        return Lasting(list(shared(world, norm)))
    if "first" in due:
        return Lasting([_first(world, norm, due["first"])] if world.effective_on else [])
    return Lasting()


def _first(world: World, norm: Norm, written: str) -> Obligation:
    """What is owed a first time within a term of the effect."""
    assert world.effective_on is not None
    draft = Draft(world, norm, "first", "", world.calendar_of(norm), start=world.effective_on)
    draft.due_after(world.effective_on, written, roll=True)
    effect = world.provider_calendar.midnight(world.effective_on)
    settle(draft, [(max(at, effect), facts) for at, facts in found_for(draft, norm, None)])
    return finish(draft)


def standing(world: World, norm: Norm, found: Lasting) -> Obligation:
    """How the promise stands at this moment."""
    draft = Draft(world, norm, "standing", "", world.calendar_of(norm), start=world.effective_on)
    running = [one for one in found.lines if one.state in RUNNING]
    draft.standing = tuple(one.key for one in running)
    draft.rule, draft.rouses = found.rule, tuple(found.rouses)
    if running:
        first = min((one.due for one in running if one.due), default=None)
        draft.told = _("Breached since %(day)s.", day=world.day(first)) if first else None
        draft.shown = tuple(one.trigger for one in running if one.trigger)
    else:
        draft.told = found.told
        if world.is_suspended and norm.suspendable:
            draft.paused_by, draft.told = (world.suspensions[-1][0].id,), None
    return finish(draft)
