"""A table out of a file: UTF-8, commas or semicolons, French or English headers; values as people write them."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from jalon.core.text import Bilingual, SaidError, _

LARGEST = 5_000_000
"""Bytes in a file: some fifty thousand lines."""
_FRENCH_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


class Unreadable(SaidError):
    """A file or a value that cannot be read; `said` is the sentence for whoever sent it."""


@dataclass(frozen=True)
class Row:
    """One line of the table: its number in the file, and its cells by column."""

    line: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """The cell, stripped; empty where the file has no such column."""
        return self.cells.get(column, "")


def plain(word: str) -> str:
    """A header or a word without accents, case and separators: "E-mail du référent" -> "e mail du referent"."""
    bare = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())


def table(
    content: bytes, columns: Mapping[str, tuple[str, ...]], needed: tuple[tuple[str, ...], ...]
) -> list[Row]:
    """The lines of a CSV file; `columns` gives the headers that each column may have (English, French, others), `needed` what must be there.

    Each entry of `needed` is a choice: one of its columns is enough. Raises Unreadable.
    """
    if len(content) > LARGEST:
        raise Unreadable(
            _("The file is too large: split it in parts of at most %(n)s MB.", n=LARGEST // 1_000_000)
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(_("The file is not in UTF-8: save it as “CSV UTF-8” and try again.")) from None
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    try:
        lines = _lines(text, separator)
    except csv.Error:
        raise Unreadable(_("The file is not a CSV table.")) from None
    if not lines:
        raise Unreadable(_("The file is empty."))
    names = _names(lines[0][1], columns)
    for choice in needed:
        if not set(choice) & set(names):
            raise Unreadable(_("The column “%(name)s” is missing.", name=header(columns[choice[0]])))
    return [
        Row(number, {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name})
        for number, cells in lines[1:]
    ]


def header(written: tuple[str, ...]) -> Bilingual:
    """The header of a column, as each language writes it."""
    return Bilingual(en=written[0], fr=written[1])


def _lines(text: str, separator: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]


def _names(headers: list[str], columns: Mapping[str, tuple[str, ...]]) -> list[str]:
    known = {plain(written): name for name, headers_ in columns.items() for written in (name, *headers_)}
    names = []
    for given in headers:
        name = known.get(plain(given), "")
        if not name and given.strip():
            raise Unreadable(_(
                "The column “%(name)s” is not known here. Known columns: %(known)s.", name=given.strip(), known=tuple(header(written) for written in columns.values()),
            ))  # fmt: skip
        if name and name in names:
            raise Unreadable(_("The column “%(name)s” is there twice.", name=given.strip()))
        names.append(name)
    return names


def day(written: str) -> date | None:
    """2026-06-05, or 05/06/2026 as in France; None where nothing is written. Raises Unreadable."""
    if not written:
        return None
    if french := _FRENCH_DAY.fullmatch(written):
        day_, month, year = (int(part) for part in french.groups())
        try:
            return date(year, month, day_)
        except ValueError:
            raise Unreadable(
                _("“%(value)s” is not a day: write 2026-06-05 or 05/06/2026.", value=written)
            ) from None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Unreadable(
            _("“%(value)s” is not a day: write 2026-06-05 or 05/06/2026.", value=written)
        ) from None


def amount(written: str) -> str | None:
    """An amount with two decimals, as the ledger writes it; "12 000,50" and "12000.50" are the same. Raises Unreadable."""
    if not written:
        return None
    bare = re.sub(r"[\s\u00a0\u202f€]", "", written)
    if "," in bare and "." not in bare:
        bare = bare.replace(",", ".")
    try:
        read = Decimal(bare)
    except InvalidOperation:
        raise Unreadable(
            _("“%(value)s” is not an amount: write 12000.50 or 12 000,50.", value=written)
        ) from None
    if not read.is_finite() or read < 0 or read != read.quantize(Decimal("0.01")):
        raise Unreadable(_("“%(value)s” is not an amount: write 12000.50 or 12 000,50.", value=written))
    return str(read.quantize(Decimal("0.01")))
