"""How a workbook stores values: number formats that mean dates, date serials, escaped characters."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, cached_property

from perfeval.budget import FORMULA_LENGTH
from perfeval.digits import real, whole_or
from perfeval.errors import CellError, InvalidValue
from perfeval.forms.grid import Value

Scalar = str | float | int | bool | CellError | None

MAX_TEXT = 32_767
_LAST_SERIAL = 2_958_466  # 10000-01-01
_DAY = timedelta(days=1)
_MILLISECONDS = 86_400_000

_BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0",
    39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00", 41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "￥"* #,##0_ ;_ "￥"* -#,##0_ ;_ "￥"* "-"_ ;_ @_ ', 43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "￥"* #,##0.00_ ;_ "￥"* -#,##0.00_ ;_ "￥"* "-"??_ ;_ @_ ', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@",
    # In a Chinese Excel these ids stand for dates and times, and the file need not spell them out.
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"', 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}  # fmt: skip


def built_in_format(number: str) -> str:
    """The code of a number format that a file names by its id alone."""
    return _BUILT_IN.get(whole_or(number, 0), "General")


@dataclass(frozen=True)
class Style:
    """What a cell's style says about its content: number format code, and whether protection locks it."""

    format: str
    locked: bool

    @cached_property
    def temporal(self) -> str:
        """ "" for a plain number, else which parts of a moment its format shows: "date", "time" or "datetime"."""
        return _temporal(self.format)


GENERAL = Style("General", locked=True)

_NO_LETTERS = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)


@cache
def _temporal(code: str) -> str:
    code = code.partition(";")[0]
    if _ELAPSED.search(code):
        return ""  # an elapsed time is a quantity
    letters = re.sub(r"am/pm|a/p|general", "", _NO_LETTERS.sub("", code).lower())
    clock = "h" in letters or "s" in letters
    day = "y" in letters or "d" in letters or "aaa" in letters or ("m" in letters and not clock)
    return ("date" if day else "") + ("time" if clock else "")


def _base(base_1904: bool, serial: float) -> datetime:
    if base_1904:
        return datetime(1904, 1, 1)
    # The 1900 system counts a 29 February 1900 that never was.
    return datetime(1899, 12, 30) if serial >= 60 else datetime(1899, 12, 31)


def moment(serial: float, style: Style, base_1904: bool) -> Value:
    """The number as its format shows it: a date, a time, a datetime; the number itself where there is no such day."""
    if not style.temporal or not 0 <= serial < _LAST_SERIAL or (not base_1904 and 60 <= serial < 61):
        return serial
    if serial < 1 and not (base_1904 and "date" in style.temporal):
        if "date" in style.temporal:
            return serial
        instant = datetime.min + timedelta(milliseconds=round(serial * _MILLISECONDS))
        return instant.time() if instant < datetime.min + _DAY else serial
    try:
        instant = _base(base_1904, serial) + timedelta(milliseconds=round(serial * _MILLISECONDS))
    except OverflowError:
        return serial
    if style.temporal == "date" and instant.time() == time():
        return instant.date()
    return instant


_DURATION = re.compile(
    r"P(?:([0-9]{1,7})D)?(?:T(?:([0-9]{1,7})H)?(?:([0-9]{1,7})M)?(?:([0-9]{1,7}(?:\.[0-9]{0,9})?)S)?)?"
)


def days(duration: str) -> float:
    """An ISO 8601 duration as days: ``P1DT12H`` → 1.5. Raises InvalidValue."""
    parts = _DURATION.fullmatch(duration)
    if parts is None or not any(parts.groups()):
        raise InvalidValue(f"“{duration[:40]}”不是一段时间")
    amounts = zip(parts.groups("0"), (86_400, 3_600, 60, 1), strict=True)
    return sum(real(amount) * seconds for amount, seconds in amounts) / 86_400


def scalar(value: Value, base_1904: bool) -> Scalar:
    """A value as the file stores it: dates and times as serial numbers, "" as nothing. Raises InvalidValue."""
    match value:
        case "" | None:
            return None
        case bool() | CellError():
            return value
        case str():
            return _checked_text(value)
        case int() | float():
            return _checked_number(value)
        case datetime(tzinfo=zone) | time(tzinfo=zone) if zone is not None:
            raise InvalidValue("时间带有时区，无法写入单元格；请改为当地时间")
        case datetime():
            return _serial(value, base_1904)
        case date():
            return _serial(datetime(value.year, value.month, value.day), base_1904)
        case time():
            return _number((datetime.combine(date.min, value) - datetime.min) / _DAY)
    raise InvalidValue(f"{type(value).__name__} 类型的值无法写入单元格；请给出文本、数字或日期")


def _serial(instant: datetime, base_1904: bool) -> float:
    serial = (instant - _base(base_1904, 60)) / _DAY
    if not base_1904 and serial < 61:
        serial -= 1
    if serial < (0 if base_1904 else 1):
        raise InvalidValue(f"日期 {instant:%Y-%m-%d} 早于工作簿的日期起点，无法写入；请核对年份")
    return _number(serial)


def _number(value: float) -> float:
    return int(value) if value.is_integer() else value


def _checked_number(value: float) -> float:
    try:
        finite = math.isfinite(value)
    except OverflowError:
        finite = False
    if not finite:
        raise InvalidValue("数值不是有限的数（无穷大或 NaN），无法写入单元格；请核对计算")
    return value


def _checked_text(value: str) -> str:
    if len(value.encode("utf-16-le", "surrogatepass")) > 2 * MAX_TEXT:
        raise InvalidValue(f"文字超过 {MAX_TEXT} 个字，一个单元格放不下；请缩短")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise InvalidValue("文字里有残缺的字符，无法写入；请重新录入这段文字")
    return value


def formula_text(text: str) -> str:
    """A formula's text, if a cell can hold it. Raises InvalidValue."""
    if not text or len(text) > FORMULA_LENGTH.most or not _XML_TEXT.fullmatch(text):
        raise InvalidValue(f"公式是空的、超过 {FORMULA_LENGTH.most} 个字或有不能写入的字符；请改正公式")
    return text


def number_text(value: float) -> str:
    """A number as the file holds it: the shortest text that reads back the same."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value) if isinstance(value, float) or abs(value) < 10**15 else repr(float(value))


_XML_TEXT = re.compile("[^\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]*")
_UNWRITABLE = re.compile("[\0-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def encoded(text: str) -> str:
    """Text with what XML cannot carry written as Excel writes it: ``_x000D_``."""
    return _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def decoded(text: str) -> str:
    """The reverse of ``encoded``."""
    return _ESCAPED.sub(_letter, text) if "_x" in text else text


def _letter(found: re.Match[str]) -> str:
    letter = chr(int(found[1], 16))
    return found[0] if "\ud800" <= letter <= "\udfff" else letter
