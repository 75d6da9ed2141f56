"""Checked at least once in each period since the effect; and what the checks show, where the agreement draws a line (3.1, 3.6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from jalon.core.agreement.model import Norm
from jalon.core.norms.drafting import Draft, finish, settle
from jalon.core.norms.evidence import acceptable, evidence
from jalon.core.norms.excuses import suspended_window
from jalon.core.norms.lasting import Lasting
from jalon.core.norms.world import World, term_of
from jalon.core.obligations import Obligation
from jalon.core.text import _
from jalon.core.timekeeping.civil import add_months, in_months


def look(world: World, norm: Norm) -> Lasting:
    """One dated line a period that has begun."""
    found = Lasting()
    if world.effective_on is None:
        return found
    term = term_of(world.parameter((norm.spec or {})["due"]["checkpoint"], world.effective_on))
    found.rule = _(
        "“%(promise)s” is checked at least once in each period of %(term)s since the effect; a period ends at midnight of its last day.",
        promise=norm.title,
        term=term,
    )
    for first, last in periods(world, in_months(term)):
        line = _line(world, norm, first, last, found)
        found.lines.append(line)
        found.told = _("The next check is owed by the end of %(day)s.", day=last)
    return found


def periods(world: World, every: int) -> Iterator[tuple[date, date]]:
    """The periods that have begun, counted from the effect itself, so that the n-th never drifts."""
    effect, today, n = world.effective_on, world.day(world.now), 0
    assert effect is not None
    last_day = min(today, world.ends_on) if world.ends_on else today
    while (first := add_months(effect, n * every)) <= last_day:
        yield first, add_months(effect, (n + 1) * every) - timedelta(days=1)
        n += 1


def _line(world: World, norm: Norm, first: date, last: date, found: Lasting) -> Obligation:
    draft = Draft(world, norm, f"check-{last.isoformat()}", last, world.calendar_of(norm), start=first)
    draft.rule, draft.window = found.rule, (first, last)
    draft.use((norm.spec or {})["due"]["checkpoint"], first)
    draft.step("window", {"first": first, "last": last}, last,
               _("The period runs from %(first)s to %(last)s.", first=first, last=last))  # fmt: skip
    draft.set_due_on(last)
    settle(draft, _checks(draft, norm, first))
    if not draft.done:
        draft.excuse = suspended_window(draft, first, last)
    draft.suspend(first)
    return finish(draft)


def _checks(draft: Draft, norm: Norm, first: date) -> list[tuple[Any, tuple[Any, ...]]]:
    """The checks since the period began: the first one answers for it, and a late one for the periods before it too."""
    return [
        (fact.at, (fact,))
        for fact in evidence(draft.world, norm)
        if fact.kind == norm.evidence[0] and draft.world.day(fact.at) >= first and acceptable(draft, fact)
    ]
