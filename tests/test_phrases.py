"""The language of phrases: what authors may write, and how a mistake is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_route import Knowledge, KnowledgeError
from catalog_route.matching import Matcher
from catalog_route.phrases import MAX_CHOICES, MAX_LENGTH, PhraseError, compile_phrase, groups_in, pieces, sequences

SIGNAL = """\
groups:
  - {{id: image, words: [image, picture, "main photo"]}}
  - {{id: thing, words: ["<image>", title]}}
  - {{id: very, words: ["quite? red"]}}
signals:
  - id: it
    title: "It"
    why: "Because."
    source: F1
    needs: [walk]
    says: ["{phrase}"]
    examples: {{fires: [], silent: []}}
"""

Small = Callable[[str], Knowledge]


def seen(small: Small, phrase: str, text: str) -> list[str]:
    """The words of `text` that `phrase` sees, at their widest."""
    found = Matcher(small(SIGNAL.format(phrase=phrase))).match(text).signals.get("it", [])
    return [max((sighting.text for sighting in found), key=len)] if found else []


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        # words: by stem, case and apostrophes ignored, hyphen or blank
        ("update image", "Updating images", ["Updating images"]),
        ("can't edit", "i cant edit", ["cant edit"]),
        ("cant edit", "I can’t edit it", ["can’t edit"]),
        ("flat file", "my flat-file broke", ["flat-file"]),
        ("update image", "update the image", []),
        ("update_image", "update image", ["update image"]),
        ("image", "imagine", []),
        # groups, also of several words and of other groups
        ("<image> broken", "picture broken", ["picture broken"]),
        ("<image> broken", "the main photo broken", ["main photo broken"]),
        ("<thing> broken", "my title broken", ["title broken"]),
        ("<thing> broken", "main photo broken", ["main photo broken"]),
        ("<image> broken", "title broken", []),
        ("<very> car", "quite red car", ["quite red car"]),
        ("<very> car", "red car", ["red car"]),
        # a gap of up to four words
        ("file ... rejected", "file rejected", ["file rejected"]),
        ("file ... rejected", "file was then quickly again rejected", ["file was then quickly again rejected"]),
        ("file ... rejected", "file one two three four five rejected", []),
        ("file ... rejected", "file. Rejected", []),
        # alternatives
        ("(merge|split|take apart) pages", "split pages", ["split pages"]),
        ("(merge|split|take apart) pages", "take apart pages", ["take apart pages"]),
        ("(merge|split|take apart) pages", "move pages", []),
        ("(<image>|video) broken", "video broken", ["video broken"]),
        ("(very? good|bad) day", "good day", ["good day"]),
        ("(very? good|bad) day", "very good day", ["very good day"]),
        # what may be left out
        ("my new? page", "my page", ["my page"]),
        ("my new? page", "my new page", ["my new page"]),
        ("my (old|new)? page", "my page", ["my page"]),
        ("my <image>? page", "my picture page", ["my picture page"]),
        ("my <image>? page", "my page", ["my page"]),
        # this + that in one sentence, in any order
        ("image + gone", "the image is gone", ["image is gone"]),
        ("image + gone", "gone is the image", ["gone is the image"]),
        ("image + gone", "the image. It is gone", []),
        ("image + gone", "image one two three four five six seven eight nine ten eleven twelve thirteen gone", []),
        ("image + gone + today", "today my image has gone", ["today my image has gone"]),
        ("image + gone + today", "my image has gone", []),
        # built-in groups
        ("asked <three-plus> times", "asked 4 times", ["asked 4 times"]),
        ("asked <three-plus> times", "asked 2 times", []),
        ("row <number>", "row 7", ["row 7"]),
        ("code <code-like>", "code 90210", ["code 90210"]),
        ("code <code-like>", "code 2024", []),
        ("item <asin>", "item B0ABCDEF12", ["item B0ABCDEF12"]),
        ("item <barcode>", "item 4006381333931", ["item 4006381333931"]),
    ],
)
def test_phrase_sees(small: Small, phrase: str, text: str, words: list[str]) -> None:
    assert seen(small, phrase, text) == words


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("", "no word that must be there"),
        ("   ", "no word that must be there"),
        ("new?", "no word that must be there"),
        ("...", "no word that must be there"),
        ("... image", "needs words at both ends"),
        ("image ...", "needs words at both ends"),
        ("image ... red?", "needs words at both ends"),
        ("(old|new)? ... image", "needs words at both ends"),
        ("image + ...", "no word that must be there"),
        ("(merge|split", "cannot read"),
        ("merge)", "cannot read"),
        ("(merge|)", "empty alternative"),
        ("()", "empty alternative"),
        ("(a|b ... c)", "cannot stand inside brackets"),
        ("(a|...)", "cannot stand inside brackets"),
        ("(a|b-)", "cannot stand inside brackets"),
        ("(a|(b|c))", "cannot read"),
        ("<image", "cannot read"),
        ("image.*", "cannot read"),
        ("image, title", "cannot read"),
        ("[a-z]+", "cannot read"),
        ("商品", "cannot read"),
        ("a + b + c + d + e", "more than 4 parts"),
        ("w " * MAX_LENGTH, "longer than"),
        ("(a? b? c? d? e? f?)", "leaves too much open"),
    ],
)
def test_mistake_in_a_phrase_is_told(phrase: str, why: str) -> None:
    with pytest.raises(PhraseError, match=why):
        compile_phrase(phrase)


def test_what_is_just_within_the_limits_is_read() -> None:
    assert len(compile_phrase("a + b + c + d")) == 4
    assert compile_phrase("w " * (MAX_LENGTH // 2)) == compile_phrase("w " * (MAX_LENGTH // 2 - 1) + "w")
    assert len(pieces("(a? b? c? d?)")[0].options) == MAX_CHOICES - 1
    assert len(sequences("(a|b) (c|d)", 4)) == 4


def test_members_of_a_group_are_folded_as_phrases_are() -> None:
    assert sequences("Item_Names", 1) == [("item", "name")]


def test_broken_phrase_is_told_with_its_file_and_line(small: Small) -> None:
    with pytest.raises(KnowledgeError) as caught:
        Matcher(small(SIGNAL.format(phrase="(merge|split")))
    assert str(caught.value).startswith('own/more.yaml:6:1: error: it: phrase "(merge|split": cannot read')


def test_unknown_group_is_told_with_its_file_and_line(small: Small) -> None:
    with pytest.raises(KnowledgeError) as caught:
        Matcher(small(SIGNAL.format(phrase="<imge> broken")))
    assert str(caught.value).startswith('own/more.yaml:6:1: error: it: phrase "<imge> broken" uses <imge>')


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        ('{id: a, words: ["<b>"]}, {id: b, words: ["<a>"]}', "refers to itself"),
        ('{id: a, words: ["<a>"]}', "refers to itself"),
        ('{id: a, words: ["<nowhere>"]}', "no group <nowhere>"),
        ('{id: a, words: ["x ... y"]}', "cannot have a gap"),
        ('{id: a, words: ["(x"]}', "cannot read"),
    ],
)
def test_broken_group_is_told(small: Small, groups: str, why: str) -> None:
    with pytest.raises(KnowledgeError, match=why) as caught:
        Matcher(small(f"groups: [{groups}]\n"))
    assert all(str(problem).startswith("own/more.yaml:1:1: error: <") for problem in caught.value.problems)


def test_group_that_multiplies_without_end_is_refused(small: Small) -> None:
    """Groups of groups of groups may not blow up."""
    lines = ["groups:", "  - {id: g0, words: [a, b, c, d, e, f, g, h, i, j, k, l]}"]
    lines += [f'  - {{id: g{n}, words: ["<g{n - 1}> <g{n - 1}>"]}}' for n in (1, 2, 3)]
    with pytest.raises(KnowledgeError, match="means more than"):
        Matcher(small("\n".join(lines) + "\n"))


@pytest.mark.parametrize(
    ("limits", "groups", "told"),
    [
        ({"MAX_DEPTH": 2}, "{id: a, words: [<b>]}, {id: b, words: [<c>]}, {id: c, words: [<d>]}, {id: d, words: [x]}",
         "<a>: groups inside groups, more than 2 deep"),
        ({"MAX_GROUP": 3}, "{id: a, words: [t, u, v, w]}", "<a>: means more than 3 word sequences"),
        ({"MAX_ALL": 5}, "{id: a, words: [v, w, x]}, {id: b, words: [v, w, x]}",
         "<b>: means more than 20000 word sequences, or all groups more than 5"),
        ({}, "{id: a, words: [fine, " + "x" * (MAX_LENGTH + 1) + "]}", f"<a>: longer than {MAX_LENGTH} characters"),
        ({"MAX_WORDS": 3}, '{id: a, words: ["v w <b>"]}, {id: b, words: ["x y"]}', '<a>: "v w <b>" means more than 3 words'),
        ({"MAX_MEMBERS": 8}, '{id: a, words: ["<b> <b>"]}, {id: b, words: [u, v, w]}', '<a>: "<b> <b>" means more than 8 word'),
        ({"MAX_MEMBERS": 8}, '{id: a, words: ["(x|y|z) (x|y|z)"]}', '<a>: "(x|y|z) (x|y|z)" means more than 8 word'),
    ],
)  # fmt: skip
def test_a_group_that_means_too_much_is_told_with_the_limit(
    small: Small, monkeypatch: pytest.MonkeyPatch, limits: dict[str, int], groups: str, told: str
) -> None:
    """What was wrong three groups down was told in Python's brackets and quotes."""
    for name, limit in limits.items():
        monkeypatch.setattr(f"catalog_route.expanding.{name}", limit)
    with pytest.raises(KnowledgeError) as caught:
        Matcher(small(f"groups: [{groups}]\n"))
    assert caught.value.problems[0].what.startswith(told)


def test_phrases_beyond_the_most_are_told_each(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_route.compiling.MAX_PHRASES", 1)
    more = SIGNAL.format(phrase='red cat", "blue dog')
    with pytest.raises(KnowledgeError) as caught:
        Matcher(small(more))
    assert [p.what for p in caught.value.problems] == ['it: phrase "blue dog": one of more than 1 phrases']


def test_of_many_broken_phrases_the_first_are_told(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_route.compiling.MOST_BROKEN", 2)
    with pytest.raises(KnowledgeError) as caught:
        Matcher(small(SIGNAL.format(phrase='", "'.join(f"(word{n}" for n in range(9)))))
    assert [p.what[:18] for p in caught.value.problems] == [f'it: phrase "(word{n}' for n in range(3)]


def test_spellings_of_the_vocabulary_are_folded_in_phrases_as_in_texts(small: Small) -> None:
    more = SIGNAL.format(phrase="colour wrong") + 'vocabulary:\n  variants: {colour: "color"}\n'
    matcher = Matcher(small(more))
    assert "it" in matcher.match("color wrong").signals
    assert "it" in matcher.match("colour wrong").signals


def test_groups_of_a_phrase_are_named() -> None:
    assert groups_in(compile_phrase("(<image>|video) + my <title>? page")) == {"image", "title"}


def test_sequences_write_every_choice_out() -> None:
    assert set(sequences("(a|b) c?", 10)) == {("a",), ("b",), ("a", "c"), ("b", "c")}


def test_sequences_beyond_the_limit_are_refused() -> None:
    with pytest.raises(PhraseError, match="more than 3"):
        sequences("(a|b) (c|d)", 3)


def test_choices_inside_brackets_have_a_limit() -> None:
    assert len(pieces("(a? b? c? d)")[0].options) <= MAX_CHOICES


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab <>()|?.+-' x7", max_size=40))
def test_any_text_is_a_phrase_or_a_told_mistake(text: str) -> None:
    try:
        parts = compile_phrase(text)
    except PhraseError as fault:
        assert str(fault)
    else:
        assert parts
        assert all(not (part[0].is_gap or part[-1].is_gap) for part in parts)
