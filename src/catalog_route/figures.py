"""Accuracy figures as aligned plain lines, readable on a terminal and in a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalog_route.display import one_line
from catalog_route.evaluating import Accuracy, Share


def figure_lines(result: Accuracy, *, errors: bool = False) -> Iterator[str]:
    """The figures, the table of groups and the confusion matrix; with `errors` every wrong answer and its words."""
    yield f"texts {result.items}"
    yield f"accepted  {_told(result.accepted)}"
    yield f"strict    {_told(result.strict)}"
    yield f"balanced  {result.balanced_accepted:.3f} accepted, {result.balanced:.3f} strict (mean recall over groups)"
    yield f"coverage  {_told(result.coverage)}"
    yield f"under-tier {_told(result.under_tier)}"
    yield f"over-tier  {_told(result.over_tier)}"
    for word, held in result.by_confidence.items():
        yield f"confidence {word:7} {_told(held)}"
    yield ""
    header = ["group", "texts", "answered", "recall", "accepted", "precision"]
    rows = [
        [g.group, str(g.items), str(g.answered), _number(g.recall), _number(g.recall_accepted), _number(g.precision)]
        for g in result.groups
    ]
    yield from table([header, *rows])
    yield ""
    names = [g.group for g in result.groups]
    yield "confusion (rows: label, columns: answer)"
    yield from table([["", *names], *([name, *(str(result.confusion[name].get(n, ".")) for n in names)] for name in names)])
    if errors:
        yield ""
        for answer in result.errors:
            words = '", "'.join(one_line(word, 40) for word in answer.words[:4])
            name = one_line(answer.item.id, 40)
            yield f'{name}: {answer.item.label} answered {answer.group} ({answer.confidence}), by "{words}"'
            yield f"    {one_line(answer.item.text, 160)}"


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows as columns: the first to the left, the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield "  ".join(cells).rstrip()


def _told(held: Share) -> str:
    if held.share is None:
        return "none"
    return f"{held.share:.3f}  ({held.right} of {held.of}; 95 % {held.low:.3f} to {held.high:.3f})"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
