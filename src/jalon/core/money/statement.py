"""The account of money between both sides: every invoice, credit note, payment and refund, run in order of their days.

A payment goes where the debtor says (C. civ. 1342-10); failing that to what is due, the oldest first; and on each debt to
interest, then the indemnity, then the principal (1343-1), shared between lines in proportion to what each still owes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from jalon.core.facts.model import Fact
from jalon.core.money.amount import exactly, to_cents
from jalon.core.money.invoices import DUST, Invoice, Line, invoice_of, lines_of
from jalon.core.money.rates import EURO, Rates, published
from jalon.core.timekeeping.civil import day_of

if TYPE_CHECKING:
    from jalon.core.norms.world import World

_ORDER = {"invoice.issued": 0, "credit_note.issued": 1, "payment.credited": 2, "refund.paid": 3}


@dataclass
class Part:
    """Where a part of a payment went. Amounts are in the payment's currency, exact."""

    bucket: str  # interest | indemnity | principal
    invoice: Invoice
    amount: Fraction
    shares: tuple[tuple[Line, Fraction], ...] = ()  # principal only: what each line took


@dataclass
class Payment:
    """Money credited to the vendor on `day`, or set off that day."""

    fact: Fact
    ref: str
    day: date
    amount: Fraction
    currency: str
    parts: list[Part] = field(default_factory=list)
    rest: Fraction = Fraction(0)  # not allocated: an advance, or too much
    refunds: list[tuple[date, Fraction, Fact]] = field(default_factory=list)
    given_back: Fraction = Fraction(0)  # the part of refunds that takes back what was allocated

    @property
    def kept_share(self) -> Fraction:
        """The share of what was allocated that no refund took back."""
        allocated = sum((part.amount for part in self.parts), Fraction(0))
        return 1 - min(self.given_back / allocated, Fraction(1)) if allocated else Fraction(1)


@dataclass
class Statement:
    """The account at the end of a day. `astray` are facts about an invoice or a payment that nobody knows."""

    rates: Rates
    invoices: dict[str, Invoice] = field(default_factory=dict)
    payments: list[Payment] = field(default_factory=list)
    astray: list[Fact] = field(default_factory=list)
    credit: dict[str, Fraction] = field(default_factory=dict)  # left of credit notes, by currency
    unknown_rates: set[date] = field(
        default_factory=set
    )  # days of payment whose interest could not be computed


def statement(world: World, before: date | None = None) -> Statement:
    """The account from the facts of `world` whose day is before `before` (all of them where it is None)."""
    run = _Run(world, Statement(published(world)))
    for day, fact in sorted(
        _dated(world), key=lambda one: (one[0], _ORDER[one[1].kind], one[1].at, one[1].id)
    ):
        if before is None or day < before:
            run.take(fact, day)
    for fact in world.of("invoice.disputed"):
        invoice = run.account.invoices.get(str(fact.get("invoice")))
        if invoice:
            invoice.disputes.append((world.day(fact.at), fact))
    return run.account


def _dated(world: World) -> Iterator[tuple[date, Fact]]:
    for kind in _ORDER:
        for fact in world.of(kind):
            written = fact.get("value_date")
            yield (day_of(written) if written else world.day(fact.at)), fact


@dataclass
class _Run:
    world: World
    account: Statement
    names_principal: bool = True  # a payment that names an invoice pays its principal first
    exact_names: bool = True  # an amount that is exactly an invoice's names it
    order: tuple[str, ...] = ("interest", "indemnity", "principal")
    indemnity: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        known = self.world.agreement.parameters
        if imputation := known.get("payment.imputation"):
            extra = imputation.extra or {}
            self.order = tuple(str(bucket) for bucket in imputation.value)
            self.names_principal = extra.get("designated", "principal") == "principal"
            self.exact_names = extra.get("exact_amount", "designates") == "designates"
        if indemnity := known.get("payment.indemnity"):
            self.indemnity = exactly(indemnity.value)

    def take(self, fact: Fact, day: date) -> None:
        """Run one fact of money."""
        match fact.kind:
            case "invoice.issued":
                self._issue(fact, day)
            case "credit_note.issued":
                self._credit(fact, day)
            case "payment.credited":
                self._pay(fact, day)
            case _:
                self._refund(fact, day)

    # --- invoices and credit notes

    def _issue(self, fact: Fact, day: date) -> None:
        number = str(fact.get("invoice") or fact.id)
        if number in self.account.invoices:
            self.account.astray.append(fact)
            return
        invoice = invoice_of(self.world, fact, number, self.indemnity)
        self.account.invoices[number] = invoice
        self._spend_credit(invoice, fact, day)
        for payment in self.account.payments:  # what was paid in advance
            if payment.rest >= DUST:
                self._impute(payment, day)

    def _credit(self, fact: Fact, day: date) -> None:
        invoice = self.account.invoices.get(str(fact.get("invoice")))
        if invoice is None:
            self.account.astray.append(fact)
            return
        for line in lines_of(fact.get("lines") or ()):
            amount = abs(line.ttc)
            same = [one for one in invoice.lines if one.service == line.service and one.owed > 0]
            taken = self._lower(invoice, same or list(invoice.lines), amount, fact, day)
            # More than what was still owed: it lowers the next payment, and pays nothing.
            left = self.account.credit.get(invoice.currency, Fraction(0)) + amount - taken
            self.account.credit[invoice.currency] = left
        for other in sorted(self.account.invoices.values(), key=_age):
            if other.currency == invoice.currency:
                self._spend_credit(other, fact, day)

    def _spend_credit(self, invoice: Invoice, fact: Fact, day: date) -> None:
        left = self.account.credit.get(invoice.currency, Fraction(0))
        if left >= DUST:
            self.account.credit[invoice.currency] = left - self._lower(
                invoice, list(invoice.lines), left, fact, day
            )

    def _lower(
        self, invoice: Invoice, lines: list[Line], amount: Fraction, fact: Fact, day: date
    ) -> Fraction:
        taken = min(amount, max(sum((line.owed for line in lines), Fraction(0)), Fraction(0)))
        if taken:
            for line, part in _share(lines, taken):
                line.credited += part
            invoice.credited.append((day, taken, fact))
        return taken

    # --- payments

    def _pay(self, fact: Fact, day: date) -> None:
        amount = exactly(fact.get("amount"))
        if amount <= 0:
            self.account.astray.append(fact)
            return
        ref = str(fact.get("payment") or fact.id)
        payment = Payment(fact, ref, day, amount, str(fact.get("currency") or EURO), rest=amount)
        self.account.payments.append(payment)
        self._impute(payment, day)

    def _impute(self, payment: Payment, day: date) -> None:
        named = payment.fact.get("designates") or ()
        words = [named] if isinstance(named, str) else [str(word) for word in named]
        known = [self.account.invoices[word] for word in words if word in self.account.invoices]
        services = {word for word in words if word not in self.account.invoices} & self._services()
        if words and not known and not services:
            return  # it names an invoice that is not issued yet: it waits for it
        chosen = known or (self._due_first(day) if services else [])
        if not words and self.exact_names:
            chosen = [one for one in self._due_first(day) if _is_all_of(payment, one, day)][:1]
        if self.names_principal:
            for invoice in chosen:
                self._pay_principal(payment, [invoice], day, services)
        for group, lines in (
            *(([one], services) for one in chosen),
            *((g, set[str]()) for g in self._groups(day)),
        ):
            for bucket in self.order:
                self._pay_bucket(payment, group, bucket, day, lines)

    def _pay_bucket(
        self, payment: Payment, group: Sequence[Invoice], bucket: str, day: date, services: set[str]
    ) -> None:
        if bucket == "principal":
            self._pay_principal(payment, group, day, services)
            return
        owed = [
            (one, self._interest(one, day) if bucket == "interest" else self._indemnity(one, day))
            for one in group
        ]
        for invoice, taken, own in self._prorata(payment, owed, day):
            paid = invoice.interest_paid if bucket == "interest" else invoice.indemnity_paid
            paid.append((day, taken, payment.fact))
            payment.parts.append(Part(bucket, invoice, own))

    def _pay_principal(
        self, payment: Payment, group: Sequence[Invoice], day: date, services: set[str]
    ) -> None:
        lines = {
            one.number: [ln for ln in one.lines if not services or ln.service in services] for one in group
        }
        owed = [
            (one, min(max(sum((ln.owed for ln in lines[one.number]), Fraction(0)), Fraction(0)), one.principal_on(day)))
            for one in group
        ]  # fmt: skip
        for invoice, taken, own in self._prorata(payment, owed, day):
            shares = _share(lines[invoice.number], taken)
            invoice.paid.append((day, taken, payment.fact))
            payment.parts.append(
                Part("principal", invoice, own, tuple((line, part * own / taken) for line, part in shares))
            )

    def _prorata(
        self, payment: Payment, owed: Sequence[tuple[Invoice, Fraction]], day: date
    ) -> Iterator[tuple[Invoice, Fraction, Fraction]]:
        """What each debt takes, in its own currency and in the payment's: all things equal, in proportion (1342-10)."""
        priced = []
        for invoice, amount in owed:
            exchange = self.account.rates.factor(payment.currency, invoice.currency, payment.day)
            if exchange and amount > 0:
                priced.append((invoice, amount, exchange[0]))
        total = sum((amount / factor for _i, amount, factor in priced), Fraction(0))
        if payment.rest < DUST or not total:
            return
        share = min(payment.rest / total, Fraction(1))
        for invoice, amount, factor in priced:
            payment.rest -= amount * share / factor
            yield invoice, amount * share, amount * share / factor

    def _interest(self, invoice: Invoice, day: date) -> Fraction:
        exact = invoice.interest_exact(self.account.rates, day)
        if exact is None:
            self.account.unknown_rates.add(day)
            return Fraction(0)
        return exact - sum((amount for _d, amount, _f in invoice.interest_paid), Fraction(0))

    def _indemnity(self, invoice: Invoice, day: date) -> Fraction:
        if not invoice.late_by(day):
            return Fraction(0)
        factor = self.account.rates.factor(EURO, invoice.currency, day)
        due = invoice.indemnity * factor[0] if factor else Fraction(0)
        return max(due - sum((amount for _d, amount, _f in invoice.indemnity_paid), Fraction(0)), Fraction(0))

    def _groups(self, day: date) -> list[list[Invoice]]:
        """The invoices in the order of 1342-10: due before not due, then the oldest; equals stand together."""
        groups: dict[tuple[bool, date, date], list[Invoice]] = {}
        for invoice in self.account.invoices.values():
            groups.setdefault((invoice.due_on > day, *_age(invoice)), []).append(invoice)
        return [groups[key] for key in sorted(groups)]

    def _due_first(self, day: date) -> list[Invoice]:
        return [one for group in self._groups(day) for one in sorted(group, key=lambda one: one.number)]

    def _services(self) -> set[str]:
        return {line.service for one in self.account.invoices.values() for line in one.lines}

    # --- refunds

    def _refund(self, fact: Fact, day: date) -> None:
        named = str(fact.get("payment") or "")
        payment = next((one for one in self.account.payments if named in (one.ref, one.fact.id)), None)
        amount = exactly(fact.get("amount"))
        if payment is None or amount <= 0:
            self.account.astray.append(fact)
            return
        # What was paid for nothing goes back first; the rest takes back what was allocated. No invoice is owed again.
        unallocated = min(payment.rest, amount)
        payment.rest -= unallocated
        payment.given_back += amount - unallocated
        payment.refunds.append((day, amount, fact))


def _share(lines: Sequence[Line], amount: Fraction) -> list[tuple[Line, Fraction]]:
    """`amount` shared between lines in proportion to what each owes, and taken off it."""
    total = sum((line.owed for line in lines), Fraction(0))
    shares = [(line, amount * line.owed / total) for line in lines if line.owed]
    for line, part in shares:
        line.owed -= part
    return shares


def _is_all_of(payment: Payment, invoice: Invoice, day: date) -> bool:
    """Whether a payment is, to the cent, all that an invoice still owes: it names it without a word."""
    return payment.currency == invoice.currency and to_cents(payment.rest) == invoice.outstanding_on(day)


def _age(invoice: Invoice) -> tuple[date, date]:
    return invoice.due_on, invoice.issued_on
