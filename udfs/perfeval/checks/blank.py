"""The forms that nobody has filled in: an error each at the year's end, one reminder while there are only targets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from perfeval.checks.context import Context
from perfeval.findings import Finding, Level, declare
from perfeval.forms.filled import Filling
from perfeval.forms.grid import Address
from perfeval.forms.model import OF_ONE, Form
from perfeval.records import names

NOT_FILLED_IN = declare(
    "R37",
    Level.ERROR,
    "没有填报",
    "填上执行数、完成值和得分；用不着的表删去；只报目标的，“阶段”选“目标”，别的文件用 check --stage targets",
    "{form}{state}：{asked}",
)
_ONLY_TARGETS = NOT_FILLED_IN.says("{count} 张表还没有填自评，阶段是{stage}")
_SPARE = NOT_FILLED_IN.says("{count} 张备用的空白表没有用到（没有项目名称和金额），没有复核：{sheets}")
_MOST_NAMED = 5  # sheets that one finding names
_ASKED = "没有全年执行数、实际完成值、得分、偏差原因，也没有实际完成情况"
_ASKED_OF_A_BODY = "没有完成值、得分、执行数，也没有实际完成情况"


def check(context: Context) -> Iterator[Finding]:
    """What is blank in a book."""
    missing = [form for form in context.forms if context.filling(form).is_missing]
    if context.stage == names.AT_YEAR_END:
        yield from (_form(form, context.filling(form)) for form in missing)
    elif missing:
        said = _ONLY_TARGETS.of(count=len(missing), stage=names.AT_YEAR_START)
        yield replace(said.at(found=f"{len(missing)} 张"), level=Level.WARNING)
    spare = [form for form in context.forms if context.filling(form) is Filling.SPARE]
    if spare:
        said = _SPARE.of(count=len(spare), sheets=_sheets(spare))
        yield replace(said.at(found=f"{len(spare)} 张"), level=Level.NOTE)


def _form(form: Form, state: Filling) -> Finding:
    name, asked = (form.name.text, _ASKED) if form.kind in OF_ONE else ("", _ASKED_OF_A_BODY)
    said = NOT_FILLED_IN.of(form=f"“{name}”" if name else "", state=state.value, asked=asked)
    return said.at(form.sheet, str(Address(form.area.top, form.area.left)))


def _sheets(forms: Sequence[Form]) -> str:
    sheets = list(dict.fromkeys(form.sheet for form in forms))
    return "、".join(sheets[:_MOST_NAMED]) + (f" 等 {len(sheets)} 张" if len(sheets) > _MOST_NAMED else "")
