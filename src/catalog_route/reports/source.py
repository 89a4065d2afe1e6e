"""Bytes → text by recognition: gzip unpacked, encodings as they really come, everything in pieces of bounded size.

Read is UTF-16 (with or without a mark), UTF-8, windows-31j where the bytes are Japanese, and windows-1252 for single
bytes that are no UTF-8. What had to be guessed is noted in the tally.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterator
from typing import Protocol

from catalog_route.reports.shape import Fault, Tally

HEAD = 65_536
CHUNK = 65_536
MAX_LINE = 1_048_576
MAX_BYTES = 16 * 2**30
# So many bytes from the first that is no UTF-8 on are seen before it is said what they are.
ENOUGH = 4_096

_GZIP = b"\x1f\x8b\x08"
_ESCAPED = re.compile("[\udc80-\udcff]")
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_DECLARABLE = {
    "utf-8": "utf-8", "us-ascii": "utf-8", "windows-1252": "cp1252", "iso-8859-1": "cp1252", "latin1": "cp1252",
    "windows-31j": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "cp932": "cp932", "ms932": "cp932",
    "euc-jp": "euc_jp", "iso-8859-15": "iso8859-15", "iso-8859-2": "iso8859-2", "windows-1250": "cp1250", "gb2312": "gb18030",
    "gbk": "gb18030", "gb18030": "gb18030",
}  # fmt: skip
_NOT_1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes; none at the end."""
        ...


class Bytes:
    """A stream that can be looked at before it is read."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._held = b""
        self._fault: Fault | None = None
        self._total = 0

    def head(self, size: int = HEAD) -> bytes:
        """The first bytes, which stay to be read. Slow pipes are waited for; a fault waits for its turn."""
        try:
            while len(self._held) < size and self._fault is None and (more := self._next(size - len(self._held))):
                self._held += more
        except Fault as fault:
            self._fault = fault
        if not self._held and self._fault is not None:
            raise self._fault
        return self._held

    def read(self, size: int = CHUNK, /) -> bytes:
        """Up to `size` bytes; none at the end. Fault beyond the limit."""
        if self._held:
            piece, self._held = self._held[:size], self._held[size:]
        elif self._fault is not None:
            raise self._fault
        else:
            piece = self._next(size)
        self._total += len(piece)
        if self._total > MAX_BYTES:
            raise Fault(f"after {MAX_BYTES} bytes", "more is not read")
        return piece

    def _next(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except OSError as fault:
            raise Fault(f"after {self._total + len(self._held)} bytes", f"reading failed: {fault.strerror or fault}") from fault


class Unpacked:
    """The content of a gzip stream, of one or several members. Fault where it is cut or damaged, after all before."""

    def __init__(self, packed: Bytes) -> None:
        self._packed = packed
        self._inflate = zlib.decompressobj(31)
        self._rest = b""
        self._step = CHUNK
        self._given = 0

    def read(self, size: int = CHUNK, /) -> bytes:
        """Up to `size` unpacked bytes; none at the end."""
        while True:
            if self._inflate.eof:
                # the header of the next member may come in two pieces
                while len(self._rest) < len(_GZIP) and (more := self._packed.read(CHUNK)):
                    self._rest += more
                if not self._rest.startswith(_GZIP):
                    return b""
                self._inflate = zlib.decompressobj(31)
            data = self._rest or self._packed.read(CHUNK)
            if not data:
                raise Fault(f"after {self._given} unpacked bytes", "the gzip file ends too early")
            out = self._inflated(data, size)
            if out:
                self._given += len(out)
                return out

    def _inflated(self, data: bytes, size: int) -> bytes:
        """Unpack a piece. Where it is damaged, go on byte by byte from before the piece, to lose nothing that is sound."""
        before = self._inflate.copy()
        piece, after = data[: self._step], data[self._step :]
        try:
            out = self._inflate.decompress(piece, size)
        except zlib.error as fault:
            if self._step == 1:
                raise Fault(f"after {self._given} unpacked bytes", "the gzip file is damaged") from fault
            self._inflate, self._step, self._rest = before, 1, data
            return b""
        self._rest = (self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail) + after
        return out


def unpack(stream: Readable) -> tuple[Bytes, bool]:
    """The bytes behind a stream, gzip or not, and whether they were packed."""
    plain = Bytes(stream)
    if not plain.head(3).startswith(_GZIP):
        return plain, False
    return Bytes(Unpacked(plain)), True


def encoding_of(head: bytes) -> str:
    """The encoding that the first bytes show; "utf-8" stands for UTF-8 or anything that must be mended."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    start = head[:4096]
    if len(start) >= 4 and start.count(0) >= 0.3 * len(start):
        return "utf-16-le" if start[1:2] == b"\0" else "utf-16-be"
    declared = _DECLARED.search(head[:1024])
    if declared:
        return _DECLARABLE.get(declared[1].decode("ascii").lower(), "utf-8")
    return "cp932" if _japanese(head) else "utf-8"


def _japanese(raw: bytes) -> bool:
    """Whether bytes that are no UTF-8 are windows-31j: they decode, and show kana or bytes that windows-1252 lacks."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(raw)
    except UnicodeDecodeError:
        pass
    else:
        return False
    try:
        text = codecs.getincrementaldecoder("cp932")().decode(raw)
    except UnicodeDecodeError:
        return False
    kana = sum("\u3041" <= char <= "\u30fe" for char in text)
    return kana >= 2 or bool(_NOT_1252 & set(raw))


class Text:
    """The text of some bytes, read in pieces or in lines."""

    def __init__(self, source: Bytes, tally: Tally) -> None:
        head = source.head()
        self._source = source
        self._tally = tally
        self._start = True
        self._waiting = b""
        self._line_end = "\r" if b"\r" in head and b"\n" not in head else "\n"
        self._set(encoding_of(head))

    def _set(self, encoding: str) -> None:
        self.encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("surrogateescape" if encoding == "utf-8" else "replace")
        if encoding not in ("utf-8", "utf-16"):
            self._tally.note(f"read as {encoding}")

    def head(self) -> str:
        """The beginning of the text, which stays to be read."""
        text = self._source.head().decode(self.encoding, "replace")
        return text.removeprefix("\ufeff")

    def read(self, size: int = CHUNK) -> str:
        """A piece of text; "" at the end."""
        while True:
            raw = self._source.read(CHUNK)
            text = self._decoded(raw)
            if self._start and text:
                text, self._start = text.removeprefix("\ufeff"), False
            if text or not raw:
                return text

    def _decoded(self, raw: bytes) -> str:
        seen = self._decoder.getstate()[0] + self._waiting + raw
        text = self._decoder.decode(self._waiting + raw, not raw)
        self._waiting = b""
        odd = None if self.encoding != "utf-8" or text.isascii() else _ESCAPED.search(text)
        if odd is None:
            return text
        # The head was plain: what is no UTF-8 shows only now.
        if not any("windows-1252" in note for note in self._tally.notes):
            if raw and len(seen) - len(text[: odd.start()].encode()) < ENOUGH:
                self._waiting = seen
                self._decoder.reset()
                return ""
            if _japanese(seen):
                self._set("cp932")
                return self._decoder.decode(seen, not raw)
        self._tally.note("bytes that are no UTF-8 were read as windows-1252")
        return _ESCAPED.sub(_from_1252, text)

    def lines(self) -> Iterator[tuple[int, str, bool]]:
        """Number, line and whether its end was there. Only line feeds (or, without any, carriage returns) end lines."""
        number, rest, end = 0, "", self._line_end
        while piece := self.read():
            parts = (rest + piece).split(end)
            rest = parts.pop()
            for part in parts:
                number += 1
                yield number, self._fitting(part.removesuffix("\r"), number), True
            if len(rest) > MAX_LINE + CHUNK:
                rest = rest[: MAX_LINE + 1]
        if rest:
            yield number + 1, self._fitting(rest.removesuffix("\r"), number + 1), False

    def _fitting(self, line: str, number: int) -> str:
        if len(line) <= MAX_LINE:
            return line
        self._tally.note(f"line {number} is longer than {MAX_LINE} characters and was cut there")
        return line[:MAX_LINE]


def _from_1252(found: re.Match[str]) -> str:
    byte = bytes([ord(found[0]) - 0xDC00])
    return byte.decode("latin-1") if byte[0] in _NOT_1252 else byte.decode("cp1252")
