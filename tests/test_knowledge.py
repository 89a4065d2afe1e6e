"""Completeness of the shipped knowledge: everything in it is sound, proven by examples, and can be reached."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from catalog_route import Knowledge, Router
from catalog_route.conditions import holds, road
from catalog_route.drafting import MATTER
from catalog_route.guidance import CASE
from catalog_route.knowledge import Draft, When


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
    """What decisions can find: each signal at its owner, and a catalog signal lifted by each history; with what can be known."""
    top = known.ladder()[-1]
    codes = tuple(known.codes)
    for case in (*CASE, *(f"tried-{tier}" for tier in known.tiers)):
        held = tuple(dict.fromkeys((case, "no-case" if case == "no-case" else "has-case")))
        for name, signal in known.signals.items():
            owner = known.owner(signal)
            start = getattr(known.destination(owner), "entry", "") or owner
            yield When((name,), (owner,), (), codes, (start,), held)
            if not signal.team:
                for history in known.history:
                    yield When((name,), (top.id,), (history,), codes, (top.entry,), held)


@pytest.mark.parametrize("section", ["tips", "steps", "drafts", "changes"])
def test_every_entry_of_the_advice_can_apply(known: Knowledge, section: str) -> None:
    cases = list(met(known))
    never = [name for name, entry in getattr(known, section).items() if not any(holds(entry.when, case) for case in cases)]
    assert never == []


# --- advice for every problem


def test_every_problem_has_something_to_do_and_something_to_write(known: Knowledge) -> None:
    """At least one tip to try alone or to prepare, and one for the wording, name the very signal."""
    stages = {name: {tip.stage for tip in known.tips.values() if name in tip.when.signals} for name in known.signals}
    assert [name for name, held in stages.items() if not held & {"try", "prepare"}] == []
    assert [name for name, held in stages.items() if "write" not in held] == []


def test_every_problem_has_a_draft_with_words_of_its_own(known: Knowledge) -> None:
    """Either a draft for it alone, or words for it in the draft of its desk: no subject line is a mere heading."""

    def worded(name: str, draft: Draft) -> bool:
        own = name in draft.when.signals or known.owner(known.signals[name]) in draft.when.destinations
        return name in draft.words or (own and "{issue}" not in draft.subject)

    drafts = [draft for draft in known.drafts.values() if MATTER not in draft.lines]
    assert [name for name in known.signals if not any(worded(name, draft) for draft in drafts)] == []


def test_every_destination_has_a_road_of_a_few_short_steps(known: Knowledge) -> None:
    for case in ("no-case", "has-case"):
        for ident in (*known.tiers, *known.teams):
            steps = road(known, When(destinations=(ident,), case=(case,)))
            assert 2 <= len(steps) <= 6, (ident, case)
    assert max(len(step.text) for step in known.steps.values()) <= 60
    assert max(len(tip.text) for tip in known.tips.values()) <= 110


def test_the_certainty_of_advice_is_that_of_its_first_source(known: Knowledge) -> None:
    """Amazon's pages are official, the article as it says itself; everything else is practice, never better."""
    kinds = {"amazon": {"official"}, "practitioner": {"practice"}, "own": {"practice"}}
    wrong = []
    for entry in (*known.tips.values(), *known.steps.values()):
        first = entry.source.split()[0]
        allowed = {known.facts[first].certainty} if first in known.facts else kinds[known.sources[first].kind]
        if entry.certainty not in allowed:
            wrong.append((entry.id, entry.certainty, first))
    assert wrong == []


# --- wording


def test_a_wait_referred_to_nothing(known: Knowledge) -> None:
    """The time stands in brackets behind the sentence, so the sentence has to speak of a time, or of what comes again."""
    waits = {step.id: step.text for step in known.steps.values() if step.wait}
    assert [ident for ident, text in waits.items() if not re.search(r"\btime\b|\bagain\b", text)] == []
    assert not any("before that" in text for text in waits.values())


def test_a_statement_carried_a_remark_of_ours(known: Knowledge) -> None:
    assert [fact.id for fact in known.facts.values() if re.search("never judge|no test", fact.text, re.IGNORECASE)] == []


def test_what_is_our_own_inference_was_put_into_amazons_mouth(known: Knowledge) -> None:
    says = re.compile(r"Amazon('s \w+)? (says|said|asks|names|states|warns)|says Amazon")
    assert [tip.id for tip in known.tips.values() if tip.source == "inference" and says.search(tip.why)] == []
