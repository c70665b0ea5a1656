"""Reads the target tables of a budget (表14, 表15) from files into records: what a body set out to do in a year.

Of a table stay: names, 年度绩效目标, amounts (which are 年初预算数), tasks, indicators with their 指标值. A project has no
code there, and nothing of a year's end. What the files hold and the records do not is told.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from perfeval.books.opening import opened
from perfeval.errors import CellError, FileRefused, FormProblem, InvalidValue, Place
from perfeval.forms.grid import Book, Value
from perfeval.forms.labels import TOTAL_FUNDS
from perfeval.forms.model import Entry, IndicatorRow
from perfeval.forms.target_tables import TargetTable, read_target_tables
from perfeval.forms.values import in_unit
from perfeval.records.cells import in_words_of, measure_of, points_of, text_of
from perfeval.records.data_unit import agreed_unit, is_bare, known_of, question, refuse_contradiction
from perfeval.records.matching import bare
from perfeval.records.model import Body, Funds, Indicator, Money, Project, Task, Whole
from perfeval.records.reading import Imported
from perfeval.records.searching import Searched, form_grids, not_read, searched
from perfeval.records.uncarried import columns_left, filled_columns

_FUNDS = {"year_amount": TOTAL_FUNDS, "fiscal": "当年财政拨款", "other": "其他资金"}
_LISTED = 5  # names in a sentence
NO_TARGETS = (
    "没有找到绩效目标表（表14 整体支出绩效目标表、表15 项目绩效目标表），也没有自评表；"
    "请核对文件，PerfEval 的数据文件请用 fill --data"
)


def read_targets(paths: Sequence[Path], like: Body, *, bodies: Sequence[str] = (), unit: str = "") -> Imported:
    """The body's own side and its projects, as the target tables in the files state them.

    ``like`` is the body that they are for: its tables are taken by its name (``bodies`` names others), its year must be
    theirs, its 口径 and unit become theirs. ``unit`` is that of the amounts where it was asked for; where neither it nor a
    table says one, the unit counts in which amounts agree with those of ``like``. A table's own unit comes first, as the
    tables of one budget may be in two; where all print one, another is refused.
    Raises FileRefused, or FormProblem naming file, sheet and cell.
    """
    unread: list[str] = []
    tables = [table for path in paths for table in _tables(path, unread)]
    chosen, notes = _chosen(tables, like, bodies)
    notes += unread
    year = _year(chosen, like)
    _refuse_contradiction(chosen, unit)
    reading = _Reading(like, unit, _agreed(chosen, like))
    projects = tuple(_each([table for table in chosen if table.project], notes, "项目“{}”", reading.project))
    wholes = tuple(
        _each(_of_one([table for table in chosen if not table.project], like), notes, "{}的整体", reading.whole)
    )
    printed = {table.body for table in chosen if table.body}
    notes += [f"{table.place}：{problem}" for table in chosen for problem in table.printed.problems]
    notes += reading.notes()
    body = replace(
        like,
        name=like.name or (printed.pop() if len(printed) == 1 else ""),
        year=year,
        projects=projects,
        whole=replace(wholes[0] if wholes else Whole(), standard=like.whole.standard),
    )
    return Imported(body, tuple(notes))


@dataclass(frozen=True, slots=True)
class _Table:
    """A target table and the file it stands in."""

    path: Path
    printed: TargetTable

    @property
    def project(self) -> str:
        """The project's name; "" for the table of a whole body."""
        return self.printed.field("name").text

    @property
    def body(self) -> str:
        """The 单位名称 or 实施单位, without line breaks."""
        return "".join(self.printed.field("body").text.split())

    @property
    def unit(self) -> str:
        """The unit that it prints, of a project's money or of a body's tasks; "" for none."""
        return self.printed.unit or self.printed.tasks.unit

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.at(self.printed.area)

    def at(self, cell: object) -> Place:
        """A cell of its sheet."""
        return Place(self.path.name, self.printed.sheet, str(cell))


def holds_targets(book: Book) -> bool:
    """Whether a file holds target tables."""
    return any(map(read_target_tables, _grids(book).grids))


def _grids(book: Book) -> Searched:
    return searched(book.grid(sheet) for sheet in book.user_sheets)


def _tables(path: Path, unread: list[str]) -> Iterator[_Table]:
    """The target tables of a file; ``unread`` takes what is said of sheets that are too much."""
    book = opened(path)
    grids, leftovers = _grids(book)
    found = [table for grid in grids for table in read_target_tables(grid)]
    unread += not_read(leftovers)
    if not found:
        sheets = dict.fromkeys(form.sheet for form in form_grids(book).forms)
        others = f"{_listed(sheets)} 是自评表，不是绩效目标表；请用 perfeval new --data 从自评表新建工作簿"
        raise FileRefused(path, "；".join([others if sheets else NO_TARGETS, *not_read(leftovers)]))
    for printed in found:
        table = _Table(path, printed)
        for concept in ("name", "body"):
            _sound(printed.field(concept), table)
        if printed.kind == "project" and not table.project:
            raise FormProblem("绩效目标表没有填项目名称，请补上", table.place)
        yield table


# --- which tables ---


def _chosen(tables: Sequence[_Table], like: Body, bodies: Sequence[str]) -> tuple[list[_Table], list[str]]:
    """The tables of the bodies that are meant, and what is said of the others. Those that name no body are any's."""
    printed = {bare(table.body): table.body for table in tables if table.body}
    wanted = {bare(name) for name in bodies} or ({bare(like.name)} if like.name else set(printed))
    unknown = [name for name in (bodies or (like.name,)) if name and bare(name) not in printed]
    if printed and (unknown or (len(wanted) > 1 and not bodies)):
        whose = f"没有“{'、'.join(unknown)}”的绩效目标表，只有" if unknown else "有几个单位的绩效目标表："
        raise FormProblem(f"文件里{whose}{'、'.join(printed.values())}；请用 --body 写明要导入哪个单位的")
    chosen = [table for table in tables if not table.body or bare(table.body) in wanted]
    others = [name for key, name in printed.items() if key not in wanted]
    left = f"另有 {len(others)} 个单位的 {len(tables) - len(chosen)} 张表没有导入：{_listed(others)}"
    return chosen, [left] if others else []


def _of_one(wholes: list[_Table], like: Body) -> list[_Table]:
    """The tables of the one whole body that a workbook has: of several that of its own name. Raises FormProblem."""
    bodies = {bare(table.body) for table in wholes}
    own = [table for table in wholes if len(bodies) < 2 or bare(table.body) == bare(like.name)]
    if wholes and not own:
        raise FormProblem(
            f"有 {len(bodies)} 个单位的整体支出绩效目标表，一本工作簿只有一个部门整体；请用 --body 写明一个单位"
        )
    return own


def _year(tables: Sequence[_Table], like: Body) -> int | None:
    """The year of the tables, or else the body's. Raises FormProblem where they differ."""
    year = like.year
    for table in tables:
        if table.printed.year not in {None, year or table.printed.year}:
            whose = f"工作簿是 {year} 年度的" if like.year else f"另有 {year} 年度的表"
            told = f"这是 {table.printed.year} 年度的绩效目标表，{whose}；请核对文件和年度"
            raise FormProblem(told, table.place)
        year = year or table.printed.year
    return year


_Record = TypeVar("_Record")


def _each(
    tables: Sequence[_Table], notes: list[str], what: str, read: Callable[[_Table], _Record]
) -> Iterator[_Record]:
    """One record for each project or body. Raises FormProblem for two tables of one that do not say the same."""
    by_name: dict[str, list[_Table]] = defaultdict(list)
    for table in tables:
        by_name[bare(table.project or table.body)].append(table)
    for first, *others in by_name.values():
        record = read(first)
        name = what.format(first.project or first.body)
        for other in others:
            if read(other) != record:
                raise FormProblem(f"{name}有两张内容不同的绩效目标表（{first.place}；{other.place}），请只留一张")
        if others:
            notes.append(f"{name}有 {len(others) + 1} 张相同的绩效目标表，只用一张")
        yield record


def _refuse_contradiction(tables: Sequence[_Table], asked: str) -> None:
    """Raises FormProblem where every table prints its unit, and one another than was asked for: it can be meant for none."""
    if all(table.unit for table in tables):
        for table in tables:
            refuse_contradiction(table.unit, asked, table.place)


def _agreed(tables: Sequence[_Table], like: Body) -> str:
    """The unit in which amounts of tables without one agree with those that the body has already."""
    amounts = (
        ((bare(table.project), "" if concept == "amount" else _FUNDS[concept], column), entry)
        for table in tables
        if not table.printed.unit
        for concept, column in (("amount", "amount"), *((concept, "initial") for concept in _FUNDS))
        if is_bare(entry := table.printed.field(concept))
    )
    return agreed_unit(amounts, known_of((), like))


# --- what a table says ---


class _Reading:
    """Brings tables to the words and the unit of a body; remembers what it had to assume or to leave."""

    def __init__(self, like: Body, asked: str, agreed: str) -> None:
        self._standard = like.standard
        self._unit = like.unit
        self._asked, self._agreed = asked, agreed
        self._plans = 0
        self._left: Counter[str] = Counter()
        self._read: dict[str, int] = {}
        self._unread: list[Entry] = []

    def project(self, table: _Table) -> Project:
        """The record of a 项目绩效目标表."""
        printed = table.printed
        unit = self._unit_of(printed.unit)
        amounts = {concept: self._amount(printed.field(concept), unit, table) for concept in ("amount", *_FUNDS)}
        self._plans += bool(printed.amounts)
        self._left.update(filled_columns(printed.rows))
        return Project(
            code="",
            name=table.project,
            department=text_of(_sound(printed.field("department"), table)),
            implementer=text_of(printed.field("body")),
            amount=amounts["amount"],
            goal=text_of(_sound(printed.field("goal"), table)),
            funds=tuple(
                Funds(source, initial=amounts[concept])
                for concept, source in _FUNDS.items()
                if amounts[concept] is not None
            ),
            indicators=tuple(self._indicator(row, table) for row in printed.rows),
        )

    def whole(self, table: _Table) -> Whole:
        """The record of a 整体支出绩效目标表."""
        self._left.update(filled_columns(table.printed.rows))
        return Whole(
            goal=text_of(_sound(table.printed.field("goal"), table)),
            indicators=tuple(self._indicator(row, table) for row in table.printed.rows),
            tasks=tuple(self._tasks(table)),
        )

    def notes(self) -> Iterator[str]:
        """What was assumed, and what has no place in a workbook."""
        for unit, count in self._read.items():
            yield f"{count} 个金额按{unit}读入" + (f"，换算成{self._unit}" if unit != self._unit else "")
        if self._unread:
            yield question("绩效目标表", len(self._unread), self._unread[0])
        left = columns_left(self._left)
        if left:
            yield f"绩效目标表没有带入：{'、'.join(left)}"
        if self._plans:
            yield f"{self._plans} 张项目绩效目标表里的资助计划（分季）在工作簿里没有对应的栏，没有导入"

    def _indicator(self, row: IndicatorRow, table: _Table) -> Indicator:
        level1, level2 = in_words_of(self._standard, row.level1, row.level2)
        cells = {concept: _sound(getattr(row, concept), table) for concept in ("name", "target", "weight")}
        return Indicator(
            level1, level2, cells["name"].text, target=measure_of(cells["target"]), weight=points_of(cells["weight"])
        )

    def _tasks(self, table: _Table) -> Iterator[Task]:
        block = table.printed.tasks
        unit = self._unit_of(block.unit)
        for row in block.rows:
            if row.name.text:
                cells = (row.budget.total, row.budget.fiscal, row.budget.other)
                budget = Money(*(self._amount(entry, unit, table) for entry in cells))
                yield Task(_sound(row.name, table).text, content=text_of(_sound(row.content, table)), budget=budget)

    def _unit_of(self, printed: str) -> str:
        """The unit of a table's amounts; "" where nothing decides."""
        return printed or self._asked or self._agreed

    def _amount(self, entry: Entry, unit: str, table: _Table) -> Value:
        try:
            if is_bare(_sound(entry, table)):
                if not unit:
                    self._unread.append(entry)
                    return None
                self._read[unit] = self._read.get(unit, 0) + 1
            number = in_unit(entry.value, unit or self._unit, self._unit)
        except InvalidValue as error:
            raise FormProblem(error.reason, table.at(entry.cell)) from error
        return None if number is None else float(number)


def _sound(entry: Entry, table: _Table) -> Entry:
    """A cell that is no error value. Raises FormProblem for one that is."""
    if isinstance(entry.value, CellError):
        raise FormProblem(f"是错误值 {entry.value}，请先改正", table.at(entry.cell))
    return entry


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    return "、".join(every[:_LISTED]) + (f" 等 {len(every)} 个" if len(every) > _LISTED else "")
