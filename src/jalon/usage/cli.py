"""Commands of usage: import, seats, metrics, rebuild."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from jalon.accounts.models import Account
from jalon.usage import importing, metrics, projection, store


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `jalon usage …`."""
    usage = commands.add_parser("usage", help="product usage: bring it in, ask for figures")
    verbs = usage.add_subparsers(dest="verb", metavar="VERB", required=True)
    take = verbs.add_parser("import", help="bring events in from CSV, NDJSON (.gz) or Parquet")
    take.add_argument("files", nargs="+", type=Path)
    take.add_argument("--source", required=True, help="the product or system they come from")
    take.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help=f"fields: {', '.join(importing.KNOWN)}",
    )
    take.add_argument("--create-clients", action="store_true", help="make the clients that are not there yet")
    take.add_argument("--dry-run", action="store_true")
    take.set_defaults(run=run_import)
    seats = verbs.add_parser("seats", help="bring in the people who may use the product")
    seats.add_argument("file", type=Path)
    seats.add_argument("--account", required=True, help="column of the client")
    seats.add_argument("--prefix", nargs="*", default=[], help="columns before it, joined by /")
    seats.add_argument("--user", required=True, help="column of the person")
    seats.set_defaults(run=run_seats)
    figures = verbs.add_parser("metrics", help="figures by client and month, as known at any moment")
    figures.add_argument("--client")
    figures.add_argument("--month", help="2015-12; every month where it is not given")
    figures.add_argument("--known-at", type=datetime.fromisoformat)
    figures.add_argument("--format", choices=("table", "json"), default="table")
    figures.set_defaults(run=run_metrics)
    verbs.add_parser("rebuild", help="derive the months of lists again").set_defaults(run=run_rebuild)


def run_import(args: argparse.Namespace, now: datetime) -> int:
    """Import each file; 1 when one cannot be read, and nothing of it is taken."""
    mapping = dict(one.split("=", 1) for one in args.map if "=" in one)
    failed = False
    for number, path in enumerate(args.files, start=1):
        try:
            report = importing.take(
                path,
                source=args.source,
                now=now,
                by="cli",
                mapping=mapping,
                create_clients=args.create_clients,
                dry_run=args.dry_run,
            )
        except (importing.Unreadable, OSError) as error:
            print(error, file=sys.stderr)
            failed = True
            continue
        refused = ", ".join(f"{n} {reason}" for reason, n in sorted(report.refused.items())) or "none"
        print(f"[{number}/{len(args.files)}] {path.name}: {report.rows} rows, {report.added} added, {report.duplicates} there already, "
              f"{report.unmatched} of no client, refused: {refused}; {report.created} clients made", flush=True)  # fmt: skip
    return 1 if failed else 0


def run_seats(args: argparse.Namespace, now: datetime) -> int:
    """Import seats."""
    print(
        f"{importing.take_seats(args.file, account=args.account, user=args.user, prefix=tuple(args.prefix))} seats"
    )
    return 0


def run_metrics(args: argparse.Namespace, now: datetime) -> int:
    """Print figures."""
    refs = (
        [args.client] if args.client else list(Account.objects.order_by("ref").values_list("ref", flat=True))
    )
    first, last = store.query("SELECT min(occurred_at)::DATE, max(occurred_at)::DATE FROM events")[0]
    if args.month:
        first = last = date.fromisoformat(f"{args.month}-01")
    known_at = (
        args.known_at if args.known_at is None or args.known_at.tzinfo else args.known_at.replace(tzinfo=UTC)
    )
    found = metrics.months(refs, first, last, known_at) if first else {}
    lines = [metrics.as_json(ref, one) for ref, figures in found.items() for one in figures]
    if args.format == "json":
        print(json.dumps(lines, indent=1))
    else:
        for line in lines:
            print(
                f"{line['client']:<30} {line['month']} {line['active_users']:>6} active {line['licensed_users']:>6} seats {line['events']:>8} events {line['features_used']:>4} features"
            )
    return 0


def run_rebuild(args: argparse.Namespace, now: datetime) -> int:
    """Rebuild the projection."""
    print(f"{projection.refresh(list(Account.objects.values_list('ref', flat=True)))} months")
    return 0
