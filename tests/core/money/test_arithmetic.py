"""The small figures under the large ones: amounts, periods billed, shares of days, rates as they are published."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from jalon.core.agreement.loading import parse
from jalon.core.facts.files import read_facts
from jalon.core.money import rates as published_rates
from jalon.core.money.accrual import billed, period, shares
from jalon.core.money.amount import Money, exactly, money, to_cents
from jalon.core.money.invoices import Invoice, day_of, invoices, lines_of
from jalon.core.money.rates import Rates
from jalon.core.norms.visible import visible
from jalon.core.norms.world import World

FOLDER = Path(__file__).parents[3] / "agreements/mytraffic-cs/2024-02-14"
AGREEMENT = parse((FOLDER / "agreement.yaml").read_text(encoding="utf-8"))


def world_of(text: str, as_of: str = "2026-12-31T12:00+00:00", agreement=AGREEMENT) -> World:
    at = datetime.fromisoformat(as_of)
    return World(agreement, visible(read_facts(text), at), at, at)


def one_invoice(more: str, then: str = "", due: str = "2026-03-04") -> Invoice:
    issued = f"- {{id: f1, kind: invoice.issued, at: 2026-02-02, side: provider, invoice: F1, currency: EUR, due: {due}, {more}}}"
    (found,) = invoices(world_of(f"{issued}\n{then}"))
    return found


# -- amounts


def test_amounts_of_one_currency_add_up_and_others_do_not() -> None:
    ten, three = Money(Decimal("10.00"), "EUR"), Money(Decimal("3.50"), "EUR")
    assert (ten + three, ten - three) == (Money(Decimal("13.50"), "EUR"), Money(Decimal("6.50"), "EUR"))
    for add in (ten.__add__, ten.__sub__):
        with pytest.raises(ValueError, match="EUR and CHF cannot be added up without a rate"):
            add(Money(Decimal(1), "CHF"))


@pytest.mark.parametrize(
    ("exact", "cents"),
    [("0.005", "0.01"), ("0.00499", "0.00"), ("-0.005", "-0.01"), ("-0.00499", "0.00"), ("1/3", "0.33"), ("2/3", "0.67"),
     ("12.345", "12.35"), ("-12.345", "-12.35"), ("7", "7.00"), ("0", "0.00")],
)  # fmt: skip
def test_a_computation_is_rounded_once_half_up(exact: str, cents: str) -> None:
    assert to_cents(Fraction(exact)) == Decimal(cents)
    assert to_cents(Fraction(exact)).as_tuple().exponent == -2
    assert money(Fraction(exact), "EUR") == Money(Decimal(cents), "EUR")


@pytest.mark.parametrize(
    ("written", "number"), [("12.5", "25/2"), (3, "3"), (None, "0"), ("", "0"), (0, "0")]
)
def test_what_is_written_is_read_exactly(written: object, number: str) -> None:
    assert exactly(written) == Fraction(number)


# -- what an invoice bills, by its days


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"), ("2026-H1", "2026-01-01", "2026-06-30"), ("2026-H2", "2026-07-01", "2026-12-31"),
        ("2026-Q1", "2026-01-01", "2026-03-31"), ("2026-Q4", "2026-10-01", "2026-12-31"), ("2026-T2", "2026-04-01", "2026-06-30"),
        ("2026-02", "2026-02-01", "2026-02-28"), ("2024-02", "2024-02-01", "2024-02-29"), ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-13", "2026-01-01", "2026-12-31"), ("2026-01-15 / 2026-02-14", "2026-01-15", "2026-02-14"),
        ("spring", "2026-02-02", "2026-02-02"), ("", "2026-02-02", "2026-02-02"),
    ],
)  # fmt: skip
def test_the_period_that_an_invoice_bills(written: str, first: str, last: str) -> None:
    assert period(one_invoice(f'period: "{written}"')) == (
        date.fromisoformat(first),
        date.fromisoformat(last),
    )


@pytest.mark.parametrize(
    ("window", "parts"),
    [
        (("01-11", "01-20"), [("01-01", "01-10", 10), ("01-11", "01-20", 10), ("01-21", "01-31", 11)]),
        (("01-01", "01-31"), [("01-01", "01-31", 31)]), (("01-05", "02-10"), [("01-01", "01-04", 4), ("01-05", "01-31", 27)]),
        (("02-01", "02-10"), [("01-01", "01-31", 31)]), (("01-31", "01-31"), [("01-01", "01-30", 30), ("01-31", "01-31", 1)]),
    ],
)  # fmt: skip
def test_a_window_cuts_what_was_billed_by_days(
    window: tuple[str, str], parts: list[tuple[str, str, int]]
) -> None:
    def day(written: str) -> date:
        return date.fromisoformat(f"2026-{written}")

    found = list(shares((day("01-01"), day("01-31")), day(window[0]), day(window[1])))
    assert found == [(day(a), day(b), Fraction(count, 31)) for a, b, count in parts]
    assert sum(share for _a, _b, share in found) == 1


@pytest.mark.parametrize(
    ("written", "ht", "ttc"),
    [
        ({"ht": "100", "vat": "20"}, "100", "120"), ({"ht": "100", "vat": "0.2"}, "100", "120"), ({"ht": "100"}, "100", "100"),
        ({"ttc": "120", "vat": "20"}, "100", "120"), ({"ht": "100", "vat": "20", "ttc": "119.99"}, "100", "119.99"),
        ({"ht": "100", "vat": "1"}, "100", "101"),
    ],
)  # fmt: skip
def test_a_line_is_read_with_its_tax_as_a_rate_or_a_share(written: dict[str, str], ht: str, ttc: str) -> None:
    (line,) = lines_of([written])
    assert (line.ht, line.ttc) == (Fraction(ht), Fraction(ttc))
    assert line.net == Fraction(ht) / Fraction(ttc)
    line.credited = Fraction(20)
    assert billed(line) == line.ttc - 20


def test_a_line_of_nothing_is_all_net_and_an_expense_says_so() -> None:
    free, expense = lines_of([{"ht": "0"}, {"ht": "5", "expense": True, "service": "cs", "label": "train"}])
    assert (free.net, free.expense) == (1, False)
    assert (expense.expense, expense.service, expense.label) == (True, "cs", "train")
    assert one_invoice("lines: []").net == 1
    assert one_invoice('lines: [{ht: "100", vat: "25"}]').net == Fraction(4, 5)


# -- one invoice in time

LINES = 'lines: [{service: cs, label: Success, ht: "1000.00", vat: "20"}, {service: training, ht: "100.00", vat: "20"}]'
PAID = '- {kind: payment.credited, at: 2026-03-10, side: system, payment: P1, designates: F1, amount: "1320.00", currency: EUR}\n'


def test_where_a_correction_takes_the_printed_date_away_the_agreed_term_counts_from_the_issue() -> None:
    assert one_invoice(LINES, due="2026-03-31").due_on == date(2026, 3, 31)
    corrected = '- {kind: fact.corrected, at: 2026-02-10, side: provider, target: f1, set: {due: ""}, reason: not printed}\n'
    assert one_invoice(LINES, corrected, due="2026-03-31").due_on == date(2026, 3, 4)


def test_what_is_left_of_an_invoice_day_by_day() -> None:
    found = one_invoice(LINES, PAID, due="2026-03-04")
    assert (found.total, found.outstanding_on(date(2026, 3, 9)), found.outstanding_on(date(2026, 3, 10))) == (
        1320,
        1320,
        0,
    )
    settled = found.settled_by()
    assert settled is not None and settled[0] == date(2026, 3, 10)
    # The day of credit is still a late day, the day after is not.
    assert [found.overdue_on(date(2026, 3, day)) for day in (4, 5, 10, 11)] == [False, True, True, False]
    assert [found.days_late(date(2026, 3, day)) for day in (4, 8, 31)] == [6, 6, 6]
    assert [found.late_by(date(2026, 3, day)) for day in (4, 5, 31)] == [False, True, True]
    assert found.overdue_undisputed(date(2026, 3, 5)) == 1320
    assert found.overdue_undisputed(date(2026, 3, 4)) == 0


def test_an_invoice_paid_in_time_was_never_late() -> None:
    found = one_invoice(LINES, PAID, due="2026-03-10")
    assert (
        found.late_by(date(2026, 4, 1)),
        found.overdue_on(date(2026, 4, 1)),
        found.days_late(date(2026, 4, 1)),
    ) == (False, False, 0)
    unpaid = one_invoice(LINES, due="2026-03-04")
    assert unpaid.settled_by() is None
    assert [unpaid.days_late(date(2026, 3, day)) for day in (1, 4, 8)] == [0, 0, 4]


@pytest.mark.parametrize(
    ("dispute", "disputed"),
    [("lines: [cs]", 1200), ("lines: [Success]", 1200), ('lines: ["2"]', 120), ('amount: "300.00"', 300), ("reason: wrong", 1320),
     ('amount: "9000.00"', 1320), ("lines: [unknown]", 0)],
)  # fmt: skip
def test_a_dispute_is_of_the_lines_or_the_amount_that_it_names_else_of_all(
    dispute: str, disputed: int
) -> None:
    found = one_invoice(
        LINES,
        f"- {{kind: invoice.disputed, at: 2026-03-01, side: client, invoice: F1, {dispute}}}\n",
    )
    day = date(2026, 3, 10)
    assert (found.disputed_on(date(2026, 2, 28)), found.disputed_on(date(2026, 3, 1))) == (False, True)
    assert (found.disputed_amount_on(day), found.undisputed_on(day)) == (disputed, 1320 - disputed)
    assert found.overdue_undisputed(day) == 1320 - disputed


def test_the_interest_of_an_invoice_is_by_days_and_by_half_years() -> None:
    rates = Rates(
        reference={date(2026, 1, 1): Fraction(2), date(2026, 7, 1): Fraction(3)}, points=Fraction(10)
    )
    found = one_invoice(LINES, PAID.replace("2026-03-10", "2026-07-10"), due="2026-06-20")
    spans = found.interest_spans(rates, date(2026, 8, 1))
    assert spans == [
        (date(2026, 6, 21), date(2026, 6, 30), 1320, 12),
        (date(2026, 7, 1), date(2026, 7, 10), 1320, 13),
    ]
    assert found.interest_exact(rates, date(2026, 8, 1)) == Fraction(1320 * (12 * 10 + 13 * 10), 36500)
    assert found.interest(rates, date(2026, 8, 1)) == Decimal("9.04")
    assert found.interest(Rates(), date(2026, 8, 1)) is None


@pytest.mark.parametrize(
    "written", ["2026-03-04", "2026-03-04T10:00:00", date(2026, 3, 4), datetime(2026, 3, 4, 10)]
)
def test_a_day_is_read_from_whatever_writes_it(written: object) -> None:
    assert day_of(written) == date(2026, 3, 4)
    assert type(day_of(written)) is date


# -- rates

JAN, JUL = date(2026, 1, 1), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("rates", "late"),
    [
        (Rates(), None), (Rates(reference={JAN: Fraction(2)}), None), (Rates(points=Fraction(10)), None),
        (Rates(reference={JAN: Fraction(2)}, points=Fraction(10)), 12),
        (Rates(reference={JAN: Fraction(2)}, points=Fraction(10), legal={JAN: Fraction(5)}, times_legal=Fraction(3)), 15),
        (Rates(reference={JAN: Fraction(2)}, points=Fraction(10), legal={JAN: Fraction(3)}, times_legal=Fraction(3)), 12),
        (Rates(reference={JAN: Fraction(2)}, points=Fraction(10), agreed={JAN: Fraction(8)}), 8),
        (Rates(agreed={JAN: Fraction(8)}, fixed=Fraction(9)), 9),
        (Rates(fixed=Fraction(9), legal={JAN: Fraction(4)}, times_legal=Fraction(3)), 12),
        (Rates(agreed={JAN: Fraction(8)}, legal={JAN: Fraction(4)}, times_legal=Fraction(3)), 12),
        (Rates(reference={JUL: Fraction(2)}, points=Fraction(10)), None),
    ],
)  # fmt: skip
def test_the_late_rate_of_a_day(rates: Rates, late: int | None) -> None:
    assert rates.late_on(date(2026, 3, 4)) == late


def rate(series: str, value: str = "2.5", since: str = "2026-01-01") -> str:
    return f'- {{kind: rate.published, at: {since}, side: system, series: "{series}", value: "{value}", valid_from: {since}}}\n'


@pytest.mark.parametrize(
    ("series", "where"),
    [("ECB refi", "reference"), ("MRO", "reference"), ("taux légal", "legal"), ("legal interest rate", "legal"),
     ("late rate", "agreed"), ("taux de retard", "agreed")],
)  # fmt: skip
def test_a_published_rate_is_filed_by_its_name(series: str, where: str) -> None:
    found = published_rates.published(world_of(rate(series)))
    assert {name: dict(getattr(found, name)) for name in ("reference", "legal", "agreed") if getattr(found, name)} == {
        where: {JAN: Fraction("2.5")}
    }  # fmt: skip
    assert found.quotes == ()
    assert found.fixed is None


@pytest.mark.parametrize(
    ("series", "value", "currency", "per_euro"),
    [("EUR/CHF", "0.95", "CHF", "0.95"), ("EURCHF", "0.95", "CHF", "0.95"), ("ECB-CHF", "0.95", "CHF", "0.95"),
     ("CHF", "0.95", "CHF", "0.95"), ("CHF/EUR", "1.25", "CHF", "0.8")],
)  # fmt: skip
def test_an_exchange_rate_is_read_both_ways_round(
    series: str, value: str, currency: str, per_euro: str
) -> None:
    (quote,) = published_rates.published(world_of(rate(series, value))).quotes
    assert (quote.currency, quote.since, quote.value) == (currency, JAN, Fraction(per_euro))


@pytest.mark.parametrize(("series", "value"), [("CHF/EUR", "0"), ("weather", "3")])
def test_what_is_no_rate_is_left_alone(series: str, value: str) -> None:
    found = published_rates.published(world_of(rate(series, value)))
    assert (found.quotes, found.reference, found.legal, found.agreed) == ((), {}, {}, {})


def test_a_rate_without_its_day_holds_from_when_it_was_published() -> None:
    fact = '- {kind: rate.published, at: 2026-02-03, side: system, series: MRO, value: "2.5"}\n'
    assert published_rates.published(world_of(fact)).reference == {date(2026, 2, 3): Fraction("2.5")}


@pytest.mark.parametrize(
    ("written", "points", "fixed"), [("ecb_refi_plus_10", 10, None), ("8.5", None, Fraction("8.5")), ("1/0", None, None)]
)  # fmt: skip
def test_the_late_rate_that_an_agreement_writes(
    written: str, points: int | None, fixed: Fraction | None
) -> None:
    from dataclasses import replace

    parameters = dict(AGREEMENT.parameters)
    parameters["payment.late_rate"] = replace(parameters["payment.late_rate"], value=written)
    found = published_rates.published(world_of("", agreement=replace(AGREEMENT, parameters=parameters)))
    assert (found.points, found.fixed, found.times_legal) == (points, fixed, 3)
    del parameters["payment.late_rate"]
    found = published_rates.published(world_of("", agreement=replace(AGREEMENT, parameters=parameters)))
    assert (found.points, found.fixed, found.times_legal) == (None, None, 0)


def test_a_rate_is_cut_where_it_may_change_and_that_of_a_half_year_holds_to_its_end() -> None:
    rates = Rates(reference={JAN: Fraction(2), date(2026, 3, 10): Fraction(3)}, points=Fraction(10))
    found = list(rates.spans(date(2026, 3, 1), date(2026, 7, 2)))
    assert found == [
        (date(2026, 3, 1), date(2026, 3, 9), 12), (date(2026, 3, 10), date(2026, 6, 30), 12), (JUL, date(2026, 7, 2), 13),
    ]  # fmt: skip
    for (_a, end, _r), (start, _b, _s) in pairwise(found):
        assert start == end + timedelta(days=1)
