"""Suites of sound and malformed input for every format that is read, each case with what must become of it.

`rows()` runs them all through the program and counts the wrong accepts and the wrong refusals, beside what the plain
library would have accepted. docs/reliability.md shows the table; a test compares.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog_route import KnowledgeError, Router
from catalog_route.yaml_source import read_yaml
from corpora import (
    ENCODINGS,
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
from naughty import TEXTS

OK, NO = True, False


@dataclass
class Result:
    """What became of one suite; `wrong` names the cases that went otherwise than they must."""

    title: str
    cases: dict[bool, int] = field(default_factory=lambda: {OK: 0, NO: 0})
    wrong: dict[bool, list[str]] = field(default_factory=lambda: {OK: [], NO: []})
    library: str = ""
    library_accepts: int = 0

    def count(self, name: object, must: bool, accepted: bool) -> None:
        """One case: what must be, and what was."""
        self.cases[must] += 1
        if accepted is not must:
            self.wrong[must].append(repr(name)[:80])

    def row(self) -> tuple[str, ...]:
        """The row of the table."""
        beside = f"{self.library_accepts} ({self.library})" if self.library else "–"
        return (self.title, str(self.cases[OK]), str(len(self.wrong[OK])), str(self.cases[NO]), str(len(self.wrong[NO])), beside)


HEADER = ("input", "must be read", "wrongly refused", "must be refused", "wrongly accepted", "accepted by the plain library")

# --- JSON, as the value of a field, in a list and in an object


def json_lines(drive: Driver) -> Result:
    """Each value in three places of a record, all records in one run: a bad one costs one record."""
    result = Result("JSON records", library="json.loads")
    cases = [
        (shape.replace("X", value), must)
        for must, values in ((OK, JSON_SOUND), (NO, JSON_MALFORMED))
        for value in values
        for shape in ('{"text":"feed issue","v":X}', '{"v":[X],"text":"feed issue"}', '{"text":"feed issue","v":{"k":X}}')
        if not (value.strip() == "" and "[X]" in shape)
    ]
    data = "".join(line + "\n" for line, _ in cases).encode("utf-8", "surrogatepass")
    states = [json.loads(line)["status"] for line in drive("batch", "-", "--format", "jsonl", stdin=data).out.splitlines()]
    for (line, must), state in zip(cases, states, strict=True):
        result.count(line[:120], must, state != "rejected")
        result.library_accepts += not must and _accepts(json.loads, line)
    return result


def _accepts(read: Callable[[Any], Any], content: Any) -> bool:
    try:
        read(content)
    except (ValueError, RecursionError, yaml.YAMLError, csv.Error, KeyError, AttributeError, TypeError):
        return False
    return True


# --- YAML, as a whole file


def yaml_files(_drive: Driver) -> Result:
    """Each content as a file of knowledge, read by the reader of knowledge."""
    result = Result("YAML files of knowledge", library="yaml.safe_load")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.yaml"
        for must, contents in ((OK, YAML_SOUND), (NO, YAML_MALFORMED)):
            for content in contents:
                path.write_bytes(content.encode())
                try:
                    accepted = not read_yaml(path, "x.yaml").problems
                except KnowledgeError:
                    accepted = False
                result.count(content[:80], must, accepted)
                if not must and len(content) < 5_000:  # beyond, the plain library overflows its stack
                    result.library_accepts += _accepts(yaml.safe_load, content)
    return result


# --- tables: a header, rows, and for each row whether it is one


def tables(drive: Driver) -> Result:
    """Row by row; a table without a usable header counts as one case."""
    result = Result("rows of tables", library="csv.reader")
    for content, marks in (*((table, marks) for table, marks in TABLES), *((table, "") for table in NO_TABLES)):
        ran = drive("batch", "-", "--format", "tsv" if "\t" in content else "csv", stdin=content.encode())
        states = [json.loads(line)["status"] for line in ran.out.splitlines()]
        if not marks:
            result.count(content, NO, bool(states))
            result.library_accepts += _accepts(_csv, content)
            continue
        if len(states) != len(marks):
            states = ["lost"] * len(marks)
        for mark, state in zip(marks, states, strict=True):
            result.count(content[:60], mark == "+", state not in ("rejected", "lost"))
        if "-" in marks:
            result.library_accepts += marks.count("-") if _accepts(_csv, content) else 0
    return result


def _csv(content: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content, newline="")))


# --- reports: what is read to its end is exit 0, all else exit 5 and one line


def reports(drive: Driver) -> Result:
    """Each content as a report on standard input."""
    result = Result("reports of Amazon")
    for must, contents in ((OK, REPORTS_SOUND), (NO, REPORTS_MALFORMED)):
        for content in contents:
            ran = drive("report", "-", stdin=content)
            result.count(content[:80], must, ran.code == 0)
    return result


# --- encodings: the same twenty problems in each; refused is whatever is answered otherwise than in UTF-8


def encodings(drive: Driver) -> Result:
    """The same texts as lines of a batch in each encoding."""
    result = Result("encodings (20 problems in each)")

    def answers(data: bytes) -> list[tuple[Any, ...]]:
        lines = drive("batch", "-", "--format", "txt", stdin=data).out.splitlines()
        return [(r["text"], r["recommended"], r["signals"]) for r in map(json.loads, lines)]

    text = "\n".join(PROBLEMS)
    right = answers(text.encode())
    for name, encode in ENCODINGS.items():
        for one, other in zip(right, answers(encode(text)), strict=True):
            result.count((name, one), OK, one == other)
    return result


def naughty(drive: Driver) -> Result:
    """Every naughty text on the command line, on a pipe and as a record: answered, with the text unchanged in the JSON."""
    result = Result("naughty texts (three ways in)")
    for text in TEXTS:
        document = json.loads(drive("route", "--json", "--", text).out)
        result.count(text, OK, document["text"] == text)
        data = text.encode("utf-8", "surrogatepass")
        with contextlib.suppress(UnicodeDecodeError):
            data.decode()
            if text.strip():
                result.count(text, OK, json.loads(drive("--json", "-", stdin=data).out)["text"] == text.removeprefix("\ufeff"))
    lines = [json.dumps({"text": text}) for text in TEXTS]
    out = drive("batch", "-", "--format", "jsonl", stdin="\n".join(lines).encode()).out.splitlines()
    for text, line in zip(TEXTS, out, strict=True):
        result.count(text, not text.isspace(), json.loads(line)["status"] != "rejected" and json.loads(line)["text"] == text)
    return result


SUITES = (json_lines, yaml_files, tables, reports, encodings, naughty)


def results(router: Router) -> Iterator[Result]:
    """The result of every suite."""
    with pytest.MonkeyPatch.context() as patch:
        drive = Driver(router, patch)
        for suite in SUITES:
            yield suite(drive)
