"""Numbers at the edge of a double, and figures of thousands of digits, in any cell of a form: told, and nothing ends for them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from perfeval.books.file import FileBook
from perfeval.cli import main
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Value
from support.plain_form import form
from support.published import grids

FIGURES: tuple[Value, ...] = (5e-324, 1e-10, 1e300, -1.7e308, 1.7e308, "九" * 3000, "9" * 5000, "一" * 45 + "人次")


def with_figure(path: Path, figure: Value, every: int, first: int) -> Path:
    """A form in whose cells of numbers, or in every so many of them, the figure stands."""
    book = FileBook.open(path)
    cells = book.grid("自评表").cells.items()
    numbers = [place for place, cell in cells if place.row > 5 and any(sign.isdecimal() for sign in str(cell.value))]
    book.apply([Edit("自评表", place, figure) for place in numbers[first::every]])
    book.save()
    return path


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: str(figure)[:9])
@pytest.mark.parametrize(("every", "first"), [(1, 0), (2, 1)])
def test_every_command_comes_to_its_end(
    tmp_path: Path, figure: Value, every: int, first: int, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, made = tmp_path / "表", tmp_path / "自评.xlsm"
    folder.mkdir()
    for name in ("甲", "乙"):
        grids(folder / f"{name}.xlsx", {"自评表": form(name=name)})
    had = with_figure(folder / "甲.xlsx", figure, every, first)
    assert main(["check", str(folder), "--json"]) in {0, 1}
    json.loads(capsys.readouterr().out)
    for arguments in (
        ["score", had],
        ["rollup", folder],
        ["new", made, "--data", had],
        ["fill", made],
        ["report", made],
    ):
        assert main([str(one) for one in arguments]) in {0, 1}, arguments


def test_a_rate_that_no_cell_holds_is_a_finding_among_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    grids(tmp_path / "甲.xlsx", {"自评表": form(name="甲", budget="0.0000000001", executed="9" * 30, score="29")})
    grids(tmp_path / "乙.xlsx", {"自评表": form(name="乙", score="29")})
    assert main(["check", str(tmp_path), "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)
    assert {Path(one["file"]).name for one in findings} == {"甲.xlsx", "乙.xlsx"}
    assert "R00" not in {one["code"] for one in findings}
