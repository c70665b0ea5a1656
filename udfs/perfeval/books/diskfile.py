"""A file on disk: why it may not be touched, and how it is replaced so that it is never half written."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from perfeval.books.package import TORN, Unreadable, refuse_beyond
from perfeval.budget import FILE_SIZE

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 再试"
_NOT_THERE = "没有这个文件；请核对文件名和所在文件夹"
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


def _why_not_a_zip(data: bytes, suffix: str) -> str:
    if not data:
        return "文件是空的；请重新获取或从备份恢复"
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


def refuse_when_changed(path: Path, opened: bytes) -> None:
    """Raises Unreadable unless the file is still what was opened, and may be written."""
    try:
        refuse_when_open(path)
        if not path.stat().st_mode & stat.S_IWRITE or not os.access(path, os.W_OK):
            raise Unreadable("文件是只读的；请在文件属性里取消只读后再试")
        same = path.stat().st_size == len(opened) and path.read_bytes() == opened
    except OSError as error:
        raise Unreadable("文件不见了或打不开；请核对后重新运行") from error
    if not same:
        raise Unreadable("文件打开之后又被改动过，没有写入；请重新运行")


def existing(path: Path) -> bytes | None:
    """The bytes of a file that is about to be overwritten; None when there is none. Raises Unreadable for a folder."""
    if path.is_dir():
        raise Unreadable("这是文件夹；请给出要保存的文件名")
    try:
        return path.read_bytes() if path.exists() else None
    except OSError as error:
        raise Unreadable("文件打不开；请检查是否有读取权限，或是否正被其他程序占用") from error


def replace(path: Path, data: bytes, like: Path | None = None) -> None:
    """Swap in the new content at once, as ``replacement`` does, if it is what came to disk."""

    def same(file: BinaryIO) -> None:
        if file.read() != data:
            raise Unreadable(TORN)

    with replacement(path, same, like) as file:
        file.write(data)


@contextmanager
def replacement(path: Path, check: Callable[[BinaryIO], None], like: Path | None = None) -> Iterator[BinaryIO]:
    """A file to write, that then takes the place of another at once: whoever looks sees the old one or the new one, never a part.

    It may be read and written by whom ``like`` (the old file, if not given) may be, a new one as any new file.
    ``check`` reads back what came to disk and raises Unreadable when it is not as it should be. Raises Unreadable also where
    nothing can be written; the old file is then as it was.
    """
    like = like or path
    temporary = path.with_name(f".perfeval-{secrets.token_hex(8)}.tmp")
    try:
        try:
            with temporary.open("xb") as file:
                if like.exists():
                    shutil.copymode(like, temporary)
                yield file
                file.flush()
                os.fsync(file.fileno())
            with temporary.open("rb") as written:
                check(written)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise Unreadable("写不进去；请检查磁盘空间和文件夹的写入权限，文件是否正被其他程序打开") from error


_ASIDE = re.compile(r"^[.~]|\.备份-\d{8}-\d{6}")


def is_aside(name: str) -> bool:
    """Whether a file of this name is none to look at in a folder: hidden, the mark of an open one, or a backup of ours."""
    return bool(_ASIDE.search(name))


def back_up(path: Path, data: bytes) -> Path:
    """Keep the old content beside the file, dated; an older backup is never overwritten. Returns where."""
    stem = f"{path.stem}.备份-{datetime.now():%Y%m%d-%H%M%S}"
    kept = path.with_name(stem + path.suffix)
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{stem}-{number}{path.suffix}")
    replace(kept, data, like=path)
    return kept
