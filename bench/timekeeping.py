"""Measure working time: the end of a thousand open hours, and the hours open between two instants, with and without holidays.

The reference is Zendesk's `biz` gem under Debian's Ruby, in the same run. Where the gem is not to be had, that is said, and the
reference is a walk from day to day, each day's hours kept ready: how Jalon itself counted before it kept sums.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time as clock
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from jalon.core.timekeeping.calendars import Calendar, days_between

ZONE = ZoneInfo("Europe/Paris")
HOURS = tuple(((time(9), time(12, 30)), (time(14), time(18))) if day < 5 else () for day in range(7))
START = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
HOLIDAYS = (0, 40, 400)
LONG, TIMES = 1000, 2000
RUBY = r"""
require "biz"
require "json"
holidays = (0...ARGV[0].to_i).map { |n| Date.new(2020, 1, 6) + 7 * n }
schedule = Biz::Schedule.new do |config|
  config.hours = %i[mon tue wed thu fri].to_h { |day| [day, { "09:00" => "12:30", "14:00" => "18:00" }] }
  config.holidays = holidays
  config.time_zone = "Europe/Paris"
end
start = Time.utc(2026, 1, 5, 8, 30)
finish = schedule.time(%d, :hours).after(start)
found = { "end" => finish.getutc.strftime("%%Y-%%m-%%dT%%H:%%M:%%S+00:00"), "elapsed" => schedule.within(start, finish).in_seconds }
{ "due" => -> { schedule.time(%d, :hours).after(start) }, "elapsed" => -> { schedule.within(start, finish) } }.each do |name, work|
  runs = (0...15).map do
    began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    work.call
    Process.clock_gettime(Process::CLOCK_MONOTONIC) - began
  end
  found["#{name}_us"] = runs.min * 1e6
end
puts JSON.generate(found)
"""


def main() -> int:
    """Measure, print, compare; 1 where ten times faster, or flat, is not reached."""
    why = without_biz()
    print(f"reference: {why or 'the biz gem'}{'' if not why else '; a walk from day to day instead'}")
    ours: dict[int, tuple[float, float]] = {}
    slow = []
    for count in HOLIDAYS:
        calendar = Calendar(
            ZONE, HOURS, closures=frozenset(date(2020, 1, 6) + timedelta(days=7 * n) for n in range(count))
        )
        end = calendar.add_working_time(START, timedelta(hours=LONG))
        due = measured(lambda c=calendar: c.add_working_time(START, timedelta(hours=LONG)))  # type: ignore[misc]
        elapsed = measured(lambda c=calendar, e=end: c.working_time(START, e))  # type: ignore[misc]
        ours[count] = due, elapsed
        theirs = walked(calendar, end) if why else by_biz(count, end)
        for name, mine, other in (("due", due, theirs[0]), ("elapsed", elapsed, theirs[1])):
            print(
                f"{count:4} holidays  {name:8} +{LONG} h  {mine:8.1f} µs  reference {other:10.1f} µs  {other / mine:7.0f} times"
            )
            slow += [name] if other < 10 * mine else []
    flat = all(max(column) < 1.5 * min(column) for column in zip(*ours.values(), strict=True))
    print("flat from 0 to 400 holidays" if flat else "NOT flat from 0 to 400 holidays")
    return 1 if slow or not flat else 0


def measured(work: Callable[[], object]) -> float:
    """What one call takes at best, in microseconds: what else the machine does only ever adds."""
    work()
    runs = []
    for _n in range(25):
        began = clock.perf_counter()
        for _m in range(TIMES // 25):
            work()
        runs.append((clock.perf_counter() - began) / (TIMES // 25) * 1e6)
    return min(runs)


def without_biz() -> str:
    """Why the gem cannot be asked; nothing where it can."""
    if not shutil.which("ruby"):
        return "no Ruby here (apt-get install ruby; gem install biz)"
    asked = subprocess.run(["ruby", "-e", 'require "biz"'], capture_output=True, text=True)
    return "" if asked.returncode == 0 else "Ruby is here, its biz gem is not (gem install biz)"


def by_biz(holidays: int, end: datetime) -> tuple[float, float]:
    """What biz takes for both, once it is sure that it finds the same instant and the same hours."""
    asked = subprocess.run(
        ["ruby", "-e", RUBY % (LONG, LONG), str(holidays)], capture_output=True, text=True, check=True
    )
    found = json.loads(asked.stdout)
    assert datetime.fromisoformat(found["end"]) == end, (found["end"], end)
    assert found["elapsed"] == LONG * 3600
    return found["due_us"], found["elapsed_us"]


def walked(calendar: Calendar, end: datetime) -> tuple[float, float]:
    """What a walk over the days takes for both."""

    def due() -> datetime:
        left, day = timedelta(hours=LONG), START.astimezone(ZONE).date()
        while True:
            for opens, closes in calendar.openings(day):
                if closes > START:
                    taken = min(left, closes - max(opens, START))
                    left -= taken
                    if not left:
                        return max(opens, START) + taken
            day += timedelta(days=1)

    def elapsed() -> timedelta:
        days = days_between(START.astimezone(ZONE).date(), end.astimezone(ZONE).date())
        stretches = (stretch for day in days for stretch in calendar.openings(day))
        return sum((min(b, end) - max(a, START) for a, b in stretches if b > START and a < end), timedelta())

    assert due() == end
    assert elapsed() == timedelta(hours=LONG)
    return measured(due), measured(elapsed)


if __name__ == "__main__":
    sys.exit(main())
