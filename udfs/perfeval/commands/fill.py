"""填报: brings 绩效目标, 执行数据 and 基础数据 into the 自评表 and 评分表 sheets. Planned first, applied afterwards, on disk or live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from perfeval.books.file import Applied, FileBook
from perfeval.books.opening import opened
from perfeval.commands import importing
from perfeval.commands.fill_record import Memory
from perfeval.commands.nativereadings import readings
from perfeval.commands.overwriting import Decisions, Plan, with_signature_told
from perfeval.conventions import Convention
from perfeval.errors import FormProblem
from perfeval.forms.grid import Address, Book, Grid, Value
from perfeval.forms.model import OF_ONE, SCORING, TRANSFER, Form
from perfeval.forms.values import in_unit
from perfeval.records import names
from perfeval.records.computing import after, is_live, scores, total
from perfeval.records.correspondence import choices_of, kept
from perfeval.records.data_unit import known_of as amounts_known
from perfeval.records.exportrows import Known
from perfeval.records.exports import nothing_seen
from perfeval.records.imports import export_sheets, known_of, read_data, recognised
from perfeval.records.into_body_forms import has_anything, whole_wishes
from perfeval.records.into_forms import Wish, amounts_of, uncertain, wishes, without_place
from perfeval.records.matching import bare
from perfeval.records.model import Body, Project
from perfeval.records.reading import TABLES, Imported, read_body
from perfeval.records.searching import form_grids, not_read
from perfeval.records.tables import find
from perfeval.records.units import in_unit_of
from perfeval.standards import NATIONAL, convention

_LISTED = 4  # sheets in a sentence


def fill(
    path: Path,
    data: Path | None = None,
    *,
    data_unit: str = "",
    choices: Mapping[str, str] | None = None,
    dry_run: bool = False,
    overwrite: bool = False,
    break_signature: bool = False,
) -> tuple[Plan, Applied]:
    """Fill a workbook in place. ``data`` is a workbook with the import sheets, or the export of a finance system, of which ``choices``
    say the columns; what it holds is brought into the book's own import sheets too. Without it those are read. ``data_unit`` is
    the unit of its amounts, where it was asked for.

    Raises FileRefused, FormProblem or EditRefused; the file is then as it was.
    """
    book = FileBook.open(path)
    planned = plan(book, opened(data) if data else None, data_unit=data_unit, choices=choices, overwrite=overwrite)
    applied = book.apply(planned.edits)
    book.apply([*readings(book)])
    if not dry_run:
        book.save(break_signature=break_signature)
    return with_signature_told(planned, applied, book), applied


def plan(
    book: Book,
    data: Book | None = None,
    *,
    data_unit: str = "",
    choices: Mapping[str, str] | None = None,
    overwrite: bool = False,
) -> Plan:
    """The edits that bring the data into the book's forms, and into its import sheets where it comes from elsewhere.

    Raises FormProblem where something does not fit, Uncertain where an export may be read in several ways.
    """
    sheets = form_grids(book)
    every = sheets.forms
    own = read_body(book).body if data else None
    forms = [form for form in every if form.kind in OF_ONE]
    if data is None:
        imported = read_body(book, unit=data_unit, known=amounts_known(every, own))
    else:
        known = known_of(own, forms, {**choices_of(book), **(choices or {})})
        imported = read_data(data, known, unit=data_unit, amounts=amounts_known(every, own))
        if imported.export is not None:
            imported = _of_the_workbook(imported, known, sum(not form.name.text for form in forms))
    to_fill = [project for project in imported.body.projects if project.indicators or project.funds]
    if not to_fill and not has_anything(imported.body.whole):
        in_data = [form.sheet for form in form_grids(data).forms] if data else []
        if in_data:
            raise FormProblem(
                f"数据文件里没有数据表，只有自评表或评分表（{'、'.join(dict.fromkeys(in_data))}）；"
                "请用 perfeval new --data 从它新建工作簿，再运行 fill"
            )
        if data is not None and not any(find(data, sheet, table) for sheet, table in TABLES.items()):
            raise nothing_seen(data, export_sheets(data))
        raise FormProblem(
            f"没有可填的数据：请先在“{names.TARGETS}”和“{names.EXECUTION}”两张表里填入数据，或用 --data 指定数据文件；"
            "绩效目标表（表14、表15）请先用 perfeval import 导入"
        )
    of_body = [form for form in every if form.kind not in OF_ONE]
    if not every:
        unread = "".join(f"（{one}）" for one in not_read(sheets.leftovers))
        raise FormProblem(f"工作簿里没有找到自评表，请先用 perfeval new 新建，或打开官方的空白表{unread}")
    memory = Memory(book)
    notes = [*imported.notes, *not_read(sheets.leftovers)]
    decisions = Decisions(memory, overwrite)
    notes += _conversions(imported.body, [form for form in every if form.kind != SCORING])
    options = convention(imported.body.convention or NATIONAL)
    if own is not None and all(find(book, sheet, table) for sheet, table in TABLES.items()):
        tasks_apart = replace(imported.body, whole=replace(imported.body.whole, tasks=()))  # a form's wishes bring them
        notes += importing.bring(book, in_unit_of(tasks_apart, own.unit), decisions)
    without_formulas: dict[str, list[Form]] = defaultdict(list)
    from_data: set[tuple[str, Address]] = set()
    for grid, wish in whole_wishes(book, data or book, of_body, imported.body, notes):
        decisions.take(grid, wish)
    if not has_anything(imported.body.whole):
        notes.extend(_untouched(form.sheet) for form in of_body)
    for project, form in _pairs(to_fill, forms, notes):
        grid = book.grid(form.sheet)
        for wish in _wishes(form, project, imported, notes):
            decisions.take(grid, wish)
            from_data.add((form.sheet, wish.cell))
        if not is_live(grid, form):
            without_formulas[form.sheet].append(form)
    for sheet, lacking in without_formulas.items():
        _compute(book.grid(sheet), lacking, from_data, decisions, options, notes)
    if decisions.kept and names.MEMORY not in book.sheets:
        notes.append("这本工作簿没有填报记录，看不出哪些格是上次填的：数据改了的格也保留着，要更新请加 --overwrite")
    memory.remember(decisions.edits)
    seen = imported.export.seen if imported.export else ()
    choosing = kept(book, choices or {}, seen) if data is not None else ()
    return Plan((*decisions.edits, *choosing, *memory.edits()), tuple(decisions.kept), tuple(notes))


def _of_the_workbook(imported: Imported, known: Known, blank: int) -> Imported:
    """An export's projects that have a form: those that the workbook knows, and others where there are as many blank forms."""
    if not known.projects:
        return imported
    matched, others, notes = recognised(imported.body.projects, known)
    if len(others) <= blank:
        body, said = replace(imported.body, projects=(*matched, *others)), notes
    else:
        body, said = importing.only_known(imported.body, known)
    return replace(imported, body=body, notes=(*imported.notes, *said))


def _conversions(body: Body, forms: Sequence[Form]) -> Iterator[str]:
    """What is said of forms that print another unit than the data is in, or none."""
    sheets: dict[str, list[str]] = {}
    for form in forms:
        sheets.setdefault(form.unit, []).append(f"“{form.sheet}”")
    for unit, named in sheets.items():
        listed = "、".join(named[:_LISTED]) + (f" 等 {len(named)} 张" if len(named) > _LISTED else "")
        if unit and unit != body.unit:
            yield f"{listed}印的是{unit}，金额由{body.unit}换算成{unit}"


def _pairs(projects: Sequence[Project], forms: Sequence[Form], notes: list[str]) -> Iterator[tuple[Project, Form]]:
    """Each project with its form, by 项目名称, otherwise the next form of its kind without a name.

    Raises FormProblem for a project without a form, and where two projects or two forms have one name.
    """
    by_name = _by_name([form for form in forms if form.name.text])
    blank = [form for form in forms if not form.name.text]
    codes: dict[str, str] = {}
    for project in projects:
        name = bare(project.name)
        if name in codes:
            raise FormProblem(
                f"项目编码“{codes[name]}”和“{project.code}”的项目名称相同（{project.name}），请核对项目编码。没有写入任何内容"
            )
        codes[name] = project.code
    unplaced: list[Project] = []
    for project in projects:
        if bare(project.name) in by_name:
            continue
        form = next((form for form in blank if _suits(form, project)), None)
        if form is None:
            unplaced.append(project)
            continue
        blank.remove(form)
        notes.append(f"空白的自评表“{form.sheet}”填入项目“{project.name}”")
        by_name[bare(project.name)] = form
    if unplaced:
        raise FormProblem(
            f"有 {len(unplaced)} 个项目在工作簿里没有自评表：{'、'.join(project.name for project in unplaced[:5])}；"
            "请核对项目名称，或先为它们新增自评表。没有写入任何内容"
        )
    untouched = [form.sheet for name, form in by_name.items() if name not in codes]
    untouched += [form.sheet for form in blank]
    notes.extend(map(_untouched, untouched))
    for project in projects:
        yield project, by_name[bare(project.name)]


def _suits(form: Form, project: Project) -> bool:
    """Whether a blank form is one for a project: for a transfer it names where its money comes from."""
    if not project.is_transfer:
        return form.kind != TRANSFER
    return {funds.source for funds in project.funds} <= {funds.source for funds in form.funds}


def _untouched(sheet: str) -> str:
    return f"自评表“{sheet}”没有数据，保持原样"


def _by_name(forms: Sequence[Form]) -> dict[str, Form]:
    by_name: dict[str, Form] = {}
    for form in forms:
        other = by_name.setdefault(bare(form.name.text), form)
        if other is not form:
            raise FormProblem(
                f"工作表“{other.sheet}”和“{form.sheet}”的项目名称相同（{form.name.text}），请改名后再填。没有写入任何内容"
            )
    return by_name


def _wishes(form: Form, project: Project, imported: Imported, notes: list[str]) -> list[Wish]:
    unit = imported.body.unit
    wanted = form.unit or unit
    amounts = amounts_of(project.funds, lambda value: _converted(value, unit, wanted))
    amount = _converted(project.amount, unit, form.amount_unit or unit)
    homeless = without_place(form, project, amounts, amount)
    if homeless:
        notes.append(f"自评表“{form.sheet}”没有这些栏，数据没有填：{'、'.join(homeless)}")
    notes.extend(f"自评表“{form.sheet}”{doubt}" for doubt in uncertain(form.rows, project.indicators))
    return wishes(form, project, amounts, amount)


def _compute(
    grid: Grid,
    forms: Sequence[Form],
    from_data: set[tuple[str, Address]],
    decisions: Decisions,
    options: Convention,
    notes: list[str],
) -> None:
    """Give a sheet's forms without formulas what a rule gives, and their totals; a cell that the data fills is its."""
    before = len(decisions.edits)
    filled, now = after(grid, forms, decisions.contents(grid))
    for form in now:
        for wish in scores(filled, form, options):
            if (grid.name, wish.cell) not in from_data:
                decisions.take(grid, wish)
    for form in after(grid, forms, decisions.contents(grid))[1]:
        sum_of_scores, missing = total(form, options)
        if sum_of_scores is not None:
            decisions.take(grid, sum_of_scores)
        if missing:
            left = f"有 {len(missing)} 项得分由人评定，没有填：{'、'.join(missing)}；总分留空"
            notes.append(f"自评表“{grid.name}”的“{form.name.text}”{left}")
    if len(decisions.edits) > before:
        count = len(decisions.edits) - before
        notes.append(f"自评表“{grid.name}”没有公式，已按口径 {options.name} 填入 {count} 个算出的值")


def _converted(value: Value, unit: str, wanted: str) -> float | None:
    number = in_unit(value, unit, wanted)
    return None if number is None else float(number)
