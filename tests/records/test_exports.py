"""Exports of finance systems: read right, or refused with what was seen; no amount is ever another one."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from perfeval.books.csvtable import read_csv
from perfeval.books.file import FileBook
from perfeval.books.opening import opened
from perfeval.errors import FileRefused, FormProblem
from perfeval.records.exportrows import Known
from perfeval.records.exports import Uncertain, nothing_seen
from perfeval.records.imports import export_sheets, read_data, recognised
from perfeval.records.model import Project
from perfeval.records.reading import Imported
from support.exports import SYSTEMS, TOTAL, A, Amounts, B, layout, write

KNOWN = Known(2025, "", ((("", A)), ("", B)))


def read(path: Path, known: Known = KNOWN, unit: str = "") -> Imported:
    return read_data(FileBook.open(path), known, unit=unit)


def certain(folder: Path, sheets: dict[str, list[Sequence[Any]]], merges: Sequence[str]) -> Imported:
    """What is read, or why nothing is."""
    book = FileBook.open(write(folder / "导出.xlsx", sheets, merges))
    imported = read_data(book, KNOWN)
    if imported.export is None:
        raise nothing_seen(book, export_sheets(book))
    return imported


def amounts_of(imported: Imported) -> Amounts:
    return {
        project.name: {one.source: (one.initial, one.budget, one.executed) for one in project.funds}
        for project in imported.body.projects
    }  # type: ignore[return-value]


@pytest.mark.parametrize("name", [name for name, system in SYSTEMS.items() if not system.refused])
def test_what_a_system_gives_is_read(name: str, tmp_path: Path) -> None:
    system = SYSTEMS[name]
    imported = read(write(tmp_path / "导出.xlsx", system.sheets, system.merges))
    assert amounts_of(imported) == system.reads
    assert imported.body.unit == system.unit
    assert all(any(said in note for note in imported.notes) for said in system.says), imported.notes


@pytest.mark.parametrize("name", [name for name, system in SYSTEMS.items() if system.refused])
def test_what_is_not_certain_is_refused_with_what_was_seen(name: str, tmp_path: Path) -> None:
    system = SYSTEMS[name]
    with pytest.raises(FormProblem) as refusal:
        certain(tmp_path, system.sheets, system.merges)
    assert system.refused in str(refusal.value)


@pytest.mark.parametrize("block", range(12))
def test_no_layout_gives_another_amount(block: int, tmp_path: Path) -> None:
    """Layouts drawn from the parts of all systems: most are read, and what is read is what they mean."""
    reads = 0
    for seed in range(block * 10, block * 10 + 10):
        drawn = layout(seed)
        path = write(tmp_path / f"{seed}.xlsx", {"导出": drawn.rows}, drawn.merges)
        try:
            imported = read(path, Known(2025))
        except FormProblem:
            continue
        reads += 1
        assert {name.strip(): money[TOTAL] for name, money in amounts_of(imported).items()} == drawn.means, seed
    assert reads >= 6


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8-sig", ","), ("gbk", ","), ("gb18030", "\t"), ("utf-16", ",")]
)
def test_a_csv_is_a_table(encoding: str, separator: str, tmp_path: Path) -> None:
    rows = SYSTEMS["用友：辅助核算，经济分类逐行，小计"].sheets["项目明细账"]
    path = tmp_path / "导出.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    imported = read_data(opened(path), KNOWN)
    assert amounts_of(imported) == SYSTEMS["用友：辅助核算，经济分类逐行，小计"].reads
    assert imported.body.projects[0].code == "XM000101"


def test_a_csv_may_end_in_commas_and_has_no_more_columns_than_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "导出.csv"
    path.write_text("项目名称,全年预算数" + "," * 100_000 + "\n甲,1\n", encoding="utf-8")
    assert len(read_csv(path).grid("导出").cells) == 4
    path.write_text("项目名称" + "," * 16_384 + "全年预算数\n", encoding="utf-8")
    with pytest.raises(FileRefused, match="一张表的列超过 16,384 个"):
        read_csv(path)


def test_headings_that_repeat_without_an_end_are_read_in_their_own_time(tmp_path: Path) -> None:
    path = tmp_path / "导出.csv"
    lines = (["项目名称", "全年预算数", "全年执行数"] * 5_000, ["甲", "1", "1"] * 5_000)
    path.write_text("\n".join(map(",".join, lines)), encoding="utf-8")
    assert [project.name for project in read_data(opened(path), KNOWN, unit="元").body.projects] == ["甲"]


@pytest.mark.parametrize("content", [b"\xff\xfe\0", b"\x81"])
def test_what_is_no_csv_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "导出.csv").write_bytes(content)
    with pytest.raises(FileRefused, match="另存为"):
        opened(tmp_path / "导出.csv")


def test_a_choice_decides(tmp_path: Path) -> None:
    system = SYSTEMS["两列都可能是全年预算数"]
    path = write(tmp_path / "导出.xlsx", system.sheets)
    with pytest.raises(Uncertain) as refusal:
        read(path)
    assert refusal.value.seen == (("导出", ("项目名称", "预算数", "调整预算数", "支出数")),)
    imported = read(path, KNOWN._replace(choices={"全年预算数": "调整预算数"}), "元")
    assert amounts_of(imported) == {A: {TOTAL: (None, 90, 80)}, B: {TOTAL: (None, 60, 50)}}


def test_a_chosen_sheet_and_a_chosen_column_that_nobody_knows(tmp_path: Path) -> None:
    system = SYSTEMS["两张表都可能"]
    path = write(tmp_path / "导出.xlsx", system.sheets)
    imported = read(path, KNOWN._replace(choices={"工作表": "四季度"}), "元")
    assert amounts_of(imported) == {A: {TOTAL: (None, 110, 95)}}
    path = write(tmp_path / "余额.xlsx", SYSTEMS["没有认得的金额列"].sheets)
    imported = read(path, KNOWN._replace(choices={"全年执行数": "本期借方"}), "元")
    assert amounts_of(imported) == {A: {TOTAL: (None, None, 100)}}


def test_a_project_is_known_by_its_name_or_by_a_long_code() -> None:
    known = Known(projects=(("MZ2501", A), ("01", B)))
    theirs = [Project("XX9", A + " "), Project("01", "别的项目"), Project("0MZ2501", "改了的名称")]
    matched, others, _ = recognised([theirs[0], theirs[1]], known)
    assert ([one.name for one in matched], [one.name for one in others]) == ([A], ["别的项目"])
    matched, others, notes = recognised([theirs[2]], known)
    assert ([(one.code, one.name) for one in matched], others) == ([("MZ2501", A)], [])
    assert "按项目编码" in notes[0]
