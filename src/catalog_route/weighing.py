"""How much a text speaks for each group, and which of its sentences are heard at all.

A sentence that only tells history ("re-opened five times"), only denies something ("we are not brand registered") or
names no matter of its own (greetings, company stories, urgency) is not heard: it must not move the answer. History has
its effect through needs alone. When nothing else is left, the whole text is heard.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from catalog_route.features import sentences
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
# When more than this share of the sentences that are heard would go unheard, denials and hearsay are heard after all.
MOST_HIDDEN = 0.7
# What a phrase that counts takes from "no matter at all", and what speaks for that when there is none: who describes a problem
# in the words of one mostly has it, and resemblance alone has to be clear.
SIGHTED = 0.8
# How marks begin that tell nothing of the matter.
_BESIDE = ("tone=", "asked=", "refused=")
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
        self._brought = {(laid.id, phrase) for layer in known.layers for laid in layer.entries for phrase in laid.says}
        self._deniable = {*known.history, *(name for name, owner in owners.items() if owner in known.teams)}

    def evidence(self, matches: Matches) -> dict[str, float]:
        """Evidence of every group in natural logarithms.

        Resemblance, plus a bonus by strength for each signal that the weights were not learned with, or that was seen only by
        phrases which a layer brought to it; one that overrules adds it to what speaks for the catalog.
        """
        text = _Text(self._likeness, matches)
        unheard, hidden = self._silent(text)
        total = sum([text.sum_of(number, hidden) for number in range(len(text.ranges)) if number not in unheard])
        learned = self._likeness.evidence(total, matches.names(history=False))
        evidence = {group: learned.get(group, learned[UNCLEAR] - UNLEARNED) for group in self._groups}
        evidence[UNCLEAR] += -SIGHTED if matches.signals else SIGHTED
        for name, seen in matches.signals.items():
            if all((name, each.phrase) in self._brought for each in seen) or not self._likeness.knows(f"signal {name}"):
                group = self._group[name]
                if seen and name in self._overrules:
                    evidence[group] = max(evidence[group], *(evidence[other] for other in self._over))
                evidence[group] += self._likeness.settings.bonus[self._strength[name]]
        return evidence

    def heard(self, matches: Matches) -> list[list[int]]:
        """The words that are heard, as places, sentence by sentence: what the weights are learned from."""
        text = _Text(self._likeness, matches)
        unheard, hidden = self._silent(text)
        return [[at for at in words if at not in hidden] for number, words in enumerate(text.ranges) if number not in unheard]

    def _silent(self, text: _Text) -> tuple[set[int], frozenset[int]]:
        """The sentences that are not heard, and the words in others that are not."""
        told = self._told(text)
        unheard = self._unheard(text, told, self._idle(text, told))
        hidden = self._denied(text) | _history_beside_signals(text.matches)
        if text.matches.signals:
            hidden |= _tone(text.matches)
        heard = [at for number, words in enumerate(text.ranges) if number not in unheard for at in words]
        return unheard, hidden if len(hidden.intersection(heard)) <= MOST_HIDDEN * len(heard) else frozenset()

    def _unheard(self, text: _Text, told: set[int], idle: set[int]) -> set[int]:
        """The sentences that are not heard: those that tell nothing of the matter, as long as something is left."""
        every, matches = set(range(len(text.ranges))), text.matches
        unheard = next(numbers for numbers in (told | idle, told, set[int]()) if not numbers or numbers < every)
        if told and not unheard and not matches.history and not matches.counts:
            return told | idle
        return unheard

    def _told(self, text: _Text) -> set[int]:
        """Short sentences that tell history or case facts, or deny something, and name no matter beside."""
        matches = text.matches
        spans: dict[int, set[int]] = {}
        for seen in (*_sightings(matches, signals=False), *(seen for held in matches.counts.values() for _, seen in held)):
            spans.setdefault(text.number(seen), set()).update(range(seen.first, seen.last + 1))
        matters = {text.number(seen) for held in matches.signals.values() for seen in held}
        short = {number for number in spans.keys() - matters if len(text.ranges[number]) <= BARE_WORDS}
        return {number for number in short if not self._names_a_matter(text, number, spans[number])}

    def _names_a_matter(self, text: _Text, number: int, told: set[int]) -> bool:
        """Whether a sentence resembles a matter even without the words that tell history."""
        if len(text.ranges[number]) - len(told) < FEWEST_WORDS:
            return False
        evidence = self._likeness.evidence(text.sum_of(number, told))
        return max(value for group, value in evidence.items() if group not in (UNCLEAR, self._top)) > evidence[UNCLEAR] + IDLE

    def _idle(self, text: _Text, told: set[int]) -> set[int]:
        """Sentences of nothing but manners, or without any sighting that by themselves resemble no matter at all."""
        if not 1 < len(text.ranges) <= MOST_SENTENCES:
            return set()
        busy = told | {text.number(seen) for seen in _sightings(text.matches)}
        manners = _tone(text.matches)
        return {number for number in range(len(text.ranges)) if number not in busy and self._says_nothing(text, number, manners)}

    def _says_nothing(self, text: _Text, number: int, manners: frozenset[int]) -> bool:
        words = text.ranges[number]
        beside = len(words) - len(manners.intersection(words))
        if len(words) > beside and beside < FEWEST_WORDS:
            return True
        evidence = self._likeness.evidence(text.sum_of(number, manners))
        return evidence[UNCLEAR] - IDLE > max(value for group, value in evidence.items() if group != UNCLEAR)

    def _denied(self, text: _Text) -> frozenset[int]:
        """The words that name a desk, or tell history, only to deny it or to report what others said.

        They reach back to the last signal that counts, or to the beginning of the sentence.
        """
        matches = text.matches
        ends = sorted(seen.last for held in matches.signals.values() for seen in held)
        return frozenset(
            at
            for name, held in matches.aside.items()
            if name in self._deniable
            for seen in held
            for at in range(
                max([text.ranges[text.number(seen)].start - 1, *(end for end in ends if end < seen.first)]) + 1, seen.last + 1
            )
        )


class _Text:
    """One matched text: the words of each sentence, and what they add up to, worked out once."""

    def __init__(self, likeness: Likeness, matches: Matches) -> None:
        self.matches = matches
        self.ranges = sentences(matches.view)
        self._likeness = likeness
        self._place = {matches.view.sentences[words.start]: number for number, words in enumerate(self.ranges)}
        self._sums: dict[int, int] = {}

    def number(self, seen: Seen) -> int:
        """The sentence in which something was seen."""
        return self._place[self.matches.view.sentences[seen.first]]

    def sum_of(self, number: int, without: Collection[int] = ()) -> int:
        """What the words of a sentence add up to, those of `without` left out."""
        words = self.ranges[number]
        if without:
            left = [at for at in words if at not in without]
            if len(left) < len(words):
                return self._likeness.sum_of(self.matches.view, self.matches.edges, left)
        if number not in self._sums:
            self._sums[number] = self._likeness.sum_of(self.matches.view, self.matches.edges, words)
        return self._sums[number]


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
        at for seen in history if sentences[seen.first] in places for at in range(seen.first, seen.last + 1) if at not in covered
    )


def _sightings(matches: Matches, *, signals: bool = True) -> Iterator[Seen]:
    """Every sighting but those of manners, and those that only tell how a case stands."""
    marks = {name: held for name, held in matches.marks.items() if not name.startswith(_BESIDE)}
    held: Iterable[dict[str, list[Seen]]] = (matches.signals if signals else {}, matches.history, matches.aside, marks)
    for each in held:
        for seen in each.values():
            yield from seen
