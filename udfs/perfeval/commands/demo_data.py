"""The published tables that come with the package, as records: what ``perfeval demo`` and the tests walk through."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from perfeval.forms.grid import Value
from perfeval.forms.records import Body, Funds, Indicator, Project

_DOCUMENTS = ("shenzhen-2021", "hecheng-2020")
_SHARED = "〃"  # the files' mark for a cell merged with the one above


def bodies() -> Mapping[str, Body]:
    """The public bodies whose tables were published, by the document's name, with every figure as printed."""
    return {name: _body(name) for name in _DOCUMENTS}


def _body(name: str) -> Body:
    document = files("perfeval").joinpath("resources", "demo", f"{name}.toml")
    content = tomllib.loads(document.read_text(encoding="utf-8"))
    projects = [_project(f"{place:02d}", entry) for place, entry in enumerate(content["project"], start=1)]
    return Body(content["body"], content["year"], content["standard"], content["unit"], tuple(projects))


def _project(code: str, entry: dict[str, Any]) -> Project:
    return Project(
        code=code,
        name=entry["name"],
        department=entry["department"],
        implementer=entry["implementer"],
        amount=_number(entry["amount"]),
        goal=entry["goal"],
        outcome=entry["outcome"],
        funds=tuple(Funds(row[0], *map(_number, row[1:4])) for row in entry["funds"]),
        execution_score=_number(entry["funds"][0][6]),
        indicators=tuple(_indicator(row) for row in entry["indicators"]),
        published=_number(entry["total"]["score"]),
    )


def _indicator(row: Sequence[str]) -> Indicator:
    level1, level2, name, target, actual, weight, score, reason = row
    return Indicator(
        level1,
        level2,
        name,
        target=target,
        weight=None if weight == _SHARED else _number(weight),
        actual=actual,
        score=None if score == _SHARED else _number(score),
        reason=reason,
    )


def _number(text: str) -> Value:
    """A figure that is a plain number as a number; what carries a unit stays as printed."""
    try:
        return float(text)
    except ValueError:
        return text
