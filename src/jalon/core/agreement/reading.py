"""Hardened YAML: plain values only, every key once, and the line of every node."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from jalon.core.agreement.problems import AgreementError, Problem
from jalon.core.text import Text, _

Path = tuple[str | int, ...]

_INTEGER = re.compile(r"[-+]?(0|[1-9]\d*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9]\d*)\.\d+")
_DEEPEST = 40
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there


@dataclass(frozen=True)
class Written:
    """What a YAML text says: plain data (dates stay strings, decimals are Decimal), and the place of every node."""

    data: Any
    places: Mapping[Path, tuple[int, int]]
    file: str = ""

    def place(self, path: Path) -> tuple[int, int]:
        """Line and column of `path`, or of its nearest known parent."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def problem(self, path: Path, said: Text, *, rule: str = "S0", **more: Any) -> Problem:
        """A problem at `path`."""
        line, column = self.place(path)
        return Problem(said, self.file, line, column, ".".join(map(str, path)), rule, **more)


def read_yaml(text: str, *, file: str = "") -> Written:
    """The plain data of `text`; AgreementError lists duplicate keys, anchors, tags, and text that is not NFC or YAML."""
    problems = list(_forbidden(text, file))
    if problems:
        raise AgreementError(tuple(problems))
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except (yaml.YAMLError, RecursionError) as error:
        raise AgreementError((_broken(error, file),)) from error
    places: dict[Path, tuple[int, int]] = {}
    data = _plain(root, (), places, problems, file) if root is not None else None
    if problems:
        raise AgreementError(tuple(problems))
    return Written(data, places, file)


def _forbidden(text: str, file: str) -> Iterator[Problem]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not unicodedata.is_normalized("NFC", line):
            yield Problem(
                _("This line is not in Unicode's composed form (NFC)."), file, number, 1, "", "Y3",
                mend=_("Save the file again as UTF-8, normalised to NFC."),
            )  # fmt: skip
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            yield from _forbidden_event(event, file)
    except yaml.YAMLError as error:
        yield _broken(error, file)


def _forbidden_event(event: Any, file: str) -> Iterator[Problem]:
    mark = event.start_mark
    where = (file, mark.line + 1, mark.column + 1, "")
    if getattr(event, "anchor", None):
        yield Problem(
            _("Anchors and aliases (& and *) are not allowed: “%(name)s”.", name=str(event.anchor)), *where, "Y2",
            mend=_("Write the value out where it is needed."),
        )  # fmt: skip
    if getattr(event, "tag", None) and event.tag != "!":
        yield Problem(
            _("Tags are not allowed: “%(name)s”.", name=str(event.tag)), *where, "Y2",
            mend=_("Remove the tag; put the value between quotes if it must stay text."),
        )  # fmt: skip


def _broken(error: Exception, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    detail = str(getattr(error, "problem", None) or getattr(error, "reason", None) or type(error).__name__)
    return Problem(
        _("This is not readable as YAML: %(detail)s.", detail=detail), file, line, column, "", "S0",
        mend=_("Check the indentation, the quotes and the colons around this line."),
    )  # fmt: skip


def _plain(
    node: Node, path: Path, places: dict[Path, tuple[int, int]], problems: list[Problem], file: str
) -> Any:
    places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if len(path) > _DEEPEST:
        problems.append(Problem(_("This is nested too deeply."), file, *places[path], rule="S0"))
        return None
    if isinstance(node, ScalarNode):
        return _scalar(node)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, i), places, problems, file) for i, item in enumerate(node.value)]
    assert isinstance(node, MappingNode)
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
        if not isinstance(key_node, ScalarNode):
            problems.append(Problem(_("A key must be a word."), file, line, column, ".".join(map(str, path))))
            continue
        key = key_node.value
        if key in found:
            problems.append(Problem(
                _("The key “%(key)s” is written twice.", key=key), file, line, column,
                ".".join(map(str, (*path, key))), "Y1", mend=_("Keep one of the two; the first is on line %(line)s.",
                                                               line=places[(*path, key)][0]),
            ))  # fmt: skip
            continue
        places[(*path, key)] = (line, column)
        found[key] = _plain(value_node, (*path, key), places, problems, file)
    return found


def _scalar(node: ScalarNode) -> Any:
    written: str = node.value
    if node.style:  # quoted, or a block: always text
        return written
    if written in ("", "~", "null"):
        return None
    if written in ("true", "false"):
        return written == "true"
    if _INTEGER.fullmatch(written):
        return int(written)
    if _DECIMAL.fullmatch(written):
        return Decimal(written)
    return written
