"""The normalised view of a text: what carries no meaning is folded, and the way back is never lost."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from typing import ClassVar

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog_route.text import View, fold, number, stem, view


class Plain:
    """A speller that leaves every word alone."""

    runs: ClassVar[Mapping[str, Sequence[tuple[tuple[str, ...], str]]]] = {}

    def __call__(self, word: str) -> tuple[str, ...]:
        return (word,)


class Joining(Plain):
    """A speller that knows one word written apart, and one glued word."""

    runs: ClassVar[Mapping[str, Sequence[tuple[tuple[str, ...], str]]]] = {"re": [(("re", "opened"), "reopened")]}

    def __call__(self, word: str) -> tuple[str, ...]:
        return ("flat", "file") if word == "flatfile" else (word,)


def words(text: str) -> list[str]:
    """The words of a text after folding."""
    return view(text, Plain()).words


def quotes(seen: View) -> list[str]:
    """What was typed, word by word."""
    return [seen.quote(at, at)[0] for at in range(len(seen.words))]


# --- folding


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("FEED Issue", "feed issue"),
        ("ＦＥＥＤ　ｉｓｓｕｅ", "feed issue"),  # full width
        ("ﬁle", "file"),  # ligature
        ("𝐟𝐞𝐞𝐝", "feed"),  # mathematical letters
        ("ⓕⓔⓔⓓ", "feed"),
        ("café", "cafe"),
        ("cafe\u0301", "cafe"),
        ("naïve Ångström", "naive angstrom"),
        ("Straße", "strasse"),
        ("Smørrebrød SMØRREBRØD", "smorrebrod smorrebrod"),
        ("Łódź łódź", "lodz lodz"),
        ("f\u200bee\u200cd\u200d", "feed"),  # zero width
        ("fe\u00aded", "feed"),  # soft hyphen
        ("\ufefffeed", "feed"),
        ("\u202efeed\u202c \u2066issue\u2069", "feed issue"),  # bidi
        ("f\U000e0041eed", "feed"),  # tag characters
        ("f\u20ddeed", "feed"),  # an enclosing circle
        ("f\ud800eed", "feed"),  # half of a surrogate pair
        ("fееd", "feed"),  # Cyrillic е
        ("ЅКU", "sku"),  # Cyrillic Ѕ and К
        ("bοοk", "book"),  # Greek ο
        ("re–open re—open re−open re‐open", "re-open re-open re-open re-open"),
        ("can’t can‘t canʼt can´t", "can't can't can't can't"),
        ("“quoted” text", '"quoted" text'),
        ("İstanbul", "istanbul"),
        ("５ cases", "5 cases"),
    ],
)
def test_what_carries_no_meaning_is_folded(typed: str, meant: str) -> None:
    assert fold(typed)[0] == meant


def test_rho_looks_like_p() -> None:
    """Look-alikes are folded by their looks (Unicode TR39), not by their sound."""
    assert fold("sρace shiρment")[0] == "space shipment"


def test_plain_ascii_needs_no_map() -> None:
    assert fold("Feed Issue 8541") == ("feed issue 8541", None)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=60))
@example("Ł")
@example("Ø")
@example("\u0149")
@example("\u207b")
@example("\u2026")
@example("\u1e9e")
@example("\u0130I\u0131")
@example("\u03a3\u03c2")
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)[0]
    assert fold(once)[0] == once


def test_every_single_character_folds_once_and_for_all() -> None:
    """All of Unicode's basic plane: folded text is folded."""
    unstable = [hex(code) for code in range(0x10000) if fold(once := fold(chr(code))[0])[0] != once]
    assert unstable == []


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=60))
def test_the_map_back_has_one_place_for_each_character(text: str) -> None:
    folded, back = fold(text)
    if back is None:
        assert len(folded) == len(text)
        return
    assert len(back) == len(folded) + 1
    assert back == sorted(back)
    assert all(0 <= place <= len(text) for place in back)


# --- words and their places


def test_words_know_what_was_typed() -> None:
    text = "My  ＦＥＥＤ wasn’t f\u200bound; café!"
    seen = view(text, Plain())
    assert seen.words == ["my", "feed", "wasnt", "found", "cafe"]
    assert quotes(seen) == ["My", "ＦＥＥＤ", "wasn’t", "f\u200bound", "café"]


def test_quote_spans_words_as_typed() -> None:
    seen = view("the “Flat–File” failed", Plain())
    assert seen.quote(1, 2) == ("Flat–File", 5, 14)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=120))
@example("ﬁﬁ ŉ ß ﷺ")
@example("a\u0301\u0302 b")
@example("e\u0301")
def test_every_slice_lies_in_the_text(text: str) -> None:
    seen = view(text, Plain())
    assert len(seen.words) == len(seen.stems) == len(seen.starts) == len(seen.ends) == len(seen.sentences)
    for at, (start, end) in enumerate(zip(seen.starts, seen.ends, strict=True)):
        assert 0 <= start < end <= len(text)
        assert seen.quote(at, at) == (text[start:end], start, end)
        assert seen.words[at] == fold(text[start:end])[0].replace("'", "") or not text.isascii()
    assert seen.starts == sorted(seen.starts)
    assert seen.sentences == sorted(seen.sentences)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(string.ascii_letters + string.digits, min_size=1, max_size=8), min_size=1, max_size=12))
def test_ascii_words_are_all_found(parts: list[str]) -> None:
    assert words(" ".join(parts)) == [part.lower() for part in parts]
    assert words("-".join(parts)) == [part.lower() for part in parts]


def test_an_accent_typed_apart_belongs_to_its_word() -> None:
    """The quote is what the seller typed, with the combining accent at its end."""
    assert quotes(view("the cafe\u0301 page", Plain())) == ["the", "cafe\u0301", "page"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("can't edit", ["cant", "edit"]),
        ("can’t edit", ["cant", "edit"]),
        ("can`t edit", ["cant", "edit"]),
        ("A+ content", ["a+", "content"]),
        ("flat-file", ["flat", "file"]),
        ("seller_sku", ["seller", "sku"]),
        ("price/quantity", ["price", "quantity"]),
        ("#8541!", ["8541"]),
        ("商品 listing", ["listing"]),
        ("", []),
        ("😀 … ¿?", []),
    ],
)
def test_words_are_cut_where_a_reader_would(typed: str, meant: list[str]) -> None:
    assert words(typed) == meant


# --- sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("one two", [0, 0]),
        ("one. two", [0, 1]),
        ("one! two? three", [0, 1, 2]),
        ("one\ntwo", [0, 1]),
        ("one\r\ntwo", [0, 1]),
        ("one\u2028two", [0, 1]),
        ("one; two", [0, 1]),
        ("one, two", [0, 0]),
        ("version 1.2 here", [0, 0, 0, 0]),
        ("amazon.com page", [0, 0, 0]),
        ("5 € each", [0, 0]),
        ("one 商 two", [0, 0]),
    ],
)
def test_sentences_end_at_stops_and_lines(text: str, sentences: list[int]) -> None:
    assert view(text, Plain()).sentences == sentences


def test_a_lone_carriage_return_ends_a_line() -> None:
    """Files of old Macs and some exports have no other line end."""
    assert view("one\rtwo", Plain()).sentences == [0, 1]


# --- words apart and together


def test_words_written_apart_are_joined_with_their_whole_slice() -> None:
    seen = view("case re-opened twice", Joining())
    assert seen.words == ["case", "reopened", "twice"]
    assert quotes(seen) == ["case", "re-opened", "twice"]


def test_words_are_joined_wherever_they_stand() -> None:
    """At the beginning, at the end, and twice in one text; every list keeps one entry a word."""
    seen = view("Re opened. Closed and re-opened", Joining())
    assert seen.words == ["reopened", "closed", "and", "reopened"]
    assert seen.stems == [stem(word) for word in seen.words]
    assert seen.sentences == [0, 1, 1, 1]
    assert quotes(seen) == ["Re opened", "Closed", "and", "re-opened"]


def test_words_are_not_joined_over_the_end_of_a_sentence() -> None:
    assert view("about that, re. Opened yesterday", Joining()).words == ["about", "that", "re", "opened", "yesterday"]


def test_a_glued_word_is_two_words_with_one_slice() -> None:
    seen = view("my flatfile", Joining())
    assert seen.words == ["my", "flat", "file"]
    assert quotes(seen) == ["my", "flatfile", "flatfile"]


# --- stems and numbers


def test_forms_of_a_word_share_a_stem() -> None:
    assert len({stem(word) for word in ("update", "updates", "updated", "updating")}) == 1
    assert stem("image") != stem("listing")


def test_words_with_digits_keep_their_form() -> None:
    assert stem("b0abcdes") == "b0abcdes"
    assert stem("8541s") == "8541s"


@pytest.mark.parametrize(
    ("word", "count"),
    [("3", 3), ("3rd", 3), ("1st", 1), ("2nd", 2), ("4th", 4), ("5x", 5), ("12", 12), ("b0", None), ("three", None),
     ("3kg", None), ("", None), ("1234567", None), ("x3", None)],
)  # fmt: skip
def test_number_of_a_word(word: str, count: int | None) -> None:
    assert number(word) == count


def test_folded_words_hold_only_what_phrases_can_hold() -> None:
    assert all(re.fullmatch(r"[a-z0-9+]+", word) for word in words("ŒUVRE №5 ½ ™ A+ ＡＢＣ-１２３ don’t"))
