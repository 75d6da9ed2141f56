"""A client's months for lists, derived from the events; dropped and rebuilt at will."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from jalon.accounts.models import Account
from jalon.usage import clients, metrics, store
from jalon.usage.lock import writing
from jalon.usage.models import MonthlyUsage, UsageClientName


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


def catch_up() -> int:
    """Give events that came before their client to it, once it is there; returns the number of clients found."""
    if not UsageClientName.objects.filter(account=None).exists():
        return 0
    waiting = set(UsageClientName.objects.filter(account=None).values_list("source", "name"))
    if not waiting & clients.known().refs.keys():
        return 0
    with writing(), transaction.atomic(durable=True):
        found = clients.settle(clients.known())
        refresh(sorted(found))
    return len(found)


def rebuild() -> int:
    """Derive the months of every client again; returns the number of rows."""
    with writing(), transaction.atomic(durable=True):
        clients.settle(clients.known())
        return refresh(list(Account.objects.values_list("ref", flat=True)))


def give(row: UsageClientName, account: Account) -> None:
    """Write down that a name is `account`, and derive again the months of who had it and of who has it."""
    with writing(), transaction.atomic(durable=True):
        before = row.account.ref if row.account else clients.known().refs.get((row.source, row.name))
        row.account = account
        row.save(update_fields=["account"])
        refresh(sorted({account.ref, *([before] if before else [])}))
