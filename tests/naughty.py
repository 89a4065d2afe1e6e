"""Texts that have broken programs before, made here: for every kind of trouble a few, and words to mix them with."""

from __future__ import annotations

import re

# What must never reach a terminal as it is.
ACTS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)

WORDS = (
    "feed issue", "page locked by Brand Registry", "case re-opened 4 times", "error 8541", "not", "they told me to ask FBA", "B0ABCDEFGH",
    "sku KETTLE-12-RED", "012345678905", "amazon.co.uk", "-", "--", "--json", "route", "show", "batch", "", " ", "\n",
)  # fmt: skip

KINDS: dict[str, tuple[str, ...]] = {
    "nothing, or what programs take for it": ("undefined", "null", "None", "nil", "NaN", "(null)", "true", "false", "0", "[]", "{}", '""'),
    "numbers": (
        "1e999", "-0", "0x1F", "1_000", "٣٤", "５", "²", "½", "Ⅷ", "9" * 400, "1/0", "1,000.00", "00", "08", "1.0.0.0", "+1", "1e-400",
    ),
    "signs of other languages": (
        "'; DROP TABLE cases;--", '" OR ""="', "<script>alert(1)</script>", "${7*7}", "{{7*7}}", "#{1}", "%s%n%x", "%d", "{0}", "{text}",
        "$(touch x)", "`touch x`", "; ls", "| cat", "&& true", "\\u0041", "\\x41", "&lt;&#65;", "<![CDATA[", "<!ENTITY x 'y'>", "=1+1",
        "@SUM(1)", "=cmd|' /C calc'!A0", "../../etc/passwd", "C:\\nul", "file:///etc/passwd", "//host/share", "~root", "*", "?", "[a-", "(((",
    ),
    "markup of the screen": ("[/]", "[/x]", "[bold]b[/bold]", "[red]", "[link=x]y[/link]", ":warning:", ":cd:", "path\\", "[[", "]]"),
    "escape sequences": (
        "\x1b[2J", "\x1b]0;title\x07", "\x1b]8;;x\x1b\\y\x1b]8;;", "\x9b31m", "\x1bP", "\x1b[?1049h", "\x07\x08\x0b\x0c", "\x7f", "\x00", "\x85",
    ),
    "directions and what is not seen": (
        "\u202egnirts\u202c", "\u2066x\u2069", "fe\u200bed iss\u00adue", "\ufeff", "\u2060", "\u180e", "\U000e0041", "\u061c", "\u3164", "\u034f",
    ),
    "ends of lines and blanks": ("a\rb", "a\r\nb", "a\u2028b", "a\u2029b", "a\vb", "a\fb", "\u00a0", "\u3000", "\t\t", "a\x1cb"),
    "halves and wholes of characters": ("\ud800", "\udc00\ud800", "\ufffe", "\uffff", "\U0010ffff", "\ufdd0", "\udcff"),
    "many marks": ("e" + "\u0301" * 50, "Z\u0351\u036b\u0343a\u0363l\u0321g\u0345o", "\u0488" * 20, "\u0300"),
    "other scripts": (
        "Größe falsch", "商品が表示されない", "ملف مرفوض", "דף חסום", "ｆｅｅｄ　ｉｓｓｕｅ", "fееd іssuе", "İstanbul ı", "ǆ", "ß", "ﬁle", "ﷺ", "ẞ",
        "\U00020000", "हिन्दी", "ไทย", "ΑΒΓ",
    ),
    "signs in pairs and crowds": ("👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪🇫", "👍🏽", "❤️", "1️⃣", "¯\\_(ツ)_/¯", "‘’“”«»–—…", "′″‵", "¡¿", "™©®", "☃"),
    "words of this program": (
        "who: ERT (ert)", "confidence: high", "text: x", '{"status": "routed"}', "catalog-route: 1 read", "signal: feed-rejected", "ert",
        "Subject: x", "[ASIN]", "{asin}", "--", "-o x", "--data /", "check", "exit 0",
    ),
    "long things": ("a" * 5000, "feed " * 500, "8541 " * 300, "(" * 500, "<" * 500, "1." * 500, "not " * 300, "a'" * 400, "." * 900),
}  # fmt: skip
TEXTS = tuple(text for texts in KINDS.values() for text in texts)
