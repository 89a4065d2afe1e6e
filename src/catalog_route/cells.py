"""Cells of our own CSV that no spreadsheet takes for a formula, and the way back.

A cell that a spreadsheet could act on, or that begins with our mark, gets an apostrophe in front; every cell is quoted.
`unsafe(safe(text)) == text` for any text.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

MARK = "'"
_IGNORED = " \u00a0\u3000\ufeff\u200b\0"
_ACTING = "=+-@\t\r\n＝＋－＠" + MARK


def safe(text: str) -> str:
    """The cell for `text`."""
    bare = text.lstrip(_IGNORED)
    return MARK + text if bare and bare[0] in _ACTING else text


def unsafe(cell: str) -> str:
    """The text of a cell made by `safe`."""
    return cell.removeprefix(MARK)


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """CSV records, line end included; the last column tells whether a cell of the row was marked."""
    yield _record([*header, "text_escaped"])
    for row in rows:
        texts = ["" if value is None else str(value) for value in row]
        cells = [safe(text) for text in texts]
        yield _record([*cells, "yes" if cells != texts else "no"])


def _record(cells: Sequence[str]) -> str:
    paper = StringIO(newline="")
    csv.writer(paper, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells)
    return paper.getvalue()
