"""The flat-file processing report: a preamble with two counts, a heading row, one line a message, split on TAB only.

Columns are found by their heading. `original-record-number` counts the data rows of the upload: 1 is the first, and 0
stands for the file as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog_route.reports.shape import Distinct, Fault, Message, Tally, clean_code, code_in, severity_of
from catalog_route.reports.source import Text

MOST_PREAMBLE = 40

# Headings as Amazon writes them, and as other report versions and tools spell the same columns.
_HEADINGS = {
    "original-record-number": "row", "record-number": "row", "row-number": "row", "line-number": "row",
    "sku": "sku", "seller-sku": "sku", "item-sku": "sku", "order-id": "order",
    "error-code": "code", "error-type": "type", "severity": "type", "error-message": "text", "message": "text",
    "attribute-name": "attribute", "field-name": "attribute",
}  # fmt: skip
_ORDER = ("row", "sku", "code", "type", "text")
_MANGLED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]{1,3}\Z", re.IGNORECASE)
_RECORD = re.compile(r"[0-9]{1,12}\t[^\t]*\t[0-9]{2,9}\t[^\t]*\t")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of a table stand; -1 where there is none."""

    width: int = 0
    row: int = -1
    sku: int = -1
    code: int = -1
    type: int = -1
    text: int = -1
    attribute: int = -1
    orders: bool = False


def columns_of(cells: Sequence[str]) -> Columns | None:
    """The columns of a heading row, or None when the cells are no headings of a table of errors."""
    places: dict[str, int] = {}
    for at, cell in enumerate(cells):
        name = _HEADINGS.get(re.sub(r"[\s_]+", "-", cell.strip().strip('"').lower()))
        if name and name not in places:
            places[name] = at
    if "code" not in places or not {"text", "type", "row"} & set(places):
        return None
    orders = "order" in places and "sku" not in places
    if "order" in places:
        places.setdefault("sku", places.pop("order"))
    return Columns(len(cells), **places, orders=orders)


def read(text: Text, tally: Tally) -> Iterator[Message]:
    """The messages of a flat-file processing report. Fault where it breaks."""
    lines = text.lines()
    columns = _preamble(lines, tally)
    if columns.orders:
        tally.note("the report names orders, not SKUs: order ids stand where SKUs would")
    failed = Distinct()
    fatal = False
    try:
        for number, line, ended in lines:
            if not line or line.isspace():
                continue
            message = _message(line, number, columns, tally, ended)
            if message is None:
                continue
            if message.severity in ("error", "fatal"):
                failed.add(message.row)
                fatal = fatal or not message.row
            yield message
    finally:
        if "processed" in tally.stated and "successful" in tally.stated and not fatal:
            tally.compare("records with errors", tally.stated["processed"] - tally.stated["successful"], failed.count)


def _preamble(lines: Iterator[tuple[int, str, bool]], tally: Tally) -> Columns:
    """Read to the heading row, with the counts on the way: first the records processed, then those successful."""
    names = iter(("processed", "successful"))
    number = 0
    for number, line, _ended in lines:
        cells = line.split("\t")
        columns = columns_of(cells)
        if columns is not None:
            return columns
        count = _count(cells)
        if count:
            name = next(names, "")
            if name:
                tally.stated[name] = int(count)
        elif len(cells) >= len(_ORDER) and len(tally.stated) == 2:
            tally.note("the headings are not those that Amazon documents: columns read in the documented order")
            return Columns(len(cells), *range(len(_ORDER)))
        if number >= MOST_PREAMBLE:
            raise Fault(f"at line {number}", "no row of headings")
    if len(tally.stated) == 2:
        return Columns()
    raise Fault(f"at line {number + 1}", "it ends before the row of headings")


def _count(cells: Sequence[str]) -> str:
    """The digits of a line of the preamble – an empty cell, a label, a figure such as 1,045 – or ""."""
    if cells[0].strip() or len(cells) < 3:
        return ""
    figure = next((cell for cell in reversed(cells) if cell.strip()), "").strip()[:40]
    digits = re.sub(r"[.,\s]", "", figure)
    return digits if digits.isascii() and digits.isdigit() else ""


def _message(line: str, number: int, columns: Columns, tally: Tally, ended: bool) -> Message | None:
    cells = line.split("\t")
    if len(cells) < columns.width and not ended:
        raise Fault(f"at line {number}", f"it ends inside a row, of which {len(cells)} of {columns.width} columns are there")
    if len(cells) <= columns.code:
        tally.reject(f"line {number}", "the row has no error code", line)
        return None
    return from_cells(cells, number, columns, tally)


def from_cells(cells: Sequence[str], number: int, columns: Columns, tally: Tally) -> Message | None:
    """The message that a row of a table tells; None, and counted as rejected, when it is none."""
    text = _cell(cells, columns.text)
    if columns.text == columns.width - 1:
        text = "\t".join(cells[columns.text :]).rstrip("\t")
    code = clean_code(_cell(cells, columns.code)) or code_in(text)
    if not code and not text:
        tally.reject(f"line {number}", "the row has neither code nor message", "\t".join(cells))
        return None
    row = _cell(cells, columns.row).strip()
    sku = _cell(cells, columns.sku).strip()
    if _MANGLED.match(sku):
        tally.note(f"a spreadsheet has changed SKUs of this file ({sku}): take the report as it was downloaded")
    attribute = _cell(cells, columns.attribute).strip()
    return Message(
        code, text, severity_of(_cell(cells, columns.type)), sku,
        int(row) if row.isascii() and row.isdigit() and len(row) <= 12 else None, number,
        (attribute,) if attribute else (),
    )  # fmt: skip


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at] if 0 <= at < len(cells) else ""


def is_record(line: str) -> bool:
    """Whether a line without headings looks like one of the report: number, SKU, code, type, message."""
    return _RECORD.match(line) is not None


def headless(line: str, number: int, tally: Tally) -> list[Message]:
    """The message of a line copied out of a report without its headings, if it is one."""
    message = from_cells(line.split("\t"), number, Columns(len(_ORDER), *range(len(_ORDER))), tally)
    return [] if message is None else [message]
