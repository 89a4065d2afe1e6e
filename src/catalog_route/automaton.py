"""All phrases compiled into one token automaton: every phrase is sought in one walk over the words of a text.

The cost is linear in the text and nearly independent of how many phrases there are. A phrase never reaches over the
end of a sentence; a gap (`...`) skips at most `GAP_WORDS` words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from catalog_route.phrases import GAP, Form, Piece
from catalog_route.text import View, number

GAP_WORDS = 4
SPAN_WORDS = 14

_ASIN = re.compile(r"b0[a-z0-9]{8}\Z")
_YEARS = range(1985, 2041)

Edge: TypeAlias = "tuple[int, str]"


@dataclass(frozen=True, slots=True)
class Sighting:
    """Phrase number `phrase` seen from word `first` to word `last`, both included."""

    phrase: int
    first: int
    last: int


class Draft:
    """The phrases as a graph with choices: from a node, a symbol may lead to several nodes. Node 0 is the root."""

    def __init__(self) -> None:
        self._nexts: list[dict[str, list[int]]] = [{}]
        self._ends: dict[int, list[int]] = {}

    def insert(self, part: Sequence[Piece], ident: int) -> None:
        """Add one part, whose end is told by `ident`. Its nodes grow with its length, whatever its choices mean."""
        front = [0]
        for piece in part:
            after = self._node()
            for option in piece.options:
                self._path(front, option, after)
            front = [*front, after] if piece.optional else [after]
        for node in front:
            self._ends.setdefault(node, []).append(ident)

    def _path(self, front: list[int], option: Form, after: int) -> None:
        for place, symbol in enumerate(option):
            there = after if place == len(option) - 1 else self._node()
            for node in front:
                self._nexts[node].setdefault(symbol, []).append(there)
            front = [there]

    def _node(self) -> int:
        self._nexts.append({})
        return len(self._nexts) - 1

    def determined(self) -> tuple[list[dict[str, int]], dict[int, list[int]]]:
        """The same graph with one next node for each symbol (subset construction), and the parts that end at each."""
        place: dict[tuple[int, ...], int] = {(0,): 0}
        waiting = [(0,)]
        nodes: list[dict[str, int]] = []
        ends: dict[int, list[int]] = {}
        for subset in waiting:
            merged: dict[str, set[int]] = {}
            for node in subset:
                for symbol, nexts in self._nexts[node].items():
                    merged.setdefault(symbol, set()).update(nexts)
            table = {}
            for symbol, nexts in merged.items():
                target = tuple(sorted(nexts))
                if target not in place:
                    place[target] = len(place)
                    waiting.append(target)
                table[symbol] = place[target]
            nodes.append(table)
            found = sorted({ident for node in subset for ident in self._ends.get(node, ())})
            if found:
                ends[len(nodes) - 1] = found
        return nodes, ends


@dataclass(slots=True)
class Automaton:
    """Plain tables, so that they can be stored: a trie over symbols, and who owns what ends where."""

    nodes: list[dict[str, int]] = field(default_factory=lambda: [{}])
    ends: dict[int, list[int]] = field(default_factory=dict)
    _draft: Draft = field(default_factory=lambda: Draft())
    part_owner: list[int] = field(default_factory=list)
    parts_of: list[int] = field(default_factory=list)
    groups: dict[str, list[str]] = field(default_factory=dict)
    runs: list[dict[str, int]] = field(default_factory=lambda: [{}])
    run_ends: dict[int, list[str]] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    numbers: dict[str, int] = field(default_factory=dict)

    def add(self, parts: Iterable[Sequence[Piece]]) -> int:
        """Add a compiled phrase; gives its number."""
        phrase = len(self.parts_of)
        self.parts_of.append(0)
        for part in parts:
            ident = len(self.part_owner)
            self.part_owner.append(phrase)
            self.parts_of[phrase] += 1
            self._draft.insert(part, ident)
        return phrase

    def freeze(self) -> None:
        """Make the tables of everything added so far."""
        self.nodes, self.ends = self._draft.determined()

    def set_groups(self, groups: Mapping[str, Iterable[Form]]) -> None:
        """Tell which word sequences belong to which group."""
        for name, members in groups.items():
            for member in dict.fromkeys(members):
                if len(member) == 1:
                    self.groups.setdefault(member[0], []).append(f"<{name}>")
                else:
                    self.run_ends.setdefault(_leaf(self.runs, member), []).append(f"<{name}>")

    def edges(self, view: View) -> list[list[Edge]]:
        """For every word the symbols that begin there, each with the word after its end."""
        symbols = [(stem, *self.classes(word)) for stem, word in zip(view.stems, view.words, strict=True)]
        out: list[list[Edge]] = []
        for at, here in enumerate(symbols):
            edges: list[Edge] = [(at + 1, symbol) for symbol in here]
            for symbol in here:
                edges.extend((at + 1, name) for name in self.groups.get(symbol, ()))
                node = self.runs[0].get(symbol)
                if node is not None:
                    self._follow(node, at + 1, symbols, edges)
            out.append(list(dict.fromkeys(edges)) if len(here) > 1 else edges)
        return out

    def _follow(self, node: int, end: int, symbols: list[tuple[str, ...]], edges: list[Edge]) -> None:
        """Add the groups of every word sequence that goes on from `node` at word `end`."""
        if end < len(symbols):
            for symbol in symbols[end]:
                there = self.runs[node].get(symbol)
                if there is not None:
                    edges.extend((end + 1, name) for name in self.run_ends.get(there, ()))
                    self._follow(there, end + 1, symbols, edges)

    def classes(self, word: str) -> Iterable[str]:
        """The built-in groups of a word: <error-code>, <code-like>, <number>, <three-plus>, <asin>, <barcode>."""
        if word in self.codes:
            yield "<error-code>"
        if not word[0].isdigit():
            value = self.numbers.get(word)
            if _ASIN.match(word):
                yield "<asin>"
        else:
            value = number(word)
            if word.isdigit() and 4 <= len(word) <= 9 and int(word) not in _YEARS and word[-3:] != "000":
                yield "<code-like>"
            elif word.isdigit() and 12 <= len(word) <= 14:
                yield "<barcode>"
        if value is not None:
            yield "<number>"
            if 3 <= value < 1000:
                yield "<three-plus>"

    def search(self, view: View, edges: list[list[Edge]]) -> list[Sighting]:
        """Every phrase seen in the text, in the order of its first word."""
        found: list[Sighting] = []
        pending: dict[int, dict[int, list[tuple[int, int]]]] = {}
        root = self.nodes[0]
        for at, here in enumerate(edges):
            if any(symbol in root for _, symbol in here):
                for ident, last in self._from(at, view.sentences, edges):
                    phrase = self.part_owner[ident]
                    if self.parts_of[phrase] == 1:
                        found.append(Sighting(phrase, at, last))
                    else:
                        pending.setdefault(phrase, {}).setdefault(ident, []).append((at, last))
        for phrase, parts in pending.items():
            if len(parts) == self.parts_of[phrase]:
                found.extend(_joined(phrase, list(parts.values()), view.sentences))
        return sorted(found, key=lambda s: (s.first, s.last, s.phrase))

    def _from(self, start: int, sentences: list[int], edges: list[list[Edge]]) -> set[tuple[int, int]]:
        """(part, last word) of every part that begins at word `start`."""
        sentence, length = sentences[start], len(edges)
        hits: set[tuple[int, int]] = set()
        seen: set[tuple[int, int]] = set()
        stack = [(0, start)]
        while stack:
            state = stack.pop()
            if state in seen:
                continue
            seen.add(state)
            node, at = state
            if node:
                hits.update((ident, at - 1) for ident in self.ends.get(node, ()))
            nexts = self.nodes[node]
            if not nexts or at >= length or sentences[at] != sentence:
                continue
            stack.extend((nexts[symbol], end) for end, symbol in edges[at] if symbol in nexts)
            if GAP in nexts:
                beyond = nexts[GAP]
                stack.extend(
                    (beyond, later)
                    for later in range(at, min(at + GAP_WORDS + 1, length))
                    if sentences[later] == sentence
                )
        return hits


def _leaf(nodes: list[dict[str, int]], form: Form) -> int:
    """The node that `form` leads to in a trie, made where it is not there yet."""
    here = 0
    for symbol in form:
        nexts = nodes[here]
        if symbol not in nexts:
            nexts[symbol] = len(nodes)
            nodes.append({})
        here = nexts[symbol]
    return here


def _joined(phrase: int, parts: list[list[tuple[int, int]]], sentences: list[int]) -> Iterable[Sighting]:
    """One sighting for each place where all parts stand together in a sentence, near enough."""
    for first, last in parts[0]:
        low, high = first, last
        for others in parts[1:]:
            near = [o for o in others if sentences[o[0]] == sentences[first] and not (o[0] <= last and first <= o[1])]
            if not near:
                break
            best = min(near, key=lambda o: (abs(o[0] - first), o))
            low, high = min(low, best[0]), max(high, best[1])
        else:
            if high - low < SPAN_WORDS:
                yield Sighting(phrase, low, high)
