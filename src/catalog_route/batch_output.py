"""Records and answers → lines of output: JSON lines (brief or whole documents) or CSV that no spreadsheet acts on.

In both, the caller's own fields stand under their own names between `line` and the answer; a name of ours, or one that
begins with `input.`, gets `input.` in front, so that taking one `input.` away always gives the caller's name again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from catalog_route.batch import Answer
from catalog_route.cells import csv_line, safe
from catalog_route.records import Record

INPUT = "input"
OURS = frozenset({"line", "status", "recommended", "group", "start_with", "confidence", "signals", "error", INPUT})
MORE, ESCAPED = "more", "text_escaped"
OURS_CSV = OURS | {MORE, ESCAPED}
_MOST_KEPT = 10_000
Key = TypeVar("Key")
Value = TypeVar("Value")
_NOT_PLAIN = re.compile("[^ -~]")

_encode: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=True, allow_nan=False).encode


class Writer(Protocol):
    """Makes lines of output, line end included."""

    @property
    def head(self) -> str:
        """What stands first."""
        ...

    def line(self, record: Record, answer: Answer) -> str:
        """The line of a record with its brief answer."""
        ...

    def document(self, record: Record, document: Mapping[str, Any]) -> str:
        """The line of a record with the whole document of its answer."""
        ...


def own_name(name: str, ours: frozenset[str] = OURS) -> str:
    """The name under which an own field of the caller is written."""
    return f"{INPUT}.{name}" if name in ours or name.startswith(f"{INPUT}.") else name


@dataclass(slots=True)
class JsonWriter:
    """JSON lines, ASCII only. Where no name has to change, own fields of JSON records are written as they stood."""

    head: str = ""
    _tails: dict[Answer, str] = field(default_factory=dict)
    _free: dict[tuple[str, ...], bool] = field(default_factory=dict)

    def line(self, record: Record, answer: Answer) -> str:
        """The brief record."""
        if record.error is None:
            tail = self._tails.get(answer)
            if tail is None:
                tail = _kept(self._tails, answer, _encode({**answer._asdict(), "error": None})[1:])
        else:
            rest = {} if record.own else {INPUT: record.raw}
            tail = _encode({**answer._asdict(), "error": record.error, **rest})[1:]
        own = self._own(record)
        return f'{{"line": {record.line}, {own}, {tail}\n' if own else f'{{"line": {record.line}, {tail}\n'

    def document(self, record: Record, document: Mapping[str, Any]) -> str:
        """The whole document; the text that was routed is its `text`, and is not repeated."""
        ours = OURS | document.keys()
        text = document["text"]
        own = {own_name(name, ours): value for name, value in record.own.items() if name != "text" or value != text}
        return _encode({"line": record.line, **own, **document, "error": None}) + "\n"

    def _own(self, record: Record) -> str:
        """The own fields as members of a JSON object, without its braces."""
        own = record.own
        if record.raw and own:
            names = tuple(own)
            free = self._free.get(names)
            if free is None:
                free = _kept(self._free, names, all(own_name(name) == name for name in names))
            if free:
                body = record.raw.strip()[1:-1].strip()
                return body if body.isascii() and body.isprintable() else _NOT_PLAIN.sub(_escaped, body)
        return _encode({own_name(name): value for name, value in own.items()})[1:-1]


def _kept(store: dict[Key, Value], key: Key, value: Value) -> Value:
    """`value`, remembered while there is room."""
    if len(store) < _MOST_KEPT:
        store[key] = value
    return value


def _escaped(found: re.Match[str]) -> str:
    """A character of valid JSON as it is written in ASCII; control characters stand there only between its parts."""
    return _encode(found[0])[1:-1] if found[0] >= "\x7f" else " "


@dataclass(slots=True)
class CsvWriter:
    """CSV with every cell quoted. `names`: the own fields that have a column; `loose` adds one with all others, as JSON.

    Cells that a spreadsheet would take for a formula carry an apostrophe in front, and `text_escaped` says so.
    """

    names: tuple[str, ...]
    loose: bool = False
    head: str = field(init=False)
    _known: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self._known = frozenset(self.names)
        own = [safe(own_name(name, OURS_CSV)) for name in self.names]
        self.head = csv_line(["line", *own, *([MORE] if self.loose else []), *Answer._fields, "error", INPUT, ESCAPED])

    def line(self, record: Record, answer: Answer) -> str:
        """The brief record."""
        own = record.own
        texts = [str(record.line), *(_cell(own.get(name)) for name in self.names)]
        if self.loose:
            others = {name: value for name, value in own.items() if name not in self._known}
            texts.append(_encode(others) if others else "")
        texts += [value or "" for value in answer[:-1]]
        texts += [" ".join(answer.signals), record.error or "", record.raw if record.error and not own else ""]
        cells = list(map(safe, texts))
        return csv_line([*cells, "yes" if cells != texts else "no"])

    def document(self, record: Record, document: Mapping[str, Any]) -> str:
        """Not offered: a document is no row."""
        raise NotImplementedError("whole documents are written as JSON only")


def _cell(value: Any) -> str:
    """A value as a cell: text as it is, nothing as nothing, all else as JSON."""
    if value is None:
        return ""
    return value if isinstance(value, str) else _encode(value)


@dataclass(frozen=True, slots=True)
class NoWriter:
    """Writes nothing: only the counts are wanted."""

    head: str = ""

    def line(self, record: Record, answer: Answer) -> str:
        """Nothing."""
        return ""

    def document(self, record: Record, document: Mapping[str, Any]) -> str:
        """Nothing."""
        return ""
