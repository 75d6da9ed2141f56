"""Powers: acts that change what the other side owes. The power to suspend (4.8) is available only under its conditions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from jalon.core.facts.model import Fact
from jalon.core.money.invoices import Invoice, invoices
from jalon.core.norms.world import World, _day, term_of
from jalon.core.text import Text, _
from jalon.core.timekeeping.civil import add_term


def suspension_unmet(world: World, exercised: Fact | None, on: date) -> Text | None:
    """The first condition of 4.8 that does not hold on `on`, as a sentence; None when the power is available.

    Overdue for long enough, an amount that matters, no dispute, a formal notice received and its term elapsed.
    """
    before = [one for one in invoices(world) if one.issued_on <= on]
    late = [one for one in before if one.due_on < on and one.outstanding_on(on - timedelta(days=1)) > 0]
    if not late:
        return _("no invoice was overdue on %(day)s.", day=on)
    undisputed = [one for one in late if not one.disputed_on(on)]
    if not undisputed:
        return _("the overdue invoice is disputed.")
    return _lateness(world, undisputed, on) or _amount(world, undisputed, on) or _notice(world, on)


def _lateness(world: World, late: list[Invoice], on: date) -> Text | None:
    term = term_of(world.parameter("@suspend.min_late", on))
    if any(add_term(one.due_on, term, world.provider_calendar, roll=False) <= on for one in late):
        return None
    return _("no undisputed invoice has been overdue for %(term)s.", term=term)


def _amount(world: World, late: list[Invoice], on: date) -> Text | None:
    ordered = world.overrides_on(on).get("price.annual_ht")
    if ordered is None:
        return None  # the order names no price: the threshold cannot be computed, and does not protect
    floor = (
        Decimal(str(ordered[0])) * Decimal(str(world.parameter("@suspend.min_amount_pct", on).value)) / 100
    )
    owed = sum((one.outstanding_on(on - timedelta(days=1)) for one in late), Decimal(0))
    return None if owed >= floor else _("the overdue amount is under the threshold.")


def _notice(world: World, on: date) -> Text | None:
    use = world.parameter("@suspend.notice", on)
    term = term_of(use)
    received = [
        _day(f.get("received") or world.day(f.at).isoformat()) for f in world.of("formal_notice.served")
    ]
    if not received:
        return _("no formal notice was served.")
    ends = min(add_term(day, term, world.provider_calendar, roll=False) for day in received)
    if on > ends:
        return None
    return _("the formal notice still runs until the end of %(day)s.", day=ends)
