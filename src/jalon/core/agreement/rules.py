"""The rules of the linter: each says what it wants, why, and how to mend what breaks it; the reference page is made from them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from jalon.core.agreement.model import Agreement
from jalon.core.agreement.problems import Problem
from jalon.core.agreement.reading import Path, Written
from jalon.core.text import Text, _

Spelling = Callable[[str, str], bool]
"""Whether a word (first) is one of a language (second: "fr" or "en"); a dictionary that the caller brings."""


@dataclass(frozen=True)
class Subject:
    """A file under examination, with what the caller has at hand beside it."""

    agreement: Agreement
    written: Written
    source: str | None = None  # the text that was signed
    before: Agreement | None = None  # the version that this one supersedes
    spelled: Spelling | None = None

    @property
    def data(self) -> dict[str, Any]:
        """The file as plain data."""
        found: dict[str, Any] = self.written.data
        return found

    @property
    def authentic(self) -> str:
        """The language of the text that was signed."""
        return self.agreement.authentic

    @property
    def translation(self) -> str:
        """The other language."""
        return "en" if self.authentic == "fr" else "fr"

    def clause_at(self, path: Path) -> str:
        """The clause that a place of the file is about; empty where it is about none."""
        if len(path) < 2:
            return ""
        match path[0]:
            case "norms":
                return self.agreement.norms[str(path[1])].clause
            case "parameters":
                return self.agreement.parameters[str(path[1])].clause
            case "clauses" if isinstance(path[1], int):
                return self.agreement.clauses[path[1]].id
            case "editorial_notes" if isinstance(path[1], int):
                return str(self.agreement.editorial_notes[path[1]].get("clause", ""))
        return ""


@dataclass(frozen=True)
class Found:
    """A place that breaks a rule; `mend` where the rule's own advice can be made more exact."""

    path: Path
    said: Text
    mend: Text | None = None
    severity: str = ""  # empty: the rule's


Look = Callable[[Subject], Iterator[Found]]


@dataclass(frozen=True)
class Rule:
    """One rule. `look` is None where reading the file already holds it (Y1 to S0)."""

    id: str
    what: Text
    why: Text
    mend: Text
    severity: str = "error"
    look: Look | None = None


RULES: dict[str, Rule] = {}
"""Every rule by its identifier, in the order in which they are read."""


def rule(id: str, what: Text, why: Text, mend: Text, severity: str = "error") -> Callable[[Look], Look]:
    """Register the function that finds what breaks the rule `id`."""

    def register(look: Look) -> Look:
        RULES[id] = Rule(id, what, why, mend, severity, look)
        return look

    return register


def problems(subject: Subject) -> Iterator[Problem]:
    """Everything that breaks a rule, rule after rule."""
    for one in RULES.values():
        for found in one.look(subject) if one.look else ():
            yield subject.written.problem(
                found.path, found.said, rule=one.id, severity=found.severity or one.severity,
                mend=found.mend or one.mend, clause=subject.clause_at(found.path),
            )  # fmt: skip


def _held_by_reading(id: str, what: Text, why: Text, mend: Text) -> None:
    RULES[id] = Rule(id, what, why, mend)


_held_by_reading(
    "Y1", _("Every key is written once."),
    _("Of two equal keys, YAML silently keeps the last: one number would be lost."), _("Keep one of the two."),
)  # fmt: skip
_held_by_reading(
    "Y2", _("No anchor, no alias, no tag."),
    _("What a clause says stands where it is read; a tag could run code."), _("Write the value out where it is needed."),
)  # fmt: skip
_held_by_reading(
    "Y3", _("The file is UTF-8, in Unicode’s composed form (NFC)."),
    _("Two spellings of the same é would be two different texts, with two hashes."),
    _("Save the file again as UTF-8, normalised to NFC."),
)  # fmt: skip
_held_by_reading(
    "S0", _("The file has the shape that the JSON Schema describes: keys, types, known words."),
    _("An unknown key is a rule that nobody runs."), _("Let your editor check against agreements/agreement.schema.json."),
)  # fmt: skip


def leaves(path: Path, value: Any, *, but: Collection[str] = ()) -> Iterator[tuple[Path, str]]:
    """Every text under `path`, with its place; what stands under a key of `but` is left out."""
    if isinstance(value, dict):
        for key, entry in value.items():
            if key not in but:
                yield from leaves((*path, key), entry, but=but)
    elif isinstance(value, list):
        for i, entry in enumerate(value):
            yield from leaves((*path, i), entry, but=but)
    elif isinstance(value, str):
        yield path, value
