"""Lint of the knowledge: every fault at once, each with file, line, column, severity and cure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from catalog_route.likeness import Likeness
from catalog_route.lints import LINTS
from catalog_route.lints.subject import Subject
from catalog_route.loading import Loaded, load, usable
from catalog_route.places import WEIGHTS, data_dir
from catalog_route.problems import KnowledgeError, Problem


@dataclass(frozen=True, slots=True)
class Findings:
    """The problems in file order; `loaded` is None when the knowledge cannot even be used."""

    problems: tuple[Problem, ...]
    loaded: Loaded | None


def check_folders(folders: Sequence[Path] = ()) -> Findings:
    """Everything wrong with the shipped knowledge and the folders laid over it.

    Files are named as they can be opened: relative to the working folder where they lie below it.
    """
    try:
        loaded = load(folders)
    except KnowledgeError as broken:
        return Findings(_openable(broken.problems, broken.folders), None)
    try:
        usable(loaded)
        problems = lint(loaded)
    except KnowledgeError as broken:
        return Findings(_openable(broken.problems, loaded.folders), None)
    return Findings(_openable(problems, loaded.folders), loaded)


def lint(loaded: Loaded) -> list[Problem]:
    """What the lints find in knowledge that loads. Raises KnowledgeError on malformed phrases."""
    subject = Subject(loaded.known, loaded.locate, Likeness.load(data_dir() / WEIGHTS))
    return sorted({problem for each in LINTS for problem in each(subject)})


def _openable(problems: Sequence[Problem], folders: Mapping[str, Path]) -> tuple[Problem, ...]:
    return tuple(sorted(replace(problem, file=path_of(problem.file, folders)) for problem in problems))


def path_of(name: str, folders: Mapping[str, Path]) -> str:
    """The path of a file whose address begins with the name of one of `folders`."""
    for folder in sorted(folders, key=len, reverse=True):
        if name == folder or name.startswith(f"{folder}/"):
            path = folders[folder] / name[len(folder) + 1 :]
            try:
                return path.resolve().relative_to(Path.cwd()).as_posix()
            except (ValueError, OSError):
                return path.as_posix()
    return name
