"""Adoption figures of any client, for any month, as known at any moment: computed from the events, never typed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count

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
    Metric("licensed_users", _("Licensed users"), _("people who hold a seat, whether they come or not")),
    Metric("licence_use", _("Licence use"), _("active users / licensed users")),
    Metric("events", _("Events"), _("events of the month")),
    Metric("features_used", _("Features used"), _("distinct features with an event in the month")),
    Metric(
        "stickiness", _("Stickiness"), _("mean of daily active users over the month / monthly active users")
    ),
)


@dataclass(frozen=True)
class MonthFigures:
    """A client's calendar month (of UTC times)."""

    month: date
    active_users: int
    licensed_users: int
    events: int
    quantity: int
    features_used: int
    sessions: int
    stickiness: float

    @property
    def licence_use(self) -> float | None:
        """Active users over licensed users; None where no seat is known."""
        return self.active_users / self.licensed_users if self.licensed_users else None


_MONTHS = """
WITH kept AS (
  SELECT *, date_trunc('month', occurred_at)::DATE AS month FROM events
  WHERE account_ref IN (SELECT unnest(?::VARCHAR[])) AND occurred_at >= ? AND occurred_at < ? AND (?::TIMESTAMP IS NULL OR received_at <= ?)
), days AS (
  SELECT account_ref, month, occurred_at::DATE AS day, count(DISTINCT user_ref) AS people FROM kept WHERE actor = 'person' GROUP BY ALL
), mean AS (SELECT account_ref, month, sum(people) AS people FROM days GROUP BY ALL)
SELECT account_ref, month, count(DISTINCT user_ref) FILTER (actor = 'person'), count(*), sum(quantity)::BIGINT,
  count(DISTINCT feature), count(DISTINCT session), any_value(mean.people)
FROM kept LEFT JOIN mean USING (account_ref, month) GROUP BY ALL ORDER BY 1, 2
"""


def months(
    refs: Sequence[str], first: date, last: date, known_at: datetime | None = None
) -> dict[str, list[MonthFigures]]:
    """The figures of each client for each month with an event between the months of `first` and `last`, both included.

    With `known_at`, only events received by then count. One query, whatever the number of clients.
    """
    start, end = first.replace(day=1), add_months(last.replace(day=1), 1)
    known = known_at.astimezone(UTC).replace(tzinfo=None) if known_at else None
    seats = _seats(refs)
    found: dict[str, list[MonthFigures]] = {ref: [] for ref in refs}
    for ref, month, people, events, quantity, features, sessions, person_days in store.query(
        _MONTHS, [list(refs), start, end, known, known]
    ):
        days = (add_months(month, 1) - month).days
        stickiness = (person_days or 0) / days / people if people else 0.0
        found[ref].append(
            MonthFigures(month, people, seats.get(ref, 0), events, quantity, features, sessions, stickiness)
        )
    return found


def _seats(refs: Sequence[str]) -> Mapping[str, int]:
    return dict(
        LicensedSeat.objects.filter(account__ref__in=refs).values_list("account__ref").annotate(n=Count("pk"))
    )


def features(
    refs: Sequence[str], first: date, last: date, known_at: datetime | None = None
) -> dict[str, dict[str, int]]:
    """People by feature, most used first, over the months of `first` to `last`."""
    start, end = first.replace(day=1), add_months(last.replace(day=1), 1)
    known = known_at.astimezone(UTC).replace(tzinfo=None) if known_at else None
    sql = """SELECT account_ref, feature, count(DISTINCT user_ref) AS people FROM events
      WHERE account_ref IN (SELECT unnest(?::VARCHAR[])) AND actor = 'person' AND feature IS NOT NULL AND occurred_at >= ? AND occurred_at < ?
        AND (?::TIMESTAMP IS NULL OR received_at <= ?) GROUP BY ALL ORDER BY 1, 3 DESC, 2"""
    found: dict[str, dict[str, int]] = {ref: {} for ref in refs}
    for ref, feature, people in store.query(sql, [list(refs), start, end, known, known]):
        found[ref][feature] = people
    return found


def as_json(ref: str, one: MonthFigures) -> dict[str, Any]:
    """A line of the command's answer."""
    return {
        "client": ref,
        **{name: getattr(one, name) for name in one.__dataclass_fields__},
        "month": f"{one.month:%Y-%m}",
        "licence_use": one.licence_use,
    }
