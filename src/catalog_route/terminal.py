"""Where output leaves the program: results to stdout, talk to stderr, honest exit codes, nothing acting in between."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterable
from enum import IntEnum
from io import StringIO
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from catalog_route.display import one_line, soften, visible

if TYPE_CHECKING:
    from rich.console import RenderableType

WIDEST = 100
NARROWEST = 40
# Set to anything, it shows where a fault of the program came from.
DEBUG = "CATALOG_ROUTE_DEBUG"
SHOWN_FAULT = 200
# What opening files and starting processes can fail with, and writing to an open stream does not.
_SCARCE = (errno.EMFILE, errno.ENFILE, errno.ENOMEM)

_COLOUR = re.compile(r"(\x1b\[[0-9;]*m)")
_TAIL = re.compile(r"(?: |\x1b\[[0-9;]*m)+\Z")
_SIZE = re.compile(r"[0-9]{1,6}\Z")


class Exit(IntEnum):
    """What the exit codes mean."""

    ANSWERED = 0
    FOUND = 1
    USAGE = 2
    UNCLEAR = 3
    KNOWLEDGE = 4
    INPUT = 5
    OUTPUT = 6
    FAULT = 70
    INTERRUPTED = 130
    PIPE = 141


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
    if _SIZE.match(columns) and int(columns):
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
    """Print a Rich renderable on stdout; markup, emoji and highlighting are off for good.

    No line ends in blanks. Lines that the renderable leaves longer than the terminal stay whole.
    """
    from rich.console import Console

    paper = StringIO()
    plain = color == "never" or (color == "auto" and bool(os.environ.get("NO_COLOR"))) or not _takes_colour()
    console = Console(
        file=paper, markup=False, emoji=False, highlight=False, width=min(_width(), WIDEST), force_terminal=True,
        color_system=None if plain else "standard" if _dumb() else "auto", legacy_windows=False,
    )  # fmt: skip
    console.print(view, crop=False)
    write("".join(f"{_only_colours(_without_tail(line))}\n" for line in paper.getvalue().split("\n")[:-1]))


def _without_tail(line: str) -> str:
    """A line of Rich without the blanks at its end; the colours there stay."""
    return _TAIL.sub(lambda tail: tail[0].replace(" ", ""), line)


def _only_colours(line: str) -> str:
    """A line that Rich made, with nothing left in it that acts but the colours."""
    return "".join(part if _COLOUR.match(part) else visible(part) for part in _COLOUR.split(line))


def _takes_colour() -> bool:
    if sys.platform != "win32":
        return True
    from catalog_route.windows import takes_colour

    return takes_colour()


def print_lines(lines: Iterable[str]) -> None:
    """Print each on one line of stdout, visible: whatever it holds can neither act nor pass for another line."""
    write("".join(f"{visible(line, line_ends=True)}\n" for line in lines))


def write(text: str) -> None:
    """Write to stdout. Stop when its reader has gone away, or when it takes nothing more."""
    try:
        sys.stdout.write(text)
    except BrokenPipeError as fault:
        raise Stop("", Exit.PIPE) from fault
    except OSError as fault:
        raise Stop(_no_output(fault), Exit.OUTPUT) from fault


def write_document(text: str) -> None:
    """Write a document of any characters to stdout: in UTF-8 whatever its encoding is; on a terminal visible and in its own."""
    if sys.stdout is not None and sys.stdout.isatty():
        write(visible(text))
        return
    _reconfigure(sys.stdout, encoding="utf-8", errors="backslashreplace")
    write(text)


def _reconfigure(stream: TextIO | None, **settings: Any) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(**settings)


def say(message: str, *, lines: bool = False, end: str = "\n") -> None:
    """One line of talk on stderr, or several `lines`; visible and never failing."""
    if sys.stderr is not None:
        try:
            sys.stderr.write(f"{visible(message, line_ends=not lines)}{end}")
            sys.stderr.flush()
        except (OSError, ValueError, MemoryError):
            _silence(sys.stderr)


def run(application: Any, arguments: list[str]) -> NoReturn:
    """Run the application and leave with an honest exit code: one line for what goes wrong, never a traceback."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        soften(stream)
    _reconfigure(sys.stdout, newline="\n")  # Windows would end lines otherwise
    for size in ("COLUMNS", "LINES"):
        if not _SIZE.match(os.environ.get(size, "0")):
            del os.environ[size]  # Rich and others fail on digits that make no number, such as a superscript two
    sys.exit(int(_outcome(application, arguments)))


def _outcome(application: Any, arguments: list[str]) -> int:
    try:
        if sys.stdout is None:
            raise Stop(_no_output("standard output is closed"), Exit.OUTPUT)
        code = application(arguments)
        sys.stdout.flush()
        return code if isinstance(code, int) else Exit.ANSWERED
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Exception as fault:
        try:
            return _told(fault)
        except KeyboardInterrupt:
            return Exit.INTERRUPTED
    finally:
        _flushed()


def _told(fault: Exception) -> int:
    """Say what ended the program, and give its exit code."""
    from catalog_route.problems import KnowledgeError

    match fault:
        case Stop():
            if str(fault):
                say(f"catalog-route: {fault}")
            return fault.code
        case KnowledgeError():
            for problem in fault.problems:
                say(str(problem))
            return Exit.KNOWLEDGE
        case BrokenPipeError():
            return Exit.PIPE
        case OSError(filename=None, errno=number) if number in _SCARCE:
            say(f"catalog-route: the system refuses what is needed: {fault.strerror}")
            return Exit.FAULT
        case OSError(filename=None):
            say(f"catalog-route: {_no_output(fault)}")
            return Exit.OUTPUT
        case OSError():
            say(f"catalog-route: {fault.filename}: {fault.strerror or fault}")
            return Exit.INPUT
    return _last_resort(fault)


def _no_output(why: object) -> str:
    return f"cannot write the answer: {getattr(why, 'strerror', None) or why}"


def _last_resort(fault: Exception) -> int:
    """One line for what nobody foresaw. It holds nothing of the code; DEBUG adds where it came from."""
    what = one_line(f"{type(fault).__name__}: {fault}", SHOWN_FAULT)
    more = f" ({DEBUG}=1 shows more)"
    if os.environ.get(DEBUG):
        from traceback import format_exception

        say("".join(format_exception(fault)).rstrip("\n"), lines=True)
        more = ""
    say(f"catalog-route: a fault of the program, please report it: {what}{more}")
    return Exit.FAULT


def _flushed() -> None:
    """Leave nothing behind that the interpreter's own last flush could fail on: that would change the exit code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            _silence(stream)


def _silence(stream: TextIO) -> None:
    """Point a stream at nothing."""
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
    except (OSError, ValueError, AttributeError):
        return
