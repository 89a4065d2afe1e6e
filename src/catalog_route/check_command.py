"""The body of `catalog-route check`: lint, hold against a log, print. Exit 1 when something was found."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from catalog_route.advice import plain
from catalog_route.checking import Findings, check_folders, path_of
from catalog_route.display import visible
from catalog_route.gaps import Gaps, find_gaps
from catalog_route.problems import Problem
from catalog_route.samples import Rejected, Sample, read_samples, rightly_labelled
from catalog_route.terminal import Exit, Stop, fancy, print_lines, print_view, say, write

MOST_REJECTED = 5


@dataclass(frozen=True, slots=True)
class Options:
    """How `check` reports. `against`: a log to hold the knowledge against; `strict`: notes count as well."""

    as_json: bool = False
    sarif: bool = False
    strict: bool = False
    against: Path | None = None
    color: str = "auto"

    def check(self) -> None:
        """Stop (exit 2) on what does not go together."""
        if self.as_json and self.sarif:
            raise Stop("--json and --sarif: choose one", Exit.USAGE)
        if self.sarif and self.against:
            raise Stop("--sarif: tells faults of files; what --against finds is told without it, or with --json", Exit.USAGE)


def check(folders: Sequence[Path], options: Options) -> int:
    """Lint `folders` laid over the shipped knowledge, and hold them against a log where one is given.

    The exit code: 0; 1 when an error or a warning was found (with `strict` a note too); 5 when texts of the log were rejected.
    """
    options.check()
    samples, rejected = read_samples(options.against) if options.against else ([], [])
    found = check_folders(folders)
    if found.loaded is not None:
        samples, strange = rightly_labelled(samples, found.loaded.known)
        rejected = sorted([*rejected, *strange], key=lambda each: each.line)
    gaps = _gaps(found, samples) if samples else None
    if options.sarif:
        from catalog_route import __version__
        from catalog_route.sarif import sarif_log

        _print_json(sarif_log(found.problems, __version__))
    elif options.as_json:
        problems = plain(list(found.problems))
        _print_json({"problems": problems, "against": gaps and gaps.to_dict()} if options.against else problems)
    else:
        _print(found.problems, gaps, options.color)
    _tell(found, rejected)
    counts = [problem for problem in found.problems if options.strict or problem.severity != "note"]
    return Exit.FOUND if counts else Exit.INPUT if rejected else Exit.ANSWERED


def _gaps(found: Findings, samples: Sequence[Sample]) -> Gaps | None:
    """What the log shows; None when the knowledge does not even load."""
    from catalog_route.router import Router, router_for

    loaded = found.loaded
    if loaded is None:
        return None
    # what was read is what is told about, also where a file is saved meanwhile
    router, before = Router(loaded.known), router_for()
    compared = before if before.known.digest != router.known.digest else None
    gaps = find_gaps(samples, router, loaded.locate, compared)
    gaps.unfired = [replace(each, file=path_of(each.file, loaded.folders)) for each in gaps.unfired]
    return gaps


def _print(problems: Sequence[Problem], gaps: Gaps | None, color: str) -> None:
    sheet = None
    if gaps is not None:
        from catalog_route.gap_sheet import gap_sheet

        sheet = gap_sheet(gaps)
    if fancy(color):
        from catalog_route.check_view import problem_view
        from catalog_route.sheets import sheet_view

        if problems:
            print_view(problem_view(problems), color)
        if sheet is not None:
            print_view(sheet_view(sheet), color)
    else:
        from catalog_route.plain import sheet_lines

        print_lines(visible(f"{problem} [{problem.rule}]") for problem in problems)
        if sheet is not None:
            print_lines(sheet_lines(sheet))


def _tell(found: Findings, rejected: Sequence[Rejected]) -> None:
    """What was found, counted, on stderr."""
    by = Counter(problem.severity for problem in found.problems)
    parts = [f"{by[name]} {name}{'s' if by[name] > 1 else ''}" for name in ("error", "warning", "note") if by[name]]
    further = "; not looked at any further: put these right first" if found.loaded is None else ""
    say(f"found {', '.join(parts)}{further}" if parts else "nothing found")
    for each in rejected[:MOST_REJECTED]:
        say(f"line {each.line} was left out: {each.error}")
    if len(rejected) > MOST_REJECTED:
        say(f"and {len(rejected) - MOST_REJECTED} more lines")


def _print_json(value: Any) -> None:
    write(json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False) + "\n")
