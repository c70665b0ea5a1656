"""Worksheet functions of the standards that are scored leaf by leaf: 部门整体支出, 预算支出."""

from collections.abc import Sequence
from typing import Any

from perfeval.arithmetic import Scaled
from perfeval.conventions import DetailedConvention
from perfeval.errors import InvalidValue, PerfEvalError, PropagatedError, UnknownName
from perfeval.functions.kinds import (
    QUARTERLY_STANDARD,
    QUARTERLY_WEIGHT,
    Amount,
    Cell,
    DetailedText,
    Name,
    Points,
    QuarterlyText,
)
from perfeval.functions.ranges import cells
from perfeval.functions.registry import worksheet_function
from perfeval.hints.leaf import leaf_hints
from perfeval.quantities import Quantity
from perfeval.scoring import Outcome, basis, needed, rule_text, score
from perfeval.scoring.inputs import read
from perfeval.standards import DetailedStandard, Leaf, detailed_standard
from perfeval.standards.rules import Quarterly, Rated

_STANDARD = (
    "标准",
    "部门整体或预算支出标准的编号或名称，可加口径，例如 hn-department-2020; steps=ceil",
)
_INDICATOR = ("指标", "三级指标的编码、名称，或“二级指标/三级指标”；小项写它自己的名称")
_VALUES = ("数值", "这个指标要填的数，按 PE_STD_TABLE 列出的次序，也可以是一个区域")
_HEAD = ("一级指标", "二级指标", "三级指标", "分值", "评分规则", "要填的数", "编码", "注意")


@worksheet_function(
    title="标准指标得分",
    group="部门整体",
    standard=_STANDARD,
    indicator=_INDICATOR,
    values=_VALUES,
)
def pe_std_score(standard: DetailedText, indicator: Name, *values: Cell) -> Outcome:
    """标准里一个三级指标（或它的小项）的得分。数填得不全时为空白；由人评定的指标，给出评定得分就核对并采用。"""
    chosen, convention = standard
    leaf = chosen.leaf(indicator)
    return _scored(leaf, _measures(leaf, _given(leaf, values)), convention)


@worksheet_function(
    title="标准指标提示",
    group="部门整体",
    standard=_STANDARD,
    indicator=_INDICATOR,
    score=("得分", "填报的得分"),
    reason=("说明", "偏差原因，或得分的依据"),
    values=_VALUES,
)
def pe_std_hint(standard: Name, indicator: Name, score: Cell, reason: Cell, *values: Cell) -> str:
    """复核人会对一个三级指标说什么：要填的数缺了哪个、错在哪里，得分与测算不同，扣分没有原因；这台电脑上没有这个标准；没有问题为空白。"""
    try:
        chosen, convention = detailed_standard(standard)
    except UnknownName as error:
        return error.reason
    leaf = chosen.leaf(indicator)
    hints = leaf_hints(leaf, _given(leaf, values), score, reason, convention)
    return "；".join(hint.message for hint in hints)


@worksheet_function(title="标准一览", group="部门整体", standard=_STANDARD)
def pe_std_table(standard: DetailedText) -> Outcome:
    """标准的全部三级指标：路径、分值、评分规则、要填的数、编码和应注意的矛盾，第一行是标题。"""
    chosen, convention = standard
    rows = (_HEAD, *(_row(leaf, convention) for leaf in chosen.leaves))
    told = f"{chosen.title}：{len(chosen.leaves)} 个三级指标，分值合计 {chosen.total}。来源：{chosen.document}"
    return Outcome(rows, lambda: told)


@worksheet_function(
    title="控制率得分",
    group="部门整体",
    actual=("实际数", "实际人数或实际支出数"),
    limit=("控制数", "编制数或预算安排数，与实际数同一单位"),
    standard=_STANDARD,
    indicator=_INDICATOR,
)
def pe_control_score(actual: Amount, limit: Amount, standard: DetailedText, indicator: Name) -> Outcome:
    """控制率（实际数 ÷ 控制数）按标准里一个指标计的得分，例如在职人员、三公经费、日常公用经费控制率。"""
    chosen, convention = standard
    return _scored(_control(chosen, indicator), [actual, limit], convention)


@worksheet_function(
    title="季度预算执行率得分",
    group="部门整体",
    q1=("一季度", "3 月末累计支出进度，例如 23%"),
    q2=("二季度", "6 月末累计支出进度"),
    q3=("三季度", "9 月末累计支出进度"),
    q4=("四季度", "12 月末累计支出进度"),
    weight=("分值", "这个指标的分值，默认 6 分"),
    convention=(
        "口径",
        "有季度执行率指标的标准，可加口径，例如 sz-department-2020; quarter_cap=each；不填按深圳 2020",
    ),
)
def pe_quarter_score(
    q1: Amount,
    q2: Amount,
    q3: Amount,
    q4: Amount,
    weight: Points = QUARTERLY_WEIGHT,
    convention: QuarterlyText = QUARTERLY_STANDARD,
) -> Outcome:
    """各季度累计支出进度对序时进度的得分，加全年平均执行率的得分，最高为分值。"""
    chosen, options = convention
    return _scored(_quarterly(chosen, weight), [q1, q2, q3, q4], options)


def _scored(leaf: Leaf, given: Sequence[Quantity | None], convention: DetailedConvention) -> Outcome:
    """The score, its explanation with rule, 口径 and source."""
    outcome = score(leaf, given, convention)
    return Outcome(outcome.value, lambda: f"{leaf.name}：{outcome.arithmetic()}{basis(leaf, convention)}")


def _row(leaf: Leaf, convention: DetailedConvention) -> tuple[Any, ...]:
    notes = "；".join(note for note in (leaf.contradiction, leaf.note) if note)
    return (*leaf.path, float(leaf.weight), rule_text(leaf, convention), needed(leaf), leaf.code, notes)


def _given(leaf: Leaf, values: Sequence[Any]) -> list[Any]:
    """The cells for the leaf's inputs. Raises InvalidValue where they are not as many."""
    given = [value for one in values for value in cells(one)]
    if len(given) != len(leaf.inputs):
        raise InvalidValue(f"“{leaf.name}”要填 {len(leaf.inputs)} 个数：{needed(leaf)}；给了 {len(given)} 个")
    return given


def _measures(leaf: Leaf, values: Sequence[Any]) -> list[Quantity | None]:
    measures = []
    for one, value in zip(leaf.inputs, values, strict=True):
        try:
            measures.append(read(one, value))
        except PropagatedError:
            raise
        except PerfEvalError as error:
            raise type(error)(f"“{leaf.name}”的“{one.label}”：{error.reason}") from error
    return measures


def _control(standard: DetailedStandard, indicator: str) -> Leaf:
    """The leaf, if it scores its first input over its second."""
    leaf = standard.leaf(indicator)
    if leaf.parts:
        parts = "、".join(part.name for part in leaf.parts)
        raise InvalidValue(f"“{leaf.name}”由几个小项组成，请写其中一个：{parts}")
    if not isinstance(leaf.rule, Rated) or leaf.rule.of.tree != ("/", *(one.name for one in leaf.inputs)):
        raise InvalidValue(f"“{leaf.name}”不是实际数÷控制数的指标，请用 PE_STD_SCORE，填：{needed(leaf)}")
    return leaf


def _quarterly(standard: DetailedStandard, weight: Scaled) -> Leaf:
    """The standard's leaf of the quarters, worth the weight."""
    for leaf in standard.leaves:
        if isinstance(leaf.rule, Quarterly):
            return leaf.worth(weight)
    raise UnknownName(f"{standard.id} 没有季度预算执行率指标，可用 {QUARTERLY_STANDARD}")


# The column forms need numpy: loaded when the first range comes in.


@pe_control_score.vectorised
def _(actual, limit, standard, indicator):
    from perfeval.scoring import leafcolumns  # noqa: PLC0415

    return leafcolumns.score(_control(standard[0], indicator), (actual, limit), standard[1])


@pe_quarter_score.vectorised
def _(q1, q2, q3, q4, weight, convention):
    from perfeval.scoring import leafcolumns  # noqa: PLC0415

    return leafcolumns.score(_quarterly(convention[0], weight), (q1, q2, q3, q4), convention[1])
