"""Reads the blocks of an official table from its file: amounts with columns and rows, drawn fields, listed indicators."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from perfeval.datafiles import TEXTS, Place, check, is_a, read
from perfeval.errors import TableError
from perfeval.workbook.tables.keys import check_block
from perfeval.workbook.tables.model import (
    ABOVE,
    AMOUNT,
    LEFT,
    LEVELS,
    PERCENT,
    RATE,
    TEXT,
    Amounts,
    Block,
    Codes,
    Column,
    Drawing,
    Listing,
    Row,
    Slot,
)

_KINDS = (TEXT, AMOUNT, PERCENT)
_MOST_OPEN = 200
_AMOUNTS = {"columns": list, "rows": list, "side": str, "down": str, "numbers": str}
_DRAWING = {"draw": TEXTS, "heights": list}
_LISTING = {"header": TEXTS, "line": str, "same": TEXTS, "kinds": list, "open": int, "every": bool}
_COLUMN = {
    **dict.fromkeys(("key", "label", "kind", "over", "message"), str), "width": int, "span": int,
    **dict.fromkeys(("sum", "less", "equals", "of"), TEXTS), "help": bool,
}  # fmt: skip
_ROW = {
    **dict.fromkeys(("key", "label"), str), "open": int, "level": int,
    **dict.fromkeys(("sum", "equals", "within", "none", "years"), TEXTS),
    **dict.fromkeys(("heading", "foot", "wide"), bool), "lines": dict, "code": dict,
}  # fmt: skip
_CODE = {"column": str, "top": str, "child": str, "names": str}
_CODES = {"codes": dict}
_FIELD = re.compile(r"(.*?)\[([a-z][a-z0-9_]*)(?::(amount|rate))?(?:=(.*))?\]")
_MARK = re.compile(r"\{([^{}]*)\}")
MARKS = ("单位名称", "年度", "上年")


def read_block(entry: Any, place: Place, width: int) -> Block:
    """A block from its entry in a file; ``width`` is how many columns the sheet states. Raises the place's error."""
    if isinstance(entry, dict) and "draw" in entry:
        check(entry, _DRAWING, place, ("draw",))
        heights = entry.get("heights", [])
        if heights and (
            len(heights) != len(entry["draw"]) or not all(is_a(one, int) and 0 < one < 410 for one in heights)
        ):
            raise place.fault("heights 应是 draw 每一行的最低行高（1 到 409 磅的整数）")
        return Drawing(tuple(_line(line, place, width) for line in entry["draw"]), tuple(heights))
    if isinstance(entry, dict) and "line" in entry:
        check(entry, _LISTING, place, ("header", "line", "same", "kinds", "open"))
        if not all(type(kind) is list and len(kind) == 2 and is_a(kind, TEXTS) for kind in entry["kinds"]):
            raise place.fault('kinds 的每一项应是 ["一级指标", "二级指标"]')
        _some(entry, "open", place)
        if not set(entry["same"]) <= set(LEVELS):
            raise place.fault(f"same 里只能写 {'、'.join(LEVELS)}")
        return Listing(
            tuple(_line(line, place, width) for line in entry["header"]),
            _line(entry["line"], place, width),
            tuple(entry["same"]),
            tuple((first, second) for first, second in entry["kinds"]),
            entry["open"],
            entry.get("every", False),
        )
    return _amounts(entry, place, width)


# --- a block of amounts ---


def _amounts(entry: Any, place: Place, width: int) -> Amounts:
    check(entry, _AMOUNTS, place, ("columns", "rows"))
    columns = tuple(each(entry["columns"], "columns", place, lambda one, at: _column(one, at, bool(width))))
    rows = tuple(each(entry["rows"], "rows", place, _row))
    texts = {key: entry[key] for key in ("side", "down", "numbers") if key in entry}
    block = Amounts(columns, rows, **texts)
    if columns[0].kind != TEXT or not any(column.kind == AMOUNT for column in columns):
        raise place.fault('第一列应是文字（kind = "text"）：每一行的名称；后面应有金额列（amount）')
    printed = [column for column in columns if not column.help]
    if width and sum(column.span for column in printed) + bool(block.down) != width:
        raise place.fault(f"各列的 span 合计应是 widths 的列数 {width}")
    check_block(block, place)
    return block


def _column(entry: Any, place: Place, wide: bool) -> Column:
    check(entry, _COLUMN, place, ("key", "label", "kind") if wide else ("key", "label", "kind", "width"))
    one_of(entry, "kind", _KINDS, place)
    marked(entry["label"], "label", place)
    for key in ("width", "span"):
        _some(entry, key, place)
    if (entry["kind"] == PERCENT) != (len(entry.get("of", ())) == 2):
        raise place.fault('比例列（percent）应写 of = ["金额列", "合计行"]，别的列不写')
    if entry["kind"] != AMOUNT and entry.keys() & {"sum", "less", "equals"}:
        raise place.fault("只有金额列（amount）才有 sum、less、equals")
    if "less" in entry and "sum" not in entry:
        raise place.fault("有 less 就应有 sum")
    return Column(**_tuples(entry))


def _row(entry: Any, place: Place) -> Row:
    check(entry, _ROW, place, ())
    known = _tuples(entry)
    _some(entry, "open", place)
    if "lines" in entry:
        known["lines"] = _row(entry["lines"], place.at("lines "))
    if "code" in entry:
        known["code"] = _code(entry["code"], place.at("code "))
    row = Row(**known)
    for text in (row.label, *row.years):
        marked(text, "label", place)
    if row.label and row.open:
        raise place.fault("有 label 的是印好的行，不要再写 open")
    if not row.label and not row.open and not row.foot:
        raise place.fault("应有 label（印好的行）或 open（留给人填的行数）")
    if row.lines and not (row.open and row.lines.open):
        raise place.fault("lines 只能在 open 的行里，自己也应有 open")
    if (row.open or row.sum or row.equals or row.within) and not row.key:
        raise place.fault("缺少 key")
    return row


def _code(entry: Any, place: Place) -> Codes:
    check(entry, _CODE, place, ("column", "top", "child"))
    names: tuple[tuple[str, str], ...] = ()
    if "names" in entry:
        source = Place(place.path.parent / "codes" / f"{entry['names']}.toml", "编码文件", TableError)
        found = read(source)
        check(found, _CODES, source)
        check(found["codes"], dict.fromkeys(found["codes"], str), source.at("[codes] "))
        names = tuple(found["codes"].items())
    return Codes(entry["column"], entry["top"], entry["child"], names)


def _tuples(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if type(value) is list else value for key, value in entry.items()}


def _some(entry: Mapping[str, Any], key: str, place: Place) -> None:
    if not 0 < entry.get(key, 1) <= _MOST_OPEN:
        raise place.fault(f"{key} 应是 1 到 {_MOST_OPEN} 的整数")


# --- drawn cells ---


def _line(text: str, place: Place, width: int) -> tuple[Slot, ...]:
    """``项目名称 | [name] | <``: a cell between bars."""
    slots = tuple(_slot(cell.strip(), place) for cell in text.split("|"))
    if len(slots) != width:
        raise place.fault(f"“{text}”有 {len(slots)} 格，应与 widths 的列数 {width} 相同")
    if slots[0] == LEFT:
        raise place.fault(f"“{text}”的第一格左边没有格子，不能写 <")
    return slots


def _slot(text: str, place: Place) -> Slot:
    if text in {LEFT.words, ABOVE.words}:
        return LEFT if text == LEFT.words else ABOVE
    match = _FIELD.fullmatch(text)
    if match is None:
        if "[" in text:
            raise place.fault(
                f"“{text}”里的字段应写成 [key]、[key=原有文字]、[key:amount]、[key:amount=a+b]、[key:amount==a+b] "
                "或 [key:rate=执行/预算]"
            )
        marked(text, "格子", place)
        return Slot(text)
    words, field, kind, behind = match.groups()
    if kind is None:
        return Slot(words, field, default=behind or "")
    if kind == RATE:
        of = tuple(part.strip() for part in (behind or "").split("/"))
        if len(of) != 2:
            raise place.fault(f"“{text}”里的比率应写成 [key:rate=执行/预算]")
        return Slot(words, field, RATE, of=of)
    parts = (behind or "").removeprefix("=")
    sum_of = tuple(part.strip() for part in parts.split("+")) if parts else ()
    return Slot(words, field, AMOUNT, sum_of, given=parts != (behind or ""))


# --- what all blocks ask of words ---


def each(entries: Any, name: str, place: Place, make: Callable[[Any, Place], Any]) -> Iterable[Any]:
    """What is made of each entry of a list, told by its number."""
    if not entries:
        raise place.fault(f"{name} 是空的")
    return (make(entry, place.at(f"[{name} 第 {number} 项] ")) for number, entry in enumerate(entries, start=1))


def one_of(table: Mapping[str, Any], key: str, known: Sequence[str], place: Place) -> None:
    """Refuses a word that is none of those known."""
    if table[key] not in known:
        raise place.fault(f"{key} “{table[key]}”不认识，可用：{'、'.join(known)}")


def marked(text: str, key: str, place: Place) -> None:
    """Refuses a label with marks that are none of ours."""
    for mark in _MARK.findall(text):
        if mark not in MARKS:
            raise place.fault(f"{key} 里的 {{{mark}}} 不认识，可用：{'、'.join(MARKS)}")
