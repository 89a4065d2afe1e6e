"""When an entry of the knowledge applies, and how close it is."""

from __future__ import annotations

import pytest

from catalog_route import CaseFacts
from catalog_route.conditions import calls_off, circumstances, holds, reason, specificity
from catalog_route.ids import identifier
from catalog_route.knowledge import When

MET = When(signals=("a", "b"), destinations=("high",), history=("stuck",), codes=("8541",), start=("low",), case=("has-case",))


@pytest.mark.parametrize(
    ("when", "held"),
    [
        (When(), True),
        (When(signals=("b", "c")), True),
        (When(signals=("c",)), False),
        (When(signals=("a",), destinations=("low",)), False),
        (When(case=("has-case", "vendor")), True),
        (When(case=("no-case",)), False),
        (When(unless=("c",)), True),
        (When(unless=("b",)), False),
        (When(unless=("high",)), False),
        (When(unless=("has-case",)), False),
        (When(signals=("a",), unless=("stuck",)), False),
    ],
)
def test_condition(when: When, held: bool) -> None:
    assert holds(when, MET) is held


def test_a_final_no_calls_off_what_does_not_ask_for_it() -> None:
    assert calls_off(When(signals=("a",)), When(case=("final-no",)))
    assert not calls_off(When(case=("final-no",)), When(case=("final-no",)))
    assert not calls_off(When(signals=("a",)), MET)


def test_closer_conditions_weigh_more() -> None:
    order = [
        When(), When(destinations=("x",)), When(case=("x",)), When(history=("x",), destinations=("x",)), When(signals=("x",)),
        When(codes=("x",)),
    ]  # fmt: skip
    weights = [specificity(when) for when in order]
    assert weights == sorted(weights)
    assert [reason(when) for when in order] == ["always", "destination", "case", "history", "problem", "problem"]


@pytest.mark.parametrize(
    ("case", "names"),
    [
        (CaseFacts(), {"no-case"}),
        (CaseFacts(reopened=0), {"no-case"}),
        (CaseFacts(reopened=1), {"has-case"}),
        (CaseFacts(contacts=2), {"has-case", "several-cases"}),
        (CaseFacts(case_ids=("12345678901", "12345678902")), {"has-case", "several-cases"}),
        (CaseFacts(ticket_days=3), {"has-case"}),
        (CaseFacts(asked=True), {"has-case"}),
        (CaseFacts(refused=True), {"no-case", "refused"}),
        (CaseFacts(tried=("high",)), {"has-case", "tried-high"}),
        (CaseFacts(final_no=True), {"has-case", "final-no"}),
        (CaseFacts(lasting_days=6), {"no-case"}),
        (CaseFacts(lasting_days=7), {"no-case", "lasts-long"}),
        (CaseFacts(account="vendor", brand_registered=False), {"no-case", "vendor", "not-brand-registered"}),
        (CaseFacts(identifiers=(identifier("036000291453"),)), {"no-case", "wrong-check-digit"}),
        (CaseFacts(identifiers=(identifier("036000291452"),)), {"no-case"}),
    ],
)
def test_circumstances(case: CaseFacts, names: set[str]) -> None:
    assert set(circumstances(case)) == names


def test_history_told_without_numbers_is_a_case_too() -> None:
    assert circumstances(CaseFacts(), asked=True) == ("has-case",)
