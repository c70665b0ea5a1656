"""Workbooks of landed states before (``blank`` as ``new`` made it, ``filled`` with two published projects): they open, are filled,
taken back, mended, sent, rolled up and carried on, without a step in between."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from perfeval.books.file import FileBook
from perfeval.books.rowroom import with_rows
from perfeval.checks import check
from perfeval.cli import main
from perfeval.commands import demo_data, repair
from perfeval.commands.new import body_from
from perfeval.forms.edits import Edit
from perfeval.forms.grid import address
from perfeval.forms.reader import read_forms
from perfeval.workbook.book import data_workbook
from support import DATA

OLDER = sorted((DATA / "workbooks-older").glob("*.xlsm"))
FILLED = [path for path in OLDER if path.name.startswith("filled")]
OURS = {"R49", "R50", "R51", "R52", "R53", "R54"}


@pytest.fixture
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copy(request.param, tmp_path / "自评.xlsm"))


@pytest.mark.parametrize("older", OLDER, ids=lambda path: path.stem, indirect=True)
def test_nothing_of_it_is_out_of_order(older: Path) -> None:
    assert [one for one in check(FileBook.open(older)) if one.kind.code in OURS] == []
    assert repair.repair(older) == repair.Repaired((), ())


@pytest.mark.parametrize("older", FILLED, ids=lambda path: path.stem, indirect=True)
def test_it_is_filled_taken_back_and_sent(older: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, reasons = older.with_name("数据.xlsx"), older.with_name("复核.json")
    body = demo_data.bodies()["hecheng-2020"]
    data.write_bytes(data_workbook(replace(body, projects=body.projects[:2])))
    assert main(["fill", str(older), "--data", str(data)]) == 0
    assert main(["undo", str(older)]) == 0
    assert main(["undo", str(older)]) == 0
    capsys.readouterr()
    main(["check", str(older), "--json"])
    found = json.loads(capsys.readouterr().out)
    reasons.write_text(json.dumps([one | {"waived": "照公开的表"} for one in found]), encoding="utf-8")
    assert main(["freeze", str(older), "--waive", str(reasons)]) == 0
    sent = older.with_name("自评-报送版.xlsx")
    assert not {"绩效目标", "执行数据"} & set(FileBook.open(sent).sheets)
    (older.parent / "next").mkdir()
    assert main(["new", str(older.parent / "next" / "次年.xlsm"), "--from", str(older)]) == 0
    assert len(body_from(older.parent / "next" / "次年.xlsm").projects) == 2
    for path in (older, data):
        path.unlink()
    shutil.rmtree(older.parent / "next")
    assert main(["rollup", str(older.parent)]) == 0


@pytest.mark.parametrize("older", FILLED, ids=lambda path: path.stem, indirect=True)
def test_its_rows_are_mended_by_its_own_formulas(older: Path) -> None:
    sheet = next(name for name in FileBook.open(older).sheets if name.startswith("01 "))
    (form,) = read_forms(FileBook.open(older).grid(sheet))
    assert form.total_score.cell is not None
    row = form.total_score.cell.row
    grown = with_rows(FileBook.open(older), sheet, row, 1)
    grown.apply([Edit(sheet, address(f"{letter}{row}"), value) for letter, value in (("D", "新指标"), ("G", 5))])
    older.write_bytes(grown.content)
    assert {one.kind.code for one in check(FileBook.open(older)) if one.kind.code in OURS} == {"R49", "R51"}
    assert repair.repair(older).left == ()
    grid = FileBook.open(older).grid(sheet)
    assert [grid[row, column].formula is not None for column in (8, 11, 12, 13, 14)] == [True] * 5
    assert [one for one in check(FileBook.open(older)) if one.kind.code in OURS] == []
