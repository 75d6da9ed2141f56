"""Adoption figures of any client, for any month or week, as known at any moment: computed from the events, never typed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from jalon.core.text import Text, _
from jalon.core.timekeeping.civil import add_months
from jalon.usage import store
from jalon.usage.models import LicensedSeat


@dataclass(frozen=True)
class Metric:
    """A figure: what people call it, and how it is computed."""

    id: str
    label: Text
    formula: Text


METRICS = (
    Metric(
        "active_users",
        _("Active users"),
        _("distinct people with an event in the calendar month; robots are left out"),
    ),
    Metric(
        "licensed_users", _("Licensed users"), _("seats held in the month, whether their people come or not")
    ),
    Metric("licence_use", _("Licence use"), _("active users / licensed users")),
    Metric("events", _("Events"), _("events of the month")),
    Metric("features_used", _("Features used"), _("distinct features with an event in the month")),
    Metric(
        "stickiness", _("Stickiness"), _("mean of daily active users over the month / monthly active users")
    ),
    Metric("depth", _("Depth"), _("events of the month / active users")),
    Metric(
        "weekend_share",
        _("Share of week-ends"),
        _("events on a Saturday or a Sunday where they happened / events"),
    ),
)


@dataclass(frozen=True)
class Figures:
    """A client's figures over some days (of UTC times), `first` to `last` included."""

    first: date
    last: date
    active_users: int
    licensed_users: int
    events: int
    quantity: int
    features_used: int
    sessions: int
    daily_users: float  # mean over the days, those without anybody included
    weekend_events: (
        int | None
    )  # on a Saturday or a Sunday by the clock where they happened; None where it was not asked

    @property
    def stickiness(self) -> float:
        """Mean of daily active users over active users; 0 without any."""
        return self.daily_users / self.active_users if self.active_users else 0.0

    @property
    def licence_use(self) -> float | None:
        """Active users over licensed users; None where no seat is known."""
        return self.active_users / self.licensed_users if self.licensed_users else None

    @property
    def depth(self) -> float | None:
        """Events per active user; None without any."""
        return self.events / self.active_users if self.active_users else None

    @property
    def weekend_share(self) -> float | None:
        """Events of week-ends over events; None where it was not asked."""
        return None if self.weekend_events is None else self.weekend_events / self.events


@dataclass(frozen=True)
class MonthFigures(Figures):
    """A calendar month."""

    @property
    def month(self) -> date:
        """Its first day."""
        return self.first


@dataclass(frozen=True)
class WeekFigures(Figures):
    """A week, from Monday to Sunday (ISO 8601)."""

    @property
    def week(self) -> str:
        """ "2026-W23"."""
        year, number, _day = self.first.isocalendar()
        return f"{year}-W{number:02d}"


_PERIODS = """
WITH kept AS (
  SELECT *, date_trunc('{by}', occurred_at)::DATE AS period FROM events
  WHERE account_ref IN (SELECT unnest(?::VARCHAR[])) AND occurred_at >= ? AND occurred_at < least(?::TIMESTAMP, ?::TIMESTAMP)
    AND (?::TIMESTAMP IS NULL OR received_at <= ?)
), days AS (
  SELECT account_ref, period, occurred_at::DATE AS day, count(DISTINCT user_ref) AS people FROM kept WHERE actor = 'person' GROUP BY ALL
), mean AS (SELECT account_ref, period, sum(people) AS people FROM days GROUP BY ALL)
SELECT account_ref, period, count(DISTINCT user_ref) FILTER (actor = 'person'), count(*), sum(quantity)::BIGINT,
  count(DISTINCT feature), count(DISTINCT session), any_value(mean.people), {weekend}
FROM kept LEFT JOIN mean USING (account_ref, period) GROUP BY ALL ORDER BY 1, 2
"""


# A zone's arithmetic is dear, and from Tuesday to Thursday it is the week-end nowhere on earth.
_WEEKEND = (
    "count(*) FILTER (CASE WHEN isodow(occurred_at) IN (2, 3, 4) THEN false ELSE isodow(local_at) >= 6 END)"
)


def months(
    refs: Sequence[str],
    first: date,
    last: date,
    known_at: datetime | None = None,
    *,
    until: datetime | None = None,
    weekends: bool = True,
) -> dict[str, list[MonthFigures]]:
    """The figures of each client for each month with an event between the months of `first` and `last`, both included.

    With `known_at`, only events received by then count; with `until`, only what happened before that instant: the
    month that it cuts counts as far as it had gone. `weekends` asks for their share too. One query, whatever the
    number of clients.
    """
    start, end = first.replace(day=1), add_months(last.replace(day=1), 1)
    return _figures("month", MonthFigures, refs, start, end, known_at, weekends, until)


def weeks(
    refs: Sequence[str], first: date, last: date, known_at: datetime | None = None
) -> dict[str, list[WeekFigures]]:
    """As `months`, for the weeks of `first` to `last`: a week that two months share is whole in both questions."""
    start, end = first - timedelta(days=first.weekday()), last + timedelta(days=7 - last.weekday())
    return _figures("week", WeekFigures, refs, start, end, known_at, True)


def _figures(
    by: str,
    kind: type[Any],
    refs: Sequence[str],
    start: date,
    end: date,
    known_at: datetime | None,
    weekends: bool,
    until: datetime | None = None,
) -> dict[str, list[Any]]:
    known, cut = utc(known_at), utc(until)
    seats = _seats(refs)
    found: dict[str, list[Any]] = {ref: [] for ref in refs}
    for ref, first, people, events, quantity, features, sessions, person_days, weekend in store.query(
        _PERIODS.format(by=by, weekend=_WEEKEND if weekends else "NULL"),
        [list(refs), start, end, cut, known, known],
    ):
        after = first + timedelta(days=7) if by == "week" else add_months(first, 1)
        last = after - timedelta(days=1)
        seen = min(last, cut.date()) if cut else last
        licensed = sum(_held(seat, first, seen) for seat in seats.get(ref, ()))
        daily = (person_days or 0) / ((seen - first).days + 1)
        found[ref].append(
            kind(first, last, people, licensed, events, quantity, features, sessions, daily, weekend)
        )
    return found


def utc(moment: datetime | None) -> datetime | None:
    """A moment as segments keep theirs: UTC, without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None


Seat = tuple[date | None, date | None]


def _seats(refs: Sequence[str]) -> Mapping[str, Sequence[Seat]]:
    found: dict[str, list[Seat]] = {}
    rows = LicensedSeat.objects.filter(account__ref__in=refs).values_list("account__ref", "since", "until")
    for ref, since, until in rows:
        found.setdefault(ref, []).append((since, until))
    return found


def _held(seat: Seat, first: date, last: date) -> bool:
    """Whether a seat was held on one of the days from `first` to `last`."""
    since, until = seat
    return (since is None or since <= last) and (until is None or until >= first)


def features(
    refs: Sequence[str],
    first: date,
    last: date,
    known_at: datetime | None = None,
    until: datetime | None = None,
) -> dict[str, dict[str, int]]:
    """People by feature, most used first, over the months of `first` to `last`; `known_at` and `until` as for `months`."""
    start, end = first.replace(day=1), add_months(last.replace(day=1), 1)
    known, cut = utc(known_at), utc(until)
    sql = """SELECT account_ref, feature, count(DISTINCT user_ref) AS people FROM events
      WHERE account_ref IN (SELECT unnest(?::VARCHAR[])) AND actor = 'person' AND feature IS NOT NULL AND occurred_at >= ?
        AND occurred_at < least(?::TIMESTAMP, ?::TIMESTAMP) AND (?::TIMESTAMP IS NULL OR received_at <= ?) GROUP BY ALL ORDER BY 1, 3 DESC, 2"""
    found: dict[str, dict[str, int]] = {ref: {} for ref in refs}
    for ref, feature, people in store.query(sql, [list(refs), start, end, cut, known, known]):
        found[ref][feature] = people
    return found


def unmatched() -> list[tuple[str, str, int]]:
    """Events of no client as clients are now: source, what it calls the client ("" where it names none), events; most first."""
    return [
        (source, name, n)
        for source, name, n in store.query(
            "SELECT source, coalesce(account_name, ''), count(*) FROM events WHERE account_ref IS NULL GROUP BY ALL ORDER BY 3 DESC, 1, 2"
        )
    ]


def as_json(ref: str, one: Figures) -> dict[str, Any]:
    """A line of the command's answer."""
    period = (
        {"month": f"{one.first:%Y-%m}"}
        if isinstance(one, MonthFigures)
        else {"week": one.week}
        if isinstance(one, WeekFigures)
        else {}
    )
    names = (
        "active_users",
        "licensed_users",
        "events",
        "quantity",
        "features_used",
        "sessions",
        "daily_users",
        "stickiness",
        "depth",
        "weekend_share",
    )
    return {
        "client": ref, **period, "first": one.first.isoformat(), "last": one.last.isoformat(),
        **{name: getattr(one, name) for name in names}, "licence_use": one.licence_use,
    }  # fmt: skip
