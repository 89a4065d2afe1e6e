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
    yield csv_line([*header, "text_escaped"])
    for row in rows:
        texts = ["" if value is None else str(value) for value in row]
        cells = [safe(text) for text in texts]
        yield csv_line([*cells, "yes" if cells != texts else "no"])


def csv_line(cells: Iterable[str]) -> str:
    """One CSV record, every cell quoted as it stands, line end included. Whatever could act must be `safe` before."""
    paper = StringIO(newline="")
    csv.writer(paper, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells)
    return paper.getvalue()
