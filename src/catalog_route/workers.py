"""Several processes for one stream: each holds the router and works off the blocks that it is given."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children
from types import TracebackType
from typing import Any

from catalog_route.batch import Done, Work
from catalog_route.terminal import Exit, Stop

Broken = BrokenProcessPool
# As many processes as Windows can wait for at once; the standard library refuses more there.
MOST = 61
_AHEAD = 3

_work: Work | None = None


def cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


class Pool:
    """`workers` processes, at most MOST. `most`: how many blocks may be under way, so that memory stays the same.

    Stop (exit 70), here or at `submit`, when the system starts no more of them; those begun are ended.
    """

    def __init__(self, work: Work, workers: int) -> None:
        self._workers = min(workers, MOST)
        self.most = _AHEAD * self._workers
        self._others = set(active_children())
        try:
            self._pool = ProcessPoolExecutor(self._workers, initializer=_begin, initargs=(work,))
        except OSError as fault:
            raise self._unstarted(fault) from fault

    def submit(self, block: Any) -> Future[Done]:
        """Hand a block to the next free process."""
        try:
            return self._pool.submit(_do, block)
        except OSError as fault:
            raise self._unstarted(fault) from fault

    def _unstarted(self, fault: OSError) -> Stop:
        """End what was begun: the standard library would wait for it without end."""
        begun = set(active_children()) - self._others
        for process in begun:
            process.kill()
        for process in begun:
            process.join()
        told = f"{self._workers} processes cannot be started: {fault.strerror or fault}; give fewer"
        return Stop(f"--workers: {told}", Exit.FAULT)

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
