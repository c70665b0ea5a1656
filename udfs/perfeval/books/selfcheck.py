"""One small sheet, built in, that must read right before any file is read.

Reading rests on the interpreter's regular expressions and its expat, which have been wrong before: CPython 3.11.0 to 3.11.4
passed over cells without a word. The sheet holds a cell of every build that files have, and is read as theirs are.
"""

from __future__ import annotations

import platform
import sys
from functools import cache

from perfeval.books.parts import shared_strings, styles
from perfeval.books.sheetread import Shared, read_sheet
from perfeval.books.xmltext import XmlText
from perfeval.errors import UnfitInterpreter
from perfeval.forms.grid import Value

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRINGS = f"""<?xml version="1.0" encoding="UTF-8"?>
<sst xmlns="{_MAIN}" count="3"><si><t>指标</t></si><si/><si><r><rPr><b/></rPr><t xml:space="preserve">完成 </t></r>\
<rPh sb="0" eb="2"><t>wancheng</t></rPh><r><t>&lt;全部&gt;</t></r></si></sst>"""
_SHEET = f"""<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="{_MAIN}" xmlns:x="{_MAIN}"><!-- <c r="A9"/> --><sheetData>
<row r="1" spans="1:8"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>2</v></c><c r="C1" t="s"><v>1</v></c>\
<c r="D1" s="0"/><c r="E1" t="str" s="0"><f>IF(AND(A2&gt;=95,B2&lt;&gt;""),"达标","")</f><v>达标</v></c>\
<c r="F1"><f ca="1">SUM(A2:B2)</f><v>93.46</v></c><c><v>5</v></c><c t='b' r='H1'><v>1</v></c></row>
<row r="2"/><row r="3" ht='15'><c r="A3" t="inlineStr" note="a/b > 'c'"><is><t>万元</t></is></c>\
<c r="B3" note='"/>'><f>A1/0</f></c></row>
<x:row r="4"><x:c r="A4" t="inlineStr"><x:is><x:t><![CDATA[<v>&]]></x:t></x:is></x:c><c r="B4"><v >1e3</v ></c ></x:row>
</sheetData></worksheet>"""
_CELLS: dict[str, tuple[Value, str | None]] = {
    "A1": ("指标", None), "B1": ("完成 <全部>", None), "C1": ("", None), "D1": (None, None),
    "E1": ("达标", 'IF(AND(A2>=95,B2<>""),"达标","")'), "F1": (93.46, "SUM(A2:B2)"), "G1": (5, None), "H1": (True, None),
    "A3": ("万元", None), "B3": (None, "A1/0"), "A4": ("<v>&", None), "B4": (1000, None),
}  # fmt: skip


@cache
def prove_reading() -> None:
    """Read the built-in sheet, once in a process. Raises UnfitInterpreter where it does not read as it must."""
    try:
        shared = Shared(styles(None), shared_strings(_STRINGS.encode()), base_1904=False)
        grid = read_sheet(XmlText.parse(_SHEET.encode()), "自检", True, shared).grid
        cells = {str(place): (cell.value, cell.formula) for place, cell in grid.cells.items()}
    except Exception as error:  # however a faulty interpreter fails
        raise UnfitInterpreter(_sentence()) from error
    if cells != _CELLS:
        raise UnfitInterpreter(_sentence())


def _sentence() -> str:
    return (
        f"这个 Python（{platform.python_version()}，{sys.executable or '内嵌'}）读不对内置的检验表，读文件会出错，"
        "所以什么也没有读取；请换用新一些的 Python，在 LibreOffice 里请升级 LibreOffice"
    )
