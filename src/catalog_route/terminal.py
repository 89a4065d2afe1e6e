"""Where output leaves the program: results to stdout, talk to stderr, honest exit codes, nothing acting in between."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from enum import IntEnum
from io import StringIO
from typing import TYPE_CHECKING, Any, NoReturn

from catalog_route.display import soften, visible

if TYPE_CHECKING:
    from rich.console import RenderableType

WIDEST = 100
NARROWEST = 40


class Exit(IntEnum):
    """What the exit codes mean."""

    ANSWERED = 0
    FOUND = 1
    USAGE = 2
    UNCLEAR = 3
    KNOWLEDGE = 4
    INPUT = 5
    OUTPUT = 6
    PIPE = 141
    INTERRUPTED = 130


class Stop(Exception):  # noqa: N818 - it ends the program, it is no error class of a library
    """Ends the command with one line on stderr and an exit code."""

    def __init__(self, message: str, code: Exit) -> None:
        super().__init__(message)
        self.code = code


def fancy(color: str = "auto") -> bool:
    """Whether stdout is a terminal wide enough for the laid-out view."""
    if color == "always":
        return True
    if color == "never" and not _is_terminal():
        return False
    return _is_terminal() and not _dumb() and _width() >= NARROWEST


def _dumb() -> bool:
    return os.environ.get("TERM", "") in ("dumb", "unknown")


def _is_terminal() -> bool:
    forced = os.environ.get("FORCE_COLOR", "").casefold()
    return forced not in ("", "0", "false") or (sys.stdout is not None and sys.stdout.isatty())


def _width() -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns):
        return int(columns)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def unicode_ok() -> bool:
    """Whether stdout can hold the signs of the view."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        "▸✓✗→◂·–~".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def print_view(view: RenderableType, color: str = "auto") -> None:
    """Print a Rich renderable on stdout; markup, emoji and highlighting are off for good."""
    from rich.console import Console

    paper = StringIO()
    plain = color == "never" or (color == "auto" and bool(os.environ.get("NO_COLOR"))) or not _takes_colour()
    console = Console(
        file=paper, markup=False, emoji=False, highlight=False, width=min(_width(), WIDEST), force_terminal=True,
        color_system=None if plain else "standard" if _dumb() else "auto", legacy_windows=False,
    )  # fmt: skip
    console.print(view)
    write("".join(f"{line.rstrip()}\n" for line in paper.getvalue().splitlines()))


def _takes_colour() -> bool:
    if sys.platform != "win32":
        return True
    from catalog_route.windows import takes_colour

    return takes_colour()


def print_lines(lines: Iterable[str]) -> None:
    """Print lines on stdout as they are; what could act must have been made visible before."""
    write("".join(f"{line}\n" for line in lines))


def write(text: str) -> None:
    """Write to stdout; OSError when it is not there."""
    if sys.stdout is None:
        raise OSError("standard output is closed")
    try:
        sys.stdout.write(text)
    except BrokenPipeError as fault:
        raise Stop("", Exit.PIPE) from fault


def say(message: str) -> None:
    """One line of talk on stderr, visible and never failing."""
    if sys.stderr is not None:
        try:
            sys.stderr.write(f"{visible(message)}\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            return


def run(application: Any, arguments: list[str]) -> NoReturn:
    """Run the application and leave with an honest exit code: one line for what is expected, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        soften(stream)
    try:
        code = _outcome(application, arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _silence()
        code = Exit.PIPE
    except OSError as fault:
        say(f"catalog-route: cannot write the answer: {fault.strerror or fault}")
        _silence()
        code = Exit.OUTPUT
    sys.exit(int(code))


def _outcome(application: Any, arguments: list[str]) -> int:
    try:
        code = application(arguments)
    except Stop as stop:
        if str(stop):
            say(f"catalog-route: {stop}")
        if stop.code is Exit.PIPE:
            _silence()
        return stop.code
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Exception as fault:
        from catalog_route.problems import KnowledgeError

        if not isinstance(fault, KnowledgeError):
            raise
        for problem in fault.problems:
            say(str(problem))
        return Exit.KNOWLEDGE
    return code if isinstance(code, int) else Exit.ANSWERED


def _silence() -> None:
    """Point stdout at nothing, so that the interpreter's own last flush cannot fail again."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        return
