"""A fact, and what a kind of fact must say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from jalon.core.obligations import Side
from jalon.core.text import Text


@dataclass(frozen=True)
class Fact:
    """One line of the ledger: something that happened (`at`), and when it was recorded (`recorded_at`). Never edited.

    `at` is an aware instant; kinds that happen on a day or over a range carry local midnight of the first day, and
    the days themselves in `fields`. `fields` are those of the kind, as JSON values (dates and instants as ISO strings).
    """

    id: str
    kind: str
    at: datetime
    recorded_at: datetime
    side: Side
    recorded_by: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    source: str = "import"  # ui | portal | email | ical | import | api | engine
    visibility: str = "both"  # both | provider | client
    evidence: tuple[Mapping[str, str], ...] = ()
    idempotency_key: str = ""

    def get(self, name: str, default: Any = None) -> Any:
        """The field `name`, or `default`."""
        return self.fields.get(name, default)


class FieldType(StrEnum):
    """How a field is checked and which form control records it."""

    TEXT = "text"  # one line
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    INTEGER = "integer"
    DECIMAL = "decimal"  # money: a string of at most two decimals, never a float
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"
    TERM = "term"
    PERSON = "person"  # an id of a contact or of a member of staff
    PEOPLE = "people"  # a list of them
    REF = "ref"  # the identifier of another thing: a request, an invoice, a fact
    WORDS = "words"  # a list of short strings: topics, items
    DAYS = "days"  # a list of days: holidays
    SHA256 = "sha256"
    CURRENCY = "currency"
    LINES = "lines"  # invoice lines: a list of {service, label, ht, vat}
    OBJECTIVES = "objectives"  # a list of {id, name, metric, baseline, target, date, owner_provider, owner_client, source}
    SLOTS = "slots"  # a list of {start, end}
    MAPPING = "mapping"  # free keys: overrides of an order


@dataclass(frozen=True)
class Field:
    """One field of a kind of fact."""

    name: str
    type: FieldType
    label: Text
    required: bool = False  # without it the fact means nothing: refused wherever it comes from
    required_to_record: bool = (
        False  # what its clause asks of whoever records it now; a file of the past may lack it
    )
    when: tuple[str, tuple[Any, ...]] | None = (
        None  # required to record only where that field has one of these values (None: absent)
    )
    personal: bool = False  # names or describes a person: erasable
    choices: tuple[tuple[str, Text], ...] = ()
    help: Text | None = None
    default: Any = None
    places: int = 2  # decimals allowed in a DECIMAL
    positive: bool = False  # a DECIMAL that is never below zero
    technical: bool = False  # says nothing to who reads what happened: the page of the fact alone shows it
    whose: Side | None = None  # a PERSON or PEOPLE of that side only; None: of either


@dataclass(frozen=True)
class FactKind:
    """What a kind of fact must say, who may record it, and the sentence that tells it."""

    kind: str  # "activity.held"
    family: str
    label: Text  # "Meeting held"
    by: frozenset[Side]  # sides that may record it
    at: str  # instant | date | range
    fields: tuple[Field, ...]
    sentence: Text  # "%(who)s held %(type)s" : see facts.catalogue.tell
    seats: frozenset[str] = (
        frozenset()
    )  # seats or roles that may record it; empty: every person of those sides
    private: bool = False  # shown to the side that recorded it only, until a later fact opens it
    detail: Text | None = None  # second line of the timeline
    icon: str = "dot"

    def field(self, name: str) -> Field | None:
        """The field called `name`, or None."""
        return next((f for f in self.fields if f.name == name), None)
