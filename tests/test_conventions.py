"""What everybody expects of a program in a terminal or a script, tried on the command itself."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import docs_tables
from calling import surroundings
from catalog_route import Router
from catalog_route.terminal import Exit

CODES = "\x1b["
TEXT = "flat file rejected with error 8541"

Environment = Mapping[str, str]


def environment(home: Path, more: Environment | None = None) -> dict[str, str]:
    return surroundings(**{"CATALOG_ROUTE_CACHE": str(home), **(more or {})})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def run(home: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Runs the command, with a pipe on each side."""

    def go(*words: str, given: bytes = b"", **more: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "catalog_route", *words], input=given, capture_output=True, cwd=tmp_path, timeout=60,
            env=environment(home, more), check=False,
        )  # fmt: skip

    return go


@pytest.fixture
def terminal(home: Path, tmp_path: Path) -> Callable[..., tuple[str, int]]:
    """Runs the command on a terminal: what it shows, and its exit code."""
    pty = pytest.importorskip("pty", reason="needs a pseudo-terminal, which Windows has not")

    def go(*words: str, keys: bytes = b"", columns: int = 80, **more: str) -> tuple[str, int]:
        import fcntl
        import struct
        import termios

        try:
            master, slave = pty.openpty()
        except OSError as fault:
            pytest.skip(f"needs a pseudo-terminal: {fault}")
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        started = subprocess.Popen(
            [sys.executable, "-m", "catalog_route", *words], stdin=slave, stdout=slave, stderr=slave, cwd=tmp_path,
            env=environment(home, {"TERM": "xterm-256color", **more}), start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        os.write(master, keys)
        shown = b""
        try:
            while piece := os.read(master, 4096):
                shown += piece
        except OSError:  # how a terminal ends on Linux
            pass
        os.close(master)
        return shown.decode("utf-8").replace("\r\n", "\n"), started.wait(60)

    return go


Run = Callable[..., subprocess.CompletedProcess[bytes]]
Terminal = Callable[..., tuple[str, int]]

# --- help and versions


@pytest.mark.parametrize("words", [[], *([name] for name in docs_tables.commands())], ids=" ".join)
def test_help_comes_by_h_and_by_help(words: list[str], run: Run) -> None:
    short, long = run(*words, "-h"), run(*words, "--help")
    assert short.returncode == long.returncode == 0
    assert short.stdout == long.stdout
    assert short.stderr == b""
    assert b"Usage: catalog-route" in short.stdout
    assert max(map(len, short.stdout.decode().splitlines())) <= 80


def test_help_begins_nowhere_but_in_itself_and_tells_the_exit_codes(run: Run) -> None:
    """Every exit code that the program has is told, and an example can be copied."""
    shown = run("--help").stdout.decode()
    assert 'catalog-route "feed issue"' in shown
    for code in Exit:
        assert re.search(rf"\b{code.value}\b", shown), f"--help tells nothing of exit code {code.value}"


def test_version_tells_that_of_the_program_and_of_the_knowledge(run: Run, router: Router) -> None:
    told = run("--version").stdout.decode()
    advice = router.route(TEXT)
    assert told == f"catalog-route {advice.version} (knowledge {advice.knowledge})\n"


def test_no_words_on_a_terminal_show_how_to_begin(terminal: Terminal) -> None:
    shown, code = terminal()
    assert code == Exit.USAGE
    assert 'catalog-route "feed issue"' in shown
    assert len(shown.splitlines()) <= 10


# --- results and talk


def test_json_is_nothing_but_json(run: Run) -> None:
    """Also when there is something to say, and when colour is forced."""
    done = run("shwo", "--json", FORCE_COLOR="1")
    assert json.loads(done.stdout)["text"] == "shwo"
    assert b"did you mean" in done.stderr


@pytest.mark.parametrize("words", [["show", "ert"], ["schema", "advice"], ["check"]])
def test_every_json_is_ascii_and_ends_with_one_line_end(words: list[str], run: Run) -> None:
    out = run(*words, *([] if words[0] == "schema" else ["--json"])).stdout
    json.loads(out)
    assert out.isascii()
    assert out.endswith(b"\n") and not out.endswith(b"\n\n")


def test_a_pipe_gets_plain_lines_whatever_the_width(run: Run) -> None:
    """No colour, no boxes, one statement a line, and the same bytes in a narrow and in a wide surrounding."""
    narrow, wide = run(TEXT, COLUMNS="20").stdout, run(TEXT, COLUMNS="300").stdout
    assert narrow == wide
    assert b"\x1b" not in narrow
    assert all(re.match(r"[a-z -]+( \d+)?: ", line) for line in narrow.decode().splitlines() if not line.startswith("  "))


# --- colour: the flag before the variables, NO_COLOR before FORCE_COLOR


@pytest.mark.parametrize(
    ("words", "more", "laid_out", "coloured"),
    [
        ([], {}, False, False),
        ([], {"FORCE_COLOR": "1"}, True, True),
        ([], {"FORCE_COLOR": ""}, False, False),
        ([], {"FORCE_COLOR": "0"}, False, False),
        ([], {"FORCE_COLOR": "false"}, False, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": ""}, True, True),
        (["--color", "always"], {}, True, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True, True),
        (["--color", "always"], {"TERM": "dumb"}, True, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, True, False),
        (["--color", "never"], {}, False, False),
    ],
    ids=str,
)
def test_colour_in_a_pipe(words: list[str], more: Environment, laid_out: bool, coloured: bool, run: Run) -> None:
    shown = run(*words, TEXT, **more).stdout.decode()
    assert (not shown.startswith("text: ")) == laid_out
    assert (CODES in shown) == coloured


@pytest.mark.parametrize(
    ("words", "more", "laid_out", "coloured"),
    [
        ([], {}, True, True),
        ([], {"NO_COLOR": "1"}, True, False),
        (["--color", "never"], {}, True, False),
        ([], {"TERM": "dumb"}, False, False),
        ([], {"COLUMNS": "30"}, False, False),
    ],
    ids=str,
)
def test_colour_on_a_terminal(words: list[str], more: Environment, laid_out: bool, coloured: bool, terminal: Terminal) -> None:
    shown, code = terminal(*words, TEXT, **more)
    assert code == 0
    assert (not shown.startswith("text: ")) == laid_out
    assert (CODES in shown) == coloured


@pytest.mark.parametrize(("columns", "more", "widest"), [(60, {}, 60), (80, {"COLUMNS": "70"}, 70), (250, {}, 100)], ids=str)
def test_width_is_that_of_the_terminal_or_of_columns_but_never_unreadable(
    columns: int, more: Environment, widest: int, terminal: Terminal
) -> None:
    shown, _ = terminal(TEXT, columns=columns, NO_COLOR="1", **more)
    assert widest - 12 <= max(map(len, shown.splitlines())) <= widest


# --- standard input


def test_with_a_text_nobody_waits_for_the_pipe(home: Path) -> None:
    """A pipe that stays open, as under cron or ssh, holds nothing up."""
    there, here = os.pipe()
    try:
        subprocess.run(
            [sys.executable, "-m", "catalog_route", "feed issue"], stdin=there, capture_output=True, timeout=60, check=True,
            env=environment(home),
        )  # fmt: skip
    finally:
        os.close(there)
        os.close(here)


@pytest.mark.parametrize("words", [[], ["-"], ["route"], ["route", "-"], ["--json"]], ids=" ".join)
def test_without_a_text_it_comes_from_the_pipe(words: list[str], run: Run) -> None:
    done = run(*words, given=b"feed issue\n")
    assert done.returncode == 0
    assert b"feed issue" in done.stdout


def test_a_closed_standard_input_is_told(home: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", '"$0" -m catalog_route <&-', sys.executable], capture_output=True, text=True, timeout=60,
        env=environment(home), check=False,
    )  # fmt: skip
    assert done.returncode == Exit.USAGE
    assert done.stdout == ""
    assert 'catalog-route "feed issue"' in done.stderr


def test_a_terminal_is_read_only_when_asked_and_says_so(terminal: Terminal) -> None:
    shown, code = terminal("-", keys=b"feed issue\n\x04", NO_COLOR="1")
    assert code == 0
    assert "end it with Ctrl-D" in shown
    assert "tier 2 of 3" in shown


def test_nothing_is_asked_in_a_pipe(run: Run) -> None:
    """`--ask` needs somebody to answer; without one the answer comes as it is."""
    assert run("--ask", "asdf").stdout == run("asdf").stdout


def test_questions_are_asked_on_a_terminal(terminal: Terminal) -> None:
    shown, code = terminal("--ask", "asdf", keys=b"1\n\n", NO_COLOR="1")
    assert code == 0
    assert "tier 2 of 3" in shown


# --- what goes wrong: what, where, and what to do


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--jsn", "feed issue"], Exit.USAGE, ["--jsn", "--json"]),
        (["show", "captve"], Exit.USAGE, ['"captve"', 'did you mean "captive"?']),
        (["show", "zzzz"], Exit.USAGE, ['"zzzz"', "lists the ladder"]),
        (["route", "--color", "sometimes", "x"], Exit.USAGE, ["--color", "'sometimes'", "'always'", "route --help"]),
        (["--reopened", "often", "x"], Exit.USAGE, ["--reopened", "'often'", "whole number"]),
        (["--reopened", "-1", "x"], Exit.USAGE, ["--reopened", "-1"]),
        (["--account", "buyer", "x"], Exit.USAGE, ["--account", "'buyer'", "'seller'", "'vendor'"]),
        (["--tried", "nobody", "x"], Exit.USAGE, ["--tried", "'nobody'", "outsourced, captive, ert"]),
        (["report", "missing", "buy", "box"], Exit.USAGE, ["put quotes around"]),
        (["report"], Exit.USAGE, ["FILE", "report --help"]),
        (["report", "no-such-file"], Exit.INPUT, ["no-such-file", "No such file"]),
        (["report", "x", "--csv", "--json"], Exit.USAGE, ["--csv", "--json"]),
        (["batch", "no-such-file"], Exit.INPUT, ["no-such-file", "No such file"]),
        (["batch", "-", "--to", "xml"], Exit.USAGE, ["--to", "'xml'", "jsonl", "csv"]),
        (["batch", "-", "--encoding", "klingon"], Exit.USAGE, ["--encoding", "'klingon'"]),
        (["eval", "no-such-file"], Exit.INPUT, ["no-such-file", "No such file"]),
        (["schema", "advise"], Exit.USAGE, ["'advise'", "'advice'"]),
        (["completion", "tcsh"], Exit.USAGE, ["'tcsh'", "bash, zsh, fish, powershell"]),
        (["--data", "no-such-folder", "x"], Exit.KNOWLEDGE, ["no-such-folder", "name a folder"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)  # fmt: skip
def test_a_fault_is_one_line_that_says_what_where_and_how_to_cure_it(
    words: list[str], code: int, told: list[str], run: Run
) -> None:
    done = run(*words)
    said = done.stderr.decode()
    assert done.returncode == code
    assert done.stdout == b""
    assert len(said.splitlines()) == 1
    for part in told:
        assert part in said


@pytest.mark.parametrize("words", [["exlpain"], ["shwo"], ["shwo", "ert"], ["rout", "feed", "issue"]], ids=" ".join)
def test_a_slip_in_a_command_is_text_and_is_told(words: list[str], run: Run) -> None:
    """Who asks gets an answer, who mistyped gets a hint; only "exlpain" is near to nothing that exists."""
    done = run(*words)
    assert done.returncode == 0
    assert done.stdout.decode().startswith(f"text: {' '.join(words)}\n")
    assert ("did you mean the command" in done.stderr.decode()) == (words != ["exlpain"])


@pytest.mark.parametrize(
    ("words", "text"), [(["--", "show"], "show"), (["route", "show"], "show"), (["show me"], "show me")], ids=str
)
def test_text_can_be_forced(words: list[str], text: str, run: Run) -> None:
    assert run(*words).stdout.decode().startswith(f"text: {text}\n")


@pytest.mark.parametrize(
    "words", [["--json", TEXT], [TEXT, "--json"], ["route", TEXT, "--json"], [*TEXT.split(), "--json"]], ids=str
)
def test_options_stand_before_or_after_the_text(words: list[str], run: Run) -> None:
    assert json.loads(run(*words).stdout)["text"] == TEXT


# --- the end of a pipe, and consoles that are not UTF-8


@pytest.mark.parametrize("words", ["--help", "'feed issue'", "lists the ladder", "batch -", "schema advice", "check --json"])
def test_a_reader_that_goes_away_is_no_fault_to_talk_about(words: str, home: Path) -> None:
    """The reader is gone before anything is written; 141 is what a shell says of a program that a closed pipe ended."""
    command = f'echo "feed issue" | (sleep 0.3; exec "$0" -m catalog_route {words}) | true; echo "${{PIPESTATUS[1]}}"'
    done = subprocess.run(
        ["bash", "-c", command, sys.executable], capture_output=True, text=True, timeout=60, env=environment(home), check=False
    )
    assert done.stdout == f"{int(Exit.PIPE)}\n"
    assert [line for line in done.stderr.splitlines() if not line.startswith("catalog-route: read as")] == []


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "cp850", "ascii"])
@pytest.mark.parametrize("words", [[], ["--color", "always"]], ids=["plain", "laid-out"])
def test_a_console_that_is_not_utf8_gets_signs_that_it_has(encoding: str, words: list[str], run: Run) -> None:
    """Whatever a seller writes, nothing fails, and our own signs are readable."""
    done = run(*words, "feed issue – déjà 商品 😀", PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    shown = done.stdout.decode(encoding)
    assert done.returncode == 0
    assert done.stderr == b""
    assert "\\u5546\\u54c1 \\U0001f600" in shown
    assert re.findall(r"\\u[02][0-9a-f]{3}|\\xa0", shown.replace("\\u5546", "")) == []


def test_json_for_a_console_that_is_not_utf8_is_the_same(run: Run) -> None:
    text = "feed issue – déjà 商品"
    assert run("--json", text, PYTHONIOENCODING="cp437", PYTHONUTF8="0").stdout == run("--json", text).stdout


@pytest.mark.parametrize(
    ("mode", "obeys", "expected"), [(0x3, True, True), (0x7, False, True), (0x3, False, False), (None, False, True)]
)
def test_a_windows_console_is_asked_to_show_colour(mode: int | None, obeys: bool, expected: bool) -> None:
    """A stand-in for kernel32: an old console that refuses gets no codes; what is no console decides for itself."""
    from catalog_route.windows import takes_colour

    class Kernel:
        asked: int | None = None

        def GetStdHandle(self, which: int) -> int:  # noqa: N802
            assert which == -11
            return 7

        def GetConsoleMode(self, handle: int, where: object) -> int:  # noqa: N802
            if mode is not None:
                where._obj.value = mode  # type: ignore[attr-defined]
            return int(mode is not None)

        def SetConsoleMode(self, handle: int, value: int) -> int:  # noqa: N802
            self.asked = value
            return int(obeys)

    kernel = Kernel()
    assert takes_colour(kernel) is expected
    assert kernel.asked == (mode | 0x4 if mode == 0x3 else None)


def test_elsewhere_than_on_windows_there_is_nothing_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    import ctypes

    from catalog_route.windows import takes_colour

    monkeypatch.delattr(ctypes, "WinDLL", raising=False)
    assert takes_colour()


def test_a_console_that_cannot_show_colour_gets_none(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Windows simulated: the library that would be asked refuses."""
    import ctypes

    from rich.text import Text

    from catalog_route import terminal

    class Refusing:
        def __init__(self, name: str) -> None:
            assert name == "kernel32"

        def GetStdHandle(self, which: int) -> int:  # noqa: N802
            return 7

        def GetConsoleMode(self, handle: int, where: object) -> int:  # noqa: N802
            return 1

        def SetConsoleMode(self, handle: int, value: int) -> int:  # noqa: N802
            return 0

    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal.print_view(Text("x", style="bold"), "always")
    assert CODES in capsys.readouterr().out
    monkeypatch.setattr(ctypes, "WinDLL", Refusing, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    terminal.print_view(Text("x", style="bold"), "always")
    assert capsys.readouterr().out == "x\n"


def test_only_what_cannot_be_written_is_written_otherwise() -> None:
    """Signs get the typewriter's way, what has none an escape, bytes of another encoding too; the rest stays."""
    assert "tier – ✓ 名 ok".encode("ascii", "catalog-route") == b"tier - + \\u540d ok"
    assert "– é".encode("latin-1", "catalog-route") == b"- \xe9"
    assert b"ok \xff".decode("utf-8", "catalog-route") == "ok \\xff"


# --- quiet and quick


def test_importing_the_package_costs_nothing(home: Path) -> None:
    """Neither what validates nor what draws nor what parses is loaded before it is needed."""
    code = "import catalog_route, sys; print(sorted({'pydantic', 'rich', 'typer', 'yaml'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment(home))
    assert done.stdout == "[]\n"


def test_an_answer_for_a_pipe_loads_neither_rich_nor_pydantic_nor_yaml(home: Path, run: Run) -> None:
    run("feed issue")
    code = (
        "import sys; sys.argv = ['catalog-route', 'feed issue']\nfrom catalog_route.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    print(sorted({'pydantic', 'rich', 'yaml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment(home))
    assert done.stdout.splitlines()[-1] == "[]"


def test_no_progress_in_a_pipe_and_none_for_a_short_run(run: Run, terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "few.txt").write_text("feed issue\n", encoding="utf-8")
    shown, _ = terminal("batch", "few.txt")
    assert CODES not in shown
    assert CODES not in run("batch", "few.txt").stderr.decode()


def test_nothing_reaches_for_the_network(home: Path, tmp_path: Path) -> None:
    """No command opens a connection: sockets are made to fail, and everything works."""
    (tmp_path / "sitecustomize.py").write_text(
        "import socket\ndef refuse(*a, **k):\n    raise SystemExit('a connection was tried')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse\n", encoding="utf-8",
    )  # fmt: skip
    more = {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    for words in (["feed issue"], ["show", "ert"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-m", "catalog_route", *words], capture_output=True, env=environment(home, more), timeout=60,
            stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def test_the_same_call_gives_the_same_bytes(run: Run) -> None:
    first = run("--why", TEXT, PYTHONHASHSEED="1").stdout
    assert run("--why", TEXT, PYTHONHASHSEED="2").stdout == first


@pytest.mark.parametrize(
    "words",
    [["check"], ["feed issue"], ["eval", "labels.jsonl"], ["report", "labels.jsonl"], ["batch", "labels.jsonl", "-o", "out.csv"]],
    ids=" ".join,
)
def test_no_file_is_opened_in_the_encoding_of_the_machine(words: list[str], home: Path, tmp_path: Path) -> None:
    """On Windows that would be windows-1252; the interpreter is asked to take every such opening for an error."""
    (tmp_path / "labels.jsonl").write_text('{"text": "error 8541", "label": "captive"}\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning", "-m", "catalog_route", *words],
        capture_output=True, text=True, cwd=tmp_path, env=environment(home), timeout=60, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert "EncodingWarning" not in done.stderr
    assert done.returncode in (Exit.ANSWERED, Exit.INPUT)


def test_everything_that_the_package_offers_is_there() -> None:
    import catalog_route

    for name in catalog_route.__all__:
        assert getattr(catalog_route, name).__doc__
    assert sorted(catalog_route.__all__) == catalog_route.__all__
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        catalog_route.nothing_of_the_kind  # noqa: B018
