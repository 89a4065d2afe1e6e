"""The second finder: how much a text resembles the labelled examples of each group, and which words say so.

A linear model over plain features – words, pieces of words, word pairs and vocabulary groups – whose weights are
learned offline (`training/learn.py`) and shipped as data. Evidence is in natural logarithms and simply adds up, so that
every answer can name the words that weighed most.
"""

from __future__ import annotations

import json
import sys
from array import array
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

from catalog_route.automaton import Edges
from catalog_route.record import record
from catalog_route.text import View, stem

LONGEST_WORD = 24
PIECES = range(3, 6)
MARK_WEIGHT = 2
SCALE = 100
_CACHED = 50_000
_BAR = "|"
# Columns of weights are added up side by side in one integer; each has so many bits, half of the range below zero.
_LANE = 64
_HALF = 1 << 62

Tables = Mapping[str, Any]
# A unit is what a feature vector belongs to: its kind, its key, and the first and last word that show it.
Unit = tuple[str, str, int, int]


@record
class Settings:
    """Numbers that belong to the weights: the bonus of a phrase by its strength, and the thresholds of confidence."""

    bonus: Mapping[str, float]
    high: float
    medium: float


class Vector(NamedTuple):
    """The weights of a unit, one for each group, and the same with the squared length in one integer."""

    weights: tuple[int, ...]
    packed: int


class Word(NamedTuple):
    """What the weights know of a word: its key as a unit, its form in word pairs, and its vector."""

    key: str
    bare: str
    vector: Vector


class Resemblance:
    """Evidence for each group (natural logarithms), and the share of each word in it before division by `norm`,
    which undoes the text's length and SCALE."""

    def __init__(self, evidence: dict[str, float], norm: float, units: Iterable[tuple[int, Vector]]) -> None:
        self.evidence = evidence
        self.norm = norm
        self._units = units

    @cached_property
    def shares(self) -> list[tuple[int, tuple[int, ...]]]:
        """The first word of every unit that is known, and the unit's weight for each group."""
        return [(first, vector.weights) for first, vector in self._units if vector.packed]


def units(view: View, edges: Edges, marks: Iterable[str] = ()) -> Iterator[Unit]:
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
    for at, token in enumerate(edges.tokens):
        for symbol in token.groups:
            yield "g", symbol, at, at
        for end, symbol in edges.longer.get(at, ()):
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


class _Words(dict[str, Word]):
    """Words as the weights know them, each looked up once."""

    def __init__(self, likeness: Likeness) -> None:
        super().__init__()
        self._likeness = likeness

    def __missing__(self, word: str) -> Word:
        key, base = _plain(word), stem(word)
        found = Word(key, base if key == word else key, self._likeness.vector(features("w", key, base)))
        if len(self) < _CACHED:
            self[word] = found
        return found


class Likeness:
    """The learned weights. Immutable in use apart from a cache; safe to share between threads."""

    def __init__(self, groups: Sequence[str], bias: Sequence[float], weights: Mapping[str, Sequence[int]],
                 signals: Mapping[str, Mapping[str, float]], settings: Settings, words: Iterable[str] = ()) -> None:  # fmt: skip
        """`weights`: feature → squared length, then one weight for each of `groups`, all in units of 1/SCALE.

        `words`: the words that the examples use, which spelling leaves alone.
        """
        values = [value for row in weights.values() for value in row]
        kind = "h" if max(map(abs, values), default=0) < 1 << 15 else "q"
        self._use({
            "groups": list(groups), "bias": list(bias), "signals": signals, "words": " ".join(words),
            "bonus": dict(settings.bonus), "high": settings.high, "medium": settings.medium,
            "names": _BAR.join(weights), "kind": kind,
            "numbers": b2a_base64(_little(array(kind, values)).tobytes(), newline=False).decode(),
        })  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> Likeness:
        """Read the shipped weights."""
        stored = json.loads(path.read_text(encoding="utf-8"))
        return cls(stored["groups"], stored["bias"], stored["weights"], stored["signals"], Settings(**stored["settings"]),
                   stored["words"].split())  # fmt: skip

    @classmethod
    def of(cls, tables: Tables) -> Likeness:
        """The weights of `tables`, which were made before."""
        made = cls.__new__(cls)
        made._use(tables)
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Likeness.of, (self.tables,)

    def _use(self, tables: Tables) -> None:
        self.tables = tables
        self.settings = Settings(tables["bonus"], tables["high"], tables["medium"])
        self.groups: tuple[str, ...] = tuple(tables["groups"])
        self._bias: tuple[float, ...] = tuple(tables["bias"])
        names = tables["names"].split(_BAR)
        self._rows: dict[str, int] = dict(zip(names, range(len(names)), strict=True))
        self._numbers = array(tables["kind"])
        self._numbers.frombytes(a2b_base64(tables["numbers"]))
        self._numbers = _little(self._numbers)
        self._lanes = [_LANE * lane for lane in range(len(self.groups) + 1)]
        self._zero = sum(_HALF << lane for lane in self._lanes)
        self._words = _Words(self)
        self._vectors: dict[str, Vector] = {}

    @property
    def words(self) -> list[str]:
        """The words that the examples use."""
        found: list[str] = self.tables["words"].split()
        return found

    def resemblance(self, view: View, edges: Edges, marks: Iterable[str] = (),
                    masked: frozenset[int] = frozenset()) -> Resemblance:  # fmt: skip
        """The evidence of a text; words whose place is in `masked` do not count."""
        words = [self._words[word] for word in view.words]
        names = {f"g:{name}" for at, token in enumerate(edges.tokens) if at not in masked for name in token.groups}
        for at, held in edges.longer.items():
            names.update(f"g:{name}" for end, name in held if masked.isdisjoint(range(at, end)))
        places = view.sentences
        pairs = zip(words, words[1:], places, places[1:], strict=False)
        if masked:
            names.update(f"b:{a.bare} {b.bare}" for at, (a, b, s, t) in enumerate(pairs) if s == t and masked.isdisjoint((at, at + 1)))
            words = [word for at, word in enumerate(words) if at not in masked]
        else:
            names.update([f"b:{a.bare} {b.bare}" for a, b, s, t in pairs if s == t])
        total = sum({word.key: word.vector.packed for word in reversed(words)}.values())
        total += sum(self._vector(name).packed for name in self._rows.keys() & names)
        total += sum(MARK_WEIGHT * self._vector(f"m:{mark}").packed for mark in set(marks))
        length, *totals = self._unpacked(total)
        norm = sqrt(length / SCALE) * SCALE or 1.0
        evidence = {g: b + t / norm for g, b, t in zip(self.groups, self._bias, totals, strict=True)}
        return Resemblance(evidence, norm, self._units(view, edges, masked))

    def _units(self, view: View, edges: Edges, masked: frozenset[int]) -> Iterator[tuple[int, Vector]]:
        """The first word and the vector of each unit of a text."""
        seen: set[tuple[str, str]] = set()
        for kind, key, first, last in units(view, edges):
            if (kind, key) not in seen and masked.isdisjoint(range(first, last + 1)):
                seen.add((kind, key))
                yield first, self._words[view.words[first]].vector if kind == "w" else self._vector(f"{kind}:{key}")

    def vector(self, names: Iterable[str]) -> Vector:
        """The sum over some features; those that are not known count nothing."""
        size = len(self._lanes)
        rows = [self._rows[name] * size for name in names if name in self._rows]
        sums = [sum(column) for column in zip(*(self._numbers[row : row + size] for row in rows), strict=True)] or [0] * size
        return Vector(tuple(sums[1:]), sum(value << lane for value, lane in zip(sums, self._lanes, strict=True)))

    def _vector(self, name: str) -> Vector:
        """The vector of one feature."""
        found = self._vectors.get(name)
        if found is None:
            found = self.vector((name,))
            if len(self._vectors) < _CACHED:
                self._vectors[name] = found
        return found

    def _unpacked(self, packed: int) -> list[int]:
        raised = packed + self._zero
        return [(raised >> lane & (_HALF * 4 - 1)) - _HALF for lane in self._lanes]

    def knows(self, mark: str) -> bool:
        """Whether the weights were learned with this mark."""
        return f"m:{mark}" in self._rows

    def nearest_signal(self, view: View, among: Sequence[str], least: float = 0.0) -> str | None:
        """The signal of `among` whose examples share most words with the text; None when none shares more than `least`."""
        hits: dict[str, list[tuple[int, float]]] = {}
        for word in set(view.stems) & self._telling.keys():
            for name, rank, weight in self._telling[word]:
                hits.setdefault(name, []).append((rank, weight))
        # added up in the order of the weights' file, so that the sum does not depend on the order of the words
        scored = [(sum(weight for _, weight in sorted(hits.get(name, ()))), name) for name in among]
        best = max(scored, default=(0.0, ""))
        return best[1] if best[0] > least else None

    @cached_property
    def _telling(self) -> dict[str, list[tuple[str, int, float]]]:
        """Stem → the signals whose examples it tells, each with its rank among their words and its weight."""
        telling: dict[str, list[tuple[str, int, float]]] = {}
        for name, weights in self.tables["signals"].items():
            for rank, (word, weight) in enumerate(weights.items()):
                telling.setdefault(word, []).append((name, rank, weight))
        return telling


def _little(numbers: array[int]) -> array[int]:
    """Numbers as they are stored on every machine: the lowest byte first."""
    if sys.byteorder == "big":
        numbers = numbers[:]
        numbers.byteswap()
    return numbers
