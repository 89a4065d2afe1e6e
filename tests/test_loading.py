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
from catalog_route.places import data_dir, data_files, digest
from catalog_route.rules import RULES
from conftest import SIGNAL, SMALL

Write = Callable[[Mapping[str, str | bytes]], Path]


def read(own: Path) -> Knowledge:
    """The knowledge of one folder, with nothing below it."""
    return load_knowledge(own, alone=True)


def told(own: Path) -> list[str]:
    """What loading a folder complains about, one line a fault."""
    with pytest.raises(KnowledgeError) as caught:
        read(own)
    assert all(problem.severity == "error" and problem.rule in RULES for problem in caught.value.problems)
    return [plain(problem) for problem in caught.value.problems]


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
    assert message.startswith('own/a.yaml:2: unknown key "zzz" – known here: id, title, facts, note')


def test_the_key_not_is_named_as_authors_write_it(folder: Write) -> None:
    """`not` is a Python keyword; no message may show the name that dodges it."""
    more = SIGNAL.replace("needs: [run]", "needs: [run]\n    nots: []")
    message = only(folder({"base.yaml": SMALL, "a.yaml": more}))
    assert message == 'own/a.yaml:7: unknown key "nots" – did you mean "not"?'


def test_the_origin_of_an_entry_cannot_be_forged(folder: Write) -> None:
    """`origin` is set by the program; as a key it is unknown."""
    assert 'unknown key "origin"' in only(folder({"a.yaml": 'abilities:\n  - {id: a, title: "t", origin: "x:1"}\n'}))


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
    lines = told(folder({"b.yaml": bad % "q", "a.yaml": bad % "p", "c.yaml": "a: [\n"}))
    assert [line.split(":")[0] for line in lines] == sorted(line.split(":")[0] for line in lines)
    assert {line.split(":")[0] for line in lines} == {"own/a.yaml", "own/b.yaml", "own/c.yaml"}


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


def test_folder_that_may_not_be_looked_at_is_told(folder: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    own = folder({"a.yaml": SMALL})
    monkeypatch.setattr("catalog_route.loading.data_files", denied)
    assert only(own) == "own:1: cannot be read: Permission denied"


def test_file_that_goes_while_it_is_read_is_told(folder: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could be read, and then no more for the digest."""
    own = folder({"a.yaml": SMALL})
    monkeypatch.setattr("catalog_route.loading.digest", denied)
    assert "own/a.yaml:1: " in only(own)
    assert "Permission denied" in only(own)


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
