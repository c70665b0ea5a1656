"""Reads official tables from their TOML files; a fault is refused by file, block, row or column, and key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from perfeval.datafiles import TEXTS, Place, check, is_a, read
from perfeval.errors import TableError, UnknownName
from perfeval.forms.tables.model import (
    ABOVE,
    AMOUNT,
    LEFT,
    PERCENT,
    TEXT,
    Amounts,
    Block,
    Codes,
    Column,
    Drawing,
    Listing,
    Row,
    Slot,
    Table,
)

FOLDER = Path(__file__).parent
GROUPS = ("目标", "预算", "决算")
_UNITS = ("元", "万元")
_KINDS = (TEXT, AMOUNT, PERCENT)
_MOST_OPEN = 200

_TABLE = {
    **dict.fromkeys(("id", "group", "sheet", "title", "document", "unit"), str), "block": list,
    **dict.fromkeys(("number", "subtitle", "body_line", "unit_line"), str),
    "decimals": int, "landscape": bool, "per_project": bool, "widths": list, "notes": TEXTS,
}  # fmt: skip
_NEEDED = ("id", "group", "sheet", "title", "document", "unit", "block")
_AMOUNTS = {"columns": list, "rows": list, "side": str, "down": str, "numbers": str}
_DRAWING = {"draw": TEXTS}
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
_FIELD = re.compile(r"(.*?)\[([a-z][a-z0-9_]*)(?::(amount))?(?:=(.*))?\]")
_MARK = re.compile(r"\{([^{}]*)\}")
MARKS = ("单位名称", "年度", "上年")


def available() -> tuple[str, ...]:
    """The ids of all official tables, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def load(identifier: str) -> Table:
    """The table of this id. Raises UnknownName, or TableError for a faulty file."""
    if identifier not in available():
        raise UnknownName(f"没有表“{identifier}”，可用：" + "、".join(available()))
    return load_file(FOLDER / f"{identifier}.toml")


def chosen(text: str) -> tuple[Table, ...]:
    """The tables that a person names, in the tables' own order: groups (预算), numbers (表3) or ids, separated by commas.

    Raises UnknownName.
    """
    words = [word for word in re.split(r"[,，、;；\s]+", text) if word]
    tables = sorted(map(load, available()), key=_order)
    for word in words:
        if not any(word in _called(table) for table in tables):
            known = "、".join((*GROUPS, *(table.number or table.sheet for table in tables)))
            raise UnknownName(f"没有表“{word}”，可用：{known}")
    return tuple(table for table in tables if any(word in _called(table) for word in words))


def _called(table: Table) -> tuple[str, ...]:
    return (table.group, table.id, table.sheet, *((table.number,) if table.number else ()))


def _order(table: Table) -> tuple[int, int, str]:
    return GROUPS.index(table.group), int(table.number.removeprefix("表") or 0), table.id


def load_file(path: Path) -> Table:
    """The table in one TOML file. Raises TableError naming the file, the place and the fault."""
    place = Place(path, "表样文件", TableError)
    found = read(place)
    check(found, _TABLE, place, _NEEDED)
    if found["id"] != path.stem:
        raise place.fault(f"id “{found['id']}”与文件名不同")
    _one_of(found, "group", GROUPS, place)
    _one_of(found, "unit", _UNITS, place)
    if not re.fullmatch(r"(表\d{1,3})?", found.get("number", "")):
        raise place.fault(f"number “{found['number']}”应写成 表3 的样子")
    widths = found.get("widths", [])
    if not all(is_a(width, int) and 0 < width < 200 for width in widths):
        raise place.fault("widths 应是列宽（1 到 199 的整数）的列表")
    for key in ("title", "subtitle", "body_line", "unit_line"):
        _marked(found.get(key, ""), key, place)
    blocks = tuple(_each(found["block"], "block", place, lambda entry, at: _block(entry, at, len(widths))))
    _check_keys(blocks, place)
    _check_sides(blocks, place)
    scalars = {key: value for key, value in found.items() if key not in {"block", "widths", "notes"}}
    return Table(**scalars, blocks=blocks, widths=tuple(widths), notes=tuple(found.get("notes", ())))


def _each(entries: Any, name: str, place: Place, make: Callable[[Any, Place], Any]) -> Iterable[Any]:
    if not entries:
        raise place.fault(f"{name} 是空的")
    return (make(entry, place.at(f"[{name} 第 {number} 项] ")) for number, entry in enumerate(entries, start=1))


def _one_of(table: Mapping[str, Any], key: str, known: Sequence[str], place: Place) -> None:
    if table[key] not in known:
        raise place.fault(f"{key} “{table[key]}”不认识，可用：{'、'.join(known)}")


def _marked(text: str, key: str, place: Place) -> None:
    for mark in _MARK.findall(text):
        if mark not in MARKS:
            raise place.fault(f"{key} 里的 {{{mark}}} 不认识，可用：{'、'.join(MARKS)}")


def _block(entry: Any, place: Place, width: int) -> Block:
    if isinstance(entry, dict) and "draw" in entry:
        check(entry, _DRAWING, place)
        return Drawing(tuple(_line(line, place, width) for line in entry["draw"]))
    if isinstance(entry, dict) and "line" in entry:
        check(entry, _LISTING, place, ("header", "line", "same", "kinds", "open"))
        if not all(type(kind) is list and len(kind) == 2 and is_a(kind, TEXTS) for kind in entry["kinds"]):
            raise place.fault('kinds 的每一项应是 ["一级指标", "二级指标"]')
        _some(entry, "open", place)
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
    columns = tuple(_each(entry["columns"], "columns", place, lambda one, at: _column(one, at, bool(width))))
    rows = tuple(_each(entry["rows"], "rows", place, _row))
    texts = {key: entry[key] for key in ("side", "down", "numbers") if key in entry}
    block = Amounts(columns, rows, **texts)
    if columns[0].kind != TEXT:
        raise place.fault('第一列应是文字（kind = "text"）：每一行的名称')
    printed = [column for column in columns if not column.help]
    if width and sum(column.span for column in printed) + bool(block.down) != width:
        raise place.fault(f"各列的 span 合计应是 widths 的列数 {width}")
    _check_columns(block, place)
    _check_rows(block, place)
    return block


def _column(entry: Any, place: Place, wide: bool) -> Column:
    check(entry, _COLUMN, place, ("key", "label", "kind") if wide else ("key", "label", "kind", "width"))
    _one_of(entry, "kind", _KINDS, place)
    _marked(entry["label"], "label", place)
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
        _marked(text, "label", place)
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


# --- keys ---


def _check_columns(block: Amounts, place: Place) -> None:
    kinds = {column.key: column.kind for column in block.columns}
    for column in block.columns:
        at = place.at(f"列“{column.label}”：")
        for key, wanted in (
            ("sum", column.sum),
            ("less", column.less),
            ("equals", column.equals),
            ("of", column.of[:1]),
        ):
            for one in wanted:
                if kinds.get(one) != AMOUNT or one == column.key:
                    raise at.fault(f"{key} 里的 {one} 不是这个 block 里另一个金额列的 key")
        if column.of and column.of[1] not in {row.key for row in block.rows}:
            raise at.fault(f"of 里的 {column.of[1]} 不是这个 block 里的行的 key")


def _check_rows(block: Amounts, place: Place) -> None:
    own = {row.key for row in block.rows} - {""}
    columns = {column.key: column.kind for column in block.columns}
    for row in block.every_row():
        at = place.at(f"行“{row.label or row.key}”：")
        for column in row.none:
            if columns.get(column) != AMOUNT:
                raise at.fault(f"none 里的 {column} 不是金额列的 key")
        if row.code and columns.get(row.code.column) != TEXT:
            raise at.fault(f"code 的 column {row.code.column} 不是文字列的 key")
        if row.years and sum(kind == TEXT for kind in columns.values()) < 2:
            raise at.fault("有 years 时，第二列应是写年度的文字列")
        within = own | ({row.lines.key} if row.lines else set())
        for key, wanted in (("sum", row.sum), ("within", row.within)):
            for one in wanted:
                if one not in within or one == row.key:
                    raise at.fault(f"{key} 里的 {one} 不是这个 block 里另一行的 key")
    _check_circles(block, place)


def _check_circles(block: Amounts, place: Place) -> None:
    """Refuses rows that would be the sum of themselves."""
    sums = {row.key: row.sum for row in block.rows if row.key}

    def below(key: str, path: tuple[str, ...]) -> None:
        if key in path:
            raise place.fault(f"行 {key} 的 sum 绕回了自己")
        for part in sums.get(key, ()):
            below(part, (*path, key))

    for key in sums:
        below(key, ())


def _check_keys(blocks: Sequence[Block], place: Place) -> None:
    """Keys are one row's, or one column's, of the whole table; what must agree may stand in another block."""
    amounts = [block for block in blocks if isinstance(block, Amounts)]
    for name, found in (
        ("行", [row.key for block in amounts for row in block.every_row() if row.key]),
        ("列", [column.key for block in amounts for column in block.columns]),
        ("字段", [slot.field for block in blocks for slot in _slots(block) if slot.field]),
    ):
        twice = [key for number, key in enumerate(found) if key in found[:number]]
        if twice:
            raise place.fault(f"有两个{name}的 key 是 {twice[0]}")
    rows = {row.key for block in amounts for row in block.rows}
    for block in amounts:
        for row in block.rows:
            for one in row.equals:
                if one not in rows or one == row.key:
                    raise place.fault(f"行“{row.label}”：equals 里的 {one} 不是另一行的 key")
    fields = {slot.field: slot.kind for block in blocks for slot in _slots(block)}
    for slot in (slot for block in blocks for slot in _slots(block)):
        for one in slot.sum:
            if fields.get(one) != AMOUNT or one == slot.field:
                raise place.fault(f"[{slot.field}] 的算式里的 {one} 不是另一个金额字段")


def _check_sides(blocks: Sequence[Block], place: Place) -> None:
    sides = [isinstance(block, Amounts) and bool(block.side) for block in blocks]
    if any(sides) and not all(sides):
        raise place.fault("有 side 的 block 并排，同一张表的 block 都应有 side")


def _slots(block: Block) -> tuple[Slot, ...]:
    return tuple(slot for line in block.lines for slot in line) if isinstance(block, Drawing) else ()


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
            raise place.fault(f"“{text}”里的字段应写成 [key]、[key=原有文字]、[key:amount] 或 [key:amount=a+b]")
        _marked(text, "格子", place)
        return Slot(text)
    words, field, kind, behind = match.groups()
    if kind is None:
        return Slot(words, field, default=behind or "")
    return Slot(words, field, AMOUNT, tuple(part.strip() for part in behind.split("+")) if behind else ())
