"""Measure how fast usage comes in, against plain DuckDB doing the least that keeps each event once, in the same run.

Times on a shared machine are noisy: read the ratios. `EVENTS=100000 .venv/bin/python bench/usage.py` for a quicker look.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb

EVENTS = int(os.environ.get("EVENTS", "500000"))
NOW = datetime(2026, 6, 5, 8, tzinfo=UTC)
ROWS = """SELECT 'e_' || (i * 0.99)::BIGINT AS event_id, 'client-' || (i % 97) AS account_id, 'u_' || (i * 7919 % 20011) AS user_id,
  'feature ' || (i % 23) AS feature, 's_' || i // 5 AS session_id, TIMESTAMP '2026-01-01' + to_seconds(i * 13 % 12960000) AS occurred_at,
  TIMESTAMP '2026-01-01' + to_seconds(i * 13 % 12960000 + i % 90) AS received_at, 1 + i % 4 AS clicks, i % 11 AS plan FROM range({n}) r(i)"""


def main() -> int:
    """Make the files, measure, print; returns an exit code."""
    home = Path(tempfile.mkdtemp(prefix="jalon-bench-usage-"))
    os.environ |= {
        "JALON_HOME": str(home),
        "JALON_DATABASE": "",
        "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
    }
    try:
        return measure(home)
    finally:
        shutil.rmtree(home)


def measure(home: Path) -> int:
    """The whole bench, in a home of its own."""
    import django

    django.setup()
    from jalon.config.running import run_setup
    from jalon.usage import importing, metrics

    run_setup(None, NOW)  # type: ignore[arg-type]
    files = {kind: home / f"events.{kind}" for kind in ("parquet", "csv")}
    for kind, file in files.items():
        form = (
            "FORMAT parquet"
            if kind == "parquet"
            else "FORMAT csv, HEADER, TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%SZ'"
        )
        duckdb.sql(f"COPY ({ROWS.format(n=EVENTS)}) TO '{file}' ({form})")
    for kind, file in files.items():
        reference = timed(lambda file=file: plain(file, home / "reference.parquet"))
        taken = timed(
            lambda file=file, kind=kind: importing.take(file, source=kind, now=NOW, create_clients=True)
        )
        again = timed(lambda file=file, kind=kind: importing.take(file, source=kind, now=NOW))
        print(
            f"{kind:<8} {EVENTS / taken:>9,.0f} events/s   x{taken / reference:4.1f} of plain DuckDB (DISTINCT ON the id, COPY TO parquet); "
            f"the same file again {EVENTS / again:>9,.0f} events/s"
        )
    refs = [f"client-{n}" for n in range(97)]
    asked = timed(lambda: metrics.months(refs, NOW.date().replace(month=1), NOW.date()))
    print(f"the months of {len(refs)} clients over {2 * EVENTS:,} events: {asked:.2f} s")
    return 0


def plain(file: Path, out: Path) -> None:
    """The least that keeps each event once."""
    duckdb.sql(
        f"COPY (SELECT DISTINCT ON (event_id) * FROM '{file}') TO '{out}' (FORMAT parquet, COMPRESSION zstd)"
    )


def timed(action: object) -> float:
    """Seconds that it took."""
    start = time.perf_counter()
    action()  # type: ignore[operator]
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
