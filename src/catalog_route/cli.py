"""The command line: parses, calls, prints. What is decided and how it looks is decided elsewhere.

`catalog-route "feed issue"` is `catalog-route route "feed issue"`: `main` puts the command name in front of words that
are no command before Typer sees them, so that everything is parsed once and by one parser.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Literal, Optional

import typer

from catalog_route.terminal import Exit, Stop, fancy, print_lines, print_view, run, say, unicode_ok, write

app = typer.Typer(
    name="catalog-route",
    help="Which of Amazon's catalog support tiers, or which desk beside them, can solve a seller's problem.",
    epilog=(
        "Examples: catalog-route \"feed issue\" | catalog-route --json \"page locked by brand registry\" | "
        "catalog-route show ert. Exit codes: 0 answered (also unclear), 1 check or eval found something, 2 usage, "
        "3 unclear with --exit-code, 4 knowledge broken, 5 input unreadable or records rejected, 6 output not "
        "written, 130 interrupted."
    ),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

RESERVED = ("draft", "cases", "config", "completion", "test", "whatif", "explain", "rules")

DataOption = Annotated[
    Optional[Path],  # noqa: UP007 - Typer reads the annotation at run time
    typer.Option("--data", envvar="CATALOG_ROUTE_DATA", help="Folder with knowledge to use instead of the shipped one."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON only.")]
ColorOption = Annotated[str, typer.Option("--color", help="auto, always or never.", metavar="WHEN")]


def _version(wanted: bool) -> None:
    if wanted:
        from catalog_route.advising import own_version
        from catalog_route.places import data_dir, digest

        write(f"catalog-route {own_version()} (knowledge {digest(data_dir())})\n")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show versions.")] = False,
) -> None:
    """Which of Amazon's catalog support tiers, or which desk beside them, can solve a seller's problem."""


@app.command()
def route(
    text: Annotated[Optional[list[str]], typer.Argument(help='The problem in your words; "-" reads it from a pipe.')] = None,  # noqa: UP007
    as_json: JsonOption = False,
    why: Annotated[bool, typer.Option("--why", help="Show words, needs and sources of everything.")] = False,
    draft: Annotated[bool, typer.Option("--draft", help="Write the case text to send.")] = False,
    reopened: Annotated[Optional[int], typer.Option(min=0, help="How often the case was re-opened.")] = None,  # noqa: UP007
    contacts: Annotated[Optional[int], typer.Option(min=0, help="How many cases or contacts so far.")] = None,  # noqa: UP007
    tried: Annotated[Optional[list[str]], typer.Option(help="A tier that has tried (repeatable).")] = None,  # noqa: UP007
    account: Annotated[Optional[str], typer.Option(help="seller or vendor.", metavar="KIND")] = None,  # noqa: UP007
    brand_registered: Annotated[Optional[bool], typer.Option("--brand-registered/--no-brand-registered", help="Is the brand enrolled?")] = None,  # noqa: UP007,E501
    ticket_days: Annotated[Optional[int], typer.Option(min=0, help="Days a technician ticket has been open.")] = None,  # noqa: UP007
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 3 when unclear.")] = False,
    ask: Annotated[bool, typer.Option("--ask", help="Ask what is unclear, on a terminal.")] = False,
    color: ColorOption = "auto",
    data: DataOption = None,
) -> int:
    """Advise on one problem: who can solve it, why, and how to get there."""
    from catalog_route.asking import asked
    from catalog_route.case import Told
    from catalog_route.router import TextTooLong, router_for

    words = _text(text or [])
    router = router_for(data)
    told = Told(reopened, contacts, ticket_days, _tiers(router.known, tried or []), _account(account), brand_registered)
    try:
        advice = router.route(words, told, draft=draft)
    except TextTooLong as fault:
        raise Stop(str(fault), Exit.INPUT) from fault
    if ask and sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty():
        advice = asked(router, advice, told, draft=draft)
    if as_json:
        write(advice.to_json() + "\n")
    elif fancy(color):
        from catalog_route.rendering import ASCII_MARKS, advice_view

        print_view(advice_view(advice, why=why, marks=None if unicode_ok() else ASCII_MARKS), color)
    else:
        from catalog_route.plain import advice_lines

        print_lines(advice_lines(advice, why=why))
    return Exit.UNCLEAR if exit_code and advice.status == "unclear" else Exit.ANSWERED


@app.command()
def show(
    ident: Annotated[Optional[str], typer.Argument(metavar="[ID]", help="A tier, team, signal, tip, fact or error code.")] = None,  # noqa: UP007
    as_json: JsonOption = False,
    color: ColorOption = "auto",
    data: DataOption = None,
) -> int:
    """Show what is known: the ladder, or one entry with its facts, certainty and sources."""
    from catalog_route import showing
    from catalog_route.router import knowledge_for

    known = knowledge_for(data)
    try:
        sheet = showing.show(known, ident)
    except showing.NotKnown as fault:
        raise Stop(str(fault), Exit.USAGE) from fault
    if as_json:
        import json

        from catalog_route.advice import plain

        write(json.dumps(plain(sheet.entry), indent=2, ensure_ascii=True, allow_nan=False) + "\n")
    elif fancy(color):
        from catalog_route.sheets import sheet_view

        print_view(sheet_view(sheet), color)
    else:
        from catalog_route.plain import sheet_lines

        print_lines(sheet_lines(sheet))
    return Exit.ANSWERED


@app.command()
def check(
    folder: Annotated[Optional[Path], typer.Argument(metavar="[DIR]", help="The knowledge to check; default: what is used.")] = None,  # noqa: UP007
    as_json: JsonOption = False,
    data: DataOption = None,
) -> int:
    """Check knowledge: every fault at once, with file, line and cure."""
    from catalog_route.checking import check_folder

    problems = check_folder(folder or data)
    if as_json:
        import json

        from catalog_route.advice import plain

        write(json.dumps(plain(problems), indent=2, ensure_ascii=True) + "\n")
    else:
        print_lines(str(problem) for problem in problems)
        say(f"{len(problems)} found" if problems else "nothing found")
    return Exit.FOUND if problems else Exit.ANSWERED


@app.command("eval")
def evaluate(
    file: Annotated[Path, typer.Argument(help="Labelled texts: JSON lines with text, label, ok.")],
    as_json: JsonOption = False,
    errors: Annotated[bool, typer.Option("--errors", help="List what was answered wrongly, and by which words.")] = False,
    color: ColorOption = "auto",
    data: DataOption = None,
) -> int:
    """Measure accuracy on labelled texts."""
    from catalog_route.evaluating import measure, read_items
    from catalog_route.figures import figure_lines
    from catalog_route.router import router_for

    items = read_items(file)
    result = measure(router_for(data), items)
    if as_json:
        import json

        write(json.dumps(result.to_dict(), indent=2, ensure_ascii=True, allow_nan=False) + "\n")
    else:
        print_lines(figure_lines(result, errors=errors))
    return Exit.FOUND if result.errors else Exit.ANSWERED


@app.command()
def schema(
    what: Annotated[Literal["advice", "brief", "data"], typer.Argument(help="Which document.")],
) -> int:
    """Print a JSON Schema: of the advice, of a batch record, or of the data files."""
    import json

    from catalog_route.schemas import schema_of

    write(json.dumps(schema_of(what), indent=2, ensure_ascii=True) + "\n")
    return Exit.ANSWERED


def _text(words: list[str]) -> str:
    """The text from the words, or from a pipe; never waits on a terminal without saying so."""
    if words and words != ["-"]:
        return " ".join(words)
    if sys.stdin is None:
        raise Stop("no text given and standard input is closed", Exit.USAGE)
    if sys.stdin.isatty():
        if not words:
            raise Stop('no text given – try: catalog-route "feed issue"', Exit.USAGE)
        say("reading the text from the terminal; end it with Ctrl-D")
    from catalog_route.reading import read_text

    text = read_text(sys.stdin.buffer)
    if not text.strip() and not words:
        raise Stop('no text given – try: catalog-route "feed issue"', Exit.USAGE)
    return text


def _tiers(known: Any, names: list[str]) -> tuple[str, ...]:
    unknown = [name for name in names if name not in known.tiers]
    if unknown:
        raise Stop(f"--tried: no tier {unknown[0]!r} – use one of {', '.join(known.tiers)}", Exit.USAGE)
    return tuple(names)


def _account(kind: str | None) -> str | None:
    if kind not in (None, "seller", "vendor"):
        raise Stop(f"--account: {kind!r} is neither seller nor vendor", Exit.USAGE)
    return kind


def _application(arguments: list[str]) -> Any:
    from catalog_route.arguments import with_command

    command = typer.main.get_command(app)
    return command.main(with_command(arguments, command, RESERVED), prog_name="catalog-route", standalone_mode=False)


def main() -> None:
    """The entry point of the command."""
    run(_guarded, sys.argv[1:])


def _guarded(arguments: list[str]) -> Any:
    """Translate the parser's own exceptions into our exit codes."""
    from catalog_route.arguments import usage_fault

    try:
        return _application(arguments)
    except Exception as fault:
        known = usage_fault(fault)
        if known is None:
            raise
        message, code = known
        raise Stop(message, Exit(code)) from fault


if __name__ == "__main__":
    main()
