"""How far a long run is: records, rate and time left, on the terminal's last line. Shown only after a second."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

AFTER = 1.0
EVERY = 0.2


class Progress:
    """Shown on stderr when that is a terminal and `wanted`. `size`: bytes to read, None when nobody knows."""

    def __init__(self, size: int | None, wanted: bool) -> None:
        self._size = size
        self._wanted = wanted and sys.stderr is not None and sys.stderr.isatty()
        self._began = monotonic()
        self._next = self._began + AFTER
        self._bar: Bar | None = None
        self._task: Any = None

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return monotonic() - self._began

    def tick(self, read: int, taken: int) -> None:
        """Tell the records and bytes so far."""
        now = monotonic()
        if not self._wanted or now < self._next:
            return
        self._next = now + EVERY
        if self._bar is None:
            self._bar = self._shown()
            self._task = self._bar.add_task("", total=self._size, told="")
        self._bar.update(self._task, completed=taken, told=told(read, taken, self._size, now - self._began))
        self._bar.refresh()

    def close(self) -> None:
        """Take it off the screen."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _shown(self) -> Bar:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        bar = Bar(
            BarColumn(), TextColumn("{task.fields[told]}", markup=False), console=Console(stderr=True), auto_refresh=False,
            transient=True, redirect_stdout=False, redirect_stderr=False,
        )  # fmt: skip
        bar.start()
        return bar


def told(read: int, taken: int, size: int | None, seconds: float) -> str:
    """The line beside the bar."""
    parts = [f"{read:,} records", f"{read / seconds:,.0f}/s"]
    if size and taken:
        left = max(0, round(seconds * (size - taken) / taken))
        hours, minutes = left // 3600, left % 3600 // 60
        clock = f"{hours}:{minutes:02}:{left % 60:02}" if hours else f"{minutes}:{left % 60:02}"
        parts.append(f"{clock} left")
    return "  ".join(parts)
