"""The summary workbook: one sheet a question, written row by row as the journal gives them, on A4."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from perfeval.arithmetic import Scaled
from perfeval.findings import kinds
from perfeval.forms.grid import Value
from perfeval.rollup import accounts, sums
from perfeval.rollup.journal import Journal
from perfeval.rollup.overview import CHARTED, OVERVIEW, write_overview
from perfeval.rollup.sums import GRADES, Sum
from perfeval.rollup.table import (
    COUNT,
    MONEY,
    NUMBER,
    POINTS,
    RATE,
    SIGN,
    WORDS,
    Column,
    as_number,
    as_points,
    as_yuan,
    write_table,
)
from perfeval.workbook.canvas import Canvas, Pages


def write(journal: Journal, folder: str, out: BinaryIO) -> None:
    """Write the summary of what a settled journal holds, row by row, so that it is never in memory as a whole.

    Raises OSError where a disk is full.
    """
    with tempfile.TemporaryDirectory() as place:  # rows go to disk as they come
        try:
            _write(journal, folder, Workbook(out, {"constant_memory": True, "tmpdir": place}))
        except FileCreateError as error:  # XlsxWriter's wrapping
            raise error.args[0] from error


def _write(journal: Journal, folder: str, workbook: Workbook) -> None:
    workbook.set_properties({"created": datetime(2026, 1, 1)})
    pages = Pages(workbook)
    overview = pages.add(OVERVIEW)
    _departments(pages, journal)
    bodies = _bodies(pages, journal)
    _projects(pages, journal)
    _whole_bodies(pages, journal)
    lost = _losses(pages, journal)
    write_table(
        pages,
        "扣分原因",
        "各项目扣分的原因，原文相同的合在一起；空白的写“（没有填写）”。",
        _REASONS,
        _reason_rows(journal),
    )
    write_table(pages, "扣分明细", "每一项扣了分的指标。", _LOST, _lost_rows(journal), printed=10)
    write_table(
        pages,
        "指标汇总",
        "几个项目共有的指标：绝对值直接累加；相对值（％、天数、单价等）按全年预算数加权平均；先汇总完成数，再看是否达标。",
        _TOGETHER,
        _together_rows(journal),
    )
    write_table(pages, "复核", "各单位各类复核发现的次数。", _FINDINGS, _finding_rows(journal))
    write_table(pages, "复核明细", "每一条复核发现。", _EACH_FINDING, _each_finding(journal), printed=5)
    _accounts(pages, journal)
    write_table(pages, "未汇总", "没有计入合计的文件、自评表和金额，以及原因。", _PASSED, passed_rows(journal))
    write_overview(overview, journal, folder, bodies, lost)
    workbook.close()


# --- sums ---

_SUMS = (
    Column("全年预算数（元）", 17, MONEY),
    Column("全年执行数（元）", 17, MONEY),
    Column("执行率", 9, RATE),
    Column("误差（±元）", 12, MONEY),
    Column("平均分", 8, POINTS),
    Column("有总分的项目", 7, COUNT),
    Column("按预算加权平均分", 9, POINTS),
    Column("加权的项目", 7, COUNT),
    *(Column(grade, 5, COUNT) for grade in GRADES),
    Column("未评等级", 6, COUNT),
    Column("复核错误", 6, COUNT),
    Column("复核提醒", 6, COUNT),
    Column("金额未计入的项目", 9, COUNT),
)
_BY_DEPARTMENT = (Column("主管部门", 34, WORDS), Column("单位数", 8, COUNT), Column("项目数", 7, COUNT), *_SUMS)
_BY_BODY = (Column("主管部门", 24, WORDS), Column("单位", 26, WORDS), Column("项目数", 7, COUNT), *_SUMS)
_SUM_NOTE = "执行率＝合计的执行数÷合计的预算数，不是各项目执行率的平均；误差是以万元等为单位的表四舍五入的最大影响。"


def _sum_cells(one: Sum) -> list[Value]:
    money = (as_yuan(one.budget), as_yuan(one.executed), as_number(one.rate), as_yuan(one.tolerance))
    rest = (one.ungraded, one.errors, one.warnings, one.without_money)
    means = (as_number(one.mean), one.scored, as_number(one.weighted), one.weighed)
    return [*money, *means, *one.grades, *rest]


def _named(text: str, what: str) -> str:
    return text or f"（{what}未填）"


def _departments(pages: Pages, journal: Journal) -> None:
    rows = (
        (_named(one.department, "主管部门"), one.bodies, one.forms, *_sum_cells(one))
        for one in sums.by_department(journal)
    )
    write_table(pages, "按主管部门", _SUM_NOTE, _BY_DEPARTMENT, rows)


def _bodies(pages: Pages, journal: Journal) -> tuple[Canvas, int] | None:
    rows = (
        (_named(one.department, "主管部门"), _named(one.body, "单位"), one.forms, *_sum_cells(one))
        for one in sums.by_body(journal)
    )
    return write_table(pages, "按单位", _SUM_NOTE, _BY_BODY, rows)


# --- forms ---

_BY_PROJECT = (
    Column("主管部门", 20, WORDS),
    Column("单位", 22, WORDS),
    Column("项目", 30, WORDS),
    Column("年度", 6, SIGN),
    Column("全年预算数（元）", 17, MONEY),
    Column("全年执行数（元）", 17, MONEY),
    Column("执行率", 9, RATE),
    Column("误差（±元）", 11, MONEY),
    Column("表中总分", 8, POINTS),
    Column("测算总分", 8, POINTS),
    Column("等级", 6, SIGN),
    Column("错误", 6, COUNT),
    Column("提醒", 6, COUNT),
    Column("金额未计入的原因", 16, WORDS),
    Column("文件", 40, WORDS),
    Column("工作表", 24, WORDS),
)


def _projects(pages: Pages, journal: Journal) -> None:
    note = "每个项目一行；表中总分是填报的，测算总分按口径重算，缺数或由人评定的不在此列猜测。"
    write_table(pages, "按项目", note, _BY_PROJECT, _project_rows(journal), printed=14)


def _project_rows(journal: Journal) -> Iterator[Sequence[Value]]:
    query = """
        SELECT department, body, project, year, budget, executed, half, total, computed, grade, errors, warnings,
            money_trouble, path, sheet
        FROM counted LEFT JOIN (
            SELECT path, place, sum(level = '错误') AS errors, sum(level = '提醒') AS warnings FROM findings GROUP BY path, place
        ) USING (path, place) WHERE kind = 'project' ORDER BY department, body, project, path, place
    """
    for department, body, project, year, budget, executed, half, total, computed, grade, *rest in journal.rows(query):
        errors, warnings, trouble, path, sheet = rest
        rate = None if trouble else sums.quotient(executed, budget, 6)
        yield (
            _named(department, "主管部门"), _named(body, "单位"), _named(project, "项目名称"), year, as_yuan(budget), as_yuan(executed),
            as_number(rate), as_yuan(half), as_points(total), as_points(computed), grade, errors or 0, warnings or 0, trouble, path, sheet,
        )  # fmt: skip


_BY_WHOLE_BODY = (
    Column("单位", 40, WORDS),
    Column("年度", 8, SIGN),
    Column("标准", 20, WORDS),
    Column("总分", 10, POINTS),
    Column("等级", 8, SIGN),
    Column("文件", 44, WORDS),
    Column("工作表", 24, WORDS),
)


def _whole_bodies(pages: Pages, journal: Journal) -> None:
    query = "SELECT body, year, standard, total, grade, path, sheet FROM counted WHERE kind = 'body' ORDER BY body, path, place"
    rows = (
        (_named(body, "单位"), year, standard, as_points(total), *rest)
        for body, year, standard, total, *rest in journal.rows(query)
    )
    write_table(pages, "整体自评", "部门整体支出自评表；它们的金额与项目重复，不计入合计。", _BY_WHOLE_BODY, rows)


# --- lost points ---

_LOSSES = (
    Column("自评表", 9, SIGN),
    Column("一级指标", 16, WORDS),
    Column("二级指标", 20, WORDS),
    Column("三级指标", 40, WORDS),
    Column("行数", 8, COUNT),
    Column("扣分行数", 9, COUNT),
    Column("分值合计", 12, NUMBER),
    Column("得分合计", 12, NUMBER),
    Column("扣分合计", 12, NUMBER),
)
_REASONS = (Column("原因", 90, WORDS), Column("次数", 10, COUNT), Column("扣分合计", 12, NUMBER))
_LOST = (
    Column("单位", 26, WORDS),
    Column("项目", 30, WORDS),
    Column("二级指标", 16, WORDS),
    Column("三级指标", 28, WORDS),
    Column("指标值", 16, WORDS),
    Column("完成值", 16, WORDS),
    Column("分值", 8, NUMBER),
    Column("得分", 8, NUMBER),
    Column("扣分", 8, NUMBER),
    Column("偏差原因", 44, WORDS),
    Column("文件", 30, WORDS),
    Column("工作表", 16, WORDS),
    Column("单元格", 8, SIGN),
)
_TOGETHER = (
    Column("二级指标", 18, WORDS),
    Column("三级指标", 38, WORDS),
    Column("要求", 7, SIGN),
    Column("单位", 12, SIGN),
    Column("项目数", 8, COUNT),
    Column("汇总办法", 18, SIGN),
    Column("指标值", 16, NUMBER),
    Column("完成值", 16, NUMBER),
    Column("达标", 8, SIGN),
    Column("预算不明未计入", 10, COUNT),
)


def _losses(pages: Pages, journal: Journal) -> list[tuple[str, Scaled]]:
    """The sheet of lost points; the 二级指标 that lose most, for the chart."""
    rows = (
        (
            label,
            one.level1,
            one.level2,
            one.name,
            one.rows,
            one.losing,
            *map(as_number, (one.weight, one.score, one.lost)),
        )
        for kind, label in (("project", "项目"), ("body", "整体"))
        for one in sums.losses(journal, kind)
    )
    write_table(pages, "扣分", "各指标扣去的分，扣得多的在前；只计分值、得分都填了的行。", _LOSSES, rows)
    return list(islice(sums.lost_by_kind(journal), CHARTED))


def _reason_rows(journal: Journal) -> Iterator[Sequence[Value]]:
    for reason, rows, lost in sums.reasons(journal):
        yield reason or "（没有填写）", rows, as_number(lost)


def _lost_rows(journal: Journal) -> Iterator[Sequence[Value]]:
    query = """
        SELECT body, project, level2, name, target, actual, weight, score, lost, reason, path, sheet, cell
        FROM counted JOIN indicators USING (path, place) WHERE lost NOT IN ('', '0')
        ORDER BY body, project, path, place, indicators.rowid
    """
    for *texts, weight, score, lost, reason, path, sheet, cell in journal.rows(query):
        yield *texts, as_points(weight), as_points(score), as_points(lost), reason, path, sheet, cell


def _together_rows(journal: Journal) -> Iterator[Sequence[Value]]:
    for one in sums.together(journal):
        how = "按全年预算数加权平均" if one.by_money else "累加"
        values = ((_percent(value) if one.unit == "%" else as_number(value)) for value in (one.wanted, one.reached))
        met = "是" if one.is_met else "否"
        yield one.level2, one.name, one.bound, one.unit, one.rows, how, *values, met, one.left_out


def _percent(value: Scaled) -> Value:
    return as_number(Scaled(value.units * 100, value.places))


# --- findings ---

_FINDINGS = (
    Column("主管部门", 24, WORDS),
    Column("单位", 28, WORDS),
    Column("编号", 8, SIGN),
    Column("级别", 8, SIGN),
    Column("发现", 44, WORDS),
    Column("次数", 8, COUNT),
    Column("涉及的表", 9, COUNT),
)
_EACH_FINDING = (
    Column("单位", 26, WORDS),
    Column("项目", 30, WORDS),
    Column("编号", 8, SIGN),
    Column("级别", 8, SIGN),
    Column("内容", 70, WORDS),
    Column("文件", 34, WORDS),
    Column("工作表", 20, WORDS),
    Column("单元格", 9, SIGN),
)


def _finding_rows(journal: Journal) -> Iterator[Sequence[Value]]:
    query = """
        SELECT department, body, code, level, count(*), count(DISTINCT path || place)
        FROM findings JOIN counted USING (path, place) GROUP BY department, body, code, level ORDER BY 1, 2, 3
    """
    known = kinds()
    for department, body, code, level, number, forms in journal.rows(query):
        yield _named(department, "主管部门"), _named(body, "单位"), code, level, known[code].title, number, forms


def _each_finding(journal: Journal) -> Iterator[Sequence[Value]]:
    query = """
        SELECT body, project, code, level, message, findings.path, findings.sheet, cell
        FROM findings JOIN counted USING (path, place) ORDER BY body, findings.path, findings.rowid
    """
    return journal.rows(query)


# --- tables of amounts ---

_ACCOUNTS = (
    Column("结论", 12, SIGN),
    Column("核对", 24, WORDS),
    Column("表", 28, WORDS),
    Column("单位", 28, WORDS),
    Column("科目、项目", 20, WORDS),
    Column("栏目", 14, WORDS),
    Column("加数", 6, COUNT),
    Column("合计（元）", 17, MONEY),
    Column("公布（元）", 17, MONEY),
    Column("相差（元）", 14, MONEY),
    Column("误差（±元）", 14, MONEY),
)


def _accounts(pages: Pages, journal: Journal) -> None:
    note = "各单位的预决算金额相加，与公布的数对照，不一致的在前；以万元为单位的每个加数可能有半个单位的舍入误差（误差一栏）。"
    write_table(pages, "预决算汇总", note, _ACCOUNTS, _account_rows(journal))


def _account_rows(journal: Journal) -> Iterator[Sequence[Value]]:
    found = sorted(accounts.comparisons(journal), key=lambda one: accounts.VERDICTS.index(one.verdict))
    for one in found:
        apart = None if one.published is None else one.sum - one.published
        money = map(as_yuan, (one.sum, one.published, apart, one.tolerance))
        yield one.verdict, one.rule, one.table, one.body, one.item, one.column, one.added, *money


# --- what was passed over ---

_PASSED = (
    Column("文件", 50, WORDS),
    Column("工作表", 22, WORDS),
    Column("情况", 12, SIGN),
    Column("原因", 80, WORDS),
)


def passed_rows(journal: Journal) -> Iterator[tuple[str, str, str, str]]:
    """What was passed over: file, sheet ("" for the whole file), what became of it, and why."""
    yield from journal.rows("SELECT path, sheet, sort, why FROM passed ORDER BY path, place")
    yield from journal.rows(
        "SELECT path, sheet, '金额未计', money_trouble || '，金额没有计入合计' FROM counted WHERE money_trouble <> '' ORDER BY path, place"
    )
    yield from journal.rows(
        """
        SELECT path, sheet, '金额未计', '“' || title || '”有 ' || count(*) || ' 个金额不知道单位（表上没有写元或万元），没有计入合计'
        FROM amounts WHERE amount IS NULL AND path NOT IN (SELECT path FROM passed WHERE place IS NULL)
        GROUP BY path, sheet, title ORDER BY path, sheet
        """
    )
