"""Advice → Rich renderables for a terminal: the answer first, calm, aligned, one screen at 80 columns.

Builds, never prints. Colour carries meaning but is never needed. All outside text enters as `Text`, made visible.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from catalog_route.advice import Advice, FindingEntry, TipEntry
from catalog_route.display import visible
from catalog_route.plain import seen_words
from catalog_route.record import record

SHOWN_TEXT = 600
NO_BREAK = "\u00a0"
MOST = {"try": 2, "prepare": 2, "write": 1, "escalate": 1, "avoid": 1}
MOST_STEPS = 4
HEADINGS = {"try": "first alone", "prepare": "prepare", "write": "write", "escalate": "if it stalls", "avoid": "avoid"}
COLOURS = {"high": "green", "medium": "yellow", "low": "red", "yes": "green", "some": "yellow", "no": "red"}


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


ASCII_MARKS = Marks(">", "< start here", "|", "-", "->", "yes", "few", "no")


def advice_view(advice: Advice, *, why: bool = False, marks: Marks | None = None) -> RenderableType:
    """The whole answer; `why` adds everything known with its source."""
    signs = marks or Marks()
    parts: list[RenderableType] = [_said(advice), Text()]
    parts.append(_answer(advice, signs))
    rows = _rows(advice, signs, why)
    if rows:
        table = Table.grid(padding=(0, 2, 0, 0), expand=True)
        table.add_column(width=12, style="dim", no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
        for label, body in rows:
            table.add_row(label, body)
        parts.extend((Text(), Padding(table, (0, 0, 0, 3))))
    if advice.draft is not None:
        parts.extend((Text(), _draft(advice)))
    if advice.recommended is not None and not why:
        hint = f"--draft writes the case {signs.dot} --why shows all steps, words, needs and sources"
        parts.extend((Text(), Text(f"   {hint}", style="dim")))
    parts.append(Text())
    return Padding(Group(*parts), (0, 1))


def _said(advice: Advice) -> Text:
    """The seller's text with the deciding words set off."""
    shown = advice.text[:SHOWN_TEXT]
    text, at = Text(overflow="fold"), 0
    spans = sorted({(s.start, s.end) for f in advice.findings if f.counts for s in f.seen if s.end <= len(shown)})
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


def _answer(advice: Advice, signs: Marks) -> RenderableType:
    if advice.recommended is None:
        told = f" {signs.dash} no support problem can be recognised"
        line = Text.assemble((f"{signs.head} ", "bold"), ("unclear", "bold"), told)
        asked = (
            Text.assemble(q.text, ("".join(f"\n  {signs.dash} {answer}" for answer in q.answers), "dim"), overflow="fold")
            for q in advice.questions
        )
        return Group(line, *(Padding(question, (1, 0, 0, 2)) for question in asked))
    ladder = [v for v in advice.verdicts if v.id != advice.recommended.id or advice.recommended.kind == "tier"]
    level = f"tier {advice.recommended.level} of {len(ladder)}" if advice.recommended.level else "beside the catalog"
    head = Table.grid(expand=True, padding=(0, 1, 0, 0))
    head.add_column(ratio=1, overflow="fold")
    head.add_column(justify="right", no_wrap=True)
    sure = Text.assemble(f"{level} {signs.dot} confidence ", (advice.confidence, COLOURS[advice.confidence]))
    head.add_row(Text.assemble((f"{signs.head} ", "bold"), (advice.recommended.name, "bold")), sure)
    return Group(head, *(_reason(f) for f in [f for f in advice.findings if f.counts][:3]))


def _reason(finding: FindingEntry) -> RenderableType:
    words = seen_words(finding.seen)
    line = Text(f"{finding.title}. {finding.why}", overflow="fold")
    if words and finding.by == "phrase":
        line.append(f'  (you said "{words}")', style="cyan")
    elif words:
        line.append(f'  (like known cases in "{words}")', style="cyan")
    return Padding(line, (0, 0, 0, 2))


def _rows(advice: Advice, signs: Marks, why: bool) -> list[tuple[str, RenderableType]]:
    if advice.recommended is None:
        return []
    rows: list[tuple[str, RenderableType]] = [("who can", _ladder(advice, signs))]
    rows += _tip_rows([t for t in advice.tips if t.stage == "try"], why, signs)
    steps = advice.path if why else advice.path[:MOST_STEPS]
    body = Text(overflow="fold")
    for step in steps:
        wait = f" (wait: {step.wait})" if step.wait else ""
        body.append(f"{chr(10) if step.step > 1 else ''}{step.step}. {step.do}{wait}")
        body.append(f"  ({step.certainty}{f', {step.source}' if why else ''})", style="dim")
    if steps:
        rows.append(("the road", body))
    rows += _tip_rows([t for t in advice.tips if t.stage != "try"], why, signs)
    if advice.what_would_change:
        lines = (f"{c.if_} {signs.arrow} {c.name}" for c in advice.what_would_change)
        rows.append(("would change", Text("\n".join(lines), overflow="fold")))
    if advice.alternatives:
        lines = (f"{a.name}: {a.because}" for a in advice.alternatives)
        rows.append(("also", Text("\n".join(lines), overflow="fold")))
    rows += [("to be sure", Text(f"{q.text} ({' / '.join(q.answers)})", overflow="fold")) for q in advice.questions]
    rows += [("note", Text(visible(conflict), overflow="fold")) for conflict in advice.case.conflicts]
    if why:
        rows.append(("seen", _record(advice.findings, signs)))
    return rows


def _ladder(advice: Advice, signs: Marks) -> RenderableType:
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    start = advice.start_with.id if advice.start_with else ""
    tiers = len(advice.verdicts) - (advice.recommended is not None and advice.recommended.kind == "team")
    for step, verdict in enumerate(advice.verdicts, 1):
        mark = {"yes": signs.yes, "some": signs.some, "no": signs.no}[verdict.can]
        reason = Text(verdict.why, overflow="fold")
        if verdict.id == start:
            reason.append(f"  {signs.here.replace(' ', NO_BREAK)}", style="bold")
        chosen = advice.recommended is not None and verdict.id == advice.recommended.id
        name = f"{step} {verdict.name}" if step <= tiers else verdict.name
        table.add_row(Text(name, style="bold" if chosen else ""), Text(mark, style=COLOURS[verdict.can]), reason)
    return table


def _tip_rows(tips: Iterable[TipEntry], why: bool, signs: Marks) -> list[tuple[str, RenderableType]]:
    by_stage: dict[str, list[TipEntry]] = {}
    for tip in tips:
        by_stage.setdefault(tip.stage, []).append(tip)
    rows: list[tuple[str, RenderableType]] = []
    for stage, held in by_stage.items():
        body = Text(overflow="fold")
        for number, tip in enumerate(held if why else held[: MOST[stage]]):
            body.append(f"{chr(10) if number else ''}{tip.text}")
            body.append(f"  ({tip.certainty}{f', {tip.source}' if why else ''})", style="dim")
            if why:
                body.append(f"\n  {signs.dash} {tip.why}", style="dim")
        rows.append((HEADINGS[stage], body))
    return rows


def _record(findings: Iterable[FindingEntry], signs: Marks) -> Text:
    body = Text(overflow="fold")
    for number, finding in enumerate(findings):
        needs = ", ".join(finding.needs) or (finding.destination or "")
        body.append(f"{chr(10) if number else ''}{finding.signal} ({finding.by})")
        body.append(f' "{seen_words(finding.seen)}"' if finding.seen else "", style="cyan")
        weak = "" if finding.counts else ", seen but does not decide"
        body.append(f"\n  needs {needs}{weak} {signs.dot} {finding.source} {signs.dot} {finding.origin}", style="dim")
    return body


def _draft(advice: Advice) -> RenderableType:
    draft = advice.draft
    if draft is None:
        return Text()
    body = Text(overflow="fold")
    body.append(f"Subject: {visible(draft.subject)}\n\n", style="bold")
    body.append(visible(draft.body))
    for item in draft.attach:
        body.append(f"\nattach: {item}", style="dim")
    for item in draft.missing:
        body.append(f"\nmissing: {item}", style="yellow")
    return Padding(body, (0, 0, 0, 3))
