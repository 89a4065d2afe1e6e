"""Texts that are answered right, edits of them, and how often an edit changes the answer.

The base of the behavioural tests (`test_invariances.py`, `test_directions.py`): every text of `evaluation/sellers.jsonl`
and of `cases/*.yaml` whose answer is the label or one that the guide also accepts. An edit that must not matter and yet
changes the group is a flip; a test names its worst flips, with the finding that caused each.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from catalog_route import Router
from catalog_route.evaluating import share

HERE = Path(__file__).parent
SELLERS = HERE / "evaluation" / "sellers.jsonl"
TIERS = ("outsourced", "captive", "ert")
TOP = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """The group that a text is answered with, how surely, and by what: findings, history and their words."""

    group: str
    confidence: str
    by: str
    told_history: bool

    @property
    def rank(self) -> int:
        """The place on the ladder, -1 beside it."""
        return TIERS.index(self.group) if self.group in TIERS else -1


@dataclass(frozen=True, slots=True)
class Base:
    """A text that is answered right, and its answer. `label` is the best answer by the guide, `right` all that it accepts."""

    id: str
    text: str
    label: str
    answer: Answer
    right: frozenset[str] = frozenset()

    @property
    def rank(self) -> int:
        """The place of the answer on the ladder, -1 beside it."""
        return self.answer.rank


@dataclass(frozen=True, slots=True)
class Pair:
    """A base and one edit of its text."""

    base: Base
    kind: str
    text: str
    after: Answer

    @property
    def flipped(self) -> bool:
        """The answer is another one."""
        return self.after.group != self.base.answer.group

    def told(self) -> str:
        """One flip, readable."""
        before = self.base.answer
        return (
            f"{self.base.id} [{self.kind}] {before.group} ({before.confidence}) → {self.after.group} ({self.after.confidence})\n"
            f"    base {self.base.text[:160]!r}\n    edit {self.text[-240:]!r}\n    was  {before.by}\n    now  {self.after.by}"
        )


class Sellers:
    """A router with its bases; answers are kept, since the same text is asked for often."""

    def __init__(self, router: Router) -> None:
        self.router = router
        self.bases = [base for base in map(self._base, labelled()) if base]

    def answer(self, text: str) -> Answer:
        """What the router answers."""
        return answer(self.router, text)

    def _base(self, item: tuple[str, str, str, frozenset[str]]) -> Base | None:
        ident, text, label, right = item
        given = self.answer(text)
        return Base(ident, text, label, given, right) if given.group in right else None

    def catalog(self) -> list[Base]:
        """Bases that a tier can solve."""
        return [base for base in self.bases if base.rank >= 0]

    def pairs(self, bases: Iterable[Base], kind: str, edit: Callable[[str], str]) -> list[Pair]:
        """The edit of every base that it changes."""
        edited = ((base, edit(base.text)) for base in bases)
        return [Pair(base, kind, text, self.answer(text)) for base, text in edited if text != base.text]

    def changed(self, most: int, kind: str, edit: Callable[[str], str]) -> list[Pair]:
        """A fixed sample of the bases that an edit changes, edited."""
        return self.pairs(sample([base for base in self.bases if edit(base.text) != base.text], most), kind, edit)


@lru_cache(maxsize=1)
def labelled() -> tuple[tuple[str, str, str, frozenset[str]], ...]:
    """Id, text, label and right answers of every labelled text that comes without facts beside it."""
    out = []
    for line in SELLERS.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        out.append((item["id"], item["text"], item["label"], frozenset({item["label"], *item["ok"]})))
    for path in sorted((HERE / "cases").glob("*.yaml")):
        for number, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")) or (), 1):
            if "case" not in case:
                right = frozenset({case["expect"], *case.get("accept", ())})
                out.append((f"{path.stem}-{number}", case["text"], case["expect"], right))
    return tuple(out)


def answer(router: Router, text: str) -> Answer:
    """What `router` answers to `text`, and why in one line."""
    matches, decision = router.decide(text)
    group = router.known.destination(decision.destination).group if decision.destination else "unclear"
    found = [
        f"{f.signal.id} ({f.by}{'' if f.counts else ', set aside'}: {', '.join(repr(seen.text) for seen in f.seen[:3])})"
        for f in decision.findings[:4]
    ]
    found += [
        f"history {held.history.id} ({held.fact or ', '.join(repr(s.text) for s in held.seen[:2])})" for held in decision.history
    ]
    top = sorted(decision.evidence.items(), key=lambda pair: -pair[1])[:3]
    by = f"{'; '.join(found) or 'no finding'} | evidence {', '.join(f'{name} {value:.2f}' for name, value in top)}"
    return Answer(group, decision.confidence, by, bool(decision.history or matches.counts))


def sample(bases: Sequence[Base], most: int, seed: int = 1) -> list[Base]:
    """A fixed sample, in the order of the bases."""
    if len(bases) <= most:
        return list(bases)
    chosen = sorted(random.Random(seed).sample(range(len(bases)), most))
    return [bases[at] for at in chosen]


def hold(pairs: Sequence[Pair], bar: float = 0.0, *, wrong: Callable[[Pair], bool] | None = None, least: int = 100) -> None:
    """At most the share `bar` of the pairs is wrong (flipped, unless told otherwise); at least `least` pairs were asked."""
    assert len(pairs) >= least, f"only {len(pairs)} pairs"
    bad = [pair for pair in pairs if (wrong(pair) if wrong else pair.flipped)]
    held = share([True] * len(bad) + [False] * (len(pairs) - len(bad)))
    worst = "\n".join(pair.told() for pair in bad[:TOP])
    text = f"{held.right} of {held.of} ({held.share:.2%}; 95 % {held.low:.2%} to {held.high:.2%}), the bar is {bar:.1%}\n{worst}"
    assert len(bad) <= bar * len(pairs), text
