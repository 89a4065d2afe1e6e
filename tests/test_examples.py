"""The examples do what their READMEs promise, also when something goes wrong. What the READMEs show is run by test_docs.py."""

from __future__ import annotations

import csv
import json
import runpy
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from calling import command_in, surroundings
from catalog_route import Router
from catalog_route.batch_command import Options, batch
from catalog_route.cells import unsafe
from catalog_route.evaluating import measure, read_items

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
needs_jq = pytest.mark.skipif(not (shutil.which("bash") and shutil.which("jq")), reason="the script needs bash and jq")

Explain = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def explain(tmp_path: Path) -> Explain:
    """Runs the script over a folder, with the command of this checkout on the path."""
    path = command_in(tmp_path / "bin")

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(EXAMPLES / "reports" / "explain.sh"), *words], cwd=tmp_path, capture_output=True, text=True, timeout=120,
            env=surroundings(PATH=path, **more), check=False,
        )  # fmt: skip

    return run


@needs_jq
def test_a_report_that_breaks_does_not_stop_the_others(explain: Explain, tmp_path: Path) -> None:
    """Every report has its line, what can be read has its answer, and the exit code says that not all could."""
    inbox = tmp_path / "in box"
    shutil.copytree(EXAMPLES / "reports" / "inbox", inbox)
    done = explain(str(inbox), "out")
    names = sorted(path.name for path in inbox.iterdir())
    assert [line.split()[0] for line in done.stdout.splitlines()[1:-1]] == names
    assert done.returncode == 5
    answers = {path.name for path in (tmp_path / "out").glob("*.json")}
    assert answers == {f"{name}.json" for name in names if name != "not-a-report.txt"}
    assert json.loads((tmp_path / "out" / "old-feed.xml.json").read_text())["messages"] == 1


@needs_jq
def test_a_folder_of_good_reports_ends_well(explain: Explain, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(EXAMPLES / "reports" / "inbox" / "flat-file.txt", tmp_path / "in" / "with blank.txt")
    done = explain("in", "out")
    assert done.returncode == 0
    assert "with blank.txt" in done.stdout
    assert done.stdout.endswith("1 reports, 0 of them not read to their end\n")


@needs_jq
def test_the_script_tells_what_it_needs_and_what_is_broken(explain: Explain, tmp_path: Path) -> None:
    """Wrong use is 2; knowledge that cannot be read ends the run with its own code, whatever the reports are."""
    assert explain().returncode == 2
    assert explain("nowhere").returncode == 2
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("8541", encoding="utf-8")
    done = explain("in", CATALOG_ROUTE_DATA=str(tmp_path / "no-knowledge"))
    assert done.returncode == 4
    assert "no-knowledge" in done.stderr


def test_worklist_names_every_case_once_and_the_unclear_ones_last(router: Router) -> None:
    example = runpy.run_path(str(EXAMPLES / "python" / "worklist.py"))
    lines = (EXAMPLES / "python" / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    shown = list(example["worklist"](cases, router))
    for case in cases:
        assert sum(line.startswith(f"  {case['id']}  ") for line in shown) == 1
    headings = [line for line in shown if not line.startswith(" ")]
    assert headings[-1] == "to be asked (1)"


@pytest.fixture
def routed(tmp_path: Path) -> Path:
    """The sheet as `batch` gives it back."""
    out = tmp_path / "routed.csv"
    assert batch(str(EXAMPLES / "spreadsheet" / "cases.csv"), Options(output=out)) == 0
    return out


def rows(path: Path, delimiter: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_every_cell_of_the_sheet_comes_back(routed: Path) -> None:
    """Umlauts, quotes, separators and what looks like a formula, in the same rows and the same order."""
    there = rows(EXAMPLES / "spreadsheet" / "cases.csv", ";")
    back = rows(routed)
    assert [{name: unsafe(row[name]) for name in there[0]} for row in back] == there
    assert all(row["recommended"] or row["status"] == "unclear" for row in back)


def test_no_cell_that_comes_back_is_a_formula(routed: Path) -> None:
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows(routed) for cell in row.values())


def test_corrected_sheet_is_the_routed_one_with_one_more_column(routed: Path) -> None:
    corrected = rows(EXAMPLES / "spreadsheet" / "corrected.csv")
    assert list(corrected[0]) == [*rows(routed)[0], "right"]


def test_corrected_sheet_becomes_labelled_texts(router: Router, tmp_path: Path) -> None:
    """A row without a word on who was right is left out; the text is the seller's own, without the mark."""
    example = runpy.run_path(str(EXAMPLES / "spreadsheet" / "to_labels.py"))
    made = list(example["labels"](EXAMPLES / "spreadsheet" / "corrected.csv"))
    assert [label["id"] for label in made] == ["2417", "2431", "2440", "2452"]
    out = tmp_path / "labels.jsonl"
    out.write_text("".join(json.dumps(label) + "\n" for label in made), encoding="utf-8")
    assert measure(router, read_items(out)).items == 4
