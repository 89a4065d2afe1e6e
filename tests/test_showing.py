"""What is known can be looked up: every statement of the source with its certainty, every entry by its id."""

from __future__ import annotations

from dataclasses import is_dataclass

import pytest

from catalog_route import Knowledge
from catalog_route.plain import sheet_lines
from catalog_route.showing import NotKnownError, Sheet, show

STATEMENTS = [f"F{number:02}" for number in range(1, 37)]
CERTAINTY = {"F05": "not stated", "F30": "believed", "F33": "assumed", "F36": "planned"}
ABOUT = {**dict.fromkeys(STATEMENTS[0:3], "structure"), **dict.fromkeys(STATEMENTS[3:10], "outsourced"),
         **dict.fromkeys(STATEMENTS[10:22], "captive"), **dict.fromkeys(STATEMENTS[22:36], "ert"),
         "F33": "executive relations"}  # fmt: skip


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


def test_every_entry_can_be_shown_by_its_id(known: Knowledge) -> None:
    for section in ("tiers", "teams", "beyond", "signals", "history", "codes", "tips", "facts"):
        for ident in getattr(known, section):
            sheet = show(known, ident)
            assert sheet.title, ident
            assert sheet.sections, ident
            assert is_dataclass(sheet.entry)
            assert all(row[1] for part in sheet.sections for row in part.rows), ident


def test_no_id_means_two_things(known: Knowledge) -> None:
    """`show ID` finds one entry; an id used in two sections would hide the second."""
    seen: dict[str, str] = {}
    for section in ("tiers", "teams", "beyond", "signals", "history", "codes", "tips", "facts"):
        for ident in getattr(known, section):
            assert ident.lower() not in seen, (ident, section, seen[ident.lower()])
            seen[ident.lower()] = section


def test_no_id_hides_behind_the_name_of_a_list(known: Knowledge) -> None:
    lists = {"tips", "signals", "facts", "codes", "teams", "history"}
    for section in ("tiers", "teams", "beyond", "signals", "history", "codes", "tips", "facts"):
        assert not lists & set(getattr(known, section))


@pytest.mark.parametrize("name", ["tips", "signals", "facts", "codes", "teams", "history"])
def test_list_names_every_entry(known: Knowledge, name: str) -> None:
    text = text_of(show(known, name))
    for ident in getattr(known, name):
        assert f"{name}: {ident}: " in text


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
    ("typed", "near"), [("captiv", "captive"), ("brand-registry", "brand_registry"), ("feed-rejectd", "feed-rejected")]
)
def test_unknown_id_names_the_nearest(known: Knowledge, typed: str, near: str) -> None:
    with pytest.raises(NotKnownError, match=f'nothing is known as "{typed}" – did you mean "{near}"'):
        show(known, typed)


def test_id_that_is_near_to_nothing_says_where_to_look(known: Knowledge) -> None:
    with pytest.raises(NotKnownError, match="show"):
        show(known, "qqqqqqqq")
