"""Where entries in force come from, told in words: for `show`, and for whoever looks for what an overlay does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catalog_route.knowledge import Knowledge, Laid, Layer

Row = tuple[str, str, str]
_DOES = {"adds": "adds", "replaces": "replaces", "extends": "makes longer", "disables": "switches off"}
# More added entries than this are counted, not named.
FEW = 3
_NAMED = ("replaces", "extends", "disables")


def layer_rows(known: Knowledge) -> tuple[Row, ...]:
    """One row a layer, the lowest first: its name and what it does, entries that lie below named one by one."""
    return tuple((layer.name, _summary(layer), "") for layer in known.layers)


def _summary(layer: Layer) -> str:
    added: dict[str, list[str]] = {}
    for laid in layer.entries:
        if laid.how == "adds":
            added.setdefault(laid.section, []).append(laid.id)
    told = (f"{section} {' '.join(ids)}" if len(ids) <= FEW else f"{len(ids)} {section}" for section, ids in added.items())
    parts = [f"adds {', '.join(told)}"] if added else []
    for how in _NAMED:
        named = [_name(laid) for laid in layer.entries if laid.how == how]
        if named:
            parts.append(f"{_DOES[how]} {', '.join(named)}")
    return "; ".join(parts) or "changes nothing"


def change_rows(known: Knowledge) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """For each layer, in order, a row for everything it does: what, where it says so, and where lies what was there."""
    rows = ((layer.name, ((_DOES[laid.how], _name(laid), _where(laid)) for laid in layer.entries)) for layer in known.layers)
    return tuple((name, tuple(each)) for name, each in rows)


def switched_off(known: Knowledge) -> dict[tuple[str, str], str]:
    """Section and id of all that layers switch off, with the address that says so, the last of several."""
    return {(laid.section, laid.id): laid.origin for layer in known.layers for laid in layer.entries if laid.how == "disables"}


def _where(laid: Laid) -> str:
    return f"{laid.origin}, over {laid.below}" if laid.below else laid.origin


def _name(laid: Laid) -> str:
    return f"{laid.section} {laid.id}".rstrip()


def kept_rows(known: Knowledge, section: str, entry: Any) -> tuple[Row, ...]:
    """Where an entry is kept, and what lies beneath it."""
    return (("kept in", entry.origin, ""), *(("in the place of", below, "") for below in _replaced(known, section, entry.id)))


def _replaced(known: Knowledge, section: str, ident: str) -> Iterator[str]:
    for layer in known.layers:
        for laid in layer.entries:
            if laid.how == "replaces" and (laid.section, laid.id) == (section, ident):
                yield laid.below
