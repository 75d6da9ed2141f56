"""The account of money, fact by fact: what each one does, and what has no effect."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from jalon.core.agreement.loading import parse
from jalon.core.agreement.model import Agreement
from jalon.core.facts.catalogue import read
from jalon.core.money import cap as caps
from jalon.core.money import claims
from jalon.core.money.statement import Statement, statement
from jalon.core.norms.visible import visible
from jalon.core.norms.world import World
from jalon.wording import say

FOLDER = Path(__file__).parents[3] / "agreements/mytraffic-cs/2024-02-14"
AGREEMENT = parse((FOLDER / "agreement.yaml").read_text(encoding="utf-8"))
NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)


def fact(kind: str, at: str, **fields: Any) -> dict[str, Any]:
    side = (
        "client"
        if kind in ("invoice.disputed", "claim.filed")
        else "system"
        if kind in ("payment.credited", "rate.published")
        else "provider"
    )
    return {"kind": kind, "at": at, "side": side, **fields}


def invoice(
    number: str, ht: str = "1000.00", currency: str = "EUR", due: str = "2026-03-04", **more: Any
) -> dict[str, Any]:
    lines = [{"service": "cs", "ht": ht, "vat": "20"}]
    return fact(
        "invoice.issued", "2026-02-02", invoice=number, currency=currency, due=due, lines=lines, **more
    )


def paid(amount: str, at: str = "2026-03-01", currency: str = "EUR", **more: Any) -> dict[str, Any]:
    return fact("payment.credited", at, amount=amount, currency=currency, **more)


def world_of(*records: dict[str, Any], agreement: Agreement = AGREEMENT) -> World:
    return World(agreement, visible([read(one) for one in records], NOW), NOW, NOW)


def account(*records: dict[str, Any], agreement: Agreement = AGREEMENT) -> Statement:
    return statement(world_of(*records, agreement=agreement))


def left(found: Statement) -> dict[str, Fraction]:
    return {number: one.principal_on(NOW.date()) for number, one in found.invoices.items()}


def without(*names: str, **values: Any) -> Agreement:
    known = {name: one for name, one in AGREEMENT.parameters.items() if name not in names}
    known |= {name: replace(AGREEMENT.parameters[name], value=value) for name, value in values.items()}
    return replace(AGREEMENT, parameters=known)


def test_an_invoice_told_twice_a_payment_of_nothing_and_unknown_names_have_no_effect() -> None:
    found = account(
        invoice("F1"), {**invoice("F1"), "id": "again"}, paid("0.00"),
        fact("credit_note.issued", "2026-02-10", credit_note="C1", invoice="F9", lines=[{"service": "cs", "ht": "10.00", "vat": "20"}]),
        fact("refund.paid", "2026-02-10", refund="R1", payment="P9", amount="10.00"),
        fact("invoice.disputed", "2026-02-10", invoice="F9", reason="x"),
    )  # fmt: skip
    assert left(found) == {"F1": 1200}
    assert len(found.astray) == 4
    assert found.payments == []


def test_a_payment_waits_for_the_invoice_that_it_names() -> None:
    early = paid("1200.00", "2026-01-15", payment="P1", designates="F1")
    before = account(early)
    assert (before.payments[0].rest, before.payments[0].parts) == (1200, [])
    after = account(early, invoice("F1"))
    assert left(after) == {"F1": 0}
    assert after.payments[0].rest == 0
    unnamed = account(paid("500.00", "2026-01-15"), invoice("F1"))
    assert left(unnamed) == {"F1": 700}


def test_an_amount_that_is_exactly_an_invoices_names_it_and_another_pays_the_oldest() -> None:
    two = (invoice("F1", due="2026-03-04"), invoice("F2", "500.00", due="2026-04-04"))
    assert left(account(*two, paid("600.00"))) == {"F1": 1200, "F2": 0}
    assert left(account(*two, paid("700.00"))) == {"F1": 500, "F2": 600}
    assert left(account(*two, paid("1500.00"))) == {"F1": 0, "F2": 300}
    assert left(account(*two, paid("700.00", designates="F2"))) == {"F1": 1100, "F2": 0}
    assert left(account(*two, paid("600.00", designates="F1"))) == {"F1": 600, "F2": 600}


def test_a_credit_note_lowers_its_invoice_then_the_next_ones() -> None:
    note = fact(
        "credit_note.issued",
        "2026-02-10",
        credit_note="C1",
        invoice="F1",
        lines=[{"service": "cs", "ht": "1500.00", "vat": "20"}],
    )
    found = account(invoice("F1"), note, {**invoice("F2"), "at": "2026-03-01"})
    assert left(found) == {"F1": 0, "F2": 600}
    assert found.credit["EUR"] == 0
    francs = account(invoice("F1"), note, {**invoice("F2", currency="CHF"), "at": "2026-03-01"})
    assert left(francs) == {"F1": 0, "F2": 1200}
    assert francs.credit["EUR"] == 600
    other = account(invoice("F1"), {**note, "lines": [{"service": "none", "ht": "100.00", "vat": "20"}]})
    assert left(other) == {"F1": 1080}


def test_a_refund_takes_what_paid_nothing_first() -> None:
    back = fact("refund.paid", "2026-03-10", refund="R1", payment="P1", amount="100.00")
    found = account(invoice("F1"), paid("1250.00", payment="P1", designates="F1"), back)
    (payment,) = found.payments
    assert left(found) == {"F1": 0}
    assert (payment.rest, payment.given_back, len(payment.refunds)) == (0, 50, 1)
    nothing = account(invoice("F1"), paid("1250.00", payment="P1"), {**back, "amount": "0.00"})
    assert len(nothing.astray) == 1


def test_interest_and_indemnity_are_paid_before_the_principal_once_their_rate_is_known() -> None:
    rate = fact("rate.published", "2026-01-01", series="ECB MRO", value="2", valid_from="2026-01-01")
    late = paid("1240.00", "2026-04-03", payment="P1")
    found = account(rate, invoice("F1"), late)
    (payment,) = found.payments
    buckets = {part.bucket: part.amount for part in payment.parts}
    assert set(buckets) == {"interest", "indemnity", "principal"}
    assert buckets["indemnity"] == 40
    assert buckets["interest"] == Fraction(1200 * 12 * 30, 36500)
    assert sum(buckets.values()) == 1240
    assert found.unknown_rates == set()
    unknown = account(invoice("F1"), late)
    assert unknown.unknown_rates
    assert {part.bucket for part in unknown.payments[0].parts} == {"indemnity", "principal"}
    bare = account(invoice("F1"), late, agreement=without("payment.indemnity", "payment.imputation"))
    assert {part.bucket for part in bare.payments[0].parts} == {"principal"}


def test_a_payment_in_another_currency_pays_by_the_rate_of_its_day() -> None:
    rate = fact("rate.published", "2026-01-01", series="EUR/CHF", value="0.5", valid_from="2026-01-01")
    found = account(rate, invoice("F1"), paid("600.00", currency="CHF", designates="F1"))
    assert left(found) == {"F1": 0}
    assert left(account(invoice("F1"), paid("600.00", currency="CHF", designates="F1"))) == {"F1": 1200}


def test_a_payment_that_names_no_currency_is_in_euros() -> None:
    (payment,) = account(fact("payment.credited", "2026-03-01", amount="10.00")).payments
    assert payment.currency == "EUR"


# -- the cap


def capped(*records: dict[str, Any], agreement: Agreement = AGREEMENT, **asked: Any) -> caps.Cap:
    facts = [read(one) for one in records]
    asked = {"arose_on": date(2026, 6, 1), "services": ("cs",), "known_at": NOW, **asked}
    return caps.of(agreement, facts, **asked)


PAID = (
    invoice("F1"),
    paid("1200.00", payment="P1", designates="F1"),
    invoice("F2", "500.00", due="2026-05-04", period="2026-05"),
)


def test_the_three_readings_of_the_cap() -> None:
    with_vat = str(AGREEMENT.parameters["liability.vat"].value) == "included"
    whole, part = (1200, 600) if with_vat else (1000, 500)
    assert capped(*PAID).exact == whole
    assert capped(*PAID, basis="payable").exact == whole + part
    accrued = capped(*PAID, basis="accrued")
    assert accrued.exact == whole + part  # F1 bills its day of issue, F2 the month of May
    assert {one.kind for one in accrued.entries} == {"accrued"}
    with pytest.raises(ValueError, match="write one of"):
        capped(*PAID, basis="guessed")


def test_a_cap_of_nothing_warns_and_says_what_it_was_not_told() -> None:
    found = capped(
        paid("10.00"), paid("20.00", currency="CHF"), invoice("F9", due="2026-12-01"), services=("none",)
    )
    said = " ".join(say(one, "en") for one in found.warnings)
    assert found.exact == 0
    for words in ("The cap is zero", "No invoice line has the service none", "does not count"):
        assert words in said


def test_a_floor_holds_and_a_grave_fault_sets_the_cap_aside() -> None:
    floored = without(**{"liability.floor": 5000})
    found = capped(*PAID, agreement=floored)
    said = " ".join(say(one, "en") for one in found.warnings)
    assert found.exact == 5000
    assert "The floor of the cap applies" in said
    grave = capped(*PAID, fault_grade="dol")
    assert not grave.applies
    assert any("wilful misconduct" in say(one, "en") for one in grave.warnings)


def test_a_payment_without_a_rate_is_not_counted_and_the_figure_says_so() -> None:
    francs = (invoice("F1", currency="CHF"), paid("1200.00", currency="CHF", payment="P1", designates="F1"))
    found = capped(*francs)
    assert (found.exact, found.complete) == (0, False)
    assert any("No exchange rate was published" in say(one, "en") for one in found.warnings)
    rate = fact("rate.published", "2026-01-01", series="EUR/CHF", value="0.5", valid_from="2026-01-01")
    assert capped(rate, *francs).exact == 2 * capped(*PAID).exact


def test_the_currency_of_the_agreement_is_that_of_its_amounts_unless_an_order_says_otherwise() -> None:
    order = fact("order.set", "2026-01-05", overrides={"price.currency": "CHF"})
    day = date(2026, 6, 1)
    assert caps.currency(world_of(), day) == "EUR"
    assert caps.currency(world_of(order), day) == "CHF"
    assert caps.currency(world_of(agreement=without("payment.indemnity")), day) == "EUR"


def test_an_agreement_that_caps_nothing_says_so() -> None:
    with pytest.raises(caps.NoCap):
        capped(*PAID, agreement=without("liability.period"))


# -- claims


def test_a_claim_without_an_amount_owes_nothing_yet_and_without_a_date_arises_at_its_notice() -> None:
    claim = fact("claim.filed", "2026-06-01", claim="L1", services=["cs"])
    try:
        record = read(claim)
    except ValueError:
        record = read({**claim, "heads": ["direct"]})
    world = World(AGREEMENT, visible([*(read(one) for one in PAID), record], NOW), NOW, NOW)
    (found,) = claims.claims(world)
    assert (found.amount, found.owed, found.arose_on, found.arose_is_notice) == (
        None,
        None,
        date(2026, 6, 1),
        True,
    )
