"""The one exit to the terminal for text that is not ours: whatever could act there is made visible instead.

C0 and C1 controls, DEL, bidi and invisible format characters and lone surrogates are shown as marks from which the
original can be read back; line ends and tabs stay. Nothing is dropped.
"""

from __future__ import annotations

import codecs
import re
from typing import TextIO

# C0 without TAB and LF, DEL, C1, soft hyphen, Arabic letter mark, zero-width, bidi, line/paragraph separators,
# invisible operators, BOM, interlinear marks, tags, surrogates.
_ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLANKS = re.compile(r"[ \t\r\n]+")


def visible(text: str, *, line_ends: bool = False) -> str:
    """`text` with every character that could act on a terminal written out; with `line_ends` line ends too."""
    shown = _ACTING.sub(_mark, text) if _ACTING.search(text) else text
    return shown.replace("\n", "\u240a") if line_ends else shown


def one_line(text: str, most: int = 0) -> str:
    """`text` visible and on one line: blanks, tabs and line ends become one blank.

    Longer than `most` characters it is cut, and the cut is told.
    """
    flat = visible(_BLANKS.sub(" ", text).strip(" "))
    if most and len(flat) > most:
        return f"{flat[:most].rstrip()} … ({len(flat) - most} more characters)"
    return flat


def _mark(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if code < 0xA0:
        return f"\\x{code:02x}"
    return f"<U+{code:04X}>"


# Signs of our own sentences that older encodings lack, and how a typewriter writes them.
_TYPED = str.maketrans({
    "–": "-", "—": "-", "…": "...", "→": "->", "◂": "<", "▸": ">", "·": "|", "✓": "+", "✗": "x", "≥": ">=", "≤": "<=", "×": "x",
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\u00a0": " ",
})  # fmt: skip


def _typed(fault: UnicodeError) -> tuple[str, int]:
    """What stands for characters that an encoding lacks: the sign of a typewriter, else a backslash escape.

    Bytes that an encoding does not know become backslash escapes too.
    """
    if not isinstance(fault, UnicodeEncodeError):
        return codecs.backslashreplace_errors(fault)  # type: ignore[return-value]
    told = fault.object[fault.start : fault.end].translate(_TYPED)
    return told.encode("ascii", "backslashreplace").decode("ascii"), fault.end


codecs.register_error("catalog-route", _typed)


def soften(stream: TextIO | None) -> None:
    """Let a stream write what its encoding cannot hold in other signs instead of failing (see `_typed`)."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="catalog-route")
