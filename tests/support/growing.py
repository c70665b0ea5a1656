"""A body whose workbook grows: what a new row and a new project are measured by is the builder's own workbook."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from perfeval.records import names
from perfeval.records.model import SHARED, Body, Indicator, Project, Whole

OUTPUT, BENEFIT, SATISFACTION = "产出指标", "效益指标", "满意度指标"
# Kinds of one row, of two, of rows that share one 分值, and a 一级指标 without 二级指标; rows 13 to 20.
KINDS = (
    (OUTPUT, "数量指标", None), (OUTPUT, "数量指标", None), (OUTPUT, "质量指标", None),
    (OUTPUT, "时效指标", None), (OUTPUT, "时效指标", SHARED), (BENEFIT, "社会效益指标", None),
    (SATISFACTION, "", None), (SATISFACTION, "", None),
)  # fmt: skip


def indicators(*kinds: tuple[str, str, Any]) -> tuple[Indicator, ...]:
    return tuple(Indicator(level1, level2, "", weight=weight) for level1, level2, weight in kinds)


def body(*projects: Project) -> Body:
    return Body("市水务局", 2021, "sz-project-2021", "元", projects)


FIRST = Project("01", "管网改造", indicators=indicators(*KINDS))
SECOND = Project("02", "河道清淤", indicators=indicators(*KINDS[:3], *KINDS[5:]))
BODY = body(FIRST, SECOND)
SHEET = "01 管网改造"
LISTED = len(names.DEFINED_NAMES) + 5  # the first project's row in 基本信息

# Where the cursor stands, the row that comes, and the indicator's place among FIRST's.
PLACES = {
    "the first of a kind": ("D13", 14, 1), "the last of a kind": ("E14", 15, 2), "the only one of a kind": ("H15", 16, 3),
    "rows that share one 分值": ("D16", 18, 5), "the last of a level": ("C18", 19, 6), "the last of all": ("B20", 21, 8),
}  # fmt: skip


def with_indicator(place: int) -> Body:
    """The body with one more indicator of the first project, of the kind of the one before it."""
    grown = list(FIRST.indicators)
    grown.insert(place, replace(grown[place - 1], weight=None))
    return body(replace(FIRST, indicators=tuple(grown)), SECOND)


WHOLE = Whole("sz-department-2020", indicators=indicators(*KINDS[:4], *KINDS[5:7]))
WHOLE_BODY = replace(BODY, whole=WHOLE)


# On 整体自评表, rows 15 to 20: as PLACES.
WHOLE_PLACES = {
    "the first of a kind": ("D15", 16, 1), "the last of a kind": ("G16", 17, 2), "the only one of a kind": ("E17", 18, 3),
    "the last of all": ("B20", 21, 6),
}  # fmt: skip


def with_whole_indicator(place: int) -> Body:
    """The body with one more indicator of its 整体自评表, of the kind of the one before it."""
    grown = list(WHOLE.indicators)
    grown.insert(place, grown[place - 1])
    return replace(BODY, whole=replace(WHOLE, indicators=tuple(grown)))


def with_project() -> Body:
    """The body with a third project, of which nothing is known, laid out as the first."""
    return body(FIRST, SECOND, replace(FIRST, code="03", name=""))


def cell(document: Any, place: str) -> Any:
    """A cell of an open document by its place, ``基本信息!B2``; of the first form where no sheet is named."""
    sheet, _, name = place.rpartition("!")
    return document.Sheets.getByName(sheet or SHEET).getCellRangeByName(name)
