"""Bytes from outside → text, by recognition: byte-order marks, UTF-16 without one, UTF-8, else windows-1252, said aloud."""

from __future__ import annotations

import codecs
from typing import BinaryIO

from catalog_route.terminal import Exit, Stop, say

MAX_BYTES = 8_000_000

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(stream: BinaryIO, most: int = MAX_BYTES) -> str:
    """All of a stream as text. Stop (exit 5) when it breaks, or beyond `most` bytes."""
    try:
        raw = stream.read(most + 1)
    except OSError as fault:
        raise Stop(f"the input cannot be read: {fault.strerror or fault}", Exit.INPUT) from fault
    if len(raw) > most:
        raise Stop(f"the input is larger than the {most} bytes that are read", Exit.INPUT)
    return decode(raw)


def decode(raw: bytes) -> str:
    """The text of some bytes; what is neither UTF-8 nor UTF-16 is read as windows-1252, with a word on stderr."""
    encoding = guess(raw)
    if encoding == "cp1252":
        say("catalog-route: the input is not UTF-8; read as windows-1252")
    return raw.decode(encoding, errors="strict" if encoding == "utf-8" else "replace")


def guess(raw: bytes) -> str:
    """The encoding of some bytes (see module)."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return encoding
    head = raw[:4096]
    if len(head) >= 4 and head.count(0) >= 0.3 * len(head):
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
