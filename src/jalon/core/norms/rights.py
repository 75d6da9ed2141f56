"""What the creditor may ask for within a quota: ad hoc reports, so many a quarter (2.e)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil

from jalon.core.agreement.model import Norm
from jalon.core.norms.world import World, term_of
from jalon.core.obligations import Right
from jalon.core.text import _
from jalon.core.timekeeping.calendars import days_between
from jalon.core.timekeeping.civil import add_months, in_months, period_id


def rights(world: World, norm: Norm) -> Iterator[Right]:
    """The right in the running period, pro rata of the levels in force, rounded up."""
    if world.effective_on is None:
        return
    written = str((norm.spec or {})["quota"])
    every = in_months(term_of(world.parameter(world.extra(written, "per", "P3M"), world.effective_on)))
    today = world.day(world.now)
    first = today.replace(day=1, month=today.month - (today.month - 1) % every)
    last = add_months(first, every) - timedelta(days=1)
    asked = [f for f in world.of(*norm.evidence) if first <= world.day(f.at) <= last]
    refused = {str(f.get("report")) for f in world.of("report.decided") if f.get("decision") == "refused"}
    used = tuple(f.id for f in asked if str(f.get("report") or f.id) not in refused)
    turned = tuple(f.id for f in asked if str(f.get("report") or f.id) in refused)
    yield Right(
        norm.id,
        norm.clause,
        _("%(promise)s", promise=norm.title),
        period_id(first, every),
        quota(world, written, first, last),
        used,
        turned,
    )


def quota(world: World, written: str, first: date, last: date) -> int:
    """ceil(sum over days of quota(level(day)) / days in the period)."""
    days = list(days_between(first, last))
    return ceil(sum(int(world.parameter(written, day).value) for day in days) / len(days) - 1e-9)
