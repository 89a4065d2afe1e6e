"""Asks, on a terminal, the questions of an unclear or nearly tied answer one by one, and answers again after each."""

from __future__ import annotations

import sys

from catalog_route.advice import Advice, QuestionEntry
from catalog_route.case import Told
from catalog_route.display import visible
from catalog_route.router import Router
from catalog_route.terminal import say

MOST_ASKED = 4


def asked(router: Router, advice: Advice, told: Told, *, draft: bool) -> Advice:
    """The advice after its questions were put on stderr and answered on stdin, until it is clear; empty answers skip one.

    What is answered counts like words of the seller, but is never taken for hers in the case text.
    """
    typed, answers, done = advice.text, list[str](), set[str]()
    while len(done) < MOST_ASKED:
        question = next((each for each in advice.questions if each.id not in done), None)
        if question is None:
            break
        done.add(question.id)
        meant = _answer(router, question)
        if meant is None:
            break
        if meant:
            answers.append(meant)
            advice = router.route(typed, told, draft=draft, answers=tuple(answers))
    return advice


def _answer(router: Router, question: QuestionEntry) -> str | None:
    """What the seller means: the text of the answer chosen by number or words, or her own words; None ends the asking."""
    numbered = {str(number): answer for number, answer in enumerate(question.answers, 1)}
    say("")
    say(visible(question.text))
    for number, answer in numbered.items():
        say(f"  {number}  {visible(answer)}")
    say("number or own words; Enter skips, Ctrl-D ends")
    chosen = _line()
    while chosen and chosen not in numbered and chosen.isascii() and chosen.isdigit():
        say(f"there is no answer {chosen}")
        chosen = _line()
    if chosen is None:
        say("")
        return None
    answer = numbered.get(chosen, chosen)
    return router.known.questions[question.id].answers.get(answer, answer)


def _line() -> str | None:
    """One line as it was typed, asked for on stderr: stdout may be a document. None at the end of the input."""
    say("> ", end="")
    line = sys.stdin.readline()
    return line.strip() if line else None
