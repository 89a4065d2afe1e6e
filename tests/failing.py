"""Lets the k-th call into the file system fail, as a full or broken disk, a signal or too little memory would."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import Any

import pytest


class OsFaults:
    """While it is patched in, call number `fail_at` (from 1; 0: none) raises what `fault` makes."""

    CALLS = ("open", "chmod", "fsync", "replace")

    def __init__(self, patch: pytest.MonkeyPatch, fail_at: int, fault: Callable[[], BaseException]) -> None:
        self.calls = 0
        self.failed = ""
        self._fail_at = fail_at
        self._fault = fault
        for name in self.CALLS:
            patch.setattr(os, name, self._failing(name, getattr(os, name)))
        patch.setattr(os, "fdopen", self._fdopen)

    def count(self, name: str) -> None:
        """One call; fails when it is the one."""
        self.calls += 1
        if self.calls == self._fail_at:
            self.failed = name
            raise self._fault()

    def _failing(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **named: Any) -> Any:
            self.count(name)
            return call(*args, **named)

        return counted

    def _fdopen(self, handle: int, mode: str) -> io.BufferedWriter:
        faults = self

        class Raw(io.FileIO):
            def write(self, data: Any, /) -> int:
                faults.count("write")
                return super().write(data)

        return io.BufferedWriter(Raw(handle, mode))
