"""Advice that once harmed or missed the point: text → the line that is shown without --why, and the one that is not."""

from __future__ import annotations

import re

import pytest

from catalog_route import Knowledge, Router, Told
from catalog_route.plain import advice_lines
from catalog_route.reporting import summarise
from catalog_route.reports import Message, Report, Tally


def shown(router: Router, text: str, told: Told | None = None) -> str:
    """All lines of an answer with its draft, as a pipe gets them."""
    return "\n".join(advice_lines(router.route(text, told, draft=True)))


def of_stage(lines: str, stage: str) -> list[str]:
    return [line.partition(": ")[2] for line in lines.split("\n") if line.startswith(f"{stage}: ")]


FEE = "Aged inventory surcharge, how to avoid"
RETURN = "lost 2000$ in returns, FBA customer returned brick in box"
A_PLUS = "A+ content approved 10 days ago but not showing on the detail page"
STUCK = "how do I cancel a pending upload that is stuck in progress since 12 hours"
DELETED = "sku deleted want to relist says sku exists already"
COPY = "listing got removed for IP complaint, should I just create new ASIN with same product?"
FAKES = "competitor sells counterfeit of our product"
VANISHED = "customer reviews removed from my page, 120 gone overnight"
APPEALED = "I already appealed my suspension once and it was denied, what next"
BORROWED = "I changed parent and made variation with a different product to get more reviews, amazon split it, how to bring back"
REFUSED = (
    "hijacker on my listing, did test buy, it is fake, brand registry report rejected twice",
    "Brand Registry report violation was denied, should I open seller support case to overrule?",
)


# --- what harms: the first warning stands against it


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("My account is suspended, can I just open a new seller account with my wife's name?", "Open no other account meanwhile"),
        (COPY, "Do not make a removed page again"),
        (BORROWED, "Do not put other products, brands or models in a family."),
        ("my variation is broken, a child fell out", "Do not put other products, brands or models in a family."),
        (VANISHED, "Do not ask for reviews of another product."),
        (REFUSED[0], "Do not report genuine goods, nor open a case on a refusal."),
        (REFUSED[1], "Do not report genuine goods, nor open a case on a refusal."),
    ],
)  # fmt: skip
def test_a_harmful_plan_was_answered_without_a_warning(router: Router, text: str, warning: str) -> None:
    first = of_stage(shown(router, text), "avoid")
    assert len(first) == 1
    assert first[0].startswith(warning)


def test_a_forbidden_family_was_to_be_put_right(router: Router) -> None:
    """Bringing back reviews depends on one thing, which the tip and the case both say."""
    lines = shown(router, BORROWED)
    assert of_stage(lines, "try")[0].startswith("One product only?")
    assert "Please link the reviews of this very product, and of no other, to its page again." in lines
    assert "Proof that they are reviews of one and the same product: [" in lines
    assert of_stage(lines, "send")[0].startswith("Only for one and the same product")


def test_who_was_refused_got_the_draft_of_a_first_appeal(router: Router) -> None:
    advice = router.route(APPEALED, draft=True)
    road = [step.do for step in advice.path]
    assert "Unless the no was final, answer only what it names." in road
    assert not any("First answer" in step for step in road)
    assert advice.case.refused
    assert advice.draft is not None
    assert "In answer to your refusal: [what the refusal has named" in advice.draft.body
    assert "only where the refusal was not final, and only with what it names" in advice.draft.send
    assert advice.tips[0].id == "read-the-refusal"


def test_who_was_never_refused_answers_for_the_first_time(router: Router) -> None:
    advice = router.route("my account is suspended", draft=True)
    assert "First answer: by its button, once, with all papers." in [step.do for step in advice.path]
    assert advice.draft is not None
    assert "refusal" not in advice.draft.body + advice.draft.send


def test_after_a_final_no_no_further_appeal_is_told_of(router: Router) -> None:
    advice = router.route("my account was deactivated, they call it a final decision")
    assert advice.case.final_no
    assert not any(step.do.startswith(("Unless the no", "First answer")) for step in advice.path)


@pytest.mark.parametrize("text", REFUSED)
def test_a_refused_report_was_to_be_sent_once_more(router: Router, text: str) -> None:
    lines = shown(router, text)
    assert "Report it anew with new evidence only, never the same." in lines
    assert 'Use "Report a violation"' not in lines
    assert "Brand Registry decides; no support case overrules it." in lines
    assert "After a refusal only as a new report with new evidence." in of_stage(lines, "send")[0]


def test_words_were_quoted_that_nobody_had_said(router: Router) -> None:
    lines = shown(router, "reimbursment denied for lost units, asked 2 times, says final decision")
    assert "no further action" not in lines
    assert "Their no is final: do not send it again." in lines
    assert of_stage(lines, "avoid") == ["Their no is final: do not ask again, in any case. (official)"]


# --- what misses the point


def test_an_exempt_seller_was_to_check_a_barcode_first(router: Router) -> None:
    first = of_stage(shown(router, "GTIN exemption approved for brand but when listing i get error 8560"), "try")[0]
    assert first.startswith("Exempt? Spell the brand exactly as in the approval.")


@pytest.mark.parametrize(
    ("text", "said", "unsaid"),
    [
        # a fee by age or storage is not cured by measuring
        (FEE, "By age or storage: sell or remove.", "try: Measure it packed"),
        (FEE, "Please check the fee charged on", "Please measure [ASIN]"),
        (FEE, "If it goes by size: measured by Amazon", "\nMeasured by me"),
        ("cubiscan got the height wrong", "measure it again if the fee goes by size", "please measure again"),
        # a buyer's return is no shipment
        (RETURN, "Look into the reimbursements report first.", "Units missing?"),
        (RETURN, "For a buyer's return by its order", "look into shipment"),
        ("inbound placement fee too high why", "missing units wait for the date there", "Units missing?"),
        # A+ content is no field
        (A_PLUS, "A+ not approved yet?", "partial update"),
        (A_PLUS, "Please publish the approved A+ content", "[field]"),
        (A_PLUS, "assigned to this very ASIN", "saved change"),
        # what is in progress has neither a report nor failed rows
        (STUCK, "Ask to cancel it", "failed rows"),
        (STUCK, "while it is in progress", "processing report"),
        # a time that may have passed is told as a limit, not as a wish
        ("remove my stock, removal order is pending 45 days", "Only after this time is a removal order late", "its time."),
        # nobody but who deleted a SKU waits for it
        (DELETED, "Wait 24 hours, then list it again", "Save that one field"),
        (DELETED, "Deleted a SKU? Wait before you use it again.", "Holiday"),
        ("listing shows currently unavailable but i have 200 in FBA", "drafts and inactive", "Deleted"),
        ("error 13013 for SKU KETTLE-12", "Deleted a SKU lately? Wait before you use it again.", "saved change"),
    ],
)  # fmt: skip
def test_advice_missed_the_point(router: Router, text: str, said: str, unsaid: str) -> None:
    lines = shown(router, text)
    assert said in lines
    assert unsaid not in lines


def test_how_to_close_a_listing_keeps_its_first_tips(router: Router) -> None:
    """What is for whoever pauses a listing stays first there, and is not said to whoever has a fault."""
    tips = [tip.id for tip in router.route("how to close a listing").tips if tip.stage == "try"]
    assert tips[:3] == ["close-rather-than-delete", "holiday-setting", "quantity-zero-keeps-all"]


def test_lost_reviews_were_said_to_change_with_retail_data(router: Router) -> None:
    advice = router.route(VANISHED)
    assert not any("retail" in change.if_ or "Brand Registry" in change.if_ for change in advice.what_would_change)


# --- nobody is sent back on the road, nor to a door that is closed


@pytest.mark.parametrize(
    ("text", "told", "said", "unsaid"),
    [
        ("brand name wrong", Told(tried=("ert",)), "ERT wrote? Answer that e-mail", "Outsourced answers?|Canned replies"),
        ("merge duplicates with technicians", Told(ticket_days=2), "Canned replies?", "Outsourced answers?"),
        ("feed issue", Told(), "Outsourced answers?", "Canned replies|ERT wrote"),
        (FAKES, Told(brand_registered=False),
         "step 1: Not enrolled: use Amazon's public infringement form.",
         r'step \d: (Use "Report a violation"|Not enrolled\?|No role for the brand)'),
        (FAKES, Told(brand_registered=True), 'Use "Report a violation"', "public form"),
        (FAKES, Told(), "Not enrolled? Use Amazon's", "Not enrolled:"),
    ],
)  # fmt: skip
def test_the_road_led_back_or_to_a_closed_door(router: Router, text: str, told: Told, said: str, unsaid: str) -> None:
    lines = shown(router, text, told)
    assert said in lines
    assert not re.search(unsaid, lines)


def test_a_brand_to_apply_for_was_cured_by_a_team(router: Router, known: Knowledge) -> None:
    """Who applies by a link does it alone; a case is only for whoever got no link."""
    message = Message("5665", "The brand name has not been approved", "error", "AB-1")
    said = summarise(
        Report("flat-file", "a report", iter((message,)), Tally(), lambda: None), known, lambda text: router.decide(text)[1]
    )
    assert [(entry.cured_by, entry.then) for entry in said.codes] == [("seller", "captive")]
    assert said.codes[0].cure.startswith("Apply by the link")


def test_technicians_were_to_be_hurried_and_left_alone(router: Router) -> None:
    """Whatever asks to speed up says that the promised date has to be past, as the warning beside it does."""
    lines = shown(router, "my case has been with the technical team for 3 weeks")
    assert of_stage(lines, "avoid")[0].startswith("Do not write before the promised date")
    assert of_stage(lines, "write")[0].startswith("Promised date past?")
    asking = [line for line in lines.split("\n") if "sped up" in line]
    assert len(asking) == 1
    assert "With that date past, or none given" in asking[0]
