"""Texts by somebody who saw neither the rules nor the training texts: they were measured once, and must stay as right."""

from __future__ import annotations

from pathlib import Path

from catalog_route import Router
from catalog_route.evaluating import measure, read_items

TEXTS = Path(__file__).parent / "evaluation"
ACCEPTED = 0.97
BALANCED = 0.95
# The bars: of everyday sentences at most so many may be routed with high confidence, and at all.
HIGH = 0.01
ROUTED = 0.05


def test_independent_texts_stay_right(router: Router) -> None:
    result = measure(router, read_items(TEXTS / "independent.jsonl"))
    assert result.accepted.share is not None
    assert result.accepted.share >= ACCEPTED
    assert result.balanced_accepted >= BALANCED


def test_no_independent_text_ends_two_tiers_too_low(router: Router) -> None:
    result = measure(router, read_items(TEXTS / "independent.jsonl"))
    lowest, highest = router.known.ladder()[0].id, router.known.ladder()[-1].id
    assert [a.item.id for a in result.errors if a.item.label == highest and a.group == lowest] == []


def test_everyday_sentences_are_hardly_ever_taken_for_a_problem(router: Router) -> None:
    sentences = (TEXTS / "everyday_more.txt").read_text(encoding="utf-8").splitlines()
    decided = [router.decide(sentence)[1] for sentence in sentences]
    routed = [d for d in decided if d.destination is not None]
    assert len(routed) <= ROUTED * len(sentences)
    assert sum(d.confidence == "high" for d in routed) <= HIGH * len(sentences)
