"""`jalon drill`: the last backup is restored elsewhere, checked, compared with what is here, measured, and told to each client as a fact."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from jalon.accounts.models import Account
from jalon.core.obligations import Side
from jalon.ledger import book
from jalon.ledger.proof import digesting
from jalon.trust import backup

HOUR = timedelta(hours=1)
CHECKS = ("bytes", "migrations", "ledgers", "assessments")


@dataclass(frozen=True)
class Drill:
    """How much would be lost (the age of the backup), how long it took to be back, and what went wrong ("": nothing)."""

    of: Path
    rpo: timedelta
    rto: timedelta
    accounts: int
    wrong: str = ""

    @property
    def ok(self) -> bool:
        """Whether everything that was checked fits."""
        return not self.wrong


def run(sealed: Path, identity: Path, now: datetime) -> Drill:
    """Restore into an empty folder by the command that an operator has, and compare every client's assessment with the one here.

    Nothing of this home is touched. The comparison is at the instant of the backup, with what was known then.
    """
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="jalon-drill-") as place:
        home = Path(place) / "home"
        # The marks of this home would call any backup "put back": here that is meant.
        env = os.environ | {"JALON_HOME": str(home), "JALON_HIGH_WATER": str(home / "marks")}
        with _database_elsewhere() as address:
            env |= {"JALON_DATABASE": address}
            restored = _jalon(env, "restore", str(sealed), "--identity", str(identity), "--format", "json")
            if restored.returncode:
                return Drill(sealed, timedelta(0), _since(start), 0, restored.stderr.strip())
            told = json.loads(restored.stdout)
            there = _jalon(env, "ledger", "digest", "--at", told["taken_at"])
            rto = _since(start)
    taken_at = datetime.fromisoformat(told["taken_at"])
    if there.returncode:
        return Drill(sealed, now - taken_at, rto, told["accounts"], there.stderr.strip())
    restored_ones = {ref: (size, digest) for ref, (size, digest) in json.loads(there.stdout).items()}
    here = digesting.digests(
        Account.objects.order_by("ref"), taken_at, {ref: size for ref, (size, _d) in restored_ones.items()}
    )
    differ = _differences(restored_ones, here)
    return Drill(sealed, now - taken_at, rto, told["accounts"], ", ".join(differ))


def _since(start: float) -> timedelta:
    return timedelta(seconds=time.monotonic() - start)


@contextmanager
def _database_elsewhere() -> Iterator[str]:
    """The address (JALON_DATABASE) of an empty database beside ours; with SQLite it is a file of the home: no address."""
    if connection.vendor == "sqlite":
        yield ""
        return
    name = f"jalon_drill_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(settings.DATABASE_ADDRESS)._replace(path=f"/{name}"))
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _jalon(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jalon.config.cli", *arguments],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def _differences(there: dict[str, tuple[int, str]], here: dict[str, tuple[int, str]]) -> list[str]:
    """The clients of the backup whose promises are not the same here. One that came since is none of them."""
    return [ref for ref in sorted(there) if there[ref] != here.get(ref)]


def record_backup(done: backup.Backup, now: datetime) -> None:
    """Tell each client under an agreement that its data were saved (clause 3.9)."""
    _record("backup.run", now, {
        "ok": True, "size": done.size, "sha256": done.sha256, "covers_until": done.taken_at.isoformat(),
    }, Side.SYSTEM)  # fmt: skip


def record_drill(done: Drill, now: datetime) -> None:
    """Tell each client under an agreement how the restore went, with what was measured, in whole hours begun."""
    _record("restore.tested", now, {
        "ok": done.ok, "rpo_measured": _hours(done.rpo), "rto_measured": _hours(done.rto), "checks": list(CHECKS),
    }, Side.PROVIDER)  # fmt: skip


def _hours(length: timedelta) -> str:
    return f"PT{max(1, -(-length // HOUR))}H"


def _record(kind: str, now: datetime, fields: dict[str, Any], side: Side) -> None:
    for account in backup.covered():
        book.append(
            account, kind=kind, at=now, fields=fields, side=side, recorded_by="jalon", recorded_at=now, source="engine",
            idempotency_key=f"{kind}:{now.isoformat()}",
        )  # fmt: skip


def routine(now: datetime) -> str:
    """What `jalon work` does: a backup a day, a drill after the first one of each week; returns what went wrong, "" if nothing did."""
    if not backup.covered():
        return ""  # nobody to whom anything is owed yet
    last = backup.latest(settings.BACKUPS)
    if last is not None and now - _taken(last) < timedelta(days=1):
        return ""
    done = backup.take(settings.BACKUPS, now)
    record_backup(done, now)
    backup.prune(settings.BACKUPS, settings.BACKUPS_KEPT)
    key = settings.HOME / "backup-identity"
    if not key.exists() or (last is not None and _taken(last).isocalendar()[:2] == now.isocalendar()[:2]):
        return ""
    drilled = run(done.path, key, now)
    record_drill(drilled, now)
    return drilled.wrong


def _taken(path: Path) -> datetime:
    return datetime.strptime(path.stem.removeprefix("jalon-") + "+0000", "%Y%m%dT%H%M%SZ%z")
