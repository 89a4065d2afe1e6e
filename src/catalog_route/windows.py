"""A Windows console is asked to act on colour codes; where it cannot, none are sent."""

from __future__ import annotations

from typing import Any

_STDOUT = -11
_ACTS_ON_CODES = 0x0004


def takes_colour(kernel: Any = None) -> bool:
    """Whether the console behind standard output acts on colour codes, after it was asked to.

    True where standard output is no Windows console: whoever reads it then decides. `kernel` stands in for kernel32.
    Source: "Console Virtual Terminal Sequences" and "SetConsoleMode" in Microsoft's reference of the console.
    """
    import ctypes

    if kernel is None:
        loader = getattr(ctypes, "WinDLL", None)
        if loader is None:
            return True
        kernel = loader("kernel32")
    handle = kernel.GetStdHandle(_STDOUT)
    mode = ctypes.c_ulong()
    if not kernel.GetConsoleMode(handle, ctypes.byref(mode)):
        return True
    return bool(mode.value & _ACTS_ON_CODES) or bool(kernel.SetConsoleMode(handle, mode.value | _ACTS_ON_CODES))
