"""What is known, for `show`: entries of the knowledge as sheets that any renderer can print.

A sheet is a title and sections of rows; a row is a label, a text and a note (certainty and source).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from catalog_route.knowledge import Beyond, ErrorCode, Fact, History, Knowledge, Signal, Team, Tier, Tip
from catalog_route.origins import change_rows, kept_rows, layer_rows
from catalog_route.problems import did_you_mean
from catalog_route.record import record

Row = tuple[str, str, str]
LISTS = ("tips", "signals", "facts", "codes", "teams", "history")


@record
class Section:
    """Rows under a heading."""

    heading: str
    rows: tuple[Row, ...]


@record
class Sheet:
    """One page of what is known. `entry` is the record behind it, for JSON."""

    title: str
    summary: str
    sections: tuple[Section, ...]
    entry: Any


class NotKnownError(LookupError):
    """Nothing is known by that id; the message says what is near."""


def show(known: Knowledge, ident: str | None) -> Sheet:
    """The sheet of a tier, team, signal, tip, fact, error code …, or the ladder when no id is given.

    NotKnownError when there is no such entry.
    """
    if ident is None:
        return _ladder(known)
    if ident == "overlays":
        return _overlays(known)
    if ident in LISTS:
        return _listing(known, ident)
    for section, teller in _TELLERS.items():
        entries = getattr(known, section)
        found = entries.get(ident) or next((entries[key] for key in entries if key.casefold() == ident.casefold()), None)
        if found is not None:
            sheet = teller(known, found)
            return replace(sheet, sections=(*sheet.sections, Section("", kept_rows(known, section, found))))
    raise NotKnownError(f'nothing is known as "{ident}"' + _hint(ident, [name for name, _ in every_entry(known)]))


def every_entry(known: Knowledge) -> Iterator[tuple[str, str]]:
    """The id of everything that `show` can tell, and what it is in a few words."""
    for section in _TELLERS:
        for ident, entry in getattr(known, section).items():
            named = (getattr(entry, part, "") for part in ("title", "name", "meaning", "text"))
            yield ident, next(filter(None, named), "")


def _hint(ident: str, every: Iterable[str]) -> str:
    near = did_you_mean(ident.lower(), every)
    return f" – {near}" if near else ' – "show" alone lists the ladder; "show signals", "show codes" list the rest'


def _fact_rows(known: Knowledge, names: Iterable[str]) -> tuple[Row, ...]:
    facts = (known.facts[name] for name in names)
    return tuple((fact.id, fact.text, f"{fact.certainty}, {fact.source}") for fact in facts)


def _source_rows(known: Knowledge, names: str) -> tuple[Row, ...]:
    rows: list[Row] = []
    for name in names.split():
        if name in known.facts:
            rows.extend(_fact_rows(known, [name]))
        else:
            source = known.sources[name]
            rows.append((source.id, source.title, source.url or source.note))
    return tuple(rows)


def _ladder(known: Knowledge) -> Sheet:
    tiers = tuple((f"{t.level} {t.short}", t.summary, f"show {t.id}") for t in reversed(known.ladder()))
    teams = tuple((t.short, t.summary, f"show {t.id}") for t in known.teams.values())
    beyond = tuple((b.name, b.summary, f"show {b.id}") for b in known.beyond.values())
    more = (
        ("signals", f"{len(known.signals)} kinds of problem that are recognised", "show signals"),
        ("codes", f"{len(known.codes)} error codes", "show codes"),
        ("tips", f"{len(known.tips)} tips", "show tips"),
        ("facts", f"{len(known.facts)} statements with certainty and source", "show facts"),
    )
    sections = (
        Section("catalog support, highest first", tiers),
        Section("desks beside the catalog", teams),
        Section("part of the picture, not reachable", beyond),
        Section("laid over the shipped knowledge", layer_rows(known)),
        Section("more", (*more, *((("overlays", "what they change, one by one", "show overlays"),) if known.layers else ()))),
    )
    entry = {
        "tiers": known.ladder(), "teams": list(known.teams.values()), "beyond": list(known.beyond.values()),
        "layers": known.layers,
    }  # fmt: skip
    summary = "One agency's view of Amazon's catalog support, not Amazon's own; each statement has its certainty."
    return Sheet("Who can solve what", summary, _filled(sections), entry)


def _overlays(known: Knowledge) -> Sheet:
    sections = tuple(Section(name, rows) for name, rows in change_rows(known))
    many = len(known.layers)
    summary = f"{many} laid over it, the lowest first" if many else "nothing is laid over it; --data names a folder"
    return Sheet("The knowledge in force", summary, sections, list(known.layers))


def _listing(known: Knowledge, section: str) -> Sheet:
    entries = getattr(known, section).values()
    rows = tuple((getattr(e, "code", None) or e.id, *_told(known, e)) for e in entries)
    return Sheet(section, f"{len(rows)} known; show one by its id", (Section(section, rows),), list(entries))


def _told(known: Knowledge, entry: Any) -> tuple[str, str]:
    match entry:
        case Signal():
            return entry.title, known.owner(entry)
        case Tip():
            return entry.text, f"{entry.stage}, {entry.certainty}"
        case Fact():
            return entry.text, f"{entry.certainty}, {entry.source}"
        case ErrorCode():
            return entry.meaning, f"{entry.cured_by}, {entry.certainty}"
        case History():
            return entry.title, "history"
        case _:
            return entry.summary, ""


def _tier(known: Knowledge, tier: Tier) -> Sheet:
    can = [(name, known.abilities[name].title, " ".join(known.abilities[name].facts)) for name in tier.can]
    some = [(name, known.abilities[name].title, "only some members") for name in tier.some_can]
    rows = (
        ("level", str(tier.level), ""), ("channels", tier.channels, ""), ("reached", tier.reached, ""),
        ("location", tier.location, ""), *((("start with", tier.entry, ""),) if tier.entry else ()),
    )  # fmt: skip
    sections = (
        Section("", rows),
        Section("can", tuple(can)),
        Section("some of them can", tuple(some)),
        Section("cannot", tuple(("", limit.text, limit.fact) for limit in tier.limits)),
        Section("what the sources say", _fact_rows(known, tier.facts)),
    )
    return Sheet(tier.name, tier.summary, _filled(sections), tier)


def _team(known: Knowledge, team: Team) -> Sheet:
    owned = tuple((s.id, s.title, "") for s in known.signals.values() if s.team == team.id)
    sections = (
        Section("", (("group", team.group, ""), ("reached", team.reached, team.certainty))),
        Section("what it owns", owned),
        Section("what the sources say", (*_fact_rows(known, team.facts), *_source_rows(known, team.source))),
    )
    return Sheet(team.name, team.summary, _filled(sections), team)


def _beyond(known: Knowledge, other: Beyond) -> Sheet:
    sections = (Section("", (("reached", other.reached, ""),)), Section("what the sources say", _fact_rows(known, other.facts)))
    return Sheet(other.name, other.summary, sections, other)


def _signal(known: Knowledge, signal: Signal) -> Sheet:
    owner = known.destination(known.owner(signal))
    codes = tuple((c.code, c.meaning, c.certainty) for c in known.codes.values() if c.signal == signal.id)
    sections = (
        Section(
            "",
            (("goes to", owner.name, ", ".join(signal.needs)), ("strength", signal.strength, "")),
        ),
        Section("how it is said", tuple(("", phrase, "") for phrase in signal.says)),
        Section("for example", tuple(("", text, "") for text in signal.examples.fires)),
        Section("but not", tuple(("", text, "") for text in signal.examples.silent)),
        Section("error codes", codes),
        Section("source", _source_rows(known, signal.source)),
    )
    return Sheet(signal.title, signal.why, _filled(sections), signal)


def _history(known: Knowledge, history: History) -> Sheet:
    counts = ", ".join(f"{name} ≥ {n}" for name, n in history.at_least.items())
    sections = (
        Section("", (("needs", ", ".join(history.needs), ""), ("holds from", counts, ""))),
        Section("how it is said", tuple(("", phrase, "") for phrase in history.says)),
        Section("source", _source_rows(known, history.source)),
    )
    return Sheet(history.title, history.why, _filled(sections), history)


def _code(known: Knowledge, code: ErrorCode) -> Sheet:
    cured = "you, without a case" if code.cured_by == "seller" else known.destination(code.cured_by).name
    then = known.destination(code.then).name if code.then and code.then != "seller" else ""
    readings = tuple((" / ".join(r.when), f"{r.meaning} {r.cure}", r.certainty) for r in code.readings)
    sections = (
        Section("", (("cured by", cured, code.certainty), ("how", code.cure, ""), ("if it fails", then, ""),
                     ("signal", code.signal, ""), ("note", code.note, ""))),
        Section("other meanings, when the message says", readings),
        Section("source", _source_rows(known, code.source)),
    )  # fmt: skip
    return Sheet(f"Error code {code.code}", code.meaning, _filled(sections), code)


def _tip(known: Knowledge, tip: Tip) -> Sheet:
    rows = (("stage", tip.stage, ""), ("why", tip.why, tip.certainty))
    return Sheet(tip.id, tip.text, (Section("", rows), Section("source", _source_rows(known, tip.source))), tip)


def _fact(known: Knowledge, fact: Fact) -> Sheet:
    rows = (("about", fact.about, ""), ("certainty", fact.certainty, ""))
    return Sheet(fact.id, fact.text, (Section("", rows), Section("source", _source_rows(known, fact.source))), fact)


def _filled(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Sections without empty rows and without those that then have nothing to say."""
    kept = (Section(s.heading, tuple(row for row in s.rows if row[1])) for s in sections)
    return tuple(section for section in kept if section.rows)


_TELLERS: dict[str, Callable[[Knowledge, Any], Sheet]] = {
    "tiers": _tier, "teams": _team, "beyond": _beyond, "signals": _signal, "history": _history, "codes": _code,
    "tips": _tip, "facts": _fact,
}  # fmt: skip
# The sections whose entries can be shown by their id, in the order in which an id is sought.
SHOWN = tuple(_TELLERS)
