"""Knowledge ↔ plain JSON data: each section of entries as lists of values, built again only when it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from catalog_route import knowledge as k
from catalog_route.compiled import BrokenError, Compiled, Tables

# What each section of `Knowledge` holds, and which records stand inside such an entry: one, or several in a tuple.
KINDS: dict[str, type] = {
    "sources": k.Source, "facts": k.Fact, "abilities": k.Ability, "tiers": k.Tier, "teams": k.Team, "beyond": k.Beyond,
    "signals": k.Signal, "history": k.History, "codes": k.ErrorCode, "tips": k.Tip, "steps": k.Step,
    "questions": k.Question, "drafts": k.Draft, "placeholders": k.Placeholder, "groups": k.Group, "changes": k.Change,
    "terms": k.Term,
}  # fmt: skip
ONE: dict[tuple[type, str], type] = {
    (k.Signal, "examples"): k.Examples, (k.History, "examples"): k.Examples,
    (k.Tip, "when"): k.When, (k.Step, "when"): k.When, (k.Draft, "when"): k.When,
    (k.Change, "when"): k.When,
}  # fmt: skip
SEVERAL: dict[tuple[type, str], type] = {
    (k.Tier, "limits"): k.Limit, (k.ErrorCode, "readings"): k.Reading, (k.Layer, "entries"): k.Laid,
}  # fmt: skip


def sections(known: k.Knowledge) -> Tables:
    """The sections of a knowledge as plain data."""
    out: Tables = {f"known {name}": [_values(entry) for entry in getattr(known, name).values()] for name in KINDS}
    return {**out, "known vocabulary": _values(known.vocabulary), "known layers": list(map(_values, known.layers))}


def knowledge(kept: Compiled, *folders: Path) -> k.Knowledge:
    """The knowledge of `folders` from compiled sections. Each is read when it is first asked for."""
    return _Stored(kept, folders)


class _Stored(k.Knowledge):
    """A knowledge whose sections come from a compiled file; all of them from the folders, should one be broken."""

    def __init__(self, kept: Compiled, folders: tuple[Path, ...]) -> None:
        self.__dict__.update(digest=kept.digest, _kept=kept, _folders=folders)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in (*KINDS, "vocabulary", "layers"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        try:
            value = _section(name, self._kept[f"known {name}"])
        except BrokenError:
            from catalog_route.loading import load_knowledge

            value = getattr(load_knowledge(*self._folders), name)
        self.__dict__[name] = value
        return value

    def __reduce__(self) -> tuple[Any, ...]:
        return k.Knowledge, tuple(getattr(self, name) for name in self.__record_names__)


def _values(entry: Any) -> list[Any]:
    return [_plain(getattr(entry, name)) for name in entry.__record_names__]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return _values(value) if isinstance(value, k.Strict) else value


def _section(name: str, values: Any) -> Any:
    if name == "vocabulary":
        texts = ({key: tuple(item) if type(item) is list else item for key, item in part.items()} if type(part) is dict else part
                 for part in values)  # fmt: skip
        return _record(k.Vocabulary, list(texts))
    if name == "layers":
        return tuple(_record(k.Layer, each) for each in values)
    kind = KINDS[name]
    entries = [_record(kind, each) for each in values]
    return {entry.id: entry for entry in entries}


def _record(kind: Any, values: list[Any]) -> Any:
    """A record from its values: lists become tuples, or the records that stand inside."""
    made = [tuple(value) if type(value) is list else value for value in values]
    for place, inner, several in _inside(kind):
        made[place] = tuple(_record(inner, each) for each in values[place]) if several else _record(inner, values[place])
    entry = kind.__new__(kind)
    entry.__dict__.update(zip(kind.__record_names__, made, strict=True))
    return entry


_INSIDE: dict[type, tuple[tuple[int, type, bool], ...]] = {}


def _inside(kind: Any) -> tuple[tuple[int, type, bool], ...]:
    """The places of the records inside a record, their kinds, and whether there are several."""
    if kind not in _INSIDE:
        names = kind.__record_names__
        one = [(names.index(name), inner, False) for (outer, name), inner in ONE.items() if outer is kind]
        more = [(names.index(name), inner, True) for (outer, name), inner in SEVERAL.items() if outer is kind]
        _INSIDE[kind] = (*one, *more)
    return _INSIDE[kind]
