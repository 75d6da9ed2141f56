"""A client's months for lists, derived from the events; dropped and rebuilt at will."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from jalon.accounts.models import Account
from jalon.usage import metrics, store
from jalon.usage.models import MonthlyUsage


def refresh(refs: Sequence[str]) -> int:
    """Derive the months of these clients again; returns the number of rows."""
    accounts = {one.ref: one for one in Account.objects.filter(ref__in=refs)}
    if not accounts:
        return 0
    first, last = store.query("SELECT min(occurred_at)::DATE, max(occurred_at)::DATE FROM events")[0]
    found = metrics.months(list(accounts), first or date(2000, 1, 1), last or date(2000, 1, 1))
    rows = [
        MonthlyUsage(
            account=accounts[ref], month=one.month, active_users=one.active_users, licensed_users=one.licensed_users, events=one.events,
            features=one.features_used, stickiness=one.stickiness,
        )
        for ref, figures in found.items() for one in figures
    ]  # fmt: skip
    with transaction.atomic():
        MonthlyUsage.objects.filter(account__in=accounts.values()).delete()
        MonthlyUsage.objects.bulk_create(rows, batch_size=500)
    return len(rows)
