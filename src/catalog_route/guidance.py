"""The shape of what advice is made of: tips, steps, questions, drafts, changes, and the conditions they hang on."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar, Literal

from catalog_route.record import record

Certainty = Literal["official", "stated", "practice", "believed", "assumed", "planned", "not stated"]
Strength = Literal["strong", "normal", "weak"]
Stage = Literal["try", "prepare", "write", "escalate", "avoid"]


class Strict:
    """Marks a record whose unknown keys and loosely typed values are refused."""

    __slots__ = ()
    __pydantic_config__: ClassVar[dict[str, object]] = {"extra": "forbid", "strict": True}


@record
class When(Strict):
    """When something applies: every list given must hold one of what the decision found."""

    signals: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    start: tuple[str, ...] = ()



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
    """A case text to fill: `subject` and `lines` hold `{placeholder}`s, `attach` what to add.

    A line that begins with `? ` is left out when none of its placeholders is known.
    """

    id: str
    subject: str
    lines: tuple[str, ...]
    attach: tuple[str, ...] = ()
    when: When = field(default_factory=When)
    weight: int = 0
    origin: str = ""



@record
class Change(Strict):
    """One fact that could be otherwise: a signal, a history signal or case facts. `text` completes "if …"."""

    id: str
    text: str
    signal: str = ""
    history: str = ""
    facts: dict[str, int] = field(default_factory=dict)
    origin: str = ""
