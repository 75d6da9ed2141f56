"""Sentences at rest: a Text and every value that it can carry, as JSON, and back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jalon.core.money.amount import Money
from jalon.core.text import Bilingual, Text
from jalon.core.timekeeping.terms import Term


def pack(value: Any) -> Any:
    """`value` (a Text or a value of one) as JSON; TypeError for anything else."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return str(value)
        case Text():
            packed: dict[str, Any] = {"text": value.msgid}
            if value.values:
                packed["values"] = {name: pack(part) for name, part in value.values.items()}
            if value.plural:
                packed |= {"plural": value.plural, "count": value.count}
            if value.context:
                packed["context"] = value.context
            return packed
        case Bilingual():
            return {"fr": value.fr, "en": value.en}
        case Decimal():
            return {"decimal": str(value)}
        case datetime():
            return {"at": value.isoformat()}
        case date():
            return {"on": value.isoformat()}
        case Money():
            return {"money": str(value.amount), "currency": value.currency}
        case Term():
            return {"term": str(value)}
        case tuple() | list():
            return [pack(part) for part in value]
    raise TypeError(f"a sentence cannot carry a {type(value).__name__}")


def unpack(packed: Any) -> Any:
    """What `pack` was given; lists come back as tuples. ValueError for a shape that `pack` never makes."""
    if isinstance(packed, list):
        return tuple(unpack(part) for part in packed)
    if not isinstance(packed, dict):
        return packed
    match packed:
        case {"text": msgid}:
            values = {name: unpack(part) for name, part in packed.get("values", {}).items()}
            return Text(
                msgid, values, packed.get("plural", ""), packed.get("count"), packed.get("context", "")
            )
        case {"fr": fr, "en": en}:
            return Bilingual(fr, en)
        case {"decimal": written}:
            return Decimal(written)
        case {"at": written}:
            return datetime.fromisoformat(written)
        case {"on": written}:
            return date.fromisoformat(written)
        case {"money": amount, "currency": currency}:
            return Money(Decimal(amount), currency)
        case {"term": written}:
            return Term.parse(written)
    raise ValueError(f"not a packed sentence: {sorted(packed)}")
