"""What would change an answer: said for every promise that waits or is late, and the same that the whole engine finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import Phase, given, settings

from jalon.core import engine, whatif
from jalon.core.facts.catalogue import read
from jalon.core.norms.registry import runner
from jalon.core.obligations import LIVE, State
from tests.core.engine.test_invariants import AGREEMENT, MOMENTS, SIGNED, stories

# A story is one engine run a promise and a hypothesis: the first failure is told as it is found.
SEARCH = (Phase.explicit, Phase.reuse, Phase.generate)
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)


@settings(max_examples=6, deadline=None, phases=SEARCH)
@given(stories(), MOMENTS)
def test_every_promise_that_waits_or_is_late_says_what_would_change_it(facts, as_of):
    for owed in engine.assess(AGREEMENT, facts, as_of, explain=False).obligations:
        why = engine.explained(AGREEMENT, facts, as_of, as_of, owed.key).why
        assert why.changes or why.settled, owed.key
        if owed.state in LIVE and owed.due:
            assert why.changes, (owed.key, owed.state)


@settings(max_examples=6, deadline=None, phases=SEARCH)
@given(stories(), MOMENTS)
def test_a_hypothesis_is_what_the_whole_engine_finds_and_another_answer_than_now(facts, as_of):
    for now in engine.assess(AGREEMENT, facts, as_of, explain=False).obligations:
        for one in engine.explained(AGREEMENT, facts, as_of, as_of, now.key).why.changes:
            case = whatif.supposed(AGREEMENT, facts, as_of, as_of, one.what)
            found = engine.assess(case.agreement, case.facts, case.as_of, case.known_at, explain=False)
            then = found.by_key().get(now.key)
            assert (then.state if then else None) == one.state, (now.key, one.said.msgid)
            assert then is None or (then.state, then.due, then.done_at) != (now.state, now.due, now.done_at)


def story(*more: dict) -> list:
    return [read(record) for record in (*SIGNED, *more)]


def answer(key: str, what: whatif.Supposition, *more: dict, as_of: datetime = NOON):
    return whatif.suppose(AGREEMENT, story(*more), as_of, as_of, key, what)


OPENED = {"kind": "request.opened", "id": "f1", "at": "2026-03-02T09:00+00:00", "side": "client", "request": "R1", "priority": "P2"}  # fmt: skip
REPLIED = {"kind": "request.replied", "id": "f2", "at": "2026-03-03T16:00+00:00", "side": "provider", "request": "R1"}  # fmt: skip
LATER = datetime(2026, 3, 4, 11, tzinfo=UTC)


def test_the_same_reply_earlier_would_have_been_in_time():
    assert answer("N32-first:R1", whatif.Absent(()), OPENED, REPLIED, as_of=LATER).state == State.MET_LATE
    earlier = whatif.Moved("f2", datetime(2026, 3, 2, 12, tzinfo=UTC))
    assert answer("N32-first:R1", earlier, OPENED, REPLIED, as_of=LATER).state == State.MET


def test_without_its_request_nothing_is_owed():
    assert answer("N32-first:R1", whatif.Absent(("f1",)), OPENED) is None


def test_another_level_has_other_hours():
    due = {level: answer("N32-first:R1", whatif.AtLevel(level), OPENED).due for level in AGREEMENT.levels}
    assert due["strategique"] < due["croissance"] < due["essentiel"]


def test_another_number_counts_whatever_the_level_says():
    due = answer("N32-first:R1", whatif.Number("sla.first", "PT3WH"), OPENED).due
    assert due == datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_reply_that_is_still_to_come_is_judged_when_it_comes():
    norm = AGREEMENT.norms["N32-first"]
    facts = story(OPENED)
    owed = engine.explained(AGREEMENT, facts, NOON, NOON, "N32-first:R1")
    fact = whatif.imagined(norm, owed, facts, "request.replied", LATER)
    assert whatif.supposed(AGREEMENT, facts, NOON, NOON, whatif.Added(fact)).as_of == LATER
    assert answer("N32-first:R1", whatif.Added(fact), OPENED).state == State.MET_LATE


def test_what_happened_later_does_not_come_back_with_a_later_instant():
    late = engine.explained(AGREEMENT, story(OPENED, REPLIED), NOON, NOON, "N32-first:R1")
    nothing = next(one for one in late.why.changes if isinstance(one.what, whatif.Nothing))
    assert nothing.state == State.OVERDUE


@pytest.mark.parametrize(
    ("name", "value", "written", "kept"),
    [
        ("reply.within", "P5BD", "7", "P7BD"),
        ("reply.within", "P5BD", "P2D", "P2D"),
        ("training.min_minutes", 45, "30", 30),
        ("monthly.qbr_counts", True, "false", False),
        ("liability.basis", "paid", "accrued", "accrued"),
    ],
)
def test_a_number_is_read_like_the_one_that_it_replaces(name, value, written, kept):
    use = whatif.ParameterUse(name, value, "default")
    assert whatif.number(AGREEMENT, use, written).value == kept


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [("reply.within", "P5BD", "soon"), ("reply.within", "P5BD", "0"), ("training.min_minutes", 45, "-3"),
     ("monthly.qbr_counts", True, "perhaps"), ("liability.basis", "paid", "hoped")],
)  # fmt: skip
def test_a_value_that_cannot_be_read_is_refused_with_a_sentence(name, value, written):
    with pytest.raises(whatif.CannotSuppose) as refused:
        whatif.number(AGREEMENT, whatif.ParameterUse(name, value, "default"), written)
    assert refused.value.said.values["written"] == written


def test_every_norm_that_runs_looks_at_some_kind_of_fact():
    for norm in AGREEMENT.norms.values():
        if runner(norm):
            assert whatif.kinds_looked_at(norm), norm.id


def test_nothing_given_is_changed():
    facts = story(OPENED, REPLIED)
    before = [replace(fact) for fact in facts]
    for what in (whatif.Moved("f2", NOON), whatif.AtLevel("essentiel"), whatif.Number("sla.first", "PT1WH"), whatif.Nothing(NOON + timedelta(days=9))):  # fmt: skip
        whatif.suppose(AGREEMENT, facts, LATER, LATER, "N32-first:R1", what)
    assert facts == before
    assert AGREEMENT.levels["croissance"].sets["sla.first"]["P2"] == "PT4WH"
