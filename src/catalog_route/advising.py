"""Decision → advice: the record of the decision told in words, with road, tips, questions and what would change it.

Nothing is decided here. What would change the answer is found by running the same decision again with one fact altered.
"""

from __future__ import annotations

from collections.abc import Iterable

from catalog_route import __version__
from catalog_route import advice as doc
from catalog_route.case import CaseFacts
from catalog_route.deciding import Decider, Decision, Finding, Held, Verdict
from catalog_route.drafting import fill
from catalog_route.knowledge import Draft, Knowledge, When
from catalog_route.matching import Matches, Seen
from catalog_route.record import changed

MOST_CHANGES = 4
MOST_QUESTIONS = 2
STAGES = ("try", "prepare", "write", "escalate", "avoid")


class Adviser:
    """Tells decisions over one knowledge. Holds no state between texts."""

    def __init__(self, known: Knowledge, decider: Decider) -> None:
        self._known = known
        self._decider = decider

    def advise(self, matches: Matches, case: CaseFacts, decision: Decision, *, draft: bool = False) -> doc.Advice:
        """The whole result document of one decision."""
        met = self._met(matches, case, decision)
        return doc.Advice(
            version=__version__,
            knowledge=self._known.digest,
            text=matches.view.original,
            status="routed" if decision.destination else "unclear",
            recommended=self._place(decision.destination),
            start_with=self._place(decision.start),
            confidence=decision.confidence,
            findings=(*(self._finding(matches, found) for found in decision.findings), *map(_history, decision.history)),
            case=case,
            verdicts=tuple(self._verdict(decision, v) for v in decision.verdicts),
            alternatives=tuple(self._alternative(decision, name) for name in decision.alternatives),
            path=self._path(met) if decision.destination else (),
            tips=self._tips(met, case) if decision.destination else (),
            what_would_change=self._changes(matches, case, decision),
            questions=self._questions(decision),
            draft=self._draft(met, case, decision, matches) if draft and decision.destination else None,
        )  # fmt: skip

    def _place(self, ident: str | None) -> doc.Place | None:
        if ident is None:
            return None
        here = self._known.destination(ident)
        level = getattr(here, "level", None)
        return doc.Place(here.id, here.group, "team" if level is None else "tier", level, here.name)

    def _finding(self, matches: Matches, found: Finding) -> doc.FindingEntry:
        signal = found.signal
        words = _quotes(self._decider.words(matches, found))
        return doc.FindingEntry(
            signal.id, signal.title, found.destination, signal.needs, signal.why, signal.source, words, found.by, found.counts,
            signal.origin,
        )  # fmt: skip

    def _verdict(self, decision: Decision, verdict: Verdict) -> doc.VerdictEntry:
        here = self._known.destination(verdict.destination)
        missing = "; ".join(self._known.abilities[need].title for need in verdict.missing)
        if verdict.can == "yes":
            why = here.summary
        elif verdict.can == "some":
            why = f"only some members can {missing}"
        elif missing:
            why = f"cannot {missing}"
        else:
            owner = self._known.destination(decision.destination or "")
            why = f"belongs to {owner.short}"
        return doc.VerdictEntry(verdict.destination, here.short, verdict.can, verdict.missing, why)

    def _alternative(self, decision: Decision, name: str) -> doc.Alternative:
        titles = dict.fromkeys(f.signal.title for f in decision.findings if f.destination == name)
        return doc.Alternative(name, self._known.destination(name).short, "; ".join(titles))

    def _met(self, matches: Matches, case: CaseFacts, decision: Decision) -> When:
        """What a condition can ask for, as it holds here."""
        return When(
            signals=tuple(f.signal.id for f in decision.findings if f.counts),
            destinations=(decision.destination,) if decision.destination else (),
            history=tuple(h.history.id for h in decision.history),
            codes=tuple(code for code in case.error_codes if code in self._known.codes),
            start=(decision.start,) if decision.start else (),
        )

    def _path(self, met: When) -> tuple[doc.StepEntry, ...]:
        steps = sorted((s for s in self._known.steps.values() if holds(s.when, met)), key=lambda s: (s.order, s.id))
        return tuple(
            doc.StepEntry(number, step.at, step.text, step.certainty, step.source, step.wait, step.origin)
            for number, step in enumerate(steps, 1)
        )

    def _tips(self, met: When, case: CaseFacts) -> tuple[doc.TipEntry, ...]:
        scored = []
        for tip in self._known.tips.values():
            if holds(tip.when, met):
                rank = (STAGES.index(tip.stage), -tip.weight - 10 * specificity(tip.when), tip.id)
                entry = doc.TipEntry(tip.id, tip.stage, tip.text, tip.why, tip.certainty, tip.source, tip.origin)
                scored.append((rank, entry))
        for name in met.codes:
            code = self._known.codes[name]
            if code.cured_by == "seller":
                entry = doc.TipEntry(
                    f"code-{name}", "try", code.cure, code.meaning, code.certainty, code.source, code.origin,
                )  # fmt: skip
                scored.append(((0, -1000, name), entry))
        return tuple(entry for _, entry in sorted(scored, key=lambda pair: pair[0]))

    def _changes(self, matches: Matches, case: CaseFacts, decision: Decision) -> tuple[doc.ChangeEntry, ...]:
        if decision.destination is None:
            return ()
        out: dict[str, doc.ChangeEntry] = {}
        for change in self._known.changes.values():
            altered = changed(matches, signals=dict(matches.signals), history=dict(matches.history))
            if change.signal:
                altered.signals.setdefault(change.signal, [])
            if change.history:
                altered.history.setdefault(change.history, [])
            facts = changed(case, **{name: max(case.count(name), n) for name, n in change.facts.items()})
            then = self._decider.decide(altered, facts).destination
            if then and then != decision.destination and then not in out:
                out[then] = doc.ChangeEntry(change.text, then, self._known.destination(then).short)
        return tuple(out.values())[:MOST_CHANGES]

    def _questions(self, decision: Decision) -> tuple[doc.QuestionEntry, ...]:
        if decision.destination is not None and decision.confidence != "low":
            return ()
        if decision.destination is None:
            asked = [q for q in self._known.questions.values() if not q.between]
        else:
            near = {decision.destination, *decision.alternatives, *_nearest(decision.evidence, 2)}
            asked = [q for q in self._known.questions.values() if q.between and len(near & set(q.between)) >= 2]
        return tuple(doc.QuestionEntry(q.id, q.text, tuple(q.answers)) for q in asked[:MOST_QUESTIONS])

    def _draft(self, met: When, case: CaseFacts, decision: Decision, matches: Matches) -> doc.DraftEntry | None:
        fitting = [d for d in self._known.drafts.values() if holds(d.when, met)]
        if not fitting:
            return None
        best: Draft = max(fitting, key=lambda d: (specificity(d.when), d.weight, d.id))
        titles = [f.signal.title for f in decision.findings if f.counts]
        known = {"text": matches.view.original.strip(), "issue": titles[0] if titles else ""}
        for name, holder in self._known.placeholders.items():
            if holder.fact:
                known[name] = _fact_text(case, holder.fact)
        return fill(best, self._known.placeholders, known)


def _history(held: Held) -> doc.FindingEntry:
    entry = held.history
    why = f"{entry.why} ({held.fact})" if held.fact else entry.why
    return doc.FindingEntry(
        entry.id, entry.title, None, entry.needs, why, entry.source, _quotes(held.seen), "phrase" if held.seen else "fact",
        True, entry.origin,
    )  # fmt: skip


def holds(when: When, met: When) -> bool:
    """Whether every list of a condition has something in common with what is met; empty lists ask for nothing."""
    return all(not wanted or set(wanted) & set(have) for wanted, have in _pairs(when, met))


def specificity(when: When) -> int:
    """How much a condition asks for: signals and codes weigh more than destinations."""
    return 4 * bool(when.codes) + 3 * bool(when.signals) + 2 * bool(when.history) + bool(when.destinations) + bool(when.start)


def _pairs(when: When, met: When) -> Iterable[tuple[tuple[str, ...], tuple[str, ...]]]:
    have = vars(met)
    return ((wanted, have[name]) for name, wanted in vars(when).items())


def _quotes(seen: Iterable[Seen]) -> tuple[doc.Evidence, ...]:
    """The places of sightings in the text, without those that lie inside another one."""
    spans = sorted({(s.start, -s.end, s.text) for s in seen})
    out: list[doc.Evidence] = []
    for start, end, text in spans:
        if not out or -end > out[-1].end:
            out.append(doc.Evidence(text, start, -end))
    return tuple(out)


def _nearest(evidence: dict[str, float], count: int) -> list[str]:
    return sorted(evidence, key=lambda name: -evidence[name])[:count]


def _fact_text(case: CaseFacts, fact: str) -> str:
    """A case fact as text for a draft; empty when unknown."""
    value = getattr(case, fact)
    if isinstance(value, tuple):
        return ", ".join(str(getattr(item, "value", item)) for item in value)
    return "" if value is None else str(value)
