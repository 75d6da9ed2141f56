"""A length of time as an agreement writes it: P10BD, P1M, PT9WH, PT24H, P15D."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Unit = Literal["years", "months", "days", "business_days", "working_hours", "hours"]

_UNITS: dict[str, Unit] = {
    "Y": "years", "M": "months", "D": "days", "BD": "business_days", "WH": "working_hours", "H": "hours",
}  # fmt: skip
_PATTERN = re.compile(r"P(?:(?P<n>\d+)(?P<unit>Y|M|D|BD)|T(?P<tn>\d+)(?P<tunit>WH|H))")


@dataclass(frozen=True)
class Term:
    """`count` of one unit. Civil units end at 24:00 of a day; hours end at an instant."""

    count: int
    unit: Unit

    @classmethod
    def parse(cls, written: str) -> Term:
        """The term written as `PnY`, `PnM`, `PnD`, `PnBD`, `PTnWH` or `PTnH`; ValueError otherwise."""
        found = _PATTERN.fullmatch(written)
        if not found:
            raise ValueError(
                f"“{written}” is not a term: write PnY, PnM, PnD, PnBD, PTnWH or PTnH, for example P10BD"
            )
        count, unit = found["n"] or found["tn"], found["unit"] or found["tunit"]
        if int(count) == 0:
            raise ValueError(f"“{written}” is a term of nothing: a term is longer than zero")
        return cls(int(count), _UNITS[unit])

    def __str__(self) -> str:
        sign = next(sign for sign, unit in _UNITS.items() if unit == self.unit)
        return f"PT{self.count}{sign}" if self.unit in ("working_hours", "hours") else f"P{self.count}{sign}"


def term_in(value: object) -> Term | None:
    """The length of time that a value of an agreement writes; None when it writes none."""
    try:
        return Term.parse(value) if isinstance(value, str) else None
    except ValueError:
        return None
