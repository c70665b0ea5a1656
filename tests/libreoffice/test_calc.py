"""PerfEval in LibreOffice Calc: functions, live scores of a filled workbook, and the way through .xlsx and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from perfeval.books import FileBook
from perfeval.books.live import LiveBook
from perfeval.commands import demo, new
from perfeval.commands.fill import plan
from perfeval.errors import CellError, PerfEvalError
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Cell, Grid, address
from perfeval.functions import FUNCTIONS
from perfeval.functions.registry import WorksheetFunction
from perfeval.records.choices import choices
from perfeval.workbook.formulas import BAD
from support import calc as driver
from support.audits import budgets, departments, projects
from support.calc import Calc, content

pytestmark = [pytest.mark.host, pytest.mark.skipif(bool(driver.missing()), reason=driver.missing())]

BOOKS = ("PerfEval.xlsm", "hecheng-2020/PerfEval.xlsm")  # eight projects of Shenzhen, two of Hecheng
WHOLES = ("zhishu-2020", "hecheng-department-2020", "hecheng-expenditure-2020")  # whole bodies
FIRST = "01 社会保险转移接续工作外包服务"


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calc]:
    with Calc(driver.prepare(tmp_path_factory.mktemp("profile"))) as running:
        yield running


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the published bodies' workbooks, filled."""
    folder = tmp_path_factory.mktemp("demo")
    list(demo.demo(folder))
    return folder


@pytest.fixture(scope="module")
def document(calc: Calc, filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The workbook of eight projects, open; tests put back what they change."""
    path = tmp_path_factory.mktemp("open") / "book.xlsm"
    path.write_bytes((filled / BOOKS[0]).read_bytes())
    with calc.open(path) as opened:
        yield opened


def grids(path: Path) -> dict[str, Grid]:
    book = FileBook.open(path)
    return {sheet: book.grid(sheet) for sheet in book.sheets}


def cell(document: Any, place: str) -> Any:
    """A cell of the first project's form, or of the sheet named before the exclamation mark."""
    sheet, _, address = place.rpartition("!")
    return document.Sheets.getByName(sheet or FIRST).getCellRangeByName(address)


def enter(found: Any, value: Any) -> None:
    """What a person types: nothing, a number, a formula or a text."""
    if value is None:
        found.clearContents(1 | 2 | 4 | 16)
    elif isinstance(value, float):
        found.Value = value
    elif value.startswith("="):
        found.FormulaLocal = value
    else:
        shown_as = found.NumberFormat
        found.String = value
        found.NumberFormat = shown_as  # Calc makes it a text format for what looks like a number


# --- functions ---

CALLS = """
PE_EXEC_SCORE(100,95,10) | 9.5
PE_EXEC_SCORE(100,95) | 9.5
PE_EXEC_SCORE(2340000,1170001,,"sz-project-2021") | 5
PE_EXEC_RATE(0,5) | #DIV/0!
PE_EXEC_RATE("若干",5) | #VALUE!
PE_EXEC_RATE(1E-10,1E300) | #NUM!
PE_TOTAL(1E308,1E308) | #NUM!
PE_INDICATOR_SCORE("不适用","不适用",10) | #N/A
ISERROR(PE_EXEC_RATE(0,5)) | 1
ISNA(PE_INDICATOR_SCORE("不适用","不适用",10)) | 1
PE_EXEC_RATE(1/0,1) | #DIV/0!
PE_EXEC_RATE(NA(),1) | #N/A
PE_EXEC_RATE(100,95)+1 | 1.95
IF(PE_MEETS("≥95%","96%")="是","达标","未达标") | 达标
PE_GRADE(PE_TOTAL(60,25.5)) | 良
PE_GRADE(91.14) | 优
PE_UNIT("2.6亿元") | 元
PE_NUMBER("2.6亿元") | 260000000
PE_INDICATOR_SCORE("及时","及时",10) |
PE_TOTAL("—","不适用") |
""".strip().splitlines()  # an error, a number, a text; a judgement is blank


@pytest.mark.parametrize("line", CALLS)
def test_a_formula_gives(calc: Calc, line: str) -> None:
    formula, _, expected = (part.strip() for part in line.partition(" |"))
    with calc.open() as document:
        found = document.Sheets.getByIndex(0).getCellRangeByName("A1")
        found.FormulaLocal = f"={formula}"
        got = content(found)
    assert (f"{got:.15g}" if isinstance(got, float) else str(got)) == expected


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_the_wizard_explains_every_function_and_argument(calc: Calc, language: str) -> None:
    known = configuration(calc, "/org.openoffice.Office.CalcAddIns/AddInInfo", language)
    functions = known.getByHierarchicalName("org.perfeval.CalcAddIn/AddInFunctions")
    assert sorted(functions.getByName(name).DisplayName for name in functions.ElementNames) == sorted(FUNCTIONS)
    for name in functions.ElementNames:
        shown = functions.getByName(name)
        function = FUNCTIONS[shown.DisplayName]
        told = [shown.Parameters.getByName(place).DisplayName for place in shown.Parameters.ElementNames]
        if language == "zh-CN":
            assert shown.Description == f"{function.title}：{function.description}"
            assert sorted(told) == sorted(argument.label for argument in function.arguments)
        else:
            assert shown.Description[0].isascii()
            assert sorted(told) == sorted(argument.name.replace("_", " ") for argument in function.arguments)


def configuration(calc: Calc, path: str, language: str) -> Any:
    """A part of LibreOffice's configuration as a user of this language sees it."""
    provider = calc.service("com.sun.star.configuration.ConfigurationProvider")
    arguments = calc.properties(nodepath=path, Locale=language)
    return provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", arguments)


def test_ranges_give_arrays_as_with_ctrl_shift_enter(calc: Calc) -> None:
    with calc.open() as document:
        sheet = document.Sheets.getByIndex(0)
        sheet.getCellRangeByName("A1:B3").setDataArray(((100.0, 95.0), (0.0, 5.0), (200.0, "")))
        enter_array(sheet, "C1:C3", "PE_EXEC_RATE(A1:A3,B1:B3)")
        enter_array(sheet, "D1:D3", 'PE_MEETS("≥50",B1:B3)')
        enter(sheet.getCellRangeByName("E1"), '=COUNTIF(D1:D3,"否")')
        assert column(sheet, "C") == [0.95, CellError("#DIV/0!"), ""]
        assert column(sheet, "D") == ["是", "否", ""]
        assert content(sheet.getCellRangeByName("E1")) == 1
        for executed in range(1, 50):  # the results of older inputs do not come back
            sheet.getCellRangeByName("B3").Value = float(executed)
            assert column(sheet, "C")[2] == executed / 200


def enter_array(sheet: Any, cells: str, formula: str) -> None:
    sheet.getCellRangeByName("Z9").FormulaLocal = f"={formula}"
    sheet.getCellRangeByName(cells).setArrayFormula(sheet.getCellRangeByName("Z9").Formula)


def column(sheet: Any, letter: str) -> list[Any]:
    return [content(sheet.getCellRangeByName(f"{letter}{row}")) for row in (1, 2, 3)]


def test_the_audited_figures_agree(calc: Calc, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every call of a worksheet function that the audit's tests make, made in Calc."""
    calls: list[tuple[str, tuple[Any, ...], Any]] = []
    original = WorksheetFunction.call

    def recorded(function: WorksheetFunction, *values: Any) -> Any:
        monkeypatch.setattr(WorksheetFunction, "call", original)  # what it calls itself is no cell
        try:
            result = function.call(*values)
        except PerfEvalError as error:
            result = error.cell_error
            raise
        finally:
            calls.append((function.name, values, result))
            monkeypatch.setattr(WorksheetFunction, "call", recorded)
        return result

    monkeypatch.setattr(WorksheetFunction, "call", recorded)
    for item in projects.CASES:
        projects.recompute(item)
    for item in departments.ITEMS:
        if item["id"] not in departments.TOLD | departments.QUOTED:
            departments.recompute(item)
    departments.recompute_the_told()
    for item in budgets.STAFF:
        budgets.staff_control_rate(item)
    monkeypatch.undo()
    assert len(calls) > 150
    with calc.open() as document:
        sheet = document.Sheets.getByIndex(0)
        for row, (function, values, _) in enumerate(calls):
            sheet.getCellByPosition(0, row).FormulaLocal = f"={function}({','.join(map(literal, values))})"
        got = [content(sheet.getCellByPosition(0, row)) for row in range(len(calls))]
    assert got == [result for *_, result in calls]


def literal(value: Any) -> str:
    if isinstance(value, tuple):
        return "{" + ";".join(",".join(map(literal, row)) for row in value) + "}"
    if value is None:
        return ""
    return '"' + value.replace('"', '""') + '"' if isinstance(value, str) else repr(value)


# --- a filled workbook ---


@pytest.mark.parametrize("name", [*BOOKS, *(f"{whole}/PerfEval.xlsm" for whole in WHOLES)])
def test_recalculated_values_are_the_cached_ones_to_the_last_digit(calc: Calc, filled: Path, name: str) -> None:
    cached = {(grid.name, place): cell for grid in grids(filled / name).values() for place, cell in grid.cells.items()}
    with calc.open(filled / name) as document:
        document.calculateAll()
        live = {
            (sheet, place): content(document.Sheets.getByName(sheet).getCellByPosition(place.column - 1, place.row - 1))
            for (sheet, place), cell in cached.items()
            if cell.formula is not None
        }
    assert sum("PE_" in (cached[place].formula or "") for place in live) > 30
    assert live == {place: cached[place].value for place in live}


ERROR_WORDS = "算不出得分，请核对预算数和执行数，或直接填得分"
# What is typed into the first form (its 得分 of 预算执行率 and of rows 13 and 20 are live), and what follows at once.
EDITS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("half is executed", {"F6": 1170000.0},
     {"H6": 0.5, "K6": 5.0, "I6": 5.0, "H21": 95.0, "L21": "优", "汇总!D4": 1170000.0, "汇总!E4": 0.5, "汇总!F4": 95.0}),
    ("no execution entered", {"F6": None}, {"H6": "", "K6": "", "N6": "", "汇总!D4": "", "汇总!E4": ""}),
    ("text for an amount", {"F6": "约一半"}, {"H6": "#VALUE!", "K6": "#VALUE!", "N6": ERROR_WORDS, "汇总!E4": "#VALUE!"}),
    ("spending without a budget", {"E6": 0.0, "F6": 5.0},
     {"H6": "#DIV/0!", "K6": "#DIV/0!", "N6": ERROR_WORDS, "H21": "#DIV/0!", "汇总!F4": "#DIV/0!"}),
    ("neither budget nor spending", {"E6": 0.0, "F6": 0.0}, {"H6": 0.0, "K6": "#DIV/0!"}),
    ("target missed", {"F20": "90%"},
     {"K20": 18.95, "H20": 18.95, "M20": "否", "H21": 98.95, "汇总!F4": 98.95}),
    ("target missed by far", {"F13": "约10万人次", "F20": "10%"},
     {"K13": 4.65, "K20": 2.11, "H21": 66.76, "L21": "中", "汇总!G4": "中"}),
    ("no actual value", {"F20": None},
     {"K20": "", "L20": "", "M20": "", "H20": "", "L21": "", "N20": "完成值空白", "汇总!F4": 80.0}),
    ("words for a measure", {"F20": "基本满意"}, {"K20": "#VALUE!", "L20": "—", "M20": "—", "H21": "#VALUE!"}),
    ("another unit", {"F13": "约46万元"}, {"K13": "#VALUE!", "M13": "—"}),
    ("not applicable", {"E20": "不适用", "F20": "不适用"}, {"K20": "—", "H20": "—", "H21": 80.0}),
    ("more points to win", {"G20": 15.0}, {"K20": 15.0, "G21": 95.0, "N21": "分值合计应为 100，现为 95"}),
    ("a person's own score", {"H20": 18.0, "I20": None}, {"K20": 20.0, "H21": 98.0, "N20": "得分"}),
    ("more than there is to win", {"H20": 25.0}, {"H21": 105.0, "N20": "分值"}),
]  # fmt: skip


@pytest.fixture
def live(document: Any) -> Iterator[Any]:
    """The open workbook with 得分 taken from 测算得分; afterwards as it was."""
    undo = document.getUndoManager()
    before = len(undo.getAllUndoActionTitles())
    for place, formula in {"I6": "=K6", "H13": "=K13", "H20": "=K20"}.items():
        enter(cell(document, place), formula)
    yield document
    while len(undo.getAllUndoActionTitles()) > before:
        undo.undo()


@pytest.mark.parametrize(("typed", "shown"), [case[1:] for case in EDITS], ids=[case[0] for case in EDITS])
def test_what_is_typed_shows_at_once(live: Any, typed: dict[str, Any], shown: dict[str, Any]) -> None:
    for place, value in typed.items():
        enter(cell(live, place), value)
    for place, expected in shown.items():
        got = content(cell(live, place))
        if place.startswith("N") and expected:
            assert expected in got, place
        else:
            assert (str(got) if isinstance(got, CellError) else got) == expected, place


TYPED = {"F6": 1_000_000.0, "F13": "80%", "G13": 12.5, "H13": 3.25}


def test_what_is_typed_into_any_form_shows_as_in_the_file(document: Any, filled: Path) -> None:
    """全年执行数, 实际完成值, 分值 and 得分 of all eight projects: forms and 汇总 follow, to the last digit of the file's."""
    file = FileBook.open(filled / BOOKS[0])
    forms = [sheet for sheet in file.sheets if sheet[:2].isdecimal()]
    assert len(forms) == 8
    file.apply([Edit(sheet, address(place), value) for sheet in forms for place, value in TYPED.items()])
    undo = document.getUndoManager()
    before = len(undo.getAllUndoActionTitles())
    for sheet in forms:
        for place, value in TYPED.items():
            enter(cell(document, f"{sheet}!{place}"), value)
    computed = {
        (sheet, place): found.value
        for sheet in (*forms, "汇总")
        for place, found in file.grid(sheet).cells.items()
        if found.formula is not None
    }
    shown = {place: content(cell(document, f"{place[0]}!{place[1]}")) for place in computed}
    while len(undo.getAllUndoActionTitles()) > before:
        undo.undo()
    assert shown == computed


def test_a_choice_on_the_sheet_of_options_changes_every_score(document: Any, filled: Path) -> None:
    places = {title: str(entry.cell) for title, entry in choices(FileBook.open(filled / BOOKS[0])).items()}
    places_of_scores = cell(document, f"口径!{places['得分小数']}")
    reverse = cell(document, f"口径!{places['反向指标']}")
    before = content(cell(document, "K6"))
    assert content(cell(document, "基本信息!B5")) == "sz-project-2021; 年度=2021"
    enter(places_of_scores, 0.0)
    assert content(cell(document, "基本信息!B5")) == "sz-project-2021; 得分小数=0; 年度=2021"
    assert content(cell(document, "K6")) == float(f"{before:.0f}")
    enter(places_of_scores, None)
    enter(reverse, "平方")
    assert [content(cell(document, place)) for place in ("K6", "口径!G2")] == ["", 1]
    assert content(cell(document, "N6")) == BAD
    assert BAD in content(cell(document, "汇总!A2"))
    enter(reverse, None)
    assert (content(cell(document, "K6")), content(cell(document, "口径!G2"))) == (before, 0)


# --- the whole body ---

# What is typed into 基础数据 of 直属分局, and what follows at once on it and on 评分表 (G the score, I 测算得分, J 提示).
WHOLE_EDITS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("more staff than posts", {"staff-control.staff": 41.0},
     {"评分表!G16": 0.0, "评分表!I16": 0.0, "评分表!G26": 90.14, "评分表!G27": "优"}),
    ("less satisfaction", {"satisfaction.satisfaction": "84%"}, {"评分表!G25": 2.0, "评分表!G26": 87.14, "评分表!G27": "良"}),
    ("a question that decides", {"financial-compliance.zero_if": "是"}, {"评分表!I10": 0.0, "评分表!G10": 3.0}),
    ("the quarters, at last", {f"quarterly-execution.q{n}": 0.25 * n for n in (1, 2, 3, 4)}, {"评分表!I20": 6.0, "评分表!G20": 5.14}),
    ("half of the quarters", {"quarterly-execution.q1": 0.25}, {"评分表!I20": "", "评分表!G26": 91.14}),
    ("nothing entered", {"staff-control.staff": None},
     {"评分表!I16": "", "评分表!G16": "", "评分表!G27": "", "评分表!J16": "还没有填：年度在编人数（含工勤）"}),
    ("a negative number", {"staff-control.staff": -34.0},
     {"评分表!I16": "#VALUE!", "评分表!G26": "#VALUE!", "评分表!J16": "“年度在编人数（含工勤）”-34 是负数，请核对"}),
    ("another unit", {"staff-control.staff": "34元"},
     {"评分表!I16": "#VALUE!", "评分表!J16": "“年度在编人数（含工勤）”34元 的单位应是“人”"}),
    ("above 1000%", {"staff-control.staff": 4000.0}, {"评分表!I16": "#VALUE!"}),
    ("no posts at all", {"staff-control.posts": 0.0}, {"评分表!I16": "#DIV/0!", "评分表!G27": ""}),
    ("not applicable", {"staff-control.staff": "不适用"}, {"评分表!I16": "—", "评分表!G26": 90.14, "评分表!G27": "优"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def whole(calc: Calc, filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The workbook of 直属分局, open; tests put back what they change."""
    path = tmp_path_factory.mktemp("whole") / "book.xlsm"
    path.write_bytes((filled / WHOLES[0] / "PerfEval.xlsm").read_bytes())
    with calc.open(path) as opened:
        yield opened


@pytest.mark.parametrize(("typed", "shown"), [case[1:] for case in WHOLE_EDITS], ids=[case[0] for case in WHOLE_EDITS])
def test_a_datum_shows_in_its_leaf_the_total_and_the_grade(
    whole: Any, typed: dict[str, Any], shown: dict[str, Any]
) -> None:
    codes = {text: row for row, (text,) in enumerate(cell(whole, "基础数据!I1:I70").getDataArray(), start=1)}
    undo = whole.getUndoManager()
    before = len(undo.getAllUndoActionTitles())
    for code, value in typed.items():
        enter(cell(whole, f"基础数据!F{codes[code]}"), value)
    got = {place: content(cell(whole, place)) for place in shown}
    while len(undo.getAllUndoActionTitles()) > before:
        undo.undo()
    assert {place: str(one) if isinstance(one, CellError) else one for place, one in got.items()} == shown


# --- commands, over xlwings' API ---


@pytest.mark.parametrize("name", BOOKS)
def test_an_open_workbook_reads_as_the_file_does(calc: Calc, filled: Path, tmp_path: Path, name: str) -> None:
    from perfeval.libreoffice.engine import book  # noqa: PLC0415 — needs uno

    path = tmp_path / "book.xlsm"
    path.write_bytes((filled / name).read_bytes())
    stored = grids(path)
    with calc.open(path) as document:
        opened = LiveBook(book(calc.context, document))
        assert opened.sheets == tuple(stored)
        assert opened.names["口径"] == "基本信息!$B$5"
        for sheet, there in stored.items():
            here = opened.grid(sheet)
            styled = {
                p for p, one in here.cells.items() if (one.value, one.formula) == (None, None) and p not in there.cells
            }
            places = (here.cells.keys() | there.cells.keys()) - styled  # blank, and in the format of their column
            assert {p: (here[p], there[p]) for p in places if here[p] != as_calc_writes(there[p])} == {}
            assert sorted(here.merges) == sorted(there.merges)
            assert (here.hidden_rows, here.hidden_columns) == (there.hidden_rows, there.hidden_columns)


def as_calc_writes(cell: Cell) -> Cell:
    """A range of one cell is a cell to Calc: G13:G13 is G13."""
    return cell._replace(formula=cell.formula and re.sub(r"([A-Z]+\d+):\1\b", r"\1", cell.formula))


def test_filling_in_calc_is_filling_the_file(calc: Calc, filled: Path, tmp_path: Path) -> None:
    from perfeval.libreoffice.engine import book  # noqa: PLC0415 — needs uno

    source = filled / "hecheng-2020" / "data.xlsx"  # the smaller body: from outside every question takes its time
    path = new.new(tmp_path / "new.xlsm", new.body_from(source))
    data = FileBook.open(source)
    expected = plan(FileBook.open(path), data)
    with calc.open(path) as document:
        opened = LiveBook(book(calc.context, document))
        planned = plan(opened, data)
        assert planned == expected
        assert len(planned.edits) > 40
        opened.apply(planned.edits)
        saved = calc.save(document, tmp_path / "filled.xlsx")
    filled_on_disk = FileBook.open(path)
    filled_on_disk.apply(expected.edits)
    for sheet in filled_on_disk.user_sheets:
        there, here = FileBook.open(saved).grid(sheet), filled_on_disk.grid(sheet)
        for place, cell in here.cells.items():
            assert (there[place].formula is None) == (cell.formula is None)
            assert there[place].format == cell.format
            if isinstance(cell.value, float):
                assert there[place].value == pytest.approx(cell.value, rel=1e-14)
            else:
                assert there[place].value == cell.value


# --- there and back ---


def kept_of(path: Path) -> dict[str, Any]:
    """What a person set up in a workbook, beside its cells."""
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: (
            sorted(map(rule_of, sheet.data_validations.dataValidation)),
            (sheet.page_setup.orientation, sheet.page_setup.paperSize),
            (fit(sheet.page_setup.fitToWidth), fit(sheet.page_setup.fitToHeight)),
            sheet.print_area,
            sheet.print_title_rows,
            sheet.freeze_panes,
            bool(sheet.sheet_properties.pageSetUpPr and sheet.sheet_properties.pageSetUpPr.fitToPage),
        )
        for sheet in book.worksheets
        if sheet.sheet_state == "visible"
    }


def fit(pages: int | None) -> int:
    """Pages to fit on; 1 where nothing is said."""
    return 1 if pages is None else pages


def rule_of(rule: Any) -> tuple[str, ...]:
    """A data validation; one without a type only says something. Calc stores it to a thousand rows below the data."""
    places = (area.coord if area.max_row < 1001 else f"{area.coord.partition(':')[0]}…" for area in rule.sqref)
    cells = " ".join(sorted(places))
    return cells, rule.type or "", (rule.formula1 or "") if rule.type else "", rule.prompt or "", rule.error or ""


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm"])
def test_there_and_back_twice(calc: Calc, filled: Path, tmp_path: Path, suffix: str) -> None:
    original = filled / BOOKS[0]
    path = original
    for turn in (1, 2):
        with calc.open(path) as document:
            path = calc.save(document, tmp_path / f"turn{turn}{suffix}")
    back, before = grids(path), grids(original)
    assert list(back) == list(before)
    for sheet, grid in before.items():
        for place, cell in grid.cells.items():
            assert back[sheet][place].formula == cell.formula, (sheet, place)
            if isinstance(cell.value, float):
                assert back[sheet][place].value == pytest.approx(cell.value, rel=1e-14), (sheet, place)
            else:
                assert back[sheet][place].value == cell.value, (sheet, place)
    assert FileBook.open(path).names == FileBook.open(original).names
    assert kept_of(path) == kept_of(original)
    with ZipFile(path) as package:
        assert not any(b"ORG.PERFEVAL" in package.read(name) for name in package.namelist())
