"""Reads what Amazon hands to sellers when a feed or a listing fails, whatever its format, and recognises it by content.

>>> from catalog_route.reports import open_report
>>> with open_report("processing-report.txt") as report:  # doctest: +SKIP
...     for message in report.messages:
...         print(message.code, message.sku, message.text)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from catalog_route.reports.shape import (
    BrokenReportError,
    Fault,
    Message,
    Rejected,
    Report,
    ReportError,
    Severity,
    Tally,
    UnknownReportError,
)
from catalog_route.reports.source import Bytes, Text, unpack

__all__ = [
    "BrokenReportError", "Message", "Rejected", "Report", "ReportError", "Severity", "Tally", "UnknownReportError", "open_report",
]  # fmt: skip

Opened = tuple[str, str, Iterator[Message]]

_PREAMBLE_LINES = 20
_XML_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:AmazonEnvelope|ProcessingReport)\b")
_JSON = re.compile(r"""\s*[\[{]\s*(?:["'\[{\]}:]|u'|\Z)""")
_PREAMBLE = re.compile(r"[^\t\n]{1,200}\r?[\n\r](?:\t[^\n]{0,200}\t\s*[0-9][0-9.,  ]*\r?[\n\r]){2}")
_SUMMARY = re.compile(r"\s*Feed Processing Summary\b", re.IGNORECASE)

# Files that sellers take for the report: how their bytes or their text begin, and what they are.
_FOREIGN_BYTES = (
    (b"%PDF", "a PDF; save or copy it as text"), (b"\x89PNG", "a picture; codes can only be read from text"),
    (b"\xff\xd8\xff", "a picture; codes can only be read from text"), (b"GIF8", "a picture; codes can only be read from text"),
    (b"\xd0\xcf\x11\xe0", "an old workbook (.xls); save it as .xlsx or as text"),
)  # fmt: skip
_FOREIGN_TEXT = (
    (re.compile(r"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE), "an HTML page; copy its text"),
    (re.compile(r"\s*<\?xml\b"), "XML, but no ProcessingReport of Amazon"),
    (re.compile(r"TemplateType\s*="), "an upload template, not the report on it"),
    (re.compile(r"(?:[^\n]{0,2000}\t)?seller-sku\t", re.IGNORECASE), "an inventory report: it lists offers and holds no errors"),
    (re.compile(r"sku\tasin\tprice\tquantity", re.IGNORECASE), "an inventory report: it lists offers and holds no errors"),
)


def open_report(source: Path | str | BinaryIO, known: Collection[str] = ()) -> Report:
    """Open a report, from a path or a binary stream, and recognise its format by its content.

    `known` error codes are found in plain text too. UnknownReportError when the input is nothing that can be read, OSError when
    the file cannot be opened.
    """
    owned = isinstance(source, (Path, str))
    stream: BinaryIO = Path(source).open("rb") if isinstance(source, (Path, str)) else source  # noqa: SIM115 - Report closes it
    tally = Tally()
    try:
        name, title, messages = _recognise(stream, tally, known)
    except Fault as fault:
        if owned:
            stream.close()
        raise UnknownReportError(f"the input cannot be read: {fault.what}") from fault
    except BaseException:
        if owned:
            stream.close()
        raise
    guarded = _guarded(messages, title, tally)

    def close() -> None:
        guarded.close()
        if owned:
            stream.close()

    return Report(name, title, guarded, tally, close)


def _recognise(stream: BinaryIO, tally: Tally, known: Collection[str]) -> Opened:
    source, packed = unpack(stream)
    head = source.head()
    if not head:
        raise UnknownReportError("the input is empty")
    for begin, what in _FOREIGN_BYTES:
        if head.startswith(begin):
            raise UnknownReportError(f"this is {what}")
    if packed:
        tally.note("unpacked from gzip")
    if head.startswith(b"PK\x03\x04"):
        from catalog_route.reports import workbook

        return "workbook", "processing summary (workbook)", workbook.read(source, tally)
    text = Text(source, tally)
    return _text_report(text, text.head(), source, tally, known)


def _text_report(text: Text, head: str, source: Bytes, tally: Tally, known: Collection[str]) -> Opened:
    from catalog_route.reports import flat_file, json_reports

    if not head.strip("\0\ufeff \t\r\n"):
        raise UnknownReportError("the input holds nothing but blanks")
    if _XML_ROOT.search(head) and head.lstrip().startswith("<"):
        from catalog_route.reports import xml_report

        return "xml", "XML processing report", xml_report.read(text, tally)
    if _JSON.match(head):
        name = json_reports.shape_of(head)
        if name:
            return name, json_reports.TITLES[name], json_reports.read(text, tally)
        raise UnknownReportError("this is JSON, but none of Amazon's reports or answers on listings")
    first = re.split(r"\r?\n|\r", head, maxsplit=_PREAMBLE_LINES)[:_PREAMBLE_LINES]
    table = any(flat_file.columns_of(line.split("\t")) for line in first if "\t" in line)
    if table or _SUMMARY.match(head) or _PREAMBLE.match(head):
        return "flat-file", "flat-file processing report", flat_file.read(text, tally)
    for sign, what in _FOREIGN_TEXT:
        if sign.match(head):
            raise UnknownReportError(f"this is {what}")
    if text.encoding == "utf-8" and b"\0" in source.head():
        raise UnknownReportError("this is no text and no workbook")
    from catalog_route.reports import pasted

    return "text", "text with error codes", pasted.read(text, tally, known)


def _guarded(messages: Iterator[Message], title: str, tally: Tally) -> Generator[Message, None, None]:
    """Count messages, and turn faults of the readers into BrokenReportError."""
    try:
        for message in messages:
            tally.read += message.count
            yield message
    except Fault as fault:
        raise BrokenReportError(title, fault.where, fault.what) from fault
