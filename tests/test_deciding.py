"""The decision over weights of one's own: when resemblance lifts over a phrase, and what it does without any signal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalog_route import Advice, Knowledge, Router
from catalog_route.deciding import CLEARLY
from catalog_route.likeness import Likeness, Settings

BONUS = {"strong": 0.5, "normal": 0.25, "weak": 0.1}
SIGNAL = """\
  - id: {id}
    title: "T"
    why: "W"
    source: F1
    needs: [{need}]
    strength: strong
    says: ["{id}s"]
    examples: {{fires: ["he {id}s"], silent: ["he rests"]}}
"""
WALK, RUN = SIGNAL.format(id="stumble", need="walk"), SIGNAL.format(id="race", need="run")
HISTORY = """\
history:
  - {id: again, title: "T", why: "W", source: F1, needs: [run], says: [again], examples: {fires: [again], silent: [once]}}
"""

Routed = Callable[..., Advice]


@pytest.fixture
def routed(small: Callable[[str], Knowledge]) -> Routed:
    """The advice for a text over some YAML, where every text speaks so much for each group and no word matters."""

    def route(more: str, text: str, **evidence: float) -> Advice:
        weights = {"w:feed": [1] * (len(evidence) + 1)}
        likeness = Likeness(list(evidence), list(evidence.values()), weights, {}, Settings(BONUS, 0.9, 0.5))
        return Router(small(more), likeness).route(text)

    return route


@pytest.mark.parametrize(("more_for_high", "tier"), [(CLEARLY - 0.1, "low"), (CLEARLY + 0.1, "high")])
def test_resemblance_lifts_over_a_strong_phrase_only_when_it_is_clear(routed: Routed, more_for_high: float, tier: str) -> None:
    high = BONUS["strong"] + more_for_high
    advice = routed(f"signals:\n{WALK}{RUN}", "he stumbles", low=0.0, high=high, unclear=-9.0)
    assert advice.recommended is not None
    assert advice.recommended.id == tier
    assert "stumble" in {finding.signal for finding in advice.findings}


def test_a_tier_that_no_signal_leads_to_is_not_named_by_resemblance(routed: Routed) -> None:
    advice = routed(f"signals:\n{WALK}", "he stumbles", low=0.0, high=9.0, unclear=-9.0)
    assert advice.recommended is not None
    assert advice.recommended.id == "low"
    assert [finding.signal for finding in advice.findings] == ["stumble"]


def test_what_nobody_learned_is_named_without_words(routed: Routed) -> None:
    """The history needs a higher tier; the matter below it is filled in from a tier that the weights do not know."""
    advice = routed(f"signals:\n{WALK}{HISTORY}", "it happened again", high=9.0, unclear=-9.0)
    assert advice.recommended is not None
    assert advice.recommended.id == "high"
    assert [(finding.signal, finding.seen) for finding in advice.findings if finding.by == "likeness"] == [("stumble", ())]
