"""The surveyor's pole: one drawing for each state, tall in figures and short beside a word."""

from __future__ import annotations

from html import escape

from jalon.core.obligations import State
from jalon.wording import states

_SIZES = {
    "tall": (4, 8, 5, 52),
    "short": (1, 5, 3, 22),
}  # top, height of a band, number of bands, height of the tip
HATCH = (
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path d="M.5 0v6" class="hatch-line"/></pattern>'
)  # fmt: skip
TALL = 52


def shape(state: State | str) -> str:
    """The name of the drawing of a state: "met-late"."""
    return states.look(state).shape


def _drawings(top: int, band: int, count: int, tip: int) -> dict[str, str]:
    foot = top + band * count
    tall = count == 5
    body = f"M3 {top}h7v{band * count}L6.5 {tip}L3 {foot}z"
    cuts = "".join(f"M3 {top + band * k}h7" for k in range(1, count))
    middle = top + band * count / 2
    wide = 12 if tall else 10
    collar = (
        f'<path d="M{6.5 - wide / 2:g} {top + band + 0.6:g}h{wide}v{band - 1.2:g}h-{wide}z" class="p-late"/>'
    )
    flag = (
        f'<path d="M10 {top}l6.5 3.75l-6.5 3.75z" class="p-late"/>'
        if tall
        else f'<path d="M10 {top}l4.5 2.5l-4.5 2.5z" class="p-late"/>'
    )
    hollow = "".join(
        f'<rect x="4.1" y="{top + band * k}" width="4.8" height="{band}" class="p-hollow"/>'
        for k in range(1, count - 1, 2)
    )
    arrow = (
        f"M6.5 {top + 6}V{foot - 1}m-2.2 -3l2.2 3l2.2 -3"
        if tall
        else f"M6.5 {top + 3}V{foot}m-2 -2.6l2 2.6l2 -2.6"
    )
    cross = f"M1.5 {middle - 5:g}l10 10m0 -10l-10 10"
    # Two bars need two bands: the short pole has its own.
    bars = ((top + band, band), (top + 3 * band, band)) if tall else ((top + 2.5, 3), (top + 9.5, 3))
    paused = "".join(
        f'<rect x="3" y="{y:g}" width="7" height="{high:g}" class="p-paused-bar"/>' for y, high in bars
    )
    strike = f'<path d="M1.5 {middle + 3:g}l10 -6" class="p-strike"/>'
    level = f'<path d="M0.5 {middle:g}h12" class="p-strike"/>'
    return {
        "open": f'<path d="{body}" class="p-open"/><path d="{cuts}" class="p-cut-open"/>',
        "not-yet": f'<path d="{body}" class="p-faint"/>',
        "kept": f'<path d="{body}" class="p-met"/>',
        "met": f'<path d="{body}" class="p-met"/><path d="{cuts}" class="p-cut"/>',
        "met-late": f'<path d="{body}" class="p-met"/><path d="{cuts}" class="p-cut"/>{collar}',
        "overdue": f'<path d="{body}" class="p-late"/>{hollow}{flag}',
        "missed": f'<path d="{body}" class="p-missed"/><path d="{cross}" class="p-cross-halo"/><path d="{cross}" class="p-cross"/>',
        "paused": f'<path d="{body}" class="p-paused"/>{paused}',
        "excused": f'<path d="{body}" class="p-excused"/><path d="{arrow}" class="p-excused-line"/>',
        "unconfirmed": f'<path d="{body}" class="p-dashed"/>',
        "cancelled": f'<path d="{body}" class="p-faint"/>{strike}',
        "waived": f'<path d="{body}" class="p-faint"/>{level}',
    }


def symbols() -> str:
    """Every pole as a <symbol>, and the hatch of suspended time: once a page, or once a drawing on paper."""
    drawn = [
        f'<symbol id="{size}-{name}" viewBox="0 0 14 {sizes[3]}" overflow="visible">{marks}</symbol>'
        for size, sizes in _SIZES.items()
        for name, marks in _drawings(*sizes).items()
    ]
    return "".join(drawn) + HATCH


def tall(state: State | str) -> str:
    """The marks of a tall pole, 14 x 52, for drawings that stand alone."""
    return _drawings(*_SIZES["tall"])[shape(state)]


def pole(state: State | str, *, size: str = "short", said: bool = False, extra: str = "") -> str:
    """A small pole as an inline SVG; `said` gives it a name for readers who do not see it (else a word stands beside)."""
    high = _SIZES[size][3]
    name = f'role="img" aria-label="{escape(states.label(state))}"' if said else 'aria-hidden="true"'
    classes = f"pole {extra}".strip()
    return (
        f'<svg class="{classes}" viewBox="0 0 14 {high}" width="14" height="{high}" {name}>'
        f'<use href="#{size}-{shape(state)}" width="14" height="{high}"/></svg>'
    )  # fmt: skip
