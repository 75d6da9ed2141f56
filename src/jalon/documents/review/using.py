"""What the usage store answers, in the review's own words. The only module of documents that knows its names."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jalon.accounts.models import Account
from jalon.core.facts.model import Fact
from jalon.documents.review.model import FeatureUse, MonthOfUse

_OF_A_MONTH: Mapping[str, Callable[[MonthOfUse], Decimal | None]] = {
    "active_users": lambda m: None if m.active is None else Decimal(m.active),
    "licensed_users": lambda m: None if m.licensed is None else Decimal(m.licensed),
    "events": lambda m: None if m.events is None else Decimal(m.events),
    "features_used": lambda m: None if m.features is None else Decimal(m.features),
    "licensed_share": lambda m: _ratio(m.active, m.licensed),
}
"""The metrics of a plan that a month's figures answer by themselves."""
_OTHER_NAMES = {"mau": "active_users", "active": "active_users", "seats": "licensed_users", "features": "features_used",
                "seat_activation": "licensed_share", "share_active": "licensed_share"}  # fmt: skip


def _store() -> Any | None:
    """`jalon.usage.metrics`, or None in an installation without product usage."""
    if importlib.util.find_spec("jalon.usage.metrics") is None:
        return None
    return importlib.import_module("jalon.usage.metrics")


def months(account: Account, first: date, last: date, known_at: datetime) -> Sequence[MonthOfUse]:
    """Every month from `first` to `last`, as known at `known_at`; nothing where no usage is kept."""
    store = _store()
    if store is None:
        return ()
    rows = store.months([account.ref], first, last, known_at=known_at).get(account.ref, ())
    return [_month(row) for row in rows]


def _month(row: Any) -> MonthOfUse:
    month = row.month if isinstance(row.month, date) else date.fromisoformat(f"{str(row.month)[:7]}-01")
    return MonthOfUse(
        month.replace(day=1), _whole(row, "active_users"), _whole(row, "licensed_users"), _whole(row, "events"), _whole(row, "features_used")
    )  # fmt: skip


def _whole(row: Any, name: str) -> int | None:
    found = getattr(row, name, None)
    if isinstance(found, list | tuple | set | frozenset):
        return len(found)
    return None if found is None else int(found)


def features(account: Account, month: date, known_at: datetime) -> Sequence[FeatureUse]:
    """People by feature in a month."""
    store = _store()
    if store is None or not hasattr(store, "features"):
        return ()
    found = store.features([account.ref], month, month, known_at=known_at).get(account.ref, {})
    return [FeatureUse(str(name), int(users)) for name, users in dict(found).items()]


def measured(plan: Fact, month: MonthOfUse | None) -> dict[str, Decimal]:
    """The objectives of a plan that the month's figures answer, by their id."""
    if month is None:
        return {}
    found = {}
    for k, entry in enumerate(plan.get("objectives") or (), start=1):
        metric = str(entry.get("metric") or "").rsplit(".", 1)[-1]
        answer = _OF_A_MONTH.get(_OTHER_NAMES.get(metric, metric))
        value = answer(month) if answer else None
        if value is not None:
            found[str(entry.get("id") or f"O{k}")] = value
    return found


def _ratio(part: int | None, whole: int | None) -> Decimal | None:
    if part is None or not whole:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001"))
