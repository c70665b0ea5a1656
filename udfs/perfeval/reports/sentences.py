"""What a report says: each field is a sentence, or several, made of the facts and right for them.

A field that cannot be told from the workbook says what a person has to write instead; nothing is guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from perfeval.arithmetic import Scaled, add, aligned, half_up
from perfeval.reports.facts import Facts, ProjectFacts, Score, agree
from perfeval.reports.fields import FIELDS, PROJECT_FIELDS, field, of_project
from perfeval.reports.wording import change, compared, counted, execution, loss, money, number, percent, quoted

__all__ = ["FIELDS", "PROJECT_FIELDS"]  # filled by this module

_PROJECTS, _PROJECT, _WHOLE = "项目支出", "该项目", "部门整体"  # whose figures a sentence tells


# --- what the workbook says as it is ---

for _name, _tell in {
    "单位名称": lambda facts: facts.body or None,
    "年度": lambda facts: str(facts.year) if facts.year else None,
    "金额单位": lambda facts: facts.unit,
    "填表人": lambda facts: facts.preparer or None,
    "联系电话": lambda facts: facts.phone or None,
    "单位负责人": lambda facts: facts.head or None,
    "标准": lambda facts: facts.standard.title,
    "项目个数": lambda facts: str(len(facts.projects)),
}.items():
    field(_name, f"“基本信息”的{_name}" if _name != "项目个数" else "自评表的张数")(_tell)

for _name, _attribute in {
    "项目名称": "name",
    "主管部门": "department",
    "实施单位": "implementer",
    "预期目标": "goal",
    "实际完成情况": "outcome",
}.items():
    of_project(_name, f"自评表上的{_name}")(lambda _, one, attribute=_attribute: getattr(one, attribute) or None)


@of_project("项目序号", "第几个项目")
def _place(facts: Facts, one: ProjectFacts) -> str:
    return str(facts.projects.index(one) + 1)


# --- all projects ---


@field("预算安排", "项目数、年初预算数、全年预算数，增加或减少多少", "年初预算数和全年预算数")
def _budget(facts: Facts) -> str | None:
    spent, unit = facts.money, facts.unit
    if not facts.projects:
        return "没有纳入绩效自评的项目。"
    if spent.budget is None:
        return None
    together = "合计" if len(facts.projects) > 1 else ""
    whose = f"{_PROJECTS}{{}}{together}{{}}"
    told = f"纳入绩效自评的项目共{len(facts.projects)}个，"
    if spent.initial is not None:
        told += f"{whose.format('年初预算数', money(spent.initial, unit))}，"
    told += whose.format("全年预算数", money(spent.budget, unit))
    if spent.initial is not None:
        told += f"，全年预算数{change(spent.budget, spent.initial, unit).format('年初预算数')}"
    return f"{told}。"


@field("预算执行", "全年执行数、执行率，结余或超支多少", "全年执行数和预算执行率")
def _execution(facts: Facts) -> str | None:
    if not facts.projects:
        return ""
    told = execution(facts.money, facts.unit, _PROJECTS)
    return None if told is None else f"{told}。"


@field("执行率高低", "执行率最高和最低的项目", "各项目的预算执行率")
def _rates(facts: Facts) -> str | None:
    rates: list[tuple[Scaled, Scaled, str]] = []
    for one in facts.projects:
        spent = one.money
        if spent.budget is None or spent.executed is None:
            return None
        if spent.budget.units > 0:
            rates.append((spent.executed, spent.budget, one.name))
    if len(rates) < 2:
        return ""
    ordered = sorted(rates, key=lambda rate: Fraction(*aligned(rate[0], rate[1])))
    low, high = percent(*ordered[0][:2]), percent(*ordered[-1][:2])
    if low == high:
        return f"各项目的预算执行率都是{high}。"
    highest = [name for executed, budget, name in rates if percent(executed, budget) == high]
    lowest = [name for executed, budget, name in rates if percent(executed, budget) == low]
    return f"预算执行率最高的是{quoted(highest)}，为{high}；最低的是{quoted(lowest)}，为{low}。"


@field("自评得分", "平均分、最高分、最低分", "各项目的自评总分")
def _totals(facts: Facts) -> str | None:
    totals = [one.total for one in facts.projects]
    known = [total for total in totals if total is not None]
    if not totals:
        return ""
    if len(known) < len(totals):
        return None
    if len(known) == 1:
        return f"“{facts.projects[0].name}”自评总分{number(known[0])}分。"
    mean = _mean(known)
    best, worst = max(known, key=float), min(known, key=float)
    if not compared(best, worst):
        return f"{len(known)}个项目的自评总分都是{number(best)}分。"
    first = [one.name for one in facts.projects if agree(one.total, best)]
    last = [one.name for one in facts.projects if agree(one.total, worst)]
    return (
        f"{len(known)}个项目自评总分平均{number(mean)}分，最高的是{quoted(first)}，{number(best)}分；"
        f"最低的是{quoted(last)}，{number(worst)}分。"
    )


def _mean(scores: Sequence[Scaled]) -> Scaled:
    """The mean to two decimals, as 汇总 rounds it."""
    total = add(list(scores))
    return Scaled(half_up(total.units * 100, len(scores) * 10**total.places), 2)


@field("等级分布", "优、良、中、差各几个", "各项目的等级")
def _grades(facts: Facts) -> str | None:
    if not facts.projects:
        return ""
    if any(not one.grade for one in facts.projects):
        return None
    counts = Counter(one.grade for one in facts.projects)
    names = [name for name, _ in facts.standard.grades]
    if len(counts) == 1:
        (only,) = counts
        return f"{len(facts.projects)}个项目的等级都是“{only}”。" if len(facts.projects) > 1 else f"等级为“{only}”。"
    none = [name for name in names if not counts[name]]
    told = f"等级为{counted([(f'“{name}”的', counts[name]) for name in names])}"
    return f"{told}，没有等级为{quoted(none)}的项目。" if none else f"{told}。"


@field("指标完成", "多少项指标得满分，多少项扣分", "各项指标的得分")
def _indicators(facts: Facts) -> str | None:
    if not facts.projects:
        return ""
    return _full_or_lost([score for one in facts.projects for score in one.weighed], "各项目计分的绩效指标")


def _full_or_lost(scores: Sequence[Score], what: str) -> str | None:
    full, short = sum(score.is_full for score in scores), sum(score.is_short for score in scores)
    if not scores or full + short < len(scores):
        return None
    if not short:
        return f"{what}共{len(scores)}项，全部得满分。"
    if not full:
        return f"{what}共{len(scores)}项，都没有得满分。"
    return f"{what}共{len(scores)}项，其中得满分的{full}项，扣分的{short}项。"


@field("扣分说明", "每一项扣分的指标：差多少，原因是什么；每项一段", "扣分的指标、原因和改进措施")
def _all_losses(facts: Facts) -> Iterator[str]:
    if not facts.projects:
        yield ""
        return
    scored = [(one, score) for one in facts.projects for score in (one.execution, *one.weighed)]
    lost = [(one, score) for one, score in scored if score.is_short]
    for one, score in lost:
        yield f"“{one.name}”：{loss(score)}"
    if not lost and all(score.is_full for _, score in scored):
        yield "各项目的预算执行率和绩效指标都得满分，没有扣分。"


@field("产出情况", "逐个项目：产出指标的分值、得分；每个项目一段", "产出指标的完成情况")
def _output(facts: Facts) -> Iterator[str]:
    yield from _groups(facts, lambda level1: "产出" in level1 or "成本" in level1)


@field("效益情况", "逐个项目：效益、满意度指标的分值、得分；每个项目一段", "效益和满意度指标的完成情况")
def _effect(facts: Facts) -> Iterator[str]:
    yield from _groups(facts, lambda level1: "效益" in level1 or "效果" in level1 or "满意" in level1)


def _groups(facts: Facts, wanted: Callable[[str], bool]) -> Iterator[str]:
    for one in facts.projects:
        told = [sums for level1, sums in _by_level(one) if wanted(level1)]
        if told:
            yield f"“{one.name}”：{'；'.join(told)}。"


def _by_level(one: ProjectFacts) -> Iterator[tuple[str, str]]:
    """Each 一级指标 of a project with its sums in words; none where a figure is unknown."""
    for level1 in dict.fromkeys(score.level1 for score in one.weighed):
        scores = [score for score in one.weighed if score.level1 == level1]
        weights = [score.weight for score in scores if score.weight is not None]
        given = [score.score for score in scores if score.score is not None]
        if len(given) == len(scores):
            yield (
                level1,
                f"{level1 or '绩效指标'}共{len(scores)}项，分值{number(add(weights))}分，得{number(add(given))}分",
            )


# --- one project ---


@of_project("项目预算执行", "这个项目的预算、执行数、执行率，结余或超支", "项目的预算和执行情况")
def _project_execution(facts: Facts, one: ProjectFacts) -> str | None:
    spent, unit = one.money, facts.unit
    told = execution(spent, unit, _PROJECT)
    if told is None or spent.budget is None:
        return None
    if spent.initial is None:
        return f"{_PROJECT}全年预算数{money(spent.budget, unit)}，{told}。"
    changed = change(spent.budget, spent.initial, unit).format("年初预算数")
    given = f"{_PROJECT}年初预算数{money(spent.initial, unit)}，{_PROJECT}全年预算数{money(spent.budget, unit)}"
    return f"{given}，全年预算数{changed}；{told}。"


@of_project("项目得分", "这个项目的总分、等级和各部分的得分", "项目的自评总分")
def _project_score(_: Facts, one: ProjectFacts) -> str | None:
    if one.total is None:
        return None
    told = f"自评总分{number(one.total)}分"
    if one.grade:
        told += f"，等级为“{one.grade}”"
    parts = [sums for _, sums in _by_level(one)]
    rate = one.execution
    if rate.weight is not None and rate.score is not None:
        parts.insert(0, f"预算执行率分值{number(rate.weight)}分，得{number(rate.score)}分")
    return f"{told}。其中：{'；'.join(parts)}。" if parts else f"{told}。"


@of_project("项目扣分说明", "这个项目每一项扣分的指标：差多少，原因是什么；每项一段", "扣分的指标、原因和改进措施")
def _losses(_: Facts, one: ProjectFacts) -> Iterator[str]:
    scores = [one.execution, *one.weighed]
    yield from (loss(score) for score in scores if score.is_short)
    if all(score.is_full for score in scores):
        yield "预算执行率和各项指标都得满分，没有扣分。"


# --- the whole body ---


@field("整体得分", "部门整体的评分表：总分、等级，各部分的得分", "部门整体支出绩效自评的总分和等级")
def _whole_score(facts: Facts) -> str | None:
    whole = facts.whole
    if whole is None or whole.total is None:
        return None
    told = f"部门整体支出绩效自评总分{number(whole.total)}分"
    if whole.grade:
        told += f"，等级为“{whole.grade}”"
    parts = [f"{level1}分值{number(weight)}分，得{number(given)}分" for level1, weight, given in whole.levels]
    return f"{told}。其中：{'；'.join(parts)}。" if parts else f"{told}。"


@field(
    "整体预算执行",
    "部门整体的年度主要任务（含基本支出）的预算、执行数、执行率，结余或超支",
    "部门全年预算数、执行数和预算执行率",
)
def _whole_execution(facts: Facts) -> str | None:
    if facts.whole is None or facts.whole.money.budget is None:
        return None
    told = execution(facts.whole.money, facts.unit, _WHOLE)
    return told and f"{_WHOLE}全年预算数{money(facts.whole.money.budget, facts.unit)}，{told}。"


@field("整体扣分说明", "部门整体的评分表里每一项扣分的指标；每项一段", "部门整体扣分的指标、原因和改进措施")
def _whole_losses(facts: Facts) -> Iterator[str]:
    if facts.whole is None:
        return
    yield from (loss(score) for score in facts.whole.scores if score.is_short)
    if all(score.is_full for score in facts.whole.scores):
        yield "评分表各项指标都得满分，没有扣分。"


for _name in ("资金管理", "项目管理", "资产管理", "人员管理", "制度管理"):

    @field(f"{_name}得分", f"部门整体的评分表里“{_name}”各项指标的分值和得分", f"“{_name}”各项指标的得分")
    def _of_level(facts: Facts, level2: str = _name) -> str | None:
        if facts.whole is None:
            return ""
        scores = [score for score in facts.whole.scores if score.level2 == level2]
        told = [
            f"“{score.name}”分值{number(score.weight)}分，得{number(score.score)}分"
            for score in scores
            if score.weight is not None and score.score is not None
        ]
        return f"{level2}：{'；'.join(told)}。" if told and len(told) == len(scores) else None if scores else ""
