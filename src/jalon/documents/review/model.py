"""What a monthly review says, before it is a page or a PDF: frozen values in no language yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jalon.core.obligations import JUDGED, Side, State


@dataclass(frozen=True)
class Figure:
    """A number of the review, with what is needed to open it: its query, its moment, the size of what it counts."""

    key: str
    label: Any  # Text
    value: Decimal | None  # None: not known, never a zero
    query: str
    form: str = "number"  # number | share
    of: Decimal | None = None  # "7 of 9"
    n: Any = None  # Text: what it is counted over
    evidence: tuple[str, ...] = ()  # ids of facts


@dataclass(frozen=True)
class Amount:
    """A value to compare and to write: a number, a share, "7 of 9"."""

    value: Decimal | None
    form: str = "number"
    of: Decimal | None = None


@dataclass(frozen=True)
class Objective:
    """An objective as the first plan set it, and how far it has come. `pace` is the share that steady progress would give."""

    id: str
    name: str
    metric: str
    baseline: Decimal | None
    target: Decimal | None
    until: date | None
    now: Decimal | None
    form: str = "number"
    pace: Decimal | None = None
    source: str = ""  # usage | measured
    evidence: tuple[str, ...] = ()
    owner_provider: str = ""
    owner_client: str = ""

    @property
    def covered(self) -> Decimal | None:
        """Share of the way from baseline to target, so that "lower is better" reads alike; None when it cannot be said."""
        if self.now is None or self.target is None:
            return None
        start = self.baseline or Decimal(0)
        if self.target == start:
            return None
        return (self.now - start) / (self.target - start)

    @property
    def on_pace(self) -> bool | None:
        """Whether it has come as far as steady progress would have."""
        if self.covered is None or self.pace is None:
            return None
        return self.covered >= self.pace


@dataclass(frozen=True)
class MonthOfUse:
    """A month of the client's use, as the usage store counted it."""

    month: date
    active: int | None
    licensed: int | None
    events: int | None
    features: int | None
    stickiness: Decimal | None = None


@dataclass(frozen=True)
class FeatureUse:
    """A feature and how many people used it in the month."""

    name: str
    users: int


@dataclass(frozen=True)
class Promise:
    """An obligation of the month as it stood at the as-of. `no` is its number in the document."""

    no: int
    key: str
    side: Side
    title: Any  # Text | Bilingual
    clause: str
    state: State
    due: date | None
    due_first: date | None = None
    done: date | None = None
    because: str = ""  # key of the promise whose fact moved or excuses it
    note: Any = None  # Text: the reason, for what is excused, moved, paused or unconfirmed
    since: State | None = None  # how it stands when the review is made, where that differs
    evidence: tuple[str, ...] = ()

    @property
    def moved(self) -> bool:
        """Its date is not the first one."""
        return self.due_first is not None and self.due_first != self.due


@dataclass(frozen=True)
class Meeting:
    """A meeting of the month: held, or what became of it."""

    fact: str
    at: datetime
    what: Any  # Text
    people: tuple[str, ...] = ()
    minutes: int | None = None
    happened: str = "held"  # held | no_show | cancelled


@dataclass(frozen=True)
class Ticket:
    """A request that was open at some moment of the month."""

    fact: str
    ref: str
    subject: str
    priority: str
    opened: datetime
    replied: State | None = None
    resolved: datetime | None = None
    kept: State | None = None  # how the promise to resolve it stands


@dataclass(frozen=True)
class Question:
    """A question of the provider that waits for the client's answer."""

    fact: str
    subject: str
    asked: date


@dataclass(frozen=True)
class Action:
    """What somebody does next, agreed at the review."""

    side: Side
    what: str
    owner: str = ""
    due: date | None = None
    objective: str = ""


@dataclass(frozen=True)
class Words:
    """What the CSM wrote. Kept apart from the figures, so that refreshing figures loses no word."""

    summary: str = ""
    failed_provider: str = ""
    failed_client: str = ""
    decisions: tuple[str, ...] = ()
    topics: str = ""
    actions: tuple[Action, ...] = ()
    held_at: datetime | None = None
    attendees: tuple[str, ...] = ()  # names
    staff: tuple[str, ...] = ()
    language: str = "fr"


@dataclass(frozen=True)
class Coming:
    """A promise that falls due in the month after."""

    key: str
    side: Side
    title: Any
    clause: str
    due: date


@dataclass(frozen=True)
class MonthlyReview:
    """Everything a review says. Two reviews with the same values are drawn byte for byte alike."""

    client: str
    client_ref: str
    provider: str
    zone: str
    month: date  # its first day
    as_of: datetime  # how things stood
    known_at: datetime  # by what was recorded until then
    agreement: Any = None  # Bilingual title; None: no agreement signed
    agreement_version: str = ""
    published_on: date | None = None
    level: Any = None  # Bilingual
    effective_on: date | None = None
    sequence: int = 0  # of the last fact of the client's ledger
    checkpoint: str = ""  # its sha256
    plan_on: date | None = None  # day of the first plan: the initial objectives
    objectives: tuple[Objective, ...] = ()
    months: tuple[MonthOfUse, ...] = ()
    features: tuple[FeatureUse, ...] = ()
    promises: tuple[Promise, ...] = ()
    suspended: tuple[tuple[date, date], ...] = ()
    meetings: tuple[Meeting, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    questions: tuple[Question, ...] = ()
    coming: tuple[Coming, ...] = ()
    next_appointment: datetime | None = None
    next_what: Any = None
    figures: tuple[Figure, ...] = ()
    words: Words = field(default_factory=Words)

    def of(self, side: Side) -> tuple[Promise, ...]:
        """The promises of one side, in the document's order."""
        return tuple(p for p in self.promises if p.side == side)

    def score(self, side: Side) -> tuple[int, int]:
        """Met in time, of those judged."""
        judged = [p for p in self.of(side) if p.state in JUDGED]
        return sum(p.state == State.MET for p in judged), len(judged)

    def figure(self, key: str) -> Figure | None:
        """The figure of that key, or None."""
        return next((f for f in self.figures if f.key == key), None)

    @property
    def use(self) -> MonthOfUse | None:
        """The month itself, where anything of it is known."""
        return next((m for m in self.months if m.month == self.month and m.active is not None), None)

    def answers(self) -> dict[str, tuple[Any, Any]]:
        """Everything that later facts could change: key -> (its name, its value). What a restatement compares."""
        found: dict[str, tuple[Any, Any]] = {
            f"figure:{f.key}": (f.label, Amount(f.value, f.form, f.of)) for f in self.figures
        }
        found |= {f"objective:{o.id}": (o.name, Amount(o.now, o.form)) for o in self.objectives}
        found |= {f"promise:{p.key}": (p.title, p.state) for p in self.promises}
        found |= {f"feature:{f.name}": (f.name, Amount(Decimal(f.users))) for f in self.features}
        found |= {
            f"month:{m.month:%Y-%m}": (m.month, Amount(None if m.active is None else Decimal(m.active)))
            for m in self.months
        }
        return found
