"""A why laid out for a page: the signed sentences, the strips of days on one axis, the numbers with their origin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from jalon.core.agreement.model import Agreement, Clause
from jalon.core.explanation import DayCell, Why
from jalon.core.obligations import Obligation, ParameterUse
from jalon.core.text import Bilingual


@dataclass(frozen=True)
class Signed:
    """A clause quoted: before the sentence that does the work, that sentence, after it."""

    clause: Clause
    before: str
    highlight: str
    after: str


@dataclass(frozen=True)
class Strip:
    """A row of squares on the common axis; None where the row says nothing of a day."""

    label: Any
    detail: Any
    cells: tuple[DayCell | None, ...]


@dataclass(frozen=True)
class Number:
    """A number used, with what people call it."""

    use: ParameterUse
    label: Bilingual | None


@dataclass(frozen=True)
class Laid:
    """Everything that the templates of a why draw."""

    why: Why
    signed: tuple[Signed, ...]
    days: tuple[date, ...]
    strips: tuple[Strip, ...]
    numbers: tuple[Number, ...]


def laid_out(owed: Obligation, agreement: Agreement) -> Laid:
    """The layout of an obligation's why; ValueError when it carries none."""
    if owed.why is None:
        raise ValueError(f"{owed.key} carries no explanation")
    days = _axis(owed.why)
    strips = tuple(
        Strip(row.label, row.detail, _on_axis(row.cells, days)) for row in owed.why.days if row.cells
    )
    signed = tuple(_signed(agreement.clause(c.clause), c.highlight) for c in owed.why.citations)
    numbers = tuple(Number(use, _label(agreement, use.name)) for use in owed.why.parameters)
    return Laid(owed.why, signed, days, strips, numbers)


def _axis(why: Why) -> tuple[date, ...]:
    marked = [cell.day for row in why.days for cell in row.cells]
    if not marked:
        return ()
    first, last = min(marked), max(marked)
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def _on_axis(cells: tuple[DayCell, ...], days: tuple[date, ...]) -> tuple[DayCell | None, ...]:
    by_day = {cell.day: cell for cell in cells}
    return tuple(by_day.get(day) for day in days)


def _signed(clause: Clause, highlight: str) -> Signed:
    text = clause.text.fr
    if not highlight or highlight not in text:
        return Signed(clause, text, "", "")
    before, after = text.split(highlight, 1)
    return Signed(clause, before, highlight, after)


_COUNTING = {
    "time.start_day_counts": Bilingual("Jour de départ compté", "Starting day counted"),
    "time.expiry": Bilingual("Fin d’un délai", "End of a term"),
    "time.roll": Bilingual("Échéance un jour non ouvré", "Due on a closed day"),
    "time.elapsed": Bilingual("Heures écoulées", "Elapsed hours"),
}


def _label(agreement: Agreement, name: str) -> Bilingual | None:
    known = agreement.parameters.get(name)
    return known.label if known else _COUNTING.get(name)
