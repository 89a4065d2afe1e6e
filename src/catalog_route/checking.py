"""Lint of the knowledge: every fault at once, each with file, line, column, severity and cure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from catalog_route.likeness import Likeness
from catalog_route.lints import LINTS
from catalog_route.lints.subject import Subject
from catalog_route.loading import Loaded, load, read_folders, usable
from catalog_route.places import WEIGHTS, data_dir
from catalog_route.problems import KnowledgeError, Problem


def check_folders(folders: Sequence[Path] = ()) -> list[Problem]:
    """Everything wrong with the shipped knowledge and the folders laid over it, in file order.

    Files are named as they can be opened: relative to the working folder where they lie below it.
    """
    try:
        loaded = load(folders)
        usable(loaded)
        found = lint(loaded)
    except KnowledgeError as broken:
        names = {sheets.name: sheets.folder for sheets in read_folders(folders)}
        return _openable(broken.problems, names)
    return _openable(found, loaded.folders)


def lint(loaded: Loaded) -> list[Problem]:
    """What the lints find in knowledge that loads. Raises KnowledgeError on malformed phrases."""
    subject = Subject(loaded.known, loaded.locate, Likeness.load(data_dir() / WEIGHTS))
    return sorted({problem for each in LINTS for problem in each(subject)})


def _openable(problems: Sequence[Problem], folders: dict[str, Path]) -> list[Problem]:
    """The problems with the paths of their files in the place of the names of their folders."""
    return sorted(replace(problem, file=_path(problem.file, folders)) for problem in problems)


def _path(name: str, folders: dict[str, Path]) -> str:
    """The path that a name in an address stands for."""
    for folder in sorted(folders, key=len, reverse=True):
        if name == folder or name.startswith(f"{folder}/"):
            path = folders[folder] / name[len(folder) + 1 :]
            try:
                return path.resolve().relative_to(Path.cwd()).as_posix()
            except (ValueError, OSError):
                return path.as_posix()
    return name
