"""Knowledge is read strictly: every fault is told with file, line and cure, all of them at once."""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from catalog_route import Knowledge, KnowledgeError, Problem, load_knowledge
from catalog_route.loading import load, usable
from catalog_route.places import RefusedError, data_dir, data_files, digest
from catalog_route.rules import RULES
from conftest import SIGNAL, SMALL

Write = Callable[[Mapping[str, str | bytes]], Path]


def read(own: Path) -> Knowledge:
    """The knowledge of one folder, with nothing below it."""
    return load_knowledge(own, alone=True)


def told(own: Path) -> list[str]:
    """What loading a folder complains about, one line a fault."""
    found = problems(own)
    assert all(problem.severity == "error" and problem.rule in RULES for problem in found)
    return [plain(problem) for problem in found]


def problems(own: Path) -> tuple[Problem, ...]:
    """What loading a folder complains about."""
    with pytest.raises(KnowledgeError) as caught:
        read(own)
    return caught.value.problems


def plain(problem: Problem) -> str:
    """A problem without its column and severity."""
    return f"{problem.file}:{problem.line}: {problem.what}" + (f" – {problem.cure}" if problem.cure else "")


def only(own: Path) -> str:
    """The one complaint that loading a folder makes."""
    lines = told(own)
    assert len(lines) == 1, lines
    return lines[0]


# --- four faults at once


def test_typo_duplicate_dangling_and_unquoted_no_are_told_together(folder: Write) -> None:
    """The promise of the data format: four faults, four `file:line` messages, one error."""
    more = """\
abilities:
  - {id: swim, titel: "swim"}
  - {id: walk, title: "walk again"}
history:
  - id: again
    title: "Again"
    why: "Because."
    source: F1
    needs: [wlak]
    says: ["again and again"]
    examples: {fires: ["again and again"], silent: [no]}
"""
    assert told(folder({"base.yaml": SMALL, "more.yaml": more})) == [
        'own/more.yaml:2: unknown key "titel" – did you mean "title"?',
        'own/more.yaml:3: duplicate id "walk" in abilities – it stands already at own/base.yaml:6',
        'own/more.yaml:9: needs: no ability "wlak" – did you mean "walk"?',
        'own/more.yaml:11: unquoted no means something else in YAML – quote it: "no"',
    ]


def test_a_typo_in_an_optional_key_is_one_fault(folder: Write) -> None:
    """Four faults of which none hides another are exactly four messages."""
    more = """\
abilities:
  - {id: swim, title: "swim", nots: "x"}
  - {id: walk, title: "walk again"}
  - {id: sing, title: no}
tiers:
  - {id: top, level: 3, name: "Top", short: "Top", summary: "all", can: [walk, runn], channels: "mail", reached: "none",
     location: "here", facts: [F1]}
"""
    lines = told(folder({"base.yaml": SMALL, "more.yaml": more}))
    assert [re.sub(r": .*", "", line) for line in lines] == [f"own/more.yaml:{n}" for n in (2, 3, 4, 6)]
    assert "did you mean" in lines[0]
    assert "duplicate id" in lines[1]
    assert "unquoted no" in lines[2]
    assert 'no ability "runn" – did you mean "run"?' in lines[3]


def test_a_fault_in_an_entry_is_no_fault_of_those_who_refer_to_it(folder: Write) -> None:
    """The ability with the typo is there; that someone holds it is right."""
    more = 'abilities:\n  - {id: swim, title: "swim", nots: "x"}\n'
    base = SMALL.replace("can: [walk, run]", "can: [walk, run, swim]")
    assert told(folder({"base.yaml": base, "more.yaml": more})) == ['own/more.yaml:2: unknown key "nots" – did you mean "note"?']


def test_a_typo_does_not_hide_what_else_is_wrong_in_its_entry(folder: Write) -> None:
    more = SIGNAL.replace("needs: [run]", "needs: [runn]\n    strenght: weak")
    assert told(folder({"base.yaml": SMALL, "more.yaml": more})) == [
        'own/more.yaml:6: needs: no ability "runn" – did you mean "run"?',
        'own/more.yaml:7: unknown key "strenght" – did you mean "strength"?',
    ]


# --- keys


def test_duplicate_key_names_the_first_line(folder: Write) -> None:
    own = folder({"a.yaml": 'abilities:\n  - id: walk\n    title: "walk"\n    title: "run"\n'})
    assert only(own) == 'own/a.yaml:4: duplicate key "title" – it stands already in line 3'


def test_duplicate_section_is_a_duplicate_key(folder: Write) -> None:
    own = folder({"a.yaml": 'abilities:\n  - {id: walk, title: "w"}\nabilities:\n  - {id: run, title: "r"}\n'})
    assert 'own/a.yaml:3: duplicate key "abilities" – it stands already in line 1' in told(own)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("singals: []\n", 'own/a.yaml:1: unknown key "singals" – did you mean "signals"?'),
        ('abilities:\n  - {id: a, title: "t", fact: []}\n', 'own/a.yaml:2: unknown key "fact" – did you mean "facts"?'),
        ('vocabulary:\n  negate: ["not"]\n', 'own/a.yaml:2: unknown key "negate" – did you mean "negates"?'),
    ],
)
def test_unknown_key_names_the_nearest(folder: Write, content: str, message: str) -> None:
    assert only(folder({"a.yaml": content})) == message


# A mistyped key of every kind of record, at §, and the one that is meant.
TYPED: list[tuple[str, str]] = [
    ('sources:\n  - {id: a, title: "t", kind: own, §notte: x}\n', "note"),
    ('facts:\n  - {id: a, §abuot: "a", text: "t", certainty: stated, source: paper}\n', "about"),
    ('abilities:\n  - {id: a, §tittle: "t"}\n', "title"),
    ('tiers:\n  - {id: a, level: 3, name: "T", short: "T", summary: "s", can: [walk], §chanels: "c", reached: "r", '
     'location: "l", facts: [F1]}\n', "channels"),
    ('teams:\n  - {id: a, §gruop: other, name: "D", short: "D", summary: "s", reached: "r", source: F1, certainty: stated}\n',
     "group"),
    ('beyond:\n  - {id: a, name: "B", §sumary: "s", reached: "r", facts: [F1]}\n', "summary"),
    (SIGNAL.replace("why:", "§whyy:").replace("stumble\n", "trip\n"), "why"),
    (SIGNAL.replace("{fires:", "{§firse:").replace("stumble\n", "trip\n"), "fires"),
    ('history:\n  - {id: h, title: "t", why: "w", source: F1, §sayss: [a], examples: {fires: [a], silent: [b]}}\n', "says"),
    ('codes:\n  - {code: "1", §meanning: "m", signal: stumble, cured_by: seller, cure: "c", certainty: stated, source: F1}\n',
     "meaning"),
    ('codes:\n  - {code: "1", meaning: "m", signal: stumble, cured_by: seller, cure: "c", certainty: stated, source: F1, '
     'readings: [{when: [x], meaning: "m", signal: stumble, cured_by: seller, §curre: "c", certainty: stated, source: F1}]}\n',
     "cure"),
    ('tips:\n  - {id: t, §stagge: try, text: "x", why: "y", certainty: stated, source: F1}\n', "stage"),
    ('tips:\n  - {id: t, stage: try, text: "x", why: "y", certainty: stated, source: F1, when: {§unles: []}}\n', "unless"),
    ('steps:\n  - {id: s, §ordr: 1, at: seller, text: "x", certainty: stated, source: F1}\n', "order"),
    ('questions:\n  - {id: q, text: "t", §answer: {"a": "b"}}\n', "answers"),
    ('drafts:\n  - {id: d, §subjet: "x", lines: ["x"]}\n', "subject"),
    ('placeholders:\n  - {id: p, §lable: "l"}\n', "label"),
    ('groups:\n  - {id: g, §word: [x]}\n', "words"),
    ('changes:\n  - {id: c, text: "x", §abssent: true}\n', "absent"),
    ('terms:\n  - {id: w, name: "W", §kinds: program, text: "t"}\n', "kind"),
    ("vocabulary:\n  §negate: [x]\n", "negates"),
    (SMALL[SMALL.index("tiers:") : SMALL.index("  - {id: high")].replace("{id: low, level: 1", "{id: top, level: 3")
     .replace("facts: [F1]}", "facts: [F1],\n     limits: [{§txet: a, fact: F1}]}"), "text"),
]  # fmt: skip


@pytest.mark.parametrize(("entry", "meant"), TYPED, ids=[meant for _, meant in TYPED])
def test_a_mistyped_key_is_one_fault_in_every_kind_of_record(folder: Write, entry: str, meant: str) -> None:
    before, after = entry.split("§")
    typed = re.split(r"\W", after)[0]
    files = {"base.yaml": SMALL, "z.yaml": before + after}
    if "stumble" in entry:
        files["s.yaml"] = SIGNAL
    (problem,) = problems(folder(files))
    assert (problem.line, problem.column) == (before.count("\n") + 1, len(before) - before.rfind("\n"))
    assert (problem.file, problem.what, problem.cure) == ("own/z.yaml", f'unknown key "{typed}"', f'did you mean "{meant}"?')


def test_unknown_key_deep_inside_names_the_nearest(folder: Write) -> None:
    more = """\
tips:
  - id: t
    stage: try
    text: "x"
    why: "y"
    certainty: stated
    source: F1
    when: {signal: []}
"""
    assert only(folder({"base.yaml": SMALL, "a.yaml": more})) == 'own/a.yaml:8: unknown key "signal" – did you mean "signals"?'


def test_key_that_is_near_to_nothing_lists_what_is_known(folder: Write) -> None:
    message = only(folder({"a.yaml": 'abilities:\n  - {id: a, title: "t", zzz: "x"}\n'}))
    assert message == 'own/a.yaml:2: unknown key "zzz" – known here: id, title, facts, note'


def test_the_key_not_is_named_as_authors_write_it(folder: Write) -> None:
    """`not` is a Python keyword; no message may show the name that dodges it."""
    more = SIGNAL.replace("needs: [run]", "needs: [run]\n    nots: []")
    message = only(folder({"base.yaml": SMALL, "a.yaml": more}))
    assert message == 'own/a.yaml:7: unknown key "nots" – did you mean "not"?'


def test_the_origin_of_an_entry_cannot_be_forged(folder: Write) -> None:
    """`origin` is set by the program; as a key it is unknown."""
    for value in ('"x:1"', "5"):
        (problem,) = problems(folder({"a.yaml": f'abilities:\n  - id: a\n    title: "t"\n    origin: {value}\n'}))
        assert str(problem) == 'own/a.yaml:4:5: error: unknown key "origin" – remove it; the program sets it'
    assert only(folder({"a.yaml": "disabled: {origin: [x]}\n"})).startswith('own/a.yaml:1: disabled: no section "origin"')


# --- values that YAML would quietly change


@pytest.mark.parametrize(
    "value",
    ["no", "No", "NO", "yes", "on", "off", "y", "n", "0123", "12:30", "1.10", "1_000", "1e5", "0x1F", "0b1", ".5", ".inf",
     "2026-01-05", "2026-1-5", "2026-01-05T12:00:00Z", "+5", "="],
)  # fmt: skip
def test_unquoted_value_that_means_something_else_is_refused(folder: Write, value: str) -> None:
    own = folder({"a.yaml": f"abilities:\n  - id: walk\n    title: {value}\n"})
    assert only(own) == f'own/a.yaml:3: unquoted {value} means something else in YAML – quote it: "{value}"'


@pytest.mark.parametrize("value", ["no", "0123", "12:30", "1.10", "2026-01-05", "true", "8541", "null", "~"])
def test_the_same_value_in_quotes_is_text(folder: Write, value: str) -> None:
    known = read(folder({"a.yaml": f'abilities:\n  - id: walk\n    title: "{value}"\n'}))
    assert known.abilities["walk"].title == value


def test_unquoted_no_as_a_key_is_refused(folder: Write) -> None:
    own = folder({"a.yaml": 'vocabulary:\n  variants:\n    no: "none"\n'})
    assert only(own) == 'own/a.yaml:3: unquoted key no means something else in YAML – quote it: "no"'


# --- missing fields and wrong types


def test_missing_field_is_named_at_its_entry(folder: Write) -> None:
    own = folder({"a.yaml": 'abilities:\n  - {id: a, title: "t"}\n  - id: b\n'})
    assert only(own) == 'own/a.yaml:3: missing field "title" – add it'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("abilities:\n  - {id: a, title: 5}\n", "own/a.yaml:2: title: "),
        ("abilities:\n  - {id: a, title: true}\n", "own/a.yaml:2: title: "),
        ("abilities:\n  - {id: a, title: null}\n", "own/a.yaml:2: title: "),
        ('abilities:\n  - {id: a, title: ["t"]}\n', "own/a.yaml:2: title: "),
        ('abilities:\n  - {id: a, title: "t", facts: "F1"}\n', "own/a.yaml:2: facts: "),
        ('abilities:\n  - "walk"\n', "own/a.yaml:2: "),
        ('abilities: {id: a, title: "t"}\n', "own/a.yaml:1: abilities is not a list"),
        ('abilities: "walk"\n', "own/a.yaml:1: abilities is not a list"),
        ('vocabulary: ["x"]\n', "own/a.yaml:1: "),
        ('vocabulary:\n  numbers: {one: "1"}\n', "own/a.yaml:2: "),
    ],
)
def test_wrong_type_is_told_at_its_line(folder: Write, content: str, message: str) -> None:
    assert only(folder({"a.yaml": content})).startswith(message)


TEXT = "write it as text, in quotes if it looks like a number"


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('abilities:\n  - {id: a, title: §[t]}\n', f"title: input should be a valid string – {TEXT}"),
        ('abilities:\n  - {id: a, title: "t", facts: §F1}\n', "facts: input should be a valid array – write it as a list"),
        ('abilities:\n  - {id: a, title: "t", facts: [F1, §5]}\n', f"facts.1: input should be a valid string – {TEXT}"),
        ("vocabulary:\n  units: {day: §one}\n", "day: input should be a valid integer – write a whole number"),
        ("vocabulary:\n  variants: §[a]\n", "variants: input should be an object – write it as a mapping"),
        ("whole: §5\n", "whole: input should be a valid boolean – write true or false"),
        ('tips:\n  - {id: t, stage: try, text: "x", why: "y", certainty: stated, source: F1, when: {signals: [a, §[b]]}}\n',
         f"when.signals.1: input should be a valid string – {TEXT}"),
        ("abilities:\n  - §walk\n", "0: input should be an object"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_told_with_its_cure(folder: Write, entry: str, told: str) -> None:
    before = entry[: entry.index("§")]
    (problem,) = problems(folder({"base.yaml": SMALL, "z.yaml": entry.replace("§", "")}))
    place = f"own/z.yaml:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
    assert str(problem) == f"{place}: error: {told}"


def test_a_number_where_text_belongs_advises_quotes(folder: Write) -> None:
    assert "in quotes" in only(folder({"a.yaml": "abilities:\n  - {id: a, title: 8541}\n"}))


def test_a_word_out_of_a_fixed_list_is_refused(folder: Write) -> None:
    own = folder({"a.yaml": 'sources:\n  - {id: a, title: "t", kind: amazn}\n'})
    message = only(own)
    assert message.startswith("own/a.yaml:2: kind must be one of ")
    assert "'amazon'" in message


# --- references


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (SIGNAL.replace("[run]", "[runn]"), 'own/z.yaml:6: needs: no ability "runn" – did you mean "run"?'),
        (SIGNAL.replace("needs: [run]", "team: sid"), 'own/z.yaml:6: team: no team "sid" – did you mean "side"?'),
        (SIGNAL.replace("source: F1", "source: F9"),
         'own/z.yaml:5: source: no fact or source "F9" – define it, or use one of 2 known'),
        (SIGNAL.replace("source: F1", "source: F1 papr"),
         'own/z.yaml:5: source: no fact or source "papr" – did you mean "paper"?'),
        ('facts:\n  - {id: F2, about: "a", text: "t", certainty: stated, source: papre}\n',
         'own/z.yaml:2: source: no source "papre" – did you mean "paper"?'),
        ('codes:\n  - {code: "1", meaning: "m", signal: stumbel, cured_by: seller, cure: "c", certainty: official, source: F1}\n'
         + SIGNAL, 'own/z.yaml:2: signal: no signal "stumbel" – did you mean "stumble"?'),
        ('codes:\n  - {code: "1", meaning: "m", signal: stumble, cured_by: hihg, cure: "c", certainty: official, source: F1}\n'
         + SIGNAL, 'own/z.yaml:2: cured_by: no destination "hihg" – did you mean "high"?'),
        ('tips:\n  - {id: t, stage: try, text: "x", why: "y", certainty: stated, source: F1, when: {destinations: [lowe]}}\n',
         'own/z.yaml:2: when: no destination "lowe" – did you mean "low"?'),
        ('steps:\n  - {id: s, order: 1, at: hgh, text: "x", certainty: stated, source: F1}\n',
         'own/z.yaml:2: at: no destination "hgh" – did you mean "high"?'),
    ],
)  # fmt: skip
def test_reference_to_nothing_names_the_nearest(folder: Write, more: str, message: str) -> None:
    assert only(folder({"base.yaml": SMALL, "z.yaml": more})) == message


READING = """\
codes:
  - code: "1"
    meaning: "m"
    signal: stumble
    cured_by: seller
    cure: "c"
    certainty: official
    source: F1
    readings:
      - {when: ["x"], meaning: "m", signal: stumble, cured_by: seller, cure: "c", certainty: official, source: F8}
"""


def test_reading_of_a_code_cannot_name_an_unknown_source(folder: Write) -> None:
    lines = told(folder({"base.yaml": SMALL, "s.yaml": SIGNAL, "z.yaml": READING}))
    assert lines == ['own/z.yaml:10: readings: no fact or source "F8" – define it, or use one of 2 known']


def test_limit_of_a_tier_cannot_name_an_unknown_fact(folder: Write) -> None:
    base = SMALL.replace(
        'location: "here", facts: [F1]}', 'location: "here", facts: [F1],\n     limits: [{text: "no", fact: F7}]}'
    )
    assert 'no fact "F7"' in only(folder({"base.yaml": base}))


def test_case_fact_that_does_not_exist_is_refused(folder: Write) -> None:
    """A history signal that waits for a misspelled case fact would never hold."""
    more = """\
history:
  - id: again
    title: "Again"
    why: "Because."
    source: F1
    needs: [run]
    at_least: {reopend: 3}
    says: ["again and again"]
    examples: {fires: ["again and again"], silent: ["once"]}
"""
    assert "reopend" in only(folder({"base.yaml": SMALL, "z.yaml": more}))


STATED = "certainty: stated, source: F1"
TIP = f'tips:\n  - {{id: t, stage: try, text: "x", why: "y", {STATED}%s}}\n'
STEP = f'steps:\n  - {{id: s, order: 1, at: seller, text: "x", {STATED}%s}}\n'
CODE = f'codes:\n  - {{code: "1", meaning: "m", signal: stumble, cured_by: seller, cure: "c", {STATED}%s}}\n'
MEANING = f', readings: [{{when: [x], meaning: "m", signal: stumble, cured_by: seller, cure: "c", {STATED}}}]'
PAST = 'history:\n  - {id: h, title: "t", why: "w", source: F1, says: [again], examples: {fires: [again], silent: [no more]}%s}\n'
DRAFT = 'drafts:\n  - {id: d, subject: "x", lines: ["x"]%s}\n'
CHANGE = 'changes:\n  - {id: c, text: "x"%s}\n'
TOP = (
    'tiers:\n  - {id: top, level: 3, name: "T", short: "T", summary: "s", can: [walk], channels: "c", reached: "r", '
    'location: "l", facts: []%s}\n'
)
SIDE = f'teams:\n  - {{id: desk, group: other, name: "D", short: "D", summary: "s", reached: "r", {STATED}%s}}\n'

# What refers to nothing, at §: the field, what it should be, and the entry.
REFERENCES: list[tuple[str, str, str]] = [
    ("source", "source", 'facts:\n  - {id: F2, about: "a", text: "t", certainty: stated, source: §zzz}\n'),
    ("facts", "fact", 'abilities:\n  - {id: swim, title: "t", facts: [F1, §zzz]}\n'),
    ("can", "ability", TOP.replace("[walk]", "[walk, §zzz]") % ""),
    ("some_can", "ability", TOP % ", some_can: [walk, §zzz]"),
    ("facts", "fact", TOP.replace("facts: []", "facts: [F1, §zzz]") % ""),
    ("entry", "tier", TOP % ", entry: §zzz"),
    ("limits", "fact", TOP % ', limits: [{text: "t", fact: F1}, {text: "t", fact: §zzz}]'),
    ("limits", "team", TOP % ', limits: [{text: "t", fact: F1}, {text: "t", fact: F1, team: §zzz}]'),
    ("facts", "fact", SIDE % ", facts: [F1, §zzz]"),
    ("source", "fact or source", SIDE.replace("source: F1", "source: §zzz") % ""),
    ("facts", "fact", 'beyond:\n  - {id: b, name: "B", summary: "s", reached: "r", facts: [§zzz]}\n'),
    ("facts", "fact", 'terms:\n  - {id: w, name: "W", kind: program, text: "t", facts: [§zzz]}\n'),
    ("needs", "ability", SIGNAL.replace("stumble\n", "trip\n").replace("[run]", "[run, §zzz]")),
    ("team", "team", SIGNAL.replace("stumble\n", "trip\n").replace("needs: [run]", "team: §zzz")),
    ("source", "fact or source", SIGNAL.replace("stumble\n", "trip\n").replace("source: F1", "source: §F1 zzz")),
    ("needs", "ability", PAST % ", needs: [run, §zzz]"),
    ("subject", "signal", PAST % ", subject: §zzz"),
    ("at_least", "case fact", PAST % ", at_least: {contacts: 3, zzz: §3}"),
    ("source", "fact or source", PAST.replace("source: F1", "source: §zzz") % ""),
    ("source", "fact or source", TIP.replace("source: F1", "source: §zzz") % ""),
    ("source", "fact or source", STEP.replace("source: F1", "source: §zzz") % ""),
    ("at", "destination", STEP.replace("at: seller", "at: §zzz") % ""),
    ("source", "fact or source", CODE.replace("source: F1", "source: §zzz") % ""),
    ("signal", "signal", CODE.replace("signal: stumble", "signal: §zzz") % ""),
    ("echo_of", "error code", CODE % ', echo_of: ["1", §zzz]'),
    ("cured_by", "destination", CODE.replace("cured_by: seller", "cured_by: §zzz") % ""),
    ("then", "destination", CODE % ", then: §zzz"),
    ("readings", "fact or source", CODE % MEANING.replace("source: F1", "source: §zzz")),
    ("readings", "signal", CODE % MEANING.replace("signal: stumble", "signal: §zzz")),
    ("readings", "destination", CODE % MEANING.replace("cured_by: seller", "cured_by: §zzz")),
    ("signal", "signal", CHANGE % ", signal: §zzz"),
    ("history", "history signal", CHANGE % ", history: §zzz"),
    ("facts", "case fact", CHANGE % ", facts: {zzz: §3}"),
    ("fact", "case fact", 'placeholders:\n  - {id: p, label: "l", fact: §zzz}\n'),
    ("between", "destination", 'questions:\n  - {id: q, text: "t", answers: {"a": "b"}, between: [low, §zzz]}\n'),
    ("subject", "placeholder", DRAFT.replace('subject: "x"', 'subject: §"{zzz}"') % ""),
    ("lines", "placeholder", DRAFT.replace('["x"]', '["x", §"a {zzz}"]') % ""),
    ("words", "signal", DRAFT % ", words: {zzz: §{}}"),
    ("words", "placeholder", DRAFT % ', words: {stumble: {zzz: §"x"}}'),
    *(
        (name, kind, entry % f", when: {{{part}: [{good}, §zzz]}}")
        for name, entry in (("when", TIP), ("when", STEP), ("when", DRAFT), ("when", CHANGE))
        for part, good, kind in (
            ("signals", "stumble", "signal"), ("destinations", "seller", "destination"), ("start", "side", "destination"),
            ("case", "tried-low", "fact about the case"), ("unless", "no-case", "id that a condition can name"),
        )
    ),
    ("when", "history signal", TIP % ", when: {history: [§zzz]}"),
    ("when", "error code", TIP % ", when: {codes: [§zzz]}"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "kind", "entry"), REFERENCES, ids=[f"{n}-{each[0]}" for n, each in enumerate(REFERENCES)])
def test_every_kind_of_reference_is_told_at_its_place(folder: Write, field: str, kind: str, entry: str) -> None:
    before = entry[: entry.index("§")]
    with pytest.raises(KnowledgeError) as caught:
        read(folder({"base.yaml": SMALL, "s.yaml": SIGNAL, "z.yaml": entry.replace("§", "")}))
    (problem,) = caught.value.problems
    place = ("own/z.yaml", before.count("\n") + 1, len(before) - before.rfind("\n"))
    assert (problem.file, problem.line, problem.column) == place
    assert (problem.what, problem.rule) == (f'{field}: no {kind} "zzz"', "dangling")


# Everything that can be referred to, once.
SOUND = "".join((
    SIGNAL, TOP % ', entry: low, limits: [{text: "t", fact: F1, team: side}]',
    PAST % ", subject: stumble, at_least: {reopened: 3}",
    'beyond:\n  - {id: vendor, name: "V", summary: "s", reached: "r", facts: [F1]}\n',
    'placeholders:\n  - {id: item, label: "l", fact: asins}\n  - {id: ware, label: "l", fact: wanted_value}\n',
    STEP % "", (STEP % "").replace("steps:\n", "").replace("id: s", "id: u").replace("seller", "vendor"),
    CODE % (', then: side, echo_of: ["1"]' + MEANING.replace("source: F1", "source: F1 paper").replace("seller", "high")),
    CHANGE % ", signal: stumble, history: h, facts: {reopened: 1, contacts: 2, ticket_days: 3}",
    DRAFT.replace('["x"]', '["{item|ware} {ware}"]') % ", words: {stumble: {item: \"{ware}\"}}",
    'questions:\n  - {id: q, text: "t", answers: {"a": "b"}, between: [low, side]}\n',
    TIP % (', when: {signals: [stumble], destinations: [seller, side, low], start: [side, low], history: [h], codes: ["1"], '
           'case: [has-case, tried-low], unless: [stumble, side, low, h, "1", vendor, tried-high]}'),
))  # fmt: skip


def test_references_to_what_is_there_are_sound(folder: Write) -> None:
    known = read(folder({"base.yaml": SMALL, "z.yaml": SOUND}))
    assert known.tips["t"].when.codes == ("1",)
    assert known.drafts["d"].words == {"stumble": {"item": "{ware}"}}


OFF = "disabled: {%s: [%s]}\n"


@pytest.mark.parametrize(
    ("off", "entry", "told"),
    [
        (("signals", "trip"), DRAFT % ", words: {trip: {}}", []),
        (("signals", "trip"), PAST % ", subject: trip", []),
        (("teams", "desk"), 'questions:\n  - {id: q, text: "t", answers: {"a": "b"}, between: [low, desk]}\n', []),
        (("codes", '"2"'), CODE % ', echo_of: ["2"]', []),
        (("signals", "trip"), TIP % ", when: {signals: [trip]}", []),
        (("teams", "desk"), TOP % ', limits: [{text: "t", fact: F1, team: desk}]', []),
        (("facts", "F2"), TOP % ', limits: [{text: "t", fact: F2}]', ['limits: the fact "F2" is switched off']),
        (("placeholders", "ware"), DRAFT % ', words: {stumble: {ware: "x"}}', ['words: the placeholder "ware" is switched off']),
        (("teams", "desk"), STEP.replace("at: seller", "at: desk") % "", ['at: the destination "desk" is switched off']),
        (("signals", "trip"), CHANGE % ", signal: trip", ['signal: the signal "trip" is switched off']),
    ],
)
def test_only_what_tells_cases_apart_may_name_what_is_switched_off(
    folder: Write, tmp_path: Path, off: tuple[str, str], entry: str, told: list[str]
) -> None:
    there = "".join((
        SIGNAL, SIGNAL.removeprefix("signals:\n").replace("stumble\n", "trip\n"), SIDE % "", (CODE % "").replace('"1"', '"2"'),
        'facts:\n  - {id: F2, about: "a", text: "t", certainty: stated, source: paper}\n',
        'placeholders:\n  - {id: ware, label: "l"}\n',
    ))  # fmt: skip
    base = folder({"base.yaml": SMALL, "there.yaml": there})
    over = tmp_path / "over"
    over.mkdir()
    (over / "z.yaml").write_text(entry + OFF % off, encoding="utf-8")
    if not told:
        assert load_knowledge(base, over, alone=True)
        return
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(base, over, alone=True)
    assert [problem.what for problem in caught.value.problems] == told


def test_reference_to_another_file_is_found(folder: Write) -> None:
    """Order of files plays no part: `a` may refer to what `z` defines."""
    known = read(folder({"a.yaml": SIGNAL, "z.yaml": SMALL}))
    assert known.owner(known.signals["stumble"]) == "high"


# --- whole files


def test_second_document_is_refused(folder: Write) -> None:
    own = folder({"a.yaml": 'abilities:\n  - {id: a, title: "t"}\n---\nabilities: []\n'})
    assert told(own) == ["own/a.yaml:3: a second document begins here – keep one document a file"]


@pytest.mark.parametrize("content", ["", "\n\n", "# only a comment\n", "---\n", "null\n"])
def test_empty_file_is_told(folder: Write, content: str) -> None:
    assert only(folder({"a.yaml": content})) == "own/a.yaml:1: the file is empty – remove it or fill it"


@pytest.mark.parametrize("content", ["- {id: a}\n", "just words\n", "5\n", "[]\n"])
def test_file_that_is_no_mapping_is_told(folder: Write, content: str) -> None:
    assert only(folder({"a.yaml": content})).startswith("own/a.yaml:1: the file is not a mapping – begin with one of: sources")


def test_other_files_are_left_alone(folder: Write) -> None:
    known = read(folder({"a.yaml": 'abilities:\n  - {id: a, title: "t"}\n', "notes.txt": "titel: no", "x.json": "{"}))
    assert list(known.abilities) == ["a"]


def test_both_endings_and_inner_folders_are_read(folder: Write) -> None:
    known = read(
        folder({"a.yml": 'abilities:\n  - {id: a, title: "t"}\n', "in/side/b.yaml": 'abilities:\n  - {id: b, title: "t"}\n'})
    )
    assert set(known.abilities) == {"a", "b"}
    assert known.abilities["b"].origin == "own/in/side/b.yaml:2"


def test_faults_of_all_files_come_in_file_order(folder: Write) -> None:
    bad = "abilities:\n  - {id: %s, titel: x}\n"
    own = folder({"b.yaml": bad % "q", "a.yaml": bad % "p", "c.yaml": "a: [\n"})
    lines = told(own)
    assert [line.split(":")[0] for line in lines] == sorted(line.split(":")[0] for line in lines)
    assert {line.split(":")[0] for line in lines} == {"own/a.yaml", "own/b.yaml", "own/c.yaml"}
    with pytest.raises(KnowledgeError) as caught:
        read(own)
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]


def test_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert only(tmp_path / "nowhere").endswith("no such folder – name a folder with knowledge in YAML")


def test_named_pipe_is_not_opened(folder: Write) -> None:
    """Reading it would wait for ever."""
    own = folder({"a.yaml": 'abilities:\n  - {id: a, title: "t"}\n'})
    os.mkfifo(own / "b.yaml")
    assert only(own) == "own/b.yaml:1: not a regular file – knowledge is read from plain files"


def test_device_is_not_read(folder: Write) -> None:
    """An endless file behind a link."""
    own = folder({"a.yaml": 'abilities:\n  - {id: a, title: "t"}\n'})
    (own / "b.yaml").symlink_to("/dev/zero")
    assert only(own) == "own/b.yaml:1: not a regular file – knowledge is read from plain files"


def test_link_to_nothing_is_told(folder: Write) -> None:
    own = folder({"a.yaml": 'abilities:\n  - {id: a, title: "t"}\n'})
    (own / "b.yaml").symlink_to(own / "gone.yaml")
    assert only(own) == "own/b.yaml:1: cannot be read: No such file or directory"


def denied(*_: object) -> Any:
    raise PermissionError(errno.EACCES, "Permission denied", "own/a.yaml")


def test_behind_a_file_that_cannot_be_read_the_others_are_looked_at(folder: Write) -> None:
    own = folder({"b.yaml": "tips: [\n"})
    (own / "a.yaml").symlink_to(own / "gone.yaml")
    assert [line.split(": ")[0] for line in told(own)] == ["own/a.yaml:1", "own/b.yaml:2"]


def test_folder_that_may_not_be_looked_at_is_told(folder: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    own = folder({"a.yaml": SMALL})
    monkeypatch.setattr("catalog_route.loading.data_files", denied)
    assert only(own) == "own:1: cannot be read: Permission denied"


def test_file_that_goes_while_it_is_read_is_told(folder: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could be read, and then no more for the digest."""
    own = folder({"a.yaml": SMALL})
    monkeypatch.setattr("catalog_route.loading.digest", denied)
    (problem,) = problems(own)
    assert str(problem).startswith("own/a.yaml:1:1: error: ")
    assert "Permission denied" in problem.what


def test_folder_that_is_refused_after_it_was_read_is_told(folder: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused only at the digest has no file of its own: the folder is named."""

    def grown(*_: object) -> str:
        raise RefusedError("more than 3 names in it", "name a folder that holds knowledge only")

    own = folder({"a.yaml": SMALL})
    monkeypatch.setattr("catalog_route.loading.digest", grown)
    assert str(problems(own)[0]).startswith("own:1:1: error: ")
    assert "more than 3 names in it" in problems(own)[0].what


def test_what_cannot_be_read_is_told_at_its_beginning(folder: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cure = "name a folder with knowledge in YAML"
    own = tmp_path / "own"
    assert [str(each) for each in problems(own)] == [f"{own}:1:1: error: no such folder – {cure}"]
    own.touch()
    assert [str(each) for each in problems(own)] == [f"{own}:1:1: error: not a folder – {cure}"]
    own.unlink()
    own.mkdir()
    assert [str(each) for each in problems(own)] == [f"own:1:1: error: holds no YAML file – {cure}"]
    folder({"a.yaml": ""})
    assert [str(each) for each in problems(own)] == ["own/a.yaml:1:1: error: the file is empty – remove it or fill it"]
    (own / "a.yaml").write_bytes(b"- 1\n")
    assert str(problems(own)[0]).startswith(
        "own/a.yaml:1:1: error: the file is not a mapping – begin with one of: sources, facts"
    )
    monkeypatch.setattr("catalog_route.places.MOST_NAMES", 0)
    refused = "own:1:1: error: more than 0 names in it – name a folder that holds knowledge only"
    assert [str(each) for each in problems(own)] == [refused]
    monkeypatch.setattr("catalog_route.loading.data_files", denied)
    assert [str(each) for each in problems(own)] == ["own:1:1: error: cannot be read: Permission denied"]


def test_a_folder_with_more_than_can_be_read_is_refused(folder: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = 'abilities:\n  - {id: %s, title: "t"}\n'
    own = folder({"a.yaml": entry % "a", "b.yaml": entry % "b"})
    size = 2 * len(entry % "a")
    monkeypatch.setattr("catalog_route.loading.MOST_BYTES", size)
    assert set(read(own).abilities) == {"a", "b"}
    monkeypatch.setattr("catalog_route.loading.MOST_BYTES", size - 1)
    told = f"own:1:1: error: {size} bytes of YAML, more than the {size - 1} that are read – name a smaller folder"
    assert [str(each) for each in problems(own)] == [told]


def test_after_what_could_hurt_nothing_else_is_looked_at(folder: Write, tmp_path: Path) -> None:
    """Neither the entries of its own folder nor those of the others; what was wrong with reading them is told."""
    own = folder({"a.yaml": "tips: &x [*x]\n", "b.yaml": "tipps: []\n"})
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "a.yaml").write_text("tips: [\n", encoding="utf-8")
    (tmp_path / "two" / "b.yaml").write_text("tipps: []\n", encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(own, tmp_path / "two", alone=True)
    assert [(each.file, each.line, each.rule) for each in caught.value.problems] == [
        ("own/a.yaml", 1, "refused-yaml"), ("two/a.yaml", 2, "not-yaml"),
    ]  # fmt: skip
    assert caught.value.folders == {"own": own, "two": tmp_path / "two"}


def test_how_folders_lie_over_each_other_is_told_at_their_beginning(folder: Write, tmp_path: Path) -> None:
    own = folder({"a.yaml": SMALL})
    two = tmp_path / "two"
    two.mkdir()
    (two / "a.yaml").write_text("whole: true\n", encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(own, two, two, alone=True)
    whole = "error: a whole knowledge cannot lie over another one – name it first, or leave out whole: true"
    again = f"{tmp_path.name}/two"
    assert [str(each) for each in caught.value.problems] == [
        f"{again}:1:1: {whole}", f"{again}:1:1: error: the folder is laid twice – name it once", f"two:1:1: {whole}",
    ]  # fmt: skip


def test_nobody_to_route_to_is_told_at_the_beginning(folder: Write) -> None:
    own = folder({"a.yaml": 'whole: true\nsources:\n  - {id: x, title: "X", kind: own}\n'})
    with pytest.raises(KnowledgeError) as caught:
        usable(load([own]))
    assert str(caught.value) == "own:1:1: error: a whole knowledge without tiers – add tiers, or leave out whole: true"


def test_huge_file_is_refused_unread(folder: Write) -> None:
    own = folder({"a.yaml": 'abilities:\n  - {id: a, title: "t"}\n'})
    with (own / "big.yaml").open("wb") as file:
        file.truncate(200_000_000)
    began = time.process_time()
    assert only(own) == "own/big.yaml:1: 200000000 bytes, more than the 1000000 that are read – split the file"
    assert time.process_time() - began < 0.5


# --- entries and knowledge


def test_every_entry_knows_its_line(folder: Write) -> None:
    known = read(folder({"a.yaml": '# a comment\nabilities:\n  - {id: a, title: "t"}\n\n  - id: b\n    title: "t"\n'}))
    assert [a.origin for a in known.abilities.values()] == ["own/a.yaml:3", "own/a.yaml:5"]


def test_vocabulary_of_several_files_is_joined(folder: Write) -> None:
    one = 'vocabulary:\n  variants: {colour: "color"}\n  negates: ["not"]\n'
    other = 'vocabulary:\n  variants: {grey: "gray"}\n  negates: ["never"]\n'
    words = read(folder({"a.yaml": one, "b.yaml": other})).vocabulary
    assert words.variants == {"colour": "color", "grey": "gray"}
    assert words.negates == ("not", "never")


def test_the_digest_changes_with_any_byte(folder: Write) -> None:
    own = folder({"a.yaml": 'abilities:\n  - {id: a, title: "t"}\n'})
    before = read(own).digest
    assert re.fullmatch(r"[0-9a-f]{12}", before)
    assert read(own).digest == before
    (own / "a.yaml").write_text('abilities:\n  - {id: a, title: "u"}\n', encoding="utf-8")
    assert read(own).digest != before


def test_the_shipped_knowledge_is_sound(known: Knowledge) -> None:
    assert known.digest == digest(data_dir())
    assert [tier.level for tier in known.ladder()] == [1, 2, 3]
    assert len(data_files(data_dir())) >= 6


def test_every_shipped_entry_stands_where_it_says(known: Knowledge) -> None:
    """`origin` names the very line on which the entry begins."""
    for section in ("tiers", "teams", "signals", "history", "tips", "facts", "codes"):
        for ident, entry in getattr(known, section).items():
            file, _, line = entry.origin.rpartition(":")
            text = (data_dir().parent / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
            assert ident in text, f"{entry.origin}: {text}"
