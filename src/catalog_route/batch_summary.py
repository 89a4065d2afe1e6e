"""The counts of a batch run told: one line for stderr, or a table with bars for a look at a whole case log."""

from __future__ import annotations

from collections.abc import Iterator

from catalog_route.counts import Counts
from catalog_route.figures import table
from catalog_route.knowledge import Knowledge

BAR = 30


def in_order(known: Knowledge) -> list[str]:
    """All destinations: tiers lowest first, then teams."""
    return [*(tier.id for tier in known.ladder()), *known.teams]


def summary_line(counts: Counts, known: Knowledge, seconds: float) -> str:
    """Everything that was read and what became of it."""
    sums = f"{counts.read} read = {counts.routed} routed + {counts.unclear} unclear + {counts.rejected} rejected"
    parts = [f"{name} {counts.destinations[name]}" for name in in_order(known) if counts.destinations[name]]
    rate = f"{seconds:.1f} s, {counts.read / seconds:,.0f}/s" if seconds > 0 else ""
    return "; ".join(filter(None, [sums, ", ".join(parts), *notes(counts), rate]))


def notes(counts: Counts) -> Iterator[str]:
    """What else is to be known of the input."""
    if counts.blank:
        yield f"{counts.blank} blank {'line' if counts.blank == 1 else 'lines'} passed over"
    if counts.odd:
        several = f"{counts.odd} lines, the first of them {counts.first_odd}, are"
        which = f"line {counts.first_odd} is" if counts.odd == 1 else several
        yield f"{which} not UTF-8 and read as windows-1252 (--encoding names another)"


def summary_lines(counts: Counts, known: Knowledge, *, block: str = "█") -> Iterator[str]:
    """The table: every destination met, then unclear and rejected, with share and bar; then how sure the answers are."""
    groups = [(name, counts.destinations[name]) for name in in_order(known)]
    groups = [(name, count) for name, count in [*groups, ("unclear", counts.unclear), ("rejected", counts.rejected)] if count]
    yield f"{counts.read} read = {counts.routed} routed + {counts.unclear} unclear + {counts.rejected} rejected"
    yield from notes(counts)
    if groups:
        yield ""
        yield from _bars(groups, counts.read, block)
    sure = [(name, counts.confidence[name]) for name in ("high", "medium", "low") if counts.confidence[name]]
    if sure:
        yield ""
        yield "confidence of what was routed"
        yield from _bars(sure, counts.routed, block)


def _bars(groups: list[tuple[str, int]], of: int, block: str) -> Iterator[str]:
    most = max(count for _, count in groups)
    rows = table([[name, str(count), f"{100 * count / of:.1f} %"] for name, count in groups])
    for row, (_, count) in zip(rows, groups, strict=True):
        yield f"{row}  {block * max(1, round(BAR * count / most))}"
