"""Lint of the knowledge: every fault at once, each with file, line and cure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from catalog_route.knowledge import History, Knowledge, Signal
from catalog_route.loading import load_knowledge
from catalog_route.matching import Matcher
from catalog_route.problems import KnowledgeError, Problem


def check_folder(*folders: Path) -> list[Problem]:
    """Everything wrong with the knowledge in `folders` (default: the shipped one), in file order."""
    try:
        known = load_knowledge(*folders)
        matcher = Matcher(known)
    except KnowledgeError as fault:
        return list(fault.problems)
    return sorted({*_examples(known, matcher), *_homeless(known), *_reached(known)})


def _examples(known: Knowledge, matcher: Matcher) -> Iterator[Problem]:
    """Examples that do not fire, and near-misses that do, with the phrase that did it."""
    entries: list[Signal | History] = [*known.signals.values(), *known.history.values()]
    for entry in entries:
        for text in entry.examples.fires:
            found = matcher.match(text)
            if entry.id not in found.signals and entry.id not in found.history:
                yield _at(entry.origin, f'{entry.id}: the example "{text}" does not fire', "add a phrase, or drop it")
        for text in entry.examples.silent:
            found = matcher.match(text)
            for seen in [*found.signals.get(entry.id, ()), *found.history.get(entry.id, ())][:1]:
                what = f'{entry.id}: the near-miss "{text}" fires by "{seen.phrase}"'
                yield _at(entry.origin, what, "narrow the phrase, or veto it with not:")


def _homeless(known: Knowledge) -> Iterator[Problem]:
    """Signals without an owner or with two, needs that no tier holds, tiers whose order is broken."""
    for signal in known.signals.values():
        if bool(signal.team) == bool(signal.needs):
            yield _at(signal.origin, f"{signal.id}: give either needs or a team", "exactly one of the two")
        elif signal.needs and known.lowest_tier(frozenset(signal.needs)) is None:
            yield _at(signal.origin, f"{signal.id}: no tier can do all of {', '.join(signal.needs)}", "give it to a tier")
        if not signal.says:
            yield _at(signal.origin, f"{signal.id}: no phrase", "add says:")
    levels = [tier.level for tier in known.tiers.values()]
    for tier, level in zip(known.tiers.values(), range(1, len(levels) + 1), strict=True):
        if tier.level != level:
            yield _at(tier.origin, f"{tier.id}: level {tier.level} where {level} is next", "number the tiers 1, 2, 3 …")


def _reached(known: Knowledge) -> Iterator[Problem]:
    """Teams that no signal leads to, and abilities that nobody holds."""
    teams = {signal.team for signal in known.signals.values()}
    for team in known.teams.values():
        if team.id not in teams:
            yield _at(team.origin, f"{team.id}: no signal leads to this team", "add a signal with this team")
    held = {name for tier in known.tiers.values() for name in (*tier.can, *tier.some_can)}
    for ability in known.abilities.values():
        if ability.id not in held:
            yield _at(ability.origin, f"{ability.id}: no tier holds this ability", "give it to a tier or drop it")


def _at(origin: str, what: str, cure: str) -> Problem:
    file, _, line = origin.rpartition(":")
    return Problem(file, int(line), 1, what, cure, "warning")
