"""A call starts fast: it imports, builds and collects nothing that it does not use. Held by structure, and loosely by time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field, fields, replace
from pathlib import Path
from typing import Any

import pytest
import typer

from catalog_route.__main__ import HARDLY_USED
from catalog_route.cli import app
from catalog_route.on_demand import on_demand
from catalog_route.record import changed, record

# What no answer needs once the knowledge is kept compiled: checking, YAML, metadata of packages, the view, other commands.
HEAVY = {
    "pydantic", "pydantic_core", "yaml", "importlib.metadata", "email", "zipfile", "csv", "hashlib", "random", "secrets",
    "tempfile", "multiprocessing", "concurrent.futures", "asyncio", "xml", "defusedxml", "openpyxl", "logging", "argparse",
    "catalog_route.loading", "catalog_route.compiling", "catalog_route.yaml_source", "catalog_route.phrases",
    "catalog_route.graph", "catalog_route.checking", "catalog_route.showing", "catalog_route.reporting", "catalog_route.reports",
    "catalog_route.batch", "catalog_route.evaluating", "catalog_route.asking",
}  # fmt: skip
VIEW = {"rich", "catalog_route.rendering", "catalog_route.plain"}
# What Rich brings along only for what the view does not show.
UNSEEN = {"pygments", "markdown_it", "rich.markdown", "rich.syntax", "rich.traceback", "rich.progress", "rich.live"}
ANSWERING = {"catalog_route.router", "catalog_route.matching", "catalog_route.deciding", "catalog_route.advising"}
# What the parser imports for functions that such calls do not use.
PUT_OFF = {*HARDLY_USED, "_posixsubprocess", "bz2", "lzma"}
RUN = """
import gc, sys
from catalog_route.__main__ import main
collected = []
gc.callbacks.append(lambda phase, info: phase == "start" and collected.append(info["generation"]))
try:
    main()
except SystemExit as end:
    code = end.code
import json
print(json.dumps([code, sorted(sys.modules), collected]), file=sys.stderr)
"""
ROUNDS = 7
# The bar of docs/performance.md is 8 on a quiet machine; what is held here is that nobody adds a large library to every call.
TIMES = 12.0


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Byte code and compiled knowledge of these tests, made and settled."""
    folder = tmp_path_factory.mktemp("startup")
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    made = {**kept, "CATALOG_ROUTE_CACHE": str(folder / "cache"), "PYTHONPYCACHEPREFIX": str(folder / "code"), "COLUMNS": "80"}
    ran(made, "route", "--json", "feed issue")
    yield made


def ran(environment: Mapping[str, str], *words: str, **more: str) -> tuple[int, set[str], list[int], str]:
    """Exit code, modules imported, generations that the garbage collector looked through, and stdout of a call."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *words], env={**environment, **more}, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=True, timeout=120,
    )  # fmt: skip
    code, modules, collected = json.loads(done.stderr.splitlines()[-1])
    return int(code), set(modules), collected, done.stdout


# --- nothing is imported that the path does not use


@pytest.mark.parametrize("text", ["feed issue", "case re-opened 4 times, flat file rejected with 8541", "hello"])
def test_an_answer_as_json_needs_no_checking_no_yaml_and_no_view(environment: dict[str, str], text: str) -> None:
    code, modules, _, out = ran(environment, "route", "--json", text)
    assert (code, json.loads(out)["text"]) == (0, text)
    assert modules & (HEAVY | VIEW | PUT_OFF) == set()
    assert modules >= ANSWERING


def test_an_answer_in_a_pipe_needs_no_rich(environment: dict[str, str]) -> None:
    code, modules, _, out = ran(environment, "feed issue")
    assert (code, out.startswith("text: feed issue\n")) == (0, True)
    assert modules & (HEAVY | {"rich", "catalog_route.rendering"}) == set()


def test_the_view_of_a_terminal_takes_only_what_it_shows_from_rich(environment: dict[str, str]) -> None:
    code, modules, _, out = ran(environment, "route", "--color", "always", "feed issue")
    assert (code, "feed issue" in out) == (0, True)
    assert modules & (HEAVY - {"random"} | UNSEEN) == set()
    assert "rich" in modules


@pytest.mark.parametrize("words", [("--version",), ("--help",), ("route", "--help"), ("--show-completion", "bash")])
def test_who_asks_for_no_answer_loads_nothing_that_answers(environment: dict[str, str], words: tuple[str, ...]) -> None:
    code, modules, _, out = ran(environment, *words)
    assert (code, bool(out.strip())) == (0, True)
    assert modules & (HEAVY | VIEW | ANSWERING) == set()


def test_the_version_needs_nothing_that_is_put_off(environment: dict[str, str]) -> None:
    assert ran(environment, "--version")[1] & PUT_OFF == set()


def test_completion_loads_nothing_that_answers(environment: dict[str, str]) -> None:
    words = {"COMP_WORDS": "catalog-route ba", "COMP_CWORD": "1", "_CATALOG_ROUTE_COMPLETE": "complete_bash"}
    _, modules, _, out = ran(environment, **words)
    assert out.split() == ["batch"]
    assert modules & (HEAVY | VIEW | ANSWERING) == set()


def test_importing_the_package_imports_nothing_else_of_it(environment: dict[str, str]) -> None:
    code = "import sys, catalog_route; print([name for name in sys.modules if name.startswith('catalog_route.')])"
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


# --- nothing is built that was not asked for


class Probe:
    """Notes which commands are built."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.built: list[str] = []
        real = typer.main.get_command_from_info

        def noted(info: Any, **how: Any) -> Any:
            made = real(info, **how)
            self.built.append(str(made.name))
            return made

        patch.setattr(typer.main, "get_command_from_info", noted)


def test_only_the_command_that_is_asked_for_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    probe = Probe(monkeypatch)
    command = on_demand(app)
    assert probe.built == []
    assert command.commands["show"] is command.commands["show"]
    assert probe.built == ["show"]
    with pytest.raises(KeyError):
        command.commands["nonsense"]


def test_built_alone_every_command_is_as_in_the_whole_application() -> None:
    whole: Any = typer.main.get_command(app)
    lazy = on_demand(app)
    assert list(lazy.commands) == list(whole.commands)
    assert len(lazy.commands) == len(whole.commands)
    for one, two in [(whole, lazy), *((whole.commands[name], lazy.commands[name]) for name in lazy.commands)]:
        first, second = (command.make_context("x", [], resilient_parsing=True) for command in (one, two))
        assert one.get_help(first) == two.get_help(second)
        assert [param.name for param in one.get_params(first)] == [param.name for param in two.get_params(second)]


# --- time


def test_the_garbage_collector_rests_while_a_call_runs(environment: dict[str, str]) -> None:
    """By itself it would look through everything a hundred times."""
    assert len(ran(environment, "route", "--json", "feed issue")[2]) <= 2


@pytest.mark.skipif(not hasattr(os, "posix_spawn"), reason="the time of one process is told by posix systems only")
def test_a_call_takes_a_small_multiple_of_a_bare_interpreter(environment: dict[str, str]) -> None:
    """Processor time, the least of several rounds in turn: what else runs on the machine hardly counts."""
    main = "from catalog_route.__main__ import main; main()"
    commands = (["-c", "pass"], ["-c", main, "route", "--json", "feed issue"])
    rounds = [[spent(words, environment) for words in commands] for _ in range(ROUNDS)]
    bare, call = (min(times) for times in zip(*rounds, strict=True))
    assert call < TIMES * bare, rounds


def spent(words: list[str], environment: dict[str, str]) -> float:
    """Seconds of processor of one process."""
    nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    process = os.posix_spawn(sys.executable, [sys.executable, *words], environment, file_actions=nowhere)
    _, status, used = os.wait4(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return used.ru_utime + used.ru_stime


def test_the_entry_point_is_the_light_one() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["scripts"] == {"catalog-route": "catalog_route.__main__:main"}


# --- records


def a_record() -> type:
    @record
    class Point:
        """A place."""

        x: int
        y: int = 2
        marks: list[str] = field(default_factory=list)

    return Point


def test_threads_that_ask_for_the_fields_of_a_record_at_once_get_the_same() -> None:
    for _ in range(20):
        kind = a_record()
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(fields, [kind] * 8))
        assert {tuple(part.name for part in each) for each in found} == {("x", "y", "marks")}
        assert found[0][1].default == 2
        assert found[0][2].default_factory is list
        assert kind(1) == kind(1, 2, [])


def test_whoever_waited_for_the_fields_of_a_record_gets_those_that_were_made() -> None:
    kind = a_record()
    waiting = kind.__dict__["__dataclass_fields__"]
    made = fields(kind)
    assert tuple(waiting.__get__(None, kind).values()) == made
    assert fields(kind) == made


def test_a_changed_record_is_another_one_with_the_other_values() -> None:
    point = a_record()(1)
    other = changed(point, y=5)
    assert (other.x, other.y, other.marks) == (1, 5, [])
    assert point.y == 2
    assert other == replace(point, y=5)
    with pytest.raises(TypeError, match="Point has no field z"):
        changed(point, z=1)
