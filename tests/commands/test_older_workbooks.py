"""Workbooks that commit dc5649f made (``said.json``: what it said of them): they are opened, reviewed, filled, frozen and
rolled up as before."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from perfeval.books.file import FileBook
from perfeval.cli import main
from perfeval.commands import demo_data
from perfeval.commands.new import body_from
from perfeval.forms.edits import Edit
from perfeval.forms.grid import address
from perfeval.records import names
from perfeval.workbook.book import data_workbook
from support import DATA

OLDER = DATA / "workbooks-dc5649f"
SAID: dict[str, Any] = json.loads((OLDER / "said.json").read_text(encoding="utf-8"))
SHEETS_WITHOUT_POINTS = {place[1] for place in SAID["whole.xlsm"]["findings"] if place[0] == "R01"}
"""Forms on which nobody has filled in a 分值. They were said not to make 100; now they are not filled in (R37)."""

FORMER = {"R38": "R14", "R39": "R10", "R40": "R10", "R41": "R24"}
"""The codes of faults that shared one with another then."""


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A folder of copies."""
    for name in SAID:
        shutil.copy(OLDER / name, tmp_path)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    main([*arguments, "--json"])
    return json.loads(capsys.readouterr().out)


def scores(path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Every form that prints points: its totals, and what each row is worth, says and comes to."""
    forms = [
        (form, [[row["name"], row["weight"], row["printed"], row["computed"]] for row in form["rows"]])
        for form in told(capsys, "score", str(path))
    ]
    return [
        [form.get("project"), form["printed_total"], form["computed_total"], rows]
        for form, rows in forms
        if any(row[1:] != [None, None, None] for row in rows)
    ]


def places(found: Any) -> list[list[str]]:
    """The findings, under the codes of that time."""
    return sorted(
        [FORMER.get(one["code"], one["code"]), one["sheet"], one["cell"]] for one in found if one["code"] != "R37"
    )


@pytest.mark.parametrize("name", SAID)
def test_scores_and_findings_are_as_before(name: str, older: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert scores(older / name, capsys) == SAID[name]["scores"]
    before = [one for one in SAID[name]["findings"] if one[0] != "R01" or one[1] not in SHEETS_WITHOUT_POINTS]
    assert places(told(capsys, "check", str(older / name))) == before


def test_a_year_that_was_begun_is_filled_to_its_end(older: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second project had its targets only; with its data it says what the filled workbook says."""
    book, data = older / "half.xlsm", older / "数据.xlsx"
    shenzhen = demo_data.bodies()["shenzhen-2021"]
    data.write_bytes(data_workbook(replace(shenzhen, projects=shenzhen.projects[2:3])))
    assert main(["fill", str(book), "--data", str(data)]) == 0
    assert scores(book, capsys)[1] == SAID["filled.xlsm"]["scores"][1]


def test_a_second_fill_changes_no_form(older: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was filled from a file then is now brought into the import sheets too, once."""
    book, data = older / "filled.xlsm", older / "数据.xlsx"
    shenzhen = demo_data.bodies()["shenzhen-2021"]
    data.write_bytes(data_workbook(replace(shenzhen, projects=shenzhen.projects[1:4])))
    before = scores(book, capsys)
    assert main(["fill", str(book), "--data", str(data), "--dry-run"]) == 0
    edits = [line for line in capsys.readouterr().out.splitlines() if " ← " in line]
    assert edits
    assert all(line.strip().startswith(("绩效目标!", "执行数据!", "基本信息!")) for line in edits)
    assert main(["fill", str(book), "--data", str(data)]) == 0
    capsys.readouterr()
    assert main(["fill", str(book), "--data", str(data)]) == 0
    assert "已填 0 个单元格" in capsys.readouterr().out
    assert scores(book, capsys) == before


def test_its_last_fill_is_taken_back(older: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The record of that version, a list of cells alone, is still understood."""
    book = older / "filled.xlsm"
    before = scores(book, capsys)
    assert main(["undo", str(book)]) == 0
    assert "已恢复" in capsys.readouterr().out
    assert scores(book, capsys) != before
    assert main(["undo", str(book)]) == 0
    capsys.readouterr()
    assert scores(book, capsys) == before


def test_what_is_sent_says_the_same(older: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the reasons that were given then, under their codes."""
    book, sent, waivers = older / "filled.xlsm", older / "报送.xlsx", older / "waivers.json"
    given = json.loads((OLDER / "waivers.json").read_text(encoding="utf-8"))
    waivers.write_text(json.dumps([one | {"file": str(book)} for one in given]), encoding="utf-8")
    assert main(["freeze", str(book), "--out", str(sent), "--waive", str(waivers)]) == 0
    assert scores(sent, capsys) == SAID["sent.xlsx"]["scores"]


def test_they_are_rolled_up_as_before(older: Path) -> None:
    (older / "sent.xlsx").unlink()  # says what filled.xlsm says
    summary = older / "汇总.xlsx"
    assert main(["rollup", str(older), "--out", str(summary)]) == 1  # half.xlsm holds what filled.xlsm holds
    rows = openpyxl.load_workbook(summary)["按项目"].iter_rows(min_row=5, values_only=True)
    totals = {str(row[2]): (row[8], row[9]) for row in rows if row[2]}
    before = {form[0]: tuple(form[1:3]) for name in ("filled.xlsm", "whole.xlsm") for form in SAID[name]["scores"]}
    del before["部门整体"]
    assert totals == before


def test_the_next_year_begins_from_them(older: Path) -> None:
    assert main(["new", str(older / "次年.xlsm"), "--from", str(older / "filled.xlsm")]) == 0
    begun = body_from(older / "次年.xlsm")
    assert begun.year == 2022
    assert [len(project.indicators) for project in begun.projects] == [
        len(form[3]) - 1 for form in SAID["filled.xlsm"]["scores"]
    ]


def test_what_was_typed_into_their_import_sheets_is_read(older: Path) -> None:
    """执行数据 had no column 分值 then."""
    book = FileBook.open(older / "filled.xlsm")
    cells = {"B2": "社保业务公众服务经费", "C2": "年度资金总额", "E2": 4_448_000, "F2": 3_866_689.1, "G2": 8.6}
    book.apply([Edit(names.EXECUTION, address(place), value) for place, value in cells.items()])
    book.save(backup=False)
    project = next(one for one in body_from(older / "filled.xlsm").projects if one.funds)
    assert (project.funds[0].budget, project.execution_score, project.execution_weight) == (4_448_000, 8.6, None)
