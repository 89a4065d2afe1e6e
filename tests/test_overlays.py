"""Folders laid over the knowledge: add by id, replace or make longer only when they say so, switch off; nothing silently."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from catalog_route import Knowledge, KnowledgeError, Problem, Router, load_knowledge
from catalog_route.checking import lint
from catalog_route.compiling import matcher_tables
from catalog_route.likeness import Likeness
from catalog_route.loading import load, names_of
from catalog_route.matching import Matcher
from catalog_route.places import data_dir, digest
from catalog_route.plain import sheet_lines
from catalog_route.router import knowledge_for, router_for
from catalog_route.showing import show
from conftest import SIGNAL, SMALL

Lay = Callable[..., list[Path]]

TIP = 'tips:\n  - {id: shoes, stage: try, text: "Tie your shoes.", why: "It helps.", certainty: stated, source: F1%s}\n'
GROUP = "groups:\n  - {id: foot, words: [foot, boot]}\n"
BASE = {"base.yaml": SMALL + "whole: true\n", "more.yaml": SIGNAL + TIP % "" + GROUP}


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    """Folders `base` (two tiers, a team, a signal, a tip, a group), then `one`, `two`, … with the given YAML."""

    def write(*overlays: str | Mapping[str, str]) -> list[Path]:
        folders = []
        for name, files in zip(("base", "one", "two", "three"), (BASE, *overlays), strict=False):
            folder = tmp_path / name
            folder.mkdir()
            for file, content in ({"own.yaml": files} if isinstance(files, str) else files).items():
                (folder / file).write_text(content, encoding="utf-8")
            folders.append(folder)
        return folders

    return write


def faults(folders: list[Path]) -> list[Problem]:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(*folders)
    return list(caught.value.problems)


def only(folders: list[Path]) -> str:
    """The one fault, without its column."""
    (problem,) = faults(folders)
    assert problem.severity == "error"
    return f"{problem.file}:{problem.line}: {problem.what} – {problem.cure}"


# --- adding


def test_an_overlay_adds_and_the_rest_stays(lay: Lay) -> None:
    folders = lay('abilities:\n  - {id: swim, title: "swim"}\n')
    below, known = load_knowledge(folders[0]), load_knowledge(*folders)
    assert set(known.abilities) == {*below.abilities, "swim"}
    assert known.abilities["swim"].origin == "one/own.yaml:2"
    assert known.signals == below.signals


def test_an_overlay_lies_over_the_shipped_knowledge(known: Knowledge, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.yaml").write_text('sources:\n  - {id: agency, title: "Us", kind: own}\n', encoding="utf-8")
    laid = load_knowledge(own)
    assert laid.sources["agency"].origin == "own/a.yaml:2"
    assert laid.tips == known.tips
    assert laid.vocabulary == known.vocabulary


def test_overlays_refer_to_what_lies_below_and_to_each_other(lay: Lay) -> None:
    one = 'abilities:\n  - {id: swim, title: "swim", facts: [F1]}\n'
    two = SIGNAL.replace("stumble\n", "splash\n").replace("[run]", "[walk, swim]").replace("stumbles", "splashes")
    tier = "tiers:\n  - {id: high, extends: true, can: [swim]}\n"
    known = load_knowledge(*lay(one, {"a.yaml": two, "b.yaml": tier}))
    assert known.owner(known.signals["splash"]) == "high"


def test_a_reference_from_an_overlay_into_nothing_is_a_fault(lay: Lay) -> None:
    assert only(lay(SIGNAL.replace("stumble\n", "trip\n").replace("[run]", "[runn]"))) == (
        'one/own.yaml:6: needs: no ability "runn" – did you mean "run"?'
    )


def test_an_id_that_is_there_already_is_a_fault_with_both_ways_out(lay: Lay) -> None:
    line = only(lay('abilities:\n  - {id: walk, title: "stroll"}\n'))
    assert line.startswith('one/own.yaml:2: duplicate id "walk" in abilities – it stands already at base/base.yaml:6')
    assert "replaces: true" in line
    assert "extends: true" in line


def test_twice_in_one_folder_is_a_fault_whatever_it_says(lay: Lay) -> None:
    tip = TIP % ", replaces: true"
    line = only(lay({"a.yaml": tip, "b.yaml": tip}))
    assert line == 'one/b.yaml:2: duplicate id "shoes" in tips – it stands already at one/a.yaml:2'


def test_the_order_of_folders_counts(lay: Lay) -> None:
    first, second = TIP % ", replaces: true", (TIP % ", replaces: true").replace("Tie", "Buy")
    folders = lay(first, second)
    assert load_knowledge(*folders).tips["shoes"].text == "Buy your shoes."
    assert load_knowledge(folders[0], folders[2], folders[1]).tips["shoes"].text == "Tie your shoes."


# --- replacing


def test_replaces_puts_a_whole_entry_in_the_place_of_another(lay: Lay) -> None:
    known = load_knowledge(*lay((TIP % ", weight: 5, replaces: true").replace("Tie", "Polish")))
    tip = known.tips["shoes"]
    assert (tip.text, tip.weight, tip.origin) == ("Polish your shoes.", 5, "one/own.yaml:2")


def test_replacing_what_is_not_there_names_the_nearest(lay: Lay) -> None:
    assert only(lay((TIP % ", replaces: true").replace("id: shoes", "id: shoe"))) == (
        'one/own.yaml:2: replaces: there is no "shoe" in tips below – did you mean "shoes"?'
    )


def test_a_replacing_entry_needs_all_its_fields(lay: Lay) -> None:
    problems = faults(lay("tips:\n  - {id: shoes, replaces: true, text: x}\n"))
    assert {p.what for p in problems} == {f'missing field "{name}"' for name in ("stage", "why", "certainty", "source")}


@pytest.mark.parametrize("value", ["yes please", "5", '"true"', "[shoes]"])
def test_replaces_is_true_or_left_out(lay: Lay, value: str) -> None:
    problems = faults(lay(TIP % f", replaces: {value}"))
    assert any("write replaces: true, or leave it out" in p.cure for p in problems)


def test_a_mistyped_word_is_one_fault_and_understood(lay: Lay) -> None:
    """Not four missing fields, but the one word that was meant."""
    assert only(lay("signals:\n  - {id: stumble, extend: true, says: [falls]}\n")) == (
        'one/own.yaml:2: unknown key "extend" – did you mean "extends"?'
    )


def test_replaces_false_adds(lay: Lay) -> None:
    assert 'duplicate id "shoes"' in only(lay(TIP % ", replaces: false"))


def test_replacing_and_extending_at_once_is_a_fault(lay: Lay) -> None:
    assert "cannot both replace and extend" in faults(lay(TIP % ", replaces: true, extends: true"))[0].what


# --- making longer


def test_extends_adds_phrases_examples_and_words_behind_those_that_are_there(lay: Lay) -> None:
    more = """\
signals:
  - id: stumble
    extends: true
    says: ["falls over"]
    not: ["on purpose"]
    examples: {fires: ["she falls over"]}
groups:
  - {id: foot, extends: true, words: [sandal]}
"""
    known = load_knowledge(*lay(more))
    signal = known.signals["stumble"]
    assert signal.says == ("stumbles", "falls over")
    assert signal.not_ == ("on purpose",)
    assert signal.examples.fires == ("he stumbles", "she falls over")
    assert signal.examples.silent == ("he walks",)
    assert signal.title == "Someone stumbles"
    assert signal.origin == "base/more.yaml:2 + one/own.yaml:2"
    assert known.groups["foot"].words == ("foot", "boot", "sandal")


def test_two_folders_extend_one_after_the_other(lay: Lay) -> None:
    more = "groups:\n  - {id: foot, extends: true, words: [%s]}\n"
    known = load_knowledge(*lay(more % "sandal", more % "slipper"))
    assert known.groups["foot"].words == ("foot", "boot", "sandal", "slipper")
    assert known.groups["foot"].origin == "base/more.yaml:12 + one/own.yaml:2 + two/own.yaml:2"


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("signals:\n  - {id: stumble, extends: true, title: Other}\n", "title"),
        ("signals:\n  - {id: stumble, extends: true, strength: strong}\n", "strength"),
        ("signals:\n  - {id: stumble, extends: true, says: stumbles}\n", "says"),
    ],
)
def test_what_is_no_list_cannot_be_made_longer(lay: Lay, entry: str, what: str) -> None:
    line = only(lay(entry))
    assert line.startswith(f"one/own.yaml:2: extends: {what} cannot be made longer")
    assert "replaces: true" in line


def test_a_condition_that_asks_for_nothing_is_not_narrowed_by_making_it_longer(lay: Lay) -> None:
    """The tip is for everybody; with a signal behind the empty list it would be for few."""
    assert "asks for nothing" in only(lay("tips:\n  - {id: shoes, extends: true, when: {signals: [stumble]}}\n"))


def test_extending_what_is_not_there_names_the_nearest(lay: Lay) -> None:
    assert 'extends: there is no "foots" in groups below – did you mean "foot"?' in only(
        lay("groups:\n  - {id: foots, extends: true, words: [x]}\n")
    )


def test_a_typo_in_an_extending_entry_is_told_at_its_place(lay: Lay) -> None:
    (problem,) = faults(lay("signals:\n  - id: stumble\n    extends: true\n    sayss: [x]\n"))
    assert (problem.file, problem.line, problem.column) == ("one/own.yaml", 4, 5)
    assert problem.cure == 'did you mean "says"?'


def test_places_in_an_entry_of_two_files_are_those_of_the_file(lay: Lay) -> None:
    more = "signals:\n  - id: stumble\n    extends: true\n    needs: [fly]\n    says:\n      - falls\n      - drops\n"
    locate = load(lay(more)).locate
    assert locate("signals", "stumble", "says", 0)[:2] == ("base/more.yaml", 7)
    assert locate("signals", "stumble", "says", 1)[:2] == ("one/own.yaml", 6)
    assert locate("signals", "stumble", "says", 2) == ("one/own.yaml", 7, 9)
    assert locate("signals", "stumble", "says") == ("one/own.yaml", 6, 7)
    assert locate("signals", "stumble", "examples", "fires", 0)[:2] == ("base/more.yaml", 8)
    assert locate("signals", "stumble", "title")[:2] == ("base/more.yaml", 3)


def test_a_fault_in_what_was_added_to_an_entry_is_told_where_it_was_added(lay: Lay) -> None:
    line = only(lay("signals:\n  - id: stumble\n    extends: true\n    needs: [flyy]\n"))
    assert line == 'one/own.yaml:4: needs: no ability "flyy" – did you mean "fly"?'


def test_an_entry_that_one_folder_writes_anew_and_makes_longer_is_a_fault(lay: Lay) -> None:
    anew = "groups:\n  - {id: foot, replaces: true, words: [paw]}\n  - {id: foot, extends: true, words: [claw]}\n"
    assert only(lay(anew)) == (
        'one/own.yaml:3: "foot" is written anew and made longer in one folder – make it one entry'
    )  # fmt: skip


# --- switching off


def test_disabled_takes_entries_out(lay: Lay) -> None:
    known = load_knowledge(*lay("disabled:\n  tips: [shoes]\n  groups: [foot]\n"))
    assert not known.tips
    assert not known.groups


@pytest.mark.parametrize(
    ("disabled", "line"),
    [
        ("tips: [shoe]", 'disabled: nothing is called "shoe" in tips – did you mean "shoes"?'),
        ("tip: [shoes]", 'disabled: no section "tip" – did you mean "tips"?'),
        ("variants: [grey]", 'disabled: nothing is called "grey" in variants – variants has no such entry; leave it out'),
    ],
)
def test_switching_off_what_is_not_there_is_a_fault(lay: Lay, disabled: str, line: str) -> None:
    assert only(lay(f"disabled:\n  {disabled}\n")) == f"one/own.yaml:2: {line}"


def test_switching_off_twice_says_where_it_was_done(lay: Lay) -> None:
    off = "disabled: {tips: [shoes]}\n"
    assert 'disabled: "shoes" is switched off already, at one/own.yaml:1' in only(lay(off, off))


def test_what_cannot_do_without_it_is_told(lay: Lay) -> None:
    folders = lay("disabled: {abilities: [run]}\n")
    problems = faults(folders)
    assert {p.rule for p in problems} == {"switched-off"}
    assert [(p.file, p.line) for p in problems] == [("base/base.yaml", 12), ("base/more.yaml", 6)]
    assert problems[1].what == 'needs: the ability "run" is switched off'
    assert problems[1].cure == "switched off at one/own.yaml:1; switch stumble off too, or replace it"


def test_a_group_that_phrases_use_is_told_when_it_is_switched_off(lay: Lay) -> None:
    known = load_knowledge(*lay({
        "a.yaml": 'signals:\n  - {id: stumble, extends: true, says: ["my <foot>"]}\n',
    }, "disabled: {groups: [foot]}\n"))  # fmt: skip
    with pytest.raises(KnowledgeError, match=r"uses <foot>, which is no group – it is switched off at two/own\.yaml:1"):
        matcher_tables(known)


def test_a_condition_may_still_name_it(lay: Lay) -> None:
    """A tip for a signal that is off is for nobody; it never turns into a tip for everybody."""
    tip = (TIP % ", when: {signals: [stumble]}").replace("shoes", "laces")
    known = load_knowledge(*lay(tip, "disabled: {signals: [stumble]}\n"))
    assert known.tips["laces"].when.signals == ("stumble",)


def test_what_was_switched_off_can_be_added_anew(lay: Lay) -> None:
    known = load_knowledge(*lay("disabled: {tips: [shoes]}\n", (TIP % "").replace("Tie", "Buy")))
    assert known.tips["shoes"].text == "Buy your shoes."


def test_replacing_what_was_switched_off_says_so(lay: Lay) -> None:
    line = only(lay("disabled: {tips: [shoes]}\n", TIP % ", replaces: true"))
    assert "it is switched off at one/own.yaml:1; leave out replaces: true to add it anew" in line


# One id in two sections: what is said of the one is not said of the other.

BOOT = (TIP % "").replace("shoes", "foot")
SAYS_TOE = (TIP % "").replace("shoes", "toe") + 'signals:\n  - {id: stumble, extends: true, says: ["my <toe>"]}\n'
WHEN = (TIP % ", when: {signals: [%s]}").replace("shoes", "laces")


@pytest.mark.parametrize(
    ("layers", "line"),
    [
        (
            ("disabled: {groups: [foot]}\n", "disabled: {tips: [foot]}\n"),
            'disabled: nothing is called "foot" in tips – tips has no',
        ),
        (
            ("disabled: {groups: [foot]}\n", (TIP % ", replaces: true").replace("shoes", "foot")),
            "leave out replaces: true to add it",
        ),
        (
            ("disabled: {groups: [foot]}\n", BOOT, "disabled: {groups: [foot]}\n"),
            '"foot" is switched off already, at one/own.yaml:1',
        ),
        (("disabled: {groups: [foot]}\n", WHEN % "foot"), 'when: no signal "foot"'),
    ],
    ids=["twice", "replaced", "added", "named"],
)
def test_what_is_switched_off_in_one_section_is_not_switched_off_in_another(lay: Lay, layers: tuple[str, ...], line: str) -> None:
    told = only(lay(*layers))
    assert line in told
    assert told.count("switched off") == line.count("switched off")


def test_a_condition_that_never_holds_is_told_though_a_group_of_that_name_is_switched_off(lay: Lay) -> None:
    never = (TIP % ", when: {signals: [stumble], destinations: [side]}").replace("shoes", "laces")
    folders = lay("groups:\n  - {id: stumble, words: [trip]}\n", f"disabled: {{groups: [stumble]}}\n{never}")
    rules = {problem.rule: problem.what for problem in lint(load(folders))}
    assert rules["never-applies"].startswith("laces: ")
    assert "mentions-switched-off" not in rules


def test_a_group_that_never_was_is_not_told_to_be_switched_off_with_a_tip(lay: Lay) -> None:
    known = load_knowledge(*lay(SAYS_TOE, "disabled: {tips: [toe]}\n"))
    with pytest.raises(KnowledgeError, match="uses <toe>, which is no group – ") as told:
        matcher_tables(known)
    assert "switched off" not in str(told.value)


# --- vocabulary

WORDS = "vocabulary:\n  variants: {grey: gray}\n  negates: [not]\n  counts: {reopened: [again]}\n"


def test_lists_and_mappings_of_the_vocabulary_grow(lay: Lay) -> None:
    more = "vocabulary:\n  variants: {colour: color}\n  negates: [never]\n  counts: {reopened: [anew]}\n"
    words = load_knowledge(*lay(WORDS, more)).vocabulary
    assert words.variants == {"grey": "gray", "colour": "color"}
    assert words.negates == ("not", "never")
    assert words.counts == {"reopened": ("again", "anew")}


def test_a_word_has_one_meaning_unless_it_is_replaced(lay: Lay) -> None:
    other = "vocabulary:\n  variants: {grey: grizzle}\n"
    line = only(lay(WORDS, other))
    assert line.startswith('two/own.yaml:2: variants: "grey" means gray already, at one/own.yaml:2')
    assert 'replaces: ["grey"]' in line


def test_replaces_gives_a_word_another_meaning(lay: Lay) -> None:
    other = "vocabulary:\n  replaces: [grey]\n  variants: {grey: grizzle}\n"
    known = load_knowledge(*lay(WORDS, other))
    assert known.vocabulary.variants == {"grey": "grizzle"}
    assert ("replaces", "variants", "grey") in {(x.how, x.section, x.id) for x in known.layers[1].entries}


def test_replacing_a_word_that_is_not_there_is_a_fault(lay: Lay) -> None:
    line = only(lay(WORDS, "vocabulary:\n  replaces: [gray]\n  variants: {colour: color}\n"))
    assert line == 'two/own.yaml:2: replaces: "gray" gets no new meaning here – did you mean "grey"?'


@pytest.mark.parametrize("value", ["grey", "[5]", "{grey: gray}"])
def test_words_to_replace_are_a_list_of_words(lay: Lay, value: str) -> None:
    line = only(lay(f"vocabulary:\n  replaces: {value}\n  variants: {{colour: color}}\n"))
    assert line == "one/own.yaml:2: replaces: not a list of words – list the keys that get a new meaning"


def test_the_same_meaning_twice_is_no_fault(lay: Lay) -> None:
    assert load_knowledge(*lay(WORDS, WORDS)).vocabulary.negates == ("not",)


def test_parts_of_the_vocabulary_can_be_switched_off(lay: Lay) -> None:
    words = load_knowledge(*lay(WORDS, "disabled: {variants: [grey], negates: [not], counts: [reopened]}\n")).vocabulary
    assert (words.variants, words.negates, words.counts) == ({}, (), {})


def test_places_of_the_vocabulary_are_known(lay: Lay) -> None:
    locate = load(lay(WORDS, "vocabulary:\n  negates: [never]\n")).locate
    assert locate("vocabulary", "negates", 0) == ("one/own.yaml", 3, 13)
    assert locate("vocabulary", "negates", 1)[:2] == ("two/own.yaml", 2)
    assert locate("vocabulary", "counts", "reopened", 0)[:2] == ("one/own.yaml", 4)


# --- whole knowledge


def test_a_whole_knowledge_stands_alone(lay: Lay) -> None:
    known = load_knowledge(*lay())
    assert set(known.tiers) == {"low", "high"}
    assert known.layers == ()


def test_a_whole_knowledge_stands_first(lay: Lay) -> None:
    problems = faults(lay('whole: true\nsources:\n  - {id: x, title: "X", kind: own}\n'))
    assert [p.what for p in problems] == ["a whole knowledge cannot lie over another one"]


def test_a_copy_that_does_not_say_it_is_whole_is_told_once(tmp_path: Path) -> None:
    """Not five hundred duplicate ids, but what to do about all of them."""
    copy = tmp_path / "copy"
    shutil.copytree(data_dir(), copy)
    path = copy / "tiers.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("whole: true\n", "\n"), encoding="utf-8")
    (problem,) = faults([copy])
    assert "ids are there already" in problem.what
    assert "whole: true" in problem.cure


def test_the_shipped_knowledge_is_a_whole_one(known: Knowledge, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(data_dir(), copy)
    laid = load_knowledge(copy)
    assert laid.layers == ()
    assert list(laid.tips) == list(known.tips)
    assert laid.digest == known.digest


def test_nobody_to_route_to_is_told_and_not_a_crash(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.yaml").write_text('whole: true\nsources:\n  - {id: x, title: "X", kind: own}\n', encoding="utf-8")
    with pytest.raises(KnowledgeError, match="a whole knowledge without tiers"):
        router_for(own)


# --- folders


def test_folders_of_one_name_are_told_apart(tmp_path: Path) -> None:
    folders = [tmp_path / part for part in ("a/data", "b/data", "b/x/data", "b")]
    assert names_of(folders) == ["data", "b/data", "x/data", "b"]


def test_folders_are_named_as_given_when_the_working_folder_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> str:
        raise FileNotFoundError

    monkeypatch.setattr(os, "getcwd", gone)
    assert names_of([Path("a"), Path("b/a")]) == ["a", "b/a"]


def test_an_overlay_called_data_is_not_taken_for_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "agency" / "data"
    own.mkdir(parents=True)
    (own / "a.yaml").write_text('sources:\n  - {id: agency, title: "Us", kind: own}\n', encoding="utf-8")
    assert load_knowledge(own).sources["agency"].origin == "agency/data/a.yaml:2"


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda path: None, "no such folder"),
        (lambda path: path.write_text("x", encoding="utf-8"), "not a folder"),
        (lambda path: path.mkdir(), "holds no YAML file"),
    ],
)
def test_a_folder_that_is_none_is_told(tmp_path: Path, make: Callable[[Path], Any], what: str) -> None:
    make(tmp_path / "own")
    assert what in only([tmp_path / "own"])


def test_a_folder_laid_twice_is_told(lay: Lay) -> None:
    folders = lay('sources:\n  - {id: x, title: "X", kind: own}\n')
    assert any(p.what == "the folder is laid twice" for p in faults([*folders, folders[1]]))


def test_hidden_files_of_a_repository_are_left_alone(lay: Lay) -> None:
    """`.pre-commit-config.yaml` and `.github/` are no knowledge."""
    folders = lay({"own.yaml": 'sources:\n  - {id: x, title: "X", kind: own}\n', ".pre-commit-config.yaml": "repos: []\n"})
    hidden = folders[1] / ".github"
    hidden.mkdir()
    (hidden / "ci.yaml").write_text("on: push\n", encoding="utf-8")
    assert "x" in load_knowledge(*folders).sources


def test_every_fault_of_every_folder_is_told_at_once(lay: Lay) -> None:
    problems = faults(lay("tips:\n  - {id: x}\n", "disabled: {tips: [nothing]}\nsignal: []\n"))
    assert {p.file for p in problems} == {"one/own.yaml", "two/own.yaml"}
    assert {p.rule for p in problems} == {"missing-field", "nothing-below", "unknown-key"}


# --- what is in force can be seen


def test_the_layers_tell_what_they_do(lay: Lay) -> None:
    one = (TIP % ", replaces: true") + "disabled: {groups: [foot]}\n"
    known = load_knowledge(*lay(one, "signals:\n  - {id: stumble, extends: true, says: [falls]}\n"))
    assert [layer.name for layer in known.layers] == ["one", "two"]
    assert [(x.how, x.section, x.id, x.origin, x.below) for layer in known.layers for x in layer.entries] == [
        ("disables", "groups", "foot", "one/own.yaml:3", "base/more.yaml:12"),
        ("replaces", "tips", "shoes", "one/own.yaml:2", "base/more.yaml:10"),
        ("extends", "signals", "stumble", "two/own.yaml:2", "base/more.yaml:2"),
    ]


def test_show_tells_which_overlays_are_in_force_and_what_each_does(lay: Lay) -> None:
    one = (TIP % ", replaces: true") + 'sources:\n  - {id: x, title: "X", kind: own}\n'
    known = load_knowledge(*lay(one, "disabled: {groups: [foot]}\n"))
    ladder = "\n".join(sheet_lines(show(known, None)))
    assert "laid over the shipped knowledge: one: adds sources x; replaces tips shoes" in ladder
    assert "laid over the shipped knowledge: two: switches off groups foot" in ladder
    told = "\n".join(sheet_lines(show(known, "overlays")))
    assert "one: replaces: tips shoes (one/own.yaml:2, over base/more.yaml:10)" in told
    assert "two: switches off: groups foot (two/own.yaml:1, over base/more.yaml:12)" in told
    tip = "\n".join(sheet_lines(show(known, "shoes")))
    assert "kept in: one/own.yaml:2" in tip
    assert "in the place of: base/more.yaml:10" in tip


def test_show_says_nothing_of_overlays_when_there_are_none(known: Knowledge) -> None:
    assert "laid over" not in "\n".join(sheet_lines(show(known, None)))
    assert "nothing is laid over it" in show(known, "overlays").summary


# --- answers


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An overlay over the shipped knowledge with a desk, a signal, a code, a tip, a step and more phrases."""
    folder = tmp_path_factory.mktemp("over") / "agency"
    folder.mkdir()
    (folder / "own.yaml").write_text("""\
sources:
  - {id: agency, title: "Our handbook", kind: own}
teams:
  - {id: our-desk, group: other, name: "Our own desk", short: "Our desk", summary: "what we do", reached: "mail us",
     source: agency, certainty: practice}
signals:
  - id: our-retainer
    title: A question about our retainer
    why: The contract is with us.
    source: agency
    team: our-desk
    strength: strong
    overrules: true
    says: ["(your|the) retainer"]
    examples: {fires: ["the retainer is too high"], silent: ["the price is too high"]}
  - {id: feed-rejected, extends: true, says: ["<upload-file> ... kaputt"], examples: {fires: ["flat file is kaputt"]}}
codes:
  - {code: "ZX-77", meaning: "Our tool gave up.", signal: feed-rejected, cured_by: seller, cure: "Start it again.",
     certainty: practice, source: agency}
tips:
  - {id: our-tip, stage: try, text: "Ask us first.", why: "We know.", certainty: practice, source: agency,
     when: {destinations: [our-desk]}}
steps:
  - {id: our-step, order: 10, at: seller, text: "Write to us.", certainty: practice, source: agency,
     when: {destinations: [our-desk]}}
""", encoding="utf-8")  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def over(agency: Path) -> Router:
    return Router(load_knowledge(agency))


def test_an_own_desk_answers_with_own_tip_and_road(over: Router) -> None:
    advice = over.route("why is the retainer so high this month")
    assert advice.recommended is not None
    assert (advice.recommended.id, advice.recommended.group) == ("our-desk", "other")
    assert advice.findings[0].origin == "agency/own.yaml:7"
    assert ("our-tip", "agency/own.yaml:21") in {(tip.id, tip.origin) for tip in advice.tips}
    assert ("Write to us.", "agency/own.yaml:24") in {(step.do, step.origin) for step in advice.path}


def test_a_phrase_added_to_a_shipped_signal_counts(over: Router) -> None:
    advice = over.route("the feed is kaputt")
    assert [f.signal for f in advice.findings if f.by == "phrase"] == ["feed-rejected"]
    assert advice.findings[0].origin.endswith(" + agency/own.yaml:16")


def test_a_brought_phrase_with_little_beside_it_decides(over: Router) -> None:
    """Its signal's learned weight alone left "the flat file is kaputt" with those who answer from the help pages, by a hair."""
    for text in ("the flat file is kaputt", "flat file kaputt since monday"):
        advice = over.route(text)
        assert advice.recommended is not None
        assert (advice.recommended.id, advice.findings[0].by) == ("captive", "phrase")


def test_a_brought_phrase_adds_nothing_where_a_shipped_one_is_seen(over: Router, router: Router) -> None:
    for text in ("feed rejected", "my flat file is kaputt, feed rejected"):
        assert over.decide(text)[1].evidence == router.decide(text)[1].evidence


def test_an_own_code_is_recognised(over: Router) -> None:
    advice = over.route("the upload ended with error code ZX-77")
    assert advice.recommended is not None


def test_every_entry_of_an_answer_says_where_it_comes_from(over: Router) -> None:
    advice = over.route("flat file rejected with error 8541, case re-opened 4 times")
    origins = [*(f.origin for f in advice.findings), *(t.origin for t in advice.tips), *(s.origin for s in advice.path)]
    assert len(origins) > 8
    assert all(origin.startswith(("data/", "agency/")) for origin in origins)


def test_the_digest_covers_all_folders_and_their_order(lay: Lay, known: Knowledge) -> None:
    folders = lay('sources:\n  - {id: x, title: "X", kind: own}\n', 'sources:\n  - {id: z, title: "Z", kind: own}\n')
    seen = {
        known.digest, load_knowledge(folders[0]).digest, load_knowledge(*folders[:2]).digest, load_knowledge(*folders).digest,
        load_knowledge(folders[0], folders[2], folders[1]).digest,
    }  # fmt: skip
    assert len(seen) == 5
    before = digest(*folders)
    path = folders[1] / "own.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# a note\n", encoding="utf-8")
    assert digest(*folders) != before


def test_the_answers_of_the_rest_stay_the_same(over: Router, router: Router) -> None:
    """An overlay changes what it names; every other answer has the same words and figures."""
    for text in ("how do I add a second image", "page locked by Brand Registry", "FBA shipment is missing units", "hello"):
        before, after = router.route(text).to_dict(), over.route(text).to_dict()
        assert {**before, "knowledge": ""} == {**after, "knowledge": ""}


def test_a_desk_that_nothing_leads_to_any_more_is_never_the_answer(known: Knowledge, tmp_path: Path) -> None:
    """All signals of a group switched off: a text that resembles it gets another answer, and nothing breaks."""
    own = tmp_path / "own"
    own.mkdir()
    gone = [s.id for s in known.signals.values() if known.destination(known.owner(s)).group == "advertising"]
    held = [c.code for c in known.codes.values() if c.signal in gone or any(r.signal in gone for r in c.readings)]
    changes = [c.id for c in known.changes.values() if c.signal in gone]
    lines = [f"  {name}: {list(ids)}".replace("'", '"') for name, ids in
             (("signals", gone), ("codes", held), ("changes", changes)) if ids]  # fmt: skip
    (own / "a.yaml").write_text("disabled:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    laid = Router(load_knowledge(own))
    for text in known.signals[gone[0]].examples.fires:
        place = laid.route(text).recommended
        assert place is None or place.group != "advertising"


def test_a_tier_of_ones_own_can_be_the_answer(tmp_path: Path, known: Knowledge) -> None:
    """The weights know nothing of it: its strong signal decides."""
    own = tmp_path / "own"
    own.mkdir()
    top = known.ladder()[-1]
    can = ", ".join([*top.can, "fly"])
    (own / "a.yaml").write_text(f"""\
sources:
  - {{id: me, title: "Us", kind: own}}
abilities:
  - {{id: fly, title: "fly"}}
tiers:
  - {{id: angels, level: {top.level + 1}, name: "Angels", short: "Angels", summary: "fly", can: [{can}], channels: "none",
     reached: "not stated", location: "not stated", facts: []}}
signals:
  - {{id: needs-wings, title: "Wings", why: "Only they fly.", source: me, needs: [fly], strength: strong, says: ["grow wings"],
     examples: {{fires: ["my listing must grow wings"], silent: ["my listing must grow"]}}}}
""", encoding="utf-8")  # fmt: skip
    advice = Router(load_knowledge(own)).route("my listing must grow wings, please update the title")
    assert advice.recommended is not None
    assert advice.recommended.id == "angels"
    assert [v.id for v in advice.verdicts][-1] == "angels"


def test_another_ladder_altogether_answers(lay: Lay) -> None:
    """A whole knowledge whose tiers have other names than those that the weights were learned with."""
    (folder,) = lay()
    advice = Router(load_knowledge(folder)).route("he stumbles on the page and cannot save")
    assert advice.recommended is not None
    assert advice.recommended.id == "high"


# --- kept compiled


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("CATALOG_ROUTE_CACHE", str(folder))
    return folder


def test_each_row_of_folders_is_kept_apart_and_found_again(cache: Path, lay: Lay, agency: Path) -> None:
    base, one = lay('sources:\n  - {id: x, title: "X", kind: own}\n')
    rows = [(), (agency,), (base,), (base, one)]
    digests = [knowledge_for(*row).digest for row in rows]
    assert len(set(digests)) == 4
    assert len(list(cache.iterdir())) == 4
    assert [knowledge_for(*row).digest for row in rows] == digests


def test_kept_layers_are_those_that_were_laid(cache: Path, agency: Path) -> None:
    fresh = load_knowledge(agency)
    knowledge_for(agency)
    kept = knowledge_for(agency)
    assert type(kept) is not type(fresh)
    assert kept.layers == fresh.layers
    assert kept.signals == fresh.signals


def test_a_change_in_any_folder_is_seen_at_once(cache: Path, lay: Lay) -> None:
    folders = lay('sources:\n  - {id: x, title: "X", kind: own}\n', TIP % ", replaces: true")
    assert knowledge_for(*folders).sources["x"].title == "X"
    for number in (1, 2):
        before = knowledge_for(*folders).digest
        path = folders[number] / "own.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace('"X"', '"Z"').replace("Tie", "Sew"), encoding="utf-8")
        assert knowledge_for(*folders).digest != before
    known = knowledge_for(*folders)
    assert (known.sources["x"].title, known.tips["shoes"].text) == ("Z", "Sew your shoes.")


def test_an_overlay_that_breaks_is_told_although_it_was_kept(cache: Path, lay: Lay) -> None:
    folders = lay(TIP % ", replaces: true")
    knowledge_for(*folders)
    (folders[1] / "own.yaml").write_text("tips: [\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="not valid YAML"):
        knowledge_for(*folders)


def test_a_kept_overlay_answers_byte_for_byte_alike(cache: Path, agency: Path, over: Router) -> None:
    router_for(agency)
    kept = router_for(agency)
    for text in ("why is the retainer so high", "flat file is kaputt", "feed issue"):
        assert kept.route(text).to_json() == over.route(text).to_json()


def test_weights_stay_those_of_the_shipped_knowledge(over: Router, router: Router) -> None:
    assert isinstance(over.likeness, Likeness)
    assert over.likeness.tables == router.likeness.tables
    assert isinstance(over.matcher, Matcher)


# --- the command line


def run(*words: str, cwd: Path, **environment: str) -> tuple[int, str, str]:
    import subprocess
    import sys

    code = "from catalog_route.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, check=False, timeout=120, cwd=cwd,
        env={**os.environ, "CATALOG_ROUTE_CACHE": str(cwd / "cache"), **environment},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def test_data_can_be_given_several_times_and_in_the_environment(lay: Lay, tmp_path: Path) -> None:
    lay('sources:\n  - {id: x, title: "X", kind: own}\n', TIP % ", replaces: true")
    told = run("show", "overlays", "--data", "base", "--data", "one", "--data", "two", cwd=tmp_path)
    assert told[0] == 0, told[2]
    assert "one: adds: sources x" in told[1]
    assert "two: replaces: tips shoes" in told[1]
    assert run("show", "overlays", cwd=tmp_path, CATALOG_ROUTE_DATA=os.pathsep.join(["base", "one", "two"]))[1] == told[1]
    first = run("--data", "base", "--data=one", "route", "he stumbles", "--json", cwd=tmp_path)
    assert '"origin": "base/more.yaml:2"' in first[1]


def test_a_broken_overlay_ends_with_four_and_says_where(lay: Lay, tmp_path: Path) -> None:
    lay("tips:\n  - {id: x, texxt: a}\n")
    code, out, told = run("--data", "base", "--data", "one", "he stumbles", cwd=tmp_path)
    assert (code, out) == (4, "")
    assert 'one/own.yaml:2:13: error: unknown key "texxt" – did you mean "text"?' in told
