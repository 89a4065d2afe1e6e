"""Findings and case facts → decision, together with the full record of why.

Evidence for each group adds up: what the text and the signals seen in it resemble. First the desk is chosen (the best
tier, helped by the others, stands for the catalog), then, in the catalog, the tier: needs are the union of what
counting findings and the history need, and the answer is the lowest tier of which every member can do all of it. Ties
go to the catalog, then to the desk named first in the knowledge; nothing depends on the order of the text.
"""

from __future__ import annotations

from math import exp, log
from typing import Literal

from catalog_route.case import CaseFacts
from catalog_route.knowledge import History, Knowledge, Signal, Tier
from catalog_route.likeness import Likeness
from catalog_route.matching import Matches, Seen
from catalog_route.record import changed, record
from catalog_route.weighing import UNCLEAR as UNCLEAR
from catalog_route.weighing import Weigher

# How much the weaker tiers add to the best one when the catalog is weighed against a desk (1: as probabilities do).
TOGETHER = 0.6
# Words in common (log odds, added up) that it takes to name the kind of problem by resemblance alone.
LEAST_ALIKE = 4.0
# By how much resemblance alone has to speak for the highest tier to outweigh a strong phrase for a lower one, and any other.
CLEARLY = 1.5
SLIGHTLY = 0.5
# The share that resemblance alone needs to be called high confidence.
ALONE = 0.85
Confidence = Literal["high", "medium", "low"]


@record
class Finding:
    """A signal seen in the text. `by`: phrase, or likeness when only the resemblance to examples speaks for it, with nothing
    `seen` (see `Decider.words`)."""

    signal: Signal
    destination: str
    seen: tuple[Seen, ...]
    by: Literal["phrase", "likeness"]
    counts: bool = True


@record
class Held:
    """A history signal that holds, with the words or the case fact that say so."""

    history: History
    seen: tuple[Seen, ...]
    fact: str = ""


@record
class Verdict:
    """Whether one destination can do it: all of it, some members only, or not; and what is missing."""

    destination: str
    can: Literal["yes", "some", "no"]
    missing: tuple[str, ...] = ()


@record
class Decision:
    """The answer and its record; `destination` is None when unclear."""

    destination: str | None
    start: str | None
    confidence: Confidence
    findings: list[Finding]
    history: list[Held]
    needs: frozenset[str]
    verdicts: list[Verdict]
    alternatives: list[str]
    evidence: dict[str, float]


class Decider:
    """The rules of the decision over one knowledge. Holds no state between texts."""

    def __init__(self, known: Knowledge, likeness: Likeness) -> None:
        self._known = known
        self._likeness = likeness
        self._settings = likeness.settings
        self._weigher = Weigher(known, likeness)
        self._owner = {name: known.owner(signal) for name, signal in known.signals.items()}
        self._group = {name: known.destination(owner).group for name, owner in self._owner.items()}
        self._tiers = [tier.id for tier in known.ladder()]

    def decide(self, matches: Matches, case: CaseFacts) -> Decision:
        """The decision for one matched text and its case facts."""
        findings = [
            Finding(self._known.signals[name], self._owner[name], tuple(seen), "phrase") for name, seen in matches.signals.items()
        ]
        history = self._history(matches, case)
        evidence = self._weigher.evidence(matches)
        desk = self._desk(matches, evidence, findings)
        if desk == UNCLEAR:
            return self._unclear(findings, history, evidence)
        if desk in self._tiers:
            return self._in_catalog(matches, evidence, findings, history)
        return self._beside(matches, desk, evidence, findings, history)

    def _history(self, matches: Matches, case: CaseFacts) -> list[Held]:
        held = []
        for name, entry in self._known.history.items():
            fact = next((f"{f} {case.count(f)}" for f, n in entry.at_least.items() if case.count(f) >= n), "")
            seen = tuple(matches.history.get(name, ()))
            if seen or fact:
                held.append(Held(entry, seen, fact))
        return held

    def _desk(self, matches: Matches, evidence: dict[str, float], findings: list[Finding]) -> str:
        """The group that owns the matter; any tier stands for the catalog. History never picks it."""
        if not matches.view.words:
            return UNCLEAR
        best = max(evidence[tier] for tier in self._tiers)
        together = log(sum(exp(evidence[tier] - best) for tier in self._tiers))
        desks = {self._tiers[0]: best + TOGETHER * together}
        desks.update((group, value) for group, value in evidence.items() if group not in self._tiers)
        desk = max(desks, key=lambda name: desks[name])
        ruling = [f for f in findings if f.signal.overrules]
        if ruling and (desk in self._tiers or desk == UNCLEAR):
            return self._group[ruling[0].signal.id]
        return desk

    def _unclear(self, findings: list[Finding], history: list[Held], evidence: dict[str, float]) -> Decision:
        confidence = self._confidence(_share(evidence, [UNCLEAR]), [])
        return Decision(None, None, confidence, [], history, frozenset(), [], [], evidence)

    def _in_catalog(self, matches: Matches, evidence: dict[str, float], findings: list[Finding],
                    history: list[Held]) -> Decision:  # fmt: skip
        base = self._base(evidence, findings, history)
        told = frozenset(need for held in history for need in held.history.needs)
        lifted = self._known.lowest_tier(told) if history else None
        marked = self._counted(matches, evidence, findings, lifted, base)
        needs = told.union(need for f in marked if f.counts for need in f.signal.needs)
        tier = self._known.lowest_tier(needs) or self._known.ladder()[-1]
        decided = bool(told) and lifted == tier  # then the tier is sure, whichever the matter resembles
        sure = _share(evidence, self._tiers if decided or tier.id != base else [base])
        return Decision(
            tier.id, tier.entry or tier.id, self._confidence(sure, marked), self._ordered(marked, tier.id), history, needs,
            self._verdicts(needs, None), self._others(evidence, marked, tier.id), evidence,
        )  # fmt: skip

    def _base(self, evidence: dict[str, float], findings: list[Finding], history: list[Held]) -> str:
        """The tier that the evidence speaks for. Resemblance alone lifts to the highest over phrases only when it is clear."""
        base = max(self._tiers, key=lambda name: evidence[name])
        seen = [f for f in findings if f.destination in self._tiers]
        lifted = any(not set(held.history.needs) <= set(self._known.ladder()[-2].can) for held in history)
        if base != self._tiers[-1] or lifted or not seen or any(f.destination == base for f in seen):
            return base
        strong = [f for f in seen if f.signal.strength == "strong"]
        best = max((f.destination for f in strong or seen), key=lambda name: evidence[name])
        return best if evidence[base] - evidence[best] < (CLEARLY if strong else SLIGHTLY) else base

    def _counted(self, matches: Matches, evidence: dict[str, float], findings: list[Finding], lifted: Tier | None,
                 base: str) -> list[Finding]:  # fmt: skip
        """The findings, each with whether it counts: up to the tier that the evidence speaks for, strong ones always.

        What no phrase spoke for – the matter, or the tier `base` itself – is filled in by resemblance. `lifted`: the lowest tier
        that can do what history needs, where there is any history.
        """
        rank = self._tiers.index
        marked = []
        for f in findings:
            low = f.destination in self._tiers and rank(f.destination) <= rank(base)
            strong = f.destination in self._tiers and f.signal.strength == "strong"
            marked.append(changed(f, counts=low or strong))
        counting = [f.destination for f in marked if f.counts]
        if lifted and rank(lifted.id) >= rank(base):
            if not counting:
                matter = max(self._tiers[:-1], key=lambda name: evidence[name])
                marked += self._by_likeness(matches, matter)
        elif not counting or (rank(base) and base not in counting):
            marked += self._by_likeness(matches, base)
        return marked

    def _beside(self, matches: Matches, group: str, evidence: dict[str, float], findings: list[Finding],
                history: list[Held]) -> Decision:  # fmt: skip
        own = [f for f in findings if self._group[f.signal.id] == group]
        if not own:
            own = self._by_likeness(matches, group)
        team = self._team(matches, own)
        marked = [*own, *(changed(f, counts=False) for f in findings if f not in own)]
        return Decision(
            team, team, self._confidence(_share(evidence, [group]), own), self._ordered(marked, team), history, frozenset(),
            self._verdicts(frozenset(), team), self._others(evidence, marked, team), evidence,
        )  # fmt: skip

    def _team(self, matches: Matches, own: list[Finding]) -> str:
        """The team of several that is meant: most evidence by phrases, then the signal whose examples are most alike."""
        weight: dict[str, float] = {}
        for f in own:
            weight[f.destination] = weight.get(f.destination, 0.0) + self._settings.bonus[f.signal.strength]
        best = [name for name in self._known.teams if weight.get(name) == max(weight.values())]
        nearest = self._likeness.nearest_signal(matches.view, [f.signal.id for f in own if f.destination in best])
        return self._owner[nearest] if nearest else best[0]

    def _by_likeness(self, matches: Matches, group: str) -> list[Finding]:
        """A finding for a group that no phrase spoke for: the signal whose examples are most alike."""
        among = [name for name, own in self._group.items() if own == group]
        if not among:
            return []
        exact = [name for name in among if not self._known.signals[name].general]
        told = {entry.id: entry.subject for entry in self._known.history.values() if entry.subject in exact}
        name = self._likeness.nearest_signal(matches.view, [*exact, *told], LEAST_ALIKE)
        name = told.get(name, name) if name else next((n for n in among if n not in exact), among[0])
        return [Finding(self._known.signals[name], self._owner[name], (), "likeness")]

    def words(self, matches: Matches, finding: Finding, most: int = 3) -> tuple[Seen, ...]:
        """The words that a finding rests on: those of its phrases, else the words that speak most for its group against the
        average of the others. Worked out when somebody asks, since it takes longer than the decision."""
        if finding.seen or finding.by == "phrase":
            return finding.seen
        if self._group[finding.signal.id] not in self._likeness.groups:
            return ()
        place = self._likeness.groups.index(self._group[finding.signal.id])
        weight: dict[int, float] = {}
        for at, shares in self._likeness.shares(matches.view, matches.edges):
            weight[at] = weight.get(at, 0.0) + shares[place] - sum(shares) / len(shares)
        best = sorted((at for at in weight if weight[at] > 0), key=lambda at: (-weight[at], at))[:most]
        out = []
        for at in sorted(best):
            text, start, end = matches.view.quote(at, at)
            out.append(Seen(text, start, end, at, at, ""))
        return tuple(out)

    def _verdicts(self, needs: frozenset[str], team: str | None) -> list[Verdict]:
        out = []
        for tier in self._known.ladder():
            missing = tuple(need for need in self._known.abilities if need in needs and need not in tier.can)
            if team is not None:
                out.append(Verdict(tier.id, "no"))
            elif not missing:
                out.append(Verdict(tier.id, "yes"))
            else:
                out.append(Verdict(tier.id, "some" if set(missing) <= set(tier.some_can) else "no", missing))
        if team is not None:
            out.append(Verdict(team, "yes"))
        return out

    def _others(self, evidence: dict[str, float], findings: list[Finding], chosen: str) -> list[str]:
        """Other destinations in play: those of findings, nearest first."""
        names = dict.fromkeys(f.destination for f in findings if f.destination != chosen and not f.counts)
        return sorted(names, key=lambda n: -evidence.get(self._known.destination(n).group, 0.0))

    def _ordered(self, findings: list[Finding], chosen: str) -> list[Finding]:
        """Those that decided first, what an error code stands for, those that see most of the text, then by place and id."""
        codes = self._known.codes

        def rank(f: Finding) -> tuple[bool, bool, bool, int, int, str]:
            widest = max((seen.end - seen.start for seen in f.seen), default=0)
            coded = any(seen.text in codes and codes[seen.text].signal == f.signal.id for seen in f.seen)
            return (not f.counts, f.destination != chosen, not coded, -widest, f.seen[0].start if f.seen else 0, f.signal.id)

        return sorted(_telling(findings), key=rank)

    def _confidence(self, sure: float, findings: list[Finding]) -> Confidence:
        """High when the share is; resemblance without any phrase behind it needs a larger one."""
        seen = any(f.by == "phrase" and f.counts for f in findings)
        if sure >= (self._settings.high if seen else ALONE):
            return "high"
        return "medium" if sure >= self._settings.medium else "low"


def _share(evidence: dict[str, float], groups: list[str]) -> float:
    """The softmax share of some groups, between 0 and 1."""
    top = max(evidence.values())
    return sum(exp(evidence[g] - top) for g in groups) / sum(exp(v - top) for v in evidence.values())


def _telling(findings: list[Finding]) -> list[Finding]:
    """Without general findings where an exact one of the same destination was seen."""
    exact = {f.destination for f in findings if not f.signal.general}
    return [f for f in findings if not f.signal.general or f.destination not in exact]
