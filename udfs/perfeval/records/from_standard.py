"""A published scoring standard as its document prints it: the 三级指标 of its tables, with 分值, 指标说明 and 评分标准."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from html import unescape

from perfeval.arithmetic import Scaled
from perfeval.errors import FormProblem, Place
from perfeval.forms.grid import Book, Grid
from perfeval.quantities import plain, points

_LEVELS = ("一级指标", "二级指标", "三级指标")
_THIRD = (_LEVELS[2], "具体指标", "指标名称", "评价指标", "考核指标")  # a table of two levels names its leaves so
_RULE = re.compile(r"(?:评分|计分|评价|打分|得分|扣分)(?:及|的)?(?:标准|规则|方法|办法|细则|依据)")
_EXPLANATION = re.compile(r"(?:指标)?(?:说明|解释|含义|释义)|评价要点")
_WEIGHT = re.compile(r"分值|权重|标准分|满分")
_POINTED = re.compile(r"\(?[(（](\d{1,3}(?:\.\d{1,2})?)分?[)）]$")
_HEADED = re.compile(r"[(（](?:分值|权重|满分|分)[)）]$")
_END = re.compile(r"(?:合计|总分|总计|综合评分|备注|附注|注[:：])")
_SUM = re.compile(r"小计|合计|总计")
_MOST = 500  # leaves


@dataclass(frozen=True, slots=True)
class PrintedLeaf:
    """A 三级指标 as it is printed; ``weight`` is None where no number of points stands there. ``place`` is for people."""

    path: tuple[str, str, str]
    weight: Scaled | None
    rule: str
    explanation: str
    place: str


def read_printed(book: Book, file: str) -> list[PrintedLeaf]:
    """The leaves of every table with 三级指标 and 评分标准, in order. Raises FormProblem where there is none, or too many."""
    leaves: list[PrintedLeaf] = []
    above = ["", ""]  # 一级 and 二级指标, which a table on the next page may go on with
    before: tuple[_Header, int] | None = None
    for sheet in book.sheets:
        grid = book.grid(sheet)
        header = _header(grid)
        if header is None and before and grid.right == before[1] and _goes_on(grid, before[0]):
            header = replace(before[0], bottom=0)
        if header is not None:
            before = header, grid.right
            _read_table(grid, header, leaves, above)
    if not leaves:
        told = "没有找到指标体系：要有“三级指标”和“评分标准”两栏的表（名称相近的也可以）"
        raise FormProblem(told, Place(file=file))
    if len(leaves) > _MOST:
        raise FormProblem(f"有 {len(leaves)} 个三级指标，超过 {_MOST} 个，不像一个标准", Place(file=file))
    return leaves


@dataclass(frozen=True, slots=True)
class _Header:
    bottom: int
    levels: tuple[int, int, int]
    rule: int
    weight: int | None
    explanation: int | None
    weighs_second: bool  # the points stand beside the 二级指标


def _goes_on(grid: Grid, header: _Header) -> bool:
    """Whether a table without a header has points where the one before it has them, and rules."""
    return header.weight is not None and any(
        points(_text(grid, row, header.weight)) is not None and _text(grid, row, header.rule)
        for row in range(1, grid.bottom + 1)
    )


def _read_table(grid: Grid, header: _Header, leaves: list[PrintedLeaf], above: list[str]) -> None:
    """Adds the leaves of a table; a row without a name goes on with the last of them."""
    before = len(leaves)
    for row in range(header.bottom + 1, grid.bottom + 1):
        labels = [_text(grid, row, column) for column in header.levels]
        first = next(filter(None, map(_name, labels)), "")
        if _SUM.match(first) and (first.startswith("小计") or len(leaves) == before):
            continue  # of one group, or of all above the first
        if _END.match(first):
            break
        if _HEADED.sub("", _name(labels[2])) in _THIRD:
            continue  # the header, printed again on a further page
        for level in (0, 1):
            if _name(labels[level]):
                above[level] = _name(labels[level])
        rule = _own_text(grid, row, header.rule)
        explanation = _own_text(grid, row, header.explanation) if header.explanation else ""
        goes_on = grid.anchor_of((row, header.levels[2])).row < row
        if goes_on or not _name(labels[2]):
            if leaves and (rule or explanation):  # a name over several rows, or a row over a page
                last = leaves[-1]
                leaves[-1] = replace(
                    last,
                    rule=f"{last.rule}\n{rule}".strip(),
                    explanation=f"{last.explanation}\n{explanation}".strip(),
                )
            continue
        name = _name(labels[2])
        path = (above[0] or name, above[1] or name, name)
        weight = _weight(grid, row, header, labels[2])
        leaves.append(PrintedLeaf(path, weight, rule, explanation, f"{grid.name} 第 {row} 行"))
    if header.weighs_second:
        shared = Counter(leaf.path[:2] for leaf in leaves[before:])
        leaves[before:] = [
            replace(leaf, weight=None) if shared[leaf.path[:2]] > 1 else leaf for leaf in leaves[before:]
        ]


def _header(grid: Grid) -> _Header | None:
    """The header that names 三级指标 and 评分标准 within three rows."""
    for row in range(1, min(grid.bottom, 200) + 1):
        names = {
            column: _HEADED.sub("", _name(_text(grid, row, column))) for column in range(1, min(grid.right, 60) + 1)
        }
        third_name = next((name for name in _THIRD if name in names.values()), "")
        if not third_name or (third_name != _LEVELS[2] and _LEVELS[0] not in names.values()):
            continue
        rows = [one for one in (row - 1, row, row + 1) if 1 <= one <= grid.bottom and _is_header(grid, one)]
        labels = {column: "".join(_name(_text(grid, one, column)) for one in rows) for column in names}
        rule = next((column for column, label in labels.items() if _RULE.search(label)), None)
        if rule is None:
            continue
        searched = (*_LEVELS[:2], third_name)
        levels = [next((column for column, name in names.items() if name == level), 0) for level in searched]
        third = levels[2]
        weights = [
            column for column, label in labels.items() if column > third and _WEIGHT.search(label) and column != rule
        ]
        explanation = next((c for c, label in labels.items() if c != rule and _EXPLANATION.search(label)), None)
        first, second = levels[0] or third, levels[1] or third
        beside_second = [
            column for column, label in labels.items() if second < column < third and _WEIGHT.fullmatch(label)
        ]
        weight = next(iter((*weights[-1:], *beside_second)), None)
        weighs_second = not weights and bool(beside_second)
        return _Header(max(rows), (first, second, third), rule, weight, explanation, weighs_second)
    return None


def _is_header(grid: Grid, row: int) -> bool:
    """Whether a row is of the header: it names levels, 名称 and 分值, or the columns beside them."""
    texts = [_HEADED.sub("", _name(_text(grid, row, column))) for column in range(1, min(grid.right, 60) + 1)]
    known = [
        text
        for text in texts
        if text in (*_LEVELS, *_THIRD) or text == "名称" or _WEIGHT.fullmatch(text.removeprefix("参考"))
    ]
    return len(known) >= 2 or any(
        len(text) < 10 and (_RULE.search(text) or _EXPLANATION.fullmatch(text)) for text in texts
    )


def _text(grid: Grid, row: int, column: int) -> str:
    """What a person sees in a cell."""
    value = grid.shown((row, column)).value
    if isinstance(value, float):
        return str(points(value))
    return "" if value is None else unescape(_TAG.sub("\n", str(value))).strip()


_TAG = re.compile(r"</?(?:p|br)\s*/?>")  # of a cell that a Markdown file writes in HTML


def _own_text(grid: Grid, row: int, column: int) -> str:
    """What begins in a cell; "" within a merged area that began above."""
    return _text(grid, row, column) if grid.anchor_of((row, column)).row == row else ""


def _name(text: str) -> str:
    """A label without blanks and the points in it: 在职人员 控制率（2分）."""
    return _POINTED.sub("", re.sub(r"\s", "", text)).strip()


def _weight(grid: Grid, row: int, header: _Header, label: str) -> Scaled | None:
    match = _POINTED.search(plain(re.sub(r"\s", "", label)))
    if match and header.weighs_second:
        return points(match[1])
    if header.weight is not None and (stated := points(_text(grid, row, header.weight))) is not None:
        return stated
    return points(match[1]) if match else None
