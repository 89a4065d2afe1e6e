"""Everything that docs/performance.md tells, measured side by side in one go: start-up, throughput, many lines, workers.

    python benchmarks/performance.py            # measure and print
    python benchmarks/performance.py --write    # write it into README.md, docs/performance.md and docs/plots/ as well
    python benchmarks/performance.py --quick    # a few minutes less, to see that all of it runs

Needs the extra `bench`. The parts can be run alone: startup.py, throughput.py, many.py.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import many
import startup

if TYPE_CHECKING:
    import throughput

ROOT = Path(__file__).resolve().parents[1]
PAGE, README, PLOTS = ROOT / "docs" / "performance.md", ROOT / "README.md", ROOT / "docs" / "plots"
_BLOCK = re.compile(r"(<!-- figures:performance -->\n).*?(<!-- end -->)", re.S)
Parts = tuple[list[startup.Taken], "throughput.Found", many.Found]


def machine() -> str:
    """What it was measured on, in words."""
    kind = platform.machine() or "unknown"
    return f"{os.cpu_count()} {kind} cores, {platform.system()}, Python {platform.python_version()}"


def page(parts: Parts) -> str:
    """The block of docs/performance.md."""
    import throughput

    calls, texts, logs = parts
    lines = [
        f"Measured on {datetime.date.today().isoformat()} by `python benchmarks/performance.py` on a machine of {machine()}; "
        "medians of rounds in which all commands took turns.", "",
        "## Start-up", "",
        "A whole process. The knowledge has been compiled into the user's cache folder by the first call.", "",
        *startup.table(calls), "",
        "![Start-up of commands as multiples of a bare interpreter](plots/startup.svg)", "",
        "## Throughput", "",
        f"{texts.texts} texts of {texts.characters:.0f} characters on average, one core, all in one process and in turns.", "",
        *throughput.table(texts), "",
        "![Time a text against its length](plots/length.svg)", "",
        "![Time a text against the number of phrases](plots/phrases.svg)", "",
        "## Many lines", "",
        "`catalog-route batch`, a process for each run. Half of the lines hold a misspelt word of their own.", "",
        *many.table(logs), "",
        "![Lines a second and peak memory against the number of lines](plots/lines.svg)",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def readme(parts: Parts) -> str:
    """The block of README.md."""
    import throughput

    calls, texts, _ = parts
    taken = {each.name: each for each in calls}
    call, rate = taken[startup.ROUTE], texts.rates[throughput.FILES]
    return (
        f"A call takes {call.median * 1e3:.0f} ms once the knowledge is kept compiled, {call.times:.1f} times a bare Python; "
        f"{rate:,.0f} texts a second are\nanswered in a batch on one core: "
        "[docs/performance.md](docs/performance.md).\n"
    )


def measure(*, quick: bool) -> Parts:
    """All parts. Processes first, while this one is small: the system counts what it holds as theirs when it starts them."""
    calls = startup.measure(3 if quick else 25)
    logs = many.measure(10_000 if quick else 1_000_000, 1 if quick else 7)
    import throughput

    return calls, throughput.measure(0.5 if quick else 3.0), logs


def plot(parts: Parts) -> None:
    """Draw docs/plots/."""
    import plots

    calls, texts, logs = parts
    shown = [each for each in calls if "nothing kept" not in each.name and "very first" not in each.name]
    plots.times_as_long([(each.name, each.times, startup.BARS.get(each.name)) for each in shown], PLOTS / "startup.svg")
    plots.cost_of_length(texts.lengths, PLOTS / "length.svg")
    plots.cost_of_phrases(texts.phrases, PLOTS / "phrases.svg")
    seconds = [(count, run.seconds) for count, run in logs.lines.items()]
    plots.cost_of_lines(seconds, [(count, run.peak) for count, run in logs.lines.items()], PLOTS / "lines.svg")


def put(path: Path, block: str) -> None:
    """Replace the marked block of a page. ValueError when it has none."""
    text = path.read_text("utf-8")
    new, found = _BLOCK.subn(lambda match: match[1] + block + match[2], text)
    if found != 1:
        raise ValueError(f"{path.name} has {found} blocks <!-- figures:performance -->")
    path.write_text(new, "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write README.md, docs/performance.md and docs/plots/")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and lines")
    told = parser.parse_args(arguments)
    parts = measure(quick=told.quick)
    print(page(parts))
    if told.write:
        put(PAGE, page(parts))
        put(README, readme(parts))
        plot(parts)


if __name__ == "__main__":
    main()
