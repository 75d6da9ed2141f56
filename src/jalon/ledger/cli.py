"""Commands of the ledger: rebuild, tick, show, and the import of files."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _

from jalon.accounts.models import Account
from jalon.ledger import projection
from jalon.ledger.importing import runs
from jalon.ledger.importing.reading import Unreadable
from jalon.ledger.importing.words import result_word
from jalon.ledger.models import StoredFact
from jalon.ledger.proof import cli as proving
from jalon.wording import say


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `jalon ledger …`."""
    ledger = commands.add_parser("ledger", help="the facts at rest and what is derived from them")
    verbs = ledger.add_subparsers(dest="verb", metavar="VERB", required=True)
    rebuild = verbs.add_parser("rebuild", help="drop the projections and derive them again from the facts")
    rebuild.add_argument("--client", help="one client's ref; all where it is not given")
    rebuild.set_defaults(run=run_rebuild)
    tick = verbs.add_parser("tick", help="wake what time alone has changed")
    tick.set_defaults(run=run_tick)
    show = verbs.add_parser("show", help="print a client's facts as JSON lines, in order")
    show.add_argument("client")
    show.add_argument(
        "--known-at", type=_instant, help="only what was recorded by then (ISO 8601 with offset)"
    )
    show.add_argument("--as-of", type=_instant, help="only what had happened by then (ISO 8601 with offset)")
    show.set_defaults(run=run_show)
    proving.register(verbs)
    bring = commands.add_parser(
        "import", help="bring in clients, contacts or contracts from a CSV file; safe to run twice"
    )
    bring.add_argument("file", type=Path)
    bring.add_argument("--kind", required=True, choices=sorted(runs.IMPORTERS))
    bring.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
    bring.add_argument("--by", default="import", help="who imports, as facts will name them")
    bring.add_argument(
        "--lang", choices=["fr", "en"], default="fr" if os.environ.get("LANG", "").startswith("fr") else "en"
    )
    bring.set_defaults(run=run_import)


def run_rebuild(args: argparse.Namespace, now: datetime) -> int:
    """Rebuild; says how many rows differed from what was there."""
    accounts = None
    if args.client:
        accounts = list(Account.objects.filter(ref=args.client))
        if not accounts:
            print(f"no client “{args.client}”", file=sys.stderr)
            return 1
    done = projection.rebuild(now, accounts)
    print(f"{done.accounts} clients derived again, {done.differed} rows differed")
    return 0


def run_tick(args: argparse.Namespace, now: datetime) -> int:
    """Wake once."""
    print(f"{projection.tick(now)} clients woken")
    return 0


def run_show(args: argparse.Namespace, now: datetime) -> int:
    """Print the facts as they are kept: their canonical bytes, whose hash the next one holds."""
    account = Account.objects.filter(ref=args.client).first()
    if account is None:
        print(f"no client “{args.client}”", file=sys.stderr)
        return 1
    rows = StoredFact.objects.filter(account=account).order_by("sequence")
    if args.known_at:
        rows = rows.filter(recorded_at__lte=args.known_at)
    if args.as_of:
        rows = rows.filter(at__lte=args.as_of)
    for content in rows.values_list("canonical", flat=True):
        print(bytes(content).decode())
    return 0


def _instant(written: str) -> datetime:
    read = datetime.fromisoformat(written)
    if read.tzinfo is None:
        raise argparse.ArgumentTypeError(f"“{written}” needs its offset: write 2026-06-05T14:30+02:00")
    return read


def run_import(args: argparse.Namespace, now: datetime) -> int:
    """Import a file and print its report; 1 when a line was refused or the file cannot be read."""
    try:
        content = args.file.read_bytes()
    except OSError as error:
        print(f"{args.file}: {error.strerror}", file=sys.stderr)
        return 1
    with translation.override(args.lang):
        try:
            begun = runs.begin(
                kind=args.kind,
                filename=args.file.name,
                content=content,
                by=args.by,
                now=now,
                dry_run=args.dry_run,
            )
        except Unreadable as error:
            print(f"{args.file}: {say(error.said)}", file=sys.stderr)
            return 1
        done = runs.run(begun.pk)
        for line, result, subject, said in runs.report_of(done):
            told = {
                "file": args.file.name,
                "line": line,
                "result": result_word(result),
                "subject": subject or "–",
            }
            print(
                _("%(file)s:%(line)s: %(result)s: %(subject)s.") % told
                + "".join(f" {say(text)}" for text in said)
            )
        print(", ".join(
            f"{count} {result_word(result, count)}"
            for result, count in (("created", done.created), ("updated", done.updated), ("unchanged", done.unchanged), ("refused", done.refused))
        ) + (f" ({_('dry run: nothing was written')})" if args.dry_run else ""))  # fmt: skip
    return 1 if done.refused else 0
