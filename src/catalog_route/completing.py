"""What the Tab key offers: values for options and ids, and the command that plain text stands for. Typer talks to the shells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from catalog_route.knowledge import Knowledge

SHELLS = ("bash", "zsh", "fish", "powershell")
VARIABLE = "_CATALOG_ROUTE_COMPLETE"

Offer = tuple[str, str]
Complete = Callable[[typer.Context, str], list[Offer]]


def script(shell: str) -> str:
    """What a shell has to run once so that Tab works; ValueError for a shell that is none of SHELLS."""
    from typer._completion_shared import get_completion_script

    if shell not in SHELLS:
        raise ValueError(f"no completion for {shell!r} – use one of {', '.join(SHELLS)}")
    return get_completion_script(prog_name="catalog-route", complete_var=VARIABLE, shell=shell)


def with_route(environ: MutableMapping[str, str], application: Any) -> None:
    """Put the command into the line that a shell wants completed, as it is put there when the line is run.

    A line that so far holds only the beginning of an option gets `route`, unless the root alone has such an option.
    """
    import shlex

    from catalog_route.arguments import placed

    if "COMP_WORDS" in environ:
        words = _words(environ["COMP_WORDS"])
        at = int(environ.get("COMP_CWORD", "0"))
        before, partial = words[1:at], "".join(words[at : at + 1])
    else:
        line = environ.get("_TYPER_COMPLETE_ARGS", "")
        words = _words(line)
        whole = not words[1:] or line[-1:].isspace()
        before, partial = (words[1:], "") if whole else (words[1:-1], words[-1])
    before = _led(before, partial, application, placed)
    line = shlex.join(["catalog-route", *before])
    environ["COMP_WORDS"] = f"{line} {shlex.quote(partial)}" if partial else line
    environ["COMP_CWORD"] = str(len(before) + 1)
    environ["_TYPER_COMPLETE_ARGS"] = f"{line} {shlex.quote(partial) if partial else ''}"


def _led(before: list[str], partial: str, application: Any, placed: Callable[[list[str], Any], list[str]]) -> list[str]:
    if before:
        return placed(before, application)
    root = [name for param in application.params for name in param.opts]
    own = len(partial) > 2 and any(name.startswith(partial) for name in root)
    return ["route"] if partial.startswith("-") and not own else []


def _words(line: str) -> list[str]:
    """The words of a line as a shell takes them; a quote that is still open ends with the line."""
    import shlex

    for closing in ("", '"', "'"):
        try:
            return shlex.split(line + closing)
        except ValueError:
            continue
    return line.split()


def one_of(*values: str) -> Callable[[str], list[str]]:
    """Offers some words."""
    return lambda incomplete: [value for value in values if value.startswith(incomplete)]


def files(incomplete: str) -> list[str]:
    """Offers nothing of ours, upon which a shell offers its files."""
    return []


def _known(told: Callable[[Knowledge], Iterable[Offer]]) -> Complete:
    """Offers what `told` finds in the knowledge that is in use. Knowledge that cannot be read offers nothing."""

    def offers(context: typer.Context, incomplete: str) -> list[Offer]:
        from catalog_route.router import knowledge_for

        given = context.params.get("data") or ()
        folders = [given] if isinstance(given, (str, Path)) else given
        try:
            every = list(told(knowledge_for(*map(Path, folders))))
        except Exception:  # whatever is wrong, a fault printed here would land in the line that is being typed
            return []
        return [(name, _brief(what)) for name, what in every if name.startswith(incomplete)]

    return offers


_HARMLESS = str.maketrans(":", ",", "\"'`$\\")


def _brief(text: str) -> str:
    """The beginning of a text, for lists beside the line that is typed; quotes and colons mean something to shells."""
    plain = " ".join(text.split()).translate(_HARMLESS)
    return plain if len(plain) <= 60 else f"{plain[:59].rstrip()}…"


def _idents(known: Knowledge) -> Iterator[Offer]:
    from catalog_route.showing import LISTS, every_entry

    yield from ((name, f"all {name}") for name in LISTS)
    yield from every_entry(known)


def _tiers(known: Knowledge) -> Iterator[Offer]:
    return ((tier.id, tier.summary) for tier in known.ladder())


def _codes(known: Knowledge) -> Iterator[Offer]:
    return ((code.code, code.meaning) for code in known.codes.values())


idents = _known(_idents)
tiers = _known(_tiers)
codes = _known(_codes)
