"""A Typer application of which only the command that is asked for is built: building all takes longer than answering."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any

import typer


def on_demand(app: typer.Typer) -> Any:
    """What `typer.main.get_command(app)` gives, its commands built when somebody asks for them."""
    bare = copy(app)
    bare.registered_commands = []
    group: Any = typer.main.get_command(bare)
    group.commands = Commands(app)
    return group


class Commands(Mapping[str, Any]):
    """The commands of an application by name."""

    def __init__(self, app: typer.Typer) -> None:
        self._infos = {info.name or getattr(info.callback, "__name__", ""): info for info in app.registered_commands}
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """The command called `name`; KeyError when there is none."""
        if name not in self._built:
            info = self._infos[name]
            alone = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
            alone.registered_commands.append(info)
            self._built[name] = typer.main.get_command(alone)
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._infos)

    def __len__(self) -> int:
        return len(self._infos)
