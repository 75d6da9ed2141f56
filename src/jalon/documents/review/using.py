"""What the usage store answers, in the review's own words. The only module of documents that knows its names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from jalon.accounts.models import Account
from jalon.core.facts.model import Fact
from jalon.documents.review.model import FeatureUse, MonthOfUse
from jalon.usage import metrics, objectives


def months(
    account: Account, first: date, last: date, known_at: datetime, until: datetime | None
) -> Sequence[MonthOfUse]:
    """Every month from `first` to `last`, of what happened before `until`, as known at `known_at`; nothing where no usage is kept."""
    found = metrics.months([account.ref], first, last, known_at, until=until)[account.ref]
    return [_month(row) for row in found]


def _month(row: metrics.MonthFigures) -> MonthOfUse:
    steady = Decimal(str(row.stickiness)).quantize(Decimal("0.0001"))
    return MonthOfUse(row.month, row.active_users, row.licensed_users, row.events, row.features_used, steady)


def features(
    account: Account, month: date, known_at: datetime, until: datetime | None
) -> Sequence[FeatureUse]:
    """People by feature in a month, of what happened before `until`."""
    found = metrics.features([account.ref], month, month, known_at, until)[account.ref]
    return [FeatureUse(name, users) for name, users in found.items()]


def measured(plan: Fact, month: MonthOfUse | None) -> dict[str, Decimal]:
    """The objectives of a plan that the month's figures answer, by their id."""
    if month is None:
        return {}
    counted = objectives.Counted(month.active, month.licensed, month.events, month.features, month.stickiness)
    return objectives.measured(plan.get("objectives") or (), counted)
