"""Knowledge → the tables of the matcher: phrases, groups, codes and the words that spelling knows, as plain JSON data.

Done once for a knowledge; `compiled` keeps what comes out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from catalog_route.automaton import BUILT_IN, Automaton, Tables
from catalog_route.expanding import Groups
from catalog_route.measuring import measure
from catalog_route.origins import switched_off
from catalog_route.phrases import PhraseError, compile_phrase, groups_in
from catalog_route.problems import KnowledgeError, Problem, brief, did_you_mean
from catalog_route.rows import together
from catalog_route.rules import fault
from catalog_route.spelling import speller_tables
from catalog_route.text import stem

if TYPE_CHECKING:
    from catalog_route.knowledge import Knowledge
    from catalog_route.phrases import Piece

MAX_PHRASES = 20_000
# More broken groups or phrases than this are not looked for.
MOST_BROKEN = 100
_WORD = re.compile(r"\w+")

# To whom a phrase belongs: its kind (signal, history, cue, count or mark) and its id.
Owner = tuple[str, str]
Locate = Callable[..., tuple[str, int, int]]


class Written(NamedTuple):
    """A phrase as it stands in the knowledge: its owner, whether it is a `not:` phrase, and where it stands."""

    owner: Owner
    veto: bool
    phrase: str
    place: tuple[str | int, ...]
    origin: str


def matcher_tables(known: Knowledge, spared: Iterable[str] = (), locate: Locate | None = None) -> Tables:
    """The tables for `Matcher.of`. `spared` are further words that spelling must leave alone; `locate` gives places.

    Raises KnowledgeError with every malformed phrase.
    """
    return _Compiler(known, locate).tables(spared)


class _Compiler:
    """One run over one knowledge."""

    def __init__(self, known: Knowledge, locate: Locate | None = None) -> None:
        self._known = known
        self._locate = locate
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
        try:
            frozen = self._automaton.freeze()
        except PhraseError as broken:
            *_, last = written(known)
            raise KnowledgeError([self._problem(last.place, last.origin, str(broken))]) from broken
        return {**frozen, "matcher": words, "phrases": self._phrases, "spelling": spelling}

    def _add_groups(self, known: Knowledge, targets: set[str]) -> Iterator[Problem]:
        groups = Groups(known.groups, self._variants)
        members: dict[str, list[tuple[str, ...]]] = {}
        for number, (name, group) in enumerate(known.groups.items()):
            if number - len(members) > MOST_BROKEN:
                break
            try:
                members[name] = groups.forms(name)
            except PhraseError as broken:
                inside = ("words", broken.args[1]) if len(broken.args) > 1 else ()
                yield self._problem(("groups", name, *inside), group.origin, f"<{name}>: {brief(broken.args[0])}")
        for name in members:
            targets.update(_plain_words(map(self._variants, known.groups[name].words)))
        self._automaton.set_groups(members)

    def _add_phrases(self, known: Knowledge, targets: set[str]) -> Iterator[Problem]:
        told = 0
        for number, each in enumerate(written(known)):
            try:
                parts = compile_phrase(self._variants(each.phrase))
                for part in parts:
                    measure(part)
                if number >= MAX_PHRASES:
                    raise PhraseError(f"one of more than {MAX_PHRASES} phrases")
            except PhraseError as broken:
                yield self._problem(each.place, each.origin, f'{each.owner[1]}: phrase "{brief(each.phrase)}": {brief(broken)}')
                told += 1
                if told > MOST_BROKEN:
                    return
                continue
            unknown = groups_in(parts) - set(known.groups) - BUILT_IN
            if unknown:
                yield self._no_group(each, min(unknown))
                continue
            self._add(each, parts)
            targets.update(_plain_words((self._variants(each.phrase),)))

    def _add(self, each: Written, parts: list[list[Piece]]) -> None:
        number = self._owners.setdefault(each.owner, len(self._owners))
        if each.veto:
            self._vetoes.setdefault(number, []).append("+".join(map(str, self._automaton.add_quiet(parts))))
        else:
            self._automaton.add(parts)
            self._owned.append(number)
            self._phrases.append(each.phrase)

    def _no_group(self, each: Written, name: str) -> Problem:
        off = switched_off(self._known)
        cure = did_you_mean(name, self._known.groups, "define the group in the vocabulary")
        if ("groups", name) in off:
            cure = f"it is switched off at {off['groups', name]}"
        what = f'{each.owner[1]}: phrase "{brief(each.phrase)}" uses <{brief(name)}>, which is no group'
        return self._problem(each.place, each.origin, what, cure, "dangling")

    def _problem(self, place: tuple[str | int, ...], origin: str, what: str, cure: str = "", rule: str = "bad-phrase") -> Problem:
        """A problem at a place; at the beginning of its entry where places are not known."""
        if self._locate is not None:
            return fault(rule, self._locate(*place), what, cure)
        file, _, line = origin.rpartition(":")
        return fault(rule, (file or origin, int(line) if line.isdigit() else 1, 1), what, cure)


def folding(known: Knowledge) -> Callable[[str], str]:
    """What is done to the spellings in a phrase before it is read."""
    return _Variants(known.vocabulary.variants)


class _Variants:
    """Folds the spellings of the vocabulary in what authors write, as they are folded in texts."""

    def __init__(self, variants: Mapping[str, str]) -> None:
        self._variants = variants
        self._by_beginning: dict[str, list[str]] = {}
        for spelling in sorted(variants, key=lambda spelling: (-len(spelling), spelling)):
            self._by_beginning.setdefault(_beginning(spelling), []).append(spelling)

    def __call__(self, phrase: str) -> str:
        begins = dict.fromkeys(["", *_WORD.findall(phrase)])
        near = [spelling for word in begins for spelling in self._by_beginning.get(word, ())]
        if not near:
            return phrase
        near.sort(key=lambda spelling: (-len(spelling), spelling))
        pattern = r"(?<![\w<-])(?:" + "|".join(map(re.escape, near)) + r")(?![\w>-])"
        return re.sub(pattern, lambda found: self._variants[found[0]], phrase)


def _beginning(spelling: str) -> str:
    """The first word of a spelling; empty when it begins with something else."""
    found = _WORD.match(spelling)
    return found[0] if found else ""


def _speaks_alone(code: str) -> bool:
    """Whether a code can be told from an ordinary number or word without an error word beside it."""
    if code.isdigit():
        return len(code) >= 4 and not code.endswith("000")
    return code.isalnum() and any(c.isdigit() for c in code)


def written(known: Knowledge) -> Iterator[Written]:
    """Every phrase of the knowledge, in the order in which phrases are numbered."""
    for kind, section, entries in (("signal", "signals", known.signals), ("history", "history", known.history)):
        for entry in entries.values():
            for part, phrases in (("says", entry.says), ("not_", entry.not_)):
                for number, phrase in enumerate(phrases):
                    yield Written((kind, entry.id), part == "not_", phrase, (section, entry.id, part, number), entry.origin)
    for kind, part, table in (("count", "counts", known.vocabulary.counts), ("mark", "marks", known.vocabulary.marks)):
        for name, phrases in table.items():
            for number, phrase in enumerate(phrases):
                yield Written((kind, name), False, phrase, ("vocabulary", part, name, number), "vocabulary")
    for cue in ("negates", "reports", "settles"):
        for number, phrase in enumerate(getattr(known.vocabulary, cue)):
            yield Written(("cue", cue), False, phrase, ("vocabulary", cue, number), "vocabulary")


def _plain_words(phrases: Iterable[str]) -> Iterator[str]:
    """The words, as written, that authors use outside brackets."""
    for phrase in phrases:
        for piece in phrase.replace("'", "").replace("(", " ").replace(")", " ").replace("|", " ").split():
            word = piece.rstrip("?")
            if word.isalnum():
                yield word
