"""Every kind of fact, and the door by which a flat record becomes a fact.

A flat record is one object: the envelope's keys, then the fields of its kind. Where a kind has a field named like a key
of the envelope, the field wins and the envelope's is written `recorded_<key>` (`appointment.no_show` has the absent
`side`, recorded by the other one unless `recorded_side` says; `objective.measured` has its `source`). `kind` alone is
always the envelope's: the `kind` of a survey or of a statement is written `of_kind`.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from jalon.core.facts import (
    agreement,
    appointments,
    claims,
    cooperation,
    ledger,
    money,
    package,
    people,
    privacy,
    quality,
    requests,
)  # fmt: skip
from jalon.core.facts.model import Fact, FactKind, Field, FieldType
from jalon.core.facts.values import Refusal, instant, kept
from jalon.core.money.amount import Money
from jalon.core.obligations import Side
from jalon.core.text import Text, Value, _

FAMILIES = MappingProxyType({
    module.__name__.rpartition(".")[2]: module.KINDS
    for module in (
        agreement, people, package, appointments, requests, cooperation, quality, money, privacy, claims, ledger,
    )
})  # fmt: skip
KINDS: Mapping[str, FactKind] = MappingProxyType(
    {kind.kind: kind for kinds in FAMILIES.values() for kind in kinds}
)

ENVELOPE = (
    "id", "kind", "at", "recorded_at", "side", "recorded_by", "source", "visibility", "evidence", "idempotency_key",
)  # fmt: skip
DROPPED = ("agreement", "schema", "seq", "prev_hash", "hash")
"""Keys that an export carries and that reading does not need."""
SOURCES = ("ui", "portal", "email", "ical", "import", "api", "engine")
VISIBILITIES = ("both", "provider", "client")
OF_KIND = "of_kind"
"""How a flat record writes a field named `kind`."""
_OTHER = {Side.PROVIDER: Side.CLIENT, Side.CLIENT: Side.PROVIDER}
_SIDE_WORDS = {
    Side.PROVIDER: _("The provider"), Side.CLIENT: _("The client"), Side.SYSTEM: _("The system"), Side.BOTH: _("Both sides"),
}  # fmt: skip


class FactError(ValueError):
    """A record that is not a fact; `where` is its place (a line), `field` the key at fault, `said` what and how to mend."""

    def __init__(self, said: Text, where: str = "", field: str = "") -> None:
        self.said, self.where, self.field = said, where, field
        super().__init__(": ".join(part for part in (where, field, said.msgid % dict(said.values)) if part))


def read(record: Mapping[str, Any], *, where: str = "", agreement_zone: str = "Europe/Paris") -> Fact:
    """The fact that a flat record says.

    Errors: FactError names `where`, the field, and the nearest known word. Two records that say the same are the same
    fact: without an `id`, it is the hash of what they say.
    """
    kind = _kind(record, where)
    record = _absent(record, kind)
    names = {_written(field) for field in kind.fields}
    _known_keys(record, kind, names, where)
    at, recorded_at = _moments(record, kind, where, agreement_zone)
    side = _side(record, kind, names, where)
    fields: dict[str, Any] = {}
    for field in kind.fields:
        value = record.get(_written(field))
        if value is None or value == "":
            if field.required:
                raise FactError(_("“%(field)s” is missing from “%(kind)s”.", field=field.name, kind=kind.kind),
                                where, field.name)  # fmt: skip
            continue
        try:
            fields[field.name] = kept(field, value, agreement_zone)
            if kind.kind == "fact.corrected" and field.name == "set" and "at" in fields["set"]:
                # A corrected moment is read like the moment of any fact: in the agreement's zone.
                fields["set"]["at"] = instant(fields["set"]["at"], agreement_zone).isoformat()
        except Refusal as refusal:
            raise FactError(refusal.said, where, field.name) from refusal
    envelope = {key: record.get(f"recorded_{key}" if key in names else key) for key in ENVELOPE}
    fact = Fact(
        id=str(envelope["id"] or ""),
        kind=kind.kind,
        at=at,
        recorded_at=recorded_at,
        side=side,
        recorded_by=str(envelope["recorded_by"] or ""),
        fields=fields,
        source=_word(envelope["source"] or "import", SOURCES, "source", where),
        visibility=_word(
            envelope["visibility"] or (side.value if kind.private and side in _OTHER else "both"),
            VISIBILITIES, "visibility", where,
        ),
        evidence=_evidence(envelope["evidence"], where),
        idempotency_key=str(envelope["idempotency_key"] or ""),
    )  # fmt: skip
    return fact if fact.id else _with_id(fact)


def flat(fact: Fact) -> dict[str, Any]:
    """The flat record of `fact`; `read` gives the same fact back."""
    fields = KINDS[fact.kind].fields
    names = {_written(field) for field in fields}
    envelope: dict[str, Any] = {
        "id": fact.id, "kind": fact.kind, "at": fact.at.isoformat(), "recorded_at": fact.recorded_at.isoformat(),
        "side": fact.side.value, "recorded_by": fact.recorded_by, "source": fact.source,
        "visibility": fact.visibility, "evidence": [dict(piece) for piece in fact.evidence],
        "idempotency_key": fact.idempotency_key,
    }  # fmt: skip
    written = {(f"recorded_{key}" if key in names else key): value for key, value in envelope.items()}
    own = {_written(field): fact.fields[field.name] for field in fields if field.name in fact.fields}
    return {**{key: value for key, value in written.items() if value not in ("", [])}, **own}


def record_of(kind: str, envelope: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The flat record of an envelope and fields kept apart: where a field bears a name of the envelope, both are kept.

    An empty visibility is the kind's own: a private kind is for the side that records it. Errors are left to `read`.
    """
    known = KINDS.get(kind)
    names = {field.name for field in known.fields} if known else set()
    filled = dict(envelope)
    if not filled.get("visibility"):
        private = known is not None and known.private and filled.get("side") in VISIBILITIES
        filled["visibility"] = filled["side"] if private else "both"
    around = {
        f"recorded_{key}" if key in names and key != "kind" else key: value for key, value in filled.items()
    }
    own = {OF_KIND if name == "kind" else name: value for name, value in fields.items()}
    return {**own, **around}


def tell(fact: Fact, names: Mapping[str, str] | None = None, currency: str = "EUR") -> Text:
    """The timeline's sentence about `fact`; `names` gives the name of each person by reference."""
    kind = KINDS[fact.kind]
    names = names or {}
    who: Value = names.get(fact.recorded_by) or _SIDE_WORDS[fact.side]
    values: dict[str, Value] = {"who": who}
    for field in kind.fields:
        values[field.name] = said_value(
            field, fact.get(field.name), names, str(fact.get("currency") or currency)
        )
    needed = {name for name in values if f"%({name})s" in kind.sentence.msgid}
    return Text(kind.sentence.msgid, {name: values[name] for name in needed})


def details(fact: Fact, names: Mapping[str, str] | None = None) -> tuple[tuple[Text, Value], ...]:
    """The fields that `fact` gives, each with its label, as values that can be said."""
    currency = str(fact.get("currency") or "EUR")
    return tuple(
        (field.label, said_value(field, fact.get(field.name), names or {}, currency))
        for field in KINDS[fact.kind].fields
        if fact.get(field.name) is not None
    )


_MONEY = frozenset({"amount", "claimed", "refunded"})


def said_value(field: Field, value: Any, names: Mapping[str, str], currency: str = "EUR") -> Value:
    """`value` of `field` as something `jalon.wording.say` can say; an absent one is a dash."""
    if value is None:
        return "–"
    match field.type:
        case FieldType.CHOICE:
            return next((label for word, label in field.choices if word == value), str(value))
        case FieldType.PERSON:
            return names.get(value, str(value))
        case FieldType.PEOPLE:
            return tuple(names.get(person, str(person)) for person in value)
        case FieldType.DATE:
            return date.fromisoformat(value)
        case FieldType.INSTANT:
            return datetime.fromisoformat(value)
        case FieldType.DECIMAL:
            return Money(Decimal(value), currency) if field.name in _MONEY else Decimal(value)
        case FieldType.BOOLEAN:
            return _("yes") if value else _("no")
        case FieldType.WORDS:
            return tuple(value)
        case FieldType.DAYS:
            return tuple(date.fromisoformat(day) for day in value)
        case FieldType.INTEGER:
            return int(value)
        case FieldType.LINES | FieldType.OBJECTIVES | FieldType.SLOTS | FieldType.MAPPING:
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def canonical(record: Mapping[str, Any]) -> str:
    """`record` as one exact text: the same content, whatever its order, gives the same text."""
    return json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _with_id(fact: Fact) -> Fact:
    content = {key: value for key, value in flat(fact).items() if key != "id"}
    digest = hashlib.sha256(canonical(content).encode("utf-8")).hexdigest()
    return Fact(**{**vars(fact), "id": f"f-{digest[:20]}"})


def _kind(record: Mapping[str, Any], where: str) -> FactKind:
    if not isinstance(record, Mapping):
        raise FactError(_("A fact is one object with its keys: kind, at, side, …"), where)
    word = str(record.get("kind") or "")
    if word in KINDS:
        return KINDS[word]
    if not word:
        raise FactError(_("A fact says its kind, for example “activity.held”."), where, "kind")
    raise FactError(_("“%(kind)s” is not a known kind of fact.", kind=word) if not (near := _near(word, KINDS))
                    else _("“%(kind)s” is not a known kind of fact. Did you mean “%(near)s”?", kind=word, near=near),
                    where, "kind")  # fmt: skip


def _known_keys(record: Mapping[str, Any], kind: FactKind, names: set[str], where: str) -> None:
    known = names | {*ENVELOPE, *DROPPED} | {f"recorded_{key}" for key in ENVELOPE if key in names}
    for key in record:
        if key in known:
            continue
        near = _near(str(key), known)
        raise FactError(
            _("“%(field)s” is not a field of “%(kind)s”. Did you mean “%(near)s”?", field=str(key), kind=kind.kind, near=near)
            if near else
            _("“%(field)s” is not a field of “%(kind)s”. Its fields: %(names)s.", field=str(key), kind=kind.kind,
              names=", ".join(field.name for field in kind.fields)),
            where, str(key),
        )  # fmt: skip


def _written(field: Field) -> str:
    return OF_KIND if field.name == "kind" else field.name


def _absent(record: Mapping[str, Any], kind: FactKind) -> Mapping[str, Any]:
    # A no-show may say the absent side as `absent`, and then `side` is the one that records.
    if kind.kind != "appointment.no_show" or "absent" not in record:
        return record
    named = {key: value for key, value in record.items() if key not in ("absent", "side")}
    if "side" in record:
        named.setdefault("recorded_side", record["side"])
    return {**named, "side": record["absent"]}


def _near(word: str, known: Any) -> str:
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)), "")


def _moments(record: Mapping[str, Any], kind: FactKind, where: str, zone: str) -> tuple[datetime, datetime]:
    written = record.get("at")
    if written is None and kind.at == "range":
        written = record.get("from")
    if written is None:
        raise FactError(_("A fact says when it happened: “at”."), where, "at")
    try:
        at = instant(written, zone)
    except Refusal as refusal:
        raise FactError(refusal.said, where, "at") from refusal
    if kind.at != "instant":
        at = _midnight(at, zone)
    try:
        recorded = record.get("recorded_at")
        return at, at if recorded is None else instant(recorded, zone)
    except Refusal as refusal:
        raise FactError(refusal.said, where, "recorded_at") from refusal


def _midnight(at: datetime, zone: str) -> datetime:
    place = ZoneInfo(zone)
    return instant(at.astimezone(place).date(), zone)


def _side(record: Mapping[str, Any], kind: FactKind, names: set[str], where: str) -> Side:
    key = "recorded_side" if "side" in names else "side"
    word = record.get(key)
    if word is None and "side" in names:
        absent = str(record.get("side") or "")
        word = _OTHER[Side(absent)] if absent in ("provider", "client") else None
    if word is None:
        sides = [side for side in kind.by if side is not Side.SYSTEM]
        if len(sides) != 1:
            raise FactError(
                _("A fact says who records it: “side” is provider, client or system."), where, key
            )
        return Side.SYSTEM if Side.SYSTEM in kind.by else sides[0]
    if word not in ("provider", "client", "system"):
        raise FactError(
            _("“%(value)s” is not a side: write provider, client or system.", value=str(word)), where, key
        )
    side = Side(word)
    if side is not Side.SYSTEM and side not in kind.by:
        raise FactError(_("%(side)s does not record “%(kind)s”: a side does not act for the other.",
                          kind=kind.kind, side=_SIDE_WORDS[side]), where, key)  # fmt: skip
    return side


def _word(value: Any, words: tuple[str, ...], field: str, where: str) -> str:
    if value not in words:
        raise FactError(_("“%(value)s” is not one of: %(words)s.", value=str(value), words=", ".join(words)),
                        where, field)  # fmt: skip
    return str(value)


def _evidence(value: Any, where: str) -> tuple[Mapping[str, str], ...]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(isinstance(piece, Mapping) for piece in value):
        raise FactError(
            _("Evidence is a list of objects: sha256, message_id, url or calendar_uid."), where, "evidence"
        )
    return tuple({str(key): str(entry) for key, entry in piece.items()} for piece in value)
