"""Plain data → bytes and back: JSON, with long texts beside it as they are, where reading them costs next to nothing."""

from __future__ import annotations

import json
from typing import Any

# JSON looks at every character of a text, some fifteen instructions each; from so many on a text is worth its own place.
LONG = 500
# Stands in the JSON for a long text, with its beginning and its end among the bytes after the first line.
_ASIDE = "\n"


def packed(value: Any) -> bytes:
    """The bytes of plain data. ValueError or TypeError when it is none."""
    texts: list[bytes] = []
    line = json.dumps(_without(value, texts, [0]), ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return b"\n".join((line.encode("ascii"), b"".join(texts)))


def unpacked(part: bytes) -> Any:
    """The plain data of such bytes. ValueError when they are none."""
    end = part.index(b"\n")
    begin = end + 1

    def text(pairs: dict[str, Any]) -> Any:
        aside = pairs.get(_ASIDE)
        return pairs if aside is None else part[begin + aside[0] : begin + aside[1]].decode("utf-8", "surrogatepass")

    return json.loads(part[:end], object_hook=text)


def _without(value: Any, texts: list[bytes], size: list[int]) -> Any:
    """`value` with its long texts moved to `texts`, which hold `size` bytes so far."""
    if isinstance(value, str):
        if len(value) < LONG:
            return value
        raw = value.encode("utf-8", "surrogatepass")
        texts.append(raw)
        size[0] += len(raw)
        return {_ASIDE: [size[0] - len(raw), size[0]]}
    if isinstance(value, (list, tuple)):
        return [_without(each, texts, size) for each in value]
    if isinstance(value, dict):
        if _ASIDE in value:
            raise ValueError("a name that is a line end stands for something else")
        return {name: _without(each, texts, size) for name, each in value.items()}
    return value
