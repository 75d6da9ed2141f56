"""`jalon ledger verify | checkpoint | export | sign`: whether the ledger is whole, and what others keep to know it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jalon.accounts.models import Account
from jalon.core.obligations import Side
from jalon.ledger import projection
from jalon.ledger.proof import checkpoints, digesting, exporting, notes, verifying
from jalon.wording import say


def register(verbs: Any) -> None:
    """Add the verbs to `jalon ledger …`."""
    verify = verbs.add_parser(
        "verify",
        help="whether the facts are whole: 0 yes, 2 altered, 3 another history was signed, 4 put back to an earlier state",
    )
    verify.add_argument("--client", help="one client's ref; all where it is not given")
    verify.add_argument(
        "--against", type=Path, metavar="NOTE", help="a checkpoint that somebody kept (a text file)"
    )
    verify.add_argument("--full", action="store_true", help="also derive every obligation again and compare")
    _lang(verify)
    verify.set_defaults(run=run_verify)
    checkpoint = verbs.add_parser(
        "checkpoint", help="print a client's signed checkpoint: what a witness keeps"
    )
    checkpoint.add_argument("client")
    _lang(checkpoint)
    checkpoint.set_defaults(run=run_checkpoint)
    export = verbs.add_parser(
        "export", help="a client's ledger as a ZIP that is checked offline with Python alone"
    )
    export.add_argument("client")
    export.add_argument("--out", type=Path, required=True)
    export.add_argument(
        "--side", choices=["client", "provider"], help="as this side sees it; the rest by its hash alone"
    )
    _lang(export)
    export.set_defaults(run=run_export)
    digest = verbs.add_parser(
        "digest", help="a fingerprint of what is owed, client by client: two homes that agree print the same"
    )
    digest.add_argument(
        "--at",
        required=True,
        type=datetime.fromisoformat,
        help="as of and as known at this instant (ISO 8601 with offset)",
    )
    digest.set_defaults(run=run_digest)
    sign = verbs.add_parser(
        "sign", help="sign every client's ledger as it is now (`jalon work` does it daily)"
    )
    _lang(sign)
    sign.set_defaults(run=run_sign)


def _lang(parser: argparse.ArgumentParser) -> None:
    default = "fr" if os.environ.get("LANG", "").startswith("fr") else "en"
    parser.add_argument("--lang", choices=["fr", "en"], default=default)


def run_verify(args: argparse.Namespace, now: datetime) -> int:
    """Verify one client or all; the worst verdict is the exit code."""
    with translation.override(args.lang):
        accounts = _accounts(args.client)
        if not accounts:
            return 1
        against = ""
        if args.against:
            try:
                against = args.against.read_text()
                accounts = _of_note(accounts, notes.parse(against))
            except (OSError, notes.BadNote) as error:
                said = say(error.said) if isinstance(error, notes.BadNote) else error.strerror
                print(f"{args.against}: {said}", file=sys.stderr)
                return 1
        worst = 0
        for account in accounts:
            found = verifying.verify(account, against)
            worst = max(worst, int(found.verdict))
            print(f"{account.ref}: {found.verdict.name}: {say(found.said)}")
            if args.full and (differed := projection.rebuild(now, [account]).differed):
                print(
                    "  "
                    + ngettext(
                        "%(n)s derived row differed, and was derived again.",
                        "%(n)s derived rows differed, and were derived again.",
                        differed,
                    )
                    % {"n": differed}
                )
    return worst


def _of_note(accounts: list[Account], held: notes.Checkpoint) -> list[Account]:
    """The client whose ledger a note names, where there is one among these; all of them otherwise."""
    return [account for account in accounts if checkpoints.origin(account) == held.origin] or accounts


def _accounts(ref: str | None) -> list[Account]:
    found = list(Account.objects.filter(ref=ref) if ref else Account.objects.order_by("ref"))
    if not found:
        said = _("no client “%(ref)s”") % {"ref": ref} if ref else _("there is no client yet")
        print(said, file=sys.stderr)
    return found


def run_checkpoint(args: argparse.Namespace, now: datetime) -> int:
    """Print the note."""
    with translation.override(args.lang):
        for account in _accounts(args.client):
            try:
                print(checkpoints.sign(account, now).note, end="")
            except checkpoints.NotSigned as error:
                print(say(error.said), file=sys.stderr)
                return 4
            return 0
    return 1


def run_export(args: argparse.Namespace, now: datetime) -> int:
    """Write the archive."""
    with translation.override(args.lang):
        for account in _accounts(args.client):
            try:
                args.out.write_bytes(exporting.archive(account, Side(args.side) if args.side else None, now))
            except checkpoints.NotSigned as error:
                print(say(error.said), file=sys.stderr)
                return 4
            except OSError as error:
                print(f"{args.out}: {error.strerror}", file=sys.stderr)
                return 1
            return 0
    return 1


def run_digest(args: argparse.Namespace, now: datetime) -> int:
    """Print the fingerprints as JSON."""
    print(json.dumps(digesting.digests(Account.objects.order_by("ref"), args.at), indent=1))
    return 0


def run_sign(args: argparse.Namespace, now: datetime) -> int:
    """Sign all; those that do not continue what was signed are named, and the exit code is 4."""
    refused = 0
    with translation.override(args.lang):
        for account in Account.objects.order_by("ref"):
            try:
                checkpoints.sign(account, now)
            except checkpoints.NotSigned as error:
                refused += 1
                print(say(error.said), file=sys.stderr)
    return 4 if refused else 0
