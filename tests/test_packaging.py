"""What is handed out is what is tested: wheel and source archive are built, installed beside nothing else, and used.

Everything is built once and without a network. A fresh environment gets the wheel alone; what it depends on is borrowed
from the environment that the tests run in, so that no registry is asked.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from calling import surroundings

ROOT = Path(__file__).resolve().parents[1]
LIBRARIES = Path(sysconfig.get_paths()["purelib"])
TEXT = "flat file rejected with error 8541, case re-opened 4 times"

pytest.importorskip("hatchling", reason="needs hatchling, which builds the wheel (in the extra test)")
pytest.importorskip("pip", reason="needs pip, which installs the wheel")
if not (ROOT / "pyproject.toml").is_file():
    pytest.skip("needs the whole source, of which these tests are a part", allow_module_level=True)


@dataclass(frozen=True)
class Fresh:
    """An environment of its own, and a folder beside the checkout in which its commands run."""

    home: Path
    work: Path

    @property
    def programs(self) -> Path:
        return self.home / ("Scripts" if os.name == "nt" else "bin")

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment, with nothing of the surroundings that could lead to the checkout."""
        name, *rest = words
        kept = {k: v for k, v in surroundings().items() if not k.startswith(("PYTHON", "PIP_"))}
        return subprocess.run(
            [str(self.programs / name), *rest], cwd=self.work, capture_output=True, text=True, encoding="utf-8", timeout=120,
            env={**kept, "CATALOG_ROUTE_CACHE": str(self.work / "cache")}, stdin=subprocess.DEVNULL, check=check,
        )  # fmt: skip

    def python(self, code: str) -> str:
        return self.run("python", "-c", code).stdout.strip()

    def install(self, *words: str) -> None:
        pip(self.home, "install", "--no-deps", "--no-index", "--no-compile", "--ignore-installed", *words)


def pip(home: Path, *words: str, codes: tuple[int, ...] = (0,)) -> str:
    """Run the pip of the test environment upon another environment; its own settings of pip do not count."""
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHONPATH"))}
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), *words], capture_output=True, text=True, timeout=300,
        env={**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}, check=False,
    )  # fmt: skip
    assert done.returncode in codes, done.stdout + done.stderr
    return done.stdout


def fresh(folder: Path) -> Fresh:
    """An environment that can import what the tests can import, ours excepted."""
    home = folder / "environment"
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    place = "Lib/site-packages" if os.name == "nt" else f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
    (home / place / "borrowed.pth").write_text(f"{LIBRARIES}\n", encoding="utf-8")
    work = folder / "elsewhere"
    work.mkdir()
    return Fresh(home, work)


def build(source: Path, into: Path, target: str) -> Path:
    """The wheel or source archive of a source tree."""
    words = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(into)]
    done = subprocess.run(words, cwd=source, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [made] = into.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("wheel"), "wheel")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source archive, built and unpacked again."""
    folder = tmp_path_factory.mktemp("sdist")
    archive = build(ROOT, folder / "made", "sdist")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / archive.name.removesuffix(".tar.gz")


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """An environment into which the wheel is installed."""
    own = fresh(tmp_path_factory.mktemp("installed"))
    own.install(str(wheel))
    return own


def files(folder: Path) -> dict[str, bytes]:
    """Name → bytes of what belongs to a folder."""
    there = (p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in there}


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as held:
        return {name: held.read(name) for name in held.namelist()}


def metadata(wheel: Path) -> Message:
    [text] = [data for name, data in contents(wheel).items() if name.endswith(".dist-info/METADATA")]
    return Parser().parsestr(text.decode("utf-8"))


def test_wheel_holds_modules_and_knowledge_byte_for_byte_and_nothing_else(wheel: Path) -> None:
    held = contents(wheel)
    ours = {name: data for name, data in held.items() if ".dist-info/" not in name}
    assert ours == {
        **{f"catalog_route/{name}": data for name, data in files(ROOT / "src" / "catalog_route").items()},
        **{f"catalog_route/data/{name}": data for name, data in files(ROOT / "data").items()},
    }
    assert "catalog_route/py.typed" in ours
    rest = {name.rpartition(".dist-info/")[2] for name in held.keys() - ours.keys()}
    assert rest == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}


def test_wheel_is_the_same_bytes_each_time(wheel: Path, tmp_path: Path) -> None:
    assert build(ROOT, tmp_path / "again", "wheel").read_bytes() == wheel.read_bytes()


def test_source_archive_builds_the_same_wheel(wheel: Path, unpacked: Path, tmp_path: Path) -> None:
    assert contents(build(unpacked, tmp_path / "made", "wheel")) == contents(wheel)


def test_source_archive_holds_all_that_a_contributor_needs(unpacked: Path) -> None:
    """Every file under version control is there, so that the tests run from the archive as well."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("needs git and a checkout, to know which files there are")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    tracked = {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}
    assert tracked - files(unpacked).keys() == set()
    for name in tracked:
        assert (unpacked / name).read_bytes() == (ROOT / name).read_bytes()


def test_metadata_tells_what_it_needs(wheel: Path) -> None:
    told = metadata(wheel)
    assert told["Name"] == "catalog-route"
    assert told["Requires-Python"] == ">=3.11"
    assert told["License-Expression"] == "MIT"
    assert told["Description-Content-Type"] == "text/markdown"
    needed = [line for line in told.get_all("Requires-Dist") or [] if "extra ==" not in line]
    assert {re.split("[<>=]", line)[0] for line in needed} == {
        "typer", "pydantic", "pyyaml", "rich", "rapidfuzz", "pystemmer", "defusedxml",
    }  # fmt: skip
    assert all(">=" in line and "<" in line for line in needed), "each has a lowest and a first version that is too new"


def test_installed_program_answers_as_the_checkout_does(installed: Fresh) -> None:
    """Outside the checkout, from the installed copy of code and knowledge, to the byte."""
    from catalog_route import Router, load_knowledge

    answer = installed.run("catalog-route", "--json", TEXT).stdout
    assert json.loads(answer) == json.loads(Router(load_knowledge(ROOT / "data")).route(TEXT).to_json())


def test_installed_code_and_knowledge_lie_in_the_environment(installed: Fresh) -> None:
    ask = "import catalog_route; from catalog_route.places import data_dir; print(catalog_route.__file__); print(data_dir())"
    for place in installed.python(ask).splitlines():
        assert Path(place).resolve().is_relative_to(installed.home.resolve())


def test_installed_knowledge_is_byte_for_byte_that_of_the_source(installed: Fresh) -> None:
    folder = Path(installed.python("from catalog_route.places import data_dir; print(data_dir())"))
    assert files(folder) == files(ROOT / "data")
    assert installed.run("catalog-route", "check").returncode == 0


def test_python_m_is_the_command(installed: Fresh) -> None:
    command = installed.run("catalog-route", TEXT)
    module = installed.run("python", "-m", "catalog_route", TEXT)
    assert command.stdout.startswith(f"text: {TEXT}\nwho: ")
    assert (module.stdout, module.stderr, module.returncode) == (command.stdout, command.stderr, 0)


def test_help_names_the_command_however_it_is_started(installed: Fresh) -> None:
    command = installed.run("catalog-route", "--help").stdout
    module = installed.run("python", "-m", "catalog_route", "--help").stdout
    assert "catalog-route" in command
    assert "__main__" not in module
    assert module == command


def test_what_is_borrowed_is_what_the_metadata_asks_for(installed: Fresh) -> None:
    """The versions that the tests run with lie within the ranges of pyproject.toml."""
    problems = pip(installed.home, "check", codes=(0, 1)).splitlines()
    assert [line for line in problems if line.startswith("catalog-route ")] == []


def test_editable_install_follows_the_checkout(tmp_path: Path) -> None:
    """`pip install -e .`: code and knowledge are those of the source, so that a change takes effect at once."""
    source = tmp_path / "source"
    for name in ("src", "data"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    own = fresh(tmp_path)
    own.install("--no-build-isolation", "-e", str(source))
    assert own.run("catalog-route", "feed issue").stdout.startswith("text: feed issue\nwho: ")
    tiers = source / "data" / "tiers.yaml"
    tiers.write_text(tiers.read_text(encoding="utf-8").replace("Catalog Captive Team", "Renamed Team"), encoding="utf-8")
    assert "who: Renamed Team (captive)" in own.run("catalog-route", "feed issue").stdout


def test_uninstalling_leaves_nothing_behind(installed: Fresh, wheel: Path) -> None:
    """Using it writes nothing beside the code; what it keeps lies in the cache folder."""
    installed.run("catalog-route", "feed issue")
    pip(installed.home, "uninstall", "--yes", "catalog-route")
    left = [path for path in installed.home.rglob("*") if "catalog" in path.name]
    installed.install(str(wheel))
    assert left == []


def test_every_lower_bound_is_what_the_session_of_lowest_versions_installs() -> None:
    """`nox -s lowest` leaves nothing of pyproject.toml out: each `>=` of what is installed becomes a pin."""
    pytest.importorskip("nox", reason="needs nox (in the extra dev)")
    nox = runpy.run_path(str(ROOT / "noxfile.py"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needs = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    assert [pin.replace("==", ">=") for pin in nox["lowest_versions"](needs)] == [need.split(",")[0] for need in needs]


def test_pythons_are_told_once() -> None:
    """The oldest Python that is tested is the oldest that is allowed, and none between oldest and newest is left out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    minors = [int(m[1]) for line in project["classifiers"] if (m := re.search(r":: Python :: 3\.(\d+)$", line))]
    assert minors == list(range(minors[0], minors[-1] + 1))
    assert project["requires-python"] == f">=3.{minors[0]}"
