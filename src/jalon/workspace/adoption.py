"""Adoption for lists: the share of licensed people who came, month by month, from the projection of usage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps

MONTHS = 8


def months(account_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[float | None]]:
    """For each client, the last months' active share of its licences, oldest first; one query. Empty without usage."""
    try:
        usage: Any = apps.get_model("usage", "MonthlyUsage")
    except LookupError:
        return {}
    first = _back(now.year, now.month, MONTHS - 1)
    found: dict[int, list[float | None]] = {}
    rows = usage._default_manager.filter(
        account_id__in=account_ids, month__gte=f"{first[0]}-{first[1]:02d}-01"
    ).order_by("month")
    for account_id, active, licensed in rows.values_list("account_id", "active_users", "licensed_users"):
        found.setdefault(account_id, []).append(active / licensed if licensed else None)
    return found


def _back(year: int, month: int, count: int) -> tuple[int, int]:
    total = year * 12 + month - 1 - count
    return total // 12, total % 12 + 1
