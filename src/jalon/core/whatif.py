"""What if: the same rule run again with one thing supposed different. Nothing is recorded; the ledger is not touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from jalon.core.agreement.model import Agreement, Norm, Parameter
from jalon.core.facts.catalogue import KINDS
from jalon.core.facts.model import Fact, FactKind, Field, FieldType
from jalon.core.norms.evidence import REFS
from jalon.core.obligations import Obligation, ParameterUse, Side
from jalon.core.text import SaidError, _
from jalon.core.timekeeping.terms import Term

SUPPOSED = "supposed"
"""The id of a fact that is only supposed, and the origin of a number that is."""


@dataclass(frozen=True)
class Moved:
    """A fact of the ledger had happened at another instant, and was recorded as promptly as it was."""

    fact: str
    at: datetime


@dataclass(frozen=True)
class Absent:
    """Facts of the ledger had not happened."""

    facts: tuple[str, ...]


@dataclass(frozen=True)
class Added:
    """Something more had happened, recorded at once."""

    fact: Fact


@dataclass(frozen=True)
class AtLevel:
    """The client had another level of support, from the first day."""

    level: str


@dataclass(frozen=True)
class Number:
    """A parameter had another value, whatever the order and the level set."""

    name: str
    value: Any


@dataclass(frozen=True)
class Nothing:
    """Nothing more happens until an instant."""

    until: datetime


Supposition = Moved | Absent | Added | AtLevel | Number | Nothing


@dataclass(frozen=True)
class Supposed:
    """The arguments of an assessment, with the supposition in them."""

    agreement: Agreement
    facts: tuple[Fact, ...]
    as_of: datetime
    known_at: datetime


class CannotSuppose(SaidError, ValueError):
    """A supposition that makes no sense here; `said` tells the reader why and what to write."""


def supposed(
    agreement: Agreement, facts: Sequence[Fact], as_of: datetime, known_at: datetime, what: Supposition
) -> Supposed:
    """The same arguments with one thing different; judged at `as_of`, or when the supposed thing happens if that is later.

    What was recorded after `known_at` or happens after `as_of` is left out: it must not come back with a later instant.
    """
    known = tuple(fact for fact in facts if fact.recorded_at <= known_at and fact.at <= as_of)
    same = Supposed(agreement, known, as_of, known_at)
    match what:
        case Moved(id, at):
            return _later(replace(same, facts=tuple(_moved(f, at, known_at) if f.id == id else f for f in known)), at)  # fmt: skip
        case Absent(ids):
            return replace(same, facts=tuple(fact for fact in known if fact.id not in ids))
        case Added(fact):
            return _later(replace(same, facts=(*known, fact)), fact.at)
        case Nothing(until):
            return _later(same, until)
        case AtLevel(level):
            return replace(same, facts=tuple(_at_level(fact, level) for fact in known))
        case Number(name, value):
            return replace(
                same,
                agreement=_with_number(agreement, name, value),
                facts=tuple(_unset(f, name) for f in known),
            )


def suppose(
    agreement: Agreement,
    facts: Sequence[Fact],
    as_of: datetime,
    known_at: datetime,
    key: str,
    what: Supposition,
) -> Obligation | None:
    """The obligation of `key` under a supposition, by the same engine; None where it would not be owed at all."""
    from jalon.core.engine import of_norm

    now = supposed(agreement, facts, as_of, known_at, what)
    norm = now.agreement.norms[key.split(":", 1)[0]]
    found = of_norm(now.agreement, now.facts, now.as_of, now.known_at, norm)
    return next((one for one in found if one.key == key), None)


def _later(same: Supposed, at: datetime) -> Supposed:
    return replace(same, as_of=max(same.as_of, at), known_at=max(same.known_at, at))


def _moved(fact: Fact, at: datetime, known_at: datetime) -> Fact:
    fields = {name: value for name, value in fact.fields.items() if name != "value_date"}
    recorded = at + max(fact.recorded_at - fact.at, timedelta())
    return replace(fact, at=at, recorded_at=min(recorded, max(known_at, at)), fields=fields)


def _at_level(fact: Fact, level: str) -> Fact:
    if fact.kind not in ("order.set", "level.set") or not fact.get("level"):
        return fact
    return replace(fact, fields={**fact.fields, "level": level})


def _unset(fact: Fact, name: str) -> Fact:
    overrides = fact.get("overrides") or {}
    if fact.kind != "order.set" or name not in overrides:
        return fact
    return replace(
        fact, fields={**fact.fields, "overrides": {k: v for k, v in overrides.items() if k != name}}
    )


def _with_number(agreement: Agreement, name: str, value: Any) -> Agreement:
    known = agreement.parameters[name]
    # A table by priority takes the value in each of its rows: the one that this promise reads is among them.
    written = dict.fromkeys(known.value, value) if isinstance(known.value, Mapping) else value
    levels = {
        id: replace(level, sets={k: v for k, v in level.sets.items() if k != name})
        for id, level in agreement.levels.items()
    }
    changed: Parameter = replace(known, value=written, origin=SUPPOSED, law="", confirm=False)
    return replace(agreement, parameters={**agreement.parameters, name: changed}, levels=levels)


# --- what can be supposed of a promise


def numbers(agreement: Agreement, owed: Obligation) -> tuple[ParameterUse, ...]:
    """The parameters of this answer that can be supposed otherwise: terms, numbers, choices; not lists."""
    return tuple(
        use for use in owed.parameters
        if use.name in agreement.parameters and not isinstance(use.value, (list, tuple, Mapping))
    )  # fmt: skip


def number(agreement: Agreement, use: ParameterUse, written: str) -> Number:
    """The value that a reader wrote, of the same sort as the one it replaces; CannotSuppose says what to write."""
    written, known = written.strip(), agreement.parameters[use.name]
    if known.options:
        if written not in {str(option) for option in known.options}:
            raise CannotSuppose(
                _("“%(written)s” is not one of its values: %(options)s.", written=written,
                  options=tuple(str(option) for option in known.options))
            )  # fmt: skip
        return Number(use.name, next(option for option in known.options if str(option) == written))
    if isinstance(use.value, bool):
        if written not in ("true", "false"):
            raise CannotSuppose(_("“%(written)s” is neither true nor false.", written=written))
        return Number(use.name, written == "true")
    if isinstance(use.value, int):
        if not written.isdecimal():
            raise CannotSuppose(
                _("“%(written)s” is not a whole number: write for example 30.", written=written)
            )
        return Number(use.name, int(written))
    return Number(use.name, _same_unit(use, written))


def _same_unit(use: ParameterUse, written: str) -> str:
    try:
        now = Term.parse(str(use.value))
    except ValueError:
        return written  # a choice in words: the engine reads it or does as if it were not there
    try:
        return str(Term(int(written), now.unit) if written.isdecimal() and int(written) else Term.parse(written))  # fmt: skip
    except ValueError:
        raise CannotSuppose(
            _("“%(written)s” is not a term: write a number, or for example P10BD (business days), PT4WH (working hours).",
              written=written)
        ) from None  # fmt: skip


def kinds_looked_at(norm: Norm) -> tuple[FactKind, ...]:
    """The kinds of facts that a norm looks at: what keeps it, what sets it off, what excuses it, questions where they count."""
    spec = norm.spec or {}
    trigger, due = spec.get("trigger") or {}, spec.get("due") or {}
    named = [*norm.evidence, spec.get("forbids"), spec.get("exercised_by"), *spec.get("excused_by", ())]
    named += [trigger.get("fact"), *(c.get("fact") for c in trigger.get("all") or ())]
    if "client.late" in spec.get("excused_by", ()) or due.get("pause"):
        named += ["provider.question", "client.reply"]
    named += [
        {"client.no_show": "appointment.no_show", "client.late_cancel": "appointment.cancelled"}.get(str(name), "")
        for name in spec.get("excused_by", ())
    ]  # fmt: skip
    return tuple(KINDS[kind] for kind in dict.fromkeys(named) if kind in KINDS)


def imagined(norm: Norm, owed: Obligation, facts: Sequence[Fact], kind: str, at: datetime) -> Fact:
    """A fact of `kind` at `at` that is about this promise and says what its norm requires, as far as a form would."""
    known, spec = KINDS[kind], norm.spec or {}
    by_id = {fact.id: fact for fact in facts}
    fields: dict[str, Any] = {}
    trigger = by_id.get(owed.trigger or "")
    if trigger is not None:
        fields |= _names_of(trigger)
    for question in (by_id[id] for id in owed.paused_by if id in by_id):
        fields["question"] = question.get("ref") or question.id
    for name, wanted in {**(spec.get("where") or {})}.items():
        fields[name] = _any_of(known, name) if wanted in ("set", "named") else wanted[0] if isinstance(wanted, list) else wanted  # fmt: skip
    requires = spec.get("requires") or {}
    values = {use.name: use.value for use in owed.parameters}
    for name, written in (("minutes", requires.get("minutes")), ("topics", requires.get("covers"))):
        if isinstance(written, str) and written.removeprefix("@") in values:
            fields[name] = values[written.removeprefix("@")]
    fields |= {"confirmed_by": ["provider", "client"], "amount": _amount(trigger)}
    if kind == "provider.question" and trigger is not None:
        fields["needed_for"] = next((trigger.get(n) for n in REFS if trigger.get(n)), trigger.id)
        fields["ref"] = SUPPOSED
    for field in known.fields:
        if field.required:
            fields.setdefault(field.name, _likely(field, at))
    said = {name: value for name, value in fields.items() if known.field(name) and value is not None}
    side = _side(known, norm, kind)
    return Fact(SUPPOSED, kind, at, at, side, fields=said, source="ui")


def _names_of(trigger: Fact) -> dict[str, Any]:
    named = {name: trigger.get(name) for name in REFS if trigger.get(name)}
    own = str(trigger.get("uid") or trigger.get("number") or trigger.id)
    for name in (*REFS, "activity_ref", "appointment_ref", "uid", "ref", "question"):
        named.setdefault(name, trigger.get("ref") if name == "question" and trigger.get("ref") else own)
    return named


def _likely(field: Field, at: datetime) -> Any:
    """Some value for a field that a fact of this kind must have: what comes later comes in a week."""
    if field.choices:
        return field.choices[0][0]
    week = at + timedelta(days=7)
    match field.type:
        case FieldType.INSTANT:
            return week.isoformat()
        case FieldType.DATE:
            return week.date().isoformat()
        case FieldType.INTEGER:
            return 1
        case FieldType.DECIMAL:
            return "1.00"
        case FieldType.BOOLEAN:
            return True
        case FieldType.TERM:
            return "P5BD"
        case FieldType.SHA256:
            return "0" * 64
        case FieldType.CURRENCY:
            return "EUR"
        case FieldType.LINES:
            return [{"service": SUPPOSED, "label": "", "ht": "1.00", "vat": "0.00"}]
        case FieldType.SLOTS:
            return [{"start": week.isoformat(), "end": (week + timedelta(hours=1)).isoformat()}]
        case FieldType.DAYS:
            return [week.date().isoformat()]
        case FieldType.PEOPLE | FieldType.WORDS:
            return [SUPPOSED]
        case FieldType.OBJECTIVES:
            return []
        case FieldType.MAPPING:
            return {}
    return SUPPOSED


def _any_of(kind: FactKind, name: str) -> Any:
    field = kind.field(name)
    return "0" * 64 if field and field.type == FieldType.SHA256 else SUPPOSED


def _amount(trigger: Fact | None) -> str | None:
    """Enough to pay the invoice with all that its lateness costs: twice its lines, taxes included."""
    lines = (trigger.get("lines") if trigger else None) or ()
    total = sum((Decimal(str(line.get("ht", 0))) + Decimal(str(line.get("vat", 0) or 0)) for line in lines), Decimal(0))  # fmt: skip
    return str((2 * total).quantize(Decimal("0.01"))) if total else None


def _side(kind: FactKind, norm: Norm, name: str) -> Side:
    wanted = Side.PROVIDER if name.startswith("provider.") else Side.CLIENT if name.startswith("client.") else norm.debtor  # fmt: skip
    return Side(wanted) if wanted in kind.by else next(side for side in Side if side in kind.by)
