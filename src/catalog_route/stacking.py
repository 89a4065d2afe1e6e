"""Layers of knowledge, one over the other: the entries in force, where each stands, and what every layer did.

A layer adds by id. An id that lies below is replaced only with `replaces: true` and made longer only with `extends: true`;
`disabled` switches off. Whatever does not fit is a problem: nothing changes silently.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from catalog_route import knowledge as k
from catalog_route.entries import RECORDS, SECTIONS, checked, raw_entries
from catalog_route.lengthening import Placed, lengthened
from catalog_route.problems import Problem, brief, did_you_mean, nearest
from catalog_route.rules import fault
from catalog_route.wording import Words
from catalog_route.yaml_source import Route, YamlText

# From so many on, ids that are there already are told as one fault.
FLOOD = 20


@dataclass(slots=True)
class Sheets:
    """What was read of one folder: its files as plain data, and what was wrong with reading them."""

    name: str
    folder: Path
    texts: list[YamlText] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether it says that it is a whole knowledge, which nothing lies below."""
        return any(isinstance(text.data, dict) and text.data.get("whole") is True for text in self.texts)


class Stack:
    """The layers so far. `entries` and `words` are what is in force; `off` tells where an entry was switched off."""

    def __init__(self) -> None:
        self.entries: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
        self.words = Words()
        self.problems: list[Problem] = []
        self.broken: set[str] = set()
        self.off: dict[tuple[str, str], str] = {}
        self.layers: list[k.Layer] = []
        self._placed: dict[tuple[str, str], Placed] = {}

    def lay(self, sheets: Sheets) -> None:
        """Lay a folder over what is there."""
        self.problems += sheets.problems
        laying = _Laying(self, self._placed)
        for text in sheets.texts:
            laying.switch_off(text)
        for text in sheets.texts:
            laying.take(text)
        laying.close()
        self.layers.append(k.Layer(sheets.name, tuple(laying.did)))

    def locate(self, section: str, ident: str, *inside: str | int) -> tuple[str, int, int]:
        """File, line and column of a value inside an entry, or of a part of the vocabulary."""
        if section == "vocabulary":
            return self.words.place(ident, *inside)
        return self._placed[section, ident].place(inside)


class _Laying:
    """One layer being laid over a stack."""

    def __init__(self, stack: Stack, placed: dict[tuple[str, str], Placed]) -> None:
        self._stack = stack
        self._placed = placed
        self._fresh: dict[tuple[str, str], k.How] = {}
        self._twice: list[Problem] = []
        self.did: list[k.Laid] = []

    def switch_off(self, text: YamlText) -> None:
        """What the section `disabled` of a file names, taken out of force."""
        raw = text.data.get("disabled") if isinstance(text.data, dict) else None
        named = checked(text, ("disabled",), raw, self._stack.problems) if raw is not None else None
        for section, idents in (named or {}).items():
            for index, ident in enumerate(idents):
                place = (text.name, *text.place(("disabled", section, index)))
                below = self._taken_out(section, ident, place)
                if below is not None:
                    self.did.append(k.Laid("disables", section, ident, f"{text.name}:{place[1]}", below))

    def _taken_out(self, section: str, ident: str, place: tuple[str, int, int]) -> str | None:
        """The origin of what was switched off, None when there was nothing."""
        stack = self._stack
        if section in stack.entries:
            there = stack.entries[section]
            if ident in there:
                stack.off[section, ident] = f"{place[0]}:{place[1]}"
                return str(there.pop(ident).origin)
            names: list[str] = list(there)
        else:
            words = stack.words
            if section not in words.parts():
                cure = did_you_mean(section, [*SECTIONS, *words.parts()], f"known here: {', '.join(SECTIONS)}")
                stack.problems.append(fault("unknown-key", place, f'disabled: no section "{brief(section)}"', cure))
                return None
            origin = words.taken_out(section, ident)
            if origin is not None:
                return origin
            names = words.names(section)
        cure = did_you_mean(ident, names, f"{section} has no such entry; leave it out")
        what = f'disabled: nothing is called "{brief(ident)}" in {section}'
        if (section, ident) in stack.off:
            what, cure = f'disabled: "{ident}" is switched off already, at {stack.off[section, ident]}', "leave it out"
        stack.problems.append(fault("nothing-below", place, what, cure))
        return None

    def take(self, text: YamlText) -> None:
        """The entries of a file."""
        problems = self._stack.problems
        for route, raw in raw_entries(text, problems):
            section = str(route[0])
            if section == "vocabulary":
                self.did += self._stack.words.take(text, raw, problems)
            elif section not in SECTIONS:
                if section != "disabled":
                    checked(text, route, raw, problems)
            else:
                self._entry(text, section, route, raw)

    def _entry(self, text: YamlText, section: str, route: Route, raw: Any) -> None:
        stack, place = self._stack, (text.name, *text.place(route))
        ident = str(raw.get("code") or raw.get("id")) if isinstance(raw, dict) else ""
        how, raw = _directive(text, route, raw, stack.problems)
        below = stack.entries[section].get(ident)
        placed = Placed(text, route, self._placed[section, ident] if how == "extends" and below is not None else None)
        if how != "adds" and (below is None or self._fresh.get((section, ident), how) != how):
            stack.problems.append(_nothing(how, section, ident, place, stack))
            stack.broken.add(ident)
            return
        if how == "extends":
            raw, problems = lengthened(raw, below, placed, text, route)
            stack.problems += problems
        entry = checked(text, route, raw, stack.problems)
        if entry is None:
            stack.broken.add(ident)
            return
        if below is not None and (how == "adds" or (how == "replaces" and (section, ident) in self._fresh)):
            self._there_already(section, ident, place, str(below.origin))
            return
        self._put(section, ident, entry, placed, (how, f"{place[0]}:{place[1]}"))

    def _put(self, section: str, ident: str, entry: Any, placed: Placed, told: tuple[k.How, str]) -> None:
        (how, here), stack = told, self._stack
        below = stack.entries[section].get(ident)
        origin = f"{below.origin} + {here}" if how == "extends" and below is not None else here
        self._placed[section, ident] = placed
        self._fresh[section, ident] = how
        stack.entries[section][ident] = replace(entry, origin=origin)
        stack.off.pop((section, ident), None)
        under = str(below.origin) if below is not None else ""
        self.did.append(k.Laid(how, section, ident, here, under, _new_phrases(section, entry, below)))

    def _there_already(self, section: str, ident: str, place: tuple[str, int, int], first: str) -> None:
        cure = f"it stands already at {first}"
        if (section, ident) not in self._fresh:
            cure += "; to put this one in its place write replaces: true, to add to its lists extends: true"
        self._twice.append(fault("duplicate-id", place, f'duplicate id "{brief(ident)}" in {section}', cure))

    def close(self) -> None:
        """Tell the ids that were there already; many of them together, since then the cause is one."""
        twice = self._twice
        if len(twice) > FLOOD and len(twice) > len(self.did):
            what = f"{len(twice)} ids are there already, this one first: {twice[0].what}"
            cure = "a knowledge that stands alone says whole: true; one that is laid over the shipped one holds only what is new"
            twice = [fault("duplicate-id", (twice[0].file, twice[0].line, twice[0].column), what, cure)]
        self._stack.problems += twice


def _new_phrases(section: str, entry: Any, below: Any) -> tuple[str, ...]:
    """The phrases of a signal that the one below it does not have."""
    if section != "signals" or below is None:
        return ()
    return tuple(phrase for phrase in entry.says if phrase not in below.says)


WAYS: tuple[k.How, ...] = ("replaces", "extends")


def _directive(text: YamlText, route: Route, raw: Any, problems: list[Problem]) -> tuple[k.How, Any]:
    """What an entry does to the one of its id below it, and the entry without the word that says so."""
    if not isinstance(raw, dict):
        return "adds", raw
    asked: list[k.How] = []
    rest: dict[str, Any] = {}
    for name, value in raw.items():
        way = _meant(str(route[0]), name)
        if way is None:
            rest[name] = value
            continue
        if name != way:
            place = (text.name, *text.key((*route, name)))
            problems.append(fault("unknown-key", place, f'unknown key "{brief(name)}"', f'did you mean "{way}"?'))
        if value is True:
            asked.append(way)
        elif value is not False:
            place = (text.name, *text.place((*route, name)))
            problems.append(fault("wrong-value", place, f"{way}: {brief(value)}", f"write {way}: true, or leave it out"))
    if len(asked) > 1:
        place = (text.name, *text.key((*route, "extends")))
        problems.append(fault("wrong-value", place, "an entry cannot both replace and extend", "keep one of the two"))
    return asked[0] if asked else "adds", rest


def _meant(section: str, name: str) -> k.How | None:
    """The word that a key is, or that was meant by it; None when it is a field, or near to one."""
    if name in WAYS or name in RECORDS[section].__record_names__:
        return next((way for way in WAYS if way == name), None)
    near = nearest(name, [*RECORDS[section].__record_names__, *WAYS])
    return next((way for way in WAYS if way == near), None)


def _nothing(how: k.How, section: str, ident: str, place: tuple[str, int, int], stack: Stack) -> Problem:
    """The problem of an entry that should do something to one that is not there."""
    if ident in stack.entries[section]:
        what, cure = f'"{brief(ident)}" is written anew and made longer in one folder', "make it one entry"
        return fault("duplicate-id", place, what, cure)
    cure = did_you_mean(ident, stack.entries[section], f"leave out {how}: true to add it")
    what = f'{how}: there is no "{brief(ident)}" in {section} below'
    if (section, ident) in stack.off:
        cure = f"it is switched off at {stack.off[section, ident]}; leave out {how}: true to add it anew"
    return fault("nothing-below", place, what, cure)
