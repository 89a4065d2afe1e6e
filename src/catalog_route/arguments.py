"""Command-line words before the parser sees them: plain text becomes `route TEXT`, and usage faults become one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catalog_route.terminal import Exit, say

ROOT_OPTIONS = ("-h", "--help", "--version", "--install-completion", "--show-completion")


def with_command(words: Sequence[str], application: Any, reserved: Sequence[str]) -> list[str]:
    """The words with the command in front. A first word that is no option and no command is text for `route`.

    A word with a blank in it is always text; `--` and `-` make text of what follows. Options that stand before a
    command are moved behind it.
    """
    words = list(words)
    if not words:
        return words if _waits() else ["route"]
    if words[0] in ROOT_OPTIONS:
        return words
    commands = application.commands
    place = _first_word(words, commands["route"])
    first = words[place] if place < len(words) else "--"
    if first in commands:
        return [first, *words[:place], *words[place + 1 :]]
    if first in reserved and len(words) == 1:
        say(f'catalog-route: "{first}" is kept for a later command; taken as text')
    elif " " not in first and first.isalpha() and len(words) == 1:
        from difflib import get_close_matches

        near = get_close_matches(first, list(commands), n=1, cutoff=0.75)
        if near:
            say(f'catalog-route: taken as text; did you mean the command "{near[0]}"?')
    return ["route", *words]


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
    if type(fault).__name__ == "NoArgsIsHelpError":
        return str(tell()), Exit.USAGE
    hint = f' – see "{context.command_path} --help"' if context is not None else ""
    return f"{tell()}{hint}", Exit.USAGE
