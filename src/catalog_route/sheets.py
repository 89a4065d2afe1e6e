"""Sheets of what is known → Rich renderables. Builds, never prints."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from catalog_route.display import visible
from catalog_route.remarks import Remarked
from catalog_route.shown import Row, Section, Sheet

WIDEST_LABEL = 28
# Labels that leave less room than this beside them stand above their texts.
LEAST_ROOM = 28


def sheet_view(sheet: Sheet) -> RenderableType:
    """One page of what is known, aligned under its headings."""
    parts: list[RenderableType] = [Text(visible(sheet.title), style="bold"), Text(visible(sheet.summary), overflow="fold")]
    for section in sheet.sections:
        parts.append(Text())
        if section.heading:
            parts.append(Text(section.heading, style="cyan"))
        parts.append(Padding(_Rows(section), (0, 0, 0, 2)))
    parts.append(Text())
    return Padding(Group(*parts), (0, 1))


class _Rows:
    """The rows of a section, laid out for the width that they are given."""

    def __init__(self, section: Section) -> None:
        self._rows = section.rows
        self._longest = max(min(cell_len(visible(label)), WIDEST_LABEL) for label, _, _ in section.rows)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        if self._longest and options.max_width - self._longest >= LEAST_ROOM:
            yield self._table()
            return
        before = ""
        for label, text, note in self._rows:
            if label and label != before:
                yield Text(visible(label), style="bold", overflow="fold")
            yield Padding(_told((label, text, note)), (0, 0, 0, 2 if self._longest else 0))
            before = label

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2, 0, 0), expand=True)
        table.add_column(max_width=WIDEST_LABEL, overflow="fold")
        table.add_column(ratio=1, overflow="fold")
        before = ""
        for row in self._rows:
            shown, before = "" if row[0] == before else row[0], row[0]
            table.add_row(Text(visible(shown), style="bold"), _told(row))
        return table


def _told(row: Row) -> RenderableType:
    _, text, note = row
    return Remarked(Text(visible(text)), f"({visible(note)})" if note else "")
