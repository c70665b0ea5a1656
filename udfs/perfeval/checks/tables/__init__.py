"""The findings of tables of amounts: sums, columns, rates, transfers, and figures that other tables print differently."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfeval.arithmetic import Scaled, add
from perfeval.checks.context import Context
from perfeval.checks.figures.footing import footing
from perfeval.checks.lines import label_of, labelled
from perfeval.checks.tables.across import differing
from perfeval.checks.tables.columns import rates, wholes
from perfeval.checks.tables.totals import totals
from perfeval.findings import DOES_NOT_FOOT, TABLES_DISAGREE, WRONG_RATE, WRONG_RATIO, Finding
from perfeval.forms.amount_tables import AmountTable, figure

_INWARD, _OUTWARD = re.compile(r"调入|调增"), re.compile(r"调出|调减")
_MOST_NAMED = 4  # parts that a message names


def check(context: Context) -> Iterator[Finding]:
    """Everything found in the tables of amounts of a book."""
    for table in context.tables:
        is_labelled = bool(labelled([table]))
        wrong = list(_totals(context, table)) if is_labelled else []
        yield from wrong
        cells = {finding.cell for finding in wrong}
        yield from (finding for finding in _lines(context, table) if finding.cell not in cells)
        yield from _rates(context, table)
        yield from _transfers(table) if is_labelled else ()
    yield from _across(context)


def _totals(context: Context, table: AmountTable) -> Iterator[Finding]:
    for wrong in totals(table):
        context.compares(table.sheet, wrong.entry.cell)
        if wrong.footing.holds:
            continue
        yield DOES_NOT_FOOT(
            f"“{wrong.label}”{_column(wrong.column)}是 {money(wrong.footing.total)}，"
            f"{_listed(wrong.parts)}合计 {money(wrong.footing.sum)}，相差 {money(wrong.footing.difference)}",
            sheet=table.sheet,
            cell=str(wrong.entry.cell),
            expected=str(wrong.footing.sum),
            found=str(wrong.footing.total),
            basis=_rounding(table),
        )


def _lines(context: Context, table: AmountTable) -> Iterator[Finding]:
    for odd in wholes(table):
        context.compares(table.sheet, odd.entry.cell)
        if odd.holds:
            continue
        of = f"“{label_of(odd.line)}”的" if odd.line.labels else ""
        parts = _listed([part.split("/")[-1] for part in odd.parts])
        yield DOES_NOT_FOOT(
            f"{of}“{odd.column}”是 {money(odd.found)}，由{parts}得出的是 {money(odd.expected)}",
            sheet=table.sheet,
            cell=str(odd.entry.cell),
            expected=str(odd.expected),
            found=str(odd.found),
            basis=_rounding(table),
        )


def _rounding(table: AmountTable) -> str:
    return "元应相等" if table.unit == "元" else "取整到万元的，每个加数允许差半个末位"


def _column(header: str) -> str:
    return f"的“{header}”"


def _listed(names: tuple[str, ...] | list[str]) -> str:
    """The names of parts; of many only the first and the last."""
    if len(names) > _MOST_NAMED:
        return f"“{names[0]}”至“{names[-1]}”等 {len(names)} 项"
    return "、".join(f"“{name}”" for name in names)


def money(number: Scaled) -> str:
    """An amount with its thousands apart: 1,488."""
    digits = str(number)
    whole, dot, fraction = digits.lstrip("-").partition(".")
    return f"{'-' if digits.startswith('-') else ''}{int(whole):,}{dot}{fraction}"


def _rates(context: Context, table: AmountTable) -> Iterator[Finding]:
    for wrong in rates(table):
        context.compares(table.sheet, wrong.entry.cell)
        if wrong.holds:
            continue
        kind = WRONG_RATE if wrong.is_execution else WRONG_RATIO
        label = re.sub(r"\s+", "", next((entry.text for entry in wrong.line.labels.values()), ""))
        yield kind(
            f"{f'“{label}”' if label else ''}印 {wrong.printed}，"
            f"由本行的 {money(wrong.ratio.part)} ÷ {money(wrong.ratio.whole)} 得出的是 {wrong.ratio.percent()}",
            sheet=table.sheet,
            cell=str(wrong.entry.cell),
            expected=wrong.ratio.percent(),
            found=wrong.printed,
        )


def _transfers(table: AmountTable) -> Iterator[Finding]:
    """调剂 moves money from one place to another: what goes in came out."""
    if "调剂" not in table.title or not table.lines:
        return
    columns = list(table.lines[0].amounts)
    inward, outward = ([c for c in columns if sign.search(c)] for sign in (_INWARD, _OUTWARD))
    if len(inward) != 1 or len(outward) != 1:
        return
    lines = [line for line in table.lines if not re.search(r"[合总小]计$", label_of(line))]
    sides = [
        [value for line in lines if (value := figure(line.amounts[column])) is not None]
        for column in (inward[0], outward[0])
    ]
    entries = [line.amounts[inward[0]] for line in lines if line.amounts[inward[0]].cell]
    if not all(sides) or not entries:
        return
    total = add(sides[0])
    found = footing(total, [Scaled(abs(value.units), value.places) for value in sides[1]], table.unit)
    if not found.holds:
        yield TABLES_DISAGREE(
            f"调剂不平：“{inward[0]}”合计 {money(found.total)}，“{outward[0]}”合计 {money(found.sum)}",
            sheet=table.sheet,
            cell=str(entries[0].cell),
            expected=str(found.sum),
            found=str(found.total),
        )


def _across(context: Context) -> Iterator[Finding]:
    for found in differing(labelled(context.tables), context.amounts):
        yield TABLES_DISAGREE(
            f"“{found.what}”此处是 {money(found.second_value)} 元，{found.first_at} 是 {money(found.first_value)} 元",
            sheet=found.sheet,
            cell=str(found.second.cell),
            expected=str(found.first_value),
            found=str(found.second_value),
        )
