"""How long a whole call takes beside a bare interpreter, measured in one run; prints Markdown for docs/performance.md.

    python benchmarks/startup.py [--rounds 15]

Every command runs in each round, in turn, so that what else the machine does meets all alike; hyperfine does the timing
where it is installed. Byte code and compiled knowledge are kept in a folder of this run, made by one call beforehand, as
they are after the first call of any installation.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ALL = "import typer, yaml, rich.console; from pydantic import BaseModel"
CALL = "from catalog_route.__main__ import main; main()"
HELLO = """
import typer
app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
@app.command()
def one(text: str) -> None: print(text)
@app.command()
def two(text: str) -> None: print(text)
typer.main.get_command(app).main(["one", "feed issue"], standalone_mode=False)
"""
BARE = "`python -c pass` (bare interpreter)"
ROUTE = '`catalog-route route --json "feed issue"`'
TERMINAL = '`catalog-route "feed issue"`, laid out for a terminal'
COMMANDS = {
    BARE: ["-c", "pass"],
    "`import json`": ["-c", "import json"],
    "`import typer`": ["-c", "import typer"],
    "Typer hello-world, two commands": ["-c", HELLO],
    "`import typer, yaml, rich.console, pydantic`": ["-c", ALL],
    "`catalog-route --version`": ["-c", CALL, "--version"],
    ROUTE: ["-c", CALL, "route", "--json", "feed issue"],
    '`catalog-route "feed issue"`, plain': ["-c", CALL, "feed issue"],
    TERMINAL: ["-c", CALL, "route", "--color", "always", "feed issue"],
    "`catalog-route show ert`": ["-c", CALL, "show", "ert"],
}
BARS = {ROUTE: 8.0, TERMINAL: 12.0}


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds of one command: the median of its rounds, the least, and the median as a multiple of the bare interpreter."""

    name: str
    median: float
    least: float
    times: float


def timed(arguments: Sequence[str], environment: Mapping[str, str]) -> float:
    """Seconds of one process."""
    began = time.perf_counter()
    nowhere = subprocess.DEVNULL
    subprocess.run([sys.executable, *arguments], env=dict(environment), check=True, stdout=nowhere, stderr=nowhere)
    return time.perf_counter() - began


def round_of(commands: Mapping[str, Sequence[str]], environment: Mapping[str, str]) -> dict[str, float]:
    """Seconds of each command, run once in turn; timed by hyperfine where that is installed."""
    if shutil.which("hyperfine") is None:
        return {name: timed(arguments, environment) for name, arguments in commands.items()}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "times.json"
        lines = [shlex.join([sys.executable, *arguments]) for arguments in commands.values()]
        words = ["hyperfine", "--shell=none", "--runs=2", "--style=none", f"--export-json={out}", *lines]
        subprocess.run(words, env=dict(environment), check=True, capture_output=True)
        found = json.loads(out.read_text("utf-8"))["results"]
    return {name: min(result["times"]) for name, result in zip(commands, found, strict=True)}


def measure(rounds: int) -> list[Taken]:
    """All commands, then the first call with nothing kept, and the very first one, which makes the byte code too."""
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    json_call = COMMANDS[ROUTE]
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**kept, "CATALOG_ROUTE_CACHE": f"{folder}/cache", "PYTHONPYCACHEPREFIX": f"{folder}/code", "COLUMNS": "80"}
        first = timed(json_call, environment)
        time.sleep(2.5)  # the knowledge counts as settled only then, should it just have been changed
        for arguments in COMMANDS.values():
            timed(arguments, environment)
        nowhere = {**environment, "CATALOG_ROUTE_CACHE": "/dev/null/none"}
        without = [timed(json_call, nowhere) for _ in range(3)]
        for _ in range(rounds):
            for name, seconds in round_of(COMMANDS, environment).items():
                taken[name].append(seconds)
    taken["the same with `--json`, nothing kept (nowhere to write)"] = without
    taken["the very first call, byte code made too"] = [first]
    bare = statistics.median(taken[BARE])
    medians = {name: statistics.median(times) for name, times in taken.items()}
    return [Taken(name, medians[name], min(times), medians[name] / bare) for name, times in taken.items()]


def table(found: Sequence[Taken]) -> list[str]:
    """The figures as lines of a Markdown table."""
    lines = ["| command | median ms | least ms | × bare | bar |", "|---|--:|--:|--:|--:|"]
    for each in found:
        bar = BARS.get(each.name)
        told = "" if bar is None else f"≤ {bar:.0f}, {'met' if each.times <= bar else 'missed'}"
        lines.append(f"| {each.name} | {each.median * 1e3:.0f} | {each.least * 1e3:.0f} | {each.times:.1f} | {told} |")
    return lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    print("\n".join(table(measure(parser.parse_args().rounds))))


if __name__ == "__main__":
    main()
