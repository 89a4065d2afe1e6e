"""Off topic and nearly on topic: what names no seller's problem stays unclear, and a desk keeps what it owns however it is put.

The everyday sentences (`evaluation/everyday.txt`) were written for this test; none of them is a seller's.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog_route import Router
from sellers import answer

EVERYDAY = (Path(__file__).parent / "evaluation" / "everyday.txt").read_text(encoding="utf-8").splitlines()
HIGH = 0.01
ROUTED = 0.05


def test_everyday_sentences_are_rarely_routed_and_hardly_ever_surely(router: Router) -> None:
    """At most 1 % with high confidence, at most 5 % at all."""
    assert len(EVERYDAY) >= 60
    answers = {text: answer(router, text) for text in EVERYDAY}
    routed = {text: f"{a.group} ({a.confidence}), by {a.by}" for text, a in answers.items() if a.group != "unclear"}
    high = [text for text in routed if answers[text].confidence == "high"]
    assert len(high) <= HIGH * len(EVERYDAY), high
    assert len(routed) <= ROUTED * len(EVERYDAY), "\n".join(f"{t} → {r}" for t, r in routed.items())


UNCLEAR = {
    "greetings": [
        "hi there", "Good morning everybody", "hello, is anyone there?", "hey support", "Dear team, I hope this finds you well.",
        "thanks a lot, have a great weekend", "happy new year to all of you",
    ],
    "recipes": [
        "Melt the butter, stir in the flour and add the milk slowly.",
        "For the dough take 500 g flour, a packet of yeast and a pinch of salt, let it rest for an hour.",
        "boil the eggs for seven minutes and peel them under cold water",
        "slice two onions, fry them in oil until golden and add a tin of tomatoes",
    ],
    "mash": ["fghjkl", "jkljkl wertwert", "aaaaaaaaaaaaaaa", "qpwoei rutyal skdjfh", "x", "12", ".,-.,-", "lkj 993 poi", "zz"],
    "shoppers": [
        "I bought a kettle on Amazon and it leaks, I want my money back",
        "my package was left in the rain and the courier never rang",
        "when does Prime deliver to my island, I ordered a book for my daughter",
        "how do I return the trousers that I bought last week, they are too small",
        "the blender I ordered came with a broken jug, whom do I write to",
        "my gift card does not work at the checkout",
        "cancel my Prime membership please",
    ],
    "other shops": [
        "my eBay auction ended without a bid, can I put the item up again",
        "the theme of my Shopify shop does not show the logo on phones",
        "Etsy took a fee for renewing my listing",
        "how do I connect a domain to my WooCommerce shop",
        "my Walmart marketplace application was declined",
    ],
    "small talk": [
        "what do you think about the elections", "tell me a joke", "who are you and what can you do", "I am so tired today",
        "do you speak Spanish", "are you a robot or a human being",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in UNCLEAR.items() for text in texts])
def test_what_names_no_sellers_problem_is_unclear(router: Router, kind: str, text: str) -> None:
    given = answer(router, text)
    assert given.group == "unclear", f"{kind}: {text!r} → {given}"


# Problems of other desks, told in words of the catalog: group, and what is right besides.
DISGUISED = [
    ("other", "my listing is inactive because of account verification"),
    ("other", "all my listings are gone since my account was deactivated"),
    ("other", "product pages offline because my selling account is suspended, when will the listings be back"),
    ("other", "the ASIN sells well but the payout for it has not reached my bank"),
    ("other", "my listings sold for 900 dollars and the disbursement is still on hold"),
    ("other", "wrong bank account on my seller profile, where do my listings pay out to"),
    ("other", "a buyer returned a different product from my listing and I had to refund the order"),
    ("other", "A-to-z claim on an order of my best listing, the title was right and the picture too"),
    ("other", "customer says item not as described on the listing and opened a return, how do I answer the order"),
    ("other", "my listing has no buy box although the price is the lowest"),
    ("other", "negative seller feedback on my listing has to be removed"),
    ("other", "need approval to list in the supplements category, invoices were refused"),
    ("other", "I cannot log in, so I cannot edit my listing"),
    ("other", "VAT number rejected, all my listings in Germany are paused until the tax data is verified"),
    ("other", "lightning deal for my ASIN was cancelled"),
    ("advertising", "my listing's sponsored product ad is not eligible"),
    ("advertising", "image of my ASIN was rejected in the Sponsored Brands ad"),
    ("advertising", "campaign for my new listing gets no impressions, bids are high enough"),
    ("advertising", "product title cut off in my sponsored display ad, campaign rejected"),
    ("advertising", "charged for ad clicks on a listing that I had paused in the campaign"),
    ("fba", "units of my listing are lost in the fulfillment center and I want a reimbursement"),
    ("fba", "the FNSKU label of this listing does not print for my inbound shipment"),
    ("fba", "wrong weight measured at the warehouse, the FBA fee on my ASIN doubled"),
    ("brand_registry", "cannot edit the title because Brand Registry locked the page"),
    ("brand_registry", "my listing was copied by a counterfeiter, we own the trademark and want to report it"),
]


@pytest.mark.parametrize(("group", "text"), DISGUISED)
def test_a_desk_keeps_what_it_owns_in_words_of_the_catalog(router: Router, group: str, text: str) -> None:
    given = answer(router, text)
    assert given.group == group, f"{text!r} → {given}"


@pytest.mark.parametrize("text", ["", " ", "\n\n", "…", "\u200b", "\ufeff", "😀", "?!"])
def test_nothing_is_unclear(router: Router, text: str) -> None:
    assert answer(router, text).group == "unclear"


def test_unclear_asks_back(router: Router) -> None:
    """Who is not understood is asked one or two questions, each with answers that settle it."""
    for text in ("help me please", "hello", "it does not work"):
        advice = router.route(text)
        assert advice.status == "unclear"
        assert advice.recommended is None
        assert 1 <= len(advice.questions) <= 2, text
        for question in advice.questions:
            meant = router.known.questions[question.id].answers
            for shown in question.answers:
                settled = router.route(f"{text}\n{meant.get(shown, shown)}")
                assert settled.status == "routed", (text, shown)
