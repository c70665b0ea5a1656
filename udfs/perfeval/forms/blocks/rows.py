"""Reads the rows under a header: indicators, the points of their levels, totals, the grade and the reasons below."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeGuard

from perfeval.arithmetic import exact
from perfeval.forms import labels
from perfeval.forms.blocks.headers import Header
from perfeval.forms.grid import Address, Area, Value
from perfeval.forms.grid_text import Page
from perfeval.forms.model import ABSENT, Entry, IndicatorBlock, IndicatorRow, Subtotal
from perfeval.quantities import plain, points
from perfeval.targets import COMPARING_BEHIND, is_reverse, is_sign

_BLANK_ROWS = 8  # so many empty rows end a block
_LONGEST_SECTION = 20
_BOTH_LEVELS = re.compile(r"(.*?指标)\W*(.+指标)")  # 产出指标-数量指标 in one cell
_NUMBER = re.compile(r"[-+]?[\d,.]+")
_BARE_TARGET = re.compile(r"(?:[<>=≥≤]{1,2}\s*)?[-+]?[\d,.]+(?:\s*(?:[-~]+|至)\s*[\d,.]+)?")
_BEGINS_WITH_NUMBER = re.compile(r"[-+]?\d")
_OTHERS = ("reason", "rule", "source", "coefficient", "review", "last_year")
_NO_UNIT = labels.NOTHING | {""}


def read_block(
    page: Page, header: Header, repeated: Mapping[int, Header], title: str = "", last: int | None = None
) -> IndicatorBlock:
    """The rows down to the total, the next form, many empty rows, or the row ``last``.

    ``repeated`` are the page's further headers by their row, ``title`` is the form's: printed again it is a further page.
    """
    return _Reading(page, header, title).block(repeated, page.bottom if last is None else last)


class _Reading:
    """The reading of one block. After a total only what belongs under one is read, or rows that show it to be a subtotal."""

    def __init__(self, page: Page, header: Header, title: str) -> None:
        self.page = page
        self.header = header
        self.title = title
        self.level1, self.level2 = header.level1, ""
        self.last = header.bottom
        self.last_of_money = 0
        self.total: Subtotal | None = None
        self.read = IndicatorBlock(Area(0, 0, 0, 0), header.columns, whole=header.whole)

    def block(self, repeated: Mapping[int, Header], bottom: int) -> IndicatorBlock:
        """All rows of the block, none below ``bottom``."""
        top, row = self.header.top, self.header.bottom
        right = self.header.right
        while (row := row + 1) <= bottom and row - self.last <= _BLANK_ROWS:
            again = repeated.get(row)
            if again is not None:
                if self.total is not None or not self.header.is_continued_by(again):
                    break
                self.header, row, self.last = again, again.bottom, again.bottom
                right = max(right, again.right)
                continue
            if not self.page.filled(row, self.header.left, self.header.right) or self._is_page_title(row):
                continue  # it belongs to the block if rows of it follow
            if self._is_of_money(row):
                self.last = row
                continue
            if not self._row(row):
                break
        if self.total is not None:
            self.read.total_weight, self.read.total_score = self.total.weight, self.total.score
        self.read.area = Area(top, self.header.left, self.last, right)
        return self.read

    def _is_of_money(self, row: int) -> bool:
        """Whether a row belongs to the money of the form, printed among its indicators: its header, or a source under that."""
        texts = [text for _, text in self.page.texts(row, self.header.left, self.header.right)]
        if {"executed"} < {labels.funds(text) for text in texts} & {"executed", "budget", "initial"}:
            self.read.money = self.last_of_money = row
        elif self.read.money and row == self.last_of_money + 1 and any(map(labels.source, texts[:1])):
            self.last_of_money = row
        return self.last_of_money == row

    def _row(self, row: int) -> bool:
        """Reads a row that is not empty; False where the block has ended above it."""
        texts = self.page.texts(row, self.header.left, self.header.right)
        if texts and self._is_end(texts):
            return False
        words = [text for _, text in texts]
        if any(map(labels.is_grade, words[:1])):
            self.read.grade = self._behind(row, texts[0][0], "score")
        elif any(map(labels.is_reason, words[:1])) and not any(map(labels.is_total, words)):
            self.read.reasons = self._behind(row, texts[0][0], "reason")
        elif any(map(labels.is_total, words)) or self._is_bare_total(row):
            if self.total is not None and not any(map(labels.is_total, words)):
                return False
            self._keep_total()
            self.total = self._sum(row, texts)
            self._keep_sums_of_levels(row)
        elif words and (stated := self._stated_total(texts[0])) is not None:
            self._keep_total()
            self.total = stated
        elif words and labels.is_note(words[0]):
            return self._note(row)
        elif self.total is not None and not self._is_indicator(row):
            return False
        elif any(map(labels.is_subtotal, words)):
            self.read.subtotals.append(self._sum(row, texts))
        else:
            self._keep_total()
            self._indicator(row, texts)
        self.last = row
        return True

    def _note(self, row: int) -> bool:
        """A note among the rows is passed over; one under the total ends the block."""
        if self.total is not None:
            return False
        self.last = row
        return True

    def _is_end(self, texts: Sequence[tuple[Area, str]]) -> bool:
        first = texts[0][1]
        pair = labels.inline(first)
        label = pair[0] if pair else first
        if labels.header(label) == "name" or labels.key(label) in labels.BODY:
            return True  # another project or body is named
        if any(labels.is_footer(text) for _, text in texts):
            return True
        return len(texts) == 1 and self._is_other_title(first)

    def _is_page_title(self, row: int) -> bool:
        """Whether a row is the form's own title, printed again on a further page."""
        texts = self.page.texts(row, self.header.left, self.header.right)
        if len(texts) != 1 or self.total is not None:
            return False
        bare = re.sub(r"\s+", "", texts[0][1])
        return bool(bare) and (bare == self.title or (labels.is_title(bare) and labels.is_continued(bare)))

    def _is_other_title(self, text: str) -> bool:
        bare = re.sub(r"\s+", "", text)
        is_title = labels.is_title(bare) or labels.is_title(bare, "targets")
        return is_title and not labels.is_continued(bare) and (bare != self.title or self.total is not None)

    def _keep_total(self) -> None:
        """A total that rows follow was that of a part."""
        if self.total is not None:
            self.read.subtotals.append(self.total)
            self.total = None

    def _is_bare_total(self, row: int) -> bool:
        """Whether a row holds nothing but a number in the column of scores."""
        column = self.header.columns.get("score")
        if column is None or not self.read.rows:
            return False
        filled = self.page.filled(row, self.header.left, self.header.right)
        return list(filled) == [column] and points(self.page.entry(row, column).value) is not None

    def _is_indicator(self, row: int) -> bool:
        """Whether a row under a total is an indicator beyond doubt: a name of its own, and points or both values."""
        columns = self.header.columns
        name = self.page.entry(row, _name_column(columns))
        if name.cell is None or name.cell.row != row or not name.text or "level1" not in columns:
            return False
        weight, score = (points(self.page.entry(row, columns.get(concept)).value) for concept in ("weight", "score"))
        target, actual = (self.page.entry(row, columns.get(concept)) for concept in ("target", "actual"))
        has_values = bool(target.text and actual.text) and len({name.cell, target.cell, actual.cell}) == 3
        return has_values or (weight is not None and score is not None)

    def _behind(self, row: int, label: Area, concept: str) -> Entry:
        """What stands behind a label: the next cell that holds anything, or the concept's column."""
        filled = self.page.filled(row, label.right + 1, self.header.right)
        column = filled[0] if filled else self.header.columns.get(concept)
        if column is None or column <= label.right:
            column = label.right + 1
        return self.page.entry(row, column)

    def _sum(self, row: int, texts: Sequence[tuple[Area, str]]) -> Subtotal:
        """Weight and score of a total's row: in their columns, or the numbers behind the label."""
        sums = (area for area, text in texts if labels.is_total(text) or labels.is_subtotal(text))
        label = next(sums, None)
        if label is None:  # a number alone
            return Subtotal(ABSENT, ABSENT, self.page.entry(row, self.header.columns["score"]))
        named = self.page.entry(label.top, label.left)
        weight, score = (self._number(label, row, self.header.columns.get(key)) for key in ("weight", "score"))
        if weight.cell == score.cell:
            weight = ABSENT
        if not weight.text and not score.text:
            behind = [
                self.page.entry(row, column) for column in self.page.filled(row, label.right + 1, self.header.right)
            ]
            numbers = [entry for entry in behind if points(entry.value) is not None]
            if len(numbers) == 2:
                return Subtotal(named, numbers[0], numbers[1])
            if len(numbers) == 1:
                return Subtotal(named, weight, numbers[0])
        return Subtotal(named, weight, score)

    def _keep_sums_of_levels(self, row: int) -> None:
        """What the total's row prints under the points of levels and under a reviewer's scores."""
        columns = self.header.columns
        taken = (
            {entry.cell for entry in (self.total.label, self.total.weight, self.total.score)} if self.total else set()
        )
        for concept, level in (("weight1", "level1"), ("weight2", "level2"), ("review", "")):
            entry = self.page.entry(row, columns.get(concept))
            if entry.cell not in taken and points(entry.value) is not None:
                weight, score = (entry, ABSENT) if level else (ABSENT, entry)
                self.read.subtotals.append(Subtotal(ABSENT, weight, score, level))

    def _stated_total(self, first: tuple[Area, str]) -> Subtotal | None:
        """The total of a row that says it in words: 自评总分：98分  自评等级：优."""
        area, text = first
        place = Address(area.top, area.left)
        stated = next((value for label, value in labels.pairs(text) if labels.is_total(label)), None)
        if stated is None or points(stated) is None:
            return None
        return Subtotal(Entry(text, place), ABSENT, Entry(stated, place))

    def _number(self, label: Area, row: int, column: int | None) -> Entry:
        """A cell of the total's row; absent where the label itself covers it."""
        return ABSENT if column is None or (row, column) in label else self.page.entry(row, column)

    def _indicator(self, row: int, texts: Sequence[tuple[Area, str]]) -> None:
        """A row of its levels and values, or a heading over rows: 一、产出指标（50分）."""
        section = self._section(texts)
        if section is not None:
            is_level = "指标" in section or labels.points_in(section, of_level=True) is not None
            if is_level and len(section) < _LONGEST_SECTION:
                self.level1, self.level2 = labels.named(section), ""
                place = Address(row, self.page.filled(row, self.header.left, self.header.right)[0])
                self._keep_points((self.level1, ""), Entry(section, place), row, "")
            return
        self._levels(row)
        indicator = self._read_row(row)
        if indicator is None:
            return
        self.read.rows.append(indicator)
        if row in self.page.grid.hidden_rows and not indicator.is_placeholder:
            self.read.problems.append(f"第 {row} 行是隐藏行，其中的指标“{indicator.name.text}”也计入")

    def _section(self, texts: Sequence[tuple[Area, str]]) -> str | None:
        """The text that is one cell from a level column to the scores: a heading, or a note."""
        places = [
            column for concept, column in self.header.columns.items() if concept in {"target", "actual", "weight"}
        ]
        first, last = min(places, default=0), max(places, default=0)
        return next((text for area, text in texts if area.left < first and area.right >= last), None)

    def _levels(self, row: int) -> None:
        """The levels that a row begins, and their points."""
        columns = self.header.columns
        first, second = (self.page.entry(row, columns.get(level)) for level in ("level1", "level2"))
        if first.text:
            both = _BOTH_LEVELS.fullmatch(labels.named(first.text)) if "level2" not in columns else None
            level1 = both[1] if both else labels.named(first.text)
            self.level2 = both[2] if both else self.level2 if level1 == self.level1 else ""
            self.level1 = level1
            self._keep_points((level1, ""), first, row, "weight1")
        if second.text and second.cell != first.cell:
            self.level2 = labels.named(second.text)
            self._keep_points((self.level1, self.level2), second, row, "weight2")

    def _keep_points(self, place: tuple[str, str], label: Entry, row: int, column: str) -> None:
        """The points of a level: in a column of their own, or in the label."""
        printed = self.page.entry(row, self.header.columns.get(column))
        in_label = labels.points_in(label.text, of_level=True, bare=self._has_points_alone)
        entry = printed if printed.text else Entry(in_label, label.cell) if in_label else ABSENT
        if entry.text:
            self.read.points.setdefault(place, entry)

    @property
    def _has_points_alone(self) -> bool:
        """Whether the block prints points but no values: 评分表, framework."""
        return "target" not in self.header.columns and "actual" not in self.header.columns

    def _read_row(self, row: int) -> IndicatorRow | None:
        """The indicator of a row; None for an empty row, and for the lower part of rows that are merged throughout."""
        columns = self.header.columns
        name = self.page.entry(row, _name_column(columns))
        values = {
            concept: self.page.entry(row, columns.get(concept)) for concept in ("target", "actual", "weight", "score")
        }
        own = [name, *values.values()]
        if not any(entry.text for entry in own) or all(entry.cell is None or entry.cell.row < row for entry in own):
            return None
        if not values["weight"].text and (in_label := self._weight_in_label(row, name)).text:
            values["weight"] = in_label
        adjusted = self.page.entry(row, columns.get("adjusted"))
        if adjusted.text:
            values["target"] = adjusted
        parts = None
        if "operator" in columns or "measure" in columns:
            sign, unit = (self.page.entry(row, columns.get(concept)) for concept in ("operator", "measure"))
            parts = (sign, values["target"], unit)
            values["target"] = replace(values["target"], value=_joined(*parts))
            values["actual"] = replace(values["actual"], value=_with_unit(values["actual"].value, unit.text))
        if (
            name.cell is not None
            and "level3" in columns
            and name.cell == self.page.entry(row, columns.get("level1")).cell
            and not labels.is_execution(name.text)
        ):
            name = ABSENT
        others = {concept: self.page.entry(row, columns.get(concept)) for concept in _OTHERS}
        return IndicatorRow(row, self.level1, self.level2, name, **values, **others, target_parts=parts)

    def _weight_in_label(self, row: int, name: Entry) -> Entry:
        """The points that a label of this row alone carries: 数量指标（20分）, 绩效目标合理性（6分）."""
        columns = self.header.columns
        if self._has_points_alone:
            printed = labels.points_in(name.text, bare=True) if name.cell and name.cell.row == row else None
            return Entry(printed, name.cell) if printed else ABSENT
        if "weight" in columns:
            return ABSENT
        for level in ("level3", "level2", "level1"):
            column = columns.get(level)
            if column is None or self.page.grid.area_of((row, column)).bottom != row:
                continue
            entry = self.page.entry(row, column)
            printed = labels.points_in(entry.text) if entry.cell and entry.cell.row == row else None
            if printed:
                return Entry(printed)
        return ABSENT


def _name_column(columns: Mapping[str, int]) -> int | None:
    return columns.get("level3") or columns.get("level2") or columns.get("level1")


def _joined(operator: Entry, number: Entry, measure: Entry) -> Value:
    """≥ | 95 | % → ``≥95%``, 反向 | 5 | % → ``≤5%``. A qualitative value stands alone, as do texts that carry their own unit; a sign
    of their own counts before that beside them."""
    if not number.text:
        return None
    text = str(exact(number.value)) if _is_number(number.value) else number.text
    if not isinstance(number.value, str | int | float):
        return number.value
    words = plain(text)
    sign = operator.text if is_sign(operator.text) else "≤" if is_reverse(operator.text) else ""
    if not _BEGINS_WITH_NUMBER.match(words) or words.endswith(COMPARING_BEHIND):
        sign = ""
    return f"{sign}{text}{_unit(measure.text) if _BARE_TARGET.fullmatch(words) else ''}"


def _with_unit(value: Value, unit: str) -> Value:
    """A bare number beside the row's own 计量单位 column is in that unit."""
    text = str(exact(value)) if _is_number(value) else value
    if isinstance(text, str) and _unit(unit) and _NUMBER.fullmatch(plain(text)):
        return f"{text.strip()}{unit}"
    return value


def _unit(text: str) -> str:
    return "" if text in _NO_UNIT else text


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
