"""Which sentences and words of a text are heard, and what speaks for a group that the weights do not know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from catalog_route import load_knowledge
from catalog_route.likeness import Likeness
from catalog_route.weighing import BARE_WORDS, IDLE, SIGHTED, UNLEARNED, Weigher
from test_deciding import AGAIN, EVEN, LADDER, SIGNALS, Ladder

WORDS = """\
vocabulary:
  negates: ["not a", never]
  counts: {reopened: ["reopened <number> times"]}
  marks: {"tone=manners": ["thank you", "kind regards"]}
"""
# How much one word speaks for its group, in units of 1/100: just enough to be a matter or to be idle, and just not.
ENOUGH, JUST_NOT = round(100 * IDLE) + 1, round(100 * IDLE)
MATTER = {
    "door": [ENOUGH, 0, 0, 0, 0, 0], "wall": [0, ENOUGH, 0, 0, 0, 0], "roof": [0, 0, 500, 0, 0, 0],
    "lamp": [JUST_NOT, 0, 0, 0, 0, 0], "weather": [0, 0, 0, 0, 0, ENOUGH], "cloud": [0, 0, 0, 0, 0, JUST_NOT],
}  # fmt: skip


@pytest.fixture
def talk(folder: Callable[[Mapping[str, str | bytes]], Path]) -> Ladder:
    """The ladder of three with words of history, manners and denial."""
    files = {"ladder.yaml": LADDER, "signals.yaml": SIGNALS, "history.yaml": AGAIN, "words.yaml": WORDS}
    return Ladder(load_knowledge(folder(files), alone=True))


def heard(talk: Ladder, text: str) -> list[str]:
    """The words that are heard, a sentence a line."""
    router = talk.router(MATTER, **dict.fromkeys(EVEN, 0.0))
    matches = router.matcher.match(text)
    return [" ".join(matches.view.words[at] for at in places) for places in Weigher(talk.known, router.likeness).heard(matches)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        # history alone in a sentence, as long as something else is left
        ("It adders. Stuck.", ["it adders"]),
        ("It adders. Reopened 4 times.", ["it adders"]),
        ("Stuck. Again.", ["stuck", "again"]),
        ("Stuck and again", ["stuck and again"]),
        (f"It adders. Stuck {'so ' * (BARE_WORDS - 1)}.", ["it adders"]),
        (f"It adders. Stuck {'so ' * BARE_WORDS}.", ["it adders", f"stuck {'so ' * BARE_WORDS}".strip()]),
        # … unless the sentence tells a signal, or names a matter in three other words
        ("It rests here. Stuck with siders.", ["it rests here", "with siders"]),
        ("It adders. Stuck it door now.", ["it adders", "stuck it door now"]),
        ("It adders. Stuck it wall now.", ["it adders", "stuck it wall now"]),
        ("It adders. Stuck it lamp now.", ["it adders"]),
        ("It adders. Stuck, door now.", ["it adders"]),
        ("It adders. Stuck it roof now.", ["it adders"]),  # history is what leads to the top anyway
        # nothing of any matter
        ("It adders. What a weather today.", ["it adders"]),
        ("It adders. What a cloud today.", ["it adders", "what a cloud today"]),
        ("It adders weather. Go on.", ["it adders weather", "go on"]),
        ("What a weather today.", ["what a weather today"]),
        # manners
        ("It adders. Thank you so much.", ["it adders"]),
        ("It adders. Thank you for all that.", ["it adders", "for all that"]),
        ("It adders. Kind regards, thank you, Tom Miller.", ["it adders"]),
        ("Thank you.", ["thank you"]),
        # denial of a desk or of history, to the beginning of the sentence
        ("It is not a siders but adders then go", ["but adders then go"]),
        ("It is not a adders but fixers now", ["it is not a adders but fixers now"]),
        ("Never stuck but adders", ["but adders"]),
        ("It fixers, never stuck, but adders", ["it fixers but adders"]),
        ("one two tri for not a siders and adders then", ["and adders then"]),  # seven of ten
        ("a b c d e not a siders and adders", ["a b c d e not a siders and adders"]),  # eight of ten
        ("Not a siders.", []),
        ("Not a siders. Stuck.", ["not a siders", "stuck"]),
        ("Not a siders. Thank you.", ["thank you"]),
        # history inside a sentence that tells a signal
        ("It adders and is stuck again", ["it adders and is"]),
        ("It adders, reopened 4 times", ["it adders"]),
    ],
)
def test_what_is_heard_of_a_text(talk: Ladder, text: str, lines: list[str]) -> None:
    assert heard(talk, text) == lines


def test_a_group_that_was_not_learned_starts_just_below_no_matter_at_all(talk: Ladder) -> None:
    learned = {"low": 1.0, "mid": 0.5, "unclear": 2.0}
    router = talk.router()
    likeness = Likeness(list(learned), list(learned.values()), {"w:nothing": [1, 0, 0, 0]}, {}, router.likeness.settings)
    evidence = Weigher(talk.known, likeness).evidence(router.matcher.match("it rests"))
    assert evidence == {
        "low": 1.0, "mid": 0.5, "unclear": 2.0 + SIGHTED, **dict.fromkeys(("fba", "high", "other"), 2.0 - UNLEARNED),
    }  # fmt: skip
    seen = Weigher(talk.known, likeness).evidence(router.matcher.match("it siders"))
    assert seen["unclear"] == 2.0 - SIGHTED
    assert seen["fba"] == 2.0 - UNLEARNED + router.likeness.settings.bonus["normal"]


def test_what_overrules_outweighs_every_tier(talk: Ladder) -> None:
    router = talk.router(low=1.0, mid=3.0, high=2.0, fba=0.5, other=9.0, unclear=1.0)
    evidence = Weigher(talk.known, router.likeness).evidence(router.matcher.match("it lockers"))
    assert evidence["fba"] == 3.0 + router.likeness.settings.bonus["normal"]
