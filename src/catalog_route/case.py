"""The facts beside the text: what has happened so far, and the ids in it. Read from the text, overruled by options."""

from __future__ import annotations

from collections.abc import Iterable

from catalog_route.circumstances import lasting, marketplaces, values
from catalog_route.ids import Identifier, identifier, ids_in
from catalog_route.knowledge import Vocabulary
from catalog_route.matching import Matches, Seen
from catalog_route.record import changed, record

__all__ = ["CaseFacts", "Identifier", "Told", "blanked", "identifier", "overruled", "read_case", "read_history"]


@record
class CaseFacts:
    """Counts are None when nothing is known. `conflicts`: where an option overruled the text; `notes`: what looks wrong in it."""

    reopened: int | None = None
    contacts: int | None = None
    ticket_days: int | None = None
    lasting_days: int | None = None
    final_no: bool = False
    asked: bool = False
    refused: bool = False
    tried: tuple[str, ...] = ()
    account: str | None = None
    brand_registered: bool | None = None
    error_codes: tuple[str, ...] = ()
    asins: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    fnskus: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    case_ids: tuple[str, ...] = ()
    feed_ids: tuple[str, ...] = ()
    order_ids: tuple[str, ...] = ()
    shipment_ids: tuple[str, ...] = ()
    marketplaces: tuple[str, ...] = ()
    shown_value: str | None = None
    wanted_value: str | None = None
    conflicts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def count(self, name: str) -> int:
        """The count called `name`, 0 when unknown."""
        value = getattr(self, name, None)
        return value if isinstance(value, int) else 0

    @property
    def has_case(self) -> bool:
        """Whether anything says that support was asked before."""
        asked = self.asked or self.reopened or self.contacts or self.ticket_days or self.case_ids or self.tried or self.final_no
        return bool(asked)


@record
class Told:
    """What the caller says beside the text; None means nothing was said, and the text decides."""

    reopened: int | None = None
    contacts: int | None = None
    ticket_days: int | None = None
    tried: tuple[str, ...] = ()
    account: str | None = None
    brand_registered: bool | None = None


def read_history(matches: Matches, told: Told | None = None) -> CaseFacts:
    """What has happened so far, overruled by `told`: all that a decision asks for."""
    numbers = {name: max(value for value, _ in held) for name, held in matches.counts.items()}
    marks: dict[str, set[str]] = {}
    for mark in matches.marks:
        name, _, value = mark.partition("=")
        marks.setdefault(name, set()).add(value)
    registered = marks.get("brand_registered", set())
    facts = CaseFacts(
        reopened=numbers.get("reopened"),
        contacts=numbers.get("contacts"),
        ticket_days=numbers.get("ticket_days"),
        final_no="no" in marks.get("final", ()),
        asked="yes" in marks.get("asked", ()),
        refused="yes" in marks.get("refused", ()),
        tried=tuple(sorted(marks.get("tried", ()))),
        account=min(marks["account"]) if len(marks.get("account", ())) == 1 else None,
        brand_registered=("yes" in registered) if len(registered) == 1 else None,
    )
    return _overruled(facts, told) if told else facts


def read_case(matches: Matches, told: Told | None = None, vocabulary: Vocabulary | None = None) -> CaseFacts:
    """The case facts of a matched text, overruled by `told`. Durations and names of countries are read by `vocabulary`."""
    ids = ids_in(matches.view.original)
    elsewhere = {value for kind, held in ids.items() if kind != "error_codes" for value in held}
    known = (code for code in matches.codes if code not in elsewhere)
    numbers = tuple(map(identifier, ids["identifiers"]))
    wrong = (f"{number.value} is no valid {number.kind}: its last digit does not fit, or one is missing"
             for number in numbers if not number.valid)  # fmt: skip
    words = vocabulary or Vocabulary()
    shown, wanted = values(matches.view, words) or (None, None)
    return changed(
        read_history(matches, told),
        asins=ids["asins"],
        skus=ids["skus"],
        fnskus=ids["fnskus"],
        case_ids=ids["case_ids"],
        feed_ids=ids["feed_ids"],
        order_ids=ids["order_ids"],
        shipment_ids=ids["shipment_ids"],
        marketplaces=marketplaces(matches.view, words),
        shown_value=shown,
        wanted_value=wanted,
        lasting_days=lasting(matches, words),
        error_codes=_distinct([*known, *ids["error_codes"]]),
        identifiers=numbers,
        notes=tuple(wrong),
    )


def overruled(matches: Matches, told: Told | None) -> list[Seen]:
    """The words of the text that tell another count than `told` does, and so must not be heard."""
    counts = {name: getattr(told, name, None) for name in matches.counts}
    return [seen for name, held in matches.counts.items() for value, seen in held if counts[name] not in (None, value)]


def blanked(text: str, seen: Iterable[Seen]) -> str:
    """The text with blanks in the place of what was seen; every other character keeps its place."""
    for sighting in seen:
        text = text[: sighting.start] + " " * (sighting.end - sighting.start) + text[sighting.end :]
    return text


def _overruled(facts: CaseFacts, told: Told) -> CaseFacts:
    changes: dict[str, object] = {}
    conflicts = []
    for name, said in vars(told).items():
        read = getattr(facts, name)
        if said is None or said == ():
            continue
        changes[name] = said
        if read not in (None, ()) and _unordered(read) != _unordered(said):
            conflicts.append(f"{name.replace('_', ' ')}: the text says {_shown(read)}, the option {_shown(said)} counts")
    return changed(facts, **changes, conflicts=tuple(conflicts))


def _unordered(value: object) -> object:
    return frozenset(value) if isinstance(value, tuple) else value


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
