"""The line of promises: every pole stands somewhere, apart, linked and named, on page and paper."""

from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.obligations import Side, State
from jalon.figures.line import LineOfPromises, Pole
from jalon.figures.paint import PAPER

TODAY = date(2026, 6, 5)
START, END = date(2025, 12, 1), date(2026, 7, 31)


def line(*poles, **options):
    return LineOfPromises(
        poles=poles,
        start=START,
        end=END,
        today=TODAY,
        provider="MyTraffic",
        client="Maison Vauban",
        **options,
    )


def pole(key="a", side=Side.PROVIDER, due=TODAY, state=State.OPEN, title="Revue de mai", **more):
    return Pole(key, side, due, state, title, href=f"/why/{key}", **more)


days = st.dates(START, END)
many = st.lists(
    st.tuples(
        days,
        st.sampled_from([s for s in State if s != State.NOT_YET]),
        st.sampled_from([Side.PROVIDER, Side.CLIENT]),
    ),
    max_size=60,
)


@given(many)
def test_every_pole_is_drawn_once_inside_the_line_and_apart_from_its_neighbours(found):
    drawn = line(*(pole(str(k), side, due, state) for k, (due, state, side) in enumerate(found)))
    for side in (Side.PROVIDER, Side.CLIENT):
        xs = [spot.x for spot in drawn._placed(side)]
        assert len(xs) == sum(1 for _, _, s in found if s == side)
        spots = drawn._placed(side)
        assert all(b.x - a.x >= (a.width + b.width) / 2 - 0.01 for a, b in pairwise(spots))
        assert all(0 <= x <= drawn.width for x in xs)
    root = ElementTree.fromstring(drawn.svg("fr"))
    links = [a for a in root.iter("a") if a.get("href", "").startswith("/why/")]
    assert len(links) == len(found)
    assert all(a.get("aria-label") for a in links)


@given(many)
def test_the_narrow_design_and_the_table_show_the_same_poles(found):
    drawn = line(*(pole(str(k), side, due, state) for k, (due, state, side) in enumerate(found)))
    keys = sorted(p.key for p in drawn.rows())
    assert (
        sorted(p.key for week in drawn.weeks() for p in (*week.ours, *week.theirs))
        == keys
        == sorted(str(k) for k in range(len(found)))
    )
    assert sum(week.now for week in drawn.weeks()) == 1


def test_days_around_today_are_wider():
    drawn = line()
    near = drawn.x(TODAY + timedelta(1)) - drawn.x(TODAY)
    far = drawn.x(START + timedelta(1)) - drawn.x(START)
    assert near > 2 * far


def test_a_moved_promise_shows_its_violet_length_and_the_arrow_to_its_cause():
    moved = pole("review", due=date(2026, 6, 9), due_first=date(2026, 5, 31), because="answer")
    cause = pole("answer", Side.CLIENT, date(2026, 5, 20), State.MET_LATE, "Réponse", done=date(2026, 6, 1))
    svg = line(moved, cause).svg("fr")
    assert 'class="moved"' in svg and 'class="because"' in svg and 'class="tail"' in svg
    assert "décalée du 31 mai" in svg or "31 mai" in svg
    assert 'class="because"' not in line(moved).svg("fr")


def test_titles_are_escaped():
    svg = line(pole(state=State.OVERDUE, title='<script>"&')).svg("fr")
    assert "<script>" not in svg
    ElementTree.fromstring(svg)


def test_on_paper_it_stands_alone():
    svg = line(
        pole(state=State.PAUSED),
        pole("b", Side.CLIENT, state=State.MISSED),
        suspended=[(date(2026, 3, 1), date(2026, 3, 20))],
    ).svg("en", PAPER)
    root = ElementTree.fromstring(svg)
    assert 'class="' not in svg and "<a " not in svg and "var(" not in svg
    used = {use.get("href") for use in root.iter("{http://www.w3.org/2000/svg}use")}
    known = {"#" + s.get("id") for s in root.iter("{http://www.w3.org/2000/svg}symbol")}
    assert used and used <= known


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_an_empty_line_is_a_tape_with_today(lang):
    svg = line().svg(lang)
    assert ("5 juin" if lang == "fr" else "5 June") in svg


def test_in_a_crowd_what_was_kept_is_thin_and_what_is_late_stands_at_its_date():
    kept = [pole(f"k{n}", due=START + timedelta(3 * n), state=State.MET) for n in range(62)]
    late = pole("late", due=TODAY - timedelta(2), state=State.OVERDUE)
    drawn = line(*kept, late)
    spots = {spot.pole.key: spot for spot in drawn._placed(Side.PROVIDER)}
    assert all(spots[p.key].thin for p in kept)
    assert not spots["late"].thin
    assert spots["late"].x < drawn.x(TODAY)
    assert all(abs(spots[p.key].x - drawn.x(p.due)) < 7 for p in kept[:50])


@given(many)
def test_poles_keep_the_order_of_their_dates(found):
    drawn = line(*(pole(str(k), side, due, state) for k, (due, state, side) in enumerate(found)))
    for side in (Side.PROVIDER, Side.CLIENT):
        dues = [spot.pole.due for spot in drawn._placed(side)]
        assert dues == sorted(dues)
