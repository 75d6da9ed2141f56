"""Invariants 1 and 3, read off the sources: the core is pure, one reader of the clock, no number of the agreement in code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "src" / "jalon"
FORBIDDEN = {
    "django",
    "os",
    "io",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "time",
    "urllib",
    "requests",
}
CLOCKS = re.compile(r"(datetime\.now|date\.today|datetime\.today|timezone\.now|time\.time)\(")


def imported(file: Path) -> set[str]:
    """The top packages that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_the_core_touches_nothing_outside():
    for file in (PACKAGE / "core").rglob("*.py"):
        assert not imported(file) & FORBIDDEN, file


def test_only_the_clock_reads_the_time():
    readers = [
        str(f.relative_to(PACKAGE))
        for f in PACKAGE.rglob("*.py")
        if CLOCKS.search(f.read_text(encoding="utf-8"))
    ]
    assert readers == ["config/clock.py"]


def test_no_term_of_an_agreement_is_written_in_code():
    term = re.compile(r"[\"']P(?:T?\d+(?:WH|BD|D|M|H|Y))[\"']")
    written = {
        f"{file.relative_to(PACKAGE)}: {found}"
        for folder in ("core/norms", "ledger", "workspace", "portal", "documents", "usage")
        for file in (PACKAGE / folder).rglob("*.py")
        for found in term.findall(file.read_text(encoding="utf-8"))
    }
    # The two qualifiers of a parameter that a file may leave out: `within` of a new offer, `per` of a quota.
    assert written <= {'core/norms/excuses.py: "P5BD"', 'core/norms/rights.py: "P3M"'}
