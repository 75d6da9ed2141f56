"""A why laid out for a page: the signed sentences, the strips of days on one axis, the numbers with their origin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from jalon.core.agreement.model import Agreement, Clause
from jalon.core.explanation import Citation, DayCell, Why
from jalon.core.obligations import Obligation, ParameterUse
from jalon.core.text import Bilingual, Text, _

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces: those that do the work are true."""


@dataclass(frozen=True)
class Signed:
    """A clause quoted, in French and in English, with the words that do the work marked."""

    clause: Clause
    fr: Marked
    en: Marked


@dataclass(frozen=True)
class Strip:
    """A row of squares on the common axis; None where the row says nothing of a day."""

    label: Any
    detail: Any
    cells: tuple[DayCell | None, ...]


@dataclass(frozen=True)
class Number:
    """A number used, with what people call it, and where it comes from beside its clause."""

    use: ParameterUse
    label: Bilingual | None
    source: Text | Bilingual | str


@dataclass(frozen=True)
class Span:
    """A stretch of the clock with its length; `total` is the sum of what was counted up to its end."""

    start: datetime
    end: datetime
    mark: str
    reason: Text | None
    length: Text
    total: Text | None


@dataclass(frozen=True)
class Laid:
    """Everything that the templates of a why draw."""

    why: Why
    signed: tuple[Signed, ...]
    days: tuple[date, ...]
    strips: tuple[Strip, ...]
    numbers: tuple[Number, ...]
    spans: tuple[Span, ...]


def laid_out(owed: Obligation, agreement: Agreement) -> Laid:
    """The layout of an obligation's why; ValueError when it carries none."""
    if owed.why is None:
        raise ValueError(f"{owed.key} carries no explanation")
    days = _axis(owed.why)
    strips = tuple(
        Strip(row.label, row.detail, _on_axis(row.cells, days)) for row in owed.why.days if row.cells
    )
    numbers = tuple(
        Number(use, _label(agreement, use.name), _source(agreement, use)) for use in owed.why.parameters
    )
    return Laid(
        owed.why, _signed(agreement, owed.why.citations), days, strips, numbers, tuple(_spans(owed.why))
    )


def _axis(why: Why) -> tuple[date, ...]:
    marked = [cell.day for row in why.days for cell in row.cells]
    if not marked:
        return ()
    first, last = min(marked), max(marked)
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def _on_axis(cells: tuple[DayCell, ...], days: tuple[date, ...]) -> tuple[DayCell | None, ...]:
    by_day = {cell.day: cell for cell in cells}
    return tuple(by_day.get(day) for day in days)


def _signed(agreement: Agreement, citations: Sequence[Citation]) -> tuple[Signed, ...]:
    """Each clause once, with every part of it that does the work."""
    quotes: dict[str, list[Bilingual]] = {}
    for citation in citations:
        quotes.setdefault(citation.clause, []).append(
            citation.quote or agreement.clause(citation.clause).text
        )
    return tuple(signed(agreement.clause(id), found) for id, found in quotes.items())


def signed(clause: Clause, quotes: Sequence[Bilingual]) -> Signed:
    """A clause with the words of `quotes` marked."""
    return Signed(
        clause,
        marked(clause.text.fr, [one.fr for one in quotes]),
        marked(clause.text.en, [one.en for one in quotes]),
    )


def marked(text: str, quotes: Sequence[str]) -> Marked:
    """`text` cut where quoted words begin and end; quotes may overlap, and one that the text does not say marks nothing."""
    places = [(start, start + len(words)) for words in quotes if words and (start := text.find(words)) >= 0]
    cuts = sorted({0, len(text), *(bound for place in places for bound in place)})
    pieces: list[tuple[str, bool]] = []
    for start, end in pairwise(cuts):
        on = any(a <= start and end <= b for a, b in places)
        if pieces and pieces[-1][1] == on:
            pieces[-1] = (pieces[-1][0] + text[start:end], on)
        else:
            pieces.append((text[start:end], on))
    return tuple(pieces)


def _spans(why: Why) -> Iterator[Span]:
    """Each stretch with its hours, and the running sum that must reach the term."""
    total = timedelta()
    for span in why.clock:
        length = span.end - span.start
        counted = span.mark == "counted"
        total += length if counted else timedelta()
        yield Span(
            span.start, span.end, span.mark, span.reason, lasting(length), lasting(total) if counted else None
        )


def lasting(length: timedelta) -> Text:
    """A length in hours and minutes, as people write it."""
    hours, minutes = divmod(int(length.total_seconds() // 60), 60)
    if not minutes:
        return _("%(hours)s h", hours=hours)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes) if hours else _("%(minutes)s min", minutes=minutes)  # fmt: skip


def _source(agreement: Agreement, use: ParameterUse) -> Text | Bilingual | str:
    """Of which order or level it is, which article of law, or that nobody confirmed it yet."""
    if use.origin == "level" and use.source in agreement.levels:
        return _("level %(level)s", level=agreement.levels[use.source].name)
    if use.origin == "order" and use.source:
        return _("order of %(day)s", day=date.fromisoformat(use.source))
    return use.source


_COUNTING = {
    "time.start_day_counts": Bilingual("Jour de départ compté", "Starting day counted"),
    "time.expiry": Bilingual("Fin d’un délai", "End of a term"),
    "time.roll": Bilingual("Échéance un jour non ouvré", "Due on a closed day"),
    "time.elapsed": Bilingual("Heures écoulées", "Elapsed hours"),
}


def _label(agreement: Agreement, name: str) -> Bilingual | None:
    known = agreement.parameters.get(name)
    return known.label if known else _COUNTING.get(name)
