"""Backup, restore and drill as an operator runs them: real processes, real files, one home destroyed and brought back."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

THEN, NEXT = "2026-06-05T09:12:00+02:00", "2026-06-06T09:12:00+02:00"


def jalon(home: Path, *arguments: str, now: str = THEN, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run one command in a home."""
    return subprocess.run(
        [sys.executable, "-m", "jalon.config.cli", *arguments], env=environment(home, now) | extra,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def environment(home: Path, now: str = THEN) -> dict[str, str]:
    """What a command of that home sees."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JALON_", "PYTEST_", "DJANGO_"))
    }
    return kept | {"JALON_HOME": str(home), "JALON_NOW": now, "LANG": "en_GB.UTF-8"}


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three clients, their ledgers signed, and a backup of that day."""
    home = tmp_path_factory.mktemp("lived") / "home"
    for command in (["setup"], ["demo", "load", "--clients", "3"], ["ledger", "sign"], ["backup", "--quiet"]):
        done = jalon(home, *command)
        assert done.returncode == 0, done.stderr
    return home


def backup_of(home: Path) -> Path:
    """Its first backup."""
    return min((home / "backups").glob("*.backup"))


def brought_back(lived: Path, home: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """Restore the lived home's backup into another."""
    return jalon(
        home, "restore", str(backup_of(lived)), "--identity", str(lived / "backup-identity"), **extra
    )


def test_a_backup_brings_back_the_same_clients_ledgers_and_promises(lived: Path, tmp_path: Path) -> None:
    done = brought_back(lived, tmp_path / "new")
    assert done.returncode == 0, done.stderr
    assert "3 clients" in done.stdout
    digests = [jalon(home, "ledger", "digest", "--at", THEN).stdout for home in (lived, tmp_path / "new")]
    assert digests[0] == digests[1]
    assert len(json.loads(digests[0])) == 3
    verified = jalon(tmp_path / "new", "ledger", "verify", "--full")
    assert verified.returncode == 0, verified.stdout
    assert "differed" not in verified.stdout
    usage = [
        sorted(path.name for path in (home / "usage").rglob("*.parquet"))
        for home in (lived, tmp_path / "new")
    ]
    assert usage[0] == usage[1] != []
    # The same key signs on: a checkpoint handed out before is continued.
    assert (
        jalon(tmp_path / "new", "ledger", "checkpoint", "maison-vauban").stdout
        == jalon(lived, "ledger", "checkpoint", "maison-vauban").stdout
    )


def test_nothing_of_the_content_can_be_read_without_the_key(lived: Path, tmp_path: Path) -> None:
    assert b"vauban" not in backup_of(lived).read_bytes()
    assert (lived / "backup-identity").stat().st_mode & 0o077 == 0
    jalon(tmp_path / "other", "setup")
    jalon(tmp_path / "other", "backup", "--quiet")
    other = tmp_path / "other" / "backup-identity"
    done = jalon(tmp_path / "new", "restore", str(backup_of(lived)), "--identity", str(other))
    assert (done.returncode, "does not open with this key" in done.stderr) == (1, True)
    assert not (tmp_path / "new" / "jalon.sqlite3").exists()


@pytest.mark.parametrize(
    "share", [0.5, *(pytest.param(share, marks=pytest.mark.trust) for share in (0.001, 0.1, 0.9, 0.999))]
)
def test_one_flipped_bit_is_refused_and_nothing_is_restored(
    lived: Path, tmp_path: Path, share: float
) -> None:
    altered = bytearray(backup_of(lived).read_bytes())
    altered[int(len(altered) * share)] ^= 4
    (tmp_path / "altered.backup").write_bytes(bytes(altered))
    done = jalon(
        tmp_path / "new",
        "restore",
        str(tmp_path / "altered.backup"),
        "--identity",
        str(lived / "backup-identity"),
    )
    assert done.returncode == 1
    assert "was altered" in done.stderr
    assert not (tmp_path / "new" / "jalon.sqlite3").exists()


def test_a_home_that_lives_is_never_overwritten(lived: Path) -> None:
    done = jalon(lived, "restore", str(backup_of(lived)), "--identity", str(lived / "backup-identity"))
    assert (done.returncode, "There is a database" in done.stderr) == (1, True)


@pytest.mark.trust
def test_a_backup_of_a_newer_version_says_so(lived: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    assert brought_back(lived, newer).returncode == 0
    with sqlite3.connect(newer / "jalon.sqlite3") as base:
        base.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_tomorrow', '2026-06-05')"
        )
    jalon(newer, "backup", "--quiet")
    done = jalon(
        tmp_path / "old", "restore", str(backup_of(newer)), "--identity", str(newer / "backup-identity")
    )
    assert (done.returncode, "ledger.9999_tomorrow" in done.stderr) == (1, True), done.stderr


@pytest.mark.trust
def test_yesterdays_backup_is_told_and_opens_an_epoch_that_clients_can_see(
    lived: Path, tmp_path: Path
) -> None:
    # One more day of work, signed; then the disk is lost, and only the marks (kept elsewhere) survive.
    home, marks = tmp_path / "home", tmp_path / "marks"
    assert brought_back(lived, home, JALON_HIGH_WATER=str(marks)).returncode == 0
    jalon(home, "backup", now=NEXT, JALON_HIGH_WATER=str(marks))  # a fact in each ledger
    kept = tmp_path / "kept.txt"
    kept.write_text(
        jalon(home, "ledger", "checkpoint", "maison-vauban", now=NEXT, JALON_HIGH_WATER=str(marks)).stdout
    )
    done = brought_back(lived, tmp_path / "back", JALON_HIGH_WATER=str(marks))
    assert done.returncode == 4
    assert "new epoch" in done.stdout
    again = tmp_path / "back"
    fresh = jalon(again, "ledger", "checkpoint", "maison-vauban", now=NEXT, JALON_HIGH_WATER=str(marks))
    assert (fresh.returncode, fresh.stdout.split("\n")[0].endswith("/maison-vauban/e2")) == (0, True), (
        fresh.stderr
    )
    assert (
        jalon(again, "ledger", "verify", "--client", "maison-vauban", JALON_HIGH_WATER=str(marks)).returncode
        == 0
    )
    held = jalon(again, "ledger", "verify", "--against", str(kept), JALON_HIGH_WATER=str(marks))
    assert held.returncode == 4
    assert "put back from a backup" in held.stdout


def test_a_drill_measures_and_is_told_to_every_client(lived: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert brought_back(lived, home).returncode == 0
    assert jalon(home, "backup").returncode == 0
    done = jalon(home, "drill", now="2026-06-05T10:42:00+02:00")
    assert done.returncode == 0, done.stderr
    assert re.search(r"3 clients the same. The backup was 90 minutes old; back after [0-9.]+ s", done.stdout)
    told = [
        json.loads(line) for line in jalon(home, "ledger", "show", "maison-vauban").stdout.splitlines()[-1:]
    ]
    assert [(fact["kind"], fact["fields"]["ok"], fact["fields"]["rpo_measured"]) for fact in told] == [
        ("restore.tested", True, "PT2H")
    ]


@pytest.mark.trust
def test_a_drill_finds_a_promise_that_differs(lived: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert brought_back(lived, home).returncode == 0
    jalon(home, "backup", "--quiet")
    with sqlite3.connect(
        home / "jalon.sqlite3"
    ) as base:  # behind everybody's back: the meetings of one client
        base.execute("DROP TRIGGER ledger_fact_no_delete")
        base.execute(
            "DELETE FROM ledger_storedfact WHERE kind = 'activity.held' AND account_id = (SELECT id FROM accounts_account WHERE ref = 'maison-vauban')"
        )
    done = jalon(home, "drill")
    assert (done.returncode, done.stderr.strip()) == (1, "maison-vauban")


WRITER = """
import sys
from datetime import datetime, timedelta, timezone
import django; django.setup()
from jalon.accounts.models import Account
from jalon.core.obligations import Side
from jalon.ledger import book
account = Account.objects.get(ref="maison-vauban")
at = datetime(2026, 6, 5, 7, 12, tzinfo=timezone.utc)
for n in range(100000):
    book.append(account, kind="improvement.shipped", at=at, fields={"improvement": f"w{n}"}, side=Side.PROVIDER, recorded_by="camille-moreau", recorded_at=at, idempotency_key=f"w{n}")
    print(n, flush=True)
"""


@pytest.mark.trust
def test_a_backup_under_load_holds_every_fact_that_was_acknowledged_before_it(
    lived: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    assert brought_back(lived, home).returncode == 0
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER], env=environment(home) | {"DJANGO_SETTINGS_MODULE": "jalon.config.settings"},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert writer.stdout is not None
    acknowledged = [int(writer.stdout.readline()) for _line in range(20)][-1]
    done = jalon(home, "backup", "--quiet")
    writer.kill()
    writer.wait()
    assert done.returncode == 0, done.stderr
    back = tmp_path / "back"
    assert (
        jalon(back, "restore", str(backup_of(home)), "--identity", str(home / "backup-identity")).returncode
        == 0
    )
    written = re.findall(r'"idempotency_key":"w(\d+)"', jalon(back, "ledger", "show", "maison-vauban").stdout)
    assert [int(n) for n in written] == list(range(len(written)))
    assert len(written) > acknowledged


@pytest.mark.trust
def test_a_backup_that_is_killed_leaves_the_old_one_whole_and_no_half_file(
    lived: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    assert brought_back(lived, home).returncode == 0
    assert jalon(home, "backup", "--quiet").returncode == 0
    whole = backup_of(home).read_bytes()
    for pause in (0.9, 1.1, 1.3):
        victim = subprocess.Popen(
            [sys.executable, "-m", "jalon.config.cli", "backup", "--quiet"], env=environment(home, NEXT)
        )
        time.sleep(pause)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        assert backup_of(home).read_bytes() == whole
    assert jalon(home, "backup", "--quiet", now="2026-06-07T09:12:00+02:00").returncode == 0
    assert list((home / "backups").glob(".backup-*")) == []
    for path in (home / "backups").glob("*.backup"):
        back = tmp_path / f"back-{path.stem}"
        assert jalon(back, "restore", str(path), "--identity", str(home / "backup-identity")).returncode == 0
