"""The case text to send: a template of the knowledge, filled with what is known; the rest stays a visible placeholder.

Only the template is read for placeholders. What the seller wrote is inserted as it is, never expanded a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from catalog_route.advice import DraftEntry
from catalog_route.case import CaseFacts
from catalog_route.conditions import holds, specificity
from catalog_route.guidance import PLACEHOLDER
from catalog_route.knowledge import Draft, Knowledge, Placeholder, When

MATTER = "{matter}"
SUBJECT = "{subject}"
DASH = " – "


def write(known: Knowledge, met: When, values: Mapping[str, str]) -> DraftEntry | None:
    """The case for what is met, filled with `values` (placeholder id → text); None when the knowledge has no draft for it.

    The closest draft for the problem, of equally close ones that for the problem named first, goes into the closest frame.
    """

    def rank(draft: Draft) -> tuple[int, int, int, str]:
        place = next((place for place, signal in enumerate(met.signals) if signal in draft.when.signals), len(met.signals))
        return -specificity(draft.when), place, -draft.weight, draft.id

    fitting = sorted((draft for draft in known.drafts.values() if holds(draft.when, met)), key=rank)
    matter = next((draft for draft in fitting if MATTER not in draft.lines), None)
    if matter is None:
        return None
    frame = next((draft for draft in fitting if MATTER in draft.lines), None)
    send = next((draft.send for draft in (*((frame,) if frame else ()), *fitting) if draft.send), "")
    return fill(_worded(_framed(matter, frame, send), met), known.placeholders, values)


def _framed(matter: Draft, frame: Draft | None, send: str) -> Draft:
    """The lines of `matter` where `frame` has its place for them."""
    if frame is None:
        return Draft(matter.id, matter.subject, matter.lines, matter.attach, send, matter.words)
    at = frame.lines.index(MATTER)
    lines = (*frame.lines[:at], *matter.lines, *frame.lines[at + 1 :])
    attach = tuple(dict.fromkeys((*matter.attach, *frame.attach)))
    return Draft(matter.id, frame.subject.replace(SUBJECT, matter.subject), lines, attach, send, matter.words)


def _worded(draft: Draft, met: When) -> Draft:
    """The draft with the words that the first problem with words of its own needs in it."""
    words = next((draft.words[signal] for signal in met.signals if signal in draft.words), {})

    def put(found: re.Match[str]) -> str:
        return words.get(found[1], found[0])

    subject, *lines = (re.sub(PLACEHOLDER, put, line) for line in (draft.subject, *draft.lines))
    return Draft(draft.id, subject, tuple(lines), draft.attach, draft.send)


def fill(draft: Draft, placeholders: Mapping[str, Placeholder], known: Mapping[str, str]) -> DraftEntry:
    """`draft` filled with `known` (placeholder id → text); `missing` lists the labels of what the seller must fill.

    `{a|b}` takes the first that is known. A line, or a part of the subject between two dashes, that begins with `? ` is left
    out when nothing in it is known, or all that is known stands above it already.
    """
    missing: dict[str, None] = {}

    def put(found: re.Match[str]) -> str:
        names = found[1].split("|")
        value = next((known[name] for name in names if known.get(name)), None)
        if value is not None:
            return value
        label = placeholders[names[0]].label if names[0] in placeholders else names[0]
        missing[label] = None
        return f"[{label}]"

    def filled(parts: Iterable[str]) -> list[str]:
        out: list[str] = []
        for part in parts:
            if not part.startswith("? ") or _tells(part, known, out):
                out.append(re.sub(PLACEHOLDER, put, part.removeprefix("? ")))
        return out

    subject = " ".join(DASH.join(filled(draft.subject.split(DASH))).split())
    return DraftEntry(subject, "\n".join(filled(draft.lines)), draft.attach, tuple(missing), draft.send)


def _tells(part: str, known: Mapping[str, str], above: Iterable[str]) -> bool:
    """Whether a part would say something known that does not stand above it."""
    said = "\n".join(above)
    values = (known[name] for name in named_in(part) if known.get(name))
    return any(not re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", said) for value in values)


def named_in(template: str) -> list[str]:
    """The placeholders of a piece of template, each by its id, in their order."""
    return [name for found in re.findall(PLACEHOLDER, template) for name in found.split("|")]


def case_values(placeholders: Iterable[Placeholder], case: CaseFacts) -> dict[str, str]:
    """Placeholder id → the case fact that fills it, as text; empty when unknown."""
    return {holder.id: _told(getattr(case, holder.fact)) for holder in placeholders if holder.fact}


def _told(value: object) -> str:
    if not isinstance(value, tuple):
        return "" if value is None or value is False else str(value)
    return ", ".join(str(getattr(item, "value", item)) for item in value)
