"""The amounts of 预决算 tables as rows: whose they are, what for, and in which column.

A table has a line for each body (部门支出预算总表), a body and below it its 科目 or 项目 (一般公共预算支出情况表), or is one body's
own (部门收支预算总表). A body's name that stands in one line only holds for the lines below it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from perfeval.errors import CellError, InvalidValue
from perfeval.forms import labels
from perfeval.forms.amount_tables import AmountTable, Line, figure
from perfeval.forms.model import Entry
from perfeval.forms.values import amount
from perfeval.rollup.money import Money, alike, in_fen
from perfeval.rollup.rows import AmountRow

SUBJECT, PARENT, PROJECT, OWN = "科目", "上级科目", "项目", "行"
_TITLE = re.compile(r"[预决]算|收支|收入|支出|采购|经费")
_NO_TITLE = re.compile(r"绩效目标|自评|评分|指标")
_BODY = re.compile(r"(?:单位|部门)(?:名称)?$")
_ASIDE = re.compile(r"编码|代码|序号|时间|日期|备注|依据|说明|用途")
_WHOLE = re.compile(r"合计|总计|小计")


def amount_rows(path: str, tables: Iterable[AmountTable]) -> Iterator[AmountRow]:
    """The amounts of those tables that are of budgets or accounts, by their titles."""
    for table in tables:
        if _TITLE.search(table.title) and not _NO_TITLE.search(table.title):
            yield from _rows(path, table)


def _rows(path: str, table: AmountTable) -> Iterator[AmountRow]:
    found = [
        (body, sort, item, re.sub(r"\s", "", column), entry, _money(entry, table.unit))
        for line, (body, sort, item) in zip(table.lines, _labels(table), strict=True)
        for column, entry in line.amounts.items()
        if figure(entry) is not None
    ]
    known = iter(alike(read for *_, read in found if read is not None))
    for body, sort, item, column, entry, read in found:
        fen, half = (None, 0) if read is None else next(known)
        place = (path, table.sheet, str(entry.cell or ""), table.title, table.side, table.body)
        yield AmountRow(*place, body, sort, item, column, fen, half)


def _labels(table: AmountTable) -> Iterator[tuple[str, str, str]]:
    """For each line whose it is, what its item is, and the item ("" for a body's own total)."""
    labelled = ""
    codes = [_code(line) for line in table.lines]
    seen: Counter[tuple[str, str]] = Counter()
    for line, code, following in zip(table.lines, codes, [*codes[1:], ""], strict=True):
        named, rest = "", {}
        for header, entry in line.labels.items():
            name, text = labels.key(header.rpartition("/")[2]), re.sub(r"\s", "", entry.text)
            if _BODY.search(name):
                named = text
            elif text and not _ASIDE.search(name):
                rest[name] = text
        labelled = named or labelled
        body = table.body if not labelled or _WHOLE.fullmatch(labelled) else labelled
        sort, item = _sort(rest, len(line.labels) > 1), " ".join(rest.values())
        if sort == SUBJECT and code and following.startswith(code) and following != code:
            sort = PARENT  # its parts stand below it
        seen[body, item] += 1
        if sort == OWN and seen[body, item] > 1:
            item = f"{item}（第{seen[body, item]}次）"  # a 类 and its only 款 of one name
        yield body, sort, item


def _code(line: Line) -> str:
    return next((entry.text for header, entry in line.labels.items() if "编码" in header or "代码" in header), "")


def _sort(rest: Mapping[str, str], several: bool) -> str:
    if not rest:
        return ""
    if any("科目" in name for name in rest):
        return SUBJECT
    return PROJECT if several and any("项目" in name for name in rest) else OWN


def _money(entry: Entry, unit: str) -> Money | None:
    """The amount in a cell; None where no unit is known, or the figure is none of money."""
    if isinstance(entry.value, CellError):
        return None
    try:
        read = amount(entry, "金额")
        return in_fen(read, unit, "金额") if read.unit in {"", "元"} else None
    except InvalidValue:
        return None
