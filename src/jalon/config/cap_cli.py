"""`jalon cap`: the liability cap of a claim, from a file of facts, with every payment it counts and why. No database."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jalon.config.assess_cli import _agreement, _plain, moment, problem_line
from jalon.config.plain_words import LANGUAGES, language, words
from jalon.core.agreement.loading import AgreementError
from jalon.core.agreement.model import Agreement
from jalon.core.facts.files import FactsError, read_facts
from jalon.core.facts.model import Fact
from jalon.core.money import cap as caps
from jalon.core.money.rates import Quote
from jalon.core.text import _


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `cap`."""
    parser = subparsers.add_parser("cap", help="the liability cap of a claim, with every payment it counts")
    parser.add_argument("--agreement", type=Path, required=True, help="the agreement's file or folder")
    parser.add_argument(
        "--facts", type=Path, required=True, help="facts as JSON lines or YAML; - reads standard input"
    )
    parser.add_argument(
        "--arose-on", required=True, metavar="DATE", help="the day on which the claim arose, in the agreement's zone"
    )  # fmt: skip
    parser.add_argument(
        "--service", action="append", required=True, metavar="CODE",
        help="a service that gave rise to the claim, as invoice lines write it; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--known-at",
        help="ISO 8601; without a zone, the agreement's; a date alone means the end of that day; only facts recorded by then "
        "count; without it, all facts of the file",
    )
    parser.add_argument(
        "--basis", choices=caps.BASES, help="another reading than the agreement's: what it would change"
    )
    parser.add_argument("--format", choices=("json", "text"), default="text")
    parser.add_argument("--lang", choices=LANGUAGES)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, _now: datetime) -> int:
    """Print the cap; 0 done, 1 when the agreement or the facts are refused, or cap nothing, 2 for an unreadable day or file."""
    lang = language(args.lang)
    try:
        agreement = _agreement(args.agreement)
        zone = ZoneInfo(agreement.calendars["provider"].zone)
        text = sys.stdin.read() if str(args.facts) == "-" else args.facts.read_text(encoding="utf-8")
        facts = read_facts(text, file=str(args.facts), zone=str(zone))
        arose_on = _day(args.arose_on)
        known_at = moment(args.known_at, zone) if args.known_at else _latest(facts, arose_on, zone)
        found = caps.of(
            agreement, facts, arose_on=arose_on, services=args.service, known_at=known_at, basis=args.basis
        )
    except (AgreementError, FactsError) as error:
        for problem in error.problems:
            print(problem_line(problem, lang), file=sys.stderr)
        return 1
    except caps.NoCap:
        print(
            words(_("This agreement has no cap of what was paid: no parameter “liability.period”."), lang),
            file=sys.stderr,
        )
        return 1
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print(
        json.dumps(as_json(found, zone), ensure_ascii=False, indent=1)
        if args.format == "json"
        else as_text(found, agreement, zone, lang)
    )
    return 0


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ValueError(f"--arose-on: “{written}” is not a day: write 2026-03-15") from None


def _latest(facts: tuple[Fact, ...], arose_on: date, zone: ZoneInfo) -> datetime:
    # Everything that the file tells is known: the moment of its last record, and no earlier than the claim.
    return max((fact.recorded_at for fact in facts), default=moment(arose_on.isoformat(), zone))


def as_json(found: caps.Cap, zone: ZoneInfo) -> dict[str, Any]:
    """The cap as JSON: amounts as decimal strings, exact values as fractions, texts in both languages."""
    return {
        "cap": str(found.amount.amount),
        "currency": found.amount.currency,
        "exact": str(found.exact),
        "arose_on": found.arose_on.isoformat(),
        "services": list(found.services),
        "known_at": _plain(found.known_at, zone),
        "basis": found.basis,
        "window": {"first": found.first.isoformat(), "last": found.last.isoformat()},
        "applies": found.applies,
        "complete": found.complete,
        "payments": [_entry(one) for one in found.entries],
        "outside_window": [_entry(one) for one in found.beside],
        "reading": _plain(found.reading, zone),
        "warnings": _plain(found.warnings, zone),
        "summary": _plain(found.summary, zone),
        "steps": [_plain(step.said, zone) for step in found.steps],
        "clauses": [citation.clause for citation in found.citations],
    }


def _entry(one: caps.Entry) -> dict[str, Any]:
    return {
        "fact": one.fact,
        "reference": one.reference,
        "kind": one.kind,
        "day": one.day.isoformat(),
        "amount": str(one.amount.amount),
        "currency": one.amount.currency,
        "fees": str(one.fees.amount),
        "counted": str(one.counted.amount),
        "exact": str(one.exact),
        "converted": one.converted,
        "deductions": [
            {
                "reason": part.reason,
                "amount": str(part.amount.amount),
                "said": {lang: words(part.said, lang) for lang in LANGUAGES},
            }
            for part in one.deductions
        ],
        "rates": [
            {"currency": q.currency, "per_euro": str(q.value), "since": q.since.isoformat(), "fact": q.fact}
            for q in one.rates
        ],
        "invoices": list(one.invoices),
        "said": {lang: words(one.said, lang) for lang in LANGUAGES},
    }


def as_text(found: caps.Cap, agreement: Agreement, zone: ZoneInfo, lang: str) -> str:
    """The cap for a reader: the figure, its window, each payment with what does not count, the reading, the warnings."""
    lines = [
        words(found.summary, lang),
        words(_("As known on %(at)s.", at=found.known_at.astimezone(zone)), lang),
        "",
    ]
    for one in found.entries:
        lines.append(f"  + {_right(words(one.counted, lang))}  {words(one.said, lang)}")
        lines += [f"    {' ' * 14}  {words(part.said, lang)}" for part in one.deductions]
        lines += [f"    {' ' * 14}  {words(_rate(rate), lang)}" for rate in one.rates]
    lines += [f"  = {_right(words(found.amount, lang))}  {words(found.steps[-1].said, lang)}", ""]
    if found.beside:
        lines.append(words(_("Outside the window:"), lang))
        lines += [f"    {words(one.said, lang)}" for one in found.beside] + [""]
    lines.append(words(_("Read as:"), lang))
    lines += [
        f"    {words(caps.named(agreement, use), lang)}: {_value(use.value)} [{use.name}, {use.origin}]"
        for use in found.reading
    ]
    if found.warnings:
        lines += ["", *(f"! {words(said, lang)}" for said in found.warnings)]
    return "\n".join(lines)


def _rate(rate: Quote) -> Any:
    from jalon.core.money.amount import to_cents

    if rate.value.denominator in (1, 10, 100):
        return _(
            "1 EUR = %(value)s %(currency)s since %(day)s.",
            value=to_cents(rate.value),
            currency=rate.currency,
            day=rate.since,
        )
    return _(
        "1 EUR = %(value)s %(currency)s since %(day)s.",
        value=f"{float(rate.value):.6g}",
        currency=rate.currency,
        day=rate.since,
    )


def _right(written: str) -> str:
    return written.rjust(12)


def _value(value: Any) -> str:
    if value is None:
        return "–"
    return ", ".join(str(one) for one in value) if isinstance(value, (list, tuple)) else str(value)
