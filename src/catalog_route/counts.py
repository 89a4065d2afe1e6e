"""What a batch run counts: nothing that was read is missing from the sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Counts:
    """Records by what became of them, routed ones by destination and confidence, and lines that were no records.

    `odd`: lines that were not UTF-8 and were read as windows-1252; `first_odd` is the number of the first of them.
    """

    unclear: int = 0
    rejected: int = 0
    blank: int = 0
    odd: int = 0
    first_odd: int = 0
    destinations: Counter[str] = field(default_factory=Counter)
    confidence: Counter[str] = field(default_factory=Counter)

    @property
    def routed(self) -> int:
        """Records with a destination."""
        return self.destinations.total()

    @property
    def read(self) -> int:
        """All records: routed + unclear + rejected."""
        return self.routed + self.unclear + self.rejected

    def add(self, other: Counts) -> None:
        """Add what `other` counted further down the input."""
        self.unclear += other.unclear
        self.rejected += other.rejected
        self.blank += other.blank
        self.odd += other.odd
        self.first_odd = self.first_odd or other.first_odd
        self.destinations.update(other.destinations)
        self.confidence.update(other.confidence)

    def saw_odd(self, line: int) -> None:
        """Count a line that is not UTF-8."""
        self.odd += 1
        self.first_odd = self.first_odd or line

    def to_dict(self, order: Iterable[str]) -> dict[str, Any]:
        """Plain data for JSON; destinations in the given order, those without a record left out."""
        return {
            "read": self.read, "routed": self.routed, "unclear": self.unclear, "rejected": self.rejected,
            "destinations": {name: self.destinations[name] for name in order if self.destinations[name]},
            "confidence": {name: self.confidence[name] for name in ("high", "medium", "low")},
            "blank_lines": self.blank, "not_utf8_lines": self.odd,
        }  # fmt: skip
