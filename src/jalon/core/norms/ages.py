"""Never older than: from one piece of evidence to the next, no longer than the agreement allows (backups, 3.9)."""

from __future__ import annotations

from datetime import datetime, timedelta

from jalon.core.agreement.model import Norm
from jalon.core.facts.model import Fact
from jalon.core.norms.lasting import JUST, Lasting, breach, end, good
from jalon.core.norms.world import World, term_of
from jalon.core.obligations import Obligation
from jalon.core.text import Text, _
from jalon.core.timekeeping.terms import Term


def look(world: World, norm: Norm) -> Lasting:
    """A breach for each stretch in which the last good evidence was too old; the agreement's effect starts the count."""
    found = Lasting()
    if world.effective_on is None:
        return found
    use = world.parameter((norm.spec or {})["due"]["max_age"], world.effective_on)
    term = term_of(use)
    found.rule = _(
        "“%(promise)s” is owed all the time: from one to the next, never more than %(term)s, day and night.",
        promise=norm.title,
        term=term,
    )
    last, most = world.provider_calendar.midnight(world.effective_on), timedelta(hours=term.count)
    for fact in good(world, norm):
        first, until = _stretch(fact, most)
        if first > last + most:
            found.lines.append(_stale(world, norm, last, term, found.rule, (first, fact)))
        last = max(last, until)
    if world.now > last + most:
        found.lines.append(_stale(world, norm, last, term, found.rule, None))
    else:
        found.rouses.append(last + most + JUST)
        found.told = _("The last one is of %(at)s; the next one is owed by %(by)s.", at=last, by=last + most)
    return found


def _stretch(fact: Fact, most: timedelta) -> tuple[datetime, datetime]:
    """From when to when a fact answers for the evidence: one moment, or the whole of a series without too long a gap."""
    until = datetime.fromisoformat(str(fact.get("covers_until"))) if fact.get("covers_until") else fact.at
    gap = fact.get("longest_gap_minutes")
    if fact.get("since") and gap is not None and timedelta(minutes=int(gap)) <= most:
        return min(datetime.fromisoformat(str(fact.get("since"))), fact.at), min(until, fact.at)
    return fact.at, min(until, fact.at)


def _stale(
    world: World, norm: Norm, last: datetime, term: Term, rule: Text, ended: tuple[datetime, Fact] | None
) -> Obligation:
    since = last + timedelta(hours=term.count)
    name = f"gap-{since.strftime('%Y%m%dT%H%MZ')}"
    draft = breach(world, norm, name, since, since, rule=rule)
    draft.use((norm.spec or {})["due"]["max_age"], world.day(last))
    draft.step("elapsed", {"start": last, "hours": term.count}, since,
               _("%(term)s counted from %(start)s, day and night.", term=term, start=last))  # fmt: skip
    return end(draft, [ended] if ended else [])
