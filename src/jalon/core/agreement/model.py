"""The model of one version of an agreement, as its YAML file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jalon.core.text import Bilingual


@dataclass(frozen=True)
class Clause:
    """A numbered unit of the text: the French is authentic, word for word."""

    id: str
    title: Bilingual
    text: Bilingual
    norms: tuple[str, ...]
    lines: tuple[int, ...]
    note: str = ""
    remark: Bilingual | None = None  # a defect of the source text, said beside it


@dataclass(frozen=True)
class Parameter:
    """One number or choice that the machine needs, with where it comes from."""

    name: str
    value: Any
    origin: str  # text | law | default
    clause: str = ""
    law: str = ""
    confirm: bool = False
    options: tuple[Any, ...] = ()
    extra: Mapping[str, Any] | None = None  # per, within, max, floor, currency, after, ...
    label: Bilingual | None = None


@dataclass(frozen=True)
class Norm:
    """A rule tied to one clause; `spec` keeps the file's own words for the module of its kind to read."""

    id: str
    clause: str
    modality: str  # obligation | prohibition | power | right | limitation | declaration
    kind: str  # one_off | recurring | on_event | before | continuous | prohibition | power | limitation | declaration | right
    debtor: str
    creditor: str
    title: Bilingual  # "Revue mensuelle": what people call the promise
    strength: str = "result"
    suspendable: bool = True
    measure: str | None = None
    evidence: tuple[str, ...] = ()
    spec: Mapping[str, Any] | None = None
    quote: Bilingual | None = None  # the words of its clause that found it; None: the whole clause does
    late_quote: Bilingual | None = None  # the words that found what its lateness does to the other side


@dataclass(frozen=True)
class Level:
    """A level of support: what it includes and the parameters it sets."""

    id: str
    name: Bilingual
    includes: frozenset[str]
    sets: Mapping[str, Any]


@dataclass(frozen=True)
class CalendarSpec:
    """Opening hours, holidays and closures, as written; `core.timekeeping` makes a calendar of it."""

    id: str
    zone: str
    open: Mapping[str, tuple[tuple[str, str], ...]]  # mon -> (("09:00", "18:00"),)
    holidays: str  # FR-metropole | FR-alsace-moselle | ...
    good_friday: bool
    closures: tuple[date, ...]
    origin: str = "default"  # text | law | default
    law: str = ""  # the statute of the holidays
    at_closing: str = "stay"  # an end that falls exactly at closing time: stay | next_opening
    confirm: bool = False


@dataclass(frozen=True)
class Agreement:
    """One version of an agreement, immutable once published."""

    id: str
    version: str
    status: str
    title: Bilingual
    published_on: date
    source_sha256: str
    file_sha256: str
    provider_name: str
    seats: Mapping[str, tuple[str, ...]]  # provider -> (csm, ...)
    clauses: tuple[Clause, ...]
    norms: Mapping[str, Norm]
    parameters: Mapping[str, Parameter]
    levels: Mapping[str, Level]
    calendars: Mapping[str, CalendarSpec]
    time: Mapping[str, Parameter]
    effect: Mapping[str, Any]
    order: Mapping[str, tuple[str, ...]]
    level_change: Mapping[str, Any]
    measures: Mapping[str, Mapping[str, Any]]
    defined_terms: tuple[Mapping[str, Any], ...]
    editorial_notes: tuple[Mapping[str, str], ...]
    source_file: str = ""  # beside the agreement file: the text that was signed
    authentic: str = "fr"  # the language of the text that was signed
    supersedes: str = ""  # the version before this one

    def clause(self, clause_id: str) -> Clause:
        """The clause numbered `clause_id`; KeyError when the text has none."""
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)

    def founding(self, norm: Norm) -> Bilingual:
        """The words of the clause that found a norm: those that it quotes, else the whole clause."""
        return norm.quote or self.clause(norm.clause).text
