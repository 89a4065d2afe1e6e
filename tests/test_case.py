"""Facts beside the text: ids with their check digits, counts, marks, and what is told by options."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_route import CaseFacts, Router, Told
from catalog_route.case import identifier, read_case

Read = Callable[..., CaseFacts]


@pytest.fixture(scope="module")
def facts(router: Router) -> Read:
    """Reads the case facts of a text."""

    def read(text: str, told: Told | None = None) -> CaseFacts:
        return read_case(router.matcher.match(text), told)

    return read


# --- ids


@pytest.mark.parametrize(
    ("text", "asins"),
    [
        ("B0ABCDEF12 is wrong", ("B0ABCDEF12",)),
        ("see b0abcdef12, please", ("B0ABCDEF12",)),
        ("(B0ABCDEF12)/B0ABCDEF13", ("B0ABCDEF12", "B0ABCDEF13")),
        ("B0ABCDEF12 and again B0ABCDEF12", ("B0ABCDEF12",)),
        ("https://www.amazon.com/dp/B0ABCDEF12?th=1", ("B0ABCDEF12",)),
        ("B0ABCDEF123", ()),
        ("XB0ABCDEF12", ()),
        ("B0ABCDEF1", ()),
        ("A0ABCDEF12", ()),
    ],
)
def test_asins(facts: Read, text: str, asins: tuple[str, ...]) -> None:
    assert facts(text).asins == asins


@pytest.mark.parametrize(
    ("value", "kind", "valid"),
    [
        ("036000291452", "UPC", True),
        ("036000291453", "UPC", False),
        ("4006381333931", "EAN", True),
        ("4006381333932", "EAN", False),
        ("9780306406157", "EAN", True),  # an ISBN-13
        ("96385074", "EAN-8", True),
        ("96385075", "EAN-8", False),
        ("10614141000415", "GTIN-14", True),
        ("10614141000416", "GTIN-14", False),
        ("000000000000", "UPC", True),
    ],
)
def test_check_digit(value: str, kind: str, valid: bool) -> None:
    found = identifier(value)
    assert (found.value, found.kind, found.valid) == (value, kind, valid)


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789", min_size=11, max_size=11))
def test_exactly_one_last_digit_is_right(body: str) -> None:
    assert sum(identifier(f"{body}{last}").valid for last in range(10)) == 1


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(body: str, place: int, shift: int) -> None:
    right = next(f"{body}{last}" for last in range(10) if identifier(f"{body}{last}").valid)
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert not identifier(wrong).valid


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("UPC 036000291452 does not match", ["036000291452"]),
        ("ean:4006381333931.", ["4006381333931"]),
        ("036000291452 036000291452", ["036000291452"]),
        ("0360002914521234567", []),
        ("SKU-036000291452", []),
        ("case 123456789012", []),
        ("batch id 5001234567890", []),
    ],
)
def test_barcode_numbers_are_told_from_other_numbers(facts: Read, text: str, values: list[str]) -> None:
    assert [i.value for i in facts(text).identifiers] == values


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("SKU AB-1042 failed", ("AB-1042",)),
        ("sku: red_cap/5", ("red_cap/5",)),
        ('sku "AB-1042"', ("AB-1042",)),
        ("SKU#77-B and sku 77-C", ("77-B", "77-C")),
        ("my sku is wrong", ()),
        ("skus missing", ()),
        ("sku B0ABCDEF12", ()),
    ],
)
def test_skus(facts: Read, text: str, skus: tuple[str, ...]) -> None:
    assert facts(text).skus == skus


@pytest.mark.parametrize(
    ("text", "case_ids"),
    [
        ("case 12345678901 closed", ("12345678901",)),
        ("Case ID: 12345678901", ("12345678901",)),
        ("ticket #1234567890", ("1234567890",)),
        ("case 123", ()),
        ("order 12345678901", ()),
    ],
)
def test_case_ids(facts: Read, text: str, case_ids: tuple[str, ...]) -> None:
    assert facts(text).case_ids == case_ids


@pytest.mark.parametrize(
    ("text", "feed_ids"),
    [("batch id 50012345678", ("50012345678",)), ("feed 123456789012", ("123456789012",)), ("feed 8541", ())],
)
def test_feed_ids(facts: Read, text: str, feed_ids: tuple[str, ...]) -> None:
    assert facts(text).feed_ids == feed_ids


@pytest.mark.parametrize(
    ("text", "markets"),
    [
        ("on amazon.de and Amazon.co.uk", ("amazon.de", "amazon.co.uk")),
        ("https://www.amazon.com/dp/x", ("amazon.com",)),
        ("amazon.com.au", ("amazon.com.au",)),
        ("amazon.de.", ("amazon.de",)),
        ("I love amazon. Do you?", ()),
    ],
)
def test_marketplaces(facts: Read, text: str, markets: tuple[str, ...]) -> None:
    assert facts(text).marketplaces == markets


# --- error codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("error 8541", ("8541",)),
        ("8541 and 8572 and 8541", ("8541", "8572")),
        ("error code: 123456", ("123456",)),
        ("Fehler 8541", ("8541",)),
        ("no number here", ()),
    ],
)
def test_error_codes(facts: Read, text: str, codes: tuple[str, ...]) -> None:
    assert facts(text).error_codes == codes


@pytest.mark.parametrize("text", ["the error in 2024 was different", "error since 2023", "errors in 5000 rows"])
def test_years_and_amounts_are_no_error_codes(facts: Read, text: str) -> None:
    assert facts(text).error_codes == ()


# --- counts and marks


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("the case was re-opened 4 times", "reopened", 4),
        ("reopened twice", "reopened", 2),
        ("re opened five times", "reopened", 5),
        ("reopened 6x", "reopened", 6),
        ("this is my fourth case", "contacts", 4),
        ("I opened 3 cases", "contacts", 3),
        ("contacted support 5 times", "contacts", 5),
        ("technicians have it for 3 weeks", "ticket_days", 21),
        ("the technician ticket is 45 days old", "ticket_days", 45),
        ("two months with the technicians", "ticket_days", 60),
        ("this is the 4th time I write about the wrong title", "contacts", 4),
        ("4th time asking, listing suppressed", "contacts", 4),
        ("second time I open a case", "contacts", 2),
        ("contacted support twice", "contacts", 2),
        ("called seller support 5x about the missing variation", "contacts", 5),
        ("asked thrice, no answer", "contacts", 3),
        ("10+ cases", "contacts", 10),
        ("re-opened thrice, wrong category", "reopened", 3),
        ("thrice reopened and nothing", "reopened", 3),
        ("case was reopened for the fifth time", "reopened", 5),
        ("reopened it once", "reopened", 1),
        ("Reopened: 4", "reopened", 4),
        ("reopen count 7", "reopened", 7),
        ("with the catalog team for a month", "ticket_days", 30),
        ("ticket open for 45 days", "ticket_days", 45),
        ("ticket open for 45 days", "contacts", None),
        ("two weeks ago I reopened case 12345678901", "reopened", None),
        ("feed issue", "reopened", None),
        ("feed issue", "contacts", None),
        ("feed issue", "ticket_days", None),
        ("4 pictures are missing", "contacts", None),
        ("I sell 5 phone cases", "contacts", None),
    ],
)
def test_counts(facts: Read, text: str, name: str, value: int | None) -> None:
    assert getattr(facts(text), name) == value


@pytest.mark.parametrize(
    ("text", "contacts"),
    [
        ("3rd time this month I write, they fix it and it breaks", 3),
        ("4th time this week support told me the same", 4),
        ("third time in 2 months I write to support", 3),
        ("contacted support twice in 6 months", 2),
    ],
)
def test_a_count_of_contacts_was_multiplied_by_the_length_of_time_beside_it(facts: Read, text: str, contacts: int) -> None:
    """The third time this month became ninety contacts, and went into the case text."""
    assert facts(text).contacts == contacts


def test_each_count_is_its_own(facts: Read) -> None:
    """Five cases re-opened three times are five contacts and three re-opens."""
    read = facts("5 cases, reopened 3 times")
    assert (read.contacts, read.reopened) == (5, 3)


def test_the_larger_of_two_counts_holds(facts: Read) -> None:
    assert facts("reopened 2 times. Now reopened 4 times.").reopened == 4


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("we are a vendor", "account", "vendor"),
        ("as a 1P vendor our page is wrong", "account", "vendor"),
        ("I am a third party seller", "account", "seller"),
        ("we are a vendor and I am a seller", "account", None),
        ("the captive team could not change it", "tried", ("captive",)),
        ("an outsourced rep read me the help page", "tried", ("outsourced",)),
        ("they closed it with no further action", "final_no", True),
        ("Amazon's final decision came today", "final_no", True),
        ("case closed", "final_no", False),
        ("Case opened monday, still no picture", "asked", True),
        ("I have opened a support case about the title", "asked", True),
        ("support closed my case and the image is missing", "asked", True),
        ("an agent told me to wait", "asked", True),
        ("I have a case open about it", "asked", True),
        ("there is an open case for the duplicate", "asked", True),
        ("my claim case is open for 3 weeks", "asked", True),
        ("we opened a case, they said it takes a document", "asked", True),
        ("it stands in the case already, support still asks for the batch id", "asked", True),
        ("how do I open a case about the title", "asked", False),
        ("my phone case is not showing", "asked", False),
        ("I never opened a case", "asked", False),
        ("my appeal was denied twice", "refused", True),
        ("they rejected our report", "refused", True),
        ("I appealed my suspension once and it was denied", "refused", True),
        ("my listing was rejected, how do I appeal", "refused", False),
        ("feed issue", "account", None),
        ("our brand is enrolled in brand registry", "brand_registered", True),
        ("we are not brand registered", "brand_registered", False),
        ("we don't have brand registry", "brand_registered", False),
        ("not enrolled in brand registry", "brand_registered", False),
        ("feed issue", "brand_registered", None),
    ],
)
def test_marks(facts: Read, text: str, name: str, value: object) -> None:
    assert getattr(facts(text), name) == value


# --- what is told beside the text


def test_tiers_told_in_another_order_were_a_conflict(facts: Read) -> None:
    read = facts("the captive team tried and the outsourced team tried", Told(tried=("outsourced", "captive")))
    assert read.tried == ("outsourced", "captive")
    assert read.conflicts == ()


def test_what_is_told_overrules_the_text_and_says_so(facts: Read) -> None:
    read = facts("case reopened 4 times, we are a vendor", Told(reopened=2, account="seller"))
    assert (read.reopened, read.account) == (2, "seller")
    assert read.conflicts == (
        "reopened: the text says 4, the option 2 counts",
        "account: the text says vendor, the option seller counts",
    )


def test_what_is_told_and_agrees_is_no_conflict(facts: Read) -> None:
    assert facts("case reopened 4 times", Told(reopened=4)).conflicts == ()


def test_what_is_told_alone_is_no_conflict(facts: Read) -> None:
    read = facts("feed issue", Told(reopened=4, contacts=0, ticket_days=9, tried=("captive",), brand_registered=False))
    assert (read.reopened, read.contacts, read.ticket_days, read.tried, read.brand_registered) == (4, 0, 9, ("captive",), False)
    assert read.conflicts == ()


def test_told_nought_overrules(facts: Read) -> None:
    read = facts("case reopened 4 times", Told(reopened=0))
    assert read.reopened == 0
    assert len(read.conflicts) == 1


def test_told_no_overrules_a_brand_that_is_registered(facts: Read) -> None:
    read = facts("our brand is enrolled in brand registry", Told(brand_registered=False))
    assert read.brand_registered is False
    assert len(read.conflicts) == 1


def test_conflicts_are_told_in_plain_words(facts: Read) -> None:
    read = facts("our brand is enrolled in brand registry", Told(brand_registered=False))
    assert read.conflicts == ("brand registered: the text says yes, the option no counts",)


def test_a_count_told_beside_the_text_silences_the_other_one(router: Router) -> None:
    """Whoever says --reopened 1 has re-opened once; the words "4 times" must not lift the answer all the same."""
    text = "flat file rejected with error 8541, reopened 4 times"
    lifted, told = router.route(text), router.route(text, Told(reopened=1))
    assert lifted.recommended is not None
    assert told.recommended is not None
    assert (lifted.recommended.id, told.recommended.id) == ("ert", "captive")
    assert told.case.conflicts == ("reopened: the text says 4, the option 1 counts",)
    assert told.text == text
    for finding in told.findings:
        assert all(text[seen.start : seen.end] == seen.text for seen in finding.seen)


def test_nothing_told_leaves_the_text_alone(facts: Read) -> None:
    text = "B0ABCDEF12 reopened 4 times"
    assert facts(text, Told()) == facts(text)


@pytest.mark.parametrize("name", ["reopened", "contacts", "ticket_days"])
def test_unknown_counts_are_told_apart_from_nought(facts: Read, name: str) -> None:
    assert getattr(facts("feed issue"), name) is None
    assert facts("feed issue").count(name) == 0


def test_conflict_reaches_the_answer(router: Router) -> None:
    advice = router.route("case reopened 4 times, wrong category", Told(reopened=1))
    assert advice.case.reopened == 1
    assert advice.case.conflicts


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_case_facts(router: Router, text: str) -> None:
    read = read_case(router.matcher.match(text))
    assert all(len(asin) == 10 for asin in read.asins)
    assert len(set(read.error_codes)) == len(read.error_codes)
