"""How fast one form of the standard workbook is filled in place, beside openpyxl's load and save of the same file.

Run: ``python benchmarks/bench_fill.py``. Times are medians of interleaved runs in one warm process; read the ratios,
not the milliseconds. The last line fills every form of a workbook of many projects in one call.
"""

from __future__ import annotations

import gc
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl

from perfeval.books import FileBook
from perfeval.books.formulas import parse, references
from perfeval.books.package import Package
from perfeval.books.recalculation import recalculate
from perfeval.books.sheetpatch import Patch, patched
from perfeval.books.xmltext import XmlText
from perfeval.commands import demo_data, fill, new
from perfeval.commands.overwriting import Plan
from perfeval.forms.edits import Edit
from perfeval.records.model import Body, Project
from perfeval.records.names import EXECUTION, TARGETS
from perfeval.workbook.book import data_workbook

ROUNDS = 15
MANY = 100


def make_workbook(path: Path, body: Body) -> None:
    """A standard workbook for the body whose import sheets hold the body's data, ready to be filled."""
    data, blank = path.with_suffix(".data.xlsx"), path.with_suffix(".blank.xlsm")
    data.write_bytes(data_workbook(body))
    new.new(blank, body)
    source, book = FileBook.open(data), FileBook.open(blank)
    book.apply(
        [
            Edit(sheet, place, cell.value)
            for sheet in (TARGETS, EXECUTION)
            for place, cell in source.grid(sheet).cells.items()
            if place.row > 1 and cell.value is not None
        ]
    )
    book.save(path)


def bodies() -> tuple[Body, Body]:
    """A body with one project, and one with MANY: the published projects again and again, under other names."""
    published = next(iter(demo_data.bodies().values()))
    projects = published.projects

    def numbered(number: int) -> Project:
        project = projects[number % len(projects)]
        return replace(project, code=f"P{number:03d}", name=f"{project.name}{number:03d}")

    return replace(published, projects=projects[:1]), replace(published, projects=tuple(map(numbered, range(MANY))))


WHOLE, RECALCULATION = "打开、读取、计划、改写、重算", "其中重算公式"


def ways(path: Path, copy: Path) -> dict[str, Callable[[], object]]:
    """What is measured, by name; each works on a fresh copy of the workbook."""
    planned = fill.plan(FileBook.open(path)).edits
    form = next(sheet for sheet in FileBook.open(path).sheets if sheet.startswith("01"))
    patches = {edit.cell: Patch(None, edit.content) for edit in planned if edit.sheet == form}  # type: ignore[arg-type]
    part = f"xl/worksheets/sheet{FileBook.open(path).sheets.index(form) + 1}.xml"

    def with_openpyxl() -> None:
        book = openpyxl.load_workbook(copy, keep_vba=True)
        book.save(copy)

    def patch_alone() -> None:
        package = Package(copy.read_bytes())
        package.rebuilt({part: patched(XmlText.parse(package.read(part)), patches).encode()})

    def in_memory() -> None:
        book = FileBook.open(copy)
        book.apply(fill.plan(book).edits)

    filled = FileBook.open(path)
    changed = [(change.sheet, change.cell) for change in filled.apply(planned).changed]

    def recalculation_alone() -> None:
        recalculate(filled, changed)

    def formulas_unknown() -> None:
        parse.cache_clear()
        references.cache_clear()
        in_memory()

    return {
        "openpyxl：读入并保存": with_openpyxl,
        "只改写一张表": patch_alone,
        WHOLE: in_memory,
        RECALCULATION: recalculation_alone,
        "打开到重算，公式第一次遇到": formulas_unknown,
        "整个 fill()：另加备份、写盘（fsync）、核对": lambda: fill.fill(copy),
    }


def measured(path: Path, copy: Path) -> dict[str, float]:
    """Seconds of every way, medians of interleaved rounds."""
    times: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        for name, way in ways(path, copy).items():
            shutil.copy(path, copy)
            times[name].append(duration(way))
    return {name: statistics.median(found) for name, found in times.items()}


def duration(step: Callable[[], object]) -> float:
    gc.collect()  # what the step before has left is not this one's to clear away
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def main() -> None:
    one, many = bodies()
    with tempfile.TemporaryDirectory() as folder:
        path, copy = Path(folder, "book.xlsm"), Path(folder, "copy.xlsm")
        make_workbook(path, one)
        found = measured(path, copy)
        # openpyxl recalculates nothing, it leaves the old values; what a fill is beside it shows without that part.
        found["打开、读取、计划、改写（两者之差）"] = found[WHOLE] - found[RECALCULATION]
        base = next(iter(found.values()))
        print(f"标准工作簿，一张自评表（{path.stat().st_size / 1024:.0f} kB）")
        for name, seconds in found.items():
            print(f"    {seconds * 1000:9.1f} ms   ×{base / seconds:5.1f}   {name}")
        path = Path(folder, "many.xlsm")
        make_workbook(path, many)
        planned: list[Plan] = []
        seconds = duration(lambda: planned.append(fill.fill(path)[0]))
        print(f"{MANY} 个项目一次填完：{seconds:.1f} 秒，{len(planned[0].edits)} 处改动")


if __name__ == "__main__":
    main()
