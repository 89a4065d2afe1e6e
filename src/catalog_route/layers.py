"""The shape of what lies over the shipped knowledge: for each folder what it adds, replaces, lengthens and switches off."""

from __future__ import annotations

from typing import Literal

from catalog_route.guidance import Strict
from catalog_route.record import record

How = Literal["adds", "replaces", "extends", "disables"]


@record
class Laid(Strict):
    """One thing that a layer does. `origin`: where it says so; `below`: the address of what lies beneath, if anything; `says`:
    the phrases that it brings to a signal of below."""

    how: How
    section: str
    id: str
    origin: str
    below: str = ""
    says: tuple[str, ...] = ()


@record
class Layer(Strict):
    """One folder laid over what is below it, by the name that stands in front of its addresses."""

    name: str
    entries: tuple[Laid, ...] = ()
