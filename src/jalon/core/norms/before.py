"""Due a term before something: counted back, never rolled; timely when the notice comes by the end of that last day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from jalon.core.agreement.model import Norm
from jalon.core.facts.model import Fact
from jalon.core.norms.drafting import Draft, finish, settle
from jalon.core.norms.evidence import found_for
from jalon.core.norms.excuses import starts
from jalon.core.norms.on_event import occurrence, triggers, which
from jalon.core.norms.world import World, term_of
from jalon.core.obligations import Obligation, Side, State
from jalon.core.text import _
from jalon.core.timekeeping.civil import backward


def instances(world: World, norm: Norm) -> Iterator[Obligation]:
    """One instance a trigger that says when the thing itself begins."""
    spec = norm.spec or {}
    taken: set[str] = set()
    for fact in triggers(world, spec["trigger"]):
        name = occurrence(fact, taken)
        begins = _begins(world, fact, spec["due"]["before"])
        if begins is None:
            continue
        if fact.kind == "appointment.cancelled":
            if (fact.get("by_side") or fact.side) != norm.debtor:
                continue
            yield _cancellation(world, norm, fact, name, begins)
            continue
        draft = _draft(world, norm, fact, name, begins)
        settle(draft, found_for(draft, norm, None if fact.kind == "appointment.confirmed" else fact.at))
        if fact.kind == "appointment.confirmed":
            _follow(draft, fact)
        yield finish(draft)


def _begins(world: World, fact: Fact, named: str) -> date | None:
    """The local day of what the term is counted back from."""
    if named == "appointment.start":
        start = starts(world).get(str(fact.get("uid") or fact.id))
        return world.day(start[0]) if start else None
    written = fact.get(named.rsplit(".", 1)[-1])
    return (
        world.day(datetime.fromisoformat(written))
        if written and "T" in str(written)
        else date.fromisoformat(str(written))
        if written
        else None
    )


def _draft(world: World, norm: Norm, fact: Fact, name: str, begins: date) -> Draft:
    draft = Draft(
        world,
        norm,
        name,
        begins if fact.kind.startswith("appointment") else which(fact),
        world.calendar_of(norm),
        trigger=fact,
        start=begins,
    )
    term = term_of(draft.use(draft.spec["due"]["by"], world.day(fact.at)))
    last = backward(begins, term, draft.calendar)
    draft.step("backward", {"before": begins, "term": str(term), "skipped": draft.skipped(last, begins)}, last,
               _("%(term)s counted back from %(day)s; a term counted back does not roll.", term=term, day=begins))  # fmt: skip
    draft.set_due_on(last)
    return draft


def _cancellation(world: World, norm: Norm, fact: Fact, name: str, begins: date) -> Obligation:
    """The notice of 4.6: the cancellation is its own evidence, and a late one cannot be made up for."""
    draft = _draft(world, norm, fact, name, begins)
    settle(draft, [(fact.at, (fact,))])
    if draft.done and draft.due and draft.done[0] >= draft.due:
        draft.forced = State.MISSED
    return finish(draft)


def _follow(draft: Draft, confirmed: Fact) -> None:
    """What is due before an appointment dies with it."""
    uid = str(confirmed.get("uid") or confirmed.id)
    gone = [f for f in draft.world.of("appointment.cancelled") if str(f.get("uid") or "") == uid]
    absent = [
        f
        for f in draft.world.of("appointment.no_show")
        if str(f.get("uid") or "") == uid and f.get("side", Side.CLIENT) == Side.CLIENT
    ]
    if (gone or absent) and not draft.done:
        draft.forced = State.CANCELLED
