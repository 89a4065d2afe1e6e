"""Bytes from outside → blocks of whole lines, a read at a time: memory stays the same however long the input is.

Lines end at `\\n` and nowhere else. Inside, everything is UTF-8: UTF-16 (by its mark or its NULs) and an encoding that
the caller names are turned into it as they are read. Without a name each line stands for itself: UTF-8, else windows-1252,
counted, so that one stray byte costs one line its accents and the answer does not depend on how the bytes were cut.
A line beyond LONGEST is not kept; its beginning and its length are.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from catalog_route.reading import guess
from catalog_route.terminal import Exit, Stop

LONGEST = 1 << 20
READ = 1 << 16
SHOWN = 200
KEEP = "catalog-route-keep"


class Lines(NamedTuple):
    """Whole lines, the first of them number `line`. With `cut`: the beginning of one line of so many bytes."""

    line: int
    data: bytes
    cut: int = 0


def _keep(fault: UnicodeError) -> tuple[str, int]:
    """What an encoding does not define stays as the code points of the bytes' values; lone surrogates stay themselves."""
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    taken = fault.object[fault.start : fault.end]
    if fault.encoding.startswith("utf-16") and len(taken) == 2:
        return chr(int.from_bytes(taken, "big" if "be" in fault.encoding else "little")), fault.end
    return "".join(map(chr, taken)), fault.end


codecs.register_error(KEEP, _keep)


def whole_lines(read: Callable[[], bytes], encoding: str | None = None) -> Iterator[Lines]:
    """One block for each read, empty when no line has ended yet.

    `read` gives what is there, at most LONGEST bytes, and b"" at the end.

    LookupError when there is no such `encoding`, Stop (exit 5) when the input cannot be read in it.
    """
    decoder = codecs.getincrementaldecoder(encoding)(KEEP) if encoding else None
    chunks: Iterable[bytes] = iter(read, b"")
    if not encoding:
        head = _head(read)
        encoding = guess(head)
        if encoding == "utf-8-sig":
            head = head.removeprefix(codecs.BOM_UTF8)
        elif encoding.startswith("utf-16"):
            decoder = codecs.getincrementaldecoder(encoding)(KEEP)
        chunks = chain([head] if head else [], chunks)
    return _split(_as_utf8(chunks, decoder, encoding) if decoder else chunks)


def _head(read: Callable[[], bytes]) -> bytes:
    """The first bytes: enough to tell a byte-order mark, and no more than one read where that is enough."""
    head = read()
    while 0 < len(head) < 4:
        more = read()
        if not more:
            break
        head += more
    return head


def _as_utf8(chunks: Iterable[bytes], decoder: codecs.IncrementalDecoder, encoding: str) -> Iterator[bytes]:
    mark = "\ufeff"
    try:
        for chunk in chunks:
            text = decoder.decode(chunk)
            yield text.removeprefix(mark).encode("utf-8", "surrogatepass")
            mark = "" if text else mark
        yield decoder.decode(b"", True).encode("utf-8", "surrogatepass")
    except UnicodeError as fault:
        order = "; name the order of its bytes, as in utf-16-le" if "BOM" in str(fault) else ""
        raise Stop(f"--encoding: the input is not {encoding}: {fault}{order}", Exit.INPUT) from fault


def _split(chunks: Iterable[bytes]) -> Iterator[Lines]:
    line, length = 1, 0
    parts: list[bytes] = []
    for chunk in chunks:
        first = chunk.find(b"\n")
        if first < 0:
            length += len(chunk)
            parts.append(chunk)
            if length > LONGEST:
                parts = [b"".join(parts)[:SHOWN]]
            yield Lines(line, b"")
            continue
        last = chunk.rfind(b"\n") + 1
        data = b"".join(parts) + chunk[:last]
        if length + first > LONGEST:
            yield Lines(line, data[:SHOWN], length + first)
            line, data = line + 1, chunk[first + 1 : last]
        yield Lines(line, data)
        line += data.count(b"\n")
        parts, length = [chunk[last:]], len(chunk) - last
    if length:
        data = b"".join(parts)
        yield Lines(line, data[:SHOWN], length) if length > LONGEST else Lines(line, data)


def text_lines(block: Lines, odd: Callable[[int], None]) -> list[str]:
    """The lines of a block as text, without their `\\n`; `odd` is told the number of each that is not UTF-8."""
    try:
        lines = block.data.decode().split("\n")
    except UnicodeDecodeError:
        lines = [_decoded(raw, number, odd) for number, raw in enumerate(block.data.split(b"\n"), block.line)]
    if not lines[-1]:
        del lines[-1]
    return lines


def _decoded(raw: bytes, number: int, odd: Callable[[int], None]) -> str:
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        odd(number)
        return raw.decode("cp1252", KEEP)
