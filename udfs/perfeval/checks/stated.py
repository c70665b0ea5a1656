"""The standards and 口径 that a workbook of ours names: whether this desk has them, in the version that the workbook carries."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from perfeval.checks.context import Context
from perfeval.errors import PerfEvalError
from perfeval.findings import Finding, Level, declare
from perfeval.forms.grid import address
from perfeval.records import names
from perfeval.records.reading import read_basics
from perfeval.standards import convention, detailed_standard

UNUSABLE_STANDARD = declare(
    "R47",
    Level.ERROR,
    "工作簿写的标准、版本或口径，这台电脑上没有",
    "改正这一格；自己的标准用 perfeval standards add 加入这台电脑",
    "{name}“{text}”：{why}",
)
_NAMED: tuple[tuple[str, Callable[[str], object]], ...] = (
    (names.CONVENTION, convention),
    (names.WHOLE_STANDARD, detailed_standard),
)


def check(context: Context) -> Iterator[Finding]:
    """A named standard that is not to be had: what the sheets show is then not its score."""
    if not context.is_ours:
        return
    basics = read_basics(context.book)
    for name, known in _NAMED:
        text, place = basics.get(name, ""), context.book.names.get(name, "")
        if not text or "!" not in place:
            continue
        try:
            known(text)
        except PerfEvalError as error:
            sheet, _, cell = place.lstrip("=").rpartition("!")
            said = UNUSABLE_STANDARD.of(name=name, text=text, why=error.reason)
            yield said.at(sheet.strip("'"), str(address(cell.replace("$", ""))), "", text, "基本信息")
