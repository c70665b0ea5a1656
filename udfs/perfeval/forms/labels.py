"""The words that official forms print for one thing. A label is compared without blanks, line breaks and (notes).

Headers of columns outside the lists are taken by what their words say (``全年完成情况值`` holds an actual).
"""

from __future__ import annotations

import re
from functools import lru_cache

from perfeval.quantities import plain

_NOTE = re.compile(r"\([^()]*\)|\[[^][]*\]")
_BLANKS = re.compile(r"[\s:*]+")
_LETTER = re.compile(r"(?<=[一-鿿])[A-Z]$")  # 全年预算数A


def _vocabulary(words: dict[str, str]) -> dict[str, str]:
    return {label: concept for concept, labels in words.items() for label in labels.split()}


HEADER = _vocabulary(
    {
        "name": "项目名称 项目支出名称 项目 项目全称 专项名称 专项资金名称 转移支付名称 政策名称 政策项目名称 支出项目名称 "
        "二级项目名称 预算项目名称 资金名称",
        "amount": "项目金额 项目总金额 项目总额 项目资金总额",
        "department": "主管部门 主管单位 主管部门及代码 主管预算部门 预算主管部门 项目主管部门 省级主管部门 中央主管部门 业务主管部门",
        "implementer": "实施单位 项目实施单位 项目单位 项目承担单位 预算单位 资金使用单位 单位名称 具体实施单位 项目执行单位",
        "goal": "预期目标 年初设定目标 年度预期目标 预期绩效目标 年初预期目标 年度目标 绩效目标 总体目标 年初绩效目标 "
        "年初设定绩效目标 当年绩效目标 设定目标 年度绩效目标",
        "outcome": "实际完成情况 全年实际完成情况 目标实际完成情况 年度总体目标完成情况 目标完成情况 完成情况 实际完成目标 "
        "绩效目标完成情况 全年完成情况 年度目标完成情况 绩效目标实际完成情况",
    }
)
BODY = frozenset("部门名称 单位名称 预算部门名称 部门单位名称 预算单位名称 被评价部门".split())
FUNDS = _vocabulary(
    {
        "initial": "年初预算数 年初预算 年初批复数 年初预算安排 年初预算安排数 年初批复预算数 年初安排数 年初预算金额",
        "budget": "全年预算数 预算数 调整后预算数 调整预算数 全年预算 预算安排数 年度预算数 全年预算安排数 调整后全年预算数 "
        "调整后预算 预算金额 预算资金 预算总额 调整数 年度预算 最终预算数 预算安排 本年预算数",
        "executed": "全年执行数 执行数 预算执行数 实际支出数 全年支出数 实际执行数 支出数 全年执行 实际支出 决算数 执行金额 "
        "全年实际支出数 实际支出金额 实际执行 支出金额 资金执行数 实际使用数 本年执行数",
        "rate": "执行率 预算执行率 执行比例 资金执行率 支出率",
        "weight": "分值 权重 满分 标准分 执行率权重 执行率分值 标准分值",
        "score": "得分 自评得分 评分 执行率得分 预算执行得分 自评分 预算执行率得分",
    }
)
SOURCES = _vocabulary(
    {
        "年度资金总额": "年度资金总额 资金总额 总额 合计 总计 年度财政资金总额 年度总额 资金合计 全年资金总额 项目资金总额 年度预算总额 "
        "年度总金额 总金额 年度资金 资金总计 预算总额 项目资金 全年预算资金 本年资金总额 年度资金合计",
        "当年财政拨款": "当年财政拨款 财政拨款 本年财政拨款 财政资金 当年财政资金 本年度财政拨款 财政性资金 一般公共预算 财政预算资金 "
        "本级财政资金 一般公共预算拨款 财政拨款资金 本年财政资金 当年财政拨款资金",
        "上年结转资金": "上年结转资金 上年结转 上年结转结余 上年结转结余资金 结转资金 以前年度结转 上年结余结转 "
        "上年结转和结余 结转结余资金",
        "中央财政资金": "中央财政资金 中央资金 中央补助 中央财政 中央补助资金",
        "地方资金": "地方资金 地方财政资金 地方财政 地方配套资金",
        "其他资金": "其他资金 其他 自筹资金 单位资金 其他来源资金 非财政拨款 财政专户管理资金 单位自有资金",
    }
)
TOTAL_FUNDS = "年度资金总额"
FUND_SOURCES = (TOTAL_FUNDS, "当年财政拨款", "上年结转资金", "其他资金")
TRANSFER_SOURCES = (TOTAL_FUNDS, "中央财政资金", "地方资金", "其他资金")
COLUMNS = _vocabulary(
    {
        "level1": "一级指标 指标类别 指标类型 一级/二级指标 一级、二级指标 一二级指标 指标分类",
        "level2": "二级指标",
        "level3": "三级指标 指标名称 绩效指标名称 具体指标 指标内容 四级指标 明细指标 三级指标名称",
        "indicator": "绩效指标 指标",  # of whatever level the other columns leave, or the block's own name
        "target": "年度指标值 指标值 年度目标值 目标值 绩效指标值 年初目标值 年初指标值 计划指标值 预期指标值 年度绩效指标值 "
        "预期目标值 计划完成值 年初设定指标值 指标目标值 全年目标值 年初设定目标值 年度目标 设定目标值 预期值 年初绩效指标值 目标 计划值 "
        "计划数 年初目标 绩效目标",
        "actual": "实际完成值 完成值 全年实际值 全年完成值 实际完成情况 实际值 完成情况 实际完成指标值 全年实际完成值 年度完成值 "
        "指标完成值 实际完成 年度实际完成值 全年实际完成情况 实际完成数 完成数 全年完成情况",
        "weight": "分值 指标分值 满分 标准分 分数 标准分值",
        "share": "权重 指标权重 权重分 权重分值 权重占比",
        "score": "得分 自评得分 评分 自评分 自评分数 指标得分 实际得分 自评分值",
        "operator": "符号 指标性质 指标符号 比较符 比较符号 运算符号 运算符 指标方向 关系符号 指标运算符",
        "measure": "计量单位 度量单位 单位 指标单位",
        "adjusted": "调整指标值 调整后指标值 调整后目标值",
        "deducted": "扣分 扣减分 扣减分数",
    }
)
# What a column outside the list holds, by its words; the first that fits counts, "" is none of ours.
_BY_WORDS = tuple(
    (concept, re.compile(words))
    for concept, words in (
        ("reason", r"原因|改进措施|整改措施"),
        ("", r"标准|说明|依据|方法|来源|佐证|系数|完成率|测算|审核|复核|核定|评价|评审|备注|上年|历史|提示|扣分|执行"),
        ("actual", r"(完成|实际|实现|达成).*(值|数|情况|结果)$"),
        ("target", r"(指标|目标|计划|预期|预计)值"),
        ("score", r"得分|自评分|打分"),
        ("weight", r"分值"),
        ("share", r"权重"),
    )
)
_FUNDS_BY_WORDS = tuple(
    (concept, re.compile(words))
    for concept, words in (
        ("", r"来源|性质|情况|说明|[级性]$"),
        ("weight", r"分值|权重"),
        ("score", r"得分|评分"),
        ("rate", r"执行率|支出率"),
        ("executed", r"(执行|支出|使用|支付).*(数|额)"),
        ("initial", r"年初.*(数|额)"),
        ("budget", r"预算.*(数|额)"),
    )
)
_LONGEST = 14  # characters of a column header known by its words
TOTALS = frozenset(
    "总分 合计 总计 总得分 自评总分 得分合计 总分值 总评分 自评得分合计 最终得分 综合得分 自评得分 自评综合得分 自评总得分 "
    "合计得分 总分合计 评价总分 总体得分 自评合计 绩效自评得分 绩效自评总分 项目自评得分 项目得分 总评得分 指标得分合计".split()
)
_FOOTER = ("填表人", "填报人", "填表日期", "填报日期", "单位负责人", "项目负责人", "联系电话", "联系人")
_NOTES = ("注", "备注", "说明", "填表说明", "填报说明")
_UNIT = re.compile(r"(?:[(:,/]|单位) ?(?:人民币)?(万元|亿元|千元|元)(?=[),]| *$)")
_INLINE = re.compile(r"\s*([^:：\n]{2,20})[:：]\s*(\S.*?)\s*", re.DOTALL)
_POINTS = re.compile(r"[(,](?:满分|分值|权重)?:?(\d+(?:\.\d+)?)分")
_LEVEL = re.compile(r"(?<=.)(?:指标|目标)$")
_WHOLE_BODY = re.compile(r"整体(支出|绩效|自评)|部门整体|单位整体")


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """A label without blanks, colons, bracketed notes and its letter: ``得 分\\n（10分*执行率）`` → ``得分``."""
    bare = _LETTER.sub("", _BLANKS.sub("", plain(text)))
    without_notes = _NOTE.sub("", bare)
    return without_notes or bare


@lru_cache(maxsize=4096)
def column(text: str) -> str | None:
    """The concept of a column header of the indicator block; None if it is none."""
    words = key(text)
    found = COLUMNS.get(words)
    if found is None and ("原因" in text or "改进措施" in text) and len(text) < 40:
        return "reason"
    return found or _by_words(words, _BY_WORDS)


def _by_words(words: str, patterns: tuple[tuple[str, re.Pattern[str]], ...]) -> str | None:
    if len(words) > _LONGEST:
        return None
    return next((concept for concept, pattern in patterns if pattern.search(words)), "") or None


@lru_cache(maxsize=4096)
def source(text: str) -> str | None:
    """The source of funds that a row label names: ``其中：当年财政拨款`` → ``当年财政拨款``."""
    bare = re.sub(r"^(?:\d+[.、]|[一二三四五][、.]|\([\d一二三四五]\))", "", plain(text).strip())
    return SOURCES.get(key(bare).removeprefix("其中").lstrip(",、:-"))


def header(text: str) -> str | None:
    """The concept of a header field's label."""
    return HEADER.get(key(text))


@lru_cache(maxsize=4096)
def funds(text: str) -> str | None:
    """The concept of a column header of the funds block."""
    words = key(text)
    return FUNDS.get(words) or _by_words(words, _FUNDS_BY_WORDS)


def is_field(text: str) -> bool:
    """Whether a text is a label of the form's head or of its funds, and so no value."""
    return key(text) in HEADER or key(text) in FUNDS


def is_total(text: str) -> bool:
    """Whether a cell labels the row of the form's total."""
    return key(text) in TOTALS


def is_subtotal(text: str) -> bool:
    """Whether a cell labels a row that only sums the rows above or below it: 小计, 产出指标小计."""
    return key(text).endswith("小计")


def is_footer(text: str) -> bool:
    """Whether a text begins the signature line under a form."""
    return key(text).startswith(_FOOTER)


def is_note(text: str) -> bool:
    """Whether a text is a note: 注：…"""
    return plain(text).partition(":")[0].strip() in _NOTES


def is_whole_body(title: str) -> bool:
    """Whether a title is that of a form for a whole body (部门整体支出绩效自评表), not for a project."""
    return bool(_WHOLE_BODY.search(key(title)))


@lru_cache(maxsize=4096)
def inline(text: str) -> tuple[str, str] | None:
    """A label and its value in one cell: ``项目名称：农村公路`` → ("项目名称", "农村公路"); None for anything else."""
    match = _INLINE.fullmatch(text)
    return (match[1], match[2]) if match else None


def points_in(text: str) -> str | None:
    """The points a label carries: ``产出指标（50分）`` → ``50``, ``得分（10分*执行率）`` → ``10``."""
    match = _POINTS.search(plain(text))
    return match[1] if match else None


def unit(text: str) -> str:
    """The unit of money that a label states: ``项目资金（万元）``, ``单位：元``; "" if it states none."""
    match = _UNIT.search(plain(text))
    return match[1] if match else ""


@lru_cache(maxsize=1024)
def level(text: str) -> str:
    """A 一级 or 二级指标 as it is compared: 产出目标 and 产出指标 are 产出, 效果目标 is 效益."""
    return _LEVEL.sub("", key(text)).replace("效果", "效益")


def same_level(one: str, other: str) -> bool:
    """Whether two levels, as ``level`` gives them, are one: 满意度 is 服务对象满意度."""
    return one.endswith(other) or other.endswith(one)
