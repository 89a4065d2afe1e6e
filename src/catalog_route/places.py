"""Where the knowledge lies, which files belong to it, its digest, and where compiled knowledge is kept."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

WEIGHTS = "likeness.json"
# What is larger is not read; the largest file of the shipped knowledge has a tenth of it.
LARGEST = 1_000_000
LARGEST_WEIGHTS = 32_000_000
# A folder of knowledge holds little else; beyond this many names it is somebody's home or a whole disk.
MOST_NAMES = 20_000


class RefusedError(OSError):
    """Something that is not even tried: `what` it is, and the `cure`."""

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(0, what)
        self.what = what
        self.cure = cure


@cache
def data_dir() -> Path:
    """The folder of the shipped knowledge: the installed copy, else the checkout's `data/`."""
    here = Path(__file__).resolve()
    installed = here.parent / "data"
    return installed if installed.is_dir() else here.parents[2] / "data"


def data_files(folder: Path) -> list[Path]:
    """The YAML files below `folder`, in the order in which they are read.

    What begins with a dot is left alone. OSError when a folder cannot be looked at; RefusedError when it
    holds more than `MOST_NAMES` names.
    """
    names = (name for name, _ in _files(folder) if name != WEIGHTS)
    return [folder / name for name in sorted(names, key=_by_parts)]


def digest(*folders: Path) -> str:
    """First 12 hex digits of the SHA-256 over names and bytes of the shipped knowledge with its weights, then of `folders`.

    Folders with the same content count once, so that a copy of the shipped knowledge has the digest of the shipped one.
    OSError when something cannot be read.
    """
    import hashlib

    each = list(dict.fromkeys(map(_digest, (data_dir(), *folders))))
    return (each[0] if len(each) == 1 else hashlib.sha256("\n".join(each).encode()).hexdigest())[:12]


def _digest(folder: Path) -> str:
    import hashlib

    total = hashlib.sha256()
    for name in sorted((name for name, _ in _files(folder)), key=_by_parts):
        raw = read_plain(folder / name, LARGEST_WEIGHTS if name == WEIGHTS else LARGEST)
        total.update(name.encode("utf-8", "surrogateescape") + b"\0" + raw + b"\0")
    return total.hexdigest()


def read_plain(path: Path, most: int) -> bytes:
    """The bytes of a regular file of at most `most` bytes. OSError tells why it cannot be had; nothing else is ever opened."""
    state = path.stat()
    if not stat.S_ISREG(state.st_mode):
        raise RefusedError("not a regular file", "knowledge is read from plain files")
    if state.st_size > most:
        raise RefusedError(f"{state.st_size} bytes, more than the {most} that are read", "split the file")
    with path.open("rb") as stream:
        return stream.read(most)


def footprint(folder: Path) -> tuple[str, int]:
    """Name, size, times and place on disk of every file of a folder's knowledge as one text, and the newest of the times.

    While that text stays the same, so does the digest; telling it takes no reading. OSError when a file cannot be looked at.
    """
    lines, newest = [], 0
    for name, entry in sorted(_files(folder), key=lambda pair: pair[0]):
        seen = entry.stat()
        changed = max(seen.st_mtime_ns, seen.st_ctime_ns)
        lines.append(f"{name} {seen.st_size} {seen.st_mtime_ns} {seen.st_ctime_ns} {seen.st_ino}")
        newest = max(newest, changed)
    return "\n".join(lines), newest


def _files(folder: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Name (with `/`) and entry of what belongs to the knowledge of a folder: its YAML files, and the weights beside them."""
    waiting, seen = [(str(folder), "")], 0
    while waiting:
        place, above = waiting.pop()
        with os.scandir(place) as entries:
            for entry in entries:
                seen += 1
                if seen > MOST_NAMES:
                    raise RefusedError(f"more than {MOST_NAMES} names in it", "name a folder that holds knowledge only")
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, f"{above}{entry.name}/"))
                elif entry.name.endswith((".yaml", ".yml")) or (not above and entry.name == WEIGHTS):
                    yield f"{above}{entry.name}", entry


def _by_parts(name: str) -> tuple[str, ...]:
    return tuple(name.split("/"))


def cache_dir() -> Path | None:
    """The folder for what can be made again: CATALOG_ROUTE_CACHE, else `catalog-route` in the system's cache folder.

    None when the user has no home.
    """
    own = os.environ.get("CATALOG_ROUTE_CACHE")
    if own:
        return Path(own)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):  # noqa: PTH117 - the specification says to ignore it then
        base = os.path.expanduser("~/.cache")  # noqa: PTH111 - does not raise without a home
    return Path(base) / "catalog-route" if os.path.isabs(base) else None  # noqa: PTH117
