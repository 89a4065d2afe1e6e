"""Reads one YAML file into plain data with the place of every value, refusing whatever could surprise or hurt.

Built on PyYAML's event stream, so that depth, size, aliases and tags are judged before anything is constructed.
Only plain text, `true`/`false`, `null` and decimal whole numbers are understood without quotes; what YAML 1.1 would
quietly turn into something else (`no`, `0123`, `2026-01-05`, `12:30`, `1.10`) is refused with the advice to quote it.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from catalog_route.places import LARGEST, RefusedError, read_plain
from catalog_route.problems import MOST_PROBLEMS, KnowledgeError, Problem, brief
from catalog_route.rules import fault

MAX_DEPTH = 32
# Commas and line ends of one file: what stands between values, counted before anything is read.
MAX_SEPARATORS = 60_000

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
_DEEP = f"nested deeper than {MAX_DEPTH} levels"
# Line ends that only YAML knows (next line, line and paragraph separator), and a byte-order mark that is not at the beginning.
_HIDDEN = re.compile(b"\xc2\x85|\xe2\x80[\xa8\xa9]|(?!\\A)\xef\xbb\xbf")


@dataclass(slots=True)
class YamlText:
    """Plain data of one file (`data`), where each value stands (`places`) and each key (`keys`); lines and columns from 1."""

    name: str
    data: Any
    places: dict[Route, Place] = field(default_factory=dict)
    keys: dict[Route, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, route: Route) -> Place:
        """Where the value at `route` stands; the nearest enclosing value when it is not there."""
        while route and route not in self.places:
            route = route[:-1]
        return self.places.get(route, (1, 1))

    def key(self, route: Route) -> Place:
        """Where the key of the value at `route` stands, or the value itself where it has none."""
        return self.keys.get(route) or self.place(route)


def read_yaml(path: Path, name: str) -> YamlText:
    """Read `path`, called `name` in messages. What is wrong inside is listed in `problems`, never raised.

    Raises KnowledgeError when the file cannot be read at all.
    """
    return _Builder(name).build(_read_bytes(path, name))


def _read_bytes(path: Path, name: str) -> bytes:
    try:
        raw = read_plain(path, LARGEST)
    except RefusedError as refused:
        raise KnowledgeError([fault("unreadable", (name, 1, 1), refused.what, refused.cure)]) from refused
    except (OSError, ValueError) as broken:
        what = f"cannot be read: {getattr(broken, 'strerror', None) or broken}"
        raise KnowledgeError([fault("unreadable", (name, 1, 1), what)]) from broken
    if raw.count(b",") + raw.count(b"\n") > MAX_SEPARATORS:
        what = f"more than {MAX_SEPARATORS} commas and lines"
        raise KnowledgeError([fault("unreadable", (name, 1, 1), what, "split the file")])
    return raw


class _Builder:
    """Turns an event stream into plain data; `frames` is the stack of open collections."""

    def __init__(self, name: str) -> None:
        self.text = YamlText(name, None)
        self.frames: list[tuple[Route, dict[str, Any] | list[Any]]] = []
        self.key: list[str | None] = []
        self.documents = 0

    def build(self, raw: bytes) -> YamlText:
        hidden = _HIDDEN.search(raw)
        if hidden:
            self._hidden(raw, hidden)
            return self.text
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for event in yaml.parse(raw, Loader=loader):
                if not self._take(event):
                    break
        except (yaml.YAMLError, ValueError) as broken:
            mark = getattr(broken, "problem_mark", None)
            what = getattr(broken, "problem", None) or str(broken).splitlines()[0]
            if "nesting" in what:  # libyaml's own limit, met while it looks ahead
                self._problem("refused-yaml", mark, _DEEP, "flatten it")
            else:
                self._problem("not-yaml", mark, f"not valid YAML: {brief(what)}")
        return self.text

    def _hidden(self, raw: bytes, found: re.Match[bytes]) -> None:
        """A line end that editors do not show, or a second byte-order mark, would quietly cut or rename keys."""
        before = raw[: found.start()]
        place = (self.text.name, before.count(b"\n") + 1, len(before) - before.rfind(b"\n"))
        what = f"hidden character U+{ord(found[0].decode('utf-8')):04X}"
        self.text.problems.append(fault("refused-yaml", place, what, "remove it"))

    def _take(self, event: Any) -> bool:
        """Handle one event; False when reading on makes no sense."""
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    return self._refuse(event, "a second document begins here", "keep one document a file", "not-yaml")
            case yaml.AliasEvent():
                return self._refuse(event, f"alias *{brief(event.anchor)}", "write the value out; aliases are not used here")
            case yaml.ScalarEvent():
                return self._scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                return self._open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close()
        return True

    def _open(self, event: Any) -> bool:
        if len(self.frames) >= MAX_DEPTH:
            return self._refuse(event, _DEEP, "flatten it")
        if event.tag is not None:
            return self._refuse(event, f"tag {brief(event.tag)}", "remove it; only plain values are read")
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
            return self._refuse(event, f"tag {brief(event.tag)}", "remove it; only plain values are read")
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
            shown = brief(text)
            self._problem("unquoted", event.start_mark, f"unquoted {shown} means something else in YAML", f'quote it: "{shown}"')
        return text

    def _set_key(self, event: Any) -> None:
        key = event.value
        route, mapping = self.frames[-1]
        if not event.style and _SURPRISES.match(key):
            what, cure = f"unquoted key {brief(key)} means something else in YAML", f'quote it: "{brief(key)}"'
            self._problem("unquoted", event.start_mark, what, cure)
        key = f"{key}_" if keyword.iskeyword(key) else key
        if isinstance(mapping, dict) and key in mapping:
            first = self.text.keys[(*route, key)][0]
            what, cure = f'duplicate key "{brief(event.value)}"', f"it stands already in line {first}"
            self._problem("duplicate-key", event.start_mark, what, cure)
        self.key[-1] = key
        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        self.text.keys.setdefault((*route, key), place)
        self.text.places[(*route, key)] = place

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

    def _refuse(self, event: Any, what: str, cure: str, rule: str = "refused-yaml") -> bool:
        self._problem(rule, event.start_mark, what, cure)
        return False

    def _problem(self, rule: str, mark: Any, what: str, cure: str = "") -> None:
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        if len(self.text.problems) < MOST_PROBLEMS:
            self.text.problems.append(fault(rule, (self.text.name, line, column), what, cure))
