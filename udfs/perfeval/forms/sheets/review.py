"""复核结果: the sheet on which 复核 lists what it found, and a person writes why something stays as it is."""

from __future__ import annotations

from perfeval.forms import names
from perfeval.forms.sheets.canvas import HEADER, INPUT, LEFT, NOTE, PLAIN, TITLE, Canvas

HEADER_ROW = 3
WIDTHS = (6, 6, 20, 8, 48, 16, 16, 32, 26)
HINT = "按“复核”重新生成。确实不改的，在“不改的理由”里写明；那个值不变，下次就不再计入。"


def lay_out(canvas: Canvas) -> None:
    """Write the empty sheet, ready for the list."""
    letters = "ABCDEFGHI"
    styles = {letter: {**PLAIN, "valign": "top"} for letter in letters[:-1]} | {"I": {**INPUT, **LEFT, "border": 0}}
    canvas.columns(dict(zip(letters, WIDTHS, strict=True)), styles)
    canvas.put("A1:I1", names.REVIEW, TITLE)
    canvas.height(1, 30)
    canvas.put("A2:I2", HINT, NOTE)
    canvas.row(HEADER_ROW, names.REVIEW_COLUMNS, (HEADER,) * len(names.REVIEW_COLUMNS))
    canvas.sheet.freeze_panes(HEADER_ROW, 0)
    canvas.sheet.repeat_rows(HEADER_ROW - 1)
    canvas.sheet.set_landscape()
