"""A whole case log through `catalog-route batch`: time and peak memory against the number of lines, and against workers.

    python benchmarks/many.py [--lines 1000000] [--rounds 5]

Lines are made from the texts that the weights are learned from, each with an id, many with numbers and misspelt words of
their own, as in a real log: a hundred thousand lines hold a hundred thousand words that nobody has seen before. Every run
is a process of its own, its peak memory as the system tells it; one and two workers take turns. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEARNED = ROOT / "training" / "texts"
CALL = "from catalog_route.__main__ import main; main()"
SEED = 11
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# So long a run with one worker has to take, for what two need to begin to count little.
LONG_ENOUGH = 10.0
# Peak memory may grow by so many bytes from MEMORY_FROM lines to the most; two workers have to be so many times as fast.
MEMORY_BAR = 20_000_000
MEMORY_FROM = 10_000
WORKERS_BAR = 1.7


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds by the clock, seconds of processor (workers included), and peak memory of the process in bytes."""

    seconds: float
    processor: float
    peak: int


@dataclass(frozen=True, slots=True)
class Found:
    """Runs by number of lines; the times of one and of two workers, round by round."""

    lines: dict[int, Run]
    workers: dict[int, list[Run]]
    worker_lines: int


def lines(count: int) -> Iterator[str]:
    """So many JSON lines, always the same."""
    draw = random.Random(SEED)
    files = sorted(LEARNED.glob("*.jsonl"))
    texts = [json.loads(line)["text"] for path in files for line in path.read_text("utf-8").splitlines()]
    for number in range(count):
        words = draw.choice(texts).split(" ")
        chance = draw.random()
        if chance < 0.5:
            at = draw.randrange(len(words))
            letter = draw.randrange(len(words[at]) + 1)
            words[at] = words[at][:letter] + draw.choice(LETTERS) + words[at][letter:]
        if chance < 0.3:
            words.append(f"case {draw.randrange(10**10, 10**11)}, B0{draw.randrange(10**8):08d}")
        yield json.dumps({"id": number, "text": " ".join(words)}) + "\n"


def run(path: Path, environment: dict[str, str], workers: int = 1) -> Run:
    """One run over a file, its output thrown away."""
    words = [sys.executable, "-c", CALL, "batch", str(path), "--workers", str(workers)]
    nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    began = time.perf_counter()
    process = os.posix_spawn(sys.executable, words, environment, file_actions=nowhere)
    _, status, used = os.wait4(process, 0)
    seconds = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"batch ended with {os.waitstatus_to_exitcode(status)}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024))


def measure(most: int, rounds: int) -> Found:
    """Runs of 1,000 lines and ten times as many each, up to `most`; and `rounds` runs with one and with two workers.

    Those have so many lines that one worker needs some LONG_ENOUGH seconds, or `most`.
    """
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CATALOG_ROUTE_CACHE": f"{folder}/cache"}
        path = Path(folder) / "log.jsonl"
        found = {}
        for count in [10**power for power in range(3, 10) if 10**power <= most]:
            with path.open("w", encoding="utf-8") as out:
                out.writelines(lines(count))
            if not found:
                run(path, environment)
            found[count] = run(path, environment)
        last = max(found)
        worker_lines = min(most, 1000 * round(LONG_ENOUGH * last / found[last].seconds / 1000))
        with path.open("w", encoding="utf-8") as out:
            out.writelines(lines(worker_lines))
        workers: dict[int, list[Run]] = {1: [], 2: []}
        for _ in range(rounds):
            for number, runs in workers.items():
                runs.append(run(path, environment, number))
    return Found(found, workers, worker_lines)


def table(found: Found) -> list[str]:
    """The figures as lines of Markdown."""
    out = ["| lines | seconds | lines/s | peak memory, MB |", "|--:|--:|--:|--:|"]
    for count, each in found.lines.items():
        out.append(f"| {count:,} | {each.seconds:.1f} | {count / each.seconds:,.0f} | {each.peak / 1e6:.0f} |")
    most = max(found.lines)
    if most > MEMORY_FROM:
        grown = found.lines[most].peak - found.lines[MEMORY_FROM].peak
        told = "met" if grown <= MEMORY_BAR else "missed"
        out += ["", f"From {MEMORY_FROM:,} to {most:,} lines memory grows by {grown / 1e6:.1f} MB (bar: 20, {told})."]
    return [*out, "", workers_line(found)]


def workers_line(found: Found) -> str:
    """How much two workers bring, by the median of rounds in which one and two took turns."""
    one, two = found.workers[1], found.workers[2]
    gain = statistics.median(a.seconds / b.seconds for a, b in zip(one, two, strict=True))
    work = statistics.median(b.processor / a.processor for a, b in zip(one, two, strict=True))
    return (
        f"Two workers are {gain:.2f} times as fast as one on {found.worker_lines:,} lines "
        f"(bar: {WORKERS_BAR}, {'met' if gain >= WORKERS_BAR else 'missed'}), with {work:.2f} times the work of the processor."
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    told = parser.parse_args(arguments)
    print("\n".join(table(measure(told.lines, told.rounds))))


if __name__ == "__main__":
    main()
