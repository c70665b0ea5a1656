"""Nothing is silent: what a form holds that nobody read, tables like a 自评表 that nobody recognised, files in which nothing
could be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from perfeval.arithmetic import Scaled, add, decimal, exact, rounded, times
from perfeval.books.documents import Document
from perfeval.checks.context import Context
from perfeval.checks.texts.report import Report
from perfeval.findings import Finding, Level, declare
from perfeval.forms import labels
from perfeval.forms.accounting import Account
from perfeval.forms.assessment import Assessment
from perfeval.forms.model import OF_ONE, Entry
from perfeval.forms.unread import Unread
from perfeval.forms.values import is_amount, is_figure
from perfeval.quantities import points
from perfeval.records import names
from perfeval.records.data_unit import IN_HEADING

FILE_REFUSED = declare("R00", Level.ERROR, "文件或表没有复核", "按说明处理这个文件，再复核一次", "{reason}")
_NOTHING_TO_COMPARE = FILE_REFUSED.says(
    "读到的表里没有一行、一个比率或合计有两个可以核对的数；请核对是否填了指标值、完成值、得分和金额"
)
_ONLY_A_TEXT = FILE_REFUSED.says("没有认出自评表，文字里也没有两个可以相互核对的数")
_NO_FORM = FILE_REFUSED.says(
    "没有找到自评表，也没有认出预算、决算等表格；自评表的表头应有“年度指标值”“实际完成值”和“分值”或“得分”。"
    "共看了 {count} 张工作表{sheets}"
)
_UNKNOWN_TABLE = FILE_REFUSED.says("没有认出这张表：第 {row} 行像表头，{nearest}；表头照标准样式写，就能认出")
_ACROSS = FILE_REFUSED.says(
    "没有认出这张表：第 {first} 至 {last} 行像横着排的指标，一列一个（{printed}）；"
    "选中这几行，复制后用“选择性粘贴”的“转置”改成一行一个指标，再复核"
)
_EMPTY_PROMISE = FILE_REFUSED.says("标题是“{title}”，没有认出其中的表头和指标")
NOT_READ = declare(
    "R31",
    Level.NOTE,
    "表里有没有认出的内容",
    "人工核对这一处；表头、标签照标准样式写，就能认出",
    "{problem}",
)
_SHEETS_NOT_READ = NOT_READ.says("没有认出这些表，没有复核：{sheets}")
_CELLS_NOT_READ = NOT_READ.says("这些格里的数没有认出，没有复核：{cells}")
NOT_A_FORM = declare(
    "R42", Level.NOTE, "不是自评表", "如果其实是自评表，请在表上写明标题，表头照标准样式写", "不是自评表，{what}"
)
NOT_READABLE = declare(
    "R43",
    Level.NOTE,
    "文件夹里有读不了的文件",
    "其中有自评表的，另存为 .xlsx 或 .docx 再复核",
    "{count} 个文件读不了，没有复核：{names}",
)
FOLDERS_CLOSED = NOT_READABLE.says("{count} 个文件夹打不开，里面的文件没有复核，请检查读取权限：{names}")
_RECORDS_NOT_READ = NOT_READ.says("{why}；数据表没有读，没有与自评表对照")
_UNDECIDED = NOT_READ.says("{question}")
_LEFT_OUT = NOT_READ.says("{limit}，{what}没有复核；请删去与自评无关的内容，或分成几个文件")
_UNCLEAR = NOT_READ.says("文件里这些格写得不全：{cells}。{what}")
_OUTSIDE = NOT_READ.says("{part}里的这些数在正文和表里没有找到，没有复核：{figures}")
_PART_CLOSED = NOT_READ.says("{part}没有读，里面的数没有复核")

_MOST_NAMED = 6  # cells or sheets that one finding names
_DECIMALS = (4, 3, 2, 1)  # of a figure that a text gives rounded
_COVER = 12  # paragraphs in which a text says what it is


def check(context: Context) -> Iterator[Finding]:
    """The figures of each form that nobody read, the tables that were not recognised, the sheets of which nobody can say what
    they hold, and the import sheets where they cannot be read."""
    for grid in context.grids:
        for what in dict.fromkeys(grid.unclear.values()):
            cells = [str(cell) for cell, why in grid.unclear.items() if why == what]
            yield _UNCLEAR.of(cells=_listed(cells, "格"), what=what).at(grid.name, cells[0])
    for account in context.accounts:
        if account.sheet not in names.NO_FORMS:
            yield from _left(account)
        yield from _not_recognised(context, account)
    for document in context.documents:
        yield from _outside(document)
    unknown = [one.sheet for one in context.accounts if one.is_unknown and not one.unread and not one.promises]
    if unknown and any(one.is_read for one in context.accounts):
        yield _SHEETS_NOT_READ.of(sheets=_listed(unknown, "张")).at(found=f"{len(unknown)} 张")
    for one in context.open_questions:
        yield _UNDECIDED.of(question=one.asked("没有与自评表对照", IN_HEADING)).at(one.sheet, str(one.cell or ""))
    refused = context.records_refused
    if refused is not None:
        sheet, cell = refused.place.sheet, refused.place.cell
        is_row = cell.startswith("第")  # a row without a name is no cell
        yield _RECORDS_NOT_READ.of(why=f"{cell}{refused.reason}" if is_row else refused.reason).at(
            sheet, "" if is_row else cell
        )


def _outside(document: Document) -> Iterator[Finding]:
    """The figures of charts and notes that the text of a document does not state."""
    stated: set[str] = set()
    if any(aside.figures for aside in document.asides):
        cells = (str(cell.value) for grid in document.tables for cell in grid.cells.values())
        texts = chain((paragraph.text for paragraph in document.paragraphs), cells)
        stated = {_spelt(match[0]) for text in texts for match in _NUMBER.finditer(text)}
    for aside in document.asides:
        if aside.figures is None:
            yield _PART_CLOSED.of(part=aside.name).at(document.name)
            continue
        strange = [figure for figure in aside.figures if figure != "0" and stated.isdisjoint(_spellings(figure))]
        if strange:
            told = _OUTSIDE.of(part=aside.name, figures=_listed(strange, "个"))
            yield told.at(document.name, found=strange[0])


_NUMBER = re.compile(r"[0-9](?:,?[0-9]){0,39}(?:\.[0-9]{1,40})?(?:[Ee][+-]?[0-9]{1,2})?")


def _spelt(number: str) -> str:
    return str(decimal(number.replace(",", "").lower()))


def _spellings(figure: str) -> set[str]:
    """How a text may state a figure of a chart or a note: whole, as a percentage, in 万, with fewer decimals."""
    match = _NUMBER.search(figure)
    if match is None:
        return {figure}
    number = exact(float(decimal(match[0].replace(",", "").lower())))
    scaled = (number, times(number, Scaled(100, 0)), Scaled(number.units, number.places + 4))
    return {str(rounded(one, places)) for one in scaled for places in (one.places, *_DECIMALS)}


def left_out(context: Context) -> Iterator[Finding]:
    """What was too much to look at, at the places where it begins: a warning, as anything may stand there."""
    for one in context.leftovers:
        said = _LEFT_OUT.of(limit=one.limit.in_words, what=one.what)
        yield replace(said.at(one.sheet, one.place), level=Level.WARNING)


def nothing_compared(context: Context, found: Sequence[Finding]) -> Iterator[Finding]:
    """What stands for 没有发现问题 where no row, rate or sum of the file was compared: an error, or what else the file is."""
    if _compared(context) or any(finding.level is not Level.NOTE for finding in found):
        return
    texts = [document for document in context.documents if document is context.book and document.paragraphs]
    kinds = [one.kind for one in context.accounts if one.kind] + [kind for text in texts if (kind := _kind(text))]
    is_other = all(one.is_other for one in context.accounts) and all(map(_is_other, texts))
    if is_other and (texts or not all(one.is_empty for one in context.accounts)):
        told = f"是{'、'.join(dict.fromkeys(kinds))}，其中没有两个可以核对的数" if kinds else "只有文字，没有数"
        yield NOT_A_FORM.of(what=told).at()
    elif any(one.is_read for one in context.accounts):
        yield _NOTHING_TO_COMPARE.of().at()
    elif texts:
        yield _ONLY_A_TEXT.of().at()
    else:
        sheets = [one.sheet for one in context.accounts]
        yield _NO_FORM.of(count=len(sheets), sheets=f"：{_listed(sheets, '张')}" if sheets else "").at()


def _left(account: Account) -> Iterator[Finding]:
    for left in account.left:
        cells = [entry for entry in left if is_figure(entry)]
        if cells:
            told = _listed([f"{entry.cell}（{entry.text}）" for entry in cells], "格")
            said = _CELLS_NOT_READ.of(cells=told)
            yield said.at(account.sheet, str(cells[0].cell), found=cells[0].text)


def _not_recognised(context: Context, account: Account) -> Iterator[Finding]:
    above = any(grid.name == account.sheet for document in context.documents for grid in document.tables)
    for unread in account.unread:
        first, printed = unread.cell.row - above, "、".join(unread.printed)
        said = (
            _ACROSS.of(first=first, last=unread.last_row - above, printed=printed)
            if unread.last_row
            else _UNKNOWN_TABLE.of(row=first, nearest=_nearest(unread))
        )
        yield said.at(account.sheet, str(unread.cell), found=printed)
    if account.promises and not account.unread:
        yield _EMPTY_PROMISE.of(title=account.title).at(account.sheet)


def _nearest(unread: Unread) -> str:
    missing = f"，没有{'、'.join(unread.missing)}" if unread.missing else "，写法与标准样式不同"
    return f"有{'、'.join(unread.printed)}{missing}"


def _listed(texts: Sequence[str], measure: str) -> str:
    told = "、".join(texts[:_MOST_NAMED])
    return told if len(texts) <= _MOST_NAMED else f"{told} 等 {len(texts)} {measure}"


# --- what was compared ---


def _compared(context: Context) -> bool:
    """Whether any row, rate or sum of the book was held against another."""
    return bool(context.compared) or any(map(_compares, context.assessments))


def _compares(assessment: Assessment) -> bool:
    """Whether a form states anything that its checkers hold against something else."""
    form = assessment.form
    rows = (row for row in form.rows if not row.is_placeholder)
    if any((row.target.text and row.actual.text) or _both(row.weight, row.score) for row in rows):
        return True
    funds = [row for row in form.funds if is_amount(row.executed) and (is_amount(row.budget) or is_amount(row.initial))]
    if len(funds) > 1 or any(row.rate.text or row.score.text for row in funds):
        return True
    weights = [weight for row in form.rows if (weight := points(row.weight.value)) is not None]
    is_framework = form.kind not in OF_ONE and bool(form.points or form.total_weight.text)
    return is_framework and bool(weights) and bool(add(weights).units)


def _both(one: Entry, other: Entry) -> bool:
    return points(one.value) is not None and points(other.value) is not None


# --- a text that is no 自评表 ---


def _is_other(document: Document) -> bool:
    """Whether a text is known to be no 自评表: by what it calls itself, or because it states no figures."""
    titles = [paragraph.text for paragraph in document.paragraphs[:_COVER]]
    if not _kind(document) and any(labels.is_assessed(labels.key(title)) for title in titles):
        return False
    return bool(_kind(document)) or not any(True for _ in Report.of(document).figures())


def _kind(document: Document) -> str:
    """What a text calls itself, if that is known to be no 自评表."""
    for paragraph in document.paragraphs[:_COVER]:
        title = labels.key(paragraph.text)
        if labels.is_assessed(title):
            return ""
        if len(title) < _COVER * 4 and (kind := labels.other(title)):
            return kind
    return ""
