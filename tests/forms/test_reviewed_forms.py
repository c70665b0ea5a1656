"""Tables that were written without a look at the checkers: what is found on each, cell by cell, and nothing else.

They stand in ``layouts/reviewed.toml`` as text (``sheettext``), each with the cells that a reviewer would mark.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from perfeval.books.file import FileBook
from perfeval.checks import check
from support import DATA
from support.sheettext import write_sheets

TABLES: dict[str, dict[str, Any]] = tomllib.loads(DATA.joinpath("layouts/reviewed.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TABLES)
def test_what_a_reviewer_would_mark(name: str, tmp_path: Path) -> None:
    table = TABLES[name]
    path = write_sheets(tmp_path / "自评表.xlsx", {"表": table["sheet"]})
    found = check(FileBook.open(path), table.get("standard"))
    assert [f"{one.cell} {one.kind.code}" for one in found] == table["finds"]
