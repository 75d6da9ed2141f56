"""Why: clause -> norm -> parameters -> facts -> arithmetic, as values that can be said in any language and run again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from jalon.core.obligations import ParameterUse, State
from jalon.core.text import Bilingual, Text

if TYPE_CHECKING:
    from jalon.core.whatif import Supposition


@dataclass(frozen=True)
class Citation:
    """A clause whose words matter here, and the words of it that do the work: all of them, where it quotes none."""

    clause: str
    quote: Bilingual | None = None


@dataclass(frozen=True)
class Happening:
    """A line of "what happened": a fact of the ledger, or an instant that the rule derives (a due date)."""

    at: datetime
    said: Text
    fact: str | None = None  # id; None for a derived instant
    detail: Text | None = None


@dataclass(frozen=True)
class DayCell:
    """One day of the calendar strip: counted with its number, late, granted, skipped for a reason, or paused."""

    day: date
    mark: str  # counted | late | granted | skipped | paused | start | due
    number: int | None = None
    reason: Text | None = None  # why it is skipped ("Ascension Day", "week-end")


@dataclass(frozen=True)
class DayRow:
    """A row of squares: "Time to answer, 5 business days"."""

    label: Text
    detail: Text
    cells: tuple[DayCell, ...]


@dataclass(frozen=True)
class ClockSpan:
    """A stretch of a working-time clock: counted, skipped (closed), paused (an open question, a suspension) or late."""

    start: datetime
    end: datetime
    mark: str  # counted | skipped | paused | late
    reason: Text | None = None


@dataclass(frozen=True)
class Step:
    """One operation of the computation. `run_again` in the engine replays steps and must find the same results."""

    operation: str  # term | clock | window | backward | extend | suspend | end_of_day | verdict | ...
    inputs: Mapping[str, Any]
    result: Any
    said: Text


@dataclass(frozen=True)
class Hypothesis:
    """What would change this answer: recomputed by the same rule, not guessed."""

    said: Text
    state: State | None  # None: it would not be owed at all
    then: Text
    what: Supposition  # what was supposed: `whatif.suppose` gives the same again


@dataclass(frozen=True)
class Why:
    """The full explanation of one obligation."""

    summary: Text  # one or two sentences, said under the title
    citations: tuple[Citation, ...]
    rule: Text  # the rule in words
    happenings: tuple[Happening, ...]
    steps: tuple[Step, ...]
    days: tuple[DayRow, ...] = ()
    clock: tuple[ClockSpan, ...] = ()
    parameters: tuple[ParameterUse, ...] = ()
    changes: tuple[Hypothesis, ...] = ()
    settled: Text | None = None  # why nothing would change it, where nothing would
