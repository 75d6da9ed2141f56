"""Open time as one long ruler: what has been open before any instant, by sums prepared once a year and a search in them.

Everything is counted in whole microseconds of absolute time, so that nothing depends on what clocks on a wall do.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

Stretch = tuple[datetime, datetime]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FARTHEST = 30  # years searched for the end of a term: a calendar that is never open has none


def ticks(at: datetime) -> int:
    """Microseconds since 1970, UTC."""
    return (at - EPOCH) // MICROSECOND


def instant(tick: int) -> datetime:
    """The instant, in UTC, of a number of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=tick)


@dataclass(frozen=True)
class Year:
    """The open stretches that begin in a local year: their bounds, and what was open before each."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    total: int

    @classmethod
    def of(cls, stretches: Iterable[Stretch]) -> Year:
        """From the stretches in order; those that touch are one, so that closing time is where it really closes."""
        starts: list[int] = []
        ends: list[int] = []
        for opens, closes in stretches:
            start, end = ticks(opens), ticks(closes)
            if ends and start <= ends[-1]:
                ends[-1] = max(ends[-1], end)
            elif end > start:
                starts.append(start)
                ends.append(end)
        before, total = [], 0
        for start, end in zip(starts, ends, strict=True):
            before.append(total)
            total += end - start
        return cls(tuple(starts), tuple(ends), tuple(before), total)

    def open_before(self, tick: int) -> int:
        """How much of the year was open before `tick`."""
        n = bisect_right(self.starts, tick) - 1
        if n < 0:
            return 0
        return self.before[n] + min(tick, self.ends[n]) - self.starts[n]

    def reached(self, amount: int) -> int:
        """The first tick before which `amount` > 0 of the year was open; `amount` is at most the total."""
        n = bisect_left(self.before, amount) - 1
        return self.starts[n] + amount - self.before[n]

    def opening_after(self, tick: int) -> int | None:
        """`tick` where it is open, else the next start of the year; None when there is none."""
        n = bisect_right(self.starts, tick) - 1
        if n >= 0 and tick < self.ends[n]:
            return tick
        return self.starts[n + 1] if n + 1 < len(self.starts) else None

    def between(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The open stretches inside [first, last)."""
        n = max(bisect_right(self.starts, first) - 1, 0)
        for start, end in zip(self.starts[n:], self.ends[n:], strict=True):
            if start >= last:
                return
            if end > first:
                yield max(start, first), min(end, last)


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
