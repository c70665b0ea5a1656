"""Rules in words within a workbook of ours (PE_HINT with its 评分标准, PE_RULE_SCORE): live in its copy of native formulas."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from perfeval.books.file import FileBook
from perfeval.commands import livecopy, new
from perfeval.forms.edits import Edit, Formula
from perfeval.forms.grid import Value, address
from perfeval.records import names

SHEET = names.TEMPLATE
RULE = "100%得满分，每低于1个百分点扣1分，扣完为止"


def live(folder: Path, *edits: tuple[str, Value | Formula]) -> FileBook:
    """The native copy of a blank workbook with cells typed in first."""
    path = folder / "自评.xlsm"
    new.new(path, new.BLANK)
    book = FileBook.open(path)
    book.apply([Edit(SHEET, address(cell), value) for cell, value in edits])
    book.save(backup=False)
    return FileBook.open(livecopy.live(path).path)


def typed(book: FileBook, *edits: tuple[str, Value]) -> None:
    book.apply([Edit(SHEET, address(cell), value) for cell, value in edits])


@pytest.mark.parametrize(
    ("rule", "values", "score"),
    [
        (RULE, (0.97,), 7),
        (RULE, (0.895,), 0),
        (f"{RULE}; steps=ceil", (0.965,), 6),
        (RULE, (1.2,), 10),
        (RULE, ("好",), ""),
        (RULE, (None,), ""),
    ],
)
def test_a_rule_over_cells(rule: str, values: tuple[Value, ...], score: float | str, tmp_path: Path) -> None:
    book = live(tmp_path, ("R5", rule), ("S5", 10), ("T5", 0.5), ("U5", Formula("PE_RULE_SCORE(R5,S5,T5)")))
    assert "PE_" not in str(book.grid(SHEET)[address("U5")].formula)
    typed(book, ("T5", values[0]))
    assert book.grid(SHEET)[address("U5")].value == score
    typed(book, ("R5", "100%得满分，否则不得分"))
    assert book.grid(SHEET)[address("U5")].value == ""  # another rule is another formula's


def test_a_rule_that_a_person_scores_keeps_its_value(tmp_path: Path) -> None:
    book = live(tmp_path, ("R5", "由专家酌情打分"), ("S5", 10), ("T5", 0.5), ("U5", Formula("PE_RULE_SCORE(R5,S5,T5)")))
    assert "PE_" not in str(book.grid(SHEET)[address("U5")].formula)


def test_a_hint_goes_by_its_rule(tmp_path: Path) -> None:
    new.new(tmp_path / "空白.xlsm", new.BLANK)
    formula = str(FileBook.open(tmp_path / "空白.xlsm").grid(SHEET)[address("N13")].formula)
    hint = re.sub(r"(PE_HINT\(.*?,口径)\)", r"\1,R13)", formula)
    assert hint != formula
    row = ("R13", RULE), ("E13", "100%"), ("F13", "97%"), ("G13", 10), ("H13", 7), ("I13", "延期")
    copy = live(tmp_path, *row, ("N13", Formula(hint)))

    def said() -> Value:
        return copy.grid(SHEET)[address("N13")].value or ""

    assert said() == ""
    typed(copy, ("H13", 9))
    assert said() == "按印的标准测算为 7 分，得分为 9"
    typed(copy, ("F13", "98%"), ("H13", 8))
    assert said() == ""
    typed(copy, ("R13", "完成得满分，未完成不得分"))
    assert "评分标准或分值改过" in str(said())
