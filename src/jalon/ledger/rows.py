"""A list of rows in a form: invoice lines, slots, objectives. One row more or less without a script; nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms

from jalon.core.facts.model import Field
from jalon.core.facts.model import FieldType as T
from jalon.wording import say

_TYPES = {T.DATE: "date", T.INSTANT: "datetime-local", T.DECIMAL: "text"}


class RowsWidget(forms.Widget):
    """Rows of inputs named `field-row-column`; empty rows are left out of the value."""

    template_name = "jalon/parts/rows.html"
    use_fieldset = True

    def __init__(
        self,
        columns: Sequence[Field],
        people: Callable[[Field], Sequence[tuple[str, str]]] = lambda _column: (),
    ) -> None:
        super().__init__()
        self.columns, self.people = columns, people
        self.spare = 1
        self.dropped: int | None = None

    def id_for_label(self, id_: str) -> str:
        """No one input is the field's: its label names the group."""
        return ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        """The rows typed, in order, without those left empty and the one taken out."""
        pattern = re.compile(rf"{re.escape(name)}-(\d+)-")
        numbers = sorted({int(found[1]) for key in data if (found := pattern.match(key))})
        rows = [
            {c.name: str(data.get(f"{name}-{n}-{c.name}", "")).strip() for c in self.columns}
            for n in numbers if n != self.dropped
        ]  # fmt: skip
        return [row for row in rows if any(row.values())]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Rows are never omitted: none is an answer."""
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """The rows with their inputs, then the spare ones."""
        given = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        rows = [*given, *({} for _ in range(self.spare))]
        context = super().get_context(name, value, attrs)
        context["rows"] = [
            {"number": n, "filled": n < len(given), "cells": [self._cell(name, n, c, row) for c in self.columns]}
            for n, row in enumerate(rows)
        ]  # fmt: skip
        context["name"] = name
        return context

    def _cell(self, name: str, number: int, column: Field, row: Mapping[str, Any]) -> dict[str, Any]:
        value = row.get(column.name)
        written = str(value if value is not None else "")
        choices = list(column.choices) or (self.people(column) if column.type == T.PERSON else ())
        return {
            "name": f"{name}-{number}-{column.name}",
            "label": say(column.label),
            "value": written[:16] if column.type == T.INSTANT else written,
            "type": _TYPES.get(column.type, "text"),
            "decimal": column.type == T.DECIMAL,
            "needed": column.required_to_record,
            "choices": [(key, say(text) if not isinstance(text, str) else text) for key, text in choices],
        }


class RowsField(forms.Field):
    """A list of rows; each keeps only the cells that say something."""

    def clean(self, value: Any) -> list[dict[str, str]]:
        """The rows as JSON; a decimal comma is a decimal point."""
        rows = super().clean(value or [])
        decimals = {c.name for c in self.widget.columns if c.type == T.DECIMAL}
        return [
            {name: _point(cell) if name in decimals else cell for name, cell in row.items() if cell}
            for row in rows
        ]


def _point(written: str) -> str:
    return re.sub(r"[\s\u00a0\u202f]", "", written).replace(",", ".")
