"""Which cells may not be changed, on disk and live alike."""

from __future__ import annotations

from perfeval.errors import EditRefused
from perfeval.forms.grid import Address, Cell, Grid


def refuse_untouchable(grid: Grid, place: Address, cell: Cell) -> None:
    """Raises EditRefused when a change of this cell alone would tear a merged area or an array, or is locked away."""

    def refuse(reason: str) -> EditRefused:
        return EditRefused(grid.name, str(place), reason)

    merged = grid.area_of(place)
    if place != (merged.top, merged.left):
        first = Address(merged.top, merged.left)
        raise refuse(f"在合并区域 {merged} 之内，内容只能写在左上角的 {first}；请改写 {first}")
    if (array := grid.array_of(place)) is not None:
        raise refuse(f"属于数组公式或模拟运算表的区域 {array}，不能单独改动；请在表格软件里整体修改")
    if grid.protected and cell.locked:
        raise refuse("已锁定，工作表受保护；请先在“审阅”里撤销工作表保护")
