"""Text → findings: which signals, history signals and error codes a text shows, with the very words and their place.

A sighting that is denied ("this is not a brand registry issue"), only reported ("support told me to ask FBA") or
settled ("was locked last year, now fine") is set aside and does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod

from catalog_route.automaton import Automaton, Edge, Sighting
from catalog_route.knowledge import Knowledge
from catalog_route.phrases import PhraseError, compile_phrase, groups_in, sequences
from catalog_route.problems import KnowledgeError, Problem
from catalog_route.spelling import Speller
from catalog_route.text import View, number, stem, view

NEAR = 3
MAX_MEMBERS = 2_000
_NAMED = re.compile(r"(?<![A-Za-z0-9_])[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+(?![A-Za-z0-9_])|(?<![A-Za-z])[A-Z][a-z]+(?:[A-Z][a-z]+)+(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Seen:
    """The very words of a sighting: a slice of the original text, and the words' places in the view."""

    text: str
    start: int
    end: int
    first: int
    last: int
    phrase: str


@dataclass(slots=True)
class Matches:
    """What one text shows: for each signal and history signal its sightings; `aside` holds those that do not count."""

    view: View
    edges: list[list[Edge]]
    signals: dict[str, list[Seen]] = field(default_factory=dict)
    history: dict[str, list[Seen]] = field(default_factory=dict)
    aside: dict[str, list[Seen]] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    counts: dict[str, list[tuple[int, Seen]]] = field(default_factory=dict)
    marks: dict[str, list[Seen]] = field(default_factory=dict)


    def names(self, *, history: bool = True) -> list[str]:
        """What the phrases found, as names for the second finder; without `history` only the signals."""
        names = [f"signal {name}" for name in self.signals] + [f"aside {name}" for name in self.aside]
        if history:
            names += [f"history {name}" for name in self.history]
            names += [f"{name} {min(3, max(value for value, _ in held))}" for name, held in self.counts.items()]
        return names


@dataclass(frozen=True, slots=True)
class Owner:
    """To whom a phrase belongs: `kind` is signal, history, cue, count or mark; `veto` marks a `not:` phrase."""

    kind: str
    id: str
    phrase: str
    veto: bool = False


class Matcher:
    """The compiled phrases of a `Knowledge`. Immutable in use; one matcher serves any number of texts and threads."""

    def __init__(self, known: Knowledge, spared: Iterable[str] = ()) -> None:
        """Compile. `spared` are further words that spelling must leave alone. KnowledgeError on malformed phrases."""
        self._automaton = Automaton(codes=frozenset(code.lower() for code in known.codes if _speaks_alone(code)))
        self._automaton.numbers = dict(known.vocabulary.numbers)
        self._variants = _Variants(known.vocabulary.variants)
        self._units = {stem(word): days for word, days in known.vocabulary.units.items()}
        self._owners: list[Owner] = []
        self._codes = {code.lower(): code for code in known.codes}
        targets: set[str] = set()
        problems = [*self._add_groups(known, targets), *self._add_phrases(known, targets)]
        if problems:
            raise KnowledgeError(problems)
        self._automaton.freeze()
        vocabulary = known.vocabulary
        known_words = {*spared, *vocabulary.jargon, *vocabulary.numbers}
        self._speller = Speller(targets, known_words, vocabulary.variants)

    def match(self, text: str) -> Matches:
        """What `text` shows."""
        seen = view(text, self._speller)
        edges = self._automaton.edges(seen)
        out = Matches(seen, edges)
        out.codes = self._codes_in(seen)
        self._sort(out, self._automaton.search(seen, edges))
        return out

    def _codes_in(self, seen: View) -> list[str]:
        """The error codes of a text: numbers that speak for themselves, and names as Amazon writes them (NOT_ELIGIBLE)."""
        found = [self._codes[word] for word in dict.fromkeys(seen.words) if word in self._automaton.codes]
        named = (self._codes.get(name.lower()) for name in _NAMED.findall(seen.original))
        return list(dict.fromkeys([*found, *(name for name in named if name)]))

    def _sort(self, out: Matches, sightings: list[Sighting]) -> None:
        """Hand each sighting to its owner, or set it aside when a veto or a cue says so."""
        sentences = out.view.sentences
        vetoed: set[tuple[str, str, int]] = set()
        cues: dict[str, list[Sighting]] = {"negates": [], "reports": [], "settles": []}
        for sighting in sightings:
            owner = self._owners[sighting.phrase]
            if owner.kind == "cue":
                cues[owner.id].append(sighting)
            elif owner.veto:
                vetoed.add((owner.kind, owner.id, sentences[sighting.first]))
        for sighting in sightings:
            owner = self._owners[sighting.phrase]
            if owner.kind == "cue" or owner.veto or (owner.kind, owner.id, sentences[sighting.first]) in vetoed:
                continue
            text, start, end = out.view.quote(sighting.first, sighting.last)
            seen = Seen(text, start, end, sighting.first, sighting.last, owner.phrase)
            if _set_aside(sighting, cues, sentences):
                out.aside.setdefault(owner.id, []).append(seen)
            elif owner.kind == "count":
                out.counts.setdefault(owner.id, []).append((self._count(out.view, sighting), seen))
            else:
                held = {"signal": out.signals, "history": out.history, "mark": out.marks}[owner.kind]
                held.setdefault(owner.id, []).append(seen)

    def _count(self, view: View, sighting: Sighting) -> int:
        """The number inside a sighting, in days when a unit of time stands there too."""
        words = range(sighting.first, sighting.last + 1)
        numbers = (self._automaton.numbers.get(view.words[at], number(view.words[at])) for at in words)
        days = max((self._units.get(view.stems[at], 1) for at in words), default=1)
        return max((value for value in numbers if value is not None), default=1) * days

    def _add_groups(self, known: Knowledge, targets: set[str]) -> Iterator[Problem]:
        members: dict[str, list[tuple[str, ...]]] = {}
        for name in known.groups:
            try:
                members[name] = list(self._members(known, name, ()))
            except PhraseError as fault:
                yield _problem(known.groups[name].origin, f"<{name}>: {fault}")
        for group in known.groups.values():
            targets.update(_plain_words(group.words))
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
                    list(self._members(known, s[1:-1], (*above, name))) if s.startswith("<") and s[1:-1] not in BUILT_IN else [(s,)]
                    for s in form
                ]
                if prod(map(len, inner)) > MAX_MEMBERS:
                    raise PhraseError(f'"{member}" means more than {MAX_MEMBERS} word sequences')
                yield from (tuple(word for part in parts for word in part) for parts in product(*inner))

    def _add_phrases(self, known: Knowledge, targets: set[str]) -> Iterator[Problem]:
        for owner, origin in _owned(known):
            try:
                parts = compile_phrase(self._variants(owner.phrase))
            except PhraseError as fault:
                yield _problem(origin, f'{owner.id}: phrase "{owner.phrase}": {fault}')
                continue
            unknown = groups_in(parts) - set(known.groups) - BUILT_IN
            if unknown:
                what = f'{owner.id}: phrase "{owner.phrase}" uses <{min(unknown)}>'
                yield _problem(origin, what, "define the group in the vocabulary")
                continue
            self._automaton.add(parts)
            self._owners.append(owner)
            targets.update(_plain_words((owner.phrase,)))


class _Variants:
    """Folds the spellings of the vocabulary in what authors write, as they are folded in texts."""

    def __init__(self, variants: Mapping[str, str]) -> None:
        self._variants = variants
        longest_first = sorted(variants, key=lambda written: (-len(written), written))
        self._pattern = re.compile(r"(?<![\w<-])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w>-])")

    def __call__(self, phrase: str) -> str:
        return self._pattern.sub(lambda found: self._variants[found[0]], phrase) if self._variants else phrase


BUILT_IN = frozenset({"error-code", "code-like", "number", "three-plus", "asin", "barcode"})


def _speaks_alone(code: str) -> bool:
    """Whether a code can be told from an ordinary number or word without an error word beside it."""
    if code.isdigit():
        return len(code) >= 4 and not code.endswith("000")
    return code.isalnum() and any(c.isdigit() for c in code)


def _owned(known: Knowledge) -> Iterator[tuple[Owner, str]]:
    """Every phrase of the knowledge with its owner and the owner's origin."""
    for kind, entries in (("signal", known.signals), ("history", known.history)):
        for entry in entries.values():
            for veto, phrases in ((False, entry.says), (True, entry.not_)):
                yield from ((Owner(kind, entry.id, phrase, veto), entry.origin) for phrase in phrases)
    for kind, table in (("count", known.vocabulary.counts), ("mark", known.vocabulary.marks)):
        for name, phrases in table.items():
            yield from ((Owner(kind, name, phrase), "vocabulary") for phrase in phrases)
    for cue in ("negates", "reports", "settles"):
        yield from ((Owner("cue", cue, phrase), "vocabulary") for phrase in getattr(known.vocabulary, cue))


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


def _set_aside(sighting: Sighting, cues: dict[str, list[Sighting]], sentences: list[int]) -> bool:
    """Whether a cue in the same sentence denies, reports or settles what was seen."""
    sentence = sentences[sighting.first]
    for cue in cues["negates"]:
        if sentences[cue.first] == sentence and cue.last < sighting.first <= cue.last + NEAR - 1:
            return True
    for cue in cues["reports"]:
        if sentences[cue.first] == sentence and cue.last < sighting.first <= cue.last + NEAR + 1:
            return True
    return any(sentences[cue.first] == sentence and cue.last > sighting.last for cue in cues["settles"])
