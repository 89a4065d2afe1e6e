"""Where, for how long, and what stands there: marketplaces, durations and values as sellers tell them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from catalog_route import CaseFacts, Router
from catalog_route.case import read_case
from catalog_route.circumstances import values
from catalog_route.record import changed

Read = Callable[[str], CaseFacts]


@pytest.fixture(scope="module")
def facts(router: Router) -> Read:
    return lambda text: read_case(router.matcher.match(text), vocabulary=router.known.vocabulary)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("my listing is not visible on the German marketplace", ["amazon.de"]),
        ("listing inactive in the UK since 3 weeks", ["amazon.co.uk"]),
        ("UK listing gone", ["amazon.co.uk"]),
        ("we sell on Amazon US and Amazon DE", ["amazon.com", "amazon.de"]),
        ("on amazon de the title is wrong", ["amazon.de"]),
        ("our Italian listing shows English text", ["amazon.it"]),
        ("it is live in the US only", ["amazon.com"]),
        ("the page of our offer in Spain", ["amazon.es"]),
        ("Amazon Canada hides it", ["amazon.ca"]),
        ("Marketplace Germany. I want to add a child", ["amazon.de"]),
        ("amazon.co.uk and sellercentral.amazon.de", ["amazon.co.uk", "amazon.de"]),
        ("visible in Saudi Arabia", ["amazon.sa"]),
        # countries that are no marketplace here
        ("my supplier is in Germany", []),
        ("made in Germany is missing on the page", []),
        ("ships from China to the US", []),
        ("French press coffee maker listing suppressed", []),
        ("listing text in French on the page", []),
        ("persian and turkish rugs", []),
        ("send it to us, it is in the listing", []),
        ("be in the catalog", []),
    ],
)
def test_marketplaces_by_name(facts: Read, text: str, places: list[str]) -> None:
    assert list(facts(text).marketplaces) == places


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("listing suppressed for more than three weeks", 21),
        ("the page is gone for 2 months now", 60),
        ("item weight wrong since six weeks", 42),
        ("feed stuck for a week", 7),
        # not the trouble's own time
        ("I have sold parts for five years. My listing is suppressed", None),
        ("customer wants refund after 60 days", None),
        ("listing suppressed", None),
    ],
)
def test_how_long_it_has_lasted(facts: Read, text: str, days: int | None) -> None:
    assert facts(text).lasting_days == days


@pytest.mark.parametrize(
    ("text", "shown", "wanted"),
    [
        ("page says beige, it's grey", "beige", "grey"),
        ("2nd time writing: page says 12 cm, it is 12 inch. first ticket was closed", "12 cm", "12 inch"),
        ("Page of our wallet says genuine leather. It's PU, always was", "genuine leather", "PU"),
        ("the listing shows blue instead of red", "blue", "red"),
        ("the page shows size L but it is M", "size L", "M"),
        ("page reads 480 kg, should be 480 g", "480 kg", "480 g"),
        # Amazon's own message of a conflict, with one field or several
        ("contradicts the catalog: color (Merchant: 'Teal' / Amazon: 'Blue').", "Blue", "Teal"),
        ("color (Merchant: 'Teal' / Amazon: 'Blue'), size (Merchant: 'L' / Amazon: 'XL')", "Blue; XL", "Teal; L"),
    ],
)
def test_value_shown_and_value_wanted(facts: Read, text: str, shown: str, wanted: str) -> None:
    read = facts(text)
    assert (read.shown_value, read.wanted_value) == (shown, wanted)


@pytest.mark.parametrize(
    "text",
    [
        "support says wait, it is urgent",
        "the page says beige",
        "title says Pack of 6, the EAN on it is for ONE tin",
        "the page shows what nobody in our whole company has ever written there, it is a shame",
        "it's grey",
    ],
)
def test_values_are_not_guessed(facts: Read, text: str) -> None:
    """Both have to be told, of a page, and shortly; else the draft asks for them."""
    read = facts(text)
    assert (read.shown_value, read.wanted_value) == (None, None)


def test_values_are_the_very_words(facts: Read, router: Router) -> None:
    text = "The detail page says ÉBÈNE, it is Blanc-Cassé!"
    read = facts(text)
    assert read.shown_value is not None
    assert read.shown_value in text
    made = router.route(text, draft=True).draft
    assert made is not None
    assert "Value shown: ÉBÈNE\nValue wanted: Blanc-Cassé" in made.body


def test_a_merchant_who_is_named_in_another_way_hides_no_values(facts: Read) -> None:
    read = facts("Merchant: Blue Ltd. The detail page says beige, it is grey")
    assert (read.shown_value, read.wanted_value) == ("beige", "grey")


def test_a_blank_among_the_words_that_lead_to_a_value_leads_nowhere(router: Router) -> None:
    vocabulary = changed(router.known.vocabulary, rightly=(" ",), instead=("", "and not"))
    told, untold = (router.matcher.match(text).view for text in ("the page says red and not blue", "the page says red, blue"))
    assert values(told, vocabulary) == ("red", "blue")
    assert values(untold, vocabulary) is None
