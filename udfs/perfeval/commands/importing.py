"""导入: brings what a body set out to do into the import sheets of its workbook. Planned first, applied afterwards.

Rows that stand there already are found by 项目名称 and by ``records.matching``; an empty cell is filled, one that a person
changed is kept and listed (``commands.overwriting``), new rows go below the last. No row moves, none is taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from perfeval.books.file import Applied, FileBook
from perfeval.books.opening import opened
from perfeval.commands.fill_record import Memory
from perfeval.commands.overwriting import Decisions, Plan, with_signature_told
from perfeval.errors import FormProblem
from perfeval.forms import labels
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address, Book, Value, address
from perfeval.forms.labels import TOTAL_FUNDS
from perfeval.forms.model import ABSENT, Entry
from perfeval.records import names
from perfeval.records.correspondence import choices_of, kept
from perfeval.records.data_unit import known_of as amounts_known
from perfeval.records.exportrows import Known
from perfeval.records.exports import nothing_seen, seen_in
from perfeval.records.from_targets import holds_targets, read_targets
from perfeval.records.imports import export_sheets, holds_data, known_of, read_data, recognised, without_match
from perfeval.records.into_body_forms import base_tasks, has_anything
from perfeval.records.into_forms import Wish
from perfeval.records.matching import bare, match, same_target
from perfeval.records.model import Body, Funds, Indicator, Project, Whole
from perfeval.records.reading import MONEY, TABLES, Imported, read_body
from perfeval.records.searching import form_grids
from perfeval.records.tables import Found, Row, amount_in, find
from perfeval.records.units import in_unit_of

_LISTED = 8  # names in a sentence


def import_files(
    path: Path,
    files: Sequence[Path],
    *,
    bodies: Sequence[str] = (),
    unit: str = "",
    choices: Mapping[str, str] | None = None,
    dry_run: bool = False,
    overwrite: bool = False,
    break_signature: bool = False,
) -> tuple[Plan, Applied]:
    """Import target tables (表14, 表15), data files and exports of a finance system into a workbook in place. ``choices`` say by which
    of its headings an export is read, beside those that the workbook keeps.

    Raises FileRefused, FormProblem or EditRefused; the file is then as it was.
    """
    book = FileBook.open(path)
    own = read_body(book).body
    targets: list[Path] = []
    data: list[Book] = []
    for file in files:
        content = opened(file)
        if _is_data(content):
            data.append(content)
        else:
            targets.append(file)
    found = [read_targets(targets, own, bodies=bodies, unit=unit)] if targets else []
    planned = [_planned(book, one, overwrite=overwrite) for one in found]
    applied = [book.apply(one.edits) for one in planned]
    for content in data:
        planned.append(plan_data(book, content, unit=unit, choices=choices or {}, overwrite=overwrite))
        applied.append(book.apply(planned[-1].edits))
    if not dry_run:
        book.save(break_signature=break_signature)
    together = Plan(
        *(tuple(part for one in planned for part in getattr(one, name)) for name in ("edits", "kept", "notes"))
    )
    done = Applied(
        *(
            tuple(part for one in applied for part in getattr(one, name))
            for name in ("changed", "recalculated", "unknown")
        )
    )
    return with_signature_told(together, done, book), done


def list_headings(path: Path, files: Sequence[Path], *, break_signature: bool = False) -> Iterator[str]:
    """Write the sheets and headings of exports into 导入对照 of a workbook, to choose from, and nothing else; tells what was seen."""
    book = FileBook.open(path)
    if names.CORRESPONDENCE not in book.sheets:
        raise FormProblem(
            f"工作簿没有“{names.CORRESPONDENCE}”这张表；请用 perfeval new --from 接着做一本，或用 --column 写明"
        )
    books = list(map(opened, files))
    book.apply(list(headings_of(book, books)))
    book.save(break_signature=break_signature)
    seen = _seen(books)
    yield from (f"“{sheet}”：{'、'.join(headings) or '没有表头'}" for sheet, headings in seen)
    yield f"已列入“{names.CORRESPONDENCE}”，请在那里选好，再导入"


def headings_of(book: Book, exports: Sequence[Book]) -> Iterator[Edit]:
    """The edits that list the sheets and headings of exports in 导入对照."""
    return kept(book, {}, _seen(exports))


def _seen(exports: Sequence[Book]) -> list[tuple[str, Sequence[str]]]:
    return [one for content in exports for one in seen_in(content, export_sheets(content))]


def plan_file(book: Book, path: Path, content: Book) -> Plan:
    """The edits that bring one file, target tables, a data file or an export, into the import sheets of a book. Raises as
    ``import_files``."""
    if _is_data(content):
        return plan_data(book, content)
    return _planned(book, read_targets([path], read_body(book).body), overwrite=False)


def _is_data(content: Book) -> bool:
    return holds_data(content) and not holds_targets(content)


def _planned(book: Book, imported: Imported, *, overwrite: bool) -> Plan:
    planned = plan(book, imported.body, overwrite=overwrite)
    return replace(planned, notes=(*imported.notes, *planned.notes))


def plan_data(
    book: Book, data: Book, *, unit: str = "", choices: Mapping[str, str] | None = None, overwrite: bool = False
) -> Plan:
    """The edits that bring a data file, or an export of a finance system, into the import sheets; of an export only what belongs to
    the workbook's projects, if it has any. Raises FormProblem, Uncertain."""
    forms = form_grids(book).forms
    own = read_body(book).body
    known = known_of(own, forms, {**choices_of(book), **(choices or {})})
    imported = read_data(data, known, unit=unit, amounts=amounts_known(forms, own), wanted=own.unit)
    body, notes = imported.body, list(imported.notes)
    if not (body.projects or has_anything(body.whole)):
        raise nothing_seen(data, export_sheets(data))
    if imported.export is not None and known.projects:
        body, said = only_known(body, known)
        notes += said
    planned = plan(book, in_unit_of(body, own.unit), overwrite=overwrite)
    kept_choices = kept(book, choices or {}, imported.export.seen if imported.export else ())
    return Plan((*planned.edits, *kept_choices), planned.kept, (*notes, *planned.notes))


def only_known(body: Body, known: Known) -> tuple[Body, list[str]]:
    """An export's body with the projects that a workbook has, as it calls them, and what is said of the others.

    Raises FormProblem where none is known.
    """
    matched, others, notes = recognised(body.projects, known)
    if not matched:
        theirs, ours = (
            "、".join(one[:_LISTED]) for one in ([p.name for p in body.projects], [n for _, n in known.projects])
        )
        raise FormProblem(f"导出表的项目没有一个对得上工作簿的项目。导出表：{theirs}；工作簿：{ours}。没有写入任何内容")
    names_of = {bare(project.name) for project in matched}
    left = [name for _, name in known.projects if bare(name) not in names_of]
    return replace(body, projects=tuple(matched)), [*notes, *without_match(others, left)]


def plan(book: Book, body: Body, *, overwrite: bool = False) -> Plan:
    """The edits that bring what a body's records hold into the import sheets.

    Raises FormProblem where the book has no import sheets, or has too few rows for the tasks.
    """
    memory = Memory(book)
    decisions = Decisions(memory, overwrite)
    notes = bring(book, body, decisions)
    memory.wrote_too(decisions.edits)
    return Plan((*decisions.edits, *memory.edits()), tuple(decisions.kept), tuple(notes))


def bring(book: Book, body: Body, decisions: Decisions) -> list[str]:
    """Decide on every value that a body's records have for the import sheets; gives what is to be said. Raises as ``plan``."""
    writing = _Writing(book, body.unit, decisions)
    writing.field(names.BODY_NAME, body.name)
    writing.field(names.YEAR, body.year)
    for project in body.projects:
        writing.project(project)
    writing.whole(body)
    return writing.notes


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of 绩效目标 as an indicator that can be matched."""

    level1: str
    level2: str
    name: Entry
    target: Entry
    row: Row

    @classmethod
    def of(cls, row: Row) -> _Line:
        level1, level2 = _text(row, "level1"), _text(row, "level2")
        return cls(level1, level2, row.get("indicator", ABSENT), row.get("target", ABSENT), row)

    def is_row_of(self, indicator: Indicator) -> bool:
        """Whether it says of an indicator what that says itself, name, levels and 指标值 alike."""
        mine = (self.level1, self.level2, self.name.text, self.target.text)
        return mine == (indicator.level1, indicator.level2, indicator.name.strip(), Entry(indicator.target).text)


@dataclass(slots=True)
class _Sheet:
    """An import table that is written to: the rows that stand there, and the next free one."""

    name: str
    table: Found
    next: int = field(init=False)

    def __post_init__(self) -> None:
        self.next = self.table.below

    def rows(self, project: Project) -> list[Row]:
        """A project's rows: those of its name, or of its code where they have no name."""
        return [row for row in self.table.rows if _is_of(row, project)]


class _Writing:
    """The import into one book: what is to be written, and what has to be said."""

    def __init__(self, book: Book, unit: str, decisions: Decisions) -> None:
        self.decisions = decisions
        self._unit = unit
        self.notes: list[str] = []
        self._book = book
        self._listed, self._targets, self._execution = (self._sheet(sheet) for sheet in TABLES)
        self._codes = {bare(row["name"].text): row["code"].text for row in self._listed.table.rows if row["code"].text}

    def _sheet(self, name: str) -> _Sheet:
        found = find(self._book, name, TABLES[name])
        if found is None:
            raise FormProblem(f"工作簿没有“{name}”这张数据表，不能导入；请先用 perfeval new 新建工作簿")
        return _Sheet(name, found)

    def field(self, name: str, value: Value) -> None:
        """A field at the top of 基本信息, which is a defined name; one that is filled in stays."""
        sheet, _, cell = self._book.names.get(name, "").rpartition("!")
        if cell and value:
            grid, place = self._book.grid(sheet.strip("'")), address(cell)
            if grid[place].value in (None, ""):
                self.decisions.take(grid, Wish(place, value, name))

    def project(self, project: Project) -> None:
        """A project's row in 项目清单, its indicators, its money at the beginning of the year."""
        code = project.code or self._codes.get(bare(project.name), "")
        key = {"code": code or None, "name": project.name}
        texts = {
            "department": "主管部门", "central": "中央主管部门", "implementer": "实施单位", "amount": "项目金额",
            "goal": "预期目标", "outcome": "实际完成情况", "published": "公布总分",
        }  # fmt: skip
        listed = {concept: getattr(project, concept) for concept in texts}
        rows = self._listed.rows(project)
        if rows:
            self._into(
                self._listed,
                rows[0],
                listed,
                {concept: f"项目“{project.name}”的{text}" for concept, text in texts.items()},
            )
        else:
            self._append(self._listed, key | listed)
        self._indicators(project, project.indicators, key)
        for funds in project.funds:
            self._funds(project, funds, key)

    def whole(self, body: Body) -> None:
        """The whole body's own side: its goal, its indicators, its tasks."""
        whole = body.whole
        own = Project(
            code="", name=names.WHOLE_BODY, goal=whole.goal, outcome=whole.outcome, execution_score=whole.execution_score,
            execution_weight=whole.execution_weight,
        )  # fmt: skip
        texts = {"goal": own.goal, "outcome": own.outcome}
        rows = self._listed.rows(own)
        if rows:
            told = {"goal": "部门整体的预期目标", "outcome": "部门整体的实际完成情况"}
            self._into(self._listed, rows[0], texts, told)
        elif any(texts.values()):
            self._append(self._listed, {"name": own.name, **texts})
        self._indicators(own, whole.indicators, {"name": own.name})
        for funds in whole.funds:
            self._funds(own, funds, {"name": own.name})
        self._tasks(body)

    def _indicators(self, project: Project, indicators: Sequence[Indicator], key: Mapping[str, Value]) -> None:
        lines = [_Line.of(row) for row in self._targets.rows(project)]
        found = match(indicators, lines)
        for indicator, line in found.pairs:
            values = {
                "target": None if same_target(indicator.target, line.target) else indicator.target,
                "weight": indicator.weight, "actual": indicator.actual, "score": indicator.score,
                "reason": indicator.reason,
            }  # fmt: skip
            fields = {
                "target": "指标值",
                "weight": "分值",
                "actual": "实际完成值",
                "score": "得分",
                "reason": "偏差原因",
            }
            told = {concept: f"“{line.name.text}”的{field}" for concept, field in fields.items()}
            self._into(self._targets, line.row, values, told)
        own = list(found.added)  # whose names say too little to be matched, as …… does
        for indicator in found.absent:
            twin = next((line for line in own if line.is_row_of(indicator)), None)
            if twin is not None:
                own.remove(twin)
                continue
            values = {
                "level1": indicator.level1, "level2": indicator.level2 or None, "indicator": indicator.name,
                "target": indicator.target, "weight": indicator.weight, "actual": indicator.actual,
                "score": indicator.score, "reason": indicator.reason,
            }  # fmt: skip
            self._append(self._targets, {**key, **values})
        for indicator, line in found.perhaps:
            self.notes.append(
                f"“{project.name}”的指标“{indicator.name}”（{indicator.target}）可能就是“{names.TARGETS}”{line.name.cell} 的"
                f"“{line.name.text}”（{line.target.text}），没有写入；请核对后改成同一名称，或另加一行"
            )
        for indicator in found.unclear:
            self.notes.append(
                f"“{project.name}”在“{names.TARGETS}”里名为“{indicator.name}”的行与绩效目标表上的行数不同，分不清"
                f"（{indicator.target}）是哪一行，没有写入；请核对"
            )
        if own and indicators:
            left = "、".join(
                f"{line.name.text}（第 {line.name.cell.row} 行）" for line in own[:_LISTED] if line.name.cell
            )
            self.notes.append(
                f"“{project.name}”在“{names.TARGETS}”里有 {len(own)} 个指标不在绩效目标表上，保留原样：{left}"
            )

    def _funds(self, project: Project, funds: Funds, key: Mapping[str, Value]) -> None:
        rows = self._execution.rows(project)
        own = [row for row in rows if (labels.source(_text(row, "source")) or _text(row, "source")) == funds.source]
        if len(own) > 1:
            self.notes.append(
                f"项目“{project.name}”的“{funds.source}”在“{names.EXECUTION}”里有 {len(own)} 行，金额没有写入，请核对"
            )
            return
        values: dict[str, Value] = {"initial": funds.initial, "budget": funds.budget, "executed": funds.executed}
        if funds.source == TOTAL_FUNDS:
            values |= {"weight": project.execution_weight, "score": project.execution_score}
        if own:
            fields = {
                "initial": "年初预算数",
                "budget": "全年预算数",
                "executed": "全年执行数",
                "weight": "分值",
                "score": "得分",
            }
            told = {concept: f"项目“{project.name}”{funds.source}的{field}" for concept, field in fields.items()}
            self._into(self._execution, own[0], self._other_amounts(own[0], values), told)
        else:
            self._append(self._execution, {**key, "source": funds.source, **values})

    def _other_amounts(self, row: Row, values: Mapping[str, Value]) -> dict[str, Value]:
        """The values of a row of 执行数据 but for amounts that stand there already, however they are written."""
        present = {concept: amount_in(row.get(concept), self._unit, names.EXECUTION) for concept in MONEY}
        return {
            concept: value
            for concept, value in values.items()
            if present.get(concept) is None or float(present[concept]) != value  # type: ignore[arg-type]
        }

    def _tasks(self, body: Body) -> None:
        if names.BASE_DATA in self._book.sheets:
            grid = self._book.grid(names.BASE_DATA)
            for wish in base_tasks(grid, body):
                self.decisions.take(grid, wish)
        elif body.whole.tasks:
            self.notes.append(_without_base_data(len(body.whole.tasks)))

    def _into(self, sheet: _Sheet, row: Row, values: Mapping[str, Value], fields: Mapping[str, str]) -> None:
        """Values for a row that stands there."""
        for concept, value in values.items():
            entry = row.get(concept, ABSENT)
            if entry.cell is not None:
                self._take(sheet, entry.cell, value, fields[concept])

    def _append(self, sheet: _Sheet, values: Mapping[str, Value]) -> None:
        """Values for the next free row."""
        for concept, value in values.items():
            if concept in sheet.table.columns:
                self._take(sheet, Address(sheet.next, sheet.table.columns[concept]), value, "")
        sheet.next += 1

    def _take(self, sheet: _Sheet, cell: Address, value: Value, field: str) -> None:
        if value not in (None, ""):
            money = any(sheet.table.columns.get(concept) == cell.column for concept in MONEY)
            self.decisions.take(self._book.grid(sheet.name), Wish(cell, value, field, money=money))


def without_place(whole: Whole) -> Iterator[str]:
    """What is said of the whole body's records for which a new workbook has no form or table."""
    if whole.tasks and not whole.standard:
        yield _without_base_data(len(whole.tasks))
    if whole.indicators and not whole.standard and not whole.has_points:
        yield (
            f"工作簿没有{names.ASSESSMENT}，部门整体的 {len(whole.indicators)} 个指标只在“{names.TARGETS}”里；"
            "新建时用 --body-standard 选定整体标准就有这张表"
        )
    if whole.has_points and not whole.prints_points:
        yield f"{names.ASSESSMENT}按整体标准的格式印年度主要任务，不印分值和得分：指标的分值和得分只在“{names.TARGETS}”里"


def _without_base_data(tasks: int) -> str:
    return (
        f"工作簿没有“{names.BASE_DATA}”表，{tasks} 项{names.TASK_LIST}没有写入；"
        "新建时用 --body-standard 选定整体标准就有这张表"
    )


def _is_of(row: Row, project: Project) -> bool:
    if row["name"].text:
        return bare(row["name"].text) == bare(project.name)
    return bool(project.code) and row["code"].text == project.code


def _text(row: Row, concept: str) -> str:
    return row.get(concept, ABSENT).text
