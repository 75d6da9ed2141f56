"""Working time counted minute by minute on the wall clock, apart from the calendars of Jalon: nothing of `jalon` is used here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo, available_timezones

MINUTE = timedelta(minutes=1)
Hours = tuple[tuple[tuple[time, time], ...], ...]  # by weekday; midnight as an end is 24:00

OFFICE: Hours = tuple(((time(9), time(18)),) if day < 5 else () for day in range(7))
LUNCH: Hours = tuple(
    ((time(8, 30), time(12)), (time(13, 30), time(17, 45))) if day < 6 else () for day in range(7)
)
NIGHT: Hours = tuple(((time(0), time(2, 30)), (time(22, 15), time(0))) for _day in range(7))
ALWAYS: Hours = tuple(((time(0), time(0)),) for _day in range(7))
WEEKS = (OFFICE, LUNCH, NIGHT, ALWAYS)


DAYS = 3


def change_days(first: int, last: int, zones: Iterable[str] = ()) -> list[tuple[str, date]]:
    """Every day of those years on which a zone changes its offset: of `zones`, else of the whole IANA base, each by its name."""
    found = []
    for name in sorted(zones or available_timezones()):
        zone = ZoneInfo(name)
        at = datetime(first, 1, 1, tzinfo=UTC)
        offset = at.astimezone(zone).utcoffset()
        while at.year <= last:
            at += timedelta(days=1)
            now = at.astimezone(zone).utcoffset()
            if now != offset:
                found.append((name, (at - timedelta(days=1)).date()))
            offset = now
    return found


class Stretch:
    """Some days of one zone and one week of hours, each minute marked open or closed by what a clock on the wall shows."""

    def __init__(self, zone: str, hours: Hours, off: frozenset[date], start: datetime) -> None:
        self.start = start
        place = ZoneInfo(zone)
        marks = []
        for n in range(DAYS * 24 * 60):
            wall = (start + n * MINUTE).astimezone(place)
            marks.append(_is_open(wall, hours, off))
        self.before = [0, *accumulate(marks)]  # open minutes before minute n

    def counted(self, first: int, last: int) -> int:
        """Open minutes from minute `first` to minute `last`, this one out of it."""
        return self.before[last] - self.before[first]

    def reached(self, first: int, length: int) -> int | None:
        """The minute before which `length` open minutes have passed since `first`; None where the stretch is too short."""
        if self.before[-1] - self.before[first] < length:
            return None
        n = first
        while self.before[n] - self.before[first] < length:
            n += 1
        return n


def _is_open(wall: datetime, hours: Hours, off: frozenset[date]) -> bool:
    if wall.date() in off:
        return False
    clock = wall.time().replace(tzinfo=None)
    return any(start <= clock and (clock < end or end == time(0)) for start, end in hours[wall.weekday()])


def cases(
    seed: int, zone: str, day: date, count: int
) -> tuple[Hours, frozenset[date], datetime, list[tuple[int, int]]]:
    """Hours, days off, the first minute and `count` pairs of minutes around a day on which `zone` changes its offset."""
    dice = Random(f"{seed} {zone} {day}")
    hours = dice.choice(WEEKS)
    off = frozenset({day + timedelta(days=dice.randrange(-1, 2))} if dice.random() < 0.3 else ())
    start = datetime.combine(day, time(), UTC) - timedelta(days=1)
    minutes = DAYS * 24 * 60
    pairs = [tuple(sorted((dice.randrange(minutes), dice.randrange(minutes)))) for _n in range(count)]
    return hours, off, start, pairs  # type: ignore[return-value]
