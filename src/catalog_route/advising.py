"""Decision → advice: the record of the decision told in words, with road, tips, questions and what would change it.

Nothing is decided here. What would change the answer is found by running the same decision again with one fact altered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import log

from catalog_route import __version__
from catalog_route import advice as doc
from catalog_route.altering import Altering
from catalog_route.case import CaseFacts
from catalog_route.conditions import calls_off, circumstances, holds, reason, road, specificity
from catalog_route.deciding import Decider, Decision, Finding, Held
from catalog_route.drafting import case_values, main_matter, refused, write
from catalog_route.knowledge import Knowledge, Tip, When
from catalog_route.matching import Matches, Seen
from catalog_route.record import changed
from catalog_route.verdicts import verdicts

MOST_QUESTIONS = 2
STAGES = ("try", "prepare", "write", "escalate", "avoid")
# Two answers are nearly tied when the better one is less than this many times as likely.
TIED = 2.0
# How much more a tip weighs that names the main problem.
MAIN = 9


class Adviser:
    """Tells decisions over one knowledge. Holds no state between texts."""

    def __init__(self, known: Knowledge, decider: Decider, match: Callable[[str], Matches]) -> None:
        self._known = known
        self._decider = decider
        self._altering = Altering(known, decider, match)
        self._handling = {entry.subject for entry in known.history.values()}

    def advise(self, matches: Matches, case: CaseFacts, decision: Decision, *, draft: bool, typed: str,
               answers: tuple[str, ...] = ()) -> doc.Advice:  # fmt: skip
        """The whole result document of one decision. `typed`: the seller's own words, with which the text of `matches` begins;
        `answers`: those to questions, that follow in it."""
        met = self._met(case, decision)
        routed = decision.destination is not None
        findings = tuple(_of_text(found, typed) for found in self._findings(matches, decision))
        sent = self._met_by_draft(met, findings, decision) if draft and routed else None
        return doc.Advice(
            version=__version__,
            knowledge=self._known.digest,
            text=typed,
            status="routed" if routed else "unclear",
            recommended=place(self._known, decision.destination),
            start_with=place(self._known, decision.start),
            confidence=decision.confidence,
            findings=findings,
            case=case,
            verdicts=verdicts(self._known, decision),
            alternatives=tuple(self._alternative(decision, name) for name in decision.alternatives),
            path=path(self._known, met) if routed else (),
            tips=self._tips(met) if routed else self._warnings(matches, met),
            what_would_change=self._altering.changes(matches, case, met) if routed else (),
            questions=self._questions(decision),
            draft=None if sent is None else self._draft(sent, case, findings, typed),
            answers=answers,
            undrafted="" if sent is None else refused(self._known, sent),
        )

    def _findings(self, matches: Matches, decision: Decision) -> Iterable[doc.FindingEntry]:
        yield from (self._finding(matches, found) for found in decision.findings)
        yield from map(_history, decision.history)

    def _finding(self, matches: Matches, found: Finding) -> doc.FindingEntry:
        signal = found.signal
        words = _quotes(self._decider.words(matches, found))
        return doc.FindingEntry(
            signal.id, signal.title, found.destination, signal.needs, signal.why, signal.source, words, found.by, found.counts,
            signal.origin,
        )  # fmt: skip

    def _alternative(self, decision: Decision, name: str) -> doc.Alternative:
        titles = dict.fromkeys(f.signal.title for f in decision.findings if f.destination == name)
        return doc.Alternative(name, self._known.destination(name).short, "; ".join(titles))

    def _met(self, case: CaseFacts, decision: Decision) -> When:
        """What a condition can ask for, as it holds here; the signals that decided, the main one first."""
        signals = tuple(f.signal.id for f in decision.findings if f.counts)
        return When(
            signals=signals,
            destinations=(decision.destination,) if decision.destination else (),
            history=tuple(h.history.id for h in decision.history),
            codes=tuple(code for code in case.error_codes if code in self._known.codes),
            start=(decision.start,) if decision.start else (),
            case=circumstances(case, asked=_asked(decision) or not self._handling.isdisjoint(signals)),
        )

    def _tips(self, met: When) -> tuple[doc.TipEntry, ...]:
        ranked = []
        for tip in self._known.tips.values():
            if holds(tip.when, met) and not (tip.stage != STAGES[-1] and calls_off(tip.when, met)):
                entry = doc.TipEntry(
                    tip.id, tip.stage, tip.text, tip.why, tip.certainty, tip.source, tip.origin, reason(tip.when),
                )  # fmt: skip
                ranked.append(((STAGES.index(tip.stage), -_weight(tip, met), tip.id), entry))
        for name in met.codes:
            code = self._known.codes[name]
            if code.cured_by == "seller" and not calls_off(When(), met):
                entry = doc.TipEntry(
                    f"code-{name}", "try", code.cure, code.meaning, code.certainty, code.source, code.origin, "problem",
                )  # fmt: skip
                ranked.append(((0, -1000, name), entry))
        return tuple(entry for _, entry in sorted(ranked, key=lambda pair: pair[0]))

    def _warnings(self, matches: Matches, met: When) -> tuple[doc.TipEntry, ...]:
        """What to leave while nothing else is clear, when words of the text are about asking support itself."""
        if not met.history and "has-case" not in met.case and self._handling.isdisjoint(matches.signals):
            return ()
        return tuple(tip for tip in self._tips(met) if tip.stage == STAGES[-1])

    def _questions(self, decision: Decision) -> tuple[doc.QuestionEntry, ...]:
        known = self._known.questions.values()
        if decision.destination is None:
            asked = [q for q in known if not q.between]
        else:
            near = _near(decision.evidence)
            if decision.confidence == "high" or (decision.confidence == "medium" and len(near) < 2):
                return ()
            likely = {decision.destination, *decision.alternatives, *(near if len(near) > 1 else _best(decision.evidence, 2))}
            asked = [q for q in known if q.between and len(likely & set(q.between)) >= 2]
        return tuple(doc.QuestionEntry(q.id, q.text, tuple(q.answers)) for q in asked[:MOST_QUESTIONS])

    def _met_by_draft(self, met: When, findings: tuple[doc.FindingEntry, ...], decision: Decision) -> When:
        """What a draft may go by: the signals only where the main one can be stated as a fact."""
        matter = main_matter(self._known, findings, decision.confidence)
        return met if matter else changed(met, signals=())

    def _draft(self, met: When, case: CaseFacts, findings: tuple[doc.FindingEntry, ...], typed: str) -> doc.DraftEntry | None:
        title = next((found.title for found in findings if found.signal in met.signals), "")
        values = {"text": typed.strip(), "issue": title}
        return write(self._known, met, {**values, **case_values(self._known.placeholders.values(), case)})


def place(known: Knowledge, ident: str | None) -> doc.Place | None:
    """A destination as documents name it; None stays None."""
    if ident is None:
        return None
    here = known.destination(ident)
    level = getattr(here, "level", None)
    return doc.Place(here.id, here.group, "team" if level is None else "tier", level, here.name)


def path(known: Knowledge, met: When) -> tuple[doc.StepEntry, ...]:
    """The steps from where the seller stands to who can do it."""
    return tuple(
        doc.StepEntry(number, step.at, step.text, step.certainty, step.source, step.wait, step.origin)
        for number, step in enumerate(road(known, met), 1)
    )


def _history(held: Held) -> doc.FindingEntry:
    entry = held.history
    why = f"{entry.why} ({held.fact})" if held.fact else entry.why
    return doc.FindingEntry(
        entry.id, entry.title, None, entry.needs, why, entry.source, _quotes(held.seen), "phrase" if held.seen else "fact",
        True, entry.origin,
    )  # fmt: skip


def _asked(decision: Decision) -> bool:
    """Whether the history tells of contacts, and not only of what the seller has in mind."""
    return any(held.history.needs or held.history.subject for held in decision.history)


def _of_text(found: doc.FindingEntry, typed: str) -> doc.FindingEntry:
    """The finding with those of its words that stand in the typed text; found by answers when they hold all of them."""
    seen = tuple(words for words in found.seen if words.end <= len(typed))
    return changed(found, seen=seen, by="answer" if found.seen and not seen else found.by)


def _weight(tip: Tip, met: When) -> int:
    """How much a tip matters here: what it asks for, what it names, and its own weight."""
    main = MAIN if met.signals[:1] and met.signals[0] in tip.when.signals else 0
    return tip.weight + 10 * specificity(tip.when) + main


def _quotes(seen: Iterable[Seen]) -> tuple[doc.Evidence, ...]:
    """The places of sightings in the text, without those that lie inside another one."""
    spans = sorted({(s.start, -s.end, s.text) for s in seen})
    out: list[doc.Evidence] = []
    for start, end, text in spans:
        if not out or -end > out[-1].end:
            out.append(doc.Evidence(text, start, -end))
    return tuple(out)


def _best(evidence: dict[str, float], count: int) -> list[str]:
    return sorted(evidence, key=lambda name: -evidence[name])[:count]


def _near(evidence: dict[str, float]) -> list[str]:
    """The likeliest group and those that are nearly as likely."""
    least = max(evidence.values()) - log(TIED)
    return [name for name in _best(evidence, len(evidence)) if evidence[name] > least]
