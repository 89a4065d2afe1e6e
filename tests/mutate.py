"""Changes the code in one small way at a time and counts which changes the tests notice.

    python tests/mutate.py reports                 # one group of modules, with the tests that belong to it
    python tests/mutate.py batch --sample 200      # 200 of its mutants, chosen by --seed
    python tests/mutate.py reports --show          # what survived, as differences, after a run

mutmut (extra `mutation`) makes and runs the mutants, in a copy of the repository under --work, so that nothing here is
touched and a later run goes on where one stopped. docs/mutation.md holds the figures and what survives for a reason.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("src", "data", "docs", "tests", "training", "pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md")

# Modules, and the tests that have to notice a change in them; no test that starts processes or takes long.
GROUPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "text": (("text",), ("text", "spelling")),
    "matching": (("matching", "automaton", "scanning", "phrases"), ("matching", "automaton", "phrases")),
    "deciding": (("deciding", "weighing"), ("deciding", "matching", "cases")),
    "loading": (("loading", "yaml_source", "entries", "linking", "problems", "checking"), ("loading", "yaml_source", "checking")),
    "reports": (
        tuple(
            f"reports/{name}"
            for name in ("flat_file", "json_reports", "json_text", "pasted", "shape", "source", "workbook", "xml_report")
        ),
        ("reports",),
    ),
    "batch": (
        ("batch", "batch_output", "cells", "counts", "records", "recognising", "streaming", "tables"),
        ("batch", "records", "reading"),
    ),
}
LEFT_OUT = "not bounded_memory and not takes_long and not linear and not grow and not memory and not workers and not endless"


def configured(group: str, work: Path) -> None:
    """A fresh copy of the repository, set up for one group; mutants and results of an earlier run stay."""
    modules, tests = GROUPS[group]
    for name in COPIED:
        here, there = ROOT / name, work / name
        if here.is_dir():
            shutil.rmtree(there, ignore_errors=True)
            shutil.copytree(here, there, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(here, there)
    found = [f"tests/test_{name}.py" for name in tests if (ROOT / "tests" / f"test_{name}.py").is_file()]
    settings = {
        "source_paths": ["src/"],
        "only_mutate": [f"src/catalog_route/{name}.py" for name in modules],
        "also_copy": [name for name in COPIED if name not in ("src", "tests", "pyproject.toml")],
        "pytest_add_cli_args_test_selection": found,
        "pytest_add_cli_args": ["-p", "no:randomly", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", LEFT_OUT],
    }
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())
    path = work / "pyproject.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n[tool.mutmut]\n{lines}", encoding="utf-8")


def mutmut(work: Path, *words: str, quiet: bool = True) -> str:
    """Run mutmut in the copy; what it prints."""
    line = [sys.executable, "-m", "mutmut", *words]
    done = subprocess.run(
        line, cwd=work, stdout=subprocess.PIPE if quiet else None, stderr=subprocess.STDOUT, check=False, text=True
    )
    return done.stdout or ""


def results(work: Path, names: set[str] | None = None) -> dict[str, int | None]:
    """Exit code of the tests by mutant; None where it was not run."""
    held: dict[str, int | None] = {}
    for path in sorted(work.glob("mutants/src/**/*.meta")):
        held.update(json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"])
    return {name: code for name, code in held.items() if names is None or name in names}


def main(words: list[str]) -> int:
    """Run one group, and tell how many mutants the tests notice."""
    how = argparse.ArgumentParser(prog="mutate.py", description=(__doc__ or "").splitlines()[0])
    how.add_argument("group", choices=list(GROUPS))
    how.add_argument("--work", type=Path, default=Path("/tmp/catalog-route-mutants"))
    how.add_argument("--sample", type=int, help="so many mutants instead of all")
    how.add_argument("--seed", type=int, default=1)
    how.add_argument("--show", action="store_true", help="only show what survived the last run")
    told = how.parse_args(words)
    work = told.work / told.group
    work.mkdir(parents=True, exist_ok=True)
    if not told.show:
        configured(told.group, work)
        chosen: list[str] = []
        if told.sample:
            mutmut(work, "run", "--max-children", "1", "catalog_route.nothing*", quiet=False)
            every = sorted(results(work))
            chosen = random.Random(told.seed).sample(every, min(told.sample, len(every)))
        mutmut(work, "run", "--max-children", "1", *chosen, quiet=False)
    held = {name: code for name, code in results(work).items() if code is not None}
    survived = [name for name, code in held.items() if code == 0]
    unreached = [name for name, code in held.items() if code in (5, 33)]
    for name in (*survived, *unreached):
        print(mutmut(work, "show", name))
    noticed = len(held) - len(survived) - len(unreached)
    print(f"{told.group}: {len(held)} of {len(results(work))} mutants run, {noticed} noticed, {len(survived)} survived,",
          f"{len(unreached)} not reached by these tests; exit codes {dict(Counter(held.values()))}")  # fmt: skip
    return 0 if held and noticed >= 0.9 * len(held) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
