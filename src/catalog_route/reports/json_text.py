"""JSON read piece by piece: objects key by key, lists element by element, so that neither size nor a cut end matters.

Values are decoded by the standard library; what is here only walks from one to the next.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any, Protocol

from catalog_route.reports.shape import Fault, Tally

MAX_VALUE = 8_000_000
MAX_LOOSE = 8_000_000

_BLANK = re.compile(r"[ \t\r\n\ufeff]*")
_LOOSE = re.compile(r"""\s*[\[{]\s*(?:[\[{]\s*)?(?:u?'|:\w|"[^"\\]{0,60}"\s*=>)""")
# A string that does not end runs to the end of the text, so that no text is searched twice.
_TOKEN = re.compile(
    r""""(?:[^"\\]|\\.)*(?:"|\\?\Z)|'(?:[^'\\]|\\.)*(?:'|\\?\Z)"""
    r"""|=>|\b(?:nil|None|True|False)\b|:([a-zA-Z_]\w*)(?=\s*=>)|\bu(?=')""",
    re.DOTALL,
)
_WORDS = {"=>": ":", "nil": "null", "None": "null", "True": "true", "False": "false", "u": ""}
_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}|(.))', re.DOTALL)


class Pieces(Protocol):
    """What text is read from, piece by piece."""

    def read(self) -> str:
        """The next piece; "" at the end."""
        ...


def _integer(digits: str) -> Any:
    """A whole number, or its digits where Python would refuse the length."""
    return int(digits) if len(digits) <= 18 else digits


class JsonText:
    """Walks through JSON. Fault where it breaks, with line and column."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._held = ""
        self._at = 0
        self._line, self._column = 1, 1
        self._all_read = False
        # strict=False lets raw control characters pass; NaN and its like are no JSON and mean nothing here
        self._decoder = json.JSONDecoder(parse_int=_integer, parse_constant=lambda _: None, strict=False)

    def _more(self, size: int = 1) -> bool:
        """Read on, at least `size` characters; False at the end."""
        self._pass(self._held[: self._at])
        pieces, got = [self._held[self._at :]], 0
        while got < size and not self._all_read:
            piece = self._pieces.read()
            self._all_read = not piece
            got += len(piece)
            pieces.append(piece)
        self._held, self._at = "".join(pieces), 0
        return got > 0

    def _pass(self, text: str) -> None:
        lines = text.count("\n")
        self._line += lines
        self._column = len(text) - text.rfind("\n") if lines else self._column + len(text)

    def fault(self, what: str, ahead: int = 0) -> Fault:
        """A fault where the walk stands, or `ahead` characters further on."""
        self._pass(self._held[: self._at + ahead])
        return Fault(f"at line {self._line}, column {self._column}", what)

    def peek(self) -> str:
        """The next character that is not blank; "" at the end."""
        while True:
            self._at = _BLANK.match(self._held, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                return ""

    def _take(self, char: str, what: str) -> None:
        found = self.peek()
        if found != char:
            raise self.fault(f"it ends where {what} is expected" if not found else f"{what} is expected, not {found!r}")
        self._at += 1

    def elements(self) -> Iterator[None]:
        """Stand before each element of a list in turn; the caller reads it with `value`, `members` or `elements`."""
        yield from self._each("]")

    def members(self) -> Iterator[str]:
        """Each key of an object in turn; the caller reads its value."""
        for _ in self._each("}"):
            if self.peek() != '"':
                raise self.fault("a key in quotes is expected" if self.peek() else "it ends inside an object")
            key = self.value()
            self._take(":", "a colon")
            yield str(key)

    def _each(self, last: str) -> Iterator[None]:
        self._at += 1
        if self.peek() == last:
            self._at += 1
            return
        while True:
            yield
            found = self.peek()
            if found not in (",", last) or not found:
                raise self.fault("a comma is expected" if found else "it ends inside a list or an object")
            self._at += 1
            if found == last:
                return

    def value(self) -> Any:
        """The value that comes next, whole. Fault when it is malformed, cut, too large or too deep."""
        if not self.peek():
            raise self.fault("it ends where a value is expected")
        while True:
            try:
                value, end = self._decoder.raw_decode(self._held, self._at)
            except RecursionError:
                raise self.fault("it is nested too deep") from None
            except ValueError as fault:
                ahead, size = getattr(fault, "pos", self._at) - self._at, len(self._held) - self._at
                if size > MAX_VALUE:
                    raise self.fault(f"a value is malformed or larger than {MAX_VALUE} characters") from fault
                if self._more(size):
                    continue
                raise self._told(fault, ahead) from fault
            # a number at the very end of a piece may go on in the next one
            if end == len(self._held) and not self._all_read:
                self._more()
                continue
            self._at = end
            return value

    def _told(self, fault: ValueError, ahead: int) -> Fault:
        what = str(getattr(fault, "msg", fault)).lower()
        if self._at + ahead >= len(self._held.rstrip()) or "unterminated" in what:
            return self.fault("it ends inside a value", len(self._held))
        return self.fault(what, ahead)


class Whole:
    """One text as pieces."""

    def __init__(self, text: str) -> None:
        self._text = text

    def read(self) -> str:
        """All of it, then nothing."""
        text, self._text = self._text, ""
        return text


def open_json(pieces: Pieces, head: str, tally: Tally) -> JsonText:
    """A walk through JSON, or through the way in which Ruby or Python print the same data."""
    if not _LOOSE.match(head):
        return JsonText(pieces)
    tally.note("this is how Ruby or Python print data, not JSON; read as if it were")
    held: list[str] = []
    size = 0
    while (piece := pieces.read()) and size <= MAX_LOOSE:
        held.append(piece)
        size += len(piece)
    if size > MAX_LOOSE:
        raise Fault("", f"it is printed data of more than {MAX_LOOSE} characters; save it as JSON")
    return JsonText(Whole(_TOKEN.sub(_strict, "".join(held))))


def _strict(found: re.Match[str]) -> str:
    """One token of Ruby or Python as JSON."""
    token = found[0]
    if found[1]:
        return json.dumps(found[1])
    if token[0] == '"':
        return _ESCAPE.sub(lambda e: e[0] if e[1] is None else "\\\\" + e[1], token)
    if token[0] != "'":
        return _WORDS[token]
    try:
        return json.dumps(str(ast.literal_eval(token)))
    except (ValueError, SyntaxError):
        return json.dumps(token[1:-1])
