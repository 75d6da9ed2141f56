"""The command line of documents: `jalon review draft`."""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime
from pathlib import Path

from jalon.accounts.models import Account
from jalon.documents import reviews


def register(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Add `jalon review …`."""
    review = commands.add_parser("review", help="the monthly review of a client")
    verbs = review.add_subparsers(dest="verb", metavar="VERB", required=True)
    made = verbs.add_parser("draft", help="make the review of a month as a PDF from what is known now")
    made.add_argument("--client", required=True, help="the client's ref")
    made.add_argument("--month", required=True, type=month, help="2026-05")
    made.add_argument(
        "--lang",
        default="",
        choices=["", *reviews.LANGUAGES],
        help="fr or en; the client's language where it is not given",
    )
    made.add_argument("--out", required=True, type=Path, help="the file to write")
    made.set_defaults(run=run_draft)


def month(written: str) -> date:
    """The first day of the month that "2026-05" writes."""
    try:
        return date.fromisoformat(f"{written}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{written}” is not a month: write 2026-05") from None


def run_draft(args: argparse.Namespace, now: datetime) -> int:
    """Write the PDF; says where."""
    account = Account.objects.filter(ref=args.client).first()
    if account is None:
        print(f"no client “{args.client}”", file=sys.stderr)
        return 1
    content = reviews.monthly(account, args.month, now, args.lang or account.language)
    args.out.write_bytes(content)
    print(f"{args.out}: {len(content)} bytes")
    return 0
