"""Knowledge validated once and kept compiled in the user's cache folder, so that a call neither reads YAML nor checks it.

One file for each row of folders laid one over the other: a line of JSON that says what it was made from, then sections of
plain data, each read when it is asked for. It is believed when its checksums, the code and the digest of the data are right;
anything else – no file, no folder, a broken, foreign or future file – is as if it were not there. Nothing here is ever an error.
"""

from __future__ import annotations

import json
import os
import re
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from catalog_route import __version__
from catalog_route.pieces import Rest, line_and_rest
from catalog_route.places import cache_dir, data_dir, digest, footprint
from catalog_route.sections import packed, unpacked

if TYPE_CHECKING:
    from catalog_route.knowledge import Knowledge

FORMAT = 2
MOST_BYTES = 32_000_000
MOST_FILES = 8
# How our files are called; the folder may hold those of others.
_OURS = r"knowledge-[0-9a-f]{8}\.[0-9]+\.json"
# A file that was changed so shortly before it was looked at might be changed again without showing it.
SETTLED = 2_000_000_000

Tables = dict[str, Any]
Folders = tuple[Path, ...]


class BrokenError(ValueError):
    """A section is not what was written."""


class Compiled(Mapping[str, Any]):
    """One compiled knowledge: its sections by name, each made from its bytes when it is asked for."""

    def __init__(self, head: Tables, body: bytes | Rest) -> None:
        self.digest: str = head["digest"]
        self._sections: dict[str, list[int]] = head["sections"]
        self._body = body

    def __getitem__(self, name: str) -> Any:
        """The plain data of a section. Raises BrokenError when its checksum is wrong."""
        start, end, checksum = self._sections[name]
        part = self._body[start:end]
        if zlib.crc32(part) != checksum:
            raise BrokenError(name)
        return unpacked(part)

    def __iter__(self) -> Iterator[str]:
        return iter(self._sections)

    def __len__(self) -> int:
        return len(self._sections)


def read(*folders: Path) -> Compiled | None:
    """What is kept of the knowledge in `folders`, None when there is nothing that still holds."""
    folders = _absolute(folders)
    path = _path(folders)
    if path is None:
        return None
    try:
        line, body = line_and_rest(path, MOST_BYTES)
        if int(line[:8], 16) != zlib.crc32(line[8:]):
            return None
        head = json.loads(line[8:])
        if head["bytes"] != len(body) or head["made"] != _made(folders):
            return None
        if not _settled(head, folders):
            if head["digest"] != digest(*folders):
                return None
            _write_again(path, head, body, folders)
        return Compiled(head, body)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _made(folders: Folders) -> list[object]:
    """What the compiled form depends on beside the data: its format, the code that made it, and where the data lie."""
    with os.scandir(Path(__file__).parent) as entries:
        files = sorted((entry.name, entry.stat().st_size, entry.stat().st_mtime_ns) for entry in entries if entry.is_file())
    return [FORMAT, __version__, zlib.crc32(repr(files).encode()), *map(str, folders)]


def _settled(head: Tables, folders: Folders) -> bool:
    """Whether the files are the very ones that were digested, by their footprint."""
    return bool(head["footprint"] == _footprint(folders)[0] and head["newest"] + SETTLED < head["looked"])


def _footprint(folders: Folders) -> tuple[str, int]:
    """Of the shipped knowledge, which the weights belong to, and of every folder over it."""
    each = [footprint(folder) for folder in dict.fromkeys((data_dir(), *folders))]
    return "\n\n".join(lines for lines, _ in each), max(newest for _, newest in each)


def write(folders: Folders, known: Knowledge, sections: Tables) -> None:
    """Keep the knowledge of `folders`, compiled into `sections`; quietly not, where that cannot be done."""
    folders = _absolute(folders)
    path = _path(folders)
    if path is None:
        return
    with suppress(OSError, ValueError, TypeError, RecursionError):
        looked = time.time_ns()
        before, newest = _footprint(folders)
        if known.digest != digest(*folders):
            return
        places, parts, at = {}, [], 0
        for name, value in sections.items():
            part = packed(value)
            places[name] = [at, at + len(part), zlib.crc32(part)]
            parts += [part, b"\n"]
            at += len(part) + 1
        body = b"".join(parts)
        head = {"made": _made(folders), "digest": known.digest, "sections": places, "bytes": len(body)}
        if before == _footprint(folders)[0]:
            _put(path, {**head, "footprint": before, "newest": newest, "looked": looked}, body)


def _write_again(path: Path, head: Tables, body: bytes | Rest, folders: Folders) -> None:
    """Write what holds once more, with the footprint of now."""
    with suppress(OSError):
        looked = time.time_ns()
        now, newest = _footprint(folders)
        if newest + SETTLED < looked:
            _put(path, {**head, "footprint": now, "newest": newest, "looked": looked}, body)


def _put(path: Path, head: Tables, body: bytes | Rest) -> None:
    """Put the file in its place in one step, and take old ones away."""
    from catalog_route.atomic_file import atomic

    line = json.dumps(head, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    if len(line) + len(body) + 9 > MOST_BYTES:
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with atomic(path) as stream:
        stream.write(b"%08x%s\n%s" % (zlib.crc32(line), line, body))
    _tidy(path)


def _tidy(path: Path) -> None:
    """Take away what is left of earlier versions and crashes, and all but the newest files."""
    with suppress(OSError):
        own = [each for each in path.parent.iterdir() if re.fullmatch(_OURS, each.name)]
        own.sort(key=lambda each: each.stat().st_mtime_ns, reverse=True)
        old = [each for each in own if not each.name.endswith(f".{FORMAT}.json")]
        left = [each for each in path.parent.glob(".catalog-route-*.tmp") if each.stat().st_mtime < time.time() - 3600]
        for each in {*own[MOST_FILES:], *old, *left} - {path}:
            each.unlink(missing_ok=True)


def _path(folders: Folders) -> Path | None:
    """The place of what is kept of `folders`."""
    base = cache_dir()
    if base is None:
        return None
    return base / f"knowledge-{zlib.crc32(os.fsencode(os.pathsep.join(map(str, folders)))):08x}.{FORMAT}.json"


def _absolute(folders: Folders) -> Folders:
    """The folders by their one true names, as far as those can be told; the shipped one when there are none."""
    try:
        return tuple(folder if folder == data_dir() else folder.resolve() for folder in folders or (data_dir(),))
    except (OSError, RuntimeError, ValueError):
        return folders
