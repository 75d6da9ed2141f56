"""Events at rest: append-only Parquet segments under a catalogue in the database; exact deduplication by (source, event id)."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
from django.conf import settings
from django.db import transaction

from jalon.usage.models import UsageSegment

COLUMNS = (
    ("source", "VARCHAR"), ("event_id", "VARCHAR"), ("account_ref", "VARCHAR"), ("actor", "VARCHAR"), ("user_ref", "VARCHAR"),
    ("feature", "VARCHAR"), ("session", "VARCHAR"), ("occurred_at", "TIMESTAMP"), ("received_at", "TIMESTAMP"), ("quantity", "BIGINT"),
)  # fmt: skip
"""Times are UTC. `account_ref` is null for an event that belongs to no client; `actor` is person or robot."""


@dataclass(frozen=True)
class Added:
    """What an append did: rows that are new, and rows that were there already, in the store or twice in the batch."""

    added: int
    duplicates: int


def home() -> Path:
    """The folder of the segments."""
    return Path(settings.USAGE_HOME)


def connect() -> duckdb.DuckDBPyConnection:
    """A connection in memory with the view `events` over every catalogued segment; no file that is not in the catalogue counts."""
    base = duckdb.connect()
    base.execute("SET TimeZone = 'UTC'")
    files = [
        str(home() / name) for name in UsageSegment.objects.order_by("pk").values_list("file", flat=True)
    ]
    if files:
        listed = ", ".join("'" + name.replace("'", "''") + "'" for name in files)
        base.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet([{listed}])")
    else:
        base.execute(f"CREATE TABLE events ({', '.join(f'{name} {kind}' for name, kind in COLUMNS)})")
    return base


def query(sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """Rows of a question over the view `events`."""
    with connect() as base:
        return base.execute(sql, parameters or []).fetchall()


def append(base: duckdb.DuckDBPyConnection, table: str, *, source: str, now: datetime) -> Added:
    """Append the rows of `table` (with COLUMNS, in a connection of `connect`) that are new to `source`.

    The file is written aside, flushed to the disk, renamed, then named in the catalogue in one transaction: a crash
    before that leaves a file that never counts.
    """
    given = _count(base, f"SELECT count(*) FROM {table}")
    base.execute(
        f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT * EXCLUDE (n) FROM (SELECT *, row_number() OVER (PARTITION BY event_id ORDER BY received_at, occurred_at) n FROM {table}) "
        "WHERE n = 1 AND event_id NOT IN (SELECT event_id FROM events WHERE source = ?) ORDER BY account_ref, occurred_at",
        [source],
    )
    added = _count(base, "SELECT count(*) FROM fresh")
    if added:
        _write(base, source, added, now)
    return Added(added, given - added)


def _count(base: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = base.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _write(base: duckdb.DuckDBPyConnection, source: str, rows: int, now: datetime) -> None:
    home().mkdir(parents=True, exist_ok=True)
    name = f"{now:%Y%m%dT%H%M%S}-{uuid4().hex[:12]}.parquet"
    aside = home() / f".{name}.part"
    base.execute(f"COPY fresh TO '{aside}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000)")
    with aside.open("rb+") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
        os.fsync(written.fileno())
    aside.rename(home() / name)
    first, last = base.execute("SELECT min(occurred_at), max(occurred_at) FROM fresh").fetchone() or (
        None,
        None,
    )
    zone = now.tzinfo
    with transaction.atomic():
        UsageSegment.objects.create(
            file=name,
            source=source,
            rows=rows,
            first=first.replace(tzinfo=zone),
            last=last.replace(tzinfo=zone),
            sha256=digest,
            added_at=now,
        )
