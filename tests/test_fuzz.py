"""A few rounds of the fuzzer with fixed seeds, and what it once found, each as a test named after what went wrong."""

from __future__ import annotations

import pytest

import fuzz
from driving import Driver

ROUNDS = 16


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_a_few_rounds_of_every_target(drive: Driver, target: str) -> None:
    for seed in range(ROUNDS):
        fuzz.one_round(drive, target, seed)


def test_the_fuzzer_notices_what_goes_wrong(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A program that fails on every text must not look sound."""

    def broken(*_: object, **__: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("catalog_route.router.Router.route", broken)
    assert fuzz.main(["--target", "answer", "--round", "3"]) == 1
    assert "--target answer --round 3" in capsys.readouterr().out
