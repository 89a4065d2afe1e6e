"""Text → findings: what counts, what is vetoed, denied, reported or settled, and the counts that a text tells."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_route import Knowledge, Router
from catalog_route.case import read_case
from catalog_route.matching import Matcher, Matches

Small = Callable[[str], Knowledge]

MORE = """\
signals:
  - id: page-locked
    title: "A page is locked"
    why: "Because."
    source: F1
    team: side
    says: ["page locked", "locked page", "ask the registry"]
    not: ["(phone|car) locked", "how do i ... locked"]
    examples: {fires: ["my page locked"], silent: ["my phone locked"]}
  - id: file-rejected
    title: "A file is rejected"
    why: "Because."
    source: F1
    needs: [run]
    says: ["file rejected", "<error-code>"]
    examples: {fires: ["file rejected"], silent: ["file"]}
history:
  - id: again
    title: "Many contacts"
    why: "Because."
    source: F1
    needs: [fly]
    at_least: {reopened: 3}
    says: ["again and again"]
    examples: {fires: ["again and again"], silent: ["again"]}
codes:
  - {code: "8541", meaning: "m", signal: file-rejected, cured_by: high, cure: "c", certainty: official, source: F1}
  - {code: "15", meaning: "m", signal: file-rejected, cured_by: high, cure: "c", certainty: official, source: F1}
  - {code: "AB-12", meaning: "m", signal: file-rejected, cured_by: high, cure: "c", certainty: official, source: F1}
  - {code: "PAGE_GONE", meaning: "m", signal: file-rejected, cured_by: high, cure: "c", certainty: official, source: F1}
vocabulary:
  negates: ["not a", "never", "is not"]
  reports: ["told me to (ask|call)", "told me"]
  settles: ["now fine", "was solved"]
  numbers: {four: 4, fourth: 4, twice: 2}
  units: {days: 1, weeks: 7}
  counts:
    reopened: ["reopened <number> times?", "reopened <number>"]
    contacts: ["<number> (case|contact)", "case after case"]
    ticket_days: ["technician ... <number> (days|weeks)"]
  marks:
    "account=vendor": ["we are a vendor"]
"""


@pytest.fixture
def match(small: Small) -> Callable[[str], Matches]:
    """Matches a text against a small knowledge."""
    return Matcher(small(MORE)).match


Match = Callable[[str], Matches]


# --- signals and their words


def test_finding_quotes_what_was_typed_at_its_place(match: Match) -> None:
    text = "Hello, my PAGE  locked since monday"
    (seen,) = match(text).signals["page-locked"]
    assert seen.text == "PAGE  locked"
    assert text[seen.start : seen.end] == seen.text
    assert seen.phrase == "page locked"


def test_a_signal_seen_twice_has_two_sightings(match: Match) -> None:
    assert len(match("page locked. And another page locked!").signals["page-locked"]) == 2


def test_two_signals_in_one_text_are_both_found(match: Match) -> None:
    assert set(match("page locked and file rejected").signals) == {"page-locked", "file-rejected"}


def test_nothing_is_found_in_other_texts(match: Match) -> None:
    found = match("the weather is fine")
    assert (found.signals, found.history, found.aside, found.codes, found.counts, found.marks) == ({}, {}, {}, [], {}, {})


# --- vetoes


def test_veto_silences_its_sentence(match: Match) -> None:
    assert match("phone locked and page locked").signals == {}


def test_veto_leaves_other_sentences_alone(match: Match) -> None:
    assert "page-locked" in match("My phone locked. The page locked too.").signals


def test_veto_leaves_other_signals_alone(match: Match) -> None:
    assert set(match("phone locked and file rejected").signals) == {"file-rejected"}


# --- denied, reported, settled


@pytest.mark.parametrize("text", ["this is not a page locked by someone", "never page locked", "it is not the page locked"])
def test_denied_is_set_aside(match: Match, text: str) -> None:
    found = match(text)
    assert "page-locked" not in found.signals
    assert "page-locked" in found.aside


def test_denial_reaches_only_the_next_words(match: Match) -> None:
    assert "page-locked" in match("not a problem with my account at all, the page locked").signals


def test_denial_ends_with_its_sentence(match: Match) -> None:
    assert "page-locked" in match("It is not. Page locked.").signals


def test_denial_after_the_words_does_not_deny_them(match: Match) -> None:
    assert "page-locked" in match("page locked, never happened to me").signals


@pytest.mark.parametrize("text", ["support told me to ask the registry", "he told me page locked"])
def test_reported_is_set_aside(match: Match, text: str) -> None:
    found = match(text)
    assert "page-locked" not in found.signals
    assert "page-locked" in found.aside


def test_what_was_not_reported_counts_beside_what_was(match: Match) -> None:
    found = match("They told me to ask the registry. My file rejected.")
    assert set(found.signals) == {"file-rejected"}


@pytest.mark.parametrize("text", ["page locked last year, now fine", "the page locked, that was solved"])
def test_settled_is_set_aside(match: Match, text: str) -> None:
    found = match(text)
    assert "page-locked" not in found.signals
    assert "page-locked" in found.aside


def test_what_is_new_after_something_settled_counts(match: Match) -> None:
    assert set(match("Page locked last year, now fine. File rejected today.").signals) == {"file-rejected"}


def test_a_settled_word_before_the_matter_does_not_settle_it(match: Match) -> None:
    assert "page-locked" in match("the price is now fine but page locked").signals


def test_names_of_what_was_found_tell_history_only_when_asked(match: Match) -> None:
    """What the weights are learned from; the answer is weighed without history."""
    found = match("again and again page locked, reopened 7 times")
    assert found.names(history=False) == ["signal page-locked"]
    assert found.names() == ["signal page-locked", "history again", "reopened 3"]


# --- history, counts, marks


def test_history_is_kept_apart_from_signals(match: Match) -> None:
    found = match("again and again page locked")
    assert set(found.signals) == {"page-locked"}
    assert set(found.history) == {"again"}


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("reopened 4 times", "reopened", 4),
        ("reopened four times", "reopened", 4),
        ("reopened 4x", "reopened", 4),
        ("reopened twice", "reopened", 2),
        ("this is my 5th contact", "contacts", 5),
        ("my fourth case", "contacts", 4),
        ("case after case", "contacts", 1),
        ("technician has it for 10 days", "ticket_days", 10),
        ("technician has it since 3 weeks", "ticket_days", 21),
    ],
)
def test_counts_are_read_from_the_text(match: Match, text: str, name: str, value: int) -> None:
    assert {count for count, _ in match(text).counts[name]} == {value}


def test_a_count_that_is_denied_is_no_count(match: Match) -> None:
    assert match("this was never reopened 4 times").counts == {}


def test_marks_are_read_from_the_text(match: Match) -> None:
    assert set(match("we are a vendor").marks) == {"account=vendor"}


# --- error codes


def test_code_is_seen_as_itself_and_as_its_signal(match: Match) -> None:
    found = match("got 8541 today")
    assert found.codes == ["8541"]
    assert "file-rejected" in found.signals


@pytest.mark.parametrize("text", ["18541", "85410", "85-41", "b08541", "8,541"])
def test_digits_inside_other_numbers_are_no_code(match: Match, text: str) -> None:
    assert match(text).codes == []


@pytest.mark.parametrize("text", ["AB-12", "got ab-12 today", "error (AB-12)"])
def test_code_with_a_dash_is_seen(match: Match, text: str) -> None:
    assert match(text).codes == ["AB-12"]


@pytest.mark.parametrize("text", ["XAB-12", "AB-123", "AB-12-7", "AB 12"])
def test_a_code_with_a_dash_inside_something_longer_is_none(match: Match, text: str) -> None:
    assert match(text).codes == []


def test_codes_are_told_once_each(match: Match) -> None:
    assert match("8541, AB-12 and again 8541, PAGE_GONE, ab-12").codes == ["8541", "AB-12", "PAGE_GONE"]


def test_a_matcher_sent_to_another_process_sees_the_same(small: Small) -> None:
    text = "again and again page locked, reopened 4 times, 8541"
    matcher = Matcher(small(MORE))
    sent = pickle.loads(pickle.dumps(matcher))
    assert sent.match(text).names() == matcher.match(text).names() != []
    assert sent.match(text).codes == ["8541"]


@pytest.mark.parametrize("text", ["PAGE_GONE", "got PAGE_GONE today", "page_gone"])
def test_code_with_a_name_is_seen_as_it_is_written(match: Match, text: str) -> None:
    assert match(text).codes == ["PAGE_GONE"]


def test_small_number_is_a_count_before_it_is_a_code(match: Match) -> None:
    found = match("15 pictures are missing")
    assert found.codes == []
    assert found.signals == {}


@pytest.mark.parametrize(
    "text",
    ["my listing suppressed since monday", "listing is not eligible", "search suppressed", "this was a bad request of mine",
     "approval required for the category", "catalog item removed"],
)  # fmt: skip
def test_ordinary_words_are_no_error_code(router: Router, text: str) -> None:
    """Codes such as LISTING_SUPPRESSED are written in one word; a seller who says the words tells no code."""
    assert router.matcher.match(text).codes == []


def test_every_shipped_code_is_recognised_as_amazon_writes_it(router: Router, known: Knowledge) -> None:
    """All but numbers too short to speak alone."""

    def read(code: str) -> tuple[str, ...]:
        return read_case(router.matcher.match(f"got error {code} in my report")).error_codes

    assert [code for code in known.codes if code not in read(code) and len(code) >= 4] == []


# --- the shipped knowledge


def test_every_shipped_example_fires_and_every_near_miss_is_silent(router: Router, known: Knowledge) -> None:
    wrong = []
    for entry in [*known.signals.values(), *known.history.values()]:
        for text in entry.examples.fires:
            found = router.matcher.match(text)
            if entry.id not in found.signals and entry.id not in found.history:
                wrong.append(f"{entry.origin}: {entry.id} misses {text!r}")
        for text in entry.examples.silent:
            found = router.matcher.match(text)
            if entry.id in found.signals or entry.id in found.history:
                wrong.append(f"{entry.origin}: {entry.id} fires on {text!r}")
    assert wrong == []


def test_every_signal_has_examples_on_both_sides(known: Knowledge) -> None:
    entries = [*known.signals.values(), *known.history.values()]
    assert [e.origin for e in entries if not e.examples.fires or not e.examples.silent] == []


def test_every_shipped_phrase_can_be_seen_by_its_owner(router: Router, known: Knowledge) -> None:
    """A phrase of plain words, typed as it is written, is seen; one that can never fire helps nobody."""
    blind = []
    for entry in [*known.signals.values(), *known.history.values()]:
        for phrase in entry.says:
            if phrase.replace(" ", "").replace("'", "").isalnum():
                found = router.matcher.match(phrase)
                if not any(entry.id in held for held in (found.signals, found.history, found.aside)):
                    blind.append(f"{entry.origin}: {entry.id}: {phrase}")
    assert blind == []


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("this is not a Brand Registry issue", "brand-registry-support"),
        ("not a brand registry problem, my flat file was rejected", "brand-registry-support"),
        ("support told me to contact brand registry", "brand-registry-support"),
    ],
)
def test_denied_and_reported_desks_do_not_count(router: Router, text: str, signal: str) -> None:
    assert signal not in router.matcher.match(text).signals


@pytest.mark.parametrize("doubt", ["not sure", "not clear", "I am not certain"])
def test_a_doubt_denies_nothing(router: Router, doubt: str) -> None:
    """ "not clear where to upload the flat file" was unclear: the question was taken for denied."""
    found = router.matcher.match(f"{doubt} where to upload the flat file")
    assert "feed-howto" in found.signals
    assert found.aside == {}


def test_a_file_beside_a_denied_desk_still_counts(router: Router) -> None:
    """What follows after the comma is what the seller wants."""
    found = router.matcher.match("this is not a brand registry issue, my flat file is rejected with 8541")
    assert found.codes == ["8541"]
    owners = {router.known.owner(router.known.signals[name]) for name in found.signals}
    assert owners == {"captive"}


# --- any text


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_matched_and_every_quote_lies_in_it(router: Router, text: str) -> None:
    found = router.matcher.match(text)
    for held in (found.signals, found.history, found.aside, found.marks):
        for seen in (s for sightings in held.values() for s in sightings):
            assert 0 <= seen.start < seen.end <= len(text)
            assert text[seen.start : seen.end] == seen.text


PIECES = [
    "feed", "error", "8541", "case", "reopened", "4", "times", "image", "not", "showing", ".", "\n", "brand registry",
    "told me to", "now fine", "never", "“", "can’t", "edit", "my", "page", "technician", "3 weeks", "вrand", "\u202e",
    "B0ABCDEF12",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_sellers_words_in_any_order_can_be_routed(router: Router, parts: list[str]) -> None:
    text = " ".join(parts)
    advice = router.route(text)
    assert advice.text == text
    for finding in advice.findings:
        assert all(text[e.start : e.end] == e.text for e in finding.seen)


def test_case_and_outer_blanks_do_not_matter(router: Router) -> None:
    for text in ("feed issue", "page locked by brand registry", "case reopened 4 times, wrong category"):
        plain, loud = router.route(text), router.route(f"  {text.upper()} \n")
        assert plain.recommended == loud.recommended
        assert [f.signal for f in plain.findings] == [f.signal for f in loud.findings]


def test_one_matcher_serves_many_threads(router: Router) -> None:
    """The same texts in different orders at once give the same findings."""
    texts = [text for entry in list(router.known.signals.values())[:40] for text in entry.examples.fires[:2]]
    expected = {text: sorted(router.matcher.match(text).signals) for text in texts}
    wrong: list[str] = []

    def work(seed: int) -> None:
        order = texts[:]
        Random(seed).shuffle(order)
        wrong.extend(text for text in order if sorted(router.matcher.match(text).signals) != expected[text])

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
