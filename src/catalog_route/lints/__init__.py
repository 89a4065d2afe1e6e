"""Lints of the knowledge: each looks at one side of it and yields what it finds, with place and cure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from catalog_route.lints import conditions, examples, phrases, picture, typos
from catalog_route.lints.subject import Subject
from catalog_route.problems import Problem

LINTS: tuple[Callable[[Subject], Iterator[Problem]], ...] = (
    examples.examples, examples.proof, examples.shadowed, phrases.same, phrases.wide, phrases.groups, typos.typos,
    picture.owners, picture.ladder, picture.reached, picture.hidden, conditions.never, conditions.switched_off,
    conditions.certainty, conditions.echoes,
)  # fmt: skip
