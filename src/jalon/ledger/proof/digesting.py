"""A fingerprint of what is owed to and by each client: two homes that agree have the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from jalon.accounts.models import Account
from jalon.ledger import book


def digests(accounts: Iterable[Account], at: datetime) -> dict[str, str]:
    """A fingerprint of everything owed by both sides, client by client, as of `at` and as known at `at`."""
    found = {}
    for account in accounts:
        assessment = book.assessment_of(account, at, at, explain=False)
        rows: list[Any] = [
            (owed.key, owed.state.value, str(owed.due), str(owed.done_at), list(owed.evidence))
            for owed in (assessment.obligations if assessment else ())
        ]
        found[account.ref] = hashlib.sha256(json.dumps(sorted(rows)).encode()).hexdigest()
    return found
