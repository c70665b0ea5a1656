"""Official tables on sheets: heading, blocks and notes as ``workbook.tables`` describes them, with live sums and checks."""

from __future__ import annotations

from perfeval.workbook.tables.layout.sheet import Sheet, lay_out

__all__ = ["Sheet", "lay_out"]
