"""The story is that of a well-run vendor on whatever day it is loaded: figures within the ranges that docs/demo.md promises.

The pure path: the story's facts, read by the catalogue and judged by the engine; no database.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest

from jalon.core import engine
from jalon.core.facts import catalogue
from jalon.core.facts.model import Fact
from jalon.core.obligations import JUDGED, Assessment, Side, State
from jalon.demo.casting import stories
from jalon.demo.people import CLIENTS
from jalon.demo.story import ZONE, Story, fact_id, tell_all

DAYS = {
    "the middle of a month": datetime(2026, 6, 10, 8, tzinfo=UTC),
    "the last day of a month": datetime(2026, 6, 30, 8, tzinfo=UTC),
    "a Monday, first of a month": datetime(2026, 6, 1, 7, tzinfo=UTC),
    "a Friday evening": datetime(2026, 10, 16, 15, 30, tzinfo=UTC),
    "a Sunday": datetime(2026, 9, 13, 14, tzinfo=UTC),
    "early January": datetime(2027, 1, 5, 9, tzinfo=UTC),
    "the day after 14 July": datetime(2026, 7, 15, 6, tzinfo=UTC),
    "a Thursday before dawn": datetime(2026, 11, 26, 2, 48, tzinfo=UTC),
    "late December": datetime(2026, 12, 29, 10, tzinfo=UTC),
}


def facts_of(story: Story) -> list[Fact]:
    """What the ledger would hold, without a ledger."""
    found = []
    for draft in tell_all(story):
        around = {
            "kind": draft.kind, "at": draft.at.isoformat(), "recorded_at": (draft.recorded_at or draft.at).isoformat(),
            "side": draft.side.value, "recorded_by": draft.recorded_by, "source": draft.source, "visibility": draft.visibility,
        }  # fmt: skip
        fields = dict(draft.fields)
        if draft.kind == "appointment.no_show":
            fields["side"] = "client"
        record = catalogue.record_of(draft.kind, around, fields)
        found.append(catalogue.read(record | {"id": fact_id(story.ref, draft.idempotency_key)}))
    return found


def played(now: datetime) -> list[tuple[Story, list[Fact], Assessment]]:
    found = []
    for story in stories(now):
        facts = facts_of(story)
        found.append((story, facts, engine.assess(story.agreement, facts, now, now, explain=False)))
    return found


def kept(assessments: list[Assessment], debtor: Side) -> float:
    states = Counter(o.state for a in assessments for o in a.obligations if o.debtor == debtor)
    return states[State.MET] / sum(states[state] for state in JUDGED)


@pytest.mark.parametrize("now", DAYS.values(), ids=list(DAYS))
def test_a_well_run_vendor(now: datetime) -> None:
    found = played(now)
    judged = [assessment for _s, _f, assessment in found]
    owed = [(story, o) for story, _f, a in found for o in a.obligations]
    assert 0.93 <= kept(judged, Side.PROVIDER) <= 0.975
    assert 0.86 <= kept(judged, Side.CLIENT) <= 0.92

    ours = [(s.ref, o.key) for s, o in owed if o.state == State.OVERDUE and o.debtor != Side.CLIENT]
    theirs = [(s.ref, o.key) for s, o in owed if o.state == State.OVERDUE and o.debtor == Side.CLIENT]
    assert 2 <= len(ours) <= 5, ours
    assert 4 <= len(theirs) <= 9, theirs

    midnight = datetime.combine(now.astimezone(ZONE).date() + timedelta(days=1), time(0), ZONE)
    tonight = [
        (s.ref, o.key)
        for s, o in owed
        if o.state in (State.OPEN, State.UNCONFIRMED) and o.due and now < o.due <= midnight
    ]
    weekday = found[0][0].calendar.is_business_day(now.astimezone(ZONE).date())
    assert (3 <= len(tonight) <= 10) if weekday else len(tonight) <= 4, tonight

    assert sum(bool(o.shifts) for _s, o in owed) >= 5
    assert {State.EXCUSED, State.PAUSED, State.UNCONFIRMED, State.MET_LATE, State.MISSED} <= {
        o.state for _s, o in owed
    }
    assert not [(s.ref, one) for s, _f, a in found for one in a.refused]


@pytest.mark.parametrize(
    "now", [DAYS["the middle of a month"], DAYS["early January"]], ids=["June", "January"]
)
def test_every_turn_of_the_story_is_told(now: datetime) -> None:
    found = {story.ref: (story, facts, assessment) for story, facts, assessment in played(now)}
    kinds = {fact.kind for _s, facts, _a in found.values() for fact in facts}
    assert {
        "fact.corrected", "fact.retracted", "fact.countersigned", "fact.disputed", "level.set", "agreement.terminated",
        "request.reopened", "service.suspended", "service.resumed", "credit_note.issued", "force_majeure.declared",
        "invoice.disputed", "complaint.escalated", "appointment.moved", "appointment.no_show",
    } <= kinds  # fmt: skip

    def states(ref: str, norm: str) -> list[State]:
        return [o.state for o in found[ref][2].obligations if o.norm == norm]

    assert found["mutuelle-orphee"][2].suspended[-1][1] is None
    assert found["pharmacies-du-levant"][2].suspended[-1][1] is not None
    assert found["verrerie-saint-aubin"][2].standing == State.CANCELLED
    assert found["optique-solane"][2].level == "croissance"
    assert states("epicerie-fontanel", "N48-pay").count(State.EXCUSED) == 1
    assert State.MET in states("velos-garance", "N48-pay") and State.OVERDUE not in states(
        "velos-garance", "N48-pay"
    )
    assert State.UNCONFIRMED in states("scad-grand-est", "N2e-deliver")
    assert found["harcourt-lowe"][0].language == "en"


def test_each_client_has_its_own_character() -> None:
    found = played(DAYS["the middle of a month"])
    sizes = {story.ref: len(facts) for story, facts, _a in found}
    assert sizes.pop("chausseurs-rivoire") < 40, "the newest has hardly begun"
    assert all(40 <= size <= 400 for size in sizes.values()), sizes
    shares = [round(kept([a], Side.CLIENT), 2) for story, _f, a in found if story.ref != "chausseurs-rivoire"]
    assert min(shares) < 0.85 and max(shares) > 0.95 and len(set(shares)) > 8


def test_the_same_seed_and_moment_tell_the_same_story() -> None:
    now = DAYS["a Friday evening"]
    first, again, other = (
        [tell_all(story) for story in stories(now, seed, CLIENTS[:3])] for seed in (7, 7, 8)
    )
    assert first == again != other
