"""Runs a guide: its commands as typed, its edits as written; so that a guide cannot say what the program does not do.

Blocks of the guide: ```console (`$ command`, then what it prints; a line `…` stands for any lines), ```diff FILE
(lines to take away and to put in their place), ```yaml FILE (a whole file to write). Other blocks are only read.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(?P<kind>\w+)(?: (?P<file>\S+))?\n(?P<body>.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Step:
    """One block of a guide that does something, and the line on which it starts."""

    kind: str
    file: str
    body: str
    line: int


def steps(guide: str) -> Iterator[Step]:
    """The blocks that do something, in order."""
    for found in _BLOCK.finditer(guide):
        line = guide.count("\n", 0, found.start()) + 1
        if found["kind"] == "console" or (found["kind"] in ("diff", "yaml") and found["file"]):
            yield Step(found["kind"], found["file"] or "", found["body"], line)


def commands(body: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block, with what it must print."""
    for part in re.split(r"^\$ ", body, flags=re.M)[1:]:
        command, _end, printed = part.partition("\n")
        yield command, printed


def edit(folder: Path, step: Step) -> None:
    """Write the file, or replace the lines; AssertionError where the file does not say what the guide takes away."""
    file = folder / step.file
    if step.kind == "yaml":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(step.body, encoding="utf-8")
        return
    text = file.read_text(encoding="utf-8")
    for old, new in _hunks(step.body):
        if old not in text:  # a part of a line
            old, new = old.removesuffix("\n"), new.removesuffix("\n")
        assert old in text, f"line {step.line} of the guide: {step.file} does not say\n{old}"
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")


def _hunks(body: str) -> Iterator[tuple[str, str]]:
    """Old and new text of each run of lines; lines without a sign are context. A line `@@` starts another run."""
    for hunk in re.split(r"^@@\n", body, flags=re.M):
        lines = [(line[:1], line[1:]) for line in hunk.split("\n") if line]
        if lines:
            yield (
                "".join(f"{text}\n" for sign, text in lines if sign != "+"),
                "".join(f"{text}\n" for sign, text in lines if sign != "-"),
            )


def run(folder: Path, command: str, jalon: Callable[[list[str]], str]) -> str:
    """What a command prints; `cp -r` and `jalon` are known."""
    words = shlex.split(command)
    if words[:2] == ["cp", "-r"]:
        shutil.copytree(folder / words[2], folder / words[3])
        return ""
    assert words[0] == "jalon", command
    return jalon(words[1:])


def agrees(printed: str, wanted: str) -> bool:
    """Whether what was printed is what the guide shows; `…` alone on a line stands for any lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "…" else re.escape(line) + r"\n"
        for line in wanted.rstrip("\n").split("\n")
        if wanted.strip()
    )
    return re.fullmatch(pattern, printed) is not None
