"""复核结果: the sheet on which 复核 lists what it found, and a person writes why something stays as it is."""

from __future__ import annotations

from perfeval.records import names
from perfeval.workbook.canvas import HEADER, INPUT, LEFT, NOTE, PLAIN, TITLE, Canvas, Style

_LINK: Style = {"font_color": "#0563C1", "underline": 1}


def lay_out(canvas: Canvas) -> None:
    """Write the empty sheet, ready for the list."""
    letters = "ABCDEFGHI"
    top = {"valign": "top"}
    styles: dict[str, Style] = {letter: {**PLAIN, **top} for letter in letters}
    styles |= {"D": {**PLAIN, **top, **_LINK}, "I": {**INPUT, **LEFT, **top, "border": 0}}
    canvas.columns(dict(zip(letters, names.REVIEW_WIDTHS, strict=True)), styles)
    canvas.put("A1:I1", names.REVIEW, TITLE)
    canvas.height(1, 30)
    canvas.put("A2:I2", names.REVIEW_HINT, NOTE)
    canvas.row(names.REVIEW_HEADER, names.REVIEW_COLUMNS, (HEADER,) * len(names.REVIEW_COLUMNS))
    canvas.sheet.freeze_panes(names.REVIEW_HEADER, 0)
    canvas.sheet.repeat_rows(names.REVIEW_HEADER - 1)
    canvas.sheet.set_landscape()
