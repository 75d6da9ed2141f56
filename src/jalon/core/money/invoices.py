"""Invoices, what was paid on them, and what lateness costs (C. com. L441-10, D441-5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from jalon.core.facts.model import Fact

if TYPE_CHECKING:
    from jalon.core.norms.world import World

CENT = Decimal("0.01")


@dataclass
class Invoice:
    """One invoice: its total with VAT, its printed due date, and what came in on it, day by day."""

    fact: Fact
    number: str
    total: Decimal
    currency: str
    issued_on: date
    due_on: date
    paid: list[tuple[date, Decimal, Fact]] = field(default_factory=list)
    credited: list[tuple[date, Decimal, Fact]] = field(default_factory=list)
    disputes: list[Fact] = field(default_factory=list)

    def outstanding_on(self, day: date) -> Decimal:
        """Unpaid principal at the end of `day`; credit notes lower it."""
        gone = sum((amount for on, amount, _fact in (*self.paid, *self.credited) if on <= day), Decimal(0))
        return max(self.total - gone, Decimal(0))

    def settled_by(self) -> tuple[date, Fact] | None:
        """The day and the fact with which nothing was left to pay."""
        for on, _amount, fact in sorted(
            (*self.paid, *self.credited), key=lambda one: (one[0], one[2].at, one[2].id)
        ):
            if self.outstanding_on(on) == 0:
                return on, fact
        return None

    def disputed_on(self, day: date) -> bool:
        """Whether a dispute of the client stands on `day`."""
        return any(fact.at.date() <= day for fact in self.disputes)

    def days_late(self, today: date) -> int:
        """From the day after the due date to the day of credit, both counted."""
        settled = self.settled_by()
        return max(((settled[0] if settled else today) - self.due_on).days, 0)

    def interest(self, rates: Mapping[date, Decimal], today: date) -> Decimal | None:
        """Late interest on what was unpaid each day, by the rate of its half-year, over 365; None where a rate is not known."""
        total, day = Decimal(0), self.due_on + timedelta(days=1)
        settled = self.settled_by()
        last = settled[0] if settled else today
        while day <= last:
            rate = rate_on(rates, day)
            if rate is None:
                return None
            total += self.outstanding_on(day - timedelta(days=1)) * rate
            day += timedelta(days=1)
        return (total / 365 / 100).quantize(CENT, ROUND_HALF_UP)


def rate_on(rates: Mapping[date, Decimal], day: date) -> Decimal | None:
    """The late rate of `day`: the one in force on 1 January or 1 July before it (L441-10 II)."""
    half = date(day.year, 1 if day.month <= 6 else 7, 1)
    known = [since for since in rates if since <= half]
    if not known:
        # A rate first published within the half-year is the only one known for it.
        known = [since for since in rates if since <= day]
    return rates[max(known)] if known else None


def late_rates(world: World) -> dict[date, Decimal]:
    """The published reference rates plus the ten points of L441-10, by the day from which they hold."""
    found = {}
    for fact in world.of("rate.published"):
        series = str(fact.get("series", ""))
        since = _day(fact.get("valid_from") or world.day(fact.at).isoformat())
        found[since] = Decimal(str(fact.get("value"))) + (0 if "late" in series else 10)
    return found


def invoices(world: World) -> list[Invoice]:
    """The invoices known, with payments allocated: the one designated, else the first due (C. civ. 1342-10)."""
    found: dict[str, Invoice] = {}
    for fact in world.of("invoice.issued"):
        number = str(fact.get("invoice") or fact.id)
        found.setdefault(number, _invoice(world, fact, number))
    for fact in world.of("credit_note.issued"):
        if one := found.get(str(fact.get("invoice"))):
            one.credited.append((world.day(fact.at), _total(fact.get("lines") or ()), fact))
    for fact in world.of("invoice.disputed"):
        if one := found.get(str(fact.get("invoice"))):
            one.disputes.append(fact)
    for fact in world.of("payment.credited"):
        _allocate(world, fact, found)
    return list(found.values())


def _invoice(world: World, fact: Fact, number: str) -> Invoice:
    issued = world.day(fact.at)
    due = _day(fact.get("due")) if fact.get("due") else _term_due(world, issued)
    return Invoice(
        fact, number, _total(fact.get("lines") or ()), str(fact.get("currency") or "EUR"), issued, due
    )


def _term_due(world: World, issued: date) -> date:
    # No date is printed: the agreed term counts from the issue, rolled to a business day (4.8).
    from jalon.core.norms.world import term_of
    from jalon.core.timekeeping.civil import add_term

    return add_term(
        issued, term_of(world.parameter("@payment.term", issued)), world.provider_calendar, roll=True
    )


def _allocate(world: World, fact: Fact, found: Mapping[str, Invoice]) -> None:
    on = _day(fact.get("value_date")) if fact.get("value_date") else world.day(fact.at)
    left = Decimal(str(fact.get("amount") or 0))
    named = fact.get("designates")
    wanted = [str(n) for n in named] if isinstance(named, (list, tuple)) else [str(named)] if named else []
    first = [found[number] for number in wanted if number in found]
    rest = sorted(
        (one for one in found.values() if one not in first), key=lambda one: (one.due_on, one.number)
    )
    for one in (*first, *(() if first and wanted else rest)):
        taken = min(left, one.outstanding_on(date.max))
        if taken > 0:
            one.paid.append((on, taken, fact))
            left -= taken


def _total(lines: Any) -> Decimal:
    return sum((_with_vat(line) for line in lines), Decimal(0)).quantize(CENT, ROUND_HALF_UP)


def _with_vat(line: Mapping[str, Any]) -> Decimal:
    if line.get("ttc") is not None:
        return Decimal(str(line["ttc"]))
    rate = Decimal(str(line.get("vat") or 0))
    return Decimal(str(line.get("ht") or 0)) * (1 + (rate if rate < 1 else rate / 100))


def _day(written: Any) -> date:
    if isinstance(written, datetime):
        return written.date()
    return written if isinstance(written, date) else date.fromisoformat(str(written)[:10])
