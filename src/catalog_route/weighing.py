"""How much a text speaks for each group, and which of its sentences are heard at all.

A sentence that only tells history ("re-opened five times"), only denies something ("we are not brand registered") or
names no matter of its own (greetings, company stories, urgency) is not heard: it must not move the answer. History has
its effect through needs alone. When nothing else is left, the whole text is heard.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from catalog_route.knowledge import Knowledge
from catalog_route.likeness import Likeness
from catalog_route.matching import Matches, Seen

UNCLEAR = "unclear"
# A sentence of history with more words than this tells something else as well.
BARE_WORDS = 12
# By how much a sentence must resemble no matter at all before it is passed over, and how many sentences are looked at.
IDLE = 0.7
MOST_SENTENCES = 64
# With fewer words than this beside history or manners, a sentence names no matter.
FEWEST_WORDS = 3
# When more than this share of a text would go unheard, denials and hearsay are heard after all.
MOST_HIDDEN = 0.7
# What speaks for "no matter at all" when no phrase saw anything: resemblance alone has to be that much clearer.
SILENT = 0.8
# A group that the weights were not learned with starts by so much below "no matter at all", and its signals lift it. Groups
# that no signal leads to any more are not weighed.
UNLEARNED = 0.1


class Weigher:
    """Evidence over one knowledge and its learned weights. Holds no state between texts."""

    def __init__(self, known: Knowledge, likeness: Likeness) -> None:
        self._likeness = likeness
        owners = {name: known.owner(signal) for name, signal in known.signals.items()}
        self._group = {name: known.destination(owner).group for name, owner in owners.items()}
        self._top = known.ladder()[-1].id
        led_to = {*known.tiers, *self._group.values(), UNCLEAR}
        self._groups = [*(group for group in likeness.groups if group in led_to), *sorted(led_to - set(likeness.groups))]
        self._strength = {name: signal.strength for name, signal in known.signals.items()}
        self._over = (*known.tiers, UNCLEAR)
        self._overrules = {name for name, signal in known.signals.items() if signal.overrules}
        self._deniable = {*known.history, *(name for name, owner in owners.items() if owner in known.teams)}

    def evidence(self, matches: Matches) -> dict[str, float]:
        """Evidence of every group in natural logarithms.

        Resemblance, plus a bonus by strength for each signal that the weights were not learned with; one that overrules adds it
        to what speaks for the catalog.
        """
        told = self._told(matches)
        idle = self._idle(matches, told)
        choices = (_words(matches, told | idle), _words(matches, told), frozenset[int]())
        unheard = next(words for words in choices if not words or len(words) < len(matches.view.words))
        if told and not unheard and not matches.history and not matches.counts:
            unheard = choices[0]
        marks = matches.names(history=False)
        hidden = unheard | self._denied(matches) | _history_beside_signals(matches)
        if matches.signals:
            hidden |= _tone(matches)
        if len(hidden) > MOST_HIDDEN * len(matches.view.words):
            hidden = unheard
        learned = self._likeness.resemblance(matches.view, matches.edges, marks, hidden).evidence
        evidence = {group: learned.get(group, learned[UNCLEAR] - UNLEARNED) for group in self._groups}
        if not matches.signals:
            evidence[UNCLEAR] += SILENT
        for name, seen in matches.signals.items():
            if not seen or not self._likeness.knows(f"signal {name}"):
                group = self._group[name]
                if seen and name in self._overrules:
                    evidence[group] = max(evidence[group], *(evidence[other] for other in self._over))
                evidence[group] += self._likeness.settings.bonus[self._strength[name]]
        return evidence

    def _told(self, matches: Matches) -> set[int]:
        """Short sentences that tell history or case facts, or deny something, and name no matter beside."""
        sentences = matches.view.sentences
        length = Counter(sentences)
        spans: dict[int, set[int]] = {}
        for seen in (*_sightings(matches, signals=False), *(seen for held in matches.counts.values() for _, seen in held)):
            spans.setdefault(sentences[seen.first], set()).update(range(seen.first, seen.last + 1))
        matters = {sentences[seen.first] for held in matches.signals.values() for seen in held}
        short = {s for s in spans.keys() - matters if length[s] <= BARE_WORDS}
        return {s for s in short if not self._names_a_matter(matches, s, spans[s])}

    def _names_a_matter(self, matches: Matches, sentence: int, told: set[int]) -> bool:
        """Whether a sentence resembles a matter even without the words that tell history."""
        if matches.view.sentences.count(sentence) - len(told) < FEWEST_WORDS:
            return False
        evidence = self._of_sentence(matches, sentence, told)
        return max(value for group, value in evidence.items() if group not in (UNCLEAR, self._top)) > evidence[UNCLEAR] + IDLE

    def _of_sentence(self, matches: Matches, sentence: int, without: Collection[int] = ()) -> dict[str, float]:
        others = frozenset(at for at, s in enumerate(matches.view.sentences) if s != sentence or at in without)
        return self._likeness.resemblance(matches.view, matches.edges, (), others).evidence

    def _idle(self, matches: Matches, told: set[int]) -> set[int]:
        """Sentences of nothing but manners, or without any sighting that by themselves resemble no matter at all."""
        sentences = list(dict.fromkeys(matches.view.sentences))
        if not 1 < len(sentences) <= MOST_SENTENCES:
            return set()
        busy = told | {matches.view.sentences[seen.first] for seen in _sightings(matches)}
        manners = _tone(matches)
        return {s for s in sentences if s not in busy and self._says_nothing(matches, s, manners)}

    def _says_nothing(self, matches: Matches, sentence: int, manners: frozenset[int]) -> bool:
        words = [at for at, s in enumerate(matches.view.sentences) if s == sentence]
        if not manners.isdisjoint(words) and len(words) - len(manners.intersection(words)) < FEWEST_WORDS:
            return True
        evidence = self._of_sentence(matches, sentence, manners)
        return evidence[UNCLEAR] - IDLE > max(value for group, value in evidence.items() if group != UNCLEAR)

    def _denied(self, matches: Matches) -> frozenset[int]:
        """The words that name a desk, or tell history, only to deny it or to report what others said.

        They reach back to the last signal that counts, or to the beginning of the sentence.
        """
        sentences = matches.view.sentences
        ends = sorted(seen.last for held in matches.signals.values() for seen in held)
        return frozenset(
            at
            for name, held in matches.aside.items()
            if name in self._deniable
            for seen in held
            for at in range(max([-1, *(end for end in ends if end < seen.first)]) + 1, seen.last + 1)
            if sentences[at] == sentences[seen.first]
        )


def _tone(matches: Matches) -> frozenset[int]:
    """The words of manners and moods (marks called `tone=…`)."""
    held = [seen for name, found in matches.marks.items() if name.startswith("tone=") for seen in found]
    return frozenset(at for seen in held for at in range(seen.first, seen.last + 1))


def _history_beside_signals(matches: Matches) -> frozenset[int]:
    """The words that tell history in a sentence in which a signal was seen in other words."""
    sentences = matches.view.sentences
    signals = [seen for held in matches.signals.values() for seen in held]
    covered = {at for seen in signals for at in range(seen.first, seen.last + 1)}
    places = {sentences[seen.first] for seen in signals}
    history = [seen for held in matches.history.values() for seen in held]
    history += [seen for counts in matches.counts.values() for _, seen in counts]
    return frozenset(
        at
        for seen in history
        if sentences[seen.first] in places
        for at in range(seen.first, seen.last + 1)
        if at not in covered
    )


def _sightings(matches: Matches, *, signals: bool = True) -> Iterator[Seen]:
    """Every sighting but those of manners."""
    marks = {name: held for name, held in matches.marks.items() if not name.startswith("tone=")}
    for held in (matches.signals if signals else {}, matches.history, matches.aside, marks):
        for seen in held.values():
            yield from seen


def _words(matches: Matches, sentences: Iterable[int]) -> frozenset[int]:
    wanted = set(sentences)
    return frozenset(at for at, sentence in enumerate(matches.view.sentences) if sentence in wanted)
