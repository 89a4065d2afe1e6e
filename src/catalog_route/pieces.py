"""A file of which only those bytes are read that are asked for, as they were when it was opened, whatever takes its place."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

PIECEWISE = os.name == "posix" and hasattr(os, "pread")


class Rest:
    """The bytes of an open file from `begin` on. `rest[a:b]` reads them; pickled and with `bytes()` they are all read.

    Takes the number of the file over and closes it in the end: Python's own file would warn, where it is cleared away first.
    """

    def __init__(self, handle: int, begin: int, size: int) -> None:
        self._handle = handle
        self._begin = begin
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        """The bytes of a slice without a step; fewer when they cannot be had any more."""
        start, stop, _ = part.indices(self._size)
        try:
            return os.pread(self._handle, max(0, stop - start), self._begin + start)
        except OSError:
            return b""

    def __bytes__(self) -> bytes:
        return self[:]

    def __reduce__(self) -> tuple[Any, ...]:
        return bytes, (self[:],)

    # bound here, since `os` may be gone when Python ends
    def __del__(self, close: Callable[[int], None] = os.close) -> None:
        close(self._handle)


def line_and_rest(path: Path, most: int) -> tuple[bytes, bytes | Rest]:
    """The first line of a file, without its end, and the bytes after it, of which at most `most` are looked at.

    Where a file cannot be read from any place, or could not be replaced while it is open, the rest is read at once.
    OSError when the file cannot be read.
    """
    with path.open("rb") as stream:
        line = stream.readline(most)[:-1]
        if not PIECEWISE:
            return line, stream.read(most)
        begin, size = stream.tell(), os.fstat(stream.fileno()).st_size
        return line, Rest(os.dup(stream.fileno()), begin, min(most, size - begin))
