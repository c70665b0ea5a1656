"""The published tables that come with the package, as records: what ``perfeval demo`` and the tests walk through."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from perfeval.digits import real
from perfeval.errors import InvalidValue
from perfeval.forms.grid import Value
from perfeval.records.model import SHARED, Body, Funds, Indicator, Project

_DOCUMENTS = ("shenzhen-2021", "hecheng-2020")
_SAME_CELL = "〃"  # the files' mark for a cell merged with the one above


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
        department=_cell(entry["department"]),
        implementer=_cell(entry["implementer"]),
        amount=_cell(entry["amount"], number=True),
        goal=_cell(entry["goal"]),
        outcome=_cell(entry["outcome"]),
        funds=tuple(Funds(row[0], *(_cell(amount, number=True) for amount in row[1:4])) for row in entry["funds"]),
        execution_score=_cell(entry["funds"][0][6], number=True),
        indicators=tuple(_indicator(row) for row in entry["indicators"]),
        published=_cell(entry["total"]["score"], number=True),
    )


def _indicator(row: Sequence[str]) -> Indicator:
    level1, level2, name, target, actual, weight, score, reason = row
    return Indicator(
        level1,
        level2,
        name,
        target=_cell(target),
        weight=SHARED if weight == _SAME_CELL else _cell(weight, number=True),
        actual=_cell(actual),
        score=None if score == _SAME_CELL else _cell(score, number=True),
        reason=_cell(reason),
    )


def _cell(text: str, *, number: bool = False) -> Value:
    """What a cell would hold: nothing, the text as printed, or the number that a plain figure is."""
    if not text:
        return None
    if not number:
        return text
    try:
        return real(text)
    except InvalidValue:
        return text
