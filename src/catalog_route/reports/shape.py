"""The shape of what a report says, whatever its format: messages, what the report states about itself, and faults."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal

Severity = Literal["fatal", "error", "warning", "info", "unknown"]

MOST_KEPT = 20
SHOWN = 200
MOST_RECORDS = 100_000_000

_LINKED_CODE = re.compile(r"/gp/errorcode/([0-9]{2,9})")
_LEADING_CODE = re.compile(r"\s*\[?(?:error\s+)?([0-9]{4,9})\]?\s*[:\-–]", re.IGNORECASE)

# The English, German and French words were seen in reports; the others are the plain words of their languages.
_SEVERITIES: dict[str, Severity] = {
    "fatal": "fatal", "error": "error", "warning": "warning", "info": "info", "information": "info",
    "fehler": "error", "warnung": "warning", "erreur": "error", "avertissement": "warning",
    "errore": "error", "avviso": "warning", "avvertenza": "warning", "advertencia": "warning",
    "エラー": "error", "警告": "warning", "错误": "error",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Message:
    """One error, warning or remark of a report.

    `code` is "" where the report gives none. `row`: the data row of the upload (1 is the first) or the message id of
    the feed; 0 is the file as a whole, None unknown. `at`: the line or entry of the report that says it. `effects`: what
    is enforced (LISTING_SUPPRESSED …). `count` is above 1 where the report itself adds messages up.
    """

    code: str
    text: str
    severity: Severity
    sku: str = ""
    row: int | None = None
    at: int = 0
    attributes: tuple[str, ...] = ()
    asin: str = ""
    effects: tuple[str, ...] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class Rejected:
    """Something that stands where a message is expected and is none; `text` is its beginning."""

    place: str
    reason: str
    text: str


@dataclass(slots=True)
class Tally:
    """What is learned while a report is read; complete when its messages have run out.

    `stated`: the figures of the report's own summary. `differences`: where they and what was read disagree.
    """

    read: int = 0
    stated: dict[str, int] = field(default_factory=dict)
    feed: str = ""
    notes: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    rejected: int = 0
    refused: list[Rejected] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Remember something worth telling, once."""
        if text not in self.notes and len(self.notes) < MOST_KEPT:
            self.notes.append(text)

    def reject(self, place: str, reason: str, text: str) -> None:
        """Count something unreadable; the first few are kept."""
        self.rejected += 1
        if len(self.refused) < MOST_KEPT:
            self.refused.append(Rejected(place, reason, text[:SHOWN]))

    def compare(self, what: str, stated: int | None, *read: int) -> None:
        """Note a difference unless the figure stated is one of those read (reports count entries or records)."""
        if stated is not None and stated not in read:
            self.differences.append(f"{what}: the report states {stated}, read were {read[0]}")


@dataclass(frozen=True, slots=True)
class Report:
    """A report that is open for reading. `messages` can be run through once; `tally` fills meanwhile.

    `messages` raises BrokenReportError where the report breaks, after everything readable before that point.
    """

    format: str
    title: str
    messages: Iterator[Message]
    tally: Tally
    close: Callable[[], None]

    def __enter__(self) -> Report:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class Distinct:
    """Counts distinct record numbers, one bit each; numbers unknown or beyond reason count once each."""

    def __init__(self) -> None:
        self._bits = bytearray()
        self.count = 0

    def add(self, number: int | None) -> None:
        """Count `number` unless it was there before."""
        if number is None or number > MOST_RECORDS:
            self.count += 1
            return
        place, bit = number >> 3, 1 << (number & 7)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits)))
        if not self._bits[place] & bit:
            self._bits[place] |= bit
            self.count += 1


class ReportError(ValueError):
    """An input cannot be read as a report, or not to its end."""


class UnknownReportError(ReportError):
    """The input is none of the reports that can be read; the message says what it is, as far as that can be told."""


class BrokenReportError(ReportError):
    """A report was recognised and breaks: `title` says what it is, `where` and `what` where and how it breaks."""

    def __init__(self, title: str, where: str, what: str) -> None:
        super().__init__(f"{title}, broken {where}: {what}" if where else f"{title}: {what}")
        self.title = title
        self.where = where
        self.what = what


class Fault(Exception):  # noqa: N818 - private to the readers, turned into BrokenReportError where the title is known
    """A reader cannot go on: `where` it stands and `what` is wrong."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(what)
        self.where = where
        self.what = what


def severity_of(word: object) -> Severity:
    """The severity that a report's word for it means, in the languages of Amazon's reports."""
    return _SEVERITIES.get(str(word).strip().lower(), "unknown")


def clean_code(code: object) -> str:
    """An error code as text: without blanks, and without the ".0" of a spreadsheet."""
    text = "" if code is None or isinstance(code, bool) else str(code).strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text


def code_in(text: str) -> str:
    """The code that a message's help link or its beginning names, or ""."""
    found = _LINKED_CODE.search(text) or _LEADING_CODE.match(text)
    return found[1] if found else ""
