"""The second finder: how much a text resembles the labelled examples of each group, and which words say so.

A linear model over plain features (see `features`) whose weights are learned offline (`training/learn.py`) and shipped as
data. Sentences are summed up one by one and their sums added, so that any of them can be left out at no cost. Evidence
is in natural logarithms and simply adds up, so that every answer can name the words that weighed most.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

from catalog_route.automaton import Edges, Token
from catalog_route.features import (
    MARK_WEIGHT,
    START,
    forms,
    group_feature,
    mark_feature,
    pair_features,
    same_word,
    sentences,
    units,
    word_features,
    word_key,
)
from catalog_route.lookup import Lookup, lookup_text
from catalog_route.record import record
from catalog_route.text import View
from catalog_route.weights import REMEMBERED, Weights, weight_tables

SCALE = 100
MOST_PAIRS = 50_000

Tables = Mapping[str, Any]


@record
class Settings:
    """Numbers that belong to the weights: the bonus of a phrase by its strength, and the thresholds of confidence."""

    bonus: Mapping[str, float]
    high: float
    medium: float


class Word(NamedTuple):
    """What the weights know of a word: its key, its forms as one text (which is compared sooner), and its vector, packed."""

    key: str
    forms: str
    packed: int


class _Pairs(dict[tuple[str, str], int]):
    """The packed vectors of pairs of neighbours, each looked up once."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self._weights = weights

    def __missing__(self, pair: tuple[str, str]) -> int:
        before, after = pair
        packed = self._weights.total(pair_features(before.split(), after.split())).packed
        if len(self) < MOST_PAIRS:
            self[pair] = packed
        return packed


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
        telling: dict[str, list[str]] = {}
        for name, told in signals.items():
            for rank, (word, weight) in enumerate(told.items()):
                telling.setdefault(word, []).append(f"{name} {rank} {weight}")
        table = lookup_text({word: " ".join(each) for word, each in telling.items()})
        self._use({"likeness": head, "telling": table, "spared": " ".join(words)})

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
        self._words: dict[str, Word] = {}
        self._pairs = _Pairs(self._weights)

    @property
    def words(self) -> list[str]:
        """The words that the examples use."""
        found: list[str] = self.tables["spared"].split()
        return found

    def sum_of(self, view: View, edges: Edges, places: Sequence[int]) -> int:
        """What the words at `places` of one sentence add up to, packed (see `evidence`)."""
        known = self._words
        words = [known.get(view.words[at]) or self._word(view.words[at], view.stems[at], edges.tokens[at]) for at in places]
        total = sum({word.key: word.packed for word in reversed(words)}.values())
        whole = bool(places) and places[-1] - places[0] == len(places) - 1
        held = [*START, *[word.forms for word in words]]
        if whole:
            pairs = set(pairwise(held))
        else:
            follows = zip(held, held[1:], [places[0] - 1, *places] if places else (), places, strict=False)
            pairs = {(a, b) for a, b, at, then in follows if then == at + 1}
        total += sum([self._pairs[pair] for pair in pairs])
        if not edges.longer.keys().isdisjoint(places):
            heard = set(places)
            names = {n for at in places for end, n in edges.longer.get(at, ()) if whole or heard.issuperset(range(at, end))}
            total += sum([self._weights[group_feature(name)].packed for name in names])
        return total

    def _word(self, word: str, stem: str, token: Token) -> Word:
        key = word_key(word, token.groups)
        packed = self._weights.total(word_features(key, stem, token.groups)).packed
        found = Word(same_word(key, token.groups), " ".join(forms(word, key, stem, token.groups)), packed)
        if len(self._words) < REMEMBERED:
            self._words[word] = found
        return found

    def evidence(self, total: int, marks: Iterable[str] = ()) -> dict[str, float]:
        """The evidence of each group, of some sentences' sums and of what the phrases found (`marks`)."""
        total += sum([MARK_WEIGHT * self._weights[mark_feature(mark)].packed for mark in marks])
        length, *totals = self._weights.unpacked(total)
        norm = sqrt(length / SCALE) * SCALE or 1.0
        return {g: b + t / norm for g, b, t in zip(self.groups, self._bias, totals, strict=True)}

    def shares(self, view: View, edges: Edges) -> Iterator[tuple[int, tuple[int, ...]]]:
        """The first word of every unit of a text that is known, and the unit's weight for each group, in units of 1/SCALE."""
        for places in sentences(view):
            for unit in units(view, edges, places):
                vector = self._weights.total(unit.names)
                if vector.packed:
                    yield unit.first, vector.weights

    def knows(self, mark: str) -> bool:
        """Whether the weights were learned with this mark."""
        return mark_feature(mark) in self._weights

    def knows_group(self, name: str) -> bool:
        """Whether the weights were learned with this group of the vocabulary."""
        return f"g:<{name}>" in self._weights

    def nearest_signal(self, view: View, among: Sequence[str], least: float = 0.0) -> str | None:
        """The signal of `among` whose examples share most words with the text; None when none shares more than `least`."""
        hits: dict[str, list[tuple[int, float]]] = {}
        for found in filter(None, map(self._telling.get, set(view.stems))):
            parts = found.split(" ")
            for name, rank, weight in zip(parts[::3], parts[1::3], parts[2::3], strict=False):
                hits.setdefault(name, []).append((int(rank), float(weight)))
        # added up in the order of the weights' file, so that the sum does not depend on the order of the words
        scored = [(sum(weight for _, weight in sorted(hits.get(name, ()))), name) for name in among]
        best = max(scored, default=(0.0, ""))
        return best[1] if best[0] > least else None

    @cached_property
    def _telling(self) -> Lookup:
        """Stem → the signals whose examples it tells, each with its rank among their words and its weight."""
        return Lookup(self.tables["telling"])
