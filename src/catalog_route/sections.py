"""Plain data → bytes and back: JSON, with long texts and bytes beside it as they are, which cost next to nothing to read."""

from __future__ import annotations

import json
from typing import Any

# JSON looks at every character of a text, some fifteen instructions each; from so many on a text is worth its own place.
LONG = 500
# Stands in the JSON for what is kept aside: its beginning and end among the bytes after the first line, and whether it is bytes.
_ASIDE = "\n"


def packed(value: Any) -> bytes:
    """The bytes of plain data. ValueError or TypeError when it is none."""
    aside: list[bytes] = []
    line = json.dumps(_without(value, aside, [0]), ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return b"\n".join((line.encode("ascii"), b"".join(aside)))


def unpacked(part: bytes) -> Any:
    """The plain data of such bytes. ValueError when they are none."""
    end = part.index(b"\n")
    begin = end + 1

    def given(pairs: dict[str, Any]) -> Any:
        if _ASIDE not in pairs:
            return pairs
        first, last, plain = pairs[_ASIDE]
        raw = part[begin + first : begin + last]
        return raw if plain else raw.decode("utf-8", "surrogatepass")

    return json.loads(part[:end], object_hook=given)


def _without(value: Any, aside: list[bytes], size: list[int]) -> Any:
    """`value` with its long texts and its bytes moved to `aside`, which holds `size` bytes so far."""
    plain = isinstance(value, bytes)
    if plain or (isinstance(value, str) and len(value) >= LONG):
        raw = value if plain else value.encode("utf-8", "surrogatepass")
        aside.append(raw)
        size[0] += len(raw)
        return {_ASIDE: [size[0] - len(raw), size[0], plain]}
    if isinstance(value, (list, tuple)):
        return [_without(each, aside, size) for each in value]
    if isinstance(value, dict):
        if _ASIDE in value:
            raise ValueError("a name that is a line end stands for something else")
        return {name: _without(each, aside, size) for name, each in value.items()}
    return value
