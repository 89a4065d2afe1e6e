"""Damaged and mixed input for everything that is read, for as long as you like.

    python tests/fuzz.py --seconds 1800 --seed 7            # all targets in turn
    python tests/fuzz.py --seconds 60 --target knowledge    # one of them

Every round makes one input from the suites of `corpora` and `naughty` – cut, spliced, doubled, bytes changed, odd words put in –
and gives it to the whole command. It may be answered or refused in one line; it may not end in a traceback, lose a
record, act on a terminal or take longer than SLOWEST. A failure prints the target, the seed of its round and the
input, and `--round SEED` makes that very round again.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from catalog_route import KnowledgeError, Router, load_knowledge
from catalog_route.checking import check_folders
from conftest import SMALL
from corpora import (
    JSON_MALFORMED,
    JSON_SOUND,
    NO_TABLES,
    PROBLEMS,
    REPORTS_MALFORMED,
    REPORTS_SOUND,
    TABLES,
    YAML_MALFORMED,
    YAML_SOUND,
)  # fmt: skip
from driving import Driver
from naughty import ACTS, TEXTS, WORDS

SLOWEST = 5.0
MORE = """\
signals:
  - id: broken
    title: Something is broken
    why: It has to be mended.
    source: F1 paper
    needs: [run]
    says: ["(broken|damaged) <thing>", "does ... not? work + today"]
    not: ["how do i"]
    examples: {fires: ["broken page"], silent: ["how do I mend a page"]}
codes:
  - {code: "8541", meaning: "m", signal: broken, cured_by: seller, cure: "c", certainty: stated, source: paper}
vocabulary:
  groups: {thing: [page, listing]}
  negates: ["not"]
  counts: {reopened: ["re-opened <number> times"]}
"""
_SIGNS = ("\x1b[2J", *"\x00\ufeff\u2028\r\t\"',;{}[]<>&:-#*!")
_BYTES = (b"\n", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xe2\x82", b"\x81", b"PK\x03\x04", b"\x1f\x8b\x08")
ODD = [*(text.encode("utf-8", "surrogatepass") for text in (*TEXTS, *WORDS, *_SIGNS)), *_BYTES]


def damaged(chance: random.Random, samples: Sequence[bytes]) -> bytes:
    """One of the samples after a few accidents."""
    data = chance.choice(samples)
    for _ in range(chance.choice((0, 1, 1, 2, 3, 6))):
        at = chance.randint(0, len(data))
        to = min(len(data), at + chance.choice((1, 2, 8, 60)))
        match chance.randrange(8):
            case 0:
                data = data[:at]
            case 1:
                data = data[:at] + data[to:]
            case 2:
                data = data[:at] + data[at:to] * chance.choice((2, 3, 200)) + data[to:]
            case 3:
                data = data[:at] + chance.randbytes(chance.choice((1, 1, 2, 5))) + data[at + 1 :]
            case 4:
                other = chance.choice(samples)
                cut = chance.randint(0, len(other))
                data = data[:at] + other[cut : cut + 2000]
            case 5:
                data = data[:to] + data[at:to][::-1] + data[to:]
            case _:
                data = data[:at] + chance.choice(ODD) + data[at:]
    return data[:200_000]


def _ended(ran: Any, codes: Sequence[int]) -> None:
    assert ran.code in codes, ran
    for shown in (ran.out.decode(), ran.err.decode()):
        assert not ACTS.search(shown), ACTS.search(shown)
        assert "Traceback" not in shown


def answer(drive: Driver, chance: random.Random) -> bytes:
    """Any bytes on a pipe as one text."""
    data = b" ".join(damaged(chance, _TEXT_SAMPLES) for _ in range(chance.choice((1, 1, 2, 9))))
    ran = drive("--json", "--draft", "-", stdin=data)
    _ended(ran, (0, 5))
    if ran.code == 0:
        document = json.loads(ran.out, parse_constant=pytest.fail)
        for seen in (seen for found in document["findings"] for seen in found["seen"]):
            assert document["text"][seen["start"] : seen["end"]] == seen["text"]
    _ended(drive("--why", "-", stdin=data), (0, 5))
    return data


def batch(drive: Driver, chance: random.Random) -> bytes:
    """Records of every format."""
    form = chance.choice(("txt", "jsonl", "csv", "tsv", ""))
    data = b"\n".join(damaged(chance, _RECORD_SAMPLES[form or "jsonl"]) for _ in range(chance.choice((1, 3, 10))))
    words = ["batch", "-", *(["--format", form] if form else []), *chance.choice(([], ["--to", "csv"], ["--full"]))]
    ran = drive(*words, stdin=data)
    assert ran.code in (0, 5), ran
    assert "Traceback" not in ran.err.decode()
    counted = re.search(r"(\d+) read = (\d+) routed \+ (\d+) unclear \+ (\d+) rejected", ran.told[-1])
    if counted:
        read, *parts = map(int, counted.groups())
        assert read == sum(parts)
        assert ran.code == (5 if parts[2] else 0)
        if "csv" not in words[-1:]:
            _ended(ran, (0, 5))
            lines = [json.loads(line, parse_constant=pytest.fail)["line"] for line in ran.out.splitlines()]
            assert len(lines) == read
            assert lines == sorted(set(lines))
    else:
        assert (ran.code, ran.out) == (5, b"")
    return data


def report(drive: Driver, chance: random.Random) -> bytes:
    """Reports of every format, sound ones and others."""
    data = damaged(chance, [*REPORTS_SOUND, *REPORTS_SOUND, *REPORTS_MALFORMED])
    _ended(drive("report", "-", *chance.choice(([], ["--json"], ["--all"])), stdin=data), (0, 5))
    return data


def labelled(drive: Driver, chance: random.Random) -> bytes:
    """Labelled texts."""
    sample = b'{"id": 1, "text": "feed issue", "label": "captive", "ok": ["ert"]}'
    data = b"\n".join(damaged(chance, [sample, sample, *_RECORD_SAMPLES["jsonl"]]) for _ in range(3))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.jsonl"
        path.write_bytes(data)
        _ended(drive("eval", "--errors", path), (0, 1, 5))
    return data


def knowledge(_drive: Driver, chance: random.Random) -> bytes:
    """Knowledge in YAML: it loads, or every fault is told with its line."""
    samples = [
        SMALL.encode(),
        MORE.encode(),
        (SMALL + MORE).encode(),
        *(text.encode()[:3000] for text in (*YAML_SOUND, *YAML_MALFORMED)),
    ]
    data = damaged(chance, samples[:3] * 20 + samples)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "base.yaml").write_text(SMALL, encoding="utf-8")
        (folder / "more.yaml").write_bytes(data)
        try:
            load_knowledge(folder, alone=True)
        except KnowledgeError as fault:
            assert fault.problems
            assert all(problem.line >= 1 and problem.what for problem in fault.problems)
        check_folders([folder])
    return data


_TEXT_SAMPLES = [text.encode("utf-8", "surrogatepass") for text in (*PROBLEMS, *PROBLEMS, *TEXTS)]
_RECORD_SAMPLES: dict[str, list[bytes]] = {
    "txt": _TEXT_SAMPLES,
    "jsonl": [*(json.dumps({"id": n, "text": text, "v": [n]}).encode() for n, text in enumerate(PROBLEMS)),
              *(b'{"text":"feed issue","v":%s}' % value.encode()[:3000] for value in (*JSON_SOUND, *JSON_MALFORMED))],
    "csv": [table.encode()[:3000] for table, _ in TABLES] + [table.encode() for table in NO_TABLES],
    "tsv": [table.replace(",", "\t").encode()[:3000] for table, _ in TABLES],
}  # fmt: skip
TARGETS: dict[str, Callable[[Driver, random.Random], bytes]] = {
    "answer": answer, "batch": batch, "report": report, "labelled": labelled, "knowledge": knowledge,
}  # fmt: skip


def one_round(drive: Driver, target: str, seed: int) -> None:
    """One input for one target. AssertionError or whatever else the program raises."""
    taken = _taken(drive, target, seed)
    if taken >= SLOWEST:  # a busy machine is slow once, an unkind input each time
        taken = _taken(drive, target, seed)
    assert taken < SLOWEST, f"{taken:.1f} s"


def _taken(drive: Driver, target: str, seed: int) -> float:
    began = time.process_time()
    TARGETS[target](drive, random.Random(f"{target} {seed}"))
    return time.process_time() - began


def main(words: list[str]) -> int:
    """Run rounds until the time is over; 1 when one of them failed."""
    how = argparse.ArgumentParser(prog="fuzz.py", description=(__doc__ or "").splitlines()[0])
    how.add_argument("--seconds", type=float, default=60)
    how.add_argument("--seed", type=int, default=int(time.time()))
    how.add_argument("--target", choices=list(TARGETS), action="append")
    how.add_argument("--round", type=int, help="make one round again")
    told = how.parse_args(words)
    targets = told.target or list(TARGETS)
    rounds = dict.fromkeys(targets, 0)
    end = time.monotonic() + told.seconds
    failed = 0
    with pytest.MonkeyPatch.context() as patch:
        drive = Driver(Router(load_knowledge()), patch)
        seed = told.seed if told.round is None else told.round
        while time.monotonic() < end:
            for target in targets:
                try:
                    one_round(drive, target, seed)
                except Exception as fault:
                    failed += 1
                    print(f"{target}: --target {target} --round {seed}: {type(fault).__name__}: {str(fault)[:2000]}", flush=True)
                rounds[target] += 1
            if told.round is not None:
                break
            seed += 1
    print(
        f"seeds {told.seed} to {seed - 1}:",
        ", ".join(f"{count} rounds of {name}" for name, count in rounds.items()),
        f"– {failed} failed",
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
