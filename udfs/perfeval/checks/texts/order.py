"""What a report's order and dates give away: numbering that jumps (6 to 8), days that do not exist, another year's report."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from perfeval.checks.texts.report import Report
from perfeval.findings import NOT_A_DATE, NUMBERING_JUMPS, Finding, Level
from perfeval.forms.headings import report_title
from perfeval.quantities import plain

_STYLES = (
    re.compile(r"(\d{1,2})\s*[.](?!\d)"),
    re.compile(r"(\d{1,2})\s*、"),
    re.compile(r"\((\d{1,2})\)"),
    re.compile(r"\(([一二三四五六七八九十]{1,3})\)"),
    re.compile(r"([一二三四五六七八九十]{1,3})、"),
)
_HANZI = {numeral: place for place, numeral in enumerate("一二三四五六七八九十", start=1)}
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)年(\d{1,2})月(?:(\d{1,2})日)?")
_TO = re.compile(r"\s*(?:至|到|-|~)\s*")
_OF_YEAR = re.compile(r"(20\d\d)年度")
_FIRST = 2  # numbers in a row that make a list


def check(report: Report, years: Collection[int]) -> Iterator[Finding]:
    """Lists whose numbers jump, impossible dates, and a title of none of the ``years`` that the book's forms are of."""
    yield from _title(report, years)
    yield from _jumps(report)
    for passage in report.passages:
        for place, sentence in enumerate(passage.sentences):
            for told in _dates(plain(sentence)):
                yield report.finding(NOT_A_DATE, told, passage, place)


def _title(report: Report, years: Collection[int]) -> Iterator[Finding]:
    """The year in the report's title: 2020年度部门整体支出绩效自评报告."""
    place, title = report_title(passage.text for passage in report.passages) or (0, "")
    year = _OF_YEAR.search(title)
    if year and years and int(year[1]) not in years:
        of = "、".join(str(one) for one in sorted(years))
        told = f"报告是 {year[1]} 年度的，表里是 {of} 年度；请核对是否沿用了别的年度的报告"
        finding = report.finding(NOT_A_DATE, told, report.passages[place], 0, expected=of, found=year[1])
        yield replace(finding, level=Level.WARNING)


def _jumps(report: Report) -> Iterator[Finding]:
    """A paragraph numbered two or more behind the one before it, in a list of at least two that had no gap."""
    style, last, length = None, 0, 0
    for passage in report.passages:
        found = _numbered(passage.text)
        if found is None:
            continue
        if found[0] is not style:
            style, last, length = found[0], found[1], 1
            continue
        number = found[1]
        if number == last + 1:
            length += 1
        elif last + 1 < number <= last + 3 and length >= _FIRST:
            missing = "、".join(str(one) for one in range(last + 1, number))
            yield report.finding(
                NUMBERING_JUMPS,
                f"序号由 {last} 跳到 {number}，缺 {missing}",
                passage,
                0,
                expected=str(last + 1),
                found=str(number),
            )
            length = 1
        else:
            length = 1
        last = number


def _numbered(text: str) -> tuple[re.Pattern[str], int] | None:
    """How a paragraph is numbered, and its number."""
    start = re.sub(r"^[#*\s]+", "", text[:12])
    bare = plain(start) if "、" not in start else start
    for style in _STYLES:
        found = style.match(bare)
        if found:
            digits = found[1]
            return style, int(digits) if digits.isdigit() else _hanzi(digits)
    return None


def _hanzi(numeral: str) -> int:
    """十二 → 12."""
    tens, ten, ones = numeral.rpartition("十") if "十" in numeral else ("", "", numeral)
    return (_HANZI.get(tens, 1) * 10 if ten else 0) + _HANZI.get(ones, 0)


def _dates(text: str) -> Iterator[str]:
    found = list(_DAY.finditer(text))
    for match in found:
        if _date(match) is None:
            yield f"{match[0]}不是日期"
    for one, other in pairwise(found):
        begins, ends = _date(one), _date(other)
        if begins and ends and _TO.fullmatch(text[one.end() : other.start()]) and begins > ends:
            yield f"{one[0]}至{other[0]}，结束早于开始"


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None
