"""The shape of the code: imports point one way, modules and functions stay small, what is known stays in the data."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import catalog_route
from catalog_route import Knowledge
from catalog_route.matching import BUILT_IN

HOME = Path(catalog_route.__file__).parent
MODULES = sorted(HOME.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}
IDS = [path.relative_to(HOME).as_posix() for path in MODULES]
EACH = pytest.mark.parametrize("path", MODULES, ids=IDS)

# The chain of the design, lowest first; a module may import what stands before it, never what stands behind it.
CHAIN = ("problems", "knowledge", "text", "phrases", "automaton", "spelling", "matching", "case", "deciding", "advising",
         "router", "cli")  # fmt: skip
LOADING = ("places", "yaml_source", "linking", "loading")


def name_of(path: Path) -> str:
    parts = path.relative_to(HOME).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path) -> set[str]:
    """Our modules that a module imports when it runs, inside functions too; imports for type checkers do not count."""
    hidden = {
        id(node)
        for block in ast.walk(TREES[path])
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for node in ast.walk(block)
    }
    names = {name_of(other) for other in MODULES}
    found: set[str] = set()
    for node in ast.walk(TREES[path]):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            found.update(
                alias.name.removeprefix("catalog_route.") for alias in node.names if alias.name.startswith("catalog_route.")
            )
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "catalog_route":
            base = (node.module or "").removeprefix("catalog_route").removeprefix(".")
            inside = {f"{base}.{alias.name}".strip(".") for alias in node.names} & names
            found.update(inside or {base})
    return {name for name in found if name in names} - {name_of(path)}


GRAPH = {name_of(path): imports(path) for path in MODULES}


def test_all_modules_are_looked_at() -> None:
    assert len(MODULES) >= 25
    assert GRAPH["router"] >= {"matching", "deciding", "advising"}


def test_imports_never_go_round() -> None:
    done: set[str] = set()

    def walk(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " → ".join([*above, name])
        if name not in done:
            for other in sorted(GRAPH[name]):
                walk(other, (*above, name))
            done.add(name)

    for name in GRAPH:
        walk(name, ())


def test_nothing_imports_the_command_line() -> None:
    """Only `python -m catalog_route` starts it."""
    assert {name for name, others in GRAPH.items() if "cli" in others} == {"__main__"}


@pytest.mark.parametrize("name", CHAIN)
def test_each_link_of_the_chain_knows_only_what_stands_before_it(name: str) -> None:
    behind = set(CHAIN[CHAIN.index(name) + 1 :])
    assert not GRAPH[name] & behind


@pytest.mark.parametrize("name", LOADING)
def test_reading_knowledge_needs_no_matching(name: str) -> None:
    assert not GRAPH[name] & set(CHAIN[CHAIN.index("text") :])


@pytest.mark.parametrize("name", ["rendering", "plain", "sheets", "figures"])
def test_who_renders_does_not_decide(name: str) -> None:
    assert not GRAPH[name] & {"matching", "deciding", "advising", "router", "loading", "likeness"}


def test_printing_has_one_exit() -> None:
    """Nothing but `terminal` writes to a stream; `print` is not used at all."""
    calls = [
        (name_of(path), node.lineno)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (ast.unparse(node.func) == "print" or ast.unparse(node.func) in ("sys.stdout.write", "sys.stderr.write"))
        and name_of(path) != "terminal"
    ]
    assert calls == []


@EACH
def test_module_is_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@EACH
def test_functions_are_small(path: Path) -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(TREES[path]) if isinstance(node, kinds)]
    length = {node.name: (node.end_lineno or node.lineno) - node.lineno + 1 for node in found}
    assert {name: lines for name, lines in length.items() if lines > 40} == {}


@EACH
def test_module_says_what_it_is_for(path: Path) -> None:
    said = ast.get_docstring(TREES[path])
    assert said
    assert len(said) > 20


@EACH
def test_no_id_of_the_knowledge_stands_in_the_code(path: Path, known: Knowledge) -> None:
    """Tiers, teams, signals, tips and codes are named in YAML only; whoever changes them there changes no Python."""
    ids = {*known.tiers, *known.teams, *known.signals, *known.history, *known.tips, *known.beyond, *known.codes} - BUILT_IN
    named = [
        f"line {node.lineno}: {node.value!r}"
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ids
    ]
    assert named == []


@EACH
def test_no_unsafe_yaml_is_named(path: Path) -> None:
    """Only the event stream of the safe loader is used."""
    nodes = [node for node in ast.walk(TREES[path]) if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "yaml"]
    unsafe = {"load", "load_all", "full_load", "unsafe_load", "Loader", "FullLoader", "UnsafeLoader", "CLoader"}
    assert {node.attr for node in nodes} & unsafe == set()


@EACH
def test_nothing_is_checked_by_assert(path: Path) -> None:
    """`python -O` takes assertions away."""
    assert [node.lineno for node in ast.walk(TREES[path]) if isinstance(node, ast.Assert)] == []
