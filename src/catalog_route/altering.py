"""What would change the answer: the same decision run again with one fact altered, never a second set of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from catalog_route.advice import ChangeEntry
from catalog_route.case import CaseFacts, blanked
from catalog_route.conditions import holds
from catalog_route.deciding import Decider
from catalog_route.knowledge import Change, Knowledge, When
from catalog_route.matching import Matches
from catalog_route.record import changed

MOST_CHANGES = 4


class Altering:
    """Runs the decision over one knowledge again with one fact altered. Holds no state between texts."""

    def __init__(self, known: Knowledge, decider: Decider, match: Callable[[str], Matches]) -> None:
        self._known = known
        self._decider = decider
        self._match = match

    def changes(self, matches: Matches, case: CaseFacts, met: When) -> tuple[ChangeEntry, ...]:
        """The smallest changes that lead elsewhere, one for each other answer, in the order of the knowledge; four at most."""
        out: dict[str, ChangeEntry] = {}
        for change in self._known.changes.values():
            if not holds(change.when, met):
                continue
            for number, altered, facts in self._altered(change, matches, case):
                then = self._decider.decide(altered, facts).destination
                if then and then not in met.destinations:
                    text = change.text.replace("{n}", str(number))
                    out.setdefault(then, ChangeEntry(text, then, self._known.destination(then).short, change.absent))
                    break
        return tuple(out.values())[:MOST_CHANGES]

    def _altered(self, change: Change, matches: Matches, case: CaseFacts) -> Iterator[tuple[int, Matches, CaseFacts]]:
        """Text and facts as they would be: once, or once for each number of a count, the nearest first; with that number."""
        if change.absent:
            yield from self._without(change, matches, case)
            return
        signals, history = dict(matches.signals), dict(matches.history)
        for held, name in ((signals, change.signal), (history, change.history)):
            if name:
                held.setdefault(name, [])
        altered = changed(matches, signals=signals, history=history)
        for number in _numbers(change.facts, case):
            facts = {name: max(case.count(name), min(number, most)) for name, most in change.facts.items()}
            yield number, altered, changed(case, **facts)

    def _without(self, change: Change, matches: Matches, case: CaseFacts) -> Iterator[tuple[int, Matches, CaseFacts]]:
        """The text without the words that say so, and its counts no higher than named; nothing when it does not say so."""
        less = {name: most for name, most in change.facts.items() if case.count(name) > most}
        seen = [*matches.signals.get(change.signal, ()), *matches.history.get(change.history, ())]
        seen += [sighting for name in less for _, sighting in matches.counts.get(name, ())]
        if less or seen:
            facts = changed(case, **less)
            altered = self._match(blanked(matches.view.original, seen)) if seen else matches
            yield min(less.values(), default=0), altered, facts


def _numbers(facts: Mapping[str, int], case: CaseFacts) -> range:
    """The numbers to try: from the next one to the one that is named; a single one when nothing is counted."""
    return range(1 + max(map(case.count, facts)), max(facts.values()) + 1) if facts else range(1)
