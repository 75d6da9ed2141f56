"""What was known: the facts recorded by a moment, with the corrections, retractions and confirmations recorded by then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from jalon.core.facts.corrections import NotCorrected, checked, same_side
from jalon.core.facts.model import Fact
from jalon.core.obligations import Side
from jalon.core.text import Text


@dataclass(frozen=True)
class Visible:
    """The facts that count, in order of happening, and what the other side said of them. Nothing is edited in the ledger."""

    facts: tuple[Fact, ...]
    confirmed: dict[str, datetime] = field(
        default_factory=dict
    )  # fact id -> when the other side countersigned
    disputed: frozenset[str] = frozenset()
    powerless: tuple[tuple[Fact, Text], ...] = ()  # corrections and retractions without effect, and why


def visible(facts: Sequence[Fact], known_at: datetime) -> Visible:
    """The facts as known at `known_at`: corrections applied in the order of their recording, retracted facts gone.

    The order of `facts` does not matter and a fact given twice counts once.
    """
    known = {fact.id: fact for fact in facts if fact.recorded_at <= known_at}
    about = sorted(
        (fact for fact in known.values() if fact.kind.startswith("fact.")),
        key=lambda f: (f.recorded_at, f.id),
    )
    void = _withdrawn(about)
    confirmed: dict[str, datetime] = {}
    disputed: set[str] = set()
    powerless: list[tuple[Fact, Text]] = []
    for fact in about:
        target = known.get(str(fact.get("target", "")))
        if target is None or fact.id in void:
            continue
        match fact.kind:
            case "fact.corrected" | "fact.retracted":
                try:
                    values = checked(fact, target, "UTC")
                except NotCorrected as error:
                    powerless.append((fact, error.said))
                    continue
                if fact.kind == "fact.retracted":
                    del known[target.id]
                else:
                    known[target.id] = _corrected(target, values)
            case "fact.countersigned" if fact.side != target.side:
                confirmed[target.id] = fact.recorded_at
                disputed.discard(target.id)
            case "fact.disputed" if fact.side != target.side:
                disputed.add(target.id)
    told = sorted(
        (f for f in known.values() if not f.kind.startswith("fact.")),
        key=lambda f: (f.at, f.recorded_at, f.id),
    )
    return Visible(tuple(told), confirmed, frozenset(disputed), tuple(powerless))


def _withdrawn(about: Sequence[Fact]) -> set[str]:
    """The corrections, countersignatures, disputes and retractions that were themselves retracted: as if never said.

    The latest is read first: a retraction that was withdrawn withdraws nothing.
    """
    void: set[str] = set()
    said = {fact.id: fact for fact in about}
    for fact in reversed(about):
        target = said.get(str(fact.get("target", "")))
        if fact.kind == "fact.retracted" and fact.id not in void and target and same_side(fact, target):
            void.add(target.id)
    return void


def _corrected(target: Fact, changes: dict[str, Any]) -> Fact:
    at = changes.pop("at", None)
    # The correction is what is known from now on: evidence that it moves is judged by when the correction was recorded.
    kept = dict(target.fields)
    if at:
        kept.pop(
            "value_date", None
        )  # the day of a payment is what was corrected, unless the correction gives both
    corrected = replace(target, fields={**kept, **changes})
    return replace(corrected, at=datetime.fromisoformat(at)) if at else corrected


def other(side: Side) -> Side:
    """The other party."""
    return Side.CLIENT if side == Side.PROVIDER else Side.PROVIDER
