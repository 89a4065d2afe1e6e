"""Knowledge ↔ plain JSON data: each section of entries as lists of values, built again only when it is asked for."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from catalog_route import knowledge as k
from catalog_route.compiled import Compiled, Tables

# What each section of `Knowledge` holds, and what stands inside an entry, by the name of its field.
KINDS: dict[str, type] = {
    "sources": k.Source, "facts": k.Fact, "abilities": k.Ability, "tiers": k.Tier, "teams": k.Team, "beyond": k.Beyond,
    "signals": k.Signal, "history": k.History, "codes": k.ErrorCode, "tips": k.Tip, "steps": k.Step,
    "questions": k.Question, "drafts": k.Draft, "placeholders": k.Placeholder, "groups": k.Group, "changes": k.Change,
}  # fmt: skip
INSIDE: dict[str, type] = {"examples": k.Examples, "limits": k.Limit, "readings": k.Reading, "when": k.When}


def sections(known: k.Knowledge) -> Tables:
    """The sections of a knowledge as plain data."""
    out: Tables = {name: [[key, *_values(entry)] for key, entry in getattr(known, name).items()] for name in KINDS}
    return {**out, "vocabulary": _values(known.vocabulary)}


def knowledge(kept: Compiled) -> k.Knowledge:
    """The knowledge of compiled sections. Each is read when it is first asked for."""
    return _Stored(kept)


class _Stored(k.Knowledge):
    """A knowledge whose sections come from a compiled file."""

    def __init__(self, kept: Compiled) -> None:
        self.__dict__["_kept"] = kept
        self.__dict__["digest"] = kept.digest

    def __getattr__(self, name: str) -> Any:
        if name == "vocabulary":
            value: Any = _record(k.Vocabulary, self._kept.section(name))
        elif name in KINDS:
            value = {key: _record(KINDS[name], values) for key, *values in self._kept.section(name)}
        else:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        self.__dict__[name] = value
        return value

    def __reduce__(self) -> tuple[Any, ...]:
        return k.Knowledge, tuple(getattr(self, part.name) for part in fields(k.Knowledge))


def _values(entry: Any) -> list[Any]:
    return [_plain(getattr(entry, part.name)) for part in fields(entry)]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return _values(value) if type(value) in INSIDE.values() else value


def _record(kind: type, values: list[Any]) -> Any:
    names = kind.__record_names__  # type: ignore[attr-defined]
    return kind(*[_inside(name, value) if type(value) is list else value for name, value in zip(names, values, strict=True)])


def _inside(name: str, value: list[Any]) -> Any:
    """What a list in the place of a field stands for: a record, records, or a tuple."""
    kind = INSIDE.get(name)
    if kind is None:
        return tuple(value)
    if name in ("limits", "readings"):
        return tuple(_record(kind, values) for values in value)
    return _record(kind, value)
