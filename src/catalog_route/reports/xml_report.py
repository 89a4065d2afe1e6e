"""The XML ProcessingReport of older feeds. Read element by element; DTDs, depth and oversized entries are refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from catalog_route.reports.shape import Distinct, Fault, Message, Tally, clean_code, code_in, severity_of
from catalog_route.reports.source import Text

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_DEPTH = 64
MAX_ENTRY = 1_048_576

# Elements that are needed whole; everything else is handled and dropped as soon as it ends.
_WHOLE = ("Result", "ProcessingSummary")
_STATED = {
    "MessagesProcessed": "processed", "MessagesSuccessful": "successful",
    "MessagesWithError": "with_errors", "MessagesWithWarning": "with_warnings",
}  # fmt: skip


class _Watched:
    """Hands out text and stops when an entry does not end within its limit."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self.since = 0

    def read(self, size: int = -1) -> str:
        """The next piece of text."""
        if self.since > MAX_ENTRY:
            raise Fault("", f"an entry is larger than {MAX_ENTRY} characters")
        piece = self._text.read()
        self.since += len(piece)
        return piece


def read(text: Text, tally: Tally) -> Iterator[Message]:
    """The messages of an XML processing report. Fault where it breaks."""
    counted = _Counted()
    try:
        for at, element in enumerate(_elements(text, tally), 1):
            message = _message(element, at, tally)
            if message is None:
                continue
            counted.add(message)
            yield message
    finally:
        tally.compare("messages with errors", tally.stated.get("with_errors"), counted.errors, counted.failed.count)
        tally.compare("messages with warnings", tally.stated.get("with_warnings"), counted.warnings, counted.warned.count)


class _Counted:
    """Errors and warnings, as entries and as distinct messages."""

    def __init__(self) -> None:
        self.errors = self.warnings = 0
        self.failed, self.warned = Distinct(), Distinct()

    def add(self, message: Message) -> None:
        if message.severity == "warning":
            self.warnings += 1
            self.warned.add(message.row)
        else:
            self.errors += 1
            self.failed.add(message.row)


def _elements(text: Text, tally: Tally) -> Iterator[Element]:
    """Each Result; everything else goes into the tally."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    watched = _Watched(text)
    events = iterparse(watched, events=("start", "end"), forbid_dtd=True)
    seen = False
    try:
        for element in _ended(events, watched):
            name = _name(element)
            seen = seen or name == "ProcessingReport"
            if name == "Result":
                yield element
            elif name == "ProcessingSummary":
                for part in element:
                    value = (part.text or "").strip()
                    if _name(part) in _STATED and value.isascii() and value.isdigit():
                        tally.stated[_STATED[_name(part)]] = int(value[:18])
            elif name == "DocumentTransactionID":
                tally.feed = (element.text or "").strip()
            elif name == "MessageType" and (element.text or "").strip() not in ("", "ProcessingReport"):
                raise Fault("", f"this is the feed itself ({(element.text or '').strip()[:40]}), not the report on it")
    except ParseError as fault:
        line, column = fault.position
        raise Fault(f"at line {line}, column {column + 1}", str(fault).split(":")[0]) from fault
    except DefusedXmlException as fault:
        raise Fault("", "it declares a document type or entities, which are never read") from fault
    if not seen:
        raise Fault("", "it holds no ProcessingReport")


def _ended(events: Iterator[tuple[str, Element]], watched: _Watched) -> Iterator[Element]:
    """Elements as they end, each whole in itself and dropped from the tree afterwards."""
    above: list[Element] = []
    whole = 0
    for event, element in events:
        if event == "start":
            above.append(element)
            if len(above) > MAX_DEPTH:
                raise Fault("", f"elements are nested more than {MAX_DEPTH} deep")
            if not whole and _name(element) in _WHOLE:
                whole = len(above)
            continue
        depth = len(above)
        above.pop()
        if whole and depth > whole:
            continue
        whole = 0
        yield element
        watched.since = 0
        if above:
            above[-1].remove(element)


def _message(result: Element, at: int, tally: Tally) -> Message | None:
    """The message that an entry tells; None, and counted as rejected, when it is none."""
    told: dict[str, str] = {}
    for part in result.iter():
        told.setdefault(_name(part), (part.text or "").strip())
    text = told.get("ResultDescription", "")
    code = clean_code(told.get("ResultMessageCode")) or code_in(text)
    if not code and not text:
        tally.reject(f"entry {at}", "neither code nor message", " ".join(f"{name} {told[name]}" for name in told if told[name]))
        return None
    number = told.get("MessageID", "")
    return Message(
        code, text, severity_of(told.get("ResultCode")),
        told.get("SKU") or told.get("AmazonOrderID") or "",
        int(number) if number.isascii() and number.isdigit() and len(number) <= 12 else None, at,
    )  # fmt: skip


def _name(element: Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]
