"""PE_ formulas that point into another file: of a sheet that was copied from there, or of an add-in that other computers may lack."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from perfeval.books.file import FileBook
from perfeval.books.macros import ADDIN_NAME
from perfeval.checks.context import Context
from perfeval.errors import CellError
from perfeval.findings import Finding, Level, declare
from perfeval.forms.grid import Address, Grid
from perfeval.functions import FUNCTIONS

POINTS_ELSEWHERE = declare(
    "R48",
    Level.WARNING,
    "PE_ 公式指向别的文件",
    "在装有 PerfEval 的 Excel 里打开，按“重新计算”，公式就改由这里计算；报送前按“报送”，把公式换成值",
    "{count} 个 PE_ 公式指向“{file}”（{cells}）：没有那个文件的电脑算不出",
)
_OF_ADDIN = POINTS_ELSEWHERE.says(
    "{count} 个 PE_ 公式由加载宏“{file}”计算（{cells}）：没有装 PerfEval 的电脑算不出，显示的是保存时的值"
)

_MOST_NAMED = 3
# A text; or a function with a file's name before it: [1]!PE_X(, A.xlsm!PE_X(, 'C:\a folder\A.xlsm'!PE_X(
_CALL = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")|(?P<file>'(?:[^']|''){1,500}'|[^\s=+\-*/^&<>(),;{}"'@:%!]{1,250})!(?P<name>PE_\w{1,60})\(""",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\[(\d{1,4})\]")


def check(context: Context) -> Iterator[Finding]:
    """One finding for a sheet and a file that its formulas point into, at the first of them."""
    linked = context.book.linked_files if isinstance(context.book, FileBook) else ()
    sheets = [] if context.book in context.documents else context.book.user_sheets
    for grid in map(context.book.grid, sheets):
        pointing: dict[str, list[Address]] = defaultdict(list)
        for place, cell in sorted(grid.cells.items()):
            if cell.formula is not None and "!PE_" in cell.formula.upper():
                for file in dict.fromkeys(_files(cell.formula, linked)):
                    pointing[file].append(place)
        for file, places in pointing.items():
            yield _found(grid, file, places)


def _found(grid: Grid, file: str, places: list[Address]) -> Finding:
    cells = "、".join(map(str, places[:_MOST_NAMED])) + (" 等" if len(places) > _MOST_NAMED else "")
    is_addin = file.casefold() == ADDIN_NAME.casefold()
    kind = _OF_ADDIN if is_addin else POINTS_ELSEWHERE
    finding = kind.of(count=len(places), file=file, cells=cells).at(grid.name, str(places[0]))
    is_lost = any(isinstance(grid[place].value, CellError) for place in places)
    return replace(finding, level=Level.NOTE) if is_addin and not is_lost else finding


def _files(formula: str, linked: tuple[str, ...]) -> Iterator[str]:
    """The names of the files from which a formula takes functions of ours."""
    for call in _CALL.finditer(formula):
        if call["name"] and call["name"].upper() in FUNCTIONS:
            yield _named(call["file"], linked)


def _named(written: str, linked: tuple[str, ...]) -> str:
    """The file's own name, of [1] by the workbook's list; as it is written where that does not tell."""
    bare = written[1:-1].replace("''", "'") if written.startswith("'") else written
    numbered = _NUMBERED.fullmatch(bare)
    if numbered:
        number = int(numbered[1]) - 1
        return (linked[number] if 0 <= number < len(linked) else "") or bare
    return bare.replace("\\", "/").rpartition("/")[2].strip("[]") or bare
