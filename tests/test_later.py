"""Loading can be put off without anybody noticing but the clock."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from catalog_route.__main__ import HARDLY_USED
from catalog_route.later import put_off

SOURCE = """
LOADED = True
def double(number, *, plus=0):
    return 2 * number + plus
class Thing:
    pass
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of a module that nobody has loaded."""
    (tmp_path / "hardly_used.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "hardly_used"
    sys.modules.pop("hardly_used", None)


def test_what_is_only_imported_is_not_loaded_and_leaves_no_trace(module: str) -> None:
    with put_off({module: ("double",)}):
        found = import_module(module)
        assert module in sys.modules
    assert module not in sys.modules
    real = import_module(module)
    assert real is not found
    assert found.double(2, plus=1) == 5
    assert found.Thing is real.Thing
    assert sys.modules[module] is real


def test_a_function_taken_from_it_loads_it_when_called(module: str) -> None:
    space: dict[str, object] = {}
    with put_off({module: ("double",)}):
        exec(f"from {module} import double", space)
    assert module not in sys.modules
    assert eval("double(3)", space) == 6
    assert sys.modules[module].LOADED


def test_anything_else_taken_from_it_loads_it_at_once(module: str) -> None:
    space: dict[str, object] = {}
    with put_off({module: ("double",)}):
        exec(f"from {module} import Thing, double", space)
        assert sys.modules[module].LOADED
    assert space["Thing"] is sys.modules[module].Thing
    assert eval("double(3)", space) == 6
    with put_off({module: ()}), pytest.raises(ImportError):
        exec(f"from {module} import nonsense", space)


def test_what_is_loaded_already_stays_as_it_is(module: str) -> None:
    real = import_module(module)
    with put_off({module: ("double",)}):
        assert import_module(module) is real
    assert sys.modules[module] is real


def test_an_error_meanwhile_leaves_no_stand_in(module: str) -> None:
    with pytest.raises(ZeroDivisionError), put_off({module: ()}):
        raise ZeroDivisionError
    assert module not in sys.modules


@pytest.mark.parametrize(("name", "functions"), HARDLY_USED.items())
def test_what_the_command_puts_off_is_there(name: str, functions: tuple[str, ...]) -> None:
    real = import_module(name)
    assert all(callable(getattr(real, function)) and not isinstance(getattr(real, function), type) for function in functions)
