"""A file appears whole or not at all, whatever call fails, and nothing else is left behind."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from catalog_route.atomic_file import atomic
from failing import OsFaults

OLD, NEW = b"old\n", b"new line\n" * 4000
PARTS = 5


def store(path: Path) -> None:
    with atomic(path) as stream:
        for _ in range(PARTS):
            stream.write(NEW)
            stream.flush()


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_bytes_arrive(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    store(path)
    assert path.read_bytes() == NEW * PARTS
    assert names(tmp_path) == ["out.jsonl"]


def test_nothing_is_there_before_the_end(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(OLD)
    with atomic(path) as stream:
        stream.write(NEW)
        stream.flush()
        assert path.read_bytes() == OLD
    assert path.read_bytes() == NEW


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_permissions_stay(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(OLD)
    path.chmod(mode)
    store(path)
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.write_bytes(b"")
    store(tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").stat().st_mode == usual.stat().st_mode


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt, SystemExit, MemoryError])
def test_failure_inside_leaves_the_old_file(tmp_path: Path, fault: type[BaseException]) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(OLD)
    with pytest.raises(fault), atomic(path) as stream:
        stream.write(NEW)
        raise fault
    assert path.read_bytes() == OLD
    assert names(tmp_path) == ["out.jsonl"]


def test_link_is_replaced_not_written_through(tmp_path: Path) -> None:
    aim, link = tmp_path / "aim", tmp_path / "link"
    aim.write_bytes(OLD)
    link.symlink_to(aim)
    store(link)
    assert aim.read_bytes() == OLD
    assert not link.is_symlink()
    assert link.read_bytes() == NEW * PARTS


def test_dangling_link_is_replaced(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    store(link)
    assert names(tmp_path) == ["link"]


def test_device_is_written_directly_and_stays_one() -> None:
    before = Path(os.devnull).stat().st_mode
    store(Path(os.devnull))
    assert Path(os.devnull).stat().st_mode == before


def test_pipe_is_written_directly(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with atomic(path) as stream:
            stream.write(OLD)
        assert os.read(reader, 100) == OLD
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(path.stat().st_mode)


@pytest.mark.parametrize("path", ["folder", "missing/out", "file/out", "loop", "nul\0", "x" * 300])
def test_impossible_places_are_told(tmp_path: Path, path: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(OLD)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    before = names(tmp_path)
    with pytest.raises((OSError, ValueError)):
        store(tmp_path / path)
    assert names(tmp_path) == before


def test_long_names_are_fine(tmp_path: Path) -> None:
    path = tmp_path / ("ü" * 127)
    store(path)
    assert path.read_bytes() == NEW * PARTS


def full() -> OSError:
    return OSError(28, "No space left on device")


def calls_of_a_clean_run(folder: Path) -> int:
    folder.mkdir()
    (folder / "out").write_bytes(OLD)
    with pytest.MonkeyPatch.context() as patch:
        faults = OsFaults(patch, 0, full)
        store(folder / "out")
    return faults.calls


def test_every_single_call_may_fail(tmp_path: Path) -> None:
    """For every k: the k-th call fails, the old file is whole, nothing else is left – until a run has no fault."""
    calls = calls_of_a_clean_run(tmp_path / "clean")
    assert calls >= PARTS + 6
    failed = []
    for k in range(1, calls + 1):
        folder = tmp_path / str(k)
        folder.mkdir()
        path = folder / "out"
        path.write_bytes(OLD)
        with pytest.MonkeyPatch.context() as patch:
            faults = OsFaults(patch, k, full)
            try:
                store(path)
                whole = NEW * PARTS
            except OSError:
                whole = OLD
        failed.append(faults.failed)
        assert path.read_bytes() == whole, (k, faults.failed)
        assert names(folder) == ["out"], (k, faults.failed)
    assert set(failed) == {*OsFaults.CALLS, "write"}


def test_a_failure_after_the_move_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is in its place; that the folder cannot be forced to disk changes nothing about it."""
    path = tmp_path / "out"
    real, calls = os.fsync, iter(range(10))

    def second_fails(handle: int) -> None:
        if next(calls):
            raise OSError(22, "Invalid argument")
        real(handle)

    monkeypatch.setattr(os, "fsync", second_fails)
    store(path)
    assert path.read_bytes() == NEW * PARTS
