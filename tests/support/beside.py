"""Forms as files, for putting columns beside them and taking these away: made-up layouts written with xlsxwriter."""

from __future__ import annotations

import zipfile
from pathlib import Path

import xlsxwriter
from hypothesis import strategies as st

from support.generated import Sheet, forms, lay_out


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """One form, or several below or beside each other."""
    sheet = Sheet()
    row, column = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    for number in range(draw(st.integers(1, 2))):
        last = lay_out(sheet, draw(forms(number)), number, row, column)
        if draw(st.booleans()):
            row = last + 4
        else:
            column = max(area.right for area in sheet.merges) + 3
    return sheet


def written(path: Path, sheet: Sheet) -> Path:
    """The sheet as a file."""
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("表")
        for row in sheet.hidden:
            page.set_row(row - 1, None, None, {"hidden": True})
        corners = {(area.top, area.left) for area in sheet.merges}
        for area in sheet.merges:
            value = sheet.cells.get((area.top, area.left), "")  # type: ignore[call-overload]
            page.merge_range(area.top - 1, area.left - 1, area.bottom - 1, area.right - 1, value)
        for place, value in sheet.cells.items():
            if place not in corners and value not in ("", None):
                page.write(place.row - 1, place.column - 1, value)
    return path


def parts(path: Path) -> dict[str, bytes]:
    """The parts of a file."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}
