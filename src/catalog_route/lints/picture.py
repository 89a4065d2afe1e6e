"""Lints of the picture as a whole: who owns what, the ladder of tiers, what nobody needs or reaches, ids that hide others."""

from __future__ import annotations

from collections.abc import Iterator

from catalog_route.lints.subject import Subject
from catalog_route.problems import Problem
from catalog_route.rules import fault
from catalog_route.showing import LISTS, SHOWN


def owners(subject: Subject) -> Iterator[Problem]:
    """Signals without an owner or with two, needs that no tier holds, and signals that nothing can show."""
    known = subject.known
    coded = {code.signal for code in known.codes.values()} | {r.signal for code in known.codes.values() for r in code.readings}
    for section, entry in subject.entries():
        team = getattr(entry, "team", "")
        if section == "signals" and bool(team) == bool(entry.needs):
            place = subject.locate(section, entry.id, *(("team",) if team else ()))
            yield fault("homeless", place, f"{entry.id}: give either needs or a team", "exactly one of the two")
        elif entry.needs and known.lowest_tier(frozenset(entry.needs)) is None:
            what = f"{entry.id}: no tier can do all of {', '.join(entry.needs)}"
            yield fault("homeless", subject.locate(section, entry.id, "needs"), what, "give it to a tier")
        shown = bool(entry.says) or entry.id in coded or bool(getattr(entry, "at_least", ()))
        if not shown:
            place = subject.locate(section, entry.id)
            yield fault("no-phrase", place, f"{entry.id}: no phrase, and no code names it", "add says:")


def ladder(subject: Subject) -> Iterator[Problem]:
    """Levels that do not count 1, 2, 3 …, and doors that lead nowhere."""
    tiers = subject.known.ladder()
    for tier, level in zip(tiers, range(1, len(tiers) + 1), strict=True):
        if tier.level != level:
            place = subject.locate("tiers", tier.id, "level")
            yield fault("tier-order", place, f"{tier.id}: level {tier.level} where {level} is next", "number the tiers 1, 2, 3 …")
            break
    for tier in tiers:
        door = subject.known.tiers.get(tier.entry)
        if door and (door.level >= tier.level or door.entry):
            what = f"{tier.id}: its entry {door.id} is {'no lower tier' if door.level >= tier.level else 'without a door itself'}"
            yield fault("tier-order", subject.locate("tiers", tier.id, "entry"), what, "name a lower tier that a seller reaches")


def reached(subject: Subject) -> Iterator[Problem]:
    """Teams that no signal leads to, and abilities that nobody holds, or that nobody needs and no statement speaks of."""
    known = subject.known
    led_to = {signal.team for signal in known.signals.values()}
    for team in known.teams.values():
        if team.id not in led_to:
            what = f"{team.id}: no signal leads to this team"
            yield fault("idle-team", subject.locate("teams", team.id), what, "add a signal with this team")
    held = {name for tier in known.tiers.values() for name in (*tier.can, *tier.some_can)}
    needed = {need for _, entry in subject.entries() for need in entry.needs}
    for ability in known.abilities.values():
        place = subject.locate("abilities", ability.id)
        if ability.id not in held:
            yield fault("unheld-ability", place, f"{ability.id}: no tier holds this ability", "give it to a tier or drop it")
        if ability.id not in needed and not ability.facts:
            what = f"{ability.id}: nothing needs this ability, and no statement speaks of it"
            yield fault("unneeded-ability", place, what, "name it under needs: of a signal, give the statement, or drop it")


def hidden(subject: Subject) -> Iterator[Problem]:
    """Ids that `show` cannot show, since the same word means something else to it."""
    first: dict[str, str] = {}
    for section in SHOWN:
        for ident in getattr(subject.known, section):
            word = ident.casefold()
            before = "a list" if word in LISTS else first.setdefault(word, section)
            if before != section:
                what = f'{ident}: "show {ident}" shows {before if before == "a list" else f"the one in {before}"}'
                yield fault("hidden-id", subject.locate(section, ident), what, "choose another id")
