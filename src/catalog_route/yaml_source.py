"""Reads one YAML file into plain data with the place of every value, refusing whatever could surprise or hurt.

Built on PyYAML's event stream, so that depth, size, aliases and tags are judged before anything is constructed.
Only plain text, `true`/`false`, `null` and decimal whole numbers are understood without quotes; what YAML 1.1 would
quietly turn into something else (`no`, `0123`, `2026-01-05`, `12:30`, `1.10`) is refused with the advice to quote it.
"""

from __future__ import annotations

import keyword
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from catalog_route.problems import KnowledgeError, Problem

MAX_BYTES = 4_000_000
MAX_DEPTH = 32

Place: TypeAlias = "tuple[int, int]"
Route: TypeAlias = "tuple[str | int, ...]"

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,15})\Z")
_SURPRISES = re.compile(
    r"""(?: yes|no|on|off|y|n                              # YAML 1.1 booleans
          | [-+]?[0-9][0-9_,.]*(?:e[-+]?[0-9]+)?           # 0123, 1.10, 1_000, 1e5
          | [-+]?0[xob][0-9a-f_]+                          # other number systems
          | [-+]?\.(?:inf|nan) | \.[0-9]+
          | [0-9]+(?::[0-9]+)+(?:\.[0-9]*)?                # 12:30 is 750
          | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[tT ].*)?     # a date
          | = | <<
        )\Z""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(slots=True)
class YamlText:
    """Plain data of one file (`data`) and where each value stands (`places`, lines and columns from 1)."""

    name: str
    data: Any
    places: dict[Route, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, route: Route) -> Place:
        """Where the value at `route` stands; the nearest enclosing value when it is not there."""
        while route and route not in self.places:
            route = route[:-1]
        return self.places.get(route, (1, 1))


def read_yaml(path: Path, name: str) -> YamlText:
    """Read `path`, called `name` in messages. What is wrong inside is listed in `problems`, never raised.

    Raises KnowledgeError when the file cannot be read at all.
    """
    return _Builder(name).build(_read_bytes(path, name))


def _read_bytes(path: Path, name: str) -> bytes:
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise KnowledgeError([Problem(name, 1, 1, "not a regular file", "knowledge is read from plain files")])
        if state.st_size > MAX_BYTES:
            what = f"{state.st_size} bytes, more than the {MAX_BYTES} that are read"
            raise KnowledgeError([Problem(name, 1, 1, what, "split the file")])
        return path.read_bytes()
    except OSError as fault:
        raise KnowledgeError([Problem(name, 1, 1, f"cannot be read: {fault.strerror}")]) from fault


class _Builder:
    """Turns an event stream into plain data; `frames` is the stack of open collections."""

    def __init__(self, name: str) -> None:
        self.text = YamlText(name, None)
        self.frames: list[tuple[Route, dict[str, Any] | list[Any]]] = []
        self.key: list[str | None] = []
        self.keys: dict[Route, int] = {}
        self.documents = 0

    def build(self, raw: bytes) -> YamlText:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for event in yaml.parse(raw, Loader=loader):
                if not self._take(event):
                    break
        except yaml.YAMLError as fault:
            mark = getattr(fault, "problem_mark", None)
            what = getattr(fault, "problem", None) or str(fault).splitlines()[0]
            self._problem(mark, f"not valid YAML: {what}")
        return self.text

    def _take(self, event: Any) -> bool:
        """Handle one event; False when reading on makes no sense."""
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    return self._refuse(event, "a second document begins here", "keep one document a file")
            case yaml.AliasEvent():
                return self._refuse(event, f"alias *{event.anchor}", "write the value out; aliases are not used here")
            case yaml.ScalarEvent():
                return self._scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                return self._open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close()
        return True

    def _open(self, event: Any) -> bool:
        if len(self.frames) >= MAX_DEPTH:
            return self._refuse(event, f"nested deeper than {MAX_DEPTH} levels", "flatten it")
        if event.tag is not None:
            return self._refuse(event, f"tag {event.tag}", "remove it; only plain values are read")
        if self.frames and isinstance(self.frames[-1][1], dict) and self.key[-1] is None:
            return self._refuse(event, "a list or mapping is used as a key", "use a word as the key")
        route = self._next_route()
        self.text.places[route] = (event.start_mark.line + 1, event.start_mark.column + 1)
        self.frames.append((route, {} if isinstance(event, yaml.MappingStartEvent) else []))
        self.key.append(None)
        return True

    def _close(self) -> None:
        _, value = self.frames.pop()
        self.key.pop()
        self._put(tuple(value) if isinstance(value, list) else value)

    def _scalar(self, event: Any) -> bool:
        if event.tag not in (None, "!"):
            return self._refuse(event, f"tag {event.tag}", "remove it; only plain values are read")
        if self.frames and isinstance(self.frames[-1][1], dict) and self.key[-1] is None:
            self._set_key(event)
            return True
        self.text.places[self._next_route()] = (event.start_mark.line + 1, event.start_mark.column + 1)
        self._put(self._value(event))
        return True

    def _value(self, event: Any) -> Any:
        text = event.value
        if event.style:
            return text
        if text in ("true", "false"):
            return text == "true"
        if text in ("", "~", "null"):
            return None
        if _INTEGER.match(text):
            return int(text)
        if _SURPRISES.match(text):
            self._problem(event.start_mark, f"unquoted {text} means something else in YAML", f'quote it: "{text}"')
        return text

    def _set_key(self, event: Any) -> None:
        key = event.value
        route, mapping = self.frames[-1]
        if not event.style and _SURPRISES.match(key):
            self._problem(event.start_mark, f"unquoted key {key} means something else in YAML", f'quote it: "{key}"')
        key = f"{key}_" if keyword.iskeyword(key) else key
        if isinstance(mapping, dict) and key in mapping:
            first = self.keys[(*route, key)]
            self._problem(event.start_mark, f'duplicate key "{event.value}"', f"it stands already in line {first}")
        self.key[-1] = key
        self.keys.setdefault((*route, key), event.start_mark.line + 1)
        self.text.places[(*route, key)] = (event.start_mark.line + 1, event.start_mark.column + 1)

    def _next_route(self) -> Route:
        if not self.frames:
            return ()
        route, value = self.frames[-1]
        return (*route, len(value)) if isinstance(value, list) else (*route, str(self.key[-1]))

    def _put(self, value: Any) -> None:
        if not self.frames:
            self.text.data = value
            return
        holder = self.frames[-1][1]
        if isinstance(holder, list):
            holder.append(value)
        else:
            holder[str(self.key[-1])] = value
            self.key[-1] = None

    def _refuse(self, event: Any, what: str, cure: str) -> bool:
        self._problem(event.start_mark, what, cure)
        return False

    def _problem(self, mark: Any, what: str, cure: str = "") -> None:
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        self.text.problems.append(Problem(self.text.name, line, column, what, cure))
