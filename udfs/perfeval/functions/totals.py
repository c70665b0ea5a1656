"""Worksheet functions of 总分 and 等级, and the one that explains the others."""

from typing import Any

from perfeval.arithmetic import Scaled, add
from perfeval.errors import CellError, InvalidValue, PropagatedError
from perfeval.functions.kinds import NATIONAL, Cell, Name, Score, Scores, StandardText, score
from perfeval.functions.ranges import is_range
from perfeval.functions.registry import named, worksheet_function
from perfeval.quantities import plain
from perfeval.scoring import Outcome, grade
from perfeval.targets import NOTHING


@worksheet_function(
    title="总分", group="总分等级", rule="各项得分之和", scores=("得分", "得分单元格或区域，可以有几个")
)
def pe_total(*scores: Scores) -> Scaled | None:
    """各项得分之和。空白、—、/、不适用 不计；其他文字得 #VALUE!，错误值照样传出。全是空白时为空白。"""
    counted = [points for value in scores for points in _counted(value)]
    return add(counted) if counted else None


def _counted(value: Any) -> list[Scaled]:
    if is_range(value):
        return [points for inner in value for points in _counted(inner)]
    if isinstance(value, CellError):
        raise PropagatedError(value)
    if value is None or (isinstance(value, str) and (not value.strip() or plain(value) in NOTHING)):
        return []
    try:
        return [score(value)]
    except InvalidValue:
        raise InvalidValue(f"得分里有“{value}”，不是数，请改正") from None


@worksheet_function(
    title="等级",
    group="总分等级",
    rule="总分达到哪一等的最低分，就是哪一等；分界按标准",
    options=("grade_on",),
    total=("总分", "总分"),
    standard=("标准", "标准的编号或名称，不填按国家标准"),
)
def pe_grade(total: Score, standard: StandardText = NATIONAL) -> Outcome:
    """总分的等级：优、良、中、差，分界按标准。"""
    chosen, convention = standard
    name = grade(total, chosen, convention)
    steps = "，".join(f"{step} {lowest} 分起" for step, lowest in chosen.grades)
    return Outcome(name, lambda: f"总分 {total} 为{name}（{steps}）")


@worksheet_function(
    title="说明算法",
    group="总分等级",
    function=("函数", "函数名，例如 PE_EXEC_SCORE"),
    arguments=("参数", "这个函数的参数，照样填写"),
)
def pe_explain(function: Name, *arguments: Cell) -> str:
    """用一句话说明一个函数是怎样算的：数、规则、口径和来源；不能计算时说明原因。"""
    return named(function).explain(*arguments)
