"""A quarter's fee at a time: paid mostly in time, in two parts, late, disputed, credited; a service suspended, another resumed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from jalon.core.obligations import Side
from jalon.core.timekeeping.civil import add_months
from jalon.demo.story.telling import PRICES, Story

NOTICE, SUSPENDED = 11, 28
"""Calendar days after the due date: the formal notice, the suspension."""


def invoices(s: Story) -> None:
    """Every quarter's invoice, and what became of it."""
    s.tell("rate.published", s.at(s.signed, 0), Side.SYSTEM, series="ecb_refi", value="2.15", valid_from=date(s.signed.year, 1, 1).isoformat())  # fmt: skip
    number, day = 0, s.calendar.roll(s.signed + timedelta(days=3))
    while day < s.today and not (s.ends and day > s.ends):
        number += 1
        amount = Decimal(PRICES[s.level_on(day)]) / 4
        due = s.calendar.roll(day + timedelta(days=30))
        invoice = f"{day.year}-{s.index + 1:02}{number}"
        service = "accompagnement" if s.language == "fr" else "customer success"
        s.tell("invoice.issued", s.at(day, 0), by="paul-astier", invoice=invoice, currency="EUR", due=due.isoformat(),
               lines=[{"service": service, "ht": f"{amount:.2f}", "vat": "20"}])  # fmt: skip
        _fate(s, invoice, day, due, number, amount * Decimal("1.2"))
        day = s.calendar.roll(add_months(s.signed, 3 * number) + timedelta(days=3))


def _fate(s: Story, invoice: str, issued: date, due: date, number: int, total: Decimal) -> None:
    recent = due < s.today and due > s.today - timedelta(days=95)
    match s.ref:
        case "mutuelle-orphee" if recent:
            _suspend(s, invoice, due)
        case "pharmacies-du-levant" if number == 1:
            _suspend(s, invoice, due, paid=due + timedelta(days=SUSPENDED + 8), total=total)
        case "fonciere-aubrac" if recent:
            pass  # waits still, with its interest
        case "fonciere-aubrac" | "thermes-de-lussan" if number == 1:
            _pay(s, invoice, due - timedelta(days=1), total / 2, "a")
            _pay(s, invoice, due + timedelta(days=19), total / 2, "b")
        case "epicerie-fontanel" if number == 2:
            s.tell("invoice.disputed", s.at(due - timedelta(days=20), 10), Side.CLIENT, s.billing, invoice=invoice,
                   reason="Le mois d’essai a été facturé.")  # fmt: skip
        case "velos-garance" if number == 2:
            credit = Decimal("300.00")
            s.tell("credit_note.issued", s.at(s.after(issued, 8), 0), by="paul-astier", credit_note=f"A-{invoice}", invoice=invoice,
                   lines=[{"service": "accompagnement", "ht": f"{credit:.2f}", "vat": "20"}])  # fmt: skip
            _pay(s, invoice, due - timedelta(days=3), total - credit * Decimal("1.2"))
        case _:
            late = s.they_slip(due, 1.4)
            _pay(
                s,
                invoice,
                due + timedelta(days=s.rng.randint(4, 14))
                if late
                else due - timedelta(days=s.rng.randint(1, 9)),
                total,
            )


def _pay(s: Story, invoice: str, day: date, amount: Decimal, part: str = "") -> str:
    while not s.calendar.is_business_day(day):  # banks credit on business days
        day -= timedelta(days=1)
    return s.tell("payment.credited", s.at(day, 0), Side.SYSTEM, payment=f"P-{invoice}{part}", amount=f"{amount:.2f}", currency="EUR",
                  value_date=day.isoformat(), designates=[invoice])  # fmt: skip


def _suspend(
    s: Story, invoice: str, due: date, paid: date | None = None, total: Decimal = Decimal(0)
) -> None:
    """Formal notice, its term, the suspension; once everything is paid, the service resumes on the next business day."""
    notice, first = due + timedelta(days=NOTICE), s.workday(due + timedelta(days=SUSPENDED))
    letter: dict[str, Any] = {"notice": f"N-{invoice}"}
    s.tell("formal_notice.served", s.at(notice, 0), by="paul-astier", about=invoice, sent=notice.isoformat(), received=notice.isoformat(),
           method="LRAR", **letter)  # fmt: skip
    suspension = s.tell(
        "service.suspended", s.at(first, 9), by="louise-tessier", ground="facture impayée", **letter
    )
    if paid is None:
        s.still.append((first, date.max))
        return
    _pay(s, invoice, paid, total)
    resumed = s.after(paid, 1)
    s.tell("service.resumed", s.at(resumed, 9), by="louise-tessier", suspension=suspension)
    s.still.append((first, resumed - timedelta(days=1)))
