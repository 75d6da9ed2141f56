"""A working-time calendar: which days are business days, when they are open, and why a day is skipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from jalon.core.agreement.model import CalendarSpec
from jalon.core.text import Bilingual
from jalon.core.timekeeping.holidays import holidays

Interval = tuple[datetime, datetime]
"""Two aware instants, start included, end excluded."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKEND = Bilingual("week-end", "weekend")
_CLOSED = Bilingual("jour fermé", "closed day")
_CLOSURE = Bilingual("fermeture", "closure")
_FROZEN = Bilingual("jour férié", "public holiday")


@dataclass(frozen=True)
class Calendar:
    """Opening hours of a side. `frozen` fixes the holidays of a year, whatever the statute says since."""

    zone: ZoneInfo
    open: tuple[tuple[tuple[time, time], ...], ...]  # by weekday, Monday first
    holiday_set: str = "none"
    good_friday: bool = False
    closures: frozenset[date] = frozenset()
    frozen: Mapping[int, frozenset[date]] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(
            (
                str(self.zone),
                self.open,
                self.holiday_set,
                self.good_friday,
                self.closures,
                tuple(sorted(self.frozen)),
            )
        )

    @classmethod
    def of(cls, spec: CalendarSpec, frozen: Mapping[int, frozenset[date]] | None = None) -> Calendar:
        """The calendar that an agreement writes."""
        hours = tuple(
            tuple((_time(start), _time(end)) for start, end in spec.open.get(day, ())) for day in DAYS
        )  # fmt: skip
        return cls(
            ZoneInfo(spec.zone),
            hours,
            spec.holidays,
            spec.good_friday,
            frozenset(spec.closures),
            frozen or {},
        )

    def skipped(self, day: date) -> Bilingual | None:
        """Why `day` is not a business day; None when it is one."""
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
        """The open stretches of `day`, in UTC: real hours, whatever the clocks do."""
        return _openings(self, day)

    def open_between(self, start: datetime, end: datetime) -> Iterator[Interval]:
        """Open stretches inside [start, end)."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        for day in days_between(self.local_day(start), self.local_day(end)):
            for opens, closes in self.openings(day):
                if closes > start and opens < end:
                    yield max(opens, start), min(closes, end)

    def working_time(self, start: datetime, end: datetime, without: Sequence[Interval] = ()) -> timedelta:
        """Open time in [start, end), less what the pauses `without` take out."""
        return sum((b - a for a, b in subtract(self.open_between(start, end), union(without))), timedelta())

    def add_working_time(
        self, start: datetime, length: timedelta, without: Sequence[Interval] = ()
    ) -> datetime:
        """The first instant at which `length` of open time, pauses excluded, has passed since `start`.

        An end that falls exactly at closing time stays at that closing time.
        """
        *_, last = self.counted_spans(start, length, without)
        return last[1]

    def counted_spans(
        self, start: datetime, length: timedelta, without: Sequence[Interval] = ()
    ) -> list[Interval]:
        """The stretches that make up `length` of open time from `start`: their sum is exactly `length`."""
        # Sums are made in UTC: adding to a local time counts what the wall clock says, not what passes.
        start = start.astimezone(UTC)
        pauses, left, spans = union(without), length, []
        for day in forward(self.local_day(start)):
            stretches = [(max(a, start), b) for a, b in self.openings(day) if b > start]
            for opens, closes in subtract(stretches, pauses):
                taken = min(left, closes - opens)
                spans.append((opens, opens + taken))
                left -= taken
                if not left:
                    return spans
        raise AssertionError("days never end")


@lru_cache(maxsize=20_000)
def _openings(calendar: Calendar, day: date) -> tuple[Interval, ...]:
    if not calendar.is_business_day(day):
        return ()
    return tuple(
        (
            _instant(day, start, calendar.zone),
            calendar.end_of(day) if end == time() else _instant(day, end, calendar.zone),
        )
        for start, end in calendar.open[day.weekday()]
    )


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def _time(written: str) -> time:
    # 24:00 is written by agreements that never close; Python has no such time of day: midnight stands for it.
    return time() if written == "24:00" else time.fromisoformat(written)


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def forward(first: date) -> Iterator[date]:
    """Every day from `first` on; a calendar that is never open would be searched for ever, so ten thousand is the end."""
    for offset in range(10_000):
        yield first + timedelta(days=offset)
    raise ValueError("this calendar has no open day")


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
