"""Reads 自评表 that a body has already, of any layout, in a workbook or in Word, into records: ``new --data`` begins with them.

A score that the rule gives as well is left to the formula, so that the new form is live; any other stays as a given one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from perfeval.books.documents import Document
from perfeval.conventions import Convention
from perfeval.errors import InvalidValue, Place
from perfeval.forms.assessment import ScoredRow, assess
from perfeval.forms.grid import Address, Book, Value
from perfeval.forms.headings import year_of
from perfeval.forms.model import BODY, SCORING, TRANSFER, Entry, Form, IndicatorRow
from perfeval.forms.values import in_unit, same
from perfeval.quantities import points
from perfeval.records.cells import execution_weight_of, in_words_of, measure_of, points_of, text_of
from perfeval.records.data_unit import is_bare, question, refuse_contradiction
from perfeval.records.matching import bare
from perfeval.records.model import SHARED, Body, Funds, Indicator, Money, Project, Statement, Task, Whole
from perfeval.records.names import BASE_DATA, EXECUTION
from perfeval.records.searching import form_grids, not_read
from perfeval.records.uncarried import other_sources, uncarried, without_name
from perfeval.standards import Standard, convention

_LISTED = 5  # sheets in a sentence


class Filled(NamedTuple):
    """What 自评表 hold; ``with_amount``: some print 项目金额, filled in or not. ``notes`` also tell of forms left out."""

    body: Body
    with_amount: bool
    notes: tuple[str, ...]

    @property
    def holds_anything(self) -> bool:
        """Whether any form became a record."""
        return bool(self.body.projects) or self.body.whole != Whole(self.body.whole.standard)


def read_filled(book: Book, like: Body, *, unit: str = "") -> Filled:
    """What was filled in on a file's 自评表, of projects and of the whole body.

    ``like`` gives 口径, 整体标准 and unit; its name and year count where they are set, and its projects' codes. ``unit`` is that
    of the forms' amounts where it was asked for. Raises FormProblem for a form that prints another.
    """
    sheets = form_grids(book)
    forms = sheets.forms
    reading = _Reading(like.standard, convention(like.convention), like.unit, unit)
    projects, wholes = reading.chosen(forms)
    codes = {bare(project.name): project.code for project in like.projects if project.name}
    records = tuple(replace(reading.project(form), code=codes.get(bare(form.name.text), "")) for form in projects)
    whole = reading.whole(wholes[0]) if wholes else Whole()
    named = [form.body.text for form in wholes] or [project.implementer for project in records]
    bodies = {name for name in named if name}
    stated = str(bodies.pop()) if len(bodies) == 1 else ""
    year = _year(book, [*projects, *wholes])
    if like.year and year and year != like.year:
        reading.notes.append(f"自评表是 {year} 年度的，工作簿按 {like.year} 年度新建")
    if wholes and like.name and stated and bare(stated) != bare(like.name):
        reading.notes.append(f"整体自评表是“{stated}”的，工作簿按“{like.name}”新建")
    body = replace(
        like,
        name=like.name or stated,
        year=like.year or year,
        projects=records,
        whole=replace(whole, standard=like.whole.standard),
    )
    summary = (*([_said(body)] if projects or wholes else []), *not_read(sheets.leftovers))
    return Filled(body, any(form.amount.cell for form in projects), (*summary, *reading.told()))


def _year(book: Book, forms: Sequence[Form]) -> int | None:
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
        if body.projects
        else "",
        f"从整体自评表带入 {own} 个指标、{tasks} 项年度主要任务" if own or tasks else "",
    ]
    return f"{'；'.join(filter(None, told))}。请核对后运行 perfeval fill，填进自评表"


@dataclass(slots=True)
class _Reading:
    """Brings forms to the words of a standard and to one unit; remembers what it had to assume or to leave."""

    standard: Standard
    convention: Convention
    unit: str
    asked: str
    notes: list[str] = field(default_factory=list)
    units: dict[str, list[str]] = field(default_factory=dict)
    unread: dict[str, list[Entry]] = field(default_factory=dict)

    def chosen(self, forms: Sequence[Form]) -> tuple[list[Form], list[Form]]:
        """The forms of projects, and that of the whole body, that become records; of each other form is said why not."""
        projects: dict[str, Form] = {}
        wholes: list[Form] = []
        for form in forms:
            if form.kind == SCORING:
                self.notes.append(
                    f"“{form.sheet}”是评分表，没有带入：得分由“{BASE_DATA}”算出，请用 --body-standard 选定整体标准后填写"
                )
            elif not _holds_anything(form):
                self.notes.append(f"“{form.sheet}”的自评表没有填，没有带入")
            elif form.kind == BODY:
                wholes.append(form)
            elif not form.name.text:
                self.notes.append(f"“{form.sheet}”的自评表没有项目名称，没有带入；请补上项目名称")
            elif projects.setdefault(bare(form.name.text), form) is not form:
                self.notes.append(
                    f"项目“{form.name.text}”有几张自评表，只带入第一张，没有带入“{form.sheet}”的（{form.area}）"
                )
        self.notes += (
            f"有几张整体自评表，只带入第一张，没有带入“{form.sheet}”的（{form.area}）" for form in wholes[1:]
        )
        return list(projects.values()), wholes[:1]

    def told(self) -> Iterator[str]:
        """In which units amounts were read, and all else that was assumed or left."""
        for unit, sheets in self.units.items():
            listed = "、".join(f"“{sheet}”" for sheet in sheets[:_LISTED])
            more = f"等 {len(sheets)} 张" if len(sheets) > _LISTED else ""
            yield f"{listed}{more}的金额按{unit}读入" + (f"，换算成{self.unit}" if unit != self.unit else "")
        for sheet, entries in self.unread.items():
            yield question(f"“{sheet}”", len(entries), entries[0])
        yield from dict.fromkeys(self.notes)

    def project(self, form: Form) -> Project:
        """The record of a form."""
        scored = self._scored(form)
        weight, score = self._execution(form, scored)
        record = Project(
            code="",
            name=form.name.text,
            central=text_of(form.central),
            department=text_of(form.department),
            implementer=text_of(form.implementer),
            amount=self._amount(form.amount, form.sheet, form.amount_unit),
            goal=text_of(form.goal),
            outcome=text_of(form.outcome),
            funds=self._funds(form),
            execution_weight=weight,
            execution_score=score,
            indicators=tuple(self._indicators(form, scored)),
            management=tuple(
                Statement(one.matter, text_of(one.said), text_of(one.problems)) for one in form.management
            ),
            remarks=text_of(form.remarks),
        )
        if not record.is_transfer:  # which has a form of its own
            self.notes += self._beyond_a_project(form)
        return record

    def _beyond_a_project(self, form: Form) -> Iterator[str]:
        """What is said of a form that prints more than that of a project."""
        where = f"“{form.sheet}”"
        others = other_sources(form)
        if others:
            yield f"{where}的资金来源 {'、'.join(others)} 在新的自评表上没有对应的行，只带入“{EXECUTION}”"
        if form.kind == TRANSFER:
            yield f"{where}是转移支付自评表，按项目自评表带入，没有分值的请补填"
        statements = [f"“{one.matter}”" for one in form.management if one.said.text or one.problems.text]
        statements += ["说明"] if form.remarks.text else []
        if statements:
            yield f"{where}没有带入：{'、'.join(statements)}"

    def whole(self, form: Form) -> Whole:
        """The record of a 整体自评表."""
        scored = self._scored(form)
        self.notes += self._beyond_a_project(form)
        weight, score = self._execution(form, scored) if form.is_scored else (None, None)
        return Whole(
            goal=text_of(form.goal),
            outcome=text_of(form.outcome),
            indicators=tuple(self._indicators(form, scored)),
            tasks=tuple(self._tasks(form)),
            funds=self._funds(form),
            execution_weight=weight,
            execution_score=score,
        )

    def _scored(self, form: Form) -> Mapping[Address, ScoredRow]:
        """A form's scores, recomputed, by cell; on the way is said what of the form no record takes."""
        where = f"“{form.sheet}”"
        self.notes += (f"{where}：{problem}" for problem in form.problems)
        rows = assess(form, self.convention).rows
        left = "、".join(uncarried(form, rows))
        if left:
            self.notes.append(f"{where}没有带入：{left}")
        stated = [row for row in form.rows if form.states(row)]
        nameless = "、".join(str(row.row) for row in without_name(stated))
        if nameless:
            self.notes.append(f"{where}第 {nameless} 行没有指标名称，照原样带入，请补上")
        unweighed = [row for row in stated if row.weight.cell is None and not row.weight.text]
        if unweighed and form.is_scored:
            blocks = "、".join(f"{block.whole.text} 分" for block in form.blocks if block.whole.text)
            printed = f"；原表写明指标共 {blocks}" if blocks else ""
            self.notes.append(
                f"{where}没有印分值的 {len(unweighed)} 个指标，分值空着，得分照原表带入{printed}，请补填分值"
            )
        return {row.cell: row for row in rows if row.cell}

    def _execution(self, form: Form, scored: Mapping[Address, ScoredRow]) -> tuple[Value, Value]:
        """The points of 预算执行率 where they are not the standard's, and its score where the rule does not give it."""
        weight, score = form.execution_points
        own = execution_weight_of(form, self.standard)
        if not weight.text and (score.cell or weight.cell) and own is None:
            self.notes.append(
                f"“{form.sheet}”没有写预算执行率的分值，按标准的 {self.standard.execution.weight} 分，请核对"
            )
        return own, _given(score, scored)

    def _funds(self, form: Form) -> tuple[Funds, ...]:
        return tuple(
            Funds(
                funds.source,
                *(self._amount(one, form.sheet, form.unit) for one in (funds.initial, funds.budget, funds.executed)),
            )
            for funds in form.funds
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
                yield self._indicator(form, row, weight, None if place else self._score(form, own, scored))

    def _score(self, form: Form, rows: Sequence[IndicatorRow], scored: Mapping[Address, ScoredRow]) -> Value:
        """The score of the rows of one 分值, where the rule does not give it; scores that stand apart are added."""
        head = rows[0]
        apart = [row.score for row in rows if row.score.text and row.score.cell != head.score.cell]
        both = scored.get(head.score.cell) if head.score.cell and apart else None
        if both is None or both.printed is None:
            return _given(head.score, scored)
        self.notes.append(
            f"“{form.sheet}”的“{head.name.text}”等 {len(rows)} 行共用一个分值，得分合成 {both.printed} 分"
        )
        return float(both.printed)

    def _indicator(self, form: Form, row: IndicatorRow, weight: Value, score: Value) -> Indicator:
        level1, level2 = in_words_of(self.standard, row.level1, row.level2)
        level1 = self._pointed(level1, form.points.get((row.level1, "")))
        level2 = self._pointed(level2, form.points.get((row.level1, row.level2)) if row.level2 else None)
        target, actual = (measure_of(entry) for entry in (row.target, row.actual))
        reason = text_of(row.reason)
        return Indicator(level1, level2, row.name.text, target, weight, actual, score, reason)

    def _pointed(self, level: str, printed: Entry | None) -> str:
        """A level with the points that the form prints for it, where they are not the standard's."""
        number = points(printed.value) if printed else None
        usual = {group.name: group.weight for group in self.standard.groups}.get(level)
        if not level or number is None or (usual is not None and same(usual, number)):
            return level
        return f"{level}（{number}分）"

    def _amount(self, entry: Entry, sheet: str, unit: str) -> Value:
        if not entry.text:
            return None
        refuse_contradiction(unit, self.asked, Place(sheet=sheet))
        own = self.asked or unit
        try:
            if is_bare(entry):
                if not own:
                    self.unread.setdefault(sheet, []).append(entry)
                    return None
                if sheet not in self.units.setdefault(own, []):
                    self.units[own].append(sheet)
            number = in_unit(entry.value, own or self.unit, self.unit)
        except InvalidValue as error:
            self.notes.append(f"“{sheet}”单元格 {entry.cell}：{error.reason}，没有带入")
            return None
        return None if number is None else float(number)


def _holds_anything(form: Form) -> bool:
    """Whether a form states an indicator, an amount or a task."""
    entries = [one for funds in form.funds for one in (funds.initial, funds.budget, funds.executed)]
    entries += [row.name for row in form.tasks.rows]
    return any(form.states(row) for row in form.rows) or any(one.text for one in entries)


def _given(entry: Entry, scored: Mapping[Address, ScoredRow]) -> Value:
    """A printed score that the rule does not give; None where the formula will."""
    row = scored.get(entry.cell) if entry.cell else None
    if row is not None and row.computed is not None and row.printed is not None and not row.differs:
        return None
    return points_of(entry)
