"""Phrases → the tables of the automaton: a graph with choices, made deterministic once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from catalog_route.phrases import GAP, Form, PhraseError, Piece
from catalog_route.rows import NodeRow, RunRow

MAX_NODES = 60_000


class Graph:
    """The phrases as a graph with choices: from a node, a symbol may lead to several nodes. Node 0 is the root.

    Parts that are written alike are one part, whatever the number of phrases that they belong to.
    """

    def __init__(self) -> None:
        self._nexts: list[dict[str, list[int]]] = [{}]
        self._ends: dict[int, list[int]] = {}
        self._parts: dict[tuple[Piece, ...], int] = {}
        self.phrases: list[tuple[int, ...]] = []

    def add(self, parts: Iterable[Sequence[Piece]]) -> int:
        """Add a compiled phrase; gives its number."""
        self.phrases.append(self.parts(parts))
        return len(self.phrases) - 1

    def parts(self, parts: Iterable[Sequence[Piece]]) -> tuple[int, ...]:
        """The numbers of some parts; those that are new are added."""
        return tuple(self._part(tuple(part)) for part in parts)

    def _part(self, part: tuple[Piece, ...]) -> int:
        """The number of a part; one that is new is added. Its nodes grow with its length, whatever its choices mean."""
        if part in self._parts:
            return self._parts[part]
        front = [0]
        for piece in part:
            after = self._node()
            for option in piece.options:
                self._path(front, option, after)
            front = [*front, after] if piece.optional else [after]
        ident = self._parts[part] = len(self._parts)
        for node in front:
            self._ends.setdefault(node, []).append(ident)
        return ident

    def _path(self, front: list[int], option: Form, after: int) -> None:
        for place, symbol in enumerate(option):
            there = after if place == len(option) - 1 else self._node()
            for node in front:
                self._nexts[node].setdefault(symbol, []).append(there)
            front = [there]

    def _node(self) -> int:
        self._nexts.append({})
        return len(self._nexts) - 1

    def rows(self) -> list[NodeRow]:
        """The same graph with one next node for each symbol (subset construction). PhraseError beyond MAX_NODES of them."""
        place: dict[tuple[int, ...], int] = {(0,): 0}
        waiting: list[tuple[int, ...]] = [(0,)]
        rows: list[NodeRow] = []
        for subset in waiting:
            if len(place) > MAX_NODES:
                raise PhraseError(f"all phrases together leave too much open: more than {MAX_NODES} states")
            merged: dict[str, set[int]] = {}
            for node in subset:
                for symbol, several in self._nexts[node].items():
                    merged.setdefault(symbol, set()).update(several)
            table = {}
            for symbol, nexts in merged.items():
                target = tuple(sorted(nexts))
                if target not in place:
                    place[target] = len(place)
                    waiting.append(target)
                table[symbol] = place[target]
            ends = sorted({ident for node in subset for ident in self._ends.get(node, ())})
            beyond = table.pop(GAP, 0)
            rows.append((table, tuple(ends), beyond))
        return rows

    def owners(self, members: Mapping[str, int]) -> list[tuple[list[int], list[tuple[int, tuple[int, ...]]]]]:
        """For each part the phrases that it is alone in, and those of several parts that are sought from it.

        A phrase of several parts is sought from the part that likely is the rarest: with the fewest words, by the number
        of `members` of a group, in its narrowest piece.
        """
        width = [min(_width(piece, members) for piece in part if not (piece.optional or piece.is_gap)) for part in self._parts]
        alone: list[list[int]] = [[] for _ in self._parts]
        joint: list[list[tuple[int, tuple[int, ...]]]] = [[] for _ in self._parts]
        for number, parts in enumerate(self.phrases):
            if len(parts) == 1:
                alone[parts[0]].append(number)
            else:
                joint[min(parts, key=lambda part: (width[part], part))].append((number, parts))
        return list(zip(alone, joint, strict=True))


def _width(piece: Piece, members: Mapping[str, int]) -> int:
    return sum(members.get(option[0], 1) for option in piece.options)


def group_tables(groups: Mapping[str, Iterable[Form]]) -> tuple[dict[str, tuple[str, ...]], list[RunRow]]:
    """Which groups a single symbol belongs to, and the trie of the word sequences with the groups that end at each node."""
    single: dict[str, list[str]] = {}
    nexts: list[dict[str, int]] = [{}]
    ends: dict[int, list[str]] = {}
    for name, members in groups.items():
        for member in dict.fromkeys(members):
            if len(member) == 1:
                single.setdefault(member[0], []).append(f"<{name}>")
            else:
                ends.setdefault(_leaf(nexts, member), []).append(f"<{name}>")
    runs = [(table, tuple(ends.get(node, ()))) for node, table in enumerate(nexts)]
    return {symbol: tuple(names) for symbol, names in single.items()}, runs


def _leaf(nexts: list[dict[str, int]], form: Form) -> int:
    """The node that `form` leads to in a trie, made where it is not there yet."""
    here = 0
    for symbol in form:
        table = nexts[here]
        if symbol not in table:
            table[symbol] = len(nexts)
            nexts.append({})
        here = table[symbol]
    return here
