"""What one word does in the phrases, worked out once for all words that mean the same to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from catalog_route.rows import NodeRow, PartRow, Rows

_REMEMBERED = 20_000


class Shape(NamedTuple):
    """What the symbols of one word do in the phrases.

    `parts` end with the word alone (`mask`: the same as bits): `alone` are the phrases that are such a part, `leads` those
    parts from which phrases of several parts are sought. `seconds`: symbol of the next word → nodes; `later`: symbol of a
    word beyond a gap → nodes; `open`: nodes beyond a gap that mean something by themselves.
    """

    alone: tuple[int, ...]
    parts: frozenset[int]
    mask: int
    leads: tuple[int, ...]
    seconds: dict[str, tuple[int, ...]]
    later: dict[str, tuple[int, ...]]
    open: tuple[int, ...]


class Shapes(dict[tuple[str, ...], Shape]):
    """Shapes by symbols, each made when it is first asked for."""

    def __init__(self, nodes: Rows[NodeRow], parts: Rows[PartRow]) -> None:
        super().__init__()
        self._nodes = nodes
        self._parts = parts

    def __missing__(self, symbols: tuple[str, ...]) -> Shape:
        root = self._nodes[0][0]
        rows = [self._nodes[root[symbol]] for symbol in symbols if symbol in root]
        parts = sorted({part for _, ends, _ in rows for part in ends})
        beyond = sorted({node for _, _, node in rows if node})
        shape = Shape(
            tuple(phrase for part in parts for phrase in self._parts[part][0]),
            frozenset(parts),
            sum(1 << part for part in parts),
            tuple(part for part in parts if self._parts[part][1]),
            _merged(nexts for nexts, _, _ in rows),
            _merged(self._nodes[node][0] for node in beyond),
            tuple(node for node in beyond if self._nodes[node][1] or self._nodes[node][2]),
        )
        if len(self) < _REMEMBERED:
            self[symbols] = shape
        return shape


def _merged(tables: Iterable[dict[str, int]]) -> dict[str, tuple[int, ...]]:
    """Symbol → the nodes that it leads to in any of the tables."""
    merged: dict[str, tuple[int, ...]] = {}
    for table in tables:
        for symbol, node in table.items():
            merged[symbol] = (*merged[symbol], node) if symbol in merged else (node,)
    return merged
