"""Official tables of budgets, accounts and targets, as data: one TOML file a table, laid out by ``forms.sheets``."""

from __future__ import annotations

from perfeval.forms.tables.contents import BLANK, Content
from perfeval.forms.tables.loading import available, chosen, load, load_file
from perfeval.forms.tables.model import Table

__all__ = ["BLANK", "Content", "Table", "available", "chosen", "load", "load_file"]
