"""Lints of examples: they fire or stay silent as they say, every phrase has one, and every signal decides somewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from catalog_route.lints.subject import VETO, Shown, Subject
from catalog_route.problems import Problem, brief
from catalog_route.rules import fault


def examples(subject: Subject) -> Iterator[Problem]:
    """Examples that do not fire, near-misses that do, with the phrase that did it, and sides without any."""
    for shown in subject.shown:
        place = subject.locate(shown.section, shown.entry.id, *shown.inside)
        if shown.fires and not shown.seen:
            what = f'{shown.entry.id}: the example "{brief(shown.text)}" does not fire'
            yield fault("silent-example", place, what, _why(shown))
        if not shown.fires and shown.seen:
            what = f'{shown.entry.id}: the near-miss "{brief(shown.text)}" fires by "{brief(shown.seen[0].phrase)}"'
            yield fault("firing-near-miss", place, what, "narrow the phrase, or veto it with not:")
    for section, entry in subject.entries():
        for side, texts in (("fires", entry.examples.fires), ("silent", entry.examples.silent)):
            if not texts:
                place = subject.locate(section, entry.id, "examples")
                what = f"{entry.id}: no example that {'must fire' if side == 'fires' else 'must stay silent'}"
                yield fault("no-example", place, what, f"add one under examples: {side}:")


def _why(shown: Shown) -> str:
    if shown.entry.id in shown.matches.aside:
        return "a phrase is seen, but the sentence denies, reports or settles it; reword the example"
    return "add a phrase, or drop it"


def proof(subject: Subject) -> Iterator[Problem]:
    """Phrases that no example of their entry shows, and `not:` phrases that none of its near-misses holds."""
    used: dict[tuple[str, str], set[str]] = defaultdict(set)
    for shown in subject.shown:
        if shown.fires:
            used[shown.section, shown.entry.id] |= {seen.phrase for seen in shown.seen}
    vetoed: dict[tuple[str, str], set[str]] = defaultdict(set)
    for shown in subject.vetoes:
        held = shown.matches.signals.get(f"{VETO}{shown.entry.id}", ())
        vetoed[shown.section, shown.entry.id] |= {seen.phrase for seen in held}
    for section, entry in subject.entries():
        for part, phrases, seen, cure in (
            ("says", entry.says, used[section, entry.id], "add a natural one under fires:, or drop the phrase"),
            ("not_", entry.not_, vetoed[section, entry.id], "add a near-miss that holds it under silent:, or drop it"),
        ):
            for number, phrase in enumerate(phrases):
                if phrase not in seen:
                    kind = "phrase" if part == "says" else "veto"
                    what = f'{entry.id}: no example shows the {kind} "{brief(phrase)}"'
                    yield fault("unproven-phrase", subject.locate(section, entry.id, part, number), what, cure)


def shadowed(subject: Subject) -> Iterator[Problem]:
    """Signals that, on every one of their examples, another signal of the same destination covers word by word."""
    known = subject.known
    covering: dict[str, set[str]] = {}
    for shown in subject.shown:
        if shown.section == "signals" and shown.fires and shown.seen:
            here = {name for name in shown.matches.signals if name != shown.entry.id and _covers(shown, name)}
            covering[shown.entry.id] = covering.get(shown.entry.id, here) & here
    for name, others in covering.items():
        signal = known.signals[name]
        same = [other for other in others if known.owner(known.signals[other]) == known.owner(signal)]
        exact = [other for other in same if signal.general or not known.signals[other].general]
        if exact and not signal.overrules:
            what = f'{name}: never decides alone; "{exact[0]}" sees the same words in every example'
            cure = "add an example that only this one sees, or make them one signal"
            yield fault("shadowed", subject.locate("signals", name), what, cure)


def _covers(shown: Shown, other: str) -> bool:
    """Whether all that the example's own signal sees lies inside what another one sees."""
    held = shown.matches.signals[other]
    return all(any(seen.start <= own.start and own.end <= seen.end for seen in held) for own in shown.seen)
