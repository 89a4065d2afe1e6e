"""The body of `catalog-route report`: open, summarise, print. Exit 5 when the input breaks, after all that was read."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from catalog_route.advice import DraftEntry, plain
from catalog_route.reporting import ReportAdvice, summarise
from catalog_route.reports import ReportError, open_report
from catalog_route.router import Router, knowledge_for
from catalog_route.terminal import Exit, Stop, fancy, print_lines, print_view, say, write, write_document


def report(
    file: str, *, as_json: bool = False, as_csv: bool = False, every: bool = False, draft: str | None = None,
    data: Sequence[Path] = (), color: str = "auto",
) -> int:  # fmt: skip
    """Explain and route a report. Stop with exit 5 when nothing of it can be read, 2 when `draft` is not in it."""
    if as_json and as_csv:
        raise Stop("--json and --csv: choose one", Exit.USAGE)
    if as_csv and draft is not None:
        raise Stop("--csv and --draft: choose one", Exit.USAGE)
    desk = Desk(data)
    with _input(file) as stream:
        advice = _summarised(stream, desk, every)
    case = _draft(desk, advice, draft) if draft is not None else None
    if as_json:
        _print_json(advice, case)
    elif as_csv:
        from catalog_route.cells import csv_lines
        from catalog_route.report_sheet import CSV_HEADER, csv_rows

        write_document("".join(csv_lines(CSV_HEADER, csv_rows(advice))))
    else:
        _print_sheet(desk, advice, case, color)
    _say_faults(advice)
    return Exit.ANSWERED if advice.sound else Exit.INPUT


class Desk:
    """The knowledge, and the router over it, built only when a text is to be routed or a case to be drafted."""

    def __init__(self, data: Sequence[Path] = ()) -> None:
        self.known = knowledge_for(*data)
        self._router: Router | None = None

    @property
    def router(self) -> Router:
        """The router."""
        if self._router is None:
            self._router = Router(self.known)
        return self._router


@contextmanager
def _input(file: str) -> Iterator[BinaryIO]:
    if file != "-":
        try:
            stream = Path(file).open("rb")  # noqa: SIM115 - closed below
        except (OSError, ValueError) as fault:
            raise Stop(f"{file}: {getattr(fault, 'strerror', None) or fault}", Exit.INPUT) from fault
        with stream:
            yield stream
        return
    if sys.stdin is None:
        raise Stop("no report given and standard input is closed", Exit.USAGE)
    if sys.stdin.isatty():
        say("reading the report from the terminal; end it with Ctrl-D")
    yield sys.stdin.buffer


def _summarised(stream: BinaryIO, desk: Desk, every: bool) -> ReportAdvice:
    try:
        with open_report(stream, desk.known.codes) as opened:
            return summarise(opened, desk.known, lambda text: desk.router.decide(text)[1], every_sku=every)
    except (ReportError, OSError) as fault:
        raise Stop(str(fault), Exit.INPUT) from fault


def _draft(desk: Desk, advice: ReportAdvice, code: str) -> DraftEntry:
    from catalog_route.report_draft import draft_for

    entry = advice.entry(code)
    if entry is None:
        codes = ", ".join(dict.fromkeys(entry.code for entry in advice.codes if entry.code))
        raise Stop(f"--draft: the report holds no code {code!r}" + (f" – it holds {codes}" if codes else ""), Exit.USAGE)
    case = draft_for(desk.router, advice, entry)
    if case is None:
        raise Stop(f"--draft: nobody is known to write to about {code!r}", Exit.USAGE)
    return case


def _print_json(advice: ReportAdvice, case: DraftEntry | None) -> None:
    import json

    document = advice.to_dict()
    if case is not None:
        document["draft"] = plain(case)
    write(json.dumps(document, indent=2, ensure_ascii=True, allow_nan=False) + "\n")


def _print_sheet(desk: Desk, advice: ReportAdvice, case: DraftEntry | None, color: str) -> None:
    from catalog_route.report_sheet import report_sheet

    sheet = report_sheet(advice, desk.known)
    if fancy(color):
        from catalog_route.sheets import sheet_view

        print_view(sheet_view(sheet), color)
    else:
        from catalog_route.plain import sheet_lines

        print_lines(sheet_lines(sheet))
    if case is not None:
        from catalog_route.plain import draft_lines

        print_lines(draft_lines(case))


def _say_faults(advice: ReportAdvice) -> None:
    """The counts, so that nothing is lost in silence, and each difference; broken input last."""
    if advice.rejected or advice.differences:
        say(f"catalog-route: {advice.messages} read, {advice.rejected} rejected")
    for difference in advice.differences:
        say(f"catalog-route: {difference}")
    if advice.broken is not None:
        where = f"broken {advice.broken.where}: " if advice.broken.where else ""
        say(f"catalog-route: {advice.title}, {where}{advice.broken.what}; what stands before that is reported")
