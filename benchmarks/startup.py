"""How long a whole call takes beside a bare interpreter, measured in one run; prints Markdown for docs/performance.md.

    python benchmarks/startup.py [--rounds 15]

Every command runs once in each round, in turn, so that what else the machine does meets all alike. Byte code and compiled
knowledge are kept in a folder of this run, made by one call beforehand, as they are after the first call of any installation.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

ALL = "import typer, yaml, rich.console; from pydantic import BaseModel"
CALL = "from catalog_route.cli import main; main()"
HELLO = """
import typer
app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
@app.command()
def one(text: str) -> None: print(text)
@app.command()
def two(text: str) -> None: print(text)
typer.main.get_command(app).main(["one", "feed issue"], standalone_mode=False)
"""
COMMANDS = {
    "`python -c pass` (bare interpreter)": (["-c", "pass"], None),
    "`import json`": (["-c", "import json"], None),
    "`import typer`": (["-c", "import typer"], None),
    "Typer hello-world, two commands": (["-c", HELLO], None),
    "`import typer, yaml, rich.console, pydantic`": (["-c", ALL], None),
    "`catalog-route --version`": (["-c", CALL, "--version"], None),
    '`catalog-route route --json "feed issue"`': (["-c", CALL, "route", "--json", "feed issue"], 8),
    '`catalog-route "feed issue"`, plain': (["-c", CALL, "feed issue"], None),
    '`catalog-route "feed issue"`, laid out for a terminal': (["-c", CALL, "route", "--color", "always", "feed issue"], 12),
    "`catalog-route show ert`": (["-c", CALL, "show", "ert"], None),
}


def timed(arguments: list[str], environment: dict[str, str]) -> float:
    """Seconds of one process."""
    began = time.perf_counter()
    nowhere = subprocess.DEVNULL
    subprocess.run([sys.executable, *arguments], env=environment, check=True, stdout=nowhere, stderr=nowhere)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**kept, "CATALOG_ROUTE_CACHE": f"{folder}/cache", "PYTHONPYCACHEPREFIX": f"{folder}/code", "COLUMNS": "80"}
        first = timed(["-c", CALL, "route", "--json", "feed issue"], environment)
        time.sleep(2.5)  # the knowledge counts as settled only then, should it just have been changed
        for arguments, _ in COMMANDS.values():
            timed(arguments, environment)
        without = statistics.median(
            timed(["-c", CALL, "route", "--json", "feed issue"], {**environment, "CATALOG_ROUTE_CACHE": "/dev/null/none"})
            for _ in range(3)
        )
        for _ in range(rounds):
            for name, (arguments, _) in COMMANDS.items():
                taken[name].append(timed(arguments, environment))
    bare = statistics.median(taken[next(iter(COMMANDS))])
    print("| command | median ms | least ms | × bare | bar |\n|---|--:|--:|--:|--:|")
    for name, (_, bar) in COMMANDS.items():
        median, least = statistics.median(taken[name]), min(taken[name])
        print(f"| {name} | {median * 1e3:.1f} | {least * 1e3:.1f} | {median / bare:.1f} | {f'≤ {bar}' if bar else ''} |")
    print(f"| the same with `--json`, nothing kept (nowhere to write) | {without * 1e3:.0f} | | {without / bare:.0f} | |")
    print(f"| the very first call, byte code made too | {first * 1e3:.0f} | | {first / bare:.0f} | |")


if __name__ == "__main__":
    main()
