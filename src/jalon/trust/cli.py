"""`jalon backup`, `jalon restore`, `jalon drill`, and `jalon ledger digest` that a drill compares."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from jalon.ledger.canonical import instant
from jalon.trust import backup, drill, restore
from jalon.wording import say


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add the commands of continuity."""
    take = commands.add_parser(
        "backup", help="save everything into one encrypted file, read it back, tell each client"
    )
    take.add_argument("--out", type=Path, help="the folder; JALON_BACKUPS where it is not given")
    take.add_argument("--quiet", action="store_true", help="record no fact of it")
    _common(take, run_backup)
    bring = commands.add_parser("restore", help="bring a backup into an empty home, and check all of it")
    bring.add_argument("file", type=Path)
    bring.add_argument("--identity", type=Path, required=True, help="the file with the key that opens it")
    bring.add_argument("--format", choices=["text", "json"], default="text")
    _common(bring, run_restore)
    practise = commands.add_parser(
        "drill", help="restore the last backup elsewhere, compare, measure, tell each client"
    )
    practise.add_argument(
        "--file", type=Path, help="the backup; the last one of JALON_BACKUPS where it is not given"
    )
    practise.add_argument(
        "--identity", type=Path, help="the key that opens it; the one in the home where it is not given"
    )
    _common(practise, run_drill)


def _common(parser: argparse.ArgumentParser, run: object) -> None:
    default = "fr" if os.environ.get("LANG", "").startswith("fr") else "en"
    parser.add_argument("--lang", choices=["fr", "en"], default=default)
    parser.set_defaults(run=run)


def run_backup(args: argparse.Namespace, now: datetime) -> int:
    """Back up; 1 when it could not be done, and then nothing half written stays."""
    with translation.override(args.lang):
        try:
            done = backup.take(args.out or settings.BACKUPS, now)
        except backup.CannotBackUp as error:
            print(say(error.said), file=sys.stderr)
            return 1
        if not args.quiet:
            drill.record_backup(done, now)
        told = {"path": done.path, "clients": done.accounts, "facts": done.facts, "size": done.size}
        print(_("%(path)s: %(clients)s clients, %(facts)s facts, %(size)s bytes, read back.") % told)
        if not settings.BACKUP_RECIPIENT:
            key = settings.HOME / "backup-identity"
            print(
                _(
                    "It opens with %(path)s: keep a copy of that file elsewhere, or the backup is lost with this disk."
                )
                % {"path": key}
            )
    return 0


def run_restore(args: argparse.Namespace, now: datetime) -> int:
    """Restore; 1 when refused. Ledgers put back behind what was signed are named, and the exit code is 4."""
    with translation.override(args.lang):
        try:
            done = restore.restore(args.file, args.identity, now)
        except restore.CannotRestore as error:
            print(say(error.said), file=sys.stderr)
            return 1
        if args.format == "json":
            print(
                json.dumps(
                    {
                        "taken_at": instant(done.taken_at),
                        "accounts": done.accounts,
                        "facts": done.facts,
                        "behind": done.behind,
                    }
                )
            )
            return 0
        told = {"at": say(done.taken_at), "clients": done.accounts, "facts": done.facts}
        print(_("As of %(at)s: %(clients)s clients, %(facts)s facts, every ledger whole.") % told)
        for name in done.behind:
            print(
                _(
                    "%(client)s: what was signed since then is missing; its ledger goes on as a new epoch, and its checkpoints say so."
                )
                % {"client": name}
            )
    return 4 if done.behind else 0


def run_drill(args: argparse.Namespace, now: datetime) -> int:
    """Drill; 1 when the restored home differs or could not be restored."""
    with translation.override(args.lang):
        sealed = args.file or backup.latest(settings.BACKUPS)
        if sealed is None:
            print(
                _("There is no backup in %(path)s yet: run `jalon backup`.") % {"path": settings.BACKUPS},
                file=sys.stderr,
            )
            return 1
        done = drill.run(sealed, args.identity or settings.HOME / "backup-identity", now)
        drill.record_drill(done, now)
        if not done.ok:
            print(done.wrong, file=sys.stderr)
            return 1
        told = {
            "clients": done.accounts,
            "rpo": round(done.rpo.total_seconds() / 60),
            "rto": f"{done.rto.total_seconds():.1f}",
        }
        print(
            _(
                "Restored and compared: %(clients)s clients the same. The backup was %(rpo)s minutes old; back after %(rto)s s."
            )
            % told
        )
    return 0
