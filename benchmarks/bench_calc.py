"""How fast Calc answers with PerfEval, beside the edition of native formulas, plain native cells and add-in calls that do nothing.

Run: ``python benchmarks/bench_calc.py [projects]`` (Linux, with LibreOffice and its Python bridge). Four workbooks of MANY projects
stand open in one process: ours; its copy of native formulas (原生公式版); the same with every PE_ call replaced by plain
native functions (MIN, ROUND, IF …); the same with every PE_ call replaced by one that returns at once. Times are medians
of interleaved rounds; read the ratios. The time of asking over the process boundary is in every figure, and is printed
as “空操作”.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "tests"))


from perfeval.commands import demo_data, fill, livecopy, new
from perfeval.records.model import Body, Project
from perfeval.workbook.book import data_workbook
from support import calc as driver

MANY = int(sys.argv[1]) if len(sys.argv) > 1 else 100
EDITS, CALCULATIONS, STARTS = 25, 9, 5
SECONDS = 60  # after which no further round of a measure begins
FORM = 3  # the first form is the fourth sheet

NATIVE: dict[str, Callable[..., str]] = {
    "PE_EXEC_RATE": lambda budget, executed: f"IF({budget}=0,0,{executed}/{budget})",
    "PE_EXEC_SCORE": lambda budget, executed, weight, *_: f"ROUND(MIN(1,{executed}/{budget})*{weight},2)",
    "PE_INDICATOR_SCORE": lambda target, actual, weight, *_: f"ROUND(MIN(1,{actual}/{target})*{weight},2)",
    "PE_COMPLETION": lambda target, actual, *_: f"({actual}/{target})",
    "PE_MEETS": lambda target, actual, *_: f'IF({actual}>={target},"是","否")',
    "PE_HINT": lambda t, a, weight, score, reason, *_: f'IF(AND({weight}<>{score},{reason}=""),"请写明偏差原因","")',
    "PE_TOTAL": lambda *scores: f"SUM({','.join(scores)})",
    "PE_GRADE": lambda total, *_: f'IF({total}>=90,"优",IF({total}>=80,"良",IF({total}>=60,"中","差")))',
}


def nothing(*_: str) -> str:
    """A call of the add-in that returns at once: its input is blank."""
    return 'PE_UNIT("")'


def body() -> Body:
    """MANY projects: the published ones again and again, under other names, every score left to its formula."""
    published = next(iter(demo_data.bodies().values()))

    def numbered(number: int) -> Project:
        project = published.projects[number % len(published.projects)]
        indicators = tuple(replace(indicator, score=None) for indicator in project.indicators)
        return replace(project, code=f"P{number:03d}", name=f"{project.name}{number:03d}", indicators=indicators)

    return replace(published, projects=tuple(map(numbered, range(MANY))))


def make_workbook(folder: Path) -> Path:
    """The workbook of the body, filled."""
    data, path = folder / "data.xlsx", folder / "book.xlsm"
    data.write_bytes(data_workbook(body()))
    new.new(path, new.body_from(data))
    fill.fill(path, data)
    return path


def calls(formula: str) -> Iterator[tuple[int, int, str, list[str]]]:
    """The PE_ calls of a formula: where they begin and end, function, arguments. None stands inside another."""
    for found in re.finditer(r"PE_\w+(?=\()", formula):
        depth, quoted, cuts = 0, False, [found.end()]
        for place, sign in enumerate(formula[found.end() :], start=found.end()):
            quoted ^= sign == '"'
            depth += 0 if quoted else (sign == "(") - (sign == ")")
            if not quoted and depth <= 1 and sign in ",)" and not (sign == ")" and depth):
                cuts.append(place)
            if not depth:
                break
        arguments = [formula[before + 1 : after] for before, after in pairwise(cuts)]
        yield found.start(), cuts[-1] + 1, found[0], arguments


def rewritten(formula: str, instead: Callable[[str, list[str]], str]) -> str:
    """The formula with something else instead of each of its PE_ calls."""
    for begin, end, name, arguments in reversed(list(calls(formula))):
        formula = formula[:begin] + instead(name, arguments) + formula[end:]
    return formula


def rewrite(document: Any, instead: Callable[[str, list[str]], str]) -> int:
    """Replace the PE_ calls of a document; gives how many cells hold one."""
    parser = document.createInstance("com.sun.star.sheet.FormulaParser")
    parser.CompileEnglish, parser.FormulaConvention = True, 3  # as in an .xlsx
    count = 0
    for sheet in document.Sheets:
        for cell in sheet.queryContentCells(16).Cells:  # com.sun.star.sheet.CellFlags.FORMULA
            formula = parser.printFormula(cell.getTokens(), cell.CellAddress)
            if "PE_" in formula:
                count += 1
                cell.setTokens(parser.parseFormula(rewritten(formula, instead), cell.CellAddress))
    return count


def plain_numbers(document: Any) -> None:
    """年度指标值 and 实际完成值 as numbers, which native formulas need."""
    for sheet in list(document.Sheets)[FORM : FORM + MANY]:
        last = sheet.createCursor()
        last.gotoEndOfUsedArea(False)
        for row in range(12, last.RangeAddress.EndRow - 1):
            for column, number in ((4, 0.95), (5, 0.9)):
                cell = sheet.getCellByPosition(column, row)
                if cell.String and not cell.getFormula().startswith("="):
                    cell.Value = number


def edited(document: Any, address: str, values: list[Any]) -> Callable[[int], None]:
    """Types a value into the first form, computes all that depends on it, and reads the 汇总."""
    form, summary = document.Sheets.getByIndex(FORM), document.Sheets.getByName("汇总")
    cell, total = form.getCellRangeByName(address), summary.getCellRangeByName("F4")

    def edit(turn: int) -> None:
        value = values[turn % len(values)]
        if isinstance(value, str):
            cell.String = value
        else:
            cell.Value = value
        document.calculate()  # a window computes what it shows; this computes the rest too
        _ = total.String

    return edit


def medians(ways: dict[tuple[str, str], Callable[[int], object]], rounds: int) -> dict[tuple[str, str], float]:
    """Milliseconds of every way, in interleaved rounds: so many, fewer where SECONDS are over."""
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    started = time.monotonic()
    for turn in range(rounds):
        if turn and time.monotonic() - started > SECONDS:
            print(f"只测了 {turn} 轮", flush=True)
            break
        for name, way in ways.items():
            begun = time.perf_counter()
            way(turn)
            times[name].append(1000 * (time.perf_counter() - begun))
    return {name: statistics.median(found) for name, found in times.items()}


def report(title: str, found: dict[tuple[str, str], float], ours: str, others: dict[str, float | None]) -> None:
    """One line a way; the bound where there is one."""
    figures = {kind: value for (what, kind), value in found.items() if what == title}
    print(f"{title}：" + "，".join(f"{kind} {value:.2f} ms" for kind, value in figures.items()))
    for other, bound in others.items():
        limit = f"（要求不超过 {bound:g}）" if bound else ""
        print(f"  {ours} ÷ {other} = {figures[ours] / figures[other]:.2f}{limit}")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, profile = make_workbook(folder), driver.prepare(folder / "profile")
        with driver.Calc(profile) as calc:
            kinds: dict[str, Any] = {}
            begun = time.perf_counter()
            files = {"原生公式版": livecopy.live(path).path}
            print(f"另存原生公式版：{time.perf_counter() - begun:.1f} s", flush=True)
            for kind in ("PerfEval", "原生", "空调用"):
                files[kind] = folder / f"{kind}.xlsm"
                files[kind].write_bytes(path.read_bytes())
            for kind, file in files.items():
                begun = time.perf_counter()
                kinds[kind] = calc.open(file).__enter__()
                print(
                    f"{kind}：{file.stat().st_size / 1000:.0f} KB，打开 {time.perf_counter() - begun:.1f} s", flush=True
                )
            count = rewrite(kinds["原生"], lambda function, given: NATIVE[function](*given))
            rewrite(kinds["空调用"], lambda *_: nothing())
            plain_numbers(kinds["原生"])
            for document in kinds.values():
                document.calculateAll()
            print(f"{MANY} 个项目的工作簿，{count} 个单元格用 PE_ 函数")
            ways: dict[tuple[str, str], Callable[[int], object]] = {}
            for kind, document in kinds.items():
                actual = [0.9, 0.8] if kind == "原生" else ["90%", "80%"]
                ways["改一个全年执行数", kind] = edited(document, "F6", [1_500_000.0, 1_600_000.0])
                ways["改一个实际完成值", kind] = edited(document, "F20", actual)
                ways["空操作", kind] = edited(document, "Z99", [1.0, 2.0])
            found = medians(ways, EDITS)
            found |= medians(
                {("全部重算", kind): lambda _, d=document: d.calculateAll() for kind, document in kinds.items()},
                CALCULATIONS,
            )
            report("空操作", found, "PerfEval", {"原生": None})
            for title in ("改一个全年执行数", "改一个实际完成值"):
                report(title, found, "PerfEval", {"原生": 2})
                report(title, found, "原生公式版", {"PerfEval": None, "原生": None})
            report("全部重算", found, "PerfEval", {"空调用": 3, "原生": None})
        starts = [first_value(profile) for _ in range(STARTS)]
        print(f"soffice 启动到第一个函数值：{statistics.median(starts):.2f} s")


def first_value(profile: Path) -> float:
    """Seconds from starting LibreOffice to the value of a function."""
    begun = time.perf_counter()
    with driver.Calc(profile) as calc, calc.open() as document:
        cell = document.Sheets.getByIndex(0).getCellRangeByName("A1")
        cell.FormulaLocal = "=PE_EXEC_SCORE(100,95)"
        assert driver.content(cell) == 9.5
        return time.perf_counter() - begun


if __name__ == "__main__":
    main()
