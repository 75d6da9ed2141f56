"""Bring events in from a file: each row is added, known already, or kept aside with its reason; all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
from django.db import transaction

from jalon.core.text import Text, _
from jalon.ledger.importing.reading import Unreadable
from jalon.usage import clients, lock, mapping, projection, reading, store
from jalon.usage.models import UsageImport, UsageRefusal
from jalon.wording import pack

Progress = Callable[[float], None]
"""Told the share of the work that is done, 0 to 1."""
KNOWN_AT = ("import", "occurred")
"""When an event without a time of reception was known: at its import, or when it happened."""
ASIDE = 1000
"""Refused rows written at a time."""
READING = 0.85
"""The share of the work that reading a file is."""


@dataclass(frozen=True)
class Options:
    """How a file is taken."""

    source: str
    mapping: Mapping[str, str] = field(default_factory=dict)  # field -> column
    create_clients: bool = False
    dry_run: bool = False
    received_at: str = "import"  # one of KNOWN_AT


@dataclass(frozen=True)
class Report:
    """What became of every row."""

    rows: int
    added: int
    duplicates: int
    refused: dict[str, int] = field(default_factory=dict)  # code of the reason -> rows
    names: dict[str, int] = field(default_factory=dict)  # client that is not known, or "" -> rows
    unclear: list[Text] = field(
        default_factory=list
    )  # what is asked about names that could be the same client
    created: int = 0

    @property
    def unmatched(self) -> int:
        """Rows that belong to no client as clients are now."""
        return sum(self.names.values())


def take(
    path: Path,
    *,
    source: str,
    now: datetime,
    by: str = "",
    mapping: Mapping[str, str] | None = None,
    create_clients: bool = False,
    dry_run: bool = False,
    received_at: str = "import",
    progress: Progress = lambda share: None,
) -> Report:
    """Bring one file in; the same file again adds nothing. Raises Unreadable, and takes nothing, when it is no table of events."""
    options = Options(source, mapping or {}, create_clients, dry_run, received_at)
    batch = UsageImport(name=path.name[:200], source=source, by=by, started_at=now)
    return run(path, options, batch, now, progress)


def run(
    path: Path, options: Options, batch: UsageImport, now: datetime, progress: Progress = lambda share: None
) -> Report:
    """Bring one file in and write its report on `batch`, saved in the same transaction as what it brought."""
    if not options.source.strip() or len(options.source) > 80:
        raise Unreadable(
            _(
                "A source needs a name of at most 80 characters: the product or system that the events come from."
            )
        )
    with store.connect() as base:
        rows, refused = _stage(base, path, options, now, progress)
        report = _tried(base, options, rows, refused, now) if options.dry_run else None
        if report is None:
            report = _taken(base, options, rows, refused, batch, now)
    progress(1.0)
    return report


def _stage(
    base: duckdb.DuckDBPyConnection, path: Path, options: Options, now: datetime, progress: Progress
) -> tuple[int, dict[str, int]]:
    """Read the file into the tables `good` and `aside` of the connection; returns the rows, and the refused ones by reason."""
    file = reading.opened(path)
    fields = mapping.chosen(file, options.mapping)
    seen: set[str] = set()
    refused_rows = 0
    columns = ", ".join(f"{name} {kind}" for name, kind in store.COLUMNS + store.MORE)
    base.execute(f"CREATE TEMP TABLE given ({columns}, line BIGINT, reason VARCHAR)")
    base.execute("CREATE TEMP TABLE aside (line BIGINT, reason VARCHAR, content VARCHAR)")
    base.execute("CREATE TEMP VIEW good AS SELECT * EXCLUDE (line, reason) FROM given WHERE reason IS NULL")
    moment = f"TIMESTAMP '{now.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}'"
    known = moment if options.received_at == "import" else "jalon_at"
    for piece in file.pieces:
        seen |= set(piece.table.column_names) - {reading.LINE, reading.TEXT}
        if piece.table.num_rows:
            base.register("piece", piece.table)
            kinds = {row[0]: row[1] for row in base.execute("DESCRIBE piece").fetchall()}
            said = mapping.statement(
                piece.table.column_names, kinds, fields, source=options.source, known=known, now=moment
            )
            base.execute(f"INSERT INTO given {said}")
            found = store.count(base, "SELECT count(*) FROM given WHERE reason IS NOT NULL")
            if found > refused_rows:
                base.execute(f"INSERT INTO aside {mapping.contents(piece.table.column_names)}")
            refused_rows = found
            base.unregister("piece")
        if piece.broken:
            lines = [
                (line, why, json.dumps({"text": text}, ensure_ascii=False))
                for line, why, text in piece.broken
            ]
            store.fill(base, "aside", lines)
        progress(piece.share * READING)
    if file.kind == "json":
        mapping.lacking({name for name, names in fields.items() if seen.intersection(names)}, sorted(seen))
    refused = dict(base.execute("SELECT reason, count(*) FROM aside GROUP BY 1 ORDER BY 1").fetchall())
    rows = store.count(base, "SELECT count(*) FROM good") + sum(refused.values())
    if not rows:
        raise Unreadable(_("The file is empty."))
    return rows, refused


def _names(base: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The clients that the rows name, "" for rows that name none, with the number of rows of each."""
    return dict(
        base.execute("SELECT coalesce(account_ref, ''), count(*) FROM good GROUP BY 1 ORDER BY 1").fetchall()
    )


def _tried(
    base: duckdb.DuckDBPyConnection, options: Options, rows: int, refused: dict[str, int], now: datetime
) -> Report:
    """The report that the import would give now."""
    names = _names(base)
    added = store.fresh(base, "good", options.source)
    with transaction.atomic():
        met = clients.meet(options.source, filter(None, names), create=options.create_clients, now=now)
        transaction.set_rollback(True)
    return _report(rows, added, refused, names, met, options.source)


def _taken(
    base: duckdb.DuckDBPyConnection,
    options: Options,
    rows: int,
    refused: dict[str, int],
    batch: UsageImport,
    now: datetime,
) -> Report:
    names = _names(base)
    with lock.writing():
        segment, added = store.write(base, "good", source=options.source, now=now)
        with transaction.atomic(durable=True):
            if segment:
                segment.projected = False
                segment.save()
            met = clients.meet(options.source, filter(None, names), create=options.create_clients, now=now)
            report = _report(rows, added, refused, names, met, options.source)
            write_report(batch, report, now)
            _keep_aside(base, batch)
        mine = {ref for (one, name), ref in met.refs.items() if one == options.source and name in names}
        projection.bring_up(mine | met.settled, segment)
    return report


def _report(
    rows: int,
    added: store.Added,
    refused: dict[str, int],
    names: Mapping[str, int],
    met: clients.Met,
    source: str,
) -> Report:
    nobody = {name: n for name, n in names.items() if (source, name) not in met.refs}
    asked = clients.sentences(met.unclear, source)
    return Report(rows, added.added, added.duplicates, refused, nobody, asked, met.made)


def write_report(batch: UsageImport, report: Report, now: datetime) -> None:
    batch.rows, batch.added, batch.duplicates, batch.refused = (
        report.rows,
        report.added,
        report.duplicates,
        report.refused,
    )
    batch.unmatched, batch.created = report.names, report.created
    batch.unclear = [pack(text) for text in report.unclear]
    batch.state, batch.percent, batch.ended_at = UsageImport.State.DONE, 100, now
    batch.save()


def _keep_aside(base: duckdb.DuckDBPyConnection, batch: UsageImport) -> None:
    rows = base.execute("SELECT line, reason, content FROM aside ORDER BY line").fetchall()
    several: Iterable[Any] = iter(rows)
    while some := list(islice(several, ASIDE)):
        UsageRefusal.objects.bulk_create(
            [
                UsageRefusal(batch=batch, line=line, reason=why, content=json.loads(content))
                for line, why, content in some
            ]
        )
