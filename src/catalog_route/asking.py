"""Asks, on a terminal, the questions of an unclear or nearly tied answer, and answers again."""

from __future__ import annotations

import sys

from catalog_route.advice import Advice
from catalog_route.case import Told
from catalog_route.display import visible
from catalog_route.router import Router
from catalog_route.terminal import say


def asked(router: Router, advice: Advice, told: Told, *, draft: bool) -> Advice:
    """The advice after the questions of `advice` were put on stderr and answered on stdin; an empty answer skips one."""
    text = advice.text
    for question in advice.questions:
        say(visible(question.text))
        numbered = {str(number): answer for number, answer in enumerate(question.answers, 1)}
        for number, answer in numbered.items():
            say(f"  {number}  {visible(answer)}")
        chosen = _answer()
        if not chosen:
            continue
        meant = router.known.questions[question.id].answers
        text = f"{text}\n{meant.get(numbered.get(chosen, chosen), chosen)}"
    return router.route(text, told, draft=draft) if text != advice.text else advice


def _answer() -> str:
    """One line as it was typed, asked for on stderr: stdout may be a document."""
    say("> ", end="")
    return sys.stdin.readline().strip()
