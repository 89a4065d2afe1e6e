"""One raw entry → the checked record, or its faults, each told at its line with a cure.

A mistyped key does not hide what else is wrong: it is taken for the key that was meant when that one is missing, and
left out otherwise, and the entry is checked again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from pydantic import TypeAdapter, ValidationError

from catalog_route import knowledge as k
from catalog_route.problems import MOST_PROBLEMS, Problem, brief, did_you_mean, nearest
from catalog_route.rules import fault
from catalog_route.yaml_source import Route, YamlText


@dataclass(frozen=True, slots=True)
class Document(k.Strict):
    """What one file may hold: any of these sections, each a list of entries (vocabulary: one mapping)."""

    whole: bool = False
    disabled: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sources: tuple[k.Source, ...] = ()
    facts: tuple[k.Fact, ...] = ()
    abilities: tuple[k.Ability, ...] = ()
    tiers: tuple[k.Tier, ...] = ()
    teams: tuple[k.Team, ...] = ()
    beyond: tuple[k.Beyond, ...] = ()
    signals: tuple[k.Signal, ...] = ()
    history: tuple[k.History, ...] = ()
    codes: tuple[k.ErrorCode, ...] = ()
    tips: tuple[k.Tip, ...] = ()
    steps: tuple[k.Step, ...] = ()
    questions: tuple[k.Question, ...] = ()
    drafts: tuple[k.Draft, ...] = ()
    placeholders: tuple[k.Placeholder, ...] = ()
    groups: tuple[k.Group, ...] = ()
    changes: tuple[k.Change, ...] = ()
    terms: tuple[k.Term, ...] = ()
    vocabulary: k.Vocabulary = field(default_factory=k.Vocabulary)


# Top-level keys that hold no entries.
SINGLE = ("whole", "disabled", "vocabulary")
SECTIONS = tuple(f.name for f in fields(Document) if f.name not in SINGLE)
RECORDS: dict[str, Any] = {
    "sources": k.Source, "facts": k.Fact, "abilities": k.Ability, "tiers": k.Tier, "teams": k.Team, "beyond": k.Beyond,
    "signals": k.Signal, "history": k.History, "codes": k.ErrorCode, "tips": k.Tip, "steps": k.Step,
    "questions": k.Question, "drafts": k.Draft, "placeholders": k.Placeholder, "groups": k.Group, "changes": k.Change,
    "terms": k.Term, "vocabulary": k.Vocabulary, "examples": k.Examples, "readings": k.Reading, "when": k.When, "limits": k.Limit,
}  # fmt: skip
_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)

# What pydantic calls a key that is no field of a dataclass.
_UNKNOWN = "unexpected_keyword_argument"


def raw_entries(text: YamlText, problems: list[Problem]) -> Iterator[tuple[Route, Any]]:
    """The route and the raw value of every entry of a file, and of its single values; what is none goes to `problems`."""
    if not isinstance(text.data, dict):
        what, cure = "the file is not a mapping", f"begin with one of: {', '.join(SECTIONS)}"
        problems.append(fault("not-yaml", (text.name, 1, 1), what, cure))
        return
    for section, value in text.data.items():
        if section in SECTIONS and isinstance(value, tuple):
            yield from (((section, index), raw) for index, raw in enumerate(value))
        elif value is None or section in SECTIONS:
            what = f"{brief(section)} is not a list of entries"
            problems.append(fault("wrong-value", (text.name, *text.place((section,))), what))
        else:
            yield (section,), value


def checked(text: YamlText, base: Route, raw: Any, problems: list[Problem]) -> Any:
    """The record (or single value) of what stands at `base`, or None when it cannot be made; faults go to `problems`."""
    if len(problems) > MOST_PROBLEMS:
        return None
    if isinstance(raw, dict) and "origin" in raw and len(base) > 1:
        place = (text.name, *text.key((*base, "origin")))
        problems.append(fault("unknown-key", place, 'unknown key "origin"', "remove it; the program sets it"))
        raw = {name: value for name, value in raw.items() if name != "origin"}
    entry, errors = _validated(base, raw)
    unknown = [error for error in errors if error["type"] == _UNKNOWN]
    if unknown:
        problems.extend(_told(text, base, error) for error in unknown[:MOST_PROBLEMS])
        if base[0] not in SECTIONS and base[0] not in SINGLE:
            return None
        entry, errors = _validated(base, _mended(base, raw, unknown[:MOST_PROBLEMS]))
    problems.extend(_told(text, base, error) for error in errors[:MOST_PROBLEMS])
    return entry


def _validated(base: Route, raw: Any) -> tuple[Any, list[Any]]:
    many = len(base) == 2
    try:
        # JSON, because strict records are only built from mappings there
        whole = _DOCUMENT.validate_json(json.dumps({base[0]: [raw] if many else raw}))
    except ValidationError as broken:
        return None, list(broken.errors(include_url=False, include_input=False))
    entry = getattr(whole, str(base[0]))
    return (entry[0] if many else entry), []


def _mended(base: Route, raw: Any, unknown: list[Any]) -> Any:
    """The entry with its unknown keys renamed to the missing ones that were meant, or left out."""
    copy = json.loads(json.dumps(raw))
    for error in unknown:
        loc = tuple(error["loc"])
        holder = copy
        for part in loc[len(base) : -1]:
            holder = holder[part]
        value = holder.pop(loc[-1])
        meant = nearest(str(loc[-1]), [name for name in _fields_at(loc) if name not in holder])
        if meant:
            holder[meant] = value
    return copy


_CURES = {
    "string_type": "write it as text, in quotes if it looks like a number",
    "tuple_type": "write it as a list",
    "dict_type": "write it as a mapping",
    "int_type": "write a whole number",
    "bool_type": "write true or false",
}


def _told(text: YamlText, base: Route, error: Mapping[str, Any]) -> Problem:
    """Translate one pydantic error into a problem at its line."""
    loc: Route = tuple(error["loc"])
    inside = (*base, *loc[len(base) :])
    here = ".".join(brief(part) for part in inside[2:]) or brief(inside[-1])
    name = brief(yaml_name(inside[-1]))
    match error["type"]:
        case "missing":
            return fault("missing-field", (text.name, *text.place(inside[:-1])), f'missing field "{name}"', "add it")
        case "unexpected_keyword_argument":
            shown = list(map(yaml_name, _fields_at(loc)))
            cure = did_you_mean(name, shown, f"known here: {', '.join(shown)}")
            return fault("unknown-key", (text.name, *text.key(inside)), f'unknown key "{name}"', cure)
        case "literal_error":
            what = f"{here} must be one of {error['ctx']['expected']}"
            return fault("wrong-value", (text.name, *text.place(inside)), what)
        case kind:
            what = f"{here}: {error['msg'].lower()}"
            return fault("wrong-value", (text.name, *text.place(inside)), what, _CURES.get(kind, ""))


def yaml_name(name: str | int) -> str:
    """The name of a field as authors write it, without the underscore that dodges a keyword."""
    return str(name).removesuffix("_")


def _fields_at(loc: Route) -> list[str]:
    """The field names allowed at the level where pydantic met an unknown key."""
    if len(loc) == 1:
        return [*SECTIONS, *SINGLE]
    holder = next(part for part in reversed(loc[:-1]) if isinstance(part, str))
    kind = RECORDS.get(holder)
    return [f.name for f in fields(kind) if f.name != "origin"] if kind else []
