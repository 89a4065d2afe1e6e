"""A text with a remark behind it, such as a certainty or a command: a remark is never parted where a line has room for it."""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

GAP = 2


class Remarked:
    """A text and its remark: on the last line of the text where it fits, else on a line of its own.

    Only a remark that is longer than a line is parted, at its commas.
    """

    def __init__(self, text: Text, remark: str, style: str = "dim") -> None:
        self._text = text
        self._remark = remark
        self._style = style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        lines = list(self._text.wrap(console, width, overflow="fold"))
        for line in lines:
            line.rstrip()
        gap = GAP
        whole = cell_len(self._remark) <= width
        for piece in [self._remark] if whole else re.findall(r".+?(?:, |$)", self._remark, re.DOTALL):
            if cell_len(lines[-1].plain) + gap + cell_len(piece.rstrip()) <= width:
                lines[-1].append(" " * gap).append(piece, self._style)
            else:
                lines[-1].rstrip()
                lines.append(Text(piece, self._style, overflow="fold"))
            gap = 0
        for line in lines:
            line.rstrip()
        yield Text("\n", overflow="fold").join(lines)
