"""Worksheet functions of the rule that a form prints beside a row: 评分标准, 计分方法, 评分规则."""

from perfeval.functions.kinds import Cell, Name, Points
from perfeval.functions.ranges import cells
from perfeval.functions.registry import worksheet_function
from perfeval.ruletext import NotUnderstood, by_rule, in_words
from perfeval.scoring import Outcome

_RULE = (
    "评分标准",
    "印的评分标准，例如“100%计满分，每低于5%扣2分，扣完为止”；没有写明的地方可在后面选定，例如 ; steps=floor",
)


@worksheet_function(
    title="按评分标准得分",
    group="评分标准",
    criterion=_RULE,
    weight=("分值", "这一项的分值"),
    values=("数值", "规则要填的数，PE_RULE 列出是哪几个；也可以是一个区域"),
)
def pe_rule_score(criterion: Name, weight: Points, *values: Cell) -> Outcome:
    """按印的评分标准计的得分。由人评定的为空白；没有读懂、自相矛盾、没有写明而几种读法得分不同的得 #VALUE!，PE_EXPLAIN 说明是哪一句。"""
    return by_rule(criterion, weight, [cell for value in values for cell in cells(value)])


@worksheet_function(title="评分标准的含义", group="评分标准", criterion=_RULE)
def pe_rule(criterion: Name) -> str:
    """印的评分标准被理解成什么、要填哪几个数、哪里没有写明；没有读懂的，说明是哪一句。"""
    try:
        return in_words(criterion)
    except NotUnderstood as refusal:
        return f"由人评定，不计算：{refusal.reason}"
