"""Completeness of the shipped knowledge: everything in it is sound, proven by examples, and can be reached."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalog_route import Knowledge, Router
from catalog_route.advising import holds
from catalog_route.checking import check_folders
from catalog_route.knowledge import When


def test_shipped_knowledge_is_clean() -> None:
    """Every example fires, every near-miss stays silent, nothing refers to nothing."""
    assert list(map(str, check_folders().problems)) == []


def test_every_signal_has_proof_both_ways(known: Knowledge) -> None:
    assert len(known.signals) >= 60
    for entry in [*known.signals.values(), *known.history.values()]:
        assert len(entry.examples.fires) >= 3, entry.id
        assert len(entry.examples.silent) >= 3, entry.id
        assert entry.why
        assert entry.source


def test_every_tier_and_team_is_recommended_for_some_example(known: Knowledge, router: Router) -> None:
    texts = [text for signal in known.signals.values() for text in signal.examples.fires]
    reached = {router.decide(text)[1].destination for text in texts}
    assert {*known.tiers, *known.teams} <= reached


def met(known: Knowledge) -> Iterator[When]:
    """What decisions can find: each signal at its owner, and a catalog signal lifted by each history."""
    top = known.ladder()[-1]
    for name, signal in known.signals.items():
        codes = tuple(known.codes)
        owner = known.owner(signal)
        start = getattr(known.destination(owner), "entry", "") or owner
        yield When((name,), (owner,), (), codes, (start,))
        if not signal.team:
            for history in known.history:
                yield When((name,), (top.id,), (history,), codes, (top.entry,))


@pytest.mark.parametrize("section", ["tips", "steps", "drafts"])
def test_every_entry_of_the_advice_can_apply(known: Knowledge, section: str) -> None:
    cases = list(met(known))
    never = [name for name, entry in getattr(known, section).items() if not any(holds(entry.when, case) for case in cases)]
    assert never == []
