"""Forms that are made up, right to the last digit, in layouts that are made up too: what was put in is known cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from perfeval.forms.grid import Address, Area, Cell, Grid
from perfeval.forms.model import BODY, PROJECT, SCORING, TRANSFER

LEVELS = (
    ("产出指标", ("数量指标", "质量指标", "时效指标")),
    ("效益指标", ("社会效益指标", "经济效益指标")),
    ("满意度指标", ("服务对象满意度指标",)),
)
HEADINGS = {
    "level1": ("一级指标", "指标类别", "一级\n指标"), "level2": ("二级指标", "二 级 指 标"), "level3": ("三级指标", "指标名称", "具体指标"),
    "operator": ("指标性质", "符号"), "target": ("年度指标值", "指标值（A）", "年初目标值", "目标值"), "measure": ("计量单位", "度量单位"),
    "actual": ("实际完成值", "全年完成值（B）", "完成情况"),
    "weight1": ("分值", "权重"), "weight2": ("分值", "权重"), "weight": ("分值", "标准分", "权重"),
    "score": ("得分", "自评得分", "得 分"), "reason": ("偏差原因分析及改进措施", "未完成原因"), "rule": ("评分标准", "评分依据"),
    "last_year": ("上年完成值",), "source": ("目标值来源",), "review": ("复核得分",),
    "number": ("序号",), "note": ("备注",),
}  # fmt: skip
TITLES = {
    PROJECT: "项目支出绩效自评表",
    BODY: "部门整体支出绩效自评表",
    TRANSFER: "转移支付项目绩效目标自评表",
    SCORING: "部门整体支出绩效评价评分表",
}
VALUES = {
    PROJECT: ("target", "actual", "weight", "score"),
    BODY: ("target", "actual", "weight", "score"),
    TRANSFER: ("target", "actual"),
    SCORING: ("weight", "score", "rule"),
}
_CENT = Decimal("0.01")


def rounded(value: Decimal) -> Decimal:
    """Half up to two decimals, without needless zeros."""
    return value.quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Row:
    """An indicator: target and actual are counts, the score is in proportion."""

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


@dataclass(frozen=True)
class Layout:
    """How a form is printed."""

    columns: tuple[str, ...]
    headings: Mapping[str, str]
    levels: str  # merged · repeated · first
    points: str  # of levels: none · labels · columns
    side: bool
    over: bool  # 绩效指标 over the levels, in a header row of its own
    pages: int  # rows on a page; 0: no further page
    total: str  # under · above
    gap: int
    hidden: frozenset[int]

    @property
    def head(self) -> int:
        """Rows of the header: levels with their points print 名称 and 分值 under each level."""
        return 1 + self.over + (self.points == "columns")


@dataclass(frozen=True)
class Made:
    """A form with what it says. ``weight`` is that of 预算执行率 (0: it has none)."""

    kind: str
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

    def points_of(self, level1: str, level2: str = "") -> int:
        """What the rows of a level have together."""
        return sum(row.weight for row in self.rows if row.level1 == level1 and level2 in ("", row.level2))

    def printed(self, place: int) -> dict[str, Any]:
        """What the form prints in a row, by concept."""
        row, layout = self.rows[place], self.layout
        is_split = "measure" in layout.columns
        in_labels = layout.points == "labels"
        return {
            "level1": row.level1 + (f"（{self.points_of(row.level1)}分）" if in_labels else ""),
            "level2": row.level2, "level3": row.name,
            "weight1": float(self.points_of(row.level1)), "weight2": float(self.points_of(row.level1, row.level2)),
            "operator": "≥", "measure": "个",
            "target": float(row.target) if is_split else f"≥{row.target}个",
            "actual": float(row.actual) if is_split else f"{row.actual}个",
            "weight": float(row.weight), "score": float(row.score), "reason": row.reason, "rule": "按完成比例得分",
            "last_year": f"{row.target}个", "source": "年度计划", "review": float(row.score), "number": float(place + 1), "note": "",
        }  # fmt: skip


@dataclass
class Sheet:
    """A sheet that is being written; ``places`` are the cells of what was put in, by (form, row or −1, field)."""

    cells: dict[Address, Any] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    places: dict[tuple[int, int, str], Address] = field(default_factory=dict)
    breaks: list[int] = field(default_factory=list)  # rows with which a further page begins

    def put(self, row: int, column: int, value: Any, right: int = 0, bottom: int = 0) -> None:
        self.cells[Address(row, column)] = value
        if right or bottom:
            self.merges.append(Area(row, column, row + bottom, column + right))

    def grid(self, changes: Mapping[Address, Any] | None = None) -> Grid:
        values = {**self.cells, **(changes or {})}
        filled = {place: Cell(value) for place, value in sorted(values.items()) if value not in ("", None)}
        return Grid("表", filled, tuple(self.merges), hidden_rows=frozenset(self.hidden))

    def pages(self, changes: Mapping[Address, Any] | None = None) -> Iterator[Grid]:
        """The sheet cut where a further page begins, each part from its first row, as Word keeps tables apart."""
        whole = self.grid(changes)
        starts = [1, *(row for row in self.breaks), whole.bottom + 1]
        for first, end in pairwise(starts):
            cells = {
                Address(at.row - first + 1, at.column): cell
                for at, cell in whole.cells.items()
                if first <= at.row < end
            }
            cut = (Area(one.top - first + 1, one.left, one.bottom - first + 1, one.right)
                   for one in self.merges if first <= one.top < end)  # fmt: skip
            yield Grid("表", cells, tuple(cut))


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
def layouts(draw: st.DrawFn, kind: str, count: int) -> Layout:
    has_points = kind != TRANSFER
    points = draw(st.sampled_from(["none", "none", "labels", "columns"])) if has_points else "none"
    levels = draw(st.sampled_from([("level1", "level2", "level3"), ("level1", "level3"), ("level3",)]))
    if points == "columns" or kind == SCORING:
        levels = ("level1", "level2", "level3")
    values = [*VALUES[kind], *(concept for concept in ("reason",) if kind == TRANSFER or draw(st.integers(0, 4)))]
    values += [one for one in ("last_year", "source") if "target" in values and not draw(st.integers(0, 3))]
    values += [one for one in ("review",) if has_points and not draw(st.integers(0, 3))]
    if points == "columns":
        values.remove("weight")
        levels = ("level1", "weight1", "level2", "weight2", "level3", "weight")
    columns = [*levels, *draw(st.permutations(values))]
    if "target" in columns and draw(st.booleans()):
        columns[columns.index("target") : columns.index("target") + 1] = ["operator", "target", "measure"]
    if draw(st.booleans()):
        columns.insert(0, "number")
    if draw(st.booleans()):
        columns.append("note")
    return Layout(
        columns=tuple(columns),
        headings={concept: draw(st.sampled_from(words)) for concept, words in HEADINGS.items()},
        levels=draw(st.sampled_from(["merged", "repeated", "first"])) if points == "none" else "merged",
        points=points,
        side=draw(st.booleans()),
        over=len(levels) > 1 and draw(st.booleans()),
        pages=draw(st.sampled_from([0, 0, 2, 3])) if points == "none" else 0,
        total=draw(st.sampled_from(["under", "under", "above"])) if kind in (PROJECT, BODY) else "under",
        gap=draw(st.integers(0, 2)),
        hidden=frozenset(draw(st.lists(st.integers(0, count - 1), max_size=1))) if draw(st.booleans()) else frozenset(),
    )


@st.composite
def forms(draw: st.DrawFn, number: int = 0) -> Made:
    """A right form: sums to 100, every score as the rule gives it, every loss with its reason."""
    kind = draw(st.sampled_from([PROJECT, PROJECT, BODY, TRANSFER, SCORING]))
    weight = draw(st.sampled_from([10, 10, 20])) if kind in (PROJECT, BODY) else 0
    rows = draw(rows_of(100 - weight))
    budget = draw(st.integers(20, 900_000))
    executed = draw(st.integers(budget * 95 // 100, budget))
    name = draw(st.sampled_from(["水质监测", "雪亮工程（二期）", "“三农”服务", "A&B 联合项目"]))
    layout = draw(layouts(kind, len(rows)))
    return Made(kind, TITLES[kind], f"{name}{number + 1}", budget, executed, weight, rows, layout)


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
    sheet.put(row, left, "项目名称" if made.kind in (PROJECT, TRANSFER) else "部门名称")
    put(-1, "name", row, left + 1, made.name)
    if layout.total == "above":
        sheet.put(row, left + 2, "自评总分")
        put(-1, "total", row, left + 3, float(made.total))
    row += 1
    if made.kind != SCORING:
        row = _money(sheet, made, number, row, left)
    row += layout.gap
    block = row
    row = _rows(sheet, made, number, columns, row)
    if layout.side:
        sheet.put(block, left, "绩效指标", bottom=row - block - 1 if row - block > 1 and not layout.pages else 0)
    if layout.total == "under" and made.kind != TRANSFER:
        free = min(columns["weight"], columns["score"], columns.get("weight1", 99)) - left - 1
        sheet.put(row, left, "总分", right=max(free, 0))
        put(-1, "total_weight", row, columns["weight"], 100.0)
        put(-1, "total", row, columns["score"], float(made.total))
        row += 1
    return row - 1


def _money(sheet: Sheet, made: Made, number: int, row: int, left: int) -> int:
    """The money, a source a row; the next row."""
    rate = rounded(Decimal(100) * made.executed / made.budget)
    of_total = {
        "initial": ("年初预算数", float(made.budget)), "budget": ("全年预算数", float(made.budget)),
        "executed": ("全年执行数", float(made.executed)), "fund_weight": ("分值", float(made.weight)),
        "rate": ("执行率（B/A）", f"{rate}%"), "fund_score": ("得分", float(made.execution)),
    }  # fmt: skip
    if made.kind == TRANSFER:
        of_total = {concept: of_total[concept] for concept in ("budget", "executed", "rate")}
    sheet.put(row, left, "项目资金（元）")
    sheet.put(row + 1, left, "年度资金总额")
    for column, (concept, (label, value)) in enumerate(of_total.items(), start=left + 1):
        sheet.put(row, column, label)
        sheet.put(row + 1, column, value)
        sheet.places[number, -1, concept] = Address(row + 1, column)
    if made.kind != TRANSFER:
        return row + 2
    parts = (("其中：中央财政资金", made.budget // 2, made.executed // 2),
             ("地方资金", made.budget - made.budget // 2, made.executed - made.executed // 2))  # fmt: skip
    for at, (source, *amounts) in enumerate(parts, start=row + 2):
        sheet.put(at, left, source)
        for column, value in enumerate(amounts, start=left + 1):
            sheet.put(at, column, float(value))
    return row + 4


def _rows(sheet: Sheet, made: Made, number: int, columns: Mapping[str, int], row: int) -> int:
    layout = made.layout
    row = _header(sheet, layout, columns, row)
    begun: dict[str, tuple[int, str]] = {}
    for place, indicator in enumerate(made.rows):
        if layout.pages and place and place % layout.pages == 0:
            _close(sheet, layout, columns, begun, row - 1)
            sheet.breaks.append(row)
            row = _header(sheet, layout, columns, row)
            begun = {}
        printed = made.printed(place)
        for concept, column in columns.items():
            value = printed[concept]
            if concept in ("level1", "level2", "weight1", "weight2"):
                whole = indicator.level1 + (indicator.level2 if concept in ("level2", "weight2") else "")
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
    """The header of one to three rows: 绩效指标 over the levels, 名称 and 分值 under each level; the next row."""
    is_deep = layout.points == "columns"
    names: Sequence[str] = ("level1", "weight1", "level2", "weight2", "level3", "weight") if is_deep else (
        "level1", "level2", "level3")  # fmt: skip
    levels = [column for concept, column in columns.items() if concept in names]
    for concept, column in columns.items():
        if concept not in names:
            sheet.put(row, column, layout.headings[concept], bottom=layout.head - 1)
        elif not is_deep:
            sheet.put(row + layout.over, column, layout.headings[concept])
        elif concept.startswith("level"):
            sheet.put(row + layout.over, column, layout.headings[concept], right=1)
            sheet.put(row + layout.over + 1, column, "名称")
        else:
            sheet.put(row + layout.over + 1, column, layout.headings[concept])
    if layout.over:
        sheet.put(row, min(levels), "绩效指标", right=max(levels) - min(levels))
    return row + layout.head
