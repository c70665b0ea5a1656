"""导入对照: by which sheet and headings of a finance system's export our fields are read, chosen from what was seen there."""

from __future__ import annotations

from perfeval.records import names
from perfeval.records.correspondence import FIRST, HEADER, HEADINGS, MOST_SEEN, ROWS
from perfeval.records.exports import SHEET
from perfeval.workbook.canvas import HEADER as HEADER_STYLE
from perfeval.workbook.canvas import HELP, HELP_HEADER, INPUT, LEFT, NOTE, PLAIN, TEXT, Canvas

_HOW = {
    SHEET: "只在几张表都像的时候要选",
    "项目编码": "和项目名称有一个就行",
    "项目名称": "与自评表上的项目名称一致；空格和标点不同没有关系",
    "资金来源": "可以没有；几行一个项目、各写来源的时候用",
    "年初预算数": "可以没有",
    "全年预算数": "调整后的预算数",
    "全年执行数": "全年累计的支出数，不是本月数",
}


def lay_out(canvas: Canvas) -> None:
    """Write the sheet, nothing chosen."""
    canvas.columns({"A": 16, "B": 34, "C": 46, "D": 30, "E": 34})
    canvas.put(
        "A1",
        f"{names.CORRESPONDENCE}：导入财务系统的表时，看不出用哪一列的，在这里选一次，以后照用；留空就由程序按标题认。",
        NOTE,
    )
    canvas.row(HEADER, HEADINGS, (*(HEADER_STYLE,) * 3, HELP_HEADER, HELP_HEADER))
    for row, field in enumerate(ROWS, start=FIRST):
        canvas.row(
            row, (field, None, _HOW[field]), ({**PLAIN, "border": 1}, {**INPUT, **LEFT, **TEXT}, {**PLAIN, **LEFT})
        )
        column = "D" if field == SHEET else "E"
        seen = f"=${column}${FIRST}:${column}${FIRST + MOST_SEEN - 1}"
        canvas.choices_from(
            f"B{row}", seen, title=field, message="列表里是上次导入时看到的；也可以直接写导出表里的名称。"
        )
    for row in range(FIRST, FIRST + MOST_SEEN):
        if row >= FIRST + len(ROWS):
            canvas.row(row, (None, None, None, None, None), (PLAIN, PLAIN, PLAIN, {**HELP, **LEFT}, {**HELP, **LEFT}))
    canvas.sheet.freeze_panes(HEADER, 1)
