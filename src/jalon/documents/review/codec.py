"""A review as JSON and back: what is frozen when it is sent."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from jalon.core.money.amount import Money
from jalon.core.text import Bilingual, Text
from jalon.core.timekeeping.terms import Term
from jalon.wording import pack, unpack

T = TypeVar("T")
_SENTENCES = (Text, Bilingual, Money, Term)


def freeze(value: Any) -> Any:
    """`value` (a dataclass of the model, or a part of one) as JSON."""
    if is_dataclass(value) and not isinstance(value, _SENTENCES):
        return {f.name: freeze(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple | list):
        return [freeze(part) for part in value]
    return pack(value)


def thaw(cls: type[T], data: Any) -> T:
    """What `freeze` was given. A field that the data do not have takes its default: old reviews stay readable."""
    hints = _hints_of(cast(Any, cls))
    known = {f.name for f in fields(cls)}  # type: ignore[arg-type]
    return cls(**{name: _read(hints[name], part) for name, part in data.items() if name in known})


@cache
def _hints_of(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


def _read(hint: Any, data: Any) -> Any:
    if data is None:
        return None
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _read(next(a for a in get_args(hint) if a is not type(None)), data)
    if origin is tuple:
        inside = get_args(hint)
        each = [inside[0]] * len(data) if inside[-1] is Ellipsis else inside
        return tuple(_read(one, part) for one, part in zip(each, data, strict=True))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(data)
    if is_dataclass(hint) and hint not in _SENTENCES:
        return thaw(hint, data)  # type: ignore[arg-type]
    return unpack(data)
