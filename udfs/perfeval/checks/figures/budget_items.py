"""What the figures of budgets and accounts are of (基本支出, 公用经费, 编制 …), at which stage, and what adds up to what.

A label says both: “基本支出年初预算数” is the item 基本支出 at the stage INITIAL. The sums are those that hold by what the words
mean, wherever they stand: 支出总计 = 基本支出 + 项目支出.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from perfeval.quantities import plain

INITIAL, ADJUSTED, BUDGET, EXECUTED, CHANGE, ANY = "年初预算", "调整后预算", "预算", "执行", "变动", ""
BUDGETS = frozenset({INITIAL, ADJUSTED, BUDGET})

TOTAL = "支出总计"
BASIC, PROJECTS = "基本支出", "项目支出"
STAFF, RUNNING, PERSONAL = "人员支出", "公用支出", "对个人和家庭的补助"
OFFICIAL, ABROAD, RECEPTION = "三公经费", "因公出国（境）费", "公务接待费"
CARS, CARS_BOUGHT, CARS_RUN = "公务用车购置及运行费", "公务用车购置费", "公务用车运行维护费"
PURCHASES, GOODS, WORKS, SERVICES = "政府采购", "货物采购", "工程采购", "服务采购"
ASSETS, DEBTS = "资产", "负债"
INCOME, AVAILABLE, BALANCE, BROUGHT = "收入", "可用资金", "年末结转结余", "年初结转结余"
POSTS, POSTED, OUTSIDE = "编制人数", "在编人数", "编外人数"

_NAMES = {
    TOTAL: "支出总计 支出合计 本年支出合计 本年支出 支出总额 支出总数 总支出 预算总支出 预算支出 部门预算 部门预算支出 "
    "部门预算总额 部门支出 部门支出总额 部门整体支出 整体支出 全年支出 全年总支出 年度预算 财政拨款支出合计 总支出数",
    BASIC: "基本支出 基本支出事项 基本支出合计 本年基本支出 财政拨款基本支出 基本支出总额",
    PROJECTS: "项目支出 项目支出合计 本年项目支出 财政拨款项目支出 项目支出总额 预算项目支出",
    STAFF: "人员经费 人员支出 人员经费支出 人员类支出",
    RUNNING: "公用经费 日常公用经费 公用支出 日常公用支出 公用经费支出 日常公用经费支出",
    PERSONAL: "对个人和家庭的补助 对个人和家庭补助 对个人和家庭的补助支出 对个人和家庭补助支出 对个人和家庭补助的支出 对个人和家庭的补助支",
    OFFICIAL: "三公经费 三公经费支出 三公经费财政拨款 三公经费总额 三公经费合计 三公经费支出总额 三公经费财政拨款预算总额",
    ABROAD: "因公出国费 因公出国经费 出国经费 因公出国费用 因公出国支出",
    RECEPTION: "公务接待费 公务接待 公务接待经费 公务接待费用 公务招待费 公务接待费支出",
    CARS: "公务用车购置及运行维护费 公务用车购置和运行维护费 公务用车购置及运行费 公务用车购置和运行费 公务用车购置和维护经费 "
    "公务用车购置及运行维护费支出 公务用车购置及运行费支出 公务用车费用 公务用车经费",
    CARS_BOUGHT: "公务用车购置费 公车购置 公车购置费 公务用车购置 公务用车购置支出",
    CARS_RUN: "公务用车运行维护费 公务用车运行费 公车运行维护 公车运行维护费 公车运行费 公务用车运行维护费支出",
    PURCHASES: "政府采购 采购 采购金额 政府采购项目 政府采购合计 政府采购总额 政府采购金额 政府采购支出总额 政府采购支出",
    GOODS: "货物 货物类 货物采购 货物类采购 政府采购货物支出 采购货物 货物支出",
    WORKS: "工程 工程类 工程采购 工程类采购 政府采购工程支出 采购工程 工程支出",
    SERVICES: "服务 服务类 服务采购 服务类采购 政府采购服务支出 采购服务 服务支出",
    ASSETS: "末资产 年末资产 资产 资产总额 资产合计 资产总计 资产账面数 资产账面价值 资产总值 总资产 会计报表资产账面数 账面资产 "
    "资产账面总额",
    DEBTS: "末负债 年末负债 负债 负债总额 负债合计 负债总计 负债账面数 总负债",
    INCOME: "收入 公共财政收入 一般公共收入 财政收入 总收入 收入总计 收入合计 本年收入 本年收入合计 收入总额 拨款收入 "
    "财政拨款收入 财政实际拨款收入 实际拨款收入 本年总收入",
    AVAILABLE: "可使用资金 可用资金 可支配资金 可使用资金总额 可用资金总额 资金来源合计",
    BALANCE: "年末结转 年末结转结余 年末结转和结余 末结转 末结转结余 末结转和结余 年末结余 年末累计结转结余 结转下年 年末结余结转",
    BROUGHT: "年初结转 年初结转结余 年初结转和结余 上年结转 上年结转结余 上年结余 上年结转和结余 以前年度结转",
    POSTS: "编制数 编制人数 编制 核定编制 核定编制数 核定编制人数 人员编制 人员编制数 事业编制数 事业编制总数 编制总数 职员编制 职员编制数",
    POSTED: "在编人数 在编人员 年末在编人数 实有在编人数 实有人数 在职人数 实际在职人数 在职人员数 在职人员 在编在岗人员 年末实有人数 "
    "年末在职人数 实有在职人数 年末实有在编人数",
    OUTSIDE: "编外人员 编外人员数 编外人数 劳务派遣人员 劳务派遣人员数 劳务派遣 编外聘用人员 编外聘用人员数",
}  # fmt: skip


class Sum(NamedTuple):
    """``whole`` is the sum of ``parts``, of which ``least`` must be stated for the sum to be held against it."""

    whole: str
    parts: tuple[str, ...]
    least: int = 2


SUMS = (
    Sum(TOTAL, (BASIC, PROJECTS, "上缴上级支出", "经营支出", "对附属单位补助支出")),
    Sum(TOTAL, (STAFF, RUNNING, PERSONAL, PROJECTS), 4),
    Sum(BASIC, (STAFF, RUNNING, PERSONAL)),
    Sum(OFFICIAL, (ABROAD, RECEPTION, CARS)),
    Sum(CARS, (CARS_BOUGHT, CARS_RUN)),
    Sum(PURCHASES, (GOODS, WORKS, SERVICES)),
)
HEADCOUNT_RATES = {  # a rate of people: the part, and what it is a part of
    "财政供养人员控制率": (POSTED, (POSTS,)),
    "在职人员控制率": (POSTED, (POSTS,)),
    "在编人员控制率": (POSTED, (POSTS,)),
    "人员控制率": (POSTED, (POSTS,)),
    "编外人员控制率": (OUTSIDE, (POSTED, OUTSIDE)),
}

# A stage by its words, the most telling first; what is left of the label is the item.
_STAGES = tuple(
    (stage, re.compile(words))
    for stage, words in (
        (CHANGE, r"增加|减少|增长|下降|追加|调入|调出|调增|调减|压减|核减|冻结|上缴|节约|节省|超支|划转|调剂|收回"),
        (INITIAL, r"年初(?:批复)?(?:安排)?(?:总)?预算(?:批复)?(?:数|额|收入)?|年初(?:批复|安排)(?:数|金额)?|期初预算数?"),
        (ADJUSTED, r"调整后?的?(?:全年)?预算(?:数|额)?|全年(?:总)?预算(?:数|额|总收入|收入)?|实际年度预算|最终预算数?"
                   r"|调整后(?:金额)?|剩余预算|年度预算数|预算调整数|调整数"),
        (EXECUTED, r"(?:全年|年度)?(?:累计)?(?:实际)?(?:执行|支付|使用|完成)?(?:支出)?(?:决算|执行)(?:数|额|金额)?"
                   r"|实际(?:支出|支付|使用|完成)(?:数|额|金额)?|实际(?=采购)|完成预算|累计(?:支出|支付)|已(?:支出|支付|使用)|支出数|支出金额"),
        (BUDGET, r"预算(?:安排|批复)?(?:数|额|金额|总额)?|安排(?:资金|预算)?"),
    )
)  # fmt: skip
_YEAR = re.compile(r"(?:19|20)\d\d年?度?|(?:本|当|全|上|去)年度?(?!支出|收入|[初末])|截至|截止|\d{1,2}月(?:\d{1,2}日)?")
_SUBJECT = re.compile(
    r"^(?:我|本)(?:单位|部门|局|分局|中心|院|校|委|办|处|所|馆)|^(?:单位|部门)(?!预算|支出|整体)|^其中|^主要|^包括|^共计?|^合计|^总计|^经过?(?:中期|年中)?|^[后并]|^年中"
)
_BODY = re.compile(
    r"^[一-鿿]{1,24}?(?:局|委员会|中心|办公室|学院|大学|医院)(?:系统|本级|机关)?(?=(?:部门)?(?:预算|决算|收入|支出))"
)
_TAIL = re.compile(r"(?:分别|总计|合计|共计|共|(?<!节)约|为|是|达到?|计|的|有|数|总额|指标)+$")
_OF_NOW = re.compile(r"^(?:年末|年底|期末|目前|现有|现|实有|共有|核定|批复|总)+")  # 年末实有在职人员
_MARKS = re.compile(r"[\s“”‘’\"'《》:,;.、]|\([^()]*\)")
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十\d]+\)|\d+[.、](?!\d))")
_ITEMS = {_TAIL.sub("", name): item for item, names in _NAMES.items() for name in names.split()} | {"支出": TOTAL}

_PEOPLE = {name: item for name, item in _ITEMS.items() if item in (POSTS, POSTED, OUTSIDE)}


class Named(NamedTuple):
    """What a label names: the item ("" where the label says only a stage), its stage, and the label's own words."""

    item: str
    stage: str
    words: str


@lru_cache(maxsize=8192)
def named(label: str) -> Named:
    """The item and the stage of a label: ``其中：基本支出年初预算数`` → (基本支出, 年初预算)."""
    words = _MARKS.sub("", _NUMBERED.sub("", plain(label).strip()))
    words = _TAIL.sub("", _BODY.sub("", _SUBJECT.sub("", _SUBJECT.sub("", _YEAR.sub("", words)))))
    item, stage = _item_and_stage(words)
    return Named(TOTAL if item == INCOME and stage in BUDGETS else item, stage, words)  # 预算收入 is what may be spent


def _item_and_stage(words: str) -> tuple[str, str]:
    if words in _ITEMS:
        return _ITEMS[words], BUDGET if "预算" in words else ANY
    if (bare := _OF_NOW.sub("", words)) in _PEOPLE:
        return _PEOPLE[bare], ANY
    for stage, pattern in _STAGES:
        found = pattern.search(words)
        if found is None:
            continue
        rest = _TAIL.sub("", _SUBJECT.sub("", (words[: found.start()] + words[found.end() :])))
        if stage != CHANGE:  # 预算支出, 决算支出总额: a second word of stage says no more
            rest = _TAIL.sub("", re.sub(r"^(?:预算|实际|执行|决算)|(?:预算|安排|实际|执行|决算)$", "", rest))
        return _ITEMS.get(rest, rest), stage
    return words, ANY


def is_known(item: str) -> bool:
    """Whether an item is one of those named here, not just a label's words."""
    return item in _NAMES
