"""What lints look at: the knowledge, the place of every value, and what every example shows, worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from catalog_route.compiling import Written, folding, matcher_tables, written
from catalog_route.knowledge import History, Knowledge, Signal
from catalog_route.likeness import Likeness
from catalog_route.matching import Matcher, Matches, Seen
from catalog_route.phrases import Piece, compile_phrase

# A veto as the id of a signal: no author can write a blank into an id.
VETO = "not "


@dataclass(frozen=True, slots=True)
class Shown:
    """What one example shows; `fires` tells on which side it stands, `number` its place there."""

    section: str
    entry: Signal | History
    fires: bool
    number: int
    text: str
    matches: Matches

    @property
    def seen(self) -> list[Seen]:
        """Where its own entry was seen."""
        held = self.matches.signals if self.section == "signals" else self.matches.history
        return held.get(self.entry.id, [])

    @property
    def inside(self) -> tuple[str, str, int]:
        """Its place inside its entry."""
        return "examples", "fires" if self.fires else "silent", self.number


class Subject:
    """One knowledge under examination."""

    def __init__(self, known: Knowledge, locate: Callable[..., tuple[str, int, int]], likeness: Likeness) -> None:
        self.known = known
        self.locate = locate
        self.likeness = likeness
        self.matcher = Matcher.of(matcher_tables(known, likeness.words, locate))

    def entries(self) -> Iterator[tuple[str, Signal | History]]:
        """Everything that has phrases and examples, with its section."""
        yield from (("signals", entry) for entry in self.known.signals.values())
        yield from (("history", entry) for entry in self.known.history.values())

    @cached_property
    def shown(self) -> list[Shown]:
        """What the examples of all entries show."""
        sides = ((section, entry, fires) for section, entry in self.entries() for fires in (True, False))
        return [shown for section, entry, fires in sides for shown in _shown(section, entry, fires, self.matcher)]

    @cached_property
    def phrases(self) -> list[tuple[Written, list[list[Piece]]]]:
        """Every phrase as it stands and as it is compiled."""
        fold_spellings = folding(self.known)
        return [(each, compile_phrase(fold_spellings(each.phrase))) for each in written(self.known)]

    @cached_property
    def vetoes(self) -> list[Shown]:
        """The near-misses of entries with vetoes, each `not:` phrase sought as one of a signal called `not ID`, without cues."""
        known = self.known
        pseudo = {
            f"{VETO}{entry.id}": Signal(f"{VETO}{entry.id}", "", "", "", entry.examples, says=entry.not_, needs=entry.needs)
            for _, entry in self.entries()
            if entry.not_
        }
        words = replace(known.vocabulary, negates=(), reports=(), settles=())
        bare = replace(known, signals=pseudo, history={}, vocabulary=words)
        matcher = Matcher.of(matcher_tables(bare, self.likeness.words))
        return [shown for section, entry in self.entries() if entry.not_ for shown in _shown(section, entry, False, matcher)]


def _shown(section: str, entry: Signal | History, fires: bool, matcher: Matcher) -> Iterator[Shown]:
    texts = entry.examples.fires if fires else entry.examples.silent
    return (Shown(section, entry, fires, number, text, matcher.match(text)) for number, text in enumerate(texts))
