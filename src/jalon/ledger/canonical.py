"""The bytes of a fact: RFC 8785 canonical JSON of its whole envelope, chained by SHA-256 to the fact before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import rfc8785

from jalon.core.facts.model import Fact
from jalon.core.obligations import Side

SCHEMA = 1


def instant(at: datetime) -> str:
    """An instant as the ledger writes it: UTC, microseconds only where there are any, "Z"."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def envelope(fact: Fact, *, account: str, sequence: int, prev_sha256: str) -> dict[str, Any]:
    """Everything that is hashed, as JSON values."""
    return {
        "schema": SCHEMA,
        "account": account,
        "sequence": sequence,
        "id": fact.id,
        "kind": fact.kind,
        "at": instant(fact.at),
        "recorded_at": instant(fact.recorded_at),
        "side": fact.side.value,
        "recorded_by": fact.recorded_by,
        "source": fact.source,
        "visibility": fact.visibility,
        "evidence": [dict(part) for part in fact.evidence],
        "idempotency_key": fact.idempotency_key,
        "fields": dict(fact.fields),
        "prev_sha256": prev_sha256,
    }


def canonical(content: Mapping[str, Any]) -> bytes:
    """RFC 8785 bytes; money and other decimals are strings already, so no float is ever written."""
    return rfc8785.dumps(dict(content))


def sha256(content: bytes) -> str:
    """The hash, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def decode(content: bytes) -> Fact:
    """The fact that `canonical(envelope(...))` wrote."""
    read = json.loads(content)
    return Fact(
        id=read["id"],
        kind=read["kind"],
        at=datetime.fromisoformat(read["at"]),
        recorded_at=datetime.fromisoformat(read["recorded_at"]),
        side=Side(read["side"]),
        recorded_by=read["recorded_by"],
        fields=read["fields"],
        source=read["source"],
        visibility=read["visibility"],
        evidence=tuple(read["evidence"]),
        idempotency_key=read["idempotency_key"],
    )
