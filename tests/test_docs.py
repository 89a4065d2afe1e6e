"""The documentation tells what the program does: every example is run, every generated block made again, every link followed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import docs_blocks
import docs_screens
import docs_tables

ROOT = docs_blocks.ROOT
CURE = "\n\nif this is what you want: python tests/docs_blocks.py --rewrite"
LINK = re.compile(r"!?\[[^\]\n]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", docs_blocks.PAGES, ids=docs_blocks.name_of)
def test_page_shows_what_the_program_does(page: Path) -> None:
    """Console blocks print what they show; generated blocks are as made now."""
    if missing := docs_blocks.tools_missing(page):
        pytest.skip(f"the examples of this page need {' and '.join(missing)}")
    difference = docs_blocks.outdated(page)
    assert not difference, difference + CURE


@pytest.mark.parametrize("name", docs_screens.SCREENS)
def test_picture_is_what_the_program_shows(name: str) -> None:
    difference = docs_blocks.outdated_screen(name)
    assert not difference, difference + CURE


def test_schema_of_the_data_is_what_the_program_prints() -> None:
    difference = docs_blocks.outdated_schema()
    assert not difference, difference + CURE


def test_no_picture_is_left_over() -> None:
    there = {path.stem for path in (ROOT / "docs" / "screens").iterdir()}
    assert there == set(docs_screens.SCREENS)


@pytest.mark.parametrize("page", docs_blocks.PAGES, ids=docs_blocks.name_of)
def test_links_lead_somewhere(page: Path) -> None:
    """Files exist, and so do the headings that links name."""
    for target in _links(page):
        file, _, heading = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        assert path.exists(), f"{page.name} links to {target}"
        if heading:
            assert heading in _headings(path), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", docs_blocks.PAGES, ids=docs_blocks.name_of)
def test_named_files_exist(page: Path) -> None:
    """Files of the repository that a page names in code type are there."""
    for name in re.findall(r"`((?:data|src|tests|training|docs)/[\w./-]+)`", page.read_text(encoding="utf-8")):
        assert (ROOT / name).exists(), f"{page.name} names {name}"


def test_every_page_is_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in seen and page.suffix == ".md":
            seen.add(page)
            waiting += [(page.parent / target.partition("#")[0]).resolve() for target in _links(page)]
    assert set(docs_blocks.PAGES) <= seen


@pytest.mark.parametrize("page", docs_blocks.PAGES, ids=docs_blocks.name_of)
def test_every_row_is_explained_and_every_command_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert docs_tables.UNTOLD not in text
    assert docs_blocks.NO_COMMAND not in text


def test_readme_commands_are_one_line_each() -> None:
    """The command for a first answer and the command for the tests can each be copied as one line."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("install", "test"):
        found = re.search(rf"<!-- command: {name} -->\n```sh\n(.*)\n```\n", readme)
        assert found, f"README.md has no command {name} of one line"
        assert found[1].startswith("python3 -m venv .venv && ")


def test_ci_runs_the_command_of_the_readme() -> None:
    """`.ci/run` takes its command out of the README and holds none of its own."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "command: test" in script
    assert "pytest" not in re.sub(r"#.*", "", script)
    assert "pip install" not in script


def _links(page: Path) -> list[str]:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`\n]*`", "", text)
    return [target for target in LINK.findall(text) if "://" not in target and not target.startswith("mailto:")]


def _headings(page: Path) -> set[str]:
    """The anchors of a page as GitHub makes them."""
    out = set()
    fenced = False
    for line in page.read_text(encoding="utf-8").splitlines():
        fenced ^= line.startswith("```")
        if line.startswith("#") and not fenced:
            bare = re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower())
            out.add(bare.replace(" ", "-"))
    return out


FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


@pytest.mark.parametrize("topic", ["accuracy", "performance"])
def test_figures_of_the_readme_are_those_of_the_page_that_measures_them(topic: str) -> None:
    """Every number that the README tells of it stands, digit for digit, in the measured block of the page."""
    told, measured = _figures(ROOT / "README.md", topic), _figures(ROOT / "docs" / f"{topic}.md", topic)
    assert told
    assert set(told) - set(measured) == set()


def _figures(page: Path, topic: str) -> list[str]:
    block = re.search(rf"<!-- figures:{topic} -->\n(.*?)<!-- end -->", page.read_text(encoding="utf-8"), re.DOTALL)
    assert block, f"{page.name} has no block of figures for {topic}"
    return FIGURE.findall(LINK.sub("", block[1]))
