"""A breach of what is owed all the time: since when, what ended it, and the rule in words. Shared by the continuous norms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jalon.core.agreement.model import Norm
from jalon.core.facts.model import Fact
from jalon.core.norms.drafting import Draft, counts, finish, settle
from jalon.core.norms.evidence import acceptable, evidence, fits
from jalon.core.norms.world import World
from jalon.core.obligations import Obligation
from jalon.core.text import Text, Value


@dataclass
class Lasting:
    """What a continuous norm gives: its dated lines, when time alone can breach it next, and what to say meanwhile."""

    lines: list[Obligation] = field(default_factory=list)
    rouses: list[datetime] = field(default_factory=list)
    rule: Text | None = None
    told: Text | None = None


def breach(world: World, norm: Norm, occurrence: str, which: Value, since: datetime, *, rule: Text) -> Draft:
    """The draft of a breach from `since` on, with the rule that it breaks; `end` closes it."""
    draft = Draft(world, norm, occurrence, which, world.calendar_of(norm), start=world.day(since))
    draft.due, draft.rule, draft.breach = since, rule, (since, None)
    return draft


def end(draft: Draft, candidates: Iterable[tuple[datetime, Fact]]) -> Obligation:
    """The breach, ended by the first of the facts that counts, if any."""
    since = draft.due
    assert since is not None
    settle(draft, [(max(at, since), (fact,)) for at, fact in candidates])
    if draft.done and not draft.unconfirmed:
        draft.breach = (since, draft.done[0])
    return finish(draft)


def good(world: World, norm: Norm) -> list[Fact]:
    """The facts of the norm's first kind of evidence that say what it asks, and that count already."""
    draft = Draft(world, norm, "", "", world.calendar_of(norm))
    where = (norm.spec or {}).get("where")
    return [
        fact
        for fact in evidence(world, norm)
        if fact.kind == norm.evidence[0] and fits(where, fact) and acceptable(draft, fact) and counts(world, norm, fact)
    ]  # fmt: skip


JUST = timedelta(microseconds=1)
"""An hour term ends at its instant, included: what is late is late from just after."""
