"""怎么填: the sheet of a data template that says of every column what it holds, whether it must be there, and an example.

The same words stand in docs/data.md.
"""

from __future__ import annotations

from typing import NamedTuple

from perfeval.records import names
from perfeval.workbook.canvas import BOXED, HEADER, LEFT, NOTE, PLAIN, TITLE, Canvas

TITLE_OF_SHEET = "怎么填"


class Column(NamedTuple):
    """A column of the data: its sheet and heading, whether it is needed, an example, what it is."""

    sheet: str
    heading: str
    need: str
    example: str
    what: str


_NEEDED, _OPTIONAL = "要填", "可以没有"
_ONE = "两者有一个"
_YEAR_END = "年末填"
COLUMNS = (
    Column(names.BASICS, names.BODY_NAME, _OPTIONAL, "某县民政局", "填表单位"),
    Column(names.BASICS, names.YEAR, _OPTIONAL, "2025", "四位数；与工作簿不同年度的数据不会填入"),
    Column(
        names.BASICS,
        names.UNIT,
        _NEEDED,
        "万元",
        "全部金额的单位：元 或 万元；也可以写在列标题里，例如 全年预算数（万元）",
    ),
    Column(names.EXECUTION, "项目编码", _ONE, "MZ2501", "同一项目的各行一样；项目不重名时可以不写"),
    Column(
        names.EXECUTION, "项目名称", _ONE, "城乡低保家庭核查与救助", "与自评表上的项目名称一致；整体的数写 部门整体"
    ),
    Column(
        names.EXECUTION,
        "资金来源",
        _OPTIONAL,
        "当年财政拨款",
        "年度资金总额、当年财政拨款、上年结转资金、其他资金；空白就是总额",
    ),
    Column(names.EXECUTION, "年初预算数", _OPTIONAL, "1286.50", "年初批复的预算"),
    Column(names.EXECUTION, "全年预算数", _NEEDED, "1250.00", "调整后的预算；执行率的分母"),
    Column(names.EXECUTION, "全年执行数", _YEAR_END, "1243.7761", "全年实际支出；执行率的分子"),
    Column(names.EXECUTION, "分值", _OPTIONAL, "10", "预算执行率的分值，与标准不同时写"),
    Column(names.EXECUTION, "得分", _OPTIONAL, "9.95", "预算执行率的得分，由人给定时写；空白就由程序算"),
    Column(names.TARGETS, "项目编码", _ONE, "MZ2501", "同上"),
    Column(names.TARGETS, "项目名称", _ONE, "城乡低保家庭核查与救助", "同上；部门整体的指标写 部门整体"),
    Column(names.TARGETS, "一级指标", _NEEDED, "产出指标", "按标准的写法"),
    Column(names.TARGETS, "二级指标", _NEEDED, "数量指标", "按标准的写法"),
    Column(names.TARGETS, "三级指标", _NEEDED, "核查低保家庭户数", "指标的名称"),
    Column(names.TARGETS, "年度指标值", _NEEDED, "≥1200户", "带比较号和单位；定性的写文字"),
    Column(names.TARGETS, "分值", _NEEDED, "15", "几行共用一个分值的，第一行写分值，其余写 同上"),
    Column(names.TARGETS, "实际完成值", _YEAR_END, "1236户", "带单位；与指标值同一单位"),
    Column(names.TARGETS, "得分", _OPTIONAL, "12", "由人评定时写；空白就由程序算"),
    Column(names.TARGETS, "偏差原因分析及改进措施", _OPTIONAL, "两个乡镇系统升级，推迟到次年一季度", "没有完成的写"),
    Column(names.BASICS, "主管部门", _OPTIONAL, "某县民政局", "项目清单里，每个项目一行"),
    Column(names.BASICS, "实施单位", _OPTIONAL, "某县低保中心", "项目清单里"),
    Column(names.BASICS, "项目金额", _OPTIONAL, "1250.00", "项目清单里；自评表印项目金额的时候用"),
    Column(names.BASICS, "预期目标", _OPTIONAL, "应保尽保，按月发放", "项目清单里；自评表的年度总体目标"),
    Column(names.BASICS, "实际完成情况", _YEAR_END, "已按月发放", "项目清单里"),
    Column(names.BASICS, "公布总分", _OPTIONAL, "98.5", "项目清单里；别处公布过的总分，供对照"),
)


def lay_out(canvas: Canvas) -> None:
    """Write the sheet."""
    canvas.columns({"A": 12, "B": 24, "C": 12, "D": 34, "E": 66})
    canvas.put("A1:E1", TITLE_OF_SHEET, TITLE)
    canvas.height(1, 34)
    canvas.put(
        "A2",
        "列的次序随意，多出来的列不读；空着的格不会清掉工作簿里已有的内容。填好后：perfeval fill 工作簿 --data 本文件",
        NOTE,
    )
    canvas.row(3, ("工作表", "列", "要不要", "例子", "填什么"), (HEADER,) * 5)
    left = {**BOXED, **LEFT}
    for row, column in enumerate(COLUMNS, start=4):
        canvas.row(row, column, (BOXED, left, BOXED, {**left, "num_format": "@"}, left))
    canvas.put(
        f"A{len(COLUMNS) + 5}", "财务系统导出的表不用改成这样，可以直接用：perfeval fill 工作簿 --data 导出.xlsx", PLAIN
    )
    canvas.sheet.freeze_panes(3, 0)
