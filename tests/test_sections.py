"""How compiled knowledge is kept: plain data that comes back as it was, read piece by piece from a file that may go away."""

from __future__ import annotations

import gc
import os
import pickle
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_route import pieces
from catalog_route.lookup import FEW, Lookup, lookup_text
from catalog_route.pieces import line_and_rest
from catalog_route.sections import LONG, packed, unpacked

TEXTS = st.text(max_size=20) | st.builds(str.__mul__, st.text(min_size=1, max_size=3), st.integers(LONG // 2, LONG + 2))
NAMES = TEXTS.filter(lambda name: name != "\n")
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
)


@given(DATA)
def test_plain_data_come_back_as_they_were(value: Any) -> None:
    assert unpacked(packed(value)) == value


def test_long_texts_stand_as_they_are_and_odd_ones_come_back() -> None:
    odd = ["a" * LONG, "\ud800" * LONG, 'quote " and \\ and\n' * LONG, "ß" * LONG, ""]
    raw = packed({"texts": odd, "again": (odd[0], odd[0])})
    assert b"a" * LONG in raw
    assert b'quote " and \\ and\n' * LONG in raw
    assert unpacked(raw) == {"texts": odd, "again": [odd[0], odd[0]]}


@pytest.mark.parametrize("value", [{"\n": 1}, [{"\n": [0, 1]}], float("nan"), {"a": {1, 2}}, {"a": object()}])
def test_what_could_not_come_back_is_not_packed(value: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        packed(value)


@pytest.mark.parametrize("raw", [b"", b"{}", b"nonsense\n", b"\n", b"\xff\n"])
def test_bytes_that_are_none_are_a_value_error(raw: bytes) -> None:
    with pytest.raises(ValueError):
        unpacked(raw)


# --- files


@pytest.fixture(params=[True, False], ids=["piece by piece", "at once"])
def piecewise(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    wanted = bool(request.param and pieces.PIECEWISE)
    monkeypatch.setattr(pieces, "PIECEWISE", wanted)
    return wanted


@pytest.mark.usefixtures("piecewise")
def test_the_first_line_and_any_part_of_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"first line\nthe rest\nof it")
    line, rest = line_and_rest(path, 100)
    assert (line, len(rest), bytes(rest)) == (b"first line", 14, b"the rest\nof it")
    assert (rest[0:3], rest[4:8], rest[8:8], rest[10:99], b"<%s>" % rest[9:]) == (b"the", b"rest", b"", b"f it", b"<of it>")
    assert pickle.loads(pickle.dumps(rest)) == bytes(rest)
    assert len(line_and_rest(path, 12)[1]) <= 12


def test_what_takes_the_place_of_an_open_file_is_not_read(tmp_path: Path, piecewise: bool) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"old\nold text")
    _, rest = line_and_rest(path, 100)
    (tmp_path / "y").write_bytes(b"new\nanother")
    (tmp_path / "y").replace(path)
    assert rest[0:3] == b"old"
    path.unlink()
    assert rest[4:8] == b"text"


@pytest.mark.skipif(not pieces.PIECEWISE, reason="files are read at once on this system")
def test_bytes_that_cannot_be_had_any_more_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"head\nthe rest")
    _, rest = line_and_rest(path, 100)
    path.write_bytes(b"head\nthe")
    assert rest[0:8] == b"the"

    def fails(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "pread", fails)
    assert rest[0:8] == b""


@pytest.mark.usefixtures("piecewise")
def test_what_is_no_file_is_an_os_error(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(OSError):
            line_and_rest(path, 100)


def test_a_rest_in_a_circle_warned_of_a_file_left_open(tmp_path: Path) -> None:
    """What refers to itself is cleared away in any order; Python's own file, cleared away first, failed some other test."""
    path = tmp_path / "file"
    path.write_bytes(b"line\nrest")
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        circle: list[object] = [line_and_rest(path, 100)]
        circle.append(circle)
        del circle
        gc.collect()
    assert seen == []


# --- tables as texts


@given(st.dictionaries(st.text(max_size=6), st.text(max_size=6), max_size=30))
def test_a_table_kept_as_a_text_gives_its_values(table: dict[str, str]) -> None:
    if any("\n" in f"{key}{value}" or "\t" in key for key, value in table.items()):
        with pytest.raises(ValueError, match="cannot stand in a line"):
            lookup_text(table)
        return
    found = Lookup(lookup_text(table))
    for _ in range(2 + FEW // (len(table) + 2)):
        assert {key: found.get(key) for key in table} == table
        assert found.get("nobody's key") is None
        assert [found.get(f"{key}x") for key in table] == [table.get(f"{key}x") for key in table]
