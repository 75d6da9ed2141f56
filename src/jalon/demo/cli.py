"""`jalon demo load`: the demo portfolio, into an empty home."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from datetime import datetime

from jalon.accounts.models import Account
from jalon.demo.loading import load
from jalon.demo.people import CLIENTS
from jalon.ledger.models import ProjectedObligation


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `jalon demo load`."""
    demo = commands.add_parser("demo", help="an invented portfolio to look at")
    verbs = demo.add_subparsers(dest="verb", metavar="VERB", required=True)
    loading = verbs.add_parser("load", help="load it; refuses a home that has clients")
    loading.add_argument("--seed", type=int, default=7)
    loading.add_argument("--clients", type=int, default=len(CLIENTS))
    loading.set_defaults(run=run_load)


def run_load(args: argparse.Namespace, now: datetime) -> int:
    """Load, and say how both sides stand."""
    if Account.objects.exists():
        print(
            "this home has clients already: the demo goes into an empty one (JALON_HOME=var/demo)",
            file=sys.stderr,
        )
        return 1
    facts = load(now, seed=args.seed, clients=args.clients)
    print(f"{facts} facts of {args.clients} clients")
    counts = Counter(ProjectedObligation.objects.values_list("debtor", "state"))
    for (debtor, state), n in sorted(counts.items()):
        print(f"  {debtor:<9} {state:<12} {n}")
    return 0
