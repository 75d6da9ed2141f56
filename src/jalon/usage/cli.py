"""Commands of usage: import, seats, metrics, ask, quarantine, unmatched, match, digest, rebuild."""

from __future__ import annotations

import argparse
import os
from datetime import datetime
from pathlib import Path

from jalon.usage import asking, bringing, importing
from jalon.usage.mapping import KNOWN


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `jalon usage …`."""
    usage = commands.add_parser("usage", help="product usage: bring it in, ask for figures")
    verbs = usage.add_subparsers(dest="verb", metavar="VERB", required=True)
    for add in (_import, _seats, _metrics, _ask, _quarantine, _names, _digest):
        add(verbs)
    rebuild = verbs.add_parser("rebuild", help="derive the months of lists again")
    rebuild.set_defaults(run=asking.run_rebuild)


def _said(command: argparse.ArgumentParser, *formats: str) -> None:
    own = "fr" if os.environ.get("LANG", "").startswith("fr") else "en"
    command.add_argument("--lang", choices=("fr", "en"), default=own)
    if formats:
        command.add_argument("--format", choices=formats, default=formats[0])


def _import(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    take = verbs.add_parser(
        "import", help="bring events in from CSV, JSON lines (also Segment's) or Parquet, plain or .gz"
    )
    take.add_argument("files", nargs="+", type=Path)
    take.add_argument("--source", required=True, help="the product or system they come from")
    take.add_argument(
        "--map", action="append", default=[], metavar="FIELD=COLUMN", help=f"fields: {', '.join(KNOWN)}"
    )
    take.add_argument("--create-clients", action="store_true", help="make the clients that are not there yet")
    take.add_argument(
        "--received-at", choices=importing.KNOWN_AT, default=importing.KNOWN_AT[0],
        help="when an event without a time of reception was known: at this import, or when it occurred",
    )  # fmt: skip
    take.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
    _said(take, "text", "json")
    take.set_defaults(run=bringing.run_import)


def _seats(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    seats = verbs.add_parser("seats", help="bring in the people who may use the product")
    seats.add_argument("file", type=Path)
    seats.add_argument("--account", required=True, help="column of the client")
    seats.add_argument("--prefix", nargs="*", default=[], help="columns before it, joined by /")
    seats.add_argument("--user", required=True, help="column of the person")
    seats.add_argument("--since", default="", help="column of the first day of the seat")
    seats.add_argument("--until", default="", help="column of its last day, included")
    seats.add_argument(
        "--keep", nargs="*", default=[], metavar="COLUMN", help="columns kept with the seat, for `usage ask`"
    )
    seats.add_argument("--source", default="", help="find clients as this source of events calls them")
    _said(seats, "text", "json")
    seats.set_defaults(run=bringing.run_seats)


def _metrics(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    figures = verbs.add_parser("metrics", help="figures by client and month or week, as known at any moment")
    figures.add_argument("--client")
    figures.add_argument("--by", choices=("month", "week"), default="month")
    figures.add_argument("--month", help="2015-12; every month where it is not given")
    figures.add_argument(
        "--known-at", type=datetime.fromisoformat, help="ISO 8601; UTC where it has no offset"
    )
    _said(figures, "table", "json")
    figures.set_defaults(run=asking.run_metrics)


def _ask(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    ask = verbs.add_parser(
        "ask",
        help="any question in SQL (DuckDB) over the tables `events` and `seats`; nothing can be changed",
    )
    ask.add_argument("sql")
    ask.add_argument(
        "--known-at",
        type=datetime.fromisoformat,
        help="only events received by then; UTC where it has no offset",
    )
    _said(ask, "table", "json")
    ask.set_defaults(run=asking.run_ask)


def _quarantine(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    aside = verbs.add_parser("quarantine", help="the rows that were refused, whole, with their line and why")
    aside.add_argument("--import", dest="batch", type=int, metavar="NUMBER", help="of one import alone")
    aside.add_argument("--source")
    aside.add_argument(
        "--export", type=Path, metavar="FILE", help="write them as JSON lines, to mend and bring in again"
    )
    _said(aside, "text", "json")
    aside.set_defaults(run=asking.run_quarantine)


def _names(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    nobody = verbs.add_parser("unmatched", help="events of no client, by what their source calls it")
    _said(nobody, "text", "json")
    nobody.set_defaults(run=asking.run_unmatched)
    match = verbs.add_parser("match", help="say which client a source means by a name")
    match.add_argument("source")
    match.add_argument("name")
    match.add_argument("client")
    _said(match)
    match.set_defaults(run=bringing.run_match)


def _digest(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    digest = verbs.add_parser("digest", help="record a month's use of each client as a fact, once it is over")
    digest.add_argument("--month", required=True, help="2026-05")
    digest.add_argument("--client")
    _said(digest)
    digest.set_defaults(run=bringing.run_digest)
