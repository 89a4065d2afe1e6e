"""Many texts in one stream: one record out for each record in, in order, whatever the input is and wherever it ends."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_route import Router
from catalog_route.batch import REJECTED, Answer, Brief, Work, brief, in_brief, run, run_parallel
from catalog_route.batch_output import OURS, CsvWriter, JsonWriter, NoWriter, Writer, own_name
from catalog_route.cells import unsafe
from catalog_route.counts import Counts
from catalog_route.recognising import names_ahead, open_records
from catalog_route.records import Record
from catalog_route.streaming import whole_lines
from catalog_route.workers import Pool, cores

TEXTS = ["feed issue", "page locked by Brand Registry", "hello", "case re-opened 4 times, feed error 8541", "Größe 😀 falsch"]
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12)
ODD_NAMES = [*sorted(OURS), "input.line", "input.input.line", "id", "", "=x", "text_escaped", "more"]
NAMES = st.sampled_from(ODD_NAMES) | st.text(max_size=6)
OWN = st.dictionaries(NAMES.filter(lambda name: name != "text"), VALUES | st.lists(VALUES, max_size=2), max_size=5)
ACTING = [*"=+-@\t\r\n'＝＋－＠\"", " =", "''"]
CELLS = st.text(max_size=12) | st.builds(str.__add__, st.sampled_from(ACTING), st.text(max_size=5))


class Plain:
    """A router that costs nothing: the length of a text decides. A text with `!` in it is its downfall."""

    known = SimpleNamespace(destination=lambda ident: SimpleNamespace(group=ident))

    def decide(self, text: str) -> tuple[None, Any]:
        if "!" in text:
            raise RecursionError("too much")
        there = None if len(text) % 5 == 0 else f"desk{len(text) % 3}"
        return None, SimpleNamespace(findings=[], history=[], destination=there, start=there, confidence="high")


PLAIN = cast(Router, Plain())


def worked(
    router: Router, data: bytes, kind: Any, writer: Writer | None = None, *, full: bool = False, sizes: tuple[int, ...] = ()
) -> tuple[str, Counts]:
    """The whole output of some bytes."""
    source = io.BytesIO(data)
    left = iter(sizes)
    parser, blocks = open_records(whole_lines(lambda: source.read(next(left, 1000))), kind, None)
    out, counts = "", Counts()
    for done in run(Work(router, parser, writer or JsonWriter(), full=full), blocks, lambda: False):
        out += done.output
        counts.add(done.counts)
    return out, counts


def strict(text: str) -> list[dict[str, Any]]:
    """Lines of JSON that is JSON: no NaN, nothing but ASCII."""
    assert text.isascii()
    assert not text or text.endswith("\n")

    def refuse(name: str) -> Any:
        raise AssertionError(name)

    return [json.loads(line, parse_constant=refuse) for line in text.split("\n")[:-1]]


def lines(texts: list[str]) -> bytes:
    return "".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(texts)).encode()


# One record out for each record in


@given(st.lists(st.sampled_from(TEXTS) | st.text(min_size=1, max_size=30).filter(lambda text: not text.isspace()), max_size=6))
@FEW
def test_a_batch_is_the_map_of_its_texts(router: Router, texts: list[str]) -> None:
    records = strict(worked(router, lines(texts), "jsonl")[0])
    assert [record["id"] for record in records] == list(range(len(texts)))
    for record, text in zip(records, texts, strict=True):
        answer = brief(router, text)._asdict()
        assert {name: record[name] for name in answer} == {**answer, "signals": list(answer["signals"])}
        assert (record["text"], record["error"]) == (text, None)


@given(st.permutations(TEXTS))
@FEW
def test_other_order_in_other_order_out(router: Router, texts: list[str]) -> None:
    def by_text(order: list[str]) -> dict[str, Any]:
        records = strict(worked(router, lines(order), "jsonl")[0])
        return {record["text"]: {**record, "line": 0, "id": 0} for record in records}

    assert by_text(texts) == by_text(TEXTS)


@pytest.mark.parametrize("text", TEXTS)
def test_all_formats_give_the_same_answer(router: Router, text: str) -> None:
    outs = [
        worked(router, text.encode(), "txt"),
        worked(router, json.dumps({"text": text}).encode(), "jsonl"),
        worked(router, f'text\n"{text}"'.encode(), "csv"),
        worked(router, f"text\n{text}".encode("utf-16"), "tsv"),
    ]
    records = [strict(out)[0] for out, _ in outs]
    assert all({**record, "line": 1} == records[0] for record in records)


def test_a_plain_issue_is_routed(router: Router) -> None:
    (record,) = strict(worked(router, b"feed issue", "txt")[0])
    assert (record["status"], record["recommended"], record["group"]) == ("routed", "captive", "captive")


def test_whole_documents_are_those_of_the_router(router: Router) -> None:
    for record, text in zip(strict(worked(router, lines(TEXTS), "jsonl", full=True)[0]), TEXTS, strict=True):
        document = json.loads(router.route(text).to_json())
        assert {name: record[name] for name in document} == document
        assert set(record) - set(document) == {"line", "id", "error"}


@given(st.binary(max_size=400), st.sampled_from(["txt", "jsonl"]), st.lists(st.integers(1, 9), max_size=40))
def test_nothing_is_lost(data: bytes, kind: str, sizes: list[int]) -> None:
    """Lines = routed + unclear + rejected + blank, and the counts are those of the output."""
    data = b"start\n" + data.replace(b"\0", b"!")
    out, counts = worked(PLAIN, data, kind, sizes=(6, *sizes))
    records = strict(out)
    assert counts.read == counts.routed + counts.unclear + counts.rejected == len(records)
    assert counts.read + counts.blank == data.count(b"\n") + (not data.endswith(b"\n"))
    found = [record["status"] for record in records]
    assert [counts.routed, counts.unclear, counts.rejected] == [found.count(s) for s in ("routed", "unclear", "rejected")]
    assert [record["line"] for record in records] == sorted({record["line"] for record in records})
    assert all((record["status"] == "rejected") == (record["error"] is not None) for record in records)


def test_one_bad_text_costs_one_record() -> None:
    out, counts = worked(PLAIN, lines(["fine", "bad!", "fine"]), "jsonl")
    records = strict(out)
    assert [record["status"] for record in records] == ["routed", "rejected", "routed"]
    assert records[1]["error"] == "cannot be routed: RecursionError: too much"
    assert (records[1]["id"], records[1]["text"], counts.rejected) == (1, "bad!", 1)


@pytest.mark.parametrize("full", [False, True])
def test_a_text_that_is_too_long_costs_one_record(router: Router, full: bool) -> None:
    records = strict(worked(router, lines(["feed issue", "x" * 100_001, "feed issue"]), "jsonl", full=full)[0])
    assert [record["status"] for record in records] == ["routed", "rejected", "routed"]
    assert "100001 characters" in records[1]["error"]


# The caller's own fields


@given(st.lists(OWN, max_size=4), st.booleans(), st.sampled_from([None, (",", ":")]))
def test_own_fields_are_kept_under_their_names(objects: list[dict[str, Any]], ascii_only: bool, separators: Any) -> None:
    """Names of ours get `input.` in front; taking one away always gives the caller's name again."""
    data = "\n".join(json.dumps({**own, "text": "feed"}, ensure_ascii=ascii_only, separators=separators) for own in objects)
    records = strict(worked(PLAIN, data.encode("utf-8", "surrogatepass"), "jsonl")[0])
    assert len(records) == len(objects)
    for record, own in zip(records, objects, strict=True):
        theirs = {name: value for name, value in record.items() if name not in OURS}
        assert {name.removeprefix("input."): value for name, value in theirs.items()} == {**own, "text": "feed"}
        assert set(record) >= OURS - {"input"}


@given(st.lists(NAMES, unique=True))
def test_own_names_stay_apart(names: list[str]) -> None:
    assert len({own_name(name) for name in names} | OURS) == len(names) + len(OURS)


def test_own_values_are_written_as_they_stood() -> None:
    """Down to the digits of numbers, without what could act on a terminal, on one line."""
    data = '\t{"id": 1.10,\r"n": 0.10000000000000000555, "e": 1E2, "s": "\x7f\x85\u2028\U0001f600\\u0041", "text": "a"}\r\n'
    out, _ = worked(PLAIN, data.encode(), "jsonl")
    assert '"id": 1.10, "n": 0.10000000000000000555, "e": 1E2, "s": "\\u007f\\u0085\\u2028\\ud83d\\ude00\\u0041"' in out
    assert out.isprintable() or out[:-1].isprintable()
    assert strict(out)[0]["s"] == "\x7f\x85\u2028\U0001f600A"


def test_own_text_is_not_repeated_in_whole_documents(router: Router) -> None:
    data = b'{"text": "feed issue", "path": "own", "input.x": 1}\n{"message": "feed issue"}\n{"text": 5}'
    first, second, third = strict(worked(router, data, "jsonl", full=True)[0])
    assert (first["text"], first["input.path"], first["input.input.x"], "input.text" in first) == ("feed issue", "own", 1, False)
    assert (second["text"], second["message"]) == ("feed issue", "feed issue")
    assert (third["text"], third["status"]) == (5, "rejected")


def test_rejected_records_show_what_they_were() -> None:
    out, _ = worked(PLAIN, b'{"id": 7}\nnonsense \xff\n{}', "jsonl")
    first, second, third = strict(out)
    assert (first["id"], first["error"], "input" in first) == (7, 'no text field; it has "id"', False)
    assert (second["input"], second["line"]) == ("nonsense ÿ", 2)
    assert third["input"] == "{}"


def test_lone_surrogates_come_out_as_they_came_in() -> None:
    out, _ = worked(PLAIN, b'{"id": "\\udfff", "text": "\\ud800 feed"}', "jsonl")
    assert '"id": "\\udfff"' in out
    assert strict(out)[0]["text"] == "\ud800 feed"


def test_the_brief_record_is_the_documented_one() -> None:
    fields = set(Brief.__dataclass_fields__)
    assert fields == OURS
    (record,) = strict(worked(PLAIN, b"feed", "txt")[0])
    assert set(record) == fields - {"input"} | {"text"}
    assert list(record) == ["line", "text", *Answer._fields, "error"]


# CSV out


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@given(st.lists(st.tuples(CELLS, CELLS), max_size=4))
def test_defused_csv_gives_every_cell_back(cells: list[tuple[str, str]]) -> None:
    writer = CsvWriter(("a", "text"))
    out = writer.head + "".join(
        writer.line(Record(number, text, {"a": a, "text": text}), Answer("unclear", None, None, None, "low", ()))
        for number, (a, text) in enumerate(cells, 1)
    )
    header, *body = rows(out)
    assert header == ["line", "a", "text", *Answer._fields, "error", "input", "text_escaped"]
    assert [(unsafe(row[1]), unsafe(row[2])) for row in body] == cells
    for row, (a, text) in zip(body, cells, strict=True):
        assert row[-1] == ("yes" if (row[1], row[2]) != (a, text) else "no")
        assert not any(cell.lstrip(" \u00a0\u3000\ufeff\u200b\0")[:1] in tuple("=+-@\t\r\n＝＋－＠") for cell in row)


@given(st.lists(st.dictionaries(st.sampled_from(["id", "text", "a", "=b", "status"]), VALUES, max_size=4), max_size=5))
def test_csv_of_json_lines_keeps_every_field(objects: list[dict[str, Any]]) -> None:
    """The first record gives the columns; what others have beside them stands in `more`."""
    data = "".join(json.dumps(own) + "\n" for own in objects).encode()
    source = io.BytesIO(data)
    parser, blocks = open_records(whole_lines(lambda: source.read(50)), "jsonl", None)
    names, blocks = names_ahead(parser, blocks)
    writer = CsvWriter(names, loose=True)
    body = rows(writer.head + "".join(done.output for done in run(Work(PLAIN, parser, writer), blocks, lambda: False)))[1:]
    assert len(body) == len(objects)
    assert names == next((tuple(own) for own in objects if own), ())
    for row, own in zip(body, objects, strict=True):
        more = json.loads(unsafe(row[1 + len(names)]) or "{}")
        assert more == {name: value for name, value in own.items() if name not in names}
        for name, cell in zip(names, row[1:], strict=False):
            value = own.get(name)
            assert unsafe(cell) == ("" if value is None else value if isinstance(value, str) else json.dumps(value))


def test_csv_names_that_are_ours_are_kept_apart() -> None:
    writer = CsvWriter(("status", "more", "=x"))
    assert rows(writer.head)[0][1:4] == ["input.status", "input.more", "'=x"]


# Several processes


@pytest.mark.parametrize("workers", [1, 3])
def test_workers_change_nothing(workers: int) -> None:
    texts = [f"text {number}" + "!" * (number % 7 == 0) + "x" * (number % 11) for number in range(400)]
    data = lines(texts) + b"nonsense\n\n"
    expected, counts = worked(PLAIN, data, "jsonl")
    source = io.BytesIO(data)
    parser, blocks = open_records(whole_lines(lambda: source.read(700)), "jsonl", None)
    out, total = "", Counts()
    with Pool(Work(PLAIN, parser, JsonWriter()), workers) as pool:
        for done in run_parallel(pool, blocks, lambda: False, lambda: True):
            out += done.output
            total.add(done.counts)
    assert (out, total) == (expected, counts)


class Instant:
    """A pool that works at once, and remembers the most that was under way."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.under_way = self.peak = 0

    def submit(self, block: str) -> Any:
        self.under_way += 1
        self.peak = max(self.peak, self.under_way)

        def result() -> str:
            self.under_way -= 1
            return block

        return SimpleNamespace(result=result)


@given(st.lists(st.text(max_size=3)), st.integers(1, 5), st.lists(st.booleans()))
def test_blocks_stay_in_order_and_few_are_under_way(blocks: list[str], most: int, ready: list[bool]) -> None:
    pool = Instant(most)
    waiting = iter(ready)
    assert list(run_parallel(cast(Pool, pool), iter(blocks), lambda: False, lambda: next(waiting, True))) == cast(Any, blocks)
    assert pool.peak <= most


def test_what_is_under_way_comes_out_before_more_input_is_awaited() -> None:
    """A slow source gets each answer before it has sent the next text."""
    seen: list[str] = []

    def slow() -> Iterator[str]:
        for block in "abc":
            assert seen == list("abc"[: "abc".index(block)])
            yield block

    for done in run_parallel(cast(Pool, Instant(4)), slow(), lambda: False, lambda: False):
        seen.append(cast(str, done))
    assert seen == list("abc")


def test_when_stopped_what_is_under_way_is_finished() -> None:
    stopped: list[bool] = []
    out = []
    for done in run_parallel(cast(Pool, Instant(3)), iter("abcdef"), lambda: bool(stopped), lambda: True):
        out.append(done)
        stopped.append(True)
    assert out == cast(Any, ["a", "b", "c"])


def test_an_interrupt_while_reading_finishes_what_is_under_way() -> None:
    def broken() -> Iterator[str]:
        yield "a"
        raise KeyboardInterrupt

    assert list(run_parallel(cast(Pool, Instant(3)), broken(), lambda: False, lambda: True)) == cast(Any, ["a"])


def test_input_that_broke_took_what_workers_had_finished_with_it() -> None:
    def broken() -> Iterator[str]:
        yield from "abc"
        raise OSError("gone")

    seen = []
    with pytest.raises(OSError, match="gone"):
        for done in run_parallel(cast(Pool, Instant(9)), broken(), lambda: False, lambda: True):
            seen.append(cast(str, done))
    assert seen == list("abc")


def test_cores_are_counted() -> None:
    assert cores() >= 1


def test_counting_alone_writes_nothing() -> None:
    out, counts = worked(PLAIN, lines(TEXTS), "jsonl", NoWriter())
    assert (out, counts.read) == ("", len(TEXTS))


MEMORY = """
import io, resource, sys
from tests_batch import PLAIN, JsonWriter, Work, open_records, run, whole_lines
count = int(sys.argv[1])
numbers = iter(range(count))
def read():
    return "".join(f'{{"id": {n}, "text": "text number {n} of many"}}\\n' for _, n in zip(range(300), numbers)).encode()
parser, blocks = open_records(whole_lines(read), "jsonl", None)
total = 0
for done in run(Work(PLAIN, parser, JsonWriter()), blocks, lambda: False):
    total += done.counts.read
assert total == count, total
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_input(tmp_path: Path) -> None:
    (tmp_path / "tests_batch.py").write_bytes(Path(__file__).read_bytes())
    peaks = []
    for count in (10_000, 200_000):
        words = [sys.executable, "-c", MEMORY, str(count)]
        peaks.append(int(subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, timeout=60).stdout))
    assert peaks[1] - peaks[0] < 5_000, peaks


def test_what_is_remembered_has_a_limit_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    record = Record(1, "x", {"a": 1}, '{"a": 1}')
    answer = Answer("routed", "ert", "ert", "captive", "high", ("s",))
    want = JsonWriter().line(record, answer)
    monkeypatch.setattr("catalog_route.batch_output._MOST_KEPT", 0)
    writer = JsonWriter()
    assert [writer.line(record, answer), writer.line(record, answer)] == [want, want]
    assert (writer._tails, writer._free) == ({}, {})


def test_whole_documents_are_never_rows() -> None:
    with pytest.raises(NotImplementedError):
        CsvWriter(("text",)).document(Record(1, "x", {}), {})
    assert NoWriter().document(Record(1, "x", {}), {}) == NoWriter().line(Record(1, "x", {}), REJECTED) == ""


def test_stopped_a_block_is_not_worked_on_further() -> None:
    class Lined:
        names = ("text",)

        def records(self, block: Any, counts: Counts) -> Iterator[Record]:
            return (Record(number, None, {}, "x", "bad") for number in range(1, 6))

    work = Work(None, Lined(), JsonWriter())  # type: ignore[arg-type]
    assert work("block", lambda: True).counts.rejected == 1
    assert [done.counts.rejected for done in run(work, iter(["a", "b"]), lambda: True)] == [1]


# Found by changing the code: nobody noticed


def test_brief_answers_say_what_the_router_says(router: Router) -> None:
    assert brief(router, "asdf")[:5] == ("unclear", None, None, None, router.route("asdf").confidence)
    case = "flat file rejected with error 8541, case re-opened 4 times"
    assert brief(router, case)[:4] == ("routed", "ert", "ert", "captive")
    for text in ("asdf", case, "page locked by Brand Registry"):
        assert brief(router, text) == in_brief(router.route(text))


def test_every_cell_of_a_csv_row_is_what_it_should_be() -> None:
    writer = CsvWriter(("id",))
    head, *lines = [
        next(csv.reader([line]))
        for line in (
            writer.head,
            writer.line(Record(1, "x", {"id": "a"}), Answer("routed", "ert", "ert", "captive", "high", ("s", "t"))),
            writer.line(Record(2, "x", {"id": "a"}), Answer("unclear", None, None, None, "low", ())),
            writer.line(Record(3, None, {"id": "b"}, "raw", "bad"), REJECTED),
            writer.line(Record(4, None, {}, "raw", "bad"), REJECTED),
        )
    ]
    assert head == [
        "line", "id", "status", "recommended", "group", "start_with", "confidence", "signals", "error", "input", "text_escaped",
    ]  # fmt: skip
    assert lines == [
        ["1", "a", "routed", "ert", "ert", "captive", "high", "s t", "", "", "no"],
        ["2", "a", "unclear", "", "", "", "low", "", "", "", "no"],
        ["3", "b", "rejected", "", "", "", "", "", "bad", "", "no"],
        ["4", "", "rejected", "", "", "", "", "", "bad", "raw", "no"],
    ]
