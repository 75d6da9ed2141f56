"""The values of a fact's fields: checked by their type, and kept as JSON (dates, instants and money as strings)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from jalon.core.facts.model import Field, FieldType
from jalon.core.text import Text, _
from jalon.core.timekeeping.terms import Term

LONGEST_LINE = 500
LONGEST_TEXT = 20_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CURRENCY = re.compile(r"[A-Z]{3}")


class Refusal(ValueError):
    """A value that its field does not take; `said` says why and how to write it."""

    def __init__(self, said: Text) -> None:
        self.said = said
        super().__init__(said.msgid % dict(said.values))


def instant(value: Any, zone: str) -> datetime:
    """The instant that `value` writes: with its offset, or as local time of `zone`; a day alone is its midnight."""
    if isinstance(value, datetime):
        return local(value, zone)
    if isinstance(value, date):
        return local(datetime.combine(value, time()), zone)
    if not isinstance(value, str):
        raise Refusal(_("“%(value)s” is not a moment: write 2026-06-05T14:30.", value=str(value)))
    try:
        return local(datetime.fromisoformat(value.strip()), zone)
    except (ValueError, OverflowError) as error:
        if isinstance(error, Refusal):
            raise
        raise Refusal(_("“%(value)s” is not a moment: write 2026-06-05T14:30.", value=value)) from error


def local(moment: datetime, zone: str) -> datetime:
    """`moment` in UTC; a naive one is read in `zone`, and refused where clocks skip it or show it twice."""
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    place = ZoneInfo(zone)
    early, late = (moment.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    if early.utcoffset() != late.utcoffset():
        said = (
            _("%(value)s does not exist in %(zone)s: clocks go forward that night. Write the offset, +02:00.",
              value=moment.isoformat(), zone=zone)
            if early.astimezone(UTC).astimezone(place).replace(tzinfo=None) != moment
            else _("%(value)s happens twice in %(zone)s: clocks go back that night. Write the offset, +02:00 or +01:00.",
                   value=moment.isoformat(), zone=zone)
        )  # fmt: skip
        raise Refusal(said)
    return early.astimezone(UTC)


def day(value: Any) -> date:
    """The day that `value` writes."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and _DAY.fullmatch(value.strip()):
            return date.fromisoformat(value.strip())
    except ValueError:
        pass
    raise Refusal(_("“%(value)s” is not a day: write 2026-06-05.", value=str(value)))


def decimal(value: Any, places: int) -> str:
    """`value` as an exact decimal, written; floats are refused, as they do not hold what was written."""
    if isinstance(value, bool | float | Decimal):
        raise Refusal(_('Write a number with decimals between quotes: "%(value)s".', value=str(value)))
    if not isinstance(value, int | str):
        raise Refusal(_("“%(value)s” is not a number.", value=str(value)))
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise Refusal(_("“%(value)s” is not a number.", value=str(value))) from error
    if not number.is_finite():
        raise Refusal(_("“%(value)s” is not a number.", value=str(value)))
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        raise Refusal(_("“%(value)s” has more than %(places)s decimals.", value=str(value), places=places))
    return format(number, "f")


def _decimal(field: Field, value: Any, _zone: str) -> str:
    written = decimal(value, field.places)
    if field.positive and Decimal(written) < 0:
        raise Refusal(_("“%(value)s” is below zero: money that goes back is a refund.", value=written))
    return written


def kept(field: Field, value: Any, zone: str) -> Any:
    """`value` as the ledger keeps it in `field`; Refusal says what is wrong."""
    return _READERS[field.type](field, value, zone)


def _text(field: Field, value: Any, _zone: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | date):
        raise Refusal(_("“%(value)s” is not a text.", value=str(value)))
    written = str(value)
    longest = LONGEST_TEXT if field.type is FieldType.LONG_TEXT else LONGEST_LINE
    if len(written) > longest:
        raise Refusal(_("This text is too long: %(count)s characters, at most %(longest)s.",
                        count=len(written), longest=longest))  # fmt: skip
    return written


def _choice(field: Field, value: Any, _zone: str) -> str:
    words = tuple(word for word, _label in field.choices)
    if value not in words:
        raise Refusal(_("“%(value)s” is not one of: %(words)s.", value=str(value), words=", ".join(words)))
    return str(value)


def _integer(_field: Field, value: Any, _zone: str) -> int:
    if isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refusal(_("“%(value)s” is not a whole number.", value=str(value)))
    return value


def _boolean(_field: Field, value: Any, _zone: str) -> bool:
    if not isinstance(value, bool):
        raise Refusal(_("“%(value)s” is neither true nor false.", value=str(value)))
    return value


def _term(_field: Field, value: Any, _zone: str) -> str:
    try:
        return str(Term.parse(str(value)))
    except ValueError as error:
        raise Refusal(
            _("“%(value)s” is not a length of time: write P10BD or PT9WH.", value=str(value))
        ) from error


def _words(_field: Field, value: Any, _zone: str) -> list[str]:
    if isinstance(value, str):
        return [value]
    if not isinstance(value, Sequence) or not all(isinstance(word, str | int | date) for word in value):
        raise Refusal(_("“%(value)s” is not a list of words.", value=str(value)))
    return [str(word) for word in value]


def _pattern(pattern: re.Pattern[str], said: Callable[[str], Text]) -> Callable[[Field, Any, str], str]:
    def read(_field: Field, value: Any, _zone: str) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise Refusal(said(str(value)))
        return value

    return read


def _mapping(_field: Field, value: Any, _zone: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Refusal(_("“%(value)s” is not a mapping of keys.", value=str(value)))
    return {str(key): plain(entry) for key, entry in value.items()}


def _rows(_field: Field, value: Any, _zone: str) -> list[Any]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise Refusal(_("“%(value)s” is not a list.", value=str(value)))
    return [plain(row) for row in value]


def _lines(field: Field, value: Any, zone: str) -> list[Any]:
    rows = _rows(field, value, zone)
    for row in rows:
        if not isinstance(row, dict):
            raise Refusal(_("An invoice line says its service and its amount before tax (ht)."))
        for name in ("ht", "vat"):
            if name in row:
                row[name] = decimal(row[name], 2)
    return rows


def _slots(field: Field, value: Any, zone: str) -> list[Any]:
    slots = []
    for row in _rows(field, value, zone):
        bounds = row if isinstance(row, dict) else {"start": row}
        slots.append({name: instant(bound, zone).isoformat() for name, bound in bounds.items()})
    return slots


def plain(value: Any) -> Any:
    """`value` as JSON holds it exactly: dates as strings, floats refused."""
    if isinstance(value, float | Decimal):
        raise Refusal(_('Write a number with decimals between quotes: "%(value)s".', value=str(value)))
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value


_READERS: Mapping[FieldType, Callable[[Field, Any, str], Any]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.CHOICE: _choice,
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _decimal,
    FieldType.BOOLEAN: _boolean,
    FieldType.DATE: lambda _field, value, _zone: day(value).isoformat(),
    FieldType.INSTANT: lambda _field, value, zone: instant(value, zone).isoformat(),
    FieldType.TERM: _term,
    FieldType.PERSON: _text,
    FieldType.PEOPLE: _words,
    FieldType.REF: _text,
    FieldType.WORDS: _words,
    FieldType.DAYS: lambda field, value, zone: [day(one).isoformat() for one in _words(field, value, zone)],
    FieldType.SHA256: _pattern(
        _SHA256,
        lambda value: _("“%(value)s” is not a SHA-256: 64 digits from 0 to 9 and a to f.", value=value),
    ),
    FieldType.CURRENCY: _pattern(
        _CURRENCY, lambda value: _("“%(value)s” is not a currency: write EUR.", value=value)
    ),
    FieldType.LINES: _lines,
    FieldType.OBJECTIVES: _rows,
    FieldType.SLOTS: _slots,
    FieldType.MAPPING: _mapping,
}
