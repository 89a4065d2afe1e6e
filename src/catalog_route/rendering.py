"""Advice → Rich renderables for a terminal: the answer first, calm, aligned, one screen at 80 columns.

Builds, never prints. Colour carries meaning but is never needed. All outside text enters as `Text`, made visible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from catalog_route.advice import Advice, DraftEntry, FindingEntry, TipEntry, VerdictEntry
from catalog_route.choosing import NEXT, UNCLEAR, because, beginning, names, reasons, seen_words, shortened, telling
from catalog_route.display import one_line, visible
from catalog_route.record import record
from catalog_route.remarks import Remarked
from catalog_route.shown import STAGES

SHOWN_TEXT = 600
# A text is cut only where that saves as many lines.
SAVED_LINES = 2
SHOWN_QUOTE = 36
# From this width on certainty has a column of its own at the right edge; below the other one the ladder has no columns.
WIDE = 72
NARROW = 56
LABELS = 9
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
        self._advice = advice if why else shortened(advice)
        self._why = why
        self._signs = signs
        self._roomy = self._wide = True
        self._width = 0

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        self._width = options.max_width
        self._roomy = self._width >= WIDE
        self._wide = self._roomy and not self._why
        yield Padding(Group(*self._parts()), (0, 1))
        if self._advice.draft is not None:
            yield from _draft(self._advice.draft, self._signs)

    def _parts(self) -> Iterator[RenderableType]:
        advice = self._advice
        yield _said(advice, self._width, likeness=self._why)
        yield Text()
        if advice.recommended is None:
            yield from _unclear(advice, self._signs)
            if advice.tips:
                yield self._rows(self._tips({"avoid": list(advice.tips)}))
                yield Text()
            return
        yield _head(advice, self._signs, roomy=self._roomy)
        yield from _reasons(reasons(advice), words=self._why)
        yield Text()
        yield self._rows([("who can", self._ladder())])
        yield Text()
        yield self._rows([*self._advised(), *self._beside()])
        more = f"--draft writes the case {self._signs.dot} --why shows all steps, tips, words and sources"
        if self._why or advice.draft is None:
            hint = Text(names(advice) if self._why else more, style="dim", overflow="fold")
            yield Padding(hint, (1, 0, 0, 2))
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
        told = [
            (f"{step.step} {step.do}{f' (wait: {step.wait})' if step.wait else ''}", self._sure(step.certainty, step.source), "")
            for step in advice.path
        ]
        if told:
            yield "the road", self._told(told)
        yield from self._tips(by_stage)

    def _tips(self, by_stage: dict[str, list[TipEntry]]) -> Iterator[tuple[str, RenderableType]]:
        for stage, held in by_stage.items():
            told = [(tip.text, self._sure(tip.certainty, tip.source), tip.why if self._why else "") for tip in held]
            if told:
                yield STAGES[stage], self._told(told)

    def _ladder(self) -> RenderableType:
        """Who can and who cannot, each with its reason; where there is no room the reasons stand below the names."""
        table = Table.grid(padding=(0, 1, 0, 0), expand=True)
        for _ in ("name", "mark"):
            table.add_column(no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
        stacked: list[RenderableType] = []
        for step, verdict in enumerate(self._advice.verdicts, 1):
            name = Text(f"{step} {verdict.name}" if verdict.kind == "tier" else verdict.name, style=self._chosen(verdict))
            mark = Text(getattr(self._signs, verdict.can), style=COLOURS[verdict.can])
            here = self._here(verdict)
            if self._width < NARROW:
                stacked += [Text.assemble(name, " ", mark, "  " if here else "", here)]
                stacked += [Padding(self._reason(verdict), (0, 0, 0, 2))]
            elif self._roomy:
                table.add_row(name, mark, self._reason(verdict, here))
            else:
                table.add_row(name, mark, Group(self._reason(verdict), here) if here else self._reason(verdict))
        return Group(*stacked) if stacked else table

    def _chosen(self, verdict: VerdictEntry) -> str:
        place = self._advice.recommended
        return "bold" if place is not None and verdict.id == place.id else ""

    def _here(self, verdict: VerdictEntry) -> Text:
        start = self._advice.start_with
        return Text(self._signs.here if start is not None and verdict.id == start.id else "", style="bold")

    def _reason(self, verdict: VerdictEntry, here: Text | None = None) -> RenderableType:
        told = verdict.why if self._why else verdict.brief or verdict.why
        return Remarked(Text(visible(told)), f"({verdict.source})" if self._why and verdict.source else "", edge=here)

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
        line = Remarked(Text(visible(text)), f"({sure})")
        reason = Padding(Text(f"{self._signs.dash} {visible(why)}", style="dim", overflow="fold"), (0, 0, 0, 2))
        return Group(line, reason) if why else line

    def _beside(self) -> Iterator[tuple[str, RenderableType]]:
        """What would change the answer, what else is in play, and what does not fit."""
        advice, arrow = self._advice, self._signs.arrow
        if advice.what_would_change:
            yield "unless", _lines(f"{change.if_} {arrow} {change.name}" for change in advice.what_would_change)
        if advice.alternatives:
            yield "also", _lines(f"{other.name}: {other.because}" for other in advice.alternatives)
        for question in advice.questions:
            answers = f" ({' / '.join(question.answers)})" if self._why else ""
            yield "to check", Text(question.text + answers, overflow="fold")
        for note in (*advice.case.conflicts, *advice.case.notes):
            yield "note", Text(visible(note), overflow="fold")
        if self._why:
            yield "seen", _record(advice.findings, self._signs)


def _said(advice: Advice, width: int, *, likeness: bool) -> Text:
    """The seller's text with the deciding words set off; those of a mere likeness only when asked for."""
    shown = beginning(advice.text, SHOWN_TEXT, SAVED_LINES * width)
    text, at = Text(overflow="fold"), 0
    deciding = [f for f in advice.findings if f.counts and (likeness or f.by != "likeness")]
    spans = sorted({(s.start, s.end) for f in deciding for s in telling(f) if s.end <= len(shown)})
    for start, end in spans:
        if start < at:
            continue
        text.append(visible(shown[at:start]))
        text.append(visible(shown[start:end]), style="bold")
        at = end
    text.append(visible(shown[at:]))
    if len(advice.text) > len(shown):
        text.append(f" … {len(advice.text) - len(shown)} more characters", style="dim")
    return text


def _unclear(advice: Advice, signs: Marks) -> Iterator[RenderableType]:
    yield Text.assemble((f"{signs.head} ", "bold"), ("unclear", "bold"), f" {signs.dash} {UNCLEAR}")
    for question in advice.questions:
        answers = "".join(f"\n  {signs.dash} {answer}" for answer in question.answers)
        yield Padding(Text.assemble(question.text, (answers, "dim"), overflow="fold"), (1, 0, 0, 2))
    if advice.questions:
        yield Padding(Text(f"{NEXT[0].upper()}{NEXT[1:]}.", overflow="fold"), (1, 0, 0, 2))
    yield Text()


def _head(advice: Advice, signs: Marks, *, roomy: bool) -> RenderableType:
    """Who can solve it, where that stands, and how sure it is."""
    place = advice.recommended
    tiers = sum(verdict.kind == "tier" for verdict in advice.verdicts)
    level = f"tier {place.level} of {tiers}" if place and place.level else "beside the catalog"
    name = Text.assemble((f"{signs.head} ", "bold"), (place.name if place else "", "bold"))
    sure = Text.assemble(f"{level} {signs.dot} confidence ", (advice.confidence, COLOURS[advice.confidence]))
    return Remarked(name, edge=sure) if roomy else Group(name, Padding(sure, (0, 0, 0, 2)))


def _reasons(findings: Iterable[FindingEntry], *, words: bool) -> Iterator[RenderableType]:
    """Why: the main finding in full, the others by their titles."""
    told = set()
    for number, finding in enumerate(findings):
        line = Text(f"{finding.title}. {finding.why}" if number == 0 else f"+ {finding.title}", overflow="fold")
        rests = because(finding, 1, SHOWN_QUOTE, words=words)
        yield Padding(Remarked(line, "" if rests in told else rests, "cyan"), (0, 0, 0, 2))
        told.add(rests)


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
        asked = f"needs {needs}{weak} {signs.dot} " if needs else ""
        body.append(f"\n  {asked}{finding.source} {signs.dot} {finding.origin}", style="dim")
    return body


def _draft(draft: DraftEntry, signs: Marks) -> Iterator[RenderableType]:
    """The case to send, from the left edge on and unwrapped, so that it can be copied; then what is still to be done about it.

    Lines of the case may be longer than the terminal: they are its own to wrap.
    """
    yield Text(f"{signs.line * 3} the case to send {signs.line * 3}", style="dim")
    if draft.send:
        yield Text(visible(draft.send), style="dim", overflow="fold")
    yield Text()
    yield Text(f"Subject: {visible(draft.subject)}", style="bold", no_wrap=True, overflow="ignore")
    yield Text()
    yield Text(visible(draft.body), no_wrap=True, overflow="ignore")
    yield Text()
    yield Text(signs.line * 24, style="dim")
    for label, items, style in (("attach", draft.attach, ""), ("fill in", draft.missing, "yellow")):
        if items:
            yield _labelled([(label, Text(f" {signs.dot} ".join(map(one_line, items)), style=style, overflow="fold"))])
    yield Text()
