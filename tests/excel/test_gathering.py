"""A recalculation asks Python a few times: the workbook's VBA and its formulas, interpreted, with real functions behind them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw
from pyopenvba.interpreter._values import error

import support.vbacells  # noqa: F401 — PE_ cells call the workbook's own VBA
from perfeval.commands import buttons
from perfeval.commands.buttons import Told
from support.gathering import an_edit, asked, formulas, many_projects, ours
from support.vbahost import Host, macro_workbook, unseen_caller

MOST = 10
PROJECTS = 4  # 100 and 400 are a long run: tests/support/gathering.py


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return many_projects(tmp_path_factory.mktemp("gathering"), PROJECTS)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return macro_workbook(tmp_path_factory.mktemp("gathering") / "单位.xlsm", "表", "使用说明")


@pytest.fixture
def sheet(empty: Path) -> Host:
    return Host(empty, version("xlwings"))


def values(host: Host, *places: str) -> list[Any]:
    return [host.app.sheet(1).value(place) for place in places]


def test_many_projects_a_few_calls_and_every_value_as_before(projects: Path) -> None:
    """Scores, totals, grades and the sheet 汇总 read one another."""
    host = Host(projects, version("xlwings"))
    before = formulas(host)
    assert ours(host) > 30 * PROJECTS
    host.press("recalculate")
    calls = asked(host)
    assert set(calls) == {"pe_calls"}
    assert len(calls) <= MOST
    assert formulas(host) == before
    assert host("Application.Calculation") == -4105
    assert host("Application.CalculationInterruptKey") == 2

    forms = [sheet for sheet in host.app.workbook.sheets_ if sheet.name[:1].isdigit()]
    for form in (forms[0], forms[-1]):
        calls, depends = an_edit(host, form)
        assert 0 < len(calls) <= len(depends)
        assert all(call.startswith("PE_") for call in calls)  # a single edit: one call a cell
    assert {"PE_EXEC_SCORE", "PE_TOTAL", "PE_GRADE"} <= set(calls)  # the last project's scores are computed, a chain


def test_a_chain_takes_a_call_a_link_and_no_more_than_ten(sheet: Host) -> None:
    links = 13
    sheet.cells(A1=1, **{f"A{row}": f"=PE_TOTAL(A{row - 1}, 1)" for row in range(2, links + 2)})
    asked(sheet)
    sheet.press("recalculate")
    calls = asked(sheet)
    assert values(sheet, f"A{links + 1}") == [links + 1]
    assert calls == ["pe_calls"] * MOST + ["PE_TOTAL"] * (links - MOST)


def test_what_depends_on_an_unanswered_cell_is_not_asked(sheet: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    questions: list[Any] = []
    known = type(sheet.server.python).CallUDF

    def call(self: Any, module: str, name: str, given: Any, *more: Any) -> Any:
        if name == "pe_calls":
            questions.append([question[0] for question in given[0]])
        return known(self, module, name, given, *more)

    monkeypatch.setattr(type(sheet.server.python), "CallUDF", call)
    sheet.cells(A1=100, B1=90, C1="=PE_EXEC_SCORE(A1, B1)", D1="=PE_TOTAL(C1, 80)", E1="=PE_GRADE(D1)", F1="=C1&D1")
    questions.clear()
    sheet.press("recalculate")
    assert questions == [["PE_EXEC_SCORE"], ["PE_TOTAL"], ["PE_GRADE"]]
    assert values(sheet, "C1", "D1", "E1", "F1") == [9, 89, "良", "989"]


def test_neither_long_texts_nor_large_tables_nor_repetition_ask_more(sheet: Host) -> None:
    rows = 300
    sheet.do(
        f"For i = 1 To {rows}: Cells(i, 1).Value = 100: Cells(i, 2).Value = i: Next",
        f'Range("C1:C{rows}").FormulaArray = "=PE_EXEC_RATE(A1:A{rows},B1:B{rows})"',
        'Range("E1").Value = String(1500, "很") & "10"',
        'Range("F1").Formula = "=PE_NUMBER(E1)"',
        'Range("G1:G20").Formula = "=PE_EXEC_SCORE(100,90)"',
        'Range("H1").Formula = "=PE_EXEC_RATE(0,1)"',
    )
    asked(sheet)
    for _ in range(2):
        sheet.press("recalculate")
        assert asked(sheet) == ["pe_calls"]
    assert values(sheet, "C7", f"C{rows}", "G20") == [0.07, rows / 100, 9]
    assert [repr(value) for value in values(sheet, "F1", "H1")] == ["Error 2015", "Error 2007"]


def test_a_cell_that_was_loading_before_is_asked_as_before(sheet: Host) -> None:
    """#GETTING_DATA of Excel's own stands there after the recalculation too."""
    sheet.do('Range("A1").Value = CVErr(2043)')
    sheet.cells(B1="=PE_NUMBER(A1)")
    alone = values(sheet, "B1")
    sheet.press("recalculate")
    assert repr(values(sheet, "B1")) == repr(alone)


def test_python_that_fails_meanwhile_leaves_no_cell_waiting(sheet: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet.cells(A1="=PE_EXEC_SCORE(100, 90)", A2="=PE_TOTAL(A1, 1)")
    known = type(sheet.server.python).CallUDF

    def call(self: Any, module: str, name: str, *more: Any) -> Any:
        if name == "pe_calls":
            raise error(1000, "Unexpected Python Error")
        return known(self, module, name, *more)

    monkeypatch.setattr(type(sheet.server.python), "CallUDF", call)
    asked(sheet)
    sheet.press("recalculate")
    assert asked(sheet) == ["pe_calls", "PE_EXEC_SCORE", "PE_TOTAL"]
    assert values(sheet, "A1", "A2") == [9, 10]
    assert sheet("Application.Calculation") == -4105


@pytest.fixture
def pressed(sheet: Host, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A command that makes as many cells stale as A1 says, and looks at none of them."""
    monkeypatch.setattr(xw.Book, "caller", classmethod(unseen_caller))

    def command(*_: Any) -> Iterator[str]:
        yield "一步"
        sheet.cells(A1=80)
        assert sheet("Application.Calculation") == -4135  # nothing is calculated meanwhile
        return Told("")  # type: ignore[return-value]

    monkeypatch.setattr(buttons, "steps", command)
    return sheet


@pytest.mark.parametrize(
    ("stale", "calls"), [(20, ["PE_EXEC_SCORE"] * 20), (40, ["PE_EXEC_SCORE"] * 20 + ["pe_calls"])]
)
def test_a_command_that_makes_few_cells_stale_asks_for_each(pressed: Host, stale: int, calls: list[str]) -> None:
    pressed.cells(A1=90)
    pressed.do(f'Range("B1:B{stale}").Formula = "=PE_EXEC_SCORE(100+ROW(),$A$1)"')
    pressed.calculate(everything=False)
    asked(pressed)
    pressed.press("review")
    assert asked(pressed) == ["press", "go_on", *calls]
    assert values(pressed, "B1", f"B{stale}") == [round(800 / 101, 2), round(800 / (100 + stale), 2)]
