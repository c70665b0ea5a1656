"""Findings that a person lets stand, with a reason: for one cell and one value; when the value changes they lapse.

In a workbook of ours the reasons stand on the sheet 复核结果, in the column 不改的理由. For any other file they stand in
an earlier ``check --json``, to whose items a person has added ``"waived": "理由"``.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from perfeval.errors import FileRefused
from perfeval.filenames import shown
from perfeval.findings import Finding
from perfeval.forms.grid import Book
from perfeval.records import names

_MOST = 10_000_000  # bytes of a file of waivers
_HALF = re.compile("[\ud800-\udfff]")
_KEYS = ("file", "sheet", "cell", "code", "found", "waived")


class Waiver(NamedTuple):
    """Why a finding stands: its kind's code, its place, and the value that was found there."""

    code: str
    sheet: str
    cell: str
    found: str
    reason: str


def waived(findings: Iterable[Finding], waivers: Iterable[Waiver]) -> list[Finding]:
    """The findings, those with a waiver carrying its reason."""
    reasons = {waiver[:4]: waiver.reason for waiver in waivers}
    if not reasons:
        return list(findings)
    return [replace(one, waived=_reason(one, reasons)) for one in findings]


def _reason(finding: Finding, reasons: Mapping[tuple[str, str, str, str], str]) -> str:
    """Why a finding stands, by its kind's code, or by that under which it was found before; "" where nobody says."""
    place = (finding.sheet, finding.cell, finding.found)
    codes = (finding.kind.code, finding.kind.formerly)
    return next((reasons[code, *place] for code in codes if (code, *place) in reasons), "")


def of_book(book: Book) -> Iterator[Waiver]:
    """The reasons on a workbook's own sheet 复核结果; none where it has no such sheet."""
    if names.REVIEW not in book.sheets:
        return
    grid = book.grid(names.REVIEW)
    header, columns = 0, {}
    for row in range(1, min(grid.bottom, 20) + 1):
        columns = {str(grid[row, column].value or ""): column for column in range(1, grid.right + 1)}
        if set(names.REVIEW_COLUMNS) <= columns.keys():
            header = row
            break
    if not header:
        return
    for row in range(header + 1, grid.bottom + 1):
        code, sheet, cell, found, reason = (
            str(grid[row, columns[name]].value or "").strip()
            for name in ("编号", "工作表", "单元格", "表中", "不改的理由")
        )
        if code and reason:
            yield Waiver(code, sheet, cell, found, reason)


class WaiverFile:
    """An earlier ``check --json`` with reasons, by file. Paths are compared resolved, relative ones from here, and as they are shown."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Raises FileRefused for a file that is no such list."""
        self._by_file: dict[str, list[Waiver]] = {}
        for path in paths:
            for item in _items(path):
                if item["waived"].strip():
                    waiver = Waiver(item["code"], item["sheet"], item["cell"], item["found"], item["waived"].strip())
                    self._by_file.setdefault(os.path.realpath(item["file"]), []).append(waiver)

    def of(self, path: Path) -> Sequence[Waiver]:
        """The reasons that concern one file."""
        return self._by_file.get(shown(os.path.realpath(path)), ())


def _items(path: Path) -> Iterator[dict[str, str]]:
    """The items of a file that carry a reason, each with all keys as texts."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise FileRefused(path, "不是普通文件；请选择 perfeval check --json 写出的文件")
        if status.st_size > _MOST:
            raise FileRefused(path, "太大，不像是复核结果")
        read = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FileRefused(path, "读不出来；请核对文件名和读取权限") from error
    except (ValueError, RecursionError) as error:
        raise FileRefused(path, f"不是有效的 JSON：{error}") from error
    if not isinstance(read, list):
        raise FileRefused(path, "应是 perfeval check --json 输出的列表")
    for place, item in enumerate(read, 1):
        if not isinstance(item, dict):
            raise FileRefused(path, f"第 {place} 项不是复核结果")
        if "waived" not in item:
            continue
        if not all(map(_is_text, map(item.get, _KEYS))):
            raise FileRefused(path, f"第 {place} 项应有 {'、'.join(_KEYS)}，都是文字")
        yield item


def _is_text(value: object) -> bool:
    """Whether it is a text that can be written: half a surrogate pair, which JSON may name, cannot."""
    return isinstance(value, str) and not _HALF.search(value)
