"""Groups of the vocabulary → the word sequences they stand for, groups inside their members written out.

Every size is bounded, so that no group can grow beyond measure however it is nested.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from math import prod

from catalog_route.automaton import BUILT_IN
from catalog_route.knowledge import Group
from catalog_route.phrases import MAX_LENGTH, Form, PhraseError, pieces, sequences, words
from catalog_route.text import fold

# The word sequences of one member, of one group and of all groups together; the words of one sequence; groups in groups.
MAX_MEMBERS = 2_000
MAX_GROUP = 20_000
MAX_ALL = 200_000
MAX_WORDS = 24
MAX_DEPTH = 12


class Groups:
    """The groups of one vocabulary. Each is worked out once."""

    def __init__(self, groups: Mapping[str, Group], fold: Callable[[str], str]) -> None:
        """`fold`: what is done to spellings before a member is read."""
        self._groups = groups
        self._fold = fold
        self._known: dict[str, list[Form]] = {}
        self._all = 0

    def forms(self, name: str, above: tuple[str, ...] = ()) -> list[Form]:
        """The word sequences of a group. PhraseError says what is wrong with it; the second argument is the member's number."""
        if name in self._known:
            return self._known[name]
        if name in above:
            raise PhraseError("refers to itself")
        if name not in self._groups:
            raise PhraseError(f"no group <{name}>")
        if len(above) > MAX_DEPTH:
            raise PhraseError(f"groups inside groups, more than {MAX_DEPTH} deep")
        found: list[Form] = []
        for number, member in enumerate(self._groups[name].words):
            try:
                found += self._member(member, (*above, name))
            except PhraseError as fault:
                raise PhraseError(fault.args[0], number) from fault
            if len(found) > MAX_GROUP or self._all + len(found) > MAX_ALL:
                raise PhraseError(f"means more than {MAX_GROUP} word sequences, or all groups more than {MAX_ALL}", number)
        self._all += len(found)
        self._known[name] = found
        return found

    def _member(self, member: str, above: tuple[str, ...]) -> Iterator[Form]:
        if len(member) > MAX_LENGTH:
            raise PhraseError(f"longer than {MAX_LENGTH} characters")
        text = self._fold(member)
        if text.isascii() and text.islower() and text.isalpha():
            yield words(text)
            return
        if prod(len(piece.options) + piece.optional for piece in pieces(fold(text)[0].replace("_", " "))) > MAX_MEMBERS:
            raise PhraseError(f'"{member}" means more than {MAX_MEMBERS} word sequences')
        for form in sequences(text, MAX_MEMBERS):
            inner = [self.forms(symbol[1:-1], above) if is_group(symbol) else [(symbol,)] for symbol in form]
            if prod(map(len, inner)) > MAX_MEMBERS:
                raise PhraseError(f'"{member}" means more than {MAX_MEMBERS} word sequences')
            if sum(max(map(len, forms), default=0) for forms in inner) > MAX_WORDS:
                raise PhraseError(f'"{member}" means more than {MAX_WORDS} words')
            yield from (tuple(word for part in parts for word in part) for parts in product(*inner))


def is_group(symbol: str) -> bool:
    """Whether a symbol stands for the members of a group of the vocabulary."""
    return symbol.startswith("<") and symbol[1:-1] not in BUILT_IN
