"""A report of Amazon → what it means: its codes explained, who can cure each, and one recommendation for the whole.

What a code means and who cures it comes from the knowledge. A message whose code is not known is routed as text. The
report is read once, message by message; what is kept does not grow with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from catalog_route import __version__
from catalog_route.advice import SCHEMA_VERSION, Place, StepEntry, plain
from catalog_route.advising import path, place
from catalog_route.case import CaseFacts
from catalog_route.conditions import circumstances
from catalog_route.deciding import Decision
from catalog_route.grouping import Group, Groups
from catalog_route.knowledge import ErrorCode, Knowledge, Reading, Tier, When
from catalog_route.reports import BrokenReportError, Rejected, Report

SELLER = "seller"
FEW = 5

_GRAVEST = ("fatal", "error", "warning", "unknown", "info")

Decide = Callable[[str], Decision]


@dataclass(frozen=True, slots=True)
class Echo:
    """How many messages go together with another code of the same SKU."""

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """The messages of one code in one meaning.

    `own` of `count` messages are no echo of another code of the same SKU; `echo_of` names the causes of the others, `echoes`
    what follows from this code. `cured_by` is seller, a destination, or None when nobody can be named; `then` who is next.
    `by`: knowledge, or text when the code is not known and its message was routed. `skus_complete` is False when more SKUs
    are affected than are listed; `sku_count` counts those met, "at least" when `sku_count_exact` is False.
    """

    code: str
    count: int
    own: int
    severities: dict[str, int]
    meaning: str
    cured_by: str | None
    cure: str
    then: str | None
    signal: str | None
    by: str
    certainty: str
    source: str
    note: str
    sku_count: int
    sku_count_exact: bool
    skus: tuple[str, ...]
    skus_complete: bool
    rows: tuple[int, ...]
    asins: tuple[str, ...]
    attributes: dict[str, int]
    effects: dict[str, int]
    messages: tuple[str, ...]
    echo_of: tuple[Echo, ...]
    echoes: tuple[Echo, ...]

    @property
    def gravest(self) -> str:
        """The worst severity among the messages."""
        return min(self.severities, key=_GRAVEST.index, default=_GRAVEST[-1])

    @property
    def alone(self) -> bool:
        """Whether the seller can cure it without a case."""
        return self.cured_by == SELLER


@dataclass(frozen=True, slots=True)
class Also:
    """A further destination that some codes belong to."""

    id: str
    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Where the whole report goes. `alone`: the seller can cure everything; the destination counts only if that fails.

    `codes` are those that led there; `path` is the road.
    """

    alone: bool
    recommended: Place | None
    start_with: Place | None
    codes: tuple[str, ...]
    also: tuple[Also, ...]
    path: tuple[StepEntry, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """Where and how the input breaks."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class ReportAdvice:
    """The whole answer to one report. `ungrouped`: messages beyond the number of groups that are kept apart."""

    version: str
    knowledge: str
    format: str
    title: str
    feed: str
    messages: int
    rejected: int
    ungrouped: int
    stated: dict[str, int]
    differences: tuple[str, ...]
    notes: tuple[str, ...]
    refused: tuple[Rejected, ...]
    broken: Break | None
    recommendation: Recommendation
    codes: tuple[CodeEntry, ...]
    schema_version: str = SCHEMA_VERSION

    @property
    def sound(self) -> bool:
        """Whether the report was read to its end and nothing in it was rejected."""
        return self.broken is None and not self.rejected

    def entry(self, code: str) -> CodeEntry | None:
        """The first entry of a code, whatever its case."""
        return next((entry for entry in self.codes if entry.code.lower() == code.lower()), None)

    def to_dict(self) -> dict[str, Any]:
        """The document as plain data."""
        document: dict[str, Any] = {"schema_version": self.schema_version, **plain(self)}
        return document


def summarise(report: Report, known: Knowledge, decide: Decide, *, every_sku: bool = False, listed: int = FEW) -> ReportAdvice:
    """Read a report to its end and say what it means. `decide` routes the messages of unknown codes.

    `listed`: SKUs listed for each code; `every_sku` lists all. What breaks the report is told in `broken`, after all that
    was read before. UnknownReportError when nothing of it could be read.
    """
    groups = Groups(known, every_sku=every_sku)
    broken = None
    try:
        for message in report.messages:
            groups.add(message)
    except BrokenReportError as fault:
        broken = Break(fault.where, fault.what)
    tally = report.tally
    entries = explain(groups.close(), known, decide, None if every_sku else listed)
    return ReportAdvice(
        __version__, known.digest, report.format, report.title, tally.feed, tally.read, tally.rejected, groups.overflow,
        tally.stated, tuple(tally.differences), tuple(tally.notes), tuple(tally.refused), broken,
        recommend(entries, known), tuple(entries),
    )  # fmt: skip


def explain(groups: Iterable[Group], known: Knowledge, decide: Decide, listed: int | None = FEW) -> list[CodeEntry]:
    """The entries of all groups: first what the seller cures alone, then the gravest and most frequent."""
    entries = [_entry(group, known, decide, listed) for group in groups]
    entries.sort(key=lambda e: (not e.own, not e.alone, _GRAVEST.index(e.gravest), -e.count, e.code, e.meaning))
    return entries


def _entry(group: Group, known: Knowledge, decide: Decide, listed: int | None) -> CodeEntry:
    told = _told(group.entry, group.reading, known) if group.entry is not None else _routed(group, known, decide)
    skus = tuple(group.skus)[:listed]
    return CodeEntry(
        code=group.code, count=group.count, own=group.own, severities=dict(group.severities), **told,
        sku_count=len(group.skus), sku_count_exact=group.skus_complete,
        skus=skus, skus_complete=group.skus_complete and len(skus) == len(group.skus), rows=tuple(group.rows),
        asins=tuple(group.asins), attributes=dict(group.attributes), effects=dict(group.effects), messages=tuple(group.samples),
        echo_of=_echoes(group.echoed), echoes=_echoes(group.brings),
    )  # fmt: skip


def _echoes(counts: dict[str, int]) -> tuple[Echo, ...]:
    return tuple(Echo(code, count) for code, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _told(entry: ErrorCode, reading: Reading | None, known: Knowledge) -> dict[str, Any]:
    """What the knowledge says of a code in the reading that its message chose."""
    chosen = reading or entry
    then = (entry.then if chosen.cured_by == entry.cured_by else "") or known.owner(known.signals[chosen.signal])
    return {
        "meaning": chosen.meaning, "cured_by": chosen.cured_by, "cure": chosen.cure,
        "then": then if then != chosen.cured_by else None, "signal": chosen.signal, "by": "knowledge",
        "certainty": chosen.certainty, "source": chosen.source, "note": entry.note if reading is None else "",
    }  # fmt: skip


def _routed(group: Group, known: Knowledge, decide: Decide) -> dict[str, Any]:
    """What routing its message says of a code that is not known."""
    decision = decide(group.samples[0]) if group.samples else None
    found = next((f for f in decision.findings if f.counts), None) if decision and decision.destination else None
    return {
        "meaning": found.signal.title if found else "", "cured_by": decision.destination if decision else None, "cure": "",
        "then": None, "signal": found.signal.id if found else None, "by": "text",
        "certainty": f"confidence {decision.confidence}" if decision and decision.destination else "",
        "source": found.signal.source if found else "", "note": "",
    }  # fmt: skip


def recommend(entries: Iterable[CodeEntry], known: Knowledge) -> Recommendation:
    """One recommendation: the highest tier that is needed, else the desk with most messages.

    When the seller can cure everything, it is where to go if that fails. Remarks (info) count only when there is nothing else.
    """
    roots = [entry for entry in entries if entry.own]
    counting = [entry for entry in roots if entry.gravest != "info"] or roots
    needing = [entry for entry in counting if entry.cured_by and not entry.alone]
    alone = bool(counting) and all(entry.alone for entry in counting)
    wanted: dict[str, list[CodeEntry]] = {}
    for entry in needing or [e for e in counting if e.alone]:
        ident = entry.then if entry.alone else entry.cured_by
        if ident and ident != SELLER:
            wanted.setdefault(ident, []).append(entry)
    if not wanted:
        return Recommendation(alone, None, None, (), (), ())
    best = max(wanted, key=lambda ident: _weight(ident, wanted[ident], known))
    start = getattr(known.destination(best), "entry", "") or best
    also = tuple(Also(i, known.destination(i).short, _codes(held)) for i, held in wanted.items() if i != best)
    met = met_by(known, wanted[best], best, start)
    return Recommendation(alone, place(known, best), place(known, start), _codes(wanted[best]), also, path(known, met))


def _weight(ident: str, held: list[CodeEntry], known: Knowledge) -> tuple[int, int, int]:
    """Higher tiers first, then more messages, then the order of the knowledge."""
    here = known.destination(ident)
    level = here.level if isinstance(here, Tier) else 0
    return level, sum(entry.own for entry in held), -[*known.tiers, *known.teams].index(ident)


def _codes(entries: list[CodeEntry]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.code for entry in entries if entry.code))


def met_by(known: Knowledge, entries: list[CodeEntry], destination: str, start: str) -> When:
    """What conditions of the knowledge can ask for, as some codes and a destination meet it."""
    return When(
        signals=tuple(dict.fromkeys(entry.signal for entry in entries if entry.signal)),
        destinations=(destination,),
        codes=tuple(dict.fromkeys(entry.code for entry in entries if entry.code in known.codes)),
        start=(start,),
        case=(*circumstances(CaseFacts()), "from-report"),
    )
