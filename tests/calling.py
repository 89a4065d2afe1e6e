"""How tests call the command as somebody else would: by name, and with nothing in the surroundings that decides for it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_THEIRS = ("CATALOG_ROUTE_", "PYTEST_", "GITHUB_")
_DECIDING = frozenset(
    {"NO_COLOR", "FORCE_COLOR", "PY_COLORS", "TERM", "COLUMNS", "LINES", "TTY_COMPATIBLE", "PYTHONIOENCODING", "CI", "EDITOR",
     "VISUAL", "ZDOTDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME"}
)  # fmt: skip


def surroundings(**more: str) -> dict[str, str]:
    """The environment without what decides on colour, width, encoding, shells or knowledge; `more` is added."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(_THEIRS) and k not in _DECIDING}
    return {**kept, "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8", **more}


def command_in(folder: Path) -> str:
    """Put a command `catalog-route` into a folder, and give the PATH on which it stands first."""
    folder.mkdir(parents=True, exist_ok=True)
    command = folder / "catalog-route"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m catalog_route "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return os.pathsep.join([str(folder), str(Path(sys.executable).parent), os.environ["PATH"]])
