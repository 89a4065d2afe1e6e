"""Which format some input has: told, else by the ending of its name, else by its first line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, Literal

from catalog_route.counts import Counts
from catalog_route.records import JsonParser, Parser, TextParser, text_name
from catalog_route.streaming import LONGEST, Lines, text_lines
from catalog_route.tables import DELIMITERS, TableError, open_table

Format = Literal["txt", "jsonl", "csv", "tsv"]
FORMATS: tuple[Format, ...] = ("txt", "jsonl", "csv", "tsv")
_ENDINGS: dict[str, Format] = {
    "txt": "txt", "text": "txt", "jsonl": "jsonl", "ndjson": "jsonl", "csv": "csv", "tsv": "tsv", "tab": "tsv",
}  # fmt: skip
_HEADING_WORDS = 3


def by_name(name: str) -> Format | None:
    """The format that the ending of a file's name tells. A name without a dot has no ending."""
    _, dot, ending = name.rpartition(".")
    return _ENDINGS.get(ending.casefold()) if dot else None


def by_line(line: str) -> Format:
    """The format that a first line speaks for: an object, a heading with a column for the text, or just text."""
    if line.lstrip().startswith("{"):
        return "jsonl"
    for delimiter in DELIMITERS:
        names = [name.strip('"') for name in line.rstrip("\r").split(delimiter)]
        heading = all(name == name.strip() and len(name.split()) <= _HEADING_WORDS for name in names)
        if len(names) > 1 and heading and text_name(names):
            return "tsv" if delimiter == "\t" else "csv"
    return "txt"


def first_line(blocks: Iterator[Lines]) -> tuple[str, Iterator[Lines]]:
    """The first line that is not blank, and the blocks with what was read ahead."""
    ahead = []
    for block in blocks:
        ahead.append(block)
        for line in text_lines(block, lambda number: None):
            if line and not line.isspace():
                return line, chain(ahead, blocks)
    return "", iter(ahead)


def open_records(blocks: Iterator[Lines], kind: Format, field: str | None) -> tuple[Parser, Iterator[Any]]:
    """The parser for a format and the blocks it works on.

    TableError when it cannot be read at all: a table without a usable heading, an array instead of lines.
    """
    if kind == "txt":
        if field is not None:
            raise TableError("plain text has no fields", field)
        return TextParser(), blocks
    line, blocks = first_line(blocks)
    if kind == "jsonl":
        if line.lstrip().startswith("["):
            raise TableError("a JSON array, not JSON lines; make one object a line of it: jq -c '.[]'")
        return JsonParser(field), blocks
    return open_table(blocks, line, "\t" if kind == "tsv" else None, field)


def names_ahead(parser: Parser, blocks: Iterator[Any]) -> tuple[tuple[str, ...], Iterator[Any]]:
    """The own fields of the first record that has any, and the blocks with what was read ahead for it."""
    if parser.names is not None:
        return parser.names, blocks
    ahead: list[Lines] = []
    size = 0
    for block in blocks:
        ahead.append(block)
        size += len(block.data)
        names = next((tuple(record.own) for record in parser.records(block, Counts()) if record.own), None)
        if names is not None or size > LONGEST:
            return names or (), chain(ahead, blocks)
    return (), iter(ahead)
