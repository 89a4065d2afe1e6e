"""Asks, on a terminal, the questions of an unclear or nearly tied answer, and answers again."""

from __future__ import annotations

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
        for number, answer in enumerate(question.answers, 1):
            say(f"  {number}  {visible(answer)}")
        chosen = _answer()
        if not chosen:
            continue
        meant = router.known.questions[question.id].answers
        if chosen.isdigit() and 0 < int(chosen) <= len(question.answers):
            chosen = meant[question.answers[int(chosen) - 1]]
        text = f"{text}\n{meant.get(chosen, chosen)}"
    return router.route(text, told, draft=draft) if text != advice.text else advice


def _answer() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return ""
