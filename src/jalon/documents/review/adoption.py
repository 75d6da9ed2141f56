"""Adoption for a review: months and features from the usage store, and the objectives of the first plan against them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from jalon.accounts.models import Account
from jalon.core.facts.model import Fact
from jalon.documents.review import using
from jalon.documents.review.model import FeatureUse, MonthOfUse, Objective
from jalon.usage.objectives import is_share

BACK = 8
"""Months shown, the review's own included."""


def months(
    account: Account, month: date, known_at: datetime, until: datetime | None = None
) -> tuple[MonthOfUse, ...]:
    """The months up to `month`, oldest first, from the first that has anything; a month without events counts nobody.

    With `until`, the instant at which a month still running was reviewed: its later days count nothing.
    """
    first = month
    for _step in range(BACK - 1):
        first = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
    found = list(using.months(account, first, month, known_at, until))
    while found and not found[0].active and not found[0].events:
        found.pop(0)
    return tuple(found)


def features(
    account: Account, month: date, known_at: datetime, until: datetime | None = None
) -> tuple[FeatureUse, ...]:
    """Who used what in the month, the most used first."""
    found = using.features(account, month, known_at, until)
    return tuple(sorted(found, key=lambda f: (-f.users, f.name)))


def first_plan(facts: Sequence[Fact]) -> Fact | None:
    """The plan that set the initial objectives: the first agreed with any."""
    return next((f for f in facts if f.kind == "plan.agreed" and f.get("objectives")), None)


def objectives(
    facts: Sequence[Fact], use: MonthOfUse | None, as_of: datetime, zone: ZoneInfo
) -> tuple[Objective, ...]:
    """The initial objectives, and how far each has come by `as_of`: measured by a fact, else by the usage store."""
    plan = first_plan(facts)
    if plan is None:
        return ()
    start, day = plan.at.astimezone(zone).date(), as_of.astimezone(zone).date()
    counted = using.measured(plan, use)
    return tuple(
        _objective(entry, k, facts, start, day, counted)
        for k, entry in enumerate(plan.get("objectives"), start=1)
    )


def _objective(
    entry: Any, k: int, facts: Sequence[Fact], start: date, day: date, counted: dict[str, Decimal]
) -> Objective:
    identity = str(entry.get("id") or f"O{k}")
    until = _day(entry.get("date"))
    said = [f for f in facts if f.kind == "objective.measured" and str(f.get("objective")) == identity]
    now = _number(said[-1].get("value")) if said else counted.get(identity)
    metric = str(entry.get("metric") or "")
    target = _number(entry.get("target"))
    share = is_share(metric) and target is not None and abs(target) <= 1
    return Objective(
        id=identity if len(identity) <= 6 else f"O{k}",
        name=str(entry.get("name") or metric or identity),
        metric=metric,
        baseline=_number(entry.get("baseline")),
        target=target,
        until=until,
        now=now,
        form="share" if share else "number",
        pace=_pace(start, until, day),
        source="measured" if said else "usage" if now is not None else "",
        evidence=(said[-1].id,) if said else (),
        owner_provider=str(entry.get("owner_provider") or ""),
        owner_client=str(entry.get("owner_client") or ""),
    )


def _pace(start: date, until: date | None, day: date) -> Decimal | None:
    """The share of the way that a steady walk would have covered by `day`."""
    if until is None or until <= start:
        return None
    gone = Decimal((day - start).days) / Decimal((until - start).days)
    return min(max(gone, Decimal(0)), Decimal(1)).quantize(Decimal("0.0001"))


def _day(value: Any) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None


def _number(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
