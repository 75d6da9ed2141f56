"""Charts: figures become lengths that can be measured, gaps stay gaps, and the table says the same."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.figures.chart import ChartSpec, Series, Sight, ceiling
from jalon.figures.paint import PAPER
from jalon.figures.small import shortfalls, spark, units

MONTHS = [date(2026, m, 1) for m in range(1, 7)]


@given(st.floats(0.01, 1e9))
def test_the_axis_holds_the_figures(top):
    high, step = ceiling(top)
    assert high >= top * 0.999 and high / step <= 5.01 and high < top * 3


@pytest.mark.parametrize("kind", ["line", "bar", "stacked", "bullet"])
@pytest.mark.parametrize("values", [[1, 2, 3, 4, 5, 6], [None, 2, None, 4, 0, 1], [0] * 6])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_kind_draws_for_page_and_paper(kind, values, lang):
    spec = ChartSpec(
        kind,
        "Utilisateurs actifs",
        MONTHS,
        [Series("Actifs", values), Series("Prévus", [3] * 6, "second")],
        target=4,
    )
    ElementTree.fromstring(spec.svg(lang))
    paper = spec.svg(lang, PAPER)
    ElementTree.fromstring(paper)
    assert 'class="' not in paper


def test_a_bar_twice_as_large_is_twice_as_tall():
    svg = ChartSpec("bar", "x", MONTHS[:2], [Series("a", [10, 20])]).svg("en")
    heights = [float(h) for h in re.findall(r'class="bar-ink"[^>]* height="([\d.]+)"', svg)]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)


def test_a_period_without_a_figure_is_a_dash_in_the_table_and_no_point_on_the_line():
    spec = ChartSpec("line", "x", MONTHS, [Series("a", [1, None, 3, 4, 5, 6])])
    assert spec.table("fr")[1][1] == ("février 2026", ["–"])
    path = re.search(r'class="chart-line" d="M([^"]*)"', spec.svg("fr"))[1]
    assert len(path.split("L")) == 5


def test_the_sighting_line_joins_two_stakes():
    spec = ChartSpec(
        "line",
        "x",
        MONTHS,
        [Series("a", [10, 12, 15, 20, 22, 24])],
        sight=Sight(MONTHS[0], 10, date(2026, 12, 1), 60),
    )
    svg = spec.svg("fr")
    assert svg.count('class="stake"') == 2 and 'class="sight"' in svg and ">60<" in svg


def test_only_what_was_not_kept_is_drawn():
    assert "short-bar" not in shortfalls((10, 10), (4, 4))
    assert shortfalls((9, 10), (1, 2)).count("short-bar") == 2
    assert "short-bar" not in shortfalls((0, 0), (0, 0))


def test_small_figures_of_nothing_draw_nothing():
    assert spark([]) == "" == spark([None, None])
    assert "spark-dot" in spark([3, None, 5])
    assert units({"met": 3, "overdue": 1}, label="4 clients").count("<use") == 4
    assert units({"met": 900}, label="900 clients").count("<use") <= 60
