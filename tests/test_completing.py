"""The Tab key: typed for real in the shells that are here, asked as a shell asks for the one that is not."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from calling import command_in, surroundings
from catalog_route import Knowledge
from catalog_route.completing import SHELLS, with_route
from catalog_route.showing import LISTS, show

pty = pytest.importorskip("pty", reason="needs a pseudo-terminal, which Windows has not")
try:
    for _handle in pty.openpty():
        os.close(_handle)
except OSError as fault:
    pytest.skip(f"needs a pseudo-terminal: {fault}", allow_module_level=True)

START = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"], "fish": ["fish", "--no-config", "-i"]}
# The lines that docs/cli.md gives for start-up files.
SOURCED = {
    "bash": "source <(catalog-route completion bash)",
    "zsh": "bindkey -e; autoload -Uz compinit; compinit -u -d $HOME/dump; source <(catalog-route completion zsh)",
    "fish": "catalog-route completion fish | source",
}

# What is typed before Tab → the words of the line after it.
TYPED = {
    "catalog-route sho": ["show"],
    "catalog-route show capt": ["show", "captive"],
    "catalog-route show brand-locked-p": ["show", "brand-locked-page"],
    "catalog-route --reop": ["--reopened"],
    "catalog-route --vers": ["--version"],
    "catalog-route 'feed issue' --reop": ["feed issue", "--reopened"],
    "catalog-route --json --tried capt": ["--json", "--tried", "captive"],
    "catalog-route route --color alw": ["route", "--color", "always"],
    "catalog-route schema adv": ["schema", "advice"],
    "catalog-route report --draft 1401": ["report", "--draft", "14016"],
    "catalog-route batch probl": ["batch", "problems.txt"],
    "catalog-route eval logg": ["eval", "logged.jsonl"],
    "catalog-route check know": ["check", "knowledge"],
}  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the command on its path, files to complete, and the knowledge compiled."""
    home = tmp_path_factory.mktemp("home")
    command_in(home / "bin")
    for name in ("problems.txt", "logged.jsonl"):
        (home / name).touch()
    (home / "knowledge").mkdir()
    run(home, "feed issue")
    return home


def environment(home: Path, **more: str) -> dict[str, str]:
    told = {"HOME": str(home), "TERM": "dumb", "COLUMNS": "200", "LINES": "50", "PATH": command_in(home / "bin"), **more}
    return surroundings(**told)


def run(home: Path, *words: str, **more: str) -> str:
    done = subprocess.run(
        [str(home / "bin" / "catalog-route"), *words], cwd=home, env=environment(home, **more), capture_output=True, text=True,
        timeout=120, check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout


class Shell:
    """A shell at a pseudo-terminal, in which keys are pressed."""

    def __init__(self, name: str, home: Path) -> None:
        self._process, self._handle = pty.fork()
        if not self._process:
            os.chdir(home)
            os.execvpe(START[name][0], START[name], environment(home))
        os.set_inheritable(self._handle, False)
        self._seen = ""
        self._press(f"{SOURCED[name]}\necho rea''dy\n")
        self._wait(r"ready\r?\n")

    def line_after_tab(self, typed: str) -> list[str]:
        """The words of the line when Tab was pressed behind `typed`: printed one by one instead of run."""
        self._press(f"{typed}\t\x01printf '<%s>' \x05; echo '@@'\n")
        found = self._wait(r"<catalog-route>([^\n]*)@@")
        words = re.findall("<([^>]*)>", found)
        return [word.removesuffix("/") for word in words]  # zsh takes the slash behind a folder away again

    def _press(self, keys: str) -> None:
        os.write(self._handle, keys.encode())

    def _wait(self, pattern: str) -> str:
        end = time.monotonic() + 60
        while not (found := re.search(pattern, self._seen)):
            assert select.select([self._handle], [], [], max(0, end - time.monotonic()))[0], self._seen
            self._seen += os.read(self._handle, 4096).decode("utf-8", "replace")
        self._seen = self._seen[found.end() :]
        return found[found.re.groups]

    def close(self) -> None:
        os.close(self._handle)
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)


@pytest.fixture(scope="module")
def shells(place: Path) -> Iterator[Callable[[str], Shell]]:
    started: dict[str, Shell] = {}

    def get(name: str) -> Shell:
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not installed here")
        if name not in started:
            started[name] = Shell(name, place)
        return started[name]

    yield get
    for shell in started.values():
        shell.close()


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("typed", TYPED)
def test_tab_completes_what_was_typed(name: str, typed: str, shells: Callable[[str], Shell]) -> None:
    assert shells(name).line_after_tab(typed) == TYPED[typed]


@pytest.mark.parametrize("name", SOURCED)
def test_line_for_the_start_up_file_is_the_one_of_the_manual(name: str) -> None:
    manual = (Path(__file__).parents[1] / "docs" / "cli.md").read_text(encoding="utf-8").replace("\\|", "|")
    assert f"| `{SOURCED[name].rpartition('; ')[2]}`" in manual


def asked(place: Path, line: str, partial: str) -> list[str]:
    """What PowerShell is offered for a line; its own way of asking, without PowerShell."""
    told = run(
        place, _CATALOG_ROUTE_COMPLETE="complete_powershell", _TYPER_COMPLETE_ARGS=line,
        _TYPER_COMPLETE_WORD_TO_COMPLETE=partial,
    )  # fmt: skip
    return [offer.partition(":::")[0] for offer in told.splitlines() if offer]


@pytest.mark.parametrize(
    ("line", "partial", "offered"),
    [
        ("catalog-route sho", "sho", ["show"]),
        ("catalog-route show adver", "adver", ["advertising"]),
        ("catalog-route --reop", "--reop", ["--reopened"]),
        ("catalog-route 'feed issue' --reop", "--reop", ["--reopened"]),
        ("catalog-route schema ", "", ["advice", "brief", "data"]),
    ],
)
def test_powershell_is_offered_the_same(line: str, partial: str, offered: list[str], place: Path) -> None:
    assert asked(place, line, partial) == offered


def test_every_command_is_offered(place: Path) -> None:
    offered = set(asked(place, "catalog-route ", ""))
    assert offered >= {"route", "show", "batch", "report", "check", "eval", "schema", "completion"}


def test_every_id_that_show_knows_is_offered(place: Path, known: Knowledge) -> None:
    offered = asked(place, "catalog-route show ", "")
    assert {*known.tiers, *known.teams, *known.signals, *known.codes, *known.tips, *known.facts, *LISTS} <= set(offered)
    for ident in offered:
        show(known, ident)


def test_own_knowledge_is_offered(place: Path) -> None:
    """`--data` before the id counts for what is offered."""
    from catalog_route.places import data_dir

    own = place / "own"
    shutil.copytree(data_dir(), own)
    tips = own / "tips.yaml"
    text = tips.read_text(encoding="utf-8")
    first = re.search(r"^  - id: (\S+)", text, re.MULTILINE)
    assert first
    tips.write_text(text.replace(f"- id: {first[1]}\n", "- id: quite-another-name\n", 1), encoding="utf-8")
    assert asked(place, f"catalog-route show --data {own} quite", "quite") == ["quite-another-name"]
    assert asked(place, "catalog-route show quite", "quite") == []


def test_broken_knowledge_offers_nothing_and_says_nothing(place: Path) -> None:
    """A fault printed while a line is typed would land in that line."""
    broken = place / "broken"
    broken.mkdir()
    (broken / "a.yaml").write_text("tiers: [", encoding="utf-8")
    assert asked(place, f"catalog-route show --data {broken} ", "") == []


@pytest.mark.parametrize("shell", SHELLS)
def test_script_names_command_and_variable(shell: str, place: Path) -> None:
    script = run(place, "completion", shell)
    assert "catalog-route" in script
    assert "_CATALOG_ROUTE_COMPLETE" in script


@pytest.mark.parametrize(
    ("line", "cursor", "placed"),
    [
        ("catalog-route\nfeed\nissue\n--j", 3, (["catalog-route", "route", "feed", "issue", "--j"], 4)),
        ("catalog-route\n--json\nshow\ncap", 3, (["catalog-route", "show", "--json", "cap"], 3)),
        ("catalog-route\n--", 1, (["catalog-route", "route", "--"], 2)),
        ("catalog-route\n--vers", 1, (["catalog-route", "--vers"], 1)),
        ("catalog-route\n", 1, (["catalog-route"], 1)),
        ("catalog-route\n\"page isn't sho", 1, (["catalog-route", "page isn't sho"], 1)),
    ],
)
def test_line_gets_the_command_that_running_it_would_give(line: str, cursor: int, placed: tuple[list[str], int]) -> None:
    import shlex

    import typer

    from catalog_route.cli import app

    environ = {"COMP_WORDS": line, "COMP_CWORD": str(cursor)}
    with_route(environ, typer.main.get_command(app))
    assert (shlex.split(environ["COMP_WORDS"]), int(environ["COMP_CWORD"])) == placed


# The same from inside: what a shell asks for is worked out in this process.


def offered(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str, partial: str = "") -> list[str]:
    """What the command prints when PowerShell asks it."""
    from catalog_route import cli

    monkeypatch.setenv("_CATALOG_ROUTE_COMPLETE", "complete_powershell")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", line)
    monkeypatch.setenv("_TYPER_COMPLETE_WORD_TO_COMPLETE", partial)
    for name in ("COMP_WORDS", "COMP_CWORD"):  # both are set by the command; what is not known before would stay behind
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setattr(sys, "argv", ["catalog-route"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code in (None, 0)
    told, said = capsys.readouterr()
    assert said == ""
    return [offer for offer in told.splitlines() if offer]


@pytest.mark.parametrize(
    ("line", "partial", "expected"),
    [
        ("catalog-route show adver", "adver", ["advertising:::"]),
        ("catalog-route --tried outs", "outs", ["outsourced:::"]),
        ("catalog-route report --draft 1401", "1401", ["14016:::"]),
        ("catalog-route batch --to js", "js", ["jsonl::: "]),
        ("catalog-route batch -o x", "x", []),
        ("catalog-route eval x", "x", []),
        ("catalog-route 'an open quote --reop", "--reop", []),
        ('catalog-route "an open quote', '"an', []),
    ],
)
def test_what_is_offered(
    line: str, partial: str, expected: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = offered(monkeypatch, capsys, line, partial)
    assert len(found) == len(expected)
    assert all(offer.startswith(start) for offer, start in zip(found, expected, strict=True))


def test_what_stands_beside_an_offer_is_short_and_harmless(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Quotes, colons and the like would be read by the shell that gets them."""
    for offer in offered(monkeypatch, capsys, "catalog-route show "):
        beside = offer.partition(":::")[2]
        assert len(beside) <= 60
        assert not set(beside) & set("\"'`$:\\\n")


def test_a_fault_in_the_knowledge_offers_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text("tiers: [", encoding="utf-8")
    assert offered(monkeypatch, capsys, f"catalog-route show --data {tmp_path} ") == []


@pytest.mark.parametrize("shell", [*SHELLS, "tcsh"])
def test_script_comes_on_standard_output(shell: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from catalog_route import cli

    monkeypatch.setattr(sys, "argv", ["catalog-route", "completion", shell])
    with pytest.raises(SystemExit) as end:
        cli.main()
    told, said = capsys.readouterr()
    assert (end.value.code == 0) == ("_CATALOG_ROUTE_COMPLETE" in told) == (shell != "tcsh") == (said == "")


def test_a_line_that_no_shell_could_read_is_split_at_its_blanks() -> None:
    from catalog_route.completing import _words

    assert _words('catalog-route "page\\') == ["catalog-route", '"page\\']
    assert _words("catalog-route 'page is") == ["catalog-route", "page is"]
    assert _words("catalog-route \"page isn't") == ["catalog-route", "page isn't"]


def test_install_completion_sets_up_the_shell_that_it_is_called_in(tmp_path: Path, place: Path) -> None:
    """Without a word more: the script lies in the home folder, and the start-up file reads it."""
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed here")
    done = subprocess.run(
        ["bash", "-c", "catalog-route --install-completion; echo $?"], env=environment(place, HOME=str(tmp_path)), cwd=tmp_path,
        capture_output=True, text=True, timeout=60, check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "0"
    assert "_CATALOG_ROUTE_COMPLETE" in (tmp_path / ".bash_completions" / "catalog-route.sh").read_text()
    assert "catalog-route.sh" in (tmp_path / ".bashrc").read_text()
