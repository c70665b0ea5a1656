"""How a finding on a whole body's form names its place and its indicator."""

from __future__ import annotations

import re

from perfeval.forms.grid import Address
from perfeval.forms.model import Entry, Form, IndicatorRow


def place(form: Form, *entries: Entry) -> str:
    """The first of some entries that has a cell; the top left cell of the indicators where none has."""
    return next((str(entry.cell) for entry in entries if entry.cell), str(Address(form.area.top, form.area.left)))


def name_of(row: IndicatorRow) -> str:
    """The name of an indicator without its blanks."""
    return re.sub(r"\s+", "", row.name.text)
