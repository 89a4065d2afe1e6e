"""The second finder: how much a text resembles the labelled examples of each group, and which words say so.

A linear model over plain features – words, pieces of words, word pairs and vocabulary groups – whose weights are
learned offline (`training/learn.py`) and shipped as data. Evidence is in natural logarithms and simply adds up, so that
every answer can name the words that weighed most.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

from catalog_route.automaton import Edges
from catalog_route.record import record
from catalog_route.text import View, stem
from catalog_route.weights import REMEMBERED, Vector, Weights, weight_tables

LONGEST_WORD = 24
PIECES = range(3, 6)
MARK_WEIGHT = 2
SCALE = 100

Tables = Mapping[str, Any]
# A unit is what a feature vector belongs to: its kind, its key, and the first and last word that show it.
Unit = tuple[str, str, int, int]


@record
class Settings:
    """Numbers that belong to the weights: the bonus of a phrase by its strength, and the thresholds of confidence."""

    bonus: Mapping[str, float]
    high: float
    medium: float


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

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self._weights = weights

    def __missing__(self, word: str) -> Word:
        key, base = _plain(word), stem(word)
        found = Word(key, base if key == word else key, self._weights.total(features("w", key, base)))
        if len(self) < REMEMBERED:
            self[word] = found
        return found


class Likeness:
    """The learned weights. Immutable in use apart from a cache; safe to share between threads."""

    def __init__(self, groups: Sequence[str], bias: Sequence[float], weights: Mapping[str, Sequence[int]],
                 signals: Mapping[str, Mapping[str, float]], settings: Settings, words: Iterable[str] = ()) -> None:  # fmt: skip
        """`weights`: feature → squared length, then one weight for each of `groups`, all in units of 1/SCALE.

        `words`: the words that the examples use, which spelling leaves alone.
        """
        head = {
            **weight_tables(weights), "groups": list(groups), "bias": list(bias), "bonus": dict(settings.bonus),
            "high": settings.high, "medium": settings.medium,
        }  # fmt: skip
        telling: dict[str, str] = {}
        for name, told in signals.items():
            for rank, (word, weight) in enumerate(told.items()):
                telling[word] = f"{telling.get(word, '')}{name}\t{rank}\t{weight}\t"
        self._use({"likeness": head, "telling": telling, "spared": " ".join(words)})

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
        head = tables["likeness"]
        self.settings = Settings(head["bonus"], head["high"], head["medium"])
        self.groups: tuple[str, ...] = tuple(head["groups"])
        self._bias: tuple[float, ...] = tuple(head["bias"])
        self._weights = Weights(head, len(self.groups) + 1)
        self._words = _Words(self._weights)

    @property
    def words(self) -> list[str]:
        """The words that the examples use."""
        found: list[str] = self.tables["spared"].split()
        return found

    def resemblance(self, view: View, edges: Edges, marks: Iterable[str] = (),
                    masked: frozenset[int] = frozenset()) -> Resemblance:  # fmt: skip
        """The evidence of a text; words whose place is in `masked` do not count."""
        places, names = view.sentences, set[str]()
        if masked:
            heard = [at for at in range(len(view.words)) if at not in masked]
            words = [self._words[view.words[at]] for at in heard]
            names.update(*[edges.tokens[at].groups for at in heard])
            pairs = zip(words, words[1:], heard, heard[1:], strict=False)
            follows = {(a.bare, b.bare) for a, b, at, then in pairs if then == at + 1 and places[at] == places[then]}
        else:
            words = [self._words[word] for word in view.words]
            names.update(*[token.groups for token in edges.tokens])
            follows = {(a.bare, b.bare) for a, b, s, t in zip(words, words[1:], places, places[1:], strict=False) if s == t}
        for at, held in edges.longer.items():
            names.update([name for end, name in held if not masked or masked.isdisjoint(range(at, end))])
        total = sum({word.key: word.vector.packed for word in reversed(words)}.values())
        total += sum([self._weights[f"g:{name}"].packed for name in names])
        total += sum([self._follow(*pair) for pair in follows])
        total += sum([MARK_WEIGHT * self._weights[f"m:{mark}"].packed for mark in set(marks)])
        length, *totals = self._weights.unpacked(total)
        norm = sqrt(length / SCALE) * SCALE or 1.0
        evidence = {g: b + t / norm for g, b, t in zip(self.groups, self._bias, totals, strict=True)}
        return Resemblance(evidence, norm, self._units(view, edges, masked))

    def _units(self, view: View, edges: Edges, masked: frozenset[int]) -> Iterator[tuple[int, Vector]]:
        """The first word and the vector of each unit of a text."""
        seen: set[tuple[str, str]] = set()
        for kind, key, first, last in units(view, edges):
            if (kind, key) not in seen and masked.isdisjoint(range(first, last + 1)):
                seen.add((kind, key))
                yield first, self._words[view.words[first]].vector if kind == "w" else self._weights[f"{kind}:{key}"]

    def _follow(self, before: str, word: str) -> int:
        """The packed vector of a pair of words; 0 when it is not known."""
        name = f"b:{before} {word}"
        return self._weights[name].packed if name in self._weights else 0

    def knows(self, mark: str) -> bool:
        """Whether the weights were learned with this mark."""
        return f"m:{mark}" in self._weights

    def knows_group(self, name: str) -> bool:
        """Whether the weights were learned with this group of the vocabulary."""
        return f"g:<{name}>" in self._weights

    def nearest_signal(self, view: View, among: Sequence[str], least: float = 0.0) -> str | None:
        """The signal of `among` whose examples share most words with the text; None when none shares more than `least`."""
        hits: dict[str, list[tuple[int, float]]] = {}
        for word in set(view.stems) & self._telling.keys():
            parts = self._telling[word].split("\t")
            for name, rank, weight in zip(parts[::3], parts[1::3], parts[2::3], strict=False):
                hits.setdefault(name, []).append((int(rank), float(weight)))
        # added up in the order of the weights' file, so that the sum does not depend on the order of the words
        scored = [(sum(weight for _, weight in sorted(hits.get(name, ()))), name) for name in among]
        best = max(scored, default=(0.0, ""))
        return best[1] if best[0] > least else None

    @cached_property
    def _telling(self) -> Mapping[str, str]:
        """Stem → the signals whose examples it tells, each with its rank among their words and its weight."""
        telling: Mapping[str, str] = self.tables["telling"]
        return telling
