"""The cap of clause 5.1: what was paid for the services that gave rise to a claim, over the period before it arose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from jalon.core.agreement.model import Agreement
from jalon.core.explanation import Citation, Step
from jalon.core.facts.model import Fact
from jalon.core.money import accrual, choices
from jalon.core.money.amount import Money, exactly, money
from jalon.core.money.invoices import Invoice, Line
from jalon.core.money.rates import EURO, Quote
from jalon.core.money.statement import Payment, Statement, statement
from jalon.core.obligations import ParameterUse
from jalon.core.text import Bilingual, Text, Value, _
from jalon.core.timekeeping.civil import backward
from jalon.core.timekeeping.terms import Term

if TYPE_CHECKING:
    from jalon.core.norms.world import World

CLAUSE = "5.1"
BASES = ("paid", "payable", "accrued")
READING = (
    "basis", "period", "window", "scope", "vat", "refunds", "fx", "arises", "aggregation", "floor", "not_applied_if",
)  # fmt: skip


class NoCap(ValueError):
    """The agreement has no clause that caps liability by what was paid."""


@dataclass(frozen=True)
class Deduction:
    """A part of an amount that does not count, and why."""

    reason: str  # vat | other_services | expenses | interest | indemnity | unallocated | refunded
    amount: Money
    said: Text


@dataclass(frozen=True)
class Entry:
    """One amount inside or beside the window. `fees` + the deductions = `amount`, in the currency of the payment."""

    fact: str
    reference: str  # the payment's or the invoice's
    kind: str  # paid | payable | accrued
    day: date
    amount: Money
    fees: Money
    counted: Money  # the fees in the currency of the cap
    exact: Fraction  # the same before any rounding
    converted: bool = True  # False where no exchange rate of the day is known: nothing is counted
    deductions: tuple[Deduction, ...] = ()
    rates: tuple[Quote, ...] = ()
    invoices: tuple[str, ...] = ()
    said: Text = field(default_factory=lambda: Text(""))


@dataclass(frozen=True)
class Cap:
    """The cap of a claim that arose on `arose_on`, as known at `known_at`. The window is [first, last], both days in it."""

    arose_on: date
    services: tuple[str, ...]
    first: date
    last: date
    known_at: datetime
    basis: str
    amount: Money
    exact: Fraction
    entries: tuple[Entry, ...]
    beside: tuple[Entry, ...]  # known before the claim arose, outside the window
    reading: tuple[ParameterUse, ...]
    warnings: tuple[Text, ...]
    applies: bool  # False where the gravity of the fault sets the cap aside
    complete: bool  # False where an amount could not be converted: the figure is then too low
    summary: Text
    steps: tuple[Step, ...]
    citations: tuple[Citation, ...] = (Citation(CLAUSE),)


def of(
    agreement: Agreement,
    facts: Sequence[Fact],
    *,
    arose_on: date,
    services: Sequence[str],
    known_at: datetime,
    basis: str | None = None,
    fault_grade: str = "",
) -> Cap:
    """The cap of a claim that arose on the local day `arose_on` (agreement's zone) from `services`, codes of invoice lines.

    Only facts recorded by `known_at` (aware) and that happened before `arose_on` count. `basis` replaces the agreement's
    reading (paid, payable, accrued); `fault_grade` is that of a qualified claim (dol, faute_lourde, personal_injury set the
    cap aside: C. civ. 1231-3). NoCap where the agreement caps nothing; ValueError for an unknown basis.
    """
    from jalon.core.norms.visible import visible
    from jalon.core.norms.world import World

    world = World(agreement, visible(facts, known_at), known_at, known_at)
    end = world.provider_calendar.midnight(arose_on)
    if end > known_at:
        world = World(agreement, world.seen, end, known_at)
    return at(world, arose_on=arose_on, services=services, basis=basis, fault_grade=fault_grade)


def at(
    world: World, *, arose_on: date, services: Sequence[str], basis: str | None = None, fault_grade: str = ""
) -> Cap:
    """The same, in a world already built: what norms use."""
    rule = _Rule.read(world, arose_on, basis)
    account = statement(world, before=rule.last + timedelta(days=1))
    wanted = frozenset(services)
    found = [one for one in _entries(account, rule, wanted) if one.amount.amount]
    inside = tuple(one for one in found if rule.first <= one.day <= rule.last)
    beside = tuple(one for one in found if not rule.first <= one.day <= rule.last)
    exact = sum((one.exact for one in inside), Fraction(0))
    if rule.floor is not None:
        exact = max(exact, rule.floor)
    complete = all(one.converted for one in inside)
    cap = Cap(
        arose_on=arose_on,
        services=tuple(services),
        first=rule.first,
        last=rule.last,
        known_at=world.known_at,
        basis=rule.basis,
        amount=money(exact, rule.currency),
        exact=exact,
        entries=inside,
        beside=beside,
        reading=rule.reading,
        warnings=(),
        applies=fault_grade not in rule.set_aside,
        complete=complete,
        summary=_summary(rule, money(exact, rule.currency), wanted, len(inside)),
        steps=_steps(rule, inside, exact),
    )
    return replace(cap, warnings=tuple(_warnings(world, account, rule, cap, fault_grade)))


# --- the reading


@dataclass(frozen=True)
class _Rule:
    arose_on: date
    basis: str
    first: date
    last: date
    currency: str
    whole: bool  # every service counts, not only those that gave rise to the claim
    with_vat: bool
    refunds: bool
    at_claim_rate: bool
    floor: Fraction | None
    set_aside: tuple[str, ...]
    period: Term
    reading: tuple[ParameterUse, ...]

    @classmethod
    def read(cls, world: World, arose_on: date, basis: str | None) -> _Rule:
        if "liability.period" not in world.agreement.parameters:
            raise NoCap(world.agreement.id)
        uses = {
            name: world.parameter(f"@liability.{name}", arose_on)
            for name in READING
            if f"liability.{name}" in world.agreement.parameters
        }
        value: dict[str, Any] = {name: use.value for name, use in uses.items()}
        wanted = basis or str(value.get("basis", "paid"))
        if wanted not in BASES:
            raise ValueError(f"“{wanted}” is not a basis of the cap: write one of {', '.join(BASES)}")
        if basis:
            uses["basis"] = replace(uses["basis"], value=basis, origin="asked")
        period = Term.parse(str(value["period"]))
        window = str(value.get("window", "[)")).strip()
        first = backward(arose_on, period, world.provider_calendar)
        return cls(
            arose_on,
            wanted,
            first if window.startswith("[") else first + timedelta(days=1),
            arose_on if window.endswith("]") else arose_on - timedelta(days=1),
            currency(world, arose_on),
            value.get("scope", "services_giving_rise") != "services_giving_rise",
            value.get("vat", "excluded") == "included",
            value.get("refunds", "net_if_before_D") == "net_if_before_D",
            "claim" in str(value.get("fx", "")),
            exactly(value["floor"]) if value.get("floor") is not None else None,
            tuple(str(one) for one in value.get("not_applied_if") or ()),
            period,
            tuple(uses.values()),
        )

    def fees(self, line: Line, owed: Fraction, services: frozenset[str]) -> Fraction:
        """What of `owed`, a part of `line` with VAT, counts as fees for `services`."""
        if line.expense or not (self.whole or line.service in services):
            return Fraction(0)
        return owed if self.with_vat else owed * line.net


def currency(world: World, day: date) -> str:
    """The currency of the agreement: the order's, else that of its own amounts."""
    ordered = world.overrides_on(day).get("price.currency")
    if ordered:
        return str(ordered[0])
    indemnity = world.agreement.parameters.get("payment.indemnity")
    return str((indemnity.extra or {}).get("currency", EURO)) if indemnity else EURO


# --- the amounts


def _entries(account: Statement, rule: _Rule, services: frozenset[str]) -> Iterator[Entry]:
    if rule.basis == "accrued":
        for invoice in account.invoices.values():
            yield from _accrued(account, rule, invoice, services)
        return
    for payment in account.payments:
        yield _paid(account, rule, payment, services)
    if rule.basis == "payable":
        for invoice in account.invoices.values():
            yield _payable(account, rule, invoice, services)


def _paid(account: Statement, rule: _Rule, payment: Payment, services: frozenset[str]) -> Entry:
    """A payment, cut into fees and what does not count."""
    kept = payment.kept_share if rule.refunds else Fraction(1)
    gone: dict[str, Fraction] = {}
    fees = Fraction(0)
    for part in payment.parts:
        if part.bucket != "principal":
            gone[part.bucket] = gone.get(part.bucket, Fraction(0)) + part.amount * kept
            continue
        for line, taken in part.shares:
            fees += _cut(rule, line, taken * kept, services, gone)
    gone["unallocated"] = payment.rest
    gone["refunded"] = (
        payment.amount - payment.rest - kept * sum((p.amount for p in payment.parts), Fraction(0))
    )
    numbers = tuple(dict.fromkeys(part.invoice.number for part in payment.parts))
    return _entry(
        account, rule, payment.fact, payment.ref, "paid", payment.day, payment.amount, payment.currency, fees, gone, numbers
    )  # fmt: skip


def _payable(account: Statement, rule: _Rule, invoice: Invoice, services: frozenset[str]) -> Entry:
    """What of an invoice was still to pay when the claim arose, on the day it fell due."""
    gone: dict[str, Fraction] = {}
    left = invoice.principal_on(rule.last)
    fees = (
        sum((_cut(rule, line, line.owed, services, gone) for line in invoice.lines), Fraction(0))
        if left
        else Fraction(0)
    )
    return _entry(
        account, rule, invoice.fact, invoice.number, "payable", invoice.due_on, left, invoice.currency, fees, gone, (invoice.number,)
    )  # fmt: skip


def _accrued(account: Statement, rule: _Rule, invoice: Invoice, services: frozenset[str]) -> Iterator[Entry]:
    """What of an invoice is for services given inside the window and outside it, by the days of its period."""
    period = accrual.period(invoice)
    for first, last, share in accrual.shares(period, rule.first, rule.last):
        gone: dict[str, Fraction] = {}
        fees = Fraction(0)
        total = Fraction(0)
        for line in invoice.lines:
            billed = accrual.billed(line) * share
            total += billed
            fees += _cut(rule, line, billed, services, gone)
        yield _entry(
            account, rule, invoice.fact, invoice.number, "accrued", first, total, invoice.currency, fees, gone, (invoice.number,), last
        )  # fmt: skip


def _cut(
    rule: _Rule, line: Line, taken: Fraction, services: frozenset[str], gone: dict[str, Fraction]
) -> Fraction:
    """The fees in `taken`; what is not is added to `gone`, by reason."""
    fees = rule.fees(line, taken, services)
    if line.expense:
        reason = "expenses"
    elif not (rule.whole or line.service in services):
        reason = "other_services"
    else:
        reason = "vat"
    gone[reason] = gone.get(reason, Fraction(0)) + taken - fees
    return fees


def _entry(
    account: Statement,
    rule: _Rule,
    fact: Fact,
    reference: str,
    kind: str,
    day: date,
    amount: Fraction,
    currency: str,
    fees: Fraction,
    gone: Mapping[str, Fraction],
    invoices: tuple[str, ...],
    until: date | None = None,
) -> Entry:
    known = account.rates.factor(currency, rule.currency, rule.arose_on if rule.at_claim_rate else day)
    worth, quotes = known or (Fraction(0), ())
    values: dict[str, Value] = {
        "day": day, "until": until or day, "amount": money(amount, currency), "fees": money(fees, currency), "ref": reference,
    }  # fmt: skip
    return Entry(
        fact.id,
        reference,
        kind,
        day,
        money(amount, currency),
        money(fees, currency),
        money(fees * worth, rule.currency),
        fees * worth,
        known is not None or not fees,
        tuple(
            Deduction(
                reason, money(part, currency), Text(REASONS[reason].msgid, {"amount": money(part, currency)})
            )
            for reason, part in gone.items()
            if part
        ),
        quotes,
        invoices,
        Text(_KINDS[kind].msgid, values),
    )


_KINDS = {
    "paid": _("%(day)s, payment “%(ref)s” of %(amount)s: %(fees)s of fees."),
    "payable": _("%(day)s, invoice “%(ref)s” fell due and %(amount)s was still unpaid: %(fees)s of fees."),
    "accrued": _("%(day)s to %(until)s, invoice “%(ref)s”, %(amount)s for that time: %(fees)s of fees."),
}
REASONS = {
    "vat": _("%(amount)s of VAT does not count."),
    "other_services": _("%(amount)s paid for other services does not count."),
    "expenses": _("%(amount)s of re-billed expenses does not count."),
    "interest": _("%(amount)s went to late interest first (C. civ. 1343-1)."),
    "indemnity": _("%(amount)s went to the recovery indemnity first (C. civ. 1343-1)."),
    "unallocated": _("%(amount)s pays no known invoice: it does not count."),
    "refunded": _("%(amount)s was refunded before the claim arose."),
}


# --- what is said


def _summary(rule: _Rule, amount: Money, services: frozenset[str], count: int) -> Text:
    values: dict[str, Value] = {
        "amount": amount, "day": rule.arose_on, "first": rule.first, "last": rule.last,
        "services": tuple(sorted(services)), "count": count,
    }  # fmt: skip
    return Text(_SUMMARIES[rule.basis].msgid, values)


_SUMMARIES = {
    "paid": _(
        "For a claim that arose on %(day)s the cap is %(amount)s: the fees paid for %(services)s from %(first)s "
        "to %(last)s, both days in it."
    ),
    "payable": _(
        "For a claim that arose on %(day)s the cap is %(amount)s: the fees paid or payable for %(services)s from "
        "%(first)s to %(last)s, both days in it."
    ),
    "accrued": _(
        "For a claim that arose on %(day)s the cap is %(amount)s: the fees of what %(services)s gave from %(first)s "
        "to %(last)s, both days in it."
    ),
}


def _steps(rule: _Rule, inside: Sequence[Entry], exact: Fraction) -> tuple[Step, ...]:
    window = Step(
        "window",
        {"arose_on": rule.arose_on, "period": rule.period},
        (rule.first, rule.last),
        _(
            "The window begins %(period)s before %(day)s, that first day in it, and ends the day before the claim arose: "
            "%(first)s to %(last)s.",
            period=rule.period, day=rule.arose_on, first=rule.first, last=rule.last,
        ),
    )  # fmt: skip
    total = Step(
        "sum",
        {"fees": tuple(one.exact for one in inside)},
        exact,
        _("The sum is exact, and rounded once: %(amount)s.", amount=money(exact, rule.currency)),
    )
    return (window, *(Step("fees", {"entry": one.reference}, one.exact, one.said) for one in inside), total)


def _warnings(world: World, account: Statement, rule: _Rule, cap: Cap, fault_grade: str) -> Iterator[Text]:
    yield from _about_the_rule(world, rule, cap, fault_grade)
    yield from _about_the_facts(account, rule, cap)
    if rule.basis == "paid":
        other = at(world, arose_on=rule.arose_on, services=cap.services, basis="payable")
        if other.amount != cap.amount:
            yield _(
                "“Paid” is read as credited to the vendor’s account. Read as “paid or payable”, the cap would be %(amount)s.",
                amount=other.amount,
            )


def _about_the_rule(world: World, rule: _Rule, cap: Cap, fault_grade: str) -> Iterator[Text]:
    if not cap.exact:
        yield _(
            "The cap is zero: nothing counts in the window. A clause that empties the essential obligation of its "
            "substance is deemed unwritten (C. civ. 1170)."
        )
    if rule.floor is not None and cap.exact == rule.floor:
        yield _("The floor of the cap applies: %(amount)s.", amount=money(rule.floor, rule.currency))
    grades = choices.words(rule.set_aside)
    if not cap.applies:
        yield _("The cap does not apply: %(grade)s (C. civ. 1231-3).", grade=choices.word(fault_grade))
    elif grades:
        yield _("The cap does not apply in case of: %(grades)s (C. civ. 1231-3).", grades=grades)
    unsaid = tuple(named(world.agreement, use) for use in rule.reading if use.origin == "default")
    if unsaid:
        yield _(
            "The text does not say these choices: %(names)s. In doubt, a contract of adhesion is read against the side "
            "that wrote it (C. civ. 1190).",
            names=unsaid,
        )


def named(agreement: Agreement, use: ParameterUse) -> Bilingual | str:
    """What people call a choice of the reading."""
    known = agreement.parameters.get(use.name)
    return known.label if known and known.label else use.name


def _about_the_facts(account: Statement, rule: _Rule, cap: Cap) -> Iterator[Text]:
    known = {line.service for one in account.invoices.values() for line in one.lines}
    if missing := tuple(sorted(set(cap.services) - known)):
        yield _(
            "No invoice line has the service %(missing)s; the services known are %(known)s.",
            missing=missing,
            known=tuple(sorted(known)) or ("–",),
        )
    if left := tuple(
        one.reference for one in cap.entries if any(d.reason == "unallocated" for d in one.deductions)
    ):
        yield _(
            "A part of these payments pays no known invoice and does not count: %(payments)s.", payments=left
        )
    if absent := tuple(one.reference for one in cap.entries if not one.converted):
        yield _(
            "No exchange rate was published by the day of these payments: %(payments)s. They are not counted and the "
            "figure is too low.",
            payments=absent,
        )
    if account.unknown_rates:
        yield _(
            "No late rate is known for some days: no interest was taken out of the payments of those days."
        )
    if account.astray:
        yield _(
            "%(count)s facts of money name an unknown invoice or payment, or repeat one: they have no effect.",
            count=len(account.astray),
        )
