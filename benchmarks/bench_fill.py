"""How fast a workbook is filled in place, beside openpyxl's load and save of the same file.

Run: ``python benchmarks/bench_fill.py``. Times are medians of interleaved runs; read the ratios, not the milliseconds.
"""

from __future__ import annotations

import itertools
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import xlsxwriter

from perfeval.books import FileBook
from perfeval.books.package import Package
from perfeval.books.sheetpatch import Patch, patched
from perfeval.books.xmltext import XmlText
from perfeval.forms.edits import Edit
from perfeval.forms.grid import Address

PROJECTS = 6
FILLED_ROWS = range(12, 31)
ROUNDS = 7
CASES = {"六张自评表": 0, "另带 2 万行代码表": 20_000}


def make_workbook(path: Path, code_rows: int) -> None:
    """Self-evaluation forms with merges, formats and formulas, and a sheet of codes."""
    with xlsxwriter.Workbook(path) as book:
        head = book.add_format({"bold": True, "border": 1, "align": "center"})
        body = book.add_format({"border": 1, "text_wrap": True})
        number = book.add_format({"border": 1, "num_format": "#,##0.00"})
        for project in range(PROJECTS):
            sheet = book.add_worksheet(f"{project + 1:02d} 项目")
            sheet.merge_range("A1:J1", "项目支出绩效自评表", head)
            for row in range(2, 40):
                for column in range(6):
                    sheet.write(row, column, f"指标 {row}-{column}", body)
                for column in range(6, 9):
                    sheet.write(row, column, row * 1.25 + column, number)
                sheet.write_formula(row, 9, f"=SUM(G{row + 1}:I{row + 1})", number, row * 4 + 21)
            sheet.write_formula(40, 9, "=SUM(J3:J40)", number, 0)
        if code_rows:
            sheet = book.add_worksheet("代码表")
            for row in range(code_rows):
                sheet.write_row(row, 0, (row, f"{row:06d}", f"科目 {row % 900}", row % 7))


def duration(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def measure(path: Path, copy: Path) -> dict[str, float]:
    """Medians of the ways to fill one form of the workbook."""
    places = [Address(row, 7) for row in FILLED_ROWS]
    rounds = itertools.count()

    def with_openpyxl() -> None:
        book = openpyxl.load_workbook(path)
        value = next(rounds)
        for place in places:
            book.worksheets[0][str(place)] = value
        book.save(copy)

    def patch_alone() -> None:
        package = Package(path.read_bytes())
        part = "xl/worksheets/sheet1.xml"
        value = next(rounds)
        xml = patched(XmlText.parse(package.read(part)), {place: Patch(None, value) for place in places})
        copy.write_bytes(package.rebuilt({part: xml.encode()}))

    def read_and_patch() -> None:
        book = FileBook.open(path)
        sheet, value = book.sheets[0], next(rounds)
        grid = book.grid(sheet)
        xml = patched(book.xml(sheet), {place: Patch(None, value) for place in places if not grid[place].formula})
        copy.write_bytes(Package(path.read_bytes()).rebuilt({"xl/worksheets/sheet1.xml": xml.encode()}))

    def fill() -> None:
        book = FileBook.open(path)
        value = next(rounds) + 0.5
        book.apply([Edit(book.sheets[0], place, value) for place in places])
        book.save(copy, backup=False)

    ways = {
        "openpyxl 读入并保存": with_openpyxl,
        "只改写": patch_alone,
        "读一张表并改写": read_and_patch,
        "打开、改写、重算、保存": fill,
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            times[name].append(duration(way))
    return {name: statistics.median(found) for name, found in times.items()}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for title, code_rows in CASES.items():
            path = Path(folder, "book.xlsx")
            make_workbook(path, code_rows)
            found = measure(path, Path(folder, "copy.xlsx"))
            base = next(iter(found.values()))
            print(f"{title}（{path.stat().st_size / 1024:.0f} kB）")
            for name, seconds in found.items():
                print(f"    {seconds * 1000:9.1f} ms   ×{base / seconds:5.1f}   {name}")


if __name__ == "__main__":
    main()
