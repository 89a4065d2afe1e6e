"""The case text to send: filled with what is known, the rest stays a visible placeholder, nothing is expanded twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import docs_screens
from catalog_route import CaseFacts, Knowledge, KnowledgeError, Router, Told
from catalog_route.advice import DraftEntry, Evidence, FindingEntry
from catalog_route.drafting import fill, main_matter, write
from catalog_route.knowledge import Draft, Placeholder, When
from catalog_route.record import changed

LABELS = {"asin": "ASIN", "sku": "SKU", "issue": "the issue", "text": "what happened"}
PLACES = {name: Placeholder(name, label) for name, label in LABELS.items()}


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
    assert fill(draft(*lines, subject="s"), PLACES, {"asin": "B0", "text": "x"}).body == "First line.\nASIN: B0\nx and B0"


def test_what_stands_above_is_not_said_again() -> None:
    lines = ("Please correct {asin}.", "? ASIN: {asin}", "? SKU: {sku}")
    assert fill(draft(*lines), PLACES, {"asin": "B0ABCDEF12", "sku": "B0"}).body == "Please correct B0ABCDEF12.\nSKU: B0"


def test_the_first_that_is_known_stands_for_several() -> None:
    filled = fill(draft("Please correct {asin|sku}.", subject="{sku|asin}"), PLACES, {"sku": "AB-1"})
    assert (filled.subject, filled.body, filled.missing) == ("AB-1", "Please correct AB-1.", ())
    assert fill(draft("{asin|sku}", subject="s"), PLACES, {}).missing == ("ASIN",)


def test_a_part_of_the_subject_goes_when_nothing_in_it_is_known() -> None:
    made = draft("x", subject="Rejected – ? error {sku} – {asin} – please look")
    assert fill(made, PLACES, {"asin": "B0"}).subject == "Rejected – B0 – please look"
    assert fill(made, PLACES, {"asin": "B0", "sku": "8541"}).subject == "Rejected – error 8541 – B0 – please look"


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
    return [name for line in lines for found in re.findall(r"\{([^{}]*)\}", line) for name in found.split("|")]


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


# --- whole cases


WORDS_OF_AN_ASK = ("please", "my question")


def whole(router: Router, text: str, told: Told | None = None) -> tuple[str, str]:
    """Subject and text of the case for a problem."""
    made = router.route(text, told, draft=True).draft
    assert made is not None
    return made.subject, made.body


def test_every_case_asks_for_one_thing_first(router: Router) -> None:
    for text in docs_screens.sellers().values():
        advice = router.route(text, draft=True)
        if advice.draft is None:
            assert advice.recommended is None or advice.undrafted
            continue
        lines = advice.draft.body.split("\n")
        assert lines[0].lower().startswith(WORDS_OF_AN_ASK), lines[0]
        assert lines[1] == "", lines
        assert advice.draft.attach
        assert advice.draft.send


@pytest.mark.parametrize(
    "text",
    [
        "Hello, new here, this place seems more helpful than the official forum. My account was deactivated, how do I appeal",
        "somebody sells fakes of my brand, what should i write so they understand",
        "flat file rejected with 8541, has anyone seen this",
        "feed issue",
    ],
)
def test_what_was_typed_for_the_program_was_sent_to_amazon(router: Router, text: str) -> None:
    made = router.route(text, draft=True).draft
    assert made is not None
    assert text not in f"{made.subject}\n{made.body}"
    assert not re.search("anyone|official forum|so they understand", made.body)


# --- another matter, stated as a fact


@pytest.mark.parametrize(
    ("ident", "never"),
    [
        ("d018", "Image|image file|that I saved"),
        ("a129", "our number|GS1"),
        ("b019", "Value refused|Upload"),
    ],
)
def test_a_draft_spoke_of_another_matter(router: Router, ident: str, never: str) -> None:
    """What is not sure is left to the seller: the issue and the one change are asked for."""
    made = router.route(docs_screens.sellers()[ident], draft=True).draft
    assert made is not None
    assert made.subject.startswith("[the issue in a few words] – ")
    assert made.body.startswith("Please [the one change you want].")
    assert not re.search(never, "\n".join((made.subject, made.body, *made.attach)))


def test_a_foreign_picture_was_drafted_as_a_wrong_brand_name(router: Router) -> None:
    made = router.route(docs_screens.sellers()["d029"], draft=True).draft
    assert made is not None
    assert made.subject.startswith("Page shows another product's data")
    assert not re.search("brand name|that I saved", "\n".join((made.subject, made.body, *made.attach)))


def test_a_draft_claims_a_save_only_as_a_question(known: Knowledge) -> None:
    for entry in known.drafts.values():
        for line in (entry.subject, *entry.lines, *entry.attach):
            assert "saved" not in line, (entry.id, line)


def finding(signal: str, known: Knowledge, *, by: str = "phrase", start: int = 0, counts: bool = True) -> FindingEntry:
    entry = known.signals[signal]
    return FindingEntry(
        signal, entry.title, known.owner(entry), entry.needs, entry.why, entry.source, (Evidence("words", start, start + 5),),
        by, counts, entry.origin,  # type: ignore[arg-type]
    )  # fmt: skip


def test_when_the_main_matter_is_sure_enough_to_be_stated(known: Knowledge) -> None:
    merge, number, image = (
        finding(name, known, start=20 * at) for at, name in enumerate(("duplicate-pages", "data-conflict", "wrong-category"))
    )
    assert main_matter(known, [merge], "high") == (merge,)
    assert main_matter(known, [merge], "low") == ()
    assert main_matter(known, [finding("duplicate-pages", known, by="likeness")], "high") == ()
    assert main_matter(known, [finding("duplicate-pages", known, by="answer")], "high") == ()
    assert main_matter(known, [merge, number], "high") == ()
    assert main_matter(known, [merge, image], "high") == (merge, image)
    assert main_matter(known, [merge, image, finding("variation-broken", known, start=90)], "high") == ()
    assert main_matter(known, [merge, changed(number, counts=False)], "high") == (merge,)
    assert main_matter(known, [merge, finding("data-conflict", known, start=2)], "high")[0] == merge
    assert main_matter(known, [], "high") == ()


def test_a_case_after_a_warning_is_only_for_what_is_new(router: Router) -> None:
    made = router.route(docs_screens.sellers()["d018"], draft=True).draft
    assert made is not None
    assert made.send.startswith("Only in the case that you keep")
    assert "[what is new since the last answer]" in made.body


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("feed IN_PROGRESS forever", "kind and size of the file: [kind and size of the file]"),
        ("how do I add a product", "what I see there: [where you are in Seller Central, and what shows there]"),
        ("how do I upgrade to a professional selling plan fee question", "[programme, plan or metric]"),
        ("my sponsored products campaign is not eligible to run", "What I expected: [what you expected]"),
    ],
)
def test_a_blank_had_the_label_of_another_one(router: Router, text: str, line: str) -> None:
    made = router.route(text, draft=True).draft
    assert made is not None
    assert line in made.body


def test_every_case_is_made_of_whole_lines_without_leftovers(router: Router) -> None:
    """No unfilled brace, no mark of the template, no two empty lines, nothing in brackets that is not listed."""
    for text in docs_screens.sellers().values():
        made = router.route(text, draft=True).draft
        if made is None:
            continue
        own = made.body
        assert not re.search(r"[{}]|^\? ", own + made.subject, re.MULTILINE), own
        assert "\n\n\n" not in own
        assert {*re.findall(r"\[([^\]]+)\]", own + made.subject)} == set(made.missing)
        assert len(set(made.missing)) == len(made.missing)


def test_a_case_tells_what_shows_and_what_should_where_a_page_is_wrong(router: Router, known: Knowledge) -> None:
    for signal in known.signals.values():
        answer = router.route(signal.examples.fires[0]).recommended
        if answer and answer.id in ("captive", "ert") and signal.id not in ("feed-stuck", "creation-limit"):
            body = whole(router, signal.examples.fires[0])[1].lower()
            assert re.search("shown|show |shows|message|differ|status", body), signal.id
            assert re.search("wanted|should|proof|value sent|expect|restore", body), signal.id


@pytest.mark.parametrize(
    ("text", "subject", "first"),
    [
        ("B0ABCDEF12: page says beige, it's grey", "Wrong value on the page – B0ABCDEF12 – please correct the page",
         "Please have [field] of B0ABCDEF12 corrected on the page."),
        ("error 8541 for SKU KETTLE-12", "Number on a page of another product – KETTLE-12 [ASIN] – please correct",
         "Please take our number off that page, or correct that page, whichever the proof shows to be right."),
        ("feed 71403019922 has been IN_PROGRESS since 6 am", "Upload stuck – 71403019922 – please cancel it",
         "Please cancel upload 71403019922; it does not finish."),
        ("shipment FBA15DKXYZ12 closed, 48 of 120 units are missing",
         "Shipment FBA15DKXYZ12 – please look into it",
         "Please look into shipment FBA15DKXYZ12: [the one change you want]."),
        ("a-to-z claim on order 123-4567890-1234567 lost although delivered",
         "Order or claim – 123-4567890-1234567 – please check",
         "Please decide this order or claim by the proof below."),
        ("brand registry application declined", "Enrolment of a brand – [brand as printed] – please check",
         "Please tell me which entry of the application does not fit, and go on with it."),
        ("how to close the listing of SKU AB-1042", "Pausing or closing a listing – AB-1042 – one question",
         "My question: [your question in one sentence]"),
    ],
)  # fmt: skip
def test_subject_and_first_line(router: Router, text: str, subject: str, first: str) -> None:
    made = whole(router, text)
    assert made[0] == subject
    assert made[1].split("\n")[0] == first


def test_a_frame_goes_round_every_problem(router: Router) -> None:
    """The same matter, first asked, asked again, re-opened often and with technicians: one ask, another frame."""
    text = "B0ABCDEF12: page says beige, it's grey"
    first = router.route(text, draft=True).draft
    again = router.route(text, Told(reopened=1), draft=True).draft
    often = router.route(text, Told(reopened=5), draft=True).draft
    stuck = router.route(text, Told(ticket_days=40), draft=True).draft
    assert first and again and often and stuck
    matter = first.body.split("\n\nWhat happened")[0]
    for made in (again, often, stuck):
        assert matter in made.body
        assert made.body != first.body
        assert made.send != first.send
    assert "What is new since the last answer" not in first.body
    assert "this point was never answered: [the point that no answer dealt with]" in often.body
    assert "Re-opened so far: 5" in often.body
    assert "Days with the technicians: 40" in stuck.body


def test_a_vendor_says_so(router: Router) -> None:
    assert "I write as a vendor." in whole(router, "feed issue", Told(account="vendor"))[1]
    assert "I write as" not in whole(router, "feed issue")[1]


def test_an_appeal_is_text_to_paste_and_tells_beside_it_where_to(router: Router) -> None:
    made = router.route("my selling account was deactivated yesterday", draft=True).draft
    assert made is not None
    assert "not as a case" in made.send
    assert made.send not in made.body
    assert not made.body.startswith("(")


def test_words_of_one_problem_do_not_leak_into_another(router: Router, known: Knowledge) -> None:
    draft = known.drafts["draft-edit-not-showing"]
    assert "Wrong pack size" in draft.words["pack-size"]["issue"]
    assert "pack size" not in whole(router, "I saved the title, the page still shows the old one")[0]


def test_a_knowledge_without_frames_still_writes_a_case(small: Callable[[str], Knowledge]) -> None:
    known = small(
        "signals:\n  - {id: s, title: Lame, why: w, source: F1, needs: [run], says: [limp],"
        " examples: {fires: [limp], silent: [x]}}\n"
        "placeholders: [{id: issue, label: issue}, {id: text, label: text}]\n"
        "drafts:\n  - {id: d, subject: '{issue}', lines: ['Please run.', '{text}'], send: here}\n"
    )
    made = write(known, When(signals=("s",), destinations=("high",)), {"issue": "Lame", "text": "I limp {issue}"})
    assert made == DraftEntry("Lame", "Please run.\nI limp {issue}", (), (), "here")


def test_without_a_draft_nothing_is_written(small: Callable[[str], Knowledge]) -> None:
    assert write(small("placeholders: [{id: issue, label: issue}]\n"), When(), {"issue": "x"}) is None


def test_a_draft_that_names_what_is_not_there_does_not_load(small: Callable[[str], Knowledge]) -> None:
    """Each is told at its place: a placeholder, one of several, one in the words of a problem, and the problem itself."""
    with pytest.raises(KnowledgeError) as fault:
        small(
            "placeholders: [{id: asin, label: ASIN}]\n"
            "drafts:\n  - {id: d, subject: '{asin}', lines: ['Please {asin|skew}.', '{wonted}'],"
            " words: {walking: {asin: '{pace}'}}}\n"
        )
    told = "\n".join(map(str, fault.value.problems))
    for what in ('no placeholder "skew"', 'no placeholder "wonted"', 'no placeholder "pace"', 'no signal "walking"'):
        assert what in told
