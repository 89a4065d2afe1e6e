"""The command line: parses, calls, prints. What is decided and how it looks is decided elsewhere.

`catalog-route "feed issue"` is `catalog-route route "feed issue"`: `main` puts the command name in front of words that
are no command before Typer sees them, so that everything is parsed once and by one parser.
"""

# Without `annotations` from __future__: Typer reads them at each start, and as text each would have to be compiled.

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalog_route import options as opt
from catalog_route.completing import VARIABLE
from catalog_route.terminal import Exit, Stop, fancy, print_lines, print_view, run, say, unicode_ok, write

# \b keeps the parser from joining the lines of a paragraph.
EPILOG = """\b
Examples:
  catalog-route "feed issue"
  catalog-route --json "page locked by Brand Registry"
  catalog-route report processing-report.txt
  catalog-route show ert

\b
Exit codes:
  0  answered, also with "unclear"     4  the knowledge is broken
  1  check or eval found something     5  input unreadable, records rejected
  2  wrong use                         6  the answer could not be written
  3  unclear, with --exit-code only    70 a fault of the program
  130 interrupted                      141 the reader of the pipe went away"""

app = typer.Typer(
    name="catalog-route",
    help="Which of Amazon's catalog support tiers, or which desk beside them, can solve a seller's problem.",
    epilog=EPILOG,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

if TYPE_CHECKING:
    from catalog_route.advice import Advice
    from catalog_route.case import Told
    from catalog_route.router import Router

RESERVED = ("draft", "cases", "config", "test", "whatif", "explain", "rules")


def _version(wanted: bool) -> None:
    if wanted:
        from catalog_route import __version__, compiled
        from catalog_route.places import data_dir, digest

        kept = compiled.read(data_dir())
        write(f"catalog-route {__version__} (knowledge {kept.digest if kept else digest(data_dir())})\n")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show versions.")] = False,
) -> None:
    """Which of Amazon's catalog support tiers, or which desk beside them, can solve a seller's problem."""


@app.command(short_help="Who can solve a problem, and how to get there.")
def route(
    text: opt.Words = None, as_json: opt.Json = False, why: opt.Why = False, draft: opt.Draft = False,
    reopened: opt.Reopened = None, contacts: opt.Contacts = None, tried: opt.Tried = None, account: opt.Account = None,
    brand_registered: opt.Registered = None, ticket_days: opt.TicketDays = None, exit_code: opt.ExitCode = False,
    ask: opt.Ask = False, color: opt.Color = "auto", data: opt.Data = None,
) -> int:  # fmt: skip
    """Advise on one problem: who can solve it, why, and how to get there."""
    from catalog_route.case import Told
    from catalog_route.router import TextTooLongError, router_for

    words = _text(text or [])
    router = router_for(*data or ())
    told = Told(reopened, contacts, ticket_days, _tiers(router.known, tried or []), account, brand_registered)
    try:
        advice = router.route(words, told, draft=draft)
        if ask and advice.questions:
            advice = _asked(router, advice, told, draft=draft)
    except TextTooLongError as fault:
        raise Stop(str(fault), Exit.INPUT) from fault
    _print_advice(advice, as_json, why, color)
    if draft and advice.draft is None:
        none = "there is none for this" if advice.recommended else "the problem is not clear yet"
        say(f"no draft: {advice.undrafted or none}")
    return Exit.UNCLEAR if exit_code and advice.status == "unclear" else Exit.ANSWERED


def _asked(router: "Router", advice: "Advice", told: "Told", *, draft: bool) -> "Advice":
    """The advice after its questions were asked; unchanged where nobody sits at a terminal."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    if not all(stream is not None and stream.isatty() for stream in streams):
        say("--ask needs a terminal; answered without asking")
        return advice
    from catalog_route.asking import asked

    return asked(router, advice, told, draft=draft)


def _print_advice(advice: "Advice", as_json: bool, why: bool, color: str) -> None:
    if as_json:
        write(advice.to_json() + "\n")
    elif fancy(color):
        from catalog_route.rendering import ASCII_MARKS, advice_view

        print_view(advice_view(advice, why=why, marks=None if unicode_ok() else ASCII_MARKS), color)
    else:
        from catalog_route.plain import advice_lines

        print_lines(advice_lines(advice, why=why))


@app.command(short_help="What is known of a tier, desk, code or tip.")
def show(ident: opt.Ident = None, as_json: opt.Json = False, color: opt.Color = "auto", data: opt.Data = None) -> int:
    """Show what is known: the ladder, or one entry with its facts, certainty and sources."""
    from catalog_route import showing
    from catalog_route.router import knowledge_for

    known = knowledge_for(*data or ())
    try:
        sheet = showing.show(known, ident)
    except showing.NotKnownError as fault:
        raise Stop(str(fault), Exit.USAGE) from fault
    if as_json:
        _print_json(sheet.entry)
    elif fancy(color):
        from catalog_route.sheets import sheet_view

        print_view(sheet_view(sheet), color)
    else:
        from catalog_route.plain import sheet_lines

        print_lines(sheet_lines(sheet))
    return Exit.ANSWERED


@app.command(short_help="Many texts, one record out for each in.")
def batch(
    file: opt.Input, form: opt.Format = None, text_field: opt.TextField = None, encoding: opt.Encoding = None,
    to: opt.To = None, full: opt.Full = False, output: opt.Output = None, workers: opt.Workers = 1,
    summary: opt.Summary = False, as_json: opt.Json = False, data: opt.Data = None,
) -> int:  # fmt: skip
    """Answer many texts in one stream, one record out for each record in."""
    from catalog_route.batch_command import Options
    from catalog_route.batch_command import batch as run_batch

    return run_batch(file, Options(form, text_field, encoding, to, full, output, workers, summary, as_json), *data or ())


@app.command(short_help="A processing report, explained and routed.")
def report(
    file: opt.Input, as_json: opt.Json = False, as_csv: opt.Csv = False, every: opt.All = False,
    draft: opt.DraftCode = None, color: opt.Color = "auto", data: opt.Data = None,
) -> int:  # fmt: skip
    """Read a feed or listing report as Amazon hands it out: each code explained and routed."""
    from catalog_route.report_command import report as run_report

    return run_report(file, as_json=as_json, as_csv=as_csv, every=every, draft=draft, data=data or (), color=color)


@app.command(short_help="Lint of the knowledge: every fault at once.")
def check(
    context: typer.Context, folders: opt.Folders = None, as_json: opt.Json = False, sarif: opt.Sarif = False,
    strict: opt.Strict = False, against: opt.Against = None, color: opt.Color = "auto", data: opt.Data = None,
) -> int:  # fmt: skip
    """Check knowledge: every fault at once, with file, line, column, severity and cure."""
    from catalog_route.check_command import Options
    from catalog_route.check_command import check as run_check

    source = context.get_parameter_source("data")
    if folders and source is not None and source.name == "COMMANDLINE":
        raise Stop("--data: folders are named already – name all that are laid over each other as DIR, in order", Exit.USAGE)
    return run_check(folders or data or (), Options(as_json, sarif, strict, against, color))


@app.command("eval", short_help="Accuracy on labelled texts.")
def evaluate(file: opt.Labelled, as_json: opt.Json = False, errors: opt.Errors = False, data: opt.Data = None) -> int:
    """Measure accuracy on labelled texts."""
    from catalog_route.evaluating import measure, read_items
    from catalog_route.figures import figure_lines
    from catalog_route.router import router_for

    result = measure(router_for(*data or ()), read_items(file))
    if as_json:
        _print_json(result)
    else:
        print_lines(figure_lines(result, errors=errors))
    return Exit.FOUND if result.errors else Exit.ANSWERED


@app.command(short_help="JSON Schemas of advice, brief and data.")
def schema(what: opt.What) -> int:
    """Print a JSON Schema: of the advice, of a batch record, or of the data files."""
    from catalog_route.schemas import schema_of

    _print_json(schema_of(what))
    return Exit.ANSWERED


@app.command(short_help="A script that lets the Tab key complete.")
def completion(shell: opt.Shell) -> int:
    """Print what a shell has to run once, so that the Tab key completes commands, options and ids."""
    from catalog_route.completing import script

    try:
        write(script(shell) + "\n")
    except ValueError as fault:
        raise Stop(str(fault), Exit.USAGE) from fault
    return Exit.ANSWERED


def _print_json(value: Any) -> None:
    import json

    from catalog_route.advice import plain

    write(json.dumps(plain(value), indent=2, ensure_ascii=True, allow_nan=False) + "\n")


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


def _application(arguments: list[str]) -> Any:
    from catalog_route.arguments import with_command
    from catalog_route.on_demand import on_demand

    command = on_demand(app)
    if VARIABLE in os.environ:
        from catalog_route.completing import with_route

        with_route(os.environ, command)
    else:
        arguments = with_command(arguments, command, RESERVED)
    return command.main(arguments, prog_name="catalog-route", standalone_mode=False)


def main() -> None:
    """The entry point of the command."""
    run(_guarded, sys.argv[1:])


def _guarded(arguments: list[str]) -> Any:
    """Translate the parser's own exceptions into our exit codes."""
    from catalog_route.arguments import usage_fault

    try:
        return _application(arguments)
    except SystemExit as end:
        # the parser takes a reader that went away for itself, and calls it exit 1
        if isinstance(end.__context__, BrokenPipeError):
            raise Stop("", Exit.PIPE) from end
        raise
    except Exception as fault:
        known = usage_fault(fault)
        if known is None:
            raise
        message, code = known
        raise Stop(message, Exit(code)) from fault


if __name__ == "__main__":
    main()
