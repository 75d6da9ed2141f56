"""On a real PostgreSQL, started by the test and stopped by its process id: migrations, triggers, one writer a client."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import os, sys, threading
from datetime import UTC, datetime
import django
django.setup()
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
call_command("migrate", interactive=False, verbosity=0)
from jalon.ledger import book, projection
from jalon.ledger.models import StoredFact
from tests.cast import NOW, at, draft, play, sign
cast = play()
sign(cast.aubrac)
for statement in ("UPDATE ledger_storedfact SET kind='x'", "DELETE FROM ledger_storedfact", "TRUNCATE ledger_storedfact CASCADE"):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        print("changed by", statement)
    except DatabaseError as error:
        assert "append-only" in str(error), error
        print("refused")
def work(n):
    for k in range(5):
        book.append_many(cast.aubrac, [draft("request.opened", at(2, 1 + k, n), request=f"r{n}-{k}", priority="P3", subject="x")], now=NOW)
    connection.close()
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
[t.start() for t in threads]; [t.join() for t in threads]
rows = list(StoredFact.objects.filter(account=cast.aubrac).order_by("sequence").values_list("sequence", "prev_sha256", "sha256"))
assert [row[0] for row in rows] == list(range(1, 25)), rows
assert all(after[1] == before[2] for before, after in zip(rows, rows[1:]))
print("sequence", len(rows))
print("differed", projection.rebuild(NOW, [cast.aubrac]).differed)
"""


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a PostgreSQL of this test alone, on a socket in a folder of its own."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL here: apt-get install postgresql")
    # PostgreSQL does not run as root: Debian's own user does it then.
    prefix = (
        ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    )
    home = Path(tempfile.mkdtemp(prefix="pg"))
    if prefix:
        shutil.chown(home, "postgres", "postgres")
    subprocess.run(
        [
            *prefix,
            binaries / "initdb",
            "-D",
            home / "data",
            "-U",
            "jalon",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ],
        check=True,
        capture_output=True,
        cwd=home,
    )
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *prefix,
                binaries / "postgres",
                "-D",
                home / "data",
                "-k",
                home,
                "-c",
                "listen_addresses=",
                "-c",
                "fsync=off",
            ],
            stdout=log,
            stderr=log,
            cwd=home,
        )
    try:
        for _attempt in range(100):
            if (home / ".s.PGSQL.5432").exists() and subprocess.run(
                [binaries / "createdb", "-h", home, "-U", "jalon", "jalon"], capture_output=True, check=False
            ).returncode == 0:
                break
            time.sleep(0.1)
        yield f"postgresql://jalon@/jalon?host={home}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        shutil.rmtree(home, ignore_errors=True)


def test_the_ledger_on_postgresql(server: str, tmp_path: Path) -> None:
    environment = {
        **os.environ, "JALON_DATABASE": server, "JALON_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert ran.stdout.split("\n")[:5] == ["refused", "refused", "refused", "sequence 24", "differed 0"]
