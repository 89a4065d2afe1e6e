"""What is known can be looked up: every statement of the source with its certainty, every entry by its id."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import is_dataclass
from io import StringIO
from typing import get_args

import pytest
from rich.cells import cell_len
from rich.console import Console

from catalog_route import Knowledge
from catalog_route.advice import plain
from catalog_route.knowledge import Certainty
from catalog_route.plain import sheet_lines
from catalog_route.sheets import sheet_view
from catalog_route.showing import LISTS, MARKED, SHOWN, NotKnownError, Sheet, show
from catalog_route.stored import KINDS

STATEMENTS = [f"F{number:02}" for number in range(1, 37)]
CERTAINTY = {"F05": "not stated", "F30": "believed", "F33": "assumed", "F36": "planned"}
ABOUT = {**dict.fromkeys(STATEMENTS[0:3], "structure"), **dict.fromkeys(STATEMENTS[3:10], "outsourced"),
         **dict.fromkeys(STATEMENTS[10:22], "captive"), **dict.fromkeys(STATEMENTS[22:36], "ert"),
         "F33": "executive relations"}  # fmt: skip


def idents(known: Knowledge) -> Iterator[tuple[str, str]]:
    """Section and id, as it is typed, of every entry."""
    for section in SHOWN:
        yield from ((section, ident) for ident in getattr(known, section))
    for marks, section in MARKED.items():
        yield from ((section, marks[0] + ident + marks[1]) for ident in getattr(known, section))


def text_of(sheet: Sheet) -> str:
    return "\n".join(sheet_lines(sheet))


# --- the 36 statements


@pytest.mark.parametrize("ident", STATEMENTS)
def test_statement_has_its_own_page_with_certainty_and_source(known: Knowledge, ident: str) -> None:
    fact = known.facts[ident]
    assert fact.certainty == CERTAINTY.get(ident, "stated")
    assert fact.about == ABOUT[ident]
    assert fact.source == "palmetto"
    text = text_of(show(known, ident))
    assert fact.text in text
    assert f"certainty: {fact.certainty}" in text
    assert known.sources[fact.source].title in text


@pytest.mark.parametrize("ident", STATEMENTS)
def test_statement_is_told_where_it_belongs_with_its_certainty(known: Knowledge, ident: str) -> None:
    """Whoever looks at a tier, a team or who stands beyond meets the statement there, not only under its id."""
    pages = [text_of(show(known, place)) for place in (*known.tiers, *known.teams, *known.beyond)]
    line = f"{ident}: {known.facts[ident].text} ({known.facts[ident].certainty}, "
    assert any(line in page for page in pages)


@pytest.mark.parametrize(
    ("place", "idents"),
    [("outsourced", STATEMENTS[3:10]), ("captive", STATEMENTS[10:22]), ("ert", [s for s in STATEMENTS[22:36] if s != "F33"]),
     ("executive-relations", ["F32", "F33"])],
)  # fmt: skip
def test_page_tells_all_that_the_source_says(known: Knowledge, place: str, idents: list[str]) -> None:
    text = text_of(show(known, place))
    for ident in idents:
        assert f"{ident}: {known.facts[ident].text}" in text


def test_where_the_entry_tier_sits_is_not_stated(known: Knowledge) -> None:
    """The source leaves it blank, and nobody may fill it in."""
    assert "not stated" in text_of(show(known, "F05"))
    assert known.tiers["outsourced"].location == "not stated"
    text = text_of(show(known, "outsourced")).lower()
    for place in ("india", "philippines", "costa rica", "overseas", "offshore", "manila", "u.s."):
        assert place not in text


def test_what_is_believed_is_not_told_as_certain(known: Knowledge) -> None:
    assert "(believed, palmetto)" in text_of(show(known, "ert"))
    assert "believed" in known.tiers["ert"].reached


# --- every entry


def test_everything_that_is_known_can_be_shown() -> None:
    """No section of the knowledge is left out of `show`."""
    assert {*SHOWN, *MARKED.values()} == set(KINDS)
    assert set(LISTS) == set(KINDS)


def test_every_entry_can_be_shown_by_its_id(known: Knowledge) -> None:
    for section, ident in idents(known):
        sheet = show(known, ident)
        assert sheet.title, ident
        assert sheet.sections, ident
        assert is_dataclass(sheet.entry)
        assert sheet.entry in getattr(known, section).values()
        assert all(row[1] for part in sheet.sections for row in part.rows), ident


def test_no_id_means_two_things(known: Knowledge) -> None:
    """`show ID` finds one entry; an id used in two sections would hide the second."""
    seen: dict[str, str] = {}
    for section, ident in idents(known):
        assert ident.lower() not in seen, (ident, section, seen[ident.lower()])
        seen[ident.lower()] = section


def test_no_id_hides_behind_the_name_of_a_list(known: Knowledge) -> None:
    assert not {ident for _, ident in idents(known)} & set(LISTS)


@pytest.mark.parametrize("name", LISTS)
def test_list_names_every_entry(known: Knowledge, name: str) -> None:
    sheet = show(known, name)
    assert sheet.entry == list(getattr(known, name).values())
    rows = [row for section in sheet.sections for row in section.rows]
    assert sorted(label for label, _, _ in rows) == sorted(getattr(known, name))
    assert all(text for _, text, _ in rows)


def test_the_ladder_names_every_list_that_it_does_not_hold_itself(known: Knowledge) -> None:
    text = text_of(show(known, None))
    for name in {*LISTS} - {"tiers", "teams", "beyond"}:
        assert f"show {name})" in text
        assert str(len(getattr(known, name))) in text


def test_tips_are_listed_in_the_order_in_which_they_are_of_use(known: Knowledge) -> None:
    assert [section.heading for section in show(known, "tips").sections] == [
        "tips: try first", "tips: prepare", "tips: write", "tips: if stuck", "tips: avoid",
    ]  # fmt: skip


@pytest.mark.parametrize("ident", ["outsourced", "captive", "fba", "brand_registry", "account_health"])
def test_a_destination_tells_the_road_what_it_owns_and_what_to_do(known: Knowledge, ident: str) -> None:
    headings = [section.heading for section in show(known, ident).sections]
    assert "the road there" in headings
    assert {"what it solves", "what it owns"} & set(headings)
    assert "what the sources say" in headings


def test_a_problem_tells_what_to_do_before_how_it_is_recognised(known: Knowledge) -> None:
    for signal in known.signals.values():
        headings = [section.heading for section in show(known, signal.id).sections]
        assert headings.index("what to do") < headings.index("for example"), signal.id
        assert known.destination(known.owner(signal)).name in text_of(show(known, signal.id))


def test_a_draft_shows_its_text_as_it_is_kept(known: Knowledge) -> None:
    for draft in known.drafts.values():
        text = text_of(show(known, draft.id))
        assert f"subject, as it is kept: {draft.subject}" in text
        assert all(line in text for line in draft.lines)


def test_no_page_says_the_same_line_twice(known: Knowledge) -> None:
    for _, ident in idents(known):
        for section in show(known, ident).sections:
            assert len(set(section.rows)) == len(section.rows) or section.heading.startswith("text"), (ident, section.heading)


def test_what_rests_on_a_statement_is_told(known: Knowledge) -> None:
    """F21 carries an ability, a tier and steps; whoever doubts it sees what falls with it."""
    text = text_of(show(known, "F21"))
    assert "what rests on it: ability: show update-retail-contributions" in text
    assert "what rests on it: tier: show captive" in text


def test_without_an_id_the_ladder_is_shown_highest_first(known: Knowledge) -> None:
    text = text_of(show(known, None))
    places = [text.index(tier.short) for tier in reversed(known.ladder())]
    assert places == sorted(places)
    for team in known.teams.values():
        assert team.short in text
    for other in known.beyond.values():
        assert other.name in text


def test_tier_tells_what_it_can_what_some_can_and_what_it_cannot(known: Knowledge) -> None:
    for tier in known.ladder():
        text = text_of(show(known, tier.id))
        for name in (*tier.can, *tier.some_can):
            assert known.abilities[name].title in text
        for limit in tier.limits:
            assert limit.text in text
        assert tier.channels in text
        assert tier.reached in text
        assert (f"start with: {tier.entry}" in text) == bool(tier.entry)


def test_code_tells_meaning_cure_and_who(known: Knowledge) -> None:
    for code in known.codes.values():
        text = text_of(show(known, code.code))
        assert code.meaning in text
        assert code.cure in text
        assert code.certainty in text


@pytest.mark.parametrize("typed", ["f30", "F30", "ERT", "Ert", "ert"])
def test_capitals_do_not_matter(known: Knowledge, typed: str) -> None:
    assert show(known, typed) == show(known, typed.upper() if typed[1:].isdigit() else "ert")


@pytest.mark.parametrize("typed", ["invalidinput", "INVALIDINPUT", "listing_suppressed"])
def test_capitals_of_code_names_do_not_matter(known: Knowledge, typed: str) -> None:
    assert show(known, typed).title.lower() == f"error code {typed.lower()}"


@pytest.mark.parametrize(
    ("typed", "near"),
    [("captiv", "captive"), ("brand_registri", "brand_registry"), ("feed-rejectd", "feed-rejected"), ("tpis", "tips"),
     ("draft-variaton", "draft-variation"), ("investigate-feed", "investigate-feeds"), ("palmeto", "palmetto")],
)  # fmt: skip
def test_unknown_id_names_the_nearest(known: Knowledge, typed: str, near: str) -> None:
    with pytest.raises(NotKnownError, match=f'nothing is known as "{typed}" – did you mean "{near}"'):
        show(known, typed)


def test_id_that_is_near_to_nothing_says_where_to_look(known: Knowledge) -> None:
    with pytest.raises(NotKnownError, match="show"):
        show(known, "qqqqqqqq")


@pytest.mark.parametrize(
    ("typed", "ident"),
    [("brand-registry", "brand_registry"), ("Brand Registry", "brand_registry"), ("FBA", "fba"), ("Captive", "captive"),
     ("Escalation Resolutions Team", "ert"), ("Executive Relations Team", "executive-relations"),
     ("FEED_REJECTED", "feed-rejected")],
)  # fmt: skip
def test_names_and_spellings_find_the_entry(known: Knowledge, typed: str, ident: str) -> None:
    assert show(known, typed) == show(known, ident)


def test_every_page_is_json_too(known: Knowledge) -> None:
    """`show --json` prints the record behind a page, so it has to be plain data."""
    for _, ident in idents(known):
        held = json.loads(json.dumps(plain(show(known, ident).entry), allow_nan=False))
        assert held["origin"]
    for name in (None, *LISTS):
        assert json.loads(json.dumps(plain(show(known, name).entry), allow_nan=False))


def test_word_groups_and_placeholders_are_named_with_their_marks(known: Knowledge) -> None:
    assert show(known, "<image>").entry is known.groups["image"]
    assert show(known, "{asin}").entry is known.placeholders["asin"]
    with pytest.raises(NotKnownError, match="<imag>"):
        show(known, "<imag>")


def test_fba_is_the_desk_and_not_the_word_group(known: Knowledge) -> None:
    assert show(known, "fba").entry is known.teams["fba"]


# --- what readers stumbled over


@pytest.mark.parametrize("word", get_args(Certainty))
def test_a_word_of_certainty_is_explained(known: Knowledge, word: str) -> None:
    """`show official` answered that nothing is known, while every line of --why ended in such a word."""
    sheet = show(known, word)
    assert sheet.title == word
    assert known.terms[word.replace(" ", "-")].kind == "certainty"
    many = sum(fact.certainty == word for fact in known.facts.values())
    assert f"said of: facts: {many} of {len(known.facts)}" in text_of(sheet)


@pytest.mark.parametrize("word", ["contribution", "deadlocked", "theme", "ladder", "door", "save, edit, finish"])
def test_a_word_that_a_stranger_does_not_know_is_explained(known: Knowledge, word: str) -> None:
    sheet = show(known, word)
    assert sheet.title == word
    assert len(sheet.summary.split()) > 5


def test_no_page_tells_a_subject_in_the_language_of_templates(known: Knowledge) -> None:
    """`show feed-rejected` told {issue} – ? error {code} – {feed_id|sku|asin} – please find the cause."""
    for name in (*known.signals, "drafts"):
        rows = [row for section in show(known, name).sections for row in section.rows if row[0] in known.drafts]
        assert not [text for _, text, _ in rows if "{" in text or "? " in text], name
    assert not any("{" in show(known, draft).title + show(known, draft).summary for draft in known.drafts)
    rows = [row for section in show(known, "feed-rejected").sections for row in section.rows]
    assert ("draft-feed", "Upload rejected – error [error code] – [batch or feed id or SKU or ASIN] – please find the cause",
            "show draft-feed") in rows  # fmt: skip


def drawn(sheet: Sheet, width: int) -> list[str]:
    console = Console(width=width, file=StringIO(), markup=False, emoji=False, highlight=False, _environ={})
    console.print(sheet_view(sheet), crop=False)
    assert isinstance(console.file, StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


@pytest.mark.parametrize("width", [60, 80, 100])
def test_a_command_is_not_broken_where_a_line_ends(known: Knowledge, width: int) -> None:
    """(show at the end of a line and brand_registry) on the next is no command to copy."""
    for name in (None, "feed-rejected", "captive", "brand_registry"):
        shown = "\n".join(drawn(show(known, name), width))
        notes = [note for section in show(known, name).sections for _, _, note in section.rows]
        assert [note for note in notes if note.startswith("show ") and f"({note})" not in shown] == []
        assert max(map(cell_len, shown.splitlines())) <= width


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_no_row_is_lost_and_no_blank_line_comes_in_between(known: Knowledge, width: int) -> None:
    """A row that filled its line to the end was followed by an empty one."""
    for name in ("brand_registry", "drafts", "8541", "terms"):
        sheet = show(known, name)
        lines = drawn(sheet, width)
        for section in sheet.sections:
            for row in section.rows:
                assert "".join(row[1].split()) in "".join("".join(lines).split()), row
        assert lines.count("") == len(sheet.sections) + 1


def test_labels_stand_above_their_texts_where_there_is_no_room_beside(known: Knowledge) -> None:
    lines = drawn(show(known, "executive-relations"), 40)
    assert "   reached" not in drawn(show(known, None), 40)
    assert "   Executive Relations Team" in drawn(show(known, None), 40)
    assert any(line.startswith("   reached  ") for line in lines)
