"""A fingerprint of what is owed to and by each client: two homes that agree have the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from jalon.accounts import agreements
from jalon.accounts.models import Account
from jalon.core import engine
from jalon.ledger import book


def digests(
    accounts: Iterable[Account], at: datetime, sizes: Mapping[str, int] | None = None
) -> dict[str, tuple[int, str]]:
    """By client: how many facts, and a fingerprint of everything owed by both sides as of `at` from them.

    `sizes` limits each ledger to its first facts: a time would not do, since what tells of a backup is of its very instant.
    """
    found = {}
    for account in accounts:
        facts = book.facts_of(account)[: sizes.get(account.ref, 0) if sizes else None]
        agreement = agreements.of(account)
        owed = engine.assess(agreement, facts, at, at, explain=False).obligations if agreement else ()
        rows: list[Any] = [
            (one.key, one.state.value, str(one.due), str(one.done_at), list(one.evidence)) for one in owed
        ]
        found[account.ref] = len(facts), hashlib.sha256(json.dumps(sorted(rows)).encode()).hexdigest()
    return found
