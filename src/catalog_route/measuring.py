"""How much a phrase leaves open, measured before it is compiled: what could grow beyond measure is refused.

The automaton has one state for each set of places in a phrase where a reader could stand. Words that may be missing and
alternatives of different length let these sets multiply; everything else keeps them as few as the phrase has words.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalog_route.phrases import PhraseError, Piece

# States that one part of a phrase may need, and gaps that it may have.
MAX_STATES = 100
MAX_GAPS = 4

Nexts = list[dict[str, list[int]]]


def measure(part: Sequence[Piece]) -> int:
    """The states that one part of a phrase needs. PhraseError when it needs more than `MAX_STATES`, or has too many gaps."""
    gaps = sum(piece.is_gap for piece in part)
    if gaps > MAX_GAPS:
        raise PhraseError(f"a part has more than {MAX_GAPS} gaps")
    if all(not piece.optional and len({len(option) for option in piece.options}) == 1 for piece in part):
        return sum(len(option) for piece in part for option in piece.options) + 1
    return _states(_graph(part))


def _graph(part: Sequence[Piece]) -> Nexts:
    """From each place, the places that a symbol may lead to."""
    nexts: Nexts = [{}]
    front = [0]
    for piece in part:
        after = len(nexts)
        nexts.append({})
        for option in piece.options:
            here = front
            for number, symbol in enumerate(option):
                there = after
                if number < len(option) - 1:
                    there = len(nexts)
                    nexts.append({})
                for node in here:
                    nexts[node].setdefault(symbol, []).append(there)
                here = [there]
        front = [*front, after] if piece.optional else [after]
    return nexts


def _states(nexts: Nexts) -> int:
    seen: set[tuple[int, ...]] = {(0,)}
    waiting: list[tuple[int, ...]] = [(0,)]
    while waiting:
        merged: dict[str, set[int]] = {}
        for node in waiting.pop():
            for symbol, there in nexts[node].items():
                merged.setdefault(symbol, set()).update(there)
        for places in merged.values():
            state = tuple(sorted(places))
            if state not in seen:
                seen.add(state)
                waiting.append(state)
        if len(seen) > MAX_STATES:
            raise PhraseError(f"leaves too much open: more than {MAX_STATES} states")
    return len(seen)
