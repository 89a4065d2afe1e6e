"""Everything that is checked, on every Python and with the lowest and the newest dependencies: `nox` runs all of it.

    nox                  # all sessions; a Python that is not on this machine is skipped
    nox -s tests-3.13    # one of them
    nox -s lowest        # oldest Python, lowest version of everything that pyproject.toml allows

The Pythons are the classifiers of pyproject.toml, the lowest versions its `>=`; neither is written down a second time.
"""

from __future__ import annotations

from pathlib import Path

import nox

PROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PROJECT)

nox.options.reuse_existing_virtualenvs = True


def lowest_versions(needs: list[str]) -> list[str]:
    """Constraints that pin every requirement with a `>=` to that version: `typer>=0.26,<0.29` gives `typer==0.26`."""
    pairs = (need.partition(",")[0].partition(">=") for need in needs)
    return [f"{name}=={version}" for name, _, version in pairs if version]


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The whole suite with the newest versions that are allowed."""
    session.install("--upgrade", "--upgrade-strategy", "eager", ".[test]")
    session.run("python", "-m", "pytest", "-n", "auto", *session.posargs)


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """The whole suite with the lowest versions that are allowed, on the oldest Python."""
    project = PROJECT["project"]
    pinned = lowest_versions([*project["dependencies"], *project["optional-dependencies"]["test"]])
    constraints = Path(session.create_tmp()) / "lowest.txt"
    constraints.write_text("\n".join(pinned) + "\n", encoding="utf-8")
    session.install(".[test]", "-c", str(constraints))
    session.run("python", "-m", "pytest", "-n", "auto", *session.posargs)


@nox.session(python=PYTHONS[0])
def lint(session: nox.Session) -> None:
    """Style, common mistakes, and strict types."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check", ".")
    session.run("mypy")


@nox.session(python=PYTHONS[0])
def docs(session: nox.Session) -> None:
    """Every example run, every generated block compared, every link followed."""
    session.install("-e", ".[test]")
    session.run("python", "-m", "pytest", "-n", "auto", "tests/test_docs.py")
