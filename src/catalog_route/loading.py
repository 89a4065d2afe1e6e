"""YAML files → `Knowledge`: reads folders, lays them one over the other, and links what refers to what.

All faults of all files are collected and raised together as one `KnowledgeError`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from catalog_route import knowledge as k
from catalog_route.filling import hollow
from catalog_route.linking import Locate, dangling
from catalog_route.places import LARGEST, RefusedError, data_dir, data_files, digest
from catalog_route.problems import KnowledgeError
from catalog_route.rules import fault
from catalog_route.stacking import Sheets, Stack
from catalog_route.yaml_source import read_yaml

# Faults after which nothing else is done.
REFUSED = ("unreadable", "refused-yaml")
# The bytes of all files of one folder together.
MOST_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """Knowledge with what only authors ask for: where each value stands, and the folders by the names in addresses."""

    known: k.Knowledge
    locate: Locate
    folders: dict[str, Path]


def load_knowledge(*folders: Path, alone: bool = False) -> k.Knowledge:
    """Read, check and link the shipped knowledge with `folders` laid over it, in order.

    A first folder that says `whole: true` stands in the place of the shipped knowledge; `alone` does so with whatever is in it.
    Raises KnowledgeError with every fault of every file.
    """
    return load(folders, alone=alone).known


def load(folders: Sequence[Path] = (), *, alone: bool = False) -> Loaded:
    """The same with places. Raises KnowledgeError with every fault of every file."""
    sheets = read_folders(folders, alone=alone)
    stack = Stack()
    for each in sheets:
        stack.lay(each)
    known = k.Knowledge(
        digest="", vocabulary=stack.words.vocabulary, layers=tuple(stack.layers[1:]), **stack.entries,
    )  # fmt: skip
    problems = [*stack.problems, *dangling(known, stack.locate, stack.broken, stack.off), *hollow(known, stack.locate)]
    read = _by_name(sheets)
    if problems:
        raise KnowledgeError(problems, read)
    try:
        known = replace(known, digest=digest(*folders))
    except OSError as broken:
        place = (broken.filename or sheets[-1].name, 1, 1)
        raise KnowledgeError([fault("unreadable", place, str(broken))], read) from broken
    return Loaded(known, stack.locate, read)


def _by_name(sheets: Sequence[Sheets]) -> dict[str, Path]:
    return {each.name: each.folder for each in sheets}


def usable(loaded: Loaded) -> None:
    """KnowledgeError when a knowledge has nobody to route to."""
    if not loaded.known.tiers:
        place = (next(iter(loaded.folders)), 1, 1)
        cure = "add tiers, or leave out whole: true"
        raise KnowledgeError([fault("not-alone", place, "a whole knowledge without tiers", cure)])


def read_folders(folders: Sequence[Path], *, alone: bool = False) -> list[Sheets]:
    """The files of each folder, what lies lowest first: the shipped knowledge, unless the first folder is a whole one.

    KnowledgeError at once when something is refused that could hurt: then nothing else is read or looked at.
    """
    sheets = list(map(_read, folders, names_of(folders)))
    if any(problem.rule in REFUSED for each in sheets for problem in each.problems):
        raise KnowledgeError([problem for each in sheets for problem in each.problems], _by_name(sheets))
    if not alone and not (sheets and sheets[0].whole):
        base, *names = names_of([data_dir(), *folders])
        again = (each if each.name == name else _read(each.folder, name) for each, name in zip(sheets, names, strict=True))
        sheets = [_read(data_dir(), base), *again]
    for number, later in enumerate(sheets[1:], 1):
        if later.whole:
            cure = "name it first, or leave out whole: true"
            later.problems.append(fault("not-alone", (later.name, 1, 1), "a whole knowledge cannot lie over another one", cure))
        if later.folder in (each.folder for each in sheets[:number]):
            later.problems.append(fault("duplicate-id", (later.name, 1, 1), "the folder is laid twice", "name it once"))
    return sheets


def names_of(folders: Sequence[Path]) -> list[str]:
    """A name for each folder, to stand in front of addresses: its own, with as many above it as tell it from the others."""
    shown: list[str] = []
    for folder in folders:
        try:
            parts = Path(os.path.abspath(folder)).parts  # noqa: PTH100 - takes out ".." without following links
        except OSError:
            parts = ()
        names = ("/".join(parts[-count:]) for count in range(1, len(parts)))
        shown.append(next((name for name in names if name not in shown), str(folder)))
    return shown


def _read(folder: Path, name: str) -> Sheets:
    sheets = Sheets(name, folder)
    if not folder.is_dir():
        what = "not a folder" if folder.exists() else "no such folder"
        sheets.problems.append(fault("unreadable", (str(folder), 1, 1), what, "name a folder with knowledge in YAML"))
        return sheets
    try:
        files = data_files(folder)
        size = sum(min(path.stat().st_size, LARGEST) for path in files if path.is_file())
        if size > MOST_BYTES:
            raise RefusedError(f"{size} bytes of YAML, more than the {MOST_BYTES} that are read", "name a smaller folder")
    except RefusedError as refused:
        sheets.problems.append(fault("unreadable", (name, 1, 1), refused.what, refused.cure))
        return sheets
    except OSError as broken:
        sheets.problems.append(fault("unreadable", (name, 1, 1), f"cannot be read: {broken.strerror}"))
        return sheets
    if not files:
        sheets.problems.append(fault("unreadable", (name, 1, 1), "holds no YAML file", "name a folder with knowledge in YAML"))
    for path in files:
        where = f"{name}/{path.relative_to(folder).as_posix()}"
        try:
            text = read_yaml(path, where)
        except KnowledgeError as broken:
            sheets.problems += broken.problems
            continue
        sheets.problems += text.problems
        if text.data is not None:
            sheets.texts.append(text)
        elif not text.problems:
            sheets.problems.append(fault("not-yaml", (where, 1, 1), "the file is empty", "remove it or fill it"))
    return sheets
