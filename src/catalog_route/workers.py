"""Several processes for one stream: each holds the router and works off the blocks that it is given."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Any

from catalog_route.batch import Done, Work

Broken = BrokenProcessPool
_AHEAD = 3

_work: Work | None = None


def cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


class Pool:
    """`workers` processes. `most`: how many blocks may be under way, so that memory stays the same."""

    def __init__(self, work: Work, workers: int) -> None:
        self.most = _AHEAD * workers
        self._pool = ProcessPoolExecutor(workers, initializer=_begin, initargs=(work,))

    def submit(self, block: Any) -> Future[Done]:
        """Hand a block to the next free process."""
        return self._pool.submit(_do, block)

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        """End the processes. The blocks in work are waited for: leaving without that is a race in the standard library."""
        self._pool.shutdown(cancel_futures=True)


def _begin(work: Work) -> None:
    """Make this process a worker: it leaves interrupts to the main process, and ends when that is gone."""
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _follow_parent(os._exit)


def _follow_parent(leave: Callable[[int], Any]) -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait
    from threading import Thread

    parent = parent_process()
    if parent is not None:
        sentinel = parent.sentinel
        Thread(target=lambda: (wait([sentinel]), leave(0)), daemon=True).start()


def _do(block: Any) -> Done:
    if _work is None:
        raise RuntimeError("the worker was not begun")
    return _work(block)
