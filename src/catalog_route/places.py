"""Where the knowledge lies, which files belong to it, and its digest."""

from __future__ import annotations

import hashlib
from pathlib import Path


def data_dir() -> Path:
    """The folder of the shipped knowledge: the installed copy, else the checkout's `data/`."""
    installed = Path(__file__).resolve().parent / "data"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[2] / "data"


def data_files(folder: Path) -> list[Path]:
    """The YAML files below `folder`, in the order in which they are read."""
    return sorted(p for p in folder.rglob("*") if p.suffix in (".yaml", ".yml") and not p.is_dir())


def digest(folder: Path) -> str:
    """First 12 hex digits of the SHA-256 over names and bytes of all files below `folder`."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:12]
