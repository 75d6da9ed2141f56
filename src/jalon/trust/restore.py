"""`jalon restore`: a backup into an empty home; refused unless every byte, migration, key and ledger is what the manifest says."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from jalon.accounts.models import Account
from jalon.core.text import SaidError, _
from jalon.ledger import projection
from jalon.ledger.proof import checkpoints, verifying
from jalon.trust import backup


class CannotRestore(SaidError):
    """Nothing was restored; `said` is the sentence."""


@dataclass(frozen=True)
class Restored:
    """What came back: when the backup was taken, its clients and facts, and the clients put back behind what was signed."""

    taken_at: datetime
    accounts: int
    facts: int
    behind: tuple[str, ...]


def restore(sealed: Path, identity: Path, now: datetime) -> Restored:
    """Bring a backup into this home, which must be empty, and check all of it. Raises CannotRestore.

    A ledger put back behind what was signed (the high-water mark knows) opens a new epoch: it is told, never signed over.
    """
    _refuse_unless_empty()
    settings.HOME.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.HOME) as scratch:
        stage = Path(scratch)
        manifest = _unpacked(sealed, identity, stage)
        _refuse_unless_known(manifest)
        _put(stage, manifest)
    call_command("migrate", interactive=False, verbosity=0)
    _refuse_unless_same_ledgers(manifest)
    behind = _behind(now)
    projection.rebuild(now)
    return Restored(
        datetime.fromisoformat(manifest["taken_at"]),
        len(manifest["ledgers"]),
        manifest["facts"],
        tuple(behind),
    )


def _refuse_unless_empty() -> None:
    taken = (
        Path(str(settings.DATABASES["default"]["NAME"])).exists()
        if connection.vendor == "sqlite"
        else bool(connection.introspection.table_names())
    )
    if taken:
        raise CannotRestore(
            _(
                "There is a database in %(home)s already: restore into an empty home (JALON_HOME).",
                home=str(settings.HOME),
            )
        )


def _unpacked(sealed: Path, identity: Path, stage: Path) -> dict[str, Any]:
    """Decrypt and unpack; returns the manifest once every byte fits it."""
    plain = stage / "plain.tar.gz"
    try:
        key = backup.identity(identity)
    except backup.CannotBackUp as error:
        raise CannotRestore(error.said) from error
    if not sealed.is_file():
        raise CannotRestore(_("%(path)s cannot be read.", path=str(sealed)))
    try:
        with sealed.open("rb") as source, plain.open("wb") as target:
            pyrage.decrypt_io(source, target, [key])
    except (pyrage.DecryptError, OSError) as error:  # an altered block is an OSError to pyrage
        raise CannotRestore(
            _("%(path)s does not open with this key, or was altered.", path=str(sealed))
        ) from error
    try:
        with tarfile.open(plain) as tar:
            tar.extractall(stage / "content", filter="data")
        manifest: dict[str, Any] = json.loads((stage / "content" / "manifest.json").read_bytes())
    except (OSError, tarfile.TarError, ValueError) as error:
        raise CannotRestore(_("%(path)s is not a backup of Jalon.", path=str(sealed))) from error
    if manifest.get("format") != backup.FORMAT:
        raise CannotRestore(_("%(path)s is not a backup of Jalon.", path=str(sealed)))
    _refuse_unless_whole(stage / "content", manifest)
    return manifest


def _refuse_unless_whole(content: Path, manifest: dict[str, Any]) -> None:
    there = {path.relative_to(content).as_posix() for path in content.rglob("*") if path.is_file()}
    for name in sorted((there - {"manifest.json"}) ^ set(manifest["files"])):
        raise CannotRestore(_("The backup and its manifest disagree about “%(name)s”.", name=name))
    for name, told in manifest["files"].items():
        if backup.digest(content / name) != told["sha256"]:
            raise CannotRestore(_("“%(name)s” in the backup is not what was saved.", name=name))


def _refuse_unless_known(manifest: dict[str, Any]) -> None:
    if manifest["vendor"] != connection.vendor:
        raise CannotRestore(
            _(
                "This backup is of %(there)s, and this home uses %(here)s.",
                there=manifest["vendor"],
                here=connection.vendor,
            )
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(manifest["migrations"]) - known):
        raise CannotRestore(
            _(
                "This backup was made by version %(version)s, which is newer (it knows %(name)s): install that version first.",
                version=manifest["version"],
                name=unknown[0],
            )
        )
    if settings.LEDGER_KEY.parent != settings.HOME and checkpoints.signer().verifier != manifest["signer"]:
        raise CannotRestore(
            _("The signing key of this installation (JALON_LEDGER_KEY) is not the one of the backup.")
        )


def _put(stage: Path, manifest: dict[str, Any]) -> None:
    for name in manifest["files"]:
        source = stage / "content" / name
        if name == "database":
            _put_database(source)
            continue
        target = settings.HOME / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, target)


def _put_database(source: Path) -> None:
    if connection.vendor != "sqlite":
        done = subprocess.run(
            ["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={settings.DATABASE_ADDRESS}", str(source)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise CannotRestore(_("pg_restore failed: %(said)s", said=done.stderr.strip()[-500:]))
        return
    with sqlite3.connect(source) as copy:
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise CannotRestore(_("The database in the backup is damaged."))
    shutil.move(source, Path(str(settings.DATABASES["default"]["NAME"])))


def _refuse_unless_same_ledgers(manifest: dict[str, Any]) -> None:
    for account in Account.objects.filter(ref__in=manifest["ledgers"]):
        told = manifest["ledgers"][account.ref]
        found = verifying.verify(account)
        if found.verdict is verifying.Verdict.BAD or (found.size, found.root) != (told["size"], told["root"]):
            raise CannotRestore(
                _("The ledger of %(client)s is not the one that was saved.", client=account.name)
            )


def _behind(now: datetime) -> list[str]:
    """Open a new epoch for every ledger that was put back behind what was signed; returns their names."""
    found = []
    for account in Account.objects.order_by("ref"):
        if verifying.verify(account).verdict is verifying.Verdict.BEHIND:
            checkpoints.open_epoch(account, now)
            found.append(account.name)
    return found
