"""What a fact must say to be recorded by a person: what its clause needs, beyond what keeps it meaningful.

Two levels. A file of facts (`jalon assess`, a history taken over) is read with what it has: only `Field.required` is held
against it. Whoever records today is asked for what the clause needs (`Field.required_to_record`): a question says to whom
and what for (4.2), a meeting who came (2), an objective its number and its date (2), an invoice its lines and their VAT (4.8).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from jalon.core.facts.model import FactKind, Field
from jalon.core.facts.model import FieldType as T
from jalon.core.obligations import Side
from jalon.core.text import Text, _

ROWS: Mapping[T, tuple[Field, ...]] = MappingProxyType({
    T.LINES: (
        Field("service", T.TEXT, _("Service"), required_to_record=True),
        Field("label", T.TEXT, _("Description")),
        Field("ht", T.DECIMAL, _("Amount before tax"), required_to_record=True),
        Field("vat", T.DECIMAL, _("VAT rate (percent)"), required_to_record=True),
    ),
    T.OBJECTIVES: (
        Field("id", T.TEXT, _("Reference")),
        Field("name", T.TEXT, _("Objective"), required_to_record=True),
        Field("metric", T.TEXT, _("Metric"), required_to_record=True),
        Field("baseline", T.TEXT, _("Baseline"), required_to_record=True),
        Field("target", T.TEXT, _("Target"), required_to_record=True),
        Field("date", T.DATE, _("For the"), required_to_record=True),
        Field("source", T.TEXT, _("Source")),
        Field("owner_provider", T.PERSON, _("Owner, provider"), personal=True, whose=Side.PROVIDER),
        Field("owner_client", T.PERSON, _("Owner, client"), personal=True, whose=Side.CLIENT),
    ),
    T.SLOTS: (
        Field("start", T.INSTANT, _("Start"), required_to_record=True),
        Field("end", T.INSTANT, _("End")),
    ),
    T.MAPPING: (Field("key", T.TEXT, _("What")), Field("value", T.TEXT, _("Value"))),
})  # fmt: skip
"""The columns of the types whose value is a list of rows."""


def needs(field: Field, fields: Mapping[str, Any]) -> bool:
    """Whether whoever records must give `field`, beside the other fields of the fact."""
    if field.required:
        return True
    if not field.required_to_record:
        return False
    if field.when is None:
        return True
    other, values = field.when
    return any(_same(fields.get(other), value) for value in values)


def always(field: Field) -> bool:
    """Whether whoever records must give `field` whatever the rest says."""
    return field.required or (field.required_to_record and field.when is None)


def lacking(kind: FactKind, fields: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    """Each field that recording asks for and that `fields` lacks, with the sentence that says so."""
    for field in kind.fields:
        value = fields.get(field.name)
        if empty(value):
            if needs(field, fields):
                yield field.name, _("“%(label)s” is needed to record “%(kind)s”.", label=field.label, kind=kind.label)  # fmt: skip
            continue
        yield from ((field.name, said) for said in thin_rows(field, value))


def thin_rows(field: Field, value: Any) -> Iterator[Text]:
    """What the rows of a list lack: an objective without its date, a line without its VAT rate."""
    if field.type not in ROWS or not isinstance(value, list | tuple):
        return
    for number, row in enumerate(value, start=1):
        given = row if isinstance(row, Mapping) else {"start": row}
        missing = tuple(
            column.label
            for column in ROWS[field.type]
            if column.required_to_record and empty(given.get(column.name)) and not _told_otherwise(column, given)
        )  # fmt: skip
        if missing:
            yield _("Line %(number)s lacks: %(missing)s.", number=number, missing=missing)


def empty(value: Any) -> bool:
    """Whether a value says nothing; `False` and `0` say something."""
    return value is None or value in ("", [], (), {})


def _told_otherwise(column: Field, row: Mapping[str, Any]) -> bool:
    # A line printed with its tax included says all that its two other figures would.
    return column.name in ("ht", "vat") and not empty(row.get("ttc"))


def _same(value: Any, wanted: Any) -> bool:
    if wanted is None:
        return empty(value)
    return type(value) is type(wanted) and bool(value == wanted)
