"""Spelling tolerance: turns an unknown long word into the vocabulary word that was meant, or leaves it alone.

Only words that nobody knows are touched: jargon and every word of the vocabulary stay as written. A correction must be
the one nearest word within an edit or two (Damerau-Levenshtein, by RapidFuzz) and share the first letter; a glued word
is split only into two known words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from catalog_route.text import stem

SHORTEST = 5
LONGEST = 24
_CACHED = 20_000
_FEW = 200

Tables = Mapping[str, Any]


def speller_tables(targets: Iterable[str], known: Iterable[str], variants: Mapping[str, str]) -> Tables:
    """The tables of a speller as plain JSON data (see `Speller`)."""
    wanted = frozenset(targets)
    every = wanted | frozenset(known)
    near: dict[str, list[str]] = {}
    for word in sorted(wanted):
        if word.isalpha() and len(word) >= SHORTEST - 1:
            near.setdefault(f"{len(word)}{word[0]}", []).append(word)
    return {
        "targets": " ".join(sorted(wanted)),
        "known": f" {' '.join(sorted(every))} ",
        "stems": " ".join(sorted({found for found in map(stem, every) if len(found) >= SHORTEST - 1})),
        "near": {key: " ".join(words) for key, words in near.items()},
        "variants": dict(variants),
    }


class Speller:
    """Corrects words against `targets`; `known` words are never changed; `variants` are folded first."""

    def __init__(self, targets: Iterable[str], known: Iterable[str], variants: Mapping[str, str]) -> None:
        self._use(speller_tables(targets, known, variants))

    @classmethod
    def of(cls, tables: Tables) -> Speller:
        """The speller of tables that were made before."""
        made = cls.__new__(cls)
        made._use(tables)
        return made

    def _use(self, tables: Tables) -> None:
        self._tables = tables
        self._asked = 0
        self.runs: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._cache: dict[str, tuple[str, ...]] = {}
        for written, meant in tables["variants"].items():
            if " " in written:
                run = tuple(written.split())
                self.runs.setdefault(run[0], []).append((run, meant))
            else:
                self._cache[written] = tuple(meant.split())

    def _knows(self, word: str) -> bool:
        """Whether a word is known. The first few are looked up in the text, so that one call need not make the set."""
        self._asked += 1
        return f" {word} " in self._tables["known"] if self._asked < _FEW else word in self._known

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self._tables["known"].split())

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(self._tables["stems"].split())

    @cached_property
    def _targets(self) -> frozenset[str]:
        return frozenset(self._tables["targets"].split())

    def __call__(self, word: str) -> tuple[str, ...]:
        """The words that `word` stands for: itself, a correction, or its two glued parts."""
        found = self._cache.get(word)
        if found is None:
            found = self._look_up(word)
            if len(self._cache) < _CACHED:
                self._cache[word] = found
        return found

    def _look_up(self, word: str) -> tuple[str, ...]:
        if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
            return (word,)
        if self._knows(word) or stem(word) in self._stems:
            return (word,)
        nearest = self._nearest(word)
        return (nearest,) if nearest else self._split(word) or (word,)

    def _nearest(self, word: str) -> str | None:
        allowed = 1 if len(word) < 9 else 2
        near = [target for target in self._near(word, allowed) if len(set(word) ^ set(target)) <= 2 * allowed]
        if not near:
            return None
        from rapidfuzz.distance import OSA

        best: list[tuple[int, int, str]] = []
        for target in near:
            distance = OSA.distance(word, target, score_cutoff=allowed)
            if distance <= allowed:
                best.append((distance, abs(len(target) - len(word)), target))
        best.sort()
        tied = len(best) > 1 and best[0][:2] == best[1][:2] and stem(best[0][2]) != stem(best[1][2])
        return best[0][2] if best and not tied else None

    def _near(self, word: str, allowed: int) -> Iterator[str]:
        """The targets of about the same length that begin alike, or with the first two letters swapped."""
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            for first in dict.fromkeys(word[:2]):
                for target in self._tables["near"].get(f"{length}{first}", "").split():
                    if first == word[0] or target[:2] == word[1::-1]:
                        yield target

    def _split(self, word: str) -> tuple[str, ...] | None:
        for cut in range(3, len(word) - 2):
            left, right = word[:cut], word[cut:]
            if left in self._targets and right in self._targets:
                return left, right
        return None
