"""Business time against a counter that goes minute by minute, on the days on which the zones of the world change their clocks."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytest

from jalon.core.timekeeping.calendars import Calendar
from tests.core.timekeeping.minutes import MINUTE, Stretch, cases, change_days

EACH = 40
PARTS = 16


ODD = (
    "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "America/Nuuk", "Asia/Beirut", "Asia/Gaza",
    "America/Havana", "Antarctica/Troll", "Pacific/Chatham", "Asia/Almaty", "America/Santiago", "Europe/London",
)  # fmt: skip
"""Half hours, three quarters, changes at midnight, twice in Ramadan, two hours at once, once for ever."""


@lru_cache(maxsize=1)
def every_change() -> list[tuple[str, date]]:
    return change_days(2020, 2035)


def disagreements(zone: str, day: date, count: int) -> tuple[int, list[str]]:
    """How many cases were counted both ways around one change of clocks, and those that differ."""
    hours, off, start, pairs = cases(1, zone, day, count)
    calendar = Calendar(ZoneInfo(zone), hours, closures=off)
    minutes = Stretch(zone, hours, off, start)
    found, seen = [], 0
    for first, last in pairs:
        a, b = start + first * MINUTE, start + last * MINUTE
        counted = minutes.counted(first, last)
        pause = (a + (b - a) / 3, a + (b - a) / 2)
        pause = tuple(at - timedelta(seconds=at.second, microseconds=at.microsecond) for at in pause)
        lost = minutes.counted((pause[0] - start) // MINUTE, (pause[1] - start) // MINUTE)
        if calendar.working_time(a, b) != counted * MINUTE:
            found.append(f"{zone} {a} {b}: {calendar.working_time(a, b)} is not {counted} minutes")
        if calendar.working_time(a, b, [pause]) != (counted - lost) * MINUTE:  # type: ignore[list-item]
            found.append(f"{zone} {a} {b}: paused")
        if (
            counted
            and calendar.add_working_time(a, counted * MINUTE)
            != start + minutes.reached(first, counted) * MINUTE
        ):
            found.append(f"{zone} {a} + {counted} minutes")
        spans = calendar.counted_spans(a, counted * MINUTE) if counted else []
        if sum((y - x for x, y in spans), timedelta()) != counted * MINUTE:
            found.append(f"{zone} {a}: spans")
        seen += 1
    return seen, found


def test_some_changes_of_clocks() -> None:
    seen, found = 0, []
    for zone, day in change_days(2024, 2024, ODD):
        counted, wrong = disagreements(zone, day, EACH)
        seen, found = seen + counted, found + wrong
    assert not found
    assert seen >= 1000


@pytest.mark.proof
@pytest.mark.parametrize("part", range(PARTS))
def test_every_change_of_clocks_from_2020_to_2035(part: int) -> None:
    changes = every_change()
    each = 100_000 // len(changes) + 1
    found = [wrong for zone, day in changes[part::PARTS] for wrong in disagreements(zone, day, each)[1]]
    assert not found
    assert len(changes) * each >= 100_000
