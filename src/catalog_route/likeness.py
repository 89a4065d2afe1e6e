"""The second finder: how much a text resembles the labelled examples of each group, and which words say so.

A linear model over plain features – words, pieces of words, word pairs and vocabulary groups – whose weights are
learned offline (`training/learn.py`) and shipped as data. Evidence is in natural logarithms and simply adds up, so that
every answer can name the words that weighed most.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from catalog_route.automaton import Edge
from catalog_route.text import View

LONGEST_WORD = 24
PIECES = range(3, 6)
_CACHED = 50_000

# A unit is what a feature vector belongs to: its kind, its key, and the first and last word that show it.
Unit = tuple[str, str, int, int]


@dataclass(frozen=True, slots=True)
class Settings:
    """Numbers that belong to the weights: the bonus of a phrase by its strength, and the thresholds of confidence."""

    bonus: Mapping[str, float]
    high: float
    medium: float


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Evidence for each group (natural logarithms, comparable within one text) and the units behind it."""

    evidence: dict[str, float]
    words: list[tuple[int, dict[str, float]]]


def units(view: View, edges: Sequence[Sequence[Edge]]) -> Iterator[Unit]:
    """The distinct units of a text, each where it is first seen."""
    stems, sentences = view.stems, view.sentences
    for at, word in enumerate(view.words):
        yield "w", _plain(word), at, at
        if at and sentences[at] == sentences[at - 1]:
            yield "b", f"{_plain(stems[at - 1])} {_plain(stems[at])}", at - 1, at
    for at, here in enumerate(edges):
        for end, symbol in here:
            if symbol[0] == "<":
                yield "g", symbol, at, end - 1


def _plain(word: str) -> str:
    """The word, or a common mark for ids and long numbers, which carry no meaning of their own."""
    if word.isalpha():
        return word[:LONGEST_WORD]
    return word if len(word) <= 5 else "#"


def features(kind: str, key: str, stem: str = "") -> list[str]:
    """The feature names of a unit: a word is its stem and its pieces, everything else is itself."""
    if kind != "w":
        return [f"{kind}:{key}"]
    if key == "#" or not key.isalpha():
        return [f"w:{key}"]
    framed = f" {key} "
    pieces = {framed[i : i + n] for n in PIECES for i in range(max(1, len(framed) - n + 1))}
    return [f"w:{stem or key}", *(f"c:{piece}" for piece in sorted(pieces))]


class Likeness:
    """The learned weights. Immutable in use apart from a cache; safe to share between threads."""

    def __init__(self, groups: Sequence[str], bias: Sequence[float], weights: Mapping[str, Sequence[float]],
                 signals: Mapping[str, Mapping[str, float]], settings: Settings) -> None:  # fmt: skip
        """`weights`: feature → its squared length, then one weight for each of `groups`."""
        self.settings = settings
        self.groups = tuple(groups)
        self.signals = signals
        self._bias = tuple(bias)
        self._weights = weights
        self._cache: dict[tuple[str, str], tuple[float, ...] | None] = {}

    @classmethod
    def load(cls, path: Path) -> Likeness:
        """Read the shipped weights."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        scale = stored["scale"]
        weights = {name: [value / scale for value in row] for name, row in stored["weights"].items()}
        return cls(stored["groups"], stored["bias"], weights, stored["signals"], Settings(**stored["settings"]))

    def words(self) -> list[str]:
        """The words (as stems) that the examples use."""
        return [name[2:] for name in self._weights if name.startswith("w:")]

    def resemblance(self, view: View, edges: Sequence[Sequence[Edge]], masked: frozenset[int] = frozenset()) -> Resemblance:
        """The evidence of a text; words whose place is in `masked` do not count."""
        count = len(self.groups)
        totals, length = [0.0] * count, 0.0
        seen: set[tuple[str, str]] = set()
        by_word: dict[int, list[float]] = {}
        for kind, key, first, last in units(view, edges):
            if (kind, key) in seen or (masked and any(at in masked for at in range(first, last + 1))):
                continue
            seen.add((kind, key))
            vector = self._vector(kind, key, view.stems[first])
            if vector is None:
                continue
            length += vector[0]
            share = by_word.setdefault(first, [0.0] * count)
            for index in range(count):
                totals[index] += vector[index + 1]
                share[index] += vector[index + 1]
        norm = sqrt(length) or 1.0
        evidence = {g: b + t / norm for g, b, t in zip(self.groups, self._bias, totals, strict=True)}
        words = [(at, {g: v / norm for g, v in zip(self.groups, row, strict=True)}) for at, row in by_word.items()]
        return Resemblance(evidence, words)

    def _vector(self, kind: str, key: str, stem: str) -> tuple[float, ...] | None:
        found = self._cache.get((kind, key), ())
        if found == ():
            rows = [self._weights[name] for name in features(kind, key, stem) if name in self._weights]
            found = tuple(map(sum, zip(*rows, strict=True))) if rows else None
            if len(self._cache) < _CACHED:
                self._cache[kind, key] = found
        return found

    def nearest_signal(self, view: View, among: Sequence[str]) -> str | None:
        """The signal of `among` whose examples share most words with the text; None when none shares any."""
        stems = set(view.stems)
        scored = [
            (sum(weight for word, weight in self.signals.get(name, {}).items() if word in stems), name) for name in among
        ]
        best = max(scored, key=lambda pair: (pair[0], pair[1]), default=(0.0, ""))
        return best[1] if best[0] > 0 else None
