"""A table kept as one text, a line for each key: of use after one split, however many keys it has."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

# From so many questions on it pays to make a dictionary; one call asks fewer.
FEW = 500
_TAB = "\t"


class Lookup:
    """The values of keys. Immutable in use; two threads may make the same dictionary twice."""

    def __init__(self, text: str) -> None:
        """`text`: made by `lookup_text`."""
        self._lines = text.split("\n")
        self._asked = 0
        self._table: dict[str, str] | None = None

    def get(self, key: str) -> str | None:
        """The value, None when there is none."""
        if self._table is not None:
            return self._table.get(key)
        self._asked += 1
        if self._asked > FEW:
            self._table = dict(line.split(_TAB, 1) for line in self._lines if line)
            return self._table.get(key)
        begin = key + _TAB
        at = bisect_left(self._lines, begin)
        return self._lines[at][len(begin) :] if at < len(self._lines) and self._lines[at].startswith(begin) else None


def lookup_text(table: Mapping[str, str]) -> str:
    """The text of a table. ValueError when a key holds a tab or a line end, or a value a line end."""
    for key, value in table.items():
        if _TAB in key or "\n" in key or "\n" in value:
            raise ValueError(f"cannot stand in a line of a table: {key!r}")
    return "\n".join(sorted(f"{key}{_TAB}{value}" for key, value in table.items()))
