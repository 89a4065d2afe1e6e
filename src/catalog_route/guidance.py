"""The shape of what advice is made of: tips, steps, questions, drafts, changes, and the conditions they hang on."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar, Literal

from catalog_route.record import record

Certainty = Literal["official", "stated", "practice", "believed", "assumed", "planned", "not stated"]
Strength = Literal["strong", "normal", "weak"]
Stage = Literal["try", "prepare", "write", "escalate", "avoid"]

# How a draft names what is to be filled in: {asin}, or the first known of {asin|sku}.
PLACEHOLDER = r"\{([a-z_]+(?:\|[a-z_]+)*)\}"
# What `When.case` can ask for beside `tried-TIER`: whether support was asked before, who asks, what ended it, what is known.
CASE = ("has-case", "no-case", "final-no", "vendor", "seller", "brand-registered", "not-brand-registered", "wrong-check-digit",
        "several-cases", "from-report", "lasts-long", "refused")  # fmt: skip


class Strict:
    """Marks a record whose unknown keys and loosely typed values are refused."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid", "strict": True}


@record
class When(Strict):
    """When something applies: every list given must hold one of what the decision found, `unless` none of it.

    `case` asks for what is known beside the problem, by the names in `CASE`; `unless` may name anything that the others may.
    """

    signals: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    case: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@record
class Tip(Strict):
    """What to do or to leave, at which stage, when it applies, why, and how certain that is."""

    id: str
    stage: Stage
    text: str
    why: str
    certainty: Certainty
    source: str
    when: When = field(default_factory=When)
    weight: int = 0
    origin: str = ""


@record
class Step(Strict):
    """One step of the road from where the seller stands to who can do it."""

    id: str
    order: int
    at: str
    text: str
    certainty: Certainty
    source: str
    when: When = field(default_factory=When)
    wait: str = ""
    origin: str = ""


@record
class Question(Strict):
    """What to ask when the answer is unclear; each answer is a text that would settle it."""

    id: str
    text: str
    answers: dict[str, str]
    between: tuple[str, ...] = ()
    origin: str = ""


@record
class Placeholder(Strict):
    """A `{id}` that drafts use: its label when nothing is known, and the case fact that fills it, if any."""

    id: str
    label: str
    fact: str = ""
    origin: str = ""


@record
class Draft(Strict):
    """A case text to fill: `subject` and `lines` hold `{placeholder}`s, `attach` what to add, `send` where and how to send it.

    `instead`: no case is to be sent where this one is the closest; its lines tell why.

    `{a|b}` takes the first that is known. A line that begins with `? ` is left out when it would tell nothing new. The
    line `{matter}` stands for the lines of the closest draft without such a line, so that a frame (a case that is
    re-opened) goes round every problem. `words`: signal → placeholder → words that this problem needs in this draft.
    """

    id: str
    subject: str
    lines: tuple[str, ...]
    attach: tuple[str, ...] = ()
    send: str = ""
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    instead: bool = False
    when: When = field(default_factory=When)
    weight: int = 0
    origin: str = ""


@record
class Change(Strict):
    """One fact that could be otherwise: a signal, a history signal or case facts. `text` completes "if …".

    `absent`: what is there now would not be so. A count is tried from its nearest number on; `{n}` in the text is the first
    one that changes the answer.
    """

    id: str
    text: str
    signal: str = ""
    history: str = ""
    facts: dict[str, int] = field(default_factory=dict)
    absent: bool = False
    when: When = field(default_factory=When)
    origin: str = ""
