"""The JSON Schema of the data files, for editors: completes keys, shows what they mean, and warns of what `check` refuses.

It is JSON Schema draft 7, which the YAML language servers of editors know. An entry with `extends: true` has a schema of its
own: only its id and what can be made longer.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from catalog_route import knowledge as k
from catalog_route.entries import RECORDS, SECTIONS, yaml_name
from catalog_route.meanings import LAYING, LAYING_WORDS, MEANINGS, TOP

Schema = dict[str, Any]
_PLAIN: dict[Any, Schema] = {str: {"type": "string"}, int: {"type": "integer"}, bool: {"type": "boolean"}}
_NESTED = ("Examples", "When")


def data_schema() -> Schema:
    """The schema of one data file."""
    properties: Schema = {
        "whole": {"type": "boolean", "description": TOP["whole"]},
        "disabled": {
            "type": "object", "description": TOP["disabled"], "additionalProperties": False,
            "properties": {name: _list_of({"type": "string"}) for name in (*SECTIONS, *_words())},
        },
    }  # fmt: skip
    for section in SECTIONS:
        name = RECORDS[section].__name__
        properties[section] = {"description": _told(RECORDS[section]), **_list_of(_entry(name))}
    properties["vocabulary"] = {"description": _told(k.Vocabulary), "$ref": "#/definitions/Vocabulary"}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Knowledge of catalog-route",
        "description": "A file of the knowledge: any of these sections. See docs/data-format.md.",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "definitions": _definitions(),
    }


def _entry(name: str) -> Schema:
    """An entry: whole, or only what is added when it says `extends: true`."""
    extending = {"required": ["extends"], "properties": {"extends": {"const": True}}}
    return {"if": extending, "then": {"$ref": f"#/definitions/{name}More"}, "else": {"$ref": f"#/definitions/{name}"}}


def _definitions() -> Schema:
    out: Schema = {}
    for record in dict.fromkeys(RECORDS.values()):
        name = record.__name__
        own = name in {RECORDS[section].__name__ for section in SECTIONS}
        properties = {yaml_name(part): _field(record, part, hint, "") for part, hint in _fields(record)}
        if own:
            properties["replaces"] = {"type": "boolean", "description": LAYING["replaces"]}
        if record is k.Vocabulary:
            properties["replaces"] = {**_list_of({"type": "string"}), "description": LAYING_WORDS}
        out[name] = {
            "type": "object", "description": _told(record), "additionalProperties": False, "properties": properties,
            "required": [yaml_name(part) for part in _required(record)],
        }  # fmt: skip
        if own or name in _NESTED:
            out[f"{name}More"] = _more(record, own)
    return out


def _more(record: Any, own: bool) -> Schema:
    """What an entry that makes another one longer can hold: its id, lists, mappings, and records of lists."""
    properties: Schema = {}
    for part, hint in _fields(record):
        if part in ("id", "code") or get_origin(hint) in (tuple, dict) or getattr(hint, "__name__", "") in _NESTED:
            properties[yaml_name(part)] = _field(record, part, hint, "More")
    required = ["code" if "code" in properties else "id", "extends"] if own else []
    if own:
        properties["extends"] = {"const": True, "description": LAYING["extends"]}
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": required}


def _field(record: Any, part: str, hint: Any, nested: str) -> Schema:
    return {"description": MEANINGS[record.__name__][yaml_name(part)], **_shape(hint, nested)}


def _shape(hint: Any, nested: str) -> Schema:
    """The schema of a type; `nested` is added to the names of records that are made longer part by part."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, inside = get_origin(hint), get_args(hint)
    if origin is tuple:
        return _list_of(_shape(inside[0], ""))
    if origin is dict:
        return {"type": "object", "additionalProperties": _shape(inside[1], "")}
    if is_dataclass(hint):
        name = getattr(hint, "__name__", "")
        return {"$ref": f"#/definitions/{name}{nested if name in _NESTED else ''}"}
    return {"enum": list(inside)}


def _list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _fields(record: Any) -> list[tuple[str, Any]]:
    hints = get_type_hints(record)
    return [(part.name, hints[part.name]) for part in fields(record) if part.name != "origin"]


def _required(record: Any) -> list[str]:
    defaults = {*record.__record_defaults__, *record.__record_makers__}
    return [part for part, _ in _fields(record) if part not in defaults]


def _words() -> list[str]:
    return [part for part, _ in _fields(k.Vocabulary)]


def _told(record: Any) -> str:
    return " ".join((record.__doc__ or "").split())
