"""Lints of advice: conditions that can never hold, entries switched off that are still named, and too bold a certainty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from catalog_route import origins
from catalog_route.conditions import holds
from catalog_route.guidance import CASE
from catalog_route.knowledge import Knowledge, Signal, When
from catalog_route.linking import meant, references, soft
from catalog_route.lints.subject import Subject
from catalog_route.problems import Problem
from catalog_route.record import changed
from catalog_route.rules import fault

# How sure a statement can be, the surest first, and the most that a source without statements can give.
SURE = ("official", "stated", "practice", "believed", "assumed", "planned", "not stated")
GIVES = {"amazon": "official", "practitioner": "stated", "own": "practice"}
NAMED = 4
# Where stands what decisions can find.
NAMES = ("signals", "history", "tiers", "teams", "codes")
# What is known only of a case that was sent.
AFTERWARDS = ("final-no", "several-cases")


def never(subject: Subject) -> Iterator[Problem]:
    """Tips, steps, drafts and changes whose conditions no decision can meet."""
    known = subject.known
    decisions = {(): list(_met(known))}
    off = {ident for section, ident in origins.switched_off(known) if section in NAMES}
    for section in ("tips", "steps", "drafts", "changes"):
        for ident, entry in getattr(known, section).items():
            when = entry.when
            asked = {*when.signals, *when.history, *when.destinations, *when.start, *when.codes}
            if when.unless not in decisions:
                decisions[when.unless] = [_without(met, when.unless) for met in decisions[()]]
            if off.isdisjoint(asked) and not any(holds(when, met) for met in decisions[when.unless]):
                what = f"{ident}: it can never apply, its conditions never hold together"
                cure = "every list under when: must share something with one decision: a signal, where it leads, what happened"
                yield fault("never-applies", subject.locate(section, ident, "when"), what, cure)


def _met(known: Knowledge) -> Iterator[When]:
    """What decisions can find: each signal where it leads, and where history lifts it or a higher tier answers for it; once
    with all that goes with a case that is there, once with what a first case knows."""
    codes, history = tuple(known.codes), tuple(known.history)
    asking = ("has-case", *AFTERWARDS, *(f"tried-{tier}" for tier in known.tiers))
    either = [name for name in CASE if name not in ("has-case", "no-case", *AFTERWARDS)]
    stands = ((history, (*asking, *either)), ((), ("no-case", *either)))
    for name, signal in known.signals.items():
        for place in _places(known, signal):
            start = getattr(known.destination(place), "entry", "") or place
            yield from (When((name,), (place,), happened, codes, (start,), case) for happened, case in stands)


def _places(known: Knowledge, signal: Signal) -> list[str]:
    """Where a signal can lead."""
    if signal.team:
        return [signal.team]
    least = known.tiers[known.owner(signal)].level
    return [tier.id for tier in known.ladder() if tier.level >= least]


def _without(met: When, unless: tuple[str, ...]) -> When:
    """What is met without what `unless` rules out, where a decision need not find it: history, codes, what is known besides."""
    ruled = {*unless} - {"has-case", "no-case"}
    history, codes, case = (tuple(name for name in held if name not in ruled) for held in (met.history, met.codes, met.case))
    return changed(met, history=history, codes=codes, case=case)


def switched_off(subject: Subject) -> Iterator[Problem]:
    """Entries that are switched off while conditions still name them, told where they are switched off."""
    known = subject.known
    off = origins.switched_off(known)
    named: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for section, ident, inside, target, targets, kind in references(known):
        if target not in targets and soft(inside):
            for gone in off.keys() & meant(kind, target):
                named[gone][f"{section} {ident}"] = None
    for gone, who in named.items():
        file, _, line = off[gone].rpartition(":")
        more = f" and {len(who) - NAMED} more" if len(who) > NAMED else ""
        what = f"{gone[1]} is switched off, and still named by {', '.join(list(who)[:NAMED])}{more}"
        cure = "what names nothing else never applies; switch it off too"
        yield fault("mentions-switched-off", (file, int(line), 1), what, cure)


def certainty(subject: Subject) -> Iterator[Problem]:
    """Entries that claim to be surer than the first source that they name, which gives the certainty."""
    known = subject.known
    for section in ("tips", "steps", "codes", "teams"):
        for ident, entry in getattr(known, section).items():
            first = next(iter(entry.source.split()), "")
            kind = getattr(known.sources.get(first), "kind", "")
            most = known.facts[first].certainty if first in known.facts else GIVES.get(kind)
            if most and SURE.index(entry.certainty) < SURE.index(most):
                what = f"{ident}: told as {entry.certainty}, while {first} gives {most} at most"
                cure = f"write {most}, or name a better source first"
                yield fault("bold-certainty", subject.locate(section, ident, "certainty"), what, cure)


def echoes(subject: Subject) -> Iterator[Problem]:
    """Codes of which each is said to follow from another, in a circle."""
    codes = subject.known.codes
    for name, code in codes.items():
        seen, waiting = set[str](), list(code.echo_of)
        while waiting:
            other = waiting.pop()
            if other == name:
                what = f"{name}: follows from itself in the end"
                yield fault("echo-circle", subject.locate("codes", name, "echo_of"), what, "say which one comes first")
                break
            if other not in seen:
                seen.add(other)
                waiting += codes[other].echo_of if other in codes else ()
