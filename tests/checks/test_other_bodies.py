"""Forms of other bodies, in their smallest spelling: what each must raise, at its cell, and nothing else; anywhere, and in Word."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from perfeval.books.file import FileBook
from perfeval.checks import check
from perfeval.commands.check import review
from perfeval.forms.grid import Address, address
from support import DATA
from support.sheettext import write_sheets
from support.wordtables import write_word

CASES: dict[str, dict[str, Any]] = tomllib.loads((DATA / "other_bodies.toml").read_text(encoding="utf-8"))


def found(book: Any) -> list[str]:
    return [f"{one.cell} {one.kind.code}" for one in check(book)]


@pytest.mark.parametrize("name", CASES)
def test_what_a_form_raises(name: str, tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "表.xlsx", {"自评表": CASES[name]["sheet"]})
    assert found(FileBook.open(path)) == CASES[name]["finds"]


@pytest.mark.parametrize("name", CASES)
def test_wherever_it_stands_on_a_sheet(name: str, tmp_path: Path) -> None:
    path = write_sheets(tmp_path / "表.xlsx", {"自评表": CASES[name]["sheet"]}, at=(7, 3))
    wanted = [f"{moved(cell)} {code}" for cell, _, code in (one.rpartition(" ") for one in CASES[name]["finds"])]
    known = [one for one in found(FileBook.open(path)) if not one.endswith("R31")]  # of a whole form: at its first row
    assert known == [one for one in wanted if not one.endswith("R31")]


def moved(cell: str) -> str:
    if not cell:
        return ""
    row, column = address(cell)
    return str(Address(row + 6, column + 2))


@pytest.mark.parametrize("name", CASES)
def test_in_word_the_same_is_raised(name: str, tmp_path: Path) -> None:
    sheet = FileBook.open(write_sheets(tmp_path / "表.xlsx", {"自评表": CASES[name]["sheet"]})).grid("自评表")
    path = write_word(tmp_path / "表.docx", [sheet])
    (reviewed,) = review([(path, ())])
    assert sorted(one.kind.code for one in reviewed.findings) == sorted(
        one.split(" ")[1] for one in CASES[name]["finds"]
    )
