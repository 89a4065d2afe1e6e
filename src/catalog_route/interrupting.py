"""Ctrl-C and SIGTERM in a long run: what is finished is written as whole lines, then it ends.

While the run waits for input a signal ends it at once, also one that came before. Else it is noted, and the run ends
after the record in work; a second one does not wait for that, a third one not even for a line that is being written.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import TracebackType
from typing import Any


class Interrupts:
    """Notes signals between entering and leaving. One that the program was started to ignore stays ignored."""

    def __init__(self) -> None:
        self.signal = 0
        self._times = 0
        self._waiting = False
        self._writing = False
        self._before: dict[int, Any] = {}

    @property
    def exit_code(self) -> int:
        """What a program that ends by this signal exits with."""
        return 128 + (self.signal or signal.SIGINT)

    def stopped(self) -> bool:
        """Whether to stop after the record in work."""
        return self.signal != 0

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """While input is awaited. KeyboardInterrupt at once when a signal came before."""
        self._waiting = True
        try:
            if self.signal:
                raise KeyboardInterrupt
            yield
        finally:
            self._waiting = False

    @contextmanager
    def writing(self) -> Iterator[None]:
        """While whole lines are written."""
        self._writing = True
        try:
            yield
        finally:
            self._writing = False

    def __enter__(self) -> Interrupts:
        if current_thread() is main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                if signal.getsignal(number) not in (signal.SIG_IGN, None):
                    self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: object) -> None:
        self.signal = number
        self._times += 1
        if self._waiting or self._times > 2 or (self._times > 1 and not self._writing):
            raise KeyboardInterrupt
