"""Rows of tables kept as text, each made when it is first asked for: a large table costs nothing until it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_BAR = "|"
_CHUNK = 64

NodeRow = tuple[dict[str, int], tuple[int, ...], int]
RunRow = tuple[dict[str, int], tuple[str, ...]]
PartRow = tuple[tuple[int, ...], tuple[tuple[int, tuple[int, ...], int], ...]]

QuietRow = tuple[tuple[tuple[int, ...], int], ...]


class Rows(dict[int, T], Generic[T]):
    """Rows by number, each made from its text when it is first asked for. Two threads may make the same row twice."""

    def __init__(self, chunks: Sequence[str], make: Callable[[str], T]) -> None:
        """`chunks`: the texts of the rows, joined by `together`."""
        super().__init__()
        self._chunks = chunks
        self._texts: dict[int, list[str]] = {}
        self._make = make

    def __missing__(self, number: int) -> T:
        chunk, place = divmod(number, _CHUNK)
        if chunk not in self._texts:
            self._texts[chunk] = self._chunks[chunk].split(_BAR)
        row = self[number] = self._make(self._texts[chunk][place])
        return row

    def __len__(self) -> int:
        return sum(chunk.count(_BAR) + 1 for chunk in self._chunks)

    def __reduce__(self) -> tuple[Any, ...]:
        return Rows, (self._chunks, self._make)


def together(texts: Iterable[str]) -> list[str]:
    """Rows in chunks: a few long strings are read far quicker than many short ones."""
    every = list(texts)
    return [_BAR.join(every[at : at + _CHUNK]) for at in range(0, len(every), _CHUNK)]


def row_text(table: Mapping[str, int], ends: Iterable[int | str], beyond: int = 0) -> str:
    """A row of a graph: symbols and their nodes; what ends there; the node beyond a gap, when there is one."""
    return f"{' '.join(f'{symbol} {node}' for symbol, node in table.items())};{' '.join(map(str, ends))};{beyond or ''}"


def node_row(text: str) -> NodeRow:
    """A row of the phrases: symbol → node, the parts that end there, and the node beyond a gap, else 0."""
    table, ends, beyond = text.split(";")
    return _table(table), tuple(map(int, ends.split())), int(beyond or 0)


def run_row(text: str) -> RunRow:
    """A row of the word sequences: symbol → node, and the groups that end there."""
    table, ends, _ = text.split(";")
    return _table(table), tuple(ends.split())


def _table(text: str) -> dict[str, int]:
    words = text.split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


def part_text(alone: Iterable[int], joint: Iterable[tuple[int, Iterable[int]]]) -> str:
    """A row of the parts (see `part_row`): `joint` are phrases with their parts."""
    return f"{' '.join(map(str, alone))};{' '.join('+'.join(map(str, (phrase, *parts))) for phrase, parts in joint)}"


def part_row(text: str) -> PartRow:
    """The phrases that a part is alone in, and those of several parts that are sought from it: parts, and these as bits."""
    alone, _, joint = text.partition(";")
    numbers = [tuple(map(int, each.split("+"))) for each in joint.split()]
    masks = [sum(1 << part for part in set(parts)) for _, *parts in numbers]
    return tuple(map(int, alone.split())), tuple((n[0], n[1:], mask) for n, mask in zip(numbers, masks, strict=True))


def quiet_row(text: str) -> QuietRow:
    """Phrases that are only looked up, each as its parts, and these as bits."""
    every = [tuple(map(int, each.split("+"))) for each in text.split()]
    return tuple((parts, sum(1 << part for part in set(parts))) for parts in every)
