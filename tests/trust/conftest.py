"""Figures of the longer proofs, written by the run itself into docs/proof.md."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

FIGURES: list[tuple[str, str]] = []


@pytest.fixture
def proven() -> Callable[[str, object], None]:
    """`proven(what, figure)`: a line of docs/proof.md."""
    return lambda what, figure: FIGURES.append((what, str(figure)))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the page, when asked to; a run that failed says so in it."""
    place = os.environ.get("JALON_PROOF")
    if not place or not FIGURES:
        return
    lines = [
        "# What was proven, by the run itself",
        "",
        "Written by `make trust`. Faults are real: `kill -9` of real processes, real files, real databases.",
        "",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} cores. "
        f"{session.testscollected} tests, {session.testsfailed} failed.",
        "",
        "| what | figure |",
        "|---|---|",
        *(f"| {what} | {figure} |" for what, figure in FIGURES),
        "",
        "Not shown by any of this: a power cut on a disk that lies about writing, an operator who reads what he holds, the weight of the evidence in court.",
        "",
    ]
    Path(place).write_text("\n".join(lines), encoding="utf-8")
