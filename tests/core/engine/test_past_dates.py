"""A calendar, a holiday list, a term or a level that changes never moves a due date already passed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.core import engine
from jalon.core.facts.catalogue import read
from tests.core.engine.test_invariants import AGREEMENT, START, stories

PARIS = ZoneInfo("Europe/Paris")
LATER = START + timedelta(days=150)
EVERY_DAY_OFF = [f"2026-{month:02}-{day:02}" for month in range(1, 7) for day in range(1, 29)]
CHANGES: dict[str, dict[str, Any]] = {
    "no holiday any more": {
        "kind": "calendar.frozen",
        "side": "system",
        "calendar": "provider",
        "year": 2026,
        "holidays": [],
    },
    "every day a holiday": {
        "kind": "calendar.frozen",
        "side": "system",
        "calendar": "provider",
        "year": 2026,
        "holidays": EVERY_DAY_OFF,
    },
    "closed for months": {
        "kind": "calendar.frozen",
        "side": "system",
        "calendar": "provider",
        "year": 2026,
        "closures": EVERY_DAY_OFF,
    },
    "the client's holidays": {
        "kind": "calendar.frozen",
        "side": "system",
        "calendar": "client_default",
        "year": 2026,
        "holidays": EVERY_DAY_OFF,
    },
    "another calendar of the client": {
        "kind": "order.set",
        "side": "provider",
        "level": "croissance",
        "ends_on": "2028-12-31",
        "overrides": {"calendar.client": "client_alsace_moselle"},
    },
    "another term": {
        "kind": "order.set",
        "side": "provider",
        "level": "croissance",
        "ends_on": "2028-12-31",
        "overrides": {"sla.first": {"P1": "PT90WH", "P2": "PT90WH", "P3": "PT90WH", "P4": "PT90WH"}},
    },
    "another level": {"kind": "level.set", "side": "provider", "level": "essentiel"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
@settings(max_examples=8, deadline=None)
@given(story=stories(), day=st.integers(20, 110))
def test_a_change_moves_nothing_that_is_past(change: dict[str, Any], story: Any, day: int) -> None:
    at = START.replace(hour=0) + timedelta(days=day)
    facts = [*story, read({**change, "at": at.astimezone(PARIS).date().isoformat()})]
    without = engine.assess(AGREEMENT, story, LATER, explain=False).by_key()
    changed = engine.assess(AGREEMENT, facts, LATER, explain=False).by_key()
    eve = datetime.combine(at.astimezone(PARIS).date(), datetime.min.time(), PARIS)
    past = {key: one.due for key, one in without.items() if one.due and one.due <= eve}
    assert past
    assert {key: changed[key].due for key in past} == past


def test_what_is_not_yet_due_follows_the_new_list() -> None:
    story = [
        read({"kind": "document.signed", "at": "2026-01-05T09:00", "side": side, "doc": "master"})
        for side in ("provider", "client")
    ]
    facts = [*story, read({**CHANGES["every day a holiday"], "at": "2026-01-08", "holidays": ["2026-01-12"]})]
    kickoff = "N2a-kickoff:once"
    before, after = (
        engine.assess(AGREEMENT, told, LATER).by_key()[kickoff].due_on for told in (story, facts)
    )
    assert before is not None and after is not None and (after - before).days == 1
