"""Messages → groups: one for each error code and reading of it, added up while a report is read, in bounded memory.

A message of a SKU that is only the echo of another (its code is an `echo_of` a code of the same SKU) is counted under
that one. Echoes are found among the last WINDOW records, because the messages of a record stand together.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Container
from dataclasses import dataclass, field

from catalog_route.knowledge import ErrorCode, Knowledge, Reading
from catalog_route.reports import Message

WINDOW = 20_000
MOST_GROUPS = 2_000
MOST_SKUS = 1_000
MOST_SKUS_IN_ALL = 100_000
MOST_ROWS = 5
MOST_SAMPLES = 3
MOST_NAMES = 50
LONGEST_SAMPLE = 2_000

_QUOTED = re.compile(r"'[^']{0,200}'|\"[^\"]{0,200}\"")
_DIGIT = re.compile(r"[0-9]")
_BLANKS = re.compile(r"\s+")


@dataclass(slots=True, eq=False)
class Group:
    """The messages of one code in one reading.

    `echoed`: how many are echoes, by the code they are echoes of; `brings`: how many echoes of it there are, by code.
    `skus_complete` is False when further SKUs were met that are not kept; `own` are the messages that are no echoes.
    """

    code: str
    entry: ErrorCode | None = None
    reading: Reading | None = None
    count: int = 0
    severities: dict[str, int] = field(default_factory=dict)
    skus: dict[str, None] = field(default_factory=dict)
    skus_complete: bool = True
    rows: dict[int, None] = field(default_factory=dict)
    attributes: dict[str, int] = field(default_factory=dict)
    effects: dict[str, int] = field(default_factory=dict)
    asins: dict[str, None] = field(default_factory=dict)
    samples: list[str] = field(default_factory=list)
    echoed: dict[str, int] = field(default_factory=dict)
    brings: dict[str, int] = field(default_factory=dict)

    @property
    def own(self) -> int:
        """How many messages are no echo of another."""
        return self.count - sum(self.echoed.values())


class Groups:
    """Adds messages up. `every_sku` keeps all SKUs, whatever memory that takes."""

    def __init__(self, known: Knowledge, *, every_sku: bool = False) -> None:
        self._known = known
        self._every = every_sku
        self._codes = {code.lower(): entry for code, entry in known.codes.items()}
        self._pieces = {code: _pieces(entry) for code, entry in known.codes.items() if entry.readings}
        self._roots = {code: entry.echo_of for code, entry in known.codes.items() if entry.echo_of}
        self._linked = {*self._roots, *(root for roots in self._roots.values() for root in roots)}
        self._rank = {code: rank for rank, code in enumerate(known.codes)}
        self._groups: dict[tuple[str, str], Group] = {}
        self._records: OrderedDict[str, dict[Group, int]] = OrderedDict()
        self._kept = 0
        self.overflow = 0

    def add(self, message: Message) -> None:
        """Count one message."""
        group = self._group(message)
        group.count += message.count
        group.severities[message.severity] = group.severities.get(message.severity, 0) + message.count
        if message.sku:
            self._add_sku(group, message.sku)
        if message.row is not None and len(group.rows) < MOST_ROWS:
            group.rows[message.row] = None
        if message.text and len(group.samples) < MOST_SAMPLES and message.text[:LONGEST_SAMPLE] not in group.samples:
            group.samples.append(message.text[:LONGEST_SAMPLE])
        if message.asin and len(group.asins) < MOST_NAMES:
            group.asins[message.asin] = None
        for names, counts in ((message.attributes, group.attributes), (message.effects, group.effects)):
            for name in names:
                if name in counts or len(counts) < MOST_NAMES:
                    counts[name] = counts.get(name, 0) + message.count
        if group.entry is not None and group.entry.code in self._linked:
            self._remember(message, group)

    def close(self) -> list[Group]:
        """All groups, in the order in which they were first met."""
        while self._records:
            self._settle(self._records.popitem()[1])
        return list(self._groups.values())

    def _group(self, message: Message) -> Group:
        entry = self._codes.get(message.code.lower()) if message.code else None
        reading = self._reading(entry.code, message.text) if entry is not None and entry.readings else None
        if reading is not None:
            key = message.code.lower(), "|".join(reading.when)
        else:
            key = message.code.lower(), "" if message.code else skeleton(message.text)
        group = self._groups.get(key)
        if group is None:
            if len(self._groups) >= MOST_GROUPS:
                self.overflow += message.count
                return self._groups.setdefault(("", ""), Group(""))
            group = self._groups[key] = Group(entry.code if entry else message.code, entry, reading)
        return group

    def _reading(self, code: str, text: str) -> Reading | None:
        """The reading that a message's words choose, or None for the ordinary meaning."""
        folded = _folded(text)
        return next((reading for reading, pieces in self._pieces[code] if any(piece in folded for piece in pieces)), None)

    def _add_sku(self, group: Group, sku: str) -> None:
        if sku in group.skus:
            return
        if self._every or (len(group.skus) < MOST_SKUS and self._kept < MOST_SKUS_IN_ALL):
            group.skus[sku] = None
            self._kept += 1
        else:
            group.skus_complete = False

    def _remember(self, message: Message, group: Group) -> None:
        record = message.sku or (f"\0{message.row}" if message.row else "")
        if not record:
            return
        held = self._records.setdefault(record, {})
        held[group] = held.get(group, 0) + message.count
        if len(self._records) > WINDOW:
            self._settle(self._records.popitem(last=False)[1])

    def _settle(self, held: dict[Group, int]) -> None:
        """Count the echoes of one record under their root cause."""
        present = {group.code: group for group in reversed(held)}
        if len(present) < 2:
            return
        for group, count in held.items():
            root = self._root(group.code, present)
            if root != group.code:
                group.echoed[root] = group.echoed.get(root, 0) + count
                brings = present[root].brings
                brings[group.code] = brings.get(group.code, 0) + count

    def _root(self, code: str, present: Container[str]) -> str:
        """The code that a code is in the end an echo of, among those present; the first known of a circle."""
        trail = [code]
        while True:
            above = next((root for root in self._roots.get(trail[-1], ()) if root in present), None)
            if above is None:
                return trail[-1]
            if above in trail:
                return min(trail[trail.index(above) :], key=self._rank.__getitem__)
            trail.append(above)


def _pieces(entry: ErrorCode) -> list[tuple[Reading, list[str]]]:
    return [(reading, [_folded(piece) for piece in reading.when]) for reading in entry.readings]


def _folded(text: str) -> str:
    return _BLANKS.sub(" ", text.replace("’", "'")).casefold()


def skeleton(text: str) -> str:
    """A message without what changes from SKU to SKU, so that like messages without code fall together."""
    words = _QUOTED.sub("#", text[:LONGEST_SAMPLE]).casefold().split()
    return " ".join("#" if _DIGIT.search(word) else word for word in words)
