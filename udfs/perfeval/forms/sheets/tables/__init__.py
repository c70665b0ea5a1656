"""Official tables on sheets: heading, blocks and notes as ``forms.tables`` describes them, with live sums and checks."""

from __future__ import annotations

from perfeval.forms.sheets.tables.sheet import Sheet, lay_out

__all__ = ["Sheet", "lay_out"]
