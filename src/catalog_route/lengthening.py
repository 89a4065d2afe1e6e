"""An entry that only says what is new → the whole entry: its lists and mappings behind those of the entry below it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from catalog_route.entries import yaml_name
from catalog_route.problems import Problem, brief
from catalog_route.rules import fault
from catalog_route.yaml_source import Route, YamlText


class Placed:
    """Where the parts of one entry stand; what was lengthened stands partly in another file than what it lengthens."""

    def __init__(self, text: YamlText, route: Route, below: Placed | None = None) -> None:
        self._text = text
        self._route = route
        self._below = below
        # The length of each list below: items from there on stand here.
        self.lengths: dict[Route, int] = {}

    def place(self, inside: Route) -> tuple[str, int, int]:
        """File, line and column of a value inside the entry, or of what encloses it."""
        if self._below is None:
            return (self._text.name, *self._text.place((*self._route, *inside)))
        for depth, part in enumerate(inside):
            held = self.lengths.get(inside[:depth])
            if held is not None and isinstance(part, int):
                if part < held:
                    break
                inside = (*inside[:depth], part - held, *inside[depth + 1 :])
                return (self._text.name, *self._text.place((*self._route, *inside)))
        here = (*self._route, *inside)
        if inside and here in self._text.places and not any(isinstance(part, int) for part in inside):
            return (self._text.name, *self._text.place(here))
        return self._below.place(inside)


def lengthened(raw: dict[str, Any], below: Any, placed: Placed, text: YamlText, base: Route) -> tuple[Any, list[Problem]]:
    """The raw entry with what `below` holds, a record; and what cannot be lengthened. Lengths are noted in `placed`."""
    joined = plain(below)
    problems: list[Problem] = []
    for name, value in raw.items():
        if name not in ("id", "code"):
            route = (name,)
            joined[name] = _joined(joined.get(name), value, route, placed, (text, base, problems))
    return joined, problems


def _joined(old: Any, new: Any, route: Route, placed: Placed, told: tuple[YamlText, Route, list[Problem]]) -> Any:
    narrows = route[0] == "when" and old == []
    if isinstance(old, list) and isinstance(new, (list, tuple)) and not narrows:
        placed.lengths[route] = len(old)
        return [*old, *new]
    if isinstance(old, dict) and isinstance(new, dict):
        return old | {name: _joined(old.get(name), value, (*route, name), placed, told) for name, value in new.items()}
    if old is None:
        return new
    text, base, problems = told
    name = ".".join(brief(yaml_name(part)) for part in route)
    why = "it asks for nothing so far, and would ask for something" if narrows else "only lists and mappings can"
    what = f"extends: {name} cannot be made longer, {why}"
    cure = "write the whole entry with replaces: true"
    problems.append(fault("wrong-value", (text.name, *text.place((*base, *route))), what, cure))
    return old


def plain(value: Any) -> Any:
    """A record as an author would write it, without its origin."""
    if is_dataclass(value):
        return {part.name: plain(getattr(value, part.name)) for part in fields(value) if part.name != "origin"}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return dict(value) if isinstance(value, dict) else value
