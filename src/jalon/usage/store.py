"""Events at rest: append-only Parquet segments under a catalogue in the database; exact deduplication by (source, event id)."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
from django.conf import settings
from django.db import transaction

from jalon.accounts.models import Account
from jalon.usage import clients
from jalon.usage.lock import writing
from jalon.usage.models import LicensedSeat, UsageSegment

COLUMNS = (
    ("source", "VARCHAR"), ("event_id", "VARCHAR"), ("account_ref", "VARCHAR"), ("actor", "VARCHAR"), ("user_ref", "VARCHAR"),
    ("feature", "VARCHAR"), ("session", "VARCHAR"), ("occurred_at", "TIMESTAMP"), ("received_at", "TIMESTAMP"), ("quantity", "BIGINT"),
)  # fmt: skip
"""What every event says. Times are UTC. `account_ref` is the client as the source calls it, null for an event that
belongs to no client; `actor` is person or robot."""
MORE = (("offset_min", "INTEGER"), ("properties", "VARCHAR"))
"""What an event may say beside: minutes from UTC where it happened, and all its other columns, as a JSON object."""


@dataclass(frozen=True)
class Added:
    """What an append did: rows that are new, and rows that were there already, in the store or twice in the batch."""

    added: int
    duplicates: int


def home() -> Path:
    """The folder of the segments."""
    return Path(settings.USAGE_HOME)


def connect() -> duckdb.DuckDBPyConnection:
    """A connection in memory with the view `events` over every catalogued segment; no file that is not in the catalogue counts.

    In the view `account_ref` is the ref of the client that the event belongs to, as clients are now, and `account_name`
    what the source calls it; `local_at` is the time on the clock where it happened, else in the client's zone.
    """
    base = duckdb.connect()
    base.execute("SET TimeZone = 'UTC'")
    base.execute(f"CREATE TABLE no_event ({', '.join(f'{name} {kind}' for name, kind in COLUMNS + MORE)})")
    base.execute("CREATE TABLE client_of (source VARCHAR, name VARCHAR, ref VARCHAR, zone VARCHAR)")
    zones = dict(Account.objects.values_list("ref", "zone"))
    rows = [(source, name, ref, zones.get(ref)) for (source, name), ref in clients.known().refs.items()]
    if rows:
        fill(base, "client_of", rows)
    base.execute(f"""CREATE VIEW events AS SELECT e.source, event_id, c.ref AS account_ref, e.account_ref AS account_name,
        e.* EXCLUDE (source, event_id, account_ref),
        coalesce(occurred_at + to_minutes(offset_min), timezone(coalesce(zone, 'UTC'), occurred_at::TIMESTAMPTZ)) AS local_at
      FROM ({_stored(list(UsageSegment.objects.order_by("pk").values_list("file", flat=True)))}) e
      LEFT JOIN client_of c ON c.source = e.source AND c.name = e.account_ref""")
    return base


def fill(base: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    import pyarrow

    width = range(len(rows[0]))
    base.register("filling", pyarrow.table({f"c{n}": [row[n] for row in rows] for n in width}))
    base.execute(f"INSERT INTO {table} SELECT * FROM filling")
    base.unregister("filling")


def _stored(files: list[str]) -> str:
    """SQL for the rows of these segments; those written before a column existed have it null."""
    if not files:
        return "SELECT * FROM no_event"
    listed = ", ".join("'" + str(home() / name).replace("'", "''") + "'" for name in files)
    return f"SELECT * FROM no_event UNION ALL BY NAME SELECT * FROM read_parquet([{listed}], union_by_name = true)"


def with_seats(base: duckdb.DuckDBPyConnection) -> None:
    """Add the table `seats` to a connection of `connect`: account_ref, account_name, user_ref, since, until, attributes (JSON)."""
    import json

    base.execute(
        "CREATE TABLE seats (account_ref VARCHAR, account_name VARCHAR, user_ref VARCHAR, since DATE, until DATE, attributes VARCHAR)"
    )
    rows = [
        (ref, name, user, since, until, json.dumps(more, ensure_ascii=False))
        for ref, name, user, since, until, more in LicensedSeat.objects.values_list(
            "account__ref", "account__name", "user_ref", "since", "until", "attributes"
        )
    ]
    if rows:
        fill(base, "seats", rows)


def query(sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """Rows of a question over the view `events`."""
    with connect() as base:
        return base.execute(sql, parameters or []).fetchall()


def append(base: duckdb.DuckDBPyConnection, table: str, *, source: str, now: datetime) -> Added:
    """Append the rows of `table` (with COLUMNS, and MORE if it has them) that are new to `source`, as the only writer.

    Not inside a transaction: the catalogue is committed before another writer reads it.
    """
    names = [
        row[0]
        for row in base.execute(
            f"SELECT DISTINCT account_ref FROM {table} WHERE account_ref IS NOT NULL"
        ).fetchall()
    ]
    with writing():
        segment, added = write(base, table, source=source, now=now)
        with transaction.atomic(durable=True):
            if segment:
                segment.save()
            clients.meet(source, names, create=False, now=now)
    return added


def write(
    base: duckdb.DuckDBPyConnection, table: str, *, source: str, now: datetime
) -> tuple[UsageSegment | None, Added]:
    """Write what is new to `source` in `table` into a file; the file counts once its row, returned unsaved, is saved.

    For the holder of `writing()` alone: what is new is told by the catalogue as it is now, whatever was read before.
    The file is written aside, flushed to the disk and renamed, and its folder flushed: a crash leaves a file that
    never counts, and that the next writer removes.
    """
    sweep()
    added = fresh(base, table, source)
    return (_file(base, source, added.added, now) if added.added else None), added


def fresh(base: duckdb.DuckDBPyConnection, table: str, source: str) -> Added:
    """Put what is new to `source` in `table`, by the catalogue as it is now, into the temporary table `fresh`."""
    files = list(UsageSegment.objects.filter(source=source).order_by("pk").values_list("file", flat=True))
    given = count(base, f"SELECT count(*) FROM {table}")
    rows = f"SELECT * FROM no_event UNION ALL BY NAME SELECT * FROM {table}"
    if count(base, f"SELECT count(DISTINCT event_id) FROM {table}") < given:
        # Of an event that is there twice, what was known first stays.
        rows = f"""SELECT * FROM ({rows}) QUALIFY row_number() OVER (
            PARTITION BY event_id ORDER BY received_at, occurred_at, account_ref, user_ref, feature) = 1"""
    if files:
        rows = f"SELECT g.* FROM ({rows}) g ANTI JOIN ({_stored(files)}) s ON s.event_id = g.event_id AND s.source = '{_quoted(source)}'"
    base.execute(f"CREATE OR REPLACE TEMP TABLE fresh AS {rows} ORDER BY account_ref, occurred_at")
    added = count(base, "SELECT count(*) FROM fresh")
    return Added(added, given - added)


def count(base: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The single number that a question gives."""
    row = base.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def sweep() -> int:
    """Remove the files that are not in the catalogue: a writer died before it named them. For the holder of `writing()`."""
    named = set(UsageSegment.objects.values_list("file", flat=True))
    orphans = [
        path for path in (*home().glob("*.parquet"), *home().glob(".*.part")) if path.name not in named
    ]
    for path in orphans:
        path.unlink()
    return len(orphans)


def _file(base: duckdb.DuckDBPyConnection, source: str, rows: int, now: datetime) -> UsageSegment:
    name = f"{now:%Y%m%dT%H%M%S}-{uuid4().hex[:12]}.parquet"
    aside = home() / f".{name}.part"
    base.execute(
        f"COPY fresh TO '{_quoted(str(aside))}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 50000)"
    )
    with aside.open("rb+") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
        os.fsync(written.fileno())
    aside.rename(home() / name)
    flush(home())
    first, last = base.execute("SELECT min(occurred_at), max(occurred_at) FROM fresh").fetchone() or (
        now,
        now,
    )
    return UsageSegment(
        file=name, source=source, rows=rows, first=first.replace(tzinfo=UTC), last=last.replace(tzinfo=UTC), sha256=digest, added_at=now,
    )  # fmt: skip


def flush(folder: Path) -> None:
    """Make the names in a folder last through a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
