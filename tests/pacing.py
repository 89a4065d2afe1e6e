"""Limits of processor time that hold on machines that are shared, and beside what other tests left in memory."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

# What the piece of work of `pace` takes on two quiet cores, in seconds.
QUIET = 0.003


def pace() -> float:
    """How many times as long as on a quiet machine a fixed piece of work takes now, at least 1."""
    began = time.process_time()
    sum(len(str(number)) for number in range(20_000))
    return max(1.0, (time.process_time() - began) / QUIET)


@contextmanager
def within(most: float) -> Iterator[None]:
    """What is done inside takes at most so much processor time, without looking for garbage that other tests left.

    Processors that are shared are slow ones: as much more is granted as a fixed piece of work takes longer before or after.
    """
    gc.collect()
    gc.freeze()
    before = pace()
    began = time.process_time()
    yield
    taken = time.process_time() - began
    gc.unfreeze()
    assert taken < most * max(before, pace())
