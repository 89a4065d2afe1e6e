"""A normalised view of a text, with the place of every word in the original.

Normalisation folds what carries no meaning for routing – case, width, accents, look-alike letters, invisible and
bidi characters, curly quotes and dashes – and never loses the way back: every word knows the slice of the original
that it came from, so that quoted evidence is what the seller typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Protocol

from Stemmer import Stemmer

from catalog_route.record import record

MAX_TEXT = 100_000

# Cyrillic and Greek letters that look like Latin ones (after Unicode TR39 confusables, lower case).
_LOOKALIKES = dict(zip("аеорсухіјѕһԁԛԝкмнтвοανικτυρχεη", "aeopcyxijshdqwkmhtboaviktupxen", strict=True))
_FOLDED = {
    "\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\u2212": "-", "’": "'", "‘": "'", "ʼ": "'", "´": "'", "“": '"', "”": '"',
    "…": ".", "ß": "ss", "ø": "o", "ł": "l",
}  # fmt: skip
_WORD_OR_STOP = re.compile(r"a\+|[a-z0-9]+(?:['`][a-z]+)*|[.!?;\n\r]+|[^\x00-\x7f\s]")
_APOSTROPHES = str.maketrans("", "", "'`")
_ORDINAL = re.compile(r"([0-9]{1,3})(?:st|nd|rd|th|x|times)?\Z")


class Speller(Protocol):
    """Gives the words that a written word stands for: itself, its corrected form, or its two glued parts."""

    def __call__(self, word: str) -> tuple[str, ...]:
        """The words that `word` stands for."""
        ...

    @property
    def runs(self) -> Mapping[str, Sequence[tuple[tuple[str, ...], str]]]:
        """First word → word sequences written apart, each with the one word they stand for."""
        ...


@record
class View:
    """Words of one text as parallel lists; `starts`/`ends` are offsets into `original`.

    `words` are as spelled after folding, `stems` what is compared, `sentences` the number of the sentence.
    """

    original: str
    words: list[str]
    stems: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[int]

    def quote(self, first: int, last: int) -> tuple[str, int, int]:
        """The original text from word `first` to word `last` (inclusive), with its start and end offset."""
        start, end = self.starts[first], self.ends[last]
        return self.original[start:end], start, end


_stemmer = Stemmer("english")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a folded word (Snowball, English); words with digits are kept whole."""
    return _stemmer.stemWord(word) if word.isalpha() else word


def number(word: str) -> int | None:
    """The count that up to three digits with an optional ending stand for (`3`, `3rd`, `3x`), else None."""
    found = _ORDINAL.match(word)
    return int(found[1]) if found else None


def fold(text: str) -> tuple[str, list[int] | None]:
    """The folded text and, for each of its characters, the index in `text`; None means they are the same."""
    if text.isascii():
        return text.lower(), None
    out: list[str] = []
    back: list[int] = []
    for index, char in enumerate(text):
        folded = char.lower() if char.isascii() else _fold_char(char)
        out.append(folded)
        back.extend([index] * len(folded))
    back.append(len(text))
    return "".join(out), back


def _fold_char(char: str) -> str:
    if char in _FOLDED:
        return _FOLDED[char]
    kind = unicodedata.category(char)
    if kind in ("Cf", "Me", "Cs"):
        return ""
    if kind == "Pd":
        return "-"
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if unicodedata.category(c) != "Mn").casefold()
    return "".join(_FOLDED.get(c) or _LOOKALIKES.get(c, c) for c in plain)


def view(text: str, speller: Speller) -> View:
    """The normalised view of `text`. Words come from `speller`, which may change, split or keep what was written."""
    folded, back = fold(text)
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    sentences: list[int] = []
    sentence = 0
    for found in _WORD_OR_STOP.finditer(folded):
        word = found[0]
        if not (word[0].isalnum() and word[0].isascii()):
            sentence += _stops(folded, word, found.end())
            continue
        start, end = found.span()
        if back is not None:
            start, end = back[start], back[end - 1] + 1
            while end < len(text) and unicodedata.category(text[end]) == "Mn":
                end += 1
        for part in speller(word if word.isalnum() else word.translate(_APOSTROPHES)):
            words.append(part)
            starts.append(start)
            ends.append(end)
            sentences.append(sentence)
    seen = View(text, words, list(map(stem, words)), starts, ends, sentences)
    if not speller.runs.keys().isdisjoint(words):
        _join_runs(seen, speller)
    return seen


def _join_runs(seen: View, speller: Speller) -> None:
    """Put words written apart together ("re opened"), inside a sentence."""
    runs = speller.runs
    at = 0
    while at < len(seen.words):
        for run, meant in runs.get(seen.words[at], ()):
            last = at + len(run) - 1
            if tuple(seen.words[at : last + 1]) == run and seen.sentences[at] == seen.sentences[last]:
                seen.words[at : last + 1] = [meant]
                seen.stems[at : last + 1] = [stem(meant)]
                seen.starts[at : last + 1] = [seen.starts[at]]
                seen.ends[at : last + 1] = [seen.ends[last]]
                seen.sentences[at : last + 1] = [seen.sentences[at]]
                break
        at += 1


def oversized(text: str) -> str | None:
    """Why `text` is not read, None when it has at most MAX_TEXT characters."""
    return f"the text has {len(text)} characters, more than the {MAX_TEXT} that are read" if len(text) > MAX_TEXT else None


def _stops(folded: str, mark: str, end: int) -> bool:
    """Whether a punctuation run ends a sentence: a line end, or a stop before a blank or the end of the text."""
    return mark.isascii() and ("\n" in mark or "\r" in mark or end == len(folded) or folded[end].isspace())
