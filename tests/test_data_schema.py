"""The JSON Schema of the data files: it ships, every file names it, and it agrees with what the loader takes and refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from catalog_route.data_schema import data_schema
from catalog_route.entries import RECORDS, SECTIONS, SINGLE
from catalog_route.meanings import MEANINGS
from catalog_route.places import data_dir, data_files
from catalog_route.yaml_source import read_yaml

ROOT = Path(__file__).resolve().parents[1]
OVERLAYS = sorted((ROOT / "examples" / "agency").glob("*.yaml"))
FILES = [*data_files(data_dir()), *OVERLAYS]
VALIDATOR = Draft7Validator(data_schema())


def plain(value: Any) -> Any:
    """What was read, with the keys as they are written."""
    if isinstance(value, dict):
        return {key.removesuffix("_"): plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, tuple) else value


def faults(content: str, tmp_path: Path) -> list[str]:
    path = tmp_path / "a.yaml"
    path.write_text(content, encoding="utf-8")
    text = read_yaml(path, "a.yaml")
    assert text.problems == []
    return [fault.message for fault in VALIDATOR.iter_errors(plain(text.data))]


def test_it_is_a_schema() -> None:
    Draft7Validator.check_schema(data_schema())


def test_it_ships_beside_the_data() -> None:
    assert json.loads((data_dir() / "schema.json").read_text(encoding="utf-8")) == data_schema()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_names_it_in_its_first_line_and_fits_it(path: Path) -> None:
    first, second = path.read_text(encoding="utf-8").splitlines()[:2]
    target = first.removeprefix("# yaml-language-server: $schema=")
    assert target != first
    assert json.loads((path.parent / target).read_text(encoding="utf-8")) == data_schema()
    assert second.startswith("# "), "what the file holds, for people"
    assert [fault.message for fault in VALIDATOR.iter_errors(plain(read_yaml(path, path.name).data))] == []


def test_every_section_and_field_is_in_it_with_its_meaning() -> None:
    schema = data_schema()
    assert set(schema["properties"]) == {*SECTIONS, *SINGLE}
    for record in {*RECORDS.values()}:
        properties = schema["definitions"][record.__name__]["properties"]
        for name in MEANINGS[record.__name__]:
            assert properties[name]["description"], name


def test_nothing_is_explained_that_is_not_there() -> None:
    for name, told in MEANINGS.items():
        (record,) = {record for record in RECORDS.values() if record.__name__ == name}
        assert set(told) == {field.removesuffix("_") for field in record.__record_names__} - {"origin"}


TIP = 'tips:\n  - {id: a, stage: try, text: "t", why: "w", certainty: stated, source: F1%s}\n'


@pytest.mark.parametrize(
    "content",
    [
        TIP % "",
        TIP % ", replaces: true",
        "whole: true\n",
        "disabled: {tips: [a], variants: [grey], negates: [not]}\n",
        "groups:\n  - {id: g, extends: true, words: [x]}\n",
        "signals:\n  - {id: s, extends: true, says: [x], not: [z], examples: {fires: [x]}}\n",
        'codes:\n  - {code: "1", extends: true, echo_of: ["2"]}\n',
        "vocabulary: {replaces: [grey], variants: {grey: gray}, numbers: {one: 1}, counts: {reopened: [again]}}\n",
    ],
)
def test_what_the_loader_takes_fits(tmp_path: Path, content: str) -> None:
    assert faults(content, tmp_path) == []


@pytest.mark.parametrize(
    "content",
    [
        "tipps: []\n",
        TIP.replace(", source: F1", "") % "",
        TIP.replace("stated", "sure") % "",
        TIP % ", wheight: 5",
        TIP % ', weight: "5"',
        TIP % ', replaces: "yes"',
        TIP % ', origin: "x"',
        "disabled: {tipps: [a]}\n",
        "disabled: [a]\n",
        "groups:\n  - {id: g, extends: true, word: [x]}\n",
        "signals:\n  - {id: s, extends: true, title: x}\n",
        "signals:\n  - {id: s, says: [x]}\n",
        'whole: "yes"\n',
    ],
)
def test_what_the_loader_refuses_does_not_fit(tmp_path: Path, content: str) -> None:
    assert faults(content, tmp_path)
