"""The processing summary that Seller Central hands out as a workbook (.xlsx): messages added up, without SKU and row.

openpyxl reads it; it comes with the extra `xlsx` and is imported only here.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

from catalog_route.reports.flat_file import Columns, columns_of, from_cells
from catalog_route.reports.shape import SHOWN, Fault, Message, Tally, UnknownReportError, clean_code, code_in, severity_of
from catalog_route.reports.source import Bytes

MAX_PACKED = 64_000_000
MAX_UNPACKED = 1_000_000_000
IN_MEMORY = 8_000_000

# Words in the headings of the table, and in the labels above it.
_TABLE = (("attribute", "attribute"), ("number of", "count"), ("message", "text"), ("type", "type"), ("code", "code"))
_LABELS = (("records processed", "processed"), ("records with errors", "with_errors"),
           ("records with warnings", "with_warnings"), ("total", "total"))  # fmt: skip


def read(source: Bytes, tally: Tally) -> Iterator[Message]:
    """The messages of a workbook. Fault where it breaks, UnknownReportError when openpyxl is not there."""
    try:
        from openpyxl import load_workbook
    except ImportError as fault:
        raise UnknownReportError("this is a workbook; reading it needs openpyxl: pip install 'catalog-route[xlsx]'") from fault
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        _copy(source, file)
        try:
            book = load_workbook(file, read_only=True, data_only=True)
            yield from _sheets(book, tally)
        except Fault:
            raise
        except Exception as fault:
            # whatever a damaged archive makes zipfile, zlib, openpyxl or its XML parser raise
            raise Fault("", f"the workbook cannot be read ({' '.join(str(fault).split())[:SHOWN]})") from fault


def _copy(source: Bytes, file: IO[bytes]) -> None:
    """Keep the packed workbook at hand, for zip archives are read from their end. Bombs are refused."""
    size = 0
    while piece := source.read():
        size += len(piece)
        if size > MAX_PACKED:
            raise Fault("", f"the workbook is larger than {MAX_PACKED} bytes")
        file.write(piece)
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED:
                raise Fault("", f"the workbook unpacks to more than {MAX_UNPACKED} bytes")
    except Fault:
        raise
    except Exception as fault:
        # damaged archives make zipfile raise much beside BadZipFile
        raise Fault("", "the file ends too early or is damaged") from fault


def _sheets(book: Any, tally: Tally) -> Iterator[Message]:
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        found = False
        for message in _rows(sheet.iter_rows(values_only=True), tally):
            found = True
            yield message
        if found or tally.stated:
            return
    raise Fault("", "no sheet of it is a processing summary")


def _rows(rows: Iterator[tuple[Any, ...]], tally: Tally) -> Iterator[Message]:
    """The messages of one sheet, behind whichever heading row comes first."""
    table: dict[str, int] | None = None
    columns: Columns | None = None
    total = 0
    for number, values in enumerate(rows, 1):
        cells = ["" if value is None else str(value).strip() for value in values]
        if not any(cells):
            continue
        if columns is not None:
            message = from_cells(cells, number, columns, tally)
        elif table is not None and not _labelled(cells, tally):
            message = _summed(cells, number, table, tally)
        else:
            columns = columns_of(cells)
            table = table or _headings(cells)
            if table is None:
                _labelled(cells, tally)
            continue
        if message is not None:
            total += message.count
            yield message
    if table is not None:
        tally.note("the workbook adds messages up: it names neither SKU nor row, and mostly no code")
    tally.compare("messages in total", tally.stated.get("total"), total)


def _headings(cells: Sequence[str]) -> dict[str, int] | None:
    places: dict[str, int] = {}
    for at, cell in enumerate(cells):
        name = next((name for word, name in _TABLE if word in cell.lower()), "")
        if name and name not in places:
            places[name] = at
    return places if {"text", "count"} <= set(places) else None


def _labelled(cells: Sequence[str], tally: Tally) -> bool:
    """Whether a row is a label with its figure, which is then taken into the tally."""
    filled = [cell for cell in cells if cell]
    if len(filled) != 2 or not _digits(filled[1]):
        return False
    name = next((name for word, name in _LABELS if word in filled[0].lower()), "")
    if name:
        tally.stated[name] = int(_digits(filled[1]))
    return bool(name)


def _summed(cells: Sequence[str], number: int, table: dict[str, int], tally: Tally) -> Message | None:
    told = {name: cells[at] if at < len(cells) else "" for name, at in table.items()}
    if not told["text"]:
        tally.reject(f"row {number}", "the row has no message", " ".join(cells))
        return None
    count = int(_digits(told["count"]) or 1)
    attribute = told.get("attribute", "")
    return Message(
        clean_code(told.get("code")) or code_in(told["text"]), told["text"], severity_of(told.get("type")), at=number,
        attributes=(attribute,) if attribute else (), count=count,
    )  # fmt: skip


def _digits(text: str) -> str:
    """The digits of a count such as 1,045 or 40.0; "" when it is none."""
    bare = text.removesuffix(".0").replace(",", "").replace(" ", "")
    return bare[:18] if bare.isascii() and bare.isdigit() else ""
