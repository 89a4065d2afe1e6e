"""The case text to send: filled with what is known, the rest stays a visible placeholder, nothing is expanded twice."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_route import CaseFacts, Knowledge, Router, Told
from catalog_route.drafting import fill
from catalog_route.knowledge import Draft, Placeholder

PLACES = {name: Placeholder(name, label) for name, label in (("asin", "ASIN"), ("issue", "the issue"), ("text", "what happened"))}


def draft(*lines: str, subject: str = "{issue} – {asin}", attach: tuple[str, ...] = ()) -> Draft:
    return Draft("d", subject, lines, attach)


# --- filling


def test_what_is_known_is_filled_in() -> None:
    filled = fill(draft("Please look at {asin}."), PLACES, {"asin": "B0ABCDEF12", "issue": "Wrong title"})
    assert filled.subject == "Wrong title – B0ABCDEF12"
    assert filled.body == "Please look at B0ABCDEF12."
    assert filled.missing == ()


def test_what_is_not_known_stays_visible_and_is_listed_once() -> None:
    filled = fill(draft("Please look at {asin}.", "Again {asin} and {text}"), PLACES, {"issue": "Wrong title"})
    assert filled.subject == "Wrong title – [ASIN]"
    assert filled.body == "Please look at [ASIN].\nAgain [ASIN] and [what happened]"
    assert filled.missing == ("ASIN", "what happened")


def test_empty_is_as_good_as_unknown() -> None:
    assert fill(draft("{asin}"), PLACES, {"asin": ""}).body == "[ASIN]"


def test_optional_line_goes_when_nothing_in_it_is_known() -> None:
    lines = ("First line.", "? ASIN: {asin}", "? {text} and {asin}")
    assert fill(draft(*lines, subject="s"), PLACES, {}).body == "First line."
    assert fill(draft(*lines, subject="s"), PLACES, {}).missing == ()
    assert fill(draft(*lines, subject="s"), PLACES, {"asin": "B0"}).body == "First line.\nASIN: B0\n[what happened] and B0"


def test_what_to_attach_is_kept() -> None:
    assert fill(draft("x", attach=("a photo", "the invoice")), PLACES, {}).attach == ("a photo", "the invoice")


def test_placeholder_without_a_label_shows_its_name() -> None:
    assert fill(draft("{nobody_knows}"), PLACES, {}).body == "[nobody_knows]"


@pytest.mark.parametrize(
    "typed", ["{asin}", "{issue} {text}", "{{asin}}", "\\{asin}", "{0}", "%s %(asin)s", "$asin", "\\1 \\g<0>", "? {asin}"]
)
def test_what_the_seller_wrote_is_never_expanded(typed: str) -> None:
    filled = fill(draft("{text}", "{asin}"), PLACES, {"text": typed, "asin": "B0ABCDEF12"})
    assert filled.body == f"{typed}\nB0ABCDEF12"


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=80))
def test_any_text_is_inserted_as_it_is(text: str) -> None:
    assert fill(draft("before", "{text}", "after"), PLACES, {"text": text}).body == f"before\n{text}\nafter"


def test_subject_stays_on_one_line() -> None:
    assert fill(draft("x"), PLACES, {"issue": "two\nlines\r\n and  blanks", "asin": "B0"}).subject == "two lines and blanks – B0"


# --- the shipped drafts


def test_every_placeholder_of_a_draft_is_defined(known: Knowledge) -> None:
    used = {name for d in known.drafts.values() for name in _names([d.subject, *d.lines])}
    assert used - set(known.placeholders) == set()


def test_every_placeholder_is_used(known: Knowledge) -> None:
    used = {name for d in known.drafts.values() for name in _names([d.subject, *d.lines])}
    assert set(known.placeholders) - used == set()


def test_every_placeholder_that_is_filled_by_a_case_fact_names_one(known: Knowledge) -> None:
    names = {field.name for field in fields(CaseFacts)}
    assert {p.id: p.fact for p in known.placeholders.values() if p.fact and p.fact not in names} == {}


def _names(lines: list[str]) -> list[str]:
    return [name for line in lines for name in re.findall(r"\{([^{}]*)\}", line)]


def test_no_shipped_draft_asks_for_a_team(known: Knowledge) -> None:
    """Nobody can be transferred to the highest tier; a draft that asks for it by name would only harm."""
    names = [name for here in known.ladder() for name in (here.name, here.short)]
    names += [other.name for ident, other in known.beyond.items() if "executive" in ident]
    lines = [(d.id, line) for d in known.drafts.values() for line in (d.subject, *d.lines)]
    bad = [(ident, name) for ident, line in lines for name in names if re.search(rf"\b{re.escape(name)}\b", line)]
    assert bad == []


def test_draft_is_made_only_when_asked_for(router: Router) -> None:
    assert router.route("feed issue").draft is None
    assert router.route("feed issue", draft=True).draft is not None
    assert "draft" not in router.route("feed issue").to_dict()


def test_draft_tells_the_ids_of_the_text_and_what_is_missing(router: Router) -> None:
    text = "B0ABCDEF12: flat file rejected with error 8541, batch id 50012345678, sku AB-1042"
    made = router.route(text, draft=True).draft
    assert made is not None
    whole = f"{made.subject}\n{made.body}"
    for ident in ("B0ABCDEF12", "8541", "50012345678", "AB-1042"):
        assert ident in whole
    assert all(f"[{label}]" in whole for label in made.missing)


def test_every_desk_has_a_draft(router: Router, known: Knowledge) -> None:
    """Each signal's first example gives a case text with a subject and a body."""
    without = []
    for signal in known.signals.values():
        advice = router.route(signal.examples.fires[0], draft=True)
        if advice.status == "routed" and (advice.draft is None or not advice.draft.subject or not advice.draft.body):
            without.append(signal.id)
    assert without == []


def test_draft_of_an_unclear_text_is_not_invented(router: Router) -> None:
    assert router.route("asdf", draft=True).draft is None


def test_reopens_told_beside_the_text_reach_the_draft(router: Router) -> None:
    made = router.route("wrong category, cannot change it", Told(reopened=7), draft=True).draft
    assert made is not None
    assert "7" in f"{made.subject}\n{made.body}"
