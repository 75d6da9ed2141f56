"""The day: every promise and appointment is on the tape, named, and none beyond it."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.obligations import Side, State
from jalon.figures.day import MOST, DayLine, DayPole, Meeting

NOW = datetime(2026, 6, 5, 7, 12, tzinfo=UTC)


def late(k, side=Side.PROVIDER):
    return DayPole(
        side, State.OVERDUE, "Aubrac", f"facture {k}", NOW - timedelta(days=k + 1), f"/late/{k}", late=True
    )


@given(st.lists(st.integers(0, 16 * 60), max_size=8), st.integers(0, 12), st.integers(0, 23 * 60))
def test_all_that_has_an_hour_is_drawn_inside_the_tape(minutes, count, at):
    midnight = datetime(2026, 6, 4, 22, 0, tzinfo=UTC)
    now = midnight + timedelta(minutes=at)
    meetings = [
        Meeting(
            midnight + timedelta(minutes=m),
            midnight + timedelta(minutes=m + 45),
            "Castellane",
            "formation",
            f"/m/{k}",
        )
        for k, m in enumerate(minutes)
    ]
    line = DayLine(now, [late(k) for k in range(count)], meetings)
    root = ElementTree.fromstring(line.svg("fr"))
    links = list(root.iter("a"))
    assert len(links) == len(meetings) + min(count, MOST)
    assert all(a.get("aria-label") and a.get("href") for a in links)
    assert all(
        0 <= float(rect.get("x")) <= line.width
        for rect in root.iter("rect")
        if rect.get("class", "").startswith("slot")
    )


@pytest.mark.parametrize("count", [MOST, MOST + 4])
def test_what_has_no_room_is_counted(count):
    svg = DayLine(NOW, [late(k) for k in range(count)]).svg("fr")
    counted = re.search(r">\+(\d+)<", svg)
    assert (int(counted[1]) if counted else 0) == count - MOST
