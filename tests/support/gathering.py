"""How often a recalculation of many projects asks Python, in the interpreter, and whether every value is as before.

python tests/support/gathering.py 100 400       two minutes and ten
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

import support.vbacells  # noqa: F401 — PE_ cells call the workbook's own VBA
from perfeval.commands import demo_data, fill, new
from support.vbahost import Host


def many_projects(folder: Path, count: int) -> Path:
    """A filled workbook of as many projects, the published ones again and again; of every other one the scores of indicators
    with figures are computed, not given, and its total and its grade of them."""
    published = next(iter(demo_data.bodies().values()))

    def numbered(number: int) -> Any:
        project = published.projects[number % len(published.projects)]
        named = replace(project, code=f"P{number:03d}", name=f"{project.name}{number:03d}")
        if number % 2 == 0:
            return named
        indicators = tuple(
            replace(one, score=None) if re.search(r"\d", str(one.target)) else one for one in project.indicators
        )
        return replace(named, indicators=indicators, execution_score=None)

    path = new.new(folder / "许多.xlsm", replace(published, projects=tuple(map(numbered, range(count)))), carried=True)
    fill.fill(path)
    return path


def formulas(host: Host) -> dict[tuple[str, int, int], Any]:
    """What every formula of the workbook shows, by sheet, row and column; numbers to the last digits that Excel keeps."""
    return {
        (sheet.name, *place): round(cell.value, 12) if isinstance(cell.value, float) else str(cell.value)
        for sheet in host.app.workbook.sheets_
        for place, cell in sheet.cells_.items()
        if cell.formula
    }


def ours(host: Host) -> int:
    """How many cells call a function of ours."""
    return sum("PE_" in (cell.formula or "") for sheet in host.app.workbook.sheets_ for cell in sheet.cells_.values())


def asked(host: Host) -> list[str]:
    """The calls since the last look."""
    calls = list(host.server.calls)
    host.server.calls.clear()
    return calls


def an_edit(host: Host, form: Any) -> tuple[list[str], set[str]]:
    """Change the number of a form on which most cells of ours depend: the calls that this makes, and those cells' formulas."""
    calculator = host.app.workbook.calculator

    def readers(place: tuple[int, int]) -> set[str]:
        reached, wave = set(), {(form.name.lower(), *place)}
        while wave := {key for name in wave for key in calculator._reading(*name)} - reached:
            reached |= wave
        texts = {key: calculator._cell(key).formula or "" for key in reached}
        return {f"{key}{text}" for key, text in texts.items() if "PE_" in text}

    numbers = [place for place, cell in form.cells_.items() if isinstance(cell.value, float) and not cell.formula]
    place = max(numbers, key=lambda place: len(readers(place)))
    asked(host)
    host.do(f'Worksheets("{form.name}").Cells({place[0]}, {place[1]}).Value = 1')
    host.calculate(everything=False)
    return asked(host), readers(place)


def main(counts: list[int]) -> None:
    """Print, for each number of projects, how many calls 重新计算 makes and which values differ."""
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            host = Host(many_projects(Path(folder), count), version("xlwings"))
            before, began = formulas(host), time.perf_counter()
            host.press("recalculate")
            seconds, after = time.perf_counter() - began, formulas(host)
            different = [place for place, value in before.items() if after[place] != value]
            print(
                f"{count} projects, {ours(host)} PE_ cells: {dict(Counter(host.server.calls))}, {host.recalculations} passes, "
                f"{len(different)} values differ, {seconds:.0f} s in the interpreter"
            )
            forms = [sheet for sheet in host.app.workbook.sheets_ if sheet.name[:1].isdigit()]
            for form in (forms[0], forms[len(forms) // 2], forms[-1]):
                calls, depends = an_edit(host, form)
                print(f"an edit in “{form.name}”: {len(calls)} calls, {len(depends)} cells of ours depend on it")
            if different:
                print(*((place, before[place], after[place]) for place in different[:5]), sep="\n")


if __name__ == "__main__":
    main([int(count) for count in sys.argv[1:]] or [100])
