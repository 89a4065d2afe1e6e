"""Accuracy on labelled texts: how often the answer is the label (strict) or one that is also accepted.

Formulas: Wilson score interval (Wilson 1927) at 95 %; balanced accuracy = mean recall over the groups that occur.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from catalog_route.deciding import UNCLEAR
from catalog_route.reading import read_text
from catalog_route.router import Router
from catalog_route.terminal import Exit, Stop
from catalog_route.text import oversized

Z_95 = 1.959963984540054
MAX_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Item:
    """A labelled text: `label` is the best answer, `ok` others that count as right."""

    id: str
    text: str
    label: str
    ok: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered to one item, how surely, and by which words."""

    item: Item
    group: str
    confidence: str
    words: tuple[str, ...]

    @property
    def strict(self) -> bool:
        """The answer is the label."""
        return self.group == self.item.label

    @property
    def accepted(self) -> bool:
        """The answer is the label or one that is also accepted."""
        return self.strict or self.group in self.item.ok


@dataclass(frozen=True, slots=True)
class Share:
    """`right` of `of`, with the 95 % Wilson interval; `share` is None when there is nothing to count."""

    right: int
    of: int
    share: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """Figures of one group: recall strict and accepted, precision of what was answered with it."""

    group: str
    items: int
    answered: int
    recall: float | None
    recall_accepted: float | None
    precision: float | None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """All figures of one measurement."""

    items: int
    strict: Share
    accepted: Share
    balanced: float
    balanced_accepted: float
    coverage: Share
    under_tier: Share
    over_tier: Share
    by_confidence: dict[str, Share]
    groups: tuple[GroupFigures, ...]
    confusion: dict[str, dict[str, int]]
    errors: tuple[Answered, ...]


def read_items(path: Path) -> list[Item]:
    """Labelled texts from JSON lines. Stop (exit 5) names the line that cannot be used."""
    try:
        with path.open("rb") as stream:
            text = read_text(stream, MAX_BYTES)
    except (OSError, ValueError) as fault:
        raise Stop(f"{path}: cannot be read: {getattr(fault, 'strerror', None) or fault}", Exit.INPUT) from fault
    except Stop as fault:
        raise Stop(f"{path}: {fault}", fault.code) from fault
    items = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            items.append(_item(path, number, line))
    if not items:
        raise Stop(f"{path}: holds no labelled texts", Exit.INPUT)
    return items


def _item(path: Path, number: int, line: str) -> Item:
    try:
        record = json.loads(line)
        text, label, ok = record["text"], record["label"], record.get("ok", [])
        if not (isinstance(text, str) and isinstance(label, str) and isinstance(ok, list)):
            raise TypeError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        cure = 'give {"text": "…", "label": "…", "ok": []}'
        raise Stop(f"{path}:{number}: not a labelled text – {cure}", Exit.INPUT) from fault
    if too_long := oversized(text):
        raise Stop(f"{path}:{number}: {too_long}", Exit.INPUT)
    return Item(str(record.get("id", number)), text, label, tuple(map(str, ok)))


def measure(router: Router, items: Sequence[Item]) -> Accuracy:
    """Route every item and count. Stop (exit 5) on a label that is no group."""
    tiers = [tier.id for tier in router.known.ladder()]
    groups = list(dict.fromkeys([*tiers, *(team.group for team in router.known.teams.values()), UNCLEAR]))
    unknown = next((i for i in items if i.label not in groups), None)
    if unknown:
        raise Stop(f'item {unknown.id}: no group "{unknown.label}" – use one of {", ".join(groups)}', Exit.INPUT)
    answers = [_answer(router, item) for item in items]
    figures = tuple(_group_figures(group, answers) for group in groups)
    met = [f for f in figures if f.items]
    ranked = [a for a in answers if a.item.label in tiers and a.group in tiers]
    routed = [a for a in answers if a.group != UNCLEAR]
    return Accuracy(
        items=len(answers),
        strict=share(a.strict for a in answers),
        accepted=share(a.accepted for a in answers),
        balanced=sum(f.recall or 0.0 for f in met) / len(met),
        balanced_accepted=sum(f.recall_accepted or 0.0 for f in met) / len(met),
        coverage=share(a.group != UNCLEAR for a in answers),
        under_tier=share(tiers.index(a.group) < tiers.index(a.item.label) and not a.accepted for a in ranked),
        over_tier=share(tiers.index(a.group) > tiers.index(a.item.label) and not a.accepted for a in ranked),
        by_confidence={w: share(a.accepted for a in routed if a.confidence == w) for w in ("high", "medium", "low")},
        groups=figures,
        confusion={g: dict(Counter(a.group for a in answers if a.item.label == g)) for g in groups},
        errors=tuple(a for a in answers if not a.accepted),
    )


def _answer(router: Router, item: Item) -> Answered:
    matches, decision = router.decide(item.text)
    group = router.known.destination(decision.destination).group if decision.destination else UNCLEAR
    counting = (finding for finding in decision.findings if finding.counts)
    words = tuple(seen.text for finding in counting for seen in router.decider.words(matches, finding))
    return Answered(item, group, decision.confidence, tuple(dict.fromkeys(words)))


def _group_figures(group: str, answers: Sequence[Answered]) -> GroupFigures:
    own = [a for a in answers if a.item.label == group]
    said = [a for a in answers if a.group == group]
    return GroupFigures(
        group, len(own), len(said), share(a.strict for a in own).share, share(a.accepted for a in own).share,
        share(a.accepted for a in said).share,
    )  # fmt: skip


def share(hits: Iterable[bool]) -> Share:
    """The share of true values with its 95 % Wilson score interval."""
    values = list(hits)
    right, of = sum(values), len(values)
    if not of:
        return Share(0, 0, None, 0.0, 1.0)
    p, z = right / of, Z_95
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return Share(right, of, round(p, 4), round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4))
