"""Files that are not read: each is refused with one sentence that says what to do, within bounds, and stays untouched."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pytest

from perfeval.books import FileBook
from perfeval.errors import FileRefused
from support import hostile
from support.hostile import parts, zipped

BILLION_LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f'<worksheet xmlns="{hostile.MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>&b;</v></c></row></sheetData></worksheet>'
)
EXTERNAL = (
    '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    f'<worksheet xmlns="{hostile.MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>&a;</v></c></row></sheetData></worksheet>'
)


def without(name: str) -> dict:
    return {part: content for part, content in parts().items() if part != name}


def merges(areas: Iterable[str]) -> str:
    return "<mergeCells>" + "".join(f'<mergeCell ref="{area}"/>' for area in areas) + "</mergeCells>"


def word() -> dict:
    links = hostile.ROOT_LINKS.replace("xl/workbook.xml", "word/document.xml")
    kinds = hostile.CONTENT_TYPES.replace("spreadsheetml.sheet", "wordprocessingml.document").replace(
        "xl/workbook", "word/document"
    )
    return {"[Content_Types].xml": kinds, "_rels/.rels": links, "word/document.xml": "<document/>"}


AT_ONCE = {
    "空文件.xlsx": (b"", "空的"),
    "数据.csv": ("项目,金额\n甲,1\n".encode("gbk"), "不是 Excel 工作簿"),
    "改名的网页.xls": (b"\xef\xbb\xbf<html><table/></html>", "网页格式"),
    "改名的.xlsx": (b"%PDF-1.7\n%...", "PDF"),
    "压缩.xlsx": (b"Rar!\x1a\x07\x01\x00", "压缩包"),
    "旧.xls": (hostile.compound("Workbook"), "另存为 .xlsx"),
    "旧.et": (hostile.compound("Workbook"), "另存为 .xlsx"),
    "旧.doc": (hostile.compound("WordDocument"), "另存为 .docx"),
    "加密.xlsx": (hostile.compound("EncryptionInfo", "EncryptedPackage"), "打开密码"),
    "文档.xlsx": (zipped(word()), "Word"),
    "二进制.xlsb": (zipped({"xl/workbook.bin": b"", "[Content_Types].xml": hostile.CONTENT_TYPES}), "xlsb"),
    "表格.ods": (zipped({"mimetype": "application/x", "content.xml": "<x/>"}), "OpenDocument"),
    "照片.zip": (zipped({"a.jpg": b"x"}), "压缩包"),
    "缺工作簿.xlsx": (zipped(without("xl/workbook.xml")), "缺少主要部件"),
    "缺关系.xlsx": (zipped(without("xl/_rels/workbook.xml.rels") | {"xl/workbook.xml": "<workbook/>"}), "损坏"),
    "缺类型.xlsx": (zipped(without("[Content_Types].xml")), "缺少主要部件"),
    "截断.xlsx": (zipped(parts())[:-200], "损坏"),
    "半截.xlsx": (zipped(parts())[:300], "损坏"),
    "只有结尾.xlsx": (b"PK\5\6" + bytes(18), "损坏"),
    "成员太多.xlsx": (hostile.many_members(10_001), "异常庞大"),
    "重叠.xlsx": (hostile.overlapping(), "损坏"),
    "同名.xlsx": (zipped(parts() | {"XL/Workbook.xml": "<x/>"}), "损坏"),
    "坏XML.xlsx": (zipped(parts() | {"xl/workbook.xml": "<workbook>"}), "损坏"),
    "实体.xlsx": (zipped(parts() | {"xl/workbook.xml": BILLION_LAUGHS}), "DTD"),
}
IN_A_SHEET = {
    "炸弹": (hostile.bomb(30_000_000), "异常庞大"),
    "谎报大小": (hostile.lying_size(5_000), "损坏"),
    "校验和不符": (hostile.wrong_checksum(), "损坏"),
    "实体炸弹": (zipped(parts() | {"xl/worksheets/sheet1.xml": BILLION_LAUGHS}), "DTD"),
    "外部实体": (zipped(parts() | {"xl/worksheets/sheet1.xml": EXTERNAL}), "DTD"),
    "缺工作表": (zipped(without("xl/worksheets/sheet1.xml")), "缺少部件"),
    "不是工作表": (zipped(parts() | {"xl/worksheets/sheet1.xml": "<worksheet/>"}), "损坏"),
    "别的编码": (
        zipped(parts() | {"xl/worksheets/sheet1.xml": b'<?xml version="1.0" encoding="GBK"?><a/>'}),
        "编码 GBK",
    ),
    "没有标记的UTF-16": (
        zipped(parts() | {"xl/worksheets/sheet1.xml": hostile.sheet("").encode("utf-16-le")}),
        "损坏|编码",
    ),
    "行号错乱": (zipped(parts('<row r="2"/><row r="1"/>')), "次序错乱"),
    "列号错乱": (zipped(parts('<row r="1"><c r="B1"/><c r="A1"/></row>')), "次序错乱"),
    "单元格不在本行": (zipped(parts('<row r="1"><c r="A2"/></row>')), "次序错乱"),
    "行号太大": (zipped(parts('<row r="1048577"/>')), "次序错乱"),
    "列号太大": (zipped(parts('<row r="1"><c r="XFE1"/></row>')), "次序错乱"),
    "地址不是地址": (zipped(parts('<row r="1"><c r="甲1"/></row>')), "损坏"),
    "数值不是数": (zipped(parts('<row r="1"><c r="A1"><v>1x</v></c></row>')), "A1 的内容已损坏"),
    "无穷大": (zipped(parts('<row r="1"><c r="A1"><v>1e999</v></c></row>')), "A1 的内容已损坏"),
    "没有这个文本": (zipped(parts('<row r="1"><c r="A1" t="s"><v>9</v></c></row>')), "A1 的内容已损坏"),
    "负的文本号": (zipped(parts('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>')), "A1 的内容已损坏"),
    "没有这种类型": (zipped(parts('<row r="1"><c r="A1" t="zip"><v>1</v></c></row>')), "损坏"),
    "共享公式不完整": (zipped(parts('<row r="1"><c r="A1"><f t="shared" si="0"/></c></row>')), "共享公式不完整"),
    "公式太长": (zipped(parts(f'<row r="1"><c r="A1"><f>{"[" * 9000}</f></c></row>')), "异常庞大"),
    "合并区域写错": (zipped(parts("", after='<mergeCells><mergeCell ref="A0:B"/></mergeCells>')), "损坏"),
    "合并区域重叠": (
        zipped(parts("", after=merges(f"A1:C{bottom}" for bottom in range(513, 713)))),
        "重叠",
    ),
    "合并区域太多": (
        zipped(parts("", after=merges(["A1:B1"] * 100_001))),
        "异常庞大",
    ),
}


def check_refused(path: Path, reason: str, sheet: str | None = None) -> None:
    """Opening the file is refused; with a sheet, the file opens and reading that sheet is refused."""
    before = path.read_bytes()
    read = partial(FileBook.open, path) if sheet is None else partial(FileBook.open(path).grid, sheet)
    with pytest.raises(FileRefused, match=reason) as refused:
        read()
    message = str(refused.value)
    assert message.startswith(f"{path}：")
    assert "\n" not in message
    assert any(word in message for word in ("请", "另存"))
    assert path.read_bytes() == before


@pytest.mark.parametrize(("name", "content", "reason"), [(name, *case) for name, case in AT_ONCE.items()], ids=AT_ONCE)
def test_a_file_is_refused(tmp_path, name, content, reason):
    check_refused(hostile.save(tmp_path, content, name), reason)


@pytest.mark.parametrize(("content", "reason"), IN_A_SHEET.values(), ids=IN_A_SHEET)
def test_a_sheet_is_refused(tmp_path, content, reason):
    check_refused(hostile.save(tmp_path, content), reason, "表")


def test_missing_files_and_folders(tmp_path):
    for path, reason in (
        (tmp_path / "无.xlsx", "没有这个文件"),
        (tmp_path, "文件夹"),
        (tmp_path / "空\0.xlsx", "文件名|没有"),
    ):
        with pytest.raises(FileRefused, match=reason):
            FileBook.open(path)


@pytest.mark.parametrize(
    ("mark", "program"), [("~$表.xlsx", "Excel"), (".~lock.表.xlsx#", "LibreOffice"), (".~表.xlsx", "WPS")]
)
def test_a_file_that_is_open_elsewhere_is_refused(tmp_path, mark, program):
    path = hostile.save(tmp_path, parts())
    (tmp_path / mark).write_bytes(b"")
    check_refused(path, f"正在 {program} 里打开")


def test_an_encrypted_member_is_refused(tmp_path):
    data = bytearray(zipped(parts()))
    with zipfile.ZipFile(hostile.save(tmp_path, bytes(data))) as package:
        start = package.start_dir
    data[start + 8] |= 1
    check_refused(hostile.save(tmp_path, bytes(data)), "密码")


def test_names_that_leave_the_package_are_harmless(tmp_path):
    path = hostile.save(tmp_path, parts() | {"../../越界.txt": "x", "/etc/越界": "x"})
    assert FileBook.open(path).sheets == ("表",)
    assert list(tmp_path.parent.glob("越界*")) == []
