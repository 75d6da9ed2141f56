"""From the text of an agreement file to the frozen `Agreement`; whatever stops it is said with its line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from jalon.core.agreement.model import Agreement, CalendarSpec, Clause, Level, Norm, Parameter
from jalon.core.agreement.problems import AgreementError, Problem
from jalon.core.agreement.reading import Path, Written, read_yaml
from jalon.core.text import Bilingual, Text, _
from jalon.core.timekeeping.calendars import NEXT_OPENING, STAY

__all__ = ["AgreementError", "Problem", "parse", "parse_written"]

TOP = {
    "jalon_agreement", "id", "version", "status", "title", "source", "languages", "parties", "effect", "order",
    "calendars", "time", "levels", "level_change", "parameters", "clauses", "norms", "measures", "defined_terms",
}  # fmt: skip
TOP_OPTIONAL = {"supersedes", "law", "jurisdiction", "editorial_notes", "accepted_words"}
STATUSES = ("draft", "published", "superseded", "withdrawn")
ORIGINS = ("text", "law", "default", "order")
MODALITIES = ("obligation", "prohibition", "power", "right", "limitation", "declaration")
KINDS = (
    "one_off", "recurring", "on_event", "before", "continuous", "prohibition", "power", "limitation",
    "declaration", "right",
)  # fmt: skip
DEBTORS = ("provider", "client", "both", "none")
CREDITORS = (*DEBTORS, "indemnified_parties")
STRENGTHS = ("result", "best_efforts")
LANGUAGES = ("fr", "en")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NORM_REQUIRED = ("title", "clause", "modality", "kind", "debtor", "creditor", "measure", "evidence")
NORM_OPTIONAL = (
    "strength", "trigger", "due", "where", "requires", "excused_by", "late", "consequence", "breach_when",
    "suspendable", "if", "if_level", "forbids", "unless", "survives", "quota", "exercised_by", "effect", "ends_with",
    "applies_to", "computes", "not_applied_if", "excludes_heads", "capped", "reduces_to_the_extent_of", "limited_by",
    "sets", "quote",
)  # fmt: skip
NORM_LISTS = (
    "excused_by",
    "consequence",
    "unless",
    "ends_with",
    "applies_to",
    "excludes_heads",
    "limited_by",
)
NORM_MAPPINGS = ("trigger", "due", "where", "requires", "late", "breach_when")
CLAUSE = ("id", "lines", "title", "fr", "en", "norms")
CALENDAR_REQUIRED, CALENDAR_OPTIONAL = (
    ("zone", "open", "holidays", "closures", "from"),
    ("confirm", "law", "clause", "at_closing"),
)
EFFECT = ("incorporated_in", "requires_signatures", "effective", "retroactive", "ends_on", "survives")
_ID = re.compile(r"[a-z0-9-]+")
_VERSION = re.compile(r"\d+\.\d+\.\d+(-[a-z0-9.]+)?")
_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d")


def parse(text: str, *, file: str = "") -> Agreement:
    """The agreement that `text` says; AgreementError carries every structural problem, each with its line."""
    return parse_written(text, file=file)[0]


def parse_written(text: str, *, file: str = "") -> tuple[Agreement, Written]:
    """As `parse`, with the places of the nodes, for the linter."""
    written = read_yaml(text, file=file)
    structure = _Structure(written)
    structure.check()
    if structure.problems:
        raise AgreementError(tuple(sorted(structure.problems, key=lambda p: (p.line, p.column))))
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return _agreement(written.data, digest), written


class _Structure:
    """Rule S0: the keys, types and words that the file may hold."""

    def __init__(self, written: Written) -> None:
        self.written = written
        self.problems: list[Problem] = []

    def refuse(self, path: Path, said: Text, mend: Text | None = None) -> None:
        clause = ""
        if len(path) > 1 and path[0] == "norms":
            norm = self.written.data["norms"].get(path[1])
            clause = str(norm.get("clause", "")) if isinstance(norm, dict) else ""
        self.problems.append(self.written.problem(path, said, mend=mend, clause=clause))

    def check(self) -> None:
        data = self.written.data
        if not isinstance(data, dict):
            self.refuse((), _("An agreement file is a mapping of keys."))
            return
        self.keys((), data, TOP, TOP_OPTIONAL)
        if self.problems:
            return
        self.heading(data)
        for section, one in (("parameters", self.parameter), ("norms", self.norm), ("levels", self.level),
                             ("calendars", self.calendar), ("time", self.mapping), ("measures", self.mapping)):  # fmt: skip
            if self.mapping((section,), data[section]):
                for name, value in data[section].items():
                    if self.mapping((section, name), value):
                        one((section, name), value)
        if self.sequence(("clauses",), data["clauses"]):
            for i, clause in enumerate(data["clauses"]):
                self.clause(("clauses", i), clause)
        for section in ("defined_terms", "editorial_notes"):
            if self.sequence((section,), data.get(section, [])):
                for i, entry in enumerate(data.get(section, [])):
                    self.mapping((section, i), entry)

    def heading(self, data: Mapping[str, Any]) -> None:
        self.one_of(("jalon_agreement",), data["jalon_agreement"], ("1",))
        self.one_of(("status",), data["status"], STATUSES)
        self.bilingual(("title",), data["title"])
        if not _ID.fullmatch(str(data["id"])):
            self.refuse(("id",), _("An id is made of small letters, digits and hyphens."))
        if not _VERSION.fullmatch(str(data["version"])):
            self.refuse(("version",), _("A version is written 2024.1.0 or 2024.1.0-draft.1."))
        for section, names in (
            ("source", ("file", "sha256", "published_on")), ("parties", ("provider", "client")),
            ("effect", EFFECT),
            ("order", ("must_set", "may_set")), ("languages", ("authentic", "translations")), ("level_change", ()),
        ):  # fmt: skip
            if self.mapping((section,), data[section]):
                self.required((section,), data[section], names)
        if isinstance(data["languages"], dict):
            self.one_of(("languages", "authentic"), data["languages"].get("authentic"), LANGUAGES)
        self.sequence(("accepted_words",), data.get("accepted_words", []))
        if isinstance(data["source"], dict):
            self.date(("source", "published_on"), data["source"].get("published_on"))
        for side in ("provider", "client"):
            if isinstance(data["parties"], dict) and self.mapping(
                ("parties", side), data["parties"].get(side)
            ):
                self.sequence(("parties", side, "seats"), data["parties"][side].get("seats"))
        for name in ("must_set", "may_set"):
            if isinstance(data["order"], dict):
                self.sequence(("order", name), data["order"].get(name))

    def parameter(self, path: Path, value: Mapping[str, Any]) -> None:
        self.required(path, value, ("label", "value", "clause", "from"))
        self.one_of((*path, "from"), value.get("from"), ORIGINS)
        self.bilingual((*path, "label"), value.get("label"))
        self.boolean((*path, "confirm"), value.get("confirm", False))

    def norm(self, path: Path, value: Mapping[str, Any]) -> None:
        self.keys(path, value, NORM_REQUIRED, NORM_OPTIONAL)
        self.bilingual((*path, "title"), value.get("title"))
        for name, words in (
            ("modality", MODALITIES),
            ("kind", KINDS),
            ("debtor", DEBTORS),
            ("creditor", CREDITORS),
        ):
            self.one_of((*path, name), value.get(name), words)
        self.one_of((*path, "strength"), value.get("strength", "result"), STRENGTHS)
        self.boolean((*path, "suspendable"), value.get("suspendable", True))
        if self.sequence((*path, "evidence"), value.get("evidence")) and not value["evidence"]:
            self.refuse((*path, "evidence"), _("A norm names at least one kind of fact as evidence."))
        for name in NORM_LISTS:
            if name in value:
                self.sequence((*path, name), value[name])
        for name in NORM_MAPPINGS:
            if name in value:
                self.mapping((*path, name), value[name])
        if "quote" in value:
            self.bilingual((*path, "quote"), value["quote"])
        if isinstance(value.get("late"), dict) and "quote" in value["late"]:
            self.bilingual((*path, "late", "quote"), value["late"]["quote"])

    def level(self, path: Path, value: Mapping[str, Any]) -> None:
        self.keys(path, value, ("name", "includes", "set"), ())
        self.bilingual((*path, "name"), value.get("name"))
        self.sequence((*path, "includes"), value.get("includes"))
        self.mapping((*path, "set"), value.get("set"))

    def calendar(self, path: Path, value: Mapping[str, Any]) -> None:
        self.keys(path, value, CALENDAR_REQUIRED, CALENDAR_OPTIONAL)
        self.sequence((*path, "closures"), value.get("closures"))
        for i, day in enumerate(value.get("closures") or []):
            self.date((*path, "closures", i), day)
        if self.mapping((*path, "holidays"), value.get("holidays")):
            self.required((*path, "holidays"), value["holidays"], ("set", "frozen"))
        if value.get("at_closing", STAY) not in (STAY, NEXT_OPENING):
            self.refuse(
                (*path, "at_closing"),
                _(
                    "“%(value)s” is no rule of what happens at closing time: write stay or next_opening.",
                    value=str(value["at_closing"]),
                ),
            )
        if not self.mapping((*path, "open"), value.get("open")):
            return
        self.keys((*path, "open"), value["open"], (), DAYS)
        for day, spans in value["open"].items():
            if not self.sequence((*path, "open", day), spans):
                continue
            for i, span in enumerate(spans):
                if not _HOURS.fullmatch(str(span)):
                    self.refuse((*path, "open", day, i), _("Opening hours are written 09:00-18:00."))

    def clause(self, path: Path, value: Any) -> None:
        if not self.mapping(path, value):
            return
        self.keys(path, value, CLAUSE, ())
        self.bilingual((*path, "title"), value.get("title"))
        for name in ("id", "fr", "en"):
            if not isinstance(value.get(name), str):
                self.refuse((*path, name), _("This must be a text between quotes."))
        self.sequence((*path, "norms"), value.get("norms"))
        if self.sequence((*path, "lines"), value.get("lines")) and not all(
            isinstance(line, int) for line in value["lines"]
        ):
            self.refuse((*path, "lines"), _("Lines are whole numbers."))

    def keys(
        self, path: Path, value: Mapping[str, Any], required: Iterable[str], optional: Iterable[str]
    ) -> None:
        self.required(path, value, required)
        known = {*required, *optional}
        for name in value:
            if name not in known:
                self.refuse((*path, name), _("“%(name)s” is not a known key here.", name=name),
                            _("Known here: %(names)s.", names=tuple(sorted(known))))  # fmt: skip

    def required(self, path: Path, value: Mapping[str, Any], names: Iterable[str]) -> None:
        for name in sorted(names):
            if name not in value:
                self.refuse(path, _("“%(name)s” is missing.", name=name), _("Add “%(name)s”.", name=name))

    def one_of(self, path: Path, value: Any, words: tuple[str, ...]) -> None:
        if value is not None and value not in words:
            self.refuse(path, _("“%(value)s” is not one of the known words.", value=str(value)),
                        _("Write one of: %(names)s.", names=words))  # fmt: skip

    def mapping(self, path: Path, value: Any) -> bool:
        if not isinstance(value, dict):
            self.refuse(path, _("This must be a mapping of keys."))
        return isinstance(value, dict)

    def sequence(self, path: Path, value: Any) -> bool:
        if not isinstance(value, list):
            self.refuse(path, _("This must be a list."))
        return isinstance(value, list)

    def boolean(self, path: Path, value: Any) -> None:
        if not isinstance(value, bool):
            self.refuse(path, _("This must be true or false."), _("Only true and false are booleans here."))

    def bilingual(self, path: Path, value: Any) -> None:
        if (
            not isinstance(value, dict)
            or set(value) != {"fr", "en"}
            or not all(isinstance(text, str) for text in value.values())
        ):
            self.refuse(path, _("This must be said in both languages."), _("Write {fr: …, en: …}."))

    def date(self, path: Path, value: Any) -> None:
        try:
            date.fromisoformat(str(value))
        except ValueError:
            self.refuse(path, _("“%(value)s” is not a date.", value=str(value)), _("Write it 2024-02-14."))


def _agreement(data: Mapping[str, Any], digest: str) -> Agreement:
    notes = {entry.get("clause", ""): entry for entry in data.get("editorial_notes", [])}
    return Agreement(
        id=data["id"],
        version=data["version"],
        status=data["status"],
        title=_bilingual(data["title"]),
        published_on=date.fromisoformat(str(data["source"]["published_on"])),
        source_sha256=str(data["source"]["sha256"]),
        file_sha256=digest,
        provider_name=str(data["parties"]["provider"].get("name") or ""),
        seats={side: tuple(data["parties"][side]["seats"]) for side in ("provider", "client")},
        clauses=tuple(_clause(entry, notes.get(entry["id"])) for entry in data["clauses"]),
        norms={name: _norm(name, value) for name, value in data["norms"].items()},
        parameters={name: _parameter(name, value) for name, value in data["parameters"].items()},
        levels={
            name: Level(name, _bilingual(value["name"]), frozenset(value["includes"]), value["set"])
            for name, value in data["levels"].items()
        },
        calendars={name: _calendar(name, value) for name, value in data["calendars"].items()},
        time={name: _parameter(name, value) for name, value in data["time"].items()},
        effect=data["effect"],
        order={name: tuple(data["order"][name]) for name in ("must_set", "may_set")},
        level_change=data["level_change"],
        measures=data["measures"],
        defined_terms=tuple(data["defined_terms"]),
        editorial_notes=tuple(data.get("editorial_notes", [])),
        source_file=str(data["source"]["file"]),
        authentic=str(data["languages"]["authentic"]),
        supersedes=str(data.get("supersedes") or ""),
    )


def _bilingual(value: Mapping[str, str]) -> Bilingual:
    return Bilingual(value["fr"], value["en"])


def _clause(entry: Mapping[str, Any], note: Mapping[str, str] | None) -> Clause:
    return Clause(
        id=entry["id"],
        title=_bilingual(entry["title"]),
        text=Bilingual(entry["fr"], entry["en"]),
        norms=tuple(entry["norms"]),
        lines=tuple(entry["lines"]),
        note=note.get("en", "") if note else "",
        remark=_bilingual(note) if note and "fr" in note and "en" in note else None,
    )


def _norm(name: str, value: Mapping[str, Any]) -> Norm:
    return Norm(
        id=name,
        clause=value["clause"],
        modality=value["modality"],
        kind=value["kind"],
        debtor=value["debtor"],
        creditor=value["creditor"],
        title=_bilingual(value["title"]),
        strength=value.get("strength", "result"),
        suspendable=value.get("suspendable", value["modality"] == "obligation"),
        measure=value["measure"],
        evidence=tuple(value["evidence"]),
        spec=value,
        quote=_bilingual(value["quote"]) if "quote" in value else None,
        late_quote=_bilingual(value["late"]["quote"]) if "quote" in value.get("late", {}) else None,
    )


def _parameter(name: str, value: Mapping[str, Any]) -> Parameter:
    own = {"value", "from", "clause", "law", "confirm", "options", "label"}
    label = value.get("label")
    return Parameter(
        name=name,
        value=value.get("value"),
        origin=str(value.get("from", "default")),
        clause=str(value.get("clause", "")),
        law=str(value.get("law", "")),
        confirm=bool(value.get("confirm", False)),
        options=tuple(value.get("options", ())),
        extra={key: entry for key, entry in value.items() if key not in own} or None,
        label=_bilingual(label) if isinstance(label, dict) else None,
    )


def _calendar(name: str, value: Mapping[str, Any]) -> CalendarSpec:
    return CalendarSpec(
        id=name,
        zone=str(value["zone"]),
        open={day: tuple(_span(span) for span in spans) for day, spans in value["open"].items()},
        holidays=str(value["holidays"]["set"]),
        good_friday=bool(value["holidays"].get("good_friday", False)),
        closures=tuple(date.fromisoformat(str(day)) for day in value["closures"]),
        origin=str(value["from"]),
        law=str(value["holidays"].get("law", "")),
        confirm=bool(value.get("confirm", False)),
        at_closing=str(value.get("at_closing", STAY)),
    )


def _span(written: str) -> tuple[str, str]:
    start, _dash, end = written.partition("-")
    return start, end
