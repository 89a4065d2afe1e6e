"""Knowledge held against a log of texts: what nothing matched, which phrases never fire, which destinations are confused,
and what the layers change, text by text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog_route.advice import plain
from catalog_route.compiling import written
from catalog_route.deciding import UNCLEAR, Decision
from catalog_route.knowledge import Knowledge
from catalog_route.matching import Matches
from catalog_route.router import Router
from catalog_route.samples import Sample


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: a destination or `unclear`, its group, how surely, and the signals whose phrases decided."""

    destination: str
    group: str
    confidence: str
    signals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A text in which no phrase of any signal was seen."""

    sample: Sample
    answer: Answer


@dataclass(frozen=True, slots=True)
class Unfired:
    """A phrase that no text shows, with its owner and its place. `laid`: it comes from a layer, not from what lies below."""

    owner: str
    phrase: str
    file: str
    line: int
    column: int
    laid: bool


@dataclass(frozen=True, slots=True)
class Confusion:
    """Texts with one label, and the destination (or `unclear`) that they were answered with instead, accepted by no label."""

    label: str
    answer: str
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """A text that is answered otherwise now. `verdict`: better, worse, or nothing where no label says which is right."""

    sample: Sample
    before: Answer
    after: Answer
    verdict: str


@dataclass(slots=True)
class Gaps:
    """All that was found. `moved` are texts with another destination, `altered` those with other signals or confidence only."""

    texts: int
    labelled: int
    phrases: int
    compared: bool
    unmatched: list[Unmatched] = field(default_factory=list)
    unfired: list[Unfired] = field(default_factory=list)
    confused: list[Confusion] = field(default_factory=list)
    moved: list[Changed] = field(default_factory=list)
    altered: list[Changed] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        out: dict[str, Any] = plain(self)
        return out


def find_gaps(samples: Sequence[Sample], router: Router, locate: Callable[..., tuple[str, int, int]],
              before: Router | None = None) -> Gaps:  # fmt: skip
    """Route every text, also with `before` (what the layers are compared with), and note what is missing.

    Files are named by their address, which begins with the name of their layer.
    """
    known = router.known
    gaps = Gaps(len(samples), sum(sample.label is not None for sample in samples), 0, before is not None)
    fired: set[tuple[str, str]] = set()
    wrong: dict[tuple[str, str], list[Sample]] = defaultdict(list)
    for sample in samples:
        matches, decision = router.decide(sample.text)
        fired |= set(_fired(matches))
        answer = _answer(known, decision)
        if not matches.signals:
            gaps.unmatched.append(Unmatched(sample, answer))
        if sample.label is not None and not _right(sample, answer):
            wrong[sample.label, answer.destination].append(sample)
        if before is not None:
            _compare(gaps, sample, _answer(before.known, before.decide(sample.text)[1]), answer)
    pairs = (Confusion(*pair, tuple(held)) for pair, held in wrong.items())
    gaps.confused = sorted(pairs, key=lambda pair: (-len(pair.samples), pair.label, pair.answer))
    _note_unfired(gaps, known, locate, fired)
    return gaps


def _fired(matches: Matches) -> Iterator[tuple[str, str]]:
    """Owner and phrase of everything seen, whether it counts or is set aside."""
    for held in (matches.signals, matches.history, matches.aside):
        for owner, seen in held.items():
            yield from ((owner, each.phrase) for each in seen)


def _answer(known: Knowledge, decision: Decision) -> Answer:
    signals = tuple(f.signal.id for f in decision.findings if f.counts and f.by == "phrase")
    if decision.destination is None:
        return Answer(UNCLEAR, UNCLEAR, decision.confidence, signals)
    group = known.destination(decision.destination).group
    return Answer(decision.destination, group, decision.confidence, signals)


def _right(sample: Sample, answer: Answer) -> bool:
    return bool({answer.destination, answer.group} & {sample.label, *sample.ok})


def _compare(gaps: Gaps, sample: Sample, before: Answer, after: Answer) -> None:
    if before == after:
        return
    verdict = ""
    if sample.label is not None and _right(sample, before) != _right(sample, after):
        verdict = "better" if _right(sample, after) else "worse"
    changed = Changed(sample, before, after, verdict)
    (gaps.moved if before.destination != after.destination else gaps.altered).append(changed)


def _note_unfired(gaps: Gaps, known: Knowledge, locate: Callable[..., tuple[str, int, int]], fired: set[tuple[str, str]]) -> None:
    """The phrases of signals and histories that no text shows, those of the layers first."""
    names = tuple(f"{layer.name}/" for layer in known.layers)
    for each in written(known):
        if each.veto or each.owner[0] not in ("signal", "history"):
            continue
        gaps.phrases += 1
        if (each.owner[1], each.phrase) not in fired:
            place = locate(*each.place)
            gaps.unfired.append(Unfired(each.owner[1], each.phrase, *place, laid=place[0].startswith(names)))
    gaps.unfired.sort(key=lambda unfired: not unfired.laid)
