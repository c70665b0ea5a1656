"""In what unit a file's amounts are, column by column, and what says so.

What was asked for comes first (``--data-unit``), then what the file states: in the column's heading, in a line 单位：… over
the table, in 基本信息. Where it states nothing, the one unit counts in which amounts agree with those that are known of the same
projects. Where its statements differ, or nothing decides, a bare number is no amount: it is left out, and the question is put.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from perfeval.arithmetic import Scaled
from perfeval.errors import FormProblem, InvalidValue, Place
from perfeval.forms.grid import Address, Value
from perfeval.forms.labels import TOTAL_FUNDS, source
from perfeval.forms.model import Entry, Form
from perfeval.forms.values import UNITS, agree, amount, in_unit, states_unit
from perfeval.records import names
from perfeval.records.matching import bare
from perfeval.records.model import Body
from perfeval.records.tables import Found, Row

DEFAULT_UNIT = "元"  # of a workbook for which nobody has named one; no amount is read by it
OPTION = "--data-unit"
_HEADING = "列标题"
_HUNDREDS = 500  # 元 beside 万元, of a budget that was spent to 5 % at least

_FUNDS = ("initial", "budget", "executed")
NOT_WRITTEN = "没有写入"
IN_HEADING = "；请在标题里写明（元）或（万元）"
CHOICES = f"{IN_HEADING}，或用 {OPTION} 写明"


class InUnit(NamedTuple):
    """A number of money and its unit."""

    number: Scaled
    unit: str


Key = tuple[str, str, str]
"""Of what an amount is: the project's name as it is compared, the source of funds ("" for 项目金额), the column."""

KnownAmounts = Mapping[Key, Sequence[InUnit]]


class Question(NamedTuple):
    """What a person has to decide: the unit of so many amounts of a sheet, asked at the first of them."""

    sheet: str
    cell: Address | None
    why: str
    amounts: int
    readings: str

    def asked(self, outcome: str, choices: str) -> str:
        """The question, with what became of the amounts, and how it is answered."""
        return f"{self.why}，{self.amounts} 个金额{outcome}{self.readings}{choices}"


class Settled(NamedTuple):
    """The unit that amounts were brought to, each table's rows with amounts in it, what is said of it, and what is asked.

    ``read`` is the unit that each column of amounts was in, by sheet and concept."""

    unit: str
    rows: tuple[tuple[Row, ...], ...]
    notes: tuple[str, ...]
    questions: tuple[Question, ...]
    read: Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Money:
    """An import table, and which of its concepts are amounts."""

    sheet: str
    table: Found
    concepts: Collection[str]


@dataclass(frozen=True, slots=True)
class _Column:
    """The bare numbers of one column of amounts. ``stated``: what is stated of their unit, by what states it."""

    sheet: str
    concept: str
    stated: Mapping[str, str]
    cells: tuple[tuple[Row, Entry], ...]

    @property
    def units(self) -> set[str]:
        return set(self.stated.values())


def settled(tables: Sequence[Money], basics: str, asked: str, known: KnownAmounts, wanted: str = "") -> Settled:
    """The rows of import tables, their amounts in one unit: the one that is wanted, else the file's own if a workbook can be in it.

    ``basics`` is the unit that 基本信息 states, ``asked`` the one that was asked for; "" for none. Raises FormProblem where a heading
    prints another unit than was asked for.
    """
    columns = [column for money in tables for column in _columns(money, basics)]
    for column in columns:
        refuse_contradiction(column.stated.get(_HEADING, ""), asked, Place(sheet=column.sheet))
    agreed = _agreed([column for column in columns if not column.stated], known)
    units = [_unit_of(column, asked, agreed) for column in columns]
    unit = next((one for one in (wanted, asked, basics, *units) if one in names.UNITS), DEFAULT_UNIT)
    amounts = {
        (column.sheet, entry.cell): _in(entry, own, unit)
        for column, own in zip(columns, units, strict=True)
        for _, entry in column.cells
        if own != unit
    }
    return Settled(
        unit,
        tuple(tuple(_with(row, money, amounts) for row in money.table.rows) for money in tables),
        tuple(_read(columns, units, asked, unit)),
        tuple(_questions(columns, units)),
        {(column.sheet, column.concept): own for column, own in zip(columns, units, strict=True)},
    )


def _columns(money: Money, basics: str) -> Iterator[_Column]:
    for concept in money.concepts:
        cells = tuple((row, entry) for row in money.table.rows if is_bare(entry := row.get(concept)) and entry)
        if cells:
            unit = money.table.units[concept]
            stated = {_HEADING: unit, "表上的单位": money.table.unit, f"“{names.BASICS}”": basics}
            yield _Column(money.sheet, concept, {by: one for by, one in stated.items() if one}, cells)


def is_bare(entry: Entry | None) -> bool:
    """Whether a cell holds an amount that does not say its unit itself; a zero needs none."""
    try:
        read = amount(entry, "") if entry is not None and entry.text else None
    except InvalidValue:
        return False  # whoever reads it names the cell
    return read is not None and not states_unit(read) and bool(read.number.units)


def refuse_contradiction(printed: str, asked: str, place: Place) -> None:
    """Raises FormProblem where a table prints another unit than was asked for."""
    if asked and printed and printed != asked:
        raise FormProblem(f"表上写的单位是{printed}，{OPTION} 写的是{asked}；请核对后只留一种", place)


def agreed_unit(amounts: Iterable[tuple[Key, Entry]], known: KnownAmounts) -> str:
    """The one unit in which most bare numbers agree with the amounts known of the same; "" where there is none, or several.

    One of many that agrees may be chance.
    """
    compared = 0
    agreeing: dict[str, int] = dict.fromkeys(names.UNITS, 0)
    for key, entry in amounts:
        others = known.get(key, ())
        compared += bool(others)
        for unit in names.UNITS:
            agreeing[unit] += any(agree(InUnit(amount(entry, "").number, unit), other) for other in others)
    units = [unit for unit, count in agreeing.items() if count]
    return units[0] if len(units) == 1 and 2 * agreeing[units[0]] >= compared else ""


def _agreed(silent: Sequence[_Column], known: KnownAmounts) -> Mapping[tuple[str, str], str]:
    """The unit of each column that states none: that in which its table's amounts agree with the known ones.

    Where a column's own amounts agree in another unit than the rest, or are out of all proportion to those of the rest (元
    beside 万元), nothing is agreed.
    """
    agreed = {}
    together = agreed_unit(
        ((_key(row, column.concept), entry) for column in silent for row, entry in column.cells), known
    )
    for column in silent:
        own = agreed_unit(((_key(row, column.concept), entry) for row, entry in column.cells), known)
        beside = [other for other in silent if other is not column and other.sheet == column.sheet]
        agreed[column.sheet, column.concept] = own or ("" if _is_out_of_proportion(column, beside) else together)
    return agreed


def _is_out_of_proportion(column: _Column, others: Sequence[_Column]) -> bool:
    """Whether all amounts of a column are hundreds of times those of the same rows in another, or hundredths."""
    number = {
        (other.concept, id(row)): float(amount(entry, "").number) for other in others for row, entry in other.cells
    }
    for other in others:
        shares = [
            abs(float(amount(entry, "").number) / number[other.concept, id(row)])
            for row, entry in column.cells
            if (other.concept, id(row)) in number
        ]
        if shares and (min(shares) > _HUNDREDS or max(shares) < 1 / _HUNDREDS):
            return True
    return False


def _unit_of(column: _Column, asked: str, agreed: Mapping[tuple[str, str], str]) -> str:
    """The unit of a column; "" where its statements differ, or nothing decides."""
    if asked:
        return asked
    if not column.stated:
        return agreed[column.sheet, column.concept]
    unit = next(iter(column.units))
    return unit if len(column.units) == 1 and unit in UNITS else ""


def _in(entry: Entry, own: str, wanted: str) -> Entry:
    """The amount in the unit that is wanted; blank where its own is not known."""
    number = in_unit(entry.value, own, wanted) if own else None
    return Entry(None if number is None else float(number), entry.cell)


def _with(row: Row, money: Money, amounts: Mapping[tuple[str, Address | None], Entry]) -> Row:
    changed = {
        concept: amounts[money.sheet, row[concept].cell]
        for concept in money.concepts
        if concept in row and (money.sheet, row[concept].cell) in amounts
    }
    return {**row, **changed} if changed else row


def _read(columns: Sequence[_Column], units: Sequence[str], asked: str, wanted: str) -> Iterator[str]:
    """In which units amounts were read, what says so, and to which they were brought."""
    said: dict[str, dict[str, None]] = {}
    for column, unit in zip(columns, units, strict=True):
        by = OPTION if asked else "、".join(column.stated) or "与工作簿里同一项目的金额一致"
        if unit:
            said.setdefault(unit, {})[by] = None
    for unit, by in said.items():
        yield f"金额按{unit}读入（{'；'.join(by)}）" + (f"，换算成{wanted}" if unit != wanted else "")


def _questions(columns: Sequence[_Column], units: Sequence[str]) -> Iterator[Question]:
    """What a person has to decide: an amount with the readings that it allows."""
    open_columns: dict[str, list[_Column]] = {}
    for column, unit in zip(columns, units, strict=True):
        if not unit:
            open_columns.setdefault(column.sheet, []).append(column)
    for sheet, lacking in open_columns.items():
        count = sum(len(column.cells) for column in lacking)
        differing = next((column for column in lacking if column.stated), None)
        example = (differing or lacking[0]).cells[0][1]
        if differing is not None:
            told = "，".join(f"{by}是{unit}" for by, unit in differing.stated.items())
            why = "说法不一" if len(differing.units) > 1 else "不能确定"
            yield Question(sheet, example.cell, f"“{sheet}”的金额单位{why}（{told}）", count, "")
        else:
            yield _silent(sheet, f"“{sheet}”", count, example)


def question(whose: str, count: int, example: Entry) -> str:
    """What is asked where nothing decides the unit of amounts: one of them with the readings that it allows."""
    return _silent("", whose, count, example).asked(NOT_WRITTEN, CHOICES)


def _silent(sheet: str, whose: str, count: int, example: Entry) -> Question:
    readings = f"：{example.cell} 的 {example.text} 可以是 {example.text} 元，也可以是 {example.text} 万元"
    return Question(sheet, example.cell, f"{whose}的金额没有写单位", count, readings)


# --- what is known already ---


def _key(row: Row, concept: str) -> Key:
    named = row["source"].text if "source" in row else ""
    of = "" if concept == "amount" else source(named) or TOTAL_FUNDS
    return bare(row["name"].text), of, concept


def known_of(forms: Iterable[Form], body: Body | None) -> KnownAmounts:
    """The amounts that forms print in a unit that they state, and those of a body's records."""
    known: dict[Key, list[InUnit]] = {}

    def add(key: Key, value: Value, unit: str) -> None:
        try:
            number = in_unit(value, unit, unit)
        except InvalidValue:
            return
        if number is not None and number.units:
            known.setdefault(key, []).append(InUnit(number, unit))

    for form in forms:
        name = bare(form.name.text)
        if form.unit and name:
            add((name, "", "amount"), form.amount.value, form.unit)
            for funds in form.funds:
                for column in _FUNDS:
                    add((name, funds.source, column), getattr(funds, column).value, form.unit)
    if body is None:
        return known
    for project in body.projects:
        name = bare(project.name)
        add((name, "", "amount"), project.amount, body.unit)
        for record in project.funds:
            for column in _FUNDS:
                add((name, record.source, column), getattr(record, column), body.unit)
    return known
