"""What the standard workbook calls its sheets, columns and defined names: its builder and its readers use these."""

from __future__ import annotations

import re

from perfeval.books.beside import model as beside
from perfeval.forms.grid import Book
from perfeval.native import selfcheck

BASICS = "基本信息"
OPTIONS = "口径"
TARGETS = "绩效目标"
EXECUTION = "执行数据"
CORRESPONDENCE = "导入对照"
IMPORTS = (TARGETS, EXECUTION)
BASE_DATA = "基础数据"
ASSESSMENT = "整体自评表"
SCORING = "评分表"
SUMMARY = "汇总"
GUIDE = "使用说明"
SELF_CHECK = selfcheck.SHEET  # of a workbook of native formulas: whether this program computes as they take for granted
INPUT_TINT = "FFFBEB"  # of the cells that a person fills in, on the screen
MEMORY = "_填报记录"  # hidden: what the last fill wrote
REVIEW = "复核结果"
DATA = (BASICS, BASE_DATA, TARGETS, EXECUTION)  # the sheets that data is brought in by
NO_FORMS = (
    BASICS,
    OPTIONS,
    BASE_DATA,
    TARGETS,
    EXECUTION,
    CORRESPONDENCE,
    SUMMARY,
    REVIEW,
    GUIDE,
    SELF_CHECK,
)  # sheets of our own workbook that hold no form


def form_sheets(book: Book) -> list[str]:
    """The sheets that a user can see and that may hold forms: of our own workbook those that are not for data or guidance."""
    is_ours = MEMORY in book.sheets
    others = NO_FORMS if is_ours else (REVIEW,)
    sheets = [sheet for sheet in book.user_sheets if sheet not in (*others, beside.SHEET)]
    return [sheet for sheet in sheets if not (is_ours and _is_machinery(sheet))]


def _is_machinery(sheet: str) -> bool:
    """Whether a sheet of our own workbook is for the program alone; Calc knows no sheet that nobody can unhide."""
    return sheet.startswith("_") or sheet == "xlwings.conf"


TEMPLATE = "项目自评表"  # the form of a workbook that has no projects yet
TRANSFER = "转移支付自评表"  # that of a transfer, before its name

BODY_NAME = "单位名称"
YEAR = "年度"
STANDARD = "标准"
CONVENTION = "口径"
WHOLE_STANDARD = "整体标准"
UNIT = "金额单位"
STAGE = "阶段"
PREPARER = "填表人"
PHONE = "联系电话"
HEAD = "单位负责人"
FAULTS = "口径有误"  # 1 where the functions cannot use the 口径, else 0
EXECUTION_POINTS = "预算执行率分值"
DEFINED_NAMES = (BODY_NAME, YEAR, STANDARD, CONVENTION, WHOLE_STANDARD, UNIT, STAGE, PREPARER, PHONE, HEAD)

UNITS = ("元", "万元")
AT_YEAR_END, AT_YEAR_START = STAGES = ("自评", "目标")  # what the forms hold: the year's results, or its targets only

PROGRESS = "进度"  # of the forms in 汇总

WHOLE_BODY = "部门整体"  # as 项目名称: the row is the whole body's own

PROJECT_LIST = "项目清单"
PROJECT_COLUMNS = (
    "项目编码", "项目名称", "主管部门", "实施单位", "项目金额", "预期目标", "实际完成情况", "公布总分",
)  # fmt: skip
TARGET_COLUMNS = (
    "项目编码", "项目名称", "一级指标", "二级指标", "三级指标", "年度指标值", "分值", "实际完成值", "得分",
    "偏差原因分析及改进措施",
)  # fmt: skip
EXECUTION_COLUMNS = ("项目编码", "项目名称", "资金来源", "年初预算数", "全年预算数", "全年执行数", "分值", "得分")
DATUM_COLUMNS = ("一级指标", "二级指标", "三级指标", "要填的数", "单位", "数值", "得分", "说明", "编码")
OPTION_COLUMNS = ("选项", "选择", "标准的选择", "决定什么", "依据")
WEIGHT_COLUMNS = ("一级指标", "自定的分值", "标准的分值", "采用的分值", "说明")
TASK_LIST = "年度主要任务"
TASK_COLUMNS = (
    "任务名称", "主要内容", "完成情况", "预算数", "预算数：财政拨款", "预算数：其他资金", "执行数", "执行数：财政拨款",
    "执行数：其他资金",
)  # fmt: skip

REVIEW_COLUMNS = ("级别", "编号", "工作表", "单元格", "发现", "应为", "表中", "怎么办", "不改的理由")
REVIEW_WIDTHS = (6, 6, 20, 8, 48, 16, 16, 32, 26)  # characters
REVIEW_HEADER = 3  # the row that the columns' names stand in
REVIEW_HINT = "按“复核”重新生成。确实不改的，在“不改的理由”里写明；那个值不变，下次就不再计入。"

MEMORY_HEADINGS = ("[工作表]单元格=填入的内容", "上次填报前的内容")


_LONGEST = 31  # characters of a sheet's name
_FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f\x7f\s\ud800-\udfff\ufffe\uffff]+")


def sheet_name(text: str) -> str:
    """A text as a sheet may be called: without the signs that no name may hold, as long as one may be."""
    name = _FORBIDDEN.sub(" ", text).strip()
    while len(name.encode("utf-16-le")) > 2 * _LONGEST:
        name = name[:-1]
    return name.rstrip()


def form_title(place: int, project: str) -> str:
    """The name of a project's sheet: ``01 短名``; the number makes it unique."""
    return sheet_name(f"{place:02d} {sheet_name(project) or TEMPLATE}")
