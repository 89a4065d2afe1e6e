"""Spelling tolerance: a long unknown word becomes the word that was meant; every known word stays."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_route import Knowledge, Router
from catalog_route.spelling import LONGEST, SHORTEST, Speller, speller_tables

TARGETS = ["variation", "listing", "suppressed", "category", "image", "rejected", "flat", "file", "brand", "registry",
           "feed", "price"]  # fmt: skip
KNOWN = ["lasting", "catalog", "feet"]
VARIANTS = {"colour": "color", "flatfeed": "flat feed", "re open": "reopen"}
ASKED = Speller(TARGETS, KNOWN, VARIANTS)


@pytest.fixture
def speller() -> Speller:
    """A speller that has been asked for nothing yet."""
    return Speller(TARGETS, KNOWN, VARIANTS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("vairation", "variation"),
        ("variaton", "variation"),
        ("variattion", "variation"),
        ("supressed", "suppressed"),
        ("surpressed", "suppressed"),
        ("catagory", "category"),
        ("imgae", "image"),
        ("lisitng", "listing"),
        ("rejcted", "rejected"),
        ("brnad", "brand"),
        ("rband", "brand"),
        ("regsitry", "registry"),
    ],
)
def test_slip_of_the_finger_is_mended(speller: Speller, typed: str, meant: str) -> None:
    assert speller(typed) == (meant,)


@pytest.mark.parametrize("word", [*TARGETS, "lasting", "catalog", "images", "listings", "rejecting", "rejection", "priced"])
def test_known_words_and_their_forms_stay(speller: Speller, word: str) -> None:
    assert speller(word) == (word,)


@pytest.mark.parametrize("word", ["fed", "feat", "pric", "fiel", "imag", "asin", "sku", "8541", "b0abcdef12", "listing2", "a+"])
def test_short_words_and_words_with_digits_stay(speller: Speller, word: str) -> None:
    assert speller(word) == (word,)


@pytest.mark.parametrize("word", ["banana", "weather", "variety", "vacation", "sandwich", "x" * (LONGEST + 1)])
def test_other_words_stay(speller: Speller, word: str) -> None:
    assert speller(word) == (word,)


def test_glued_words_are_taken_apart(speller: Speller) -> None:
    assert speller("flatfile") == ("flat", "file")
    assert speller("brandregistry") == ("brand", "registry")


def test_spellings_of_the_vocabulary_are_folded(speller: Speller) -> None:
    assert speller("colour") == ("color",)
    assert speller("flatfeed") == ("flat", "feed")


def test_words_written_apart_are_offered_for_joining(speller: Speller) -> None:
    assert speller.runs["re"] == [(("re", "open"), "reopen")]


def test_a_word_equally_near_to_two_is_left_alone() -> None:
    """Only the one nearest word may be meant."""
    assert Speller(["stock", "stick"], [], {})("stack") == ("stack",)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=30))
def test_a_word_becomes_itself_or_known_words(word: str) -> None:
    meant = ASKED(word)
    assert meant == (word,) or set(meant) <= {*TARGETS, "color", "feed", "flat"}
    assert ASKED(word) == meant
    if len(word) < SHORTEST:
        assert meant == (word,)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([t for t in TARGETS if len(t) >= 7]), st.data())
def test_two_swapped_neighbours_inside_are_mended(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 2))
    typed = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    assert ASKED(typed) == (word,)


def test_tables_made_before_give_the_same_speller(speller: Speller) -> None:
    again = Speller.of(json.loads(json.dumps(speller_tables(TARGETS, KNOWN, VARIANTS))))
    for word in (*TARGETS, *KNOWN, *VARIANTS, "vairation", "flatfile", "banana", "re"):
        assert again(word) == speller(word)
    assert again.runs == speller.runs == {"re": [(("re", "open"), "reopen")]}


def test_the_thousandth_word_is_read_as_the_first(speller: Speller) -> None:
    """How known words are looked up changes after some hundreds; what they stand for does not."""
    strange = ["".join(letters) for letters in itertools.islice(itertools.product("qxzvk", repeat=6), 1000)]
    assert [speller(word) for word in strange] == [(word,) for word in strange]
    assert speller("lasting") == ("lasting",)
    assert speller("vairation") == ("variation",)
    assert speller("catalog") == ("catalog",)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cazegory", "category"),  # one letter for another
        ("caxezory", "caxezory"),  # two slips in eight letters
        ("varxatiqn", "variation"),  # two in nine
        ("vxrxatxon", "vxrxatxon"),  # three
        ("qistxing", "qistxing"),  # another first letter
    ],
)
def test_one_slip_in_a_short_word_and_two_in_a_long_one(speller: Speller, typed: str, meant: str) -> None:
    assert speller(typed) == (meant,)


def test_of_two_words_as_near_the_one_as_long_is_meant() -> None:
    assert Speller(["boat", "board"], [], {})("boart") == ("board",)


def test_forms_of_one_word_are_no_tie() -> None:
    """Either may be meant: they have one stem."""
    assert Speller(["updater", "updates"], [], {})("updatex")[0].startswith("update")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("taxform", ("tax", "form")), ("formtax", ("form", "tax")), ("formad", ("formad",)), ("formxyz", ("formxyz",)),
     ("xyzform", ("xyzform",))],
)  # fmt: skip
def test_glued_words_are_both_known_and_of_three_letters_at_least(typed: str, meant: tuple[str, ...]) -> None:
    assert Speller(["tax", "form", "ad"], [], {})(typed) == meant


def test_words_of_four_letters_can_be_meant() -> None:
    """By a word of five letters, with one too many."""
    assert Speller(["feed"], [], {})("feeed") == ("feed",)


def test_a_known_word_with_a_short_stem_stays() -> None:
    assert Speller(["drying"], ["dying"], {})("dying") == ("dying",)


def test_targets_with_digits_are_no_correction() -> None:
    assert Speller(["gtin4xx"], [], {})("gtinxxx") == ("gtinxxx",)


def _shipped(router: Router) -> Speller:
    return router.matcher._speller


def test_jargon_of_the_shipped_knowledge_stays(router: Router, known: Knowledge) -> None:
    speller = _shipped(router)
    changed = {
        word: speller(word)
        for word in known.vocabulary.jargon
        if speller(word) != (word,) and word not in known.vocabulary.variants
    }
    assert changed == {}


def test_common_words_are_not_turned_into_trouble(router: Router) -> None:
    """Everyday words near to words of the vocabulary keep their meaning."""
    words = [
        "weather", "winter", "letter", "better", "matter", "later", "paint", "plant", "point", "house", "horse", "mouse", "table",
        "cable", "bread", "board", "beard", "water", "father", "mother", "sister", "brother", "morning", "evening",
        "thing", "think", "thank", "friend", "garden", "kitchen", "bottle", "battle", "cotton", "button",
    ]  # fmt: skip
    speller = _shipped(router)
    assert {word: speller(word) for word in words if speller(word) != (word,)} == {}


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("flat fiel rejcted with 8541", "flat file rejected with 8541"), ("vairation brokn", "variation broken"),
        ("supressed lisitng", "suppressed listing"), ("brnad registry", "brand registry"),
        ("camapign not delivering", "campaign not delivering"),
    ],
)  # fmt: skip
def test_a_slip_does_not_change_the_answer(router: Router, typed: str, right: str) -> None:
    one, other = router.route(typed), router.route(right)
    assert one.recommended == other.recommended
