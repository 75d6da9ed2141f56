"""`jalon backup`: one encrypted file (age) with the database, usage and documents as of one instant; read back before it counts."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from pyrage import x25519

from jalon.accounts.models import Account
from jalon.core.text import SaidError, _
from jalon.ledger.canonical import instant
from jalon.ledger.models import StoredFact
from jalon.ledger.proof import checkpoints, merkle

FORMAT = "jalon-backup/1"
FOLDERS = ("usage", "files")
"""Of the home, beside the database: what is written once and never changed."""
KEYS = ("secret-key", "ledger-key")


class CannotBackUp(SaidError):
    """A backup was not made, or cannot be trusted; `said` is the sentence."""


@dataclass(frozen=True)
class Backup:
    """A backup that was written and read back: where, its size in bytes, its fingerprint, what it holds."""

    path: Path
    size: int
    sha256: str
    taken_at: datetime
    facts: int
    accounts: int


def recipient() -> x25519.Recipient:
    """To whom backups are encrypted: JALON_BACKUP_RECIPIENT (age1…), or a key made once in the home."""
    if settings.BACKUP_RECIPIENT:
        try:
            return x25519.Recipient.from_str(settings.BACKUP_RECIPIENT)
        except pyrage.RecipientError as error:
            raise CannotBackUp(
                _("JALON_BACKUP_RECIPIENT is not an age recipient: it begins with “age1”.")
            ) from error
    return identity(settings.HOME / "backup-identity", make=True).to_public()


def identity(path: Path, *, make: bool = False) -> x25519.Identity:
    """The key that opens backups, from a file with one line AGE-SECRET-KEY-…; made there, mode 0600, with `make`."""
    if make and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{x25519.Identity.generate()}\n")
            file.flush()
            os.fsync(file.fileno())
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
        return x25519.Identity.from_str(next(line for line in lines if line.startswith("AGE-SECRET-KEY-")))
    except (OSError, StopIteration, pyrage.IdentityError) as error:
        raise CannotBackUp(
            _("%(path)s does not hold a key that opens backups (a line AGE-SECRET-KEY-…).", path=str(path))
        ) from error


def take(folder: Path, now: datetime) -> Backup:
    """Write `folder`/jalon-<instant>.backup, read it back, and return what it is. Raises CannotBackUp; nothing half written stays.

    The database is copied first, at one instant, while others write; what it refers to is already on the disk by then.
    """
    to = recipient()
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    path = folder / f"jalon-{now.strftime('%Y%m%dT%H%M%SZ')}.backup"
    with tempfile.TemporaryDirectory(prefix=f".backup-{os.getpid()}-", dir=folder) as scratch:
        stage = Path(scratch)
        manifest = _stage(stage, now)
        plain, sealed = stage / "plain.tar.gz", stage / "sealed"
        _pack(stage, manifest, plain)
        with plain.open("rb") as source, sealed.open("wb") as target:
            pyrage.encrypt_io(source, target, [to])
            target.flush()
            os.fsync(target.fileno())
        _read_back(plain, manifest)
        sealed.replace(path)
    _sync_folder(folder)
    content = path.read_bytes()
    return Backup(
        path,
        len(content),
        hashlib.sha256(content).hexdigest(),
        now,
        manifest["facts"],
        len(manifest["ledgers"]),
    )


def _sweep(folder: Path) -> None:
    """Remove what a backup that was killed left behind: nothing that counts is ever there."""
    for left in folder.glob(".backup-*"):
        owner = left.name.removeprefix(".backup-").split("-")[0]
        if not Path(f"/proc/{owner}").exists():
            shutil.rmtree(left, ignore_errors=True)


def _stage(stage: Path, now: datetime) -> dict[str, Any]:
    """Copy the database, describe everything; returns the manifest."""
    database = stage / "database"
    with _one_moment() as snapshot:
        copy_database(database, snapshot)
        ledgers = _ledgers(database)
    for name, path in _home_files():
        _freeze(path, stage / name)
    files = {path.relative_to(stage).as_posix(): path for path in sorted(stage.rglob("*")) if path.is_file()}
    return {
        "format": FORMAT,
        "version": version("jalon"),
        "taken_at": instant(now),
        "vendor": connection.vendor,
        "migrations": sorted(
            f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
        ),
        "signer": checkpoints.signer().verifier,
        "facts": sum(int(ledger["size"]) for ledger in ledgers.values()),
        "ledgers": ledgers,
        "files": {
            name: {"size": path.stat().st_size, "sha256": digest(path)} for name, path in files.items()
        },
    }


@contextmanager
def _one_moment() -> Iterator[str]:
    """One instant of a PostgreSQL that the dump and this process both see: the name of its snapshot; "" with SQLite, whose copy is one."""
    if connection.vendor == "sqlite":
        yield ""
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def copy_database(target: Path, snapshot: str = "") -> None:
    """The database as of one instant, while others write; with PostgreSQL, the instant of `snapshot`. Raises CannotBackUp."""
    if connection.vendor == "sqlite":
        # Copying the file would lose what is only in the write-ahead log yet: the engine's own copy does not.
        with sqlite3.connect(f"file:{settings.DATABASES['default']['NAME']}?mode=ro", uri=True) as source:
            copy = sqlite3.connect(target)
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            copy.close()
        return
    dump = shutil.which("pg_dump")
    if dump is None:
        raise CannotBackUp(_("pg_dump is missing: install PostgreSQL’s client programs."))
    done = subprocess.run(
        [dump, "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}", settings.DATABASE_ADDRESS],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise CannotBackUp(_("pg_dump failed: %(said)s", said=done.stderr.strip()[-500:]))


def _ledgers(database: Path) -> dict[str, dict[str, Any]]:
    """The size and root of each client's ledger, as of the copy."""
    found: dict[str, list[bytes]] = {}
    for ref, content in _leaves(database):
        found.setdefault(ref, []).append(merkle.leaf_hash(content))
    return {ref: {"size": len(leaves), "root": merkle.root(leaves).hex()} for ref, leaves in found.items()}


def _leaves(database: Path) -> Iterator[tuple[str, bytes]]:
    if connection.vendor == "sqlite":
        copy = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        yield from copy.execute(
            "SELECT a.ref, f.canonical FROM ledger_storedfact f JOIN accounts_account a ON a.id = f.account_id ORDER BY a.ref, f.sequence"
        )
        copy.close()
        return
    rows = StoredFact.objects.order_by("account__ref", "sequence").values_list("account__ref", "canonical")
    for ref, content in rows.iterator():
        yield ref, bytes(content)


def _home_files() -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        root = settings.HOME / folder
        for path in sorted(root.rglob("*")) if root.is_dir() else ():
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(settings.HOME).as_posix(), path
    for name in KEYS:
        if (settings.HOME / name).is_file():
            yield name, settings.HOME / name


def _freeze(path: Path, target: Path) -> None:
    """Hold on to a file as it is now, whatever happens to its name; one that is gone already was not needed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, target)
    except FileNotFoundError:
        return
    except OSError:  # another file system
        shutil.copy2(path, target)


def _pack(stage: Path, manifest: dict[str, Any], target: Path) -> None:
    with tarfile.open(target, "w:gz", compresslevel=3) as tar:
        told = json.dumps(manifest, indent=1, sort_keys=True).encode()
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(told)
        tar.addfile(entry, io.BytesIO(told))
        for name in manifest["files"]:
            tar.add(stage / name, name, recursive=False)


def _read_back(packed: Path, manifest: dict[str, Any]) -> None:
    """Every byte as the manifest says: what changed while it was copied is found now, not on the day it is needed."""
    with tarfile.open(packed) as tar:
        for member in tar:
            if member.name == "manifest.json":
                continue
            content = tar.extractfile(member)
            if content is None or _hash(content) != manifest["files"][member.name]["sha256"]:
                raise CannotBackUp(
                    _("%(name)s changed while it was copied: back up again.", name=member.name)
                )


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return _hash(file)


def _hash(file: Any) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def prune(folder: Path, keep: int) -> int:
    """Remove the oldest backups beyond `keep`; returns how many went."""
    old = sorted(folder.glob("jalon-*.backup"))[:-keep]
    for path in old:
        path.unlink()
    return len(old)


def latest(folder: Path) -> Path | None:
    """The newest backup of a folder, by its name; None where there is none."""
    return max(folder.glob("jalon-*.backup"), default=None)


def covered() -> list[Account]:
    """The clients under an agreement: each is told that its data were saved."""
    return list(Account.objects.exclude(agreement="").order_by("ref"))
