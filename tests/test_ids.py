"""Ids in a text: each is read as one thing, by the word before it or by its form, and never as another."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_route.ids import identifier, ids_in

KINDS = ("asins", "skus", "fnskus", "identifiers", "error_codes", "case_ids", "feed_ids", "order_ids", "shipment_ids")
# What each kind looks like when it is named; the values are such that their form alone could be taken for something else.
NAMED = {
    "asins": ("ASIN B0ABCDEF12", "B0ABCDEF12"),
    "skus": ("SKU 123456789012", "123456789012"),
    "fnskus": ("FNSKU X001ABCDEF", "X001ABCDEF"),
    "identifiers": ("UPC 036000291452", "036000291452"),
    "error_codes": ("error 90220", "90220"),
    "case_ids": ("case 12345678903", "12345678903"),
    "feed_ids": ("batch id 4006381333931", "4006381333931"),
    "order_ids": ("order 123-4567890-1234567", "123-4567890-1234567"),
    "shipment_ids": ("shipment FBA15DKXYZ12", "FBA15DKXYZ12"),
}


def found(text: str) -> dict[str, tuple[str, ...]]:
    """The kinds that a text holds, without what nothing is told by."""
    return {kind: held for kind, held in ids_in(text).items() if held and kind != "other"}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_read_as_itself_only(kind: str) -> None:
    text, value = NAMED[kind]
    assert found(f"Please look at {text}, thanks") == {kind: (value,)}


@settings(max_examples=150, deadline=None)
@given(st.permutations(KINDS), st.sampled_from([", ", " and ", ". ", "; ", "\n"]))
def test_all_kinds_side_by_side_keep_apart(order: list[str], joint: str) -> None:
    text = joint.join(NAMED[kind][0] for kind in order)
    assert found(text) == {kind: (NAMED[kind][1],) for kind in KINDS}


@pytest.mark.parametrize(
    ("text", "held"),
    [
        # lists after one word
        ("cases 12345678901, 12345678902 and 12345678903", {"case_ids": ("12345678901", "12345678902", "12345678903")}),
        ("SKUs A-1B, A-2B and A-3B failed", {"skus": ("A-1B", "A-2B", "A-3B")}),
        ("error code 8541, 8572 and 90057", {"error_codes": ("8541", "8572", "90057")}),
        # the nearest word counts
        ("case about feed 123456789012", {"feed_ids": ("123456789012",)}),
        ("error in case 12345678901", {"case_ids": ("12345678901",)}),
        # a number that belongs to something else is nothing here
        ("tracking 036000291452", {}),
        ("invoice 4006381333931 is wrong", {}),
        ("order 12345678901", {}),
        ("call me at 004915112345678", {}),
        # barcodes as people write them
        ("UPC 0 36000 29145 2 does not fit", {"identifiers": ("036000291452",)}),
        ("ISBN 978-0-306-40615-7 and ISBN 0-306-40615-2", {"identifiers": ("9780306406157", "0306406152")}),
        ("EAN:4006381333931.", {"identifiers": ("4006381333931",)}),
        ("UPC: 36000291452", {"identifiers": ("36000291452",)}),
        ("036000291452 is ours", {"identifiers": ("036000291452",)}),
        ("036000291453 is ours", {}),
        # ten digits are an ASIN for books only when somebody says so
        ("ASIN 0306406152 is wrong", {"asins": ("0306406152",)}),
        ("0306406152 is wrong", {}),
        # words that only look like ids
        ("b0ttlecaps are on sale", {}),
        ("FBA_INB_0182 on the prep", {}),
        ("the error in 2024 was different", {}),
        ("error since 2023", {}),
        ("my SKU is wrong, 3 weeks now", {}),
        ("SKU. 12 units", {}),
        # SKUs in all shapes
        ("my SKU is KETTLE-RED-XL", {"skus": ("KETTLE-RED-XL",)}),
        ("SKU-036000291452", {"skus": ("SKU-036000291452",)}),
        ("5J-AOK5-JIUH has no label", {}),
    ],
)
def test_ids_as_sellers_write_them(text: str, held: dict[str, tuple[str, ...]]) -> None:
    assert found(text) == held


def test_every_id_is_a_part_of_the_text_or_its_capitals() -> None:
    text = "see b0abcdef12 and x001abcdef in fba15dkxyz12"
    assert found(text) == {"asins": ("B0ABCDEF12",), "fnskus": ("X001ABCDEF",), "shipment_ids": ("FBA15DKXYZ12",)}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_any_text_can_be_read(text: str) -> None:
    held = ids_in(text)
    for kind in KINDS:
        assert len(set(held[kind])) == len(held[kind])
        assert all(held[kind])


def test_a_long_text_is_read_in_one_walk() -> None:
    assert len(ids_in("SKU AB-1 " * 10_000)["skus"]) == 1


@pytest.mark.parametrize(
    ("value", "kind", "valid"),
    [
        ("0306406152", "ISBN-10", True),
        ("0306406153", "ISBN-10", False),
        ("080442957X", "ISBN-10", True),
        ("36000291452", "UPC", False),
    ],
)
def test_isbn_and_a_upc_that_lost_its_first_digit(value: str, kind: str, valid: bool) -> None:
    number = identifier(value)
    assert (number.kind, number.valid) == (kind, valid)
