"""Hostile or broken knowledge cannot hurt: refused at once with a clear line, alone and laid over the shipped knowledge."""

from __future__ import annotations

import inspect
import os
import socket
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from catalog_route import Knowledge, KnowledgeError, Problem, load_knowledge, places
from catalog_route.checking import check_folders
from catalog_route.compiling import MAX_PHRASES, matcher_tables
from catalog_route.display import visible
from catalog_route.expanding import MAX_GROUP
from catalog_route.graph import MAX_NODES
from catalog_route.matching import Matcher
from catalog_route.measuring import MAX_STATES, measure
from catalog_route.phrases import PhraseError, compile_phrase
from catalog_route.places import LARGEST, data_dir, data_files, digest, footprint
from catalog_route.rules import RULES
from conftest import SMALL
from pacing import within

# Seconds of processor time for our own work, beside what every call needs.
AT_ONCE = 0.1

SOUND = 'sources:\n  - {id: agency, title: "Us", kind: own}\n'
BOMB = 'a: &a ["lol","lol","lol","lol","lol","lol","lol","lol","lol"]\n' + "".join(
    f"{here}: &{here} [{', '.join([f'*{before}'] * 9)}]\n" for before, here in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGE = "base: &base {k: v}\nother: {<<: [" + ", ".join(["*base"] * 2_000) + "]}\n"
# Content of a file → the rule that refuses it, and words of the line.
CONTENTS: dict[str, tuple[str | bytes, str, str]] = {
    "object tag": ("tips: !!python/object/apply:os.system ['touch {trace}']\n", "refused-yaml", "tag "),
    "name tag": ("tips: !!python/name:os.system\n", "refused-yaml", "tag "),
    "own tag": ("tips: !env SECRET\n", "refused-yaml", "tag !env"),
    "long tag": ("tips: !" + "x" * 50_000 + " a\n", "refused-yaml", "tag !"),
    "alias bomb": (BOMB, "refused-yaml", "alias *a"),
    "self reference": ("a: &a [*a]\n", "refused-yaml", "alias *a"),
    "merge bomb": (MERGE, "unquoted", "<<"),
    "60 brackets": ("[" * 60 + "]" * 60, "refused-yaml", "nested deeper"),
    "500 brackets": ("[" * 500 + "]" * 500, "refused-yaml", "nested deeper"),
    "25,000 brackets": ("[" * 25_000 + "]" * 25_000, "refused-yaml", "nested deeper"),
    "a million brackets": ("[" * 999_999, "refused-yaml", "nested deeper"),
    "25,000 braces": ("{a: " * 25_000 + "}" * 25_000, "refused-yaml", "nested deeper"),
    "25,000 dashes": ("- " * 25_000, "refused-yaml", "nested deeper"),
    "quarter of a million braces": ("{a: " * 249_000, "refused-yaml", "nested deeper"),
    "half a million dashes": ("- " * 499_000, "refused-yaml", "nested deeper"),
    "two million bytes": (b"#" * 2_000_000, "unreadable", "2000000 bytes"),
    "half a million commas": ("a: [" + "a," * 490_000 + "a]", "unreadable", "commas and lines"),
    "half a million lines": ("a:\n" + "- \n" * 300_000, "unreadable", "commas and lines"),
    "next line character": ("a: x\x85b: 2\n", "refused-yaml", "U+0085"),
    "line separator": ("a: x\u2028b: 2\n", "refused-yaml", "U+2028"),
    "second byte-order mark": ("a: x\n\ufeffb: 2\n", "refused-yaml", "U+FEFF"),
    "NUL": (b"a: b\x00c\n", "not-yaml", "not valid YAML"),
    "escape": (b'a: "\x1b[2J"\n', "not-yaml", "not valid YAML"),
    "no UTF-8": (b"a: caf\xe9\n", "not-yaml", "not valid YAML"),
    "a scalar": ("just words\n", "not-yaml", "not a mapping"),
    "a list": ("- a\n- b\n", "not-yaml", "not a mapping"),
    "two documents": ("tips: []\n---\ntips: []\n", "not-yaml", "second document"),
    "nothing": ("", "not-yaml", "empty"),
    "three spellings of true as keys": ("yes: 1\ntrue: 2\non: 3\n", "unquoted", "unquoted key yes"),
    "a million digits": ("tips: " + "1" * 900_000 + "\n", "unquoted", "unquoted 1111"),
    "a number in base sixty of many parts": ("tips: 1" + ":1" * 30_000 + "\n", "unquoted", "unquoted 1:1"),
    "a key of a million letters": ("a" * 900_000 + ": b\n", "not-yaml", "not valid YAML"),
    "a key of nine hundred letters": ("a" * 900 + ": b\n", "unknown-key", 'unknown key "aaaa'),
}  # fmt: skip
VALUES = [
    "2024-99-99", "0000-01-01", "2024-01-01T00:00:00-99:99", "!!timestamp foo", "!!int foo", "!!float foo", "!!bool foo", "0x_",
    "0b_", "1" * 5_000, "1" + ":1" * 3_000, "=", "~", ".nan", "-.inf", "1e999", "on", "NO", '"\\ud800"', '"\\0"', "<<", "? a",
    "*x", "&x", "[", "{", "|", "%", "@", "`",
]  # fmt: skip


def at_once() -> AbstractContextManager[None]:
    """What is done inside is done at once."""
    return within(AT_ONCE)


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Imports are no work of the knowledge."""
    with pytest.raises(KnowledgeError):
        load_knowledge(Path("/nowhere/at/all"))


def refused(folder: Path, *, alone: bool) -> list[Problem]:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(folder, alone=alone)
    return list(caught.value.problems)


@pytest.mark.parametrize("name", CONTENTS)
def test_hostile_file_is_refused_at_once_with_a_clear_line(tmp_path: Path, name: str) -> None:
    content, rule, what = CONTENTS[name]
    trace = tmp_path / "trace"
    own = tmp_path / "own"
    own.mkdir()
    text = content.replace("{trace}", str(trace)) if isinstance(content, str) else content
    (own / "a.yaml").write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    with at_once():
        problems = refused(own, alone=True)
    assert rule in {problem.rule for problem in problems}
    assert any(what in problem.what for problem in problems), problems
    assert all(problem.file == "own/a.yaml" and problem.line >= 1 and len(str(problem)) < 700 for problem in problems)
    assert not trace.exists()


@pytest.mark.parametrize("name", [name for name, (_, rule, _) in CONTENTS.items() if rule in ("refused-yaml", "unreadable")])
def test_hostile_overlay_is_refused_before_anything_else_is_read(tmp_path: Path, name: str) -> None:
    """Not even the shipped knowledge, which takes longer than that."""
    content = CONTENTS[name][0]
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.yaml").write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    with at_once():
        problems = refused(own, alone=False)
    assert {problem.file for problem in problems} == {"own/a.yaml"}
    with at_once():
        assert check_folders([own]).problems


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as open_socket:
        os.chdir(path.parent)  # a socket's name may not be long
        open_socket.bind(path.name)


ODD: dict[str, Callable[[Path], object]] = {
    "named pipe": _fifo,
    "socket": _socket,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "folder": lambda path: path.mkdir(),
    "link to a folder": lambda path: path.symlink_to(path.parent),
    "link to nothing": lambda path: path.symlink_to("gone.yaml"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "200 MB": lambda path: os.truncate(path, 200_000_000) if path.touch() is None else None,
}


@pytest.mark.skipif(os.name != "posix", reason="files of other systems")
@pytest.mark.parametrize("alone", [True, False], ids=["alone", "over the shipped"])
@pytest.mark.parametrize("name", ODD)
def test_what_is_no_plain_file_is_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, alone: bool) -> None:
    own = tmp_path / "own"
    own.mkdir()
    monkeypatch.chdir(own)
    (own / "a.yaml").write_text(SOUND, encoding="utf-8")
    ODD[name](own / "b.yaml")
    if name == "folder":
        assert "agency" in load_knowledge(own, alone=True).sources
        return
    with at_once():
        problems = refused(own, alone=alone)
    assert [(problem.file, problem.rule) for problem in problems] == [("own/b.yaml", "unreadable")]
    with at_once(), pytest.raises(OSError, match=r"regular file|bytes|No such file|symbolic links"):
        digest(own)


@pytest.mark.parametrize("make", ["file", "nothing", "empty", "pipe"])
def test_what_is_no_folder_is_refused(tmp_path: Path, make: str) -> None:
    own = tmp_path / "own"
    {"file": lambda: own.write_text("x", encoding="utf-8"), "nothing": lambda: None, "empty": own.mkdir,
     "pipe": lambda: os.mkfifo(own)}[make]()  # fmt: skip
    with at_once():
        (problem,) = refused(own, alone=False)
    assert problem.rule == "unreadable"


def test_a_folder_of_very_many_names_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody's home is no knowledge."""
    assert places.MOST_NAMES <= 20_000
    monkeypatch.setattr(places, "MOST_NAMES", 500)
    own = tmp_path / "own"
    own.mkdir()
    for number in range(501):
        (own / f"{number}.txt").touch()
    with at_once():
        (problem,) = refused(own, alone=False)
    assert "names in it" in problem.what
    with pytest.raises(OSError, match="names in it"):
        footprint(own)


def test_deep_folders_are_looked_through_without_recursion(tmp_path: Path) -> None:
    place = own = tmp_path / "own"
    own.mkdir()
    for _ in range(200):
        place = place / "d"
        place.mkdir()
    (place / "a.yaml").write_text(SOUND, encoding="utf-8")
    before = sys.getrecursionlimit()
    try:
        sys.setrecursionlimit(len(inspect.stack(0)) + 100)
        assert data_files(own) == [place / "a.yaml"]
    finally:
        sys.setrecursionlimit(before)


def test_many_large_files_together_are_refused(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    for number in range(18):
        (own / f"{number}.yaml").write_bytes(b"#" * (LARGEST - 1))
    with at_once():
        (problem,) = refused(own, alone=False)
    assert "bytes of YAML" in problem.what


def test_the_largest_file_that_is_read_is_read_in_a_moment(tmp_path: Path) -> None:
    """What is not refused is bounded, too."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.yaml").write_text("a: [" + "a," * 59_000 + "a]\n", encoding="utf-8")
    with within(3):
        problems = refused(own, alone=True)
    assert [problem.what for problem in problems] == ['unknown key "a"']


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:12])
def test_no_value_ends_in_anything_but_a_problem(tmp_path: Path, value: str) -> None:
    """Where other readers let ValueError, KeyError or RecursionError out."""
    own = tmp_path / "own"
    own.mkdir()
    content = f"sources:\n  - {{id: a, title: {value}, kind: own}}\nfacts:\n  - id: {value}\n"
    (own / "a.yaml").write_text(content, encoding="utf-8")
    with at_once():
        problems = refused(own, alone=True)
    assert all(problem.file == "own/a.yaml" and problem.rule in RULES for problem in problems)


def test_what_could_act_on_a_terminal_is_visible_in_problems(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "a.yaml").write_text('"\\e[2J\\e]0;x\\a\\u202e": 1\n', encoding="utf-8")
    told = visible("\n".join(map(str, refused(own, alone=True))))
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "␛[2J" in told


# --- entries


def test_thousands_of_unknown_keys_are_told_in_bounded_time(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    keys = ", ".join(f"key{n}: x" for n in range(20_000))
    (own / "a.yaml").write_text(f"sources:\n  - {{id: a, title: t, kind: own, {keys}}}\n", encoding="utf-8")
    with within(5):
        problems = refused(own, alone=True)
    assert 100 < len(problems) < 5_000


def test_thousands_of_references_to_nothing_are_told_in_bounded_time(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "base.yaml").write_text(SMALL, encoding="utf-8")
    facts = ", ".join(f"F{n}x" for n in range(20_000))
    (own / "a.yaml").write_text(f'abilities:\n  - {{id: fly2, title: "fly", facts: [{facts}]}}\n', encoding="utf-8")
    with within(5):
        problems = refused(own, alone=True)
    assert 100 < len(problems) < 5_000


def test_nested_records_of_the_wrong_kind_are_told(tmp_path: Path) -> None:
    """pydantic would print the whole value; it is never asked to."""
    own = tmp_path / "own"
    own.mkdir()
    wide = ", ".join(["[x]"] * 9_000)
    (own / "a.yaml").write_text(f"signals:\n  - {{id: s, examples: [{wide}], says: {{a: [{wide}]}}}}\n", encoding="utf-8")
    with within(1):
        problems = refused(own, alone=True)
    assert all(len(str(problem)) < 700 for problem in problems)


# --- phrases and groups

Small = Callable[[str], Knowledge]


def signal(*says: str, name: str = "s") -> str:
    listed = "\n".join(f'      - "{phrase}"' for phrase in says)
    return (
        f"  - id: {name}\n    title: T\n    why: W\n    source: F1\n    needs: [run]\n    says:\n{listed}\n"
        "    examples: {fires: [x], silent: [z]}\n"
    )


PHRASES = {
    "optional choices before a long tail": "(a|b)? " * 25 + "a " + "(a|b) " * 25,
    "choices of different length": "(a|b|a a|b b) " * 30,
    "everything optional but one": "a? " * 100 + "b",
    "gaps": "a ... " * 60 + "a",
    "gaps and choices": "(a|b)? ... (a|b) ... (a|b) ... (a|b) ... (a|b) ... a",
    "optional words in brackets": "(a? b? c? d? e? f? g? h?) x",
    "many parts": " + ".join("abcdef"),
    "very long": "a " * 400,
}  # fmt: skip


@pytest.mark.parametrize("name", PHRASES)
def test_a_phrase_that_could_explode_is_refused_at_once(small: Small, name: str) -> None:
    known = small("signals:\n" + signal(PHRASES[name]))
    with at_once():
        if name == "everything optional but one":  # linear, whatever its length
            assert measure(compile_phrase("a? " * 60 + "b")[0]) <= MAX_STATES
        else:
            with pytest.raises(KnowledgeError, match='phrase "') as caught:
                matcher_tables(known)
            assert all(problem.rule == "bad-phrase" for problem in caught.value.problems)


def test_what_a_phrase_may_leave_open_is_compiled_and_matched_quickly(small: Small) -> None:
    """The most open phrases that are allowed, against the text that suits them most."""
    open_ones = ["(a|b)? (a|b)? (a|b)? (a|b)? a (a|b) (a|b) (a|b)", "a ... b ... a ... b ... a", "a + b + a b + b a"]
    with within(0.5):
        matcher = Matcher(small("signals:\n" + signal(*open_ones)))
    with within(5):
        found = matcher.match("a b " * 1_000)
    assert found.signals


def test_matching_stays_linear_in_the_text_for_the_most_open_phrase(small: Small) -> None:
    matcher = Matcher(small("signals:\n" + signal("a ... a ... a ... a ... a")))

    def cost(words: int) -> float:
        began = time.process_time()
        matcher.match("a " * words)
        return time.process_time() - began

    cost(100)
    short = min(cost(200) for _ in range(3))
    assert min(cost(1_600) for _ in range(2)) < 24 * short


def test_many_open_phrases_together_are_bounded(small: Small) -> None:
    """Each is allowed by itself; together they would need millions of states."""
    import random

    rng = random.Random(4)
    phrases: list[str] = []
    while len(phrases) < 150:
        words = [rng.choice(["a", "b", "(a|b)", "(a|a b)", "(b|b a)"]) + rng.choice(["", "?"]) for _ in range(14)]
        try:
            measure(compile_phrase(" ".join(words))[0])
            phrases.append(" ".join(words))
        except PhraseError:
            continue
    known = small("signals:\n" + signal(*phrases))
    with within(10), pytest.raises(KnowledgeError, match=f"more than {MAX_NODES} states"):
        matcher_tables(known)


GROUPS = {
    "refers to itself": '{id: a, words: ["<a>"]}',
    "in a circle": '{id: a, words: ["<b>"]}, {id: b, words: ["<c>"]}, {id: c, words: ["<a>"]}',
    "doubles at every level": ", ".join(
        [*(f'{{id: g{n}, words: ["<g{n + 1}>", "<g{n + 1}>"]}}' for n in range(30)), '{id: g30, words: [x]}']
    ),
    "longer at every level": ", ".join(
        [*(f'{{id: g{n}, words: ["{f"<g{n + 1}> " * 20}"]}}' for n in range(8)), "{id: g8, words: [x]}"]
    ),
    "deep": ", ".join([*(f'{{id: g{n}, words: ["<g{n + 1}>"]}}' for n in range(1_500)), "{id: g1500, words: [x]}"]),
    "alternatives": '{id: a, words: ["' + "(a|b|c|d|e|f|g|h) " * 20 + '"]}',
    "many members of many meanings": "{id: a, words: [" + ", ".join(f'"(a|b|c) (a|b|c) (a|b|c) (a|b|c) w{n}"' for n in range(400))
    + "]}",
    "optional": '{id: a, words: ["' + "a? " * 60 + 'b"]}',
}  # fmt: skip


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_that_could_explode_is_refused_at_once(small: Small, name: str) -> None:
    known = small(f"groups: [{GROUPS[name]}]\n")
    with within(1 if name in ("many members of many meanings", "deep") else AT_ONCE), pytest.raises(KnowledgeError) as caught:
        matcher_tables(known)
    assert all(problem.rule == "bad-phrase" and len(str(problem)) < 400 for problem in caught.value.problems)


def test_a_thousand_bad_groups_are_told_in_bounded_time(small: Small) -> None:
    words = "(a|b|c|d|e|f|g|h) " * 30
    known = small("groups:\n" + "".join(f'  - {{id: g{n}, words: ["{words}"]}}\n' for n in range(1_500)))
    with within(1), pytest.raises(KnowledgeError):
        matcher_tables(known)


def test_of_many_faults_of_one_kind_the_first_hundred_are_told(small: Small) -> None:
    groups = "groups:\n" + "".join(f'  - {{id: g{n}, words: ["("]}}\n' for n in range(300))
    with pytest.raises(KnowledgeError) as caught:
        matcher_tables(small(groups))
    assert 100 <= len(caught.value.problems) <= 102


def test_many_spellings_do_not_slow_every_phrase_down(small: Small) -> None:
    variants = "".join(f"    speling{n}: spelling\n" for n in range(10_000))
    phrases = [f"word{n} speling{n} here" for n in range(1_000)]
    known = small(f"vocabulary:\n  variants:\n{variants}signals:\n" + signal(*phrases))
    with within(5):
        matcher_tables(known)


def test_more_phrases_than_can_be_compiled_in_a_moment_are_refused(small: Small) -> None:
    assert MAX_PHRASES >= 5 * 2_800
    assert MAX_GROUP >= 5 * 1_600


def test_the_shipped_knowledge_keeps_far_from_every_limit(known: Knowledge) -> None:
    from catalog_route.compiling import folding, written

    fold = folding(known)
    states = [measure(part) for each in written(known) for part in compile_phrase(fold(each.phrase))]
    assert max(states) < MAX_STATES / 2
    assert len(states) < MAX_PHRASES / 2
    sizes = [path.stat().st_size for path in data_files(data_dir())]
    assert max(sizes) < LARGEST / 4
