"""Bring events in from CSV, NDJSON or Parquet: known columns are found by name, bad rows are kept aside with their reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from django.db import transaction
from django.utils.text import slugify

from jalon.accounts.models import Account
from jalon.usage import projection, store
from jalon.usage.models import LicensedSeat, UsageImport, UsageRefusal

KNOWN: Mapping[str, tuple[str, ...]] = {
    "event_id": ("event_id", "messageId", "message_id", "id"),
    "account": ("account_id", "account", "groupId", "group_id", "client"),
    "actor": ("account_kind", "actor"),
    "user": ("user_id", "userId", "user", "id_student"),
    "feature": ("feature", "event"),
    "session": ("session_id", "session"),
    "occurred_at": ("occurred_at", "timestamp", "originalTimestamp", "occurred_on", "date"),
    "received_at": ("received_at", "receivedAt", "sentAt"),
    "quantity": ("quantity", "clicks", "count"),
}
"""The names by which each field is known, the first found wins; `--map field=column` says otherwise."""
KEPT_ASIDE = 1000
"""Refused rows kept for mending, a batch; all are counted."""


class Unreadable(ValueError):
    """A file that is no table of events: what it lacks, and what it has."""


@dataclass(frozen=True)
class Report:
    """What became of every row."""

    rows: int
    added: int
    duplicates: int
    refused: dict[str, int] = field(default_factory=dict)
    unmatched: int = 0
    created: int = 0


def read(path: Path) -> str:
    """How DuckDB reads a file, by its ending."""
    name = str(path).replace("'", "''")
    ending = "".join(path.suffixes).lower()
    if ending.endswith(".parquet"):
        return f"read_parquet('{name}')"
    if ".json" in ending or ".ndjson" in ending:
        return f"read_json_auto('{name}', format = 'newline_delimited', ignore_errors = true)"
    return f"read_csv_auto('{name}', all_varchar = true)"


def columns(base: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """The columns of a file; Unreadable when it cannot be read."""
    try:
        return [row[0] for row in base.execute(f"DESCRIBE SELECT * FROM {read(path)}").fetchall()]
    except duckdb.Error as error:
        raise Unreadable(f"{path.name}: {error}") from error


def chosen(found: list[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """The column of each field; Unreadable when a field that every event has is missing."""
    taken = {}
    for name, names in KNOWN.items():
        wanted = mapping.get(name)
        if wanted and wanted not in found:
            raise Unreadable(f"there is no column “{wanted}”; the columns are {', '.join(found)}")
        column = wanted or next((one for one in names if one in found), None)
        if column:
            taken[name] = column
    missing = [name for name in ("account", "user", "occurred_at") if name not in taken]
    if missing:
        raise Unreadable(
            f"no column for {', '.join(missing)}; the columns are {', '.join(found)}: say which with --map field=column"
        )
    return taken


def take(
    path: Path,
    *,
    source: str,
    now: datetime,
    by: str = "",
    mapping: Mapping[str, str] | None = None,
    create_clients: bool = False,
    dry_run: bool = False,
) -> Report:
    """Bring one file in; the same file again adds nothing. Unreadable, and nothing is taken, when it is no table of events."""
    with store.connect() as base:
        fields = chosen(columns(base, path), mapping or {})
        base.execute(_as_events(path, fields, source))
        refused = dict(
            base.execute("SELECT reason, count(*) FROM given WHERE reason IS NOT NULL GROUP BY 1").fetchall()
        )
        rows = int((base.execute("SELECT count(*) FROM given").fetchone() or (0,))[0])
        base.execute(
            "CREATE TEMP TABLE good AS SELECT * EXCLUDE (reason, line) FROM given WHERE reason IS NULL"
        )
        unmatched = int(
            (base.execute("SELECT count(*) FROM good WHERE account_ref IS NULL").fetchone() or (0,))[0]
        )
        if dry_run:
            return Report(rows, 0, 0, refused, unmatched)
        created = _clients(base, now, create=create_clients)
        with transaction.atomic():
            added = store.append(base, "good", source=source, now=now)
            batch = UsageImport.objects.create(
                name=path.name,
                source=source,
                rows=rows,
                added=added.added,
                duplicates=added.duplicates,
                refused=refused,
                by=by,
                ended_at=now,
            )
            _keep_aside(base, batch)
        touched = [
            row[0]
            for row in base.execute(
                "SELECT DISTINCT account_ref FROM good WHERE account_ref IS NOT NULL"
            ).fetchall()
        ]
    projection.refresh(touched)
    return Report(rows, added.added, added.duplicates, refused, unmatched, created)


def _as_events(path: Path, fields: Mapping[str, str], source: str) -> str:
    def column(name: str, otherwise: str = "NULL") -> str:
        return f'"{fields[name]}"' if name in fields else otherwise

    # A time with an offset is brought to UTC; one without is UTC already (the connection's zone).
    occurred = _utc(column("occurred_at"))
    # An event that says nothing of its reception was known when it happened: there is no other date to give it.
    received = f"coalesce({_utc(column('received_at'))}, {occurred})"
    # Without an identifier of its own, an event is told by all that it says: the same row twice is the same event.
    identifier = f"{column('event_id')}::VARCHAR" if "event_id" in fields else "md5(raw::VARCHAR)"
    account = f"nullif(trim({column('account')}::VARCHAR), '')"
    safe = source.replace("'", "''")
    return f"""CREATE TEMP TABLE given AS SELECT
        '{safe}' AS source, {identifier} AS event_id, {account} AS account_ref,
        CASE WHEN {column("actor", "''")}::VARCHAR IN ('bot', 'robot') THEN 'robot' ELSE 'person' END AS actor,
        nullif(trim({column("user")}::VARCHAR), '') AS user_ref, {column("feature")}::VARCHAR AS feature, {column("session")}::VARCHAR AS session,
        {occurred} AS occurred_at, {received} AS received_at, coalesce(try_cast({column("quantity")} AS BIGINT), 1) AS quantity, line,
        CASE WHEN {occurred} IS NULL THEN 'no readable time' WHEN {identifier} IS NULL THEN 'no identifier' END AS reason
      FROM (SELECT *, raw, row_number() OVER () AS line FROM {read(path)} AS raw)"""


def _utc(column: str) -> str:
    """SQL for a column's instant as a UTC timestamp, null where it is no time."""
    return f"make_timestamp(epoch_us(try_cast({column} AS TIMESTAMPTZ)))"


def ref_of(name: str) -> str:
    """The ref of the client that events call `name`."""
    return slugify(name.replace("_", "-").replace("/", "-"))[:80]


def _clients(base: duckdb.DuckDBPyConnection, now: datetime, *, create: bool) -> int:
    """Events carry the refs of their clients, whatever they call them; with `create`, those not there yet are made."""
    named = [
        row[0]
        for row in base.execute(
            "SELECT DISTINCT account_ref FROM good WHERE account_ref IS NOT NULL ORDER BY 1"
        ).fetchall()
    ]
    there = set(Account.objects.values_list("ref", flat=True))
    refs = {name: name if name in there else ref_of(name) for name in named}
    fresh = {ref: name for name, ref in refs.items() if ref not in there} if create else {}
    Account.objects.bulk_create([Account(ref=ref, name=name, created_at=now) for ref, name in fresh.items()])
    base.execute("CREATE TEMP TABLE refs (name VARCHAR, ref VARCHAR)")
    if refs:
        base.executemany("INSERT INTO refs VALUES (?, ?)", list(refs.items()))
    base.execute("UPDATE good SET account_ref = refs.ref FROM refs WHERE refs.name = good.account_ref")
    return len(fresh)


def _keep_aside(base: duckdb.DuckDBPyConnection, batch: UsageImport) -> None:
    rows = base.execute(
        f"SELECT line, reason, event_id, account_ref, user_ref, feature FROM given WHERE reason IS NOT NULL LIMIT {KEPT_ASIDE}"
    ).fetchall()
    names = ("event_id", "account_ref", "user_ref", "feature")
    UsageRefusal.objects.bulk_create(
        [
            UsageRefusal(batch=batch, line=line, reason=reason, content=dict(zip(names, rest, strict=True)))
            for line, reason, *rest in rows
        ]
    )


def take_seats(path: Path, *, account: str, user: str, prefix: tuple[str, ...] = ()) -> int:
    """The people who may use the product, from a file: `account` is the column of the client, or several joined by `/`."""
    with duckdb.connect() as base:
        parts = " || '/' || ".join(f'"{name}"::VARCHAR' for name in (*prefix, account))
        rows = base.execute(f'SELECT DISTINCT {parts}, "{user}"::VARCHAR FROM {read(path)}').fetchall()
    known: dict[str, Any] = {one.ref: one for one in Account.objects.all()}
    refs = {name: slugify(str(name).replace("_", "-").replace("/", "-"))[:80] for name, _user in rows}
    seats = [
        LicensedSeat(account=known[refs[name]], user_ref=person)
        for name, person in rows
        if refs[name] in known
    ]
    LicensedSeat.objects.bulk_create(seats, ignore_conflicts=True, batch_size=1000)
    projection.refresh(sorted({seat.account.ref for seat in seats}))
    return len(seats)
