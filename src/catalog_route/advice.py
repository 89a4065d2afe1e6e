"""The result document: what every renderer and every script gets, and nothing else.

Frozen and plain, so that making and dumping it costs nothing; `schema advice` tells its JSON Schema. Changing a field's
meaning or taking one away needs a new `schema_version`.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from catalog_route.case import CaseFacts
from catalog_route.knowledge import Certainty, Stage
from catalog_route.record import record

SCHEMA_VERSION = "1"


@record
class Place:
    """A destination as the document names it; `level` is None for a team."""

    id: str
    group: str
    kind: Literal["tier", "team"]
    level: int | None
    name: str


@record
class Evidence:
    """Words of the text: exactly `text[start:end]` of the input."""

    text: str
    start: int
    end: int


@record
class FindingEntry:
    """A signal or history signal seen. `destination` is None for history, which only adds needs.

    `by`: phrase; likeness (resemblance to known cases); fact (a count told beside the text); or answer (only the answers to
    questions speak for it, so that nothing is `seen` in the text). `counts` is False when it was seen but did not decide.
    """

    signal: str
    title: str
    destination: str | None
    needs: tuple[str, ...]
    why: str
    source: str
    seen: tuple[Evidence, ...]
    by: Literal["phrase", "likeness", "fact", "answer"]
    counts: bool
    origin: str


@record
class VerdictEntry:
    """Whether a destination can do it, and why (not); `brief` names only what decides. `source`: the statements that say so."""

    id: str
    name: str
    can: Literal["yes", "some", "no"]
    missing: tuple[str, ...]
    why: str
    kind: Literal["tier", "team"] = "tier"
    brief: str = ""
    source: str = ""


@record
class Alternative:
    """Another destination worth knowing, and what speaks for it."""

    id: str
    name: str
    because: str


@record
class StepEntry:
    """One step of the road."""

    step: int
    id: str
    do: str
    certainty: Certainty
    source: str
    wait: str = ""
    origin: str = ""


@record
class TipEntry:
    """One tip with its stage, reason, certainty and source.

    `applies`: what it was chosen for: this problem, what has happened, what is known of the case, the destination, or always.
    """

    id: str
    stage: Stage
    text: str
    why: str
    certainty: Certainty
    source: str
    origin: str = ""
    applies: Literal["problem", "history", "case", "destination", "always"] = "always"


@record
class ChangeEntry:
    """If this were so, the answer would be that (`then`: a destination's id, `name`: its short name).

    `contrary`: it takes back what the text or an option tells.
    """

    if_: str
    then: str
    name: str
    contrary: bool = False


@record
class QuestionEntry:
    """A question whose answer would settle it; `answers`: what may be answered."""

    id: str
    text: str
    answers: tuple[str, ...]


@record
class DraftEntry:
    """The case text to send; `missing` names the placeholders that the seller has to fill, `send` where and how to send it."""

    subject: str
    body: str
    attach: tuple[str, ...]
    missing: tuple[str, ...]
    send: str = ""


@record
class Advice:
    """The whole answer to one text.

    `answers`: what was chosen or typed at its questions, beside the text. `undrafted`: why there is no `draft` although one
    was asked for, as far as the knowledge tells.
    """

    version: str
    knowledge: str
    text: str
    status: Literal["routed", "unclear"]
    recommended: Place | None
    start_with: Place | None
    confidence: Literal["high", "medium", "low"]
    findings: tuple[FindingEntry, ...]
    case: CaseFacts
    verdicts: tuple[VerdictEntry, ...]
    alternatives: tuple[Alternative, ...]
    path: tuple[StepEntry, ...]
    tips: tuple[TipEntry, ...]
    what_would_change: tuple[ChangeEntry, ...]
    questions: tuple[QuestionEntry, ...]
    draft: DraftEntry | None = None
    answers: tuple[str, ...] = ()
    undrafted: str = ""
    schema_version: str = SCHEMA_VERSION

    def to_dict(self) -> dict[str, Any]:
        """The document as plain data, its keys as docs/output.md names them."""
        document: dict[str, Any] = {"schema_version": self.schema_version, **plain(self)}
        if self.draft is None:
            del document["draft"]
        return document

    def to_json(self, indent: int | None = 2) -> str:
        """The document as ASCII-safe JSON."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=True, allow_nan=False)


def plain(value: Any) -> Any:
    """Records as plain data for JSON: records and dataclasses become mappings, tuples lists."""
    names = getattr(value, "__record_names__", None) or getattr(value, "__dataclass_fields__", None)
    if names is not None:
        return {name.rstrip("_"): plain(getattr(value, name)) for name in names}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return value


__all__ = [
    "Advice", "Alternative", "ChangeEntry", "DraftEntry", "Evidence", "FindingEntry", "Place",
    "QuestionEntry", "StepEntry", "TipEntry", "VerdictEntry",
]  # fmt: skip
