"""The whole command in this process: words and bytes in; exit code, stdout and stderr out; faults on the way, if wanted.

`Driver` answers with one router for all runs, so that a run costs milliseconds. Streams are real text streams over raw
ones in memory, so encodings, buffers and errors behave as with pipes. Every call into a raw stream is one step, and
`Faults` lets the k-th of them fail.
"""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from catalog_route import Router, cli

Command = Callable[..., subprocess.CompletedProcess[str]]


class Ran(NamedTuple):
    """What a run did."""

    code: int
    out: bytes
    err: bytes

    @property
    def told(self) -> list[str]:
        """The lines on stderr."""
        return self.err.decode("utf-8", "backslashreplace").splitlines()


@dataclass
class Faults:
    """Raises `fault` at step number `at` (from 1), and at every later one of the same kind when it `stays`."""

    at: int = 0
    fault: BaseException | None = None
    stays: bool = False
    steps: list[str] = field(default_factory=list)
    hit: str = ""

    def step(self, name: str) -> None:
        """Count one step, and fail if it is the one."""
        self.steps.append(name)
        if self.fault is not None and (len(self.steps) == self.at or (self.stays and name == self.hit)):
            self.hit = name
            raise self.fault


class Input(io.RawIOBase):
    """Bytes that come in small pieces."""

    def __init__(self, data: bytes, faults: Faults, terminal: bool = False) -> None:
        self._data, self._at, self._faults, self._terminal = data, 0, faults, terminal

    def readable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._terminal

    def readinto(self, room: Any) -> int:
        self._faults.step("read")
        piece = self._data[self._at : self._at + min(len(room), 400)]
        room[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


class Output(io.RawIOBase):
    """Keeps what is written to it."""

    def __init__(self, name: str, faults: Faults, terminal: bool = False) -> None:
        self.kept, self.label, self._faults, self._terminal = b"", name, faults, terminal

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._terminal

    def write(self, data: Any) -> int:
        self._faults.step(self.label)
        piece = bytes(data)[:1000]
        self.kept += piece
        return len(piece)


class Driver:
    """Runs the command."""

    def __init__(self, router: Router, patch: pytest.MonkeyPatch) -> None:
        for place in ("catalog_route.router", "catalog_route.batch_command"):
            patch.setattr(f"{place}.router_for", lambda folder=None: router)
        for place in ("catalog_route.router", "catalog_route.report_command"):
            patch.setattr(f"{place}.knowledge_for", lambda folder=None: router.known)

    def __call__(
        self, *words: str | Path, stdin: bytes | None = b"", faults: Faults | None = None, terminal: bool = False,
        encoding: str = "utf-8", typed: bool = False, newline: str = "\n",
    ) -> Ran:  # fmt: skip
        """One run. `terminal`: stdout is one; `typed`: stdin is one; stdin None: it is closed.

        `newline`: how the system ends the lines of text streams.
        """
        faults = faults or Faults()
        raw = Output("write", faults, terminal), Output("say", faults, terminal)
        out, err = (io.TextIOWrapper(io.BufferedWriter(each, 512), encoding, newline=newline) for each in raw)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["catalog-route", *map(str, words)])
            stream = None if stdin is None else io.TextIOWrapper(io.BufferedReader(Input(stdin, faults, typed), 512), "utf-8")
            patch.setattr(sys, "stdin", stream)
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            try:
                cli.main()
            except SystemExit as end:
                code = end.code
        ran = Ran(code, raw[0].kept, raw[1].kept)
        faults.fault = None
        for each in (out, err):
            each.detach().detach()
        assert isinstance(code, int)
        return ran


def check_in(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`check` as it is run in a folder: what it tells as text."""

    def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(cwd)
        ran = drive("check", *words)
        return subprocess.CompletedProcess(words, ran.code, ran.out.decode(), ran.err.decode())

    return run
