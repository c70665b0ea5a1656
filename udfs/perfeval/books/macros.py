"""Macros and ribbon for a new workbook: what turns the .xlsx that XlsxWriter writes into PerfEval's .xlsm.

The sources come from ``addin/excel``, built into one package data file. A workbook is equipped before it is closed,
with as many sheets as it has by then, and gets its ribbon when its bytes exist.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
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
ADDIN_NAME = "PerfEval.xlam"
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
    ("!mended", "有 {count} 个 PE_ 公式原来指向别的文件，已改成由这里计算。"),
    ("!unmended", "有 {count} 个 PE_ 公式指向别的文件，所在的工作表受保护，没有改；请撤销工作表保护后再按“重新计算”。"),
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


ADDIN_GUIDE = (
    "新建、复核文件夹、汇总不用先打开工作簿；别的按钮作用于当前打开的工作簿，不论它是用什么做的：\n"
    "· 复核、清除标记：找出复核人会指出的问题，列在“复核结果”里，并在单元格上标出；\n"
    "· 对照：每一项得分重算一遍，与表中的得分对照，另存一份；\n"
    "· 填报：用这本工作簿的“绩效目标”“执行数据”，没有这两张表时请您选一本数据工作簿；\n"
    "· 报送：复核没有错误后，把 PE_ 公式换成值另存一份；汇总：汇总工作簿所在的文件夹，没有保存的请您选一个；\n"
    "· 重新计算：重新计算全部 PE_ 公式，并把指向别的文件的 PE_ 公式改正过来。\n"
    "新增项目、增加指标行要先点自评表；导入、撤销填报、报告要用“新建”做的工作簿。"
)

# What makes an add-in of a workbook: its type, and a window that does not show.
_OF_ADDIN = (
    (
        "[Content_Types].xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        b"application/vnd.ms-excel.addin.macroEnabled.main+xml",
    ),
    ("xl/workbook.xml", b"<workbookView ", b'<workbookView visibility="hidden" '),
)


def equip(workbook: Workbook, *, guide: str) -> None:
    """Give a workbook, before it is closed, its macros, their settings and help, and code names for all sheets.

    ``guide`` is the name of the sheet that the button 说明 shows. Sheets added later would have no document module.
    """
    _equip(workbook, _sources(), "VBAProject", [("!guide", guide)])


def addin_package(sources: Mapping[str, str]) -> bytes:
    """The add-in of these texts, a package as Excel writes an .xlam: its sheets are never seen."""
    import xlsxwriter  # noqa: PLC0415 — only what builds the add-in needs it

    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file, {"in_memory": True})
    workbook.set_properties({"title": "PerfEval", "created": datetime(2026, 1, 1)})
    workbook.add_worksheet("PerfEval")
    _equip(workbook, sources, "PerfEvalAddin", [("!addin", ADDIN_GUIDE)])
    workbook.close()
    parts = _with_ribbon(file.getvalue(), sources)
    for part, was, becomes in _OF_ADDIN:
        assert parts[part].count(was) == 1, f"XlsxWriter writes {part} in another way"
        parts[part] = parts[part].replace(was, becomes)
    return archive(parts, zipfile.ZIP_DEFLATED)


def with_ribbon(package: bytes) -> bytes:
    """The same package with the ribbon tab 绩效评价; the other parts keep their order and content."""
    return archive(_with_ribbon(package, _sources()), zipfile.ZIP_DEFLATED)


def _equip(workbook: Workbook, sources: Mapping[str, str], project: str, texts: Iterable[tuple[str, str]]) -> None:
    _add_hidden_sheet(workbook, CONFIG_SHEET, _SETTINGS)
    help_sheet = _add_hidden_sheet(workbook, HELP_SHEET, [*_help_rows(), *_MESSAGES, *texts])
    help_sheet.set_vba_name(HELP_CODE_NAME)
    workbook.set_vba_name(WORKBOOK_CODE_NAME)
    for number, sheet in enumerate(workbook.worksheets(), start=1):
        if sheet is not help_sheet:
            sheet.set_vba_name(f"Sheet{number}")
    macros = _project(sources, project, [str(sheet.vba_codename) for sheet in workbook.worksheets()])
    workbook.add_vba_project(io.BytesIO(macros), is_stream=True)  # pyright: ignore[reportArgumentType]
    workbook.set_calc_mode("auto", CALC_ID)
    # Recalculating at open would turn every score into #NAME? where macros are blocked.
    workbook.calc_on_load = False


def _with_ribbon(package: bytes, sources: Mapping[str, str]) -> dict[str, bytes]:
    relationship = f'<Relationship Id="perfevalRibbon" Type="{RIBBON_TYPE}" Target="{RIBBON_PART}"/></Relationships>'
    with zipfile.ZipFile(io.BytesIO(package)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"</Relationships>", relationship.encode())
    parts[RIBBON_PART] = sources[RIBBON_PART.rpartition("/")[2]].encode()
    return parts


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


def _project(sources: Mapping[str, str], name: str, sheets: Iterable[str]) -> bytes:
    """vbaProject.bin: a document module for the workbook and for each sheet, then the modules with code."""
    return vba_project(
        [
            document_module(WORKBOOK_CODE_NAME, WORKBOOK_BASE, sources[f"{WORKBOOK_CODE_NAME}.vba"]),
            *(document_module(sheet, SHEET_BASE) for sheet in sheets),
            *(standard_module(text) for file, text in sources.items() if file.endswith(".bas")),
            *(class_module(text) for file, text in sources.items() if file.endswith(".cls")),
        ],
        name,
    )


@cache
def _sources() -> dict[str, str]:
    """The texts that ``addin/excel/build.py`` gathered: modules, and the ribbon."""
    with files("perfeval").joinpath("resources/excel/macros.zip").open("rb") as file, zipfile.ZipFile(file) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist()}
