"""The one exit to the terminal: what could act there is made visible, nothing is dropped."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_route import Router
from catalog_route.display import one_line, soften, visible
from catalog_route.plain import advice_lines, sheet_lines
from catalog_route.showing import show

HOSTILE = (
    "feed error\x1b[2J\x1b[1;1HAll cases resolved\x1b]0;PWN\x07\x1b]52;c;Y3VybCBldmls\x07\x1b]8;;http://evil\x1b\\help\x1b]8;;\x1b\\"
    "\x9b31m\x00\x7f\u202edetcejer\u202c \u2066x\u2069 \u200b[/x] [red]r[/red] :cd: \\ \ud800 \ufeff\U000e0041"
)
ACTS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("\x00", "␀"),
        ("\x07", "␇"),
        ("\x08", "␈"),
        ("\r", "␍"),
        ("\x7f", "␡"),
        ("\x9b31m", "\\x9b31m"),
        ("\x85", "\\x85"),
        ("\u202e", "<U+202E>"),
        ("\u2066", "<U+2066>"),
        ("\u200b", "<U+200B>"),
        ("\u00ad", "<U+00AD>"),
        ("\ufeff", "<U+FEFF>"),
        ("\u2028", "<U+2028>"),
        ("\ud800", "<U+D800>"),
        ("\U000e0041", "<U+E0041>"),
    ],
)
def test_what_could_act_is_shown_as_a_mark(typed: str, shown: str) -> None:
    assert visible(f"a{typed}b") == f"a{shown}b"


@pytest.mark.parametrize("text", ["plain", "a\tb\nc", "größer ✓ 商品 😀", "[/x] [red] :cd: \\ %s {x}", ""])
def test_what_cannot_act_is_left_alone(text: str) -> None:
    assert visible(text) == text


def test_no_control_and_no_direction_mark_of_unicode_gets_through() -> None:
    """All of Unicode: every control, surrogate, bidi and zero-width character is written out."""
    bidi = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    loose = [
        hex(code)
        for code in range(0x110000)
        if chr(code) not in "\t\n"
        and (unicodedata.category(chr(code)) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(chr(code)) in bidi)
        and visible(chr(code)) == chr(code)
    ]
    assert loose == []


@settings(max_examples=500, deadline=None)
@given(st.text(st.characters(), max_size=80))
def test_nothing_that_acts_is_left_and_nothing_is_dropped(text: str) -> None:
    shown = visible(text)
    assert not ACTS.search(shown)
    assert visible(shown) == shown
    kept = [char for char in text if not ACTS.search(char)]
    assert len(shown) >= len(text)
    rest = iter(shown)
    assert all(char in rest for char in kept), "what was typed stands there in its order"


def test_one_line_has_one_line() -> None:
    assert one_line("a\nb\r\n  c\td") == "a b c d"
    assert one_line("a\x1bb\n") == "a␛b"


def test_a_cut_is_told_with_its_length() -> None:
    assert one_line("x" * 30, 10) == "x" * 10 + " … (20 more characters)"
    assert one_line("x" * 10, 10) == "x" * 10


def test_a_stream_that_cannot_hold_a_character_writes_it_out() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    soften(stream)
    stream.write("a ▸ b – “c” → 商")
    stream.flush()
    assert raw.getvalue() == b'a > b - "c" -> \\u5546'


def test_a_stream_that_is_not_there_is_no_fault() -> None:
    soften(None)
    soften(io.StringIO())


# --- through the answer


@pytest.mark.parametrize("why", [False, True])
def test_plain_answer_holds_nothing_that_acts(router: Router, why: bool) -> None:
    text = "\n".join(advice_lines(router.route(HOSTILE, draft=True), why=why))
    assert not ACTS.search(text)
    for typed in ("[/x]", "[red]r[/red]", ":cd:", "␛[2J", "<U+202E>", "\\x9b31m"):
        assert typed in text


def test_laid_out_answer_holds_nothing_that_acts(router: Router) -> None:
    """The terminal view, as Rich lays it out: only its own colours are escape sequences."""
    from rich.console import Console

    from catalog_route.rendering import advice_view

    paper = io.StringIO()
    console = Console(file=paper, markup=False, emoji=False, highlight=False, width=200, force_terminal=True, color_system=None)
    console.print(advice_view(router.route(HOSTILE, draft=True), why=True))
    text = paper.getvalue()
    assert not ACTS.search(text)
    for typed in ("[/x]", "[red]r[/red]", ":cd:", "␛[2J", "<U+202E>"):
        assert typed in text


def test_json_answer_is_ascii_and_gives_the_text_back(router: Router) -> None:
    import json

    said = router.route(HOSTILE).to_json()
    assert said.isascii()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", said)
    assert json.loads(said)["text"] == HOSTILE


def test_one_statement_stays_on_one_line(router: Router) -> None:
    """A text with line ends cannot pretend to be lines of the answer."""
    lines = list(advice_lines(router.route("feed issue\nwho: ERT (ert)\nconfidence: high")))
    assert sum(line.startswith("who:") for line in lines) == 1
    assert all("\n" not in line for line in lines)


def test_known_sheets_hold_nothing_that_acts(router: Router) -> None:
    for ident in (None, "ert", "8541", "F05", "feed-rejected"):
        assert not ACTS.search("\n".join(sheet_lines(show(router.known, ident))))
