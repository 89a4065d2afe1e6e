"""Lint of the words of phrases: a word that nothing else uses, and that looks like a typing error of one that phrases use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from rapidfuzz.distance import OSA

from catalog_route.compiling import written
from catalog_route.lints.subject import Subject
from catalog_route.problems import Problem, brief
from catalog_route.rules import fault
from catalog_route.text import fold, stem

# Shorter words are near to too many others.
SHORTEST = 5
# A typing error is one slip; the word that was meant begins with the same letter and is used so often at least.
MEANT_LEAST = 2
_WORD = re.compile(r"(?<![<\w-])[a-z]+(?![\w>-])")


def typos(subject: Subject) -> Iterator[Problem]:
    """Words of phrases and groups that look like a slip."""
    known = subject.known
    used: Counter[str] = Counter()
    places: dict[str, list[tuple[str, tuple[str | int, ...]]]] = {}
    for name, place, phrase in _phrases(subject):
        for word in set(_words(phrase)):
            used[stem(word)] += 1
            places.setdefault(word, []).append((name, place))
    spared = {*subject.likeness.words, *known.vocabulary.jargon, *known.vocabulary.numbers, *known.vocabulary.units}
    spared |= {word for shown in subject.shown for word in _words(shown.text)}
    familiar = {stem(word) for word in spared}
    common = {word: used[stem(word)] for word in places if used[stem(word)] >= MEANT_LEAST}
    for word, held in places.items():
        if len(word) >= SHORTEST and used[stem(word)] == 1 and stem(word) not in familiar:
            meant = _meant(word, common)
            if meant:
                name, place = held[0]
                what = f'{name}: "{brief(word)}" is used nowhere else'
                cure = f'did you mean "{meant}"? otherwise show it in an example, or list it under jargon'
                yield fault("typo", subject.locate(*place), what, cure)


def _phrases(subject: Subject) -> Iterator[tuple[str, tuple[str | int, ...], str]]:
    """Name of the owner, place and text of every phrase and every group member."""
    yield from ((each.owner[1], each.place, each.phrase) for each in written(subject.known))
    for group in subject.known.groups.values():
        yield from ((f"<{group.id}>", ("groups", group.id, "words", number), word) for number, word in enumerate(group.words))


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text)[0].replace("'", ""))


def _meant(word: str, common: dict[str, int]) -> str | None:
    """The most used word within one slip."""
    near = [
        other
        for other in common
        if other[0] == word[0] and abs(len(other) - len(word)) <= 1 and stem(other) != stem(word)
        and OSA.distance(word, other, score_cutoff=1) <= 1
    ]  # fmt: skip
    return max(near, key=lambda other: (common[other], other), default=None)
