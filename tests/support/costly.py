"""Files that cost their readers more than they look: each a kind, made in any size.

A kind is a function from a number to a file; ``KINDS`` names them with the number that makes a middling one. Nothing here is
read from elsewhere: every file is made of a few lines.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import NamedTuple

from support import hostile
from support.hostile import MAIN, STYLES, parts, sheet, workbook, zipped

Made = tuple[str, bytes]  # the suffix, the file


class Kind(NamedTuple):
    """How a kind is made, and the size at which it begins to cost."""

    make: Callable[[int], Made]
    size: int


KINDS: dict[str, Kind] = {}

_FORM = (
    ("项目支出绩效自评表",),
    ("（2024年度）",),
    ("项目名称", None, "老旧小区改造"),
    ("主管部门", None, "市住建局", None, None, "实施单位", "市房管中心"),
    ("项目资金（万元）", None, None, "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
    (None, None, "年度资金总额", 100, 100, 90, 10, 0.9, 9),
    ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", None, "分值", "得分", "偏差原因分析及改进措施"),
    ("产出指标", "数量指标", "改造户数", "≥100户", "100户", None, 50, 50, None),
    ("效益指标", "社会效益指标", "居民满意率", "≥90%", "95%", None, 30, 30, None),
    ("满意度指标", "服务对象满意度指标", "满意度", "≥90%", "95%", None, 10, 10, None),
    ("总分", None, None, None, None, None, 100, 99, None),
)
_AMOUNTS = (
    ("2024年度支出决算表",),
    ("单位：万元",),
    ("项目", "年初预算数", "全年预算数", "决算数", "备注"),
    ("基本支出", 100, 110, 100, None),
    ("项目支出", 50, 60, 40, None),
    ("支出合计", 150, 170, 140, None),
)


def kind(size: int) -> Callable[[Callable[[int], Made]], Callable[[int], Made]]:
    """Registers a maker under its own name."""

    def registered(make: Callable[[int], Made]) -> Callable[[int], Made]:
        KINDS[make.__name__] = Kind(make, size)
        return make

    return registered


def letters(column: int) -> str:
    """1 → A, 27 → AA."""
    text = ""
    while column:
        column, digit = divmod(column - 1, 26)
        text = chr(65 + digit) + text
    return text


def cell(place: str, value: object, more: str = "") -> str:
    """A cell of a sheet's XML."""
    if value is None:
        return f'<c r="{place}"/>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"{more}><is><t>{value}</t></is></c>'
    return f'<c r="{place}"{more}><v>{value}</v></c>'


def rows(table: tuple[tuple[object, ...], ...], top: int = 1) -> str:
    """The XML of rows."""
    return "".join(
        f'<row r="{row}">'
        + "".join(cell(f"{letters(column)}{row}", value) for column, value in enumerate(line, 1) if value is not None)
        + "</row>"
        for row, line in enumerate(table, top)
    )


FORM, AMOUNTS = rows(_FORM), rows(_AMOUNTS)
_AFTER = len(_FORM) + 2


def book(data: str, name: str = ".xlsx", more: dict[str, str] | None = None, **around: str) -> Made:
    """A workbook whose one sheet holds these rows."""
    return name, zipped(parts(data, **around) | (more or {}))


# --- a sheet that is wide, long, or full of marks ---


@kind(100_000)
def texts_many(count: int) -> Made:
    """A table of short texts, a row of ten each: an honest list."""
    lines = []
    for row in range(_AFTER, _AFTER + count // 10):
        lines.append(
            f'<row r="{row}">'
            + "".join(cell(f"{letter}{row}", f"甲{row}{letter}") for letter in "ABCDEFGHIJ")
            + "</row>"
        )
    return book(FORM + "".join(lines))


@kind(250_000)
def texts_apart(count: int) -> Made:
    """A form, and on a sheet of its own a list of short texts: who attended which course."""
    head = rows((("培训人员名册",), ("序号", "姓名", "单位", "职务", "课程", "日期", "地点", "结果", "联系人", "说明")))
    lines = "".join(
        f'<row r="{row}">' + "".join(cell(f"{letter}{row}", f"甲{row}{letter}") for letter in "ABCDEFGHIJ") + "</row>"
        for row in range(3, 3 + count // 10)
    )
    made = parts(FORM)
    listed = '<sheet name="名册" sheetId="2" r:id="s2"/></sheets>'
    made["xl/workbook.xml"] = workbook().replace("</sheets>", listed)
    link = f'<Relationship Id="s2" Type="{hostile.OFFICE}/worksheet" Target="worksheets/s2.xml"/></Relationships>'
    made["xl/_rels/workbook.xml.rels"] = hostile.links().replace("</Relationships>", link)
    made["xl/worksheets/s2.xml"] = sheet(head + lines)
    return ".xlsx", zipped(made)


@kind(100_000)
def numbers_many(count: int) -> Made:
    """A table of numbers under a header of amounts."""
    lines = []
    for row in range(4, 4 + count // 10):
        cells = "".join(cell(f"{letter}{row}", row) for letter in "BCDEFGHIJ")
        lines.append(f'<row r="{row}">{cell(f"A{row}", f"项目{row}")}{cells}</row>')
    head = rows((*_AMOUNTS[:2], ("项目", *(f"{year}年预算数" for year in range(2016, 2025)))))
    return book(head + "".join(lines))


@kind(8_000)
def headings_wide(count: int) -> Made:
    """A header of as many columns as a sheet can have, each a heading of a 自评表."""
    words = ("三级指标", "年度指标值", "实际完成值", "分值", "得分")
    line = "".join(cell(f"{letters(column)}7", words[column % 5]) for column in range(1, min(count, 16_384) + 1))
    line2 = "".join(cell(f"{letters(column)}8", 5) for column in range(1, min(count, 16_384) + 1))
    return book(f'{rows(_FORM[:6])}<row r="7">{line}</row><row r="8">{line2}</row>')


@kind(8_000)
def amounts_wide(count: int) -> Made:
    """A table of amounts with thousands of columns."""
    columns = range(2, min(count, 16_383) + 2)
    head = "".join(cell(f"{letters(column)}3", f"{2000 + column % 30}年预算数") for column in columns)
    lines = "".join(
        f'<row r="{row}">{cell(f"A{row}", "项目支出")}{"".join(cell(f"{letters(column)}{row}", row) for column in columns)}</row>'
        for row in range(4, 14)
    )
    return book(f'{rows(_AMOUNTS[:2])}<row r="3">{cell("A3", "项目")}{head}</row>{lines}')


@kind(5_000)
def headers_many(count: int) -> Made:
    """The header of a 自评表 again and again, each with a row."""
    table: list[tuple[object, ...]] = list(_FORM[:6])
    for _ in range(count):
        table += [_FORM[6], _FORM[7]]
    return book(rows(tuple(table)))


@kind(2_000)
def forms_many(count: int) -> Made:
    """Forms one under another on one sheet."""
    return book(rows(_FORM * count))


@kind(20_000)
def indicators_many(count: int) -> Made:
    """One form with very many indicators."""
    return book(rows((*_FORM[:7], *(_FORM[7],) * count, _FORM[10])))


@kind(20_000)
def totals_many(count: int) -> Made:
    """A table in which every line is a total."""
    line = ("合计", 1, 2, 3, None)
    return book(rows((*_AMOUNTS[:3], *(line, _AMOUNTS[3]) * (count // 2))))


@kind(20_000)
def titles_many(count: int) -> Made:
    """Titles of 自评表 without any table."""
    return book(rows((_FORM[0],) * count))


@kind(20_000)
def cols_many(count: int) -> Made:
    """Records that hide all columns, over and over."""
    record = '<col min="1" max="16384" hidden="1"/>'
    return book(FORM, before=f"<cols>{record * count}</cols>")


@kind(100_000)
def merges_many(count: int) -> Made:
    """Merged areas of two cells."""
    areas = "".join(f'<mergeCell ref="L{2 * row + 1}:L{2 * row + 2}"/>' for row in range(count))
    return book(FORM, after=f"<mergeCells>{areas}</mergeCells>")


@kind(20_000)
def merges_wide(count: int) -> Made:
    """Merged areas as wide as the sheet, a cell filled in each."""
    data = "".join(f'<row r="{row}">{cell(f"A{row}", "合并")}</row>' for row in range(_AFTER, _AFTER + count))
    areas = "".join(f'<mergeCell ref="A{row}:XFD{row}"/>' for row in range(_AFTER, _AFTER + count))
    return book(FORM + data, after=f"<mergeCells>{areas}</mergeCells>")


@kind(4)
def merges_tall(count: int) -> Made:
    """Few merged areas, each as tall as the sheet, over the columns of a form."""
    areas = "".join(
        f'<mergeCell ref="{letters(11 + column)}1:{letters(11 + column)}1048576"/>' for column in range(count)
    )
    head = "".join(cell(f"{letters(11 + column)}1", "备注") for column in range(count))
    return book(FORM.replace("</row>", f"{head}</row>", 1), after=f"<mergeCells>{areas}</mergeCells>")


@kind(100_000)
def conditional_formats(count: int) -> Made:
    """Rules that a reader passes over."""
    rule = '<conditionalFormatting sqref="A1:I20"><cfRule type="expression" priority="1"/></conditionalFormatting>'
    return book(FORM, after=rule * count)


@kind(100_000)
def validations_many(count: int) -> Made:
    """Lists of allowed values."""
    rule = '<dataValidation type="list" sqref="A1"><formula1>"一,二"</formula1></dataValidation>'
    return book(FORM, after=f"<dataValidations>{rule * count}</dataValidations>")


@kind(100_000)
def defined_names(count: int) -> Made:
    """Names of a workbook, each of the one before it."""
    names = "".join(f'<definedName name="n{place}">n{place - 1}+1</definedName>' for place in range(1, count))
    return book(
        FORM + f'<row r="{_AFTER}"><c r="A{_AFTER}"><f>n{count - 1}+D6</f><v>1</v></c></row>',
        more={
            "xl/workbook.xml": workbook(
                f'<definedNames><definedName name="n0">表!$D$6</definedName>{names}</definedNames>'
            )
        },
    )


@kind(2_000)
def sheets_many(count: int) -> Made:
    """A form on each of thousands of sheets."""
    made = parts(FORM)
    listed = "".join(f'<sheet name="表{place}" sheetId="{place}" r:id="s{place}"/>' for place in range(1, count + 1))
    made["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{hostile.OFFICE}"><sheets>{listed}</sheets></workbook>'
    )
    links = "".join(
        f'<Relationship Id="s{place}" Type="{hostile.OFFICE}/worksheet" Target="worksheets/s{place}.xml"/>'
        for place in range(1, count + 1)
    )
    made["xl/_rels/workbook.xml.rels"] = hostile.links().replace("</Relationships>", f"{links}</Relationships>")
    for place in range(1, count + 1):
        made[f"xl/worksheets/s{place}.xml"] = sheet(FORM)
    return ".xlsx", zipped(made)


@kind(60_000)
def formats_many(count: int) -> Made:
    """Cell styles with a number format of their own."""
    formats = "".join(
        f'<numFmt numFmtId="{200 + place}" formatCode="0.0&quot;单位{place}&quot;"/>' for place in range(count)
    )
    xfs = "".join(f'<xf numFmtId="{200 + place}"/>' for place in range(count))
    styles = f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts><cellXfs>{xfs}</cellXfs></styleSheet>'
    data = "".join(
        f'<row r="{_AFTER + place}"><c r="D{_AFTER + place}" s="{place}"><v>5</v></c></row>' for place in range(count)
    )
    return book(FORM + data, more={"xl/styles.xml": styles})


@kind(100_000)
def format_long(count: int) -> Made:
    """One number format of any length, with dates and brackets in it."""
    styles = STYLES.replace('formatCode="0.0%"', f'formatCode="{"[$-804]" * (count // 14)}{"#,##0" * (count // 10)}"')
    return book(FORM.replace('<c r="D6"', '<c r="D6" s="2"'), more={"xl/styles.xml": styles})


@kind(1_000_000)
def attributes_many(count: int) -> Made:
    """A cell with a great many attributes."""
    given = "".join(f' a{place}=""' for place in range(count))
    return book(FORM.replace('<c r="D6"', f'<c r="D6"{given}'))


@kind(100_000)
def nested_xml(count: int) -> Made:
    """Elements within elements."""
    return book(FORM, after="<ext>" * count + "</ext>" * count)


@kind(1_000)
def rich_text(count: int) -> Made:
    """A cell of very many runs, each with phonetic guides."""
    run = '<r><rPr><b/></rPr><t>字</t></r><rPh sb="0" eb="1"><t>zi</t></rPh>' * count
    return book(FORM.replace("<t>老旧小区改造</t>", run))


@kind(200_000)
def shared_strings(count: int) -> Made:
    """Shared strings that no cell shows."""
    return book(FORM, more={"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"<si><t>甲</t></si>" * count}</sst>'})


@kind(20_000)
def members_many(count: int) -> Made:
    """A package of very many members."""
    return ".xlsx", hostile.many_members(count)


@kind(30)
def bomb(count: int) -> Made:
    """Megabytes of blanks."""
    return ".xlsx", hostile.bomb(count * 1_000_000)


@kind(50_000)
def comments_many(count: int) -> Made:
    """Comments, which are not read, of any length."""
    one = f'<comment ref="A1" authorId="0"><text><t>{"批注" * 50}</t></text></comment>'
    return book(
        FORM, more={"xl/comments1.xml": f'<comments xmlns="{MAIN}"><commentList>{one * count}</commentList></comments>'}
    )


@kind(50_000)
def external_links(count: int) -> Made:
    """Links to other workbooks, and formulas that read them."""
    data = "".join(
        f'<row r="{_AFTER + place}"><c r="A{_AFTER + place}"><f>[{place}]表!A1+D6</f><v>1</v></c></row>'
        for place in range(count)
    )
    return book(FORM + data)


@kind(100_000)
def styles_nested(count: int) -> Made:
    """A table of formats with elements within elements."""
    deep = f"<ext>{'<x>' * count}{'</x>' * count}</ext></styleSheet>"
    return book(FORM, more={"xl/styles.xml": STYLES.replace("</styleSheet>", deep)})


@kind(100_000)
def strings_of_runs(count: int) -> Made:
    """Shared strings of a hundred runs each, all shown."""
    item = f"<si>{'<r><rPr><b/></rPr><t>字</t></r>' * 100}</si>"
    data = "".join(
        f'<row r="{_AFTER + place}"><c r="A{_AFTER + place}" t="s"><v>{place}</v></c></row>'
        for place in range(count // 100)
    )
    return book(FORM + data, more={"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{item * (count // 100)}</sst>'})


@kind(20_000)
def rows_apart(count: int) -> Made:
    """Rows with whole stretches of nothing between them, down to the last one."""
    step = max(1, (1_048_576 - _AFTER) // count)
    return book(
        FORM
        + "".join(
            f'<row r="{row}">{cell(f"A{row}", "合计")}{cell(f"XFD{row}", 5)}</row>'
            for row in range(_AFTER, 1_048_577, step)
        )
    )


@kind(100_000)
def hyperlinks_many(count: int) -> Made:
    """Links of one cell."""
    one = '<hyperlink ref="A1" location="B2"/>'
    return book(FORM, after=f"<hyperlinks>{one * count}</hyperlinks>")


@kind(50_000)
def merges_in_a_row(count: int) -> Made:
    """Merged areas beside one another, row after row, each with a text."""
    lines, areas = [], []
    for row in range(_AFTER, _AFTER + count // 5_000):
        pairs = [f"{letters(2 * place + 1)}{row}" for place in range(5_000)]
        lines.append(f'<row r="{row}">{"".join(cell(one, "指标") for one in pairs)}</row>')
        areas += [
            f'<mergeCell ref="{letters(2 * place + 1)}{row}:{letters(2 * place + 2)}{row}"/>' for place in range(5_000)
        ]
    return book(FORM + "".join(lines), after=f"<mergeCells>{''.join(areas)}</mergeCells>")


@kind(500_000)
def merges_a_million(count: int) -> Made:
    """More merged areas than anybody draws."""
    one = '<mergeCell ref="L1:L2"/>'
    return book(FORM, after=f"<mergeCells>{one * count}</mergeCells>")


@kind(100_000)
def links_many(count: int) -> Made:
    """Links of a sheet to parts that are not there, and types of as many."""
    link = f'<Relationship Id="x" Type="{hostile.OFFICE}/table" Target="../tables/t.xml"/>'
    return book(
        FORM,
        more={
            "xl/worksheets/_rels/sheet1.xml.rels": hostile.links().replace("</Relationships>", "")
            + link * count
            + "</Relationships>",
            "[Content_Types].xml": hostile.CONTENT_TYPES.replace(
                "</Types>", '<Override PartName="/x" ContentType="y"/>' * count + "</Types>"
            ),
            "xl/tables/t.xml": f'<table xmlns="{MAIN}" ref="A1:B2"/>',
        },
    )


@kind(2_000)
def funds_many(count: int) -> Made:
    """Lines of money under one another, each a source of the one above."""
    line = (None, None, "其中：财政拨款", 10, 10, 9, None, 0.9, None)
    return book(rows((*_FORM[:6], *(line,) * count, *_FORM[6:])))


@kind(2_000)
def heads_many(count: int) -> Made:
    """What a form's head prints, over and over."""
    return book(rows((*_FORM[:1], *_FORM[2:4] * count, *_FORM[2:])))


# --- texts that are searched ---

_CRAFTED = {
    "people": "每人",
    "digits": "9",
    "groups": "1,234",
    "spaces": " ",
    "commas": ",",
    "brackets": "(",
    "pairs": "()",
    "sections": "1.",
    "hanzi": "一百",
    "scales": "万",
    "percent": "5%",
    "measures": "5万元、",
    "bounds": "≥5",
    "letters": "a",
    "words": "项目",
    "units": "元/人/",
    "dashes": "-",
    "dots": ".",
    "slashes": "/",
    "months": "1月",
    "years": "2024年",
    "to": "至",
    "newlines": "&#10;",
    "ranges": "1-2-",
    "parts": "其中：",
    "shares": "占",
    "carry": "_x000D_",
    "minus": "1-",
    "blocks": "（100分）",
    "codes": "A1 ",
    "score": "得分",
    "colons": "：",
    "quotes": "“",
    "done": "完成",
}


def crafted(text: str) -> Callable[[int], Made]:
    """A form and a table of amounts in whose every text cell stands one long text."""

    def make(count: int) -> Made:
        letters_ = max(1, len(text.replace("&#10;", "\n")))
        many = (text * (count // letters_ + 1))[: count * len(text) // letters_]
        for prefix in ("≥", "5", ""):
            many = prefix + many if not prefix else many
        table = [list(line) for line in _FORM]
        table[7][2:5] = [f"户数{many}", f"≥{many}户", f"5{many}"]
        table[8][2:5] = [many, many, many]
        table[9][3:5] = [f"{many}5%", f"{many}。"]
        table[2][2] = many
        table[7][8] = f"执行率95%，{many}"
        table[5][2] = many
        amounts = [list(line) for line in _AMOUNTS]
        amounts[3][0], amounts[3][4], amounts[2][1], amounts[4][2] = (
            many,
            f"执行率95%，{many}",
            f"{many}预算数",
            f"{many}元",
        )
        top = len(table) + 3
        return book(rows(tuple(map(tuple, table))) + rows(tuple(map(tuple, amounts)), top))

    return make


for name, text in _CRAFTED.items():
    KINDS[f"cells_of_{name}"] = Kind(crafted(text), 8_000)


@kind(8_000)
def note_long(count: int) -> Made:
    """A note beside amounts, one word over and over, without an end."""
    return book(
        AMOUNTS.replace('<c r="D4">', '<c r="D4">')
        .replace("</c></row>", "</c></row>", 1)
        .replace(cell("D4", 100), cell("D4", 100) + cell("E4", f"执行率95%，{'每人' * count}"))
    )


@kind(300)
def texts_long(count: int) -> Made:
    """Cells that hold all that a cell can hold."""
    text = "按计划完成改造任务，涉及5个社区1,200户，支出350万元，占预算的95%。" * 800
    return book(FORM + rows(((text[:32_000],),) * count, _AFTER))


# --- formulas ---


def formulas(*written: str) -> Made:
    """Formulas under a form."""
    lines = "".join(
        f'<row r="{row}"><c r="A{row}"><f>{text}</f><v>1</v></c></row>' for row, text in enumerate(written, _AFTER)
    )
    return book(FORM + lines)


for name, (before, inside, after) in {
    "braces": ("{", "1", ""),
    "closed_braces": ("{", "1", "}"),
    "parentheses": ("(", "D6", ")"),
    "signs": ("-", "D6", ""),
    "ifs": ("IF(D6,", "1", ",2)"),
    "sums": ("SUM(", "D6", ")"),
    "percents": ("", "D6", "%"),
    "powers": ("D6^", "1", ""),
    "pluses": ("D6+", "1", ""),
    "lists": ("SUM(D6,", "1", ""),
}.items():

    def deep(count: int, before: str = before, inside: str = inside, after: str = after) -> Made:
        """A formula of operators within operators."""
        return formulas(before * count + inside + after * count)

    KINDS[f"formula_of_{name}"] = Kind(deep, 2_000)


@kind(20_000)
def formulas_shared(count: int) -> Made:
    """A formula of some length that many cells share."""
    long = "+".join(f"D{place}" for place in range(1, 500))
    first = f'<row r="{_AFTER}"><c r="A{_AFTER}"><f t="shared" si="0" ref="A{_AFTER}:A{_AFTER + count}">{long}</f><v>1</v></c></row>'
    others = "".join(
        f'<row r="{row}"><c r="A{row}"><f t="shared" si="0"/><v>1</v></c></row>'
        for row in range(_AFTER + 1, _AFTER + count)
    )
    return book(FORM + first + others)


@kind(200_000)
def formulas_shared_short(count: int) -> Made:
    """A short formula that very many cells share: an honest column."""
    first = f'<row r="{_AFTER}"><c r="A{_AFTER}"><f t="shared" si="0" ref="A{_AFTER}:A{_AFTER + count}">D6+B{_AFTER}</f><v>1</v></c></row>'
    others = "".join(
        f'<row r="{row}"><c r="A{row}"><f t="shared" si="0"/><v>1</v></c></row>'
        for row in range(_AFTER + 1, _AFTER + count)
    )
    return book(FORM + first + others)


@kind(50_000)
def formulas_chained(count: int) -> Made:
    """Each formula reads the one above."""
    return formulas("D6+1", *(f"A{row}+D6" for row in range(_AFTER, _AFTER + count - 1)))


@kind(3_000)
def formulas_triangular(count: int) -> Made:
    """Each formula sums all above it."""
    return formulas("D6+1", *(f"SUM(A${_AFTER}:A{row})" for row in range(_AFTER, _AFTER + count - 1)))


@kind(200)
def formulas_long(count: int) -> Made:
    """Formulas of all the length that a cell allows."""
    return formulas(*(("+".join(["D6"] * 2_700) + f"+{place}") for place in range(count)))


@kind(200)
def arrays_many(count: int) -> Made:
    """Array formulas over whole columns."""
    lines = "".join(
        f'<row r="{row}"><c r="K{row}"><f t="array" ref="K{row}:K{row}">SUM((A1:A20000=D6)*(B1:B20000))</f><v>1</v></c></row>'
        for row in range(_AFTER, _AFTER + count)
    )
    return book(FORM + lines + rows(((1, 2),), 20_000))


@kind(100_000)
def arrays_wide(count: int) -> Made:
    """One array formula over very many cells."""
    data = "".join(f'<row r="{row}"><c r="K{row}"><v>1</v></c></row>' for row in range(_AFTER + 1, _AFTER + count))
    first = f'<row r="{_AFTER}"><c r="K{_AFTER}"><f t="array" ref="K{_AFTER}:K{_AFTER + count}">D6*ROW(A1:A{count})</f><v>1</v></c></row>'
    return book(FORM + first + data)


@kind(2_000)
def formulas_of_names(count: int) -> Made:
    """Names that double each other: a billion laughs without an entity."""
    names = '<definedName name="n0">表!$D$6</definedName>' + "".join(
        f'<definedName name="n{place}">n{place - 1}+n{place - 1}</definedName>' for place in range(1, 40)
    )
    made = parts(FORM + f'<row r="{_AFTER}">' + f'<c r="A{_AFTER}"><f>n39</f><v>1</v></c></row>')
    made["xl/workbook.xml"] = workbook(f"<definedNames>{names}</definedNames>")
    return ".xlsx", zipped(made | {"xl/pad.xml": "<a/>" * count})


@kind(100)
def formulas_texts(count: int) -> Made:
    """Formulas that make long texts out of long texts."""
    return formulas(
        'REPT("甲",30000)&amp;D6', *(f'SUBSTITUTE(A{row},"甲","甲乙")' for row in range(_AFTER, _AFTER + count))
    )


@kind(200)
def formulas_criteria(count: int) -> Made:
    """Criteria with many wildcards."""
    return formulas(*([f'COUNTIF(A1:I11,"{"*a" * count}b")&amp;D6'] * 20), *(["a" * 200] * 0))


# --- reports ---

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(body: str) -> Made:
    """A Word document."""
    links = hostile.ROOT_LINKS.replace("xl/workbook.xml", "word/document.xml")
    types = hostile.CONTENT_TYPES.replace("spreadsheetml.sheet", "wordprocessingml.document").replace(
        "xl/workbook", "word/document"
    )
    document = f'{hostile.HEADER}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return ".docx", zipped({"[Content_Types].xml": types, "_rels/.rels": links, "word/document.xml": document})


def paragraph(text: str) -> str:
    """A paragraph."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def report(*paragraphs: str) -> Made:
    """A report of these paragraphs."""
    return word("".join(map(paragraph, ("2024年度部门整体支出绩效自评报告", *paragraphs))))


_SENTENCE = "基本支出年初预算数{n}万元，决算数{m}万元，执行率95.5%；项目支出{n}万元，其中：公务接待费{m}万元，占基本支出的3.2%。"


@kind(2_000)
def report_paragraphs(count: int) -> Made:
    """A report that goes on and on with figures."""
    return report(*(_SENTENCE.format(n=place + 10, m=place + 9) for place in range(count)))


@kind(2_000)
def report_rates(count: int) -> Made:
    """Rates without figures beside them."""
    return report("全年预算100万元，支出90万元。", *("预算执行率为93.2%。" for _ in range(count)))


@kind(2_000)
def report_same(count: int) -> Made:
    """Figures said to be the same as others."""
    return report(
        *(
            f"支出{place}万元（与{'基本' * 20}基本支出之和保持一致），基本支出决算数{place + 1}万元。"
            for place in range(1, count + 1)
        )
    )


@kind(2_000)
def report_none(count: int) -> Made:
    """What is said not to have been spent."""
    return report(*(f"本年度未做项目支出，决算数{place}万元。" for place in range(1, count + 1)))


@kind(2_000)
def report_one_paragraph(count: int) -> Made:
    """All in one paragraph."""
    return report("".join(_SENTENCE.format(n=place + 10, m=place + 9) for place in range(count)))


@kind(500)
def report_one_sentence(count: int) -> Made:
    """All in one sentence."""
    return report("，".join(f"项目支出{place + 1}万元，执行率9{place % 10}%" for place in range(count)) + "。")


@kind(2_000)
def report_torn(count: int) -> Made:
    """Paragraphs that never end a sentence, each of which goes on with the one before."""
    return report(
        *(
            f"项目支出安排预算数{place + 100}万元，其中完成支出数{place + 90}万元，以及本年度的其他各项工作安排，"
            for place in range(count)
        )
    )


@kind(2_000)
def report_lists(count: int) -> Made:
    """Lists that never end."""
    return report(
        *(f"{place}. 项目支出335万元，具体包括：" for place in range(count)),
        *(f"{place}. 项目甲7万元" for place in range(count)),
    )


@kind(2_000)
def report_changes(count: int) -> Made:
    """Budgets with what was added and taken, in one paragraph."""
    return report(
        "项目支出"
        + "，".join(
            f"年初预算数{place + 50}万元，追加{place + 1}万元，决算数{place + 40}万元" for place in range(count)
        )
        + "，执行率为93.1%。"
    )


@kind(2_000)
def report_brackets(count: int) -> Made:
    """Brackets within brackets, with figures."""
    return report("全年预算100万元" + "（其中：年初预算数5万元" * count + "。")


@kind(50_000)
def word_paragraphs(count: int) -> Made:
    """Very many short paragraphs."""
    return report(*(["完成年度任务。"] * count))


@kind(2_000)
def word_nested_tables(count: int) -> Made:
    """Tables within tables."""
    inner = "<w:tbl><w:tr><w:tc>" * count + paragraph("甲") + "</w:tc></w:tr></w:tbl>" * count
    return word(paragraph("2024年度部门整体支出绩效自评报告") + inner)


@kind(500)
def word_nested_texts(count: int) -> Made:
    """Tables within tables, each with a paragraph, the innermost with a long one."""
    opened = f"<w:tbl><w:tr><w:tc>{paragraph('项目支出5万元。' * 10)}"
    inner = opened * count + paragraph("项目支出5万元。" * 20_000) + "</w:tc></w:tr></w:tbl>" * count
    return word(paragraph("2024年度部门整体支出绩效自评报告") + inner)


@kind(50_000)
def word_rows(count: int) -> Made:
    """One table of two columns and very many rows, all merged downwards."""
    row = f"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph('')}</w:tc><w:tc>{paragraph('5')}</w:tc></w:tr>"
    return word(paragraph("2024年度支出决算表") + f"<w:tbl>{row * count}</w:tbl>")


@kind(2_000)
def word_charts(count: int) -> Made:
    """Very many charts."""
    drawn = f"<c><val>{'<pt><v>5.25</v></pt>' * 500}</val></c>"
    suffix, data = report("预算100万元。")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        made: dict[str, str | bytes] = {name: package.read(name) for name in package.namelist()}
    links = "".join(
        f'<Relationship Id="c{place}" Type="{hostile.OFFICE}/chart" Target="charts/{place}.xml"/>'
        for place in range(count)
    )
    made["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{hostile.PACKAGE}/relationships">{links}</Relationships>'
    )
    made |= {f"word/charts/{place}.xml": drawn for place in range(count)}
    return suffix, zipped(made)


@kind(200_000)
def word_notes(count: int) -> Made:
    """Notes below the page, with figures, without an end."""
    suffix, data = report("预算100万元。")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        made: dict[str, str | bytes] = {name: package.read(name) for name in package.namelist()}
    link = f'<Relationship Id="f" Type="{hostile.OFFICE}/footnotes" Target="footnotes.xml"/>'
    made["word/_rels/document.xml.rels"] = (
        f'<Relationships xmlns="{hostile.PACKAGE}/relationships">{link}</Relationships>'
    )
    notes = "".join(paragraph(f"另有{place}.5万元，占5%。") for place in range(count // 20))
    made["word/footnotes.xml"] = f'<w:footnotes xmlns:w="{WORD}">{notes}</w:footnotes>'
    return suffix, zipped(made)


@kind(50_000)
def word_cells(count: int) -> Made:
    """One table of very many cells."""
    row = (
        f"<w:tr>{''.join(f'<w:tc>{paragraph(text)}</w:tc>' for text in ('项目支出', '100', '90', '90%', '甲'))}</w:tr>"
    )
    head = f"<w:tr>{''.join(f'<w:tc>{paragraph(text)}</w:tc>' for text in ('项目', '预算数', '决算数', '执行率', '备注'))}</w:tr>"
    return word(paragraph("2024年度支出决算表（单位：万元）") + f"<w:tbl>{head}{row * (count // 5)}</w:tbl>")


@kind(2_000)
def word_tables(count: int) -> Made:
    """Very many tables."""
    cells = "".join(
        f"<w:tr>{''.join(f'<w:tc>{paragraph(text)}</w:tc>' for text in line)}</w:tr>"
        for line in (("项目", "预算数", "决算数"), ("基本支出", "10", "9"), ("合计", "10", "9"))
    )
    return word(paragraph("2024年度支出决算表") + f"<w:tbl>{cells}</w:tbl>" * count)


@kind(5_000)
def word_spans(count: int) -> Made:
    """Rows of the widest cells, all merged downwards."""
    row = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="256"/><w:vMerge w:val="restart"/></w:tcPr><w:p/></w:tc></w:tr>'
    return word(paragraph("表") + f"<w:tbl>{row * count}</w:tbl>")


@kind(50_000)
def text_table(count: int) -> Made:
    """A table in a Markdown text."""
    line = "| 项目支出 | 100 | 90 | 90% | 甲 |\n"
    return (
        ".md",
        f"# 2024年度支出决算表\n\n| 项目 | 预算数 | 决算数 | 执行率 | 备注 |\n|---|---|---|---|---|\n{line * (count // 5)}".encode(),
    )


@kind(200_000)
def text_bars(count: int) -> Made:
    """Lines of nothing but the marks of a table."""
    return ".md", ("|" * count + "\n" + "|-" * count + "x\n" + " " * count + "|\n" + "-" * count + "|x|\n").encode()


@kind(200_000)
def text_line(count: int) -> Made:
    """A line without an end."""
    return ".txt", ("2024年度绩效自评报告\n" + "项目支出5万元，" * (count // 8)).encode()


@kind(200_000)
def text_marks(count: int) -> Made:
    """Marks of Markdown, never closed."""
    return ".md", (
        "#" * count + "\n" + "*" * count + "\n" + "<br" + " " * count + "\n" + ">" * count + "\n" + "<p" * count
    ).encode()


@kind(200_000)
def text_blanks(count: int) -> Made:
    """Blanks and full stops in turn."""
    return ".txt", (
        "2024年度绩效自评报告\n"
        + " 。" * (count // 2)
        + "\n"
        + "　" * count
        + "5%\n"
        + "（" * count
        + "\n"
        + "1、" * (count // 2)
    ).encode()
