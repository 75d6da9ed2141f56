"""`jalon cap`: the liability cap of a claim, from a file of facts, with every payment it counts and why. No database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jalon.config.assess_cli import _plain, moment, problem_line, read_agreement, unreadable
from jalon.config.plain_words import LANGUAGES, language, words
from jalon.core.agreement.loading import AgreementError
from jalon.core.agreement.model import Agreement
from jalon.core.facts.files import FactsError, read_facts
from jalon.core.facts.model import Fact
from jalon.core.money import cap as caps
from jalon.core.money import claims
from jalon.core.money.choices import word as choice_word
from jalon.core.money.choices import words as choice_words
from jalon.core.money.rates import Quote
from jalon.core.norms.visible import visible
from jalon.core.norms.world import World
from jalon.core.obligations import ParameterUse
from jalon.core.text import Text, Value, _
from jalon.core.timekeeping.terms import Term


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `cap`."""
    parser = subparsers.add_parser("cap", help="the liability cap of a claim, with every payment it counts")
    parser.add_argument("--agreement", type=Path, required=True, help="the agreement's file or folder")
    parser.add_argument(
        "--facts", type=Path, required=True, help="facts as JSON lines or YAML; - reads standard input"
    )
    parser.add_argument(
        "--claim",
        metavar="REF",
        help="a claim of the facts: when it arose and from which services is read from it",
    )
    parser.add_argument(
        "--arose-on", metavar="DATE", help="the day on which the claim arose, in the agreement's zone"
    )  # fmt: skip
    parser.add_argument(
        "--service", action="append", metavar="CODE",
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
        agreement = read_agreement(args.agreement)
        zone = ZoneInfo(agreement.calendars["provider"].zone)
        text = sys.stdin.read() if str(args.facts) == "-" else args.facts.read_text(encoding="utf-8")
        facts = read_facts(text, file=str(args.facts), zone=str(zone))
        known_at = moment(args.known_at, zone) if args.known_at else _latest(facts)
        claim = _claim(agreement, facts, args.claim, known_at) if args.claim else None
        found = claim.cap if claim else _asked(args, agreement, facts, known_at)
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
        print(unreadable(error, lang), file=sys.stderr)
        return 2
    if args.format == "json":
        extra = {"claim": claim_as_json(claim)} if claim else {}
        print(json.dumps({**as_json(found, zone), **extra}, ensure_ascii=False, indent=1))
        return 0
    print(as_text(found, agreement, zone, lang) + (claim_as_text(claim, lang) if claim else ""))
    return 0


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ValueError(f"--arose-on: “{written}” is not a day: write 2026-03-15") from None


def _asked(
    args: argparse.Namespace, agreement: Agreement, facts: Sequence[Fact], known_at: datetime
) -> caps.Cap:
    if not (args.arose_on and args.service):
        raise ValueError("say --arose-on and --service, or --claim")
    return caps.of(
        agreement,
        facts,
        arose_on=_day(args.arose_on),
        services=args.service,
        known_at=known_at,
        basis=args.basis,
    )


def _claim(agreement: Agreement, facts: Sequence[Fact], ref: str, known_at: datetime) -> claims.Claim:
    every = claims.claims(World(agreement, visible(facts, known_at), known_at, known_at))
    for one in every:
        if one.ref == ref:
            return one
    known = ", ".join(one.ref for one in every) or "–"
    raise ValueError(f"--claim: the facts file no claim “{ref}”; those known are: {known}")


def _latest(facts: Sequence[Fact]) -> datetime:
    # Everything that the file tells is known: the moment of its last record.
    return max((fact.recorded_at for fact in facts), default=datetime(1, 1, 1, tzinfo=UTC))


def claim_as_json(one: claims.Claim) -> dict[str, Any]:
    """What the clauses leave of a claim: amounts as decimal strings, reasons in both languages."""
    amounts = {"amount": one.amount, "used": one.used, "left": one.left, "owed": one.owed}
    return {
        "ref": one.ref,
        **{name: None if value is None else str(value.amount) for name, value in amounts.items()},
        "settled": one.settled,
        "arose_is_notice": one.arose_is_notice,
        "heads": list(one.heads),
        "excluded_heads": list(one.excluded),
        "fault_grade": one.qualification.fault_grade,
        "reasons": [{lang: words(said, lang) for lang in LANGUAGES} for said in one.reasons],
    }


def claim_as_text(one: claims.Claim, lang: str) -> str:
    """What the clauses leave of a claim, for a reader."""
    said = _("Claim “%(ref)s”: %(left)s is left of the cap.", ref=one.ref, left=one.left)
    lines = ["", words(said, lang)]
    if one.owed is not None and one.amount is not None:
        lines.append(words(_("%(owed)s is owed of %(amount)s.", owed=one.owed, amount=one.amount), lang))
    return "\n".join([*lines, *(f"  - {words(reason, lang)}" for reason in one.reasons)])


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
    lines += [f"    {words(_reading(agreement, use), lang)}" for use in found.reading]
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


def _reading(agreement: Agreement, use: ParameterUse) -> Text:
    """A choice of the reading, in words, and where it comes from."""
    return _(
        "%(name)s: %(value)s (%(origin)s)",
        name=caps.named(agreement, use), value=_value(use.value), origin=ORIGINS.get(use.origin, use.origin),
    )  # fmt: skip


ORIGINS = {
    "text": _("the text says it"),
    "law": _("the law says it"),
    "default": _("the text does not say: to be confirmed"),
    "order": _("the order says it"),
    "level": _("the support level says it"),
    "asked": _("as asked here"),
}


def _value(value: Any) -> Value:
    if value is None:
        return "–"
    if isinstance(value, (list, tuple)):
        return choice_words(str(one) for one in value)
    try:
        return Term.parse(str(value))
    except ValueError:
        return choice_word(str(value))
