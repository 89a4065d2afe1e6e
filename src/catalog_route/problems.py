"""How a fault in the knowledge is told: file, line and column, severity, what is wrong, and the cure.

Everything that reads knowledge collects `Problem`s and raises them together as one `KnowledgeError`,
so that an author sees all of them in one run instead of one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

# An error keeps the knowledge from being right; a warning is a fault to mend; a note is worth knowing, nothing more.
Severity = Literal["error", "warning", "note"]
# More faults than this are not looked for: whoever made so many mends one cause first.
MOST_PROBLEMS = 1_000
SHOWN = 80


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault at one place of one file; `line` and `column` count from 1. `rule` is its name in `rules`."""

    file: str
    line: int
    column: int
    what: str
    cure: str = ""
    severity: Severity = "error"
    rule: str = ""

    def __str__(self) -> str:
        cure = f" – {self.cure}" if self.cure else ""
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.what}{cure}"


class KnowledgeError(Exception):
    """The knowledge cannot be used; `problems` holds every fault found, in file order.

    `folders`: the folders that were read, by the names with which the files of problems begin, where those are known.
    """

    def __init__(self, problems: Iterable[Problem], folders: Mapping[str, Path] | None = None) -> None:
        self.problems = tuple(sorted(set(problems)))
        self.folders = dict(folders or {})
        super().__init__("\n".join(map(str, self.problems)))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that is most like `word`, None when none is much like it."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(word[:SHOWN], list(known), scorer=fuzz.ratio, score_cutoff=62)
    return str(found[0]) if found else None


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A cure that names the nearest of `known` words, or `otherwise` when none is near."""
    near = nearest(word, known)
    return f'did you mean "{near}"?' if near else otherwise


def brief(text: object) -> str:
    """What somebody wrote, short enough for a message."""
    told = str(text)
    return told if len(told) <= SHOWN else f"{told[:SHOWN]}…"
