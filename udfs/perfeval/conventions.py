"""口径: where practice differs, a named option. A standard states every option; a cell may override one by name.

Written after a standard's id: ``sz-project-2021; reverse=reciprocal`` (or ``反向指标=倒数``). Numbers in brackets are
those of the register of ambiguities in ``docs/conventions.md``. A project standard states one set of options
(``Convention``), a standard that is scored leaf by leaf another (``DetailedConvention``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from perfeval.arithmetic import Scaled, aligned
from perfeval.errors import InvalidValue, UnknownName
from perfeval.quantities import folded, quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Option:
    """One point of practice: its key, Chinese title, and either named choices or a number."""

    key: str
    title: str
    choices: tuple[tuple[str, str], ...] = ()  # (value, Chinese name)
    number: Callable[[str], Any] | None = None  # reads a numeric option
    note: str = ""  # [its number] what it decides
    basis: str = ""  # who does it how
    measure: str = "位小数"  # what a whole number counts

    @property
    def meaning(self) -> str:
        """What it decides, in words."""
        return self.note.partition("]")[2].strip()

    def read(self, text: str) -> Any:
        """The option's value from its id, in any case, or its Chinese name. Raises UnknownName or InvalidValue."""
        wanted = folded(text)
        for value, name in self.choices:
            if wanted in (value, folded(name)):
                return value
        if self.number is not None:
            try:
                return self.number(wanted)
            except InvalidValue as error:
                raise InvalidValue(f"口径“{self.title}（{self.key}）”：{error.reason}") from None
        allowed = "、".join(f"{value}（{name}）" for value, name in self.choices)
        raise UnknownName(f"口径“{self.title}（{self.key}）”没有“{text}”这一项，可选：{allowed}")

    def describe(self, value: Any) -> str:
        """The value in Chinese words."""
        named = dict(self.choices)
        if isinstance(value, str):
            return named.get(value, value)
        if isinstance(value, Scaled):
            return f"{Scaled(value.units * 100, value.places)}%"
        return "没有写明" if value is None else f"{value} {self.measure}"


def _places(text: str) -> int:
    if len(text) == 1 and text in "0123456":
        return int(text)
    raise InvalidValue(f"“{text}”应是 0 到 6 之间的小数位数")


def _year(text: str) -> int:
    digits = text.removesuffix("年")
    if re.fullmatch(r"(?:19|20)[0-9]{2}", digits):
        return int(digits)
    raise InvalidValue(f"“{text}”应是年份，例如 2025")


def _percentage(text: str) -> Scaled:
    value = quantity(text)
    if value.unit != "%" or value.number.units < 0:
        raise InvalidValue(f"“{text}”应是百分数，例如 30%")
    return value.number


_SCORE = Option(
    "score",
    "得分小数",
    (),
    _places,
    "[1] 得分四舍五入到几位小数；先舍入，再以分值封顶",
    "公开表大多两位；河北有舍入到整数的",
)
_GRADE_ON = Option(
    "grade_on",
    "定等级用的总分",
    (("raw", "未舍入的总分"), ("rounded", "舍入后的总分")),
    None,
    "[17] 89.995 分是优还是良",
    "没有规定",
)

# What the words of a printed rule leave open. None is chosen until somebody chooses: "open" is no choice.
OPEN = "open"
_OPEN = (OPEN, "没有选定")
_STEPS = Option(
    "steps",
    "扣分档",
    (("floor", "满一档才扣"), ("ceil", "不足一档也扣"), ("linear", "按比例扣"), _OPEN),
    None,
    "[10] “每超过（低于）x% 扣 y 分”而不足一档时",
    "鹤城附件1“每低于5%扣1分”：有的公开表 99.27% 仍得满分",
)
_PERCENT = Option(
    "percent",
    "扣分档的百分号",
    (("points", "百分点"), ("relative", "标准值的百分比"), _OPEN),
    None,
    "[11] “每超过 x%”的 x%；印明“个百分点”的不受影响",
    "鹤城附件1“每下降5%”，同一文件别处写“个百分点”",
)
_EDGE = Option(
    "edge",
    "两档共有的界限",
    (("low", "归它作下限的一档"), ("high", "归它作上限的一档"), _OPEN),
    None,
    "[22] “90%～95%”与“80%～90%”的 90%",
    "一档写明 ≥90% 的，归那一档",
)
_INCLUDED = Option(
    "included",
    "区间后的“含”",
    (("last", "含后一个数"), ("first", "含前一个数"), _OPEN),
    None,
    "[23] “10-20%(含)”含的是哪一端",
    "湖南有的评分表“0-10%(含)计6分；10-20%(含)计4分”",
)
_INVERSE = Option(
    "inverse",
    "句子里反向的比例",
    (("reciprocal", "指标值÷完成值"), ("linear", "1－超出幅度"), _OPEN),
    None,
    "[24] “未达到按 B/A 或 A/B”而越少越好时",
    "湖北附注、山东“B/A或A/B”",
)
PRINTED_OPTIONS: tuple[Option, ...] = (_STEPS, _PERCENT, _EDGE, _INCLUDED, _INVERSE)

OPTIONS: tuple[Option, ...] = (
    Option(
        "rate",
        "执行率舍入",
        (("exact", "不先舍入"),),
        _places,
        "[1] 乘分值之前，执行率先四舍五入到几位小数",
        "深圳公开的自评表舍入到两位；上海和一个省的系统不先舍入",
    ),
    _SCORE,
    Option(
        "denominator",
        "执行率分母",
        (("full-year", "全年预算数"), ("initial", "年初预算数")),
        None,
        "[2] 执行数除以哪一个预算数",
        "四川、湖北用调整后预算数，含上年结转；济南历城用年初预算数",
    ),
    Option(
        "execution_cap",
        "执行率超过100%",
        (("cap", "封顶"), ("uncapped", "不封顶")),
        None,
        "[3] 执行数大于预算数时的得分",
        "一个省的系统写明“最高不得超过分值上限”",
    ),
    Option(
        "zero_budget",
        "预算执行都为0",
        (("error", "不计算"), ("full", "满分"), ("zero", "0分")),
        None,
        "[4] 预算数和执行数都是 0",
        "没有文件写明；公开表里有印 0.00% 的，也有得 0 分的",
    ),
    Option(
        "over",
        "超额完成",
        (("cap", "封顶"), ("warn", "封顶并提示"), ("linear", "按超出幅度调减")),
        None,
        "[5] 完成值超过指标值很多时",
        "财预〔2020〕10号要求分析原因、适度调减，没有比例",
    ),
    Option(
        "over_threshold",
        "超额幅度",
        (),
        _percentage,
        "[5] 超过目标多少算偏离较大",
        "广西的系统 30%，河北、天津的系统 20%",
    ),
    Option(
        "reverse",
        "反向指标",
        (("linear", "线性"), ("reciprocal", "倒数")),
        None,
        "[6] 超出上限时怎样按比例计分",
        "上限 100、完成 110：线性 90%（一个省的系统），倒数 90.9%（湖北、山东）",
    ),
    Option(
        "equal",
        "等于指标",
        (("at-least", "超过也满分"), ("judge", "超过由人评定")),
        None,
        "[7] “=”目标被超过时",
        "一个省的系统把“=”当“≥”；天津的系统标红后由人改",
    ),
    Option(
        "range",
        "区间指标",
        (("proportional", "按比例"), ("judge", "由人评定")),
        None,
        "[8] 落在区间之外时",
        "没有见到任何规定",
    ),
    Option(
        "achieved",
        "达成档下限",
        (),
        _percentage,
        "[9] 定性指标“达成”一档的最低比例",
        "财预〔2020〕10号，各地相同",
    ),
    Option(
        "partial",
        "部分达成档下限",
        (),
        _percentage,
        "[9] 定性指标“部分达成”一档的最低比例",
        "财预〔2020〕10号、四川 60%；湖北、山东 50%",
    ),
    Option(
        "parents",
        "上级行分值",
        (("leaves", "只计末级"), ("all", "都计")),
        None,
        "[15] 上级行与下级行都填了分值",
        "有的县上级行写 15、下级行写 5+5+5，都计就超过 100",
    ),
    Option(
        "shared",
        "合并分值",
        (("judge", "由人评定"), ("average", "按各行完成比例平均")),
        None,
        "[16] 几行共用一个分值而未全部完成",
        "鹤城的表三行共用一个分值；没有全部完成时没有规定",
    ),
    _GRADE_ON,
    Option(
        "inequality",
        "完成值带比较号",
        (("refuse", "不是测量值"), ("bound", "取其界限")),
        None,
        "[18] 完成值写成“≥98%”",
        "公开表里有把指标值照抄作完成值的",
    ),
    Option(
        "not_applicable",
        "不适用指标",
        (("zero", "不计分"), ("rescale", "其余按百分制折算")),
        None,
        "[19] 指标值写“不适用”的分值",
        "一份公开的模板写明按适用指标折算",
    ),
    Option("year", "年度", (), _year, "[25] 时限或完成时间没有写年份时是哪一年；自评表印有年度的不用写", measure="年"),
)
DETAILED_OPTIONS: tuple[Option, ...] = (
    _SCORE,
    _GRADE_ON,
    _STEPS,
    _PERCENT,
    Option(
        "three_public",
        "三公经费都为0",
        (("error", "不计算"), ("full", "满分"), ("zero", "0分")),
        None,
        "[12] 三公经费没有预算也没有支出时",
        "深圳 2020 年的评分表没有三公经费预算，印满分",
    ),
    Option(
        "quarter",
        "全年平均执行率",
        (("pace", "进度÷序时的平均"), ("raw", "支出进度的平均")),
        None,
        "[13] 四个季度怎样平均",
        "文件只写“每个季度的执行率”",
    ),
    Option(
        "quarter_cap",
        "季度超过序时",
        (("total", "只按分值封顶"), ("each", "每季封顶")),
        None,
        "[13] 一个季度超过序时进度时",
        "文件没有写封顶",
    ),
    Option(
        "zero_scope",
        "得0分的范围",
        (("part", "只这一小项"), ("leaf", "整个三级指标")),
        None,
        "[14] 小项写“得0分”时，例如采购超过计划",
        "文件在小项里写“本项得0分”，在整个指标处写“本项指标得0分”",
    ),
    Option(
        "reading",
        "自相矛盾的规则",
        (("printed", "照印的算"), ("intended", "照本意算")),
        None,
        "[21] 标准里印错或自相矛盾的指标",
        "perfeval standards show 写明两种读法",
    ),
)
OPTION: Mapping[str, Option] = {option.key: option for option in (*OPTIONS, *DETAILED_OPTIONS, *PRINTED_OPTIONS)}


class _Stated:
    """What every set of options can tell."""

    __slots__ = ()

    options: ClassVar[tuple[Option, ...]]

    def words(self, key: str) -> str:
        """The value of one option in Chinese."""
        return OPTION[key].describe(getattr(self, key))


@dataclass(frozen=True, slots=True)
class Convention(_Stated):
    """A complete set of options for projects, as a standard states them and a cell may override them."""

    options = OPTIONS

    name: str
    rate: int | str
    score: int
    denominator: str
    execution_cap: str
    zero_budget: str
    over: str
    over_threshold: Scaled
    reverse: str
    equal: str
    range: str
    achieved: Scaled
    partial: Scaled
    parents: str
    shared: str
    grade_on: str
    inequality: str
    not_applicable: str
    steps: str = OPEN
    percent: str = OPEN
    edge: str = OPEN
    included: str = OPEN
    inverse: str = OPEN
    year: int | None = None

    def in_year(self, year: int | None) -> Convention:
        """The same options for a form of a year, unless they name one."""
        return self if self.year or not year else replace(self, year=year)

    @property
    def rate_places(self) -> int | None:
        """Decimals to which an execution rate is rounded before it is multiplied; None: it is not."""
        return self.rate if isinstance(self.rate, int) else None


@dataclass(frozen=True, slots=True)
class DetailedConvention(_Stated):
    """A complete set of options for a standard that is scored leaf by leaf."""

    options = DETAILED_OPTIONS

    name: str
    score: int
    grade_on: str
    steps: str
    percent: str
    three_public: str
    quarter: str
    quarter_cap: str
    zero_scope: str
    reading: str
    edge: str = OPEN
    included: str = OPEN
    inverse: str = OPEN


_Kind = TypeVar("_Kind", Convention, DetailedConvention)


def convention_from(name: str, values: Mapping[str, str], kind: type[_Kind] = Convention) -> _Kind:
    """A convention from option texts. Raises UnknownName (an option), InvalidValue (its value, or one left out)."""
    read = _read(values, kind.options)
    optional = {"year", *(option.key for option in PRINTED_OPTIONS)}
    missing = [f"{option.title}（{option.key}）" for option in kind.options if option.key not in {*read, *optional}]
    if missing:
        raise InvalidValue(f"“{name}”没有说明这些口径：" + "、".join(missing))
    undecided: dict[str, Any] = {option.key: OPEN for option in PRINTED_OPTIONS}
    return _sound(kind(name=name, **undecided | read))


def overridden(convention: _Kind, values: Mapping[str, str], name: str) -> _Kind:
    """The convention with some options replaced. Raises UnknownName or InvalidValue."""
    return _sound(replace(convention, name=name, **_read(values, convention.options)))


def _read(values: Mapping[str, str], options: tuple[Option, ...]) -> dict[str, Any]:
    by_name = {folded(name): option for option in (*options, *PRINTED_OPTIONS) for name in (option.key, option.title)}
    read: dict[str, Any] = {}
    for key, text in values.items():
        option = by_name.get(folded(key))
        if option is None:
            known = "、".join(f"{option.title}（{option.key}）" for option in options)
            raise UnknownName(f"没有名为“{key}”的口径，可用：{known}")
        read[option.key] = option.read(text)
    return read


def _sound(convention: _Kind) -> _Kind:
    if isinstance(convention, Convention):
        achieved, partial = aligned(convention.achieved, convention.partial)
        if achieved < partial:
            raise InvalidValue(f"“{convention.name}”的达成档下限（achieved）低于部分达成档下限（partial）")
    return convention
