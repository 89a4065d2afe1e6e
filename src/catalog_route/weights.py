"""Learned weights as they are kept: rows of whole numbers by feature, found without making a row of every feature.

Columns are added up side by side in one integer, each in a lane of its own, so that the sum over a text is one addition for
each of its words.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from catalog_route.lookup import Lookup, lookup_text

REMEMBERED = 20_000
_BAR = "|"
_BEGINNING = 4
# The bits of a lane; half of its range is for numbers below zero.
_LANE = 64
_HALF = 1 << 62


class Vector(NamedTuple):
    """The weights of some features, one for each group, and the same with the squared length in one integer."""

    weights: tuple[int, ...]
    packed: int


class Weights:
    """Feature → squared length and one weight for each group. Immutable in use apart from what it remembers."""

    def __init__(self, tables: Mapping[str, Any], columns: int) -> None:
        """`tables`: made by `weight_tables`; `columns`: the length and the groups."""
        self._places = _Places(tables["names"])
        self._numbers = _native(tables["numbers"], tables["kind"])
        self._lanes = [_LANE * lane for lane in range(columns)]
        self._zero = sum(_HALF << lane for lane in self._lanes)
        self._vectors: dict[str, Vector] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._places[name[:_BEGINNING]]

    def __getitem__(self, name: str) -> Vector:
        """The vector of one feature; one that is not known counts nothing."""
        found = self._vectors.get(name)
        if found is None:
            found = self.total((name,))
            if len(self._vectors) < REMEMBERED:
                self._vectors[name] = found
        return found

    def total(self, names: Iterable[str]) -> Vector:
        """The sum over some features."""
        size = len(self._lanes)
        found = (self._places[name[:_BEGINNING]].get(name) for name in names)
        rows = [place * size for place in found if place is not None]
        sums = [sum(column) for column in zip(*(self._numbers[row : row + size] for row in rows), strict=True)] or [0] * size
        return Vector(tuple(sums[1:]), sum(value << lane for value, lane in zip(sums, self._lanes, strict=True)))

    def unpacked(self, packed: int) -> list[int]:
        """The columns of a sum of packed vectors: the squared length, then the weights."""
        raised = packed + self._zero
        return [(raised >> lane & (_HALF * 4 - 1)) - _HALF for lane in self._lanes]


class _Places(dict[str, dict[str, int]]):
    """Features with their places, by their beginnings, each beginning looked up once."""

    def __init__(self, names: str) -> None:
        super().__init__()
        self._names = Lookup(names)

    def __missing__(self, beginning: str) -> dict[str, int]:
        first, *names = (self._names.get(beginning) or "0").split(_BAR)
        found = self[beginning] = {name: place for place, name in enumerate(names, int(first))}
        return found


def weight_tables(weights: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """The tables of some weights as plain data. ValueError when a feature's name holds a bar, a tab or a line end."""
    held: dict[str, list[str]] = {}
    for name in sorted(weights):
        if _BAR in name:
            raise ValueError(f"the name of a feature holds {_BAR}: {name}")
        held.setdefault(name[:_BEGINNING], []).append(name)
    names, values, first = {}, [], 0
    for beginning, same in held.items():
        names[beginning] = _BAR.join([str(first), *same])
        first += len(same)
        values += [value for name in same for value in weights[name]]
    kind = "h" if max(map(abs, values), default=0) < 1 << 15 else "q"
    return {"names": lookup_text(names), "kind": kind, "numbers": _turned(values, kind)}


def _native(raw: bytes, kind: str) -> memoryview:
    """Numbers that are kept with the lowest byte first, as this machine reads them."""
    return memoryview(_turned(raw, kind) if sys.byteorder == "big" else raw).cast("h" if kind == "h" else "q")


def _turned(numbers: bytes | Sequence[int], kind: str) -> bytes:
    """The bytes of some numbers, turned round where this machine keeps the highest byte first."""
    from array import array

    held = array(kind, numbers)
    if sys.byteorder == "big":
        held.byteswap()
    return held.tobytes()
