"""JSON Schemas of what the program reads and writes, made from the very records."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from catalog_route.advice import Advice
from catalog_route.batch import Brief
from catalog_route.data_schema import data_schema

WRITTEN: dict[str, Any] = {"advice": Advice, "brief": Brief}
KINDS = (*WRITTEN, "data")


def schema_of(what: str) -> dict[str, Any]:
    """The JSON Schema of `advice` or `brief` (2020-12), or of `data` (draft 7, for editors)."""
    if what == "data":
        return data_schema()
    schema: dict[str, Any] = TypeAdapter(WRITTEN[what]).json_schema(mode="serialization")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    out: dict[str, Any] = _plain_names(schema)
    return out


def _plain_names(node: Any) -> Any:
    """Field names as they are written outside: without the underscore that dodges a keyword."""
    if isinstance(node, dict):
        return {name: _plain_names(_renamed(name, value)) for name, value in node.items()}
    return [_plain_names(item) for item in node] if isinstance(node, list) else node


def _renamed(name: str, value: Any) -> Any:
    if name == "properties" and isinstance(value, dict):
        return {key.rstrip("_"): held for key, held in value.items()}
    return [key.rstrip("_") for key in value] if name == "required" else value
