"""Edits of a text that must not change what it is about: case, blanks, letters of other scripts, manners, things, typos.

Every edit is a plain function of the text (and of a random number generator where it draws), so that a flip can be
repeated. What carries meaning for routing – words, error codes, counts – is left as it is.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

Edit = Callable[[str], str]

NEIGHBOURS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk", "k": "jl",
    "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb",
    "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip
LOOKALIKES = str.maketrans("aeopcyxiAEOPCTX", "аеорсухіАЕОРСТХ")
DASHES_AND_QUOTES = str.maketrans({"'": "\u2019", "-": "\u2010"})

# Sentences that say nothing about any problem.
NEUTRAL = (
    "I have sold on Amazon since 2016.",
    "It has been raining here all week.",
    "We are a small family company with nine people.",
    "My wife and I run the business from our house in the country.",
    "The office is near the river and has a nice view.",
    "We drink far too much coffee in the morning.",
    "Our company was founded by my grandfather.",
    "Last year we moved to a bigger house with a garden.",
    "My colleague Ana is on leave until Monday.",
    "The weather should be better next week.",
    "We like our work and the people we work with.",
    "My son started school this autumn.",
    "In the evening we often go for a walk with the dog.",
    "Our town has a small market on Saturdays.",
    "I write this during my lunch break.",
)
GREETINGS: tuple[tuple[str, str], ...] = (
    ("Hi team, hope you are well. ", ""),
    ("", " Please help, thanks in advance!"),
    ("Dear Sir or Madam,\n\n", "\n\nKind regards,\nMaria Lopez"),
    ("Hello,\n", "\nThank you very much and have a nice day.\nTom"),
    ("Good morning! ", " I would be very grateful. Best wishes, Priya"),
)


def lower(text: str) -> str:
    return text.lower()


def upper(text: str) -> str:
    return text.upper()


def title(text: str) -> str:
    return re.sub(r"[A-Za-z]+", lambda found: found[0][0].upper() + found[0][1:].lower(), text)


def mixed(text: str) -> str:
    rng = random.Random(len(text))
    return "".join(rng.choice((char.lower(), char.upper())) for char in text)


CASES: dict[str, Edit] = {"lower": lower, "UPPER": upper, "Title": title, "rAnDoM": mixed}


def no_marks(text: str) -> str:
    """Without any mark that is not part of a word or a number; each becomes a blank, line ends too."""
    bare = re.sub(r"(?<!\w)[^\w\s]+|[^\w\s+]+(?!\w)", " ", text)
    return re.sub(r"\s+", " ", bare).strip()


def bullets(text: str) -> str:
    """Every sentence as a bullet on a line of its own."""
    return "\n".join(f"• {part}" for part in sentences(text))


def quotes(text: str) -> str:
    """Typographic quotes, apostrophes and hyphens."""
    paired = re.sub(r'"([^"]*)"', "\u201c\\1\u201d", text)
    return paired.translate(DASHES_AND_QUOTES)


MARKS: dict[str, Edit] = {
    "no marks": no_marks,
    "!!!": lambda text: f"{text}!!!",
    "... for .": lambda text: re.sub(r"\.(?=\s|\Z)", "...", text),
    "double blanks": lambda text: text.replace(" ", "  "),
    "tabs": lambda text: text.replace(" ", "\t"),
    "CRLF": lambda text: f"{text}\r\n".replace("\n", "\r\n").replace("\r\r", "\r"),
    "trailing dot": lambda text: f"{text}.",
    "bullets": bullets,
    "quotes and dashes": quotes,
    "in quotes": lambda text: f'"{text}"',
    "blank lines around": lambda text: f"\n\n  {text}  \n\n",
}


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def inside_words(mark: str) -> Edit:
    """Puts an invisible mark into the middle of every long word."""
    return lambda text: re.sub(r"[A-Za-z]{4,}", lambda w: w[0][: len(w[0]) // 2] + mark + w[0][len(w[0]) // 2 :], text)


def lookalike(text: str) -> str:
    """Two letters of every word with a Cyrillic twin."""
    return re.sub(r"[A-Za-z]{3,}", lambda w: w[0][:2].translate(LOOKALIKES) + w[0][2:], text)


LETTERS: dict[str, Edit] = {
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "full width": wide,
    "no-break blank": lambda text: text.replace(" ", "\u00a0"),
    "soft hyphen": inside_words("\u00ad"),
    "zero-width blank": inside_words("\u200b"),
    "zero-width joiner": inside_words("\u200d"),
    "byte-order mark": lambda text: f"\ufeff{text}",
    "bidi marks": lambda text: f"\u202a{text}\u202c",
    "accents": lambda text: re.sub("e(?=[a-z])", "e\u0301", text, count=3),
}


def manners(number: int) -> Edit:
    before, after = GREETINGS[number]
    return lambda text: f"{before}{text}{_stop(text) if after.startswith(' ') else ''}{after}"


def before(sentence: str) -> Edit:
    return lambda text: f"{sentence} {text}"


def after(sentence: str) -> Edit:
    return lambda text: f"{text}{_stop(text)} {sentence}"


def _stop(text: str) -> str:
    return "" if text.rstrip()[-1:] in ".!?" else "."


def story(words: int, seed: int) -> str:
    """Neutral sentences of about so many words."""
    rng = random.Random(seed)
    out: list[str] = []
    while sum(len(sentence.split()) for sentence in out) < words:
        out += rng.sample(NEUTRAL, len(NEUTRAL))
    while sum(len(sentence.split()) for sentence in out) > words + 8:
        out.pop()
    return " ".join(out)


def sentences(text: str) -> list[str]:
    """The sentences of a text, cut at stops and line ends."""
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+|\n+", text) if part.strip()]


def last_first(text: str) -> str:
    """The last sentence in front: the question before the story."""
    parts = sentences(text)
    return " ".join([parts[-1] + _stop(parts[-1]), *parts[:-1]]) if len(parts) > 1 else text


def swap_first(text: str) -> str:
    """The first two sentences change places."""
    parts = sentences(text)
    if len(parts) < 2:
        return text
    return " ".join([parts[1] + _stop(parts[1]), parts[0], *parts[2:]])


ASIN = re.compile(r"\bB0[0-9A-Z]{8}\b")
LONG_NUMBER = re.compile(r"(?<![\w-])[0-9]{9,13}(?![\w-])")
MARKET = re.compile(r"\bamazon\.(?:com\.tr|com\.br|co\.uk|de|fr|it|es|nl|ca|in)\b", re.IGNORECASE)
PRICE = re.compile(r"(?<=[$€£])[0-9]+(?:[.,][0-9]{2})?\b")
MONTH = re.compile(r"\b(january|february|april|june|july|august|september|october|november|december)\b", re.IGNORECASE)
WEEKDAY = re.compile(r"\b(monday|tuesday|wednesday|thursday|friday)\b", re.IGNORECASE)
SKU = re.compile(r"\b(?=[A-Z0-9-]*[0-9])(?=[A-Z0-9-]*[A-Z])[A-Z0-9]{2,}(?:-[A-Z0-9]{2,})+\b")
BRAND = re.compile(r"\b(House of Marbles|Fun and Games|GP-TECH|ADIDAS)\b")
THING = re.compile(r"\b(mug|lamp|wallet|apron|bath mat|helmet|suitcase|lipstick|rain poncho|chess set|teapot|vase)(s?)\b")
MARKETS = ("amazon.de", "amazon.fr", "amazon.ca", "amazon.co.uk", "amazon.es")
TRAPS = ("Registry", "Captive", "Sponsor", "Prime", "Apple")
BRANDS = (*TRAPS, "Lumora", "Kestrel & Sons")
THINGS = ("mug", "lamp", "wallet", "apron", "teapot", "umbrella", "blanket", "backpack", "vase", "doormat")
MONTHS = ("january", "april", "june", "august", "october", "december")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def other_things(seed: int) -> Edit:
    """Other ASINs, ids, SKUs, marketplaces, prices, dates, brands and things; never another problem."""

    def edit(text: str) -> str:
        rng = random.Random(f"{seed} {text}")
        digits = "0123456789"

        def asin(_: re.Match[str]) -> str:
            return "B0" + "".join(rng.choice(digits + "BCDFGHJKLMNPQRSTVWXYZ") for _ in range(8))

        def figure(found: re.Match[str]) -> str:
            return "".join(rng.choice(digits[1:]) for _ in found[0])

        text = ASIN.sub(asin, text)
        text = LONG_NUMBER.sub(figure, text)
        text = SKU.sub(lambda found: f"{'ABKQZ'[len(found[0]) % 5]}X-{rng.randint(100, 999)}-T", text)
        text = MARKET.sub(lambda _: rng.choice(MARKETS), text)
        text = PRICE.sub(lambda _: f"{rng.randint(5, 90)}.{rng.randint(10, 99)}", text)
        text = MONTH.sub(lambda _: rng.choice(MONTHS), text)
        text = WEEKDAY.sub(lambda _: rng.choice(WEEKDAYS), text)
        text = BRAND.sub(lambda _: rng.choice(BRANDS), text)
        return THING.sub(lambda found: rng.choice(THINGS) + found[2], text)

    return edit


def typo(word: str, at: int, rng: random.Random) -> str:
    """One slip of the fingers at a place of a word: swap, drop, double, or the key beside."""
    kind = rng.choice(("swap", "drop", "double", "beside"))
    if kind == "swap" and at + 1 < len(word) and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == "drop":
        return word[:at] + word[at + 1 :]
    if kind == "beside":
        near = rng.choice(NEIGHBOURS.get(word[at].lower(), word[at]))
        return word[:at] + (near.upper() if word[at].isupper() else near) + word[at + 1 :]
    return word[: at + 1] + word[at:]


def typos(seed: int, every: int = 40) -> Edit:
    """One slip every forty characters on average (a shorter text gets one now and then), in letters only."""

    def edit(text: str) -> str:
        rng = random.Random(f"{seed} {text}")
        places = [at for at, char in enumerate(text) if "a" <= char.lower() <= "z"]
        for at in sorted(rng.sample(places, min(len(places), int(len(text) / every + rng.random()))), reverse=True):
            text = typo(text, at, rng)
        return text

    return edit


# Pairs of spellings and forms that mean the same wherever they stand.
FORMS: tuple[tuple[str, str], ...] = (
    ("catalog", "catalogue"), ("email", "e-mail"), ("color", "colour"), ("enroll", "enrol"), ("enrollment", "enrolment"),
    ("authorized", "authorised"), ("unauthorized", "unauthorised"), ("canceled", "cancelled"), ("center", "centre"),
    ("recognized", "recognised"), ("re-opened", "reopened"), ("relist", "re-list"), ("flat file", "flatfile"),
    ("barcode", "bar code"), ("trademark", "trade mark"), ("buy box", "buybox"), ("log in", "login"), ("can't", "cannot"),
    ("cannot", "can not"), ("don't", "do not"), ("doesn't", "does not"), ("isn't", "is not"), ("won't", "will not"),
    ("can't", "cant"), ("doesn't", "doesnt"), ("don't", "dont"), ("i'm", "i am"),
)  # fmt: skip
NUMBERS: tuple[tuple[str, str], ...] = (
    ("merge", "merging"), ("image", "images"), ("picture", "pictures"), ("photo", "photos"), ("variation", "variations"),
    ("bullet point", "bullet points"), ("template", "templates"), ("keyword", "keywords"), ("campaign", "campaigns"),
    ("duplicate", "duplicates"), ("shipment", "shipments"), ("invoice", "invoices"),
)  # fmt: skip


def form(one: str, other: str) -> Edit:
    """Every `one` as `other`."""
    return lambda text: re.sub(rf"(?<![\w-]){re.escape(one)}(?![\w-])", other, text, flags=re.IGNORECASE)


def forms() -> dict[str, Edit]:
    """Both ways of every pair."""
    both = [(a, b) for pair in (*FORMS, *NUMBERS) for a, b in (pair, pair[::-1])]
    return {f"{a} → {b}": form(a, b) for a, b in both}
