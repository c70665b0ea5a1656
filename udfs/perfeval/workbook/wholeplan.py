"""Where the sheets of the whole body keep what belongs together: a leaf's inputs on 基础数据 and its line on 评分表."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from perfeval import formulatext
from perfeval.conventions import DetailedConvention
from perfeval.forms.grid import column_letters
from perfeval.records import names
from perfeval.records.model import Whole
from perfeval.standards import DetailedStandard, Leaf, detailed_standard

FIRST_INPUT = 4  # the first row of inputs on 基础数据
VALUE, GIVEN, REASON = "F", "G", "H"  # its columns 数值, 得分 and 说明
_SPARE_TASKS = 6  # where a body has no tasks yet


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows of the sheets of one whole body; ``inputs`` and ``leaves`` by the leaf's code."""

    whole: Whole
    unit: str
    standard: DetailedStandard
    convention: DetailedConvention
    inputs: Mapping[str, range]
    leaves: Mapping[str, int]
    tasks: range

    @property
    def score_column(self) -> str:
        """The column of the score on 评分表."""
        return column_letters(len(self.standard.form.columns))

    @property
    def help_columns(self) -> tuple[str, str, str]:
        """The columns of 测算得分, 提示 and 注意 on 评分表, outside the print area."""
        first = len(self.standard.form.columns) + 2
        return column_letters(first), column_letters(first + 1), column_letters(first + 2)

    @property
    def header(self) -> range:
        """The rows of the header of 评分表."""
        return range(3, 5) if self.standard.form.over else range(3, 4)

    def values(self, leaf: Leaf) -> str:
        """The cells of a leaf's inputs, as a formula of another sheet names them."""
        rows = self.inputs[leaf.code]
        first, last = (f"${VALUE}${row}" for row in (rows.start, rows[-1]))
        return formulatext.at(names.BASE_DATA, first if len(rows) == 1 else f"{first}:{last}")


def plan(whole: Whole, unit: str) -> Plan:
    """The plan for a whole body, amounts in ``unit``. Raises UnknownName or InvalidValue for its standard."""
    standard, convention = detailed_standard(whole.standard)
    inputs: dict[str, range] = {}
    row = FIRST_INPUT
    for leaf in standard.leaves:
        inputs[leaf.code] = range(row, row + len(leaf.inputs))
        row += len(leaf.inputs)
    tasks = range(row + 3, row + 3 + (len(whole.tasks) or _SPARE_TASKS))
    first = 5 if standard.form.over else 4
    leaves = {leaf.code: place for place, leaf in enumerate(standard.leaves, start=first)}
    return Plan(whole, unit, standard, convention, inputs, leaves, tasks)
