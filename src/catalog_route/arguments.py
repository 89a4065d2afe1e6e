"""Command-line words before the parser sees them: plain text becomes `route TEXT`, and usage faults become one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catalog_route.terminal import Exit, Stop, say

ROOT_OPTIONS = ("-h", "--help", "--version", "--install-completion", "--show-completion")

HELP_IN_SHORT = """\
catalog-route says who in Amazon's support can solve a seller's problem, and how to get there.

  catalog-route "feed issue"                   ask in your own words
  catalog-route report processing-report.txt   explain a report of Amazon's
  catalog-route show ert                       what is known of a tier, a desk, a code

catalog-route --help lists all commands and options."""


def with_command(words: Sequence[str], application: Any, reserved: Sequence[str]) -> list[str]:
    """The words with the command in front, and a word on stderr where they could have meant something else.

    Without words on a terminal: Stop (exit 2) with the help in short.
    """
    words = list(words)
    if not words:
        if _waits():
            for line in HELP_IN_SHORT.splitlines():
                say(line)
            raise Stop("", Exit.USAGE)
        return ["route"]
    made = placed(words, application)
    if made[0] == "route" and made[1:] == words:
        _hint(words, application, reserved)
    return made


def placed(words: list[str], application: Any) -> list[str]:
    """The words with the command in front. A first word that is no option and no command is text for `route`.

    A word with a blank in it is always text; `--` and `-` make text of what follows. Options that stand before a
    command are moved behind it.
    """
    if words[0] in ROOT_OPTIONS:
        return words
    commands = application.commands
    place = _first_word(words, commands["route"]) if words[0].startswith("-") else 0
    first = words[place] if place < len(words) else "--"
    return [first, *words[:place], *words[place + 1 :]] if first in commands else ["route", *words]


def _hint(words: list[str], application: Any, reserved: Sequence[str]) -> None:
    """Say what a first word might have meant when it is nearly, or will be, a command."""
    first = words[0]
    if first in reserved and len(words) == 1:
        say(f'catalog-route: "{first}" is kept for a later command; taken as text')
    elif first.isalpha():
        from difflib import get_close_matches

        near = get_close_matches(first, list(application.commands), n=1, cutoff=0.75)
        if near:
            say(f'catalog-route: taken as text; did you mean the command "{near[0]}"?')


def _first_word(words: list[str], route: Any) -> int:
    """The place of the first word that is neither an option nor an option's value; its end when there is none."""
    flags = {name for param in route.params for name in (*param.opts, *param.secondary_opts) if _takes_no_value(param)}
    at = 0
    while at < len(words):
        word = words[at]
        if word == "--" or word == "-" or not word.startswith("-") or " " in word:
            return len(words) if word == "--" else at
        at += 1 if word in flags or "=" in word else 2
    return at


def _takes_no_value(param: Any) -> bool:
    return bool(getattr(param, "is_flag", False))


def _waits() -> bool:
    """Whether nothing is piped in, so that a call without words asks for help."""
    import sys

    return sys.stdin is None or sys.stdin.isatty()


def usage_fault(fault: BaseException) -> tuple[str, int] | None:
    """Message and exit code of an exception of the parser; None when it is something else."""
    tell = getattr(fault, "format_message", None)
    if tell is None:
        return ("stopped", Exit.INTERRUPTED) if type(fault).__name__ == "Abort" else None
    context = getattr(fault, "ctx", None)
    message = str(tell()).removesuffix(".")
    for jargon, plain in _PLAINER.items():
        message = message.replace(jargon, plain)
    if context is None:
        return message, Exit.USAGE
    hint = f'see "{context.command_path} --help"'
    if message.startswith("Got unexpected extra argument"):
        hint = f'put quotes around a text that begins with "{context.info_name}", or {hint}'
    return f"{message} – {hint}", Exit.USAGE


_PLAINER = {"a valid int range": "a whole number", "a valid integer": "a whole number", "a valid int": "a whole number"}
