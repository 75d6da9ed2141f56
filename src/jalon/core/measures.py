"""What both sides read of many obligations: the same formula and the same facts for each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jalon.core.facts.model import Fact
from jalon.core.obligations import JUDGED, Assessment, Obligation, Side, State


@dataclass(frozen=True)
class Kept:
    """Promises kept in time, of those judged; `beside` counts the others by state."""

    kept: int
    judged: int
    beside: dict[State, int]

    @property
    def rate(self) -> float | None:
        """met / (met + met_late + overdue + missed); None when nothing was judged."""
        return self.kept / self.judged if self.judged else None


def kept(obligations: Iterable[Obligation], side: Side) -> Kept:
    """The promises of one side (those of both sides count for each)."""
    mine = [
        one for one in obligations if one.debtor in (side, Side.BOTH) and one.norm and one.due is not None
    ]
    judged = [one for one in mine if one.state in JUDGED]
    beside: dict[State, int] = {}
    for one in mine:
        if one.state not in JUDGED:
            beside[one.state] = beside.get(one.state, 0) + 1
    return Kept(sum(one.state == State.MET for one in judged), len(judged), beside)


def unpaid_late(facts: Sequence[Fact], assessment: Assessment) -> Decimal:
    """What is overdue and undisputed, with VAT, in the currency of its invoices."""
    late = [
        one for one in assessment.obligations if one.state == State.OVERDUE and "outstanding" in one.extra
    ]
    return sum((Decimal(one.extra["outstanding"]) for one in late), Decimal(0))
