"""The 2020 budget documents of 深圳市社会保险基金管理局: what 12 bodies and one special fund printed, as data.

``bodies`` holds, a file a body, its 部门（单位）整体支出绩效目标表 (表14) and its 项目绩效目标表 (表15). Names, figures, indicators
and their targets are the document's own; passages of prose (goals, contents of tasks) are shortened in other words, and
persons and telephone numbers are left out. ``?`` stands where the published text cannot be read; a file's head says
what else was lost in it. Everywhere 其他资金 is 0.00 and all money is 财政拨款, unless the file says otherwise.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from support import DATA

DEPARTMENT = "深圳市社会保险基金管理局"
LOST = "?"
LEVELS = {
    "产出指标": ("数量指标", "质量指标", "时效指标", "成本指标"),
    "效益指标": ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    "满意度指标": ("服务对象满意度指标", "其他满意度指标"),
}
TYPES = ("一般性项目支出", "专项性项目支出", "政府投资项目支出", "政府性基金项目支出")
USES = ("业务类", "政策类（转移性支出）", "工程及维护类", "基本建设", "信息化工程", "设备购置及维护")
Row = tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """One indicator as it is printed: both levels, its name, its 指标值 ("" where it cannot be read), its source."""

    level1: str
    level2: str
    name: str
    value: str
    source: str = ""


@dataclass(frozen=True)
class Project:
    """One 项目绩效目标表 (表15); ``plan`` is its 资助计划 by quarters: name, amount, four quarters."""

    body: str
    name: str
    type: str
    use: str
    dates: tuple[str, str]
    amount: str
    other: str
    assets: str | None
    goal: str
    plan: tuple[Row, ...]
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Body:
    """One 整体支出绩效目标表 (表14): the tasks with content and amount in 万元, the total, the indicators."""

    name: str
    goal: str
    total: str
    tasks: tuple[Row, ...]
    targets: tuple[Target, ...]


def _rows(text: str) -> tuple[Row, ...]:
    return tuple(tuple(cell.strip() for cell in line.split(" | ")) for line in text.strip().splitlines())


def _targets(text: str) -> Iterator[Target]:
    level1 = ""
    for row in _rows(text):
        if len(row) == 1:
            (level1,) = row
        else:
            level2, name, value, *source = row
            yield Target(level1, level2, name, "" if value == LOST else value, *source)


def _read() -> tuple[tuple[Body, ...], tuple[Project, ...]]:
    bodies: list[Body] = []
    projects: list[Project] = []
    for path in sorted((DATA / "seed004" / "bodies").glob("*.toml")):
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
        whole = entry.get("targets")
        if whole:
            targets = tuple(_targets(whole["indicators"]))
            bodies.append(Body(entry["body"], whole["goal"], whole["total"], _rows(whole["tasks"]), targets))
        projects += [
            Project(
                body=entry["body"],
                name=project["name"],
                type=project.get("type", TYPES[0]),
                use=project.get("use", USES[0]),
                dates=tuple(project.get("dates", ("2020-01-01", "2020-12-31"))),
                amount=project["amount"],
                other=project.get("other", "0.00"),
                assets=project.get("assets"),
                goal=project["goal"],
                plan=_rows(project.get("plan", "")),
                targets=tuple(_targets(project.get("indicators", ""))),
            )
            for project in entry["project"]
        ]
    return tuple(bodies), tuple(projects)


BODIES, PROJECTS = _read()


def _line(*cells: str) -> str:
    """A line of a sheet; a text that begins with a sign of the notation is told to be text."""
    return " | ".join(f"'{cell}" if cell.startswith(("=", "#", "@")) else cell for cell in cells)


def _wide(text: str, columns: int) -> str:
    return _line(text, *["<"] * (columns - 1))


def _ticked(options: Sequence[str], chosen: str) -> str:
    return " ".join(f"{option}{'√' if option == chosen else '□'}" for option in options)


def body_sheet(body: Body) -> str:
    """表14 as it is printed: every 二级指标 in its place, with an empty row where it has no indicator."""
    lines = [
        _wide("部门（单位）整体支出绩效目标表", 6),
        _wide("（2020 年）", 6),
        _line("部门（单位）名称", "<", body.name, "主管部门", DEPARTMENT, "<"),
        _line("年度主要任务", "任务名称", "主要内容", "预算金额（万元）", "<", "<"),
        _line("^", "^", "^", "总额", "财政拨款", "其他资金"),
        _line("^", "合计", "<", body.total, body.total, "0.00"),
    ]
    lines += [_line("^", name, content, amount, amount, "0.00") for name, content, amount in body.tasks]
    lines += [
        _line("年度总体目标", body.goal, "<", "<", "<", "<"),
        _line("年度绩效指标", "一级指标", "二级指标", "三级指标", "指标值", "<"),
    ]
    for level1, levels2 in LEVELS.items():
        first = level1
        for level2 in levels2:
            cells = [target for target in body.targets if (target.level1, target.level2) == (level1, level2)]
            above = level2
            for target in cells or [Target(level1, level2, "", "")]:
                lines.append(_line("^", first, above, target.name, target.value, "<"))
                first = above = "^"
    return "\n".join(lines)


def project_sheet(project: Project) -> str:
    """表15 as it is printed."""
    start, end = project.dates
    lines = [
        _line("表15", "", "", "", ""),
        _wide("项目绩效目标表", 5),
        _wide("(2020年)", 5),
        _line(f"实施单位：{project.body}", "<", "<", f"主管单位：{DEPARTMENT}", "<"),
        _line("项目名称", project.name, "<", "<", "<"),
        _line("项目类型", _ticked(TYPES, project.type), "<", "<", "<"),
        _line("资金用途", _ticked(USES, project.use), "<", "<", "<"),
        _line("计划开始日期", start, "<", "计划完成日期", end),
        _line("项目总金额", project.amount, "<", "本年度项目金额", project.amount),
        _line("财政拨款资金", project.amount, "<", "其他资金", project.other),
    ]
    if project.assets is not None:
        lines.append(_line("资产采购计划", "固定资产采购金额", project.assets, "采购品目", ""))
    if project.plan:
        quarters = [f"第{quarter}季度支出计划" for quarter in "一二三四"]
        lines.append(_line("资助计划", "财政拨款", "其他资金", "合计", "测算依据", *quarters))
        for name, amount, *planned in project.plan:
            lines.append(_line(name, amount, "0.00", amount, "见测算说明", *planned, *[""] * (4 - len(planned))))
    lines += [_line(label, "（略）", "<", "<", "<") for label in ("项目概况", "项目用途", "项目总(中期)目标")]
    lines.append(_line("年度绩效目标", project.goal, "<", "<", "<"))
    if project.targets:
        lines.append(_line("目标内容", "二级指标", "绩效指标", "指标目标值", "目标值来源"))
    for level1, targets in groupby(project.targets, lambda target: target.level1):
        for place, target in enumerate(targets):
            lines.append(_line("^" if place else level1, target.level2, target.name, target.value, target.source))
    return "\n".join(lines)
