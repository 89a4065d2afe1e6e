"""What must matter, and which way: an added fact moves the answer as the support model says, or not at all.

Kinds: reference evaluation plan, section 6 (D1 to D8, D11, D12). The bar is all pairs: none may go wrong, of at least two
hundred each. "Catalog texts" are those answered with a tier; history never makes another desk's matter a catalog one.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from catalog_route import Router, Told
from edits import after
from sellers import Base, Pair, Sellers, hold

LEAST = 200
ERT = 2
CAPTIVE = 1

REOPENED_FIVE = (
    "This case has been re-opened five times.",
    "The case was reopened 5 times already.",
    "I have re-opened this case 5x.",
    "It is now the fifth time that we reopen the same case.",
    "This is the 5th case about it and nothing was solved.",
)
LADDER = (0, 1, 2, 3, 5, 12)
LADDER_WORDINGS = ("This case was re-opened {} times.", "I have reopened the case {} times so far.")
LOCKED = (
    "Brand Registry locked the page.",
    "The brand name is locked by Brand Registry.",
)
NOT_LOCKED = ("It is not locked by Brand Registry.", "We are not brand registered.")
NO_HISTORY = ("The case was never re-opened.", "This is my first case about it.")
RETAIL = (
    "The title is controlled by Amazon retail.",
    "The title is controlled by vendor data.",
)
STUCK = (
    "The technician ticket has been pending for six weeks.",
    "The ticket with the technical team is pending since 6 weeks and nothing moves.",
)
FRESH_TICKET = (
    "A technician ticket was opened this morning.",
    "Support opened a ticket with the technicians today.",
)
FAILED_UPLOAD = (
    "The flat file upload fails with error 8541.",
    "I get error 8541.",
    "My upload is rejected with error code 90057.",
    "error 5002",
)
SAVED_AND_OLD = (
    "I saved it, and the page still shows the old one.",
    "I saved the change three days ago and the page still shows the old version.",
    "It was saved, but the old one is still on the page.",
    "I did that and saved, nothing has changed on the detail page.",
)
DONE = ("It is already solved, thanks.", "Already solved, thanks!", "This is just for information.")
SHOUTS = (
    "ert escalate urgent manager jeff@",
    "ERT! ESCALATE! URGENT! MANAGER! jeff@amazon.com",
    "URGENT!!! Please escalate this to a manager immediately.",
)


@pytest.fixture(scope="module")
def sellers(router: Router) -> Sellers:
    return Sellers(router)


def added(sellers: Sellers, bases: list[Base], kind: str, sentences: tuple[str, ...]) -> list[Pair]:
    """Every base with every sentence behind it."""
    return [pair for sentence in sentences for pair in sellers.pairs(bases, f"{kind} {sentence}", after(sentence))]


def without_history(bases: list[Base]) -> list[Base]:
    """Bases that tell nothing of what has happened so far, so that only the added sentence does."""
    return [base for base in bases if not base.answer.told_history]


@pytest.mark.parametrize("wording", REOPENED_FIVE)
def test_d1_five_reopens_lift_a_catalog_text_to_the_top(sellers: Sellers, wording: str) -> None:
    hold(added(sellers, sellers.catalog(), "D1", (wording,)), wrong=lambda pair: pair.after.rank != ERT, least=LEAST)


@pytest.mark.parametrize("wording", REOPENED_FIVE)
def test_d1_five_reopens_leave_every_other_desk_its_matter(sellers: Sellers, wording: str) -> None:
    beside = [base for base in sellers.bases if base.rank < 0 and base.answer.group != "unclear"]
    hold(added(sellers, beside, "D1 beside", (wording,)))


def test_d1_five_reopens_alone_do_not_name_a_problem(sellers: Sellers) -> None:
    """Where there are words and the guide does not accept `ert` anyway (its settled place 1: a complaint about a case)."""
    unclear = [
        base for base in sellers.bases
        if base.answer.group == "unclear" and "ert" not in base.right and any(map(str.isalnum, base.text))
    ]  # fmt: skip
    hold(added(sellers, unclear, "D1 unclear", REOPENED_FIVE))


@pytest.mark.parametrize("wording", LADDER_WORDINGS)
def test_d2_more_reopens_never_lower_the_tier(sellers: Sellers, wording: str) -> None:
    """Not lower with each more, at the top from three on, and two alone never reach it."""
    bases = without_history(sellers.catalog())
    steps = [sellers.pairs(bases, f"D2 {n}", after(wording.format(n))) for n in LADDER]
    hold([p for n, step in zip(LADDER, steps, strict=True) if n >= 3 for p in step], wrong=lambda p: p.after.rank != ERT)
    few = [p for n, step in zip(LADDER, steps, strict=True) if n < 3 for p in step if p.base.rank < ERT]
    hold(few, wrong=lambda p: p.after.rank in (-1, ERT), least=LEAST)
    for lower, higher in pairwise(steps):
        climbs = [
            Pair(Base(p.base.id, p.text, p.base.label, p.after), q.kind, q.text, q.after)
            for p, q in zip(lower, higher, strict=True)
        ]
        hold(climbs, wrong=lambda p: p.after.rank < p.base.rank)


def test_d2_the_option_counts_like_the_words(sellers: Sellers, router: Router) -> None:
    """`--reopened N` climbs the same ladder."""
    for base in without_history(sellers.catalog())[::3]:
        tiers = [router.decide(base.text, Told(reopened=n))[1].destination for n in LADDER]
        assert tiers[3:] == ["ert"] * 3, (base.text, tiers)
        assert base.answer.group == "ert" or "ert" not in tiers[:3], (base.text, tiers)


@pytest.mark.parametrize("wording", LOCKED)
def test_d3_nothing_overrules_brand_registry(sellers: Sellers, wording: str) -> None:
    """Every tier is left for Brand Registry, ERT too, and also after five re-opens."""
    pairs = added(sellers, sellers.catalog(), "D3", (wording, f"{REOPENED_FIVE[0]} {wording}", f"{wording} {REOPENED_FIVE[1]}"))
    hold(pairs, wrong=lambda pair: pair.after.group != "brand_registry", least=LEAST)


def test_d4_what_is_denied_does_not_count(sellers: Sellers) -> None:
    """Brand Registry denied, on texts that are not about it; history denied, on texts without any."""
    elsewhere = [base for base in sellers.bases if base.answer.group != "brand_registry"]
    hold(added(sellers, elsewhere, "D4", NOT_LOCKED), least=LEAST)
    hold(added(sellers, without_history(sellers.bases), "D4", NO_HISTORY), least=LEAST)


def test_d5_retail_data_needs_the_top(sellers: Sellers) -> None:
    hold(added(sellers, sellers.catalog(), "D5", RETAIL), wrong=lambda pair: pair.after.rank != ERT, least=LEAST)


def test_d6_a_stuck_ticket_needs_the_top(sellers: Sellers) -> None:
    hold(added(sellers, sellers.catalog(), "D6", STUCK), wrong=lambda pair: pair.after.rank != ERT, least=LEAST)


def test_d6_a_fresh_ticket_does_not(sellers: Sellers) -> None:
    """Not below captive, which has the door to the technicians, and not the top for this alone."""
    bases = [base for base in without_history(sellers.catalog()) if base.rank < ERT]
    hold(added(sellers, bases, "D6 fresh", FRESH_TICKET), wrong=lambda pair: pair.after.rank != CAPTIVE, least=LEAST)


def test_d7_a_failed_upload_is_no_entry_level_matter(sellers: Sellers) -> None:
    bases = [base for base in sellers.bases if base.answer.group == "outsourced"]
    hold(added(sellers, bases, "D7", FAILED_UPLOAD), wrong=lambda pair: pair.after.rank < CAPTIVE, least=LEAST)


def test_d8_saved_and_not_shown_is_no_entry_level_matter(sellers: Sellers) -> None:
    bases = [base for base in sellers.bases if base.answer.group == "outsourced"]
    hold(added(sellers, bases, "D8", SAVED_AND_OLD), wrong=lambda pair: pair.after.rank < CAPTIVE, least=LEAST)


def test_d11_what_is_done_never_climbs(sellers: Sellers) -> None:
    hold(added(sellers, sellers.bases, "D11", DONE), wrong=lambda pair: pair.after.rank > pair.base.rank, least=LEAST)


def test_d12_urgency_is_no_evidence(sellers: Sellers) -> None:
    hold(added(sellers, sellers.bases, "D12", SHOUTS), wrong=lambda pair: pair.after.rank != pair.base.rank, least=LEAST)


def test_reopens_made_the_answer_less_sure_the_more_it_sounded_like_ert(router: Router) -> None:
    """The tier was as sure as the nearer of two tiers, although the re-opens alone decide it."""
    said = "reopened four times for the same wrong colour (page says beige, it's grey), each time they read me the help page"
    advice = router.route(said)
    assert advice.recommended is not None
    assert (advice.recommended.level, advice.confidence) == (3, "high")
