"""The keys of an official table: what names another row, column or field must name one, and never itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from perfeval.datafiles import Place
from perfeval.workbook.tables.model import AMOUNT, TEXT, Amounts, Block, Drawing, Slot


def check_block(block: Amounts, place: Place) -> None:
    """Refuses a block of amounts whose columns or rows name what is not there, or themselves."""
    _check_columns(block, place)
    _check_rows(block, place)


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
    _check_circles("列", {column.key: (*column.sum, *column.less) for column in block.columns}, place)


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
        apart = [one for one in block.every_row() if one.key in row.sum and (one.code or one.lines or one.years)]
        if apart and len(row.sum) > 1:
            raise at.fault(f"sum 里的 {apart[0].key} 有 code、lines 或 years，应单独合计")
    for one, following in pairwise(block.rows):
        if one.open and following.open:
            raise place.fault(f"行 {one.key} 和 {following.key} 都留给人填，中间应有印好的行")
    _check_circles("行", {row.key: row.sum for row in block.rows}, place)


def _check_circles(what: str, sums: Mapping[str, Sequence[str]], place: Place) -> None:
    """Refuses what would be the sum of itself."""

    def below(key: str, path: tuple[str, ...]) -> None:
        if key in path:
            raise place.fault(f"{what} {key} 的 sum 绕回了自己")
        for part in sums.get(key, ()):
            below(part, (*path, key))

    for key in sums:
        below(key, ())


def check_table(blocks: Sequence[Block], place: Place) -> None:
    """Refuses keys that are not one row's, one column's or one field's alone, and sums of what is not there.

    What must agree may stand in another block.
    """
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
        for one in (*slot.sum, *slot.of):
            if fields.get(one) != AMOUNT or one == slot.field:
                raise place.fault(f"[{slot.field}] 的算式里的 {one} 不是另一个金额字段")
    _check_circles("字段", {slot.field: slot.sum for block in blocks for slot in _slots(block) if slot.field}, place)
    _check_sides(blocks, place)


def _check_sides(blocks: Sequence[Block], place: Place) -> None:
    sides = [isinstance(block, Amounts) and bool(block.side) for block in blocks]
    beside = len(blocks) > 1 and all(isinstance(block, Amounts) for block in blocks)
    if beside and not all(sides):
        raise place.fault("几个金额的 block 并排，都应有 side（收入、支出）")
    if any(sides) and not beside:
        raise place.fault("只有几个金额的 block 并排时才写 side")


def _slots(block: Block) -> tuple[Slot, ...]:
    return tuple(slot for line in block.lines for slot in line) if isinstance(block, Drawing) else ()
