"""How a finding on a whole body's form names its place and its indicator."""

from __future__ import annotations

import re

from perfeval.forms.body_form import BodyForm
from perfeval.forms.levels import LevelRow
from perfeval.forms.model import Entry


def place(form: BodyForm, *entries: Entry) -> str:
    """The first of some entries that has a cell; the top left cell of the indicators where none has."""
    return next((str(entry.cell) for entry in entries if entry.cell), f"{form.block.area}".partition(":")[0])


def name_of(row: LevelRow) -> str:
    """The name of an indicator without its blanks."""
    return re.sub(r"\s+", "", row.name.text)
