"""`check --against`: what nothing matched, what never fires, what is confused, and what an overlay changes text by text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from catalog_route import Router
from catalog_route.check_command import MOST_REJECTED
from catalog_route.checking import Findings, check_folders
from catalog_route.gap_sheet import MOST_ROWS, gap_sheet
from catalog_route.gaps import Gaps, find_gaps
from catalog_route.loading import Loaded, load
from catalog_route.plain import sheet_lines
from catalog_route.samples import Rejected, Sample, read_samples, rightly_labelled
from catalog_route.terminal import Stop
from catalog_route.text import MAX_TEXT
from conftest import SIGNAL, SMALL
from driving import Command, Driver, check_in

OVERLAY = """\
sources:
  - {id: agency, title: "Us", kind: own}
signals:
  - id: our-bill
    title: A question about our bill
    why: It is ours.
    source: agency
    team: general
    strength: strong
    overrules: true
    says: ["(your|the) retainer", "kick off call"]
    examples: {fires: ["the retainer is too high", "when is the kick off call"], silent: ["the price is too high"]}
"""
TEXTS = [
    Sample("a", 1, "why is the retainer so high", "other"),
    Sample("b", 2, "flat file rejected", "captive"),
    Sample("c", 3, "how do I add a product", "captive"),
    Sample("d", 4, "how do I add an image", "captive"),
    Sample("e", 5, "the kettle sings in the bathroom", None),
    Sample("f", 6, "how do I add a video", "captive", ("outsourced",)),
]


@pytest.fixture(scope="module")
def over(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("over") / "agency"
    folder.mkdir()
    (folder / "own.yaml").write_text(OVERLAY, encoding="utf-8")
    return load([folder])


@pytest.fixture(scope="module")
def laid(over: Loaded, router: Router) -> Router:
    """A router over the overlay."""
    return Router(over.known, router.likeness)


@pytest.fixture(scope="module")
def gaps(over: Loaded, laid: Router, router: Router) -> Gaps:
    return find_gaps(TEXTS, laid, over.locate, router)


def test_texts_without_any_phrase_are_named_with_what_was_answered(gaps: Gaps) -> None:
    assert [(each.sample.id, each.answer.destination) for each in gaps.unmatched] == [("e", "unclear")]


def test_phrases_that_never_fire_are_named_with_their_place_those_of_the_overlay_first(gaps: Gaps) -> None:
    first = gaps.unfired[0]
    assert (first.owner, first.phrase, first.file, first.line, first.laid) == (
        "our-bill", "kick off call", "agency/own.yaml", 11, True,
    )  # fmt: skip
    assert not any(each.laid for each in gaps.unfired[1:])
    assert ("our-bill", "(your|the) retainer") not in {(each.owner, each.phrase) for each in gaps.unfired}
    assert len(gaps.unfired) < gaps.phrases


def test_a_phrase_that_is_set_aside_has_fired_all_the_same(over: Loaded, laid: Router, router: Router) -> None:
    """Whoever writes "this is not about the retainer" shows that the phrase is used."""
    gaps = find_gaps([Sample("x", 1, "this is not about the retainer")], laid, over.locate, router)
    assert "(your|the) retainer" not in {each.phrase for each in gaps.unfired if each.owner == "our-bill"}


def test_confused_pairs_are_counted_and_accepted_answers_are_none(gaps: Gaps) -> None:
    assert [(each.label, each.answer, [s.id for s in each.samples]) for each in gaps.confused] == [
        ("captive", "outsourced", ["c", "d"])
    ]


def test_what_an_overlay_changes_is_told_text_by_text(gaps: Gaps) -> None:
    (moved,) = gaps.moved
    assert moved.sample.id == "a"
    assert moved.before.signals == ()
    assert (moved.after.destination, moved.after.signals) == ("general", ("our-bill",))
    assert gaps.altered == []


def test_better_and_worse_are_told_where_a_label_says_so(over: Loaded, laid: Router, router: Router) -> None:
    text = "the retainer for our flat file is rejected"
    right, wrong = Sample("1", 1, text, "other"), Sample("2", 2, text, "captive")
    gaps = find_gaps([right, wrong], laid, over.locate, router)
    assert [changed.verdict for changed in gaps.moved] == ["better", "worse"]


def test_without_an_overlay_nothing_is_compared(router: Router) -> None:
    loaded = load()
    gaps = find_gaps(TEXTS, router, loaded.locate)
    assert not gaps.compared
    assert gaps.moved == gaps.altered == []
    assert "changed" not in "\n".join(sheet_lines(gap_sheet(gaps)))


def test_the_sheet_shows_before_and_after_and_why(gaps: Gaps) -> None:
    lines = list(sheet_lines(gap_sheet(gaps)))
    assert lines[0] == f"Held against the log: 6 texts, 5 of them labelled; {gaps.phrases} phrases"
    assert any(
        line.startswith('changed by the overlays: a: "why is the retainer so high": ') and "→ general " in line
        and "now our-bill" in line for line in lines
    )  # fmt: skip
    assert "answered with something else than the label: captive → outsourced: 2: c, d" in lines
    assert any("no phrase of a signal seen: e: the kettle" in line for line in lines)
    assert any(line.startswith("never fired: our-bill: kick off call (agency/own.yaml:11:") for line in lines)


def test_long_lists_are_cut_and_the_cut_is_told(over: Loaded, laid: Router, router: Router) -> None:
    many = [Sample(str(n), n, "the kettle sings") for n in range(MOST_ROWS + 7)]
    lines = list(sheet_lines(gap_sheet(find_gaps(many, laid, over.locate, router))))
    assert "no phrase of a signal seen: …: 7 more; --json has all of them" in lines


# --- reading


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("log.jsonl", '{"text": "one", "label": "captive", "ok": ["ert"], "id": "7"}\n\n{"text": "two"}\n'),
        ("log.csv", "id,text,label,ok\n7,one,captive,ert\n,two,,\n"),
        ("log.tsv", "id\ttext\tlabel\tok\n7\tone\tcaptive\tert\n\ttwo\t\t\n"),
    ],
)
def test_every_format_of_batch_is_read_with_labels(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    samples, rejected = read_samples(tmp_path / name)
    assert [(s.text, s.label, s.ok) for s in samples] == [("one", "captive", ("ert",)), ("two", None, ())]
    assert samples[0].id == "7"
    assert samples[1].id == str(samples[1].line)
    assert rejected == []


def test_plain_lines_are_texts_without_labels(tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_text("one\n\ntwo\n", encoding="utf-8")
    assert [(s.id, s.text) for s in read_samples(tmp_path / "log.txt")[0]] == [("1", "one"), ("3", "two")]


def test_a_log_without_a_telling_name_is_known_by_its_first_line(tmp_path: Path) -> None:
    (tmp_path / "log").write_text('{"text": "one", "label": "captive"}\n', encoding="utf-8")
    (sample,) = read_samples(tmp_path / "log")[0]
    assert (sample.text, sample.label) == ("one", "captive")


def test_a_table_without_texts_stops_and_says_which_columns_it_has(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("id,colour\n7,red\n", encoding="utf-8")
    with pytest.raises(Stop, match="colour") as stop:
        read_samples(tmp_path / "log.csv")
    assert stop.value.code == 5


def test_what_cannot_be_used_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text('{"text": "one"}\n{"text": 5}\nnonsense\n', encoding="utf-8")
    samples, rejected = read_samples(tmp_path / "log.jsonl")
    assert len(samples) == 1
    assert [each.line for each in rejected] == [2, 3]
    assert all(isinstance(each, Rejected) and each.error for each in rejected)


def test_a_text_beyond_the_limit_is_left_out_and_told_instead_of_cut(tmp_path: Path) -> None:
    """Its first 100,000 characters were routed as if they were the text, and nothing told so."""
    (tmp_path / "log.txt").write_text(f"{'a' * MAX_TEXT}\n{'a' * (MAX_TEXT + 1)}\n", encoding="utf-8")
    samples, rejected = read_samples(tmp_path / "log.txt")
    assert [(each.line, len(each.text)) for each in samples] == [(1, 100_000)]
    assert rejected == [Rejected(2, "the text has 100001 characters, more than the 100000 that are read")]


@pytest.mark.parametrize("content", [None, "", "\n\n", '{"nothing": 1}\n'])
def test_a_log_without_texts_stops(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "log.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(Stop) as stop:
        read_samples(path)
    assert stop.value.code == 5
    assert str(path) in str(stop.value)


# --- the command


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "agency").mkdir()
    (tmp_path / "agency" / "own.yaml").write_text(OVERLAY, encoding="utf-8")
    lines = [json.dumps({"id": s.id, "text": s.text, "label": s.label, "ok": list(s.ok)}) for s in TEXTS]
    (tmp_path / "log.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def command(drive: Driver, laid: Router, router: Router, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs `check` in a folder; the overlay is not compiled anew for every run."""
    monkeypatch.setattr("catalog_route.router.router_for", lambda: router)
    compiled = {id(laid.known): laid}
    monkeypatch.setattr("catalog_route.router.Router", lambda known: compiled.get(id(known)) or Router(known, router.likeness))
    return check_in(drive, monkeypatch)


@pytest.fixture
def sound(over: Loaded, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lint has been done and found nothing, so that only what the log shows takes time."""
    found = Findings((), replace(over, folders={**over.folders, "agency": desk / "agency"}))
    monkeypatch.setattr("catalog_route.check_command.check_folders", lambda folders: found)


@pytest.mark.usefixtures("sound")
def test_gaps_do_not_make_a_sound_overlay_fail(command: Command, desk: Path) -> None:
    done = command("agency", "--against", "log.jsonl", cwd=desk)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == "nothing found\n"
    assert "never fired: our-bill: kick off call (agency/own.yaml:11:" in done.stdout


@pytest.mark.parametrize(
    ("within", "named", "file"),
    [(".", "agency", "agency/own.yaml"), ("agency", ".", "own.yaml"), ("elsewhere", "../agency", "{desk}/agency/own.yaml")],
)
@pytest.mark.usefixtures("sound")
def test_phrases_of_the_overlay_that_never_fire_are_told_in_every_working_folder(
    command: Command, desk: Path, within: str, named: str, file: str
) -> None:
    """They were told only in the folder above the overlay: elsewhere they passed for shipped ones, and were but counted."""
    (desk / "elsewhere").mkdir()
    told = json.loads(command(named, "--json", "--against", str(desk / "log.jsonl"), cwd=desk / within).stdout)
    own = [(each["phrase"], each["file"]) for each in told["against"]["unfired"] if each["laid"]]
    assert own == [("kick off call", file.format(desk=desk.as_posix()))]


@pytest.mark.usefixtures("sound")
def test_json_holds_problems_and_gaps(command: Command, desk: Path) -> None:
    told = json.loads(command("agency", "--json", "--against", "log.jsonl", cwd=desk).stdout)
    assert told["problems"] == []
    assert [changed["sample"]["id"] for changed in told["against"]["moved"]] == ["a"]
    assert told["against"]["unfired"][0]["file"] == "agency/own.yaml"


def test_what_is_wrong_and_what_the_log_shows_are_told_together(command: Command, desk: Path) -> None:
    """With a knowledge that stands alone; all that it answers otherwise than the shipped one is told as well."""
    own = SMALL + SIGNAL + "groups:\n  - {id: wood, words: [stick]}\nwhole: true\n"
    (desk / "agency" / "own.yaml").write_text(own, encoding="utf-8")
    (desk / "log.txt").write_text("flat file rejected\nhe stumbles\n", encoding="utf-8")
    done = command("agency", "--against", "log.txt", cwd=desk)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert any(line.startswith("agency/own.yaml:") and "<wood>: no phrase uses this group" in line for line in lines), lines
    assert 'changed by the overlays: 1: "flat file rejected"' in done.stdout


def test_a_file_that_is_saved_while_check_runs_is_held_against_the_log_as_it_was_read(
    command: Command, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files were read a second time for the log; a phrase that was new by then had no place, and that was exit 70."""
    sheet = desk / "agency" / "own.yaml"
    sheet.write_text(f"{SMALL}{SIGNAL}whole: true\n", encoding="utf-8")
    (desk / "log.txt").write_text("he walks\n", encoding="utf-8")

    def saved_after(folders: Sequence[Path]) -> Findings:
        found = check_folders(folders)
        sheet.write_text(sheet.read_text(encoding="utf-8").replace("stumble", "tumble"), encoding="utf-8")
        return found

    monkeypatch.setattr("catalog_route.check_command.check_folders", saved_after)
    done = command("agency", "--json", "--against", "log.txt", cwd=desk)
    assert done.returncode == 1, done.stderr  # for warnings that have nothing to do with it
    assert [each["phrase"] for each in json.loads(done.stdout)["against"]["unfired"]] == ["stumbles"]


def test_knowledge_that_does_not_load_is_not_held_against_anything(command: Command, desk: Path) -> None:
    (desk / "agency" / "own.yaml").write_text("tips: [\n", encoding="utf-8")
    done = command("agency", "--json", "--against", "log.jsonl", cwd=desk)
    assert done.returncode == 1
    assert json.loads(done.stdout)["against"] is None


@pytest.mark.usefixtures("sound")
def test_lines_left_out_are_told_and_end_with_five(command: Command, desk: Path) -> None:
    with (desk / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write("nonsense\n")
    done = command("agency", "--against", "log.jsonl", cwd=desk)
    assert done.returncode == 5
    assert "line 7 was left out: not JSON" in done.stderr


@pytest.mark.parametrize(
    ("labelled", "told"),
    [
        ({"label": "captiv"}, 'no group and no destination "captiv" – did you mean "captive"?'),
        ({"label": "captive", "ok": ["xyzzy"]}, 'no group and no destination "xyzzy" – use one of outsourced, captive, ert, '),
    ],
)
@pytest.mark.usefixtures("sound")
def test_a_label_that_is_no_answer_is_left_out_and_not_told_as_a_confusion(
    command: Command, desk: Path, labelled: dict[str, object], told: str
) -> None:
    log = (desk / "log.jsonl").read_text(encoding="utf-8")
    wrong = json.dumps({"text": "how do I add a product", **labelled})
    (desk / "log.jsonl").write_text(f"{wrong}\n{log}nonsense\n", encoding="utf-8")
    done = command("agency", "--json", "--against", "log.jsonl", cwd=desk)
    assert done.returncode == 5
    lines = done.stderr.splitlines()
    assert lines[1].startswith(f"line 1 was left out: {told}")
    assert lines[2].startswith("line 8 was left out: not JSON")
    against = json.loads(done.stdout)["against"]
    assert against["texts"] == len(TEXTS)
    assert [(each["label"], each["answer"]) for each in against["confused"]] == [("captive", "outsourced")]


@pytest.mark.parametrize("label", ["fba", "other", "general", "ert", "unclear", None])
def test_groups_destinations_and_unclear_are_labels(router: Router, label: str | None) -> None:
    sample = Sample("1", 1, "one", label, ("advertising", "unclear"))
    assert rightly_labelled([sample], router.known) == ([sample], [])


@pytest.mark.usefixtures("sound")
def test_a_log_of_wrong_labels_alone_shows_nothing(command: Command, desk: Path) -> None:
    """And not that no phrase ever fires."""
    (desk / "log.jsonl").write_text('{"text": "one", "label": "captiv"}\n', encoding="utf-8")
    done = command("agency", "--against", "log.jsonl", cwd=desk)
    assert (done.returncode, done.stdout) == (5, "")


@pytest.mark.usefixtures("sound")
def test_of_many_lines_left_out_the_first_are_told(command: Command, desk: Path) -> None:
    with (desk / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write("nonsense\n" * (MOST_REJECTED + 3))
    told = command("agency", "--against", "log.jsonl", cwd=desk).stderr.splitlines()
    assert sum("was left out" in line for line in told) == MOST_REJECTED
    assert told[-1] == "and 3 more lines"


@pytest.mark.usefixtures("sound")
def test_gaps_are_laid_out_on_a_terminal(command: Command, desk: Path) -> None:
    done = command("agency", "--against", "log.jsonl", "--color", "always", cwd=desk)
    assert done.returncode == 0
    assert "kick off call" in done.stdout
    assert "\x1b[" in done.stdout
