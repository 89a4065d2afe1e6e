"""Where the program is run: widths, encodings, locales, homes, folders, odd paths. The answer is the same everywhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from catalog_route import Router
from catalog_route.terminal import Exit
from driving import Driver
from naughty import TEXTS

TEXT = "our bullets are locked by Brand Registry, case re-opened ten times, error 8541"
REPORT = str(Path(__file__).resolve().parents[1] / "docs" / "samples" / "processing-report.txt")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX system")


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    return monkeypatch


def words(text: str) -> list[str]:
    """The words shown, whatever stands between them and however they are wrapped."""
    return re.findall(r"[A-Za-z0-9]+", re.sub(r"\x1b\[[0-9;]*m", "", text))


# --- widths and terminals


@pytest.mark.parametrize(
    "columns", ["0", "1", "5", "39", "40", "41", "80", "200", "1000000", "-5", "abc", "", "²", "9" * 5000, "8.5", " 80"]
)
def test_no_width_loses_a_word(drive: Driver, surroundings: pytest.MonkeyPatch, columns: str) -> None:
    """The superscript two ended the program: it is a digit to Python, and no number."""
    surroundings.setenv("COLUMNS", columns)
    ran = drive(TEXT, terminal=True)
    assert ran.code == Exit.ANSWERED
    joined = re.sub(r"\s+", "", " ".join(words(ran.out.decode())))
    for word in ("Brand", "Registry", "high", "locked", "Captive"):
        assert word in joined


@pytest.mark.parametrize("columns", [str(width) for width in range(40, 101, 6)])
def test_the_laid_out_answer_has_the_same_words_at_every_width(
    drive: Driver, surroundings: pytest.MonkeyPatch, columns: str
) -> None:
    surroundings.setenv("COLUMNS", "100")
    wide = drive(TEXT, terminal=True)
    surroundings.setenv("COLUMNS", columns)
    narrow = drive(TEXT, terminal=True)
    assert sorted("".join(words(narrow.out.decode()))) == sorted("".join(words(wide.out.decode())))


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_that_can_nothing_gets_plain_lines(drive: Driver, surroundings: pytest.MonkeyPatch, term: str) -> None:
    surroundings.setenv("TERM", term)
    shown = drive(TEXT, terminal=True)
    assert shown == drive(TEXT)
    assert b"\x1b" not in shown.out


def test_a_terminal_without_a_name_is_no_trouble(drive: Driver, surroundings: pytest.MonkeyPatch) -> None:
    surroundings.setenv("TERM", "")
    assert drive(TEXT, terminal=True).code == Exit.ANSWERED


@pytest.mark.parametrize(
    "text", ["1" * 50_000, "<" * 50_000, "1." * 25_000, "x:y/z " * 8_000, "[" * 50_000], ids=lambda text: text[:2]
)
def test_no_long_text_takes_long_to_show(drive: Driver, surroundings: pytest.MonkeyPatch, text: str) -> None:
    """Rich's highlighter takes minutes for them. What is shown is cut, which is said; the JSON is whole."""
    from time import process_time

    began = process_time()
    ran = drive("-", stdin=text.encode(), terminal=True)
    assert process_time() - began < 20
    assert ran.code == Exit.ANSWERED
    assert len(ran.out) < 40_000
    assert re.search(rb"\.\.\.|\xe2\x80\xa6|more characters", ran.out)
    assert json.loads(drive("--json", "-", stdin=text.encode()).out)["text"] == text


# --- encodings


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "latin-1", "cp932", "utf-8", "utf-16"])
def test_any_encoding_of_the_streams_shows_the_answer(drive: Driver, surroundings: pytest.MonkeyPatch, encoding: str) -> None:
    """What an encoding cannot hold is written out, not lost and not fatal."""
    for text in (TEXT, "Größe 商品 😀 \ud800 feed issue", "caf\udce9 feed issue"):
        for terminal in (False, True):
            ran = drive("route", "--", text, encoding=encoding, terminal=terminal)
            assert ran.code == Exit.ANSWERED
            assert ran.out.decode(encoding)
            assert ran.err == b""
        document = drive("route", "--json", "--", text, encoding=encoding)
        assert json.loads(document.out.decode(encoding))["text"] == text


def test_a_laid_out_answer_in_ascii_is_ascii(drive: Driver, surroundings: pytest.MonkeyPatch) -> None:
    assert drive("feed issue", encoding="ascii", terminal=True).out.isascii()


@pytest.mark.parametrize(
    "typed", [b"1\n", "²\n".encode(), b"9" * 6000 + b"\n", b"caf\xe9\n", b"\n", b"", b"\x1b[2J\n", "1\n2\n３\n".encode()]
)
def test_any_answer_may_be_typed_to_a_question(drive: Driver, surroundings: pytest.MonkeyPatch, typed: bytes) -> None:
    """A superscript two, a huge number and a byte that is no UTF-8 each ended the program."""
    ran = drive("--ask", "asdf", stdin=typed, typed=True, terminal=True)
    assert ran.code == Exit.ANSWERED
    assert b"Traceback" not in ran.err
    assert ran.out


# --- the same bytes everywhere


def environments() -> Iterator[tuple[str, Mapping[str, str], list[str]]]:
    """Name, changed variables, options of the interpreter."""
    yield "hash seed", {"PYTHONHASHSEED": "1"}, []
    yield "another hash seed", {"PYTHONHASHSEED": "4242"}, []
    yield "Turkish", {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"}, []
    yield "C, nothing coerced", {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "TZ": "UTC+12"}, []
    yield "ASCII", {"PYTHONIOENCODING": "ascii:strict", "COLUMNS": "20", "TERM": "dumb"}, []
    yield "windows-1252", {"PYTHONIOENCODING": "cp1252", "COLUMNS": "0"}, []
    yield "without asserts", {}, ["-O"]
    yield "without docstrings", {}, ["-OO"]
    yield "warnings are errors", {"PYTHONWARNINGS": "error", "PYTHONDEVMODE": "1"}, []
    yield "no home", {"HOME": "", "XDG_CACHE_HOME": "", "CATALOG_ROUTE_CACHE": ""}, []
    yield "a home that is a file", {"HOME": "/dev/null", "XDG_CACHE_HOME": "", "CATALOG_ROUTE_CACHE": ""}, []
    yield "a cache that cannot be written", {"CATALOG_ROUTE_CACHE": "/proc/none"}, []
    yield "unbuffered", {"PYTHONUNBUFFERED": "1", "FORCE_COLOR": "1"}, []


ENVIRONMENTS = list(environments())


@pytest.mark.parametrize(("changed", "options"), [each[1:] for each in ENVIRONMENTS], ids=[each[0] for each in ENVIRONMENTS])
def test_the_same_bytes_come_out_everywhere(
    router: Router, tmp_path: Path, changed: Mapping[str, str], options: list[str]
) -> None:
    """N7, and R30: stdout is one JSON document and nothing else, whatever warns."""
    done = process(["--json", "--draft", TEXT], changed, options, cwd=tmp_path)
    assert done.returncode == Exit.ANSWERED, done.stderr
    assert done.stdout.decode("ascii") == router.route(TEXT, draft=True).to_json() + "\n"
    assert done.stderr == b""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ["feed issue"], ["--json", "feed issue"], ["--version"], ["--help"], ["show"], ["show", "--json", "8541"],
        ["schema", "brief"], ["completion", "bash"], ["report", REPORT], ["report", REPORT, "--json"],
        ["report", REPORT, "--csv"], ["batch", REPORT, "--format", "txt"],
        ["batch", REPORT, "--format", "txt", "--summary", "--json"],
    ],
    ids=lambda words: " ".join(words).replace(REPORT, "FILE"),
)  # fmt: skip
def test_lines_end_the_same_where_the_system_ends_them_otherwise(drive: Driver, words: list[str]) -> None:
    """N7: what `batch` wrote had the same bytes on every system, but not what the others wrote."""
    ran = drive(*words, newline="\r\n")
    assert ran.out == drive(*words).out
    assert b"\r" not in ran.out
    assert ran.out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp932"])
def test_a_table_has_the_same_bytes_in_every_encoding_of_the_stream(drive: Driver, encoding: str) -> None:
    """N7: signs that the encoding lacks were written out in `report --csv`, the others came in its bytes."""
    content = "sku\terror-code\terror-type\terror-message\nTEE-ﾁｬ-é\t8541\tError\t“x” – カ\n".encode()
    ran = drive("report", "-", "--csv", stdin=content, encoding=encoding)
    assert ran.out == drive("report", "-", "--csv", stdin=content).out
    assert "TEE-ﾁｬ-é" in ran.out.decode("utf-8")
    shown = drive("report", "-", "--csv", stdin=content, encoding="ascii", terminal=True)
    assert shown.out.isascii(), "a terminal takes what it can show"


def process(
    words: list[str], changed: Mapping[str, str], options: list[str], **more: object
) -> subprocess.CompletedProcess[bytes]:
    line = [sys.executable, *options, "-m", "catalog_route", *words]
    env = {**os.environ, **changed}
    return subprocess.run(line, env=env, capture_output=True, timeout=120, check=False, stdin=subprocess.DEVNULL, **more)  # type: ignore[call-overload, no-any-return]


@POSIX
def test_a_folder_that_is_gone_is_no_trouble(tmp_path: Path) -> None:
    shell = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" -m catalog_route "$@"'
    for words, code in ((["--json", TEXT], Exit.ANSWERED), (["check", "here"], Exit.FOUND), (["batch", "x.txt"], Exit.INPUT)):
        done = subprocess.run(
            ["bash", "-c", shell, sys.executable, *words], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )  # fmt: skip
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr


@POSIX
def test_an_argument_that_is_no_utf8_is_answered() -> None:
    for locale in ("C", "C.UTF-8"):
        done = process([b"feed issue caf\xe9"], {"LC_ALL": locale, "PYTHONCOERCECLOCALE": "0"}, [])  # type: ignore[list-item]
        assert done.returncode == Exit.ANSWERED, done.stderr
        assert b"feed issue caf" in done.stdout


def test_every_naughty_text_gives_the_same_bytes_again(router: Router) -> None:
    first = [router.route(text).to_json() for text in TEXTS if len(text) < 1000]
    again = [Router(router.known, router.likeness, router.matcher).route(text).to_json() for text in TEXTS if len(text) < 1000]
    assert first == again


# --- odd paths


@POSIX
@pytest.mark.parametrize("command", ["batch", "report", "eval", "check"])
@pytest.mark.parametrize("kind", ["folder", "missing", "dangling link", "circle of links", "long name", "below a file", "socket"])
def test_an_impossible_path_is_one_line(drive: Driver, tmp_path: Path, command: str, kind: str) -> None:
    path = tmp_path / "x"
    if kind == "folder":
        path.mkdir()
    elif kind == "dangling link":
        path.symlink_to(tmp_path / "nothing")
    elif kind == "circle of links":
        path.symlink_to(path)
    elif kind == "long name":
        path = tmp_path / ("x" * 300)
    elif kind == "below a file":
        path.write_bytes(b"x")
        path = path / "y"
    elif kind == "socket":
        import socket

        with socket.socket(socket.AF_UNIX) as made:
            made.bind(os.path.relpath(path))
    if (command, kind) == ("check", "folder"):
        return
    ran = drive(command, path)
    assert ran.code in ((Exit.FOUND, Exit.INPUT) if command == "check" else (Exit.INPUT,))
    assert len(ran.told) == 1
    assert b"Traceback" not in ran.err


@POSIX
@pytest.mark.parametrize("command", ["eval", "report"])
def test_a_file_without_end_is_given_up(drive: Driver, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """eval read /dev/zero until the memory was full."""
    monkeypatch.setattr("catalog_route.evaluating.MAX_BYTES", 1_000_000)
    monkeypatch.setattr("catalog_route.reports.source.MAX_BYTES", 1_000_000)
    ran = drive(command, "/dev/zero")
    assert ran.code == Exit.INPUT
    assert len(ran.told) <= 2


@POSIX
def test_a_folder_on_standard_input_is_no_fault_of_the_output(drive: Driver) -> None:
    """It was told as "cannot write the answer"."""
    from driving import Faults

    ran = drive("-", stdin=b"x", faults=Faults(1, IsADirectoryError(21, "Is a directory")))
    assert (ran.code, ran.told) == (Exit.INPUT, ["catalog-route: the input cannot be read: Is a directory"])


def test_words_that_look_like_options_are_text_behind_two_dashes(drive: Driver) -> None:
    for text in ("--help", "-", "-o x", "--json"):
        ran = drive("route", "--", text) if text != "-" else drive("route", "--", "-", stdin=b"-")
        assert ran.code == Exit.ANSWERED
        assert ran.out.startswith(f"text: {text}\n".encode())
