"""The commands that ask, run: figures, any question in SQL, what was refused, what belongs to no client."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
from django.utils import translation

from jalon.accounts.models import Account
from jalon.core.text import _, ngettext
from jalon.core.timekeeping.civil import add_months
from jalon.usage import metrics, projection, store, words
from jalon.usage.bringing import refuse
from jalon.usage.models import UsageRefusal
from jalon.wording import say


def _moment(given: datetime | None) -> datetime | None:
    return given if given is None or given.tzinfo else given.replace(tzinfo=UTC)


def run_metrics(args: argparse.Namespace, now: datetime) -> int:
    """Print figures."""
    with translation.override(args.lang):
        if args.client and not Account.objects.filter(ref=args.client).exists():
            return refuse(_("There is no client “%(ref)s”.", ref=args.client))
        first, last = store.query("SELECT min(occurred_at)::DATE, max(occurred_at)::DATE FROM events")[0]
        if args.month:
            try:
                first = last = date.fromisoformat(f"{args.month}-01")
            except ValueError:
                return refuse(_("“%(given)s” is not a month: write 2026-05.", given=args.month))
            if args.by == "week":
                last = add_months(first, 1) - timedelta(days=1)
    refs = (
        [args.client] if args.client else list(Account.objects.order_by("ref").values_list("ref", flat=True))
    )
    ask = metrics.weeks if args.by == "week" else metrics.months
    found = ask(refs, first, last, _moment(args.known_at)) if first else {}
    lines = [metrics.as_json(ref, one) for ref, figures in found.items() for one in figures]
    if args.format == "json":
        print(json.dumps(lines, indent=1))
        return 0
    for line in lines:
        print(
            f"{line['client']:<30} {line[args.by]} {line['active_users']:>6} active {line['licensed_users']:>6} seats "
            f"{line['events']:>8} events {line['features_used']:>4} features {line['stickiness']:>7.1%} stickiness"
        )
    return 0


def run_ask(args: argparse.Namespace, now: datetime) -> int:
    """Print the answer to a question in SQL; the store cannot be changed by it, and no other file is read."""
    with store.connect() as base:
        store.with_seats(base)
        if args.known_at:
            known = metrics.utc(_moment(args.known_at))
            base.execute("ALTER VIEW events RENAME TO every_event")
            base.execute(
                f"CREATE VIEW events AS SELECT * FROM every_event WHERE received_at <= TIMESTAMP '{known}'"
            )
        folder = str(store.home()).replace("'", "''")
        base.execute(f"SET allowed_directories = ['{folder}/']")
        base.execute("SET enable_external_access = false")
        base.execute("SET lock_configuration = true")
        try:
            answer = base.execute(args.sql)
            names, rows = [column[0] for column in answer.description or ()], answer.fetchall()
        except duckdb.Error as error:
            print(error, file=sys.stderr)
            return 1
    _print(names, rows, args.format)
    return 0


def _print(names: Sequence[str], rows: Sequence[Sequence[Any]], form: str) -> None:
    if form == "json":
        print(
            json.dumps(
                [dict(zip(names, row, strict=True)) for row in rows],
                indent=1,
                ensure_ascii=False,
                default=_plain,
            )
        )
        return
    for row in (names, *rows):
        print("\t".join("" if cell is None else str(cell) for cell in row))


def _plain(value: Any) -> Any:
    return int(value) if hasattr(value, "as_integer_ratio") and value == int(value) else str(value)


def run_quarantine(args: argparse.Namespace, now: datetime) -> int:
    """Print or export what was refused, the latest import first."""
    rows = UsageRefusal.objects.select_related("batch").order_by("-batch", "line")
    if args.batch:
        rows = rows.filter(batch=args.batch)
    if args.source:
        rows = rows.filter(batch__source=args.source)
    with translation.override(args.lang):
        if args.export:
            with args.export.open("w", encoding="utf-8") as file:
                for row in rows.iterator():
                    print(json.dumps(row.content, ensure_ascii=False), file=file)
            print(say(ngettext("%(n)s row written", "%(n)s rows written", rows.count())))
            return 0
        if args.format == "json":
            told = [
                {"import": row.batch_id, "file": row.batch.name, "source": row.batch.source, "line": row.line, "code": row.reason,
                 "reason": say(words.reason(row.reason)), "content": row.content}
                for row in rows
            ]  # fmt: skip
            print(json.dumps(told, indent=1, ensure_ascii=False))
            return 0
        for row in rows.iterator():
            content = json.dumps(row.content, ensure_ascii=False)
            print(f"#{row.batch_id} {row.batch.name}:{row.line}: {say(words.reason(row.reason))}: {content}")
    return 0


def run_unmatched(args: argparse.Namespace, now: datetime) -> int:
    """Print the names of no client, with their events."""
    found = metrics.unmatched()
    if args.format == "json":
        print(
            json.dumps(
                [{"source": s, "name": name, "events": n} for s, name, n in found],
                indent=1,
                ensure_ascii=False,
            )
        )
        return 0
    with translation.override(args.lang):
        for source, name, n in found:
            called = f"“{name}”" if name else say(_("(no client named)"))
            print(f"{source} {called}: {say(ngettext('%(n)s event', '%(n)s events', n))}")
    return 0


def run_rebuild(args: argparse.Namespace, now: datetime) -> int:
    """Rebuild the projection."""
    found = projection.rebuild()
    with translation.override(args.lang if "lang" in args else "en"):
        print(say(ngettext("%(n)s month derived", "%(n)s months derived", found)))
    return 0
