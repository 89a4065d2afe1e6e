"""What all tests share: the shipped knowledge, one router over it, and a small knowledge of one's own to vary."""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import signal
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

import catalog_route
from catalog_route import Knowledge, Router, load_knowledge
from driving import Driver

# The examples of properties are the same in every run, so that a change fails by itself and never by chance. To look for
# new ones: `--hypothesis-profile search`, or tests/fuzz.py for as long as you like.
settings.register_profile("fixed", derandomize=True, deadline=None, print_blob=True, database=None)
settings.register_profile("search", deadline=None, print_blob=True)
settings.load_profile("fixed")

# Jobs in the background of a script start with Ctrl-C ignored, and hand that on. What the tests interrupt must hear it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# What is imported only when it is needed would go unmeasured where a test that pauses the measuring needs it first.
for _part in pkgutil.walk_packages(catalog_route.__path__, "catalog_route."):
    if not _part.name.endswith("__main__"):
        importlib.import_module(_part.name)

# Measuring coverage is paused in tests that measure time or memory, for it doubles both, and in those that route
# thousands of texts, or lint all that is shipped, with code that others have covered.
UNMEASURED_FILES = {
    f"test_{name}.py" for name in ("cases", "directions", "fuzz", "independent", "invariances", "limits", "offtopic", "scaling")
}
UNMEASURED_TESTS = re.compile(
    "memory|takes_long|at_once$|linear|no_bomb|affordable|cost_no_more|floor|mean_what_they|high_confidence|two_tiers"
    "|the_shipped_|every_shipped_example|every_tier_and_team"
    "|is_clean|is_sound_and|bad_groups"
)

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
# One more signal for it.
SIGNAL = """\
signals:
  - id: stumble
    title: "Someone stumbles"
    why: "Because."
    source: F1
    needs: [run]
    says: ["stumbles"]
    examples: {fires: ["he stumbles"], silent: ["he walks"]}
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pause the measuring of coverage where it does harm."""
    for item in items:
        if item.path.name in UNMEASURED_FILES or UNMEASURED_TESTS.search(getattr(item, "originalname", "") or item.name):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Compiled knowledge is kept in a folder of this run, never in the user's own; all processes of a run share it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "compiled-knowledge"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CATALOG_ROUTE_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def known() -> Knowledge:
    """The shipped knowledge."""
    return load_knowledge()


@pytest.fixture(scope="session")
def router(known: Knowledge) -> Router:
    """A router over the shipped knowledge and the shipped weights."""
    return Router(known)


@pytest.fixture
def drive(router: Router, monkeypatch: pytest.MonkeyPatch) -> Driver:
    """Runs the whole command in this process."""
    return Driver(router, monkeypatch)


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
