"""catalog-route: which of Amazon's catalog support tiers, or which desk beside it, can solve a seller's problem.

>>> from catalog_route import Router, load_knowledge
>>> Router(load_knowledge()).route("feed issue").recommended.id
'captive'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from catalog_route.advice import Advice
    from catalog_route.case import CaseFacts, Told
    from catalog_route.knowledge import Knowledge
    from catalog_route.loading import load_knowledge
    from catalog_route.problems import KnowledgeError, Problem
    from catalog_route.router import Router, TextTooLongError, router_for

__all__ = [
    "Advice",
    "CaseFacts",
    "Knowledge",
    "KnowledgeError",
    "Problem",
    "Router",
    "TextTooLongError",
    "Told",
    "load_knowledge",
    "router_for",
]

_HOMES = {
    "Advice": "advice", "CaseFacts": "case", "Told": "case", "Knowledge": "knowledge", "load_knowledge": "loading",
    "KnowledgeError": "problems", "Problem": "problems", "Router": "router", "TextTooLongError": "router",
    "router_for": "router",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import what is asked for only then, so that `import catalog_route` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"catalog_route.{_HOMES[name]}"), name)
