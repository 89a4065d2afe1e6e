"""A file of which only those bytes are read that are asked for, as they were when it was opened, whatever takes its place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, BinaryIO

PIECEWISE = os.name == "posix" and hasattr(os, "pread")


class Rest:
    """The bytes of an open file from `begin` on. `rest[a:b]` reads them; pickled and with `bytes()` they are all read."""

    def __init__(self, stream: BinaryIO, begin: int, size: int) -> None:
        self._stream = stream
        self._begin = begin
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        """The bytes of a slice without a step; fewer when they cannot be had any more."""
        start, stop, _ = part.indices(self._size)
        try:
            return os.pread(self._stream.fileno(), max(0, stop - start), self._begin + start)
        except OSError:
            return b""

    def __bytes__(self) -> bytes:
        return self[:]

    def __reduce__(self) -> tuple[Any, ...]:
        return bytes, (self[:],)

    def __del__(self) -> None:
        self._stream.close()


def line_and_rest(path: Path, most: int) -> tuple[bytes, bytes | Rest]:
    """The first line of a file, without its end, and the bytes after it, of which at most `most` are looked at.

    Where a file cannot be read from any place, or could not be replaced while it is open, the rest is read at once.
    OSError when the file cannot be read.
    """
    stream = path.open("rb")
    try:
        line = stream.readline(most)[:-1]
        begin, size = stream.tell(), os.fstat(stream.fileno()).st_size
        if PIECEWISE:
            return line, Rest(stream, begin, min(most, size - begin))
        with stream:
            return line, stream.read(most)
    except BaseException:
        stream.close()
        raise
