"""The terminal view: kept screens at three widths, nothing lost, colour that is never needed, and text that cannot act."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

import docs_blocks
import docs_screens
from catalog_route import Advice, Knowledge, Router, Told
from catalog_route.choosing import ALIKE, NEXT, seen_words
from catalog_route.plain import advice_lines
from catalog_route.rendering import ASCII_MARKS, advice_view
from catalog_route.shown import STAGES
from catalog_route.terminal import print_view
from conftest import SIGNAL

CURE = "\n\nif this is what you want: python tests/docs_blocks.py --rewrite"
NAMES = [*docs_screens.SCREENS, *docs_screens.VIEWS]
# Lines below the seller's own text; an answer fits a screen of the usual height together with a short text.
MOST_LINES = 33
USUAL_LINES = 27


def drawn(advice: Advice, width: int = 80, *, why: bool = False, colour: bool = False, marks: object = None) -> str:
    """The view as a terminal of that width shows it."""
    console = Console(
        width=width, file=StringIO(), markup=False, emoji=False, highlight=False, force_terminal=colour, legacy_windows=False,
        color_system="truecolor" if colour else None, _environ={},
    )  # fmt: skip
    console.print(advice_view(advice, why=why, marks=marks), crop=False)  # type: ignore[arg-type]
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def laid_out(advice: Advice, width: int, *, why: bool = False) -> list[str]:
    """The lines that the view wraps itself: all but the case, which the terminal wraps."""
    lines = drawn(advice, width, why=why).splitlines()
    if advice.draft is None:
        return lines
    case = {f"Subject: {advice.draft.subject}", *advice.draft.body.split("\n")}
    return [line for line in lines if line not in case]


def words(text: str) -> str:
    """A text without its line ends and indents, as it can be compared."""
    return " ".join(text.split())


def letters(text: str) -> str:
    """Only what is not blank: a fold may part a long word."""
    return "".join(text.split())


def told(part: str, text: str) -> bool:
    """Whether the letters of `part` stand in a text in their order, with no more between them than a column at the edge."""
    return re.search("[a-z◂ ]{0,16}".join(map(re.escape, part.split())), words(text)) is not None or letters(part) in letters(
        text
    )


# --- kept screens


@pytest.mark.parametrize("name", NAMES)
def test_screen_is_as_it_was_kept(name: str) -> None:
    difference = docs_blocks.outdated_view(name)
    assert not difference, difference + CURE


def test_no_screen_is_left_over() -> None:
    there = {path.stem for path in (docs_blocks.ROOT / "tests" / "screens").iterdir()}
    assert there == set(NAMES)


def test_the_ten_screens_are_of_many_kinds() -> None:
    """At least six destinations, all tiers among them, and every text is a real one."""
    answers = [docs_screens.answer(name)[0] for name in docs_screens.SCREENS]
    assert len(answers) == 10
    reached = {advice.recommended.id for advice in answers if advice.recommended}
    assert len(reached) >= 6
    assert {tier.id for tier in docs_screens.router().known.ladder()} <= reached
    assert all(advice.draft is not None for advice in answers)


# --- widths


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    advice, why = docs_screens.answer(name)
    assert max(map(len, laid_out(advice, width, why=why))) <= width


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("name", docs_screens.SCREENS)
def test_nothing_is_lost_at_any_width(name: str, width: int) -> None:
    """What is shown at 80 columns is shown at every width, to the last letter."""
    advice = docs_screens.answer(name)[0]
    text = drawn(advice, width)
    for step in advice.path[:6]:
        assert told(step.do, text)
    assert advice.draft is not None
    for part in (advice.draft.subject, advice.draft.body, *advice.draft.attach, *advice.draft.missing, advice.draft.send):
        assert letters(part) in letters(text)


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("flat file rejected with error 8541, case re-opened 4 times, we are not brand registered", 0),
        ("image upload ok but not displayed", 1),
    ],
)
def test_everything_is_shown_with_its_reason_and_source_when_asked(router: Router, said: str, waits: int, width: int) -> None:
    advice = router.route(said, draft=True)
    assert sum(bool(step.wait) for step in advice.path) == waits
    text = drawn(advice, width, why=True)
    for tip in advice.tips:
        assert letters(f"{tip.text} ({tip.certainty}, {tip.source})") in letters(text)
        assert letters(tip.why) in letters(text)
    for step in advice.path:
        wait = f" (wait: {step.wait})" if step.wait else ""
        assert letters(f"{step.do}{wait} ({step.certainty}, {step.source})") in letters(text)
    for verdict in advice.verdicts:
        assert told(verdict.why, text)
    for finding in advice.findings:
        assert finding.signal in text
        assert letters(finding.origin) in letters(text)


# --- one screen


def test_a_usual_answer_fits_a_screen(router: Router) -> None:
    """Without the seller's text, at 80 columns: half of all answers in USUAL_LINES, every one in MOST_LINES."""
    counts = []
    for text in docs_screens.sellers().values():
        advice = router.route(text)
        own = len(Text(text[:600]).wrap(Console(width=78, file=StringIO(), _environ={}), 78))
        counts.append(len(drawn(advice).rstrip("\n").splitlines()) - own)
    counts.sort()
    assert counts[len(counts) // 2] <= USUAL_LINES
    assert counts[-1] <= MOST_LINES


def test_the_answer_comes_first(router: Router) -> None:
    lines = [line.strip() for line in drawn(router.route("feed issue")).splitlines() if line.strip()]
    assert lines[0] == "feed issue"
    assert lines[1].startswith("▸ Catalog Captive Team")
    assert "confidence high" in lines[1]


@pytest.mark.parametrize(
    "text", ["feed issue", "reopened 5 times, child still missing", "stranded stock in FBA", "how do I add a product"]
)
def test_nothing_is_said_twice_on_one_screen(router: Router, text: str) -> None:
    lines = [line.strip() for line in drawn(router.route(text)).splitlines() if len(line.split()) > 5]
    assert len(set(lines)) == len(lines)


# --- the ladder, certainty, colour


def test_every_tier_stands_on_the_ladder_with_mark_and_reason(router: Router) -> None:
    text = drawn(router.route("Amazon retail holds the title of our page"))
    assert re.search(r"1 Outsourced +✗ cannot change retail or", text)
    assert re.search(r"2 Captive +~ a few can change retail or vendor +◂ start here", text)
    assert re.search(r"3 ERT +✓ can change retail or vendor data", text)


def test_the_ladder_says_why_one_starts_with_who_cannot(router: Router) -> None:
    """A "✗ cannot take over a deadlocked case … start here" puzzled whoever did not know that ERT has no door."""
    advice = router.route("reopened 5 times, child still missing")
    assert advice.start_with is not None
    assert advice.recommended is not None
    way = router.known.tiers[advice.recommended.id].way_in
    verdicts = {verdict.id: verdict for verdict in advice.verdicts}
    assert verdicts[advice.start_with.id].why.endswith(f"; {way}")
    for why in (False, True):
        assert told(way, drawn(advice, why=why))
        assert way in "\n".join(advice_lines(advice, why=why))
    assert way not in drawn(router.route("feed issue"), why=True)


def test_a_desk_beside_the_catalog_tells_why_no_tier_does_it(router: Router) -> None:
    text = drawn(router.route("our bullets are locked by Brand Registry"))
    assert re.search(r"3 ERT +✗ cannot overrule Brand Registry", text)
    assert re.search(r"1 Outsourced +✗ can only pass it on to Brand Registry", text)
    assert "beside the catalog" in text


@pytest.mark.parametrize("width", [60, 80])
def test_every_step_and_tip_shows_how_certain_it_is(router: Router, width: int) -> None:
    advice = router.route("reopened 5 times, child still missing")
    text = drawn(advice, width)
    shown = text.count("official") + text.count("practice") + text.count("stated") + text.count("believed")
    assert shown >= len(advice.path) + 3


def test_certainty_stands_at_the_right_edge_where_there_is_room(router: Router) -> None:
    lines = drawn(router.route("feed issue")).splitlines()
    ends = {len(line.rstrip()) for line in lines if line.rstrip().endswith((" official", " practice", " stated"))}
    assert ends == {79}


def test_colour_is_never_needed(router: Router) -> None:
    """The same letters with colour and without."""
    for name in NAMES:
        advice, why = docs_screens.answer(name)
        coloured = re.sub(r"\x1b\[[0-9;]*m", "", drawn(advice, why=why, colour=True))
        assert coloured == drawn(advice, why=why)


def test_the_deciding_words_are_set_off_in_the_text(router: Router) -> None:
    coloured = drawn(router.route("hello, my feed was rejected"), colour=True)
    assert re.search(r"\x1b\[1m[^\x1b]*feed was rejected", coloured)


def test_plain_signs_serve_terminals_that_cannot_show_the_others(router: Router) -> None:
    for text in ("feed issue", "stranded stock in FBA", "help", "Amazon retail holds the title"):
        shown = drawn(router.route(text, draft=True), marks=ASCII_MARKS)
        own = words(shown).replace("–", "-").replace("…", "...")
        assert not set(own) & set("▸◂·→✓✗─")


# --- what is shown when


def test_headings_name_every_stage() -> None:
    assert set(STAGES) == {"try", "prepare", "write", "escalate", "avoid"}


def test_unclear_asks_and_advises_nothing(router: Router) -> None:
    text = drawn(router.route("asdf"))
    assert "unclear" in text
    assert "What should be different" in text
    assert "who can" not in text
    assert "the road" not in text


def test_a_hardly_sure_answer_shows_what_would_settle_it(router: Router) -> None:
    advice = router.route("my title")
    assert advice.questions
    assert words(advice.questions[0].text) in words(drawn(advice))


def test_conflicts_and_wrong_numbers_are_noted(router: Router) -> None:
    text = words(drawn(router.route("case reopened 4 times, UPC 036000291453 is refused", Told(reopened=1))))
    assert "reopened: the text says 4, the option 1 counts" in text
    assert "036000291453 is no valid UPC" in text


def test_the_draft_starts_at_the_left_edge(router: Router) -> None:
    """So that what is copied from the terminal is the case and no indent."""
    advice = router.route("B0ABCDEF12: page says beige, it's grey", draft=True)
    lines = drawn(advice).splitlines()
    assert advice.draft is not None
    assert f"Subject: {advice.draft.subject}" in lines
    assert "Value shown: beige" in lines
    assert "Value wanted: grey" in lines


# --- what readers stumbled over


def alike(router: Router) -> Advice:
    """An answer that rests on a mere likeness."""
    answers = (router.route(text) for text in docs_screens.sellers().values())
    return next(each for each in answers if each.recommended and each.findings[0].by == "likeness" and each.findings[0].seen)


def test_the_words_of_a_mere_likeness_are_no_reason_on_a_short_screen(router: Router) -> None:
    """It said: like cases with "case". That tells nothing; the words belong to --why."""
    advice = alike(router)
    own = words(" ".join(part.strip() for part in drawn(advice).split("▸")[1].splitlines()))
    assert ALIKE in own
    assert f"{ALIKE} in " not in own
    assert f"{ALIKE} in {seen_words(advice.findings[0], 1)[:4]}" in words(drawn(advice, why=True))


def test_terminal_and_pipe_word_a_likeness_alike(router: Router) -> None:
    advice = alike(router)
    assert f"– {ALIKE}\n" in "\n".join(advice_lines(advice)) + "\n"
    assert f"– {ALIKE} in {seen_words(advice.findings[0])}" in "\n".join(advice_lines(advice, why=True))


@pytest.mark.parametrize("name", NAMES)
def test_a_pipe_shows_what_the_terminal_shows(name: str) -> None:
    """A pipe told what to do when stuck while the terminal hid it, and wrote [official] where others write (official)."""
    advice, why = docs_screens.answer(name)
    shown, lines = drawn(advice, why=why), list(advice_lines(advice, why=why))
    assert not any(line.endswith("]") for line in lines if line.startswith(("step", *STAGES)))
    for tip in advice.tips:
        piped = any(line.startswith(f"{tip.stage}: {tip.text} ({tip.certainty}") for line in lines)
        assert piped == told(tip.text, shown), tip.id
    assert [line.split(":")[0] for line in lines if line.startswith("step ")] == [
        f"step {step.step}" for step in advice.path[: None if why else 6]
    ]


def test_the_case_is_not_broken_where_the_terminal_ends(router: Router) -> None:
    """A subject over two lines, and a case with false line breaks, were what a copy held."""
    long = "our feed was rejected " + "and we tried again with the same values as before " * 6
    advice = router.route(long.strip(), draft=True)
    assert advice.draft is not None
    lines = drawn(advice, 40).splitlines()
    assert f"Subject: {advice.draft.subject}" in lines
    assert [line for line in advice.draft.body.split("\n") if line not in lines] == []


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_on_a_terminal_ends_in_blanks(
    router: Router, width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for color in ("always", "never"):
        print_view(advice_view(router.route("reopened four times, the picture is wrong", draft=True), why=True), color)
    bare = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert [line for line in bare.splitlines() if line != line.rstrip()] == []


def test_the_text_is_not_cut_to_save_next_to_nothing(router: Router) -> None:
    """A text lost its last 26 characters to a note of the same length."""
    text = "our feed was rejected " + "word " * 116 + "and only then the point"
    assert 600 < len(text) < 640
    shown = drawn(router.route(text))
    assert "and only then the point" in words(shown)
    assert "more characters" not in shown


def test_a_long_text_is_cut_between_words(router: Router) -> None:
    text = "our feed was rejected " + "wonderful " * 200
    assert re.search(r"wonderful … \d+ more characters", words(drawn(router.route(text))))
    lines = list(advice_lines(router.route(text * 2)))
    assert re.search(r"wonderful … \(\d+ more characters\)$", lines[0])


@pytest.mark.parametrize("said", ["reopened 5 times, child still missing", "image upload ok but not displayed"])
@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_certainty_is_never_parted_from_itself(router: Router, width: int, said: str) -> None:
    """A certainty "(official," stood at the end of a line and its source at the beginning of the next."""
    advice = router.route(said)
    shown = drawn(advice, width, why=True)
    for step in advice.path:
        assert f"({step.certainty}, {step.source})" in shown


def test_where_to_start_is_not_broken_on_a_narrow_terminal(router: Router) -> None:
    assert "2 Captive ✓  ◂ start here\n" in re.sub(r" +\n", "\n", drawn(router.route("feed issue"), 40))


@pytest.mark.parametrize("width", [40, 80])
def test_an_unclear_answer_says_what_to_do_next(router: Router, width: int) -> None:
    advice = router.route("asdf")
    assert words(f"{NEXT[0].upper()}{NEXT[1:]}.") in words(drawn(advice, width))
    assert f"next: {NEXT}" in list(advice_lines(advice))


def test_a_buyer_is_told_that_sellers_are_meant(router: Router) -> None:
    assert "no problem of an Amazon seller" in drawn(router.route("where is my parcel"))


def test_names_and_certainties_are_explained_where_they_are_shown(router: Router) -> None:
    """--why is full of F31, guide and practice, and nothing said how to look them up."""
    advice = router.route("feed issue")
    source = advice.findings[0].source.split()[0]
    hint = f'"catalog-route show {source}"'
    assert hint in words(drawn(advice, why=True))
    assert hint in "\n".join(advice_lines(advice, why=True))
    assert hint not in drawn(advice)


@pytest.mark.parametrize(
    "text",
    ["[bold]feed[/bold] issue [red]", "feed \x1b[31m rejected \x1b]0;owned\x07", ":warning: feed issue", "feed\u202e rejected"],
)
def test_the_sellers_text_is_never_markup(router: Router, text: str) -> None:
    shown = drawn(router.route(text, draft=True), colour=True)
    bare = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert "\x1b" not in bare
    assert "\x07" not in bare
    assert "\u202e" not in bare
    if "[" in text and "\x1b" not in text:
        assert words(text) in words(bare)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.sampled_from([40, 60, 80, 100]), st.booleans())
def test_any_text_can_be_shown(router: Router, text: str, width: int, why: bool) -> None:
    shown = drawn(router.route(text), width, why=why)
    assert max(map(cell_len, shown.splitlines()), default=0) <= width
    drawn(router.route(text, draft=True), width, why=why)


def test_what_the_knowledge_does_not_hold_is_not_shown(small: Callable[[str], Knowledge], router: Router) -> None:
    """No road, no way of sending, nothing to attach or to fill in, no questions: no headings without anything under them."""
    draft = 'drafts:\n  - {id: any, subject: "A fall", lines: ["It was a fall."]}\n'
    own = Router(small(SIGNAL + draft), router.likeness)
    advice = own.route("he stumbles", draft=True)
    text = drawn(advice)
    assert "Subject: A fall\n" in "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    assert not re.search("the road|attach|fill in", text)
    assert [line for line in advice_lines(advice) if line][-2:] == ["Subject: A fall", "It was a fall."]
    assert not any(line.startswith("send:") for line in advice_lines(advice))
    unclear = drawn(own.route("zzz"))
    assert "unclear" in unclear
    assert "--ask" not in unclear


# --- care


@pytest.mark.parametrize(
    "text",
    ["case was closed with no further action, I want to ask again", "should I open several cases so that one lands at captive"],
)
def test_an_unclear_answer_kept_its_warning_to_itself(router: Router, text: str) -> None:
    """What puts the account at risk was warned of in the document alone, or in a pipe."""
    advice = router.route(text)
    assert advice.recommended is None
    assert advice.tips
    assert all(tip.stage == "avoid" and tip.text in words(drawn(advice)) for tip in advice.tips[:1])


def test_what_was_told_was_taken_back_on_the_first_screen(router: Router) -> None:
    """ "Unless it was re-opened twice at most" stood below a case that was re-opened four times; `--why` keeps it."""
    advice = router.route("re-opened four times for the same wrong colour")
    contrary = [change.if_ for change in advice.what_would_change if change.contrary]
    assert contrary
    assert not any(text in words(drawn(advice)) for text in contrary)
    assert all(text in words(drawn(advice, 100, why=True)) for text in contrary)


def test_an_answer_to_a_question_was_told_as_said(router: Router) -> None:
    question = router.known.questions["what-should-be-different"]
    advice = router.route("help", answers=(next(iter(question.answers.values())),))
    assert advice.recommended is not None
    assert "from your answer" in words(drawn(advice))
    assert "you said" not in words(drawn(advice))
