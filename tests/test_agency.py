"""The example of an agency's own knowledge: sound, and it does what its README says."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
import yaml

from catalog_route import Router, load_knowledge
from catalog_route.checking import check_folders
from catalog_route.cli import app
from catalog_route.gaps import find_gaps
from catalog_route.loading import load
from catalog_route.samples import read_samples

ROOT = Path(__file__).resolve().parents[1]
AGENCY = ROOT / "examples" / "agency"


@pytest.fixture(scope="module")
def over() -> Router:
    return Router(load_knowledge(AGENCY))


def test_it_is_sound_and_has_no_notes() -> None:
    assert check_folders([AGENCY]).problems == ()


def test_it_shows_all_four_ways(over: Router) -> None:
    (layer,) = over.known.layers
    assert {laid.how for laid in layer.entries} == {"adds", "replaces", "extends", "disables"}
    assert {"teams", "signals", "codes", "tips", "steps", "groups"} <= {laid.section for laid in layer.entries}


def test_its_desk_answers_with_its_road(over: Router) -> None:
    advice = over.route("does the retainer cover new A+ pages")
    assert advice.recommended is not None
    assert advice.recommended.id == "brightside"
    assert advice.confidence == "high"
    assert [step.origin.split(":")[0] for step in advice.path] == ["agency/desk.yaml", "agency/desk.yaml"]


def test_its_code_is_told_with_its_cure(over: Router) -> None:
    advice = over.route("BSP-12 on three chairs")
    assert advice.case.error_codes == ("BSP-12",)
    assert advice.tips[0].text == "Raise the price, or tell us a new floor."


def test_its_tips_stand_beside_and_in_the_place_of_the_shipped_ones(over: Router, router: Router) -> None:
    text = "flat file rejected"
    mine, shipped = ({tip.id: tip.text for tip in each.route(text).tips} for each in (over, router))
    assert "brightside-first" in mine.keys() - shipped.keys()
    assert mine["read-the-report"] != shipped["read-the-report"]
    assert "not-the-same-file-again" in shipped.keys() - mine.keys()


def test_against_its_log_it_makes_three_texts_better_and_none_worse(over: Router, router: Router) -> None:
    samples, rejected = read_samples(AGENCY / "log.jsonl")
    gaps = find_gaps(samples, over, load([AGENCY]).locate, router)
    assert rejected == []
    assert [changed.verdict for changed in gaps.moved] == ["better"] * 3
    assert [changed.sample.id for changed in gaps.altered] == ["c-103"]


def test_the_hook_for_other_repositories_runs_the_check() -> None:
    """What pre-commit asks for, and a command with its subcommand that exists."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {"id", "name", "entry", "language", "files"} <= hook.keys()
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False
    program, command = shlex.split(hook["entry"])
    assert program == "catalog-route"
    assert command in {each.name or each.callback.__name__ for each in app.registered_commands if each.callback}
