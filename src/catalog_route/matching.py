"""Text → findings: which signals, history signals and error codes a text shows, with the very words and their place.

A sighting that is denied ("this is not a brand registry issue"), only reported ("support told me to ask FBA") or
settled ("was locked last year, now fine") is set aside and does not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog_route.automaton import BUILT_IN as BUILT_IN
from catalog_route.automaton import Automaton, Edges, Tables
from catalog_route.cues import KINDS, Cues
from catalog_route.record import record
from catalog_route.rows import Rows, quiet_row
from catalog_route.scanning import Scan, Sighting
from catalog_route.spelling import Speller
from catalog_route.text import View, number, view

if TYPE_CHECKING:
    from catalog_route.knowledge import Knowledge

_HUMP = re.compile("[a-z][A-Z]")
_NAMED = re.compile(
    r"(?<![A-Za-z0-9_])[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+(?![A-Za-z0-9_])|(?<![A-Za-z])[A-Z][a-z]+(?:[A-Z][a-z]+)+(?![A-Za-z])"
)


class Seen(NamedTuple):
    """The very words of a sighting: a slice of the original text, and the words' places in the view."""

    text: str
    start: int
    end: int
    first: int
    last: int
    phrase: str


@record
class Matches:
    """What one text shows: for each signal and history signal its sightings; `aside` holds those that do not count."""

    view: View
    edges: Edges
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


class Matcher:
    """The compiled phrases of a `Knowledge`. Immutable in use; one matcher serves any number of texts and threads."""

    def __init__(self, known: Knowledge, spared: Iterable[str] = ()) -> None:
        """Compile. `spared` are further words that spelling must leave alone. KnowledgeError on malformed phrases."""
        from catalog_route.compiling import matcher_tables

        self._use(matcher_tables(known, spared))

    @classmethod
    def of(cls, tables: Tables) -> Matcher:
        """The matcher of tables that were compiled before."""
        made = cls.__new__(cls)
        made._use(tables)
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Matcher.of, (self.tables,)

    def _use(self, tables: Tables) -> None:
        self.tables = tables
        words = tables["matcher"]
        self._codes: dict[str, str] = words["codes"]
        odd = sorted((code for code in self._codes if not code.replace("_", "").isalnum()), key=len, reverse=True)
        self._odd = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, odd))})(?![\w-])") if odd else None
        self._automaton = Automaton(tables, frozenset(words["speaking"]), words["numbers"])
        self._units: dict[str, int] = words["units"]
        self._owners = [(kind, ident) for kind, ident in words["owners"]]
        self._vetoes = Rows(words["vetoes"], quiet_row)
        self._owned = list(map(int, words["owned"].split()))
        self._speller = Speller.of(tables["spelling"])

    @cached_property
    def _phrases(self) -> list[str]:
        phrases: list[str] = self.tables["phrases"]
        return phrases

    def match(self, text: str) -> Matches:
        """What `text` shows."""
        seen = view(text, self._speller)
        edges = self._automaton.edges(seen)
        out = Matches(seen, edges, codes=self._codes_in(seen))
        self._sort(out, self._automaton.scan(seen, edges))
        return out

    def _codes_in(self, seen: View) -> list[str]:
        """The error codes of a text: numbers that speak for themselves, and names as they are written (NOT_ELIGIBLE, AB-12)."""
        found = [self._codes[word] for word in dict.fromkeys(seen.words) if word in self._automaton.codes]
        if self._odd:
            found += [self._codes[name] for name in self._odd.findall(seen.original.lower())]
        if "_" not in seen.original and not _HUMP.search(seen.original):
            return list(dict.fromkeys(found))
        named = (self._codes.get(name.lower()) for name in _NAMED.findall(seen.original))
        return list(dict.fromkeys([*found, *(name for name in named if name)]))

    def _sort(self, out: Matches, scan: Scan) -> None:
        """Hand each sighting to its owner, or set it aside when a veto or a cue says so."""
        turning: dict[str, list[Sighting]] = {kind: [] for kind in KINDS}
        plain: list[tuple[int, Sighting]] = []
        for sighting in scan.sightings:
            number = self._owned[sighting.phrase]
            kind, ident = self._owners[number]
            if kind == "cue":
                turning[ident].append(sighting)
            else:
                plain.append((number, sighting))
        cues = Cues(turning, scan.sentences)
        vetoed = {number: self._vetoed(number, scan, cues) for number in {number for number, _ in plain}}
        held = {"signal": out.signals, "history": out.history, "mark": out.marks}
        for number, sighting in plain:
            phrase, first, last = sighting
            if scan.sentences[first] in vetoed[number]:
                continue
            kind, ident = self._owners[number]
            seen = Seen(*out.view.quote(first, last), first, last, self._phrases[phrase])
            if cues.set_aside(first, last):
                out.aside.setdefault(ident, []).append(seen)
            elif kind == "count":
                out.counts.setdefault(ident, []).append((self._count(ident, out.view, sighting), seen))
            else:
                held[kind].setdefault(ident, []).append(seen)

    def _vetoed(self, number: int, scan: Scan, cues: Cues) -> set[int]:
        """The sentences in which a `not:` phrase of an owner stands that is not set aside itself."""
        return {
            scan.sentences[first]
            for parts, mask in self._vetoes[number]
            if scan.seen & mask == mask and scan.shows(mask)
            for first, last in scan.places(parts)
            if not cues.set_aside(first, last)
        }

    def _count(self, name: str, view: View, sighting: Sighting) -> int:
        """The number inside a sighting: in days for a count called `…_days`, else the one that is no length of time."""
        words = view.words[sighting.first : sighting.last + 1]
        units = [self._units.get(stem, 0) for stem in view.stems[sighting.first : sighting.last + 2]]
        values = [(at, self._automaton.numbers.get(word, number(word))) for at, word in enumerate(words)]
        if name.endswith("_days"):
            return max((value for _, value in values if value is not None), default=1) * max([1, *units[: len(words)]])
        return max((value for at, value in values if value is not None and not any(units[at + 1 : at + 2])), default=1)
