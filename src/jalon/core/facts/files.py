"""Facts from the text of a file: JSON lines, a JSON or YAML list, or {facts: [...]}; every refusal has its line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jalon.core.agreement.problems import AgreementError, Problem
from jalon.core.agreement.reading import read_yaml
from jalon.core.facts.catalogue import KINDS, FactError, read
from jalon.core.facts.corrections import NotCorrected, checked
from jalon.core.facts.model import Fact
from jalon.core.text import _

FUTURE = timedelta(minutes=5)
"""How far the clocks of who records and of who keeps may differ."""


class FactsError(ValueError):
    """A file of facts that cannot be read; carries every problem found, in the order of the file."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


def read_facts(text: str, *, file: str = "", zone: str = "Europe/Paris") -> tuple[Fact, ...]:
    """The facts that `text` says, each once, in the order of the file; FactsError lists every record refused."""
    problems: list[Problem] = []
    facts: dict[str, Fact] = {}
    places: dict[str, tuple[int, int]] = {}
    for line, column, record in _records(text, file):
        where = f"{file or 'line'}:{line}" if file else f"line {line}"
        try:
            fact = read(record, where=where, agreement_zone=zone)
        except FactError as error:
            problems.append(Problem(error.said, file, line, column, error.field, "F"))
            continue
        if _not_yet(fact, ZoneInfo(zone)):
            said = _("This had not happened when it was recorded: “at” is later than “recorded_at”.")
            problems.append(Problem(said, file, line, column, "at", "F"))
            continue
        earlier = facts.setdefault(fact.id, fact)
        places.setdefault(fact.id, (line, column))
        if earlier != fact:
            said = _("The id “%(id)s” is already that of another fact.", id=fact.id)
            problems.append(Problem(said, file, line, column, "id", "F"))
    for fact in facts.values():
        target = facts.get(str(fact.get("target") or ""))
        if fact.kind not in ("fact.corrected", "fact.retracted") or target is None:
            continue
        try:
            checked(fact, target, zone)
        except NotCorrected as error:
            problems.append(Problem(error.said, file, *places[fact.id], error.field, "F"))
    if problems:
        raise FactsError(problems)
    return tuple(facts.values())


def _not_yet(fact: Fact, zone: ZoneInfo) -> bool:
    """Whether a fact was recorded before it happened; a day alone holds all of that day, and a stretch may lie ahead."""
    if KINDS[fact.kind].at == "range" or fact.at <= fact.recorded_at + FUTURE:
        return False
    recorded = fact.recorded_at.astimezone(zone)
    return recorded.time() != time() or recorded.date() != fact.at.astimezone(zone).date()


def _records(text: str, file: str) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
    if _is_json_lines(text):
        yield from _json_lines(text, file)
        return
    try:
        written = read_yaml(text, file=file)
    except AgreementError as error:
        raise FactsError(error.problems) from error
    data, path = written.data, ()
    if isinstance(data, dict) and isinstance(data.get("facts"), list):
        data, path = data["facts"], ("facts",)  # type: ignore[assignment]
    if data is None:
        return
    if not isinstance(data, list):
        raise FactsError(
            [Problem(_("Write the facts as JSON lines, a list, or under “facts:”."), file, 1, 1)]
        )
    for i, record in enumerate(data):
        yield (*written.place((*path, i)), record)


def _is_json_lines(text: str) -> bool:
    first = next((line for line in text.splitlines() if line.strip()), "").strip()
    if not first.startswith("{"):
        return False
    try:
        record = json.loads(first)
    except ValueError:
        return first.startswith('{"') and first.endswith("}")
    return "kind" in record or "facts" not in record


def _json_lines(text: str, file: str) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line, object_pairs_hook=_once)
        except ValueError as error:
            said = _("This line is not a JSON object: %(detail)s.", detail=str(error))
            raise FactsError([Problem(said, file, number, 1)]) from error
        yield number, 1, record


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _value in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError("a key is written twice")
    return dict(pairs)
