"""Reads rows of 一级、二级、三级指标 under any header: those of a target table, of a 评分表, of a whole body's 自评表.

Headers of one to three rows, repeated on every printed page; levels merged, repeated or only in their first row; points
in columns of their own, under each level, or in the labels: 绩效目标合理性（6分）.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from perfeval.forms import labels
from perfeval.forms.grid import MAX_COLUMN, Area
from perfeval.forms.grid_text import Page
from perfeval.forms.model import ABSENT, Entry, is_placeholder
from perfeval.quantities import plain, points

_OWN = {"目标内容": "level1", "目标值来源": "source"}
_POINTS = re.compile(r"[(](\d+(?:\.\d+)?)分?[)]")
_TOTALS = labels.TOTALS | {"综合评分"}
_GRADES = frozenset({"评分等级", "评价等级", "等级", "自评等级", "绩效等级"})
_LEVELS = ("level1", "level2", "level3")
_TALL = 3  # a header cell over more rows is a label down the block's side


@dataclass(frozen=True, slots=True)
class LevelRow:
    """An indicator. ``weight`` holds what the form prints, also where its points stand in the label."""

    row: int
    level1: str
    level2: str
    name: Entry
    target: Entry = ABSENT
    actual: Entry = ABSENT
    weight: Entry = ABSENT
    score: Entry = ABSENT
    rule: Entry = ABSENT
    source: Entry = ABSENT

    @property
    def is_placeholder(self) -> bool:
        """A row the form only offers: 指标1："""
        return is_placeholder(self.name.text) and not self.target.text and not self.actual.text


@dataclass(slots=True)
class LevelBlock:
    """The rows under one header. ``points`` are those printed for a level: by (一级, "") and by (一级, 二级)."""

    area: Area
    rows: list[LevelRow] = field(default_factory=list)
    points: dict[tuple[str, str], Entry] = field(default_factory=dict)
    total_weight: Entry = ABSENT
    total_score: Entry = ABSENT
    grade: Entry = ABSENT


@dataclass(frozen=True, slots=True)
class _Header:
    top: int
    bottom: int
    columns: dict[str, int]

    @property
    def right(self) -> int:
        return max(self.columns.values())


def levels_begin(page: Page, area: Area) -> int | None:
    """The row in which the first block of indicator rows in a region begins; None where there is none."""
    header = _first_header(page, _filled(page, area))
    return header.top if header else None


def read_levels(page: Page, area: Area) -> LevelBlock | None:
    """The first block of indicator rows in a region's rows; None where no header of one stands there."""
    rows = _filled(page, area)
    header = _first_header(page, rows)
    if header is None:
        return None
    left = min(header.columns.values())
    block = LevelBlock(Area(header.top, left, header.bottom, header.right))
    level1 = level2 = ""
    for row in rows:
        if row <= header.bottom:
            continue
        again = _header_from(page, row)
        if again is not None:
            header = again
            continue
        texts = [text for _, text in page.texts(row, 1, MAX_COLUMN)]
        if texts and labels.is_footer(texts[0]):
            break
        if not page.filled(row, left, header.right):
            continue
        block.area = Area(block.area.top, left, row, max(block.area.right, header.right))
        if _reads_total(page, header, row, block):
            continue
        first, second = (page.entry(row, header.columns.get(level)) for level in ("level1", "level2"))
        if first.text:
            named = _named(first.text)
            level2 = level2 if named == level1 else ""
            level1 = named
            _keep_points(page, header, row, block, (level1, ""), first, "weight1")
        if second.text and second.cell != first.cell:
            level2 = _named(second.text)
            _keep_points(page, header, row, block, (level1, level2), second, "weight2")
        found = _row(page, header, row, level1, level2)
        if found is not None:
            block.rows.append(found)
    return block


def _filled(page: Page, area: Area) -> list[int]:
    return [row for row in range(area.top, area.bottom + 1) if page.filled(row, 1, MAX_COLUMN)]


def _first_header(page: Page, rows: list[int]) -> _Header | None:
    return next((found for row in rows if (found := _header(page, row))), None)


def _header_from(page: Page, row: int) -> _Header | None:
    """The header that begins in a row (its level names may stand a row below)."""
    return next((found for below in (row, row + 1) if (found := _header(page, below)) and found.top == row), None)


def _header(page: Page, row: int) -> _Header | None:
    """The header whose level names stand in a row."""
    named = {
        concept: area
        for area, text in page.texts(row, 1, MAX_COLUMN)
        if area.bottom - area.top < _TALL and (concept := _concept(text))
    }
    levels = [named[level] for level in (*_LEVELS, "indicator") if level in named]
    if len(levels) < 2:
        return None
    top, bottom = row, max(area.bottom for area in levels)
    over = page.grid.area_of((row - 1, levels[0].left))
    if over.right > levels[0].right and labels.key(page.entry(over.top, over.left).text).endswith("指标"):
        top = over.top
    if any(area.right > area.left and page.entry(bottom + 1, area.left).text == "名称" for area in levels):
        bottom += 1
    columns: dict[str, int] = {}
    for column in sorted({area.left for line in range(top, bottom + 1) for area, _ in page.texts(line, 1, MAX_COLUMN)}):
        path = [page.entry(place, column) for place in range(top, bottom + 1)]
        if any(entry.cell and page.grid.area_of(entry.cell).bottom > bottom for entry in path):
            continue  # a label down the block's side
        concept = _column(path)
        if concept == "weight" and "weight" in columns:
            concept = "score"  # 分值 | … | 分数
        if concept:
            columns.setdefault(concept, column)
    columns = {"level3" if concept == "indicator" else concept: column for concept, column in columns.items()}
    if not columns.keys() & {"target", "actual", "weight", "score"}:
        return None
    return _Header(top, bottom, columns)


def _concept(text: str) -> str | None:
    words = labels.key(text)
    return _OWN.get(words) or labels.column(text) or ("rule" if words.endswith("标准") else None)


def _column(path: list[Entry]) -> str | None:
    """What a column holds, by its header texts from top to bottom: 三级指标 / 参考分值 are the points of a leaf."""
    found = [concept for entry in path if (concept := _concept(entry.text))]
    level = next((concept for concept in reversed(found) if concept in _LEVELS), None)
    last = found[-1] if found else None
    if level and last == "weight":
        return {"level1": "weight1", "level2": "weight2", "level3": "weight"}[level]
    return level or last


def _named(text: str) -> str:
    """A level's name, without blanks, points and numbering."""
    return re.sub(r"^[一二三四五六][、.]", "", re.sub(r"\s+", "", labels.key(text)))


def _keep_points(
    page: Page, header: _Header, row: int, block: LevelBlock, place: tuple[str, str], label: Entry, column: str
) -> None:
    printed = page.entry(row, header.columns.get(column))
    entry = printed if printed.text else _points_in(label)
    if entry.text:
        block.points.setdefault(place, entry)


def _points_in(label: Entry) -> Entry:
    """The points that a label carries: 绩效目标合理性（6分） → 6, in the label's cell."""
    match = _POINTS.search(re.sub(r"\s+", "", plain(label.text)))
    return Entry(match[1], label.cell) if match else ABSENT


def _row(page: Page, header: _Header, row: int, level1: str, level2: str) -> LevelRow | None:
    """The indicator of a row; None for an empty one, and for the rest of a longer text above."""
    name = page.entry(row, header.columns.get("level3"))
    names = (concept for concept in ("target", "actual", "weight", "score", "rule", "source"))
    cells = {concept: page.entry(row, header.columns.get(concept)) for concept in names}
    if name.cell is None or name.cell.row != row or not name.text:
        return None
    if not cells["weight"].text and (in_label := _points_in(name)).text:
        cells["weight"] = in_label
    return LevelRow(row, level1, level2, name, **cells)


def _reads_total(page: Page, header: _Header, row: int, block: LevelBlock) -> bool:
    """Whether a row is that of the total or of the grade; either may follow the other."""
    filled = [page.entry(row, column) for column in page.filled(row, 1, MAX_COLUMN)]
    label, values = labels.key(filled[0].text), filled[1:]
    if label in _GRADES:
        block.grade = values[0] if values else page.entry(row, header.columns.get("score"))
        return True
    unlabelled = len(filled) == 1 and filled[0] == page.entry(row, header.columns.get("score"))
    if not unlabelled and label not in _TOTALS:
        return False
    numbers = [entry for entry in (filled if unlabelled else values) if points(entry.value) is not None]
    block.total_score = numbers[-1] if numbers else page.entry(row, header.columns.get("score"))
    block.total_weight = numbers[0] if len(numbers) > 1 else ABSENT
    return True
