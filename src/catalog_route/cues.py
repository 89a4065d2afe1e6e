"""Words that turn what stands near them around: they deny it, make it somebody else's words, or put it into the past."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from catalog_route.scanning import Sighting

NEGATES, REPORTS, SETTLES = KINDS = ("negates", "reports", "settles")
# How many words may stand between a cue and what it denies or reports.
BETWEEN_DENIED = 1
BETWEEN_REPORTED = 3


class Cues:
    """The cues of one text, sought by place: asking for one sighting takes the same time however many cues there are."""

    def __init__(self, found: Mapping[str, Iterable[Sighting]], sentences: Sequence[int]) -> None:
        """`found`: the sightings of each of KINDS; `sentences`: the number of the sentence of each word."""
        self._sentences = sentences
        self._denying = {cue.last for cue in found[NEGATES]}
        self._reporting = {cue.last for cue in found[REPORTS]}
        self._inside = sorted((cue.first, cue.last) for cue in found[REPORTS])
        self._settled: dict[int, int] = {}
        for cue in found[SETTLES]:
            sentence = sentences[cue.first]
            self._settled[sentence] = max(cue.last, self._settled.get(sentence, cue.last))

    def set_aside(self, first: int, last: int) -> bool:
        """Whether a cue in the same sentence denies, reports or settles what was seen from word `first` to word `last`."""
        if self._before(first, self._denying, BETWEEN_DENIED) or self._before(first, self._reporting, BETWEEN_REPORTED):
            return True
        within = self._inside[bisect_left(self._inside, (first,)) : bisect_left(self._inside, (last,))]
        return any(end < last for _, end in within) or self._settled.get(self._sentences[first], -1) > last

    def _before(self, first: int, ends: set[int], between: int) -> bool:
        """Whether a cue of the same sentence ends before word `first` with at most so many words between."""
        return bool(ends) and any(
            at in ends and self._sentences[at] == self._sentences[first] for at in range(max(0, first - 1 - between), first)
        )
