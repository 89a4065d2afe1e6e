"""A text with a remark behind it (a certainty, a command) or at its edge (where to start): neither is parted by a line end."""

from __future__ import annotations

import re

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

GAP = 2


class Remarked:
    """A text and its remark: on the last line of the text where it fits, else on a line of its own.

    Only a remark that is longer than a line is parted, at its commas. `edge` stands at the right end of the first line, which
    is so much shorter than the others.
    """

    def __init__(self, text: Text, remark: str = "", style: str = "dim", edge: Text | None = None) -> None:
        self._text = text
        self._remark = remark
        self._style = style
        self._edge = edge or Text()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        room = max(width - self._edge.cell_len - 1, 1) if self._edge else width
        lines = self._wrapped(console, width, room)
        gap = GAP
        for piece in self._pieces(width):
            limit = room if len(lines) == 1 else width
            if lines[-1].cell_len + gap + cell_len(piece.rstrip()) <= limit:
                lines[-1].append(" " * gap).append(piece, self._style)
            else:
                lines.append(Text(piece, self._style))
            gap = 0
        for line in lines:
            line.rstrip()
        if self._edge:
            lines[0].append(" " * max(width - lines[0].cell_len - self._edge.cell_len, 1)).append_text(self._edge)
        yield Text("\n", overflow="fold").join(lines)

    def _wrapped(self, console: Console, width: int, room: int) -> list[Text]:
        """The lines of the text, the first one shorter."""
        first, *rest = self._text.wrap(console, room, overflow="fold")
        for line in (first, *rest):
            line.rstrip()
        if room == width or not rest:
            return [first, *rest]
        further = list(Text(" ").join(rest).wrap(console, width, overflow="fold"))
        for line in further:
            line.rstrip()
        return [first, *further]

    def _pieces(self, width: int) -> list[str]:
        """The remark, or what it is parted into."""
        whole = cell_len(self._remark) <= width
        return list(filter(None, [self._remark])) if whole else re.findall(r".+?(?:, |$)", self._remark, re.DOTALL)
