"""A client's months for lists, derived from the events; dropped and rebuilt at will."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction

from jalon.accounts.models import Account
from jalon.usage import clients, metrics, store
from jalon.usage.lock import writing
from jalon.usage.models import MonthlyUsage, UsageClientName, UsageSegment


def refresh(refs: Sequence[str]) -> int:
    """Derive the months of these clients again; returns the number of rows."""
    accounts = {one.ref: one for one in Account.objects.filter(ref__in=refs)}
    if not accounts:
        return 0
    first, last = store.query("SELECT min(occurred_at)::DATE, max(occurred_at)::DATE FROM events")[0]
    found = metrics.months(
        list(accounts), first or date(2000, 1, 1), last or date(2000, 1, 1), weekends=False
    )
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


def bring_up(refs: Collection[str], segment: UsageSegment | None) -> None:
    """Derive the months that an import changed, and all of them where a writer before it died; for the holder of `writing()`.

    Outside the transaction that named the segment: questions take time, and nobody else could write meanwhile.
    """
    left = UsageSegment.objects.filter(projected=False)
    before = left.exclude(pk=segment.pk) if segment else left
    if before.exists():
        refs = set(Account.objects.values_list("ref", flat=True))
    refresh(sorted(refs))
    left.update(projected=True)


def catch_up() -> int:
    """Give events that came before their client to it, once it is there, and end what a dead writer left; returns the clients found."""
    waiting = set(UsageClientName.objects.filter(account=None).values_list("source", "name"))
    left = UsageSegment.objects.filter(projected=False)
    if not left.exists() and not (waiting and waiting & clients.known().refs.keys()):
        return 0
    with writing():
        found = clients.known()
        refs = {found.refs[name] for name in waiting & found.refs.keys()}
        bring_up(refs, None)
        # Written down last: after a crash before it, they are found again.
        clients.settle(found)
    return len(refs)


def rebuild() -> int:
    """Derive the months of every client again; returns the number of rows."""
    with writing():
        clients.settle(clients.known())
        rows = refresh(list(Account.objects.values_list("ref", flat=True)))
        UsageSegment.objects.filter(projected=False).update(projected=True)
    return rows


def give(row: UsageClientName, account: Account) -> None:
    """Write down that a name is `account`, and derive again the months of who had it and of who has it."""
    with writing(), transaction.atomic(durable=True):
        before = row.account.ref if row.account else clients.known().refs.get((row.source, row.name))
        row.account = account
        row.save(update_fields=["account"])
        refresh(sorted({account.ref, *([before] if before else [])}))
