"""Obligations projected into rows for lists: derived in the append's transaction, dropped and rebuilt at will."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from jalon.accounts import agreements
from jalon.accounts.models import Account
from jalon.core import engine, measures
from jalon.core.facts.model import Fact
from jalon.core.obligations import LIVE, Assessment, Obligation, Side, State
from jalon.ledger import book
from jalon.ledger.models import AccountStanding, ProjectedObligation
from jalon.wording import pack

_COLUMNS = (
    "norm", "clause", "occurrence", "title", "debtor", "creditor", "state", "opens", "due", "due_on", "due_first",
    "due_first_on", "done_at", "wakes", "excuse", "shifts", "evidence", "trigger", "private", "said",
)  # fmt: skip


def project(account: Account, now: datetime) -> AccountStanding | None:
    """Derive the account's obligations as of `now` and write what changed; None while it has no agreement."""
    agreement = agreements.of(account)
    if agreement is None:
        return None
    facts = book.facts_of(account)
    assessment = engine.assess(agreement, facts, now, now, explain=False)
    with transaction.atomic():
        _write_obligations(account, assessment)
        return _write_standing(account, assessment, facts, now)


def _row(account: Account, owed: Obligation) -> ProjectedObligation:
    return ProjectedObligation(
        account=account,
        key=owed.key,
        norm=owed.norm,
        clause=owed.clause,
        occurrence=owed.occurrence,
        title=pack(owed.title),
        debtor=owed.debtor.value,
        creditor=owed.creditor.value,
        state=owed.state.value,
        opens=owed.opens,
        due=owed.due,
        due_on=owed.due_on,
        due_first=owed.due_first,
        due_first_on=owed.due_first_on,
        done_at=owed.done_at,
        wakes=owed.wakes,
        excuse={"kind": owed.excuse.kind, "said": pack(owed.excuse.said), "facts": list(owed.excuse.facts)}
        if owed.excuse
        else None,
        shifts=[
            {"kind": s.kind, "days": s.days, "said": pack(s.said), "facts": list(s.facts)}
            for s in owed.shifts
        ],
        evidence=list(owed.evidence),
        trigger=owed.trigger or "",
        private=owed.private,
        said=_said(owed),
    )


def _said(owed: Obligation) -> dict[str, Any]:
    said: dict[str, Any] = {"summary": pack(owed.summary)} if owed.summary else {}
    if owed.provisional:
        said["provisional"] = owed.provisional.value
    if owed.extra:
        said["extra"] = {
            name: str(value) if value is not None else None for name, value in owed.extra.items()
        }
    return said


def _write_obligations(account: Account, assessment: Assessment) -> None:
    there = {row.key: row for row in ProjectedObligation.objects.filter(account=account)}
    fresh: list[ProjectedObligation] = []
    changed: list[ProjectedObligation] = []
    # By key: two facts about one thing (a request opened twice under one reference) never make two rows of one promise.
    for owed in assessment.by_key().values():
        row = _row(account, owed)
        before = there.pop(row.key, None)
        if before is None:
            fresh.append(row)
        elif any(getattr(before, column) != getattr(row, column) for column in _COLUMNS):
            row.pk = before.pk
            changed.append(row)
    if there:
        ProjectedObligation.objects.filter(pk__in=[row.pk for row in there.values()]).delete()
    ProjectedObligation.objects.bulk_create(fresh, batch_size=400)
    ProjectedObligation.objects.bulk_update(changed, _COLUMNS, batch_size=50)


def _write_standing(
    account: Account, assessment: Assessment, facts: Sequence[Fact], now: datetime
) -> AccountStanding:
    values = standing_values(account, assessment, facts, now)
    standing, _created = AccountStanding.objects.update_or_create(account=account, defaults=values)
    return standing


def standing_values(
    account: Account, assessment: Assessment, facts: Sequence[Fact], now: datetime
) -> dict[str, Any]:
    """What one row of the portfolio says of an assessment: the row itself for now, one unsaved for any other moment."""
    owed = [one for one in assessment.obligations if not one.private]
    coming = min(
        (one for one in owed if one.state in LIVE and one.due and one.due > now),
        key=lambda one: (one.due, one.key),
        default=None,
    )
    ours, theirs = measures.kept(owed, Side.PROVIDER), measures.kept(owed, Side.CLIENT)
    wakes = [one.wakes for one in assessment.obligations if one.wakes]
    return {
        "state": assessment.standing.value,
        "level": assessment.level or "",
        "csm": assessment.csm,
        "csm_backup": assessment.csm_backup,
        "effective_on": assessment.effective_on,
        "ends_on": assessment.ends_on,
        "provider_late": _late(owed, Side.PROVIDER),
        "client_late": _late(owed, Side.CLIENT),
        "provider_kept": ours.kept,
        "provider_judged": ours.judged,
        "client_kept": theirs.kept,
        "client_judged": theirs.judged,
        "next_key": coming.key if coming else "",
        "next_title": pack(coming.title) if coming else None,
        "next_due": coming.due if coming else None,
        "next_due_on": coming.due_on if coming else None,
        "unpaid_late": measures.unpaid_late(facts, assessment) or Decimal(0),
        "suspended": any(until is None for _since, until in assessment.suspended),
        "wakes": min(wakes, default=None),
        "assessed_at": now,
        "sequence": book.checkpoint(account)[0],
    }


def _late(owed: Iterable[Obligation], side: Side) -> int:
    return sum(one.state == State.OVERDUE and one.debtor in (side, Side.BOTH) for one in owed)


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild found: clients derived, and rows that differed from the projection they replaced."""

    accounts: int
    differed: int


def rebuild(now: datetime, accounts: Iterable[Account] | None = None) -> Rebuilt:
    """Drop and derive again; `differed` counts rows that were not what the facts say at the instant they were assessed."""
    done = differed = 0
    for account in accounts if accounts is not None else Account.objects.exclude(agreement="").order_by("pk"):
        before = snapshot(account)
        with transaction.atomic():
            ProjectedObligation.objects.filter(account=account).delete()
            project(account, now)
        after = snapshot(account)
        differed += sum(before.get(key) != row for key, row in after.items()) + len(
            before.keys() - after.keys()
        )
        done += 1
    return Rebuilt(done, differed)


def snapshot(account: Account) -> dict[str, tuple[Any, ...]]:
    """The projection of a client by key, for comparing."""
    rows = ProjectedObligation.objects.filter(account=account).values_list("key", *_COLUMNS)
    return {row[0]: tuple(repr(value) for value in row[1:]) for row in rows}


def tick(now: datetime, limit: int = 200) -> int:
    """Wake the accounts in which time alone has changed something; returns how many this process woke.

    Each is claimed by compare-and-set on its wake-up time, so that several processes never do the same one twice.
    """
    woken = 0
    due = AccountStanding.objects.filter(wakes__lte=now).select_related("account").order_by("wakes")[:limit]
    for standing in due:
        with transaction.atomic():
            claimed = AccountStanding.objects.filter(pk=standing.pk, wakes=standing.wakes).update(wakes=None)
            if claimed:
                project(standing.account, now)
                woken += 1
    return woken
