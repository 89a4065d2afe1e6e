"""Lints of phrases and groups: the same phrase in two places, phrases that are too wide, groups that nothing uses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from catalog_route.compiling import Written, folding
from catalog_route.expanding import is_group
from catalog_route.lints.subject import Subject
from catalog_route.phrases import groups_in, pieces
from catalog_route.problems import Problem, brief
from catalog_route.rules import fault
from catalog_route.text import fold

# A phrase is too wide when it is seen in more than this share of the examples of other destinations, and in so many at least.
WIDE = 0.05
WIDE_LEAST = 5


def same(subject: Subject) -> Iterator[Problem]:
    """One phrase in two signals, in two histories, or twice in one entry. A `not:` phrase may stand in many entries."""
    first: dict[object, Written] = {}
    for each, compiled in subject.phrases:
        kind, name = each.owner
        if kind not in ("signal", "history"):
            continue
        parts = sorted(map(tuple, compiled), key=repr)
        before = first.setdefault((kind, each.veto, name if each.veto else "", tuple(parts)), each)
        if before is not each:
            twice = before.owner == each.owner
            what = f'{name}: the phrase "{brief(each.phrase)}" stands {"twice" if twice else f"in {before.owner[1]} as well"}'
            cure = "keep one" if twice else "keep it where it decides, or make both more exact"
            yield fault("same-phrase", subject.locate(*each.place), what, cure)


def wide(subject: Subject) -> Iterator[Problem]:
    """Phrases that are seen in many examples of other destinations."""
    known = subject.known
    owner = {name: known.owner(signal) for name, signal in known.signals.items()}
    firing = [shown for shown in subject.shown if shown.fires and shown.section == "signals"]
    foreign: dict[tuple[str, str], int] = defaultdict(int)
    for shown in firing:
        for name, held in shown.matches.signals.items():
            if owner[name] != owner[shown.entry.id]:
                for phrase in {seen.phrase for seen in held}:
                    foreign[name, phrase] += 1
    for name, signal in known.signals.items():
        others = sum(owner[shown.entry.id] != owner[name] for shown in firing)
        for number, phrase in enumerate(signal.says):
            many = foreign.get((name, phrase), 0)
            if many >= WIDE_LEAST and many > WIDE * others:
                what = f'{name}: the phrase "{brief(phrase)}" is seen in {many} of {others} examples of other destinations'
                yield fault("wide-phrase", subject.locate("signals", name, "says", number), what, "add words that tell it apart")


def groups(subject: Subject) -> Iterator[Problem]:
    """Groups that neither a phrase nor another used group uses, and that the weights were not learned with."""
    known, fold_spellings = subject.known, folding(subject.known)
    used = {name for _, parts in subject.phrases for name in groups_in(parts)}
    used |= {name for name in known.groups if subject.likeness.knows_group(name)}
    waiting = [name for name in used if name in known.groups]
    while waiting:
        for member in known.groups[waiting.pop()].words:
            for piece in pieces(fold(fold_spellings(member))[0].replace("_", " ")):
                for symbol in (symbol for option in piece.options for symbol in option if is_group(symbol)):
                    if symbol[1:-1] not in used:
                        used.add(symbol[1:-1])
                        waiting.append(symbol[1:-1])
    for name in known.groups:
        if name not in used:
            what = f"<{name}>: no phrase uses this group"
            yield fault("unused-group", subject.locate("groups", name), what, "use it, or drop it")
