"""The options that commands share, each described once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from catalog_route import completing

Data = Annotated[
    list[Path] | None,
    typer.Option(
        "--data", envvar="CATALOG_ROUTE_DATA", metavar="DIR", autocompletion=completing.files,
        help="Folder with own knowledge to lay over the shipped one (repeatable, in order).",
    ),
]  # fmt: skip
Json = Annotated[bool, typer.Option("--json", help="Print JSON only.")]
Color = Annotated[
    Literal["auto", "always", "never"],
    typer.Option("--color", help="Colour and layout: auto, always or never.", metavar="WHEN"),
]

Words = Annotated[list[str] | None, typer.Argument(metavar="[TEXT]...", help='The problem in your words; "-" reads a pipe.')]
Why = Annotated[bool, typer.Option("--why", help="Show words, needs and sources of everything.")]
Draft = Annotated[bool, typer.Option("--draft", help="Write the case text to send.")]
Reopened = Annotated[int | None, typer.Option(min=0, metavar="N", help="How often the case was re-opened.")]
Contacts = Annotated[int | None, typer.Option(min=0, metavar="N", help="How many cases or contacts so far.")]
Tried = Annotated[
    list[str] | None,
    typer.Option(metavar="TIER", help="A tier that has tried (repeatable).", autocompletion=completing.tiers),
]
Account = Annotated[Literal["seller", "vendor"] | None, typer.Option(help="seller or vendor.", metavar="KIND")]
Registered = Annotated[
    bool | None,
    typer.Option("--brand-registered/--no-brand-registered", help="Is the brand enrolled in Brand Registry?"),
]
TicketDays = Annotated[int | None, typer.Option(min=0, metavar="N", help="Days that a ticket with technicians has been open.")]
ExitCode = Annotated[bool, typer.Option("--exit-code", help="Exit with 3 when unclear.")]
Ask = Annotated[bool, typer.Option("--ask", help="Ask what is unclear one by one, on a terminal only.")]

Ident = Annotated[
    str | None,
    typer.Argument(
        metavar="[ID]", help="An id or name of anything known, or a list such as tips.", autocompletion=completing.idents,
    ),
]  # fmt: skip
Folders = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[DIR]...", help="Folders with own knowledge to check, instead of --data; default: what is used.",
        autocompletion=completing.files,
    ),
]  # fmt: skip
Sarif = Annotated[bool, typer.Option("--sarif", help="Print SARIF 2.1.0, for tools of code review.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 for notes, too.")]
Against = Annotated[
    Path | None,
    typer.Option(
        "--against", metavar="FILE", autocompletion=completing.files,
        help="Texts to hold the knowledge against: what is missing, what it changes.",
    ),
]  # fmt: skip
Labelled = Annotated[
    Path,
    typer.Argument(metavar="FILE", help="Labelled texts: JSON lines with text, label, ok.", autocompletion=completing.files),
]
Errors = Annotated[bool, typer.Option("--errors", help="List what was answered wrongly, and by which words.")]
What = Annotated[Literal["advice", "brief", "data"], typer.Argument(metavar="advice|brief|data", help="Which document.")]
Shell = Annotated[
    str,
    typer.Argument(
        metavar="|".join(completing.SHELLS), help="The shell that it is for.",
        autocompletion=completing.one_of(*completing.SHELLS),
    ),
]  # fmt: skip

Input = Annotated[str, typer.Argument(metavar="FILE|-", help='A file, or "-" for a pipe.')]
Format = Annotated[
    str | None,
    typer.Option(
        "--format", metavar="txt|jsonl|csv|tsv", help="How the input is read; recognised if left out.",
        autocompletion=completing.one_of("txt", "jsonl", "csv", "tsv"),
    ),
]  # fmt: skip
TextField = Annotated[str | None, typer.Option(metavar="NAME", help="The field or column that holds the text.")]
Encoding = Annotated[str | None, typer.Option(metavar="NAME", help="The encoding of the input; recognised if left out.")]
To = Annotated[
    str | None,
    typer.Option(
        "--to", metavar="jsonl|csv", help="What comes out; default: by the ending of --output, else jsonl.",
        autocompletion=completing.one_of("jsonl", "csv"),
    ),
]  # fmt: skip
Full = Annotated[bool, typer.Option("--full", help="Whole advice documents instead of brief records.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to a file, atomically.", autocompletion=completing.files),
]
Workers = Annotated[int, typer.Option(metavar="N", help="Processes; 0 for one each core.")]
Summary = Annotated[bool, typer.Option("--summary", help="Only the counts, as table and bars.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
All = Annotated[bool, typer.Option("--all", help="All affected SKUs instead of the first few.")]
DraftCode = Annotated[
    str | None,
    typer.Option("--draft", metavar="CODE", help="Write the case for this code.", autocompletion=completing.codes),
]
