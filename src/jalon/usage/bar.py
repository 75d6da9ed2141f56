"""A progress bar for a terminal; nothing where the output is not one."""

from __future__ import annotations

import sys
from collections.abc import Callable

WIDTH = 30


def bar(name: str) -> Callable[[float], None]:
    """What draws the share that is done (0 to 1) on the error output, over itself, and ends the line at 1."""
    if not sys.stderr.isatty():
        return lambda share: None

    def draw(share: float) -> None:
        full = round(share * WIDTH)
        end = "\n" if share >= 1 else ""
        sys.stderr.write(f"\r{name} [{'█' * full}{'·' * (WIDTH - full)}] {share:4.0%}{end}")
        sys.stderr.flush()

    return draw
