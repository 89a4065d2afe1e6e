"""The answer to a report as a sheet that any renderer can print, and as rows for CSV."""

from __future__ import annotations

from collections.abc import Iterator

from catalog_route.display import one_line
from catalog_route.knowledge import Knowledge
from catalog_route.reporting import SELLER, CodeEntry, Echo, ReportAdvice
from catalog_route.shown import Row, Section, Sheet

SHOWN = 300
YOU = "you, without a case"

# The formats that are told by rows of a table; all others number the messages of the feed.
_OF_ROWS = ("flat-file", "text", "workbook")

CSV_HEADER = (
    "code", "count", "own", "severities", "meaning", "cured_by", "cure", "then", "by", "certainty", "source", "sku_count",
    "skus", "rows", "attributes", "effects", "echo_of", "echoes", "message",
)  # fmt: skip


def report_sheet(advice: ReportAdvice, known: Knowledge) -> Sheet:
    """The whole answer: who, then code by code with its cure, then the road, then what is to be said of the report itself."""
    sections = [
        Section("", tuple(_answer(advice))),
        *(
            Section(_heading(entry), tuple(row for row in _code_rows(entry, known, advice.format in _OF_ROWS) if row[1]))
            for entry in advice.codes
        ),
        Section("if that fails" if advice.recommendation.alone else "the road", tuple(_road(advice))),
        Section("the report itself", tuple(_itself(advice))),
    ]
    return Sheet(advice.title, _summary(advice), tuple(section for section in sections if section.rows), advice)


def _summary(advice: ReportAdvice) -> str:
    codes = len({entry.code for entry in advice.codes if entry.code})
    stated = ", ".join(f"{name} {value}" for name, value in advice.stated.items())
    summary = f"{_many(advice.messages, 'message')} of {_many(codes, 'code')}"
    return f"{summary}; the report itself states: {stated}" if stated else summary


def _answer(advice: ReportAdvice) -> Iterator[Row]:
    told = advice.recommendation
    own = tuple(dict.fromkeys(entry.code for entry in advice.codes if entry.own and entry.alone))
    if told.alone:
        yield "who", "you can cure all of it yourself, without a case", ""
        return
    if own:
        yield "first alone", f"{', '.join(own)}: correct and send again, without a case", ""
    yield from _place(advice)


def _place(advice: ReportAdvice) -> Iterator[Row]:
    """Who can solve what the seller cannot, or could not."""
    told, place = advice.recommendation, advice.recommendation.recommended
    if place is not None:
        because = f"because of {', '.join(told.codes)}" if any(told.codes) else ""
        yield "who", f"{place.name} ({place.id})", because
    elif not told.alone:
        yield "who", "nobody to name" if advice.messages else "nobody: it holds no message", ""
    if told.start_with is not None and told.start_with != place:
        yield "start with", f"{told.start_with.name} ({told.start_with.id})", ""
    for other in told.also:
        yield "also", other.name, ", ".join(other.codes)


def _road(advice: ReportAdvice) -> Iterator[Row]:
    """How to get there, once the cures have not helped."""
    if advice.recommendation.alone:
        yield from _place(advice)
    for step in advice.recommendation.path:
        wait = f" (wait: {step.wait})" if step.wait else ""
        yield f"step {step.step}", f"{step.do}{wait}", step.certainty


def _heading(entry: CodeEntry) -> str:
    severities = ", ".join(_many(count, name) for name, count in entry.severities.items())
    return f"{one_line(entry.code, 60) or 'without code'} ({severities})"


def _code_rows(entry: CodeEntry, known: Knowledge, of_rows: bool) -> Iterator[Row]:
    if entry.echo_of:
        rest = f"; {entry.own} on their own" if entry.own else ""
        yield "echo of", f"{_echoed(entry.echo_of)} of the same SKU: cure that and this goes too{rest}", ""
    if entry.meaning:
        yield "means" if entry.by == "knowledge" else "reads like", entry.meaning, entry.certainty
    if entry.by != "knowledge":
        yield "code", "not known; its message was routed as text", ""
    yield "cured by", name_of(known, entry.cured_by), ""
    yield "how", entry.cure, entry.source if entry.cure else ""
    if entry.then:
        yield "if that fails", name_of(known, entry.then), ""
    yield from _affected(entry, of_rows)
    if entry.echoes:
        yield "brings along", _echoed(entry.echoes), ""
    if entry.messages:
        yield "Amazon says", one_line(entry.messages[0], SHOWN), ""
    yield "note", entry.note, ""


def _affected(entry: CodeEntry, of_rows: bool) -> Iterator[Row]:
    if entry.skus:
        most = "" if entry.sku_count_exact else "at least "
        more = "" if entry.skus_complete else f"{most}{entry.sku_count} in all; --all lists every one"
        yield "SKUs", one_line(", ".join(entry.skus)), more
    elif entry.rows == (0,):
        yield "rows", "the file as a whole", ""
    elif entry.rows and of_rows:
        yield "rows", ", ".join(map(str, entry.rows)), "the first ones; row 1 is the first below the headings of the upload"
    elif entry.rows:
        yield "message ids", ", ".join(map(str, entry.rows)), "the first ones, as the feed numbers its messages"
    for label, names in (("fields", entry.attributes), ("enforced", entry.effects)):
        if names:
            yield label, one_line(", ".join(f"{name} ({count})" for name, count in names.items()), SHOWN), ""


def _itself(advice: ReportAdvice) -> Iterator[Row]:
    if advice.feed:
        yield "feed", one_line(advice.feed, 60), ""
    yield from (("differs", difference, "") for difference in advice.differences)
    if advice.rejected:
        yield "rejected", f"{advice.rejected} of its entries could not be read", ""
    yield from ((one.place, f"{one.reason}: {one_line(one.text, 80)}", "") for one in advice.refused)
    if advice.ungrouped:
        yield "not kept apart", f"{advice.ungrouped} messages of further codes", ""
    if advice.broken is not None:
        yield "broken", f"{advice.broken.where} {advice.broken.what}".strip(), f"{_many(advice.messages, 'message')} before that"
    yield from (("note", note, "") for note in advice.notes)


def name_of(known: Knowledge, ident: str | None) -> str:
    """Who that is, for people."""
    if ident == SELLER:
        return YOU
    return known.destination(ident).name if ident else "nobody to name"


def csv_rows(advice: ReportAdvice) -> Iterator[tuple[object, ...]]:
    """One row for each code in each meaning, as CSV_HEADER names the cells. SKUs, which may hold blanks, have a line each."""
    for entry in advice.codes:
        yield (
            entry.code, entry.count, entry.own, _counts(entry.severities), entry.meaning, entry.cured_by, entry.cure,
            entry.then, entry.by, entry.certainty, entry.source, entry.sku_count, "\n".join(entry.skus),
            " ".join(map(str, entry.rows)), _counts(entry.attributes), _counts(entry.effects), _echoed(entry.echo_of),
            _echoed(entry.echoes), entry.messages[0] if entry.messages else "",
        )  # fmt: skip


def _counts(counts: dict[str, int]) -> str:
    return "; ".join(f"{name} {count}" for name, count in counts.items())


def _echoed(echoes: tuple[Echo, ...]) -> str:
    return ", ".join(f"{echo.code} ({echo.count})" for echo in echoes)


def _many(count: int, word: str) -> str:
    plural = word if count == 1 or word in ("unknown", "fatal", "info") else f"{word}s"
    return f"{count} {plural}"
