"""The second finder: how much a text resembles the labelled examples of each group, and which words say so.

A linear model over plain features – words, pieces of words, word pairs and vocabulary groups – whose weights are
learned offline (`training/learn.py`) and shipped as data. Evidence is in natural logarithms and simply adds up, so that
every answer can name the words that weighed most.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import TypeAlias

from catalog_route.automaton import Edge
from catalog_route.text import View

LONGEST_WORD = 24
PIECES = range(3, 6)
Vector: TypeAlias = "tuple[float, tuple[float, ...]]"
_CACHED = 50_000

MARK_WEIGHT = 2
SCALE = 100
_UNSEEN: Vector = (-1.0, ())

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
    """Evidence for each group (natural logarithms), and the share of each word in it before division by `norm`,
    which undoes the text's length and SCALE."""

    evidence: dict[str, float]
    shares: list[tuple[int, tuple[float, ...]]]
    norm: float


def units(view: View, edges: Sequence[Sequence[Edge]], marks: Iterable[str] = ()) -> Iterator[Unit]:
    """The units of a text, in order; `marks` are what the phrases found (signals, history, counts), as names."""
    words, stems, sentences = view.words, view.stems, view.sentences
    before = ""
    for at, word in enumerate(words):
        key = _plain(word)
        yield "w", key, at, at
        bare = stems[at] if key == word else key
        if at and sentences[at] == sentences[at - 1]:
            yield "b", f"{before} {bare}", at - 1, at
        before = bare
    for at, here in enumerate(edges):
        for end, symbol in here:
            if symbol[0] == "<":
                yield "g", symbol, at, end - 1
    for mark in marks:
        yield "m", mark, 0, -1


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

    def __init__(self, groups: Sequence[str], bias: Sequence[float], weights: Mapping[str, Sequence[int]],
                 signals: Mapping[str, Mapping[str, float]], settings: Settings, words: Iterable[str] = ()) -> None:  # fmt: skip
        """`weights`: feature → squared length, then one weight for each of `groups`, all in units of 1/SCALE.

        `words`: the words that the examples use, which spelling leaves alone.
        """
        self.settings = settings
        self.words = tuple(words)
        self.groups = tuple(groups)
        self.signals = signals
        self._bias = tuple(bias)
        self._weights = weights
        self._cache: dict[tuple[str, str], Vector | None] = {}

    @classmethod
    def load(cls, path: Path) -> Likeness:
        """Read the shipped weights."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls(stored["groups"], stored["bias"], stored["weights"], stored["signals"], Settings(**stored["settings"]),
                   stored["words"].split())  # fmt: skip

    def resemblance(self, view: View, edges: Sequence[Sequence[Edge]], marks: Iterable[str] = (),
                    masked: frozenset[int] = frozenset()) -> Resemblance:  # fmt: skip
        """The evidence of a text; words whose place is in `masked` do not count."""
        totals, length = [0.0] * len(self.groups), 0.0
        seen: set[tuple[str, str]] = set()
        shares: list[tuple[int, tuple[float, ...]]] = []
        for kind, key, first, last in units(view, edges, marks):
            if (kind, key) in seen or (masked and any(at in masked for at in range(first, last + 1))):
                continue
            seen.add((kind, key))
            vector = self._vector(kind, key, view.stems[first] if kind == "w" else "")
            if vector is not None:
                length += vector[0]
                totals = [total + part for total, part in zip(totals, vector[1], strict=True)]
                if last >= first:
                    shares.append((first, vector[1]))
        norm = sqrt(length / SCALE) * SCALE or 1.0
        evidence = {g: b + t / norm for g, b, t in zip(self.groups, self._bias, totals, strict=True)}
        return Resemblance(evidence, shares, norm)

    def _vector(self, kind: str, key: str, stem: str) -> Vector | None:
        """Squared length and weights of a unit: the sum over its features. None when no feature of it is known."""
        found = self._cache.get((kind, key), _UNSEEN)
        if found is _UNSEEN:
            rows = [self._weights[name] for name in features(kind, key, stem) if name in self._weights]
            rows *= MARK_WEIGHT if kind == "m" else 1
            sums = [sum(column) for column in zip(*rows, strict=True)]
            found = (sums[0], tuple(sums[1:])) if rows else None
            if len(self._cache) < _CACHED:
                self._cache[kind, key] = found
        return found

    def knows(self, mark: str) -> bool:
        """Whether the weights were learned with this mark."""
        return f"m:{mark}" in self._weights

    def nearest_signal(self, view: View, among: Sequence[str]) -> str | None:
        """The signal of `among` whose examples share most words with the text; None when none shares any."""
        stems = set(view.stems)
        scored = [
            (sum(weight for word, weight in self.signals.get(name, {}).items() if word in stems), name) for name in among
        ]
        best = max(scored, key=lambda pair: (pair[0], pair[1]), default=(0.0, ""))
        return best[1] if best[0] > 0 else None
