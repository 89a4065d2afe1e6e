"""What was seen in one text: phrases with their places, and where the parts of a phrase stand together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

SPAN_WORDS = 14

Place = tuple[int, int]


class Sighting(NamedTuple):
    """Phrase number `phrase` seen from word `first` to word `last`, both included."""

    phrase: int
    first: int
    last: int


class Scan(NamedTuple):
    """What was seen in a text: the phrases; the parts as bits, of all and of each sentence; the parts that each word is alone,
    and where those of several words stand."""

    sightings: list[Sighting]
    seen: int
    heard: list[int]
    alone: list[frozenset[int]]
    longer: dict[int, list[Place]]
    sentences: list[int]

    def shows(self, mask: int) -> bool:
        """Whether all these parts were seen in one sentence. To be asked when all were `seen`, which is quicker to tell."""
        return any([heard & mask == mask for heard in self.heard])  # noqa: C419 - a list is quicker for so few

    def places(self, parts: Sequence[int]) -> list[Place]:
        """Where a phrase of these parts stands; all of them must have been seen."""
        each = [self._places(part) for part in parts]
        return each[0] if len(each) == 1 else list(_joined(each, self.sentences))

    def _places(self, part: int) -> list[Place]:
        """Where a part was seen, in the order of the text."""
        alone = [(at, at) for at, parts in enumerate(self.alone) if part in parts]
        return sorted([*self.longer[part], *alone]) if part in self.longer else alone


def _joined(parts: list[list[Place]], sentences: list[int]) -> Iterator[Place]:
    """One place wherever all parts stand together in a sentence, near enough; the part seen first leads."""
    leading, *others = sorted(parts, key=lambda places: places[0][0])
    for first, last in leading:
        low, high = first, last
        for places in others:
            near = places[bisect_left(places, (first - SPAN_WORDS,)) : bisect_left(places, (first + SPAN_WORDS,))]
            apart = [p for p in near if sentences[p[0]] == sentences[first] and not (p[0] <= last and first <= p[1])]
            if not apart:
                break
            best = min(apart, key=lambda p: (abs(p[0] - first), p))
            low, high = min(low, best[0]), max(high, best[1])
        else:
            if high - low < SPAN_WORDS:
                yield low, high
