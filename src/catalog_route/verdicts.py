"""Why this tier and why not that one: the record of who can do it, told in words."""

from __future__ import annotations

from collections.abc import Iterable

from catalog_route.advice import VerdictEntry
from catalog_route.deciding import Decision, Verdict
from catalog_route.display import one_line
from catalog_route.knowledge import Knowledge, Team, Tier
from catalog_route.record import changed


def verdicts(known: Knowledge, decision: Decision) -> tuple[VerdictEntry, ...]:
    """Every tier, lowest first, then the desk that decides and the desks that are in play besides."""
    entries = [_start(known, decision, _told(known, decision, verdict)) for verdict in decision.verdicts]
    there = {entry.id for entry in entries}
    entries += [_in_play(known, decision, name) for name in decision.alternatives if name in known.teams and name not in there]
    return tuple(entries)


def _told(known: Knowledge, decision: Decision, verdict: Verdict) -> VerdictEntry:
    here = known.destination(verdict.destination)
    if isinstance(here, Team):
        why = f"owns it; door: {here.reached}"
        return VerdictEntry(here.id, here.short, verdict.can, (), why, "team", why, here.source)
    facts: Iterable[str] = ()
    if decision.destination in known.teams:
        why, facts = _beside(here, known.teams[decision.destination])
        brief = why
    elif verdict.missing or here.id == decision.destination:
        word = {"no": "cannot", "some": "a few can", "yes": "can"}[verdict.can]
        names = verdict.missing or _deciding(known, here, decision.needs)
        held = [known.abilities[name] for name in names]
        why = f"{word} {'; '.join(ability.title for ability in held)}"
        brief = f"{word} {held[-1].title}" if held else here.brief
        facts = dict.fromkeys(fact for ability in held for fact in ability.facts)
    else:
        brief = why = f"can too; {here.brief or here.summary}"
    return VerdictEntry(here.id, here.short, verdict.can, verdict.missing, why, "tier", brief, " ".join(facts))


def _start(known: Knowledge, decision: Decision, entry: VerdictEntry) -> VerdictEntry:
    """The verdict on the tier to start with says why one starts there when it is not the one that solves it."""
    way = getattr(known.destination(decision.destination or entry.id), "way_in", "")
    if not way or entry.id != decision.start or entry.id == decision.destination:
        return entry
    return changed(entry, why=f"{entry.why}; {way}", brief=f"{entry.brief}; {way}")


def _beside(tier: Tier, owner: Team) -> tuple[str, tuple[str, ...]]:
    """Why a tier of the catalog does not solve what a desk beside it owns."""
    limit = next((limit for limit in tier.limits if limit.team == owner.id), None)
    if limit is not None:
        return limit.text, (limit.fact,)
    return tier.beside.replace("{team}", owner.short) or f"belongs to {owner.short}", ()


def _deciding(known: Knowledge, tier: Tier, needs: frozenset[str]) -> list[str]:
    """The needs that the tier below cannot meet; all of them where there is none below."""
    below = next((other for other in reversed(known.ladder()) if other.level < tier.level), None)
    wanted = [name for name in known.abilities if name in needs]
    return [name for name in wanted if below is None or name not in below.can] or wanted


def _in_play(known: Knowledge, decision: Decision, name: str) -> VerdictEntry:
    """A desk that some words point to, without deciding."""
    desk = known.teams[name]
    words = [seen.text for f in decision.findings if f.destination == name for seen in f.seen]
    owner = known.destination(decision.destination or name).short
    only = f'only "{one_line(max(words, key=len), 40)}" points there' if words else "little points there"
    return VerdictEntry(desk.id, desk.short, "no", (), f"{only}; the matter belongs to {owner}", "team", only, desk.source)
