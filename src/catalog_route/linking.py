"""Finds what refers to nothing: ids of abilities, facts, sources, signals or destinations that do not exist."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeAlias

from catalog_route.guidance import CASE, PLACEHOLDER
from catalog_route.knowledge import Draft, Knowledge, When
from catalog_route.problems import MOST_PROBLEMS, Problem, brief, did_you_mean
from catalog_route.rules import fault

# The facts of a case that can be counted, and all that a placeholder can be filled with (`case.CaseFacts`).
COUNTS = ("reopened", "contacts", "ticket_days")
CASE_FACTS = (
    *COUNTS, "lasting_days", "tried", "account", "error_codes", "asins", "skus", "fnskus", "identifiers", "case_ids", "feed_ids",
    "order_ids", "shipment_ids", "marketplaces", "shown_value", "wanted_value",
)  # fmt: skip

# Kind of a reference → the sections in which its target can stand; the facts of a case stand in none.
_SECTIONS: dict[str, tuple[str, ...]] = {
    "source": ("sources",), "fact": ("facts",), "fact or source": ("facts", "sources"), "ability": ("abilities",),
    "tier": ("tiers",), "team": ("teams",), "destination": ("tiers", "teams", "beyond"), "signal": ("signals",),
    "history signal": ("history",), "error code": ("codes",), "placeholder": ("placeholders",),
    "id that a condition can name": ("signals", "tiers", "teams", "history", "codes"),
}  # fmt: skip

Locate: TypeAlias = "Callable[..., tuple[str, int, int]]"
Reference: TypeAlias = "tuple[str, str, tuple[str | int, ...], str, Collection[str], str]"


def dangling(known: Knowledge, locate: Locate, broken: Collection[str] = (),
             off: Mapping[tuple[str, str], str] | None = None) -> list[Problem]:  # fmt: skip
    """A problem for every reference without a target; `broken` are ids that exist but could not be read.

    `off`: section and id of what is switched off, with the address that says so. A condition may name it: it is never met by it.
    """
    problems: list[Problem] = []
    off = off or {}
    for section, ident, inside, target, targets, kind in references(known):
        if target in targets or target in broken:
            continue
        gone = next((key for key in meant(kind, target) if key in off), None)
        if gone and soft(inside):
            continue
        if len(problems) >= MOST_PROBLEMS:
            break
        place, told = locate(section, ident, *inside), brief(target)
        if gone:
            cure = f"switched off at {off[gone]}; switch {ident} off too, or replace it"
            problems.append(fault("switched-off", place, f'{inside[0]}: the {kind} "{told}" is switched off', cure))
        else:
            names = list(targets)
            cure = did_you_mean(target, names, f"define it, or use one of {len(names)} known")
            problems.append(fault("dangling", place, f'{inside[0]}: no {kind} "{told}"', cure))
    return problems


def meant(kind: str, target: str) -> tuple[tuple[str, str], ...]:
    """Section and id of all that a reference of a kind (as `references` tells it) can mean by `target`."""
    return tuple((section, target) for section in _SECTIONS.get(kind, ()))


def soft(inside: tuple[str | int, ...]) -> bool:
    """Whether a reference only tells a case apart – a way to meet a condition, words for one problem – so that it does no harm
    when that case never comes."""
    apart = inside[0] == "words" and len(inside) == 2
    return apart or inside[0] in ("when", "between", "echo_of", "subject") or (inside[0], inside[-1]) == ("limits", "team")


def references(known: Knowledge) -> Iterator[Reference]:
    """Everything that refers to something: section, id, where inside, the target, what it may be, and what that is called."""
    destinations = [*known.tiers, *known.teams]
    yield from _many(known.facts, "facts", "source", known.sources, "source")
    yield from _many(known.abilities, "abilities", "facts", known.facts, "fact")
    for part, targets, kind in (("can", known.abilities, "ability"), ("some_can", known.abilities, "ability"),
                                ("facts", known.facts, "fact"), ("entry", known.tiers, "tier")):  # fmt: skip
        yield from _many(known.tiers, "tiers", part, targets, kind)
    yield from _many(known.teams, "teams", "facts", known.facts, "fact")
    yield from _many(known.beyond, "beyond", "facts", known.facts, "fact")
    yield from _many(known.terms, "terms", "facts", known.facts, "fact")
    yield from _many(known.signals, "signals", "needs", known.abilities, "ability")
    yield from _many(known.signals, "signals", "team", known.teams, "team")
    yield from _many(known.history, "history", "needs", known.abilities, "ability")
    yield from _many(known.history, "history", "subject", known.signals, "signal")
    held: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("signals", known.signals), ("history", known.history), ("teams", known.teams), ("tips", known.tips),
        ("steps", known.steps), ("codes", known.codes),
    )  # fmt: skip
    for section, entries in held:
        yield from _many(entries, section, "source", [*known.facts, *known.sources], "fact or source")
    yield from _code_references(known, destinations)
    yield from _fact_references(known)
    yield from _many(known.steps, "steps", "at", ["seller", *destinations, *known.beyond], "destination")
    yield from _many(known.changes, "changes", "signal", known.signals, "signal")
    yield from _many(known.changes, "changes", "history", known.history, "history signal")
    yield from _many(known.questions, "questions", "between", destinations, "destination")
    conditional: tuple[tuple[str, Mapping[str, Any]], ...] = (
        ("tips", known.tips), ("steps", known.steps), ("drafts", known.drafts), ("changes", known.changes),
    )  # fmt: skip
    for section, entries in conditional:
        for ident, entry in entries.items():
            yield from _conditions(known, section, ident, entry.when, destinations)


def _code_references(known: Knowledge, destinations: list[str]) -> Iterator[Reference]:
    yield from _many(known.codes, "codes", "signal", known.signals, "signal")
    yield from _many(known.codes, "codes", "echo_of", known.codes, "error code")
    for name in ("cured_by", "then"):
        yield from _many(known.codes, "codes", name, ["seller", *destinations], "destination")
    for ident, code in known.codes.items():
        for index, reading in enumerate(code.readings):
            for source in reading.source.split():
                yield "codes", ident, ("readings", index, "source"), source, [*known.facts, *known.sources], "fact or source"
            yield "codes", ident, ("readings", index, "signal"), reading.signal, known.signals, "signal"
            yield "codes", ident, ("readings", index, "cured_by"), reading.cured_by, ["seller", *destinations], "destination"


def _fact_references(known: Knowledge) -> Iterator[Reference]:
    for ident, tier in known.tiers.items():
        for number, limit in enumerate(tier.limits):
            yield "tiers", ident, ("limits", number, "fact"), limit.fact, known.facts, "fact"
            if limit.team:
                yield "tiers", ident, ("limits", number, "team"), limit.team, known.teams, "team"
    for ident, entry in known.history.items():
        for name in entry.at_least:
            yield "history", ident, ("at_least", name), name, COUNTS, "case fact"
    for ident, change in known.changes.items():
        for name in change.facts:
            yield "changes", ident, ("facts", name), name, COUNTS, "case fact"
    yield from _many(known.placeholders, "placeholders", "fact", CASE_FACTS, "case fact")
    for ident, draft in known.drafts.items():
        yield from _draft_references(known, ident, draft)


def _draft_references(known: Knowledge, ident: str, draft: Draft) -> Iterator[Reference]:
    """The placeholders of a draft, and the signals that it has words for."""
    texts: list[tuple[tuple[str | int, ...], str]] = [(("subject",), draft.subject)]
    texts += [(("lines", number), line) for number, line in enumerate(draft.lines)]
    for signal, words in draft.words.items():
        yield "drafts", ident, ("words", signal), signal, known.signals, "signal"
        texts += [(("words", signal, name), f"{{{name}}}{text}") for name, text in words.items()]
    for inside, text in texts:
        for names in re.findall(PLACEHOLDER, text):
            for name in names.split("|"):
                yield "drafts", ident, inside, name, known.placeholders, "placeholder"


def _many(entries: Mapping[str, Any], section: str, name: str, targets: Collection[str], kind: str) -> Iterator[Reference]:
    """References that the field `name` of every entry makes: one id, a list of ids, or ids joined by blanks."""
    for ident, entry in entries.items():
        value = getattr(entry, name)
        if isinstance(value, str):
            for target in value.split():
                yield section, ident, (name,), target, targets, kind
        else:
            for index, target in enumerate(value):
                yield section, ident, (name, index), target, targets, kind


def _conditions(known: Knowledge, section: str, ident: str, when: When, destinations: list[str]) -> Iterator[Reference]:
    case = [*CASE, *(f"tried-{tier}" for tier in known.tiers)]
    anything = [*known.signals, *destinations, *known.history, *known.codes, *case]
    parts = (
        ("signals", when.signals, known.signals, "signal"),
        ("destinations", when.destinations, [*destinations, "seller"], "destination"),
        ("start", when.start, destinations, "destination"),
        ("history", when.history, known.history, "history signal"),
        ("codes", when.codes, known.codes, "error code"),
        ("case", when.case, case, "fact about the case"),
        ("unless", when.unless, anything, "id that a condition can name"),
    )
    for name, values, targets, kind in parts:
        for index, target in enumerate(values):
            yield section, ident, ("when", name, index), target, targets, kind
