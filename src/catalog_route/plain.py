"""Advice as plain lines, for pipes and files: no colour, no boxes, no wrapping, one statement a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from catalog_route.advice import Advice, Evidence, FindingEntry
from catalog_route.display import one_line, visible

if TYPE_CHECKING:
    from catalog_route.showing import Sheet

SHOWN_TEXT = 2_000


def advice_lines(advice: Advice, *, why: bool = False) -> Iterator[str]:
    """The lines of one answer. `why` adds words, needs and sources of everything."""
    yield f"text: {one_line(advice.text, SHOWN_TEXT)}"
    if advice.recommended is None:
        yield "who: unclear – no support problem can be recognised"
    else:
        yield f"who: {advice.recommended.name} ({advice.recommended.id})"
        yield f"confidence: {advice.confidence}"
        if advice.start_with and advice.start_with != advice.recommended:
            yield f"start with: {advice.start_with.name} ({advice.start_with.id})"
    for finding in advice.findings:
        yield from _finding(finding, why)
    for verdict in advice.verdicts:
        yield f"can: {verdict.name}: {verdict.can} – {verdict.why}"
    for other in advice.alternatives:
        yield f"also: {other.name} – {other.because}"
    for step in advice.path:
        wait = f" (wait: {step.wait})" if step.wait else ""
        yield f"step {step.step}: {step.do}{wait} [{step.certainty}{f'; {step.source}' if why else ''}]"
    for tip in advice.tips:
        yield f"{tip.stage}: {tip.text} [{tip.certainty}{f'; {tip.source}' if why else ''}]"
        if why:
            yield f"  because: {tip.why}"
    for change in advice.what_would_change:
        yield f"would change: {change.if_} -> {change.name}"
    for question in advice.questions:
        yield f"question: {question.text} ({' / '.join(question.answers)})"
    for conflict in advice.case.conflicts:
        yield f"note: {visible(conflict)}"
    if advice.draft is not None:
        yield from ("", f"Subject: {visible(advice.draft.subject)}", "", *visible(advice.draft.body).split("\n"), "")
        yield from (f"attach: {item}" for item in advice.draft.attach)
        yield from (f"missing: {item}" for item in advice.draft.missing)


def _finding(finding: FindingEntry, why: bool) -> Iterator[str]:
    words = seen_words(finding.seen)
    weak = "" if finding.counts else " (seen, does not decide)"
    said = f' – you said "{words}"' if finding.by == "phrase" and words else ""
    alike = f' – like known cases in "{words}"' if finding.by == "likeness" and words else ""
    kind = "why" if finding.destination else "history"
    yield f"{kind}: {finding.title}{weak}. {finding.why}{said}{alike}"
    if why:
        yield f"  signal: {finding.signal} needs {', '.join(finding.needs) or finding.destination}"
        yield f"  source: {finding.source}; {finding.origin}"


def seen_words(seen: tuple[Evidence, ...], most: int = 3) -> str:
    """The first few quoted words, visible and joined."""
    return '", "'.join(one_line(evidence.text, 60) for evidence in seen[:most])


def sheet_lines(sheet: Sheet) -> Iterator[str]:
    """The lines of one page of what is known."""
    yield f"{visible(sheet.title)}: {visible(sheet.summary)}"
    for section in sheet.sections:
        for label, text, note in section.rows:
            parts = (section.heading, label, visible(text))
            yield ": ".join(part for part in parts if part) + (f" ({visible(note)})" if note else "")
