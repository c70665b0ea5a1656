"""Labels that name the body or a year: live in the workbook, and as text for what is laid beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from perfeval import formulatext
from perfeval.forms.edits import Formula
from perfeval.records import names

_MARK = re.compile(r"(\{[^{}]*\})")
_LIVE = {
    "{单位名称}": f'{names.BODY_NAME}&""',
    "{年度}": f'IF({names.YEAR}="","本",{names.YEAR})',
    "{上年}": f'IF({names.YEAR}="","上",{names.YEAR}-1)',
}


@dataclass(frozen=True, slots=True)
class Words:
    """The words for a body's name and year, as they are when the workbook is made."""

    body: str
    year: int | None

    def live(self, label: str) -> str | Formula:
        """A label for a cell: text, or a formula where it has marks ({年度}年预算数)."""
        parts = [part for part in _MARK.split(label) if part]
        if not any(part in _LIVE for part in parts):
            return label
        return Formula("&".join(_LIVE.get(part, formulatext.text(part)) for part in parts))

    def text(self, label: str) -> str:
        """A label as it reads now."""
        known = {
            "{单位名称}": self.body,
            "{年度}": "本" if self.year is None else str(self.year),
            "{上年}": "上" if self.year is None else str(self.year - 1),
        }
        return _MARK.sub(lambda match: known.get(match[1], match[1]), label)
