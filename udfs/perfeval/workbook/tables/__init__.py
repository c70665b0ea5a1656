"""Official tables of budgets, accounts and targets, as data: one TOML file a table, laid out by ``layout``."""

from __future__ import annotations

from perfeval.workbook.tables.contents import BLANK, Content
from perfeval.workbook.tables.loading import available, chosen, load, load_file
from perfeval.workbook.tables.model import Table

__all__ = ["BLANK", "Content", "Table", "available", "chosen", "load", "load_file"]
