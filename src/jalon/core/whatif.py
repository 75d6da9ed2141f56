"""What would change an answer: the same rule, run again with one thing different."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from jalon.core.agreement.model import Agreement, Norm
from jalon.core.explanation import Hypothesis
from jalon.core.facts.model import Fact
from jalon.core.obligations import Obligation, State
from jalon.core.text import _


def with_hypotheses(
    agreement: Agreement, facts: Sequence[Fact], as_of: datetime, known_at: datetime, owed: Obligation
) -> Obligation:
    """The obligation with up to three hypotheses in its why: nothing more happens; what moved it had not; evidence withdrawn."""
    if owed.why is None:
        return owed
    changes = tuple(_hypotheses(agreement, facts, as_of, known_at, owed))
    return replace(owed, why=replace(owed.why, changes=changes))


def _hypotheses(
    agreement: Agreement, facts: Sequence[Fact], as_of: datetime, known_at: datetime, owed: Obligation
) -> Iterator[Hypothesis]:
    norm = agreement.norms[owed.norm]
    if owed.due and owed.state in (State.OPEN, State.NOT_YET, State.PAUSED):
        later = _again(
            agreement, facts, owed.due + timedelta(hours=1), owed.due + timedelta(hours=1), norm, owed.key
        )
        if later and later.state != owed.state:
            yield Hypothesis(
                _("Nothing more happens by the due date."),
                later.state,
                later.summary or _("Nothing changes."),
            )
    if owed.cure and owed.state == State.OVERDUE:
        later = _again(agreement, facts, owed.cure, owed.cure, norm, owed.key)
        if later:
            yield Hypothesis(
                _("Nothing is done during the cure."), later.state, later.summary or _("Nothing changes.")
            )
    for shift in owed.shifts[:1]:
        others = [fact for fact in facts if fact.id not in shift.facts]
        without = _again(agreement, others, as_of, known_at, norm, owed.key)
        if without:
            yield Hypothesis(
                _("What moved the date had not happened."),
                without.state,
                without.summary or _("Nothing changes."),
            )
    if owed.evidence and owed.state in (State.MET, State.MET_LATE, State.UNCONFIRMED):
        others = [fact for fact in facts if fact.id not in owed.evidence]
        without = _again(agreement, others, as_of, known_at, norm, owed.key)
        if without:
            yield Hypothesis(
                _("What keeps this promise is withdrawn or refuted."),
                without.state,
                without.summary or _("Nothing changes."),
            )
    if owed.excuse:
        others = [fact for fact in facts if fact.id not in owed.excuse.facts]
        without = _again(agreement, others, as_of, known_at, norm, owed.key)
        if without:
            yield Hypothesis(
                _("What excuses it had not happened."),
                without.state,
                without.summary or _("Nothing changes."),
            )


def _again(
    agreement: Agreement, facts: Sequence[Fact], as_of: datetime, known_at: datetime, norm: Norm, key: str
) -> Obligation | None:
    from jalon.core.engine import of_norm

    return next(
        (one for one in of_norm(agreement, facts, as_of, max(known_at, as_of), norm) if one.key == key), None
    )
