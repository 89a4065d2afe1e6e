"""`check`: every rule finds what it is for, at its line and column with a cure, and leaves sound knowledge alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from io import StringIO
from pathlib import Path

import pytest

from catalog_route import Problem
from catalog_route.checking import check_folders, path_of
from catalog_route.places import data_dir
from catalog_route.problems import MOST_PROBLEMS
from catalog_route.rules import RULES
from catalog_route.sarif import sarif_log
from driving import Command, Driver, check_in

BASE = """\
whole: true
sources:
  - {id: paper, title: "A paper", kind: practitioner}
facts:
  - {id: F1, about: "the ladder", text: "Someone can walk.", certainty: stated, source: paper}
abilities:
  - {id: walk, title: "walk", facts: [F1]}
  - {id: run, title: "run"}
tiers:
  - {id: low, level: 1, name: "Low team", short: "Low", summary: "walks", can: [walk], channels: "phone", reached: "a case",
     location: "not stated", facts: [F1]}
  - {id: high, level: 2, name: "High team", short: "High", summary: "runs", can: [walk, run], channels: "phone",
     reached: "a case", location: "here", facts: [F1]}
teams:
  - {id: side, group: other, name: "Side desk", short: "Side", summary: "beside", reached: "a case", source: F1,
     certainty: stated}
signals:
  - id: stumble
    title: "Someone stumbles"
    why: "Because."
    source: F1
    needs: [run]
    says: ["stumbles over <stone>"]
    not: ["in a dream"]
    examples: {fires: ["he stumbles over a pebble"], silent: ["he stumbles over a stone in a dream"]}
  - id: bill
    title: "A bill"
    why: "Because."
    source: F1
    team: side
    says: ["wrong bill"]
    examples: {fires: ["this is the wrong bill"], silent: ["the bill is right"]}
groups:
  - {id: stone, words: ["a stone", "a pebble"]}
tips:
  - {id: shoes, stage: try, text: "Tie your shoes.", why: "It helps.", certainty: stated, source: F1, when: {signals: [stumble]}}
codes:
  - {code: "77", meaning: "A code.", signal: stumble, cured_by: seller, cure: "Walk.", certainty: stated, source: F1}
"""

Check = Callable[..., list[Problem]]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Checks overlays (each a text of YAML, or files by name) over a small whole knowledge; gives what is found."""
    monkeypatch.chdir(tmp_path)

    def run(*overlays: str | Mapping[str, str | bytes]) -> list[Problem]:
        folders = []
        for name, files in zip(("base", "one", "two"), ({"base.yaml": BASE}, *overlays), strict=False):
            (tmp_path / name).mkdir()
            for file, content in ({"own.yaml": files} if isinstance(files, str) else files).items():
                (tmp_path / name / file).write_bytes(content if isinstance(content, bytes) else content.encode())
            folders.append(Path(name))
        return list(check_folders(folders).problems)

    return run


def test_sound_knowledge_has_no_fault(check: Check) -> None:
    assert check() == []


def test_the_shipped_knowledge_is_clean_of_notes_too() -> None:
    assert check_folders().problems == ()


def test_the_shipped_folder_named_as_a_folder_is_clean_too() -> None:
    """The same when somebody develops it: `catalog-route check data`."""
    assert check_folders([data_dir()]).problems == ()


def signal(more: str, name: str = "hop", says: str = '["hops"]', fires: str = '["he hops"]', silent: str = '["he stops"]') -> str:
    return (
        f'signals:\n  - id: {name}\n    title: "T"\n    why: "W"\n    source: F1\n    says: {says}\n    {more}\n'
        f"    examples: {{fires: {fires}, silent: {silent}}}\n"
    )


TIP = 'tips:\n  - {id: new, stage: try, text: "T", why: "W", certainty: stated, source: F1%s}\n'
TIER = (
    'tiers:\n  - {id: top, level: %s, name: "T", short: "T", summary: "s", can: [walk, run], channels: "c", reached: "r", '
    'location: "l", facts: []%s}\n'
)
STONE = '["<stone> <stone> <stone>"]'

# Rule → overlays with § where the one fault is found, words of what is wrong, and of the cure.
CASES: dict[str, list[tuple[str, str, str]]] = {
    "unreadable": [("§a: [" + "b," * 70_000 + "b]", "more than 60000 commas", "split the file")],
    "not-yaml": [
        ("tips: [\n§", "not valid YAML", ""),
        ("§", "the file is empty", "fill it"),
        ("§- a\n", "not a mapping", "begin with one of"),
        ("tips: []\n§---\ntips: []\n", "second document", "one document a file"),
        ("§\ttips: []\n", "not valid YAML", ""),
    ],
    "refused-yaml": [
        ("tips: §!!set {a}\n", "tag ", "only plain values"),
        ("tips: &a [§*a]\n", "alias *a", "write the value out"),
        ("tips: " + "[" * 31 + "§" + "[" * 9, "nested deeper than 32", "flatten"),
        ("tips: []§\u2028codes: []\n", "hidden character U+2028", "remove it"),
        ("tips: []\n§\ufeffcodes: []\n", "hidden character U+FEFF", "remove it"),
    ],
    "unquoted": [(TIP.replace('"T"', "§no") % "", "unquoted no", 'quote it: "no"')],
    "duplicate-key": [('sources:\n  - {id: a, title: "t", kind: own, §id: b}\n', 'duplicate key "id"', "line 2")],
    "unknown-key": [
        (TIP % ", §wheight: 5", 'unknown key "wheight"', 'did you mean "weight"?'),
        ("§tipps: []\n", 'unknown key "tipps"', 'did you mean "tips"?'),
        (TIP % ", when: {§signal: [bill]}", 'unknown key "signal"', 'did you mean "signals"?'),
        ("disabled: {tipps: [§x]}\n", 'no section "tipps"', 'did you mean "tips"?'),
    ],
    "missing-field": [
        (TIP.replace("{id", "§{id").replace(", certainty: stated", "") % "", 'missing field "certainty"', "add it"),
        (TIP.replace("{id", "§{id").replace(", source: F1", "") % "", 'missing field "source"', "add it"),
    ],
    "empty-field": [
        (TIP.replace('why: "W"', 'why: §" "') % "", 'new: "why" is empty', "say it"),
        (TIP.replace("source: F1", 'source: §""') % "", 'new: "source" is empty', "say it"),
        ("groups:\n  - {id: g, words: §[]}\n", 'g: "words" is empty', "say it"),
    ],
    "wrong-value": [
        (TIP.replace("stated", "§sure") % "", "certainty must be one of", ""),
        (TIP % ', weight: §"5"', "weight: ", "whole number"),
        (TIP % ", replaces: §1", "replaces: 1", "write replaces: true"),
        ("disabled: §[shoes]\n", "disabled: ", "mapping"),
    ],
    "bad-id": [
        (TIP.replace("new", '§"a b"') % "", '"a b" cannot be an id', "letters, digits"),
        ("groups:\n  - {id: §Wood, words: [tree]}\n", '"Wood" cannot be an id', "small letters"),
    ],
    "duplicate-id": [((TIP % "").replace("new", "shoes").replace("{id", "§{id"), 'duplicate id "shoes"', "replaces: true")],
    "nothing-below": [
        ((TIP % ", replaces: true").replace("new", "shoe").replace("{id", "§{id"), 'no "shoe" in tips', 'did you mean "shoes"?'),
        ("disabled: {tips: [§shoe]}\n", 'nothing is called "shoe"', 'did you mean "shoes"?'),
    ],
    "dangling": [
        (TIP % ", when: {signals: [§stumbel]}", 'no signal "stumbel"', 'did you mean "stumble"?'),
        (signal("needs: [run]", says='[§"the <stne>"]'), "uses <stne>, which is no group", 'did you mean "stone"?'),
        ('drafts:\n  - {id: d, subject: §"{asin}", lines: ["x"]}\n', 'no placeholder "asin"', "define it"),
    ],
    "mentions-switched-off": [
        ('§disabled: {signals: [stumble], codes: ["77"], abilities: [run], groups: [stone]}\n'
         'tiers:\n  - {id: high, replaces: true, level: 2, name: "H", short: "H", summary: "s", can: [walk], channels: "c", '
         'reached: "r", location: "l", facts: [F1]}\n',
         "stumble is switched off, and still named by tips shoes", "switch it off too"),
    ],
    "bad-phrase": [
        (signal("needs: [run]", says='[§"(hops"]'), 'phrase "(hops": cannot read', ""),
        (signal("needs: [run]", says='[§"' + "(a|b)? " * 20 + "a " + "(a|b) " * 20 + '"]'), "leaves too much open", ""),
        (signal("needs: [run]", says='[§"' + "a ... " * 8 + 'a"]'), "more than 4 gaps", ""),
        ('groups:\n  - {id: a, words: ["x", §"<a>"]}\n', "<a>: refers to itself", ""),
        ("vocabulary:\n  negates: [§(never]\n", 'negates: phrase "(never": cannot read', ""),
    ],
    "unproven-phrase": [
        (signal("needs: [run]", says='["hops", §"leaps"]'), 'no example shows the phrase "leaps"', "fires:"),
        (signal('needs: [run]\n    not: [§"on stage"]'), 'no example shows the veto "on stage"', "silent:"),
    ],
    "same-phrase": [
        (signal("team: side", says='["hops", "bill wrong + bill", §"wrong bill"]',
                fires='["he hops", "the wrong bill", "bill wrong, what a bill"]'),
         'the phrase "wrong bill" stands in bill as well', "keep it where it decides"),
        (signal("needs: [run]", says='["hops", §"hop"]'), 'the phrase "hop" stands twice', "keep one"),
    ],
    "typo": [
        (signal("needs: [run]", says='["hops over a pebble", §"leaps over a pebbel"]', fires='["he hops over a pebble"]'),
         'hop: "pebbel" is used nowhere else', 'did you mean "pebble"?'),
    ],
    "unused-group": [('groups:\n  - §{id: wood, words: ["a stick"]}\n', "<wood>: no phrase uses this group", "drop it")],
    "silent-example": [
        (signal("needs: [run]", fires='["he hops", §"he jumps"]'), '"he jumps" does not fire', "add a phrase"),
        ("vocabulary:\n  negates: [never]\n" + signal("needs: [run]", fires='["he hops", §"he never hops"]'),
         '"he never hops" does not fire', "denies"),
    ],
    "firing-near-miss": [
        (signal("needs: [run]", silent='["he stops", §"the frog hops"]'), 'near-miss "the frog hops" fires by "hops"', "veto"),
    ],
    "no-example": [
        (signal("needs: [run]", silent="[]").replace("{fires", "§{fires"), "no example that must stay silent", "silent:"),
    ],
    "no-phrase": [
        (signal("needs: [run]", says="[]", fires="[]").replace("id:", "§id:"),
         "hop: no phrase, and no code names it", "add says:"),
    ],
    "shadowed": [
        (signal("needs: [run]", says='["stumbles over"]', fires='["he stumbles over a stone"]', silent='["he falls"]')
         .replace("id:", "§id:"), 'hop: never decides alone; "stumble" sees the same words', "make them one"),
    ],
    "homeless": [
        (signal("").replace("id:", "§id:"), "hop: give either needs or a team", "exactly one"),
        (signal("needs: [run]\n    team: §side"), "hop: give either needs or a team", "exactly one"),
        ('abilities:\n  - {id: fly, title: "fly"}\ntiers:\n  - {id: low, extends: true, can: [fly]}\n'
         + signal("needs: §[run, fly]"), "hop: no tier can do all of run, fly", "give it to a tier"),
    ],
    "idle-team": [
        ('teams:\n  - §{id: idle, group: other, name: "I", short: "I", summary: "s", reached: "r", source: F1, '
         "certainty: stated}\n", "idle: no signal leads to this team", "add a signal"),
    ],
    "unheld-ability": [
        ('abilities:\n  - §{id: fly, title: "fly", facts: [F1]}\n', "fly: no tier holds this ability", "give it to a tier"),
    ],
    "unneeded-ability": [
        ('abilities:\n  - §{id: fly, title: "fly"}\ntiers:\n  - {id: high, extends: true, can: [fly]}\n',
         "fly: nothing needs this ability", "needs: of a signal"),
    ],
    "never-applies": [
        (TIP % ", when: §{signals: [bill], destinations: [low]}", "new: it can never apply", "when:"),
    ],
    "tier-order": [
        (TIER % ("§4", ""), "top: level 4 where 3 is next", "number the tiers"),
        (TIER % ("§2", ""), "top: level 2 where 3 is next", "number the tiers"),
        (TIER % ("3", ", entry: §top"), "its entry top is no lower tier", "a lower tier"),
    ],
    "hidden-id": [
        ((TIP % "").replace("new", "stumble").replace("{id", "§{id"), '"show stumble" shows the one in signals', "another id"),
        ((TIP % "").replace("new", "codes").replace("{id", "§{id"), '"show codes" shows a list', "another id"),
    ],
    "bold-certainty": [((TIP % "").replace("stated", "§official"), "told as official, while F1 gives stated", "write stated")],
    "echo-circle": [
        ('codes:\n  - {code: "8", meaning: "m", signal: stumble, cured_by: seller, cure: "c", certainty: stated, source: F1, '
         'echo_of: §["9"]}\n  - {code: "9", meaning: "m", signal: stumble, cured_by: seller, cure: "c", certainty: stated, '
         'source: F1, echo_of: ["77", "8"]}\n', "8: follows from itself", "which one comes first"),
    ],
}  # fmt: skip
SINGLE = [(rule, *case) for rule, held in CASES.items() for case in held]
# Rules whose faults stand elsewhere than in one overlay: each has a test of its own below.
APART = {"wide-phrase", "switched-off", "not-alone"}


@pytest.mark.parametrize(("rule", "overlay", "what", "cure"), SINGLE, ids=[f"{case[0]}-{n}" for n, case in enumerate(SINGLE)])
def test_rule_finds_its_fault_at_its_place(check: Check, rule: str, overlay: str, what: str, cure: str) -> None:
    before = overlay[: overlay.index("§")]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    found = [problem for problem in check(overlay.replace("§", "")) if problem.rule == rule]
    assert found
    told = [p for p in found if (p.file, p.line, p.column) == ("one/own.yaml", line, column)]
    assert told, found
    assert what in told[0].what
    assert cure in told[0].cure
    assert told[0].severity == RULES[rule].severity


def test_every_rule_has_a_test() -> None:
    assert set(CASES) | APART == set(RULES)
    assert not set(CASES) & APART


def test_a_file_too_large_is_not_read(check: Check) -> None:
    found = check({"own.yaml": 'sources:\n  - {id: x, title: "X", kind: own}\n', "big.yaml": b"#" * 1_000_001})
    assert [(p.file, p.rule, p.cure) for p in found] == [("one/big.yaml", "unreadable", "split the file")]


def test_what_cannot_do_without_something_switched_off(check: Check) -> None:
    (problem,) = check("disabled: {signals: [stumble]}\n")
    assert (problem.file, problem.line, problem.rule) == ("base/base.yaml", 38, "switched-off")
    assert problem.what == 'signal: the signal "stumble" is switched off'
    assert problem.cure == "switched off at one/own.yaml:1; switch 77 off too, or replace it"


def test_a_whole_knowledge_over_another_one(check: Check) -> None:
    problems = check("whole: true\nsources: []\n")
    assert [(p.file, p.rule) for p in problems] == [("one", "not-alone")]


def test_a_rare_word_that_an_example_shows_is_no_typo(check: Check) -> None:
    more = signal("needs: [run]", says='["hops over a pebble", "leaps over a pebbel"]',
                  fires='["he hops over a pebble", "she leaps over a pebbel"]')  # fmt: skip
    assert check(more) == []


def test_a_phrase_seen_everywhere_is_too_wide(check: Check) -> None:
    """A phrase of one small word that stands in most examples of another destination."""
    hops = ", ".join(f'"my box {number} hops"' for number in range(8))
    wide = signal("team: side", name="wide", says='["my"]', fires='["my box"]', silent='["a box"]')
    other = signal("needs: [run]", fires=f"[{hops}]").removeprefix("signals:\n")
    (problem,) = [problem for problem in check(wide + other) if problem.rule == "wide-phrase"]
    assert 'the phrase "my" is seen in 8 of 9 examples of other destinations' in problem.what


@pytest.mark.parametrize(
    ("when", "rules"),
    [
        ("{signals: [bill], unless: [final-no]}", []),
        ("{signals: [bill], case: [has-case], unless: [side]}", ["never-applies"]),
    ],
)
def test_an_exception_rules_a_condition_out_only_where_no_decision_is_left(check: Check, when: str, rules: list[str]) -> None:
    assert [problem.rule for problem in check(TIP % f", when: {when}")] == rules


def test_what_an_overlay_breaks_below_is_told_where_it_breaks(check: Check) -> None:
    """A group made longer lets a near-miss of another signal fire: the fault is the overlay's, the place the example's."""
    (problem,) = check('groups:\n  - {id: stone, extends: true, words: ["a dream"]}\nsignals:\n'
                       '  - {id: bill, extends: true, examples: {silent: ["the wrong bill"]}}\n')[:1]  # fmt: skip
    assert problem.rule in ("firing-near-miss", "unproven-phrase")


def test_vetoes_that_a_cue_would_set_aside_are_proven_too(check: Check) -> None:
    more = signal('needs: [run]\n    not: ["not today"]', silent='["he hops, but not today"]')
    assert check(more) == []


def test_a_group_is_used_when_a_used_group_holds_it(check: Check) -> None:
    assert check('groups:\n  - {id: stone, extends: true, words: ["the <rock>"]}\n  - {id: rock, words: [rock]}\n') == []


def test_files_are_named_as_they_can_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the folder above: with the folder; from elsewhere: the whole path."""
    own = tmp_path / "deep" / "agency"
    own.mkdir(parents=True)
    (own / "a.yaml").write_text("tipps: []\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert [p.file for p in check_folders([Path("deep/agency")]).problems] == ["deep/agency/a.yaml"]
    monkeypatch.chdir(own)
    assert [p.file for p in check_folders([Path()]).problems] == ["a.yaml"]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert [p.file for p in check_folders([own]).problems] == [(own / "a.yaml").as_posix()]


def test_a_folder_is_named_as_it_can_be_opened_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "deep" / "agency"
    own.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    (problem,) = check_folders([own]).problems
    assert (problem.file, problem.what) == ("deep/agency", "holds no YAML file")
    (own / "a.yaml").write_text('whole: true\nsources:\n  - {id: x, title: "X", kind: own}\n', encoding="utf-8")
    found = check_folders([own])
    assert [(p.file, p.what) for p in found.problems] == [("deep/agency", "a whole knowledge without tiers")]
    assert found.loaded is None


def test_of_two_folders_whose_names_begin_alike_the_longer_one_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folders = {"b": tmp_path / "c" / "b", "b/data": tmp_path / "b" / "data", "data": Path("/elsewhere/data")}
    told = ("b/x.yaml", "b/data/x.yaml", "b/data", "data/in/x.yaml", "database/x.yaml")
    assert [path_of(name, folders) for name in told] == [
        "c/b/x.yaml", "b/data/x.yaml", "b/data", "/elsewhere/data/in/x.yaml", "database/x.yaml",
    ]  # fmt: skip


def test_thousands_of_faults_are_told_in_a_second_and_bounded(check: Check) -> None:
    import time

    began = time.process_time()
    found = check("tips:\n" + "".join(f'  - {{id: t{n}, stage: x, textt: "a", source: nowhere{n}}}\n' for n in range(9_000)))
    assert MOST_PROBLEMS <= len(found) < 10 * MOST_PROBLEMS
    assert time.process_time() - began < 5


# --- the command


@pytest.fixture
def command(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `check` in a folder."""

    return check_in(drive, monkeypatch)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a small whole knowledge `base`, an overlay `one` with a warning, and a note in `two`."""
    for name, content in (
        ("base", BASE),
        ("one", 'groups:\n  - {id: wood, words: ["a stick"]}\n'),
        ("two", 'disabled: {signals: [bill], teams: [side]}\ntips:\n'
                '  - {id: pay, stage: try, text: "T", why: "W", certainty: stated, source: F1, when: {signals: [bill]}}\n'),
        ("bad", "tips: [\n"),
    ):  # fmt: skip
        (tmp_path / name).mkdir()
        (tmp_path / name / "own.yaml").write_text(content, encoding="utf-8")
    return tmp_path


def test_nothing_found_ends_with_zero(command: Command, desk: Path) -> None:
    done = command("base", cwd=desk)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "nothing found\n")


def test_a_warning_ends_with_one_and_is_told_on_a_line(command: Command, desk: Path) -> None:
    done = command("base", "one", cwd=desk)
    assert done.returncode == 1
    assert done.stdout == ("one/own.yaml:2:5: warning: <wood>: no phrase uses this group – use it, or drop it [unused-group]\n")
    assert done.stderr == "found 1 warning\n"


def test_a_note_is_told_and_counts_only_when_strict(command: Command, desk: Path) -> None:
    done = command("base", "two", cwd=desk)
    assert done.returncode == 0, done.stdout
    assert "note: bill is switched off, and still named by tips pay" in done.stdout
    assert done.stderr == "found 1 note\n"
    assert command("base", "two", "--strict", cwd=desk).returncode == 1


def test_knowledge_that_does_not_load_says_that_more_may_follow(command: Command, desk: Path) -> None:
    done = command("base", "bad", cwd=desk)
    assert done.returncode == 1
    assert done.stderr == "found 1 error; not looked at any further: put these right first\n"


def test_a_folder_that_is_not_there_is_named_as_it_was_given(command: Command, desk: Path) -> None:
    done = command("base", "some/where", cwd=desk)
    assert done.returncode == 1
    assert done.stdout.startswith("some/where:1:1: error: no such folder")


def test_json_is_the_list_of_problems(command: Command, desk: Path) -> None:
    done = command("base", "one", "--json", cwd=desk)
    (problem,) = json.loads(done.stdout)
    assert problem == {
        "file": "one/own.yaml", "line": 2, "column": 5, "what": "<wood>: no phrase uses this group",
        "cure": "use it, or drop it", "severity": "warning", "rule": "unused-group",
    }  # fmt: skip
    assert json.loads(command("base", "--json", cwd=desk).stdout) == []


def test_sarif_has_what_review_tools_ask_for(command: Command, desk: Path) -> None:
    log = json.loads(command("base", "one", "--sarif", cwd=desk).stdout)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert all(rule["shortDescription"]["text"] for rule in rules)
    (result,) = run["results"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "unused-group"
    assert result["level"] == "warning"
    assert result["message"]["text"].startswith("<wood>: no phrase uses this group")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "one/own.yaml"}
    assert place["region"] == {"startLine": 2, "startColumn": 5}
    assert json.loads(command("base", "--sarif", cwd=desk).stdout)["runs"][0]["results"] == []


def test_a_folder_of_data_is_not_left_out_in_silence_where_others_are_named(command: Command, desk: Path) -> None:
    """`check DIR --data OTHER` looked at DIR alone and said nothing of OTHER."""
    done = command("base", "--data", "one", cwd=desk)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "catalog-route: --data: folders are named already – name all that are laid over each other as DIR, in order\n"
    )


def test_folders_that_are_named_take_the_place_of_the_variable(
    command: Command, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CATALOG_ROUTE_DATA", "nowhere")
    assert command("base", cwd=desk).stderr == "nothing found\n"
    assert "nowhere" in command(cwd=desk).stdout


def test_sarif_paths_are_uris(command: Command, desk: Path) -> None:
    odd = desk / "my notes"
    odd.mkdir()
    (odd / "a#b.yaml").write_text("tipps: []\n", encoding="utf-8")
    log = json.loads(command("base", "my notes", "--sarif", cwd=desk).stdout)
    assert log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "my%20notes/a%23b.yaml"


def test_a_file_elsewhere_has_a_whole_uri(command: Command, desk: Path) -> None:
    (desk / "here").mkdir()
    log = json.loads(command("../base", str(desk / "one"), "--sarif", cwd=desk / "here").stdout)
    uri = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == (desk / "one" / "own.yaml").as_uri()


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("C:/kb/my notes/a.yaml", "file:///C:/kb/my%20notes/a.yaml"),
        ("d:\\kb\\é.yaml", "file:///d:/kb/%C3%A9.yaml"),
        ("//server/kb/a.yaml", "file:////server/kb/a.yaml"),
        ("a:b/c.yaml", "a%3Ab/c.yaml"),
    ],
)
def test_a_file_on_a_drive_of_windows_has_a_uri_that_can_be_opened(file: str, uri: str) -> None:
    """The drive was told as "C%3A", without "file:" before it."""
    (result,) = sarif_log([Problem(file, 1, 1, "wrong", rule="typo")], "0")["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri}


def test_what_does_not_go_together_is_refused(command: Command, desk: Path) -> None:
    assert command("base", "--json", "--sarif", cwd=desk).returncode == 2
    assert command("base", "--sarif", "--against", "x", cwd=desk).returncode == 2


def test_nothing_in_a_file_acts_on_the_terminal(command: Command, desk: Path) -> None:
    (desk / "one" / "own.yaml").write_text('"\\e[2J\\u202etips": []\n', encoding="utf-8")
    done = command("base", "one", cwd=desk)
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert "␛[2J" in done.stdout


def test_the_terminal_shows_the_cure_under_the_fault(desk: Path) -> None:
    from rich.console import Console

    from catalog_route.check_view import problem_view

    problems = check_folders([desk / "base", desk / "one"]).problems
    console = Console(width=80, record=True, markup=False, highlight=False, file=StringIO())
    console.print(problem_view(problems))
    lines = [line.strip() for line in console.export_text().splitlines()]
    assert any(line.startswith("2:5  warning  <wood>: no phrase uses this group") for line in lines)
    assert "use it, or drop it" in lines


def test_a_laid_out_list_names_each_file_once(command: Command, desk: Path) -> None:
    """A fault without a cure has no line for one."""
    (desk / "bad" / "own.yaml").write_text(signal("needs: [run]", says='["(hops", "hops)"]'), encoding="utf-8")
    done = command("base", "bad", "--color", "always", cwd=desk)
    assert done.returncode == 1
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in done.stdout.splitlines()]
    assert [line for line in lines if line.endswith(".yaml")] == ["bad/own.yaml"]
    assert [line.split()[:2] for line in lines if "bad-phrase" in line] == [["6:12", "error"], ["6:21", "error"]]


def test_a_laid_out_answer_to_sound_knowledge_is_empty(command: Command, desk: Path) -> None:
    done = command("base", "--color", "always", cwd=desk)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "nothing found\n")


def test_codes_that_follow_from_one_another_by_two_ways_are_no_circle(check: Check) -> None:
    rest = 'meaning: "m", signal: stumble, cured_by: seller, cure: "c", certainty: stated, source: F1'
    code = f'  - {{code: "%s", {rest}, echo_of: [%s]}}\n'
    ways = (("1", '"2", "3"'), ("2", '"77"'), ("3", '"77"'))
    assert [problem.rule for problem in check("codes:\n" + "".join(code % way for way in ways))] == []


def test_a_group_that_two_groups_hold_counts_as_used(check: Check) -> None:
    groups = 'groups:\n  - {id: rock, words: ["<stone>", rocks]}\n  - {id: hill, words: ["<stone>", "<rock>", hills]}\n'
    hop = signal("needs: [run]", says='["hops over <hill>"]', fires='["he hops over rocks", "he hops over hills"]')
    assert [problem.rule for problem in check(groups + hop)] == []
