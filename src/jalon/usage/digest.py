"""A month's use summed up as a fact: its counts, and a fingerprint of the events that they count."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from jalon.accounts.models import Account
from jalon.core.obligations import Side
from jalon.core.timekeeping.civil import add_months
from jalon.ledger import book
from jalon.usage import metrics, store

_SIGNED = """SELECT sha256(coalesce(string_agg(source || chr(31) || event_id, chr(30) ORDER BY source, event_id), '')) FROM events
  WHERE account_ref = ? AND occurred_at >= ? AND occurred_at < ? AND received_at <= ?"""


def fields(ref: str, month: date, known_at: datetime) -> dict[str, Any] | None:
    """The fields of a client's `usage.digest` for a month, as known at `known_at`; None without an event.

    The fingerprint is the SHA-256 of the (source, event id) of the events counted, in order: anyone with the events
    can compute it again.
    """
    found = metrics.months([ref], month, month, known_at).get(ref)
    if not found:
        return None
    one = found[0]
    known = metrics.utc(known_at)
    digest = store.query(_SIGNED, [ref, one.first, add_months(one.first, 1), known])[0][0]
    return {
        "period": f"{one.first:%Y-%m}", "mau": one.active_users, "dau_mean": str(Decimal(str(one.daily_users)).quantize(Decimal("0.0001"))),
        "licensed": one.licensed_users, "features_used": one.features_used, "rows": one.events, "sha256": digest,
    }  # fmt: skip


def record(account: Account, month: date, now: datetime) -> bool:
    """Record the digest of a month that is over, unless the last one recorded says the same; returns whether it was."""
    said = fields(account.ref, month, now)
    end = datetime.combine(add_months(month.replace(day=1), 1), time(0), ZoneInfo(account.zone))
    if said is None or now < end:
        return False
    told = [
        fact
        for fact in book.facts_of(account)
        if fact.kind == "usage.digest" and fact.get("period") == said["period"]
    ]
    if told and told[-1].get("sha256") == said["sha256"]:
        return False
    book.append(
        account, kind="usage.digest", at=end, fields=said, side=Side.SYSTEM, recorded_by="jalon", recorded_at=now, source="engine",
        idempotency_key=f"usage:{said['period']}:{said['sha256'][:16]}",
    )  # fmt: skip
    return True
