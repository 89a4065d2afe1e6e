"""Tables with a header line (`.csv`, `.tsv`) → rows, strictly: every row has as many cells as the header, every quote closes.

A cell that begins with a quote ends at the next single quote; line ends inside belong to it. Where quotes do not come out
right – never closed, or closed in the middle of a cell – only the line where they opened is lost, and reading goes on at
the next one; a plain CSV reader would take all following rows for one cell.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from catalog_route.counts import Counts
from catalog_route.records import Record, listed, text_name, too_long, unusable
from catalog_route.streaming import LONGEST, Lines, text_lines

DELIMITERS = (",", ";", "\t")
_QUOTED = re.compile(r'"[^"]*"?')
_TO_CLOSING = re.compile(r'[^"]*+(?:""[^"]*+)*+"')


class TableError(Exception):
    """A table that cannot be read at all; `field` is set when it is the named text field that is missing."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Row(NamedTuple):
    """The cells of one row that begins at `line`, or the error that cost it. `raw`: as it stood, unless joining tells it."""

    line: int
    cells: list[str] | None
    raw: str = ""
    error: str | None = None


class Rows(NamedTuple):
    """The rows that ended in one read, and what their lines were like."""

    rows: list[Row]
    counts: Counts


@dataclass(frozen=True, slots=True)
class TableParser:
    """Makes records of rows; the text stands in the column called `field`."""

    header: tuple[str, ...]
    field: str
    delimiter: str = ","

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, in order."""
        return self.header

    def records(self, block: Rows, counts: Counts) -> Iterator[Record]:
        """A record for each row."""
        counts.add(block.counts)
        place, width = self.header.index(self.field), len(self.header)
        for line, cells, raw, fault in block.rows:
            if cells is None:
                yield Record(line, None, {}, raw, fault)
            elif len(cells) != width:
                error = f"{len(cells)} cells where the header has {width}"
                yield Record(line, None, {}, raw or self.delimiter.join(cells), error)
            else:
                own = dict(zip(self.header, cells, strict=True))
                bad = unusable(cells[place])
                yield Record(line, None if bad else cells[place], own, "", bad)


def open_table(
    blocks: Iterator[Lines], heading: str, delimiter: str | None, field: str | None
) -> tuple[TableParser, Iterator[Rows]]:
    """The parser of a table and its rows, header taken off. `heading`: its first line; it tells the delimiter if None.

    TableError when there is no usable header.
    """
    delimiter = delimiter or max(DELIMITERS, key=_QUOTED.sub("", heading).count)
    reader = _Reader(delimiter)
    rows = reader.rows(blocks)
    taken = Counts()
    for block in rows:
        taken.add(block.counts)
        if block.rows:
            parser = _parser(block.rows[0], delimiter, field)
            return parser, chain([Rows(block.rows[1:], taken)], rows)
    return TableParser(("text",), "text"), iter([Rows([], taken)])


def _parser(header: Row, delimiter: str, field: str | None) -> TableParser:
    if header.cells is None:
        raise TableError(f"line {header.line}, the header: {header.error}")
    names = tuple(header.cells)
    if any("\r" in name for name in names):
        raise TableError("the header holds carriage returns: end the lines with line feeds")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        places = [place for place, name in enumerate(names, 1) if name == twice]
        raise TableError(f'columns {places[0]} and {places[1]} are both called "{twice}" – rename one')
    if field is not None and field not in names:
        raise TableError(f'no column "{field}"; the header has {listed(names)}', field)
    found = field or text_name(names) or (names[0] if len(names) == 1 else None)
    if found is None:
        raise TableError(f"no column is known to hold the text; name it with --text-field: {listed(names)}")
    return TableParser(names, found, delimiter)


class _Reader:
    """Puts lines together to rows. `_open` holds the lines of a row whose quote has not closed yet."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self._open: list[str] = []
        self._line = 0
        self._size = 0
        self._cells: list[str] = []
        self._parts: list[str] = []

    def rows(self, blocks: Iterable[Lines]) -> Iterator[Rows]:
        """The rows of each block, empty when none has ended."""
        for block in blocks:
            counts = Counts()
            if block.cut:
                rows = [*self._given_up(counts), Row(*_cut(block))]
            else:
                rows = self._block(block.line, text_lines(block, counts.saw_odd), counts)
            yield Rows(rows, counts)
        counts = Counts()
        yield Rows(list(self._given_up(counts)), counts)

    def _block(self, number: int, lines: list[str], counts: Counts) -> list[Row]:
        out: list[Row] = []
        waiting = deque(enumerate(lines, number))
        while waiting:
            number, line = waiting.popleft()
            if self._open or '"' in line:
                row = self._feed(number, line)
                if row is None:
                    continue
                if row.error and len(self._open) > 1:
                    waiting.extendleft(reversed(list(enumerate(self._open[1:], self._line + 1))))
                self._open = []
                out.append(row)
            elif line and not line.isspace():
                line = line[:-1] if line.endswith("\r") else line
                out.append(Row(number, line.split(self._delimiter)))
            else:
                counts.blank += 1
        return out

    def _given_up(self, counts: Counts) -> Iterator[Row]:
        """The rows of an open row that never closes: its first line is lost, the others are read again."""
        while self._open:
            yield self._failed("a quote is opened and never closed")
            number, rest = self._line + 1, self._open[1:]
            self._open = []
            yield from self._block(number, rest, counts)

    def _feed(self, number: int, line: str) -> Row | None:
        """The row that ends with this line, None while a quote is open."""
        if not self._open:
            self._line, self._size, self._cells, self._parts = number, 0, [], []
        self._open.append(line)
        self._size += len(line) + 1
        if self._size > LONGEST:
            return self._failed(f"a quote is opened and not closed within {LONGEST} characters")
        body = line[:-1] if line.endswith("\r") else line
        at = 0
        inside = len(self._open) > 1
        while True:
            if inside or body.startswith('"', at):
                found = _TO_CLOSING.match(body, at if inside else at + 1)
                if found is None:
                    self._parts.append(line if inside else line[at + 1 :])
                    return None
                self._parts.append(body[found.start() : found.end() - 1])
                self._cells.append("\n".join(self._parts).replace('""', '"'))
                self._parts, inside, end = [], False, found.end()
            else:
                end = body.find(self._delimiter, at)
                end = len(body) if end < 0 else end
                self._cells.append(body[at:end])
            if end == len(body):
                return Row(self._line, self._cells, "\n".join(self._open))
            if body[end] != self._delimiter:
                return self._failed("a quote closes in the middle of a cell")
            at = end + 1

    def _failed(self, error: str) -> Row:
        return Row(self._line, None, self._open[0], error)


def _cut(block: Lines) -> tuple[int, None, str, str | None]:
    record = too_long(block)
    return record.line, None, record.raw, record.error
