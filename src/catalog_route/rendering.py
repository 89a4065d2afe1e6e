"""Advice → Rich renderables for a terminal: the answer first, calm, aligned, one screen at 80 columns.

Builds, never prints. Colour carries meaning but is never needed. All outside text enters as `Text`, made visible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from catalog_route.advice import Advice, DraftEntry, FindingEntry, TipEntry
from catalog_route.display import one_line, visible
from catalog_route.plain import seen_words, telling
from catalog_route.record import record

SHOWN_TEXT = 600
SHOWN_QUOTE = 36
# From this width on certainty has a column of its own at the right edge.
WIDE = 72
LABELS = 9
# How many tips of each stage are shown without --why, and what they have to be chosen for. What to do when it stalls is told
# by the road.
MOST = {"try": 1, "prepare": 1, "write": 1, "escalate": 0, "avoid": 1}
CLOSE = ("problem", "history", "case")
MOST_CHANGES = 2
MOST_REASONS = 3
MOST_STEPS = 6
HEADINGS = {"try": "try first", "prepare": "prepare", "write": "write", "escalate": "if stuck", "avoid": "avoid"}
COLOURS = {"high": "green", "medium": "yellow", "low": "red", "yes": "green", "some": "yellow", "no": "red"}

# One thing to tell: its text, how certain it is by what, and the reason.
Told = tuple[str, str, str]


@record
class Marks:
    """The signs of the view; the plain ones serve terminals that cannot show the others."""

    head: str = "▸"
    here: str = "◂ start here"
    dot: str = "·"
    dash: str = "–"
    arrow: str = "→"
    yes: str = "✓"
    some: str = "~"
    no: str = "✗"
    line: str = "─"


ASCII_MARKS = Marks(">", "< start here", "|", "-", "->", "yes", "few", "no", "-")


def advice_view(advice: Advice, *, why: bool = False, marks: Marks | None = None) -> RenderableType:
    """The whole answer; `why` adds everything known with its source."""
    return _View(advice, why, marks or Marks())


class _View:
    """One answer, laid out for the width that it is given."""

    def __init__(self, advice: Advice, why: bool, signs: Marks) -> None:
        self._advice = advice
        self._why = why
        self._signs = signs
        self._roomy = self._wide = True

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        self._roomy = options.max_width >= WIDE
        self._wide = self._roomy and not self._why
        yield Padding(Group(*self._parts()), (0, 1))
        if self._advice.draft is not None:
            yield from _draft(self._advice.draft, self._signs)

    def _parts(self) -> Iterator[RenderableType]:
        advice = self._advice
        yield _said(advice)
        yield Text()
        if advice.recommended is None:
            yield from _unclear(advice, self._signs)
            return
        yield _head(advice, self._signs, roomy=self._roomy)
        yield from _reasons([finding for finding in advice.findings if finding.counts])
        yield Text()
        yield self._rows([("who can", _ladder(advice, self._signs, sources=self._why, roomy=self._roomy))])
        yield Text()
        yield self._rows([*self._advised(), *self._beside()])
        if not self._why and advice.draft is None:
            dot = self._signs.dot
            hint = f"--draft writes the case {dot} --why shows all steps, tips, words and sources"
            yield Group(Text(), Text(f"  {hint}", style="dim"))
        yield Text()

    def _rows(self, rows: Iterable[tuple[str, RenderableType]]) -> RenderableType:
        return Padding(_labelled(rows), (0, 0, 0, 2))

    def _advised(self) -> Iterator[tuple[str, RenderableType]]:
        """What to do: alone first, then the road, then what helps the case along."""
        advice = self._advice
        by_stage: dict[str, list[TipEntry]] = {}
        for tip in advice.tips:
            by_stage.setdefault(tip.stage, []).append(tip)
        yield from self._tips({"try": by_stage.pop("try", [])})
        steps = advice.path if self._why else advice.path[:MOST_STEPS]
        told = [
            (f"{step.step} {step.do}{f' ({step.wait})' if step.wait else ''}", self._sure(step.certainty, step.source), "")
            for step in steps
        ]
        if told:
            yield "the road", self._told(told)
        yield from self._tips(by_stage)

    def _tips(self, by_stage: dict[str, list[TipEntry]]) -> Iterator[tuple[str, RenderableType]]:
        for stage, held in by_stage.items():
            close = [tip for tip in held if tip.applies in CLOSE or stage == "avoid"]
            tips = held if self._why else close[: MOST[stage]]
            told = [(tip.text, self._sure(tip.certainty, tip.source), tip.why if self._why else "") for tip in tips]
            if told:
                yield HEADINGS[stage], self._told(told)

    def _sure(self, certainty: str, source: str) -> str:
        return f"{certainty}, {source}" if self._why else certainty

    def _told(self, told: Iterable[Told]) -> RenderableType:
        """Lines with their certainty: at the right edge where there is room, else behind the text."""
        if not self._wide:
            return Group(*(self._behind(*each) for each in told))
        table = Table.grid(padding=(0, 0, 0, 1), expand=True)
        table.add_column(ratio=1, overflow="fold")
        table.add_column(justify="right", style="dim", no_wrap=True)
        for text, sure, _ in told:
            table.add_row(Text(visible(text), overflow="fold"), sure)
        return table

    def _behind(self, text: str, sure: str, why: str) -> RenderableType:
        line = Text.assemble(visible(text), (f"  ({sure})", "dim"), overflow="fold")
        reason = Padding(Text(f"{self._signs.dash} {visible(why)}", style="dim", overflow="fold"), (0, 0, 0, 2))
        return Group(line, reason) if why else line

    def _beside(self) -> Iterator[tuple[str, RenderableType]]:
        """What would change the answer, what else is in play, and what does not fit."""
        advice, arrow = self._advice, self._signs.arrow
        if advice.what_would_change:
            changes = advice.what_would_change if self._why else advice.what_would_change[:MOST_CHANGES]
            yield "unless", _lines(f"{change.if_} {arrow} {change.name}" for change in changes)
        if advice.alternatives:
            others = advice.alternatives if self._why else advice.alternatives[:1]
            yield "also", _lines(f"{other.name}: {other.because}" for other in others)
        for question in advice.questions if self._why else advice.questions[:1]:
            answers = f" ({' / '.join(question.answers)})" if self._why else ""
            yield "to check", Text(question.text + answers, overflow="fold")
        for note in (*advice.case.conflicts, *advice.case.notes):
            yield "note", Text(visible(note), overflow="fold")
        if self._why:
            yield "seen", _record(advice.findings, self._signs)


def _said(advice: Advice) -> Text:
    """The seller's text with the deciding words set off."""
    shown = advice.text[:SHOWN_TEXT]
    text, at = Text(overflow="fold"), 0
    spans = sorted({(s.start, s.end) for f in advice.findings if f.counts for s in telling(f) if s.end <= len(shown)})
    for start, end in spans:
        if start < at:
            continue
        text.append(visible(shown[at:start]))
        text.append(visible(shown[start:end]), style="bold")
        at = end
    text.append(visible(shown[at:]))
    if len(advice.text) > SHOWN_TEXT:
        text.append(f" … {len(advice.text) - SHOWN_TEXT} more characters", style="dim")
    return text


def _unclear(advice: Advice, signs: Marks) -> Iterator[RenderableType]:
    told = f" {signs.dash} no support problem can be recognised"
    yield Text.assemble((f"{signs.head} ", "bold"), ("unclear", "bold"), told)
    for question in advice.questions:
        answers = "".join(f"\n  {signs.dash} {answer}" for answer in question.answers)
        yield Padding(Text.assemble(question.text, (answers, "dim"), overflow="fold"), (1, 0, 0, 2))
    if advice.questions:
        yield Text()
        yield Text("  --ask asks them one by one on a terminal", style="dim")
    yield Text()


def _head(advice: Advice, signs: Marks, *, roomy: bool) -> RenderableType:
    """Who can solve it, where that stands, and how sure it is."""
    place = advice.recommended
    tiers = sum(verdict.kind == "tier" for verdict in advice.verdicts)
    level = f"tier {place.level} of {tiers}" if place and place.level else "beside the catalog"
    name = Text.assemble((f"{signs.head} ", "bold"), (place.name if place else "", "bold"))
    sure = Text.assemble(f"{level} {signs.dot} confidence ", (advice.confidence, COLOURS[advice.confidence]))
    return _at_the_edge(name, sure) if roomy else Group(name, Padding(sure, (0, 0, 0, 2)))


def _reasons(findings: list[FindingEntry]) -> Iterator[RenderableType]:
    """Why: the main finding in full, the others by their titles; history before what else was seen."""
    others = sorted(findings[1:], key=lambda finding: finding.destination is not None)
    quoted = set()
    for number, finding in enumerate([*findings[:1], *others][:MOST_REASONS]):
        line = Text(f"{finding.title}. {finding.why}" if number == 0 else f"+ {finding.title}", overflow="fold")
        words = seen_words(finding, 1, SHOWN_QUOTE)
        if words and words not in quoted:
            quoted.add(words)
            line.append(f"  {'you said' if finding.by == 'phrase' else 'like cases with'} {words}", style="cyan")
        yield Padding(line, (0, 0, 0, 2))


def _ladder(advice: Advice, signs: Marks, *, sources: bool, roomy: bool) -> RenderableType:
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    for _ in ("name", "mark"):
        table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    start = advice.start_with.id if advice.start_with else ""
    shown = [v for v in advice.verdicts if v.kind == "tier" or v.can == "yes" or sources]
    for step, verdict in enumerate(shown, 1):
        mark = {"yes": signs.yes, "some": signs.some, "no": signs.no}[verdict.can]
        told = Text(visible(verdict.why if sources else verdict.brief or verdict.why), overflow="fold")
        if sources and verdict.source:
            told.append(f"  ({verdict.source})", style="dim")
        here = Text(signs.here, style="bold")
        reason = told if verdict.id != start else _at_the_edge(told, here) if roomy else Group(told, here)
        chosen = advice.recommended is not None and verdict.id == advice.recommended.id
        name = Text(f"{step} {verdict.name}" if verdict.kind == "tier" else verdict.name, style="bold" if chosen else "")
        table.add_row(name, Text(mark, style=COLOURS[verdict.can]), reason)
    return table


def _at_the_edge(text: RenderableType, mark: Text) -> RenderableType:
    """A text, and at the right edge of its first line what is to be seen at a glance."""
    line = Table.grid(padding=(0, 0, 0, 1), expand=True)
    line.add_column(ratio=1, overflow="fold")
    line.add_column(justify="right", no_wrap=True)
    line.add_row(text, mark)
    return line


def _labelled(rows: Iterable[tuple[str, RenderableType]]) -> Table:
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.add_column(width=LABELS, style="dim", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for label, body in rows:
        table.add_row(label, body)
    return table


def _lines(lines: Iterable[str]) -> Text:
    return Text("\n".join(lines), overflow="fold")


def _record(findings: Iterable[FindingEntry], signs: Marks) -> Text:
    body = Text(overflow="fold")
    for number, finding in enumerate(findings):
        needs = ", ".join(finding.needs) or (finding.destination or "")
        body.append(f"{chr(10) if number else ''}{finding.signal} ({finding.by})")
        body.append(f" {seen_words(finding)}" if finding.seen else "", style="cyan")
        weak = "" if finding.counts else ", seen but does not decide"
        body.append(f"\n  needs {needs}{weak} {signs.dot} {finding.source} {signs.dot} {finding.origin}", style="dim")
    return body


def _draft(draft: DraftEntry, signs: Marks) -> Iterator[RenderableType]:
    """The case to send, from the left edge on, so that it can be copied; then what is still to be done about it."""
    yield Text(f"{signs.line * 3} the case to send {signs.line * 3}", style="dim")
    if draft.send:
        yield Text(visible(draft.send), style="dim", overflow="fold")
    yield Text()
    yield Text(f"Subject: {visible(draft.subject)}", style="bold", overflow="fold")
    yield Text()
    yield Text(visible(draft.body), overflow="fold")
    yield Text()
    yield Text(signs.line * 24, style="dim")
    for label, items, style in (("attach", draft.attach, ""), ("fill in", draft.missing, "yellow")):
        if items:
            yield _labelled([(label, Text(f" {signs.dot} ".join(map(one_line, items)), style=style, overflow="fold"))])
    yield Text()
