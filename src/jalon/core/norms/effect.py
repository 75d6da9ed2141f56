"""Clause 1: the terms take effect with the last signature that they need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jalon.core.agreement.model import Norm
from jalon.core.norms.drafting import Draft, finish
from jalon.core.norms.world import World
from jalon.core.obligations import Obligation, Side, State


def instances(world: World, norm: Norm) -> Iterator[Obligation]:
    """One line: in effect since when, by which signatures; not yet before."""
    owner = replace(norm, debtor=Side.BOTH.value, creditor=Side.BOTH.value)
    draft = Draft(world, owner, "once", "", world.provider_calendar)
    if world.effective_on is None or world.day(world.now) < world.effective_on:
        draft.forced = State.NOT_YET
    else:
        signed = tuple(f for f in world.of("document.signed") if world.day(f.at) <= world.effective_on)
        draft.done = (signed[-1].at, signed)
    yield finish(draft)
