"""What a log of texts shows about knowledge, as a sheet that any renderer can print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from catalog_route.display import one_line
from catalog_route.gaps import Answer, Changed, Gaps
from catalog_route.showing import Row, Section, Sheet

MOST_ROWS = 20
LONGEST_TEXT = 70
MOST_IDS = 8


def gap_sheet(gaps: Gaps) -> Sheet:
    """The sheet; long lists are cut, and the cut is told."""
    summary = f"{gaps.texts} texts, {gaps.labelled} of them labelled; {gaps.phrases} phrases"
    sections = [_changed(gaps)] if gaps.compared else []
    sections += [_confused(gaps)] if gaps.labelled else []
    sections += [_unmatched(gaps), _unfired(gaps)]
    return Sheet("Held against the log", summary, tuple(sections), gaps)


def _changed(gaps: Gaps) -> Section:
    verdicts = Counter(changed.verdict for changed in (*gaps.moved, *gaps.altered))
    told = [f"{len(gaps.moved)} answered elsewhere, {len(gaps.altered)} by other words or with other confidence"]
    told += [f"{verdicts[name]} {name}" for name in ("better", "worse") if verdicts[name]]
    rows = [_change_row(changed) for changed in (*gaps.moved, *gaps.altered)]
    return Section("changed by the overlays", (("in all", "; ".join(told), ""), *_cut(rows)))


def _change_row(changed: Changed) -> Row:
    text = one_line(changed.sample.text, LONGEST_TEXT)
    before, after = _short(changed.before), _short(changed.after)
    new = [name for name in changed.after.signals if name not in changed.before.signals]
    gone = [name for name in changed.before.signals if name not in changed.after.signals]
    why = [*(f"now {name}" for name in new), *(f"no longer {name}" for name in gone)]
    notes = [*([changed.verdict] if changed.verdict else []), *why]
    return changed.sample.id, f'"{text}": {before} → {after}', ", ".join(notes)


def _short(answer: Answer) -> str:
    return f"{answer.destination} {answer.confidence}"


def _confused(gaps: Gaps) -> Section:
    rows = [
        (f"{each.label} → {each.answer}", f"{len(each.samples)}: {_ids([sample.id for sample in each.samples])}", "")
        for each in gaps.confused
    ]
    return Section("answered with something else than the label", tuple(_cut(rows)) or (("in all", "none", ""),))


def _unmatched(gaps: Gaps) -> Section:
    rows = [
        (each.sample.id, one_line(each.sample.text, LONGEST_TEXT), f"{_short(each.answer)} by resemblance")
        for each in gaps.unmatched
    ]
    total = (("in all", f"{len(rows)} of {gaps.texts} texts", ""),)
    return Section("no phrase of a signal seen", (*total, *_cut(rows)))


def _unfired(gaps: Gaps) -> Section:
    own = [each for each in gaps.unfired if each.laid]
    below = [each for each in gaps.unfired if not each.laid]
    rows = [(each.owner, one_line(each.phrase, LONGEST_TEXT), f"{each.file}:{each.line}:{each.column}") for each in own]
    many = Counter(each.owner for each in below).most_common()
    told = f"{len(gaps.unfired)} of {gaps.phrases} phrases"
    most = f"most of them: {', '.join(f'{name} {count}' for name, count in many[:MOST_IDS])}" if many else ""
    return Section("never fired", (("in all", told, ""), *_cut(rows), ("below", f"{len(below)}", most)))


def _ids(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - MOST_IDS} more" if len(ids) > MOST_IDS else ""
    return ", ".join(ids[:MOST_IDS]) + more


def _cut(rows: Sequence[Row]) -> list[Row]:
    more = [("…", f"{len(rows) - MOST_ROWS} more; --json has all of them", "")] if len(rows) > MOST_ROWS else []
    return [*rows[:MOST_ROWS], *more]
