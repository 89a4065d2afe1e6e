"""Time is bounded: no text, however it is built, takes longer than its length allows."""

from __future__ import annotations

import pytest

from catalog_route import Router
from catalog_route.text import MAX_TEXT
from pacing import within

# Pieces that, repeated, have made matchers, regular expressions or sorters slow.
PIECES = (
    "error ",
    "case ",
    "case!!!!!!!!!!!!",
    "sku ",
    "sku(",
    "1",
    "error a b c d ",
    "amazon.",
    "B0",
    "feed ",
    "'",
    "a'",
    "feed. ",
    "a",
    "8541 ",
    "feed issue image listing ",
    "feed x x x ",
    "\u0430",
    "e\u0301",
    "\u0301",
    "\n",
    "\0",
    " ",
    "abcdefghijk",
    "case 1234567890 ",
    "\U0001f600",
    "fe\u200bed ",
    "[[",
    "re opened ",
    "not a brand registry issue ",
    "they told me to ask fba ",
    "not ",
    "case re-opened 4 times ",
    "x_",
    "aB",
    "page says ",
    "page says x instead of ",
)


@pytest.mark.parametrize("piece", PIECES, ids=repr)
def test_no_text_takes_long(router: Router, piece: str) -> None:
    text = (piece * (20_000 // len(piece) + 1))[:20_000]
    with within(3):
        router.route(text, draft=True).to_json()


def test_cues_and_sightings_are_not_compared_one_by_one(router: Router) -> None:
    """Four times the text once took sixteen times as long: every sighting was held against every cue."""
    text = "they told me to ask fba " * 4_000
    with within(3):
        router.decide(text)


def test_a_clause_without_an_end_is_not_read_again_for_every_word_of_showing(router: Router) -> None:
    """50,000 characters took minutes: each "says" looked for the end of its clause, and the next one did so again."""
    text = "page says " * (MAX_TEXT // 10)
    with within(5):
        assert router.route(text).case.shown_value is None


def test_the_longest_text_is_answered_in_seconds(router: Router) -> None:
    text = ("not a brand registry issue, they told me to ask fba " * MAX_TEXT)[:MAX_TEXT]
    with within(15):
        router.route(text)
