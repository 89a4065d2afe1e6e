"""JSON Schemas of what the program reads and writes, made from the very records."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from catalog_route.advice import Advice
from catalog_route.batch import Brief
from catalog_route.loading import Document


def schema_of(what: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of `advice`, `brief` or `data`."""
    kind: Any = {"advice": Advice, "brief": Brief, "data": Document}[what]
    schema = TypeAdapter(kind).json_schema(mode="validation" if what == "data" else "serialization")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return _plain_names(schema)


def _plain_names(node: Any) -> Any:
    """Field names as they are written outside: without the underscore that dodges a keyword."""
    if isinstance(node, dict):
        out = {}
        for name, value in node.items():
            if name == "properties":
                value = {key.rstrip("_"): held for key, held in value.items() if key != "origin" or "signal" in node["properties"]}
            if name == "required":
                value = [key.rstrip("_") for key in value]
            out[name] = _plain_names(value)
        return out
    return [_plain_names(item) for item in node] if isinstance(node, list) else node
