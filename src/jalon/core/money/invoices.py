"""Invoices, what was paid on them, and what lateness costs (C. com. L441-10, D441-5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from jalon.core.facts.model import Fact
from jalon.core.money.amount import exactly, to_cents
from jalon.core.money.rates import Rates
from jalon.core.timekeeping.civil import day_of

if TYPE_CHECKING:
    from jalon.core.norms.world import World

DUST = Fraction(1, 200)
"""Half a cent: less than this is nothing to pay. Shares are exact, and money is paid in cents."""


@dataclass
class Line:
    """One line of an invoice. `owed` is what is still to pay of it with VAT, signed: a discount is a negative line."""

    service: str
    label: str
    ht: Fraction
    ttc: Fraction
    expense: bool = False  # re-billed at cost: never a fee
    owed: Fraction = Fraction(0)
    credited: Fraction = Fraction(0)  # what credit notes took off it

    @property
    def net(self) -> Fraction:
        """The share of this line that is not VAT."""
        return self.ht / self.ttc if self.ttc else Fraction(1)


@dataclass
class Invoice:
    """One invoice: its total with VAT, its printed due date, and what came in on it, day by day."""

    fact: Fact
    number: str
    lines: tuple[Line, ...]
    total: Decimal
    currency: str
    issued_on: date
    due_on: date
    indemnity: Fraction = Fraction(0)  # what D441-5 adds once it is late, in its own currency
    paid: list[tuple[date, Fraction, Fact]] = field(default_factory=list)  # principal only
    credited: list[tuple[date, Fraction, Fact]] = field(default_factory=list)
    interest_paid: list[tuple[date, Fraction, Fact]] = field(default_factory=list)
    indemnity_paid: list[tuple[date, Fraction, Fact]] = field(default_factory=list)
    disputes: list[tuple[date, Fact]] = field(default_factory=list)

    # --- principal

    def principal_on(self, day: date) -> Fraction:
        """Unpaid principal at the end of `day`, exactly; credit notes lower it; less than half a cent is nothing."""
        gone = sum((amount for on, amount, _f in (*self.paid, *self.credited) if on <= day), Fraction(0))
        left = Fraction(self.total) - gone
        return left if left >= DUST else Fraction(0)

    def outstanding_on(self, day: date) -> Decimal:
        """Unpaid principal at the end of `day`, to the cent."""
        return to_cents(self.principal_on(day))

    def settled_by(self) -> tuple[date, Fact] | None:
        """The day and the fact with which no principal was left to pay."""
        for on, _amount, fact in sorted(
            (*self.paid, *self.credited), key=lambda one: (one[0], one[2].at, one[2].id)
        ):
            if self.principal_on(on) == 0:
                return on, fact
        return None

    def overdue_on(self, day: date) -> bool:
        """Whether some principal due before `day` was still unpaid when `day` began."""
        return self.due_on < day and self.principal_on(day - timedelta(days=1)) > 0

    # --- disputes

    def disputed_on(self, day: date) -> bool:
        """Whether a dispute of the client, of the whole or of a part, stands on `day`."""
        return any(on <= day for on, _fact in self.disputes)

    def disputed_amount_on(self, day: date) -> Fraction:
        """How much of what is unpaid at the end of `day` the client disputes: the lines or the amount it named, else all."""
        left = self.principal_on(day)
        return min(sum((self._disputed(f) for on, f in self.disputes if on <= day), Fraction(0)), left)

    def undisputed_on(self, day: date) -> Fraction:
        """What is unpaid at the end of `day` and that nobody disputes."""
        return self.principal_on(day) - self.disputed_amount_on(day)

    def overdue_undisputed(self, day: date) -> Fraction:
        """What was due before `day`, still unpaid when it began, and that nobody disputes by then: what a power may rest on."""
        if not self.overdue_on(day):
            return Fraction(0)
        left = self.principal_on(day - timedelta(days=1))
        return left - min(sum((self._disputed(f) for on, f in self.disputes if on <= day), Fraction(0)), left)

    @property
    def net(self) -> Fraction:
        """The share of the invoice that is not VAT."""
        return (
            sum((line.ht for line in self.lines), Fraction(0)) / Fraction(self.total)
            if self.total
            else Fraction(1)
        )

    def _disputed(self, fact: Fact) -> Fraction:
        if fact.get("amount") is not None:
            return abs(exactly(fact.get("amount")))
        words = {str(word) for word in fact.get("lines") or ()}
        if not words:
            return Fraction(self.total)
        # A line is named by its service, its label or its number on the invoice.
        return sum(
            (ln.ttc for n, ln in enumerate(self.lines, 1) if words & {ln.service, ln.label, str(n)}),
            Fraction(0),
        )

    # --- lateness

    def days_late(self, today: date) -> int:
        """From the day after the due date to the day of credit, both counted."""
        settled = self.settled_by()
        return max(((settled[0] if settled else today) - self.due_on).days, 0)

    def interest_exact(self, rates: Rates, today: date) -> Fraction | None:
        """Late interest up to `today`, credit days included, exactly; None where the rate of a day is not known."""
        total = Fraction(0)
        for first, last, principal in self._unpaid_spans(today):
            for start, end, rate in rates.spans(first, last):
                if rate is None:
                    return None
                total += principal * rate * ((end - start).days + 1)
        return total / 36500

    def interest(self, rates: Rates, today: date) -> Decimal | None:
        """Late interest on what was unpaid each day, by the rate of its half-year, over 365, to the cent."""
        exact = self.interest_exact(rates, today)
        return None if exact is None else to_cents(exact)

    def interest_spans(self, rates: Rates, today: date) -> list[tuple[date, date, Fraction, Fraction | None]]:
        """First and last day, unpaid principal, rate: what the interest is the sum of."""
        return [
            (start, end, principal, rate)
            for first, last, principal in self._unpaid_spans(today)
            for start, end, rate in rates.spans(first, last)
        ]

    def _unpaid_spans(self, today: date) -> list[tuple[date, date, Fraction]]:
        # A day is owed on what was unpaid when it began: the day of credit is still a late day.
        moves = sorted({on for on, _amount, _f in (*self.paid, *self.credited) if self.due_on < on < today})
        starts = [self.due_on, *moves]
        spans = []
        for start, end in zip(starts, [*moves, today], strict=True):
            principal = self.principal_on(start)
            if principal and end > start:
                spans.append((start + timedelta(days=1), end, principal))
        return spans

    def late_by(self, day: date) -> bool:
        """Whether it was ever late by `day`: its due date passed with something unpaid."""
        return self.due_on < day and self.principal_on(self.due_on) > 0


def lines_of(written: Sequence[Any]) -> tuple[Line, ...]:
    """The lines that an invoice or a credit note writes; `vat` is a rate, in percent or as a share of one.

    No rate is over 100 percent: where one line writes more, every line of the document writes its tax as an amount.
    """
    amounts = any(exactly(line.get("vat")) > 100 for line in written)
    lines = []
    for line in written:
        ht = exactly(line.get("ht"))
        rate = exactly(line.get("vat"))
        share = rate if rate < 1 else rate / 100
        if amounts:
            share = rate / ht if ht else Fraction(0)
        ttc = exactly(line["ttc"]) if line.get("ttc") is not None else ht * (1 + share)
        if line.get("ht") is None:
            ht = ttc / (1 + share)
        lines.append(
            Line(str(line.get("service") or ""), str(line.get("label") or ""), ht, ttc, bool(line.get("expense")))
        )  # fmt: skip
    return tuple(lines)


def invoice_of(world: World, fact: Fact, number: str, indemnity: Fraction) -> Invoice:
    """The invoice that a fact issues: its total is its lines with VAT, to the cent, and each line owes its share of it."""
    lines = lines_of(fact.get("lines") or ())
    summed = sum((line.ttc for line in lines), Fraction(0))
    total = to_cents(summed)
    for line in lines:
        line.ttc = line.ttc * Fraction(total) / summed if summed else line.ttc
        line.owed = line.ttc
    issued = world.day(fact.at)
    due = day_of(fact.get("due")) if fact.get("due") else _term_due(world, issued)
    currency = str(fact.get("currency") or "EUR")
    return Invoice(fact, number, lines, total, currency, issued, due, indemnity)


def _term_due(world: World, issued: date) -> date:
    # No date is printed: the agreed term counts from the issue, rolled to a business day (4.8).
    from jalon.core.norms.world import term_of
    from jalon.core.timekeeping.civil import add_term

    return add_term(
        issued, term_of(world.parameter("@payment.term", issued)), world.provider_calendar, roll=True
    )


def invoices(world: World) -> list[Invoice]:
    """The invoices known, with what was credited and paid on each."""
    return list(world.statement.invoices.values())
