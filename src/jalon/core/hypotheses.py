"""What would change an answer: a few suppositions chosen by how the promise stands, each run through the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jalon.core.agreement.model import Agreement, Norm
from jalon.core.explanation import Hypothesis
from jalon.core.facts.catalogue import KINDS
from jalon.core.facts.model import Fact
from jalon.core.obligations import LATE, Obligation, State
from jalon.core.text import Text, Value, _
from jalon.core.whatif import Absent, Added, AtLevel, Moved, Nothing, Supposition, imagined, suppose

MOST = 5
"""More than this is no longer read; the page lets one ask for any other."""
DONE = frozenset({State.MET, State.MET_LATE, State.UNCONFIRMED, State.CURED})
WAITING = frozenset({State.OPEN, State.NOT_YET, State.PAUSED})

Said = tuple[Text, Supposition]


def with_hypotheses(
    agreement: Agreement, facts: Sequence[Fact], as_of: datetime, known_at: datetime, owed: Obligation
) -> Obligation:
    """The obligation with what would change it in its why; where nothing would, with the reason."""
    if owed.why is None:
        return owed
    case = _Case(agreement, tuple(facts), as_of, known_at, owed)
    changes: list[Hypothesis] = []
    for said, what in case.suppositions():
        found = case.hypothesis(said, what)
        if found is not None and (found.said, found.then) not in [(one.said, one.then) for one in changes]:
            changes.append(found)
        if len(changes) == MOST:
            break
    settled = None if changes else _settled(owed)
    return replace(owed, why=replace(owed.why, changes=tuple(changes), settled=settled))


def _settled(owed: Obligation) -> Text:
    if owed.state == State.CANCELLED:
        return _(
            "The agreement, the level or the appointment ended first: nothing that happens now brings it back."
        )
    if owed.state == State.MISSED:
        return _(
            "The time to make up for it is over: only a correction of what is in the ledger would change it."
        )
    if owed.state == State.KEPT:
        return _("Nothing breaches it: only a breach would change it, and none is supposed here.")
    return _("None of the things that its clause looks at would change it at this moment.")


@dataclass(frozen=True)
class _Case:
    agreement: Agreement
    facts: tuple[Fact, ...]
    as_of: datetime
    known_at: datetime
    owed: Obligation

    @property
    def norm(self) -> Norm:
        return self.agreement.norms[self.owed.norm]

    def hypothesis(self, said: Text, what: Supposition) -> Hypothesis | None:
        """The answer under a supposition; None where it is the same answer."""
        found = suppose(self.agreement, self.facts, self.as_of, self.known_at, self.owed.key, what)
        if found is None:
            return Hypothesis(said, None, _("It would not be owed at all."), what)
        if (found.state, found.due, found.done_at) == (self.owed.state, self.owed.due, self.owed.done_at):
            return None
        return Hypothesis(said, found.state, found.summary or _("Nothing changes."), what)

    def suppositions(self) -> Iterator[Said]:
        """From the likeliest to the most remote."""
        owed = self.owed
        yield from self.answers()
        if owed.state in WAITING | {State.OVERDUE, State.BREACHED}:
            yield from self.done(_("It is done now."), self.as_of)
        if owed.state in WAITING and owed.due and owed.due >= self.as_of:
            yield (
                _("Nothing more happens by the due date."),
                Nothing(owed.due + timedelta(hours=1)),
            )
            yield from self.done(_("It is done a day after its due date."), owed.due + timedelta(hours=12))
        if owed.cure and owed.state == State.OVERDUE:
            yield _("Nothing is done during the cure."), Nothing(owed.cure)
        yield from self.otherwise()
        yield from self.earlier_or_later()
        yield from self.levels()

    def answers(self) -> Iterator[Said]:
        """The client answers the questions that hold it up: tomorrow, and a week from now."""
        asked = [f for f in self.facts if f.id in self._questions()]
        for fact in asked[-1:]:
            for said, at in (
                (_("The client answers tomorrow."), self.as_of + timedelta(days=1)),
                (_("The client answers in a week."), self.as_of + timedelta(days=7)),
            ):
                reply = imagined(self.norm, self.owed, self.facts, "client.reply", at)
                fields = {**reply.fields, "question": fact.get("ref") or fact.id}
                yield said, Added(replace(reply, fields=fields))

    def _questions(self) -> set[str]:
        held = set(self.owed.paused_by) | {id for shift in self.owed.shifts for id in shift.facts}
        answered = {str(f.get("question")) for f in self.facts if f.kind == "client.reply"}
        return {
            f.id for f in self.facts
            if f.kind == "provider.question" and f.id in held and not {f.id, str(f.get("ref"))} & answered
        }  # fmt: skip

    def done(self, said: Text, at: datetime) -> Iterator[Said]:
        """What keeps the promise happens at `at`: the first kind of evidence that the engine takes as keeping it."""
        for kind in self.norm.evidence:
            if kind not in KINDS:
                continue
            what = Added(imagined(self.norm, self.owed, self.facts, kind, at))
            found = suppose(self.agreement, self.facts, self.as_of, self.known_at, self.owed.key, what)
            if found is not None and found.state in DONE and found.state != self.owed.state:
                yield said, what
                return

    def otherwise(self) -> Iterator[Said]:
        """What it rests on had not happened: what moved it, what keeps it, what excuses it, what breaches it."""
        owed = self.owed
        for shift in owed.shifts[:1]:
            yield _("What moved the date had not happened."), Absent(shift.facts)
        if owed.evidence and owed.state in DONE:
            yield _("What keeps this promise is withdrawn or refuted."), Absent(owed.evidence)
        if owed.excuse and owed.excuse.facts:
            yield _("What excuses it had not happened."), Absent(owed.excuse.facts)
        told = tuple(h.fact for h in owed.why.happenings if h.fact) if owed.why else ()
        if owed.state in (State.BREACHED, State.CURED) and told:
            yield _("What breaches it had not happened."), Absent(told)

    def earlier_or_later(self) -> Iterator[Said]:
        """The same facts at another time: what keeps it on the other side of its due date, what set it off a week later."""
        owed = self.owed
        if owed.due and owed.state in (State.MET, State.MET_LATE) and owed.evidence:
            late = owed.state == State.MET_LATE
            at = owed.due - timedelta(hours=8) if late else owed.due + timedelta(hours=12)
            said = (
                _("It had been done by the due date.")
                if late
                else _("It had been done a day after its due date.")
            )
            for fact in owed.evidence[-1:]:
                yield said, Moved(fact, at)
        if owed.due and owed.state in LATE and owed.due - timedelta(hours=8) <= self.as_of:
            yield from self.done(_("It had been done by the due date."), owed.due - timedelta(hours=8))
        trigger = next((f for f in self.facts if f.id == owed.trigger), None)
        if trigger is not None and owed.due and owed.state not in DONE:
            week = timedelta(days=7)
            if trigger.at + week <= self.as_of:
                yield _("What set it off had happened a week later."), Moved(trigger.id, trigger.at + week)
            yield _("What set it off had happened a week earlier."), Moved(trigger.id, trigger.at - week)

    def levels(self) -> Iterator[Said]:
        """Another level of support, where one would change the answer."""
        for level in self.agreement.levels.values():
            name: Value = level.name
            yield _("The client is at level %(level)s.", level=name), AtLevel(level.id)
