"""What must hold for any facts in any order: invariant 5, and that a fact said twice is said once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.core import engine
from jalon.core.agreement.loading import parse
from jalon.core.facts.catalogue import read
from jalon.core.facts.model import Fact
from jalon.core.obligations import Obligation

FILE = Path(__file__).parents[3] / "agreements" / "mytraffic-cs" / "2024-02-14" / "agreement.yaml"
AGREEMENT = parse(FILE.read_text(encoding="utf-8"))
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
SIGNED = [
    {"kind": "document.signed", "at": "2026-01-05T09:00+00:00", "side": "provider", "doc": "master"},
    {"kind": "document.signed", "at": "2026-01-05T10:00+00:00", "side": "client", "doc": "master"},
    {
        "kind": "order.set",
        "at": "2026-01-05",
        "side": "provider",
        "level": "croissance",
        "ends_on": "2028-12-31",
    },
]
SHAPES = [
    {"kind": "request.opened", "side": "client", "request": "R1", "priority": "P2"},
    {"kind": "request.replied", "side": "provider", "request": "R1"},
    {"kind": "client.message", "side": "client", "ref": "R1"},
    {"kind": "provider.question", "side": "provider", "ref": "Q1", "needed_for": "R1"},
    {"kind": "client.reply", "side": "client", "question": "Q1"},
    {"kind": "request.resolved", "side": "provider", "request": "R1"},
    {"kind": "request.reopened", "side": "client", "request": "R1"},
    {"kind": "activity.held", "side": "provider", "type": "kickoff"},
    {"kind": "activity.held", "side": "provider", "type": "review"},
    {"kind": "activity.held", "side": "provider", "type": "training", "minutes": 60},
    {"kind": "plan.agreed", "side": "client", "confirmed_by": ["provider", "client"]},
    {"kind": "complaint.filed", "side": "client", "complaint": "C1"},
    {"kind": "complaint.answered", "side": "provider", "complaint": "C1"},
    {"kind": "csm.assigned", "side": "provider", "person": "camille"},
]


@st.composite
def stories(draw: st.DrawFn) -> list[Fact]:
    """A signed agreement and some facts over four months, each recorded at once or days later."""
    facts = [read(record) for record in SIGNED]
    for shape in draw(st.lists(st.sampled_from(SHAPES), max_size=14)):
        at = START + timedelta(minutes=draw(st.integers(0, 120 * 24 * 60)))
        recorded = at + timedelta(days=draw(st.sampled_from([0, 0, 0, 3, 12])))
        facts.append(read({**shape, "at": at.isoformat(), "recorded_at": recorded.isoformat()}))
    return facts


MOMENTS = st.integers(0, 130).map(lambda days: START + timedelta(days=days))


def answer(facts: list[Fact], as_of: datetime, known_at: datetime | None = None) -> tuple[Obligation, ...]:
    """The obligations without their whys: what is compared."""
    return engine.assess(AGREEMENT, facts, as_of, known_at, explain=False).obligations


@settings(max_examples=60, deadline=None)
@given(stories(), MOMENTS, st.randoms(use_true_random=False))
def test_the_order_of_facts_and_their_repetition_change_nothing(facts, as_of, random):
    shuffled = [*facts, *facts[:3]]
    random.shuffle(shuffled)
    assert answer(shuffled, as_of) == answer(facts, as_of)


@settings(max_examples=60, deadline=None)
@given(stories(), MOMENTS)
def test_what_happens_later_changes_nothing(facts, as_of):
    assert answer(facts, as_of) == answer([fact for fact in facts if fact.at <= as_of], as_of)


@settings(max_examples=60, deadline=None)
@given(stories(), MOMENTS, MOMENTS)
def test_what_is_recorded_later_changes_nothing(facts, as_of, known_at):
    known = [fact for fact in facts if fact.recorded_at <= known_at]
    assert answer(facts, as_of, known_at) == answer(known, as_of, known_at)


@settings(max_examples=40, deadline=None)
@given(stories(), MOMENTS)
def test_every_answer_follows_from_its_own_explanation(facts, as_of):
    from jalon.core.why import run_again

    for owed in engine.assess(AGREEMENT, facts, as_of).obligations:
        assert owed.why is not None
        assert run_again(owed.why) == (owed.due, owed.state)


@settings(max_examples=40, deadline=None)
@given(stories(), MOMENTS)
def test_between_now_and_the_wake_up_time_alone_changes_no_state(facts, as_of):
    before = {one.key: one for one in answer([f for f in facts if f.recorded_at <= as_of], as_of)}
    facts = [fact for fact in facts if fact.at <= as_of and fact.recorded_at <= as_of]
    wakes = [one.wakes for one in before.values() if one.wakes]
    if not wakes:
        return
    just_before = min(wakes) - timedelta(microseconds=1)
    after = {one.key: one.state for one in answer(facts, just_before) if one.key in before}
    assert after == {key: before[key].state for key in after}
