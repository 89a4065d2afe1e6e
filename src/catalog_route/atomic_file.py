"""A file that appears whole or not at all: written beside its place, forced to disk, then moved there in one step.

Whatever fails before the move, the file that was there stays as it was and nothing else is left behind. A link in that
place is replaced, not written through. What is no regular file (a pipe, a device) is written directly.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def atomic(path: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become `path` when the block ends well. OSError when anything cannot be done."""
    mode = _mode(path)
    if mode is None:
        with path.open("wb", buffering=0) as direct:
            yield direct
        return
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".tmp", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb", buffering=0) as stream:
            os.chmod(beside, mode)  # noqa: PTH101 - the tests put faults into os
            yield stream
            os.fsync(stream.fileno())
        os.replace(beside, path)  # noqa: PTH105
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    _settle(path.parent)


def _mode(path: Path) -> int | None:
    """The permissions that the file will have: those it has, else the usual ones; None when it is to be written directly."""
    try:
        there = path.stat()
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask
    return stat.S_IMODE(there.st_mode) if stat.S_ISREG(there.st_mode) else None


def _settle(folder: Path) -> None:
    """Force the move itself to disk, where the system can; the file is whole either way."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
