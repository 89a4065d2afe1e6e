"""Where the knowledge lies, which files belong to it, its digest, and where compiled knowledge is kept."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path


@cache
def data_dir() -> Path:
    """The folder of the shipped knowledge: the installed copy, else the checkout's `data/`."""
    here = Path(__file__).resolve()
    installed = here.parent / "data"
    return installed if installed.is_dir() else here.parents[2] / "data"


def data_files(folder: Path) -> list[Path]:
    """The YAML files below `folder`, in the order in which they are read."""
    return sorted(p for p in folder.rglob("*") if p.suffix in (".yaml", ".yml") and not p.is_dir())


def digest(folder: Path) -> str:
    """First 12 hex digits of the SHA-256 over names and bytes of all files below `folder`."""
    import hashlib

    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:12]


def footprint(folder: Path) -> tuple[str, int]:
    """Name, size, times and place on disk of every file below `folder` as one text, and the newest of the times.

    While that text stays the same, so does the digest; telling it takes no reading. OSError when a file cannot be looked at.
    """
    lines, newest = [], 0
    for name, seen in sorted(_files(str(folder), "")):
        changed = max(seen.st_mtime_ns, seen.st_ctime_ns)
        lines.append(f"{name} {seen.st_size} {seen.st_mtime_ns} {seen.st_ctime_ns} {seen.st_ino}")
        newest = max(newest, changed)
    return "\n".join(lines), newest


def _files(folder: str, above: str) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path, f"{above}{entry.name}/")
            else:
                yield f"{above}{entry.name}", entry.stat()


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
