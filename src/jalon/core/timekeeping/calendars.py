"""A working-time calendar: which days are business days, when they are open, and why a day is skipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from jalon.core.agreement.model import CalendarSpec
from jalon.core.text import Bilingual
from jalon.core.timekeeping.holidays import holidays
from jalon.core.timekeeping.timetable import FARTHEST, MICROSECOND, Year, instant, ticks
from jalon.core.timekeeping.timetable import days_between as days_between

Interval = tuple[datetime, datetime]
"""Two aware instants, start included, end excluded."""

STAY, NEXT_OPENING = "stay", "next_opening"
"""What becomes of an end that falls exactly at closing time: it stays there, or rolls to the next opening."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKEND = Bilingual("week-end", "weekend")
_CLOSED = Bilingual("jour fermé", "closed day")
_CLOSURE = Bilingual("fermeture", "closure")
_FROZEN = Bilingual("jour férié", "public holiday")


@dataclass(frozen=True)
class Freeze:
    """The days off of a year, fixed on a day: it rules from that day on, and moves nothing that was before it."""

    since: date
    year: int
    holidays: frozenset[date]
    closures: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Calendar:
    """Opening hours of a side. `frozen` fixes the holidays of a year, whatever the statute says since.

    A calendar that took the place of another one rules from a day on: `earlier` is that day, and the one before.
    """

    zone: ZoneInfo
    open: tuple[tuple[tuple[time, time], ...], ...]  # by weekday, Monday first
    holiday_set: str = "none"
    good_friday: bool = False
    closures: frozenset[date] = frozenset()
    frozen: Mapping[int, frozenset[date]] = field(default_factory=dict)
    at_closing: str = STAY
    earlier: tuple[date, Calendar] | None = None

    def __hash__(self) -> int:
        return hash(
            (
                str(self.zone),
                self.open,
                self.holiday_set,
                self.good_friday,
                self.closures,
                tuple(sorted(self.frozen)),
                self.at_closing,
                self.earlier,
            )
        )

    @classmethod
    def of(cls, spec: CalendarSpec, freezes: Sequence[Freeze] = ()) -> Calendar:
        """The calendar that an agreement writes, with the days off that the ledger fixed, in order of their fixing."""
        hours = tuple(
            tuple((_time(start), _time(end)) for start, end in spec.open.get(day, ())) for day in DAYS
        )  # fmt: skip
        return cls(
            ZoneInfo(spec.zone),
            hours,
            spec.holidays,
            spec.good_friday,
            frozenset(spec.closures) | _fixed_closures(freezes),
            {one.year: _fixed(spec, one.year, freezes) for one in freezes},
            spec.at_closing,
        )

    def followed_by(self, later: Calendar, since: date) -> Calendar:
        """This calendar up to the eve of `since`, `later` from then on: a change moves nothing that was before it."""
        return replace(later, earlier=(since, self))

    def on(self, day: date) -> Calendar:
        """The calendar that rules on `day`."""
        found = self
        while found.earlier and day < found.earlier[0]:
            found = found.earlier[1]
        return found

    def skipped(self, day: date) -> Bilingual | None:
        """Why `day` is not a business day; None when it is one."""
        if self.earlier and day < self.earlier[0]:
            return self.earlier[1].skipped(day)
        if not self.open[day.weekday()]:
            return _WEEKEND if day.weekday() >= 5 else _CLOSED
        if day in self.closures:
            return _CLOSURE
        if day.year in self.frozen:
            if day not in self.frozen[day.year]:
                return None
            return holidays(self.holiday_set, day.year, self.good_friday).get(day, _FROZEN)
        return holidays(self.holiday_set, day.year, self.good_friday).get(day)

    def is_business_day(self, day: date) -> bool:
        """Open that weekday, no holiday, no closure."""
        return self.skipped(day) is None

    def add_business_days(self, day: date, count: int) -> date:
        """The `count`-th business day after `day` (before it, when negative); the starting day is not counted (CPC 641)."""
        step = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left:
            day += step
            left -= self.is_business_day(day)
        return day

    def business_days(self, after: date, last: date) -> list[date]:
        """The business days d with after < d <= last."""
        return [day for day in days_between(after + timedelta(days=1), last) if self.is_business_day(day)]

    def roll(self, day: date) -> date:
        """`day`, or the next business day (CPC 642 al. 2)."""
        while not self.is_business_day(day):
            day += timedelta(days=1)
        return day

    def midnight(self, day: date) -> datetime:
        """The first instant of `day` in the zone, in UTC."""
        # At midnight a zone may skip an hour: the first instant that exists is the one that fold=0 gives through UTC.
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        """24:00 of `day`: the first instant of the next one (CPC 642 al. 1)."""
        return self.midnight(day + timedelta(days=1))

    def local_day(self, at: datetime) -> date:
        """The calendar day of an instant in this zone."""
        return at.astimezone(self.zone).date()

    def openings(self, day: date) -> tuple[Interval, ...]:
        """The open stretches of `day`, in UTC: when the clock on the wall shows an open hour, whatever it does that day."""
        return _openings(self.on(day), day)

    def open_between(self, start: datetime, end: datetime) -> Iterator[Interval]:
        """Open stretches inside [start, end)."""
        first, last = ticks(start), ticks(end)
        for year in range(self.local_day(start).year, self.local_day(end).year + 1):
            for opens, closes in self._year(year).between(first, last):
                yield instant(opens), instant(closes)

    def working_time(self, start: datetime, end: datetime, without: Sequence[Interval] = ()) -> timedelta:
        """Open time in [start, end), less what the pauses `without` take out."""
        open_time = self._open(start, end)
        for paused, ends in union(without):
            open_time -= self._open(max(paused, start), min(ends, end))
        return timedelta(microseconds=open_time)

    def add_working_time(
        self, start: datetime, length: timedelta, without: Sequence[Interval] = ()
    ) -> datetime:
        """The first instant at which `length` of open time, pauses excluded, has passed since `start`.

        What happens where that is exactly a closing time is the calendar's own rule: see `at_closing`.
        """
        return self.closed_at(self._reached(start, length, without))

    def closed_at(self, end: datetime) -> datetime:
        """`end`, or the next opening where it is exactly a closing time and the calendar says so (`next_opening`)."""
        if self.at_closing == STAY:
            return end
        return self.next_opening(end)

    def next_opening(self, at: datetime) -> datetime:
        """`at` where it is open, else the first instant after it that is."""
        tick, year = ticks(at), self.local_day(at).year
        for later in range(year, year + FARTHEST):
            opens = self._year(later).opening_after(tick)
            if opens is not None:
                return instant(opens)
        raise ValueError("this calendar has no open day")

    def counted_spans(
        self, start: datetime, length: timedelta, without: Sequence[Interval] = ()
    ) -> list[Interval]:
        """The stretches that make up `length` of open time from `start`: their sum is exactly `length`."""
        if not length:
            opens = self.next_opening(start)
            return [(opens, opens)]
        end = self._reached(start, length, without)
        return list(subtract(self.open_between(start.astimezone(UTC), end), union(without)))

    def _open(self, start: datetime, end: datetime) -> int:
        if end <= start:
            return 0
        first, last = self.local_day(start).year, self.local_day(end).year
        whole = sum(self._year(year).total for year in range(first, last))
        return whole + self._year(last).open_before(ticks(end)) - self._year(first).open_before(ticks(start))

    def _reached(self, start: datetime, length: timedelta, without: Sequence[Interval]) -> datetime:
        if not length:
            return self.next_opening(start)
        first, left = self.local_day(start).year, length // MICROSECOND
        begun = self._year(first).open_before(ticks(start))
        end = self._after(first, begun + left)
        for paused, ends in union(without):
            if paused >= end:
                break
            # Each pause that begins before the end gives back the open time that it takes.
            left += self._open(max(paused, start), ends)
            end = self._after(first, begun + left)
        return end

    def _after(self, year: int, amount: int) -> datetime:
        """The first instant before which `amount` was open since the beginning of `year`."""
        for later in range(year, year + FARTHEST):
            timetable = self._year(later)
            if amount <= timetable.total:
                return instant(timetable.reached(amount))
            amount -= timetable.total
        raise ValueError("this calendar has no open day")

    def _year(self, year: int) -> Year:
        known = self._years.get(year)
        if known is None:
            known = self._years[year] = _timetable(self, year)
        return known

    @cached_property
    def _years(self) -> dict[int, Year]:
        return {}


@lru_cache(maxsize=512)
def _timetable(calendar: Calendar, year: int) -> Year:
    days = days_between(date(year, 1, 1), date(year, 12, 31))
    return Year.of(sorted(stretch for day in days for stretch in calendar.on(day).openings(day)))


@lru_cache(maxsize=20_000)
def _openings(calendar: Calendar, day: date) -> tuple[Interval, ...]:
    if not calendar.is_business_day(day):
        return ()
    zone = calendar.zone
    first, last = calendar.midnight(day), calendar.end_of(day)
    found = []
    for start, end, offset in _steady(zone, first, last):
        for opens, closes in calendar.open[day.weekday()]:
            # Where clocks jump, an hour that does not exist is not open, and one that comes twice is open twice.
            begins = datetime.combine(day, opens, UTC) - offset
            ends = (
                datetime.combine(day + timedelta(days=1) if closes == time() else day, closes, UTC) - offset
            )
            found.append((max(begins, start), min(ends, end)))
    return tuple(sorted((a, b) for a, b in found if a < b))


def _steady(
    zone: ZoneInfo, first: datetime, last: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """[first, last) cut where the zone changes its offset, with the offset of each part."""
    start, offset = first, _offset(zone, first)
    if _offset(zone, last - timedelta(seconds=1)) == offset == _offset(zone, first + (last - first) / 2):
        yield first, last, offset
        return
    while start < last:
        end = min(start + timedelta(hours=1), last)
        while end < last and _offset(zone, end) == offset:
            end = min(end + timedelta(hours=1), last)
        if end == last and _offset(zone, last - timedelta(seconds=1)) == offset:
            yield start, last, offset
            return
        low, high = end - timedelta(hours=1), min(end, last)
        while high - low > timedelta(seconds=1):
            middle = low + (high - low) // 2
            middle -= timedelta(microseconds=middle.microsecond)
            low, high = (middle, high) if _offset(zone, middle) == offset else (low, middle)
        yield start, high, offset
        start, offset = high, _offset(zone, high)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _fixed(spec: CalendarSpec, year: int, freezes: Sequence[Freeze]) -> frozenset[date]:
    """The holidays of a year: each day by the list that was in force on it, the statute's before any was fixed."""
    lists = [(date.min, frozenset(holidays(spec.holidays, year, spec.good_friday)))]
    lists += [(one.since, one.holidays) for one in freezes if one.year == year]
    found: set[date] = set()
    for (since, days), until in zip(lists, [*(since for since, _days in lists[1:]), date.max], strict=True):
        found |= {day for day in days if since <= day < until}
    return frozenset(found)


def _fixed_closures(freezes: Sequence[Freeze]) -> frozenset[date]:
    return frozenset(day for one in freezes for day in one.closures if day >= one.since)


def _time(written: str) -> time:
    # 24:00 is written by agreements that never close; Python has no such time of day: midnight stands for it.
    return time() if written == "24:00" else time.fromisoformat(written)


def union(intervals: Sequence[Interval]) -> list[Interval]:
    """The same time, each stretch once, in order."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def subtract(
    stretches: Iterator[Interval] | Sequence[Interval], holes: Sequence[Interval]
) -> Iterator[Interval]:
    """`stretches` without `holes` (already a union)."""
    for start, end in stretches:
        for hole_start, hole_end in holes:
            if hole_end <= start or hole_start >= end:
                continue
            if hole_start > start:
                yield start, hole_start
            start = max(start, hole_end)
            if start >= end:
                break
        if start < end:
            yield start, end
