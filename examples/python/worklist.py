"""Cases from a file, sorted into a worklist for each desk: whom to write to, what to try alone first, what to prepare.

    python worklist.py cases.jsonl

A case is a JSON object a line: `text`, and what is known beside it: `id`, `reopened`, `contacts`, `account`.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from catalog_route import Advice, Router, Told, load_knowledge

Case = dict[str, Any]


def worklist(cases: Iterable[Case], router: Router) -> Iterator[str]:
    """The lines of the worklist: the desk with most cases first, surest answers first within it, unclear ones last."""
    desks: defaultdict[str, list[tuple[Case, Advice]]] = defaultdict(list)
    for case in cases:
        told = Told(reopened=case.get("reopened"), contacts=case.get("contacts"), account=case.get("account"))
        advice = router.route(case["text"], told)
        desks[advice.start_with.name if advice.start_with else ""].append((case, advice))
    for name, held in sorted(desks.items(), key=lambda desk: (not desk[0], -len(desk[1]), desk[0])):
        yield f"{name or 'to be asked'} ({len(held)})"
        for case, advice in sorted(held, key=lambda pair: ("high", "medium", "low").index(pair[1].confidence)):
            yield from _entry(case, advice)


def _entry(case: Case, advice: Advice) -> Iterator[str]:
    yield f"  {case['id']}  {case['text']}"
    if advice.recommended is None:
        yield from (f"        ask: {question.text}" for question in advice.questions[:1])
        return
    if advice.recommended != advice.start_with:
        yield f"        meant for: {advice.recommended.name}"
    for stage in ("try", "prepare"):
        first = next((tip for tip in advice.tips if tip.stage == stage), None)
        if first is not None:
            yield f"        {stage}: {first.text} [{first.certainty}]"


def main(path: str) -> None:
    """Print the worklist of a file."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    for line in worklist(map(json.loads, lines), Router(load_knowledge())):
        print(line)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
