"""How often a recalculation of many projects asks Python, in the interpreter, and whether every value is as before.

python tests/support/gathering.py 100 400       two to ten minutes
"""

from __future__ import annotations

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
    """A filled workbook of as many projects, the published ones again and again."""
    published = next(iter(demo_data.bodies().values()))

    def numbered(number: int) -> Any:
        project = published.projects[number % len(published.projects)]
        return replace(project, code=f"P{number:03d}", name=f"{project.name}{number:03d}")

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
            if different:
                print(*((place, before[place], after[place]) for place in different[:5]), sep="\n")


if __name__ == "__main__":
    main([int(count) for count in sys.argv[1:]] or [100])
