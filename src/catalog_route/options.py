"""The options that commands share, each described once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    list[Path] | None,
    typer.Option("--data", metavar="DIR", envvar="CATALOG_ROUTE_DATA",
                 help="Folder with own knowledge to lay over the shipped one (repeatable, in order)."),
]  # fmt: skip
Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]
Color = Annotated[str, typer.Option("--color", help="auto, always or never.", metavar="WHEN")]

Words = Annotated[list[str] | None, typer.Argument(metavar="[TEXT]...", help='The problem in your words; "-" reads a pipe.')]
Why = Annotated[bool, typer.Option("--why", help="Show words, needs and sources of everything.")]
Draft = Annotated[bool, typer.Option("--draft", help="Write the case text to send.")]
Reopened = Annotated[int | None, typer.Option(min=0, help="How often the case was re-opened.")]
Contacts = Annotated[int | None, typer.Option(min=0, help="How many cases or contacts so far.")]
Tried = Annotated[list[str] | None, typer.Option(help="A tier that has tried (repeatable).")]
Account = Annotated[str | None, typer.Option(help="seller or vendor.", metavar="KIND")]
Registered = Annotated[
    bool | None,
    typer.Option("--brand-registered/--no-brand-registered", help="Is the brand enrolled in Brand Registry?"),
]
TicketDays = Annotated[int | None, typer.Option(min=0, help="Days that a ticket with technicians has been open.")]
ExitCode = Annotated[bool, typer.Option("--exit-code", help="Exit with 3 when unclear.")]
Ask = Annotated[bool, typer.Option("--ask", help="Ask what is unclear, on a terminal.")]

Ident = Annotated[str | None, typer.Argument(metavar="[ID]", help="A tier, team, signal, tip, fact or error code.")]
Folders = Annotated[
    list[Path] | None, typer.Argument(metavar="[DIR]...", help="Folders with own knowledge to check; default: what is used.")
]
Sarif = Annotated[bool, typer.Option("--sarif", help="Print SARIF 2.1.0, for tools of code review.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 for notes, too.")]
Against = Annotated[
    Path | None,
    typer.Option("--against", metavar="FILE", help="Texts to hold the knowledge against: what is missing, what it changes."),
]
Labelled = Annotated[Path, typer.Argument(help="Labelled texts: JSON lines with text, label, ok.")]
Errors = Annotated[bool, typer.Option("--errors", help="List what was answered wrongly, and by which words.")]
What = Annotated[str, typer.Argument(metavar="advice|brief|data", help="Which document.")]

Input = Annotated[str, typer.Argument(metavar="FILE|-", help='A file, or "-" for a pipe.')]
Format = Annotated[
    str | None, typer.Option("--format", metavar="txt|jsonl|csv|tsv", help="How the input is read; recognised if left out.")
]
TextField = Annotated[str | None, typer.Option(help="The field or column that holds the text.")]
Encoding = Annotated[str | None, typer.Option(help="The encoding of the input; recognised if left out.")]
To = Annotated[
    str | None, typer.Option("--to", metavar="jsonl|csv", help="What comes out; default: by the ending of --output, else jsonl.")
]
Full = Annotated[bool, typer.Option("--full", help="Whole advice documents instead of brief records.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file, atomically.")]
Workers = Annotated[int, typer.Option(help="Processes; 0 for one each core.")]
Summary = Annotated[bool, typer.Option("--summary", help="Only the counts, as table and bars.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
All = Annotated[bool, typer.Option("--all", help="All affected SKUs instead of the first few.")]
DraftCode = Annotated[str | None, typer.Option("--draft", metavar="CODE", help="Write the case for this code.")]
