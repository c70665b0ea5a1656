"""What the readers took of a sheet and what they left: nothing that stands on a sheet is passed over in silence.

Inside a form every filled cell has a role (``cellroles``); outside, what bears the headings of a 自评表 is named (``unread``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from perfeval.forms import labels
from perfeval.forms.amount_tables import AmountTable
from perfeval.forms.blocks import headers
from perfeval.forms.cellroles import Role, roles
from perfeval.forms.grid import MAX_COLUMN, Area, Grid
from perfeval.forms.grid_text import Page, page_of
from perfeval.forms.model import SCORING, Entry, Form, IndicatorRow
from perfeval.forms.target_tables import TargetTable
from perfeval.forms.unread import Unread, unread_in
from perfeval.forms.values import is_figure
from perfeval.quantities import points

_DEEP = 3  # rows of a table's header
_TITLES = 6  # rows of a sheet in which its title stands
_LONGEST_TITLE = 60
_FIRST = 3  # columns in which a table of persons names them


@dataclass(frozen=True, slots=True)
class Account:
    """What stands on a sheet. ``left`` are the left-over cells of each form, in the forms' order.

    ``title`` promises a 自评表, ``kind`` is what else the sheet calls itself ("": nothing that is known); ``has_figures`` where
    anything on it is a number.
    """

    sheet: str
    forms: tuple[Form, ...]
    left: tuple[tuple[Entry, ...], ...]
    tables: tuple[AmountTable, ...]
    targets: tuple[TargetTable, ...]
    unread: tuple[Unread, ...]
    title: str
    kind: str
    has_figures: bool
    is_empty: bool

    @property
    def is_read(self) -> bool:
        """Whether some reader took something of the sheet."""
        return bool(self.forms or self.tables or self.targets)

    @property
    def promises(self) -> bool:
        """Whether the sheet is called a 自评表 and nothing on it was read as one."""
        return bool(self.title) and not self.forms

    @property
    def is_other(self) -> bool:
        """Whether the sheet is known to hold no 自评表: by its name or title, or it holds targets, or words alone."""
        if self.forms or self.unread or self.promises:
            return False
        return bool(self.kind or self.targets or not self.has_figures)

    @property
    def is_unknown(self) -> bool:
        """Whether nobody can say what the sheet holds."""
        return not self.is_read and not self.is_other

    @property
    def not_recognised(self) -> int:
        """How many tables of the sheet were not recognised."""
        return len(self.unread) or int(self.promises or self.is_unknown)


def account(
    grid: Grid, forms: Sequence[Form], tables: Sequence[AmountTable] = (), targets: Sequence[TargetTable] = ()
) -> Account:
    """The account of a sheet, of which the readers made these forms and tables."""
    page = page_of(grid)
    title, kind = _called(page)
    taken = [*(form.area for form in forms), *(table.area for table in targets)]
    taken += [table.area for table in tables if kind or _states_money(page, table)]
    taken += [Area(one.top, one.left, one.bottom, one.right) for one in headers(page) if not one.states_results]
    unread = () if kind else tuple(unread_in(page, taken))
    tables = [table for table in tables if not any(one.cell in table.area for one in unread)]  # taken for one
    return Account(
        grid.name,
        tuple(forms),
        tuple(_left(page, form) for form in forms),
        tuple(tables),
        tuple(targets),
        unread,
        title,
        kind,
        bool(forms or tables) or any(_has_figure(page, row) for row in page.rows()),
        not page.rows(),
    )


def _left(page: Page, form: Form) -> tuple[Entry, ...]:
    return tuple(page.entry(*place) for place, role in roles(page, form).items() if role is Role.LEFT)


def _has_figure(page: Page, row: int) -> bool:
    return any(is_figure(page.entry(row, column)) for column in page.filled(row, 1, MAX_COLUMN))


# --- what a sheet calls itself ---


def _called(page: Page) -> tuple[str, str]:
    """The title that promises a 自评表, and what else the sheet calls itself; the first line that says either counts.

    Titles one under another are a list of contents.
    """
    rows = page.rows()
    lines = [
        (row, re.sub(r"\s+", "", texts[0][1]))
        for row in rows[:_TITLES]
        if len(texts := page.texts(row, 1, MAX_COLUMN)) == 1 and len(page.filled(row, 1, MAX_COLUMN)) == 1
    ]
    titles = {row: line for row, line in lines if len(line) <= _LONGEST_TITLE and labels.is_assessed(line)}
    for row, line in lines:
        if row in titles:
            return ("", "目录") if row + 1 in titles else (line, "")
        if len(line) <= _LONGEST_TITLE and (kind := labels.other(line)):
            return "", kind
    if any("forecast" in one.columns and not one.states_results for one in headers(page)):
        return "", "监控表"
    of_persons = any(
        labels.is_person(text) for row in rows[:_TITLES] for _, text in page.texts(row, 1, MAX_COLUMN)[:_FIRST]
    )
    return "", labels.other(page.grid.name) or ("人员名册" if of_persons else "")


# --- rows like a header ---


def _states_money(page: Page, table: AmountTable) -> bool:
    """Whether a table of amounts prints what was budgeted and what was spent: then it is read as what it is."""
    texts = [
        text for row in range(table.area.top, table.area.top + _DEEP) for _, text in page.texts(row, 1, MAX_COLUMN)
    ]
    return {"budget", "executed"} <= {labels.funds(text) for text in texts}


# --- for a person ---


def in_words(accounts: Sequence[Account]) -> str:
    """What was read: ``读到 2 张自评表：执行率 2 行，指标 31 行；1 张没有认出``."""
    forms = [form for one in accounts for form in one.forms]
    told = [
        _forms_in_words("自评表", [form for form in forms if form.kind != SCORING]),
        _forms_in_words("评分表", [form for form in forms if form.kind == SCORING]),
    ]
    tables = [table for one in accounts for table in one.tables]
    targets = [table for one in accounts for table in one.targets]
    if targets:
        told.append(f"{len(targets)} 张绩效目标表：指标 {sum(len(table.rows) for table in targets)} 行")
    if tables:
        told.append(f"{len(tables)} 张金额表：{sum(len(table.lines) for table in tables)} 行")
    unread = sum(one.not_recognised for one in accounts)
    parts = [part for part in told if part]
    read = f"读到 {'；'.join(parts)}" if parts else "没有读到自评表"
    return f"{read}；{unread} 张没有认出" if unread else read


def _forms_in_words(name: str, forms: Sequence[Form]) -> str:
    if not forms:
        return ""
    rates = sum(form.execution is not None or any(map(form.is_execution, form.rows)) for form in forms)
    rows = [row for form in forms for row in form.rows if form.states(row)]
    unasked = sum(map(_is_unasked, rows))
    counted = [f"{what} {number} 行" for what, number in (("执行率", rates), ("指标", len(rows))) if number]
    if unasked:
        counted.append(f"其中 {unasked} 行没有完成值和分值，没有核对")
    if unweighted := sum(map(_is_unweighted, rows)):
        counted.append(f"其中 {unweighted} 行没有分值，得分没有核对")
    return f"{len(forms)} 张{name}" + (f"：{'，'.join(counted)}" if counted else "")


def _is_unweighted(row: IndicatorRow) -> bool:
    """Whether a row states a 得分 and prints no 分值, so that nothing says what its score is of."""
    return points(row.score.value) is not None and points(row.weight.value) is None


def _is_unasked(row: IndicatorRow) -> bool:
    """Whether a row states a target but neither 完成值 nor points: whole bodies publish such rows, so no finding asks for them."""
    has_target = row.is_of_values and bool(row.target.text)
    return has_target and not any(entry.text for entry in (row.actual, row.weight, row.score))
