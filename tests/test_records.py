"""Bytes → records: nothing lost, nothing swallowed, one bad record costs one record, however the bytes arrive."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_route.counts import Counts
from catalog_route.recognising import by_line, by_name, open_records
from catalog_route.records import DEEPEST, JsonParser, Record, parse_json, text_name
from catalog_route.streaming import KEEP, LONGEST, whole_lines
from catalog_route.tables import TableError

TEXTS = st.text(max_size=40)
# What can stand in one line and is a text: no line feed, and something to see in it.
LETTERS = st.characters(codec="utf-8", exclude_characters="\n\r\0\ufeff")
LINES = st.text(LETTERS, min_size=1, max_size=40).filter(lambda text: not text.isspace())
CUTS = st.lists(st.integers(1, 50), max_size=30)


def reads(data: bytes, sizes: Iterable[int] = ()) -> Callable[[], bytes]:
    """Gives the data in reads of these sizes, the rest at once."""

    def pieces() -> Iterator[bytes]:
        at = 0
        for size in sizes:
            if at < len(data):
                yield data[at : at + size]
            at += size
        if at < len(data):
            yield data[at:]

    left = pieces()
    return lambda: next(left, b"")


def read(
    data: bytes, kind: Any, field: str | None = None, encoding: str | None = None, sizes: Iterable[int] = ()
) -> tuple[list[Record], Counts]:
    """All records of some bytes."""
    counts = Counts()
    parser, blocks = open_records(whole_lines(reads(data, sizes), encoding), kind, field)
    return [record for block in blocks for record in parser.records(block, counts)], counts


def texts(data: bytes, kind: Any = "txt", **how: Any) -> list[str | None]:
    return [record.text for record in read(data, kind, **how)[0]]


def errors(data: bytes, kind: Any, **how: Any) -> list[str | None]:
    return [record.error for record in read(data, kind, **how)[0]]


# Plain lines


def test_a_line_is_a_text_and_keeps_its_number() -> None:
    records, counts = read(b"one\r\n\n  \ntwo", "txt")
    assert [(record.line, record.text) for record in records] == [(1, "one"), (4, "two")]
    assert counts.blank == 2


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1e", "\r", "\0"])
def test_only_a_line_feed_ends_a_line(sign: str) -> None:
    text = f"feed{sign}error"
    assert texts(f"{text}\n{text}".encode()) == [text, text]
    assert texts(json.dumps({"text": text}, ensure_ascii=False).replace("\0", "\\u0000").encode(), "jsonl") in ([text], [None])


@given(st.lists(LINES), CUTS)
def test_lines_do_not_depend_on_how_they_arrive(lines: list[str], sizes: list[int]) -> None:
    data = "\n".join(lines).encode()
    assert texts(data, sizes=sizes) == texts(data) == lines


@given(st.binary(max_size=300), CUTS, st.sampled_from(["txt", "jsonl"]))
def test_any_bytes_give_as_many_records_as_lines_that_are_not_blank(data: bytes, sizes: list[int], kind: str) -> None:
    """And a mark or NULs that speak for UTF-16 set aside, which change what a line is."""
    data = b"start\n" + data.replace(b"\0", b"0")
    records, counts = read(data, kind, sizes=[6, *sizes])
    assert len(records) + counts.blank == len(data.split(b"\n")) - data.endswith(b"\n")
    assert [record.line for record in records] == sorted({record.line for record in records})


SAMPLES = ["feed issue – “fehlerhaft”", "Größe é falsch", "brand registry", "case 4 €"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_every_encoding_gives_the_same_texts(encoding: str, size: int) -> None:
    data = "\n".join(SAMPLES).encode(encoding)
    assert texts(data, sizes=[size] * len(data)) == SAMPLES
    table = "\r\n".join(["id,text", *(f"{n},{text}" for n, text in enumerate(SAMPLES))]).encode(encoding)
    assert texts(table, "csv", sizes=[size] * len(table)) == SAMPLES


@pytest.mark.parametrize("encoding", ["cp932", "latin-1", "utf-16-le", "utf-8", "utf-8-sig"])
def test_a_told_encoding_counts(encoding: str) -> None:
    text = "出品 feed" if encoding != "latin-1" else "Größe"
    assert texts(text.encode(encoding), encoding=encoding, sizes=[1] * 30) == [text]
    assert texts("\ufefftext\nx".encode("utf-8"), "csv", encoding="utf-8") == ["x"]


def test_a_line_that_is_not_utf8_costs_only_its_own_accents() -> None:
    records, counts = read("é ä\n".encode() + "é “ä”\n".encode("cp1252") + "é".encode() + b"\n\xe2\x82", "txt")
    assert [record.text for record in records] == ["é ä", "é “ä”", "é", "â‚"]
    assert (counts.odd, counts.first_odd) == (2, 2)


DAMAGED = [b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\xe2\x82", b"\x81\x8d", b"\xff\xfea", b"\xfe\xff\xd8\x00"]


@pytest.mark.parametrize("raw", DAMAGED)
def test_damaged_bytes_are_no_crash(raw: bytes) -> None:
    for kind in ("txt", "jsonl"):
        read(raw, kind)
        read(raw + b"\nnext", kind)


def test_lone_surrogates_survive() -> None:
    assert texts(b"\xed\xa0\x80 feed") == ["\ud800 feed"]
    assert texts("\ud800 feed".encode("utf-16", "surrogatepass")) == ["\ud800 feed"]
    assert texts(b'{"text": "\\ud800 feed"}', "jsonl") == ["\ud800 feed"]


# Limits


@pytest.mark.parametrize("kind", ["txt", "jsonl", "csv"])
@pytest.mark.parametrize("size", [1 << 16, 1 << 19])
def test_a_line_beyond_the_limit_costs_one_record(kind: str, size: int) -> None:
    good = b'{"text": "a"}' if kind == "jsonl" else b"a"
    head = [b"text"] if kind == "csv" else []
    data = b"\n".join([*head, good, b"x" * (LONGEST + 1), good])
    records, _ = read(data, kind, sizes=[size] * 40)
    assert [record.text for record in records] == ["a", None, "a"]
    assert [record.line for record in records] == [len(head) + n for n in (1, 2, 3)]
    assert f"{LONGEST + 1} bytes" in (records[1].error or "")
    assert records[1].raw == "x" * 200


@given(st.integers(-2, 2), st.integers(1, 5))
@settings(max_examples=20)
def test_the_limit_does_not_depend_on_the_reads(over: int, size: int) -> None:
    data = b"x" * (LONGEST + over) + b"\ny"
    found = texts(data, sizes=[size * 100_000] * 20)
    assert [text is None for text in found] == [over > 0, False]
    assert texts(data) == found
    assert [text is None for text in texts(data[: LONGEST + over])] == [over > 0]


def test_endless_input_without_a_line_end_takes_no_memory() -> None:
    calls = iter(range(3000))
    blocks = whole_lines(lambda: b"\0" * 65536 if next(calls, None) is not None else b"")
    assert sum(len(block.data) for block in blocks) < 1000


# JSON lines

BAD = {
    '{"text": NaN}': "NaN is not JSON",
    '{"text": "a", "n": -Infinity}': "-Infinity is not JSON",
    '{"text": "a", "n": 1e999}': "too large",
    '{"text": "a", "n": ' + "9" * 5000 + "}": "5000 digits",
    '{"text": "a", "text": "b"}': '"text" stands twice',
    '{"text": "a", "n": {"b": 1, "b": 2}}': '"b" stands twice',
    '{"text": 5}': "not a string",
    '{"text": null}': "not a string",
    '{"text": ["a"]}': "not a string",
    '{"text": ""}': "blank",
    '{"text": " \\t\\u00a0"}': "blank",
    '{"id": 5}': 'no text field; it has "id"',
    "{}": "no text field; it has no fields",
    "[1]": "not a JSON object",
    "7": "not a JSON object",
    "null": "not a JSON object",
    '"text"': "not a JSON object",
    '{"text": "a"': "not JSON",
    '{"text": "a"} x': "not JSON",
    "{'text': 'a'}": "not JSON",
    '{"text": "a\tb"}': "not JSON",
    '{"text": "a", "n": ' + "[" * 5000 + "]" * 5000 + "}": "nested deeper",
    "[" * 100_000: "nested deeper",
    '{"a":' * 70 + "1" + "}" * 70: "nested deeper",
}


@pytest.mark.parametrize("line", BAD, ids=[line[:24] for line in BAD])
def test_bad_json_costs_one_record(line: str) -> None:
    good = '{"id": "x", "text": "feed issue"}'
    records, _ = read("\n".join([good, line, good]).encode(), "jsonl")
    assert [record.text for record in records] == ["feed issue", None, "feed issue"]
    assert records[1].line == 2
    assert BAD[line] in (records[1].error or "")
    assert records[1].raw == line


def test_brackets_in_a_text_are_no_nesting() -> None:
    line = json.dumps({"text": '[{"\\' * 500, "n": [[1]]})
    assert texts(line.encode(), "jsonl") == ['[{"\\' * 500]


@pytest.mark.parametrize("depth", [1, DEEPEST - 2, DEEPEST - 1])
def test_nesting_up_to_the_limit_is_read(depth: int) -> None:
    assert texts(('{"text": "a", "n": ' + "[" * depth + "]" * depth + "}").encode(), "jsonl") == ["a"]


@pytest.mark.parametrize("line", ['"' + '\\"' * 200_000, '{"' + "[" * 100 + '"\\' * 200_000, "{" * 100 + '\\"' * 200_000])
def test_counting_depth_is_linear(line: str) -> None:
    assert errors(line.encode(), "jsonl")[0]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(TEXTS, VALUES, max_size=4)), LINES, st.booleans(), CUTS)
def test_own_fields_come_through(own: list[dict[str, Any]], text: str, ascii_only: bool, sizes: list[int]) -> None:
    objects = [{**fields, "text": text} for fields in own]
    data = "\n".join(json.dumps(o, ensure_ascii=ascii_only) for o in objects).encode("utf-8", "surrogatepass")
    records, _ = read(data, "jsonl", sizes=sizes)
    assert [record.own for record in records] == objects
    assert [record.text for record in records] == [text] * len(objects)


@given(VALUES)
def test_strict_json_reads_what_json_writes(value: Any) -> None:
    assert parse_json(json.dumps(value)) == value


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["id", "text"], "text"), (["id", "Text"], "Text"), (["Issue_Description", "id"], "Issue_Description"),
        (["Case-Text"], "Case-Text"), (["subject", "body"], "body"), (["id", "sku"], None), ([], None),
        (["TEXT", "text"], "text"), (["message", "issue"], "issue"),
    ],
)  # fmt: skip
def test_the_field_of_the_text_is_found(names: list[str], found: str | None) -> None:
    line = json.dumps({name: f"in {name}" for name in names})
    assert texts(line.encode(), "jsonl") == [found and f"in {found}"]
    assert found is None or found.casefold() == (text_name(names) or "").casefold()


def test_a_told_field_counts_and_is_missed_by_name() -> None:
    data = b'{"text": "a", "note": "b"}\n{"text": "a"}'
    assert texts(data, "jsonl", field="note") == ["b", None]
    assert errors(data, "jsonl", field="note")[1] == 'no field "note"; it has "text"'


def test_an_array_is_told() -> None:
    with pytest.raises(TableError, match="jq"):
        read(b'[\n{"text": "a"}]', "jsonl")


# Tables


def table(rows: Iterable[Iterable[str]], delimiter: str = ",", end: str = "\n", **how: Any) -> bytes:
    paper = io.StringIO(newline="")
    csv.writer(paper, delimiter=delimiter, lineterminator=end, **how).writerows(rows)
    return paper.getvalue().encode("utf-8", "surrogatepass")


ODD_CELLS = ['"', '""', '"a', "a\nb", 'a,"', ";\t,", "\n", ""]
CELLS = st.text(st.characters(exclude_characters="\r\0"), max_size=12) | st.sampled_from(ODD_CELLS)


@given(
    st.lists(st.tuples(LINES, CELLS, CELLS)), st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), CUTS,
)  # fmt: skip
def test_what_csv_writes_is_read(
    rows: list[tuple[str, str, str]], delimiter: str, end: str, quoting: Any, sizes: list[int]
) -> None:
    data = table([("text", "a", "b"), *rows], delimiter, end, quoting=quoting)
    records, _ = read(data, "tsv" if delimiter == "\t" else "csv", sizes=sizes)
    assert [tuple(record.own.values()) for record in records] == rows
    assert [record.text for record in records] == [row[0] for row in rows]


@given(st.text(alphabet='ab",\n\r', max_size=60), CUTS)
def test_any_table_ends_and_loses_no_line(body: str, sizes: list[int]) -> None:
    """Each line is a row, part of a row, or blank; and the answer does not depend on how the bytes arrive."""
    data = f"text,a\n{body}".encode()
    records, counts = read(data, "csv", sizes=[7, *sizes])
    assert (records, counts) == read(data, "csv")
    seen = [record.line for record in records]
    assert seen == sorted(set(seen))
    assert all(2 <= line <= body.count("\n") + 2 for line in seen)
    if '"' not in body:
        assert len(records) + counts.blank == len(body.split("\n")) - (body.endswith("\n") or not body)


def test_a_quote_that_never_closes_costs_its_own_line_only() -> None:
    rows = [b"id,text", b"1,fine", b'2,"half open', *(b"%d,fine" % n for n in range(3, 500))]
    records, _ = read(b"\n".join(rows), "csv")
    assert len(records) == 499
    assert [record.line for record in records if record.error] == [3]
    assert records[1].raw == '2,"half open'
    assert "never closed" in (records[1].error or "")


def test_a_quote_that_closes_in_the_middle_of_a_later_cell_costs_its_own_line_only() -> None:
    records, _ = read(b'id,text\n1,"half open\n2,fine\n3,"quoted"\n4,fine', "csv")
    assert [(record.line, record.text) for record in records] == [(2, None), (3, "fine"), (4, "quoted"), (5, "fine")]


def test_quotes_that_never_close_take_linear_time() -> None:
    lines = [b'1,"open', *[b'2,""""""'] * 150_000]
    records, _ = read(b"id,text\n" + b"\n".join(lines), "csv", sizes=[65536] * 100)
    assert len(records) == len(lines)
    assert sum(record.error is not None for record in records) == 1


def test_a_cell_may_hold_lines_and_the_row_has_the_number_of_its_first() -> None:
    records, _ = read(b'id,text\r\n1,"a\r\nb ""c"""\r\n2,d\r\n', "csv")
    assert [(record.line, record.text) for record in records] == [(2, 'a\r\nb "c"'), (4, "d")]


def test_quotes_inside_a_cell_that_does_not_begin_with_one_are_text() -> None:
    assert texts(b'id,text\n1,5" pipe "x"', "csv") == ['5" pipe "x"']


@pytest.mark.parametrize(("row", "cells"), [("1", 1), ("1,a,b", 3), (",,,", 4), ('1,"a","b"', 3)])
def test_rows_of_another_width_are_rejected(row: str, cells: int) -> None:
    records, _ = read(f"id,text\n{row}\n2,fine".encode(), "csv")
    assert [record.text for record in records] == [None, "fine"]
    assert records[0].error == f"{cells} cells where the header has 2"
    assert records[0].raw == row


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("id,text,text", 'columns 2 and 3 are both called "text"'), ("id,sku", "--text-field"), ('id,"text', "never closed"),
        ("id,text\rx", "carriage returns"), ('id,"te"xt', "middle of a cell"),
    ],
)  # fmt: skip
def test_an_unusable_header_is_told(header: str, told: str) -> None:
    with pytest.raises(TableError, match=told):
        read(f"{header}\n1,2,3\n".encode(), "csv")


def test_a_column_is_told_by_name_and_missed_with_all_names() -> None:
    data = b"id;note\n1;hello"
    assert texts(data, "csv", field="note") == ["hello"]
    with pytest.raises(TableError, match='no column "text"; the header has "id", "note"') as fault:
        read(data, "csv", field="text")
    assert fault.value.field == "text"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_by_the_header(delimiter: str) -> None:
    assert texts(f'id{delimiter}"a,b;c"{delimiter}text\n1{delimiter}2{delimiter}feed'.encode(), "csv") == ["feed"]


def test_a_single_column_is_the_text() -> None:
    assert texts(b"anything\na\n\nb", "csv") == ["a", "b"]


@pytest.mark.parametrize("kind", ["txt", "jsonl", "csv", "tsv"])
@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_nothing_is_no_record(kind: str, data: bytes) -> None:
    records, counts = read(data, kind)
    assert (records, counts.blank) == ([], data.count(b"\n"))


# Recognising


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.txt", "txt"), ("a.JSONL", "jsonl"), ("a.ndjson", "jsonl"), ("a.b.csv", "csv"), ("a.tsv", "tsv"), ("-", None)],
)
def test_the_name_tells_the_format(name: str, kind: str | None) -> None:
    assert by_name(name) == kind


@pytest.mark.parametrize("name", ["text", "txt", "csv", "tab", "../csv", "a.b/jsonl"])
def test_a_name_without_an_ending_was_taken_for_one(name: str) -> None:
    assert by_name(name) is None


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('{"text": "a"}', "jsonl"), ("id,text", "csv"), ("id;Issue Text\r", "csv"), ("id\ttext", "tsv"), ('"id","text"', "csv"),
        ("feed issue, please help", "txt"), ("my text, and more", "txt"), ("text", "txt"), ("[1]", "txt"), ("", "txt"),
    ],
)  # fmt: skip
def test_the_first_line_tells_the_format(line: str, kind: str) -> None:
    assert by_line(line) == kind


def test_parsers_keep_nothing_between_blocks() -> None:
    parser = JsonParser()
    block = next(whole_lines(reads(b'{"text": "a"}\n')))
    assert list(parser.records(block, Counts())) == list(parser.records(block, Counts()))


def test_text_that_an_encoding_lacks_is_no_matter_of_reading() -> None:
    """The handler for bytes that an encoding does not define never hides a fault of writing."""
    with pytest.raises(UnicodeEncodeError):
        "é".encode("ascii", KEEP)


def test_columns_are_known_before_the_first_row() -> None:
    from catalog_route.recognising import names_ahead
    from catalog_route.streaming import whole_lines

    reads = iter([b"id,text\n1,a\n", b""])
    parser, blocks = open_records(whole_lines(lambda: next(reads)), "csv", None)
    assert parser.names == ("id", "text")
    names, rest = names_ahead(parser, blocks)
    assert names == ("id", "text")
    assert rest is blocks


# Found by changing the code: nobody noticed


def test_rows_that_are_read_again_keep_their_numbers() -> None:
    records, _ = read(b'id,text\n1,"a\n2,"b"\n3,c\n4,"d', "csv")
    assert [(record.line, record.text) for record in records] == [(2, None), (3, "b"), (4, "c"), (5, None)]
    records, _ = read(b'id,text\n1,"a\n2,b\n3,"c" d\n4,e\n', "csv")
    assert [(record.line, record.text) for record in records] == [(2, None), (3, "b"), (4, None), (5, "e")]


def test_half_a_character_at_the_end_is_kept() -> None:
    assert texts("\ufefffeed".encode("utf-16-le") + b"x") == ["feedx"]
    assert texts("feed é".encode()[:-1]) == ["feed Ã"]


def test_many_brackets_beside_each_other_are_no_nesting() -> None:
    half = "[" * 40 + "]" * 40
    assert parse_json(f"[{half}, {half}]") == [json.loads(half)] * 2
    deep = "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)
    with pytest.raises(ValueError, match="deeper than 64"):
        parse_json(f"[{half}, {deep}]")


def test_a_quote_that_stays_open_too_long_costs_its_first_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_route.tables.LONGEST", 30)
    records, _ = read(b'id,text\n1,"a\n' + b"2,b\n" * 12, "csv")
    assert records[0].error == "a quote is opened and not closed within 30 characters"
    assert [record.text for record in records[1:]] == ["b"] * 12
    assert [record.line for record in records] == list(range(2, 15))


def test_every_read_gives_a_block_so_that_nobody_waits_for_a_line_end() -> None:
    blocks = list(whole_lines(reads(b"feed issue\nhello", [5, 3, 4, 2, 2])))
    told = [(block.line, block.data) for block in blocks]
    assert told == [(1, b""), (1, b""), (1, b"feed issue\n"), (2, b""), (2, b""), (2, b"hello")]


def test_a_mark_is_no_part_of_the_text_in_a_told_encoding_either() -> None:
    assert texts("\ufefffeed".encode(), encoding="utf-8") == ["feed"]
    assert texts("\ufefffeed".encode("utf-16-be"), encoding="utf-16-be", sizes=[1] * 12) == ["feed"]


def test_a_rejected_row_of_several_lines_is_shown_as_it_stood() -> None:
    records, _ = read(b'id,text\n1,"a\nb",c\n', "csv")
    assert [(record.line, record.error, record.raw) for record in records] == [
        (2, "3 cells where the header has 2", '1,"a\nb",c')
    ]


def test_of_many_names_the_first_are_listed_and_the_others_counted() -> None:
    from catalog_route.records import listed

    assert listed(["a", "b"]) == '"a", "b"'
    assert listed(map(str, range(12))).endswith('"11"')
    assert listed(map(str, range(13))).endswith('"11" and 1 more')
    assert listed([]) == "no fields"


def test_the_reason_of_a_misplaced_quote_is_told() -> None:
    records, _ = read(b'id,text\n1,"a"b\n2,c\n', "csv")
    assert [(record.line, record.error) for record in records] == [(2, "a quote closes in the middle of a cell"), (3, None)]


def test_the_beginning_of_a_line_beyond_the_limit_is_what_it_was() -> None:
    data = b"0123456789" * (LONGEST // 10 + 20)
    (record,), _ = read(data, "txt", sizes=[50, 50, 50, *[70_001] * 20])
    assert record.raw == "0123456789" * 20
    assert record.error == f"a line of {len(data)} bytes, more than the {LONGEST} that are read"


def test_depth_is_counted_exactly_where_there_are_many_brackets() -> None:
    for depth, fine in ((DEEPEST, True), (DEEPEST + 1, False)):
        line = "[" + "[" * (depth - 1) + "]" * (depth - 1) + ", {}, {}]"
        if fine:
            assert parse_json(line) == json.loads(line)
        else:
            with pytest.raises(ValueError, match="deeper"):
                parse_json(line)


def test_blank_lines_before_the_first_tell_no_format() -> None:
    from catalog_route.recognising import first_line

    line, rest = first_line(whole_lines(reads(b'\n  \n{"text": "feed"}\n', [1, 3, 5])))
    assert line == '{"text": "feed"}'
    assert b"".join(block.data for block in rest) == b'\n  \n{"text": "feed"}\n'
