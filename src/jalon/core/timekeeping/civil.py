"""Civil terms (CPC 640 to 642 taken as the contract's own rule) and windows, anchored and never chained."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from jalon.core.text import Bilingual
from jalon.core.timekeeping.calendars import Calendar
from jalon.core.timekeeping.terms import Term

_MONTHS_FR = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
_MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def add_months(day: date, count: int) -> date:
    """The same day number `count` months later, else the last day of that month (CPC 641 al. 2)."""
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def add_term(day: date, term: Term, calendar: Calendar, *, roll: bool) -> date:
    """The last day of `term` counted from `day`, which is not counted; rolled to a business day where the rule says so.

    ValueError for a term of hours, which ends at an instant and not on a day.
    """
    match term.unit:
        case "business_days":
            return calendar.add_business_days(day, term.count)
        case "days":
            last = day + timedelta(days=term.count)
        case "months":
            last = add_months(day, term.count)
        case "years":
            last = add_months(day, 12 * term.count)
        case _:
            raise ValueError(f"{term} ends at an instant, not on a day")
    return calendar.roll(last) if roll else last


def backward(day: date, term: Term, calendar: Calendar) -> date:
    """The last day on which something must be done `term` before `day`; a backward term never rolls."""
    match term.unit:
        case "business_days":
            return calendar.add_business_days(day, -term.count)
        case "days":
            return day - timedelta(days=term.count)
        case "months":
            return add_months(day, -term.count)
        case "years":
            return add_months(day, -12 * term.count)
    raise ValueError(f"{term} is counted in hours: a backward term is counted in days")


def in_months(term: Term) -> int:
    """The period of a recurrence in months; ValueError when it is not made of months or years."""
    if term.unit == "months":
        return term.count
    if term.unit == "years":
        return 12 * term.count
    raise ValueError(f"{term} is not a number of months")


def windows(anchor: date, every: int) -> Iterator[tuple[date, date]]:
    """First and last day of each period of `every` months from `anchor`: the n-th starts n periods after the anchor itself."""
    for n in range(0, 1200):
        yield add_months(anchor, n * every), add_months(anchor, (n + 1) * every) - timedelta(days=1)


def aligned(day: date, every: int) -> date:
    """The first day, on or after `day`, at which a calendar period of `every` months (1, 3, 6, 12) begins."""
    first = day if day.day == 1 else add_months(day.replace(day=1), 1)
    while (first.month - 1) % every:
        first = add_months(first, 1)
    return first


def period_id(first: date, every: int) -> str:
    """2026-05, 2026-Q2, 2026-H1, 2026: the stable name of a calendar period."""
    if every == 3 and (first.month - 1) % 3 == 0:
        return f"{first.year}-Q{(first.month + 2) // 3}"
    if every == 6 and first.month in (1, 7):
        return f"{first.year}-H{1 if first.month == 1 else 2}"
    if every == 12 and first.month == 1:
        return str(first.year)
    return f"{first.year}-{first.month:02}"


def period_name(first: date, every: int) -> Bilingual:
    """The period as people say it: mai 2026, 2e trimestre 2026."""
    named = period_id(first, every)
    if "-Q" in named:
        number = int(named[-1])
        return Bilingual(
            f"{number}{'er' if number == 1 else 'e'} trimestre {first.year}", f"Q{number} {first.year}"
        )
    if "-H" in named:
        number = int(named[-1])
        half = "first" if number == 1 else "second"
        return Bilingual(
            f"{number}{'er' if number == 1 else 'd'} semestre {first.year}", f"{half} half of {first.year}"
        )
    if len(named) == 4:
        return Bilingual(named, named)
    name = month_name(first)
    if every == 1:
        return name
    last = month_name(add_months(first.replace(day=1), every - 1))
    return Bilingual(f"{name.fr} à {last.fr}", f"{name.en} to {last.en}")


def month_name(day: date) -> Bilingual:
    """mai 2026, May 2026."""
    return Bilingual(f"{_MONTHS_FR[day.month - 1]} {day.year}", f"{_MONTHS_EN[day.month - 1]} {day.year}")


def day_of(written: Any) -> date:
    """The day that a field writes: a date, an instant, or either as ISO 8601. Raises ValueError for anything else."""
    if isinstance(written, datetime):
        return written.date()
    return written if isinstance(written, date) else date.fromisoformat(str(written)[:10])
