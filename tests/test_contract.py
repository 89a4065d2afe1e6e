"""The contract of docs/reliability.md through the whole command: any text, any bytes, any knowledge."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from catalog_route import Router
from catalog_route.cells import unsafe
from catalog_route.terminal import Exit
from driving import Driver, Ran
from naughty import ACTS, TEXTS, WORDS

PROPERTY = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXT = st.one_of(
    st.text(st.characters(), min_size=1, max_size=200),
    st.lists(st.sampled_from([*WORDS, *TEXTS]), min_size=1, max_size=8).map(" ".join),
)
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def tame(ran: Ran, *, coloured: bool = False) -> str:
    """What was printed; nothing in it can act on a terminal."""
    text = ran.out.decode()
    for shown in (COLOURS.sub("", text) if coloured else text, ran.err.decode()):
        assert not ACTS.search(shown), ACTS.search(shown)
    assert "Traceback" not in ran.err.decode()
    return text


# --- any text


@PROPERTY
@given(text=TEXT)
def test_any_text_is_answered_and_quoted_as_it_was_typed(drive: Driver, router: Router, text: str) -> None:
    """JSON: ASCII, the very code points that were typed, and quotes that stand where they are said to stand."""
    ran = drive("route", "--json", "--draft", "--", text)
    assert ran.code == Exit.ANSWERED
    assert ran.out.isascii()
    document = json.loads(ran.out, parse_constant=pytest.fail)
    assert ran.told == ([] if "draft" in document else ["no draft: the problem is not clear yet"])
    assert document["text"] == text
    for finding in document["findings"]:
        for seen in finding["seen"]:
            assert text[seen["start"] : seen["end"]] == seen["text"]
    assert drive("route", "--json", "--draft", "--", text) == ran
    assert document["status"] == router.route(text).status


@PROPERTY
@given(text=TEXT, terminal=st.booleans(), why=st.booleans())
def test_any_text_is_shown_without_acting(drive: Driver, text: str, terminal: bool, why: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TERM", "xterm-256color")
        patch.setenv("COLUMNS", "100")
        patch.delenv("NO_COLOR", raising=False)
        ran = drive("route", "--draft", *(["--why"] if why else []), "--", text, terminal=terminal)
    assert ran.code == Exit.ANSWERED
    tame(ran, coloured=terminal)
    if not terminal:
        assert ran.out.count(b"\nwho: ") == 1


@PROPERTY
@given(words=st.lists(TEXT, max_size=4))
def test_any_words_on_the_command_line_are_an_answer_or_one_line(drive: Driver, words: list[str]) -> None:
    ran = drive(*words)
    assert ran.code in (Exit.ANSWERED, Exit.USAGE, Exit.INPUT)
    tame(ran)


@PROPERTY
@given(ident=TEXT)
def test_any_id_is_shown_or_one_line(drive: Driver, ident: str) -> None:
    ran = drive("show", "--", ident)
    assert (ran.code, len(ran.told)) in ((Exit.ANSWERED, 0), (Exit.USAGE, 1))
    tame(ran)


# --- any bytes

BYTES = st.one_of(
    st.binary(max_size=300),
    st.lists(TEXT, max_size=6).map(lambda texts: "\n".join(texts).encode("utf-8", "surrogatepass")),
    st.lists(TEXT, max_size=4).map(lambda texts: "\n".join(json.dumps({"text": text, "id": [text]}) for text in texts).encode()),
    TEXT.map(lambda text: text.encode("utf-16", "surrogatepass")),
    TEXT.map(lambda text: text.encode("cp1252", "ignore")),
)


@PROPERTY
@given(data=BYTES)
def test_any_bytes_on_a_pipe_are_an_answer_or_one_line(drive: Driver, data: bytes) -> None:
    ran = drive("--json", "-", stdin=data)
    assert ran.code == Exit.ANSWERED
    assert json.loads(ran.out)["schema_version"] == "1"
    assert len(ran.told) <= 1
    tame(ran)


@PROPERTY
@given(data=BYTES, form=st.sampled_from(["txt", "jsonl", "csv", "tsv", None]))
@example(data=b'text\n"half open\nfeed issue\nhello', form="csv")
def test_any_bytes_in_a_batch_lose_nothing(drive: Driver, data: bytes, form: str | None) -> None:
    """N1: every record comes out once, in order, and the counts add up; N2 by its line."""
    ran = drive("batch", "-", *(["--format", form] if form else []), stdin=data)
    tame(ran)
    if ran.code == Exit.INPUT and not ran.out:
        assert "read =" not in ran.told[-1], "a table without a usable header is not read at all, and that is said"
        return
    records = [json.loads(line, parse_constant=pytest.fail) for line in ran.out.splitlines()]
    numbers = [record["line"] for record in records]
    assert numbers == sorted(set(numbers))
    found = re.search(r"(\d+) read = (\d+) routed \+ (\d+) unclear \+ (\d+) rejected", ran.told[-1])
    assert found
    read, *parts = map(int, found.groups())
    assert read == sum(parts) == len(records)
    states = [record["status"] for record in records]
    assert [states.count(state) for state in ("routed", "unclear", "rejected")] == parts
    assert ran.code == (Exit.INPUT if parts[2] else Exit.ANSWERED)
    assert all(bool(record["error"]) == (record["status"] == "rejected") for record in records)


@settings(PROPERTY, max_examples=30)
@given(texts=st.lists(TEXT.filter(lambda text: not text.isspace()), min_size=1, max_size=6))
def test_a_batch_answers_like_the_command_alone(drive: Driver, texts: list[str]) -> None:
    """Batch = map of single, through the whole command, for JSON lines and CSV."""
    data = "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()
    whole = drive("batch", "-", "--full", stdin=data)
    singles = [json.loads(drive("route", "--json", "--", text).out) for text in texts]
    assert [
        {k: v for k, v in json.loads(line).items() if k not in ("line", "error")} for line in whole.out.splitlines()
    ] == singles
    rows = list(csv.DictReader(io.StringIO(drive("batch", "-", "--to", "csv", stdin=data).out.decode(), newline="")))
    assert [row["recommended"] or None for row in rows] == [
        single["recommended"] and single["recommended"]["id"] for single in singles
    ]
    assert [unsafe(row["input.text"] if "input.text" in row else row["text"]) for row in rows] == [
        text.encode("utf-8", "backslashreplace").decode() for text in texts
    ]


@PROPERTY
@given(
    data=st.one_of(BYTES, BYTES.map(lambda data: b"original-record-number\tsku\terror-code\terror-type\terror-message\n" + data))
)
def test_any_bytes_as_a_report_are_read_or_one_line(drive: Driver, data: bytes) -> None:
    ran = drive("report", "-", stdin=data)
    assert ran.code in (Exit.ANSWERED, Exit.INPUT)
    tame(ran)


@PROPERTY
@given(data=BYTES)
def test_any_bytes_as_labelled_texts_are_measured_or_one_line(
    drive: Driver, tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "labelled.jsonl"
    path.write_bytes(data)
    ran = drive("eval", path)
    assert ran.code == Exit.INPUT
    assert len(ran.told) in (1, 2)
    tame(ran)


# --- hostile content elsewhere

BAD = "\\e[2J\\e]0;X\\a\\x9b31m\\u202e\\u200b"


def test_knowledge_cannot_act_on_a_terminal(drive: Driver, tmp_path: Path) -> None:
    """Escape sequences in YAML, as values, keys, ids and file names: told in every command, acting in none."""
    own = tmp_path / "own\x1b[2J"
    own.mkdir()
    (own / "a\x1b]0;x\x07.yaml").write_text(
        f'signals:\n  - id: "s{BAD}"\n    title: "t{BAD}"\n    "k{BAD}": 1\n    why: "w\\nwho: nobody"\n', encoding="utf-8"
    )
    for words in (["check", own], ["--data", own, "feed issue"], ["show", "--data", own]):
        with pytest.MonkeyPatch.context() as patch:
            patch.undo()
            ran = drive(*words)
        tame(ran)
        assert ran.code in (Exit.FOUND, Exit.KNOWLEDGE, Exit.ANSWERED)
    assert "␛[2J" in drive("check", own).out.decode()


def test_names_of_files_cannot_act_on_a_terminal(drive: Driver, tmp_path: Path) -> None:
    for words in (["batch"], ["report"], ["eval"], ["check"]):
        ran = drive(*words, tmp_path / "no\x1b[2J\x9b\u202e.txt")
        tame(ran)
        assert "no␛[2J\\x9b<U+202E>" in (ran.err + ran.out).decode()
    for words in (["--\x1b[2J"], ["show", "\x1b[2J"], ["--tried", "\x1b[2J", "x y"], ["schema", "\x1b[2J"]):
        ran = drive(*words)
        assert ran.code == Exit.USAGE
        tame(ran)


def test_ids_of_labelled_texts_cannot_act_on_a_terminal(drive: Driver, tmp_path: Path) -> None:
    """They went to the screen as they were."""
    path = tmp_path / "x.jsonl"
    path.write_text('{"id": "\\u001b[2J\\nwho", "text": "feed issue", "label": "fba"}\n', encoding="utf-8")
    ran = drive("eval", "--errors", path)
    assert ran.code == Exit.FOUND
    assert "␛[2J who: fba answered captive" in tame(ran)


def test_csv_on_a_terminal_cannot_act(drive: Driver) -> None:
    """In a pipe cells are what they were; on a screen they are made visible."""
    data = b"feed issue \x1b[2J\n"
    assert "␛[2J" in tame(drive("batch", "-", "--format", "txt", "--to", "csv", stdin=data, terminal=True))
    assert b"\x1b[2J" in drive("batch", "-", "--format", "txt", "--to", "csv", stdin=data).out


# --- oddities


def test_what_stands_behind_a_nul_still_counts(drive: Driver) -> None:
    """Tools written in C stop at a NUL; what stands behind it must decide here as if it were a blank."""
    ran = drive("--json", "-", stdin=b"hello\0page locked by Brand Registry")
    assert json.loads(ran.out)["recommended"]["id"] == "brand_registry"
    plain = drive("-", stdin=b"hello\0page locked by Brand Registry")
    assert "text: hello␀page locked by Brand Registry" in tame(plain)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("words", [["--json", "-"], ["batch", "-", "--format", "txt"]])
def test_every_encoding_gives_the_same_answers(drive: Driver, encoding: str, words: list[str]) -> None:
    texts = [
        "our “bullets” are locked by Brand Registry — can’t edit",
        "naïve flat file rejected with error 8541 – whole catalog",
    ]
    if words[0] == "batch":
        texts = ["\n".join(texts)]
    for text in texts:
        one, other = (drive(*words, stdin=text.encode(name)) for name in ("utf-8", encoding))
        assert one.out == other.out
        assert other.code == Exit.ANSWERED


def test_a_text_beyond_the_limit_is_one_line_in_every_command(drive: Driver, tmp_path: Path) -> None:
    """eval ended with a traceback."""
    long = "a" * 100_001
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"text": long, "label": "fba"}) + "\n", encoding="utf-8")
    for words, stdin in ((["-"], long.encode()), (["eval", path], b""), (["batch", "-", "--format", "txt"], long.encode())):
        ran = drive(*words, stdin=stdin)
        assert ran.code == Exit.INPUT
        assert "100001 characters, more than the 100000 that are read" in (ran.out + ran.err).decode()
        assert len(ran.told) == 1
