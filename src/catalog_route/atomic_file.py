"""A file that appears whole or not at all: written beside its place, forced to disk, then moved there in one step.

Whatever fails before the move, the file that was there stays as it was and nothing else is left behind. A link in that
place is replaced, not written through. What is no regular file (a pipe, a device) is written directly.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def atomic(path: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become `path` when the block ends well; permissions stay. OSError when it cannot be done."""
    there = _mode(path)
    if there is not None and not stat.S_ISREG(there):
        with path.open("wb") as direct:
            yield direct
        return
    beside = path.parent / f".catalog-route-{secrets.token_hex(8)}.tmp"
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666 if there is None else 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            if there is not None:
                os.chmod(beside, stat.S_IMODE(there))  # noqa: PTH101 - one module to put faults into
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, path)  # noqa: PTH105
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)  # noqa: PTH108
        raise
    _settle(path.parent)


def _mode(path: Path) -> int | None:
    """Kind and permissions of what is there, None when nothing is."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _settle(folder: Path) -> None:
    """Force the move itself to disk, where the system can; the file is whole either way."""
    with suppress(OSError, MemoryError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
