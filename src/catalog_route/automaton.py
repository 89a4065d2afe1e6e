"""All phrases compiled into one token automaton: every phrase is sought in one walk over the words of a text.

The cost is linear in the text and nearly independent of how many phrases there are. A phrase never reaches over the
end of a sentence; a gap (`...`) skips at most `GAP_WORDS` words. The tables are plain JSON data, made by `graph`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog_route.rows import Rows, node_row, part_row, part_text, row_text, run_row, together
from catalog_route.scanning import SPAN_WORDS as SPAN_WORDS
from catalog_route.scanning import Place, Scan
from catalog_route.scanning import Sighting as Sighting
from catalog_route.shapes import Shape, Shapes
from catalog_route.text import View, number

if TYPE_CHECKING:
    from catalog_route.graph import Graph
    from catalog_route.phrases import Form, Piece

BUILT_IN = frozenset({"error-code", "code-like", "number", "three-plus", "asin", "barcode"})
GAP_WORDS = 4

_YEARS = range(1985, 2041)
_REMEMBERED = 20_000

Tables = Mapping[str, Any]
Longer = dict[int, list[tuple[int, str]]]


class Token(NamedTuple):
    """What the tables know of one word: its own symbols, then those that phrases use, the groups it belongs to, its shape
    as a beginning, and the rows of the word sequences that it may begin."""

    own: tuple[str, ...]
    symbols: tuple[str, ...]
    groups: tuple[str, ...]
    shape: Shape
    begins: tuple[dict[str, int], ...]


class Edges(NamedTuple):
    """For every word of a text its token; and the groups of several words by where they begin, as (word after, group)."""

    tokens: list[Token]
    longer: Longer


class Automaton:
    """The tables in use. Immutable once loaded, apart from what it remembers of words; safe to share between threads."""

    def __init__(self, tables: Tables | None = None, codes: frozenset[str] = frozenset(),
                 numbers: Mapping[str, int] | None = None) -> None:  # fmt: skip
        """`codes`: words that are error codes by themselves; `numbers`: number words and their values."""
        self.codes = codes
        self.numbers = numbers or {}
        self._graph: Graph | None = None
        self._members: Mapping[str, Iterable[Form]] = {}
        if tables is not None:
            self.load(tables)

    def add(self, parts: Iterable[Sequence[Piece]]) -> int:
        """Add a compiled phrase; gives its number."""
        from catalog_route.graph import Graph

        self._graph = self._graph or Graph()
        return self._graph.add(parts)

    def add_quiet(self, parts: Iterable[Sequence[Piece]]) -> tuple[int, ...]:
        """Add a compiled phrase that is not reported, only looked up by the numbers of its parts, which this gives."""
        from catalog_route.graph import Graph

        self._graph = self._graph or Graph()
        return self._graph.parts(parts)

    def set_groups(self, groups: Mapping[str, Iterable[Form]]) -> None:
        """Tell which word sequences belong to which group."""
        self._members = groups

    def freeze(self) -> Tables:
        """Make the tables of everything added so far, and use them."""
        from catalog_route.graph import Graph, group_tables

        graph = self._graph or Graph()
        single, runs = group_tables(self._members)
        rows = graph.rows()
        sizes = {f"<{name}>": len(set(members)) for name, members in self._members.items()}
        tables: Tables = {
            "nodes": together(row_text(*row) for row in rows),
            "parts": together(part_text(*owners) for owners in graph.owners(sizes)),
            "symbols": " ".join(sorted({symbol for table, _, _ in rows for symbol in table})),
            "groups": {symbol: " ".join(names) for symbol, names in single.items()},
            "runs": together(row_text(*row) for row in runs),
        }
        self.load(tables)
        return tables

    def load(self, tables: Tables) -> None:
        """Use tables made by `freeze`."""
        self.nodes = Rows(tables["nodes"], node_row)
        self._parts = Rows(tables["parts"], part_row)
        self._runs = Rows(tables["runs"], run_row)
        self._groups: dict[str, str] = tables["groups"]
        self._symbols = frozenset(tables["symbols"].split())
        self._tokens: dict[str, Token] = {}
        self._shapes = Shapes(self.nodes, self._parts)

    def edges(self, view: View) -> Edges:
        """For every word the symbols that begin there."""
        known = self._tokens
        tokens = [known.get(word) or self._token(word, stem) for word, stem in zip(view.words, view.stems, strict=True)]
        longer: Longer = {}
        for at, token in enumerate(tokens):
            for table in token.begins:
                self._follow(table, (at, at + 1), view.sentences, tokens, longer)
        return Edges(tokens, longer)

    def _token(self, word: str, stem: str) -> Token:
        own = (stem, *self.classes(word))
        names = [name for symbol in own for name in self._groups.get(symbol, "").split()]
        every = tuple(dict.fromkeys((*own, *names)))
        symbols = tuple(symbol for symbol in every if symbol in self._symbols)
        runs = self._runs[0][0]
        token = Token(
            own, symbols, tuple(symbol for symbol in every if symbol[0] == "<"),
            self._shapes[symbols],
            tuple(self._runs[runs[symbol]][0] for symbol in own if symbol in runs),
        )  # fmt: skip
        if len(self._tokens) < _REMEMBERED:
            self._tokens[word] = token
        return token

    def _follow(self, table: dict[str, int], span: Place, sentences: list[int], tokens: list[Token], longer: Longer) -> None:
        """Add the groups of every word sequence that goes on with `table` after `span`, inside the sentence."""
        begin, end = span
        if end < len(tokens) and sentences[end] == sentences[begin]:
            for symbol in tokens[end].own:
                if symbol in table:
                    after, names = self._runs[table[symbol]]
                    if names:
                        known = longer.setdefault(begin, [])
                        known.extend((end + 1, name) for name in names if (end + 1, name) not in known)
                    if after:
                        self._follow(after, (begin, end + 1), sentences, tokens, longer)

    def classes(self, word: str) -> Iterable[str]:
        """The built-in groups of a word: <error-code>, <code-like>, <number>, <three-plus>, <asin>, <barcode>."""
        if word in self.codes:
            yield "<error-code>"
        if not word[0].isdigit():
            value = self.numbers.get(word)
            if len(word) == 10 and word.startswith("b0") and word.isalnum():
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

    def search(self, view: View, edges: Edges) -> list[Sighting]:
        """Every phrase seen in the text, in the order of its first word."""
        return self.scan(view, edges).sightings

    def scan(self, view: View, edges: Edges) -> Scan:
        """All that is seen in the text."""
        shapes = [token.shape for token in edges.tokens]
        found = [(at, at, phrase) for at, shape in enumerate(shapes) for phrase in shape.alone]
        longer: dict[int, list[Place]] = {}
        for start, part, last in self._longer_parts(view.sentences, edges):
            found += [(start, last, phrase) for phrase in self._parts[part][0]]
            longer.setdefault(part, []).append((start, last))
        heard = _masks(shapes, longer, view.sentences)
        seen = 0
        for mask in heard:
            seen |= mask
        scan = Scan([], seen, heard, [shape.parts for shape in shapes], longer, view.sentences)
        for part in {*longer, *[lead for shape in shapes for lead in shape.leads]}:
            for phrase, parts, mask in self._parts[part][1]:
                if seen & mask == mask and scan.shows(mask):
                    found += [(low, high, phrase) for low, high in scan.places(parts)]
        found.sort()
        scan.sightings.extend([Sighting(phrase, first, last) for first, last, phrase in found])
        return scan

    def _longer_parts(self, sentences: list[int], edges: Edges) -> Iterator[tuple[int, int, int]]:
        """(first word, part, last word) of every part seen that has several words, in the order of the text."""
        tokens, longer = edges
        symbols = [token.symbols for token in tokens]
        root = self.nodes[0][0]
        limit = 0
        for start, token in enumerate(tokens):
            if start == limit:
                limit = _end_of_sentence(sentences, start)
            _, _, _, _, seconds, later, opened = token.shape
            stack: list[tuple[int, int]] = []
            second = start + 1
            if seconds and second < limit:
                for symbol in symbols[second]:
                    if symbol in seconds:
                        stack += [(node, second + 1) for node in seconds[symbol]]
                if second in longer:
                    stack += [(node, end) for end, name in longer[second] for node in seconds.get(name, ())]
            if later:
                beyond = second + GAP_WORDS + 1
                for at in range(second, beyond if beyond < limit else limit):
                    for symbol in symbols[at]:
                        if symbol in later:
                            stack += [(node, at + 1) for node in later[symbol]]
                    if at in longer:
                        stack += [(node, end) for end, name in longer[at] for node in later.get(name, ())]
                    if opened:
                        stack += [(node, at) for node in opened]
            if start in longer:
                stack += [(root[name], end) for end, name in longer[start] if name in root]
            if stack:
                for part, last in self._walk(stack, limit, edges):
                    yield start, part, last

    def _walk(self, stack: list[tuple[int, int]], limit: int, edges: Edges) -> set[Place]:
        """(part, last word) of every part that the states of `stack` lead to, before word `limit`."""
        (tokens, longer), rows = edges, self.nodes
        hits: set[Place] = set()
        done: set[tuple[int, int]] = set()
        while stack:
            state = stack.pop()
            if state in done:
                continue
            done.add(state)
            node, at = state
            nexts, ends, beyond = rows[node]
            for part in ends:
                hits.add((part, at - 1))
            if at >= limit:
                continue
            if nexts:
                for symbol in tokens[at].symbols:
                    if symbol in nexts:
                        stack.append((nexts[symbol], at + 1))
                if at in longer:
                    stack += [(nexts[symbol], end) for end, symbol in longer[at] if symbol in nexts]
            if beyond:
                stack += [(beyond, later) for later in range(at, min(at + GAP_WORDS + 1, limit))]
        return hits


def _masks(shapes: list[Shape], longer: Mapping[int, list[Place]], sentences: list[int]) -> list[int]:
    """The parts that were seen in each sentence, as bits."""
    masks = dict.fromkeys(sentences, 0)
    for shape, sentence in zip(shapes, sentences, strict=True):
        masks[sentence] |= shape.mask
    for part, places in longer.items():
        for first, _ in places:
            masks[sentences[first]] |= 1 << part
    return list(masks.values())


def _end_of_sentence(sentences: list[int], start: int) -> int:
    """The first word after the sentence of word `start`."""
    return bisect_left(sentences, sentences[start] + 1, start)
