"""Modules that others import for a function which a call hardly ever needs: loaded when something of them is used.

While `put_off` lasts, `import` finds a stand-in. It gives the functions named there as calls that load the module; whatever
else is asked of it loads the module at once. Afterwards `import` finds the module itself, as ever.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class _StandIn(ModuleType):
    """What `import` finds instead of a module."""

    def __init__(self, name: str, functions: tuple[str, ...]) -> None:
        super().__init__(name)
        self._functions = functions

    def __getattr__(self, name: str) -> Any:
        if name == "__path__":  # asked by `from … import`: this is no package
            raise AttributeError(name)
        if name not in self._functions:
            return getattr(_loaded(self), name)

        def call(*args: Any, **named: Any) -> Any:
            return getattr(_loaded(self), name)(*args, **named)

        return call


@contextmanager
def put_off(modules: Mapping[str, tuple[str, ...]]) -> Iterator[None]:
    """Put off loading `modules` (name → functions that may be called later) that nobody has loaded yet."""
    put = [_StandIn(name, functions) for name, functions in modules.items() if name not in sys.modules]
    sys.modules.update({each.__name__: each for each in put})
    try:
        yield
    finally:
        for each in put:
            _leave(each)


def _loaded(one: _StandIn) -> ModuleType:
    """The module itself."""
    _leave(one)
    return import_module(one.__name__)


def _leave(one: _StandIn) -> None:
    """Give the place back to the module itself."""
    if sys.modules.get(one.__name__) is one:
        del sys.modules[one.__name__]
