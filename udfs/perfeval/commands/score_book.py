"""对照 as a workbook: every score of a file as it is printed and as it is computed, each with its arithmetic."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook

from perfeval.arithmetic import Scaled
from perfeval.books.outputs import Output
from perfeval.books.results import COMPARED
from perfeval.books.seals import seal_package
from perfeval.commands.score import Scored, Scores, others
from perfeval.forms.assessment import ScoredRow
from perfeval.forms.grid import Value
from perfeval.forms.leafassessment import LeafAssessment
from perfeval.forms.model import BODY, SCORING
from perfeval.forms.values import plain
from perfeval.records import names
from perfeval.rollup.table import POINTS, SIGN, WORDS, Column, write_table
from perfeval.workbook.canvas import Pages

_FORMS = (
    Column("工作表", 20, WORDS),
    Column("项目", 34, WORDS),
    Column("标准和口径", 30, WORDS),
    Column("表中总分", 10, POINTS),
    Column("测算总分", 10, POINTS),
    Column("不同的行", 9, SIGN),
    Column("没有读懂、没有算的", 50, WORDS),
)
_ROWS = (
    Column("工作表", 18, WORDS),
    Column("单元格", 8, SIGN),
    Column("指标", 30, WORDS),
    Column("指标值", 18, WORDS),
    Column("完成值", 18, WORDS),
    Column("分值", 8, POINTS),
    Column("表中得分", 8, POINTS),
    Column("测算得分", 8, POINTS),
    Column("结论", 8, SIGN),
    Column("怎样算的", 60, WORDS),
)


def beside(path: Path) -> Path:
    """Where the comparison of a file lies."""
    return path.with_name(path.stem + COMPARED)


def write(scores: Scores, source: Path, out: Path | None = None, *, overwrite: bool = False) -> Path:
    """Write the comparison of a file, beside it or to ``out``; gives its path. Raises FileRefused."""
    output = Output.to(out or beside(source), overwrite=overwrite, inputs=[source])
    workbook = io.BytesIO()
    made = Workbook(workbook, {"in_memory": True})
    made.set_properties({"created": datetime(2026, 1, 1)})
    pages = Pages(made)
    note = f"{source.name}：表中的得分与按标准测算的得分对照；没有改动任何文件。"
    write_table(pages, "对照", note, _FORMS, map(_form, scores.forms))
    rows = (row for one in scores.forms for row in _rows(one))
    write_table(pages, "逐项", "“不同”的先看；“由人评定”的，测算不给分。", _ROWS, rows)
    write_table(
        pages,
        "没有看的",
        "太大或打不开，没有对照的工作表。",
        (Column("原因", 90, WORDS),),
        ([one] for one in scores.unread),
    )
    made.close()
    with output.writing(seal_package) as file:
        file.write(workbook.getvalue())
    return output.path


def _form(scored: Scored) -> Sequence[Value]:
    result = scored.assessment
    form = result.form
    name = names.WHOLE_BODY if form.kind in {BODY, SCORING} else form.name.text
    used = f"{scored.standard}（{scored.convention}）" if scored.convention else scored.standard or "没有认出标准"
    problems = [*form.problems, *(result.notes if isinstance(result, LeafAssessment) else ())]
    differing = sum(1 for row in result.rows if row.differs)
    return [
        form.sheet, name, used, _points(result.printed_total), _points(result.computed_total), differing,
        "；".join(map(str, problems)),
    ]  # fmt: skip


def _rows(scored: Scored) -> Iterator[Sequence[Value]]:
    result = scored.assessment
    for row in (*result.rows, *others(result)):
        cell = str(row.cell) if row.cell else None
        values = [_text(row.target), _text(row.actual)]
        numbers = [_points(row.weight), _points(row.printed), _points(row.computed)]
        yield [result.form.sheet, cell, row.name, *values, *numbers, _verdict(row), row.explanation + row.basis]


def _verdict(row: ScoredRow) -> str:
    if row.differs:
        return "不同"
    if row.computed is None:
        return "由人评定" if row.is_scored and row.applies else "不计分"
    return "相同" if row.printed is not None else "表中没有"


def _text(value: Value) -> str:
    return "" if value is None else str(plain(value))


def _points(value: Scaled | None) -> float | None:
    return None if value is None else float(value)
