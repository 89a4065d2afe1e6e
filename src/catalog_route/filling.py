"""Finds what must say something and says nothing: empty fields, and ids that nothing could refer to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from catalog_route.entries import SECTIONS, yaml_name
from catalog_route.knowledge import Knowledge
from catalog_route.linking import Locate
from catalog_route.problems import Problem, brief
from catalog_route.rules import fault

# What may be empty although it has to be there: an entry without statements, and an example side (a lint of its own).
MAY_BE_EMPTY = ("facts", "fires", "silent", "origin")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]*\Z")
# How phrases name groups, and drafts placeholders; an error code is whatever Amazon writes, in one word.
_IDS = {
    "groups": (re.compile(r"[a-z0-9+-]+\Z"), "small letters, digits and - only"),
    "placeholders": (re.compile(r"[a-z_]+\Z"), "small letters and _ only"),
    "codes": (re.compile(r"[^\s]+\Z"), "write it without blanks"),
}


def hollow(known: Knowledge, locate: Locate) -> Iterator[Problem]:
    """A problem for every field that must say something and is empty, and for every id that cannot be written elsewhere."""
    for section in SECTIONS:
        pattern, cure = _IDS.get(section, (_ID, "letters, digits, - and _ only, the first a letter or digit"))
        for ident, entry in getattr(known, section).items():
            if not pattern.match(ident):
                place = locate(section, ident, "code" if section == "codes" else "id")
                yield fault("bad-id", place, f'"{brief(ident)}" cannot be an id', cure)
            for inside in _empty(entry, ()):
                what = f'{brief(ident)}: "{".".join(yaml_name(part) for part in inside)}" is empty'
                yield fault("empty-field", locate(section, ident, *inside), what, "say it, or leave the entry out")


def _empty(entry: Any, above: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """The routes of all required fields of a record, and of the records in it, that are empty."""
    for part in fields(entry):
        value, inside = getattr(entry, part.name), (*above, part.name)
        if is_dataclass(value):
            yield from _empty(value, inside)
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            for number, each in enumerate(value):
                yield from _empty(each, (*inside, number))
        elif part.default is MISSING and part.default_factory is MISSING and part.name not in MAY_BE_EMPTY and _blank(value):
            yield inside


def _blank(value: Any) -> bool:
    return not value.strip() if isinstance(value, str) else isinstance(value, (tuple, dict)) and not value
