"""Reads the indicator rows under a header, and the row of the total."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TypeGuard

from perfeval.arithmetic import exact
from perfeval.forms import labels
from perfeval.forms.grid import Address, Area, Value
from perfeval.forms.grid_text import Page
from perfeval.forms.headers import Header
from perfeval.forms.model import ABSENT, Entry, IndicatorRow
from perfeval.quantities import plain, points

_BLANK_ROWS = 8  # so many empty rows end a block that has no total row
_BOTH_LEVELS = re.compile(r"(.*?指标)\W*(.+指标)")  # 产出指标-数量指标 in one cell
_NO_UNIT = frozenset({"无", "/", "—", "-", ""})


@dataclass(slots=True)
class Block:
    """What was read under a header: ``last`` is the block's last row."""

    last: int
    rows: list[IndicatorRow] = field(default_factory=list)
    level_points: dict[str, Entry] = field(default_factory=dict)
    total_weight: Entry = ABSENT
    total_score: Entry = ABSENT
    problems: list[str] = field(default_factory=list)


def read_block(page: Page, header: Header, repeated: dict[int, Header]) -> Block:
    """The rows down to the total, the next form, or many empty rows. ``repeated`` are further headers by their row."""
    block = Block(header.bottom)
    level1 = level2 = ""
    row = header.bottom
    while (row := row + 1) <= page.bottom and row - block.last <= _BLANK_ROWS:
        again = repeated.get(row)
        if again is not None:  # the header once more, on the next printed page
            header, row, block.last = again, again.bottom, again.bottom
            continue
        texts = page.texts(row, header.left, header.right)
        if texts and (labels.header(texts[0][1]) == "name" or any(labels.is_footer(text) for _, text in texts)):
            break
        if any(labels.is_total(text) for _, text in texts):
            block.last = row
            block.total_weight, block.total_score = _total(page, header, row)
            return block
        if any(labels.is_subtotal(text) for _, text in texts) or (texts and labels.is_note(texts[0][1])):
            block.last = row
            continue
        section = _section(page, header, row)
        if section is not None:
            block.last = row
            if "指标" in section and len(section) < _LONGEST_SECTION:
                level1, level2 = _named(section), ""
                _keep_points(
                    block, level1, Entry(section, Address(row, page.filled(row, header.left, header.right)[0]))
                )
            continue
        first, second = (page.entry(row, header.columns.get(level)) for level in ("level1", "level2"))
        if first.text:
            both = _BOTH_LEVELS.fullmatch(_named(first.text)) if "level2" not in header.columns else None
            named = both[1] if both else _named(first.text)
            level2 = both[2] if both else level2 if named == level1 else ""
            level1 = named
            _keep_points(block, level1, first)
        if second.text and second.cell != first.cell:
            level2 = _named(second.text)
        read = _row(page, header, row, level1, level2)
        if read is not None:
            block.rows.append(read)
            if row in page.grid.hidden_rows and not read.is_placeholder:
                block.problems.append(f"第 {row} 行是隐藏行，其中的指标“{read.name.text}”也计入")
        if page.filled(row, header.left, header.right):
            block.last = row
    return block


_LONGEST_SECTION = 20


def _section(page: Page, header: Header, row: int) -> str | None:
    """The text of a row that is one cell from a level column to the scores: 一、产出指标（50分）, or a note."""
    for area, text in page.texts(row, header.left, header.right):
        if area.left <= header.columns["target"] and area.right >= max(
            header.columns["actual"], header.columns.get("weight", 0)
        ):
            return text
    return None


def _named(text: str) -> str:
    return re.sub(r"^[一二三四五六][、.]", "", re.sub(r"\s+", "", labels.key(text)))


def _keep_points(block: Block, level1: str, label: Entry) -> None:
    found = labels.points_in(label.text)
    if found:
        block.level_points[level1] = Entry(found, label.cell)


def _total(page: Page, header: Header, row: int) -> tuple[Entry, Entry]:
    """The total's weight and score: in their columns, or the numbers behind the label."""
    label = next(area for area, text in page.texts(row, header.left, header.right) if labels.is_total(text))
    weight, score = (_number(page, label, row, header.columns.get(concept)) for concept in ("weight", "score"))
    if weight.cell == score.cell:
        weight = ABSENT
    if not weight.text and not score.text:
        behind = [page.entry(row, column) for column in page.filled(row, label.right + 1, header.right)]
        numbers = [entry for entry in behind if points(entry.value) is not None]
        if len(numbers) == 2:
            return numbers[0], numbers[1]
        if len(numbers) == 1:
            return weight, numbers[0]
    return weight, score


def _number(page: Page, label: Area, row: int, column: int | None) -> Entry:
    """A cell of the total's row; absent where the label itself covers it."""
    return ABSENT if column is None or (row, column) in label else page.entry(row, column)


def _row(page: Page, header: Header, row: int, level1: str, level2: str) -> IndicatorRow | None:
    columns = header.columns
    name = page.entry(row, columns.get("level3") or columns.get("level2") or columns.get("level1"))
    entries = {concept: page.entry(row, columns.get(concept)) for concept in ("target", "actual", "weight", "score")}
    own = [name, *entries.values()]
    if not any(entry.text for entry in own) or all(entry.cell is None or entry.cell.row < row for entry in own):
        return None  # an empty row, or the lower part of rows merged throughout
    if "weight" not in columns:
        entries["weight"] = _weight_in_label(page, header, row)
    adjusted = page.entry(row, columns.get("adjusted"))
    if adjusted.text:
        entries["target"] = adjusted
    parts = None
    if "operator" in columns or "measure" in columns:
        sign, unit = (page.entry(row, columns.get(concept)) for concept in ("operator", "measure"))
        parts = (sign, entries["target"], unit)
        entries["target"] = replace(entries["target"], value=_joined(*parts))
        entries["actual"] = replace(entries["actual"], value=_with_unit(entries["actual"].value, unit.text))
    if name.cell is not None and name.cell == page.entry(row, columns.get("level1")).cell and "level3" in columns:
        name = Entry("", None)
    return IndicatorRow(
        row, level1, level2, name, **entries, reason=page.entry(row, columns.get("reason")), target_parts=parts
    )


def _weight_in_label(page: Page, header: Header, row: int) -> Entry:
    """The points that a label of this row alone carries, on a form without a 分值 column: 数量指标（20分）."""
    for level in ("level3", "level2", "level1"):
        column = header.columns.get(level)
        if column is not None and page.grid.area_of((row, column)).bottom == row:
            entry = page.entry(row, column)
            found = labels.points_in(entry.text) if entry.cell and entry.cell.row == row else None
            if found:
                return Entry(found)
    return ABSENT


def _joined(operator: Entry, number: Entry, measure: Entry) -> Value:
    """≥ | 95 | % → ``≥95%``. A qualitative value stands alone, as do texts that already carry their sign or unit."""
    if not number.text:
        return None
    text = str(exact(number.value)) if _is_number(number.value) else number.text
    if not isinstance(number.value, str | int | float):
        return number.value
    if not re.fullmatch(r"[-+]?[\d,.]+(?:\s*(?:[-~]+|至)\s*[\d,.]+)?", plain(text)):
        return text
    sign = operator.text if re.fullmatch(r"[<>=≥≤]{1,2}", plain(operator.text)) else ""
    return f"{sign}{text}{_unit(measure.text)}"


def _with_unit(value: Value, unit: str) -> Value:
    """A bare number beside the row's own 计量单位 column is in that unit."""
    text = str(exact(value)) if _is_number(value) else value
    if isinstance(text, str) and _unit(unit) and re.fullmatch(r"[-+]?[\d,.]+", plain(text)):
        return f"{text.strip()}{unit}"
    return value


def _unit(text: str) -> str:
    return "" if text in _NO_UNIT else text


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
