"""What the headings of a sheet or a text say: the year it is of, and whether it is a report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from perfeval.digits import whole
from perfeval.forms import labels
from perfeval.forms.grid import MAX_COLUMN
from perfeval.forms.grid_text import Page
from perfeval.quantities import plain

_YEAR = re.compile(r"\(?(20\d\d)年度?\)?|.*?(20\d\d)年度?[^年]*表|.*表\((20\d\d)年度?\)")
_LONGEST = 40  # characters of a heading
_REPORT = re.compile(r"[^,.;:]{0,60}(?:绩效|自评|评价)[^,.;:]{0,20}报告")
_COVER = 12  # paragraphs in which a report's title stands


def year_of(headings: Iterable[str]) -> int | None:
    """The year in the first heading that names one, （2021年度） or 2021年项目支出绩效自评表; None where none does above the indicators."""
    for heading in headings:
        if len(heading) < _LONGEST:
            if found := _YEAR.fullmatch(_bare(heading)):
                return whole(next(filter(None, found.groups())))
            if labels.column(heading) == "target":
                break
    return None


def headings_of(page: Page) -> Iterator[str]:
    """The texts of a sheet in reading order, as they are asked for."""
    return (text for row in page.rows() for _, text in page.texts(row, 1, MAX_COLUMN))


def _bare(text: str) -> str:
    return "".join(plain(text).split())


def report_title(paragraphs: Iterable[str]) -> tuple[int, str] | None:
    """A report's title and its place among the paragraphs, from 0: 2020年度部门整体支出绩效自评报告; None for any other text."""
    for place, text in zip(range(_COVER), paragraphs, strict=False):
        bare = re.sub(r"[#*《》]", "", _bare(text))
        if _REPORT.fullmatch(bare):
            return place, bare
    return None
