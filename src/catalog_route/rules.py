"""The rules of the check: the name of each, how grave it is, and what it finds."""

from __future__ import annotations

from typing import NamedTuple

from catalog_route.problems import Problem, Severity


class Rule(NamedTuple):
    """What a rule finds, in one sentence that begins small, and how grave that is."""

    severity: Severity
    finds: str


RULES: dict[str, Rule] = {
    # reading
    "unreadable": Rule("error", "a file or folder that cannot be read, is no plain file, or is too large"),
    "not-yaml": Rule("error", "a file that is no YAML mapping of sections: broken, empty, or of several documents"),
    "refused-yaml": Rule("error", "YAML that could surprise or hurt: tags, aliases, deep nesting, hidden line ends"),
    "unquoted": Rule("error", "a word or number that YAML takes for something else unless it stands in quotes"),
    "duplicate-key": Rule("error", "a key that stands twice in one mapping"),
    "unknown-key": Rule("error", "a key that nothing knows"),
    "missing-field": Rule("error", "an entry without a field that it must have, certainty and source among them"),
    "empty-field": Rule("error", "a field that must say something and is empty"),
    "wrong-value": Rule("error", "a value of the wrong kind, or a word that is not one of a fixed list"),
    "bad-id": Rule("error", "an id that nothing could refer to"),
    # entries and what they refer to
    "duplicate-id": Rule("error", "an id that is there already, without a word that says what to do with the older one"),
    "nothing-below": Rule("error", "something that is to be replaced, lengthened or switched off, and is not there"),
    "dangling": Rule("error", "a reference to something that does not exist"),
    "switched-off": Rule("error", "an entry that cannot do without another one that is switched off"),
    "mentions-switched-off": Rule("note", "an entry that is switched off while conditions still name it"),
    "not-alone": Rule("error", "a whole knowledge that is laid over another one, or one without tiers"),
    # phrases
    "bad-phrase": Rule("error", "a phrase or a group that cannot be understood, or that means too much"),
    "unproven-phrase": Rule("warning", "a phrase that no example of its entry shows"),
    "same-phrase": Rule("warning", "one phrase in two signals"),
    "wide-phrase": Rule("warning", "a phrase that is seen in many examples of other destinations"),
    "typo": Rule("warning", "a word that nothing else uses and that looks like a typing error of one that is used"),
    "unused-group": Rule("warning", "a group of the vocabulary that no phrase uses"),
    # examples
    "silent-example": Rule("error", "an example that does not fire"),
    "firing-near-miss": Rule("error", "a near-miss that fires"),
    "no-example": Rule("warning", "an entry without examples on both sides"),
    "no-phrase": Rule("warning", "a signal that nothing can show: it has no phrase, and no code names it"),
    "shadowed": Rule("warning", "a signal that never decides alone: wherever it is seen, another one sees the same words"),
    # the picture as a whole
    "homeless": Rule("error", "a signal without an owner or with two, or with needs that no tier holds"),
    "idle-team": Rule("warning", "a desk that no signal leads to"),
    "unheld-ability": Rule("warning", "an ability that no tier holds"),
    "unneeded-ability": Rule("warning", "an ability that no problem and no history needs, and that no statement speaks of"),
    "never-applies": Rule("warning", "a tip, step or draft whose conditions can never hold together"),
    "tier-order": Rule("error", "tiers whose levels do not follow each other, or whose door leads nowhere"),
    "hidden-id": Rule("warning", "an id that means two things to `show`"),
    "bold-certainty": Rule("warning", "a statement that is told as more certain than its source"),
    "echo-circle": Rule("warning", "error codes that are said to follow each other in a circle"),
}  # fmt: skip


def fault(rule: str, place: tuple[str, int, int], what: str, cure: str = "") -> Problem:
    """The problem that a rule found at `place` (file, line, column)."""
    return Problem(*place, what, cure, RULES[rule].severity, rule)
