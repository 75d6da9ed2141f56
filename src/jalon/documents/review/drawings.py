"""The drawings of a review: the line of promises, its charts, an objective's bar. Once, for page and paper."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape
from urllib.parse import quote

from jalon.core.obligations import Side, State
from jalon.core.text import _
from jalon.documents.review.model import MonthlyReview, Objective
from jalon.figures.chart import ChartSpec, Series
from jalon.figures.line import LineOfPromises, Pole
from jalon.figures.paint import Palette, painted
from jalon.figures.poles import shape, symbols
from jalon.wording import dates, say

AFTER = timedelta(days=10)
"""Days after the month that the line shows."""
BEFORE = timedelta(days=31)
"""How far back the line goes for a promise that is still late; older ones stand in the table alone."""


def line(review: MonthlyReview, lang: str, *, width: int, href: str = "") -> LineOfPromises:
    """The promises of the month on the line, both sides. `href` is the address of a why with %s for its key."""
    shown = [p for p in review.promises if p.due]
    first = review.month
    end = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    late = min((p.due for p in shown if p.due and p.state == State.OVERDUE), default=first)
    stand = [
        Pole(
            key=p.key, side=p.side, due=p.due or first, state=p.state, title=say(p.title, lang), due_first=p.due_first, done=p.done,
            because=p.because, href=link(href, p.key), number=p.no,
        )
        for p in shown
    ] + [
        Pole(key=c.key, side=c.side, due=c.due, state=State.OPEN, title=say(c.title, lang), href=link(href, c.key))
        for c in review.coming
        if c.due <= end + AFTER
    ]  # fmt: skip
    return LineOfPromises(
        poles=stand, start=late if first - BEFORE <= late < first else first, end=end + AFTER, today=dates.last_day(review.as_of), provider=review.provider,
        client=review.client, suspended=review.suspended, width=width, zoom=1.0, name=say(_("The line of promises"), lang),
    )  # fmt: skip


def active(
    review: MonthlyReview, *, width: int = 360, height: int = 150, written: bool = False
) -> ChartSpec | None:
    """People by month, against the objective that counts them; None while two months are not known."""
    known = [m for m in review.months if m.active is not None]
    if not known:
        return None
    goal = next((o.target for o in review.objectives if o.metric in COUNTED and o.target is not None), None)
    return ChartSpec(
        kind="line" if len(known) > 1 else "bar",
        title=_("People who used the platform, by month"),
        periods=[m.month for m in review.months],
        series=[
            Series(_("active people"), [m.active for m in review.months]),
            *(
                [Series(_("seats"), [m.licensed for m in review.months])]
                if any(m.licensed for m in review.months) and goal is None
                else []
            ),
        ],
        target=float(goal) if goal is not None else None,
        width=width,
        height=height,
        written=written,
    )


COUNTED = ("active_users", "mau", "usage.active_users", "active")
"""Names of the metric that counts active people in a month."""


def features(review: MonthlyReview, lang: str, *, width: int = 170, most: int = 6) -> str:
    """Bars: who used what, among the people of the month. Empty without features."""
    rows = review.features[:most]
    if not rows:
        return ""
    top = max([f.users for f in rows] + [1])
    row, parts = 26, []
    for k, one in enumerate(rows):
        y = k * row
        parts.append(
            f'<text class="chart-name" x="0" y="{y + 10}">{escape(_short(one.name))}</text>'
            f'<text class="chart-target" x="{width}" y="{y + 10}" text-anchor="end">{one.users}</text>'
            f'<rect class="bar-track" x="0" y="{y + 14}" width="{width}" height="6"/>'
            f'<rect class="bar-ink" x="0" y="{y + 14}" width="{one.users / top * width:.1f}" height="6"/>'
        )
    name = escape(features_alt(review, lang))
    return f'<svg class="chart" viewBox="0 0 {width} {len(rows) * row}" role="img" aria-label="{name}">{"".join(parts)}</svg>'


def features_alt(review: MonthlyReview, lang: str) -> str:
    """The bars in words."""
    return ", ".join(f"{f.name} {f.users}" for f in review.features) + "."


def _short(name: str) -> str:
    return name if len(name) <= 26 else name[:25].rstrip() + "…"


def bar(objective: Objective, *, width: int = 128) -> str:
    """The way covered from baseline to target; darker up to what steady progress would give; the stroke is the target."""
    covered, pace = objective.covered, objective.pace
    if covered is None:
        return ""
    full = width - 2.0
    reached = min(max(float(covered), 0.0), 1.0) * full
    tone = "bar-late" if objective.on_pace is False else "bar-ink"
    expected = (
        f'<rect class="bar-second" x="0" y="3" width="{float(pace) * full:.1f}" height="10"/>'
        if pace is not None
        else ""
    )
    return (
        f'<svg class="chart" viewBox="0 0 {width} 16" width="{width}" height="16" aria-hidden="true"><rect class="bar-track" x="0" y="3" width="{full}" height="10"/>'
        f'{expected}<rect class="{tone}" x="0" y="6" width="{reached:.1f}" height="4"/><path class="target-mark" d="M{width - 1} 0v16"/></svg>'
    )


def on_paper(svg: str, palette: Palette, *, poles: bool = False) -> str:
    """A drawing of the page, so that it stands alone."""
    return painted(svg, palette, defs=symbols() if poles else "") if svg else ""


def small_pole(state: State, palette: Palette) -> str:
    """The short pole of a state, standing alone."""
    return on_paper(
        f'<svg viewBox="0 0 14 22"><use href="#short-{shape(state)}" width="14" height="22"/></svg>',
        palette,
        poles=True,
    )


def link(href: str, key: str) -> str:
    """The address of a promise's why; empty where promises have none."""
    return href % quote(key, safe=":/") if href else ""


def sides() -> tuple[Side, Side]:
    """The order of both sides, everywhere."""
    return Side.PROVIDER, Side.CLIENT


def month_end(month: date) -> date:
    """The last day of a month given by any of its days."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
