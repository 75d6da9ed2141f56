"""The commands that bring usage in, run: events, seats, the names of clients, the digest of a month."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from django.utils import translation

from jalon.accounts.models import Account
from jalon.core.text import Text, _, ngettext
from jalon.ledger.importing.reading import Unreadable
from jalon.usage import digest, importing, projection, seats, words
from jalon.usage.bar import bar
from jalon.usage.models import UsageClientName
from jalon.wording import say


def refuse(problem: Text) -> int:
    """Say what is wrong on the error output; the exit code."""
    print(say(problem), file=sys.stderr)
    return 1


def run_import(args: argparse.Namespace, now: datetime) -> int:
    """Import each file; 1 when one cannot be read, and nothing of it is taken."""
    with translation.override(args.lang):
        if wrong := next((one for one in args.map if "=" not in one), None):
            return refuse(_("“%(given)s” is not FIELD=COLUMN.", given=wrong))
        columns = dict(one.split("=", 1) for one in args.map)
        failed, told = False, []
        for number, path in enumerate(args.files, start=1):
            try:
                report = importing.take(
                    path, source=args.source, now=now, by="cli", mapping=columns, create_clients=args.create_clients, dry_run=args.dry_run,
                    received_at=args.received_at, progress=bar(path.name),
                )  # fmt: skip
            except Unreadable as error:
                refuse(_("%(file)s: %(problem)s", file=str(path), problem=error.said))
                failed = True
                continue
            if args.format == "text":
                print(f"[{number}/{len(args.files)}] {path.name}: {say(words.summed_up(report))}", flush=True)
                for text in report.unclear:
                    print(f"  {say(text)}")
            told.append({"file": str(path), **_as_json(report)})
        if args.format == "json":
            print(json.dumps(told, indent=1, ensure_ascii=False))
        return 1 if failed else 0


def _as_json(report: importing.Report) -> Mapping[str, object]:
    return asdict(report) | {"unmatched": report.unmatched, "unclear": [say(text) for text in report.unclear]}


def run_seats(args: argparse.Namespace, now: datetime) -> int:
    """Import seats; 1 when the file cannot be read or a row is refused."""
    columns = seats.Columns(args.user, (*args.prefix, args.account), args.since, args.until, tuple(args.keep))
    with translation.override(args.lang):
        try:
            report = seats.take(args.file, columns, source=args.source or seats.SOURCE)
        except Unreadable as error:
            return refuse(_("%(file)s: %(problem)s", file=str(args.file), problem=error.said))
        if args.format == "json":
            print(json.dumps(asdict(report), indent=1, ensure_ascii=False))
        else:
            print(say(_(
                "%(rows)s rows: %(created)s seats made, %(changed)s changed, %(unchanged)s unchanged, %(refused)s refused, %(unmatched)s of no client",
                rows=report.rows, created=report.created, changed=report.changed, unchanged=report.unchanged,
                refused=len(report.refused), unmatched=sum(report.unmatched.values()),
            )))  # fmt: skip
            for line, code in report.refused:
                print(say(_("  line %(line)s: %(reason)s", line=str(line), reason=words.reason(code))))
        return 1 if report.refused else 0


def run_match(args: argparse.Namespace, now: datetime) -> int:
    """Write down which client a name is, and derive its months again."""
    with translation.override(args.lang):
        account = Account.objects.filter(ref=args.client).first()
        if account is None:
            return refuse(_("There is no client “%(ref)s”.", ref=args.client))
        row = (
            UsageClientName.objects.filter(source=args.source, name=args.name)
            .select_related("account")
            .first()
        )
        if row is None:
            return refuse(
                _("No event of “%(source)s” calls a client “%(name)s”.", source=args.source, name=args.name)
            )
        projection.give(row, account)
        print(say(_("“%(name)s” is %(client)s.", name=args.name, client=account.name)))
        return 0


def run_digest(args: argparse.Namespace, now: datetime) -> int:
    """Record the digests of a month."""
    with translation.override(args.lang):
        try:
            month = date.fromisoformat(f"{args.month}-01")
        except ValueError:
            return refuse(_("“%(given)s” is not a month: write 2026-05.", given=args.month))
        accounts = Account.objects.order_by("ref")
        if args.client:
            accounts = accounts.filter(ref=args.client)
            if not accounts:
                return refuse(_("There is no client “%(ref)s”.", ref=args.client))
        told = sum(digest.record(account, month, now) for account in accounts)
        print(say(ngettext("%(n)s digest recorded", "%(n)s digests recorded", told)))
        return 0
