"""The shape of a word that answers use and strangers ask for: what it means."""

from __future__ import annotations

from typing import Literal

from catalog_route.guidance import Strict
from catalog_route.record import record


@record
class Term(Strict):
    """A word of the answers; `kind` says whose word it is. `name`: as it is written there."""

    id: str
    name: str
    kind: Literal["certainty", "catalog", "program"]
    text: str
    facts: tuple[str, ...] = ()
    origin: str = ""
