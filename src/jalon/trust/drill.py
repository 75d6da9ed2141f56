"""`jalon drill`: the last backup is restored elsewhere, checked, compared with what is here, measured, and told to each client as a fact."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

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
        env = os.environ | {
            "JALON_HOME": str(home),
            "JALON_HIGH_WATER": str(home / "marks"),
            "JALON_DATABASE": "",
        }
        restored = _jalon(env, "restore", str(sealed), "--identity", str(identity), "--format", "json")
        rto = timedelta(seconds=time.monotonic() - start)
        if restored.returncode:
            return Drill(sealed, timedelta(0), rto, 0, restored.stderr.strip())
        told = json.loads(restored.stdout)
        taken_at = datetime.fromisoformat(told["taken_at"])
        there = _jalon(env, "ledger", "digest", "--at", told["taken_at"])
        rto = timedelta(seconds=time.monotonic() - start)
        differ = _differences(
            json.loads(there.stdout or "{}"), digesting.digests(Account.objects.order_by("ref"), taken_at)
        )
    return Drill(sealed, now - taken_at, rto, told["accounts"], ", ".join(differ))


def _jalon(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "jalon.config.cli", *arguments],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def _differences(there: dict[str, str], here: dict[str, str]) -> list[str]:
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
