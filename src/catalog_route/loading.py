"""YAML files → `Knowledge`: reads a folder, checks every entry strictly, and links what refers to what.

All faults of all files are collected and raised together as one `KnowledgeError`.
"""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from catalog_route import knowledge as k
from catalog_route.entries import SECTIONS, entries_of
from catalog_route.linking import dangling
from catalog_route.places import data_dir, data_files, digest
from catalog_route.problems import KnowledgeError, Problem
from catalog_route.yaml_source import Route, YamlText, read_yaml


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
    known = k.Knowledge(digest="", vocabulary=collector.vocabulary, **collector.entries)
    problems = [*collector.problems, *dangling(known, collector.locate, collector.broken)]
    if problems:
        raise KnowledgeError(problems)
    return replace(known, digest=digest(folder))


class _Collector:
    """Gathers entries by id over files, with the place of each and every problem met."""

    def __init__(self) -> None:
        self.entries: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
        self.vocabulary = k.Vocabulary()
        self.problems: list[Problem] = []
        self.broken: set[str] = set()
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
        for section, index, entry in entries_of(text, self.problems, self.broken):
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
