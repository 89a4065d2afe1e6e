"""YAML text → plain data with places: what could surprise or hurt is refused before anything is built from it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_route import KnowledgeError
from catalog_route.yaml_source import YamlText, read_yaml


def read(tmp_path: Path, content: str | bytes) -> YamlText:
    """The text of one file."""
    path = tmp_path / "x.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_yaml(path, "x.yaml")


def faults(text: YamlText) -> list[str]:
    """The problems of a text, as they are told."""
    return [f"{problem.file}:{problem.line}: {problem.what}" for problem in text.problems]


@pytest.mark.parametrize(
    ("content", "data"),
    [
        ("a: word", {"a": "word"}),
        ("a: two words", {"a": "two words"}),
        ("a: 'it''s'", {"a": "it's"}),
        ('a: "tab\\there"', {"a": "tab\there"}),
        ("a: true\nb: false", {"a": True, "b": False}),
        ("a: null\nb: ~\nc:", {"a": None, "b": None, "c": None}),
        ("a: 5\nb: -3\nc: 0", {"a": 5, "b": -3, "c": 0}),
        ("a: \"5\"\nb: '5'", {"a": "5", "b": "5"}),
        ("a: |\n  one\n  two", {"a": "one\ntwo"}),
        ("a: >\n  one\n  two", {"a": "one two"}),
        ("a: [x, {b: c}]", {"a": ("x", {"b": "c"})}),
        ("a: {}\nb: []", {"a": {}, "b": ()}),
        ("a: True", {"a": "True"}),
        ("a: nothing\nb: yesterday\nc: once", {"a": "nothing", "b": "yesterday", "c": "once"}),
        ("a: 8541x\nb: B0123\nc: 3-5 days", {"a": "8541x", "b": "B0123", "c": "3-5 days"}),
        ("a: größer ✓", {"a": "größer ✓"}),
    ],
)
def test_plain_data_is_understood(tmp_path: Path, content: str, data: Any) -> None:
    text = read(tmp_path, content)
    assert faults(text) == []
    assert text.data == data


def test_places_count_from_one(tmp_path: Path) -> None:
    text = read(tmp_path, "# first\na:\n  - b: c\n    d: [e, f]\n")
    assert text.place(("a", 0, "b")) == (3, 8)
    assert text.place(("a", 0, "d", 1)) == (4, 12)
    assert text.place(("a", 0))[0] == 3


def test_what_is_not_there_has_the_place_of_what_holds_it(tmp_path: Path) -> None:
    text = read(tmp_path, "a:\n  - b: c\n")
    assert text.place(("a", 0, "missing"))[0] == 2
    assert text.place(("nothing",)) == text.place(())


def test_python_keyword_as_a_key_can_be_a_field(tmp_path: Path) -> None:
    assert read(tmp_path, "not: [x]").data == {"not_": ("x",)}


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("a: &x 1\nb: *x", "x.yaml:2: alias *x"),
        ("a: &a [*a]", "x.yaml:1: alias *a"),
        ("a: {<<: {b: c}}", "x.yaml:1: unquoted key <<"),
        ("a: !!python/object/apply:os.system ['true']", "x.yaml:1: tag "),
        ("a: !!python/name:os.system", "x.yaml:1: tag "),
        ("a: !env HOME", "x.yaml:1: tag !env"),
        ("a: !!binary aGk=", "x.yaml:1: tag "),
        ("a: !!set {b, c}", "x.yaml:1: tag "),
        ("a: !!int 5", "x.yaml:1: tag "),
        ("? [a, b]\n: c", "x.yaml:1: a list or mapping is used as a key"),
        ("? {a: b}\n: c", "x.yaml:1: a list or mapping is used as a key"),
        ("a: 1\n---\nb: 2", "x.yaml:2: a second document begins here"),
        ("a: [", "x.yaml:2: not valid YAML"),
        ("a: b: c", "x.yaml:1: not valid YAML"),
        ("\ta: b", "x.yaml:1: not valid YAML"),
        ('a: "open', "x.yaml:1: not valid YAML"),
        ("a: %x", "x.yaml:1: not valid YAML"),
    ],
)
def test_what_could_surprise_or_hurt_is_refused_at_its_line(tmp_path: Path, content: str, what: str) -> None:
    told = faults(read(tmp_path, content))
    assert any(line.startswith(what) for line in told), told


@pytest.mark.parametrize(
    "content", [b"a: b\x00c", b"a: \xff\xfe", b"\x00", b'a: "\x1b"', b"a: caf\xe9", "a: \ufffe".encode()], ids=repr
)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, content: bytes) -> None:
    told = faults(read(tmp_path, content))
    assert told
    assert all(line.startswith("x.yaml:") for line in told)


def test_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfa: b").data == {"a": "b"}


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_twenty_five_thousand_levels_are_refused_at_once(tmp_path: Path, opening: str) -> None:
    """Deep nesting is judged before anything is built: no recursion, well under a second."""
    content = opening * 25_000 if opening != "- " else "".join("- " * 25_000)
    began = time.process_time()
    told = faults(read(tmp_path, content))
    assert time.process_time() - began < 1
    assert len(told) == 1
    assert "deep" in told[0] or "depth" in told[0]


def test_alias_bomb_is_refused_at_once(tmp_path: Path) -> None:
    lines = ["a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"{here}: &{here} [{', '.join([f'*{before}'] * 9)}]" for before, here in zip("abcdefgh", "bcdefghi", strict=True)]
    began = time.process_time()
    told = faults(read(tmp_path, "\n".join(lines)))
    assert time.process_time() - began < 0.5
    assert told[0].startswith("x.yaml:2: alias *a")


def test_nothing_is_run_by_a_tag(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    read(tmp_path, f"a: !!python/object/apply:os.system ['touch {trace}']")
    assert not trace.exists()


def test_many_plain_entries_are_no_bomb(tmp_path: Path) -> None:
    text = read(tmp_path, "a:\n" + "".join(f"  - word{n}\n" for n in range(20_000)))
    assert faults(text) == []
    assert len(text.data["a"]) == 20_000


def test_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="not a regular file"):
        read_yaml(tmp_path, "x.yaml")


def test_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"x\.yaml:1:1: error: cannot be read"):
        read_yaml(tmp_path / "gone.yaml", "x.yaml")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_data_or_problems(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    text = read(tmp_path_factory.mktemp("any"), content)
    assert all(problem.line >= 1 and problem.what for problem in text.problems)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab:-[]{}&*!|>?#\"'\n ,0n.y<=", max_size=60))
def test_any_arrangement_of_yaml_signs_gives_data_or_problems(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    text = read(tmp_path_factory.mktemp("any"), content)
    assert text.problems or text.data is None or isinstance(text.data, (dict, tuple, str, int))


def test_of_many_faults_in_one_file_the_first_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_route.yaml_source.MOST_PROBLEMS", 2)
    assert faults(read(tmp_path, "a: no\nb: yes\nc: off\n")) == faults(read(tmp_path, "a: no\nb: yes\n"))
    assert len(faults(read(tmp_path, "a: no\nb: yes\nc: off\n"))) == 2


WORDS = "remove it; only plain values are read"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a: &x 1\nb: §*x", "alias *x – write the value out; aliases are not used here"),
        ("a: 1\n§--- {b: 2}", "a second document begins here – keep one document a file"),
        ("a:\n  §!!int 5", f"tag tag:yaml.org,2002:int – {WORDS}"),
        ("a:\n  §!!set {b, c}", f"tag tag:yaml.org,2002:set – {WORDS}"),
        ("a:\n  - §!x [b]", f"tag !x – {WORDS}"),
        ("? §[a, b]\n: c", "a list or mapping is used as a key – use a word as the key"),
        ("a:\n  ? §{b: c}\n  : d", "a list or mapping is used as a key – use a word as the key"),
        ("a: " + "[" * 31 + "§[", "nested deeper than 32 levels – flatten it"),
        ("a: {b: c,\n §b: d}", 'duplicate key "b" – it stands already in line 1'),
        ("a:\n- not: 1\n  §not: 2", 'duplicate key "not" – it stands already in line 2'),
        ("a:\n  §no: b", 'unquoted key no means something else in YAML – quote it: "no"'),
        ("a: [b, §no]", 'unquoted no means something else in YAML – quote it: "no"'),
        ("a: [b, §" + "1" * 99 + "]", f'unquoted {"1" * 80}… means something else in YAML – quote it: "{"1" * 80}…"'),
        ("a: [b, §" + "1" * 80 + "]", f'unquoted {"1" * 80} means something else in YAML – quote it: "{"1" * 80}"'),
        ("a: b\n\nc: §\ufeffd", "hidden character U+FEFF – remove it"),
        ("a: b§\x85c: d", "hidden character U+0085 – remove it"),
        ("§\ta: b", "not valid YAML: found character that cannot start any token"),
    ],
)
def test_a_fault_is_told_at_its_very_character(tmp_path: Path, content: str, told: str) -> None:
    before = content[: content.index("§")]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    found = [str(problem) for problem in read(tmp_path, content.replace("§", "")).problems]
    assert found == [f"x.yaml:{line}:{column}: error: {told}"]


def test_bytes_that_are_no_yaml_are_told_at_the_beginning(tmp_path: Path) -> None:
    """The reader of bytes names no place."""
    (problem,) = read(tmp_path, b"a: b\x00c").problems
    assert (problem.line, problem.column) == (1, 1)
    assert problem.what == "not valid YAML: unacceptable character #x0000: control characters are not allowed"


def test_nesting_that_the_parser_itself_gives_up_is_told_like_any_other(tmp_path: Path) -> None:
    """It looks ahead, and stops before anything of it is seen here."""
    (problem,) = read(tmp_path, "a: " + "[" * 20_000).problems
    assert (problem.what, problem.cure, problem.rule) == ("nested deeper than 32 levels", "flatten it", "refused-yaml")


def test_nesting_at_its_limit_is_read(tmp_path: Path) -> None:
    text = read(tmp_path, "a: " + "[" * 31 + "b" + "]" * 31)
    assert faults(text) == []
    assert "'b'" in str(text.data)


def test_commas_and_lines_at_their_limit_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog_route.yaml_source.MAX_SEPARATORS", 3)
    assert read(tmp_path, "a: [b, c, d]\n").data == {"a": ("b", "c", "d")}
    for content in ("a: [b, c, d, e]\n", "a: [b, c, d]\n\n"):
        with pytest.raises(KnowledgeError) as caught:
            read(tmp_path, content)
        assert str(caught.value) == "x.yaml:1:1: error: more than 3 commas and lines – split the file"


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as caught:
        read_yaml(tmp_path / "gone.yaml", "x.yaml")
    assert str(caught.value) == "x.yaml:1:1: error: cannot be read: No such file or directory"
    with pytest.raises(KnowledgeError) as caught:
        read_yaml(tmp_path, "x.yaml")
    assert str(caught.value) == "x.yaml:1:1: error: not a regular file – knowledge is read from plain files"
    with pytest.raises(KnowledgeError) as caught:
        read_yaml(Path("a\0b"), "x.yaml")
    assert str(caught.value).startswith("x.yaml:1:1: error: cannot be read: embedded null")


def test_a_sign_that_says_take_it_as_text_is_no_tag(tmp_path: Path) -> None:
    assert read(tmp_path, 'a: ! word\nb: ! "5"').data == {"a": "word", "b": "5"}


def test_places_of_values_and_of_keys(tmp_path: Path) -> None:
    text = read(tmp_path, "a:\n  - b:  c\n    d: [e, {f: g}]\nnot: h\n")
    assert text.place(()) == (1, 1)
    assert text.place(("a",)) == (2, 3)
    assert text.place(("a", 0)) == (2, 5)
    assert (text.place(("a", 0, "b")), text.key(("a", 0, "b"))) == ((2, 9), (2, 5))
    assert (text.place(("a", 0, "d", 1, "f")), text.key(("a", 0, "d", 1, "f"))) == ((3, 16), (3, 13))
    assert (text.place(("not_",)), text.key(("not_",))) == ((4, 6), (4, 1))
    assert text.key(("a", 0)) == (2, 5)
    assert text.key(("a", 0, "d", 7)) == (3, 8)
    assert YamlText("x.yaml", None).place(("a",)) == (1, 1)
