"""Changes the code in one small way at a time and counts which changes the tests notice.

    python tests/mutate.py reports                    # one group of modules, with the tests that belong to it
    python tests/mutate.py batch --sample 200         # 200 of its mutants, chosen by --seed
    python tests/mutate.py batch --only records:88    # those of one line (or of several, one behind the other)
    python tests/mutate.py batch --longest 0.2        # without the tests that take longer, for a first look

The tests run once, to warm their fixtures and to see which functions each of them calls. Then every mutant gets a process of its
own, forked from there: the changed function takes the place of the old one, and the tests that call it run, the quickest
first, until one fails. What nobody notices is printed with its line. Changed are comparisons, conditions, arithmetic,
numbers, truth values, words, returned values, and statements are left out; sentences for people, docstrings, type hints,
`strict=` and what runs when a module is imported are not. docs/mutation.md holds the figures. Needs a system that can fork.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import functools
import gc
import os
import random
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import pytest

import catalog_route

HOME = Path(catalog_route.__file__).parent
TESTS = Path(__file__).parent

# Modules, and the tests that have to notice a change in them; nothing that starts processes or measures time.
GROUPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "text": (("text", "spelling"), ("text", "spelling", "limits")),
    "matching": (("matching", "automaton", "scanning", "phrases"), ("matching", "automaton", "phrases")),
    "deciding": (("deciding", "weighing"), ("deciding", "weighing", "matching", "cases", "directions")),
    "loading": (
        ("loading", "yaml_source", "entries", "linking", "problems", "checking"),
        ("loading", "yaml_source", "checking", "overlays"),
    ),
    "reports": (
        tuple(f"reports/{name}" for name in ("__init__", "flat_file", "json_reports", "json_text", "pasted", "shape", "source",
                                             "workbook", "xml_report")), ("reports",),
    ),
    "batch": (
        ("batch", "batch_output", "cells", "counts", "records", "recognising", "streaming", "tables"),
        ("batch", "batch_command", "records", "reading", "reporting"),
    ),
}  # fmt: skip
LEFT_OUT = (
    "not memory and not takes_long and not linear and not grow and not workers and not endless and not at_once and not stream and"
    " not middle and not stopped_the_old and not goes_away and not full_disk and not appending and not nothing_on_a_pipe and"
    " not rich and not is_clean_of and not is_clean_too and not in_the_environment and not ends_with_four"
)

FLIPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.In: ast.NotIn,
    ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult, ast.Mod: ast.Add, ast.LShift: ast.RShift,
    ast.RShift: ast.LShift, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


class Mutant(NamedTuple):
    """One change: where it is, what it is, and the node whose function holds it."""

    module: str
    line: int
    what: str
    function: tuple[int, str]
    make: Any


def changes(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """The changes of one node, as what they are and a function that makes one in place and gives back how to undo it."""

    def put(name: str, value: Any, holder: Any = None) -> Any:
        def make() -> Any:
            at = holder if holder is not None else node
            old = getattr(at, name)
            setattr(at, name, value)
            return lambda: setattr(at, name, old)

        return make

    match node:
        case ast.Compare(ops=[op]) if type(op) in FLIPPED:
            yield f"{type(op).__name__} → {FLIPPED[type(op)].__name__}", put("ops", [FLIPPED[type(op)]()])
        case ast.BoolOp() | ast.BinOp() | ast.AugAssign() if type(node.op) in FLIPPED:
            yield f"{type(node.op).__name__} → {FLIPPED[type(node.op)].__name__}", put("op", FLIPPED[type(node.op)]())
        case ast.Constant(value=bool() as value):
            yield f"{value} → {not value}", put("value", not value)
        case ast.Constant(value=int() as value):
            yield f"{value} → {value + 1}", put("value", value + 1)
        case ast.Constant(value=str() | bytes() as value) if _is_word(value):
            odd = value + ("X" if isinstance(value, str) else b"X")
            yield f"{value!r} → {odd!r}", put("value", odd)
        case ast.If() | ast.While() | ast.IfExp():
            yield "condition turned round", put("test", ast.UnaryOp(ast.Not(), node.test))
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield "returns None", put("value", ast.Constant(None))
        case ast.Continue() | ast.Break():
            yield (
                "goes on where it should not, or stops",
                put("__class__", ast.Break if isinstance(node, ast.Continue) else ast.Continue),
            )
        case ast.Expr(value=ast.Call() | ast.Yield() | ast.YieldFrom()):
            yield "left out", put("value", ast.Constant(None)) if isinstance(node.value, ast.Call) else _no_yield(node)


def _no_yield(node: ast.Expr) -> Any:
    """Yields nothing: an empty `yield from`, so that the function stays a generator."""

    def make() -> Any:
        old, node.value = node.value, ast.YieldFrom(ast.Tuple([], ast.Load()))
        return lambda: setattr(node, "value", old)

    return make


def _is_word(value: str | bytes) -> bool:
    """Whether a text is data and no sentence for people."""
    return (" " if isinstance(value, str) else b" ") not in value.strip()  # type: ignore[operator]


def mutants(module: str, tree: ast.Module) -> Iterator[Mutant]:
    """All mutants of a module."""

    def walk(node: ast.AST, function: tuple[int, str] | None) -> Iterator[Mutant]:
        inner = isinstance(node, ast.FunctionDef)
        if isinstance(node, ast.FunctionDef) and function is None:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            function = (first, node.name)
        elif function is not None:
            for what, make in changes(node):
                yield Mutant(module, getattr(node, "lineno", 0), what, function, make)
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "args" if inner else "") or isinstance(node, ast.JoinedStr):
                continue
            if isinstance(node, ast.keyword) and node.arg == "strict":
                continue
            children = value if isinstance(value, list) else [value]
            for number, child in enumerate(children):
                docstring = (
                    inner
                    and name == "body"
                    and number == 0
                    and isinstance(child, ast.Expr)
                    and isinstance(child.value, ast.Constant)
                )
                if isinstance(child, ast.AST) and not docstring:
                    yield from walk(child, function)

    yield from walk(tree, None)


class Plugin:
    """Runs inside pytest, in place of its own loop."""

    def __init__(self, modules: Sequence[str], told: argparse.Namespace) -> None:
        self.paths = {str(HOME / f"{name}.py"): name for name in modules}
        self.told = told
        self.called: dict[pytest.Item, set[tuple[str, int, str]]] = {}
        self.taken: dict[pytest.Item, float] = {}
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        self.counts = {"noticed": 0, "survived": 0, "not reached": 0}

    def tell(self, line: str) -> None:
        """Print past pytest, which keeps what the tests print."""
        self._out.write(f"{line}\n")
        self._out.flush()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._run_all(session.items)
        if session.testsfailed:
            self.tell("the tests fail without any change")
            return True
        old = {(code.co_filename, code.co_firstlineno, code.co_name): function for function, code in _functions(self.paths)}
        todo = [(path, tree, mutant) for path, name in self.paths.items() for tree in [ast.parse(Path(path).read_text("utf-8"))]
                for mutant in mutants(name, tree)]  # fmt: skip
        if self.told.only:
            todo = [each for each in todo if f"{each[2].module}:{each[2].line}".endswith(tuple(self.told.only))]
        if self.told.sample and self.told.sample < len(todo):
            todo = random.Random(self.told.seed).sample(todo, self.told.sample)
        self.tell(f"\n{len(todo)} mutants, {len(session.items)} tests, {sum(self.taken.values()):.0f} s without a change")
        end = time.monotonic() + self.told.seconds
        for path, tree, mutant in todo:
            if time.monotonic() > end:
                self.tell("the time is over")
                break
            self._try(path, tree, mutant, old)
        return True

    def _run_all(self, items: Sequence[pytest.Item]) -> None:
        for number, item in enumerate(items):
            seen = self.called[item] = set()
            began = time.process_time()
            sys.setprofile(self._watching(seen))
            try:
                _run(item, items[(number + 1) % len(items)])
            finally:
                sys.setprofile(None)
            self.taken[item] = time.process_time() - began

    def _watching(self, seen: set[tuple[str, int, str]]) -> Any:
        def called(frame: Any, event: str, _: Any) -> None:
            code = frame.f_code
            if event == "call" and code.co_filename in self.paths:
                seen.add((code.co_filename, code.co_firstlineno, code.co_name))

        return called

    def _try(self, path: str, tree: ast.Module, mutant: Mutant, old: dict[tuple[str, int, str], FunctionType]) -> None:
        key = (path, *mutant.function)
        calling = (item for item, seen in self.called.items() if key in seen and self.taken[item] <= self.told.longest)
        items = sorted(calling, key=self.taken.__getitem__)
        if not items or key not in old:
            outcome = "not reached"
        else:
            undo = mutant.make()
            try:
                code = compile(ast.fix_missing_locations(tree), path, "exec")
            finally:
                undo()
            new = next(each for each in _codes(code) if (each.co_filename, each.co_firstlineno, each.co_name) == key)
            outcome = "noticed" if _fails(old[key], new, {item: self.taken[item] for item in items}) else "survived"
        self.counts[outcome] += 1
        if outcome != "noticed":
            source = Path(path).read_text("utf-8").splitlines()[mutant.line - 1].strip()
            self.tell(f"{outcome}: {mutant.module}:{mutant.line}: {mutant.what}: {source}")


def _run(item: pytest.Item, following: pytest.Item) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def _functions(paths: dict[str, str]) -> Iterator[tuple[FunctionType, CodeType]]:
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename in paths:
            yield thing, thing.__code__


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _forget(function: FunctionType) -> None:
    """Empty what a cache around the function holds from the run without a change."""
    for holder in gc.get_referrers(function):
        if isinstance(holder, functools._lru_cache_wrapper):
            holder.cache_clear()


def _fails(function: FunctionType, new: CodeType, items: dict[pytest.Item, float]) -> bool:
    """Whether one of the tests, given with the seconds that each needs, fails with `new` as the code of the function.

    A test that needs ten times as much fails too: the system ends the process that holds it.
    """
    child = os.fork()
    if child == 0:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        status = 0
        with contextlib.suppress(BaseException):
            status = 1
            function.__code__ = new
            _forget(function)
            order = list(items)
            session = order[0].session
            for number, item in enumerate(order):
                signal.setitimer(signal.ITIMER_PROF, 2 + 10 * items[item])
                _run(item, order[(number + 1) % len(order)])
                if session.testsfailed:
                    break
            else:
                status = 0
        os._exit(status)
    end = time.monotonic() + 60 + 10 * sum(items.values())
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status != 0
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def main(words: list[str]) -> int:
    """Run one group, and tell how many mutants the tests notice; 1 below nine in ten."""
    how = argparse.ArgumentParser(prog="mutate.py", description=(__doc__ or "").splitlines()[0])
    how.add_argument("group", choices=list(GROUPS))
    how.add_argument("--sample", type=int, help="so many mutants instead of all")
    how.add_argument("--seed", type=int, default=1)
    how.add_argument("--only", help="MODULE:LINE", nargs="+")
    how.add_argument("--longest", type=float, default=5, help="leave out tests that take more seconds")
    how.add_argument("--seconds", type=float, default=1e9, help="stop after so long")
    told = how.parse_args(words)
    modules, tests = GROUPS[told.group]
    files = [str(TESTS / f"test_{name}.py") for name in tests if (TESTS / f"test_{name}.py").is_file()]
    plugin = Plugin([name for name in modules if (HOME / f"{name}.py").is_file()], told)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    pytest.main([*files, "-k", LEFT_OUT, "-p", "no:randomly", "-p", "no:xdist", "-p", "no:cacheprovider"], [plugin])
    tried = sum(plugin.counts.values())
    plugin.tell(f"{told.group}: {tried} mutants, " + ", ".join(f"{count} {name}" for name, count in plugin.counts.items()))
    return 0 if tried and plugin.counts["noticed"] >= 0.9 * tried else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
