"""One amount of one project, printed in several places, is one sum: where two differ by the factor of a unit, one is in another.

Compared are the same quantity only (年初预算数 of one source with 年初预算数 of that source …), and 项目金额 with the year's budget. A part
and its total are never compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from perfeval.arithmetic import Scaled
from perfeval.checks import amounts
from perfeval.checks.context import Context
from perfeval.checks.figures.budget_items import ADJUSTED, EXECUTED, INITIAL
from perfeval.errors import InvalidValue
from perfeval.findings import Finding, Level, declare
from perfeval.forms.labels import TOTAL_FUNDS
from perfeval.forms.model import OF_ONE, Entry, Form
from perfeval.forms.values import in_unit, times_apart
from perfeval.records import names
from perfeval.records.matching import bare
from perfeval.records.model import Project

UNLIKE_MAGNITUDE = declare(
    "R46",
    Level.ERROR,
    "同一金额在两处相差一万倍（提醒：一千倍）",
    "核对两处的金额单位（元、万元），把写错的一处改过来",
    "“{name}”的{what}此处是 {here}，{place}是 {there}，正好相差 {factor} 倍，像是一处按元、一处按万元",
)
_THOUSAND = UNLIKE_MAGNITUDE.says(
    "“{name}”的{what}此处是 {here}，{place}是 {there}，正好相差 {factor} 倍，请核对金额单位"
)

_COLUMNS = {"initial": "年初预算数", "budget": "全年预算数", "executed": "全年执行数"}
_STAGES = {INITIAL: "initial", ADJUSTED: "budget", EXECUTED: "executed"}
_AMOUNT = "项目金额"
_TEN_THOUSAND = 10_000


class _Printed(NamedTuple):
    """An amount in 元, as it is printed in one place; ``cell`` is "" where the place is no cell that can be shown."""

    what: str
    number: Scaled
    text: str
    sheet: str
    cell: str

    @property
    def place(self) -> str:
        return f"“{self.sheet}”" + (f"的 {self.cell} " if self.cell else "里")


def check(context: Context) -> Iterator[Finding]:
    """Amounts of a project that are one sum but for a factor of 10,000 (错误) or 1,000 (提醒)."""
    by_project: dict[str, dict[tuple[str, str], list[_Printed]]] = defaultdict(lambda: defaultdict(list))
    called: dict[str, str] = {}
    for form in context.forms:
        if form.kind in OF_ONE and form.name.text:
            called.setdefault(bare(form.name.text), form.name.text)
            for key, printed in _of_form(form):
                by_project[bare(form.name.text)][key].append(printed)
    for key, where, printed in _elsewhere(context):
        if key in called:
            by_project[key][where].append(printed)
    for key, places in by_project.items():
        for (_, column), group in places.items():
            yield from _unlike(called[key], group, whole=column == "amount")


def _unlike(name: str, group: Sequence[_Printed], *, whole: bool) -> Iterator[Finding]:
    """The places of a group that are the factor of a unit apart from the figure that most places print."""
    printed = Counter(map(_value, group))
    most = max(group, key=lambda one: printed[_value(one)])
    for one in group:
        factor = times_apart(one.number, most.number)
        if factor == _TEN_THOUSAND or (factor and not whole):
            at, other = (one, most) if one.cell else (most, one)
            kind = UNLIKE_MAGNITUDE if factor == _TEN_THOUSAND else _THOUSAND
            said = kind.of(
                name=name, what=at.what, here=at.text, place=other.place, there=other.text, factor=f"{factor:,}"
            )
            finding = said.at(at.sheet, at.cell, other.text, at.text, "同一金额两处相互核对")
            yield finding if factor == _TEN_THOUSAND else replace(finding, level=Level.WARNING)


def _value(one: _Printed) -> Fraction:
    return Fraction(one.number.units, 10**one.number.places)


_Keyed = tuple[tuple[str, str], _Printed]


def _of_form(form: Form) -> Iterator[_Keyed]:
    """The amounts of a form by source and column; 项目金额 stands beside the year's budgets."""
    for funds in form.funds:
        for column, what in _COLUMNS.items():
            for printed in _printed(f"{funds.source}{what}", getattr(funds, column), form):
                yield (funds.source, column), printed
                if funds.source == TOTAL_FUNDS and column != "executed":
                    yield (TOTAL_FUNDS, "amount"), printed
    for printed in _printed(_AMOUNT, form.amount, form):
        yield (TOTAL_FUNDS, "amount"), printed


def _printed(what: str, entry: Entry, form: Form) -> Iterator[_Printed]:
    """An amount of a form that states its unit, if it is one and not 0; without a unit all its amounts are in the same."""
    try:
        number = in_unit(entry.value, form.unit or "元", "元")
    except InvalidValue:
        return
    if number is not None and number.units and entry.cell is not None:
        yield _Printed(what, number, _shown(entry.text, form.unit), form.sheet, str(entry.cell))


def _elsewhere(context: Context) -> Iterable[tuple[str, tuple[str, str], _Printed]]:
    """The amounts of projects on the import sheets and in tables of amounts, by the project's name as it is compared."""
    records = context.records
    for project in records.projects if records is not None else ():
        yield from _of_record(project, records.unit if records else "")
    for table in context.tables:
        for known in amounts.of_table(table):
            if table.unit and known.stage in _STAGES and known.number.units and known.entry.cell:
                column = _STAGES[known.stage]
                text = _shown(known.entry.text, table.unit)
                printed = _Printed(
                    f"{TOTAL_FUNDS}{_COLUMNS[column]}", known.number, text, known.sheet, str(known.entry.cell)
                )
                yield bare(known.item), (TOTAL_FUNDS, column), printed


def _of_record(project: Project, unit: str) -> Iterator[tuple[str, tuple[str, str], _Printed]]:
    for funds in project.funds:
        for column, what in _COLUMNS.items():
            number = in_unit(getattr(funds, column), unit, "元")
            if number is not None and number.units:
                text = _shown(Entry(getattr(funds, column)).text, unit)
                printed = _Printed(f"{funds.source}{what}", number, text, names.EXECUTION, "")
                yield bare(project.name), (funds.source, column), printed


def _shown(text: str, unit: str) -> str:
    return text if text.endswith("元") or not unit else f"{text} {unit}"
