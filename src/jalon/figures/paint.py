"""Classes for the page, colours for paper: a drawing made for the web, painted so that it stands without a style sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """The colours of a drawing on paper: those of the light theme."""

    ground: str = "#ffffff"
    press: str = "#edede8"
    ink: str = "#15181e"
    ink_2: str = "#4d535e"
    ink_3: str = "#636974"
    rule: str = "#e6e5e0"
    rule_strong: str = "#c9c8c1"
    late: str = "#c83210"
    late_fill: str = "#d93b17"
    late_tint: str = "#fdf0ec"
    met: str = "#17744a"
    paused: str = "#8f5b00"
    paused_bar: str = "#e3a10c"
    excused: str = "#5f45c2"
    excused_tint: str = "#f2effc"
    font: str = "Inter"


PAPER = Palette()

_TEXT = 'font-family="{font}" font-size="11" fill="{%s}"'
_STRONG = _TEXT + ' font-weight="600"'
_STROKE = 'fill="none" stroke="{%s}"'
_RULES: Mapping[str, str] = {
    "p-open": 'fill="{ground}" stroke="{ink_2}" stroke-width="1.2"',
    "p-cut-open": 'fill="none" stroke="{ink_2}" stroke-width="1" stroke-opacity="0.45"',
    "p-met": 'fill="{met}"',
    "p-late": 'fill="{late_fill}"',
    "p-cut": 'fill="none" stroke="{ground}" stroke-width="1.2"',
    "p-hollow": 'fill="{ground}"',
    "p-missed": 'fill="{late_tint}" stroke="{late_fill}" stroke-width="1.2"',
    "p-cross": 'fill="none" stroke="{late_fill}" stroke-width="2" stroke-linecap="square"',
    "p-cross-halo": 'fill="none" stroke="{ground}" stroke-width="4" stroke-linecap="square"',
    "p-paused": 'fill="{ground}" stroke="{paused}" stroke-width="1.2"',
    "p-paused-bar": 'fill="{paused_bar}" stroke="{paused}" stroke-width="1"',
    "p-excused": 'fill="{ground}" stroke="{excused}" stroke-width="1.4"',
    "p-excused-line": 'fill="none" stroke="{excused}" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round"',
    "p-dashed": 'fill="{ground}" stroke="{ink}" stroke-width="1.2" stroke-dasharray="2.6 2"',
    "p-faint": 'fill="{ground}" stroke="{ink_3}" stroke-width="1" stroke-dasharray="1 1.6"',
    "p-strike": 'fill="none" stroke="{ink_3}" stroke-width="1.4" stroke-linecap="round"',
    "hatch-line": _STROKE % "rule_strong",
    "tape-past": 'fill="{press}"',
    "tape-edge": _STROKE % "rule_strong",
    "tape-cut": _STROKE % "rule_strong",
    "tape-week": _STROKE % "rule_strong",
    "tape-month": _TEXT % "ink_2",
    "tape-near": 'fill="none" stroke="{ink_3}"',
    "now": 'fill="none" stroke="{ink}" stroke-width="1"',
    "now-tag": 'fill="{ink}"',
    "now-word": _STRONG % "ground",
    "pole-no": 'font-family="{font}" font-size="9" fill="{ink_2}"',
    "label": _TEXT % "ink_2",
    "label-overdue": _STRONG % "late",
    "label-missed": _STRONG % "late",
    "label-excused": _STRONG % "excused",
    "label-moved": _STRONG % "excused",
    "label-paused": _STRONG % "paused",
    "leader": _STROKE % "rule_strong",
    "tail": 'fill="none" stroke="{late_fill}" stroke-width="3"',
    "tail-end": 'fill="{met}" stroke="{ground}" stroke-width="1"',
    "halt": 'fill="url(#hatch)"',
    "halt-edge": 'fill="none" stroke="{rule_strong}" stroke-dasharray="2 3"',
    "halt-word": _TEXT % "ink_3",
    "because": 'fill="none" stroke="{excused}" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round"',
    "moved": 'fill="none" stroke="{excused}" stroke-width="3"',
    "moved-end": 'fill="{ground}" stroke="{excused}" stroke-width="1.4"',
    "chart-grid": _STROKE % "rule",
    "chart-base": _STROKE % "rule_strong",
    "chart-month": _STROKE % "rule_strong",
    "chart-tick": _TEXT % "ink_3",
    "chart-line": 'fill="none" stroke="{ink}" stroke-width="1.75" stroke-linejoin="round"',
    "chart-line-second": 'fill="none" stroke="{ink_3}" stroke-width="1.5" stroke-linejoin="round" stroke-dasharray="4 2"',
    "chart-dot": 'fill="{ink}" stroke="{ground}" stroke-width="2"',
    "chart-target": _STRONG % "ink_2",
    "chart-name": _TEXT % "ink_2",
    "bar-ink": 'fill="{ink_2}"',
    "bar-second": 'fill="{rule_strong}"',
    "bar-met": 'fill="{met}"',
    "bar-late": 'fill="{late_fill}"',
    "bar-track": 'fill="{press}"',
    "target-mark": 'fill="none" stroke="{ink}" stroke-width="2"',
    "sight": 'fill="none" stroke="{ink_3}" stroke-dasharray="1.5 3" stroke-linecap="round"',
    "touch": 'fill="none"',  # the finger's room: nothing is drawn
    "picked": 'fill="none"',
    "stake": 'fill="{ground}" stroke="{ink_2}" stroke-width="1"',
    "stake-band": 'fill="{ink_2}"',
}
_FRAMES = frozenset({"line", "chart"})
"""Classes of whole drawings, which have no colour of their own."""
_CLASS = re.compile(r' class="([^"]*)"')
_ANCHOR = re.compile(r"</?a\b[^>]*>")


def painted(svg: str, palette: Palette, *, defs: str = "") -> str:
    """`svg` with colours in attributes and without links; the last of an element's known classes decides."""

    def attributes(found: re.Match[str]) -> str:
        names = found[1].split()
        known = [name for name in names if name in _RULES]
        if not known and not _FRAMES & set(names):
            raise KeyError(f"no colour on paper for class {found[1]}")  # else it would be printed black
        return " " + _RULES[known[-1]].format(**vars(palette)) if known else ""

    alone = _ANCHOR.sub("", svg)
    head, _, rest = alone.partition(">")
    if 'xmlns="' not in head:
        head = head.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return _CLASS.sub(attributes, f"{head}><defs>{defs}</defs>{rest}" if defs else f"{head}>{rest}")
