"""The published tables of whole bodies that come with the package, as records: the second path of ``perfeval demo``.

A leaf's 得分 is given by a person only where the published data do not lead the rule to the printed score.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from perfeval.arithmetic import Scaled, decimal
from perfeval.errors import PerfEvalError
from perfeval.forms.labels import TOTAL_FUNDS
from perfeval.forms.values import same
from perfeval.records.matching import Matching, match
from perfeval.records.model import Body, Datum, Funds, GivenScore, Indicator, Money, Project, Task, Whole
from perfeval.scoring import score
from perfeval.scoring.inputs import read
from perfeval.standards import DetailedStandard, Leaf, detailed_standard

_DOCUMENTS = ("zhishu-2020", "hecheng-department-2020", "hecheng-expenditure-2020")
_UNPUBLISHED = "文件只公开了得分"


@dataclass(frozen=True, slots=True)
class PublishedWhole:
    """A whole body as it was published: its records, the printed score of every leaf, the total and the grade.

    ``targets`` tells which indicators of the year's beginning were found again at its end.
    """

    body: Body
    scores: Mapping[str, Scaled]
    total: Scaled
    grade: str
    targets: Matching[Indicator, Indicator]


def wholes() -> Mapping[str, PublishedWhole]:
    """The whole bodies whose tables were published, by the document's name."""
    return {name: _published(name) for name in _DOCUMENTS}


def _published(name: str) -> PublishedWhole:
    document = files("perfeval").joinpath("resources", "demo", f"{name}.toml")
    content = tomllib.loads(document.read_text(encoding="utf-8"))
    entry = content["whole"]
    standard, _ = detailed_standard(entry["standard"])
    targets, assessed = (tuple(_indicators(entry.get(key, ""))) for key in ("targets", "assessed"))
    matching = match(targets, assessed)
    tasks = tuple(_tasks(entry.get("tasks", "")))
    whole = Whole(
        entry["standard"],
        entry.get("goal"),
        entry.get("outcome"),
        tuple(_with_actuals(targets, matching)),
        tasks,
        tuple(datum for leaf in entry["leaves"] for datum in _data(standard, leaf)),
        tuple(given for leaf in entry["leaves"] for given in _given(standard, leaf)),
    )
    projects = (
        _project(f"{place:02d}", project, content["body"], tasks, assessed)
        for place, project in enumerate(content.get("project", ()), start=1)
    )
    body = Body(content["body"], content["year"], content["standard"], content["unit"], tuple(projects), whole=whole)
    scores = {leaf["code"]: decimal(leaf["printed"]) for leaf in entry["leaves"]}
    return PublishedWhole(body, scores, decimal(entry["total"]), entry["grade"], matching)


# --- the leaves ---


def _data(standard: DetailedStandard, entry: Mapping[str, Any]) -> Iterator[Datum]:
    for (owner, one), value in zip(standard.leaf(entry["code"]).entries(), entry.get("values", ()), strict=False):
        if value != "":
            yield Datum(owner.code, one.name, float(value) if isinstance(value, int) else value)


def _given(standard: DetailedStandard, entry: Mapping[str, Any]) -> Iterator[GivenScore]:
    leaf, printed = standard.leaf(entry["code"]), decimal(entry["printed"])
    by_rule = _by_rule(standard, leaf, entry.get("values", ()))
    if by_rule is None or not same(by_rule, printed):
        yield GivenScore(leaf.code, float(printed), entry.get("note", _UNPUBLISHED))
    elif "note" in entry:
        yield GivenScore(leaf.code, None, entry["note"])


def _by_rule(standard: DetailedStandard, leaf: Leaf, values: Sequence[Any]) -> Scaled | None:
    """What the rule gives for the published values; None where they are not enough."""
    if not values:
        return None
    try:
        given = [read(one, value) for one, value in zip(leaf.inputs, values, strict=True)]
        found = score(leaf, given, standard.convention).value
    except PerfEvalError:
        return None
    return found if isinstance(found, Scaled) else None


# --- targets, tasks and projects ---


def _lines(text: str) -> Iterator[list[str]]:
    for line in text.strip().splitlines():
        yield [cell.strip() for cell in line.split("|")]


def _indicators(text: str) -> Iterator[Indicator]:
    """``二级指标 | 三级指标 | 指标值 | 完成值`` under lines that name a 一级指标."""
    level1 = ""
    for cells in _lines(text):
        if len(cells) == 1:
            level1 = cells[0]
        else:
            level2, name, target, *actual = cells
            yield Indicator(level1, level2, name, target, actual=next(iter(actual), None))


def _with_actuals(targets: Sequence[Indicator], matching: Matching[Indicator, Indicator]) -> Iterator[Indicator]:
    """The targets, those that the year's end certainly knows with its actuals."""
    found = {(before.level2, before.name): after.actual for before, after in matching.pairs}
    for target in targets:
        yield replace(target, actual=found.get((target.level2, target.name)))


def _tasks(text: str) -> Iterator[Task]:
    for name, content, outcome, budget, fiscal, executed, spent in _lines(text):
        yield Task(name, content, outcome, Money(float(budget), float(fiscal)), Money(float(executed), float(spent)))


def _project(
    code: str, entry: Mapping[str, Any], body: str, tasks: Sequence[Task], assessed: Sequence[Indicator]
) -> Project:
    """A project of 表15; the task of its name tells what was budgeted in the end, and spent."""
    targets = tuple(_indicators(entry["targets"]))
    task = next(task for task in tasks if task.name == entry["name"])
    return Project(
        code=code,
        name=entry["name"],
        implementer=body,
        amount=float(entry["amount"]),
        goal=entry["goal"],
        outcome=task.outcome,
        funds=(Funds(TOTAL_FUNDS, float(entry["amount"]), task.budget.total, task.executed.total),),
        indicators=tuple(_with_actuals(targets, match(targets, assessed))),
    )
