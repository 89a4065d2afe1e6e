"""docs/reliability.md tells no tales: every clause and threat has its tests, and every test that it names is there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import conformance

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(test_\w+\.py)::(\w+)`", PAGE)))
ROWS = {line.split("|")[1].strip(): line for line in PAGE.splitlines() if re.match(r"\| [NR]\d+ \|", line)}
TOLD = [*(f"N{number}" for number in range(1, 8)), *(f"R{number}" for number in range(1, 35))]


@cache
def names_in(file: str) -> frozenset[str]:
    """The names of the tests at the top level of a file, as pytest collects them."""
    path = ROOT / "tests" / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


@pytest.mark.parametrize("ident", TOLD)
def test_every_clause_and_threat_has_a_test(ident: str) -> None:
    assert re.search(r"`test_\w+\.py::test_\w+`", ROWS.get(ident, ""))


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_every_test_that_is_named_exists(request: pytest.FixtureRequest, file: str, name: str) -> None:
    assert name in names_in(file)
    collected = {getattr(item, "originalname", "") for item in request.session.items if item.path.name == file}
    assert name in collected or len(collected) < len(names_in(file)), "it is there, but pytest does not collect it"


def test_nothing_is_wrongly_read_or_refused() -> None:
    """The table on the page, which another test compares with what the program does now."""
    table = PAGE.partition("<!-- generated: conformance -->")[2].partition("<!-- end -->")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.strip().splitlines()[2:]]
    assert len(rows) == len(conformance.SUITES)
    for title, sound, refused, malformed, accepted, _ in rows:
        assert (refused, accepted) == ("0", "0"), title
        assert int(sound) + int(malformed) > 50, title
