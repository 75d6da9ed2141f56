"""Charts: one description, drawn for the page or for paper, and the same figures as a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any, Literal

from django.utils import translation
from django.utils.translation import gettext as _

from jalon.figures.paint import Palette, painted
from jalon.figures.poles import HATCH
from jalon.wording import dates, numbers, say

Kind = Literal["line", "bar", "stacked", "bullet"]
Tone = Literal["ink", "second", "met", "late"]
Figure = float | int | Decimal | None


@dataclass(frozen=True)
class Series:
    """One thing measured; a None is a period without a figure, never a zero."""

    name: Any  # str or Text
    values: Sequence[Figure]
    tone: Tone = "ink"


@dataclass(frozen=True)
class Sight:
    """The sighting line of an objective, between the pole of its baseline and the pole of its target."""

    from_on: date
    baseline: float
    to_on: date
    target: float


@dataclass(frozen=True)
class ChartSpec:
    """`periods` are days (drawn on a scale of time) or names; `target` is a level; `share` says that values are ratios."""

    kind: Kind
    title: Any
    periods: Sequence[Any]
    series: Sequence[Series]
    unit: Any = ""
    target: float | None = None
    sight: Sight | None = None
    suspended: Sequence[tuple[date, date]] = ()
    share: bool = False
    width: int = 336
    height: int = 168
    written: bool = (
        False  # the figures of the first series stand at its points: for paper, where nothing opens
    )

    def svg(self, lang: str, palette: Palette | None = None) -> str:
        """The drawing, for a page; for paper when a palette is given."""
        with translation.override(lang):
            drawn = {"line": _line, "bar": _bars, "stacked": _bars, "bullet": _bullets}[self.kind](self, lang)
        return painted(drawn, palette, defs=HATCH) if palette else drawn

    def said(self, value: Figure, lang: str) -> str:
        """One figure as the axis and the table write it."""
        if value is None:
            return "–"
        return (
            numbers.share(Decimal(str(value)), lang)
            if self.share
            else numbers.number(Decimal(str(value)), lang)
        )

    def period(self, value: Any, lang: str, *, short: bool = False) -> str:
        """A period as the axis (short) or the table writes it; the first of a month is that month."""
        if not isinstance(value, date):
            return say(value, lang)
        if value.day == 1:
            return dates.month_name(value, lang, short=True) if short else dates.month(value, lang)
        return dates.date_short(value, lang)

    def table(self, lang: str) -> tuple[list[str], list[tuple[str, list[str]]]]:
        """Column names, then a row a period: the chart without the drawing."""
        heads = [say(series.name, lang) for series in self.series]
        rows = [
            (
                self.period(period, lang),
                [
                    self.said(series.values[k] if k < len(series.values) else None, lang)
                    for series in self.series
                ],
            )
            for k, period in enumerate(self.periods)
        ]
        return heads, rows

    def summary(self, lang: str) -> str:
        """What the drawing says, for who does not see it: title, last figure, objective."""
        last = (
            next((v for v in reversed(self.series[0].values) if v is not None), None) if self.series else None
        )
        words = [say(self.title, lang)]
        if last is not None:
            words.append(f"{self.said(last, lang)} {say(self.unit, lang)}".strip())
        goal = self.sight.target if self.sight else self.target
        if goal is not None:
            words.append(_("objective %(goal)s") % {"goal": self.said(goal, lang)})
        return ", ".join(words)


def ceiling(top: float) -> tuple[float, float]:
    """A round maximum above `top` and the step of three or four grid lines under it."""
    if top <= 0:
        return 1.0, 1.0
    rough = top / 3
    size = 10 ** math.floor(math.log10(rough))
    step = next(s * size for s in (1, 2, 2.5, 5, 10) if s * size >= rough * 0.999)
    return math.ceil(top / step - 1e-9) * step, step


def _top(spec: ChartSpec) -> float:
    if spec.kind == "stacked":
        columns = zip(*(series.values for series in spec.series), strict=False)
        found = [sum(float(v or 0) for v in column) for column in columns]
    else:
        found = [float(v) for series in spec.series for v in series.values if v is not None]
    found += [float(g) for g in (spec.target, spec.sight.target if spec.sight else None) if g is not None]
    return max(found, default=0.0)


@dataclass(frozen=True)
class _Frame:
    left: float
    right: float
    top: float
    base: float
    ceiling: float

    def y(self, value: float) -> float:
        return self.base - value / self.ceiling * (self.base - self.top)


def _open(spec: ChartSpec, lang: str) -> str:
    return f'<svg class="chart" viewBox="0 0 {spec.width} {spec.height}" role="img" aria-label="{escape(spec.summary(lang))}">'


def _grid(spec: ChartSpec, lang: str) -> tuple[_Frame, list[str]]:
    high, step = ceiling(_top(spec))
    ticks = [k * step for k in range(round(high / step) + 1)]
    left = 10 + max(len(spec.said(tick, lang)) for tick in ticks) * 6.4
    frame = _Frame(left, spec.width - 16.0, 16.0, spec.height - 26.0, high)
    parts = [
        f'<path class="chart-grid{"" if tick else " chart-base"}" d="M{left:.1f} {round(frame.y(tick)) + 0.5}H{spec.width - 8}"/>'
        f'<text class="chart-tick" x="{left - 8:.1f}" y="{frame.y(tick) + 4:.1f}" text-anchor="end">{escape(spec.said(tick, lang))}</text>'
        for tick in ticks
    ]
    return frame, parts


def _line(spec: ChartSpec, lang: str) -> str:
    frame, parts = _grid(spec, lang)
    if (
        spec.target is not None and not spec.sight
    ):  # its figure stands beside the line, never on the last point
        frame = replace(frame, right=frame.right - 6.5 * len(spec.said(spec.target, lang)))
    timed = bool(spec.periods) and all(isinstance(p, date) for p in spec.periods)
    ends = (
        [*spec.periods, *([spec.sight.from_on, spec.sight.to_on] if spec.sight and timed else [])]
        if timed
        else []
    )
    first, last = (min(ends), max(ends)) if timed else (None, None)
    span = max((last - first).days, 1) if first and last else max(len(spec.periods) - 1, 1)

    def x(period: Any, k: int) -> float:
        along = (period - first).days if timed else k
        return frame.left + 4 + along / span * (frame.right - frame.left - 8)

    for a, b in spec.suspended if timed else ():
        left, right = max(x(a, 0), frame.left), min(x(b, 0), frame.right)
        if right > left:
            parts.append(
                f'<rect class="halt" x="{left:.1f}" y="{frame.top}" width="{right - left:.1f}" height="{frame.base - frame.top}"/>'
            )
    parts += _period_ticks(spec, lang, frame, [x(p, k) for k, p in enumerate(spec.periods)])
    if spec.sight and timed:
        parts += _sight(spec, lang, frame, x)
    elif spec.target is not None:
        y = frame.y(spec.target)
        parts.append(
            f'<path class="sight" d="M{frame.left:.1f} {y:.1f}H{frame.right:.1f}"/>'
            f'<text class="chart-target" x="{frame.right + 6:.1f}" y="{y + 4:.1f}">{escape(spec.said(spec.target, lang))}</text>'
        )
    for n, series in enumerate(spec.series):
        points = [
            (x(p, k), frame.y(float(v)))
            for k, (p, v) in enumerate(zip(spec.periods, series.values, strict=False))
            if v is not None
        ]
        if not points:
            continue
        klass = "chart-line" if n == 0 else "chart-line chart-line-second"
        path = "L".join(f"{px:.1f} {py:.1f}" for px, py in points)
        parts.append(f'<path class="{klass}" d="M{path}"/>' if len(points) > 1 else "")
        if n == 0:
            dots = points if spec.written else points[-1:]
            parts += [f'<circle class="chart-dot" cx="{px:.1f}" cy="{py:.1f}" r="3.5"/>' for px, py in dots]
            parts += _written(spec, lang, points, frame.base) if spec.written else []
    return _open(spec, lang) + "".join(parts) + "</svg>"


def _written(spec: ChartSpec, lang: str, points: Sequence[tuple[float, float]], base: float) -> list[str]:
    """The figure of each point, above it, or below where the line rises on both sides of it and the axis is not near."""
    known = [v for v in spec.series[0].values if v is not None]
    parts = []
    for k, ((px, py), value) in enumerate(zip(points, known, strict=True)):
        around = [points[j][1] for j in (k - 1, k + 1) if 0 <= j < len(points)]
        below = bool(around) and py + 18 < base and all(y < py - 2 for y in around)
        parts.append(
            f'<text class="chart-target" x="{px:.1f}" y="{py + 15 if below else py - 8:.1f}" text-anchor="middle">{escape(spec.said(value, lang))}</text>'
        )
    return parts


def _period_ticks(spec: ChartSpec, lang: str, frame: _Frame, places: Sequence[float]) -> list[str]:
    """Names under the axis, as many as have room."""
    parts: list[str] = []
    free = -1e9
    for period, at in zip(spec.periods, places, strict=True):
        said = spec.period(period, lang, short=True)
        half = len(said) * 3.1
        if at - half < free or at + half > spec.width:
            continue
        free = at + half + 10
        parts.append(
            f'<path class="chart-month" d="M{round(at) + 0.5} {frame.base}v4"/>'
            f'<text class="chart-tick" x="{at:.1f}" y="{frame.base + 17:.1f}" text-anchor="middle">{escape(said)}</text>'
        )
    return parts


def _sight(spec: ChartSpec, lang: str, frame: _Frame, x: Any) -> list[str]:
    """Two poles, baseline and target, and the line of sight from one to the other."""
    sight = spec.sight
    assert sight is not None
    parts = []
    for day, value in ((sight.from_on, sight.baseline), (sight.to_on, sight.target)):
        px, py = round(x(day, 0)), frame.y(value)
        tall = frame.base - py
        bands = 5 if tall > 40 else 3
        parts.append(f'<rect class="stake" x="{px - 2.5}" y="{py:.1f}" width="5" height="{tall:.1f}"/>')
        parts += [
            f'<rect class="stake-band" x="{px - 2.5}" y="{py + tall / bands * k:.1f}" width="5" height="{tall / bands:.1f}"/>'
            for k in range(1, bands, 2)
        ]
    x1, x2 = x(sight.from_on, 0), x(sight.to_on, 0)
    y1, y2 = frame.y(sight.baseline), frame.y(sight.target)
    parts.append(f'<path class="sight" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>')
    parts.append(
        f'<text class="chart-target" x="{x2 - 7:.1f}" y="{y2 - 4:.1f}" text-anchor="end">{escape(spec.said(sight.target, lang))}</text>'
    )
    return parts


def _bars(spec: ChartSpec, lang: str) -> str:
    frame, parts = _grid(spec, lang)
    if spec.target is not None:  # its figure stands beside the bars, not on them
        frame = replace(frame, right=frame.right - 6.5 * len(spec.said(spec.target, lang)))
    count = max(len(spec.periods), 1)
    cell = (frame.right - frame.left) / count
    groups = 1 if spec.kind == "stacked" else max(len(spec.series), 1)
    wide = min(cell * 0.68 / groups, 32)
    centres = [frame.left + (k + 0.5) * cell for k in range(len(spec.periods))]
    for k, centre in enumerate(centres):
        floor = 0.0
        for n, series in enumerate(spec.series):
            value = series.values[k] if k < len(series.values) else None
            if not value:
                continue
            low, high = (floor, floor + float(value)) if spec.kind == "stacked" else (0.0, float(value))
            floor = high
            left = centre - wide * groups / 2 + (0 if spec.kind == "stacked" else n * wide)
            parts.append(
                f'<rect class="bar-{series.tone}" x="{left:.1f}" y="{frame.y(high):.1f}" width="{max(wide - 1, 1):.1f}" '
                f'height="{frame.y(low) - frame.y(high):.1f}"/>'
            )
    if spec.target is not None:
        y = frame.y(spec.target)
        parts.append(
            f'<path class="sight" d="M{frame.left:.1f} {y:.1f}H{frame.right:.1f}"/>'
            f'<text class="chart-target" x="{frame.right + 4:.1f}" y="{y + 4:.1f}">{escape(spec.said(spec.target, lang))}</text>'
        )
    parts += _period_ticks(spec, lang, frame, centres)
    return _open(spec, lang) + "".join(parts) + "</svg>"


def _bullets(spec: ChartSpec, lang: str) -> str:
    """A row a period: the bar is the value, the mark is the objective (second series, or the target)."""
    row = 40
    values = spec.series[0].values
    goals = spec.series[1].values if len(spec.series) > 1 else [spec.target] * len(spec.periods)
    parts = []
    for k, period in enumerate(spec.periods):
        value, goal = values[k], goals[k]
        most = max(float(value or 0), float(goal or 0)) or 1.0
        full = spec.width - 8.0
        y = k * row
        tone = "met" if goal is not None and value is not None and float(value) >= float(goal) else "ink"
        said = spec.said(value, lang) + (f" / {spec.said(goal, lang)}" if goal is not None else "")
        parts.append(
            f'<text class="chart-name" x="0" y="{y + 12}">{escape(spec.period(period, lang))}</text>'
            f'<text class="chart-target" x="{full:.0f}" y="{y + 12}" text-anchor="end">{escape(said)}</text>'
            f'<rect class="bar-track" x="0" y="{y + 18}" width="{full:.1f}" height="8"/>'
            f'<rect class="bar-{tone}" x="0" y="{y + 18}" width="{float(value or 0) / most / 1.08 * full:.1f}" height="8"/>'
        )
        if goal is not None:
            at = float(goal) / most / 1.08 * full
            parts.append(f'<path class="target-mark" d="M{at:.1f} {y + 15}v14"/>')
    height = max(len(spec.periods) * row, row)
    return (
        f'<svg class="chart" viewBox="0 0 {spec.width} {height}" role="img" aria-label="{escape(spec.summary(lang))}">'
        + "".join(parts)
        + "</svg>"
    )
