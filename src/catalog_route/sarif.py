"""Problems as SARIF 2.1.0, the form in which tools for code review take findings and show them beside the lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import quote

from catalog_route.problems import Problem
from catalog_route.rules import RULES

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif_log(problems: Sequence[Problem], version: str) -> dict[str, Any]:
    """The log of one run. Paths are relative where the problems' files are, so that a review tool finds the lines."""
    names = list(RULES)
    driver = {"name": "catalog-route", "semanticVersion": version, "rules": [_rule(name) for name in names]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, names.index(problem.rule)) for problem in problems],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(name: str) -> dict[str, Any]:
    severity, finds = RULES[name]
    return {
        "id": name,
        "shortDescription": {"text": f"{finds[0].upper()}{finds[1:]}."},
        "defaultConfiguration": {"level": severity},
    }


def _result(problem: Problem, index: int) -> dict[str, Any]:
    cure = f" – {problem.cure}" if problem.cure else ""
    return {
        "ruleId": problem.rule,
        "ruleIndex": index,
        "level": problem.severity,
        "message": {"text": f"{problem.what}{cure}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(problem.file)},
                    "region": {"startLine": problem.line, "startColumn": problem.column},
                }
            }
        ],
    }


def _uri(file: str) -> str:
    """A path as a URI: relative ones stay relative."""
    windows = PureWindowsPath(file)
    if windows.drive.endswith(":") and windows.root:
        return f"file:///{windows.drive}{quote(windows.as_posix().removeprefix(windows.drive), errors='surrogateescape')}"
    path = quote(PurePosixPath(file).as_posix(), errors="surrogateescape")
    return f"file://{path}" if file.startswith("/") else path
