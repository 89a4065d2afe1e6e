"""Texts to hold knowledge against: any file that `batch` reads, with label and further accepted answers where it has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog_route.counts import Counts
from catalog_route.deciding import UNCLEAR
from catalog_route.knowledge import Knowledge
from catalog_route.problems import brief, did_you_mean
from catalog_route.recognising import by_line, by_name, first_line, open_records
from catalog_route.streaming import READ, whole_lines
from catalog_route.tables import TableError
from catalog_route.terminal import Exit, Stop
from catalog_route.text import oversized


@dataclass(frozen=True, slots=True)
class Sample:
    """One text; `label` is None when the file tells none, `ok` are further answers that count as right."""

    id: str
    line: int
    text: str
    label: str | None = None
    ok: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record without a usable text, or with a label that is none, and why."""

    line: int
    error: str


def read_samples(path: Path) -> tuple[list[Sample], list[Rejected]]:
    """The texts of a file (.txt, .jsonl, .csv, .tsv) in order, and what could not be used. Stop (exit 5) when nothing can."""
    samples: list[Sample] = []
    rejected: list[Rejected] = []
    try:
        with path.open("rb") as stream:
            lines = whole_lines(lambda: stream.read(READ))
            kind = by_name(path.name)
            if kind is None:
                line, lines = first_line(lines)
                kind = by_line(line)
            parser, blocks = open_records(lines, kind, None)
            for block in blocks:
                for record in parser.records(block, Counts()):
                    error = record.error if record.text is None else oversized(record.text)
                    if record.text is None or error:
                        rejected.append(Rejected(record.line, error or "no text"))
                    else:
                        samples.append(_sample(record.line, record.text, record.own))
    except TableError as broken:
        raise Stop(f"{path}: {broken}", Exit.INPUT) from broken
    except (OSError, ValueError) as broken:
        raise Stop(f"{path}: cannot be read: {getattr(broken, 'strerror', None) or broken}", Exit.INPUT) from broken
    if not samples:
        raise Stop(f"{path}: holds no texts", Exit.INPUT)
    return samples, rejected


def _sample(line: int, text: str, own: Mapping[str, Any]) -> Sample:
    label, ok = own.get("label"), own.get("ok") or ()
    further = tuple(map(str, ok)) if isinstance(ok, (list, tuple)) else tuple(str(ok).split())
    return Sample(str(own.get("id") or line), line, text, str(label) if label else None, further)


def rightly_labelled(samples: Sequence[Sample], known: Knowledge) -> tuple[list[Sample], list[Rejected]]:
    """The samples whose label and further answers are a destination, a group or `unclear`, and the others with what is none."""
    groups = list(dict.fromkeys([*known.tiers, *(team.group for team in known.teams.values()), UNCLEAR]))
    names = {*groups, *known.teams}
    right: list[Sample] = []
    rejected: list[Rejected] = []
    for sample in samples:
        strange = next((name for name in (sample.label, *sample.ok) if name is not None and name not in names), None)
        if strange is None:
            right.append(sample)
        else:
            cure = did_you_mean(strange, sorted(names), f"use one of {', '.join(groups)}, or the id of a desk")
            rejected.append(Rejected(sample.line, f'no group and no destination "{brief(strange)}" – {cure}'))
    return right, rejected
