"""Bytes from outside → text, whatever encoding they came in, and never silently damaged."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_route.reading import MAX_BYTES, decode, guess, read_text
from catalog_route.terminal import Exit, Stop

TEXT = "Größe falsch – flat file rejected with error 8541 ✓"


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (TEXT.encode("utf-8"), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        ("😀 feed issue".encode(), "utf-8"),
    ],
)
def test_encoding_is_recognised(raw: bytes, encoding: str) -> None:
    assert guess(raw) == encoding
    assert decode(raw) in (TEXT, "😀 feed issue")


def test_old_windows_text_is_read_and_said_aloud(capsys: pytest.CaptureFixture[str]) -> None:
    assert decode("Größe “falsch” – 5 €".encode("cp1252")) == "Größe “falsch” – 5 €"
    assert "windows-1252" in capsys.readouterr().err


def test_utf8_is_read_without_talk(capsys: pytest.CaptureFixture[str]) -> None:
    decode(TEXT.encode())
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("raw", [b"", b"a", b"ab", b"abc", b"\n"])
def test_short_input_is_plain(raw: bytes) -> None:
    assert decode(raw) == raw.decode("ascii")


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        assert not decode(TEXT.encode(encoding)).startswith("\ufeff")


def test_one_wrong_byte_does_not_lose_the_rest() -> None:
    assert decode(b"feed issue \xff here").startswith("feed issue ")
    assert decode(b"feed issue \xff here").endswith(" here")


def test_nul_bytes_in_ordinary_text_stay() -> None:
    assert decode(b"feed\x00issue with error 8541") == "feed\x00issue with error 8541"


def test_too_much_is_refused_with_its_limit() -> None:
    with pytest.raises(Stop, match=str(MAX_BYTES)) as caught:
        read_text(io.BytesIO(b"a" * (MAX_BYTES + 1)))
    assert caught.value.code is Exit.INPUT


def test_the_limit_itself_is_read() -> None:
    assert len(read_text(io.BytesIO(b"a" * MAX_BYTES))) == MAX_BYTES


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_become_text(raw: bytes) -> None:
    assert isinstance(decode(raw), str)


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.characters(codec="utf-8"), max_size=100).filter(lambda text: "\0" not in text and not text.startswith("\ufeff"))
)
def test_utf8_is_read_back_as_it_was(text: str) -> None:
    assert decode(text.encode("utf-8")) == text
    assert decode(text.encode("utf-8-sig")) == text
