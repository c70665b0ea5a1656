"""Forms that are made up, right to the last digit, in layouts that are made up too: what was put in is known cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import strategies as st

from perfeval.forms.grid import Address, Area, Cell, Grid

LEVELS = (
    ("产出指标", ("数量指标", "质量指标", "时效指标")),
    ("效益指标", ("社会效益指标", "经济效益指标")),
    ("满意度指标", ("服务对象满意度指标",)),
)
HEADINGS = {
    "level1": ("一级指标", "指标类别", "一级\n指标"), "level2": ("二级指标", "二 级 指 标"), "level3": ("三级指标", "指标名称", "具体指标"),
    "target": ("年度指标值", "指标值（A）", "年初目标值", "目标值"), "actual": ("实际完成值", "全年完成值（B）", "完成情况"),
    "weight": ("分值", "标准分", "权重"), "score": ("得分", "自评得分", "得 分"), "reason": ("偏差原因分析及改进措施", "未完成原因"),
    "number": ("序号",), "note": ("备注",),
}  # fmt: skip
TITLE = "项目支出绩效自评表"
_CENT = Decimal("0.01")


def rounded(value: Decimal) -> Decimal:
    """Half up to two decimals, without needless zeros."""
    return value.quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Row:
    """An indicator: target and actual are counts (``at_most``: lower is better), the score is in proportion."""

    level1: str
    level2: str
    name: str
    target: int
    actual: int
    weight: int
    reason: str

    @property
    def score(self) -> Decimal:
        return rounded(min(Decimal(self.weight), Decimal(self.weight) * self.actual / self.target))

    @property
    def printed(self) -> dict[str, Any]:
        return {
            "level1": self.level1, "level2": self.level2, "level3": self.name, "target": f"≥{self.target}个", "actual": f"{self.actual}个",
            "weight": float(self.weight), "score": float(self.score), "reason": self.reason,
        }  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """How a form is printed."""

    columns: tuple[str, ...]
    headings: Mapping[str, str]
    levels: str  # merged · repeated · first
    side: bool
    over: bool  # 绩效指标 over the levels, in a header row of its own
    pages: int  # rows on a page; 0: no further page
    total: str  # under · above
    gap: int
    hidden: frozenset[int]


@dataclass(frozen=True)
class Made:
    """A form with what it says. ``weight`` is that of 预算执行率."""

    title: str
    name: str
    budget: int
    executed: int
    weight: int
    rows: tuple[Row, ...]
    layout: Layout

    @property
    def execution(self) -> Decimal:
        return rounded(Decimal(self.weight) * self.executed / self.budget)

    @property
    def total(self) -> Decimal:
        return self.execution + sum((row.score for row in self.rows), Decimal())


@dataclass
class Sheet:
    """A sheet that is being written; ``places`` are the cells of what was put in, by (form, row or −1, field)."""

    cells: dict[Address, Any] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    places: dict[tuple[int, int, str], Address] = field(default_factory=dict)

    def put(self, row: int, column: int, value: Any, right: int = 0, bottom: int = 0) -> None:
        self.cells[Address(row, column)] = value
        if right or bottom:
            self.merges.append(Area(row, column, row + bottom, column + right))

    def grid(self, changes: Mapping[Address, Any] | None = None) -> Grid:
        values = {**self.cells, **(changes or {})}
        filled = {place: Cell(value) for place, value in sorted(values.items()) if value not in ("", None)}
        return Grid("表", filled, tuple(self.merges), hidden_rows=frozenset(self.hidden))


@st.composite
def rows_of(draw: st.DrawFn, points: int) -> tuple[Row, ...]:
    """Indicators whose points are these together, level by level."""
    count = draw(st.integers(1, 6))
    cuts = sorted(draw(st.lists(st.integers(1, points - 1), min_size=count - 1, max_size=count - 1, unique=True)))
    weights = [end - start for start, end in zip([0, *cuts], [*cuts, points], strict=True)]
    places = sorted(draw(st.lists(st.sampled_from([(one, two) for one, level in enumerate(LEVELS) for two in range(len(level[1]))]),
                                  min_size=count, max_size=count)))  # fmt: skip
    made = []
    for place, ((first, second), weight) in enumerate(zip(places, weights, strict=True)):
        target = draw(st.integers(3, 900))
        actual = draw(st.integers(max(1, target * 6 // 10), target * 11 // 10))
        reason = f"第{place + 1}项因汛期停工，已安排补做" if actual < target else ""
        made.append(
            Row(LEVELS[first][0], LEVELS[first][1][second], f"第{place + 1}项工作数量", target, actual, weight, reason)
        )
    return tuple(made)


@st.composite
def layouts(draw: st.DrawFn, count: int) -> Layout:
    levels = draw(st.sampled_from([("level1", "level2", "level3"), ("level1", "level3"), ("level3",)]))
    values = draw(st.permutations(["target", "actual", "weight", "score", "reason"]))
    columns = [*levels, *values]
    if draw(st.booleans()):
        columns.insert(0, "number")
    if draw(st.booleans()):
        columns.append("note")
    return Layout(
        columns=tuple(columns),
        headings={concept: draw(st.sampled_from(words)) for concept, words in HEADINGS.items()},
        levels=draw(st.sampled_from(["merged", "repeated", "first"])),
        side=draw(st.booleans()),
        over=len(levels) > 1 and draw(st.booleans()),
        pages=draw(st.sampled_from([0, 0, 2, 3])),
        total=draw(st.sampled_from(["under", "under", "above"])),
        gap=draw(st.integers(0, 2)),
        hidden=frozenset(draw(st.lists(st.integers(0, count - 1), max_size=1))) if draw(st.booleans()) else frozenset(),
    )


@st.composite
def forms(draw: st.DrawFn, number: int = 0) -> Made:
    """A right form: sums to 100, every score as the rule gives it, every loss with its reason."""
    weight = draw(st.sampled_from([10, 10, 20]))
    rows = draw(rows_of(100 - weight))
    budget = draw(st.integers(20, 900_000))
    executed = draw(st.integers(budget * 95 // 100, budget))
    name = draw(st.sampled_from(["水质监测", "雪亮工程（二期）", "“三农”服务", "A&B 联合项目"]))
    return Made(TITLE, f"{name}{number + 1}", budget, executed, weight, rows, draw(layouts(len(rows))))


def lay_out(sheet: Sheet, made: Made, number: int, top: int, left: int) -> int:
    """Writes a form onto a sheet; the last row that it takes."""
    layout, row = made.layout, top
    columns = {concept: left + layout.side + place for place, concept in enumerate(layout.columns)}
    width = len(layout.columns) + layout.side

    def put(key: int, concept: str, at: int, column: int, value: Any) -> None:
        sheet.put(at, column, value)
        sheet.places[number, key, concept] = Address(at, column)

    sheet.put(row, left, made.title, right=width - 1)
    row += 1
    sheet.put(row, left, "项目名称")
    put(-1, "name", row, left + 1, made.name)
    if layout.total == "above":
        sheet.put(row, left + 2, "自评总分")
        put(-1, "total", row, left + 3, float(made.total))
    row += 1
    for place, label in enumerate(
        ("项目资金（元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    ):
        sheet.put(row, left + place, label)
    row += 1
    rate = rounded(Decimal(100) * made.executed / made.budget)
    values = (made.budget, made.budget, made.executed, made.weight, f"{rate}%", float(made.execution))
    sheet.put(row, left, "年度资金总额")
    concepts = ("initial", "budget", "executed", "fund_weight", "rate", "fund_score")
    for place, (concept, value) in enumerate(zip(concepts, values, strict=True)):
        put(-1, concept, row, left + 1 + place, float(value) if isinstance(value, int) else value)
    row += 1 + layout.gap
    block = row
    row = _rows(sheet, made, number, columns, row)
    if layout.side:
        sheet.put(block, left, "绩效指标", bottom=row - block - 1 if row - block > 1 else 0)
    if layout.total == "under":
        free = min(columns["weight"], columns["score"]) - left - 1
        sheet.put(row, left, "总分", right=max(free, 0))
        put(-1, "total_weight", row, columns["weight"], 100.0)
        put(-1, "total", row, columns["score"], float(made.total))
        row += 1
    return row - 1


def _rows(sheet: Sheet, made: Made, number: int, columns: Mapping[str, int], row: int) -> int:
    layout = made.layout
    row = _header(sheet, layout, columns, row)
    begun: dict[str, tuple[int, str]] = {}
    for place, indicator in enumerate(made.rows):
        if layout.pages and place and place % layout.pages == 0:
            _close(sheet, layout, columns, begun, row - 1)
            row = _header(sheet, layout, columns, row)
            begun = {}
        printed = {**indicator.printed, "number": float(place + 1), "note": ""}
        for concept, column in columns.items():
            value = printed[concept]
            if concept in ("level1", "level2"):
                whole = indicator.level1 + (indicator.level2 if concept == "level2" else "")
                if layout.levels != "repeated" and begun.get(concept, (0, ""))[1] == whole:
                    continue
                _close(sheet, layout, columns, {concept: begun[concept]} if concept in begun else {}, row - 1)
                begun[concept] = (row, whole)
            sheet.put(row, column, value)
            sheet.places[number, place, concept] = Address(row, column)
        if place in layout.hidden:
            sheet.hidden.add(row)
        row += 1
    _close(sheet, layout, columns, begun, row - 1)
    return row


def _close(
    sheet: Sheet, layout: Layout, columns: Mapping[str, int], begun: Mapping[str, tuple[int, str]], last: int
) -> None:
    """Merges the level cells that have ended."""
    if layout.levels == "merged":
        for concept, (first, _) in begun.items():
            if last > first:
                sheet.merges.append(Area(first, columns[concept], last, columns[concept]))


def _header(sheet: Sheet, layout: Layout, columns: Mapping[str, int], row: int) -> int:
    levels: Sequence[int] = [column for concept, column in columns.items() if concept.startswith("level")]
    for concept, column in columns.items():
        below = layout.over and not concept.startswith("level")
        at = row + (layout.over and concept.startswith("level"))
        sheet.put(at, column, layout.headings[concept], bottom=int(below))
    if layout.over:
        sheet.put(row, min(levels), "绩效指标", right=max(levels) - min(levels))
    return row + 1 + layout.over
