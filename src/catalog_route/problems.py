"""How a fault in the knowledge is told: file, line, what is wrong, and the cure.

Everything that reads knowledge collects `Problem`s and raises them together as one `KnowledgeError`,
so that an author sees all of them in one run instead of one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault at one place of one file; `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    what: str
    cure: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        cure = f" – {self.cure}" if self.cure else ""
        return f"{self.file}:{self.line}: {self.what}{cure}"


class KnowledgeError(Exception):
    """The knowledge cannot be used; `problems` holds every fault found, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A cure that names the nearest of `known` words, or `otherwise` when none is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else otherwise
