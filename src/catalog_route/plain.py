"""Advice as plain lines, for pipes and files: no colour, no boxes, no wrapping, one statement a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from catalog_route.advice import Advice, DraftEntry, FindingEntry, TipEntry
from catalog_route.choosing import NEXT, UNCLEAR, because, beginning, names, shortened
from catalog_route.display import one_line, visible

if TYPE_CHECKING:
    from catalog_route.shown import Sheet

SHOWN_TEXT = 2_000
# A text is cut only where that saves as many characters.
SAVED = 200


def advice_lines(advice: Advice, *, why: bool = False) -> Iterator[str]:
    """The lines of one answer: what the terminal shows. `why` adds everything known, with words, needs and sources."""
    told = advice if why else shortened(advice)
    yield f"text: {_echo(advice.text)}"
    if told.recommended is None:
        yield f"who: unclear – {UNCLEAR}"
    else:
        yield f"who: {told.recommended.name} ({told.recommended.id})"
        yield f"confidence: {told.confidence}"
        if told.start_with and told.start_with != told.recommended:
            yield f"start with: {told.start_with.name} ({told.start_with.id})"
    for finding in told.findings:
        yield from _finding(finding, why)
    for verdict in told.verdicts:
        source = f" ({verdict.source})" if why and verdict.source else ""
        yield f"can: {verdict.name}: {verdict.can} – {visible(verdict.why)}{source}"
    yield from _advised(told, why)
    yield from _beside(told)
    if told.recommended is None and told.questions:
        yield f"next: {NEXT}"
    if why and told.findings:
        yield f"look up: {names(told)}"
    if told.draft is not None:
        yield from draft_lines(told.draft)


def draft_lines(draft: DraftEntry) -> Iterator[str]:
    """The case to send, ready to be copied."""
    if draft.send:
        yield from ("", f"send: {visible(draft.send)}")
    yield from ("", f"Subject: {visible(draft.subject)}", "", *visible(draft.body).split("\n"), "")
    yield from (f"attach: {visible(item)}" for item in draft.attach)
    yield from (f"missing: {visible(item)}" for item in draft.missing)


def _echo(text: str) -> str:
    flat = one_line(text)
    shown = beginning(flat, SHOWN_TEXT, SAVED)
    return shown if shown == flat else f"{shown} … ({len(flat) - len(shown)} more characters)"


def _finding(finding: FindingEntry, why: bool) -> Iterator[str]:
    weak = "" if finding.counts else " (seen, does not decide)"
    rests = because(finding, words=why)
    kind = "why" if finding.destination else "history"
    yield f"{kind}: {finding.title}{weak}. {finding.why}{f' – {rests}' if rests else ''}"
    if why:
        needs = ", ".join(finding.needs) or finding.destination
        yield f"  signal: {finding.signal}{f' needs {needs}' if needs else ''}"
        yield f"  source: {finding.source}; {finding.origin}"


def _advised(told: Advice, why: bool) -> Iterator[str]:
    """What to do: alone first, then the road, then what helps the case along."""
    for tip in told.tips:
        if tip.stage == "try":
            yield from _tip(tip, why)
    for step in told.path:
        wait = f" (wait: {step.wait})" if step.wait else ""
        yield f"step {step.step}: {step.do}{wait} ({step.certainty}{f', {step.source}' if why else ''})"
    for tip in told.tips:
        if tip.stage != "try":
            yield from _tip(tip, why)


def _tip(tip: TipEntry, why: bool) -> Iterator[str]:
    yield f"{tip.stage}: {tip.text} ({tip.certainty}{f', {tip.source}' if why else ''})"
    if why:
        yield f"  because: {tip.why}"


def _beside(told: Advice) -> Iterator[str]:
    """What would change the answer, what else is in play, what to ask, and what does not fit."""
    for change in told.what_would_change:
        yield f"would change: {change.if_} -> {change.name}"
    for other in told.alternatives:
        yield f"also: {other.name} – {other.because}"
    for question in told.questions:
        yield f"question: {question.text} ({' / '.join(question.answers)})"
    for note in (*told.case.conflicts, *told.case.notes):
        yield f"note: {visible(note)}"


def sheet_lines(sheet: Sheet) -> Iterator[str]:
    """The lines of one page of what is known."""
    yield f"{visible(sheet.title)}: {visible(sheet.summary)}"
    for section in sheet.sections:
        for label, text, note in section.rows:
            parts = (section.heading, label, visible(text))
            yield ": ".join(part for part in parts if part) + (f" ({visible(note)})" if note else "")
