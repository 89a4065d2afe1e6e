"""Lines → records of the caller: a text and its own fields, or the reason why there is none. A bad record costs one record.

`.txt` has one text a line, `.jsonl` one object a line; tables (`.csv`, `.tsv`) have their own module. Parsers keep nothing
from one block to the next, so that blocks can be parsed anywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, NamedTuple, NoReturn, Protocol

from catalog_route.counts import Counts
from catalog_route.streaming import LONGEST, Lines, text_lines

DEEPEST = 64
# Names under which a text is found when none is told, the most telling first; compared without case, `_`, `-` and blanks.
TEXT_NAMES = (
    "text", "issue", "problem", "message", "description", "body", "content", "question", "complaint", "query", "comment",
    "issue text", "issue description", "problem description", "case description", "case text", "contact reason", "details",
    "summary", "subject",
)  # fmt: skip

_FORM = str.maketrans("", "", " _-")
_WANTED = tuple(dict.fromkeys(name.translate(_FORM) for name in TEXT_NAMES))
_SHAPE = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]')


class Record(NamedTuple):
    """One record: `text` is None when it was rejected, and `error` says why.

    `own`: the caller's fields, text included. `raw`: the record as it stood, where that says more than `own`.
    """

    line: int
    text: str | None
    own: Mapping[str, Any]
    raw: str = ""
    error: str | None = None


class Parser(Protocol):
    """Makes records of blocks."""

    @property
    def names(self) -> tuple[str, ...] | None:
        """The own fields that every record has, when that is known beforehand."""
        ...

    def records(self, block: Any, counts: Counts) -> Iterator[Record]:
        """The records of one block; blank lines and lines that are not UTF-8 are counted."""
        ...


def too_long(block: Lines) -> Record:
    """The rejected record of a line beyond the limit, with its beginning."""
    beginning = block.data.decode("utf-8", "backslashreplace")
    return Record(block.line, None, {}, beginning, f"a line of {block.cut} bytes, more than the {LONGEST} that are read")


def unusable(text: Any) -> str | None:
    """Why this is no text to route, None when it is one."""
    if not isinstance(text, str):
        return "the text is not a string"
    return None if text and not text.isspace() else "the text is blank"


@dataclass(frozen=True, slots=True)
class TextParser:
    """One text a line."""

    names: tuple[str, ...] | None = ("text",)

    def records(self, block: Lines, counts: Counts) -> Iterator[Record]:
        """A record for each line that is not blank."""
        if block.cut:
            yield too_long(block)
            return
        for number, line in enumerate(text_lines(block, counts.saw_odd), block.line):
            text = line[:-1] if line.endswith("\r") else line
            if not text or text.isspace():
                counts.blank += 1
            else:
                yield Record(number, text, {"text": text})


@dataclass(frozen=True, slots=True)
class JsonParser:
    """One JSON object a line; its text under `field`, or under the first of TEXT_NAMES that it has."""

    field: str | None = None
    names: tuple[str, ...] | None = None

    def records(self, block: Lines, counts: Counts) -> Iterator[Record]:
        """A record for each line that is not blank."""
        if block.cut:
            yield too_long(block)
            return
        for number, line in enumerate(text_lines(block, counts.saw_odd), block.line):
            if not line or line.isspace():
                counts.blank += 1
            else:
                yield self._record(number, line)

    def _record(self, number: int, line: str) -> Record:
        try:
            own = parse_json(line)
        except ValueError as fault:
            return Record(number, None, {}, line, str(fault))
        if type(own) is not dict:
            return Record(number, None, {}, line, "not a JSON object")
        name = self.field or ("text" if "text" in own else text_name(own))
        if name is None or name not in own:
            wanted = f'field "{name}"' if name else "text field"
            return Record(number, None, own, line, f"no {wanted}; it has {listed(own)}")
        text = own[name]
        error = unusable(text)
        return Record(number, None if error else text, own, line, error)


def text_name(names: Iterable[str]) -> str | None:
    """The name among `names` that most likely holds the text, None when none does."""
    forms: dict[str, str] = {}
    for name in names:
        forms.setdefault(name.casefold().translate(_FORM), name)
    return next((forms[form] for form in _WANTED if form in forms), None)


def listed(names: Iterable[str]) -> str:
    """Names for a message, cut when there are many."""
    quoted = [f'"{name[:40]}"' for name in names]
    return ", ".join(quoted[:12]) + (f" and {len(quoted) - 12} more" if len(quoted) > 12 else "") if quoted else "no fields"


def parse_json(line: str) -> Any:
    """The value of strict JSON. ValueError tells what is wrong, in words for people.

    Refused: NaN and infinities, a name twice in one object, and nesting beyond DEEPEST (counted, not tried).
    """
    if line.count("[") + line.count("{") > DEEPEST and _depth(line) > DEEPEST:
        raise ValueError(f"nested deeper than {DEEPEST} levels")
    try:
        return _DECODER.decode(line)
    except json.JSONDecodeError as fault:
        raise ValueError(f"not JSON: {fault.msg} at character {fault.colno}") from fault


def _depth(line: str) -> int:
    deepest = depth = 0
    for found in _SHAPE.finditer(line):
        if found[0] in ("[", "{"):
            depth += 1
            deepest = max(deepest, depth)
        elif found[0] in ("]", "}"):
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ValueError(f'"{twice[:40]}" stands twice in one object')
    return made


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _number(digits: str) -> float:
    value = float(digits)
    if not isfinite(value):
        raise ValueError(f"the number {digits[:40]} is too large")
    return value


def _whole(digits: str) -> int:
    try:
        return int(digits)
    except ValueError as fault:
        raise ValueError(f"a number of {len(digits)} digits is too long") from fault


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant, parse_float=_number, parse_int=_whole)
