"""`catalog-route` from outside, one command at a time: what each word and option does, and what is said about misuse."""

from __future__ import annotations

import json
import runpy
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer

import catalog_route
from catalog_route import Knowledge, Router
from catalog_route.arguments import usage_fault
from catalog_route.schemas import KINDS
from catalog_route.terminal import Exit
from driving import Driver

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "words",
    [
        ["feed issue"],
        ["feed", "issue"],
        ["route", "feed issue"],
        ["route", "feed", "issue"],
        ["--", "feed", "issue"],
        ["feed issue", "--color", "never"],
        ["--color", "never", "feed issue"],
        ["--color=never", "feed", "issue"],
        ["--color", "never", "route", "feed issue"],
    ],
)
def test_words_are_the_text_wherever_they_stand(drive: Driver, words: list[str]) -> None:
    assert drive(*words).out == drive("route", "--", "feed issue").out


@pytest.mark.parametrize("words", [[], ["-"], ["--color", "never"], ["route", "-"], ["route"]])
def test_without_words_the_text_comes_from_the_pipe(drive: Driver, words: list[str]) -> None:
    assert drive(*words, stdin=b"feed issue").out == drive("feed issue").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["draft"], 'catalog-route: "draft" is kept for a later command; taken as text'),
        (["shwo"], 'catalog-route: taken as text; did you mean the command "show"?'),
    ],
)
def test_a_word_that_could_be_a_command_is_text_and_that_is_said(drive: Driver, words: list[str], told: str) -> None:
    ran = drive(*words)
    assert (ran.code, ran.told) == (Exit.ANSWERED, [told])


@pytest.mark.parametrize(
    "words",
    [
        ["--tried", "nobody", "feed issue"],
        ["--account", "both", "feed issue"],
        ["--reopened", "many", "feed issue"],
        ["--nothing", "feed issue"],
        ["show", "nothing-of-that-name"],
        ["schema", "nothing"],
        ["schema"],
        ["batch"],
        ["--reopened", "-1", "feed issue"],
        ["show", "a", "b"],
    ],
)
def test_misuse_is_one_line_and_exit_2(drive: Driver, words: list[str]) -> None:
    ran = drive(*words)
    assert (ran.code, ran.out, len(ran.told)) == (Exit.USAGE, b"", 1)
    assert ran.told[0].startswith("catalog-route: ")


@pytest.mark.parametrize("words", [[], ["route"], ["--json"]])
def test_on_a_terminal_nothing_is_waited_for_in_silence(drive: Driver, words: list[str]) -> None:
    ran = drive(*words, typed=True)
    assert (ran.code, ran.out) == (Exit.USAGE, b"")
    assert ran.err


def test_a_text_may_be_typed_when_that_is_asked_for(drive: Driver) -> None:
    ran = drive("-", stdin=b"feed issue\n", typed=True)
    assert ran.code == Exit.ANSWERED
    assert ran.told == ["reading the text from the terminal; end it with Ctrl-D"]


@pytest.mark.parametrize("stdin", [b"", b" \n\t"])
def test_an_empty_pipe_is_no_text(drive: Driver, stdin: bytes) -> None:
    assert drive(stdin=stdin).code == Exit.USAGE


def test_what_is_told_beside_the_text_counts(drive: Driver) -> None:
    ran = drive(
        "--json",
        "--reopened",
        "4",
        "--contacts",
        "2",
        "--ticket-days",
        "9",
        "--tried",
        "captive",
        "--account",
        "seller",
        "--brand-registered",
        "flat file rejected",
    )
    case = json.loads(ran.out)["case"]
    assert [case[name] for name in ("reopened", "contacts", "ticket_days", "tried", "account", "brand_registered")] == [
        4, 2, 9, ["captive"], "seller", True,
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), [("asdf", Exit.UNCLEAR), ("feed issue", Exit.ANSWERED)])
def test_an_unclear_answer_can_be_an_exit_code(drive: Driver, text: str, code: int) -> None:
    assert drive("--exit-code", text).code == code
    assert drive(text).code == Exit.ANSWERED


@pytest.mark.parametrize("color", ["always", "never", "auto"])
@pytest.mark.parametrize("terminal", [False, True])
def test_the_layout_follows_the_terminal_and_the_option(
    drive: Driver, monkeypatch: pytest.MonkeyPatch, color: str, terminal: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    for words in (["feed issue"], ["show", "ert"], ["report", str(ROOT / "docs/samples/processing-report.txt")]):
        out = drive(*words, "--color", color, terminal=terminal).out.decode()
        laid_out = color == "always" or terminal
        assert (": " in out.splitlines()[0] and not out.startswith(" ")) is not laid_out
        assert ("\x1b[" in out) is (laid_out and color != "never")


@pytest.mark.parametrize("what", KINDS)
def test_schemas_are_json_schemas(drive: Driver, what: str) -> None:
    schema = json.loads(drive("schema", what).out)
    draft = "http://json-schema.org/draft-07/schema#" if what == "data" else "https://json-schema.org/draft/2020-12/schema"
    assert schema["$schema"] == draft
    assert schema["properties"]
    assert not any(name.endswith("_") for name in schema["properties"])


def test_entries_are_shown_as_json(drive: Driver) -> None:
    assert json.loads(drive("show", "ert", "--json").out)["id"] == "ert"


def test_the_check_tells_lines_or_json(drive: Driver, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("nothing: 1\n", encoding="utf-8")
    for words in (["check", str(tmp_path)], ["check", "--data", str(tmp_path)]):
        ran = drive(*words)
        assert ran.code == Exit.FOUND
        assert ran.told == ["found 1 error; not looked at any further: put these right first"]
        document = json.loads(drive(*words, "--json").out)
        assert len(document) == len(ran.out.splitlines())
        assert document[0]["line"] == 1


def test_the_version_names_program_and_knowledge(drive: Driver) -> None:
    ran = drive("--version")
    assert ran.code == Exit.ANSWERED
    assert ran.out.decode().startswith(f"catalog-route {catalog_route.__version__} (knowledge ")


def test_it_runs_as_a_module(drive: Driver, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name, module in (("__main__", "catalog_route.__main__"), ("__main__", "catalog_route.cli")):
        monkeypatch.setattr(sys, "argv", ["catalog-route", "schema", "brief"])
        monkeypatch.delitem(sys.modules, "catalog_route.cli" if module.endswith("cli") else module, raising=False)
        with pytest.raises(SystemExit) as end:
            runpy.run_module(module, run_name=name)
        assert end.value.code == Exit.ANSWERED
        assert json.loads(capsys.readouterr().out)["title"] == "Brief"


def test_importing_it_as_a_module_runs_nothing() -> None:
    line = [sys.executable, "-c", "import catalog_route.__main__ as start; print(callable(start.main))"]
    assert subprocess.run(line, capture_output=True, text=True, timeout=60, check=True).stdout == "True\n"


def test_what_the_package_offers_is_there_and_nothing_else() -> None:
    for name in catalog_route.__all__:
        assert getattr(catalog_route, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = catalog_route.nothing


def test_ctrl_c_as_the_parser_tells_it_is_exit_130() -> None:
    class Abort(Exception):  # noqa: N818 - the parser's name
        pass

    assert usage_fault(Abort()) == ("stopped", Exit.INTERRUPTED)
    assert usage_fault(KeyError()) is None


def test_a_fault_without_a_command_is_told_without_its_help() -> None:
    assert usage_fault(typer.BadParameter("5 is not a valid int.")) == ("Invalid value: 5 is not a whole number", Exit.USAGE)


# --- questions


def test_a_question_is_answered_by_its_number_or_in_words(drive: Driver, router: Any) -> None:
    """The prompt stood on stdout, in the middle of the JSON."""
    asked = router.route("asdf").questions
    assert asked
    meant = router.known.questions[asked[0].id].answers[asked[0].answers[0]]
    told = {
        typed: json.loads(drive("--ask", "--json", "asdf", stdin=typed.encode(), typed=True, terminal=True).out)
        for typed in ("1\n", "\n", "", "feed issue\n", "99\n")
    }
    assert {document["text"] for document in told.values()} == {"asdf"}
    assert told["1\n"]["answers"] == [meant]
    assert told["feed issue\n"]["answers"] == ["feed issue"]
    assert told["\n"]["answers"] == told[""]["answers"] == told["99\n"]["answers"] == []


def test_nothing_is_asked_away_from_a_terminal(drive: Driver) -> None:
    for ran in (drive("--ask", "asdf", terminal=True), drive("--ask", "asdf", typed=True)):
        assert ran.told == ["--ask needs a terminal; answered without asking"]


@pytest.mark.parametrize("more", [[], ["--json"], ["--why"]])
def test_a_draft_that_cannot_be_written_is_not_passed_over_in_silence(drive: Driver, more: list[str]) -> None:
    """--draft on an unclear text gave nothing and said nothing."""
    ran = drive("--draft", *more, "asdf")
    assert (ran.code, ran.told) == (Exit.ANSWERED, ["no draft: the problem is not clear yet"])
    assert drive("--draft", *more, "feed issue").told == []


def test_without_a_draft_in_the_knowledge_that_is_said(known: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    drive = Driver(Router(replace(known, drafts={})), monkeypatch)
    assert drive("--draft", "feed issue").told == ["no draft: there is none for this"]


def test_a_final_no_gets_no_case_text_and_the_reason(drive: Driver) -> None:
    ran = drive("--draft", "wrong category; they answered that no further action will be taken")
    assert b"Subject:" not in ran.out
    assert any(line.startswith("no draft: ") and "no is final" in line for line in ran.told)
