"""The token automaton: every phrase found in one walk, whatever their number, never over the end of a sentence."""

from __future__ import annotations

import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_route.automaton import GAP_WORDS, SPAN_WORDS, Automaton, Sighting
from catalog_route.phrases import compile_phrase
from catalog_route.text import stem, view
from test_text import Plain


def compiled(*phrases: str, groups: dict[str, list[str]] | None = None) -> Automaton:
    """An automaton of some phrases; group members are written with blanks."""
    automaton = Automaton()
    automaton.set_groups({name: [tuple(map(stem, m.split())) for m in members] for name, members in (groups or {}).items()})
    for phrase in phrases:
        automaton.add(compile_phrase(phrase))
    automaton.freeze()
    return automaton


def found(automaton: Automaton, text: str) -> list[Sighting]:
    """What the automaton sees."""
    seen = view(text, Plain())
    return automaton.search(seen, automaton.edges(seen))


def test_each_phrase_is_told_by_its_number_with_its_words() -> None:
    automaton = compiled("feed issue", "issue here")
    assert found(automaton, "a feed issue here") == [Sighting(0, 1, 2), Sighting(1, 2, 3)]


def test_sightings_come_in_the_order_of_the_text() -> None:
    sightings = found(compiled("c", "a", "b"), "a b c a")
    assert [(s.first, s.phrase) for s in sightings] == [(0, 1), (1, 2), (2, 0), (3, 1)]


def test_two_gaps_around_a_word_left_out_are_one_longer_gap() -> None:
    automaton = compiled("a ... b? ... c")
    for between in ("", "x", "b", "x b x", "x " * 2 * GAP_WORDS):
        assert len(found(automaton, f"a {between} c")) == 1
    assert found(automaton, f"a {'x ' * (2 * GAP_WORDS + 1)} c") == []


def test_the_same_phrase_is_seen_at_every_place() -> None:
    assert len(found(compiled("red cat"), "red cat red cat, red cat")) == 3


def test_phrases_that_begin_alike_do_not_hide_each_other() -> None:
    assert {s.phrase for s in found(compiled("red", "red cat", "red cat sat"), "red cat sat")} == {0, 1, 2}


def test_a_word_may_belong_to_several_groups() -> None:
    automaton = compiled("<x> a", "<y> a", groups={"x": ["b"], "y": ["b", "c d"]})
    assert {s.phrase for s in found(automaton, "b a")} == {0, 1}
    assert [(s.phrase, s.first, s.last) for s in found(automaton, "c d a")] == [(1, 0, 2)]


def test_longer_and_shorter_members_of_a_group_are_both_seen() -> None:
    automaton = compiled("<x> end", groups={"x": ["a", "a b", "a b c"]})
    for text in ("a end", "a b end", "a b c end"):
        assert len(found(automaton, text)) == 1, text


@pytest.mark.parametrize(("between", "seen"), [(0, True), (1, True), (GAP_WORDS, True), (GAP_WORDS + 1, False)])
def test_gap_reaches_so_far_and_no_further(between: int, seen: bool) -> None:
    assert bool(found(compiled("start ... stop"), f"start {'w ' * between}stop")) is seen


@pytest.mark.parametrize(("between", "seen"), [(0, True), (SPAN_WORDS - 2, True), (SPAN_WORDS - 1, False)])
def test_joined_parts_stand_so_near_and_no_further(between: int, seen: bool) -> None:
    assert bool(found(compiled("start + stop"), f"start {'w ' * between}stop")) is seen
    assert bool(found(compiled("start + stop"), f"stop {'w ' * between}start")) is seen


def test_a_joined_part_far_away_does_not_hide_a_near_one() -> None:
    text = f"stop {'w ' * 20}start w stop"
    assert found(compiled("start + stop"), text) == [Sighting(0, 21, 23)]


def test_joined_parts_do_not_share_words() -> None:
    assert found(compiled("red cat + cat sat"), "red cat sat") == []


def test_joined_parts_do_not_touch_in_a_word() -> None:
    """A part that begins with the last word of the other is no second part; one that begins after it is."""
    automaton = compiled("flat file + file upload")
    assert found(automaton, "flat file upload") == []
    assert found(automaton, "flat file, file upload") == [Sighting(0, 0, 3)]
    assert found(automaton, "file upload, flat file") == [Sighting(0, 0, 3)]
    assert found(compiled("b c + a b"), "b c a b c") == [Sighting(0, 0, 3)]


def test_the_nearest_other_part_is_taken() -> None:
    automaton = compiled("gone + main image")
    assert found(automaton, "gone main image x main image") == [Sighting(0, 0, 2)]
    assert found(automaton, "main image x x gone x main image") == [Sighting(0, 4, 7), Sighting(0, 0, 4)][::-1]
    assert found(automaton, "gone x x main image gone") == [Sighting(0, 0, 4), Sighting(0, 3, 5)]


def test_the_longer_part_ends_within_the_span_too() -> None:
    automaton = compiled("start + the stop")
    assert found(automaton, f"start {'w ' * (SPAN_WORDS - 3)}the stop") == [Sighting(0, 0, SPAN_WORDS - 1)]
    assert found(automaton, f"start {'w ' * (SPAN_WORDS - 2)}the stop") == []


def test_of_parts_that_begin_together_all_are_seen() -> None:
    """In the order of the text, however long each is and wherever its tables stand."""
    automaton = compiled("b c", "a b c d", "a", "b + d")
    assert found(automaton, "a b c d") == [Sighting(2, 0, 0), Sighting(1, 0, 3), Sighting(0, 1, 2), Sighting(3, 1, 3)]
    assert found(compiled("b", "a + c"), "a b c") == [Sighting(1, 0, 2), Sighting(0, 1, 1)]


def test_a_word_knows_its_groups_and_the_longer_ones_that_begin_there() -> None:
    automaton = compiled("<x> end", groups={"x": ["a", "a b"], "y": ["a b"], "z": ["b"]})
    edges = automaton.edges(view("a b end", Plain()))
    assert [token.groups for token in edges.tokens] == [("<x>",), ("<z>",), ()]
    assert {at: sorted(names) for at, names in edges.longer.items()} == {0: [(2, "<x>"), (2, "<y>")]}


@pytest.mark.parametrize(
    ("word", "classes"),
    [
        ("8541", ["<code-like>"]),
        ("90210", ["<code-like>"]),
        ("123456789", ["<code-like>"]),
        ("1234567890", []),
        ("541", ["<number>", "<three-plus>"]),
        ("1985", []),
        ("2040", []),
        ("2041", ["<code-like>"]),
        ("1984", ["<code-like>"]),
        ("5000", []),
        ("15000", []),
        ("5100", ["<code-like>"]),
        ("12345678901", []),
        ("012345678901", ["<barcode>"]),
        ("01234567890123", ["<barcode>"]),
        ("012345678901234", []),
        ("01234567890x", []),
        ("b0abcdef12", ["<asin>"]),
        ("b0abcdef1", []),
        ("c0abcdef12", []),
        ("b0abcdef1+", []),
        ("background", []),
        ("2nd", ["<number>"]),
        ("3rd", ["<number>", "<three-plus>"]),
        ("999", ["<number>", "<three-plus>"]),
        ("000", ["<number>"]),
        ("thrice", ["<number>", "<three-plus>"]),
        ("twice", ["<number>"]),
        ("thousand", ["<number>"]),
        ("feed", []),
        ("e500", ["<error-code>"]),
        ("8572", ["<error-code>", "<code-like>"]),
    ],
)
def test_classes_of_a_word(word: str, classes: list[str]) -> None:
    numbers = {"twice": 2, "thrice": 3, "thousand": 1000}
    assert list(Automaton(codes=frozenset({"e500", "8572"}), numbers=numbers).classes(word)) == classes


def test_nothing_reaches_over_the_end_of_a_sentence() -> None:
    automaton = compiled("a b", "a ... b", "a + b", "a c? b")
    assert found(automaton, "a. b") == []
    assert found(automaton, "a\nb") == []


def test_group_members_do_not_reach_over_the_end_of_a_sentence() -> None:
    assert found(compiled("<x>", groups={"x": ["a b"]}), "a. b") == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=9), st.lists(st.sampled_from("abcd"), min_size=1, max_size=3))
def test_plain_phrases_are_found_as_by_comparing_everywhere(text: list[str], phrase: list[str]) -> None:
    """Against the obvious method: look at every place."""
    expected = [at for at in range(len(text) - len(phrase) + 1) if text[at : at + len(phrase)] == phrase]
    assert [s.first for s in found(compiled(" ".join(phrase)), " ".join(text))] == expected


def test_choices_are_found_as_when_written_out() -> None:
    """One phrase with choices sees what all its meanings see."""
    one = compiled("(a|b) c? (d|e f)")
    meanings = [f"{x} {y} {z}".split() for x, y, z in product("ab", ("", "c"), ("d", "e f"))]
    for words in meanings:
        assert found(one, " ".join(words)), words
    for text in ("a c", "c d", "a c c d", "a e", "a f"):
        assert not found(one, text), text


def test_many_choices_in_a_row_cost_no_more_than_their_length() -> None:
    """Sixteen optional words mean 65,536 sequences; the tables hold none of them."""
    phrase = "start " + " ".join(f"w{n}?" for n in range(16)) + " stop"
    automaton = compiled(phrase)
    assert len(automaton.nodes) < 200
    assert found(automaton, "start w0 w3 w9 stop")
    assert not found(automaton, "start w9 w3 stop")


def test_the_walk_is_linear_in_the_text() -> None:
    """Ten times the words, about ten times the time: an unkind text full of beginnings."""
    automaton = compiled("a ... a ... a ... b", "a + b + c", "(a|a a) a? a? b")

    def cost(count: int) -> float:
        seen = view("a " * count, Plain())
        edges = automaton.edges(seen)
        began = time.process_time()
        automaton.search(seen, edges)
        return time.process_time() - began

    assert cost(10_000) < 25 * min(cost(1_000) for _ in range(3))


def test_many_joined_parts_in_one_endless_sentence_stay_affordable() -> None:
    """Parts are looked for near each other only, not each against all."""
    seen = view("a b " * 2_000, Plain())
    automaton = compiled("a + b")
    began = time.process_time()
    assert len(automaton.search(seen, automaton.edges(seen))) == 2_000
    assert time.process_time() - began < 0.5
