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
from catalog_route.problems import Problem, did_you_mean
from catalog_route.yaml_source import Route, YamlText


@dataclass(frozen=True, slots=True)
class Document(k.Strict):
    """What one file may hold: any of these sections, each a list of entries (vocabulary: one mapping)."""

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
    vocabulary: k.Vocabulary = field(default_factory=k.Vocabulary)


SECTIONS = tuple(f.name for f in fields(Document) if f.name != "vocabulary")
_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)

_UNKNOWN = ("unexpected_keyword_argument", "extra_forbidden")


def entries_of(text: YamlText, problems: list[Problem], broken: set[str]) -> Iterator[tuple[str, int, Any]]:
    """Yield (section, index, record) of every entry that can be used; faults go to `problems`.

    The ids of entries that cannot be used go to `broken`, so that nobody is blamed for referring to them.
    """
    if not isinstance(text.data, dict):
        problems.append(Problem(text.name, 1, 1, "the file is not a mapping", f"begin with one of: {', '.join(SECTIONS)}"))
        return
    for section, value in text.data.items():
        many = section in SECTIONS
        if value is None or (many and not isinstance(value, tuple)):
            problems.append(Problem(text.name, *text.place((section,)), f"{section} is not a list of entries"))
            continue
        for index, raw in enumerate(value if many else (value,)):
            base: Route = (section, index) if many else (section,)
            entry = _checked(text, base, raw, problems)
            if entry is not None:
                yield section, index, entry
            elif isinstance(raw, dict):
                broken.add(str(raw.get("code") or raw.get("id")))


def _checked(text: YamlText, base: Route, raw: Any, problems: list[Problem]) -> Any:
    """The record of one raw entry, or None when it cannot be made."""
    if isinstance(raw, dict) and "origin" in raw and len(base) > 1:
        problems.append(
            Problem(text.name, *text.place((*base, "origin")), 'unknown key "origin"', "remove it; the program sets it")
        )
        raw = {name: value for name, value in raw.items() if name != "origin"}
    entry, errors = _validated(base, raw)
    unknown = [error for error in errors if error["type"] in _UNKNOWN]
    if unknown:
        problems.extend(_told(text, base, error) for error in unknown)
        if base[0] not in SECTIONS and base[0] != "vocabulary":
            return None
        entry, errors = _validated(base, _mended(base, raw, unknown))
    problems.extend(_told(text, base, error) for error in errors)
    return entry


def _validated(base: Route, raw: Any) -> tuple[Any, list[Any]]:
    many = len(base) == 2
    try:
        # JSON, because strict records are only built from mappings there
        whole = _DOCUMENT.validate_json(json.dumps({base[0]: [raw] if many else raw}))
    except ValidationError as fault:
        return None, list(fault.errors(include_url=False, include_input=False))
    entry = getattr(whole, str(base[0]))
    return (entry[0] if many else entry), []


def _mended(base: Route, raw: Any, unknown: list[Any]) -> Any:
    """The entry with its unknown keys renamed to the missing ones that were meant, or left out."""
    copy = json.loads(json.dumps(raw))
    for error in unknown:
        loc = tuple(error["loc"])
        holder = copy
        for part in loc[2 if len(base) == 2 else 1 : -1]:
            holder = holder[part]
        value = holder.pop(loc[-1])
        meant = did_you_mean(str(loc[-1]), [name for name in _fields_at(loc) if name not in holder])
        if meant:
            holder[meant.split('"')[1]] = value
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
    inside = (*base, *loc[2:]) if len(base) == 2 else loc
    here = ".".join(str(part) for part in inside[2:]) or str((*base, *inside)[-1])
    match error["type"]:
        case "missing" | "missing_argument":
            line, column = text.place(inside[:-1])
            return Problem(text.name, line, column, f'missing field "{_yaml_name(inside[-1])}"', "add it")
        case "unexpected_keyword_argument" | "extra_forbidden":
            names = _fields_at(loc)
            what = f'unknown key "{_yaml_name(inside[-1])}"'
            shown = list(map(_yaml_name, names))
            cure = did_you_mean(_yaml_name(inside[-1]), shown, f"known here: {', '.join(shown)}")
            return Problem(text.name, *text.place(inside), what, cure)
        case "literal_error":
            what = f"{here} must be one of {error['ctx']['expected']}"
            return Problem(text.name, *text.place(inside), what)
        case kind:
            return Problem(text.name, *text.place(inside), f"{here}: {error['msg'].lower()}", _CURES.get(kind, ""))


def _yaml_name(name: str | int) -> str:
    return str(name).removesuffix("_")


def _fields_at(loc: Route) -> list[str]:
    """The field names allowed at the level where pydantic met an unknown key."""
    if len(loc) == 1:
        return [*SECTIONS, "vocabulary"]
    kinds: dict[str, Any] = {
        "sources": k.Source, "facts": k.Fact, "abilities": k.Ability, "tiers": k.Tier, "teams": k.Team,
        "beyond": k.Beyond, "signals": k.Signal, "history": k.History, "codes": k.ErrorCode, "tips": k.Tip,
        "steps": k.Step, "questions": k.Question, "drafts": k.Draft, "placeholders": k.Placeholder,
        "groups": k.Group, "changes": k.Change, "vocabulary": k.Vocabulary,
        "examples": k.Examples, "readings": k.Reading, "when": k.When, "limits": k.Limit,
    }  # fmt: skip
    holder = next(part for part in reversed(loc[:-1]) if isinstance(part, str))
    kind = kinds.get(holder)
    return [f.name for f in fields(kind) if f.name != "origin"] if kind else []
