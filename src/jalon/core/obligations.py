"""What the engine answers: an obligation of one side to the other, its state, and everything that state rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jalon.core.explanation import Why
    from jalon.core.money.amount import Money
    from jalon.core.text import Text


class Side(StrEnum):
    """A party of the agreement. `SYSTEM` records facts (connectors, the clock) and owes nothing."""

    PROVIDER = "provider"
    CLIENT = "client"
    BOTH = "both"
    SYSTEM = "system"


class State(StrEnum):
    """The words of `docs/glossary.md` for how an obligation stands at a moment, as known at another."""

    NOT_YET = "not_yet"  # nothing is owed yet: not in effect, or its opening date is to come
    OPEN = "open"  # owed, due not passed
    PAUSED = "paused"  # clock stopped
    MET = "met"  # evidence exists, in time
    MET_LATE = "met_late"  # evidence exists, after the due instant
    OVERDUE = "overdue"  # due passed, still curable
    MISSED = "missed"  # window and cure over
    EXCUSED = "excused"  # discharged by the creditor's act or by law: no longer owed
    WAIVED = "waived"  # the creditor gave it up, in writing
    CANCELLED = "cancelled"  # agreement or level ended first
    UNCONFIRMED = (
        "unconfirmed"  # a party's own back-dated evidence, not yet countersigned nor tacitly accepted
    )
    KEPT = (
        "kept"  # owed all the time, or forbidden: nothing breaches it at this moment; never settled for good
    )
    BREACHED = "breached"  # a gap, an act or a finding that the agreement forbids, from its own instant on
    CURED = "cured"  # was breached, and what ended the breach is known


JUDGED = frozenset({State.MET, State.MET_LATE, State.OVERDUE, State.MISSED})
"""The states that count in "promises kept"; the others are shown beside."""
LATE = frozenset({State.OVERDUE, State.MISSED})
LIVE = frozenset({State.OPEN, State.PAUSED, State.OVERDUE, State.UNCONFIRMED})
"""The states in which somebody still has something to do."""


@dataclass(frozen=True)
class Excuse:
    """Why a late or absent performance is forgiven (discharged), and by which facts."""

    kind: (
        str  # client.late, client.no_show, client.late_cancel, client.declined, suspended, force_majeure, ...
    )
    said: Text
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shift:
    """A due date moved because of the other side or of a suspension: the promise stays owed, at its new date."""

    kind: str  # client.late | suspended
    days: int  # business days (client.late) or calendar days (suspended)
    said: Text
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class ParameterUse:
    """One number or choice that an answer used, with where it comes from."""

    name: str
    value: Any  # as written in the agreement: "P10BD", 45, ["adoption", ...]
    origin: str  # text | law | default | order | level
    source: str = ""  # "clause 2.a", "CPC 641 al. 1", "order of 3 Feb 2026", "level Croissance"
    clause: str = ""


@dataclass(frozen=True)
class Obligation:
    """One instance of a norm. `key` is stable: the same norm and occurrence always give the same key.

    `due` is the last instant at which performance is in time, exclusive: a day term ends at 00:00 of the next day in the
    calendar's zone and carries that last day in `due_on`; an hour term has no `due_on`. All instants are aware.
    """

    key: str  # "N2c-monthly:2026-05"
    norm: str
    clause: str
    occurrence: str
    title: Text  # "May's review", said to a person
    debtor: Side
    creditor: Side
    state: State
    trigger: str | None = None  # id of the fact that created it
    opens: datetime | None = None
    due: datetime | None = None
    due_on: date | None = None
    due_first: datetime | None = None  # before any shift; None when never moved
    due_first_on: date | None = None
    window: tuple[date, date] | None = None  # first and last day, both included
    done_at: datetime | None = None
    cure: datetime | None = None  # from then on: missed
    evidence: tuple[str, ...] = ()
    excuse: Excuse | None = None
    shifts: tuple[Shift, ...] = ()
    paused_by: tuple[str, ...] = ()  # facts that hold the clock stopped at as_of
    attribution: Side | None = None  # whose act made it late, missed or excused
    provisional: State | None = None  # the state once confirmed, when `state` is unconfirmed
    parameters: tuple[ParameterUse, ...] = ()
    why: Why | None = None
    suspendable: bool = True
    private: bool = False  # never shown in the other window (the listed private kinds)
    wakes: datetime | None = None  # the next instant at which time alone changes this answer
    summary: Text | None = None  # how it stands, in one or two sentences
    extra: Mapping[str, Any] = field(
        default_factory=dict
    )  # what a kind adds: days late, interest, priority, ...

    @property
    def side(self) -> Side:
        """Who owes it, for sorting by window."""
        return self.debtor


@dataclass(frozen=True)
class NotRun:
    """A norm of the agreement that this engine does not run yet: listed, never passed over."""

    norm: str
    clause: str
    kind: str


@dataclass(frozen=True)
class Refused:
    """A fact that the agreement does not accept (a suspension before its notice ends, ...): kept, shown, without effect."""

    fact: str
    said: Text


@dataclass(frozen=True)
class Right:
    """What the creditor may ask for within a quota, and how much of it is left in the running period."""

    norm: str
    clause: str
    title: Text
    period: str
    quota: int
    used: tuple[str, ...]  # ids of the facts that used it
    refused: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        """How many may still be asked for."""
        return max(self.quota - len(self.used), 0)


@dataclass(frozen=True)
class Power:
    """An act by which its holder changes what the other side owes: available, or every condition that it lacks."""

    key: str
    norm: str
    clause: str
    title: Text
    holder: Side
    available: bool
    unmet: tuple[Text, ...] = ()
    exercised: tuple[str, ...] = ()  # the facts that exercised it with effect
    refused: tuple[str, ...] = ()  # those that had none
    until: datetime | None = None  # the last instant at which it can be exercised, exclusive
    until_on: date | None = None
    outcome: Text | None = None
    parameters: tuple[ParameterUse, ...] = ()


@dataclass(frozen=True)
class Limit:
    """What a limitation says of one claim: it bounds what is owed, and owes nothing itself."""

    key: str
    norm: str
    clause: str
    title: Text
    claim: str  # id of the fact that filed it
    applies: bool
    said: Text
    amount: Money | None = None  # what is left of the bound
    before: Money | None = None  # what is asked or established
    after: Money | None = None  # what the limits leave of it
    reasons: tuple[Text, ...] = ()  # how it was reached, and why it may not apply
    window: tuple[date, date] | None = None  # first and last day, both included
    inputs: tuple[str, ...] = ()  # the facts that it was computed from
    parameters: tuple[ParameterUse, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """Everything owed under one contract at `as_of`, as known at `known_at`. Obligations are ordered by due, then key."""

    agreement: str
    version: str
    as_of: datetime
    known_at: datetime
    standing: State  # not_yet | open (in effect) | cancelled (ended)
    effective_on: date | None
    ends_on: date | None
    level: str | None
    obligations: tuple[Obligation, ...]
    not_run: tuple[NotRun, ...] = ()
    refused: tuple[Refused, ...] = ()
    suspended: tuple[tuple[datetime, datetime | None], ...] = field(default=())
    rights: tuple[Right, ...] = ()
    powers: tuple[Power, ...] = ()
    limits: tuple[Limit, ...] = ()
    csm: str = ""  # refs of the people assigned on that day
    csm_backup: str = ""

    def by_key(self) -> dict[str, Obligation]:
        """The obligations by their stable key."""
        return {obligation.key: obligation for obligation in self.obligations}
