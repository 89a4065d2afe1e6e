"""The vocabulary of several files and layers joined into one, with the place of every part.

Lists grow. In a mapping of words to words or numbers a key has one meaning: another one is a fault unless `replaces` names
the key. Phrases of `counts` and `marks` grow like lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from catalog_route import knowledge as k
from catalog_route.entries import checked
from catalog_route.problems import Problem, brief, did_you_mean
from catalog_route.rules import fault
from catalog_route.yaml_source import Route, YamlText


class Words:
    """The vocabulary in force."""

    def __init__(self) -> None:
        self.vocabulary = k.Vocabulary()
        self._places: dict[tuple[str, ...], tuple[YamlText, Route]] = {}

    def parts(self) -> list[str]:
        """The names of its parts."""
        return [part.name for part in fields(k.Vocabulary)]

    def names(self, part: str) -> list[str]:
        """What a part holds: the keys of a mapping, the texts of a list."""
        return list(getattr(self.vocabulary, part))

    def place(self, part: str, *inside: str | int) -> tuple[str, int, int]:
        """File, line and column of a part, of a key, or of a phrase of a list."""
        held = getattr(self.vocabulary, part)
        if inside and isinstance(inside[0], int):
            keys: tuple[str, ...] = (part, held[inside[0]])
        elif len(inside) > 1 and isinstance(inside[1], int):
            keys = (part, str(inside[0]), held[inside[0]][inside[1]])
        else:
            keys = (part, *map(str, inside))
        text, route = self._places.get(keys) or self._places[keys[:1]]
        return (text.name, *text.place(route))

    def taken_out(self, part: str, name: str) -> str | None:
        """Take out a key or a text of a part; gives its address, None when it is not there."""
        held = getattr(self.vocabulary, part)
        if name not in held:
            return None
        if isinstance(held, dict):
            self._set(part, {key: value for key, value in held.items() if key != name})
        else:
            self._set(part, tuple(each for each in held if each != name))
        text, route = self._places.pop((part, name))
        return f"{text.name}:{text.place(route)[0]}"

    def take(self, text: YamlText, raw: Any, problems: list[Problem]) -> list[k.Laid]:
        """Join the vocabulary of one file; gives what that did to what was there."""
        replacing: tuple[str, ...] = ()
        if isinstance(raw, dict) and "replaces" in raw:
            value = raw["replaces"]
            if isinstance(value, tuple) and all(isinstance(name, str) for name in value):
                replacing = value
            else:
                place = (text.name, *text.place(("vocabulary", "replaces")))
                cure = "list the keys that get a new meaning"
                problems.append(fault("wrong-value", place, "replaces: not a list of words", cure))
            raw = {name: part for name, part in raw.items() if name != "replaces"}
        entry = checked(text, ("vocabulary",), raw, problems)
        if entry is None:
            return []
        did = [each for part in fields(k.Vocabulary) for each in self._join(text, part.name, entry, replacing, problems)]
        done = {each.id for each in did if each.how == "replaces"}
        for index, name in enumerate(replacing):
            if name not in done:
                place = (text.name, *text.place(("vocabulary", "replaces", index)))
                known = [key for part in ("variants", "numbers", "units") for key in self.names(part)]
                what = f'replaces: "{brief(name)}" gets no new meaning here'
                problems.append(fault("nothing-below", place, what, did_you_mean(name, known, "leave it out")))
        return did

    def _join(self, text: YamlText, part: str, entry: Any, replacing: tuple[str, ...],
              problems: list[Problem]) -> Iterator[k.Laid]:  # fmt: skip
        new = getattr(entry, part)
        if not new:
            return
        route: Route = ("vocabulary", part)
        old = getattr(self.vocabulary, part)
        origin = f"{text.name}:{text.place(route)[0]}"
        yield k.Laid("extends" if old else "adds", part, "", origin, self._address(part) if old else "")
        self._places.setdefault((part,), (text, route))
        if not isinstance(new, dict):
            for index, word in enumerate(new):
                self._places.setdefault((part, word), (text, (*route, index)))
            self._set(part, tuple(dict.fromkeys((*old, *new))))
            return
        joined = dict(old)
        for key, value in new.items():
            here = (text, (*route, key))
            if isinstance(value, tuple):
                for index, phrase in enumerate(value):
                    self._places.setdefault((part, key, phrase), (text, (*route, key, index)))
                joined[key] = tuple(dict.fromkeys((*joined.get(key, ()), *value)))
            elif joined.get(key, value) == value:
                joined[key] = value
            elif key in replacing:
                file, line, _ = self.place(part, key)
                joined[key] = value
                yield k.Laid("replaces", part, key, f"{text.name}:{text.place(here[1])[0]}", f"{file}:{line}")
                self._places[part, key] = here
            else:
                problems.append(self._other(part, key, here))
            self._places.setdefault((part, key), here)
        self._set(part, joined)

    def _other(self, part: str, key: str, here: tuple[YamlText, Route]) -> Problem:
        file, line, _ = self.place(part, key)
        what = f'{part}: "{brief(key)}" means {brief(getattr(self.vocabulary, part)[key])} already, at {file}:{line}'
        cure = f'to give it another meaning write replaces: ["{brief(key)}"] in this vocabulary'
        return fault("duplicate-id", (here[0].name, *here[0].place(here[1])), what, cure)

    def _address(self, part: str) -> str:
        text, route = self._places[part,]
        return f"{text.name}:{text.place(route)[0]}"

    def _set(self, part: str, value: Any) -> None:
        self.vocabulary = k.Vocabulary(**{**{each: getattr(self.vocabulary, each) for each in self.parts()}, part: value})
