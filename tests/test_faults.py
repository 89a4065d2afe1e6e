"""What goes wrong around the program: broken streams at every single step, closed streams, full disks, killed runs."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog_route import KnowledgeError, Problem
from catalog_route.terminal import Exit
from driving import Driver, Faults
from failing import OsFaults

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "docs" / "samples"
PROBLEMS = b"".join(b'{"id": %d, "text": "feed issue %d"}\n' % (n, n) for n in range(40)) + b"[]\n"

FAULTS: dict[str, Callable[[], BaseException]] = {
    "EIO": lambda: OSError(errno.EIO, "Input/output error"),
    "ENOSPC": lambda: OSError(errno.ENOSPC, "No space left on device"),
    "EPIPE": lambda: BrokenPipeError(errno.EPIPE, "Broken pipe"),
    "EINTR": lambda: InterruptedError(errno.EINTR, "Interrupted system call"),
    "MemoryError": MemoryError,
}
COMMANDS: dict[str, tuple[list[str], bytes, int]] = {
    "answer": (["feed issue"], b"", Exit.ANSWERED),
    "answer as JSON from a pipe": (["--json", "-"], b"feed issue " * 90, Exit.ANSWERED),
    "ladder": (["show"], b"", Exit.ANSWERED),
    "batch": (["batch", "-"], PROBLEMS, Exit.INPUT),
    "batch to CSV": (["batch", "-", "--to", "csv"], PROBLEMS, Exit.INPUT),
    "report": (["report", "-"], (SAMPLES / "processing-report.txt").read_bytes(), Exit.ANSWERED),
    "accuracy": (["eval", str(SAMPLES / "log.jsonl")], b"", Exit.ANSWERED),
    "help": (["--help"], b"", Exit.ANSWERED),
    "wrong use": (["show", "no-such-thing"], b"", Exit.USAGE),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_single_step_may_fail(drive: Driver, name: str, fault: str) -> None:
    """For every k: the k-th read, write or flush fails. Never a traceback, never exit 0 with less than the whole answer."""
    words, stdin, code = COMMANDS[name]
    clean = drive(*words, stdin=stdin)
    assert clean.code == code
    at = 1
    while True:
        faults = Faults(at, FAULTS[fault]())
        ran = drive(*words, stdin=stdin, faults=faults)
        if not faults.hit:
            break
        place = (at, faults.hit, ran)
        assert b"Traceback" not in ran.err, place
        # a report that breaks is told as one
        assert clean.out.startswith(ran.out) or (name == "report" and ran.code == Exit.INPUT), place
        assert len(ran.told) <= len(clean.told) + 1, place
        whole = (ran.code, ran.out) == (code, clean.out)
        if "say" in faults.hit:
            assert whole, place
        elif not (whole and fault == "EINTR"):  # an interrupted call is simply made again
            ends = {Exit.INPUT, Exit.OUTPUT, Exit.PIPE, *([Exit.FAULT] if fault == "MemoryError" else [])}
            assert ran.code in ends, place
        at += 1
    assert (ran.code, ran.out) == (clean.code, clean.out)
    assert at > 1


@pytest.mark.parametrize("fault", ["EIO", "ENOSPC", "EPIPE"])
@pytest.mark.parametrize("name", COMMANDS)
def test_an_output_that_stays_broken_is_no_different(drive: Driver, name: str, fault: str) -> None:
    """A disk that is full stays full: telling that, and leaving, must not need it."""
    words, stdin, _ = COMMANDS[name]
    steps = Faults()
    drive(*words, stdin=stdin, faults=steps)
    for at, step in enumerate(steps.steps, 1):
        if "write" in step:
            ran = drive(*words, stdin=stdin, faults=Faults(at, FAULTS[fault](), stays=True))
            told = "catalog-route: cannot write the answer: " + FAULTS[fault]().args[1]
            assert ran.code == (Exit.PIPE if fault == "EPIPE" else Exit.OUTPUT)
            assert ran.told[-1:] == [told] or (fault == "EPIPE" and "cannot" not in ran.err.decode())


@pytest.mark.parametrize("fault", FAULTS)
def test_the_old_output_survives_a_fault_at_every_step(drive: Driver, tmp_path: Path, fault: str) -> None:
    """`batch -o`: for every k the k-th call into the file system fails, and the old file is whole."""
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "answers.jsonl"
    at = 1
    while True:
        path.write_bytes(b"old\n")
        with pytest.MonkeyPatch.context() as patch:
            faults = OsFaults(patch, at, FAULTS[fault])
            ran = drive("batch", "-", "-o", path, stdin=PROBLEMS)
        if not faults.failed:
            break
        place = (at, faults.failed, ran)
        assert [entry.name for entry in folder.iterdir()] == ["answers.jsonl"], place
        assert b"Traceback" not in ran.err, place
        moved = path.read_bytes() != b"old\n"
        assert moved == (ran.code == Exit.INPUT), place
        assert moved or ran.code in (Exit.OUTPUT, Exit.PIPE, Exit.FAULT), place
        at += 1
    assert at > 5
    assert path.read_bytes().count(b"\n") == 41


# --- what nobody foresaw


def broken(*_: Any, **__: Any) -> Any:
    secret = "what was typed"
    raise KeyError(f"\x1b[2J{secret[:4]}")


def test_what_nobody_foresaw_is_one_line_and_exit_70(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CATALOG_ROUTE_DEBUG", raising=False)
    monkeypatch.setattr("catalog_route.router.Router.route", broken)
    ran = drive("feed issue")
    assert (ran.code, ran.out) == (Exit.FAULT, b"")
    assert ran.told == [
        "catalog-route: a fault of the program, please report it: KeyError: '\\x1b[2Jwhat' (CATALOG_ROUTE_DEBUG=1 shows more)"
    ]


def test_where_it_came_from_is_shown_only_when_asked_for(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALOG_ROUTE_DEBUG", "1")
    monkeypatch.setattr("catalog_route.router.Router.route", broken)
    ran = drive("feed issue")
    assert ran.code == Exit.FAULT
    assert ran.told[0].startswith("Traceback")
    assert "in broken" in ran.err.decode()
    assert ran.told[-1] == "catalog-route: a fault of the program, please report it: KeyError: '\\x1b[2Jwhat'"
    assert b"\x1b" not in ran.err


def test_a_file_of_ours_that_cannot_be_read_is_named(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_: Any, **__: Any) -> Any:
        raise PermissionError(errno.EACCES, "Permission denied", "/some/where")

    monkeypatch.setattr("catalog_route.router.Router.route", unreadable)
    ran = drive("feed issue")
    assert (ran.code, ran.told) == (Exit.INPUT, ["catalog-route: /some/where: Permission denied"])


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOMEM])
def test_what_the_system_refuses_is_no_fault_of_the_output(drive: Driver, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Too many open files were told as "cannot write the answer", with exit 6."""

    def refused(*_: Any, **__: Any) -> Any:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("catalog_route.batch_command.router_for", refused)
    ran = drive("batch", "-", stdin=PROBLEMS)
    assert (ran.code, ran.out) == (Exit.FAULT, b"")
    assert ran.told[-1] == f"catalog-route: the system refuses what is needed: {os.strerror(number)}"


def test_one_text_that_nobody_foresaw_costs_one_record_of_a_batch(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    from catalog_route.router import Router

    real = Router.decide

    def some(self: Router, text: str, *rest: Any) -> Any:
        return broken() if text.endswith("3") else real(self, text, *rest)

    monkeypatch.setattr(Router, "decide", some)
    ran = drive("batch", "-", stdin=PROBLEMS)
    records = [json.loads(line) for line in ran.out.splitlines()]
    assert [record["line"] for record in records if record["status"] == "rejected"] == [4, 14, 24, 34, 41]
    assert ran.code == Exit.INPUT


@pytest.mark.parametrize("moment", ["Router.route", "Router.__init__"])
def test_ctrl_c_is_exit_130_without_a_word(drive: Driver, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    def stopped(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr("catalog_route.router.Router.route", stopped)
    ran = drive("feed issue")
    assert (ran.code, ran.out, ran.err) == (Exit.INTERRUPTED, b"", b"")


def test_ctrl_c_while_a_fault_is_told_is_exit_130(drive: Driver) -> None:
    faults = Faults(1, KeyboardInterrupt())
    assert drive("show", "no-such-thing", faults=faults).code == Exit.INTERRUPTED


def ended(application: Callable[[list[str]], Any]) -> int:
    """The exit code of an application that is run like ours."""
    from catalog_route.terminal import run

    with pytest.raises(SystemExit) as end:
        run(application, [])
    assert isinstance(end.value.code, int)
    return end.value.code


def test_broken_knowledge_is_told_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    def application(_: list[str]) -> None:
        raise KnowledgeError([Problem("a\x1b.yaml", 3, 1, "x\ny", "mend it"), Problem("a.yaml", 2, 1, "z")])

    assert ended(application) == Exit.KNOWLEDGE
    assert capsys.readouterr().err == "a␛.yaml:3:1: error: x␊y – mend it\na.yaml:2:1: error: z\n"


def test_ctrl_c_outside_of_a_command_is_exit_130_too() -> None:
    def application(_: list[str]) -> None:
        raise KeyboardInterrupt

    assert ended(application) == Exit.INTERRUPTED


def test_an_exit_that_is_none_of_ours_stays_what_it_is(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    def left(_: list[str]) -> None:
        raise SystemExit(7)

    monkeypatch.setattr("catalog_route.cli._application", left)
    assert drive("feed issue").code == 7


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full on this system")
def test_a_full_stream_is_pointed_elsewhere_so_that_leaving_cannot_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interpreter flushes once more at its very end, and would change the exit code."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert ended(lambda _: sys.stdout.write("x") and None) == Exit.OUTPUT
        full.flush()


# --- streams that are not there


def test_a_closed_standard_output_is_told_before_any_work(
    drive: Driver, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from catalog_route.terminal import run

    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(SystemExit) as end:
        run(broken, [])
    assert end.value.code == Exit.OUTPUT
    assert capsys.readouterr().err == "catalog-route: cannot write the answer: standard output is closed\n"


@pytest.mark.parametrize("words", [["-"], ["batch", "-"], ["report", "-"], ["--json"]])
def test_a_closed_standard_input_is_wrong_use(drive: Driver, words: list[str]) -> None:
    ran = drive(*words, stdin=None)
    assert (ran.code, ran.out) == (Exit.USAGE, b"")
    assert "standard input is closed" in ran.told[0]
    assert len(ran.told) == 1


def test_without_standard_error_the_answer_is_the_same(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    from catalog_route.terminal import say

    monkeypatch.setattr(sys, "stderr", None)
    say("nobody hears this")


SHELL = pytest.mark.skipif(sys.platform == "win32", reason="written for a POSIX shell")


@SHELL
@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ('"feed issue" >&-', Exit.OUTPUT, "standard output is closed"),
        ("--help >&-", Exit.OUTPUT, "standard output is closed"),
        ("--version >&-", Exit.OUTPUT, "standard output is closed"),
        ('"feed issue" >/dev/full', Exit.OUTPUT, "No space left on device"),
        ("--help >/dev/full", Exit.OUTPUT, "No space left on device"),
        ("show nothing-of-that-name 2>/dev/full", Exit.USAGE, ""),
        ("asdf 2>&- | cat", Exit.ANSWERED, ""),
        ("<&-", Exit.USAGE, "catalog-route --help"),
        ("show | true", Exit.PIPE, ""),
        ("schema data | head -1", Exit.PIPE, ""),
        ('"feed issue" | head -1', Exit.ANSWERED, ""),
    ],
)
def test_broken_streams_of_a_shell(line: str, code: int, told: str) -> None:
    """Whatever a shell can do to the streams of a process; the real process, its own last flush included."""
    shell = f'{{ "$0" -m catalog_route {line.split(" | ")[0]}; echo "code $?" >&9; }} 9>&2'
    if "| head" in line or "| true" in line or "| cat" in line:
        shell += " | " + line.split(" | ")[1]
    done = subprocess.run(["bash", "-c", shell, sys.executable], capture_output=True, text=True, timeout=60, check=False)
    *said, last = done.stderr.splitlines() or [""]
    codes = (code, Exit.ANSWERED) if code == Exit.PIPE else (code,)  # a small answer may be taken before the reader goes
    assert last in {f"code {each:d}" for each in codes}, done.stderr
    assert "Traceback" not in done.stderr
    assert told in "\n".join(said)
    assert len(said) <= 1 or "--help" in said[-1]


# --- runs that are ended


RUN = """
import sys
from pathlib import Path
from catalog_route.batch_command import Options, batch
from catalog_route.terminal import run
run(lambda words: batch("-", Options(form="txt", output=Path(words[0]))), sys.argv[1:])
"""


def started(path: Path) -> subprocess.Popen[bytes]:
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, "-c", RUN, str(path)], bufsize=0, **pipes)


def wait_for(there: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not there():
        assert time.monotonic() < end
        time.sleep(0.02)


@SHELL
def test_killed_while_writing_the_old_output_stays_and_the_next_run_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"old\n")
    process = started(path)
    assert process.stdin is not None
    process.stdin.write(b"feed issue\n" * 5)
    wait_for(lambda: any(each.stat().st_size for each in tmp_path.glob(".catalog-route-*.tmp")))
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert path.read_bytes() == b"old\n"
    again = started(path)
    again.communicate(b"feed issue\n", timeout=60)
    assert again.returncode == Exit.ANSWERED
    assert path.read_bytes().count(b"\n") == 1


def test_two_at_once_never_mix(tmp_path: Path) -> None:
    """Two runs write one file: it is the whole answer of one of them."""
    path = tmp_path / "out.jsonl"
    both = [started(path), started(path)]
    for number, process in enumerate(both):
        assert process.stdin is not None
        process.stdin.write(b"feed issue\n" * (10 * number + 10))
    wait_for(lambda: len([each for each in tmp_path.glob(".catalog-route-*.tmp") if each.stat().st_size]) == 2)
    sizes = set()
    for number, process in enumerate(both):
        process.communicate(timeout=60)
        assert process.returncode == Exit.ANSWERED
        records = path.read_bytes().splitlines()
        assert [json.loads(line)["line"] for line in records] == list(range(1, 10 * number + 11))
        sizes.add(len(records))
    assert sizes == {10, 20}
    assert os.listdir(tmp_path) == ["out.jsonl"]  # noqa: PTH208
