"""The decision over weights of one's own: when resemblance lifts over a phrase, and what it does without any signal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log
from pathlib import Path

import pytest

from catalog_route import Advice, Knowledge, Router, Told, load_knowledge
from catalog_route.deciding import ALONE, CLEARLY, LEAST_ALIKE, SLIGHTLY, TOGETHER, Decision
from catalog_route.likeness import Likeness, Settings
from catalog_route.record import changed

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


# A ladder of three, with two desks of one group and one of another.

LADDER = """\
sources:
  - {id: paper, title: "A paper", kind: own}
facts:
  - {id: F1, about: "the ladder", text: "Someone can add.", certainty: stated, source: paper}
abilities:
  - {id: greet, title: "greet"}
  - {id: add, title: "add"}
  - {id: fix, title: "fix"}
  - {id: push, title: "push"}
  - {id: sing, title: "sing"}
tiers:
  - {id: low, level: 1, name: "Low team", short: "Low", summary: "adds", can: [add, greet], channels: "phone", reached: "a case",
     location: "here", facts: [F1]}
  - {id: mid, level: 2, name: "Mid team", short: "Mid", summary: "fixes", can: [add, fix], some_can: [push], channels: "phone",
     reached: "a case", location: "here", facts: [F1]}
  - {id: high, level: 3, name: "High team", short: "High", summary: "pushes", can: [add, fix, push], some_can: [sing],
     channels: "phone", reached: "a case", location: "here", facts: [F1]}
teams:
  - {id: side, group: fba, name: "Side desk", short: "Side", summary: "beside", reached: "a case", source: F1, certainty: stated}
  - {id: left, group: other, name: "Left desk", short: "Left", summary: "l", reached: "a case", source: F1, certainty: stated}
  - {id: right, group: other, name: "Right desk", short: "Right", summary: "r", reached: "a case", source: F1, certainty: stated}
"""


def signal(name: str, fields: str) -> str:
    """A signal called `name` that is seen in its name with an s."""
    return (
        f'  - {{id: {name}, title: "T", why: "W", source: F1, {fields}, says: ["{name}s"],'
        f" examples: {{fires: [it {name}s], silent: [it rests]}}}}\n"
    )


SIGNALS = (
    "signals:\n"
    + "".join(
        signal(name, fields)
        for name, fields in {
            "greeter": "needs: [greet]",
            "adder": "needs: [add]",
            "summer": "needs: [add]",
            "mixer": "needs: [add]",
            "fixer": "needs: [fix]",
            "breaker": "needs: [fix], strength: strong",
            "pusher": "needs: [push]",
            "singer": "needs: [sing]",
            "sider": "team: side",
            "locker": "team: side, overrules: true",
            "lefter": "team: left",
            "lefting": "team: left, general: true",
            "righter": "team: right",
            "weaker": "team: right, strength: weak",
            "shouter": "team: side, strength: strong",
        }.items()
    )
    + """\
  - {id: coder, title: "T", why: "W", source: F1, needs: [add], says: ["<error-code>"], examples: {fires: ["8541"], silent: [it]}}
codes:
  - {code: "8541", meaning: "m", signal: coder, cured_by: low, cure: "c", certainty: official, source: F1}
"""
)
AGAIN = """\
history:
  - {id: again, title: "T", why: "W", source: F1, needs: [push], says: [again], examples: {fires: [again], silent: [once]}}
  - {id: stuck, title: "T", why: "W", source: F1, needs: [push], subject: summer, says: [stuck], at_least: {reopened: 3},
     examples: {fires: [stuck], silent: [once]}}
  - {id: calm, title: "T", why: "W", source: F1, says: [calmly], examples: {fires: [calmly], silent: [once]}}
"""
EVEN = {"low": 0.0, "mid": 0.0, "high": 0.0, "fba": -9.0, "other": -9.0, "unclear": -9.0}


@dataclass
class Ladder:
    """Routers over the ladder; `words` are weights of words for each group in the order of EVEN, `telling` words of signals."""

    known: Knowledge

    def decide(self, text: str, *, words: dict[str, list[int]] | None = None, telling: dict[str, dict[str, float]] | None = None,
               surely: float = 0.6, told: Told | None = None, **evidence: float) -> Decision:  # fmt: skip
        """The decision for a text in which every group has so much evidence from the start."""
        router = self.router(words, telling, surely, **evidence)
        return router.decide(text, told)[1]

    def router(self, words: dict[str, list[int]] | None = None, telling: dict[str, dict[str, float]] | None = None,
               surely: float = 0.6, **evidence: float) -> Router:  # fmt: skip
        """A router of such weights."""
        each = {**EVEN, **evidence}
        weights = {f"w:{word}": [100, *row] for word, row in (words or {}).items()} or {"w:nothing": [1] * 7}
        return Router(
            self.known,
            Likeness(list(each), list(each.values()), weights, telling or {}, Settings(BONUS, surely, 0.5), words or ()),
        )


@pytest.fixture
def ladder(folder: Callable[[Mapping[str, str | bytes]], Path]) -> Ladder:
    """The ladder of three with its signals and history."""
    return Ladder(load_knowledge(folder({"ladder.yaml": LADDER, "signals.yaml": SIGNALS, "history.yaml": AGAIN}), alone=True))


def test_a_text_without_words_is_unclear(ladder: Ladder) -> None:
    assert ladder.decide("…", low=9.0).destination is None


def test_the_tiers_together_outweigh_a_desk_that_each_alone_does_not(ladder: Ladder) -> None:
    """The weaker tiers add a part of what they weigh: TOGETHER times the logarithm of their sum."""
    help_of_the_others = TOGETHER * log(3)
    assert ladder.decide("it rests", fba=help_of_the_others - 0.05).destination in ("low", "mid", "high")
    assert ladder.decide("it rests", fba=help_of_the_others + 0.05).destination == "side"


@pytest.mark.parametrize(
    ("text", "evidence", "answer"),
    [
        ("it adders", {"low": 3.0}, "low"),
        ("it lockers", {"low": 3.0}, "side"),
        ("it lockers", {"unclear": 9.0}, "side"),
        ("it lockers", {"other": 9.0}, "left"),
        ("it siders", {"low": 3.0}, "low"),
        ("it rests", {"unclear": 3.0}, None),
    ],
)
def test_only_what_overrules_takes_a_matter_from_the_catalog(
    ladder: Ladder, text: str, evidence: dict[str, float], answer: str | None
) -> None:
    assert ladder.decide(text, **evidence).destination == answer


def test_what_no_tier_can_do_alone_goes_to_the_highest(ladder: Ladder) -> None:
    decision = ladder.decide("it greeters and fixers", mid=2.0)
    assert decision.needs == {"greet", "fix"}
    assert decision.destination == "high"
    assert {v.destination: (v.can, v.missing) for v in decision.verdicts} == {
        "low": ("no", ("fix",)), "mid": ("no", ("greet",)), "high": ("no", ("greet",)),
    }  # fmt: skip


def test_some_members_are_enough_only_when_they_can_do_all_that_is_missing(ladder: Ladder) -> None:
    decision = ladder.decide("it pushers", high=2.0)
    assert decision.destination == "high"
    assert {v.destination: (v.can, v.missing) for v in decision.verdicts} == {
        "low": ("no", ("push",)), "mid": ("some", ("push",)), "high": ("yes", ()),
    }  # fmt: skip
    both = ladder.decide("it pushers and singers", high=2.0)
    assert [v.can for v in both.verdicts] == ["no", "no", "some"]


def test_a_desk_can_do_what_the_tiers_cannot(ladder: Ladder) -> None:
    decision = ladder.decide("it siders and adders", fba=3.0)
    assert [(v.destination, v.can) for v in decision.verdicts] == [("low", "no"), ("mid", "no"), ("high", "no"), ("side", "yes")]
    assert {f.signal.id: f.counts for f in decision.findings} == {"sider": True, "adder": False}
    assert decision.alternatives == ["low"]
    assert decision.needs == frozenset()


def test_findings_above_the_tier_that_is_spoken_for_do_not_count_unless_strong(ladder: Ladder) -> None:
    weak = ladder.decide("it adders and fixers", low=3.0)
    assert weak.destination == "low"
    assert {f.signal.id: f.counts for f in weak.findings} == {"adder": True, "fixer": False}
    assert weak.alternatives == ["mid"]
    strong = ladder.decide("it adders and breakers", low=3.0)
    assert strong.destination == "mid"
    assert {f.signal.id: f.counts for f in strong.findings} == {"adder": True, "breaker": True}
    both = ladder.decide("it adders and fixers", mid=3.0)
    assert (both.destination, both.alternatives) == ("mid", [])
    assert {f.signal.id: f.counts for f in both.findings} == {"adder": True, "fixer": True}


def test_resemblance_as_clear_as_it_has_to_be_lifts_over_a_strong_phrase(ladder: Ladder) -> None:
    assert ladder.decide("it breakers", high=CLEARLY + BONUS["strong"]).destination == "high"


@pytest.mark.parametrize(("more", "tier"), [(SLIGHTLY - 0.1, "mid"), (SLIGHTLY, "high"), (CLEARLY - 0.1, "high")])
def test_resemblance_lifts_over_any_phrase_only_when_it_is_more_than_a_hair(ladder: Ladder, more: float, tier: str) -> None:
    """ "Re-opened four times for the same wrong colour" stayed with the highest tier by a hair when no case was told of."""
    assert ladder.decide("it fixers", high=BONUS["normal"] + more).destination == tier


def test_a_strong_phrase_of_a_desk_holds_no_tier_down(ladder: Ladder) -> None:
    assert ladder.decide("it shouters", high=9.0).destination == "high"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("it rests", {"adder": "likeness"}),
        ("it fixers", {"fixer": "phrase", "adder": "likeness"}),
    ],
)
def test_what_no_phrase_counts_for_is_named_by_resemblance(ladder: Ladder, text: str, seen: dict[str, str]) -> None:
    decision = ladder.decide(text, low=3.0, telling={"adder": {"rest": 5.0, "it": 5.0}})
    assert decision.destination == "low"
    assert {f.signal.id: f.by for f in decision.findings} == seen
    assert [f.signal.id for f in decision.findings if f.counts] == ["adder"]


def test_a_tier_above_the_lowest_is_named_by_resemblance_beside_lower_phrases(ladder: Ladder) -> None:
    decision = ladder.decide("it adders", mid=4.0)
    assert decision.destination == "mid"
    assert {f.signal.id: (f.by, f.counts) for f in decision.findings} == {"adder": ("phrase", True), "fixer": ("likeness", True)}


def test_resemblance_needs_enough_words_in_common_to_name_a_signal(ladder: Ladder) -> None:
    """Of several the one most alike; with too little in common the first general one of the group, else the first."""
    telling = {"righter": {"rest": LEAST_ALIKE + 1}, "lefter": {"rest": LEAST_ALIKE - 1, "it": 0.5}}
    assert [f.signal.id for f in ladder.decide("it rests", other=3.0, telling=telling).findings] == ["righter"]
    little = {"righter": {"rest": LEAST_ALIKE - 1}}
    assert [f.signal.id for f in ladder.decide("it rests", other=3.0, telling=little).findings] == ["lefting"]
    assert [f.signal.id for f in ladder.decide("it rests", mid=3.0).findings] == ["fixer"]


def test_words_of_a_history_name_its_subject(ladder: Ladder) -> None:
    decision = ladder.decide("it rests", low=3.0, telling={"stuck": {"rest": 9.0}, "adder": {"it": 5.0}})
    assert [f.signal.id for f in decision.findings] == ["summer"]


def test_history_lifts_the_tier_and_leaves_the_matter(ladder: Ladder) -> None:
    decision = ladder.decide("it adders again", low=3.0)
    assert decision.destination == "high"
    assert [(f.signal.id, f.counts) for f in decision.findings] == [("adder", True)]
    assert decision.needs == {"add", "push"}
    bare = ladder.decide("again it rests", high=3.0, telling={"adder": {"rest": 9.0}})
    assert bare.destination == "high"
    assert [(f.signal.id, f.by) for f in bare.findings] == [("adder", "likeness")]


@pytest.mark.parametrize(("count", "tier"), [(2, "low"), (3, "high"), (4, "high")])
def test_history_holds_from_its_number_on(ladder: Ladder, count: int, tier: str) -> None:
    decision = ladder.decide("it adders", told=Told(reopened=count), low=3.0)
    assert decision.destination == tier
    assert [held.fact for held in decision.history] == ([f"reopened {count}"] if tier == "high" else [])


def test_of_several_desks_the_one_with_most_evidence_is_meant(ladder: Ladder) -> None:
    assert ladder.decide("it lefters and weakers", other=3.0).destination == "left"
    assert ladder.decide("it weakers and righters and lefters", other=3.0).destination == "right"


def test_of_desks_with_as_much_the_one_most_alike_is_meant_else_the_first(ladder: Ladder) -> None:
    alike = {"righter": {"it": 1.0}, "weaker": {"it": 2.0}}
    assert ladder.decide("it lefters and righters", other=3.0, telling=alike).destination == "right"
    assert ladder.decide("it lefters and righters", other=3.0).destination == "left"


def test_desks_without_a_phrase_in_the_answer_are_named_but_do_not_count(ladder: Ladder) -> None:
    decision = ladder.decide("it lefters and fixers and siders", other=9.0, mid=2.0, fba=1.0)
    assert {f.signal.id: f.counts for f in decision.findings} == {"lefter": True, "fixer": False, "sider": False}
    assert decision.alternatives == ["mid", "side"]


def shares(**of: float) -> dict[str, float]:
    """Evidence that gives each group named such a share of all."""
    return {**dict.fromkeys(EVEN, -30.0), **{name: log(share) for name, share in of.items()}}


@pytest.mark.parametrize(
    ("text", "evidence", "word"),
    [
        ("it siders", shares(fba=0.7, other=0.3), "high"),
        ("it rests", shares(fba=0.7, other=0.3), "medium"),
        ("it rests", shares(fba=ALONE + 0.01, other=0.14), "high"),
        ("it siders", shares(fba=0.59, other=0.41), "medium"),
        ("it siders", shares(fba=0.49, other=0.26, high=0.25), "low"),
        ("it adders", shares(low=0.55, mid=0.45), "medium"),
        ("it adders calmly", shares(low=0.55, mid=0.45), "medium"),
        ("it adders again", shares(low=0.55, mid=0.45), "high"),  # history decides the tier, whichever the matter is
    ],
)
def test_confidence_is_the_share_and_resemblance_alone_needs_more(
    ladder: Ladder, text: str, evidence: dict[str, float], word: str
) -> None:
    """The shares are those after what a phrase adds to its group."""
    for name, group in (("siders", "fba"), ("adders", "low")):
        evidence = {**evidence, group: evidence[group] - BONUS["normal"] * (name in text)}
    assert ladder.decide(text, **evidence, surely=0.6).confidence == word


def test_a_share_just_as_large_as_it_has_to_be_is_enough(ladder: Ladder) -> None:
    half = {**dict.fromkeys(EVEN, -60.0), "fba": -BONUS["normal"], "other": 0.0}
    assert ladder.decide("it siders", **half, surely=0.6).confidence == "medium"
    assert ladder.decide("it siders", **half, surely=0.5).confidence == "high"


def test_words_of_resemblance_are_those_that_speak_most_for_the_group(ladder: Ladder) -> None:
    words = {"alpha": [60, 0, 0, 0, 0, 0], "beta": [90, 0, 0, 0, 0, 0], "gamma": [50, 50, 50, 50, 50, 50],
             "delta": [20, 0, 0, 0, 0, 0], "omega": [-10, 0, 0, 0, 0, 0], "zeta": [1, 0, 0, 0, 0, 0]}  # fmt: skip
    router = ladder.router(words, low=3.0)
    matches, decision = router.decide("Zeta omega Beta gamma alpha, delta alpha")
    (finding,) = decision.findings
    assert (finding.by, finding.seen) == ("likeness", ())
    found = router.decider.words(matches, finding)
    assert [(seen.text, seen.start, seen.end, seen.phrase) for seen in found] == [
        ("Beta", 11, 15, ""), ("alpha", 22, 27, ""), ("delta", 29, 34, ""),
    ]  # fmt: skip
    assert [seen.text for seen in router.decider.words(matches, finding, most=1)] == ["Beta"]
    assert [seen.text for seen in router.decider.words(matches, finding, most=9)] == ["Zeta", "Beta", "alpha", "delta"]


def test_words_of_a_phrase_are_the_phrase(ladder: Ladder) -> None:
    router = ladder.router({"adder": [60, 0, 0, 0, 0, 0]}, low=3.0)
    matches, decision = router.decide("it adders")
    (finding,) = decision.findings
    assert router.decider.words(matches, finding) == finding.seen
    assert [seen.text for seen in finding.seen] == ["adders"]
    assert router.decider.words(matches, changed(finding, seen=())) == ()


def test_findings_come_by_what_they_decide_then_by_width_and_place(ladder: Ladder) -> None:
    decision = ladder.decide("it pushers, siders, fixers and adders", high=4.0)
    assert [f.signal.id for f in decision.findings] == ["pusher", "fixer", "adder", "sider"]
    low = ladder.decide("it mixers, summers, adders and greeters, fixers", low=4.0)
    assert [f.signal.id for f in low.findings] == ["greeter", "summer", "mixer", "adder", "fixer"]
    coded = ladder.decide("it greeters, 8541", low=4.0)
    assert [f.signal.id for f in coded.findings] == ["coder", "greeter"]


def test_a_general_finding_is_left_out_beside_an_exact_one_of_its_desk(ladder: Ladder) -> None:
    assert [f.signal.id for f in ladder.decide("it leftings and lefters", other=3.0).findings] == ["lefter"]
    assert [f.signal.id for f in ladder.decide("it leftings and righters", other=3.0).findings] == ["lefting", "righter"]
