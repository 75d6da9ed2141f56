"""`jalon demo load` and `jalon demo reset`: the demo portfolio, into an empty home; away with it, and again."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections import Counter
from datetime import datetime

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction

from jalon.accounts.models import Account, Staff
from jalon.demo.loading import load
from jalon.demo.people import CLIENTS, STAFF
from jalon.ledger.models import ProjectedObligation


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `jalon demo load` and `jalon demo reset`."""
    demo = commands.add_parser("demo", help="an invented portfolio to look at")
    verbs = demo.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb, said, run in (
        ("load", "load it; refuses a home that has clients", run_load),
        ("reset", "drop everything and load it again, as of now; only in the demo’s home", run_reset),
    ):
        command = verbs.add_parser(verb, help=said)
        command.add_argument("--seed", type=int, default=7, help="the dice of the story (7)")
        command.add_argument("--clients", type=int, default=len(CLIENTS), help="only the first N clients")
        command.set_defaults(run=run)


def run_load(args: argparse.Namespace, now: datetime) -> int:
    """Load, and say how both sides stand."""
    if Account.objects.exists():
        print(
            "this home has clients already: the demo goes into an empty one (JALON_HOME=var/demo)",
            file=sys.stderr,
        )
        return 1
    facts = load(now, seed=args.seed, clients=args.clients, said=progress)
    print(f"{facts} facts of {Account.objects.count()} clients")
    counts = Counter(ProjectedObligation.objects.values_list("debtor", "state"))
    for (debtor, state), n in sorted(counts.items()):
        print(f"  {debtor:<9} {state:<12} {n}")
    return 0


def progress(done: int, of: int) -> None:
    """One line that counts up, where somebody watches."""
    if sys.stdout.isatty():
        print(f"\r  {done} of {of} clients", end="\n" if done == of else "", flush=True)


def run_reset(args: argparse.Namespace, now: datetime) -> int:
    """Drop the demo and load it again. Refuses, with a sentence, any home that is not the demo's alone."""
    refusal = _not_a_demo()
    if refusal:
        print(refusal, file=sys.stderr)
        return 1
    _drop()
    return run_load(args, now)


def _not_a_demo() -> str:
    """Why this home may not be dropped; empty when it is a demo and nothing else."""
    if not settings.DEMO:
        return f"{settings.HOME} is not a demo: nothing was dropped. A demo is opened with JALON_DEMO=1, in a home of its own."
    clients = {ref for ref, *_rest in CLIENTS}
    people = {ref for ref, *_rest in STAFF}
    real = [
        *Account.objects.exclude(ref__in=clients).order_by("ref").values_list("ref", flat=True),
        *Staff.objects.exclude(ref__in=people).order_by("ref").values_list("ref", flat=True),
    ]
    if real:
        named = ", ".join(real[:3])
        return f"{settings.HOME} holds what is not the demo’s ({named}): nothing was dropped. Remove the folder yourself, or choose another home."
    return ""


def _drop() -> None:
    """Every table, and the files beside: the ledger refuses removal row by row, and rightly so."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # In place, not by removing the file: a server that runs beside goes on, on the new story.
            cursor.execute("PRAGMA foreign_keys=OFF")
            with transaction.atomic():
                for name in connection.introspection.table_names(cursor):
                    cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)}")
            cursor.execute("PRAGMA foreign_keys=ON")
        else:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    shutil.rmtree(settings.USAGE_HOME, ignore_errors=True)
    shutil.rmtree(default_storage.path(""), ignore_errors=True)
    call_command("migrate", interactive=False, verbosity=0)
