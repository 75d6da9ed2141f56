"""What of an invoice was for services given inside a window: by the days of the period that it bills."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from jalon.core.money.invoices import Invoice, Line
from jalon.core.timekeeping.civil import add_months

_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\D+(\d{4}-\d{2}-\d{2})")
_PARTS = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|T([1-4])|(\d{2})))?")


def period(invoice: Invoice) -> tuple[date, date]:
    """First and last day billed: 2026, 2026-H1, 2026-Q1, 2026-03 or two days; the day of issue where it says nothing."""
    written = str(invoice.fact.get("period") or "").strip()
    if found := _RANGE.fullmatch(written):
        return date.fromisoformat(found[1]), date.fromisoformat(found[2])
    if not (found := _PARTS.fullmatch(written)):
        return invoice.issued_on, invoice.issued_on
    year, quarter, half, trimester, month = (int(part) if part else 0 for part in found.groups())
    if number := quarter or trimester:
        return _months(year, 3 * number - 2, 3)
    if half:
        return _months(year, 6 * half - 5, 6)
    return _months(year, month, 1) if 1 <= month <= 12 else _months(year, 1, 12)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    last = add_months(date(year, month, 1), count - 1)
    return date(year, month, 1), last.replace(day=calendar.monthrange(last.year, last.month)[1])


def shares(billed: tuple[date, date], first: date, last: date) -> Iterator[tuple[date, date, Fraction]]:
    """The period billed, cut by the window [first, last]: the days of each part and its share of the whole."""
    start, end = billed
    days = (end - start).days + 1
    for a, b in (
        (start, min(end, first - timedelta(days=1))),
        (max(start, first), min(end, last)),
        (max(start, last + timedelta(days=1)), end),
    ):
        if a <= b:
            yield a, b, Fraction((b - a).days + 1, days)


def billed(line: Line) -> Fraction:
    """What a line bills with VAT, once credit notes are taken off it."""
    return line.ttc - line.credited
