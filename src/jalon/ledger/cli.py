"""Commands of the ledger: rebuild, tick, show."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime

from jalon.accounts.models import Account
from jalon.ledger import book, projection
from jalon.ledger.canonical import envelope


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
    show.add_argument("--known-at", type=datetime.fromisoformat, help="only what was recorded by then (ISO 8601 with offset)")
    show.set_defaults(run=run_show)


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
    """Print the envelopes."""
    account = Account.objects.filter(ref=args.client).first()
    if account is None:
        print(f"no client “{args.client}”", file=sys.stderr)
        return 1
    for sequence, fact in enumerate(book.facts_of(account, args.known_at), start=1):
        print(json.dumps(envelope(fact, account=account.ref, sequence=sequence, prev_sha256=""), ensure_ascii=False))
    return 0
