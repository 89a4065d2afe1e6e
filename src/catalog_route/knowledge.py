"""The shape of what we know: frozen records, filled from `data/*.yaml` and never changed afterwards.

Field names are the keys that authors write in YAML; a trailing underscore only dodges a Python keyword
(`not_` is the key `not`). Required fields have no default. `origin` is the entry's address (`file:line`), set by
`loading`. The records are plain dataclasses, so that using them costs no import; `loading` checks them strictly.
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from catalog_route.guidance import Certainty, Change, Draft, Placeholder, Question, Stage, Step, Strength, Strict, Tip, When
from catalog_route.layers import How, Laid, Layer
from catalog_route.record import record
from catalog_route.terms import Term

__all__ = [
    "Ability", "Beyond", "Certainty", "Change", "Draft", "ErrorCode", "Examples", "Fact", "Group", "History", "How",
    "Knowledge", "Laid", "Layer", "Limit", "Placeholder", "Question", "Reading", "Signal", "Source", "Stage", "Step",
    "Strength", "Strict", "Team", "Term", "Tier", "Tip", "Vocabulary", "When",
]  # fmt: skip


@record
class Source(Strict):
    """Where a statement comes from; `kind` says how much weight it carries."""

    id: str
    title: str
    kind: Literal["amazon", "practitioner", "own"]
    url: str = ""
    note: str = ""
    origin: str = ""


@record
class Fact(Strict):
    """One statement of a source, with the certainty that the source itself gives it."""

    id: str
    about: str
    text: str
    certainty: Certainty
    source: str
    origin: str = ""


@record
class Ability(Strict):
    """Something that someone in support may or can do; `title` completes "can …"."""

    id: str
    title: str
    facts: tuple[str, ...] = ()
    note: str = ""
    origin: str = ""


@record
class Limit(Strict):
    """Something a tier cannot do, and the fact that says so; `team`: the desk whose matters it is about, if one."""

    text: str
    fact: str
    team: str = ""


@record
class Tier(Strict):
    """A step of catalog support. `can`: every member holds it; `some_can`: only some do.

    `entry` names the tier a seller starts with when this one has no door of its own, `way_in` says so of that tier. `brief`
    tells it in a few words, `beside` what it can do about a matter of a desk beside the catalog.
    """

    id: str
    level: int
    name: str
    short: str
    summary: str
    can: tuple[str, ...]
    channels: str
    reached: str
    location: str
    facts: tuple[str, ...]
    some_can: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    entry: str = ""
    way_in: str = ""
    brief: str = ""
    beside: str = ""
    origin: str = ""

    @property
    def group(self) -> str:
        """The group it counts as in accuracy figures: itself."""
        return self.id


@record
class Team(Strict):
    """A desk beside the catalog. `group` is itself for the three desks the source names, else `other`."""

    id: str
    group: str
    name: str
    short: str
    summary: str
    reached: str
    source: str
    certainty: Certainty
    facts: tuple[str, ...] = ()
    origin: str = ""


@record
class Beyond(Strict):
    """Somebody who belongs to the picture but cannot be reached by a seller's case."""

    id: str
    name: str
    summary: str
    reached: str
    facts: tuple[str, ...]
    origin: str = ""


@record
class Examples(Strict):
    """Texts that must make an entry fire, and near-misses on which it must stay silent."""

    fires: tuple[str, ...]
    silent: tuple[str, ...]


@record
class Signal(Strict):
    """One way a problem shows itself in text: what it `needs` in the catalog, or the `team` that owns it."""

    id: str
    title: str
    why: str
    source: str
    examples: Examples
    says: tuple[str, ...] = ()
    not_: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    team: str = ""
    strength: Strength = "normal"
    overrules: bool = False
    general: bool = False
    origin: str = ""


@record
class History(Strict):
    """What has happened so far: adds needs to a catalog problem, never picks a desk.

    It holds when one of its phrases is seen, or when a case fact reaches a number in `at_least`. With neither `needs` nor a
    `subject` it only tells how the seller goes about it, not that support was asked.
    """

    id: str
    title: str
    why: str
    source: str
    examples: Examples
    needs: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    not_: tuple[str, ...] = ()
    at_least: dict[str, int] = field(default_factory=dict)
    subject: str = ""
    origin: str = ""


@record
class Reading(Strict):
    """One of several meanings of an error code, told apart by words in Amazon's message."""

    when: tuple[str, ...]
    meaning: str
    signal: str
    cured_by: str
    cure: str
    certainty: Certainty
    source: str


@record
class ErrorCode(Strict):
    """An error code: meaning, the signal it is, who can cure it (`seller` or a destination) and how."""

    code: str
    meaning: str
    signal: str
    cured_by: str
    cure: str
    certainty: Certainty
    source: str
    then: str = ""
    echo_of: tuple[str, ...] = ()
    note: str = ""
    readings: tuple[Reading, ...] = ()
    origin: str = ""

    @property
    def id(self) -> str:
        """The code itself."""
        return self.code


@record
class Group(Strict):
    """A word group that phrases use as `<id>`; members are words, word sequences or other `<groups>`."""

    id: str
    words: tuple[str, ...]
    origin: str = ""


@record
class Vocabulary(Strict):
    """How words vary: spellings folded into one, number words, and cues that turn what follows around.

    `negates`: phrases just before a sighting that deny it; `reports`: phrases before a sighting that make it
    somebody else's words; `settles`: phrases after a sighting that put it in the past. `counts`: case fact → phrases
    whose number is its value, multiplied by a word of `units` (days); `marks`: `fact=value` → phrases that say so.
    `marketplaces`, `nationalities`: domain → names of its country and adjectives, which mean it beside a word of `selling`,
    joined by a word of `where`; `lasting`: words that lead up to how long something has lasted ("for" three weeks).
    A word of `pages` before one of `showing` tells the value shown; `rightly` and `instead` lead to the value wanted.
    """

    variants: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    negates: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    settles: tuple[str, ...] = ()
    jargon: tuple[str, ...] = ()
    counts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    marks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    marketplaces: dict[str, tuple[str, ...]] = field(default_factory=dict)
    nationalities: dict[str, tuple[str, ...]] = field(default_factory=dict)
    selling: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    showing: tuple[str, ...] = ()
    rightly: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()


@record
class Knowledge:
    """All that is known, linked and checked; `digest` is the first 12 hex digits of the data's SHA-256.

    `layers`: the folders laid over the shipped knowledge, or over a whole one of one's own, lowest first.
    """

    digest: str
    sources: dict[str, Source]
    facts: dict[str, Fact]
    abilities: dict[str, Ability]
    tiers: dict[str, Tier]
    teams: dict[str, Team]
    beyond: dict[str, Beyond]
    signals: dict[str, Signal]
    history: dict[str, History]
    codes: dict[str, ErrorCode]
    tips: dict[str, Tip]
    steps: dict[str, Step]
    questions: dict[str, Question]
    drafts: dict[str, Draft]
    placeholders: dict[str, Placeholder]
    groups: dict[str, Group]
    changes: dict[str, Change]
    terms: dict[str, Term]
    vocabulary: Vocabulary
    layers: tuple[Layer, ...]

    def ladder(self) -> list[Tier]:
        """The tiers, lowest first."""
        return sorted(self.tiers.values(), key=lambda tier: tier.level)

    def destination(self, ident: str) -> Tier | Team:
        """The tier or team called `ident`; KeyError when there is none."""
        return self.tiers[ident] if ident in self.tiers else self.teams[ident]

    def lowest_tier(self, needs: frozenset[str]) -> Tier | None:
        """The lowest tier of which every member can do all of `needs`, or None."""
        return next((tier for tier in self.ladder() if needs <= set(tier.can)), None)

    def owner(self, signal: Signal) -> str:
        """The destination that a signal alone leads to: its team, or the lowest tier that holds its needs."""
        if signal.team:
            return signal.team
        tier = self.lowest_tier(frozenset(signal.needs))
        return tier.id if tier else self.ladder()[-1].id
