"""The facts beside the text: what has happened so far, and the ids in it. Read from the text, overruled by options."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, replace

from catalog_route.matching import Matches
from catalog_route.record import record

# Formats of public identifiers: ASIN (B0…), GS1 codes with a mod-10 check digit, Amazon's numeric ids. Each is sought, and its
# pattern compiled, only in texts that hold a digit and one of its cues, which most do not.
_FORMATS: dict[str, tuple[tuple[str, ...], str]] = {
    "asin": (("b0",), r"(?i)(?<![A-Za-z0-9])B0[A-Z0-9]{8}(?![A-Za-z0-9])"),
    "barcode": (("",), r"(?<![0-9A-Za-z-])(?:[0-9]{12,14}|[0-9]{8})(?![0-9A-Za-z-])"),
    "sku": (("sku",), r"(?i)\bskus?\b\s*[:#=]?\s*[\"'(\[]?([A-Za-z0-9][A-Za-z0-9_./+-]{2,39})"),
    "case": (("case", "ticket", "contact"), r"(?i)\b(?:case|ticket|contact)s?\b\D{0,12}([0-9]{9,13})(?![0-9])"),
    "feed": (
        ("batch", "feed", "submission", "document"),
        r"(?i)\b(?:batch|feed|submission|document)\b\D{0,12}([0-9]{9,16})(?![0-9])",
    ),
    "code": (
        ("err", "code", "fehler"),
        r"(?i)\b(?:error|code|err|errors|codes|fehler)\b(?:(?!\b(?:in|on|of|for|since|from|at|by)\b)\D){0,8}([0-9]{4,9})(?![0-9])",
    ),
}
_MARKET = r"(?i)\bamazon\.(com?\.[a-z]{2}|com|[a-z]{2})\b"


@record
class Identifier:
    """A barcode number in the text, its kind by length, and whether its check digit is right."""

    value: str
    kind: str
    valid: bool


@record
class CaseFacts:
    """Counts are None when nothing is known; `conflicts` names where an option overruled what the text says."""

    reopened: int | None = None
    contacts: int | None = None
    ticket_days: int | None = None
    tried: tuple[str, ...] = ()
    account: str | None = None
    brand_registered: bool | None = None
    error_codes: tuple[str, ...] = ()
    asins: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    case_ids: tuple[str, ...] = ()
    feed_ids: tuple[str, ...] = ()
    marketplaces: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()

    def count(self, name: str) -> int:
        """The count called `name`, 0 when unknown."""
        value = getattr(self, name, None)
        return value if isinstance(value, int) else 0


@record
class Told:
    """What the caller says beside the text; None means nothing was said, and the text decides."""

    reopened: int | None = None
    contacts: int | None = None
    ticket_days: int | None = None
    tried: tuple[str, ...] = ()
    account: str | None = None
    brand_registered: bool | None = None


def read_case(matches: Matches, told: Told | None = None) -> CaseFacts:
    """The case facts of a matched text, overruled by `told`."""
    ids = _ids(matches.view.original)
    numbers = {name: max(value for value, _ in held) for name, held in matches.counts.items()}
    marks: dict[str, set[str]] = {}
    for mark in matches.marks:
        name, _, value = mark.partition("=")
        marks.setdefault(name, set()).add(value)
    registered = marks.get("brand_registered", set())
    asins = _distinct(found.upper() for found in ids["asin"])
    codes, cases, feeds = _distinct([*matches.codes, *ids["code"]]), _distinct(ids["case"]), _distinct(ids["feed"])
    taken = {*cases, *feeds, *codes}
    facts = CaseFacts(
        reopened=numbers.get("reopened"),
        contacts=numbers.get("contacts"),
        ticket_days=numbers.get("ticket_days"),
        tried=tuple(sorted(marks.get("tried", ()))),
        account=min(marks["account"]) if len(marks.get("account", ())) == 1 else None,
        brand_registered=("yes" in registered) if len(registered) == 1 else None,
        error_codes=codes,
        asins=asins,
        skus=_distinct(s for s in ids["sku"] if any(c.isdigit() for c in s) and s.upper() not in asins),
        identifiers=tuple(identifier(value) for value in _distinct(ids["barcode"]) if value not in taken),
        case_ids=cases,
        feed_ids=feeds,
        marketplaces=_distinct(f"amazon.{found.lower()}" for found in ids["market"]),
    )
    return _overruled(facts, told) if told else facts


def _ids(text: str) -> dict[str, list[str]]:
    """What the text holds of each kind of id."""
    folded = text.casefold()
    found: dict[str, list[str]] = {kind: [] for kind in (*_FORMATS, "market")}
    if any(map(str.isdigit, text)):
        for kind, (cues, pattern) in _FORMATS.items():
            if any(cue in folded for cue in cues):
                found[kind] = re.findall(pattern, text)
    if "amazon." in folded:
        found["market"] = re.findall(_MARKET, text)
    return found


def identifier(value: str) -> Identifier:
    """Name a GS1 number by its length and check its last digit (mod 10, weights 3 and 1 from the right)."""
    digits = [int(d) for d in reversed(value)]
    total = sum(d * (3 if place % 2 else 1) for place, d in enumerate(digits))
    kind = {8: "EAN-8", 12: "UPC", 13: "EAN", 14: "GTIN-14"}[len(value)]
    return Identifier(value, kind, total % 10 == 0)


def _overruled(facts: CaseFacts, told: Told) -> CaseFacts:
    changes: dict[str, object] = {}
    conflicts = []
    for part in fields(Told):
        said, read = getattr(told, part.name), getattr(facts, part.name)
        if said is None or said == ():
            continue
        changes[part.name] = said
        if read not in (None, (), said):
            conflicts.append(f"{part.name}: the text says {_shown(read)}, the option {_shown(said)} counts")
    return replace(facts, **changes, conflicts=tuple(conflicts))  # type: ignore[arg-type]


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
