"""The interface for Python: every example of the documentation is run, every name is there, documented and typed."""

from __future__ import annotations

import ast
import doctest
import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import catalog_route
from catalog_route import Router

HOME = Path(catalog_route.__file__).parent
PAGE = Path(__file__).resolve().parents[1] / "docs" / "python.md"
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
PUBLIC = [(name, getattr(catalog_route, name)) for name in catalog_route.__all__]


def with_examples() -> list[str]:
    """The modules whose docstrings hold examples."""
    found = []
    for path in sorted(HOME.rglob("*.py")):
        docs = [ast.get_docstring(node) or "" for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(
            node, (ast.Module, ast.ClassDef, ast.FunctionDef)
        )]  # fmt: skip
        if any(">>>" in text for text in docs):
            parts = path.relative_to(HOME.parent).with_suffix("").parts
            found.append(".".join(part for part in parts if part != "__init__"))
    return found


@pytest.mark.parametrize("name", with_examples())
def test_examples_in_docstrings_are_true(name: str) -> None:
    outcome = doctest.testmod(import_module(name), optionflags=FLAGS)
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_examples_on_the_page_are_true() -> None:
    text = re.sub(r"^```.*$", "", PAGE.read_text("utf-8"), flags=re.M)
    examples = doctest.DocTestParser().get_doctest(text, {}, PAGE.name, str(PAGE), 0)
    outcome = doctest.DocTestRunner(optionflags=FLAGS).run(examples)
    assert outcome.attempted >= 25
    assert outcome.failed == 0


def test_every_name_of_the_interface_is_on_the_page() -> None:
    rows = " ".join(line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `"))
    assert {name for name, _ in PUBLIC if f"`{name}" not in rows} == set()


@pytest.mark.parametrize(("name", "what"), PUBLIC)
def test_names_are_documented_and_typed(name: str, what: Any) -> None:
    assert inspect.getdoc(what)
    methods = [what] if inspect.isfunction(what) else [m for m in vars(what).values() if inspect.isfunction(m)]
    for method in methods:
        if not method.__name__.startswith("_"):
            assert inspect.getdoc(method), method
            given = set(inspect.signature(method).parameters) - {"self"}
            assert given | {"return"} <= set(get_type_hints(method)), method
    assert (HOME / "py.typed").exists()


def test_many_answers_come_one_by_one_as_they_are_asked_for(router: Router) -> None:
    taken: list[str] = []

    def texts() -> Any:
        for text in ("feed issue", "hello", "lost units"):
            taken.append(text)
            yield text

    answers = router.route_many(texts())
    assert taken == []
    assert next(answers) == router.route("feed issue")
    assert taken == ["feed issue"]
    assert [each.text for each in answers] == ["hello", "lost units"]


def test_a_name_that_is_not_there_is_told() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = catalog_route.nonsense
