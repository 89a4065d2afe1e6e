"""What of a text is compared with the examples: sentence by sentence its words, pairs of neighbours and groups of words.

A word stands for its stem, its pieces and the vocabulary groups that it belongs to; a pair for every pair of what its two words
stand for, so that "picture vanished" is known where "image disappeared" was learned. What a word or a pair adds is known as
soon as it is. Learning (`training/learn.py`) and the finder (`likeness`) count the very same units.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from catalog_route.automaton import Edges
from catalog_route.text import View

LONGEST_WORD = 24
PIECES = range(3, 6)
# How often what a phrase found is counted.
MARK_WEIGHT = 2
# How the names of groups begin of which it does not matter which word it is.
ANY = "<any-"
# What stands before the first word of a sentence.
START = ("^",)


class Unit(NamedTuple):
    """Something that a sentence shows, counted once in it: the features that it stands for, and its first word."""

    names: tuple[str, ...]
    first: int


def word_key(word: str, groups: Iterable[str]) -> str:
    """The word, or a common mark for what carries no meaning of its own: ids, long numbers, words of a group called `any-…`."""
    if word.isalpha():
        return "#" if any(name.startswith(ANY) for name in groups) else word[:LONGEST_WORD]
    return word if len(word) <= 5 else "#"


def word_features(key: str, stem: str, groups: Iterable[str]) -> tuple[str, ...]:
    """The features of a word: its stem, its pieces of three to five letters, and its groups."""
    held = tuple(map(group_feature, groups))
    if key == "#" or not key.isalpha():
        return (f"w:{key}", *held)
    framed = f" {key} "
    pieces = {framed[i : i + n] for n in PIECES for i in range(max(1, len(framed) - n + 1))}
    return (f"w:{stem or key}", *(f"c:{piece}" for piece in sorted(pieces)), *held)


def pair_features(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """The features of two neighbours, each told by what it stands for (see `forms`)."""
    return tuple(f"b:{one} {other}" for one in before for other in after)


def forms(word: str, key: str, stem: str, groups: Sequence[str]) -> tuple[str, ...]:
    """What a word stands for in pairs: its stem, then its groups."""
    return (stem if key == word else key, *groups)


def group_feature(name: str) -> str:
    """The feature of a group of the vocabulary."""
    return f"g:{name}"


def mark_feature(name: str) -> str:
    """The feature of something that the phrases found."""
    return f"m:{name}"


def sentences(view: View) -> list[range]:
    """The words of each sentence, as ranges of places."""
    starts = [at for at, (one, before) in enumerate(zip(view.sentences, [-1, *view.sentences], strict=False)) if one != before]
    return [range(start, end) for start, end in zip(starts, [*starts[1:], len(view.words)], strict=False)]


def same_word(key: str, groups: Iterable[str]) -> str:
    """What two words have in common when they count as one: the key, and for ids their kind."""
    return f"#{' '.join(groups)}" if key == "#" else key


def units(view: View, edges: Edges, places: Sequence[int]) -> Iterator[Unit]:
    """The units of one sentence of which the words at `places` are heard, each once."""
    seen: set[tuple[str, ...]] = set()
    heard = set(places)
    before: tuple[str, ...] = START
    last = places[0] - 1 if places else -1
    for at in places:
        word, stem, groups = view.words[at], view.stems[at], edges.tokens[at].groups
        key = word_key(word, groups)
        here = forms(word, key, stem, groups)
        found: list[tuple[tuple[str, ...], Unit]]
        found = [(("word", same_word(key, groups)), Unit(word_features(key, stem, groups), at))]
        if last == at - 1:
            found.append((("pair", *before, "", *here), Unit(pair_features(before, here), max(last, places[0]))))
        longer = edges.longer.get(at, ())
        found += [(("group", n), Unit((group_feature(n),), at)) for end, n in longer if heard.issuperset(range(at, end))]
        for mark, unit in found:
            if mark not in seen:
                seen.add(mark)
                yield unit
        before, last = here, at
