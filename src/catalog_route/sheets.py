"""Sheets of what is known → Rich renderables. Builds, never prints."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from catalog_route.display import visible
from catalog_route.shown import Section, Sheet


def sheet_view(sheet: Sheet) -> RenderableType:
    """One page of what is known, aligned under its headings."""
    parts: list[RenderableType] = [Text(visible(sheet.title), style="bold"), Text(visible(sheet.summary), overflow="fold")]
    for section in sheet.sections:
        parts.append(Text())
        if section.heading:
            parts.append(Text(section.heading, style="cyan"))
        parts.append(_rows(section))
    parts.append(Text())
    return Padding(Group(*parts), (0, 1))


def _rows(section: Section) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    labelled = any(label for label, _, _ in section.rows)
    if labelled:
        table.add_column(max_width=28, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    before = ""
    for label, text, note in section.rows:
        shown, before = "" if label == before else label, label
        body = Text(visible(text), overflow="fold")
        if note:
            body.append(f"  ({visible(note)})", style="dim")
        table.add_row(*((Text(visible(shown), style="bold"),) if labelled else ()), body)
    return Padding(table, (0, 0, 0, 2))
