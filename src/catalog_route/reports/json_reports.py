"""The JSON shapes: feed reports, Listings Items answers, notifications, error answers, restrictions and feed status.

All are read by one walk that goes by key: they nest in each other's envelopes, come one or many, and add fields freely.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from catalog_route.reports.json_text import JsonText, Whole, open_json
from catalog_route.reports.shape import SHOWN, Fault, Message, Severity, Tally, clean_code, code_in, severity_of
from catalog_route.reports.source import Text

MAX_ENVELOPES = 12
MOST_HELD = 1_000

TITLES = {
    "notification": "notification of changed listing issues",
    "json-feed": "JSON listings feed report",
    "listings-item": "Listings Items API answer",
    "api-errors": "SP-API error answer",
    "restrictions": "listings restrictions answer",
    "feed-status": "feed status answer",
}

# What tells the shapes apart, the surest first. Keys may be quoted in JSON, Python or Ruby style.
_QUOTED = r"""["':]{0}\\?["']?\s*(?::|=>)\s*\\?"""
_SIGNS = tuple(
    (name, re.compile("|".join(_QUOTED.replace("{0}", key) + begin for key, begin in keys)))
    for name, keys in (
        ("notification", (("[nN]otificationType", "[\"']LISTINGS_ITEM_ISSUES_CHANGE"),)),
        ("json-feed", (("messagesProcessed", "[0-9]"), ("header", "{"), ("messageId", "[0-9\"']"))),
        ("restrictions", (("restrictions", r"\["),)),
        ("listings-item", (("submissionId", "."), ("issues", r"\["), ("summaries", r"\["))),
        ("api-errors", (("errors", r"\["),)),
        ("feed-status", (("processingStatus", "[\"']"),)),
        # a feed cut before its issues, and a list of bare issues
        ("listings-item", (("severity", "[\"']"),)),
    )
)
_LISTS = ("issues", "errors", "restrictions", "items", "reasons", "")
_ENVELOPES = ("data", "detail", "payload", "body", "response", "result", "results", "requestpayload", "message")
_SCALARS = (str, int, float)
_GRAVEST: tuple[Severity, ...] = ("fatal", "error", "warning", "info", "unknown")
_BAD_STATUS = ("FATAL", "CANCELLED")


def shape_of(head: str) -> str:
    """Which of the shapes the beginning of a text shows, or ""."""
    return next((name for name, sign in _SIGNS if sign.search(head)), "")


def read(text: Text, tally: Tally) -> Iterator[Message]:
    """The messages of any of the JSON shapes, of one document or several. Fault where it breaks."""
    reader = _Reader(open_json(text, text.head(), tally), tally)
    try:
        while reader.json.peek():
            yield from reader.entry("", 0)
    finally:
        reader.compare()


class _Reader:
    """One walk over one input."""

    def __init__(self, json: JsonText, tally: Tally) -> None:
        self.json = json
        self._tally = tally
        self._at = 0
        self._counts: dict[str, int] = {}
        self._items = 0
        self._offered: int | None = None

    def compare(self) -> None:
        """Compare what was read with what the input says of itself."""
        for name, severity in (("errors", "error"), ("warnings", "warning")):
            self._tally.compare(name, self._tally.stated.get(name), self._counts.get(severity, 0))
        if self._offered is not None:
            self._tally.compare("items (is this only one page of several?)", self._offered, self._items)

    def entry(self, key: str, depth: int) -> Iterator[Message]:
        """The messages of whatever stands next: a list, an envelope, an entry of the list called `key`."""
        begin = self.json.peek()
        if depth > MAX_ENVELOPES:
            raise self.json.fault("envelopes are nested too deep")
        if begin == "[":
            for _ in self.json.elements():
                yield from self.entry(key, depth + 1)
        elif key in ("issues", "errors", "reasons"):
            yield from self._told(self._issue(self.json.value(), key))
        elif begin == "{":
            self._items += key == "items"
            yield from self._object(key, depth)
        else:
            value = self.json.value()
            self._at += 1
            self._tally.reject(f"entry {self._at}", "an object is expected", str(value))

    def _object(self, where: str, depth: int) -> Iterator[Message]:
        """One object, key by key. Issues wait for the SKU as long as it has not been seen, and no longer than it is sound."""
        seen: dict[str, Any] = {}
        held: list[Message] = []
        try:
            yield from self._members(seen, held, depth)
        except Fault:
            yield from self._named(held, seen)
            raise
        yield from self._named(held, seen)
        if where in ("", "items") and "code" in seen and ("message" in seen or "severity" in seen):
            yield from self._told(self._issue(seen, "issues"))
        else:
            yield from self._about(seen)

    def _members(self, seen: dict[str, Any], held: list[Message], depth: int) -> Iterator[Message]:
        """The members of an object: messages that need not wait, the others into `held`, all else into `seen`."""
        for key in self.json.members():
            name = key.lower()
            begin = self.json.peek()
            if (name in _LISTS and begin == "[") or (name in _ENVELOPES and begin == "{" and not _is_entry(seen)):
                for message in self.entry(name if begin == "[" else "", depth + 1):
                    held.append(message)
                    if _settled(seen, held):
                        yield from self._named(held, seen)
                        held.clear()
            else:
                seen[name] = value = self.json.value()
                if name in _ENVELOPES and isinstance(value, str) and value.startswith("{") and not _is_entry(seen):
                    held.extend(self._inside(value, depth))

    def _inside(self, packed: str, depth: int) -> Iterator[Message]:
        """The messages of JSON that is packed as text into JSON, as queues deliver it. Where it breaks, it alone is rejected."""
        outer, self.json = self.json, JsonText(Whole(packed))
        try:
            while self.json.peek():
                yield from self.entry("", depth + 1)
        except Fault as fault:
            self._at += 1
            self._tally.reject(f"entry {self._at}", f"JSON packed as text breaks {fault.where}: {fault.what}", packed)
        finally:
            self.json = outer

    def _named(self, held: list[Message], seen: dict[str, Any]) -> Iterator[Message]:
        sku, asin = _text(seen.get("sku")), _asin(seen)
        if sku or asin:
            held = [_with(message, message.sku or sku, message.asin or asin) for message in held]
        yield from held

    def _about(self, seen: dict[str, Any]) -> Iterator[Message]:
        """What an object says beside its lists: summary, header, notification, status of a feed."""
        summary, header = seen.get("summary"), seen.get("header")
        if isinstance(summary, dict):
            for name, value in summary.items():
                if isinstance(value, int) and not isinstance(value, bool):
                    self._tally.stated[name] = self._tally.stated.get(name, 0) + value
        if isinstance(header, dict):
            self._tally.feed = _text(header.get("feedId")) or self._tally.feed
        offered = seen.get("numberofresults")
        if isinstance(offered, int):
            self._offered = offered
        if "severities" in seen or "enforcementactions" in seen:
            yield from self._told(self._notification(seen))
        if seen.get("processingstatus") in _BAD_STATUS:
            status = _text(seen["processingstatus"])
            self._tally.feed = _text(seen.get("feedid")) or self._tally.feed
            severity: Severity = "fatal" if status == "FATAL" else "error"
            yield from self._told(Message("", f"processingStatus {status}", severity, at=self._at + 1))

    def _told(self, message: Message | None) -> Iterator[Message]:
        self._at += 1
        if message is not None:
            self._counts[message.severity] = self._counts.get(message.severity, 0) + 1
            yield message

    def _issue(self, issue: Any, key: str) -> Message | None:
        if not isinstance(issue, dict):
            self._tally.reject(f"entry {self._at + 1}", "an issue is expected", str(issue))
            return None
        parts = {str(name).lower(): value for name, value in issue.items()}
        text = _text(parts.get("message"))
        details = _text(parts.get("details"))
        if details and details != text:
            text = f"{text} ({details})" if text else details
        code = clean_code(parts.get("code") if "code" in parts else parts.get("reasoncode")) or code_in(text)
        if not code and not text:
            self._tally.reject(f"entry {self._at + 1}", "neither code nor message", str(issue)[:SHOWN])
            return None
        severity: Severity = "unknown" if key == "issues" else "error"
        if "severity" in parts:
            severity = severity_of(parts["severity"])
        number = parts.get("messageid")
        return Message(
            code, text, severity, _text(parts.get("sku")), _row(number), self._at + 1, _attributes(parts),
            effects=_effects(parts),
        )  # fmt: skip

    def _notification(self, seen: dict[str, Any]) -> Message:
        """A notification holds no codes: its severities and enforcements are all there is to tell."""
        self._tally.note("notifications hold no error codes: getListingsItem with includedData=issues tells them")
        words = [_text(word) for word in _list(seen.get("severities"))]
        effects = tuple(_text(action) for action in _list(seen.get("enforcementactions")))
        severity = min(map(severity_of, words), key=_GRAVEST.index, default=_GRAVEST[3])
        text = "Listing issues changed: " + (", ".join([*words, *effects]) or "none left")
        return Message("", text, severity, _text(seen.get("sku")), None, self._at + 1, (), _text(seen.get("asin")), effects)


def _is_entry(seen: dict[str, Any]) -> bool:
    """Whether the object read so far is an issue or an error itself, so that "message" is its text."""
    return "code" in seen


def _settled(seen: dict[str, Any], held: list[Message]) -> bool:
    """Whether messages need not wait any longer: the SKU is known, they name their own, or too many wait."""
    return "sku" in seen or "header" in seen or bool(held[-1].sku) or held[-1].row is not None or len(held) >= MOST_HELD


def _with(message: Message, sku: str, asin: str) -> Message:
    return Message(message.code, message.text, message.severity, sku, message.row, message.at, message.attributes, asin,
                   message.effects, message.count)  # fmt: skip


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, _SCALARS) and not isinstance(value, bool) else ""


def _row(value: Any) -> int | None:
    text = _text(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _asin(seen: dict[str, Any]) -> str:
    summaries = [part for part in _list(seen.get("summaries")) if isinstance(part, dict)]
    return _text(seen.get("asin")) or next((_text(part.get("asin")) for part in summaries if part.get("asin")), "")


def _attributes(parts: dict[str, Any]) -> tuple[str, ...]:
    names = [_text(name) for name in _list(parts.get("attributenames"))] or [_text(parts.get("attributename"))]
    return tuple(name for name in names if name)


def _effects(parts: dict[str, Any]) -> tuple[str, ...]:
    """The enforcements in force; an exempt listing is not touched by them."""
    enforcements = parts.get("enforcements")
    if not isinstance(enforcements, dict):
        return ()
    exemption = enforcements.get("exemption")
    if isinstance(exemption, dict) and exemption.get("status") == "EXEMPT":
        return ()
    actions = (action for action in _list(enforcements.get("actions")) if isinstance(action, dict))
    return tuple(_text(action.get("action")) for action in actions)
