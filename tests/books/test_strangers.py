"""The survey of workbooks that other programs made, on three that are made here: what it counts, and that it sees a wrong value."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from support.strangers import Survey, alike, main


def written(path: Path, *, stored: float) -> Path:
    """A workbook as Excel's file format has it, with a stored value beside a formula."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_number("A1", 2)
        sheet.write_formula("B1", "=A1*3", None, stored)
        sheet.write_formula("C1", "=NOW()", None, 45000)
    return path


def test_what_is_read_patched_and_recalculated_is_counted(tmp_path: Path) -> None:
    survey = Survey()
    survey.add(written(tmp_path / "对.xlsx", stored=6))
    survey.add(written(tmp_path / "错.xlsx", stored=7))
    (tmp_path / "坏.xlsx").write_bytes(b"no package")
    survey.add(tmp_path / "坏.xlsx")
    assert survey.files["read"] == 2
    assert survey.files.total() == 3
    assert survey.patches == {"patched, 1 parts changed": 2}
    assert (survey.formulas["as stored"], survey.formulas["differ"], survey.formulas["not known"]) == (1, 1, 2)
    assert "错.xlsx" in survey.differing[0]


def test_the_command_goes_through_folders(tmp_path: Path, capsys) -> None:
    (tmp_path / "下级").mkdir()
    written(tmp_path / "下级" / "一.xlsx", stored=6)
    assert main([str(tmp_path)]) == 0
    assert "1  as stored" in capsys.readouterr().out


def test_values_are_alike_to_fourteen_digits() -> None:
    assert alike(0.1 + 0.2, 0.3)
    assert not alike(0.3000001, 0.3)
    assert not alike(True, 1.0)
    assert not alike("1", 1.0)
