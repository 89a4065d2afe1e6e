"""The case text to send: a template of the knowledge, filled with what is known; the rest stays a visible placeholder.

Only the template is read for placeholders. What the seller wrote is inserted as it is, never expanded a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from catalog_route.advice import DraftEntry, FindingEntry
from catalog_route.case import CaseFacts
from catalog_route.conditions import holds, specificity
from catalog_route.guidance import PLACEHOLDER
from catalog_route.knowledge import Draft, Knowledge, Placeholder, When

MATTER = "{matter}"
SUBJECT = "{subject}"
DASH = " – "


def write(known: Knowledge, met: When, values: Mapping[str, str]) -> DraftEntry | None:
    """The case for what is met, filled with `values` (placeholder id → text); None when the knowledge has no draft for it, or
    one that says that there is nothing to send (see `refused`).

    The closest draft for the problem, of equally close ones that for the problem named first, goes into the closest frame.
    """
    fitting = _fitting(known, met)
    matter = next((draft for draft in fitting if MATTER not in draft.lines), None)
    if matter is None or any(draft.instead for draft in fitting):
        return None
    frame = next((draft for draft in fitting if MATTER in draft.lines), None)
    send = next((draft.send for draft in (*((frame,) if frame else ()), *fitting) if draft.send), "")
    return fill(_worded(_framed(matter, frame, send), met), known.placeholders, values)


def refused(known: Knowledge, met: When) -> str:
    """Why no case is to be sent for what is met; empty when nothing says so."""
    return next((" ".join(draft.lines) for draft in _fitting(known, met) if draft.instead), "")


def main_matter(known: Knowledge, findings: Iterable[FindingEntry], confidence: str) -> tuple[FindingEntry, ...]:
    """The findings that a case may speak of, the main one first; none where the main one is not sure enough to state it.

    It is not sure when the answer has low confidence, when only resemblance, an answer to a question or a weak phrase speaks
    for it, and when exact phrases of another kind – other needs, another draft – stand beside it, or of two more drafts.
    """
    deciding = [found for found in findings if found.counts and found.destination]
    if not deciding or confidence == "low":
        return ()
    main = deciding[0]
    if main.by != "phrase" or known.signals[main.signal].strength == "weak":
        return ()
    coded = any(seen.text in known.codes for seen in main.seen)
    own = _drafts_of(known, main.signal)
    others = [] if coded else [
        found for found in deciding[1:]
        if found.by == "phrase" and not known.signals[found.signal].general and found.destination == main.destination
        and _drafts_of(known, found.signal) != own and not _overlap(main, found)
    ]  # fmt: skip
    if any(found.needs != main.needs for found in others) or len({_drafts_of(known, found.signal) for found in others}) > 1:
        return ()
    return tuple(deciding)


def _drafts_of(known: Knowledge, signal: str) -> frozenset[str]:
    """The drafts that a signal is named by."""
    return frozenset(draft.id for draft in known.drafts.values() if signal in draft.when.signals)


def _overlap(one: FindingEntry, other: FindingEntry) -> bool:
    """Whether the other finding rests on words of the one alone."""
    return all(any(mine.start < seen.end and seen.start < mine.end for mine in one.seen) for seen in other.seen)


def _fitting(known: Knowledge, met: When) -> list[Draft]:
    """The drafts whose conditions hold, the closest first."""

    def rank(draft: Draft) -> tuple[int, int, int, str]:
        place = next((place for place, signal in enumerate(met.signals) if signal in draft.when.signals), len(met.signals))
        return -specificity(draft.when), place, -draft.weight, draft.id

    return sorted((draft for draft in known.drafts.values() if holds(draft.when, met)), key=rank)


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
