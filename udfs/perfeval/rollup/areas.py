"""An area's form of a transfer beside the forms of its units: what the units have filled in is in it once more.

The money tells it: it is the sum of the others' of the same project and year. A form that says by itself that it is an area's
(区域, or no 资金使用单位) is one also where a unit's form is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from perfeval.forms import labels
from perfeval.forms.model import TRANSFER, Form

UNIT, AREA = 1, 2
"""What a transfer's form says of itself; 0 is any other form."""


class Filed(NamedTuple):
    """A transfer's form that counts. Money is in 分, ``half`` as in ``rollup.money``; ``says`` is UNIT or AREA."""

    path: str
    place: int
    sheet: str
    project: str
    year: int | None
    budget: int
    executed: int
    half: int
    says: int


def said_by(form: Form) -> int:
    """0 for a form that is no transfer's; AREA where its title is that of an area alone or no 资金使用单位 is named."""
    if form.kind != TRANSFER:
        return 0
    is_area = "区域" in form.title and "项目" not in form.title
    return AREA if is_area or not form.implementer.text else UNIT


def areas(forms: Iterable[Filed]) -> Iterator[tuple[Filed, str]]:
    """The forms of areas whose units' forms are there too, and why they do not count, in words."""
    by_project: defaultdict[tuple[str, int | None], list[Filed]] = defaultdict(list)
    for form in forms:
        by_project[labels.key(form.project), form.year].append(form)
    for (project, _), group in by_project.items():
        if project and len(group) > 1:
            largest = max(group, key=lambda form: (form.budget, form.says))
            others = [form for form in group if form is not largest]
            if why := _why(largest, others):
                yield largest, why


def _why(form: Filed, units: Sequence[Filed]) -> str:
    """Why a form is that of an area over the others; "" where nothing shows it to be one."""
    budget, executed = sum(one.budget for one in units), sum(one.executed for one in units)
    half = form.half + sum(one.half for one in units)
    is_sum = abs(budget - form.budget) <= half and abs(executed - form.executed) <= half
    many = f"同一项目、同一年度另有 {len(units)} 份自评表"
    if is_sum and (len(units) > 1 or form.says == AREA):
        return f"{many}，预算、执行合计就是这张表的数：这是区域的汇总表，只计那 {len(units)} 份"
    if form.says == AREA and any(one.says == UNIT for one in units):
        apart = f"{_yuan(form.budget)} 元，那些表合计 {_yuan(budget)} 元"
        return f"{many}，这张是区域的汇总表，只计那 {len(units)} 份；预算是 {apart}，请核对是否有单位没有报"
    return ""


def _yuan(fen: int) -> str:
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}" + (f".{rest:02d}" if rest else "")
