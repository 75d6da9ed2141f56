"""What happened, told to a reader of one side: a line a fact, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jalon.accounts.models import Account, Contact, Staff
from jalon.core.facts.catalogue import KINDS, said_value, tell
from jalon.core.facts.model import Fact, FieldType
from jalon.core.obligations import Side
from jalon.core.text import Text, Value
from jalon.ledger import book
from jalon.ledger.models import StoredFact


@dataclass(frozen=True)
class Line:
    """One line: when, the sentence, what a second line adds, and the fact behind it."""

    fact_id: str
    kind: str
    at: datetime
    recorded_at: datetime
    said: Text
    details: tuple[tuple[Text, Value], ...]
    icon: str
    sha256: str
    side: str


def names_of(account: Account) -> dict[str, str]:
    """The names behind the refs that this client's facts use: its contacts and the vendor's staff."""
    found = dict(Staff.objects.values_list("ref", "name"))
    return found | dict(Contact.objects.filter(account=account).values_list("ref", "name"))


def lines(
    account: Account,
    side: Side,
    names: dict[str, str],
    *,
    kinds: Sequence[str] = (),
    by: str = "",
    until: datetime | None = None,
    known_at: datetime | None = None,
    limit: int = 20,
    offset: int = 0,
) -> list[Line]:
    """The facts that a reader of `side` sees, newest first; one query, whatever the size of the ledger.

    `by` keeps what that side recorded; `until` what happened by then, `known_at` what was recorded by then.
    """
    rows = seen_by(account, side).order_by("-at", "-sequence")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if by:
        rows = rows.filter(side=by)
    if until is not None:
        rows = rows.filter(at__lte=until)
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    return [line_of(row, names) for row in rows[offset : offset + limit]]


def seen_by(account: Account, side: Side):  # type: ignore[no-untyped-def]
    """The stored facts that a reader of `side` sees: those for both, and its own private ones."""
    return StoredFact.objects.filter(account=account, visibility__in=["both", side.value])


_WORDLESS = {
    FieldType.SHA256,
    FieldType.REF,
    FieldType.LINES,
    FieldType.SLOTS,
    FieldType.OBJECTIVES,
    FieldType.MAPPING,
}
"""Fields that say nothing in a sentence: the page of the fact shows them whole."""


def line_of(row: StoredFact, names: dict[str, str], *, whole: bool = False) -> Line:
    """A stored fact as a line; `whole` keeps every field, for the page of the fact."""
    fact: Fact = book.decode(row)
    told = tuple(
        (field.label, said_value(field, fact.fields[field.name], names))
        for field in KINDS[fact.kind].fields
        if field.name in fact.fields and (whole or not (field.technical or field.type in _WORDLESS))
    )
    return Line(
        fact.id,
        fact.kind,
        fact.at,
        fact.recorded_at,
        tell(fact, names),
        told,
        KINDS[fact.kind].icon,
        row.sha256,
        fact.side.value,
    )


def about(account: Account, side: Side, fact_id: str, names: dict[str, str]) -> list[Line]:
    """What was recorded about a fact: its corrections, its retraction, confirmations and disputes, the oldest first."""
    kinds = ["fact.corrected", "fact.retracted", "fact.countersigned", "fact.disputed"]
    rows = seen_by(account, side).filter(kind__in=kinds).order_by("sequence")
    return [line_of(row, names) for row in rows if book.decode(row).get("target") == fact_id]
