"""Resemblance to the examples: what of a word counts."""

from __future__ import annotations

from collections.abc import Callable

from catalog_route import Knowledge, Router
from catalog_route.likeness import Likeness, Settings

DAYS = """\
groups:
  - {id: any-day, words: [monday, tuesday]}
  - {id: weekend, words: [saturday, sunday]}
"""
WEIGHTS = {"w:monday": [100, 900, 0], "w:saturday": [100, 900, 0], "w:#": [100, 0, 20], "g:<any-day>": [100, 30, 0],
           "b:on # <any-day>": [100, 40, 0]}  # fmt: skip


def test_of_a_group_called_any_it_does_not_matter_which_word_it_is(small: Callable[[str], Knowledge]) -> None:
    """Neither for the evidence nor for the words that explain it; of other groups it does."""
    likeness = Likeness(["low", "unclear"], [0.0, 0.0], WEIGHTS, {}, Settings({"strong": 1, "normal": 1, "weak": 1}, 0.9, 0.5))
    router = Router(small(DAYS), likeness)

    def evidence(text: str) -> dict[str, float]:
        return router.decide(text)[1].evidence

    def shares(text: str) -> list[tuple[int, tuple[int, ...]]]:
        matches = router.matcher.match(text)
        return list(likeness.shares(matches.view, matches.edges))

    assert evidence("closed on monday") == evidence("closed on tuesday") != evidence("closed on time")
    assert shares("closed on monday") == shares("closed on tuesday") != []
    assert evidence("closed on saturday") != evidence("closed on sunday")
