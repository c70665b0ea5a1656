"""What a report's order and dates give away: numbering that jumps (6 to 8), days that do not exist, another year's report."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from perfeval.checks.texts.report import Report
from perfeval.digits import is_whole, whole, whole_or
from perfeval.findings import Finding, Level, Said, declare
from perfeval.forms.headings import report_title
from perfeval.quantities import plain

NUMBERING_JUMPS = declare(
    "R35",
    Level.WARNING,
    "序号不连续",
    "核对是否漏写了一项，再改正序号",
    "序号由 {last} 跳到 {number}，缺 {missing}",
)
NOT_A_DATE = declare("R36", Level.ERROR, "日期有误", "改正日期；起止时间要先后相接", "{day}不是日期")
_ENDS_BEFORE = NOT_A_DATE.says("{begin}至{end}，结束早于开始")
_OTHER_YEAR = NOT_A_DATE.says("报告是 {year} 年度的，表里是 {of} 年度；请核对是否沿用了别的年度的报告")

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
            for said in _dates(plain(sentence)):
                yield report.finding(said, passage, place)


def _title(report: Report, years: Collection[int]) -> Iterator[Finding]:
    """The year in the report's title: 2020年度部门整体支出绩效自评报告."""
    place, title = report_title(passage.text for passage in report.passages) or (0, "")
    year = _OF_YEAR.search(title)
    if year and years and whole(year[1]) not in years:
        of = "、".join(str(one) for one in sorted(years))
        said = _OTHER_YEAR.of(year=year[1], of=of)
        finding = report.finding(said, report.passages[place], 0, of, year[1])
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
            said = NUMBERING_JUMPS.of(last=last, number=number, missing=missing)
            yield report.finding(said, passage, 0, str(last + 1), str(number))
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
            return style, whole(digits) if is_whole(digits) else _hanzi(digits)
    return None


def _hanzi(numeral: str) -> int:
    """十二 → 12."""
    tens, ten, ones = numeral.rpartition("十") if "十" in numeral else ("", "", numeral)
    return (_HANZI.get(tens, 1) * 10 if ten else 0) + _HANZI.get(ones, 0)


def _dates(text: str) -> Iterator[Said]:
    found = list(_DAY.finditer(text))
    for match in found:
        if _date(match) is None:
            yield NOT_A_DATE.of(day=match[0])
    for one, other in pairwise(found):
        begins, ends = _date(one), _date(other)
        if begins and ends and _TO.fullmatch(text[one.end() : other.start()]) and begins > ends:
            yield _ENDS_BEFORE.of(begin=one[0], end=other[0])


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(whole(match[1]), whole(match[2]), whole_or(match[3], 1))
    except ValueError:
        return None
