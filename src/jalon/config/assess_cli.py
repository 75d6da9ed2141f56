"""`jalon assess`: every obligation under an agreement and a file of facts, at any time, as known at any other. No database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from jalon.accounts.shelf import FILE
from jalon.config.plain_words import LANGUAGES, language, words
from jalon.core import engine
from jalon.core.agreement.loading import AgreementError, parse
from jalon.core.agreement.model import Agreement
from jalon.core.facts.files import FactsError, read_facts
from jalon.core.money.amount import Money
from jalon.core.obligations import Assessment, Obligation
from jalon.core.text import Bilingual, Text, _
from jalon.core.timekeeping.terms import Term


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `assess`."""
    parser = subparsers.add_parser("assess", help="every obligation of both sides, from a file of facts")
    parser.add_argument("--agreement", type=Path, required=True, help="the agreement's file or folder")
    parser.add_argument(
        "--facts", type=Path, required=True, help="facts as JSON lines or YAML; - reads standard input"
    )
    parser.add_argument(
        "--as-of",
        required=True,
        help="ISO 8601; without a zone, the agreement's; a date alone means the end of that day",
    )
    parser.add_argument("--known-at", help="the same; only facts recorded by then count")
    parser.add_argument("--format", choices=("json", "text"), default="text")
    parser.add_argument("--lang", choices=LANGUAGES)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, _now: datetime) -> int:
    """Print the assessment; 0 done, 1 when the agreement or the facts are refused, with each place, 2 for an unreadable time or file."""
    lang = language(args.lang)
    try:
        agreement = read_agreement(args.agreement)
        zone = ZoneInfo(agreement.calendars["provider"].zone)
        as_of = moment(args.as_of, zone)
        known_at = moment(args.known_at, zone) if args.known_at else None
        text = sys.stdin.read() if str(args.facts) == "-" else args.facts.read_text(encoding="utf-8")
        facts = read_facts(text, file=str(args.facts), zone=str(zone))
    except (AgreementError, FactsError) as error:
        for problem in error.problems:
            print(problem_line(problem, lang), file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(unreadable(error, lang), file=sys.stderr)
        return 2
    found = engine.assess(agreement, facts, as_of, known_at)
    with timezone.override(zone):  # times are said where the agreement is
        print(
            json.dumps(as_json(found, zone), ensure_ascii=False, indent=1)
            if args.format == "json"
            else as_text(found, zone, lang)
        )
    return 0


def unreadable(error: OSError | ValueError, lang: str) -> str:
    """Why a file or a time that a command names cannot be read, in the reader's language where Jalon has the words."""
    if isinstance(error, FileNotFoundError):
        return words(_("There is no file at %(path)s.", path=str(error.filename)), lang)
    if isinstance(error, UnicodeDecodeError):
        return words(_("This file is not in UTF-8."), lang)
    return str(error)


def problem_line(problem: Any, lang: str) -> str:
    """file:line:column and the sentence."""
    return f"{problem.file}:{problem.line}:{problem.column} {words(problem.said, lang)}"


def read_agreement(path: Path) -> Agreement:
    """The agreement of a file or of its folder. Raises AgreementError, and OSError where there is none."""
    file = path / FILE if path.is_dir() else path
    return parse(file.read_text(encoding="utf-8"), file=str(file))


def moment(written: str, zone: ZoneInfo) -> datetime:
    """The instant written: a date alone is the last microsecond of that day; no zone is the agreement's. ValueError otherwise."""
    try:
        if len(written) == 10:
            return datetime.combine(
                date.fromisoformat(written) + timedelta(days=1), time(), zone
            ) - timedelta(microseconds=1)
        at = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(f"“{written}” is not a time: write 2026-05-06 or 2026-05-06T12:00+02:00") from None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def as_json(found: Assessment, zone: ZoneInfo) -> dict[str, Any]:
    """The whole assessment as JSON values: texts in both languages, instants in the agreement's zone."""
    return {
        "agreement": found.agreement,
        "version": found.version,
        "as_of": _plain(found.as_of, zone),
        "known_at": _plain(found.known_at, zone),
        "standing": "in_effect"
        if found.standing == "open"
        else "ended"
        if found.standing == "cancelled"
        else "not_yet",
        "effective_on": _plain(found.effective_on, zone),
        "ends_on": _plain(found.ends_on, zone),
        "level": found.level,
        "obligations": [_obligation(one, zone) for one in found.obligations],
        "rights": _plain(found.rights, zone),
        "powers": _plain(found.powers, zone),
        "limits": _plain(found.limits, zone),
        "not_run": _plain(found.not_run, zone),
        "refused": _plain(found.refused, zone),
        "suspended": _plain(found.suspended, zone),
    }


def _obligation(one: Obligation, zone: ZoneInfo) -> dict[str, Any]:
    plain = {
        f.name: _plain(getattr(one, f.name), zone)
        for f in fields(one)
        if f.name not in ("due", "due_on", "due_first", "due_first_on")
    }
    return {
        **plain,
        # A day term is written as its last day, an hour term as its instant; `due_at` is always the instant.
        "due": _plain(one.due_on or one.due, zone),
        "due_at": _plain(one.due, zone),
        "due_first": _plain(one.due_first_on or one.due_first, zone),
    }


def _plain(value: Any, zone: ZoneInfo) -> Any:
    match value:
        case None | bool() | int() | float():
            return value
        case Enum():
            return value.value
        case str():
            return value
        case datetime():
            return value.astimezone(zone).isoformat()
        case date():
            return value.isoformat()
        case Decimal() | Term():
            return str(value)
        case Text() | Bilingual() | Money():
            return {lang: words(value, lang) for lang in LANGUAGES}
        case Mapping():
            return {str(name): _plain(part, zone) for name, part in value.items()}
        case tuple() | list() | set() | frozenset():
            return [_plain(part, zone) for part in value]
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name), zone) for f in fields(value)}
    return str(value)


def as_text(found: Assessment, zone: ZoneInfo, lang: str) -> str:
    """One line a promise, for a reader."""
    from jalon.wording.states import label

    lines = [
        words(
            _("%(n)s promises, as of %(at)s", n=len(found.obligations), at=found.as_of.astimezone(zone)), lang
        )
    ]
    for one in found.obligations:
        due = words(one.due_on or (one.due.astimezone(zone) if one.due else None), lang)
        lines.append(
            f"{one.clause:<5} {one.debtor.value:<9} {label(one.state, lang=lang):<18} {due:<28} {words(one.title, lang)}"
        )
    lines += [words(_("Without effect: %(why)s", why=one.said), lang) for one in found.refused]
    return "\n".join(lines)
