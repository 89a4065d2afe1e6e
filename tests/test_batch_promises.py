"""Every promise of `catalog-route batch`, kept by the command itself: words on the command line in, files and streams out."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from catalog_route import Router
from catalog_route.batch import Answer, brief
from catalog_route.cells import unsafe

TEXTS = ["feed issue", "page locked by Brand Registry", "hello", "case re-opened 4 times, feed error 8541", '=lost units, "FBA"']


class Ran(NamedTuple):
    """What a call did."""

    code: int
    out: str
    err: str

    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Batch = Callable[..., Ran]


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    """Calls `catalog-route batch` in a folder of its own."""

    def call(*words: str, stdin: bytes = b"") -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "catalog_route", "batch", *words], input=stdin, cwd=tmp_path, capture_output=True, check=False,
            timeout=120,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return call


def as_lines(texts: Sequence[str]) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()


def as_json(texts: Sequence[str], name: str = "text") -> bytes:
    return "".join(json.dumps({"id": f"c{at}", name: text}) + "\n" for at, text in enumerate(texts)).encode()


def as_table(texts: Sequence[str], delimiter: str) -> bytes:
    paper = io.StringIO(newline="")
    table = csv.writer(paper, delimiter=delimiter)
    table.writerows([("id", "text"), *((f"c{at}", text) for at, text in enumerate(texts))])
    return paper.getvalue().encode()


FORMS = {"txt": as_lines(TEXTS), "jsonl": as_json(TEXTS), "csv": as_table(TEXTS, ","), "tsv": as_table(TEXTS, "\t")}


def answers(records: list[dict[str, Any]]) -> list[Answer]:
    return [Answer(**{**{name: each[name] for name in Answer._fields}, "signals": tuple(each["signals"])}) for each in records]


# --- what goes in


@pytest.mark.parametrize("kind", FORMS)
def test_every_format_is_recognised_by_name_and_by_first_line_and_can_be_told(
    batch: Batch, router: Router, tmp_path: Path, kind: str
) -> None:
    (tmp_path / f"log.{kind}").write_bytes(FORMS[kind])
    by_name = batch(f"log.{kind}")
    by_line = batch("-", stdin=FORMS[kind])
    told = batch("-", "--format", kind, stdin=FORMS[kind])
    assert by_name.out == by_line.out == told.out
    assert answers(told.records()) == [brief(router, text) for text in TEXTS]
    assert f"read as {kind}" in by_line.err
    assert (by_name.code, by_line.code, told.code) == (0, 0, 0)


def test_what_is_told_counts_more_than_what_could_be_recognised(batch: Batch) -> None:
    ran = batch("-", "--format", "txt", stdin=FORMS["jsonl"])
    assert [record["text"] for record in ran.records()] == FORMS["jsonl"].decode().splitlines()


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_the_field_that_holds_the_text_can_be_told(batch: Batch, kind: str) -> None:
    """Without it the field called `text` would be taken."""
    data = {"jsonl": b'{"text": "hello", "what": "feed issue"}\n', "csv": b"text,what\nhello,feed issue\n"}[kind]
    told, guessed = (batch("-", *words, stdin=data).records() for words in (["--text-field", "what"], []))
    assert [each["recommended"] for each in (*told, *guessed)] == ["captive", None]


# --- what comes out


def test_own_fields_and_ids_are_kept_and_the_order_too(batch: Batch) -> None:
    own = [{"id": n, "nested": {"a": [n]}, "text": TEXTS[n % 5], "status": "mine"} for n in range(40)]
    records = batch("-", stdin="".join(json.dumps(each) + "\n" for each in own).encode()).records()
    assert [(each["id"], each["nested"], each["text"]) for each in records] == [(n, {"a": [n]}, TEXTS[n % 5]) for n in range(40)]
    assert {each["input.status"] for each in records} == {"mine"}
    assert [each["line"] for each in records] == list(range(1, 41))


def test_brief_by_default_and_whole_documents_when_asked_for(batch: Batch, router: Router) -> None:
    short, whole = batch("-", stdin=FORMS["jsonl"]).records(), batch("-", "--full", stdin=FORMS["jsonl"]).records()
    assert set(short[0]) == {"line", "id", "text", *Answer._fields, "error"}
    for record, text in zip(whole, TEXTS, strict=True):
        document = json.loads(router.route(text).to_json())
        assert {name: record[name] for name in document} == document


def test_csv_out_has_no_acting_cell_and_gives_every_text_back(batch: Batch) -> None:
    ran = batch("-", "--to", "csv", stdin=FORMS["csv"])
    header, *rows = csv.reader(io.StringIO(ran.out, newline=""), strict=True)
    place, escaped = header.index("text"), header.index("text_escaped")
    assert [unsafe(row[place]) for row in rows] == TEXTS
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert [row[escaped] for row in rows] == ["no", "no", "no", "no", "yes"]


@pytest.mark.parametrize(("name", "first"), [("out.jsonl", '{"line": 1,'), ("out.csv", '"line",')])
def test_output_into_a_file_whose_ending_tells_the_format(batch: Batch, tmp_path: Path, name: str, first: str) -> None:
    (tmp_path / name).write_text("old", encoding="utf-8")
    ran = batch("-", "-o", name, stdin=FORMS["txt"])
    assert (ran.code, ran.out) == (0, "")
    assert (tmp_path / name).read_text("utf-8").startswith(first)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_workers_change_no_byte(batch: Batch) -> None:
    data = as_json([f"{text} {number}" for number in range(300) for text in TEXTS]) + b"nonsense\n"
    outs = {batch("-", "--workers", number, stdin=data).out for number in ("1", "2", "0")}
    assert len(outs) == 1
    assert outs.pop().count("\n") == 1501


# --- nothing is lost


def test_a_bad_record_comes_out_with_its_error_and_line_number(batch: Batch) -> None:
    ran = batch("-", "--format", "jsonl", stdin=b'{"text": "feed issue"}\n{"text": 5}\n\nnonsense\n{"text": "feed issue"}\n')
    records = ran.records()
    assert [each["line"] for each in records] == [1, 2, 4, 5]
    assert [each["status"] for each in records] == ["routed", "rejected", "rejected", "routed"]
    assert [bool(each["error"]) for each in records] == [False, True, True, False]
    assert records[2]["input"] == "nonsense"
    assert ran.code == 5


def test_the_summary_adds_up_and_counts_by_destination(batch: Batch) -> None:
    ran = batch("-", stdin=FORMS["jsonl"] + b"nonsense\n")
    records = ran.records()
    found = {kind: sum(each["status"] == kind for each in records) for kind in ("routed", "unclear", "rejected")}
    assert f"6 read = {found['routed']} routed + {found['unclear']} unclear + {found['rejected']} rejected" in ran.err
    for name in {each["recommended"] for each in records} - {None}:
        assert f"{name} {sum(each['recommended'] == name for each in records)}" in ran.err


def test_a_summary_alone_is_a_table_with_bars(batch: Batch) -> None:
    ran = batch("-", "--summary", stdin=FORMS["jsonl"])
    bars = [line for line in ran.out.splitlines() if "█" in line or "#" in line]
    assert "{" not in ran.out
    assert len(bars) >= 4
    assert all("%" in line for line in bars)


def test_progress_and_talk_never_mix_with_the_output(batch: Batch) -> None:
    """In a pipe there is no progress at all, however long it takes."""
    ran = batch("-", stdin=as_json(TEXTS * 100))
    assert len(ran.records()) == 500
    assert "\x1b" not in ran.out + ran.err
    assert ran.err.count("\n") == 2
