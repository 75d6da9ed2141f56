"""What the usage store answers, in the review's own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from jalon.accounts.models import Account
from jalon.core.facts.model import Fact
from jalon.documents.review.model import FeatureUse, MonthOfUse


def months(account: Account, first: date, last: date, known_at: datetime) -> Sequence[MonthOfUse]:
    """Every month from `first` to `last`."""
    return ()


def features(account: Account, month: date, known_at: datetime) -> Sequence[FeatureUse]:
    """People by feature."""
    return ()


def measured(account: Account, plan: Fact, month: date, known_at: datetime) -> dict[str, Decimal]:
    """The objectives of a plan that usage can measure, by their id."""
    return {}
