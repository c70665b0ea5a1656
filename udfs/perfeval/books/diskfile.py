"""A file on disk: whether it may be read, and why not."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from perfeval.books.package import Unreadable, refuse_beyond
from perfeval.budget import FILE_SIZE

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 再试"
_NOT_THERE = "没有这个文件；请核对文件名和所在文件夹"
_EMPTY = "文件是空的；请重新获取或从备份恢复"
_INVALID_NAME = 123  # Windows': no file can have this name, which may hold a wildcard
OLD_TEXTS = frozenset({".doc", ".wps"})  # of Word and WPS before .docx
_KINDS = (
    (b"%PDF", "这是 PDF 文件，不是 Excel 工作簿；请向提供者要 .xlsx 文件"),
    (b"Rar!", "这是压缩包，不是 Excel 工作簿；请先解压，选择其中的 .xlsx 文件"),
    (b"7z\xbc\xaf", "这是压缩包，不是 Excel 工作簿；请先解压，选择其中的 .xlsx 文件"),
    (b"{\\rtf", "这是 RTF 文档，不是 Excel 工作簿；请把表格复制到 Excel 里，另存为 .xlsx 再试"),
)


def content(path: Path, *, though_open: bool = False) -> bytes:
    """The file's bytes, if they may be a workbook; ``though_open``: as last saved, also while a program has it open.

    Raises Unreadable with the reason.
    """
    data = bounded(path, though_open=though_open)
    if not data.startswith(b"PK\3\4"):
        raise Unreadable(_why_not_a_zip(data, path.suffix.lower()))
    return data


def bounded(path: Path, *, though_open: bool = False) -> bytes:
    """The bytes of a file that is there and not too large, and closed if it need be. Raises Unreadable with the reason."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise Unreadable("这是文件夹；请选择其中的文件")
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("这不是普通文件；请选择别的文件")
        if not though_open:
            refuse_when_open(path)
        refuse_beyond(FILE_SIZE, status.st_size)
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Unreadable(_NOT_THERE) from error
    except OSError as error:
        if getattr(error, "winerror", None) == _INVALID_NAME:
            raise Unreadable(_NOT_THERE) from error
        raise Unreadable("文件打不开；请检查是否有读取权限，或是否正被其他程序占用") from error
    except ValueError as error:
        raise Unreadable("文件名里有不能用的字符；请改名后再试") from error


def refuse_no_zip(data: bytes) -> None:
    """Raises Unreadable with the reason for the bytes of a .docx that are of another kind; a damaged zip is not looked at."""
    if not data:
        raise Unreadable(_EMPTY)
    if data.startswith(_OLE):
        raise Unreadable(
            "文件有打开密码；请用 Word 或 WPS 打开，取消密码后另存为 .docx"
            if _ENCRYPTED in data
            else "这其实是旧格式的 Word 文档（.doc）；请用 Word 或 WPS 打开，另存为 .docx 再试"
        )
    if not data.startswith(b"PK"):
        raise Unreadable(
            "这其实不是 Word 文档（可能是网页、RTF、PDF 或文本），请用 Word 或 WPS 打开，另存为 .docx 再试"
        )


def _why_not_a_zip(data: bytes, suffix: str) -> str:
    if not data:
        return _EMPTY
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            return "文件有打开密码；请用 Excel 或 WPS 打开，取消密码后另存为 .xlsx"
        if suffix in OLD_TEXTS:
            return "这是旧格式的 Word 文档；请用 Word 或 WPS 打开，另存为 .docx 再复核、计分、汇总"
        return f"这是旧格式的文件（.xls、.et 或 .doc），{_SAVE_AS}"
    for magic, reason in _KINDS:
        if data.startswith(magic):
            return reason
    if data.startswith(b"PK"):
        return "文件已损坏或不完整；请重新获取，或用 Excel、WPS 打开修复后另存为 .xlsx"
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if suffix in {".xls", ".et", ".xlsx", ".xlsm"} and start.startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        return f"这是网页格式的表格，不是真正的工作簿，{_SAVE_AS}"
    return f"这不是 Excel 工作簿（可能是文本、CSV 或已损坏），{_SAVE_AS}"


def refuse_when_open(path: Path) -> None:
    """Raises Unreadable when a spreadsheet program has left its mark beside the file: it is open there."""
    folder = path.parent
    for program, name in (
        ("Excel", f"~${path.name}"),
        ("LibreOffice", f".~lock.{path.name}#"),
        ("WPS", f".~{path.name}"),
    ):
        if os.path.exists(os.path.join(folder, name)):  # noqa: PTH110, PTH118  (a folder of thousands asks this often)
            left = f"如并未打开，请删除同一文件夹里的 {name}"
            raise Unreadable(f"文件正在 {program} 里打开；请先保存并关闭（{left}）再试")


_ASIDE = re.compile(r"^[.~]|\.备份-\d{8}-\d{6}")


def is_aside(name: str) -> bool:
    """Whether a file of this name is none to look at in a folder: hidden, the mark of an open one, or a backup of ours."""
    return bool(_ASIDE.search(name))
