"""The parts of the documentation that are made by the program: checked by the tests, made again with --rewrite.

    python tests/docs_blocks.py             # say what is out of date
    python tests/docs_blocks.py --rewrite   # make everything again

In README.md, CONTRIBUTING.md, CHANGELOG.md, docs/*.md and examples/**/README.md three things are read:

* In a ```console fence every line `$ command` is run, and what follows is what it prints. A page's commands run one after
  another in one folder that holds docs/samples and copies of data/ and examples/agency/; those of an example in a copy of its
  own. When catalog-route stands last in its pipe it runs as on a terminal of 80 columns without colour.
* `<!-- file: NAME -->` lays the next fence into that folder under NAME, for the commands that follow.
* `<!-- generated: NAME ARGUMENT -->` to `<!-- end -->` is made by the function of that name in docs_tables.py. In a
  generated table the column "meaning" is written by hand and kept.

docs/screens/*.svg are pictures of the terminal view, tests/screens/*.txt the same as text at several widths, made by
docs_screens.py; data/schema.json is what `schema data` prints.
"""

from __future__ import annotations

import difflib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import catalog_route
import docs_screens
import docs_tables
from calling import command_in, surroundings
from catalog_route.data_schema import data_schema
from catalog_route.places import data_dir

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted(EXAMPLES.rglob("README.md")),
]

SCHEMA = ROOT / "data" / "schema.json"

_GENERATED = re.compile(r"<!-- generated: ([a-z-]+)(?: (.*?))? -->\Z")
_FILE = re.compile(r"<!-- file: (\S+) -->\Z")
_END = "<!-- end -->"
NO_COMMAND = "there is no command"


class BlockError(Exception):
    """A block that cannot be made; the message names page and line."""


def name_of(page: Path) -> str:
    """A page as messages name it."""
    return page.relative_to(ROOT).as_posix()


def tools_missing(page: Path) -> list[str]:
    """The programs beside our own that the commands of a page call and that are not here."""
    commands = "\n".join(line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("$ "))
    needed = ["bash", *(["jq"] if re.search(r"\bjq\b", commands) else [])]
    return [tool for tool in needed if shutil.which(tool) is None]


def rendered(page: Path) -> str:
    """The text of a page with every block made again."""
    with tempfile.TemporaryDirectory() as folder:
        own = page.parent if page.parent.parent == EXAMPLES else None
        return "\n".join(_lines(page, Sandbox(Path(folder), own))) + "\n"


def _lines(page: Path, sandbox: Sandbox) -> Iterator[str]:
    lines = page.read_text(encoding="utf-8").splitlines()
    at, keep = 0, ""
    while at < len(lines):
        line = lines[at]
        yield line
        at += 1
        if line.startswith("```"):
            end = _find(lines, "```", at, page)
            inside = lines[at:end]
            if keep:
                sandbox.put(keep, inside)
                keep = ""
            yield from sandbox.run(inside) if line == "```console" else inside
            yield lines[end]
            at = end + 1
        elif found := _FILE.match(line):
            keep = found[1]
        elif found := _GENERATED.match(line):
            end = _find(lines, _END, at, page)
            yield from docs_tables.made(found[1], found[2] or "", lines[at:end])
            yield _END
            at = end + 1


def _find(lines: list[str], mark: str, at: int, page: Path) -> int:
    try:
        return lines.index(mark, at)
    except ValueError:
        raise BlockError(f"{name_of(page)}:{at}: no {mark} for this block") from None


# What no page may show as if it were an answer.
FAULTS = ("Traceback (most recent call last)", "a fault of the program")


class Sandbox:
    """A folder in which the commands of one page run: a copy of `own`, else of docs/samples and the knowledge."""

    def __init__(self, folder: Path, own: Path | None = None) -> None:
        self.work = folder / (own.name if own else "work")
        shutil.copytree(own or ROOT / "docs" / "samples", self.work, ignore=shutil.ignore_patterns("__pycache__"))
        if own is None:
            shutil.copytree(data_dir(), self.work / "data")
            shutil.copytree(EXAMPLES / "agency", self.work / "agency")
        source = Path(catalog_route.__file__).resolve().parents[1]
        self.env = surroundings(
            PYTHONPATH=str(source), COLUMNS="80", TERMINAL_WIDTH="80", TERM="xterm", PATH=command_in(folder / "bin")
        )

    def put(self, name: str, lines: list[str]) -> None:
        """Write a file of the page's own."""
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(self, lines: list[str]) -> Iterator[str]:
        """The commands among `lines`, each with what it prints now. Empty lines between blocks of output stay."""
        commands = [line for line in lines if line.startswith("$ ")]
        if not commands:
            yield from lines
            return
        for number, command in enumerate(commands):
            if number:
                yield ""
            yield command
            yield from self._output(command.removeprefix("$ "))

    def _output(self, command: str) -> list[str]:
        """What a command prints, stderr included. Texts stand in quotes here, so a bare word has to be a command."""
        for word in re.findall(r"catalog-route ([a-z]+)\b", command):
            if word not in docs_tables.commands():
                return [f"{NO_COMMAND} {word}"]
        last = command.rsplit(" | ", 1)[-1].strip()
        env = dict(self.env)
        if last.startswith("catalog-route") and " > " not in command:
            env |= {"FORCE_COLOR": "1", "NO_COLOR": "1"}
        done = subprocess.run(
            ["bash", "-c", command], cwd=self.work, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=120, check=False,
        )  # fmt: skip
        text = done.stdout.decode("utf-8")
        if str(self.work) in text or any(sign in text for sign in FAULTS):
            raise BlockError(f"$ {command}\n{text}")
        text = re.sub(r"; [0-9.]+ s, [0-9,]+/s", "; … s, …/s", text)  # a rate differs from run to run
        return [line.rstrip() for line in text.strip("\n").splitlines()]


def outdated(page: Path) -> str:
    """The difference between a page as it is and as it would be made now; empty when there is none."""
    return _difference(page.read_text(encoding="utf-8"), rendered(page), name_of(page))


def outdated_screen(name: str) -> str:
    """The difference between a picture as it is and as it would be made now."""
    path = ROOT / "docs" / "screens" / f"{name}.svg"
    there = path.read_text(encoding="utf-8") if path.is_file() else ""
    return _difference(there, docs_screens.picture(name), f"docs/screens/{name}.svg")


def outdated_view(name: str) -> str:
    """The difference between a screen that is kept as text and the same screen as it would be shown now."""
    path = ROOT / "tests" / "screens" / f"{name}.txt"
    there = path.read_text(encoding="utf-8") if path.is_file() else ""
    return _difference(there, docs_screens.kept(name), f"tests/screens/{name}.txt")


def data_schema_text() -> str:
    """What `catalog-route schema data` prints."""
    return json.dumps(data_schema(), indent=2, ensure_ascii=True) + "\n"


def outdated_schema() -> str:
    """The difference between the schema that ships and the one that would be made now."""
    return _difference(SCHEMA.read_text(encoding="utf-8"), data_schema_text(), "data/schema.json")


def _difference(there: str, made: str, name: str) -> str:
    lines = difflib.unified_diff(there.splitlines(), made.splitlines(), name, f"{name} as made now", lineterm="", n=1)
    return "\n".join(lines)


def rewrite() -> Iterator[str]:
    """Make every page and picture again; yields the names of those that changed."""
    yield from _written(SCHEMA, data_schema_text())
    for name in docs_screens.SCREENS:
        path = ROOT / "docs" / "screens" / f"{name}.svg"
        yield from _written(path, docs_screens.picture(name))
    for name in (*docs_screens.SCREENS, *docs_screens.VIEWS):
        yield from _written(ROOT / "tests" / "screens" / f"{name}.txt", docs_screens.kept(name))
    for page in PAGES:
        yield from _written(page, rendered(page))


def _written(path: Path, text: str) -> Iterator[str]:
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        yield path.relative_to(ROOT).as_posix()


def main(words: list[str]) -> int:
    """Check, or rewrite; 1 when something is out of date."""
    if words == ["--rewrite"]:
        for name in rewrite():
            print(f"rewritten {name}")
        return 0
    if words:
        print(__doc__)
        return 2
    views = (*docs_screens.SCREENS, *docs_screens.VIEWS)
    made = [outdated_schema(), *map(outdated_screen, docs_screens.SCREENS), *map(outdated_view, views), *map(outdated, PAGES)]
    found = [text for text in made if text]
    print("\n\n".join(found) or "all blocks are as the program makes them now")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
