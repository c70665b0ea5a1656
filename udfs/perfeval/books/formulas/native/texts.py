"""Text: parts, lengths, number formats."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from perfeval.arithmetic import exact, rounded
from perfeval.books.formulas.native.table import scalar, whole
from perfeval.books.formulas.operands import Operand, Range, items
from perfeval.books.formulas.syntax import Unsupported
from perfeval.books.formulas.values import converted, failing, integer, joined, number, text
from perfeval.errors import VALUE, CellError

if TYPE_CHECKING:
    from perfeval.forms.grid import Value


@scalar("LEN")
def _len(value: Value) -> float:
    return float(_units(text(value)))


def _units(content: str) -> int:
    if any(character > "\uffff" for character in content):
        raise Unsupported("扩展区汉字和表情的字数，各表格软件不同")
    return len(content)


@scalar("TRIM")
def _trim(value: Value) -> str:
    return re.sub(" +", " ", text(value)).strip(" ")


@scalar("LEFT")
def _left(value: Value, count: Value = 1.0) -> str:
    return _slice(value, 0, count)


@scalar("RIGHT")
def _right(value: Value, count: Value = 1.0) -> str:
    return _slice(value, max(0, _units(text(value)) - _not_negative(count)), count)


@scalar("MID")
def _mid(value: Value, start: Value, count: Value) -> str:
    if integer(start) < 1:
        raise failing(VALUE)
    return _slice(value, integer(start) - 1, count)


def _slice(value: Value, start: int, count: Value) -> str:
    content = text(value)
    _units(content)
    return content[start : start + _not_negative(count)]


def _not_negative(count: Value) -> int:
    if integer(count) < 0:
        raise failing(VALUE)
    return integer(count)


_LARGE = 1e15  # from here on the digits of a double are not all known
_FORMAT = re.compile(r"(#,##)?0(?:\.(0{1,15}))?(%?)")


@scalar("TEXT")
def _text(value: Value, code: Value) -> str:
    match = _FORMAT.fullmatch(text(code))
    if not match or isinstance(value, bool):
        raise Unsupported(f"TEXT 的格式“{text(code)[:20]}”不支持")
    if isinstance(value, str) and isinstance(converted(value), CellError):
        return value  # a format of one section is for numbers alone
    grouped, decimals, percent = match.groups()
    shown = number(value) * (100 if percent else 1)
    if abs(shown) >= _LARGE:
        raise Unsupported("很大的数转成文字，各表格软件写法不同")
    amount = exact(shown)
    places = len(decimals or "")
    units = rounded(amount, places)
    if amount.units < 0 and not units.units:
        raise Unsupported("舍入为 0 的负数有没有负号，各表格软件不同")
    digits = str(abs(units.units) * 10 ** (places - units.places)).rjust(places + 1, "0")
    integral, fraction = (digits[:-places], "." + digits[-places:]) if places else (digits, "")
    if grouped:
        integral = f"{int(integral):,}"
    return f"{'-' if units.units < 0 else ''}{integral}{fraction}{percent}"


@scalar("FIND")
def _find(wanted: Value, value: Value, start: Value = 1.0) -> float:
    content, sought, first = text(value), text(wanted), integer(start) - 1
    if not sought:
        raise Unsupported("FIND 找空白，各表格软件不同")
    place = content.find(sought, first) if 0 <= first <= _units(content) else -1
    if place < 0:
        raise failing(VALUE)
    return place + 1.0


@scalar("SUBSTITUTE")
def _substitute(value: Value, old: Value, new: Value) -> str:
    return text(value).replace(text(old), text(new)) if text(old) else text(value)


@scalar("CONCATENATE")
def _concatenate(*values: Value) -> str:
    return joined(*values)


@whole("CONCAT")
def _concat(*operands: Operand) -> str:
    values: list[Value] = []
    for operand in operands:
        values += items(operand) if isinstance(operand, (Range, tuple)) else [operand]
    return joined(*values)


@scalar("VALUE")
def _value(value: Value) -> float:
    if isinstance(value, bool):
        raise failing(VALUE)
    return number(value)


@scalar("N")
def _n(value: Value) -> float:
    return 0.0 if isinstance(value, str) else number(value)


@scalar("T")
def _t(value: Value) -> str:
    return value if isinstance(value, str) else ""


@scalar("EXACT")
def _exact(left: Value, right: Value) -> bool:
    return text(left) == text(right)


@scalar("HYPERLINK")
def _hyperlink(target: Value, *shown: Value) -> Value:
    if len(shown) > 1 or shown == (None,):
        raise Unsupported("HYPERLINK 显示空白单元格，各表格软件不同")
    return shown[0] if shown else target
