"""Pages of who there is and what is recognised: tiers, desks, abilities, problems, history, error codes, statements, sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from catalog_route.conditions import holds, road
from catalog_route.knowledge import (
    Ability,
    Beyond,
    Draft,
    ErrorCode,
    Fact,
    History,
    Knowledge,
    Signal,
    Source,
    Team,
    Term,
    Tier,
    When,
)  # fmt: skip
from catalog_route.shown import Row, Section, Sheet, draft_rows, fact_rows, filled, source_rows, step_rows, tip_rows

# Whose word a term is.
TERMS = {
    "certainty": "how sure a statement is", "catalog": "a word of Amazon's support and its sellers",
    "program": "a word of this program",
}  # fmt: skip


def tier(known: Knowledge, here: Tier) -> Sheet:
    """A tier: what it is, can and cannot do, what goes there, the road and the advice, and what the sources say."""
    rows = (
        ("level", f"{here.level} of {len(known.tiers)}", ""), ("reached", here.reached, ""), ("channels", here.channels, ""),
        ("location", here.location, ""), ("start with", here.entry, f"show {here.entry}"),
    )  # fmt: skip
    sections = (
        Section("", rows),
        Section("can", tuple(_ability_row(known, name) for name in here.can)),
        Section("some of them can", tuple(_ability_row(known, name) for name in here.some_can)),
        Section("cannot", tuple(("", limit.text, limit.fact) for limit in here.limits)),
        Section("what it solves", tuple(_owned(known, here.id))),
        *_advised(known, here.id),
        Section("what the sources say", fact_rows(known, here.facts)),
    )
    return Sheet(here.name, here.summary, filled(sections), here)


def team(known: Knowledge, here: Team) -> Sheet:
    """A desk beside the catalog."""
    sections = (
        Section("", (("reached", here.reached, here.certainty), ("group", here.group, ""))),
        Section("what it owns", tuple(_owned(known, here.id))),
        *_advised(known, here.id),
        Section("what the sources say", source_rows(known, " ".join(dict.fromkeys((*here.facts, *here.source.split()))))),
    )
    return Sheet(here.name, here.summary, filled(sections), here)


def beyond(known: Knowledge, other: Beyond) -> Sheet:
    """Somebody whom a case does not reach."""
    sections = (Section("", (("reached", other.reached, ""),)), Section("what the sources say", fact_rows(known, other.facts)))
    return Sheet(other.name, other.summary, sections, other)


def ability(known: Knowledge, can: Ability) -> Sheet:
    """An ability: who holds it, and which problems need it."""
    held = [(t.short, "every member" if can.id in t.can else "some members", f"show {t.id}")
            for t in known.ladder() if can.id in (*t.can, *t.some_can)]  # fmt: skip
    needed = [(s.id, s.title, "") for s in known.signals.values() if can.id in s.needs]
    needed += [(h.id, h.title, "") for h in known.history.values() if can.id in h.needs]
    sections = (
        Section("who can", tuple(held)),
        Section("needed by", tuple(needed)),
        Section("what the sources say", fact_rows(known, can.facts)),
    )
    return Sheet(f"Can {can.title}", can.note or "An ability: what somebody in support may or can do.", filled(sections), can)


def signal(known: Knowledge, here: Signal) -> Sheet:
    """A kind of problem: where it goes, what to do, how it is said, and on what that rests."""
    owner = known.destination(known.owner(here))
    needs = "; ".join(known.abilities[name].title for name in here.needs)
    codes = tuple((c.code, c.meaning, c.certainty) for c in known.codes.values() if c.signal == here.id)
    rows = (
        ("goes to", owner.name, f"show {owner.id}"), ("because it takes to", needs, ""),
        ("rules", "over the whole catalog" if here.overrules else "", ""),
        ("strength", here.strength, "how much its words weigh"),
    )  # fmt: skip
    own = When(signals=(here.id,), destinations=(owner.id,), start=(owner.id,), case=("no-case",))
    waits = [step for step in road(known, own) if here.id in step.when.signals]
    sections = (
        Section("", rows),
        Section("what to do", tip_rows(tip for tip in known.tips.values() if here.id in tip.when.signals)),
        Section("on the road", step_rows(waits)),
        Section("the case to send", draft_rows(known, _drafts(known, own), here)),
        Section("error codes", codes),
        *_shown_by(known, here),
    )
    return Sheet(here.title, here.why, filled(sections), here)


def history(known: Knowledge, here: History) -> Sheet:
    """What has happened so far."""
    counts = ", ".join(f"{name} ≥ {n}" for name, n in here.at_least.items())
    needs = "; ".join(known.abilities[name].title for name in here.needs)
    sections = (
        Section("", (("then it takes to", needs, ""), ("holds from", counts, ""))),
        Section("what to do", tip_rows(tip for tip in known.tips.values() if here.id in tip.when.history)),
        Section("on the road", step_rows(s for s in known.steps.values() if here.id in s.when.history)),
        *_shown_by(known, here),
    )
    return Sheet(here.title, here.why, filled(sections), here)


def code(known: Knowledge, here: ErrorCode) -> Sheet:
    """An error code: what it means, who can cure it, and how."""
    cured = "you, without a case" if here.cured_by == "seller" else known.destination(here.cured_by).name
    then = known.destination(here.then).name if here.then and here.then != "seller" else ""
    readings = tuple((" / ".join(r.when), f"{r.meaning} {r.cure}", r.certainty) for r in here.readings)
    kind = known.signals.get(here.signal)
    rows = (
        ("cured by", cured, here.certainty), ("how", here.cure, ""), ("if it fails", then, ""),
        ("echo of", ", ".join(here.echo_of), "cure that first and this one goes, too"),
        ("signal", here.signal, kind.title if kind else ""), ("note", here.note, ""),
    )  # fmt: skip
    sections = (
        Section("", rows),
        Section("other meanings, when the message says", readings),
        Section("source", source_rows(known, here.source)),
    )
    return Sheet(f"Error code {here.code}", here.meaning, filled(sections), here)


def fact(known: Knowledge, here: Fact) -> Sheet:
    """One statement, how certain it is, and what rests on it."""
    rests = dict.fromkeys((kind, f"show {entry.id}", "") for kind, entry in _resting(known, here.id))
    sections = (
        Section("", (("about", here.about, ""), ("certainty", here.certainty, ""))),
        Section("source", source_rows(known, here.source)),
        Section("what rests on it", tuple(rests)),
    )
    return Sheet(here.id, here.text, filled(sections), here)


def source(known: Knowledge, here: Source) -> Sheet:
    """Where statements come from, and what rests on it."""
    kinds = {"amazon": "Amazon's own", "practitioner": "practitioners outside Amazon", "own": "this project"}
    rests = dict.fromkeys((kind, f"show {entry.id}", "") for kind, entry in _resting(known, here.id))
    stated = (f.id for f in known.facts.values() if f.source == here.id)
    sections = (
        Section("", (("by", kinds[here.kind], ""), ("address", here.url, ""), ("note", here.note, ""))),
        Section("what it says", fact_rows(known, stated)),
        Section("what rests on it", tuple(rests)),
    )
    return Sheet(here.id, here.title, filled(sections), here)


def term(known: Knowledge, here: Term) -> Sheet:
    """A word that answers use; a certainty also with how much is that certain."""
    held = [(name, f"{sum(e.certainty == here.name for e in getattr(known, name).values())} of {len(getattr(known, name))}")
            for name in ("facts", "steps", "tips", "codes")] if here.kind == "certainty" else []  # fmt: skip
    sections = (
        Section("", (("is", TERMS[here.kind], "show terms"),)),
        Section("said of", tuple((name, many, f"show {name}") for name, many in held)),
        Section("what the sources say", fact_rows(known, here.facts)),
    )
    return Sheet(here.name, here.text, filled(sections), here)


def _ability_row(known: Knowledge, name: str) -> Row:
    return name, known.abilities[name].title, " ".join(known.abilities[name].facts)


def _owned(known: Knowledge, ident: str) -> Iterator[Row]:
    """The kinds of problem that lead to a destination."""
    yield from ((s.id, s.title, "") for s in known.signals.values() if known.owner(s) == ident)


def _advised(known: Knowledge, ident: str) -> Iterator[Section]:
    """The road to a destination, and the advice that is given whatever the problem is."""
    met = When(destinations=(ident,), start=(ident,), case=("no-case",))
    yield Section("the road there", step_rows(step for step in road(known, met) if not step.when.signals))
    yield Section("advice, whatever the problem", tip_rows(
        tip for tip in known.tips.values() if ident in tip.when.destinations and not (tip.when.signals or tip.when.history)
    ))  # fmt: skip


def _shown_by(known: Knowledge, here: Signal | History) -> Iterator[Section]:
    """How something is recognised, the proof of it, and on what it rests."""
    yield Section("for example", tuple(("", text, "") for text in here.examples.fires))
    yield Section("but not", tuple(("", text, "") for text in here.examples.silent))
    yield Section("how it is said", tuple(("", phrase, "") for phrase in here.says))
    yield Section("source", source_rows(known, here.source))


def _drafts(known: Knowledge, met: When) -> Iterator[Draft]:
    signals = met.signals
    yield from (draft for draft in known.drafts.values() if holds(draft.when, met) and set(signals) & set(draft.when.signals))


def _resting(known: Knowledge, ident: str) -> Iterator[tuple[str, Any]]:
    """What names a statement or source as its ground."""
    kinds: tuple[tuple[str, str, str], ...] = (
        ("tier", "tiers", "facts"), ("desk", "teams", "facts"), ("desk", "teams", "source"), ("beyond", "beyond", "facts"),
        ("ability", "abilities", "facts"), ("term", "terms", "facts"),
        ("signal", "signals", "source"), ("history", "history", "source"),
        ("error code", "codes", "source"), ("step", "steps", "source"), ("tip", "tips", "source"),
    )  # fmt: skip
    for kind, section, field in kinds:
        for entry in getattr(known, section).values():
            held = getattr(entry, field)
            if ident in (held.split() if isinstance(held, str) else held):
                yield kind, entry
