"""Macros and ribbon for a new workbook: what turns the .xlsx that XlsxWriter writes into PerfEval's .xlsm.

The sources come from ``addin/excel``, built into one package data file. A workbook is equipped before it is closed,
with as many sheets as it has by then, and gets its ribbon when its bytes exist.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from perfeval.books.package import archive
from perfeval.books.vbaproject import (
    SHEET_BASE,
    WORKBOOK_BASE,
    class_module,
    document_module,
    standard_module,
    vba_project,
)
from perfeval.functions import FUNCTIONS

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

CONFIG_SHEET = "xlwings.conf"
HELP_SHEET = "_帮助"
HELP_CODE_NAME = "PerfEvalHelp"  # the bridge finds the sheet by it
WORKBOOK_CODE_NAME = "ThisWorkbook"

RIBBON_PART = "customUI/customUI14.xml"
RIBBON_TYPE = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
CALC_ID = 191029  # Excel 2019 and later; an older one would recalculate the workbook when it opens
WIZARD_TEXT = 255  # what Application.MacroOptions takes

# The interpreter is not set here: a sheet's setting wins over the user's and travels with the file.
_SETTINGS = (
    ("ADD_WORKBOOK_TO_PYTHONPATH", "False"),  # else a module beside the workbook could be imported
    ("USE UDF SERVER", "True"),  # a button uses the Python that already runs
)

# Without the help sheet there is no other text: the build puts this one into the source itself.
LOST_SHEETS = (
    "这本工作簿的隐藏工作表不见了，多半是“检查文档”删掉的。得分照样计算，但没有提示，也不能撤销填报。"
    "请用备份，或用 perfeval new 新建一本。"
)

_MESSAGES = (
    (
        "!python",
        "没有找到能用的 Python，PE_ 函数暂时不能计算，已有的得分不受影响。\n"
        "请在命令行运行 perfeval doctor 看缺什么，装好后点“绩效评价”里的“重新计算”。",
    ),
    ("!unset", "设置文件里没有写明用哪个 Python，请运行 perfeval install excel："),
    ("!nowhere", "设置里写的 Python 不在了，请运行 perfeval install excel："),
    ("!letters", "Python 的路径里有本机代码页没有的字，Excel 启动不了它；请把 PerfEval 装到只含英文的文件夹："),
    ("!library", "没有找到和 Excel 位数相同的 xlwings DLL，或它打不开："),
    ("!ended", "Python 一启动就结束了："),
    ("!broken", "Python 中途结束了，这个命令可能只做了一半；请核对，或不保存就关闭工作簿，再打开。"),
    (
        "!mac",
        "PE_ 函数只在 Windows 版 Excel 里计算；这里显示的是上次保存的得分，改动过的行显示 #N/A。其他按钮可以照常使用。",
    ),
    (
        "!settings",
        "工作簿所在的文件夹里有一个 xlwings 设置文件，它可以指定另一个程序代替 Python，为安全起见不使用。\n"
        "请把工作簿移到别的文件夹，或删除这个文件：",
    ),
)


def equip(workbook: Workbook, *, guide: str) -> None:
    """Give a workbook, before it is closed, its macros, their settings and help, and code names for all sheets.

    ``guide`` is the name of the sheet that the button 说明 shows. Sheets added later would have no document module.
    """
    _add_hidden_sheet(workbook, CONFIG_SHEET, _SETTINGS)
    help_sheet = _add_hidden_sheet(workbook, HELP_SHEET, [*_help_rows(), *_MESSAGES, ("!guide", guide)])
    help_sheet.set_vba_name(HELP_CODE_NAME)
    workbook.set_vba_name(WORKBOOK_CODE_NAME)
    for number, sheet in enumerate(workbook.worksheets(), start=1):
        if sheet is not help_sheet:
            sheet.set_vba_name(f"Sheet{number}")
    project = _project([str(sheet.vba_codename) for sheet in workbook.worksheets()])
    workbook.add_vba_project(io.BytesIO(project), is_stream=True)  # pyright: ignore[reportArgumentType]
    workbook.set_calc_mode("auto", CALC_ID)
    # Recalculating at open would turn every score into #NAME? where macros are blocked.
    workbook.calc_on_load = False


def with_ribbon(package: bytes) -> bytes:
    """The same package with the ribbon tab 绩效评价; the other parts keep their order and content."""
    relationship = f'<Relationship Id="perfevalRibbon" Type="{RIBBON_TYPE}" Target="{RIBBON_PART}"/></Relationships>'
    with zipfile.ZipFile(io.BytesIO(package)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"</Relationships>", relationship.encode())
    parts[RIBBON_PART] = _sources()[RIBBON_PART.rpartition("/")[2]].encode()
    return archive(parts, zipfile.ZIP_DEFLATED)


def _add_hidden_sheet(workbook: Workbook, name: str, rows: Iterable[tuple[str, ...]]) -> Worksheet:
    sheet = workbook.add_worksheet(name)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text)
    sheet.very_hidden()
    return sheet


def _help_rows() -> list[tuple[str, ...]]:
    """What the function wizard says: function, category, description, then each argument."""
    return [
        (
            name,
            function.group,
            _short(f"{function.title}：{function.description}"),
            *(_short(f"{argument.label}：{argument.help}") for argument in function.arguments),
        )
        for name, function in FUNCTIONS.items()
    ]


def _short(text: str) -> str:
    return text if len(text) <= WIZARD_TEXT else text[: WIZARD_TEXT - 1] + "…"


def _project(sheets: Iterable[str]) -> bytes:
    """vbaProject.bin: a document module for the workbook and for each sheet, then the modules with code."""
    sources = _sources()
    return vba_project(
        [
            document_module(WORKBOOK_CODE_NAME, WORKBOOK_BASE, sources[f"{WORKBOOK_CODE_NAME}.vba"]),
            *(document_module(sheet, SHEET_BASE) for sheet in sheets),
            *(standard_module(text) for name, text in sources.items() if name.endswith(".bas")),
            *(class_module(text) for name, text in sources.items() if name.endswith(".cls")),
        ]
    )


@cache
def _sources() -> dict[str, str]:
    """The texts that ``addin/excel/build.py`` gathered: modules, and the ribbon."""
    with files("perfeval").joinpath("resources/excel/macros.zip").open("rb") as file, zipfile.ZipFile(file) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}
