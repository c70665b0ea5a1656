"""PE_ formulas that point into another file: named by file and cell, whichever way they are written; right ones raise nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.packaging.relationship import Relationship
from openpyxl.workbook.external_link.external import ExternalBook, ExternalLink

from perfeval.books import FileBook
from perfeval.books.live import LiveBook
from perfeval.checks import check
from perfeval.findings import Finding, Level
from support import fakeexcel


def book(path: Path, formulas: dict[str, str], files: tuple[str, ...] = ()) -> Path:
    """A workbook with these formulas on its one sheet, and these files as [1], [2] …"""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "01 管网"
    for cell, formula in formulas.items():
        sheet[cell] = formula
    for file in files:
        link = ExternalLink(externalBook=ExternalBook(id="rId1"))
        link.file_link = Relationship(type="externalLinkPath", Target=file, TargetMode="External")
        made._external_links.append(link)
    made.save(path)
    return path


def found(path: Path) -> list[Finding]:
    return [one for one in check(FileBook.open(path)) if one.kind.code == "R48"]


POINTING = {
    "by number, of a workbook": ("=[1]!PE_EXEC_SCORE(A1,B1)", ("file:///C:/%E5%8D%95%E4%BD%8D/2021.xlsm",), "2021.xlsm"),
    "by the second number": ("=[2]!PE_EXEC_SCORE(A1,B1)", ("A.xlsx", "B.xlsm"), "B.xlsm"),
    "a number that the file does not tell": ("=[7]!PE_EXEC_SCORE(A1,B1)", (), "[7]"),
    "by name": ("=A.xlsm!PE_EXEC_SCORE(A1,B1)", (), "A.xlsm"),
    "by its whole path": (r"='C:\单位 文件\it''s.xlsm'!PE_EXEC_SCORE(A1,B1)", (), "it's.xlsm"),
    "within another function": ("=IF(A1=\"\",\"\",ROUND(A.xlsm!pe_exec_score(A1,B1),2))", (), "A.xlsm"),
    "after a text like one": ('=IF(A1="B.xlsm!PE_EXEC_SCORE(",0,A.xlsm!PE_EXEC_SCORE(A1,B1))', (), "A.xlsm"),
}  # fmt: skip


@pytest.mark.parametrize(("formula", "files", "named"), POINTING.values(), ids=POINTING.keys())
def test_a_formula_that_points_elsewhere(tmp_path: Path, formula: str, files: tuple[str, ...], named: str) -> None:
    (one,) = found(book(tmp_path / "表.xlsx", {"C3": formula}, files))
    assert (one.sheet, one.cell, one.level) == ("01 管网", "C3", Level.WARNING)
    assert f"指向“{named}”（C3）" in one.message
    assert "重新计算" in one.kind.do


RIGHT = {
    "here": "=PE_EXEC_SCORE(A1,B1)",
    "as Excel 365 shows it": "=@PE_EXEC_SCORE(A1,B1)",
    "cells of another file": "=PE_EXEC_SCORE([1]表!A1,'[1]表'!B1)",
    "in a text": '=IF(A1="A.xlsm!PE_EXEC_SCORE(",1,0)',
    "another's function": "=A.xlsm!PE_OTHER(A1)",
    "a name on a sheet": "='01 管网'!PE_BUDGET+1",
}


@pytest.mark.parametrize("formula", RIGHT.values(), ids=RIGHT.keys())
def test_a_right_formula(tmp_path: Path, formula: str) -> None:
    assert found(book(tmp_path / "表.xlsx", {"C3": formula}, ("A.xlsx",))) == []


def test_one_finding_a_sheet_and_file(tmp_path: Path) -> None:
    formulas = {f"C{row}": "=A.xlsm!PE_EXEC_SCORE(A1,B1)+A.xlsm!PE_EXEC_RATE(A1,B1)" for row in range(3, 9)}
    one, other = found(book(tmp_path / "表.xlsx", formulas | {"D4": "=B.xlsm!PE_EXEC_SCORE(A1,B1)"}))
    assert (one.cell, one.message.partition("：")[0]) == ("C3", "6 个 PE_ 公式指向“A.xlsm”（C3、C4、C5 等）")
    assert (other.cell, other.message.partition("：")[0]) == ("D4", "1 个 PE_ 公式指向“B.xlsm”（D4）")


def test_the_add_in_is_noted(tmp_path: Path) -> None:
    path = book(tmp_path / "表.xlsx", {"C3": "=[1]!PE_EXEC_SCORE(A1,B1)"}, ("PerfEval.xlam",))
    (one,) = found(path)
    assert one.level is Level.NOTE
    assert "没有装 PerfEval 的电脑算不出" in one.message


@pytest.mark.parametrize(("value", "level"), [(9.0, Level.NOTE), ("#NAME?", Level.WARNING), ("#REF!", Level.WARNING)])
def test_the_add_in_is_warned_of_where_it_is_missed(tmp_path: Path, value: object, level: Level) -> None:
    """As Excel shows it: with its path where it is not loaded."""
    live = fakeexcel.open_book(book(tmp_path / "表.xlsx", {"C3": r"='C:\XLSTART\PerfEval.xlam'!PE_EXEC_SCORE(A1,B1)"}))
    live.impl.cached["01 管网"]["C3"].value = value
    (one,) = [one for one in check(LiveBook(live)) if one.kind.code == "R48"]
    assert one.level is level
    assert "加载宏“PerfEval.xlam”" in one.message
