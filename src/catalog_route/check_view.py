"""Problems of the knowledge → Rich renderables, file by file. Builds, never prints."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from catalog_route.display import visible
from catalog_route.problems import Problem

_STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan"}


def problem_view(problems: Sequence[Problem]) -> RenderableType:
    """The problems under the names of their files, each with its cure."""
    parts: list[RenderableType] = []
    for file, held in groupby(problems, key=lambda problem: problem.file):
        parts += [Text(visible(file), style="bold"), _rows(list(held)), Text()]
    return Padding(Group(*parts), (0, 1))


def _rows(problems: Sequence[Problem]) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for problem in problems:
        body = Text(visible(problem.what), overflow="fold")
        body.append(f"  {problem.rule}", style="dim")
        if problem.cure:
            body.append(f"\n{visible(problem.cure)}", style="green")
        table.add_row(f"{problem.line}:{problem.column}", Text(problem.severity, style=_STYLES[problem.severity]), body)
    return Padding(table, (0, 0, 0, 2))
