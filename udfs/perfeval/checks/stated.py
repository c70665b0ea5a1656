"""The standards, 口径 and points that a workbook of ours states: whether they can be used on this desk, in the version that the
workbook carries."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from perfeval.checks.context import Context
from perfeval.conventions import OPTION
from perfeval.errors import CellError, PerfEvalError
from perfeval.findings import Finding, Level, declare
from perfeval.forms import labels
from perfeval.forms.grid import Address, address
from perfeval.records import names
from perfeval.records.choices import choices, group_points, own_points
from perfeval.records.reading import read_basics
from perfeval.standards import convention, detailed_standard

UNUSABLE_STANDARD = declare(
    "R47",
    Level.ERROR,
    "工作簿写的标准、版本、口径或分值不能用",
    "改正这一格；自己的标准用 perfeval standards add 加入这台电脑",
    "{name}“{text}”：{why}",
)
_NAMED: tuple[tuple[str, Callable[[str], object]], ...] = (
    (names.CONVENTION, convention),
    (names.WHOLE_STANDARD, detailed_standard),
)
_TITLES = {labels.key(option.title): option for option in OPTION.values()}


def check(context: Context) -> Iterator[Finding]:
    """A standard or 口径 that cannot be used, at the cell that is wrong: what the sheets show is then not its score. Points that are
    none."""
    if not context.is_ours:
        return
    for name, _, why in _unusable(context):
        is_made = name == names.CONVENTION and context.book.grid(names.BASICS)[_cell(context, name)].formula is not None
        wrong = list(_choices(context)) if is_made else []
        yield from wrong or [_found(context, name, why)]
    for name, entry in own_points(context.book).items():
        if group_points(entry) is None:
            said = UNUSABLE_STANDARD.of(name=f"{name}的分值", text=entry.text, why="应是 0 到 100 之间的数")
            yield said.at(names.OPTIONS, str(entry.cell), "", entry.text)


def follows(context: Context, finding: Finding) -> bool:
    """Whether a finding only says that a formula has no value, in a workbook whose standard or 口径 cannot be used."""
    if not finding.cell or finding.sheet not in context.book.sheets or not any(_unusable(context)):
        return False
    cell = context.book.grid(finding.sheet)[address(finding.cell)]
    return cell.formula is not None and (cell.value in (None, "") or isinstance(cell.value, CellError))


def _unusable(context: Context) -> Iterator[tuple[str, str, str]]:
    """The names whose texts cannot be used, with the text and why."""
    basics = read_basics(context.book) if context.is_ours else {}
    for name, known in _NAMED:
        text = basics.get(name, "")
        if not text or "!" not in context.book.names.get(name, ""):
            continue
        try:
            known(text)
        except PerfEvalError as error:
            yield name, text, error.reason


def _choices(context: Context) -> Iterator[Finding]:
    """What is wrong of what the 口径 is made of: the standard's name, or choices."""
    standard = read_basics(context.book).get(names.STANDARD, "")
    try:
        convention(standard)
    except PerfEvalError as error:
        yield _found(context, names.STANDARD, error.reason)
    for title, entry in choices(context.book).items():
        try:
            if entry.text and title in _TITLES:
                _TITLES[title].read(entry.text)
        except PerfEvalError as error:
            said = UNUSABLE_STANDARD.of(name=names.OPTIONS, text=entry.text, why=error.reason)
            yield said.at(names.OPTIONS, str(entry.cell), "", entry.text)


def _found(context: Context, name: str, why: str) -> Finding:
    text = read_basics(context.book).get(name, "")
    said = UNUSABLE_STANDARD.of(name=name, text=text, why=why)
    return said.at(names.BASICS, str(_cell(context, name)), "", text, names.BASICS)


def _cell(context: Context, name: str) -> Address:
    """The cell of 基本信息 that has a name."""
    return address(context.book.names[name].rpartition("!")[2].replace("$", ""))
