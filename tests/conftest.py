"""What all tests share: the shipped knowledge, one router over it, and a small knowledge of one's own to vary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from catalog_route import Knowledge, Router, load_knowledge

SMALL = """\
sources:
  - {id: paper, title: "A paper", kind: own}
facts:
  - {id: F1, about: "the ladder", text: "Someone can walk.", certainty: stated, source: paper}
abilities:
  - {id: walk, title: "walk", facts: [F1]}
  - {id: run, title: "run"}
  - {id: fly, title: "fly"}
tiers:
  - {id: low, level: 1, name: "Low team", short: "Low", summary: "walks", can: [walk], channels: "phone", reached: "a case",
     location: "not stated", facts: [F1]}
  - {id: high, level: 2, name: "High team", short: "High", summary: "runs", can: [walk, run], some_can: [fly],
     channels: "phone", reached: "a case", location: "here", facts: [F1]}
teams:
  - {id: side, group: fba, name: "Side desk", short: "Side", summary: "beside", reached: "a case", source: F1,
     certainty: stated}
"""


@pytest.fixture(scope="session")
def known() -> Knowledge:
    """The shipped knowledge."""
    return load_knowledge()


@pytest.fixture(scope="session")
def router(known: Knowledge) -> Router:
    """A router over the shipped knowledge and the shipped weights."""
    return Router(known)


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Writes files (name → content) into a fresh folder called `own` and gives the folder."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        own = tmp_path / "own"
        for name, content in files.items():
            path = own / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return own

    return write


@pytest.fixture
def small(folder: Callable[[Mapping[str, str | bytes]], Path]) -> Callable[[str], Knowledge]:
    """Loads two tiers, one team and whatever YAML is given beside them."""

    def load(more: str) -> Knowledge:
        return load_knowledge(folder({"base.yaml": SMALL, "more.yaml": more}), alone=True)

    return load
