"""`catalog-route batch` from outside: files, pipes, signals, full disks, and what is said about them."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from catalog_route.batch_command import Options, batch
from catalog_route.batch_progress import Progress, told
from catalog_route.interrupting import Interrupts
from catalog_route.terminal import Exit, Stop

TEXTS = ["feed issue", "page locked by Brand Registry", "hello", "case re-opened 4 times, feed error 8541", "Größe 😀 falsch"]


class SummaryRouter:
    """A router that costs nothing, with the knowledge that a summary asks for."""

    known = SimpleNamespace(destination=lambda ident: SimpleNamespace(group=ident), ladder=list, teams={"desk": 0})

    def decide(self, text: str) -> tuple[None, Any]:
        return None, SimpleNamespace(findings=[], history=[], destination="desk", start="desk", confidence="high")


def lines(texts: list[str]) -> bytes:
    return "".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(texts)).encode()


def strict(text: str) -> list[dict[str, Any]]:
    """Whole lines of JSON."""
    assert text.isascii()
    assert not text or text.endswith("\n")
    return [json.loads(line) for line in text.split("\n")[:-1]]


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def command(file: str | Path, **options: Any) -> int:
    return batch(str(file), Options(**options))


@pytest.fixture
def issues(tmp_path: Path) -> Path:
    path = tmp_path / "issues.jsonl"
    path.write_bytes(lines(TEXTS))
    return path


def test_command_answers_on_stdout_and_talks_on_stderr(issues: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(issues) == Exit.ANSWERED
    out, err = capsys.readouterr()
    assert [record["id"] for record in strict(out)] == list(range(len(TEXTS)))
    assert err.startswith("catalog-route: 5 read = ")
    assert err.count("\n") == 1


def test_rejected_records_are_exit_5(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"text": "feed issue"}\n[]\n')
    assert command(path) == Exit.INPUT
    assert "2 read = 1 routed + 0 unclear + 1 rejected; captive 1" in capsys.readouterr().err


def test_summary_alone_prints_counts_instead_of_records(issues: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(issues, summary=True) == Exit.ANSWERED
    out, err = capsys.readouterr()
    assert out.startswith("5 read = ")
    assert "█" in out or "#" in out
    assert "{" not in out
    assert err == ""


def test_summary_as_json(issues: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(issues, summary=True, as_json=True) == Exit.ANSWERED
    counts = json.loads(capsys.readouterr().out)
    assert counts["read"] == counts["routed"] + counts["unclear"] + counts["rejected"] == len(TEXTS)
    assert sum(counts["destinations"].values()) == sum(counts["confidence"].values()) == counts["routed"]


def test_output_goes_to_a_file_and_its_ending_tells_csv(issues: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "out.csv"
    assert command(issues, output=path, summary=True) == Exit.ANSWERED
    assert [row[1] for row in rows(path.read_text("utf-8"))] == ["id", *map(str, range(len(TEXTS)))]
    assert capsys.readouterr().out.startswith("5 read")


def test_what_was_recognised_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cases"
    path.write_bytes("id;Issue Text\n1;feed issue “x”".encode("cp1252"))
    assert command(path) == Exit.ANSWERED
    err = capsys.readouterr().err
    assert 'read as csv, the text in column "Issue Text"' in err
    assert "line 2 is not UTF-8 and read as windows-1252" in err


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        ({"form": "xml"}, Exit.USAGE, "--format"), ({"to": "xlsx"}, Exit.USAGE, "--to"),
        ({"workers": -1}, Exit.USAGE, "--workers"),
        ({"full": True, "to": "csv"}, Exit.USAGE, "--full"), ({"as_json": True}, Exit.USAGE, "--json"),
        ({"encoding": "klingon"}, Exit.USAGE, "--encoding"), ({"form": "csv", "text_field": "x"}, Exit.USAGE, "--text-field"),
        ({"form": "txt", "text_field": "x"}, Exit.USAGE, "--text-field"), ({"output": Path("/none/x")}, Exit.OUTPUT, "/none/x"),
    ],
)  # fmt: skip
def test_what_does_not_go_is_one_line(issues: Path, options: dict[str, Any], code: Exit, told: str) -> None:
    with pytest.raises(Stop, match=told) as stop:
        command(issues, **options)
    assert stop.value.code is code


@pytest.mark.parametrize(
    "encoding", ["rot13", "base64", "hex", "zlib", "bz2", "uu", "quopri", "idna", "punycode", "undefined", "a\0"]
)
def test_a_codec_that_reads_no_text_was_a_fault_of_the_program(issues: Path, encoding: str) -> None:
    with pytest.raises(Stop, match="--encoding: no encoding of texts is called") as stop:
        command(issues, encoding=encoding)
    assert stop.value.code is Exit.USAGE


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
@pytest.mark.parametrize("workers", [1, 2])
def test_text_without_the_mark_that_its_encoding_asks_for_was_a_fault_of_the_program(
    issues: Path, encoding: str, workers: int
) -> None:
    with pytest.raises(Stop, match=f"--encoding: the input is not {encoding}") as stop:
        command(issues, encoding=encoding, workers=workers)
    assert stop.value.code is Exit.INPUT


@pytest.mark.parametrize("path", ["missing", ".", "nul\0"])
def test_input_that_cannot_be_read_is_exit_5(tmp_path: Path, path: str) -> None:
    with pytest.raises(Stop) as stop:
        command(tmp_path / path)
    assert stop.value.code is Exit.INPUT


@pytest.mark.parametrize("kind", ["itself", "link", "hard link"])
def test_the_input_is_never_the_output(issues: Path, tmp_path: Path, kind: str) -> None:
    path = issues if kind == "itself" else tmp_path / "other"
    if kind == "link":
        path.symlink_to(issues)
    elif kind == "hard link":
        path.hardlink_to(issues)
    before = issues.read_bytes()
    with pytest.raises(Stop, match="the output is the input") as stop:
        command(issues, output=path)
    assert stop.value.code is Exit.USAGE
    assert issues.read_bytes() == before


def test_old_output_survives_every_failing_write(issues: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For every k the k-th write fails: exit 6, the old file whole, nothing beside it – until a run has no fault."""
    path = tmp_path / "out.jsonl"
    clean = tmp_path / "clean.jsonl"
    monkeypatch.setattr("catalog_route.batch_command.READ", 100)
    monkeypatch.setattr("catalog_route.batch_command.router_for", lambda *data: SummaryRouter())
    command(issues, output=clean)
    real = os.fdopen
    for k in range(1, 50):
        path.write_bytes(b"old")
        left = [k]

        class Raw(io.FileIO):
            def write(self, data: Any, /) -> int:
                left[0] -= 1  # noqa: B023 - one class a round
                if not left[0]:  # noqa: B023
                    raise OSError(28, "No space left on device")
                return super().write(data)

        monkeypatch.setattr(os, "fdopen", lambda handle, mode, raw=Raw: io.BufferedWriter(raw(handle, mode)))
        try:
            code = command(issues, output=path)
        except Stop as stop:
            assert stop.code is Exit.OUTPUT
            assert path.read_bytes() == b"old"
            assert sorted(entry.name for entry in tmp_path.iterdir()) == ["clean.jsonl", "issues.jsonl", "out.jsonl"]
        else:
            assert code == Exit.ANSWERED
            break
    monkeypatch.setattr(os, "fdopen", real)
    assert k > 3
    assert path.read_bytes() == clean.read_bytes()


# The command as a process

RUN = """
import json, sys
from pathlib import Path
from catalog_route.batch_command import Options, batch
from catalog_route.terminal import run
how = json.loads(sys.argv[2])
if "output" in how:
    how["output"] = Path(how["output"])
run(lambda words: batch(words[0], Options(**how)), sys.argv[1:])
"""
Started = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def started() -> Iterator[Started]:
    """Starts the command with its own process group; ends it after the test."""
    processes: list[subprocess.Popen[bytes]] = []

    def start(file: str, how: dict[str, Any] | None = None, **more: Any) -> subprocess.Popen[bytes]:
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        words = [sys.executable, "-c", RUN, file, json.dumps(how or {})]
        processes.append(subprocess.Popen(words, start_new_session=True, bufsize=0, **pipes))
        return processes[-1]

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stream_is_answered_at_once_and_can_be_stopped(started: Started, workers: int, number: int, code: int) -> None:
    process = started("-", {"workers": workers, "form": "txt"})
    assert process.stdin is not None
    assert process.stdout is not None
    for text in ("feed issue", "hello"):
        process.stdin.write(f"{text}\n".encode())
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["text"] == text
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (code, b"")
    assert b"stopped after 2 records" in err
    assert b"2 read = " in err
    assert b"Traceback" not in err


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("workers", [1, 2])
def test_stopped_in_the_middle_every_finished_record_is_a_whole_line(
    started: Started, tmp_path: Path, workers: int, unbuffered: str
) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(lines(TEXTS * 10_000))
    process = started(str(path), {"workers": workers}, env={**os.environ, "PYTHONUNBUFFERED": unbuffered})
    assert process.stdout is not None
    first = process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    records = strict((first + out).decode())
    assert process.returncode == 130
    assert [record["id"] for record in records] == list(range(len(records)))
    assert 0 < len(records) < 50_000
    assert f"stopped after {len(records)} records".encode() in err
    assert b"Traceback" not in err


def test_stopped_the_old_output_stays(started: Started, tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"old")
    process = started("-", {"output": str(path), "form": "txt"})
    assert process.stdin is not None
    process.stdin.write(b"feed issue\n")
    process.stdin.flush()
    end = time.monotonic() + 20
    while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]
    assert b"is left as it was" in err


def test_a_reader_that_goes_away_is_no_fault(started: Started, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(lines(TEXTS * 2000))
    process = started(str(path))
    assert process.stdout is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=60) == Exit.PIPE
    assert process.stderr is not None
    assert process.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full on this system")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_is_exit_6(started: Started, issues: Path, workers: int) -> None:
    with Path("/dev/full").open("wb") as full:
        process = started(str(issues), {"workers": workers}, stdout=full)
        _, err = process.communicate(timeout=20)
    assert process.returncode == Exit.OUTPUT
    assert err.decode() == "catalog-route: cannot write the answer: No space left on device\n"


def test_appending_to_the_input_is_refused(started: Started, issues: Path) -> None:
    before = issues.read_bytes()
    with issues.open("ab") as out:
        process = started(str(issues), stdout=out)
        _, err = process.communicate(timeout=20)
    assert process.returncode == Exit.USAGE
    assert issues.read_bytes() == before
    assert b"the output is the input" in err


def test_nothing_on_a_pipe_is_nothing_out(started: Started) -> None:
    process = started("-")
    out, err = process.communicate(b"", timeout=20)
    assert (process.returncode, out) == (Exit.ANSWERED, b"")
    assert b"0 read = " in err


# Signals and progress


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Interrupts():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_the_first_signal_is_noted_the_second_ends() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with Interrupts() as interrupts:
            signal.raise_signal(signal.SIGINT)
            assert interrupts.stopped()
            with interrupts.writing():
                signal.raise_signal(signal.SIGINT)
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
            assert interrupts.exit_code == 130
        with pytest.raises(KeyboardInterrupt), Interrupts() as interrupts, interrupts.waiting():
            signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_and_only_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    screen = Terminal()
    monkeypatch.setattr("catalog_route.batch_progress.monotonic", lambda: clock[0])
    monkeypatch.setattr(sys, "stderr", screen)
    progress = Progress(1000, wanted=True)
    for moment in (0.1, 0.9):
        clock[0] = moment
        progress.tick(10, 100)
    assert screen.getvalue() == ""
    clock[0] = 2.0
    progress.tick(1234, 500)
    progress.close()
    assert "1,234 records" in screen.getvalue()
    assert "617/s" in screen.getvalue()
    assert "0:02 left" in screen.getvalue()


def test_progress_is_not_shown_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for screen, wanted in ((io.StringIO(), True), (Terminal(), False), (None, True)):
        monkeypatch.setattr(sys, "stderr", screen)
        monkeypatch.setattr("catalog_route.batch_progress.AFTER", 0.0)
        progress = Progress(None, wanted=wanted)
        progress.tick(1, 1)
        progress.close()
        assert screen is None or screen.getvalue() == ""


@pytest.mark.parametrize(
    ("read", "taken", "size", "seconds", "line"),
    [
        (10, 5, 10, 2.0, "10 records  5/s  0:02 left"), (10, 5, None, 2.0, "10 records  5/s"), (0, 0, 10, 1.0, "0 records  0/s"),
        (1, 1, 7201, 1.0, "1 records  1/s  2:00:00 left"), (5, 20, 10, 1.0, "5 records  5/s  0:00 left"),
    ],
)  # fmt: skip
def test_rate_and_time_left(read: int, taken: int, size: int | None, seconds: float, line: str) -> None:
    assert told(read, taken, size, seconds) == line


def test_rich_is_not_imported_without_progress(issues: Path) -> None:
    code = "import atexit, sys\natexit.register(lambda: sys.stderr.write(str('rich' in sys.modules)))\n" + RUN
    done = subprocess.run([sys.executable, "-c", code, str(issues), "{}"], capture_output=True, check=True, timeout=30)
    assert done.stderr.endswith(b"False")


# In this process, where every line of the command can be looked at


class Pipe(io.RawIOBase):
    """A stream whose reads come from a list; what is callable is called, and may send a signal or fail."""

    def __init__(self, *reads: bytes | Callable[[], bytes]) -> None:
        self._reads = list(reads)

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        if not self._reads:
            return 0
        first = self._reads.pop(0)
        data = first() if callable(first) else first
        room[: len(data)] = data
        return len(data)


@pytest.fixture
def piped(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., int]]:
    """Runs the command on a pipe, with the usual handling of Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def run(*reads: bytes | Callable[[], bytes], **options: Any) -> int:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Pipe(*reads))))
        return command("-", form="txt", **options)

    yield run
    signal.signal(signal.SIGINT, before)


def stopping() -> bytes:
    signal.raise_signal(signal.SIGINT)
    return b""


@pytest.mark.parametrize("k", [0, 1, 3])
def test_stopped_at_record_k_what_was_finished_is_out_and_counted(
    piped: Callable[..., int], capsys: pytest.CaptureFixture[str], k: int
) -> None:
    assert piped(*[b"feed issue\n"] * k, stopping) == 130
    out, err = capsys.readouterr()
    assert len(strict(out)) == k
    assert f"stopped after {k} records\n" in err
    assert f"{k} read = {k} routed" in err


@pytest.mark.parametrize("workers", [1, 2])
def test_a_signal_that_came_before_the_first_read_was_forgotten_while_input_was_awaited(
    piped: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], workers: int
) -> None:
    """It came in while the knowledge was loaded."""

    def loaded(*data: Path) -> Any:
        signal.raise_signal(signal.SIGINT)
        return SummaryRouter()

    monkeypatch.setattr("catalog_route.batch_command.router_for", loaded)
    assert piped(lambda: pytest.fail("the input was read"), workers=workers) == 130
    out, err = capsys.readouterr()
    assert out == ""
    assert "stopped after 0 records" in err


def test_a_signal_that_came_between_reads_was_forgotten_while_input_was_awaited(
    piped: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It came in after a read that was too short to tell an encoding by."""
    from catalog_route.batch_command import Source

    real = Source.read

    def read(self: Source) -> bytes:
        data = real(self)
        if data == b"is":
            signal.raise_signal(signal.SIGINT)
        return data

    monkeypatch.setattr(Source, "read", read)
    assert piped(b"is", lambda: pytest.fail("the input was read on")) == 130
    assert "stopped after 0 records" in capsys.readouterr().err


def test_stopped_while_a_file_is_written_the_old_one_stays(
    piped: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"old\n")
    assert piped(b"feed issue\n", stopping, output=path) == 130
    assert path.read_bytes() == b"old\n"
    assert f"{path} is left as it was" in capsys.readouterr().err
    assert os.listdir(tmp_path) == ["out.jsonl"]  # noqa: PTH208


@pytest.mark.parametrize("output", [False, True])
def test_stopped_between_records_of_one_block_the_rest_is_not_begun(
    piped: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, output: bool
) -> None:
    """The signal comes while the second of five records is answered."""
    from catalog_route.router import Router

    real = Router.decide

    def second(self: Router, text: str, *rest: Any) -> Any:
        if text == "2":
            signal.raise_signal(signal.SIGINT)
        return real(self, text, *rest)

    monkeypatch.setattr(Router, "decide", second)
    path = tmp_path / "out.jsonl"
    assert piped(b"1\n2\n3\n4\n5\n", **({"output": path} if output else {})) == 130
    out, err = capsys.readouterr()
    assert "stopped after 2 records" in err
    assert path.exists() is False
    assert len(strict(out)) == (0 if output else 2)


def test_a_pipe_that_breaks_is_told_after_what_was_read(piped: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    def fails() -> bytes:
        raise OSError(5, "Input/output error")

    with pytest.raises(Stop, match="-: Input/output error") as stop:
        piped(b"feed issue\n", fails)
    assert stop.value.code is Exit.INPUT
    out, err = capsys.readouterr()
    assert len(strict(out)) == 1
    assert "1 read = 1 routed" in err


def test_closed_standard_streams_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", None)
        with pytest.raises(Stop) as stop:
            command("-")
        assert stop.value.code is Exit.USAGE
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", None)
        with pytest.raises(Stop) as stop:
            command("-")
    assert stop.value.code is Exit.OUTPUT


def test_on_a_terminal_it_says_what_it_waits_for(
    piped: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Typed(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Typed(io.BytesIO(b"feed issue\n")))
    assert command("-", form="txt") == Exit.ANSWERED
    assert capsys.readouterr().err.startswith("reading texts from the terminal, one a line; end with Ctrl-D\n")


def test_whether_input_waits_is_known_of_pipes_and_guessed_elsewhere(tmp_path: Path) -> None:
    from catalog_route.batch_command import Source

    near, far = os.pipe()
    with os.fdopen(near, "rb") as stream, os.fdopen(far, "wb", buffering=0) as other:
        source = Source(stream, "-", Interrupts())
        assert source.ready() is False
        other.write(b"x")
        assert source.ready() is True
    assert source.ready() is True, "a closed stream tells by reading"
    path = tmp_path / "x"
    path.write_bytes(b"x")
    with path.open("rb") as file:
        assert Source(file, "x", Interrupts()).ready() is True
    assert Source(io.BytesIO(b"x"), "x", Interrupts()).ready() is True  # type: ignore[arg-type]


def test_a_reader_of_the_output_pipe_that_goes_away_is_no_fault(piped: Callable[..., int], tmp_path: Path) -> None:
    """`-o` may name a pipe; whoever reads it may leave."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def leaves() -> bytes:
        os.close(reader)
        return b"hello\n"

    with pytest.raises(BrokenPipeError):
        piped(b"feed issue\n", leaves, b"hello\n", output=path)


def test_a_worker_that_is_killed_is_told(issues: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from catalog_route import workers

    def killed(*_: Any) -> Any:
        raise workers.Broken

    monkeypatch.setattr("catalog_route.batch_command.run_parallel", killed)
    with pytest.raises(Stop, match="ended from outside, after 0 records") as stop:
        command(issues, workers=2)
    assert stop.value.code is Exit.OUTPUT


@pytest.mark.parametrize("lacking", ["processes", "pipes"])
def test_a_system_that_starts_no_more_workers_was_waited_for_without_end(
    issues: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lacking: str
) -> None:
    """One worker is begun and ended again; or there are not even the pipes to talk to them."""
    from multiprocessing import active_children, process

    from catalog_route import workers

    real = process.BaseProcess.start
    begun: list[Any] = []

    def start(self: Any) -> None:
        if begun:
            raise OSError(24, "Too many open files")
        begun.append(self)
        real(self)

    def none(*rest: Any, **more: Any) -> Any:
        raise OSError(24, "Too many open files")

    before = set(active_children())
    if lacking == "processes":
        monkeypatch.setattr(process.BaseProcess, "start", start)
    else:
        monkeypatch.setattr(workers, "ProcessPoolExecutor", none)
    monkeypatch.setattr("catalog_route.batch_command.READ", 40)
    monkeypatch.setattr("catalog_route.batch_command.router_for", lambda *data: SummaryRouter())
    with pytest.raises(Stop, match="--workers: 40 processes cannot be started: Too many open files; give fewer") as stop:
        command(issues, workers=40)
    assert stop.value.code is Exit.FAULT
    assert len(begun) == (lacking == "processes")
    assert set(active_children()) == before
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("wanted", "given"), [(60, 60), (61, 61), (62, 61), (5000, 61)])
def test_more_workers_than_windows_can_wait_for_were_a_fault(monkeypatch: pytest.MonkeyPatch, wanted: int, given: int) -> None:
    from catalog_route import workers

    asked: list[int] = []
    monkeypatch.setattr(workers, "ProcessPoolExecutor", lambda number, **more: asked.append(number))
    pool = workers.Pool(None, wanted)  # type: ignore[arg-type]
    assert asked == [given]
    assert pool.most == 3 * given


def test_workers_leave_signals_to_the_main_process_and_follow_it(router: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker is begun here, in this process: it ignores Ctrl-C, ends with its parent, and does what it is handed."""
    from threading import Event
    from types import SimpleNamespace

    from catalog_route import workers
    from catalog_route.batch import Done
    from catalog_route.counts import Counts

    set_to: dict[int, Any] = {}
    left = Event()
    near, far = os.pipe()
    monkeypatch.setattr(workers, "_work", None)
    monkeypatch.setattr(workers.signal, "signal", set_to.__setitem__)
    monkeypatch.setattr("multiprocessing.parent_process", lambda: SimpleNamespace(sentinel=near))
    monkeypatch.setattr(workers.os, "_exit", lambda code: left.set())
    with pytest.raises(RuntimeError, match="not begun"):
        workers._do("block")
    workers._begin(lambda block: Done(block, Counts()))  # type: ignore[arg-type]
    assert set_to == {signal.SIGINT: signal.SIG_IGN, signal.SIGTERM: signal.SIG_DFL}
    assert workers._do("block").output == "block"
    os.close(far)
    assert left.wait(20), "the worker stays when its parent is gone"
    os.close(near)
    monkeypatch.setattr("multiprocessing.parent_process", lambda: None)
    workers._begin(lambda block: Done(block, Counts()))  # type: ignore[arg-type]


def test_where_affinity_is_unknown_all_cores_count(monkeypatch: pytest.MonkeyPatch) -> None:
    from catalog_route import workers

    monkeypatch.delattr(workers.os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(workers.os, "cpu_count", lambda: 7)
    assert workers.cores() == 7
    monkeypatch.setattr(workers.os, "cpu_count", lambda: None)
    assert workers.cores() == 1


def test_signals_are_left_alone_outside_the_main_thread() -> None:
    from threading import Thread

    seen: list[Any] = []

    def inside() -> None:
        with Interrupts() as interrupts:
            seen.append((signal.getsignal(signal.SIGINT), interrupts.stopped()))

    thread = Thread(target=inside)
    thread.start()
    thread.join()
    assert seen == [(signal.getsignal(signal.SIGINT), False)]


def test_the_progress_goes_on_with_the_bar_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr("catalog_route.batch_progress.AFTER", 0.0)
    monkeypatch.setattr("catalog_route.batch_progress.EVERY", 0.0)
    progress = Progress(1000, wanted=True)
    progress.tick(1, 1)
    progress.tick(2, 2)
    progress.close()
    assert "2 records" in screen.getvalue()


def test_blank_lines_are_told_and_nothing_at_all_has_no_bars(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"\n\n")
    assert command(path, summary=True) == Exit.ANSWERED
    assert capsys.readouterr().out == "0 read = 0 routed + 0 unclear + 0 rejected\n2 blank lines passed over\n"
    path.write_bytes(b"\nasdf\n")
    assert command(path, summary=True) == Exit.ANSWERED
    out = capsys.readouterr().out
    assert "1 blank line passed over" in out
    assert "confidence" not in out, "nothing was routed"
