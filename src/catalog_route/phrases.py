"""The little language of phrases: words, `<groups>`, `...` for a short gap, `(a|b c)`, `word?`, and `this + that`.

A phrase is compiled into pieces, each a choice of symbol sequences (words stemmed). `+` joins parts that must stand in
one sentence, in any order. What a phrase costs grows with its length only, never with the number of its meanings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from catalog_route.text import fold, stem

GAP = "..."
MAX_PARTS = 4
MAX_LENGTH = 600
MAX_CHOICES = 16

_PIECE = re.compile(r"\s*(?:(\.\.\.)|(<[a-z0-9+-]+>)(\?)?|\(([^()]*)\)(\?)?|([a-z0-9+']+)(\?)?)")

Form: TypeAlias = "tuple[str, ...]"


class PhraseError(ValueError):
    """A phrase that cannot be understood; the message says why."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A choice of symbol sequences, which may be left out when `optional`; a gap is the one symbol `...`."""

    options: tuple[Form, ...]
    optional: bool = False

    @property
    def is_gap(self) -> bool:
        """Whether this is a short gap."""
        return self.options == ((GAP,),)


def compile_phrase(phrase: str) -> list[list[Piece]]:
    """The parts of a phrase, each as its pieces. PhraseError when it is malformed or empty."""
    if len(phrase) > MAX_LENGTH:
        raise PhraseError(f"longer than {MAX_LENGTH} characters")
    folded = fold(phrase)[0].replace("_", " ")
    parts = [pieces(part) for part in folded.split(" + ")]
    if len(parts) > MAX_PARTS:
        raise PhraseError(f"more than {MAX_PARTS} parts joined by +")
    return parts


def pieces(text: str) -> list[Piece]:
    """The pieces of one part. PhraseError when it is malformed, or has no word that must be there at either end."""
    out: list[Piece] = []
    place, text = 0, text.rstrip()
    while place < len(text):
        found = _PIECE.match(text, place)
        if not found:
            raise PhraseError(f'cannot read "{text[place:].strip()}"')
        place = found.end()
        out.append(_piece(found))
    if not out or all(piece.optional or piece.is_gap for piece in out):
        raise PhraseError("has no word that must be there")
    needed = [piece for piece in out if not piece.optional]
    if needed[0].is_gap or needed[-1].is_gap:  # beside what may be missing, too, a gap would reach anywhere
        raise PhraseError("a part needs words at both ends")
    return out


def _piece(found: re.Match[str]) -> Piece:
    gap, group, group_opt, options, options_opt, word, word_opt = found.groups()
    if gap:
        return Piece(((GAP,),))
    if group:
        return Piece(((group,),), bool(group_opt))
    if word:
        return Piece((words(word),), bool(word_opt))
    choices = tuple(dict.fromkeys(form for option in options.split("|") for form in _option(option)))
    if not choices or any(not option.strip() for option in options.split("|")):
        raise PhraseError(f'"({options})" has an empty alternative')
    return Piece(choices, bool(options_opt))


def _option(text: str) -> list[Form]:
    """The sequences of one alternative inside brackets: one, or more when words in it may be left out."""
    out: list[Form] = [()]
    for piece in text.split():
        bare = piece.removesuffix("?")
        if bare == GAP or not re.fullmatch(r"<[a-z0-9+-]+>|[a-z0-9+']+", bare):
            raise PhraseError(f'"{piece}" cannot stand inside brackets')
        added = (bare,) if bare.startswith("<") else words(bare)
        out = [(*form, *added) for form in out] + (out if piece.endswith("?") else [])
        if len(out) > MAX_CHOICES:
            raise PhraseError(f'"({text})" leaves too much open')
    return [form for form in out if form]


def words(text: str) -> Form:
    """The stems of a word sequence as an author writes it."""
    return tuple(stem(word) for word in text.replace("'", "").split())


def sequences(text: str, most: int) -> list[Form]:
    """All symbol sequences that a phrase without gaps stands for. PhraseError when there are more than `most`."""
    held: list[Form] = [()]
    for piece in pieces(fold(text)[0].replace("_", " ")):
        if piece.is_gap:
            raise PhraseError("a group member cannot have a gap")
        choices = [*piece.options, ()] if piece.optional else list(piece.options)
        held = [(*form, *choice) for form in held for choice in choices]
        if len(held) > most:
            raise PhraseError(f"means more than {most} word sequences")
    return list(dict.fromkeys(held))


def groups_in(parts: Iterable[Iterable[Piece]]) -> set[str]:
    """The names of the groups that a compiled phrase uses, without brackets."""
    return {s[1:-1] for part in parts for piece in part for form in piece.options for s in form if s.startswith("<")}
