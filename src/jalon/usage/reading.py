"""A file of events as tables, piece by piece: CSV, JSON lines (also Segment's) or Parquet, plain or .gz, each row with its line."""

from __future__ import annotations

import csv
import gzip
import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyarrow
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from jalon.core.text import _
from jalon.ledger.importing.reading import Unreadable

PIECE = 16_000_000
"""Bytes read at a time from a text file."""
ROWS = 100_000
"""Rows read at a time from a Parquet file."""
QUOTED = 200
"""Lines that a quoted value may span: beyond it, its opening quote is a mistake."""
SEPARATORS = ",;\t|"
LINE, TEXT = "jalon line", "jalon text"
"""Columns that no file has: a row's number in the file, and a JSON line as it was written."""
Broken = tuple[int, str, str]
"""A line that is no row: its number, why (a key of `words.REASONS`), its text."""


@dataclass(frozen=True)
class Piece:
    """Some rows: columns as the file has them, and LINE, the number of each in the file, from 1."""

    table: pyarrow.Table
    share: float  # of the file read so far, 0 to 1
    broken: Sequence[Broken] = ()


@dataclass
class Source:
    """A file that is open: what it is, its columns (none for JSON lines: each line has its own), and its pieces."""

    kind: str  # csv | json | parquet
    columns: list[str]
    pieces: Iterator[Piece] = field(repr=False)


def opened(path: Path) -> Source:
    """A file by what it holds, whatever its name. Raises Unreadable where it is absent, empty or of another kind."""
    if not path.is_file():
        raise Unreadable(_("There is no file “%(file)s”.", file=str(path)))
    with path.open("rb") as file:
        magic = file.read(4)
    if magic == b"PAR1":
        return _parquet(path)
    try:
        return _text(path, zipped=magic[:2] == b"\x1f\x8b")
    except (EOFError, gzip.BadGzipFile) as error:
        raise Unreadable(_("“%(file)s” is cut short or damaged.", file=path.name)) from error


def _parquet(path: Path) -> Source:
    try:
        file = parquet.ParquetFile(path)
    except pyarrow.ArrowException as error:
        raise Unreadable(_("“%(file)s” is cut short or damaged.", file=path.name)) from error
    flat = _flat(file.schema_arrow.empty_table())
    if not file.metadata.num_rows:
        raise Unreadable(_("The file is empty."))
    return Source("parquet", flat.column_names, _parquet_pieces(file))


def _parquet_pieces(file: parquet.ParquetFile) -> Iterator[Piece]:
    done, total = 0, file.metadata.num_rows
    for batch in file.iter_batches(batch_size=ROWS):
        lines = pyarrow.array(range(done + 1, done + 1 + batch.num_rows), pyarrow.int64())
        done += batch.num_rows
        table = _flat(pyarrow.Table.from_batches([batch]))
        yield Piece(table.append_column(LINE, lines), done / total)


def _flat(table: pyarrow.Table) -> pyarrow.Table:
    """A structure's fields as columns of their own, named with a dot."""
    while any(pyarrow.types.is_struct(kind) for kind in table.schema.types):
        table = table.flatten()
    return table


def _text(path: Path, *, zipped: bool) -> Source:
    raw = path.open("rb")
    file: IO[bytes] = gzip.GzipFile(fileobj=raw) if zipped else raw  # type: ignore[assignment]
    start = file.read(1 << 16)
    file.seek(0)
    if not start.strip(b"\xef\xbb\xbf \t\r\n"):
        raise Unreadable(_("The file is empty."))
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable(_("The file is not in UTF-8: save it as “CSV UTF-8” and try again."))
    if b"\0" in start or start[:1] == b"[":
        raise Unreadable(
            _(
                "The file is not a table of events: Jalon reads CSV, JSON lines (one object a line) and Parquet."
            )
        )
    lines = _Lines(file, raw, path.stat().st_size)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return Source("json", [], _json_pieces(lines))
    header = lines.header()
    separator = max(SEPARATORS, key=header.count)
    names = [name.strip() for name in next(csv.reader([header], delimiter=separator))]
    if twice := next((name for name in names if name and names.count(name) > 1), None):
        raise Unreadable(_("The column “%(name)s” is there twice.", name=twice))
    # A column without a name is kept under its number: nothing of a row is lost.
    names = [name or f"column {n}" for n, name in enumerate(names, start=1)]
    return Source("csv", names, _csv_pieces(lines, names, separator))


class _Lines:
    """The lines of a text file with their numbers, by blocks or one by one; a line that is read can be given back."""

    def __init__(self, file: IO[bytes], raw: IO[bytes], size: int) -> None:
        self.file, self.raw, self.size = file, raw, size
        self.number = 0  # of the last line read
        self.pending: deque[tuple[int, str]] = deque()
        self.broken: list[Broken] = []

    @property
    def share(self) -> float:
        """How much of the file is read, 0 to 1."""
        return 1.0 if self.raw.closed else min(self.raw.tell() / self.size, 1.0)

    def header(self) -> str:
        """The first line that says something; Unreadable where it is not in UTF-8."""
        while not (line := self._line(self.file.readline())).strip():
            pass
        return line

    def _line(self, line: bytes) -> str:
        self.number += 1
        try:
            return (line.removeprefix(b"\xef\xbb\xbf") if self.number == 1 else line).decode().rstrip("\r\n")
        except UnicodeDecodeError:
            raise Unreadable(_("The file is not in UTF-8: save it as “CSV UTF-8” and try again.")) from None

    def block(self) -> list[bytes]:
        """The next lines as bytes, none at the end of the file."""
        block = self.file.readlines(PIECE)
        if not self.number and block:
            block[0] = block[0].removeprefix(b"\xef\xbb\xbf")
        self.number += len(block)
        if not block:
            self.file.close()
            self.raw.close()
        return block

    def hold(self, block: list[bytes]) -> None:
        """Give the lines of the block just read to `next`, after those that wait; those not in UTF-8 are put aside."""
        for number, line in enumerate(block, start=self.number - len(block) + 1):
            try:
                self.pending.append((number, line.decode().rstrip("\r\n")))
            except UnicodeDecodeError:
                self.broken.append((number, "not_utf8", line.decode("latin-1").rstrip("\r\n")))

    def next(self) -> tuple[int, str] | None:
        """The next line and its number; None at the end of the file."""
        while not self.pending:
            if self.file.closed or not (block := self.block()):
                return None
            self.hold(block)
        return self.pending.popleft()

    def taken(self) -> list[Broken]:
        """The lines put aside since the last call."""
        found, self.broken = self.broken, []
        return found


def _csv_pieces(lines: _Lines, names: list[str], separator: str) -> Iterator[Piece]:
    while block := lines.block():
        if table := _plain(block, names, separator):
            first = lines.number - len(block) + 1
            numbers = pyarrow.array(range(first, lines.number + 1), pyarrow.int64())
            yield Piece(table.append_column(LINE, numbers), lines.share)
            continue
        lines.hold(block)
        yield _with_care(lines, names, separator)


def _plain(block: list[bytes], names: list[str], separator: str) -> pyarrow.Table | None:
    """A block without quotes whose every line is a row, read at once; None where it is not so: each line is then looked at."""
    text = b"".join(block)
    if b'"' in text:
        return None
    try:
        table = arrow_csv.read_csv(
            pyarrow.BufferReader(text),
            arrow_csv.ReadOptions(column_names=names, block_size=len(text) + 1),
            arrow_csv.ParseOptions(delimiter=separator, quote_char=False),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pyarrow.string()), strings_can_be_null=False
            ),
        )
    except pyarrow.ArrowException:
        return None
    return table if table.num_rows == len(block) else None


def _with_care(lines: _Lines, names: list[str], separator: str) -> Piece:
    """The rows of the lines that wait, and of the lines after them that a quoted value runs into."""
    rows, numbers = [], []
    while lines.pending:
        number, line = lines.pending.popleft()
        cells = line.split(separator) if '"' not in line else _quoted(lines, number, line, separator)
        if cells is None:
            continue
        if len(cells) == len(names):
            rows.append(cells)
            numbers.append(number)
        elif line.strip():
            lines.broken.append((number, "cells", line))
    return _rows(names, rows, numbers, lines)


def _quoted(lines: _Lines, number: int, line: str, separator: str) -> list[str] | None:
    """The cells of a record with quotes, over as many lines as it needs; None, and its first line put aside, where it is broken."""
    whole, more = line, list[tuple[int, str]]()
    while True:
        try:
            return next(csv.reader([whole], delimiter=separator, strict=True))
        except csv.Error as error:
            following = (
                lines.next() if "unexpected end of data" in str(error) and len(more) < QUOTED else None
            )
        if following is None:
            # The next lines may be whole: they are read again from the one after the mistake.
            lines.pending.extendleft(reversed(more))
            lines.broken.append((number, "quotes", line))
            return None
        more.append(following)
        whole += "\n" + following[1]


def _rows(names: list[str], rows: list[Any], numbers: list[int], lines: _Lines) -> Piece:
    columns = zip(*rows, strict=True) if rows else ([] for _name in names)
    made = {
        name: pyarrow.array(column, pyarrow.string()) for name, column in zip(names, columns, strict=True)
    }
    table = pyarrow.table(made | {LINE: pyarrow.array(numbers, pyarrow.int64())})
    return Piece(table, lines.share, lines.taken())


def _json_pieces(lines: _Lines) -> Iterator[Piece]:
    rows, numbers, texts = [], [], []
    while (one := lines.next()) is not None:
        number, line = one
        if not line.strip():
            continue
        try:
            read = json.loads(line)
        except ValueError:
            lines.broken.append((number, "not_json", line))
            continue
        if not isinstance(read, dict):
            lines.broken.append((number, "not_object", line))
            continue
        rows.append(read)
        numbers.append(number)
        texts.append(line)
        if len(rows) >= ROWS // 2:
            yield _objects(rows, numbers, texts, lines)
            rows, numbers, texts = [], [], []
    yield _objects(rows, numbers, texts, lines, end=True)


def _objects(
    rows: list[Any], numbers: list[int], texts: list[str], lines: _Lines, *, end: bool = False
) -> Piece:
    flat = [flattened(row) for row in rows]
    names = sorted({name for row in flat for name in row})
    made = {name: pyarrow.array([row.get(name) for row in flat], pyarrow.string()) for name in names}
    table = pyarrow.table(
        made | {LINE: pyarrow.array(numbers, pyarrow.int64()), TEXT: pyarrow.array(texts, pyarrow.string())}
    )
    return Piece(table, 1.0 if end else lines.share, lines.taken())


def flattened(value: Mapping[str, Any], before: str = "") -> dict[str, str | None]:
    """An object's values by their path, as text: {"context": {"groupId": "a"}} is {"context.groupId": "a"}."""
    found: dict[str, str | None] = {}
    for name, inside in value.items():
        if isinstance(inside, dict):
            found |= flattened(inside, f"{before}{name}.")
        elif isinstance(inside, str) or inside is None:
            found[before + name] = inside
        else:
            found[before + name] = json.dumps(inside, ensure_ascii=False)
    return found
