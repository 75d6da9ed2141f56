"""Real processes: two imports at once count an event once; one killed at the worst moment leaves nothing that counts."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from tests.ledger.test_postgres import server  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
SETUP = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from tests.cast import NOW
from jalon.accounts.models import Account
Account.objects.create(ref="vauban", name="Maison Vauban", created_at=NOW)
"""
LINES = 4000


def environment(home: Path, database: str = "") -> dict[str, str]:
    return {
        **os.environ, "JALON_HOME": str(home), "JALON_DATABASE": database, "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "JALON_NOW": "2026-06-05T08:00:00+00:00", "LANG": "en_GB.UTF-8",
    }  # fmt: skip


def jalon(home: Path, *words: object, database: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "jalon.config.cli", "usage", *map(str, words)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=environment(home, database), cwd=ROOT, **pipes)  # type: ignore[call-overload,no-any-return]


def answer(process: subprocess.Popen[str]) -> Any:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err[-2000:]
    return json.loads(out)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("ready")
    subprocess.run([sys.executable, "-c", SETUP], env=environment(home), cwd=ROOT, check=True)
    return home


@pytest.fixture
def home(ready: Path, tmp_path: Path) -> Iterator[Path]:
    shutil.copytree(ready, tmp_path / "home")
    return tmp_path / "home"


def written(tmp_path: Path, name: str, numbers: range) -> Path:
    path = tmp_path / name
    rows = (
        f"{n},vauban,u{n % 50},carte,2026-05-{1 + n % 28:02d}T09:00:00Z,2026-05-{1 + n % 28:02d}T09:00:01Z"
        for n in numbers
    )
    path.write_text("\n".join(["id,client,user,feature,occurred_at,received_at", *rows]))
    return path


def counted(rows: list[tuple[str]], home: Path) -> tuple[int, int]:
    """Events, and distinct events, of the files that a catalogue names."""
    files = [str(home / "usage" / name) for (name,) in rows]
    [found] = duckdb.sql(f"SELECT count(*), count(DISTINCT event_id) FROM read_parquet({files})").fetchall()
    return found


def at_once(home: Path, tmp_path: Path, database: str = "") -> None:
    one = written(tmp_path, "one.csv", range(LINES))
    two = written(tmp_path, "two.csv", range(LINES // 2, LINES + LINES // 2))
    both = [
        jalon(home, "import", file, "--source", "app", "--format", "json", database=database)
        for file in (one, two)
    ]
    reports = [answer(process)[0] for process in both]
    assert sum(report["added"] for report in reports) == LINES * 3 // 2
    assert sum(report["duplicates"] for report in reports) == LINES // 2


def test_two_imports_at_once_count_an_event_once(home: Path, tmp_path: Path) -> None:
    at_once(home, tmp_path)
    base = sqlite3.connect(home / "jalon.sqlite3")
    rows = base.execute("SELECT file FROM usage_usagesegment").fetchall()
    assert counted(rows, home) == (LINES * 3 // 2, LINES * 3 // 2)
    # The months of lists are those of the last writer, not of the slowest.
    assert base.execute("SELECT sum(events) FROM usage_monthlyusage").fetchall() == [(LINES * 3 // 2,)]


@pytest.mark.postgres
def test_two_imports_at_once_on_postgresql(server: str, tmp_path: Path) -> None:  # noqa: F811
    home = tmp_path / "home"
    subprocess.run([sys.executable, "-c", SETUP], env=environment(home, server), cwd=ROOT, check=True)
    at_once(home, tmp_path, server)
    with psycopg.connect(server) as base:
        rows = base.execute("SELECT file FROM usage_usagesegment").fetchall()
        assert counted(rows, home) == (LINES * 3 // 2, LINES * 3 // 2)
        assert base.execute("SELECT sum(events) FROM usage_monthlyusage").fetchall() == [(LINES * 3 // 2,)]


def killed_at(process: subprocess.Popen[str], home: Path, sign: str) -> None:
    """Kill a process outright as soon as a file of that shape is in the store."""
    until = time.monotonic() + 60
    while not list((home / "usage").glob(sign)) and time.monotonic() < until:
        time.sleep(0.002)
    assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_an_import_killed_at_any_moment_then_done_again_gives_the_same_figures(
    home: Path, tmp_path: Path
) -> None:
    file = written(tmp_path, "one.csv", range(LINES))
    base = sqlite3.connect(home / "jalon.sqlite3", isolation_level=None)
    killed_at(jalon(home, "import", file, "--source", "app"), home, ".lock")
    # Somebody else writes in the database: the next one has written its file, and waits to name it.
    base.execute("BEGIN IMMEDIATE")
    killed_at(jalon(home, "import", file, "--source", "app"), home, "*.parquet")
    base.execute("ROLLBACK")
    orphans = list((home / "usage").glob("*.parquet"))
    assert orphans
    assert base.execute("SELECT count(*) FROM usage_usagesegment").fetchall() == [(0,)]
    again = answer(jalon(home, "import", file, "--source", "app", "--format", "json"))
    assert (again[0]["added"], again[0]["duplicates"]) == (LINES, 0)
    rows = base.execute("SELECT file FROM usage_usagesegment").fetchall()
    assert counted(rows, home) == (LINES, LINES)
    assert {path.name for path in (home / "usage").glob("*.parquet")} == {name for (name,) in rows}
    [figures] = base.execute("SELECT active_users, events FROM usage_monthlyusage").fetchall()
    assert figures == (50, LINES)
