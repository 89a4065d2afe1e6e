"""Spelling tolerance: turns an unknown long word into the vocabulary word that was meant, or leaves it alone.

Only words that nobody knows are touched: jargon and every word of the vocabulary stay as written. A correction must be
the one nearest word within an edit or two (Damerau-Levenshtein, by RapidFuzz) and share the first letter; a glued word
is split only into two known words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from catalog_route.text import stem

SHORTEST = 5
LONGEST = 24
_CACHED = 20_000


class Speller:
    """Corrects words against `targets`; `known` words are never changed; `variants` are folded first."""

    def __init__(self, targets: Iterable[str], known: Iterable[str], variants: Mapping[str, str]) -> None:
        self._by_length: dict[int, list[str]] = {}
        self._targets = frozenset(targets)
        for word in sorted(self._targets):
            if word.isalpha() and len(word) >= SHORTEST - 1:
                self._by_length.setdefault(len(word), []).append(word)
        self._known = self._targets | frozenset(known)
        self._stems = frozenset(found for found in map(stem, self._known) if len(found) >= SHORTEST - 1)
        self.runs: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for written, meant in variants.items():
            if " " in written:
                run = tuple(written.split())
                self.runs.setdefault(run[0], []).append((run, meant))
        self._cache: dict[str, tuple[str, ...]] = {
            written: tuple(meant.split()) for written, meant in variants.items() if " " not in written
        }

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
        if word in self._known or stem(word) in self._stems:
            return (word,)
        nearest = self._nearest(word)
        return (nearest,) if nearest else self._split(word) or (word,)

    def _nearest(self, word: str) -> str | None:
        from rapidfuzz.distance import OSA

        allowed = 1 if len(word) < 9 else 2
        best: list[tuple[int, int, str]] = []
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            for target in self._by_length.get(length, ()):
                if target[0] != word[0] and target[:2] != word[1::-1]:
                    continue
                distance = OSA.distance(word, target, score_cutoff=allowed)
                if distance <= allowed:
                    best.append((distance, abs(length - len(word)), target))
        return min(best)[2] if best else None

    def _split(self, word: str) -> tuple[str, ...] | None:
        for cut in range(3, len(word) - 2):
            left, right = word[:cut], word[cut:]
            if left in self._targets and right in self._targets:
                return left, right
        return None
