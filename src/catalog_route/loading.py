"""YAML files → `Knowledge`: reads a folder, checks every entry strictly, and links what refers to what.

All faults of all files are collected and raised together as one `KnowledgeError`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from catalog_route import knowledge as k
from catalog_route.linking import dangling
from catalog_route.places import data_dir, data_files, digest
from catalog_route.problems import KnowledgeError, Problem, did_you_mean
from catalog_route.yaml_source import Route, YamlText, read_yaml


@dataclass(frozen=True, slots=True)
class Document(k.Strict):
    """What one file may hold: any of these sections, each a list of entries (vocabulary: one mapping)."""

    sources: tuple[k.Source, ...] = ()
    facts: tuple[k.Fact, ...] = ()
    abilities: tuple[k.Ability, ...] = ()
    tiers: tuple[k.Tier, ...] = ()
    teams: tuple[k.Team, ...] = ()
    beyond: tuple[k.Beyond, ...] = ()
    signals: tuple[k.Signal, ...] = ()
    history: tuple[k.History, ...] = ()
    codes: tuple[k.ErrorCode, ...] = ()
    tips: tuple[k.Tip, ...] = ()
    steps: tuple[k.Step, ...] = ()
    questions: tuple[k.Question, ...] = ()
    drafts: tuple[k.Draft, ...] = ()
    placeholders: tuple[k.Placeholder, ...] = ()
    groups: tuple[k.Group, ...] = ()
    changes: tuple[k.Change, ...] = ()
    vocabulary: k.Vocabulary = field(default_factory=k.Vocabulary)


SECTIONS = tuple(f.name for f in fields(Document) if f.name != "vocabulary")
_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)


def load_knowledge(folder: Path | None = None) -> k.Knowledge:
    """Read, check and link the knowledge in `folder` (default: the shipped one).

    Raises KnowledgeError with every fault of every file.
    """
    folder = folder or data_dir()
    if not folder.is_dir():
        raise KnowledgeError([Problem(str(folder), 1, 1, "no such folder", "name a folder with knowledge in YAML")])
    collector = _Collector()
    for path in data_files(folder):
        collector.add_file(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")
    known = k.Knowledge(digest=digest(folder), vocabulary=collector.vocabulary, **collector.entries)
    problems = [*collector.problems, *dangling(known, collector.locate, complete=not collector.problems)]
    if problems:
        raise KnowledgeError(problems)
    return known


class _Collector:
    """Gathers entries by id over files, with the place of each and every problem met."""

    def __init__(self) -> None:
        self.entries: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
        self.vocabulary = k.Vocabulary()
        self.problems: list[Problem] = []
        self.places: dict[tuple[str, str], tuple[YamlText, Route]] = {}

    def add_file(self, path: Path, name: str) -> None:
        try:
            text = read_yaml(path, name)
        except KnowledgeError as fault:
            self.problems.extend(fault.problems)
            return
        self.problems.extend(text.problems)
        if text.data is None:
            if not text.problems:
                self.problems.append(Problem(name, 1, 1, "the file is empty", "remove it or fill it"))
            return
        for section, index, entry in _valid_entries(text, self.problems):
            self._add(text, section, index, entry)

    def _add(self, text: YamlText, section: str, index: int, entry: Any) -> None:
        if section == "vocabulary":
            self.vocabulary = _joined(self.vocabulary, entry)
            return
        route: Route = (section, index)
        line, column = text.place(route)
        ident = getattr(entry, "code", None) or entry.id
        if ident in self.entries[section]:
            first = self.entries[section][ident].origin
            what, cure = f'duplicate id "{ident}" in {section}', f"it stands already at {first}"
            self.problems.append(Problem(text.name, line, column, what, cure))
            return
        self.entries[section][ident] = replace(entry, origin=f"{text.name}:{line}")
        self.places[section, ident] = (text, route)

    def locate(self, section: str, ident: str, *inside: str | int) -> tuple[str, int, int]:
        """File, line and column of a value inside an entry."""
        text, route = self.places[section, ident]
        return (text.name, *text.place((*route, *inside)))


def _joined(left: k.Vocabulary, right: k.Vocabulary) -> k.Vocabulary:
    parts: dict[str, Any] = {}
    for part in fields(k.Vocabulary):
        one, other = getattr(left, part.name), getattr(right, part.name)
        parts[part.name] = {**one, **other} if isinstance(one, dict) else (*one, *other)
    return k.Vocabulary(**parts)


def _valid_entries(text: YamlText, problems: list[Problem]) -> Iterator[tuple[str, int, Any]]:
    """Yield (section, index, entry) of what is sound; an entry with faults is left out, its faults are listed."""
    if not isinstance(text.data, dict):
        problems.append(Problem(text.name, 1, 1, "the file is not a mapping", f"begin with one of: {', '.join(SECTIONS)}"))
        return
    for section, value in text.data.items():
        if value is None or (section in SECTIONS and not isinstance(value, tuple)):
            problems.append(Problem(text.name, *text.place((section,)), f"{section} is not a list of entries"))
            continue
        many = section in SECTIONS
        for index, raw in enumerate(value if many else (value,)):
            # JSON, because strict records are only built from mappings there
            text_form = json.dumps({section: [raw] if many else raw})
            try:
                whole = _DOCUMENT.validate_json(text_form)
            except ValidationError as fault:
                base: Route = (section, index) if many else (section,)
                problems.extend(_told(text, base, error) for error in fault.errors(include_url=False, include_input=False))
                continue
            entry = getattr(whole, section)
            yield section, index, entry[0] if many else entry


_CURES = {
    "string_type": "write it as text, in quotes if it looks like a number",
    "tuple_type": "write it as a list",
    "dict_type": "write it as a mapping",
    "int_type": "write a whole number",
    "bool_type": "write true or false",
}


def _told(text: YamlText, base: Route, error: Mapping[str, Any]) -> Problem:
    """Translate one pydantic error into a problem at its line."""
    loc: Route = tuple(error["loc"])
    inside = (*base, *loc[2:]) if len(base) == 2 else loc
    here = ".".join(str(part) for part in inside[2:]) or str((*base, *inside)[-1])
    match error["type"]:
        case "missing" | "missing_argument":
            line, column = text.place(inside[:-1])
            return Problem(text.name, line, column, f'missing field "{_yaml_name(inside[-1])}"', "add it")
        case "unexpected_keyword_argument" | "extra_forbidden":
            names = _fields_at(loc)
            what = f'unknown key "{_yaml_name(inside[-1])}"'
            cure = did_you_mean(str(inside[-1]), names, f"known here: {', '.join(map(_yaml_name, names))}")
            return Problem(text.name, *text.place(inside), what, cure)
        case "literal_error":
            what = f"{here} must be one of {error['ctx']['expected']}"
            return Problem(text.name, *text.place(inside), what)
        case kind:
            return Problem(text.name, *text.place(inside), f"{here}: {error['msg'].lower()}", _CURES.get(kind, ""))


def _yaml_name(name: str | int) -> str:
    return str(name).removesuffix("_")


def _fields_at(loc: Route) -> list[str]:
    """The field names allowed at the level where pydantic met an unknown key."""
    if len(loc) == 1:
        return [*SECTIONS, "vocabulary"]
    kinds: dict[str, Any] = {
        "sources": k.Source, "facts": k.Fact, "abilities": k.Ability, "tiers": k.Tier, "teams": k.Team,
        "beyond": k.Beyond, "signals": k.Signal, "history": k.History, "codes": k.ErrorCode, "tips": k.Tip,
        "steps": k.Step, "questions": k.Question, "drafts": k.Draft, "placeholders": k.Placeholder, "groups": k.Group, "changes": k.Change, "vocabulary": k.Vocabulary,
        "examples": k.Examples, "readings": k.Reading, "when": k.When, "limits": k.Limit,
    }  # fmt: skip
    holder = next(part for part in reversed(loc[:-1]) if isinstance(part, str))
    kind = kinds.get(holder)
    return [f.name for f in fields(kind) if f.name != "origin"] if kind else []


