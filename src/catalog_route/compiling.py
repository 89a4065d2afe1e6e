"""Knowledge → the tables of the matcher: phrases, groups, codes and the words that spelling knows, as plain JSON data.

Done once for a knowledge; `compiled` keeps what comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from catalog_route.automaton import BUILT_IN, Automaton, Tables
from catalog_route.phrases import PhraseError, compile_phrase, groups_in, sequences
from catalog_route.problems import KnowledgeError, Problem
from catalog_route.rows import together
from catalog_route.spelling import speller_tables
from catalog_route.text import stem

if TYPE_CHECKING:
    from catalog_route.knowledge import Knowledge

MAX_MEMBERS = 2_000

# To whom a phrase belongs: its kind (signal, history, cue, count or mark) and its id.
Owner = tuple[str, str]


def matcher_tables(known: Knowledge, spared: Iterable[str] = ()) -> Tables:
    """The tables for `Matcher.of`. `spared` are further words that spelling must leave alone.

    Raises KnowledgeError with every malformed phrase.
    """
    return _Compiler(known).tables(spared)


class _Compiler:
    """One run over one knowledge."""

    def __init__(self, known: Knowledge) -> None:
        self._known = known
        self._automaton = Automaton()
        self._variants = _Variants(known.vocabulary.variants)
        self._owners: dict[Owner, int] = {}
        self._vetoes: dict[int, list[str]] = {}
        self._owned: list[int] = []
        self._phrases: list[str] = []

    def tables(self, spared: Iterable[str]) -> Tables:
        known, vocabulary, targets = self._known, self._known.vocabulary, set[str]()
        problems = [*self._add_groups(known, targets), *self._add_phrases(known, targets)]
        if problems:
            raise KnowledgeError(problems)
        words = {
            "codes": {code.lower(): code for code in known.codes},
            "speaking": [code.lower() for code in known.codes if _speaks_alone(code)],
            "numbers": vocabulary.numbers,
            "units": {stem(word): days for word, days in vocabulary.units.items()},
            "owners": [list(owner) for owner in self._owners],
            "vetoes": together(" ".join(self._vetoes.get(number, ())) for number in range(len(self._owners))),
            "owned": " ".join(map(str, self._owned)),
        }
        spelling = speller_tables(targets, {*spared, *vocabulary.jargon, *vocabulary.numbers}, vocabulary.variants)
        return {**self._automaton.freeze(), "matcher": words, "phrases": self._phrases, "spelling": spelling}

    def _add_groups(self, known: Knowledge, targets: set[str]) -> Iterator[Problem]:
        members: dict[str, list[tuple[str, ...]]] = {}
        for name in known.groups:
            try:
                members[name] = list(self._members(known, name, ()))
            except PhraseError as fault:
                yield _problem(known.groups[name].origin, f"<{name}>: {fault}")
        for group in known.groups.values():
            targets.update(_plain_words(map(self._variants, group.words)))
        self._automaton.set_groups(members)

    def _members(self, known: Knowledge, name: str, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """The word sequences of a group, groups inside its members written out."""
        if name in above:
            raise PhraseError("refers to itself")
        if name not in known.groups:
            raise PhraseError(f"no group <{name}>")
        for member in known.groups[name].words:
            for form in sequences(self._variants(member), MAX_MEMBERS):
                inner = [
                    list(self._members(known, symbol[1:-1], (*above, name))) if _is_group(symbol) else [(symbol,)]
                    for symbol in form
                ]
                if prod(map(len, inner)) > MAX_MEMBERS:
                    raise PhraseError(f'"{member}" means more than {MAX_MEMBERS} word sequences')
                yield from (tuple(word for part in parts for word in part) for parts in product(*inner))

    def _add_phrases(self, known: Knowledge, targets: set[str]) -> Iterator[Problem]:
        for owner, veto, phrase, origin in _owned(known):
            try:
                parts = compile_phrase(self._variants(phrase))
            except PhraseError as fault:
                yield _problem(origin, f'{owner[1]}: phrase "{phrase}": {fault}')
                continue
            unknown = groups_in(parts) - set(known.groups) - BUILT_IN
            if unknown:
                what = f'{owner[1]}: phrase "{phrase}" uses <{min(unknown)}>'
                yield _problem(origin, what, "define the group in the vocabulary")
                continue
            number = self._owners.setdefault(owner, len(self._owners))
            if veto:
                self._vetoes.setdefault(number, []).append("+".join(map(str, self._automaton.add_quiet(parts))))
            else:
                self._automaton.add(parts)
                self._owned.append(number)
                self._phrases.append(phrase)
            targets.update(_plain_words((self._variants(phrase),)))


class _Variants:
    """Folds the spellings of the vocabulary in what authors write, as they are folded in texts."""

    def __init__(self, variants: Mapping[str, str]) -> None:
        self._variants = variants
        longest_first = sorted(variants, key=lambda written: (-len(written), written))
        self._pattern = re.compile(r"(?<![\w<-])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w>-])")

    def __call__(self, phrase: str) -> str:
        return self._pattern.sub(lambda found: self._variants[found[0]], phrase) if self._variants else phrase


def _is_group(symbol: str) -> bool:
    """Whether a symbol stands for the members of a group of the vocabulary."""
    return symbol.startswith("<") and symbol[1:-1] not in BUILT_IN


def _speaks_alone(code: str) -> bool:
    """Whether a code can be told from an ordinary number or word without an error word beside it."""
    if code.isdigit():
        return len(code) >= 4 and not code.endswith("000")
    return code.isalnum() and any(c.isdigit() for c in code)


def _owned(known: Knowledge) -> Iterator[tuple[Owner, bool, str, str]]:
    """Every phrase of the knowledge: its owner, whether it is a `not:` phrase, the phrase, and the owner's origin."""
    for kind, entries in (("signal", known.signals), ("history", known.history)):
        for entry in entries.values():
            for veto, phrases in ((False, entry.says), (True, entry.not_)):
                yield from (((kind, entry.id), veto, phrase, entry.origin) for phrase in phrases)
    for kind, table in (("count", known.vocabulary.counts), ("mark", known.vocabulary.marks)):
        for name, phrases in table.items():
            yield from (((kind, name), False, phrase, "vocabulary") for phrase in phrases)
    for cue in ("negates", "reports", "settles"):
        yield from ((("cue", cue), False, phrase, "vocabulary") for phrase in getattr(known.vocabulary, cue))


def _plain_words(phrases: Iterable[str]) -> Iterator[str]:
    """The words, as written, that authors use outside brackets."""
    for phrase in phrases:
        for piece in phrase.replace("'", "").replace("(", " ").replace(")", " ").replace("|", " ").split():
            word = piece.rstrip("?")
            if word.isalnum():
                yield word


def _problem(origin: str, what: str, cure: str = "") -> Problem:
    file, _, line = origin.rpartition(":")
    return Problem(file or origin, int(line) if line.isdigit() else 1, 1, what, cure)
