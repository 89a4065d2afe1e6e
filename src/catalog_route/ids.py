"""The ids in a text, each read as one thing only: what was taken for one kind is never taken for another.

A number is what the word before it says it is. Without such a word only what its form proves counts: an ASIN, an FNSKU, an
order, a shipment, or a barcode whose check digit is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from catalog_route.record import record

# Forms that speak for themselves: order (3-7-7 digits), ASIN (B0…, in small letters only with one more digit), FNSKU
# (X00…), shipment to Amazon (FBA…). Patterns are compiled when a text first needs them.
_FORMS = {
    "order_ids": r"(?<![0-9A-Za-z-])[0-9]{3}-[0-9]{7}-[0-9]{7}(?![0-9A-Za-z-])",
    "asins": r"(?<![A-Za-z0-9])(?:B0[A-Z0-9]{8}|[Bb]0(?=[A-Za-z]*[0-9])[A-Za-z0-9]{8})(?![A-Za-z0-9])",
    "fnskus": r"(?<![A-Za-z0-9])[Xx]00(?=[A-Za-z]*[0-9])[A-Za-z0-9]{7}(?![A-Za-z0-9])",
    "shipment_ids": r"(?<![A-Za-z0-9_])[Ff][Bb][Aa][0-9][A-Za-z0-9]{6,10}(?![A-Za-z0-9_])",
}
# Words that say what the next number is. An `other` number is nothing that a case is told by, and so nothing else either.
_LABELS = {
    "asins": "asins?",
    "skus": "m?skus?",
    "identifiers": "upcs?|eans?|gtins?|isbns?|barcodes?|jan",
    "error_codes": "errors?|codes?|err|fehler|fehlercode",
    "case_ids": r"cases?|tickets?|contacts?(?=\s+(?:ids?|no|number)\b)",
    "feed_ids": "batch|batches|feeds?|submissions?|uploads?|documents?",
    "other": "orders?|invoices?|tracking|phone|tel|serial|lot|applications?|claims?|transactions?|settlements?|removals?|lpn|zip",
}
_SPACED = r"[\s:#=]{0,3}([0-9][0-9 -]{6,20}[0-9Xx])(?![0-9A-Za-z])"
# How far a number may stand from its word or from the number before it, and which words may stand between.
FAR = 12
_NEAR = {"error_codes": 8}
_BETWEEN = {"skus": {"is", "are", "no", "nr", "number", "numbers", "id", "and", "or"}}
_TURNING = {"error_codes": {"in", "on", "of", "for", "since", "from", "at", "by"}}
_KINDS = {8: "EAN-8", 10: "ISBN-10", 11: "UPC", 12: "UPC", 13: "EAN", 14: "GTIN-14"}
_SURE = (12, 13, 14)


@record
class Identifier:
    """A barcode number in the text, its kind by length, and whether its check digit is right."""

    value: str
    kind: str
    valid: bool


def identifier(value: str) -> Identifier:
    """Name a number by its length and check its last digit (GS1: mod 10, weights 3 and 1; ISBN-10: mod 11).

    Eleven digits are a UPC that has lost its first one, and so are never valid.
    """
    digits = [10 if d in "Xx" else int(d) for d in reversed(value)]
    if len(value) == 10:
        total, base = sum(d * place for place, d in enumerate(digits, 1)), 11
    else:
        total, base = sum(d * (3 if place % 2 else 1) for place, d in enumerate(digits)), 10
    return Identifier(value, _KINDS[len(value)], total % base == 0 and len(value) != 11)


def ids_in(text: str) -> dict[str, tuple[str, ...]]:
    """The ids of `text` by kind, each once, in their order; the kinds are the fields of `CaseFacts`, and `other`."""
    found: dict[str, dict[str, None]] = {kind: {} for kind in (*_FORMS, *_LABELS)}
    if any(map(str.isdigit, text)) or "sku" in text.casefold():
        rest = text
        for kind, pattern in _FORMS.items():
            form = _compiled(pattern)
            found[kind].update((hit.upper(), None) for hit in form.findall(rest))
            rest = form.sub(lambda hit: "\0" * len(hit[0]), rest)
        _Labelled(rest, found).read()
    return {kind: tuple(held) for kind, held in found.items()}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _tokens() -> re.Pattern[str]:
    """A label, anything that could be a value, or the end of a sentence."""
    labels = "|".join(f"(?P<{kind}>{words})" for kind, words in _LABELS.items())
    value = r"(?P<value>[A-Za-z0-9](?:[A-Za-z0-9_./+-]*[A-Za-z0-9])?)"
    return re.compile(rf"(?<![A-Za-z0-9])(?:{labels})(?!-?[A-Za-z0-9])|{value}|(?P<stop>[.!?\n\r])", re.IGNORECASE)


class _Labelled:
    """One walk over a text: each number goes to the kind that the nearest word before it names."""

    def __init__(self, text: str, found: dict[str, dict[str, None]]) -> None:
        self._text = text
        self._found = found
        self._kind = ""
        self._until = 0
        self._between: set[str] = set()

    def read(self) -> None:
        """Add to `found`."""
        done = 0
        for token in _tokens().finditer(self._text):
            if token.start() < done:
                continue
            if token["value"]:
                self._value(token["value"], token.start(), token.end())
            elif token["stop"]:
                self._kind = "" if not self._text[token.end() : token.end() + 1].strip() else self._kind
            else:
                self._kind, self._until, self._between = str(token.lastgroup), token.end(), set()
                done = self._spaced(token.end()) if self._kind == "identifiers" else 0

    def _spaced(self, at: int) -> int:
        """A barcode written with blanks or hyphens right behind its word; the place behind it, 0 when there is none."""
        hit = _compiled(_SPACED).match(self._text, at)
        bare = hit[1].replace(" ", "").replace("-", "") if hit else ""
        if hit is None or not _is_barcode(bare):
            return 0
        self._found["identifiers"][bare.upper()] = None
        self._until = hit.end()
        return hit.end()

    def _value(self, value: str, start: int, end: int) -> None:
        kind = self._kind
        if kind and self._belongs(kind, start) and _IS[kind](value):
            self._found[kind][value.upper() if kind in ("asins", "identifiers") else value] = None
            self._until, self._between = end, set()
        elif value[:4].lower() in ("sku-", "sku_") and _is_sku(value):
            self._found["skus"][value] = None
        elif value.isdecimal() and len(value) in _SURE and identifier(value).valid:
            self._found["identifiers"][value] = None
        else:
            self._between.add(value.lower())

    def _belongs(self, kind: str, start: int) -> bool:
        if self._between & _TURNING.get(kind, set()) or self._between - _BETWEEN.get(kind, self._between):
            return False
        return start - self._until <= _NEAR.get(kind, FAR)


def _is_barcode(value: str) -> bool:
    body = value[:-1] if len(value) == 10 else value
    return len(value) in _KINDS and body.isdecimal() and (value[-1].isdecimal() or value[-1] in "Xx")


def _is_sku(value: str) -> bool:
    shaped = any(map(str.isdigit, value)) or (value.isupper() and any(char in "-_" for char in value))
    return 3 <= len(value) <= 40 and shaped


def _digits(least: int, most: int) -> Callable[[str], bool]:
    return lambda value: value.isdecimal() and least <= len(value) <= most


_IS: dict[str, Callable[[str], bool]] = {
    "asins": lambda value: len(value) == 10 and _is_barcode(value) and identifier(value).valid,
    "skus": _is_sku,
    "identifiers": _is_barcode,
    "error_codes": _digits(4, 9),
    "case_ids": _digits(8, 13),
    "feed_ids": _digits(8, 16),
    "other": _digits(1, 40),
}
