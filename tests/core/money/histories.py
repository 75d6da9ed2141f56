"""Random histories of payments, as a file of facts writes them: every way of paying well, badly, late, twice or in advance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

SERVICES = ("cs", "licence", "formation")
Record = dict[str, Any]


def history(seed: int) -> tuple[list[Record], date, set[str], date]:
    """Records, the day on which a claim arose, its services, and the day up to which facts are known."""
    dice = Random(seed)
    start = date(2023, 1, 1) + timedelta(days=dice.randrange(0, 400))
    invoices = list(_invoices(dice, start))
    records = [*_rates(dice), *invoices]
    payments = list(_payments(dice, invoices))
    records += payments
    records += _credit_notes(dice, invoices)
    records += _refunds(dice, payments)
    for number, record in enumerate(records):
        record["id"] = f"x{number:03}"
        prompt = dice.random() < 0.8 or str(record.get("series")).startswith("EUR/")
        told = record["at"] if prompt else _later(dice, record["at"], 30)
        record["recorded_at"] = f"{told}T12:00"
    records += list(_changes(dice, payments, len(records)))
    arose_on = dice.choice([
        start + timedelta(days=dice.randrange(30, 700)),
        start + timedelta(days=dice.randrange(200, 500)),
        date(2024, 2, 29),
        date(2025, 2, 28),
        dice.choice(invoices)["at"] + timedelta(days=366),
        (dice.choice(payments)["at"] if payments else start) + timedelta(days=dice.choice([0, 1, 365, 366])),
    ])  # fmt: skip
    services = set(dice.sample(SERVICES, dice.choice([1, 1, 2, 2])))
    known_on = arose_on + timedelta(days=dice.choice([0, 5, 40, 400]))
    return records, arose_on, services, known_on


def _later(dice: Random, day: date, most: int) -> date:
    return day + timedelta(days=dice.randrange(1, most))


def _rates(dice: Random) -> Iterator[Record]:
    for year in (2023, 2024, 2025):
        for month in (1, 7):
            if dice.random() < 0.8 or (year, month) == (2023, 1):
                yield _rate(date(year, month, 1), "ecb_refi", Decimal(dice.randrange(0, 450)) / 100)
    for currency in ("CHF", "GBP"):
        yield _rate(date(2022, 6, 1), f"EUR/{currency}", Decimal(dice.randrange(8000, 11000)) / 10000)
        for _n in range(dice.randrange(0, 6)):
            yield _rate(
                _later(dice, date(2023, 1, 1), 900),
                f"EUR/{currency}",
                Decimal(dice.randrange(8000, 11000)) / 10000,
            )


def _rate(day: date, series: str, value: Decimal) -> Record:
    return {"kind": "rate.published", "at": day, "side": "system", "series": series, "value": str(value)}


def _invoices(dice: Random, start: date) -> Iterator[Record]:
    day = start
    currency = dice.choice(["EUR", "EUR", "EUR", "EUR", "CHF", "GBP"])
    for number in range(dice.randrange(1, 9)):
        day += timedelta(days=dice.choice([0, 7, 30, 31, 91]))
        lines = [
            {
                "service": dice.choice(SERVICES),
                "ht": str(Decimal(dice.randrange(100, 500_000)) / 100),
                "vat": dice.choice(["20", "20", "10", "5.5", "0"]),
                **({"expense": True} if dice.random() < 0.1 else {}),
            }
            for _n in range(dice.choice([1, 1, 2, 3]))
        ]
        yield {
            "kind": "invoice.issued", "at": day, "side": "provider", "invoice": f"F{number}", "currency": currency,
            "due": (day + timedelta(days=dice.choice([0, 15, 30, 30, 45, 60]))).isoformat(), "lines": lines,
        }  # fmt: skip


def _total(invoice: Record) -> Decimal:
    billed = sum((Decimal(x["ht"]) * (1 + Decimal(x["vat"]) / 100) for x in invoice["lines"]), Decimal(0))
    return billed.quantize(Decimal("0.01"), "ROUND_HALF_UP")


def _payments(dice: Random, invoices: list[Record]) -> Iterator[Record]:
    for number in range(dice.randrange(0, 2 * len(invoices) + 2)):
        invoice = dice.choice(invoices)
        due = date.fromisoformat(invoice["due"])
        total = _total(invoice)
        share = Decimal(dice.randrange(1, 150)) / 100
        amount = dice.choice(
            [total, total, total + Decimal("40.00"), (total * share).quantize(Decimal("0.01")) or total]
        )
        names = dice.choice([
            None, None, [invoice["invoice"]], [invoice["invoice"]], [dice.choice(invoices)["invoice"], invoice["invoice"]],
            [dice.choice(SERVICES)], [invoice["invoice"], dice.choice(SERVICES)], ["F99"],
        ])  # fmt: skip
        yield {
            "kind": "payment.credited", "at": due + timedelta(days=dice.choice([-70, -20, -1, 0, 0, 1, 3, 40, 200])), "side": "system",
            "payment": f"P{number}", "amount": str(amount),
            "currency": invoice["currency"] if dice.random() < 0.9 else dice.choice(["EUR", "CHF"]),
            **({"designates": names} if names else {}),
        }  # fmt: skip


def _credit_notes(dice: Random, invoices: list[Record]) -> Iterator[Record]:
    for number, invoice in enumerate(invoices):
        if dice.random() > 0.15:
            continue
        line = dice.choice(invoice["lines"])
        ht = (Decimal(line["ht"]) * dice.randrange(5, 130) / 100).quantize(Decimal("0.01"))
        yield {
            "kind": "credit_note.issued", "at": _later(dice, invoice["at"], 120), "side": "provider", "credit_note": f"A{number}",
            "invoice": invoice["invoice"], "lines": [{"service": dice.choice([line["service"], "cs"]), "ht": str(ht), "vat": line["vat"]}],
        }  # fmt: skip


def _refunds(dice: Random, payments: list[Record]) -> Iterator[Record]:
    for payment in payments:
        if dice.random() < 0.12:
            amount = (Decimal(payment["amount"]) * dice.randrange(1, 101) / 100).quantize(Decimal("0.01"))
            yield {
                "kind": "refund.paid", "at": _later(dice, payment["at"], 200), "side": "provider", "payment": payment["payment"],
                "amount": str(amount or Decimal("0.01")),
            }  # fmt: skip


def _changes(dice: Random, payments: list[Record], first: int) -> Iterator[Record]:
    """Corrections and retractions of payments, known from their own day on."""
    for number, payment in enumerate(payments, first):
        told = date.fromisoformat(payment["recorded_at"][:10])
        about = {"id": f"x{number:03}", "side": "provider", "target": payment["id"], "reason": "relevé"}
        day = _later(dice, told, 90)
        about |= {"at": f"{day}T15:00", "recorded_at": f"{day}T15:00"}
        if dice.random() < 0.06:
            yield {**about, "kind": "fact.retracted"}
        elif dice.random() < 0.1:
            moved = payment["at"] + timedelta(days=dice.choice([-30, -1, 1, 31]))
            yield {**about, "kind": "fact.corrected", "set": {"at": moved.isoformat()}}
        elif dice.random() < 0.05:
            yield {**about, "kind": "fact.corrected", "set": {"amount": str(Decimal(payment["amount"]) + 1)}}
