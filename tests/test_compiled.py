"""Compiled knowledge: kept once, believed only while it holds, never an error, and never another answer."""

from __future__ import annotations

import errno
import gc
import json
import os
import pickle
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

import catalog_route
from catalog_route import Knowledge, Router, compiled, load_knowledge, places, stored
from catalog_route.places import data_dir
from catalog_route.router import knowledge_for, router_for
from conftest import SIGNAL, SMALL

SELLERS = Path(__file__).parent / "evaluation" / "sellers.jsonl"
TEXTS = [json.loads(line)["text"] for line in SELLERS.read_text("utf-8").splitlines()]
ODD = ["", " ", "😀", "4th re-open, B0CXYZ1234, error 8541", "ﬂat ﬁle\u00a0rejected", "not a feed issue. Fees?", "a" * 5_000]
OWN = {
    "tiers.yaml": f"whole: true\n{SMALL}",
    "signals.yaml": SIGNAL,
    "tips.yaml": 'tips:\n  - {id: shoes, stage: try, text: "Tie them.", why: "It helps.", certainty: stated, source: F1}\n',
    "drafts.yaml": "# none so far\nsources:\n  - {id: more, title: More, kind: own}\n",
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("CATALOG_ROUTE_CACHE", str(folder))
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A small knowledge in several files that stands alone, with the shipped weights beside it."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name, content in OWN.items():
        (folder / name).write_text(content, encoding="utf-8")
    shutil.copyfile(data_dir() / "likeness.json", folder / "likeness.json")
    return folder


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as settled at once."""
    monkeypatch.setattr(compiled, "SETTLED", -(10**18))


def kept_file(cache: Path) -> Path:
    (path,) = cache.glob("knowledge-*")
    return path


def never_digest(folder: Path) -> str:
    raise AssertionError("the digest was computed")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    code = "from catalog_route.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, **environment},
    )  # fmt: skip


# --- hit and miss


def test_first_call_keeps_and_second_call_finds(cache: Path) -> None:
    assert compiled.read(data_dir()) is None
    knowledge_for()
    kept = compiled.read(data_dir())
    assert kept is not None
    assert kept.digest == places.digest(data_dir())


def test_a_hit_needs_neither_yaml_nor_pydantic_nor_rich(cache: Path) -> None:
    knowledge_for()
    code = (
        "import sys\nfrom catalog_route.router import router_for\nr = router_for()\nr.route('feed issue').to_json()\n"
        "print(sorted({'yaml', 'pydantic', 'rich', 'rapidfuzz', 'catalog_route.phrases'} & sys.modules.keys()))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert out.stdout.strip() == "[]"


def test_show_needs_neither_on_a_hit(cache: Path) -> None:
    knowledge_for()
    code = (
        "import sys\nfrom catalog_route.router import knowledge_for\nfrom catalog_route.showing import show\n"
        "show(knowledge_for(), None)\nprint(sorted({'yaml', 'pydantic'} & sys.modules.keys()))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert out.stdout.strip() == "[]"


@pytest.mark.usefixtures("settled")
def test_files_that_did_not_change_are_not_read_again(cache: Path, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    knowledge_for(own)
    monkeypatch.setattr(compiled, "digest", never_digest)
    assert compiled.read(own) is not None


@pytest.mark.usefixtures("settled")
def test_a_changed_file_is_a_miss(cache: Path, own: Path) -> None:
    before = knowledge_for(own).digest
    path = own / "tiers.yaml"
    path.write_text(path.read_text("utf-8") + "# more\n", encoding="utf-8")
    assert compiled.read(own) is None
    assert knowledge_for(own).digest != before


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("change", ["new", "gone", "renamed"])
def test_a_changed_set_of_files_is_a_miss(cache: Path, own: Path, change: str) -> None:
    knowledge_for(own)
    if change == "new":
        (own / "more.yaml").write_text("sources:\n  - {id: yet-more, title: More, kind: own}\n", encoding="utf-8")
    elif change == "gone":
        (own / "likeness.json").unlink()
    else:
        (own / "tips.yaml").rename(own / "tricks.yaml")
    assert compiled.read(own) is None


def test_an_edit_within_the_moment_of_looking_is_seen(cache: Path, own: Path) -> None:
    """Same size, same times: the footprint is not believed so shortly after a change."""
    knowledge_for(own)
    path = own / "drafts.yaml"
    seen, text = path.stat(), path.read_text("utf-8")
    path.write_text(text.replace("# ", "#-", 1), encoding="utf-8")
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert path.stat().st_size == seen.st_size
    assert compiled.read(own) is None


@pytest.mark.usefixtures("settled")
def test_touched_but_equal_files_are_a_hit_and_are_remembered(cache: Path, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    knowledge_for(own)
    for path in own.rglob("*.yaml"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert compiled.read(own) is not None
    monkeypatch.setattr(compiled, "digest", never_digest)
    assert compiled.read(own) is not None


def test_a_file_touched_a_moment_ago_is_looked_at_again_every_time(
    cache: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    knowledge_for(own)
    os.utime(own / "tips.yaml")
    assert compiled.read(own) is not None
    monkeypatch.setattr(compiled, "digest", never_digest)
    with pytest.raises(AssertionError, match="the digest was computed"):
        compiled.read(own)


def test_a_kept_file_that_breaks_while_it_is_opened_is_closed_and_as_none(cache: Path, own: Path) -> None:
    knowledge_for(own)
    opened: list[int] = []

    def broken(file: int) -> os.stat_result:
        opened.append(file)
        raise OSError(errno.EIO, "Input/output error")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("catalog_route.pieces.os.fstat", broken)
        assert compiled.read(own) is None
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(opened[0])


@pytest.mark.parametrize("running", [True, False])
def test_the_garbage_collector_is_left_as_it_was(cache: Path, own: Path, running: bool) -> None:
    knowledge_for(own)
    before = gc.isenabled()
    try:
        (gc.enable if running else gc.disable)()
        assert router_for(own).known.tiers
        assert gc.isenabled() is running
    finally:
        (gc.enable if before else gc.disable)()


@pytest.mark.parametrize("name", ["FORMAT", "__version__"])
def test_another_format_or_version_is_a_miss(cache: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    knowledge_for()
    monkeypatch.setattr(compiled, name, {"FORMAT": 99, "__version__": "99.0"}[name])
    assert compiled.read(data_dir()) is None


def test_equal_knowledge_elsewhere_is_kept_apart(cache: Path, own: Path) -> None:
    """Origins name the folder."""
    other = own.with_name("elsewhere")
    shutil.copytree(own, other)
    for folder in (own, other):
        knowledge_for(folder)
    for folder in (own, other):
        known = knowledge_for(folder)
        assert next(iter(known.tips.values())).origin.startswith(f"{folder.name}/")


def test_the_written_version_is_that_of_the_package() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    assert project.get("version", catalog_route.__version__) == catalog_route.__version__


# --- never an error


def spoilt(path: Path, how: str) -> None:
    raw = path.read_bytes()
    head, _, body = raw.partition(b"\n")
    at = len(head) + len(body) // 2
    path.write_bytes({
        "empty": b"", "short": raw[:1_000], "half": raw[: len(raw) // 2], "one byte less": raw[:-1], "foreign": b'{"a": 1}\n[]',
        "binary": os.urandom(5_000), "head": raw[:20] + b"X" + raw[21:], "no head": body,
        "body": raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :], "all of body": head + b"\n" + b"x" * len(body),
        "nested": b"[" * 100_000,
    }[how])  # fmt: skip


@pytest.mark.parametrize(
    "how", ["empty", "short", "half", "one byte less", "foreign", "binary", "head", "no head", "body", "all of body", "nested"]
)
def test_a_broken_file_is_as_none_and_is_made_again(cache: Path, own: Path, how: str) -> None:
    knowledge_for(own)
    wanted = Router(load_knowledge(own)).route("he stumbles").to_json()
    assert router_for(own).route("he stumbles").to_json() == wanted
    spoilt(kept_file(cache), how)
    assert router_for(own).route("he stumbles").to_json() == wanted
    if how != "body":  # there the sections that this call needs may be whole
        assert router_for(own).route("he stumbles").to_json() == wanted
        assert compiled.read(own) is not None


@pytest.mark.parametrize("section", ["signals", "tips", "facts", "vocabulary"])
def test_a_section_found_broken_later_comes_from_the_folder(cache: Path, known: Knowledge, section: str) -> None:
    knowledge_for()
    found = compiled.read(data_dir())
    assert found is not None
    start, end, checksum = found._sections[f"known {section}"]
    found._sections[f"known {section}"] = [start, end, checksum + 1]
    assert getattr(stored.knowledge(found, data_dir()), section) == getattr(known, section)


def test_a_folder_in_the_place_of_the_file_is_no_error(cache: Path, own: Path) -> None:
    knowledge_for(own)
    path = kept_file(cache)
    path.unlink()
    path.mkdir()
    assert knowledge_for(own).tiers


def test_a_file_in_the_place_of_the_folder_is_no_error(cache: Path, own: Path) -> None:
    cache.write_text("here first", encoding="utf-8")
    assert knowledge_for(own).tiers
    assert cache.read_text(encoding="utf-8") == "here first"


def test_nothing_is_written_where_nothing_may_be_written(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place that not even root can write to."""
    monkeypatch.setenv("CATALOG_ROUTE_CACHE", "/proc/nowhere" if sys.platform == "linux" else "Z:\\nowhere\\at-all")
    assert knowledge_for(own).tiers


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_no_error(cache: Path, own: Path) -> None:
    cache.mkdir(mode=0o500)
    assert knowledge_for(own).tiers
    assert not list(cache.iterdir())


def test_a_full_disk_is_no_error(cache: Path, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: object, target: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert knowledge_for(own).tiers
    assert not list(cache.iterdir())


def test_without_a_home_nothing_is_kept(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CATALOG_ROUTE_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert places.cache_dir() is None
    assert knowledge_for(own).tiers


def test_what_is_too_large_is_not_kept(cache: Path, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "MOST_BYTES", 10_000)
    assert knowledge_for(own).tiers
    assert not cache.exists() or not list(cache.iterdir())


# --- where, and how much


@pytest.mark.skipif(sys.platform == "win32", reason="the folders of other systems")
def test_the_place_follows_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CATALOG_ROUTE_CACHE", raising=False)
    monkeypatch.setenv("HOME", "/somebody")
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert places.cache_dir() == Path("/x/catalog-route")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert places.cache_dir() == Path("/somebody/.cache/catalog-route")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert places.cache_dir() == Path("/somebody/.cache/catalog-route")


def test_one_file_a_folder_whatever_happens_to_it(cache: Path, own: Path) -> None:
    for number in range(3):
        (own / "notes.txt").write_text(f"{number}", encoding="utf-8")
        knowledge_for(own)
    assert kept_file(cache).stat().st_mode & 0o077 in (0, 0o044)


def test_files_of_old_formats_and_crashes_go_and_the_number_is_bounded(cache: Path, own: Path) -> None:
    cache.mkdir()
    old = [cache / "knowledge-00000000.0.json", *(cache / f"knowledge-0000000{n}.{compiled.FORMAT}.json" for n in range(1, 10))]
    left, fresh, foreign = cache / ".catalog-route-a.tmp", cache / ".catalog-route-b.tmp", cache / "something.json"
    for path in (*old, left, fresh, foreign):
        path.write_text("{}", encoding="utf-8")
    for path in (*old, left):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    knowledge_for(own)
    names = {path.name for path in cache.iterdir()}
    assert not old[0].exists()
    assert not left.exists()
    assert {fresh.name, foreign.name} <= names
    assert len([name for name in names if name.startswith("knowledge-")]) <= compiled.MOST_FILES


def test_files_of_others_with_such_a_name_were_deleted(cache: Path, own: Path) -> None:
    cache.mkdir()
    foreign = [cache / name for name in ("knowledge-base.md", "knowledge-x.json", "knowledge-00000000.2.json.bak")]
    for path in foreign:
        path.write_text("mine", encoding="utf-8")
    knowledge_for(own)
    assert [path.read_text(encoding="utf-8") for path in foreign] == ["mine"] * 3


# --- two at once


def test_many_starting_at_once_all_answer_alike(cache: Path, own: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom catalog_route.router import router_for\n"
        "sys.stdout.write(router_for(Path(sys.argv[1])).route('feed issue').to_json())"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(own)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)
    ]
    outcomes = [process.communicate(timeout=120) for process in started]
    assert [error for _, error in outcomes] == [b""] * 4
    assert len({answer for answer, _ in outcomes}) == 1
    assert [path.name for path in cache.iterdir()] == [kept_file(cache).name]


def test_a_reader_meets_a_writer(cache: Path, own: Path) -> None:
    """The file is replaced in one step: whoever reads meanwhile sees the old one or the new one, whole."""
    known = knowledge_for(own)
    found = compiled.read(own)
    assert found is not None
    sections = {name: found[name] for name in found}
    until = time.monotonic() + 1
    while time.monotonic() < until:
        compiled.write((own,), known, sections)
        again = compiled.read(own)
        assert again is not None
        assert again["known tiers"] == sections["known tiers"]


# --- the same answers


@pytest.fixture(scope="module")
def kept_router(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Router]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CATALOG_ROUTE_CACHE", str(tmp_path_factory.mktemp("cache")))
        knowledge_for()
        kept = router_for()
        assert type(kept.known) is not Knowledge
        yield kept


@pytest.mark.parametrize("name", [part.name for part in fields(Knowledge)])
def test_every_section_is_the_same(kept_router: Router, known: Knowledge, name: str) -> None:
    kept, fresh = getattr(kept_router.known, name), getattr(known, name)
    assert kept == fresh
    assert repr(kept) == repr(fresh)
    if isinstance(fresh, dict):
        assert list(kept) == list(fresh)


def test_answers_are_the_same_byte_for_byte(kept_router: Router, router: Router) -> None:
    different = [text for text in [*TEXTS, *ODD] if kept_router.route(text).to_json() != router.route(text).to_json()]
    assert different == []


def test_drafts_are_the_same(kept_router: Router, router: Router) -> None:
    for text in TEXTS[::10]:
        assert kept_router.route(text, draft=True).to_json() == router.route(text, draft=True).to_json()


def test_it_can_be_sent_to_another_process(kept_router: Router) -> None:
    sent = pickle.loads(pickle.dumps(kept_router))
    assert [sent.route(text) for text in TEXTS[:20]] == [kept_router.route(text) for text in TEXTS[:20]]


@pytest.mark.parametrize(
    "arguments",
    [("route", "--json", "feed issue"), ("show", "--json"), ("show", "signals"), ("show", "8541"), ("show", "overlays")],
)
def test_commands_print_the_same(cache: Path, arguments: tuple[str, ...]) -> None:
    first = run(*arguments)
    second = run(*arguments)
    assert kept_file(cache).exists()
    assert (first.returncode, first.stdout) == (second.returncode, second.stdout)
    assert first.returncode == 0


# --- seldom met


def test_a_windows_machine_keeps_it_where_windows_keeps_such_things(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CATALOG_ROUTE_CACHE", raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert places.cache_dir() == tmp_path / "catalog-route"


def test_knowledge_that_changed_meanwhile_is_not_kept(
    cache: Path, own: Path, known: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The digest of what was read is another than that of what lies there now, or files change while it is written."""
    compiled.write((own,), replace(known, digest="0" * 12), {})
    assert not cache.exists()
    marks = iter(range(100))
    monkeypatch.setattr(compiled, "_footprint", lambda folders: (str(next(marks)), 0))
    compiled.write((own,), replace(known, digest=places.digest(own)), {})
    assert not cache.exists()


def test_a_folder_whose_name_cannot_be_followed_is_taken_as_it_is(tmp_path: Path) -> None:
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    (found,) = compiled._absolute((circle / "x",))
    assert found == circle / "x" or found.name == "x"
    assert compiled._absolute((Path("\0"),)) == (Path("\0"),)


def test_kept_sections_can_be_listed_and_nothing_else_is_there(kept_router: Router) -> None:
    kept = kept_router.known._kept  # type: ignore[attr-defined]
    assert len(kept) == len(list(kept)) > 10
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = kept_router.known.nothing  # type: ignore[attr-defined]
