"""`--ask`: questions one by one on a terminal, an answer after each, and never where nobody can answer."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys

import pytest

from catalog_route import Router
from driving import Driver

pty = pytest.importorskip("pty")

COMMAND = [sys.executable, "-m", "catalog_route", "route"]
PROMPT = b"> "


def talk(words: list[str], answers: list[str | None], *, own_stdout: bool = True) -> str:
    """What a terminal shows when the answers are typed at the prompts; None ends the input there."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm", COLUMNS="80", NO_COLOR="1", PYTHONUTF8="1")
        if not own_stdout:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.execv(sys.executable, [*COMMAND, *words])
    shown, waiting = b"", list(answers)
    while select.select([terminal], [], [], 60)[0]:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # Linux says so when the other side has closed
            break
        if not piece:
            break
        shown += piece
        if shown.endswith(PROMPT) and waiting:
            answer = waiting.pop(0)
            os.write(terminal, b"\x04" if answer is None else f"{answer}\n".encode())
    os.waitpid(pid, 0)
    os.close(terminal)
    return shown.decode("utf-8", "replace").replace("\r\n", "\n")


def test_an_answer_by_number_settles_it(router: Router) -> None:
    question = router.known.questions["what-should-be-different"]
    shown = talk(["--ask", "help"], ["1"])
    assert question.text in shown
    assert all(answer in shown for answer in question.answers)
    assert "▸ Catalog Captive Team" in shown
    assert shown.count("> 1\n") == 1


def test_own_words_are_an_answer_too() -> None:
    assert "▸ Brand Registry" in talk(["--ask", "help"], ["the page is locked by Brand Registry"])


def test_a_number_that_is_no_answer_is_asked_again() -> None:
    shown = talk(["--ask", "help"], ["9", "6"])
    assert "there is no answer 9" in shown
    assert "▸ Advertising support" in shown


def test_an_empty_answer_skips_to_the_next_question(router: Router) -> None:
    shown = talk(["--ask", "help"], ["", ""])
    first, second = (q.text for q in list(router.known.questions.values())[:2])
    assert shown.index(first) < shown.index(second)
    assert "▸ unclear" in shown


def test_end_of_input_ends_the_asking(router: Router) -> None:
    shown = talk(["--ask", "help"], [None])
    assert "▸ unclear" in shown
    assert shown.count("number or own words") == 1


def test_what_is_answered_is_not_put_into_the_sellers_mouth() -> None:
    """Neither what was chosen nor what was typed comes back as a fact of the case."""
    shown = talk(["--ask", "--draft", "my title"], ["1"])
    case = shown[shown.index("Subject: ") :]
    assert "Please [the one change you want]." in case
    assert not re.search("saved|my title", case)


def test_a_clear_text_is_not_asked_about() -> None:
    assert "number or own words" not in talk(["--ask", "feed issue"], [])


def test_nothing_is_asked_when_the_answer_goes_elsewhere() -> None:
    shown = talk(["--ask", "help"], [], own_stdout=False)
    assert "--ask needs a terminal" in shown
    assert "number or own words" not in shown


@pytest.mark.parametrize("words", [["help"], ["--json", "help"], ["-"]])
def test_nothing_is_asked_without_a_terminal(words: list[str]) -> None:
    done = subprocess.run(
        [*COMMAND, "--ask", *words], input="help\n", capture_output=True, text=True, timeout=60, check=False, encoding="utf-8"
    )
    assert done.returncode == 0
    assert "--ask needs a terminal; answered without asking" in done.stderr
    assert "number or own words" not in done.stderr
    assert "unclear" in done.stdout


def test_answers_count_like_words_and_stay_out_of_the_draft(router: Router) -> None:
    advice = router.route("my title", draft=True, answers=("I saved the change days ago and the page still shows the old text",))
    assert advice.recommended is not None
    assert advice.recommended.id == "captive"
    assert advice.confidence == "high"
    assert advice.draft is not None
    assert not re.search("saved|my title", advice.draft.body)
    assert advice.text == "my title"
    assert advice.answers == ("I saved the change days ago and the page still shows the old text",)
    assert advice.findings[0].by == "answer"
    assert advice.findings[0].seen == ()
    for finding in advice.findings:
        assert all(advice.text[seen.start : seen.end] == seen.text for seen in finding.seen)


def test_no_more_is_asked_than_somebody_would_answer(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_route.asking.MOST_ASKED", 1)
    ran = drive("--ask", "help", stdin=b"\n\n\n", typed=True, terminal=True)
    assert ran.err.decode().count("number or own words") == 1
    assert b"unclear" in ran.out


# What nobody told: a state of an account, a code, an upload, a save.
INVENTED = {
    "deactivated": "deactivat|suspend",
    "an appeal": "appeal",
    "a code": r"\d{3,}|error",
    "a flat file": "flat file|processing report",
    "a save": "sav",
    "counterfeits": "counterfeit",
    "a reimbursement": "reimburs",
    "a title": "title",
}


def test_an_answer_came_back_as_more_than_was_chosen(router: Router) -> None:
    """The words that an answer is read by name nothing that the answer itself does not name."""
    for question in router.known.questions.values():
        for answer, meant in question.answers.items():
            for what, words in INVENTED.items():
                if re.search(words, meant, re.IGNORECASE):
                    assert re.search(words, answer, re.IGNORECASE), (question.id, answer, what)


def test_a_wrong_page_was_read_as_a_save_that_does_not_show(router: Router) -> None:
    question = router.known.questions["what-should-be-different"]
    advice = router.route("help", draft=True, answers=(question.answers["the product page shows something wrong"],))
    assert advice.recommended is not None
    assert advice.recommended.id == "captive"
    assert [found.signal for found in advice.findings] == ["catalog-other"]
    assert advice.draft is not None
    assert "saved" not in advice.draft.body
