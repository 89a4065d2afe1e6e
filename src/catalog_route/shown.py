"""The shape of a page of what is known: a title, sections of rows, and the record behind it; and rows that pages share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from catalog_route.guidance import PLACEHOLDER
from catalog_route.knowledge import Draft, Knowledge, Signal, Step, Tip
from catalog_route.record import record

# A label, a text and a note (certainty and source).
Row = tuple[str, str, str]
STAGES = {"try": "try first", "prepare": "prepare", "write": "write", "escalate": "if stuck", "avoid": "avoid"}


@record
class Section:
    """Rows under a heading."""

    heading: str
    rows: tuple[Row, ...]


@record
class Sheet:
    """One page of what is known. `entry` is the record behind it, for JSON."""

    title: str
    summary: str
    sections: tuple[Section, ...]
    entry: Any


def filled(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Sections without empty rows and without those that then have nothing to say."""
    kept = (Section(s.heading, tuple(row for row in s.rows if row[1])) for s in sections)
    return tuple(section for section in kept if section.rows)


def fact_rows(known: Knowledge, names: Iterable[str]) -> tuple[Row, ...]:
    """Statements with their certainty and source."""
    facts = (known.facts[name] for name in names)
    return tuple((fact.id, fact.text, f"{fact.certainty}, {fact.source}") for fact in facts)


def source_rows(known: Knowledge, names: str) -> tuple[Row, ...]:
    """Statements and sources by their ids, joined by blanks."""
    rows: list[Row] = []
    for name in names.split():
        if name in known.facts:
            rows.extend(fact_rows(known, [name]))
        else:
            source = known.sources[name]
            rows.append((source.id, source.title, source.url or source.note))
    return tuple(rows)


def tip_rows(tips: Iterable[Tip]) -> tuple[Row, ...]:
    """Tips by stage, in the order in which they are of use."""
    order = list(STAGES)
    ranked = sorted(tips, key=lambda tip: (order.index(tip.stage), -tip.weight, tip.id))
    return tuple((STAGES[tip.stage], tip.text, f"{tip.certainty}, show {tip.id}") for tip in ranked)


def step_rows(steps: Iterable[Step]) -> tuple[Row, ...]:
    """Steps of a road, numbered."""
    return tuple(
        (str(number), f"{step.text}{f' ({step.wait})' if step.wait else ''}", f"{step.certainty}, show {step.id}")
        for number, step in enumerate(steps, 1)
    )


def draft_rows(known: Knowledge, drafts: Iterable[Draft], problem: Signal) -> tuple[Row, ...]:
    """Drafts by the subject lines that they give the case about one problem."""
    title = {"issue": problem.title}
    subjects = ((draft.id, labelled(known, draft.subject, {**title, **draft.words.get(problem.id, {})})) for draft in drafts)
    return tuple((name, subject, f"show {name}") for name, subject in subjects)


def labelled(known: Knowledge, template: str, words: Mapping[str, str] | None = None) -> str:
    """A piece of a draft as people read it: each placeholder by `words` or by its label in square brackets."""

    def put(found: re.Match[str]) -> str:
        names = found[1].split("|")
        if words and names[0] in words:
            return labelled(known, words[names[0]])
        return f"[{' or '.join(known.placeholders[name].label if name in known.placeholders else name for name in names)}]"

    return re.sub(PLACEHOLDER, put, template).replace("? ", "")
