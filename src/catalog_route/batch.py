"""Many texts in one stream: one record out for each record in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Brief:
    """What `batch` writes for one record by default."""

    line: int
    status: str
    recommended: str | None
    group: str | None
    start_with: str | None
    confidence: str | None
    signals: tuple[str, ...]
    error: str | None
