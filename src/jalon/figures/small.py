"""Small figures of a table's cell: a trend, the shortfall of both sides, one small pole a client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from jalon.core.obligations import State
from jalon.figures import poles

WORST = 0.5
"""The shortfall that fills a side of `shortfalls`: more than half not kept is drawn as half."""


def spark(values: Sequence[float | None], *, width: int = 72, height: int = 22) -> SafeString:
    """A trend without axis, the last figure dotted; never drawn steeper than a fifth of its level deserves."""
    known = [(k, float(v)) for k, v in enumerate(values) if v is not None]
    if not known:
        return SafeString("")
    low, high = min(v for _, v in known), max(v for _, v in known)
    half = max((high - low) * 0.6, high * 0.2, 0.5)
    middle = (low + high) / 2
    last = max(len(values) - 1, 1)
    points = [
        (k / last * (width - 6) + 2, height - 3 - (v - middle + half) / (2 * half) * (height - 6))
        for k, v in known
    ]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    x, y = points[-1]
    return format_html(
        '<svg class="spark" viewBox="0 0 {0} {1}" width="{0}" height="{1}" aria-hidden="true"><path class="spark-base" d="M0 {2}H{0}"/>'
        '<path class="spark-line" d="M{3}"/><circle class="spark-dot" cx="{4}" cy="{5}" r="2"/></svg>',
        width, height, height - 0.5, path, f"{x:.1f}", f"{y:.1f}",
    )  # fmt: skip


def shortfalls(ours: tuple[int, int], theirs: tuple[int, int], *, wide: int = 46) -> SafeString:
    """What was not kept, from one axis: ours to the left, theirs to the right. Nothing drawn is everything kept.

    A pair is (kept in time, judged). Nearly all are kept, so the shortfall is drawn and the rest is left empty.
    """
    bars = []
    for (kept, judged), left in ((ours, True), (theirs, False)):
        edge = wide if left else wide + 5
        if not judged:
            continue
        missing = min((judged - kept) / judged / WORST, 1.0) * wide
        if missing:
            bars.append(
                f'<rect class="short-bar" x="{edge - missing if left else edge:.1f}" y="4" width="{max(missing, 2):.1f}" height="6"/>'
            )
        else:
            bars.append(
                f'<rect class="short-none" x="{edge - 3 if left else edge}" y="4" width="3" height="6"/>'
            )
    total = 2 * wide + 5
    return mark_safe(
        f'<svg class="short" viewBox="0 0 {total} 14" width="{total}" height="14" aria-hidden="true">'
        f'<path class="short-track" d="M0 7H{wide}M{wide + 5} 7H{total}"/>{"".join(bars)}<path class="kept-axis" d="M{wide + 2.5} 0v14"/></svg>'
    )


UNITS = (
    State.MET,
    State.KEPT,
    State.MET_LATE,
    State.CURED,
    State.OPEN,
    State.UNCONFIRMED,
    State.PAUSED,
    State.EXCUSED,
    State.WAIVED,
    State.CANCELLED,
    State.BREACHED,
    State.OVERDUE,
    State.MISSED,
)


def units(counts: Mapping[str, int], *, label: str, most: int = 60) -> SafeString:
    """One small pole a client, the kept first; above `most` of them, each pole stands for several."""
    total = sum(counts.get(state, 0) for state in UNITS)
    each = max(1, -(-total // most))
    drawn = [state for state in UNITS for _ in range(-(-counts.get(state, 0) // each))]
    uses = "".join(
        f'<use href="#short-{poles.shape(state)}" x="{k * 12}" width="12" height="19"/>'
        for k, state in enumerate(drawn)
    )
    wide = max(len(drawn), 1) * 12
    return format_html(
        '<svg class="units" viewBox="0 0 {0} 19" width="{0}" height="19" role="img" aria-label="{1}">{2}</svg>',
        wide,
        label,
        mark_safe(uses),
    )
