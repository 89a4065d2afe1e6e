"""Plain text in which codes are pasted: a mail, a chat, a few lines copied out of a report."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from catalog_route.reports import flat_file
from catalog_route.reports.shape import Fault, Message, Severity, Tally, UnknownReportError, severity_of
from catalog_route.reports.source import Text

LONGEST = 2_000
MAX_TEXT = 64_000_000

_LINK = re.compile(r"/gp/errorcode/([0-9]{2,9})")
_NEAR = re.compile(
    r"\b(?:error|errors|err|code|codes|fehler|fehlercode|erreur|errore)\b[^0-9\n]{0,8}([0-9]{2,9})(?![0-9])", re.IGNORECASE
)
_LEADING = re.compile(r"\s*\[?([0-9]{4,9})\]?\s*[:\-–]\s")
_TOKEN = re.compile(r"(?<![\w.,/-])[A-Za-z0-9_]{4,60}(?![\w/-]|[.,]\w)")
_ROUND = re.compile(r"[0-9]+00\Z")
_SKU = re.compile(r"\bskus?\b\s{0,4}[:#=]?\s{0,4}[\"'(\[]?([A-Za-z0-9][A-Za-z0-9_./+-]{1,39})", re.IGNORECASE)
_SAID = re.compile(r"\b(fatal|error|warning|fehler|warnung|erreur|avertissement)\b", re.IGNORECASE)


def read(text: Text, tally: Tally, known: Collection[str]) -> Iterator[Message]:
    """A message for each code in each line. `known` codes are found anywhere, others only where "error" or the like stands.

    UnknownReportError at the end when there was none.
    """
    found, size = False, 0
    for number, line, _ended in text.lines():
        size += len(line) + 1
        if size > MAX_TEXT:
            raise Fault(f"at line {number}", f"more than {MAX_TEXT} characters are not read as text")
        if flat_file.is_record(line):
            told = flat_file.headless(line, number, tally)
            found = found or bool(told)
            yield from told
            continue
        for code in codes_in(line, known):
            found = True
            yield Message(code, line.strip()[:LONGEST], _severity(line), _sku(line), None, number)
    if not found:
        raise UnknownReportError("this is none of the reports that can be read, and no error code stands in it")


def codes_in(line: str, known: Collection[str]) -> list[str]:
    """The distinct codes of a line, as they come."""
    places = [(found.start(1), found[1]) for sign in (_LINK, _NEAR) for found in sign.finditer(line)]
    leading = _LEADING.match(line)
    if leading:
        places.append((leading.start(1), leading[1]))
    for token in _TOKEN.finditer(line):
        word = token[0]
        # 5000 is a code and a number of units: round numbers count only alone on their line
        if word in known and (not _ROUND.match(word) or word == line.strip()):
            places.append((token.start(), word))
    return list(dict.fromkeys(code for _, code in sorted(places)))


def _severity(line: str) -> Severity:
    word = _SAID.search(line)
    return severity_of(word[1]) if word else "unknown"


def _sku(line: str) -> str:
    found = _SKU.search(line)
    return found[1].rstrip(".,") if found and any(char.isdigit() for char in found[1]) else ""
