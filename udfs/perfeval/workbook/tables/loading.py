"""Reads official tables from their TOML files; a fault is refused by file, block, row or column, and key."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from perfeval.datafiles import TEXTS, Place, check, is_a, read
from perfeval.errors import TableError, UnknownName
from perfeval.records import names
from perfeval.workbook.tables.blocks import each, marked, one_of, read_block
from perfeval.workbook.tables.keys import check_table
from perfeval.workbook.tables.model import Table

FOLDER = Path(__file__).parent
GROUPS = ("目标", "预算", "决算", "转移支付")
_MOST_DECIMALS = 6

_TABLE = {
    **dict.fromkeys(("id", "group", "sheet", "title", "document", "unit"), str), "block": list,
    **dict.fromkeys(("number", "subtitle", "body_line", "unit_line"), str),
    "decimals": int, "landscape": bool, "per_project": bool, "widths": list, "notes": TEXTS,
}  # fmt: skip
_NEEDED = ("id", "group", "sheet", "title", "document", "unit", "block")


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
    one_of(found, "group", GROUPS, place)
    one_of(found, "unit", names.UNITS, place)
    if not re.fullmatch(r"(表\d{1,3})?", found.get("number", "")):
        raise place.fault(f"number “{found['number']}”应写成 表3 的样子")
    if not 0 <= found.get("decimals", 0) <= _MOST_DECIMALS:
        raise place.fault(f"decimals 应是 0 到 {_MOST_DECIMALS} 的整数")
    widths = found.get("widths", [])
    if not all(is_a(width, int) and 0 < width < 200 for width in widths):
        raise place.fault("widths 应是列宽（1 到 199 的整数）的列表")
    for key in ("title", "subtitle", "body_line", "unit_line"):
        marked(found.get(key, ""), key, place)
    blocks = tuple(each(found["block"], "block", place, lambda entry, at: read_block(entry, at, len(widths))))
    check_table(blocks, place)
    scalars = {key: value for key, value in found.items() if key not in {"block", "widths", "notes"}}
    return Table(**scalars, blocks=blocks, widths=tuple(widths), notes=tuple(found.get("notes", ())))
