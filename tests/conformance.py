"""Suites of sound and malformed input for every format that is read, each case with what must become of it.

`rows()` runs them all through the program and counts the wrong accepts and the wrong refusals, beside what the plain
library would have accepted. docs/reliability.md shows the table; a test compares.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
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
from catalog_route.yaml_source import MAX_DEPTH, read_yaml
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

JSON_SOUND = (
    "null", "true", "false", "0", "-0", "7", "-7", "10", "1.5", "-0.0", "1e5", "1E5", "1e+5", "1e-5", "0.1e1", "1.0e-10", "1e-400",
    "123456789012345678901234567890", '""', '" "', '"a"', r'"\""', r'"\\"', r'"\/"', r'"\b\f\n\r\t"', r'"\u0000"', r'"\u00e9"',
    r'"\ud83d\ude00"', r'"\uD83D\uDE00"', r'"\ud800"', r'"\udc00\ud800"', '"é"', '"商品"', '"😀"', '"\u2028"', '"\x7f"', '"\u0085"', '"\ufeff"',
    "[]", "[ ]", "[[]]", "[1,2]", "[1 , 2]", "{}", "{ }", '{"a":1}', '{"":0}', '{"a":{"b":[]}}', '{"a":1,"A":2}', '[{"a":1},{"a":1}]',
    "[" * 60 + "]" * 60, '"' + "a" * 5000 + '"', '"[[[[{{{{"', "\t1", "1\t", "[\t1\t]",
)  # fmt: skip
JSON_MALFORMED = (
    "", " ", "NaN", "Infinity", "-Infinity", "nan", "1e999", "-1e999", "9" * 5000, "01", "-01", "+1", ".5", "-.5", "1.", "1.e5", "1e", "1e+",
    "-", "--1", "- 1", "0x1", "1_000", "٣", "１", "1,5,", "True", "None", "undefined", "nul", "nulll", "TRUE", "yes", "a", '"', '"a', 'a"',
    "'a'", '"a" "b"', "\"a\tb\"", '"\x01"', '"\x1f"', '"\x00"', r'"\x41"', r'"\a"', r'"\u12"', r'"\uZZZZ"', r'"\u 123"', '"\\"', r'"\U0001F600"',
    "[", "]", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1 2]", "[1,,2]", "[1;2]", "(1)", "{", "}", "{1}", '{"a"}', '{"a":}', '{"a":1', '{"a":1,}',
    "{a:1}", "{'a':1}", '{"a" 1}', '{"a"=1}', '{,}', '{"a":1,,"b":2}', '{"a":1 "b":2}', '{1:2}', '{null:1}', '{[]:1}', "[}", "{]", "[1}", "1 2",
    "1//x", "1/*x*/", "1#x", "\u00a01", "1\u00a0", "\f1", "\v1", "\ufeff1", "1\x00", '{"a":1,"a":2}', '{"a":{"b":1,"b":1}}', "[" * 65 + "]" * 65,
    "[" * 100_000, "{\"a\":" * 1000 + "1" + "}" * 1000, "<a/>", "%", "\\", "1;", "[1]]", '{"a":1}}', "...", "@", "`1`", "[*]", "&a 1", "!!int 1",
)  # fmt: skip


def json_lines(drive: Driver) -> Result:
    """Each value in three places of a record, all records in one run: a bad one costs one record."""
    result = Result("JSON records", library="json.loads")
    cases = [(shape.replace("X", value), must)
             for must, values in ((OK, JSON_SOUND), (NO, JSON_MALFORMED)) for value in values
             for shape in ('{"text":"feed issue","v":X}', '{"v":[X],"text":"feed issue"}', '{"text":"feed issue","v":{"k":X}}')
             if not (value.strip() == "" and "[X]" in shape)]  # fmt: skip
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

YAML_SOUND = (
    "a: b", "a: 'no'", 'a: "12:30"', "a: 5", "a: -5", "a: 0", "a: true", "a: false", "a: null", "a: ~", "a:", "a: [b, c]", "a: {b: c}", "- a\n- b",
    "a:\n  - b\n  - c: d", "a: |\n  two\n  lines", "a: >-\n  two\n  lines", "a: b c\n  d", "# only a comment\na: b", "---\na: b", "---\na: b\n...\n",
    "a: b # c", "a: 'it''s'", 'a: "\\e\\x9b\\u202e"', 'a: "\\U0001F600"', "a: ! b", "a: &x b", "a: é商😀", "a: 8541a",
    "a: x-1", "a: 1st", "a: v1.2.3", "a: '0123'", 'a: "2026-01-05"', "a: none", "a: north", "a: nope", "a: yesterday", "a: '='", "'a': b", '"a": b',
    "? a\n: b", "a: []", "a: {}", "a:\r\n  - b\r\n", "%YAML 1.1\n---\na: b", "a: '%'", "a: b\n\n\nc: d", "a: " + "x" * 100_000, "a: <image>", "a: (b|c)",
    "a: '@b'", "a: 'b: c'", "a: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1), "x" * 1000 + ": z",
)  # fmt: skip
YAML_MALFORMED = (
    *(f"a: {value}" for value in (
        "yes", "no", "on", "off", "y", "n", "Yes", "NO", "On", "0123", "07541", "08541", "0x1F", "0o17", "0b1", "1_000", "1.10", "1e5", "1.2e+5", ".5",
        "+1", ".inf", "-.INF", ".nan", "12:30", "1:2:3.5", "2026-01-05", "2024-99-99", "0000-01-01", "2026-01-05 10:00:00", "=", "<<", "1,000",
        "12345678901234567890", "-0x1", "00", "&x [*x]", "*x", "!!str b", "!!int foo", "!!float foo", "!!bool foo", "!!timestamp foo", "!!binary aGk=",
        "!!set {b}", "!!omap [b: c]", "!env HOME", "!!python/object/apply:os.system ['true']", "!!python/name:os.system", "[b", "{b", "b]: c", "'b",
        '"b', '"\\q"', "@b", "`b", "%b", "b: c", "[b, c}", "{b: c]", "|x\n  b", "- b", "'b' c", "[b],", "\x00", "\x07", "b\x1bc", "\ufffe",
    )),
    "yes: 1", "on: 1", "1.5: a", "0123: a", "<<: {b: c}", "? [a]\n: b", "? {a: b}\n: c", "a: 1\na: 2", "a: {b: 1, b: 2}", "'a': 1\na: 2", "a: b\n---\nc: d",
    "\ta: b", "a:\n\t- b", "a:\n  - b\n - c", "a: b\n  c: d", "a\nb: c", "a: &x 1\nb: *x", "*x : a", "a: [" + "b, " * 10 + "*y]",
    "a: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH, "[" * 25_000, "{a: " * 25_000, "- " * 25_000, "a: &a [l,l]\nb: &b [*a,*a]\nc: [*b,*b]", "- - a\n -b", "a: b\n...\nc",
)  # fmt: skip


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

TABLES: tuple[tuple[str, str], ...] = (
    ("text\nfeed issue\n", "+"), ("text\nfeed issue", "+"), ("text\r\nfeed issue\r\n", "+"), ("\ufefftext\nfeed issue\n", "+"),
    ("id,text\n1,feed issue\n2,a b\n", "++"), ("id;text\n1;feed issue\n", "+"), ("id\ttext\n1\tfeed issue\n", "+"), ('"id","text"\n"1","a"\n', "+"),
    ('id,text\n1,"a, b"\n', "+"), ('id,text\n1,"a ""b"""\n', "+"), ('id,text\n1,"a\nb"\n2,c\n', "++"), ('id,text\n1,"a\r\nb"\r\n2,c\r\n', "++"),
    ('id,text\n1,a "b" c\n', "+"), ("id,text\n1,it's\n", "+"), ("id,text\n,a\n", "+"), ("id,text\n\n1,a\n\n", "+"), ("text\na\x00b\n", "+"),
    ("text\na\u2028b\n", "+"), ("id,text\n1,=cmd|x\n", "+"), ("text,id\na,\n", "+"), ('text,id\n"a",""\n', "+"), ('text,id\n"",1\n', "-"),
    ("id,text\n1\n", "-"), ("id,text\n1,a,b\n", "-"), ("id,text\n1,a\n2\n3,c\n", "+-+"), ("id,text\n1,\n", "-"), ("id,text\n1,   \n", "-"),
    ('id,text\n1,"open\n', "-"), ('id,text\n1,"open\n2,b\n3,c\n', "-++"), ('id,text\n1,"a"b\n2,c\n', "-+"), ('id,text\n1,"a" \n2,c\n', "-+"),
    ('id,text\n1,"""\n2,b\n', "-+"), ('id,text\n1,"a\n2,"b"\n3,c\n', "-++"), ("id,text\n1,a\n;;;\n2,b\n", "+-+"), ("id,text\n1;a\n", "-"),
    ("id,text\n" + "1,a\n" * 50, "+" * 50), ("id,text\n" + "1,a,\n" * 20, "-" * 20), ("id,text\n1," + "a" * 200_000 + "\n", "-"),
)  # fmt: skip
NO_TABLES = (
    "id,name\n1,x\n",
    "text,text\na,b\n",
    '"text\na\n',
    'te"xt",id\na,b\n',
    "a,b\n\n",
    "id,text\r1,a\r2,b\r",
    '"text"x\na\n',
)


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

FLAT = "Feed Processing Summary:\n\tNumber of records processed\t\t{0}\n\tNumber of records successful\t\t0\n\noriginal-record-number\tsku\terror-code\terror-type\terror-message\n"
ROW = "{0}\tS{0}\t8541\tError\tconflict\n"
XML = '<?xml version="1.0" encoding="UTF-8"?><AmazonEnvelope><Message><ProcessingReport>{}</ProcessingReport></Message></AmazonEnvelope>'
RESULT = "<Result><MessageID>1</MessageID><ResultCode>Error</ResultCode><ResultMessageCode>8541</ResultMessageCode><ResultDescription>x</ResultDescription></Result>"
ISSUE = '{"code":"8541","message":"x","severity":"ERROR"}'
_FLAT1 = FLAT.format(1) + ROW.format(1)

REPORTS_SOUND: tuple[bytes, ...] = (
    _FLAT1.encode(), _FLAT1.encode("utf-16"), _FLAT1.encode("utf-16-le"), _FLAT1.encode("utf-8-sig"), gzip.compress(_FLAT1.encode()),
    _FLAT1.replace("conflict", "Größe „x“ falsch").encode("cp1252", "ignore"), _FLAT1.replace("conflict", "商品が見つかりません。カタカナ").encode("cp932"),
    _FLAT1.replace("\n", "\r\n").encode(), _FLAT1.replace("\n", "\r").encode(), _FLAT1[:-1].encode(), (FLAT.format(2) + ROW.format(1) + ROW.format(2)).encode(),
    _FLAT1.replace("conflict", "a\u2028b\x0bc\x00d").encode(), _FLAT1.replace("conflict", "\x1b[2J").encode(), XML.format(RESULT).encode(), XML.format("").encode(),
    XML.format(RESULT).encode("utf-16"), XML.format(RESULT.replace("x<", "&lt;&#65;<")).encode(), gzip.compress(XML.format(RESULT).encode()),
    f'{{"issues":[{ISSUE}]}}'.encode(), f'{{"errors":[{ISSUE}]}}'.encode(), f'[{ISSUE}]'.encode(), f'{{"issues":[{ISSUE}]}}'.encode("utf-16"),
    str({"issues": [{"code": "8541", "message": "x"}]}).encode(), b"error 8541 and 8560", b"8541: conflict\n", _FLAT1.replace("8541", "99999").encode(),
)  # fmt: skip
_BILLION = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
_OUTSIDE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
REPORTS_MALFORMED: tuple[bytes, ...] = (
    b"", b" \n\t", b"\x00" * 50, b"%PDF-1.7 error 8541", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04rubbish",
    b"<!doctype html><html>error 8541</html>", b"<?xml version='1.0'?><other/>", b"hello, nothing here", b"TemplateType=x\tVersion=1\n", b'{"a": 1}',
    (FLAT.format(1) + "1\tS1\t85").encode(), (FLAT.format(1) + "1\tS1\n").encode(),
    (FLAT.format(1) + "1\tS1\t\tError\t\n").encode(), gzip.compress(_FLAT1.encode())[:-9], gzip.compress(_FLAT1.encode())[:40] + b"rubbish rubbish rubbish",
    XML.format(RESULT)[:-9].encode(), XML.format(RESULT[:60]).encode(), (XML.format(RESULT) + "junk").encode(), XML.format("<a>" * 70 + "</a>" * 70).encode(),
    XML.format(RESULT).replace("<AmazonEnvelope>", _BILLION + "<AmazonEnvelope>").replace("x<", "&c;<").encode(), XML.format("&nothing;").encode(),
    XML.format(RESULT).replace("<AmazonEnvelope>", _OUTSIDE + "<AmazonEnvelope>").replace("x<", "&a;<").encode(), XML.format("\x01").encode(),
    XML.format("<ProcessingSummary><MessagesWithError>3</MessagesWithError></ProcessingSummary>" + RESULT).encode(), XML.format("<a b=c/>").encode(),
    f'{{"issues":[{ISSUE}'.encode(), f'{{"issues":[{ISSUE},'.encode(), f'{{"issues":[{ISSUE}]'.encode(), b'{"issues":[1, "x", null]}', b'{"issues":[{}]}',
    f'{{"issues":[{ISSUE} {ISSUE}]}}'.encode(), f'{{"issues":[{ISSUE}],}}'.encode(), ('{"issues":' + "[" * 5000).encode(), b'{"issues":[{"code": 8541, "message": "x}]}',
    f'{{"issues":[{ISSUE}],"summary":{{"errors":9}}}}'.encode(),
)  # fmt: skip


def reports(drive: Driver) -> Result:
    """Each content as a report on standard input."""
    result = Result("reports of Amazon")
    for must, contents in ((OK, REPORTS_SOUND), (NO, REPORTS_MALFORMED)):
        for content in contents:
            ran = drive("report", "-", stdin=content)
            result.count(content[:80], must, ran.code == 0)
    return result


# --- encodings: the same twenty problems in each; refused is whatever is answered otherwise than in UTF-8

PROBLEMS = (
    "feed issue", "flat file rejected with error 8541", "can’t edit “bullets” — locked by Brand Registry", "variation broken – red child missing", "image wrong",
    "naïve café title won’t update", "listing suppressed", "size chart missing", "case re-opened 4 times", "FBA shipment lost", "ad campaign rejected …",
    "how do I add a second image", "wrong ASIN", "merge two ASINs", "brand name is wrong", "price alert", "UPC conflict", "asdf", "detail page changed by retail", "account suspended",
)  # fmt: skip
ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "UTF-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16 with a mark, little end first": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16 with a mark, big end first": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16 without a mark, little end first": lambda text: text.encode("utf-16-le"),
    "UTF-16 without a mark, big end first": lambda text: text.encode("utf-16-be"),
    "windows-1252": lambda text: text.encode("cp1252"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
}


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
