"""Objectives measured by use: the one place that says which figure answers which metric of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

NAMES = {
    "mau": "active_users", "active": "active_users", "seats": "licensed_users", "licensed": "licensed_users", "features": "features_used",
    "licensed_share": "licence_use", "seat_activation": "licence_use", "share_active": "licence_use",
}  # fmt: skip
"""Other names that plans give to the metrics of `metrics.METRICS`; what comes before a last dot is left out."""
SHARES = frozenset({"licence_use", "stickiness", "weekend_share"})
"""Metrics between 0 and 1."""
_PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Counted:
    """What is known of a client's month; None where it is not."""

    active_users: int | None = None
    licensed_users: int | None = None
    events: int | None = None
    features_used: int | None = None
    stickiness: Decimal | None = None
    weekend_share: Decimal | None = None


def metric(name: str) -> str:
    """The id of a metric from the name that a plan gives it."""
    last = name.rsplit(".", 1)[-1]
    return NAMES.get(last, last)


def is_share(name: str) -> bool:
    """Whether a plan's metric is one between 0 and 1."""
    return metric(name) in SHARES or metric(name) in ("share", "rate")


def value(name: str, month: Counted) -> Decimal | None:
    """What a month answers to a plan's metric; None where it does not."""
    wanted = metric(name)
    if wanted == "licence_use":
        return _ratio(month.active_users, month.licensed_users)
    if wanted == "depth":
        return _ratio(month.events, month.active_users)
    found = getattr(month, wanted, None) if wanted in Counted.__dataclass_fields__ else None
    return None if found is None else Decimal(found)


def measured(objectives: Iterable[Mapping[str, Any]], month: Counted) -> dict[str, Decimal]:
    """The objectives of a plan (its entries, in order) that a month answers, by their id; O1, O2… where they have none."""
    found = {}
    for k, entry in enumerate(objectives, start=1):
        answer = value(str(entry.get("metric") or ""), month)
        if answer is not None:
            found[str(entry.get("id") or f"O{k}")] = answer
    return found


def _ratio(part: int | None, whole: int | None) -> Decimal | None:
    if part is None or not whole:
        return None
    return (Decimal(part) / Decimal(whole)).quantize(_PLACES)
