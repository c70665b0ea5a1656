"""The forms that nobody has filled in: an error each at the year's end, one reminder while there are only targets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from perfeval.checks.context import Context
from perfeval.findings import NOT_FILLED_IN, Finding, Level
from perfeval.forms.filled import Filling
from perfeval.forms.grid import Address
from perfeval.forms.model import OF_ONE, Form
from perfeval.records import names

_MOST_NAMED = 5  # sheets that one finding names
_ASKED = "没有全年执行数、实际完成值、得分、偏差原因，也没有实际完成情况"
_ASKED_OF_A_BODY = "没有完成值、得分、执行数，也没有实际完成情况"


def check(context: Context) -> Iterator[Finding]:
    """What is blank in a book."""
    missing = [form for form in context.forms if context.filling(form).is_missing]
    if context.stage == names.AT_YEAR_END:
        yield from (_form(form, context.filling(form)) for form in missing)
    elif missing:
        told = f"{len(missing)} 张表还没有填自评，阶段是{names.AT_YEAR_START}"
        yield replace(NOT_FILLED_IN(told, found=f"{len(missing)} 张"), level=Level.WARNING)
    spare = [form for form in context.forms if context.filling(form) is Filling.SPARE]
    if spare:
        told = f"{len(spare)} 张备用的空白表没有用到（没有项目名称和金额），没有复核：{_sheets(spare)}"
        yield replace(NOT_FILLED_IN(told, found=f"{len(spare)} 张"), level=Level.NOTE)


def _form(form: Form, state: Filling) -> Finding:
    name, asked = (form.name.text, _ASKED) if form.kind in OF_ONE else ("", _ASKED_OF_A_BODY)
    told = f"{f'“{name}”' if name else ''}{state.value}：{asked}"
    place = Address(form.area.top, form.area.left)
    return NOT_FILLED_IN(told, sheet=form.sheet, cell=str(place))


def _sheets(forms: Sequence[Form]) -> str:
    sheets = list(dict.fromkeys(form.sheet for form in forms))
    return "、".join(sheets[:_MOST_NAMED]) + (f" 等 {len(sheets)} 张" if len(sheets) > _MOST_NAMED else "")
