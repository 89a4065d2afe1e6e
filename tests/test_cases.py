"""Labelled cases of our own: `cases/<group>.yaml`. Every one of them holds; the labels follow the labelling guide."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog_route import Knowledge, Router, Told

FILES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
GROUPS = {"outsourced", "captive", "ert", "brand_registry", "fba", "advertising", "other", "unclear"}
CASES = [(path.stem, case) for path in FILES for case in yaml.safe_load(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("group", "case"), [pytest.param(g, c, id=f"{g}: {c['name']}") for g, c in CASES])
def test_case_is_answered_rightly(router: Router, known: Knowledge, group: str, case: dict[str, Any]) -> None:
    """The answer is the group of the case, or one that the guide also accepts; team and door as the case says."""
    told = dict(case.get("case", {}))
    advice = router.route(case["text"], Told(**told) if told else None)
    answered = advice.recommended.group if advice.recommended else "unclear"
    assert answered in {group, *case.get("accept", ())}, _shown(advice)
    if answered != group:
        return
    if "start_with" in case:
        assert advice.start_with is not None
        assert advice.start_with.id == case["start_with"]
    if "team" in case:
        assert advice.recommended is not None
        assert advice.recommended.id == case["team"], _shown(advice)


def _shown(advice: Any) -> str:
    seen = [(f.signal, f.by, [e.text for e in f.seen]) for f in advice.findings]
    return f"{advice.text!r}: {advice.recommended and advice.recommended.id} ({advice.confidence}), by {seen}"


def test_every_group_has_its_cases() -> None:
    assert {path.stem for path in FILES} == GROUPS
    assert len(CASES) >= 240
    assert all(sum(group == g for g, _ in CASES) >= 24 for group in GROUPS)


def test_cases_are_written_as_promised() -> None:
    """Known keys only, the group of the file, names and texts that occur once."""
    allowed = {"name", "text", "expect", "accept", "start_with", "team", "case"}
    for group, case in CASES:
        assert set(case) <= allowed, case
        assert case["expect"] == group, case
        assert set(case.get("accept", ())) <= GROUPS - {group}, case
        assert isinstance(case["text"], str), case
    names = [(group, case["name"]) for group, case in CASES]
    assert len(names) == len(set(names))
    texts = [(case["text"], str(case.get("case"))) for _, case in CASES]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("feed issue", "captive"), ("add a product", "outsourced"), ("update images", "outsourced"),
        ("Amazon retail data holds my title", "ert"), ("asdf", "unclear"),
        ("page locked by Brand Registry, case re-opened ten times", "brand_registry"),
    ],
)  # fmt: skip
def test_what_the_tool_was_promised_to_answer(router: Router, text: str, group: str) -> None:
    advice = router.route(text)
    assert (advice.recommended.group if advice.recommended else "unclear") == group


def test_who_has_no_door_is_reached_through_a_tier_with_one(router: Router) -> None:
    advice = router.route("Amazon retail data holds my title")
    assert advice.start_with is not None
    assert advice.start_with.id == "captive"
    assert advice.path, "the road there is told"


def test_an_unclear_text_gets_a_question(router: Router) -> None:
    advice = router.route("asdf")
    assert advice.status == "unclear"
    assert advice.recommended is None
    assert advice.questions
