"""Reads 自评表 that a body has already, of any layout, in a workbook or in Word, into records: ``new --data`` begins with them.

A score that the rule gives as well is left to the formula, so that the new form is live; any other stays as a given one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from perfeval.books.documents import Document
from perfeval.books.file import FileBook
from perfeval.conventions import Convention
from perfeval.errors import InvalidValue
from perfeval.forms.assessment import ScoredRow, assess
from perfeval.forms.grid import Address, Value
from perfeval.forms.headings import year_of
from perfeval.forms.model import BODY, Entry, Form, IndicatorRow
from perfeval.forms.reader import read_body_forms, read_forms
from perfeval.forms.values import in_unit
from perfeval.records.cells import in_words_of, measure_of, points_of, text_of
from perfeval.records.matching import bare
from perfeval.records.model import SHARED, Body, Funds, Indicator, Money, Project, Statement, Task, Whole
from perfeval.records.names import form_sheets
from perfeval.standards import Standard, convention, project_standard


class Filled(NamedTuple):
    """What 自评表 hold; ``with_amount``: some print 项目金额, filled in or not."""

    body: Body
    with_amount: bool
    notes: tuple[str, ...]


def read_filled(book: FileBook | Document, like: Body) -> Filled | None:
    """What was filled in on a file's 自评表, of projects and of the whole body; None where it has none.

    ``like`` gives 口径, 整体标准 and unit; its name and year count where they are set, and its projects' codes.
    """
    forms, wholes = _forms(book), _whole_forms(book)
    if not forms and not wholes:
        return None
    reading = _Reading(project_standard(like.convention), convention(like.convention), like.unit)
    first: dict[str, Form] = {}
    for form in forms:
        if first.setdefault(bare(form.name.text), form) is not form:
            reading.notes.append(f"项目“{form.name.text}”有几张自评表，只带入第一张，没有带入“{form.sheet}”的")
    reading.notes += (f"有几张整体自评表，只带入第一张，没有带入“{form.sheet}”的" for form in wholes[1:])
    codes = {bare(project.name): project.code for project in like.projects if project.name}
    projects = tuple(replace(reading.project(form), code=codes.get(name, "")) for name, form in first.items())
    whole = reading.whole(wholes[0]) if wholes else Whole()
    named = [form.body.text for form in wholes[:1]] or [project.implementer for project in projects]
    bodies = {name for name in named if name}
    body = replace(
        like,
        name=like.name or (str(bodies.pop()) if len(bodies) == 1 else ""),
        year=like.year or _year(book, [*first.values(), *wholes[:1]]),
        projects=projects,
        whole=replace(whole, standard=like.whole.standard),
    )
    return Filled(body, any(form.amount.cell for form in forms), (_said(body), *reading.notes))


def _forms(book: FileBook | Document) -> list[Form]:
    """The 自评表 of a file that name their project and some of its indicators."""
    forms = [form for sheet in form_sheets(book) for form in read_forms(book.grid(sheet))]
    return [form for form in forms if form.name.text and not all(row.is_placeholder for row in form.rows)]


def _whole_forms(book: FileBook | Document) -> list[Form]:
    """The 整体自评表 of a file; a 评分表 is scored from 基础数据, which it does not hold."""
    forms = [form for sheet in form_sheets(book) for form in read_body_forms(book.grid(sheet))]
    return [form for form in forms if form.kind == BODY and not all(row.is_placeholder for row in form.rows)]


def _year(book: FileBook | Document, forms: Sequence[Form]) -> int | None:
    found = {form.year for form in forms if form.year is not None}
    if isinstance(book, Document) and not found:
        return year_of(paragraph.text for paragraph in book.paragraphs)
    return found.pop() if len(found) == 1 else None


def _said(body: Body) -> str:
    rows = [row for project in body.projects for row in project.indicators]
    given = sum(row.score is not None for row in rows) + sum(one.execution_score is not None for one in body.projects)
    own, tasks = len(body.whole.indicators), len(body.whole.tasks)
    told = [
        f"从 {len(body.projects)} 张自评表带入 {len(rows)} 个指标和资金，{given} 个得分照原表，其余由公式算出"
        if rows
        else "",
        f"从整体自评表带入 {own} 个指标、{tasks} 项年度主要任务" if own else "",
    ]
    return f"{'；'.join(filter(None, told))}。请核对后运行 perfeval fill，填进自评表"


@dataclass(slots=True)
class _Reading:
    """Brings forms to the words of a standard and to one unit; remembers what it had to assume or to leave."""

    standard: Standard
    convention: Convention
    unit: str
    notes: list[str] = field(default_factory=list)

    def project(self, form: Form) -> Project:
        """The record of a form."""
        if not form.unit and any(entry.text for funds in form.funds for entry in (funds.budget, funds.executed)):
            self.notes.append(f"“{form.sheet}”没有写金额单位，按“{self.unit}”读，请核对")
        self.notes += (f"“{form.sheet}”：{problem}" for problem in form.problems)
        scored = {row.cell: row for row in assess(form, self.convention).rows if row.cell}
        total = form.execution
        return Project(
            code="",
            name=form.name.text,
            central=text_of(form.central),
            department=text_of(form.department),
            implementer=text_of(form.implementer),
            amount=self._amount(form.amount, form.sheet, form.unit),
            goal=text_of(form.goal),
            outcome=text_of(form.outcome),
            funds=tuple(
                Funds(
                    funds.source,
                    *(
                        self._amount(one, form.sheet, form.unit)
                        for one in (funds.initial, funds.budget, funds.executed)
                    ),
                )
                for funds in form.funds
            ),
            execution_score=_given(total.score, scored) if total else None,
            indicators=tuple(self._indicators(form, scored)),
            management=tuple(
                Statement(one.matter, text_of(one.said), text_of(one.problems)) for one in form.management
            ),
            remarks=text_of(form.remarks),
        )

    def whole(self, form: Form) -> Whole:
        """The record of a 整体自评表."""
        rows = [row for row in form.rows if not row.is_placeholder]
        return Whole(
            goal=text_of(form.goal),
            outcome=text_of(form.outcome),
            indicators=tuple(self._indicator(row, points_of(row.weight), None) for row in rows),
            tasks=tuple(self._tasks(form)),
        )

    def _tasks(self, form: Form) -> Iterator[Task]:
        for row in form.tasks.rows:
            if row.name.text:
                budget, executed = (
                    Money(
                        *(
                            self._amount(one, form.sheet, form.tasks.unit)
                            for one in (money.total, money.fiscal, money.other)
                        )
                    )
                    for money in (row.budget, row.executed)
                )
                yield Task(row.name.text, text_of(row.content), text_of(row.outcome), budget, executed)

    def _indicators(self, form: Form, scored: Mapping[Address, ScoredRow]) -> Iterator[Indicator]:
        for group in form.groups():
            own = [row for row in group if form.states(row)]
            for place, row in enumerate(own):
                weight = SHARED if place else points_of(row.weight)
                score = None if place else _given(row.score, scored)
                yield self._indicator(row, weight, score)

    def _indicator(self, row: IndicatorRow, weight: Value, score: Value) -> Indicator:
        level1, level2 = in_words_of(self.standard, row.level1, row.level2)
        target, actual = (measure_of(entry) for entry in (row.target, row.actual))
        reason = text_of(row.reason)
        return Indicator(level1, level2, row.name.text, target, weight, actual, score, reason)

    def _amount(self, entry: Entry, sheet: str, unit: str) -> Value:
        try:
            number = in_unit(entry.value, unit or self.unit, self.unit)
        except InvalidValue as error:
            self.notes.append(f"“{sheet}”单元格 {entry.cell}：{error.reason}，没有带入")
            return None
        return None if number is None else float(number)


def _given(entry: Entry, scored: Mapping[Address, ScoredRow]) -> Value:
    """A printed score that the rule does not give; None where the formula will."""
    row = scored.get(entry.cell) if entry.cell else None
    if row is not None and row.computed is not None and row.printed is not None and not row.differs:
        return None
    return points_of(entry)
