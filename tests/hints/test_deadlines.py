"""Deadlines: a target that ends on a day, an actual that is one, and the year of the form."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from perfeval.errors import InvalidValue
from perfeval.hints import row_hints
from perfeval.scoring import indicator, meets
from perfeval.standards import convention
from perfeval.targets import actual_of, target_of

NATIONAL = convention("cn-project-2020")
FORM = 2025  # the year of the form

KEPT = [
    # target, actual, year of the form, kept (None: nobody can tell)
    ("2025年6月30日前", "2025年7月20日", FORM, False),
    ("2025年6月30日前", "2025年6月30日", FORM, True),
    ("2025年6月30日前", "2025年5月", FORM, True),
    ("2025年6月30日前", date(2025, 7, 20), FORM, False),
    ("2025年6月30日前", date(2025, 6, 1), None, True),
    ("2025年6月30日前", "7月20日", FORM, False),
    ("2025年6月30日前", "7月20日", None, None),
    ("6月底前", "2025年7月1日", FORM, False),
    ("6月底前", "2025年6月30日", FORM, True),
    ("6月底前", "2025年6月30日", None, None),
    ("6月底前", "6月20日", None, True),
    ("6月底前", "7月2日", None, False),
    ("2月底前", "2025年2月28日", FORM, True),
    ("2月底前", "2025年3月1日", FORM, False),
    ("第三季度", "2025年10月8日", FORM, False),
    ("第三季度", "2025年8月8日", FORM, True),
    ("第三季度末", "9月30日", FORM, True),
    ("2025年第三季度", "2025年10月8日", FORM, False),
    ("12月底前", "2025年12月25日", FORM, True),
    ("当年", "2025年12月31日", FORM, True),
    ("当年完成", "2026年1月5日", FORM, False),
    ("本年度内", date(2026, 1, 5), FORM, False),
    ("年底前", "2025年11月", FORM, True),
    ("年底前完成", datetime(2026, 2, 1, 9, 30), FORM, False),
    ("年底前", "2026年2月1日", None, None),
    ("2025年7月-9月", "2025年6月", FORM, None),  # before the period: a person's
    ("2025年7月-9月", "2025年10月1日", FORM, False),
    ("12月底前", "已完成", FORM, None),
    # as people also write days
    ("2025年6月30日前", "20250720", FORM, False),
    ("2025年6月30日前", "20250620", FORM, True),
    ("20250630", "20250720", FORM, False),
    ("20250630", "2025年7月20日", FORM, False),
    (20250630, 20250720, FORM, False),
    (20250630, 20259999, FORM, True),  # no day: numbers
    ("2025年6月30日前", "2025.7.20", FORM, False),
    ("2025年6月30日前", "2025年7月20号", FORM, False),
    ("6月30号前", "7月20号", FORM, False),
    ("2025 年 6 月 30 日前", "2025 年 7 月 1 日", FORM, False),
    ("二〇二五年六月底", "2025年7月1日", FORM, False),
    ("二○二五年六月三十日前", "二〇二五年六月二十九日", FORM, True),
    ("七月", "八月", FORM, False),
    ("12月31日（含）前", "2026年1月1日", FORM, False),
    ("2025年6月30日前（含6月30日）", "2025年6月30日", FORM, True),
    ("最迟6月底", "7月1日", FORM, False),
    ("当年6月底前", "7月1日", FORM, False),
    ("上半年", "2025年7月1日", FORM, False),
    ("2025年上半年完成", "2025年6月", FORM, True),
    ("下半年", "2026年1月", FORM, False),
    ("一季度", "二季度", FORM, False),
    ("一季度末", "3月20日", FORM, True),
    ("1季度", "1季度", FORM, True),
    ("2025年6月30日前", "已于2025年7月1日完工", FORM, False),
    ("2025年6月30日前", "6月25日至7月10日", FORM, False),
    ("2025年9月至2026年3月", "2026年4月1日", FORM, False),
    # a month, a quarter, a year in which something was done, and a day within it
    ("2025年6月15日前", "2025年6月", FORM, None),
    ("2025年6月15日前", "6月", FORM, None),
    ("2025年6月15日前", "2025年第二季度", FORM, None),
    ("2025年6月15日前", "2025年", FORM, None),
    ("2025年6月15日前", "上半年", FORM, None),
    ("2025年6月15日前", "2025年6月底", FORM, False),
    ("2025年6月15日前", "2025年7月", FORM, False),
    ("2月底前", "2月29日", 2024, True),
]

REFUSED = [
    ("6月上旬", "6月20日"),
    ("6.30前", "7.20"),
    ("晚于6月底", "7月"),
    ("年底前", "次年1月"),
    ("1季度", "2季度"),  # the first, or one of two
    ("6月30日前", 45858),  # a date that lost its format
    ("2月底前", "2月29日"),  # no day of 2025
]


@pytest.mark.parametrize(("target", "actual"), REFUSED)
def test_a_day_that_nobody_can_read_is_refused(target: str, actual: str | float) -> None:
    with pytest.raises(InvalidValue):
        meets(target_of(target), actual_of(actual), FORM)
    codes = [hint.kind.code for hint in row_hints(target, actual, 30, 30, "", "时效指标", NATIONAL.in_year(FORM))]
    assert set(codes) & {"R12", "R13"}


@pytest.mark.parametrize(("target", "actual", "year", "kept"), KEPT)
def test_a_deadline_is_kept_or_not(
    target: str | float, actual: str | float | date, year: int | None, kept: bool | None
) -> None:
    assert meets(target_of(target), actual_of(actual), year) is kept
    outcome = indicator(target_of(target), actual_of(actual), actual_of(30).number, NATIONAL.in_year(year))
    assert (outcome.value is not None) is (kept is True)  # what a late row gets is a person's


HINTS = {
    # target, actual, score of 30, reason: the codes
    "晚了，满分": ("2025年6月30日前", "2025年7月20日", 30, "", ["R08"]),
    "晚了，满分，日期格": ("6月底前", date(2025, 7, 20), 30, "", ["R08"]),
    "晚了，数字写的日期": ("20250630", "20250720", 30, "", ["R08"]),
    "同一个月，不知道哪一天": ("2025年6月15日前", "2025年6月", 30, "", []),
    "晚了，扣了分，没有原因": ("2025年6月30日前", "2025年7月20日", 24, "", ["R09"]),
    "晚了，扣了分，有原因": ("2025年6月30日前", "2025年7月20日", 24, "汛期停工二十天，已调整工期", []),
    "晚了，没有填得分": ("6月底前", "7月20日", None, "", ["R14"]),
    "按期": ("2025年6月30日前", "2025年6月20日", 30, "", []),
    "按期却扣了分": ("2025年6月30日前", "2025年6月20日", 20, "材料不全", ["R08"]),
    "提前": ("12月底前", "2025年3月1日", 30, "", []),
    "不知道哪一年": ("12月底前", "已完成", 30, "", []),
    "比区间短": ("3-5天", "2天", 30, "", []),
    "比区间长": ("3-5天", "8天", 30, "", ["R08"]),
    "区间不是时间": ("3-5次", "2次", 30, "", ["R08"]),
    "用时几个月": ("6-8个月", "5个月", 30, "", []),
}


@pytest.mark.parametrize("name", HINTS)
def test_what_is_said_of_a_deadline(name: str) -> None:
    target, actual, score, reason, codes = HINTS[name]
    hints = row_hints(target, actual, 30, score, reason, "时效指标", NATIONAL.in_year(FORM))
    assert [hint.kind.code for hint in hints] == codes


YEARS = [
    # target, date cell, year of the form, what to type ("": nothing is added)
    ("12月底前", date(2026, 12, 25), FORM, "2025-12-25"),
    ("2025年12月底前", date(2026, 12, 25), None, "2025-12-25"),
    ("2025年6月30日前", date(2026, 6, 30), FORM, "2025-6-30"),
    ("2025年6月30日前", date(2026, 7, 20), FORM, ""),  # late in any year
    ("2025年6月30日前", date(2025, 7, 20), FORM, ""),
    ("2025年6月30日前", "2026年6月20日", FORM, ""),  # typed as text: the year is hers
    ("12月底前", date(2026, 12, 25), None, ""),
]


@pytest.mark.parametrize("score", [30, 20, None])
@pytest.mark.parametrize(("target", "actual", "year", "typed"), YEARS)
def test_the_year_may_be_the_spreadsheets(
    target: str, actual: str | date, year: int | None, typed: str, score: int | None
) -> None:
    hints = row_hints(target, actual, 30, score, "", "时效指标", NATIONAL.in_year(year))
    said = "".join(hint.message for hint in hints)
    assert ("请连年份输入" in said) is bool(typed)
    assert typed in said


def test_a_form_without_points_is_late_without_a_reason() -> None:
    hints = row_hints("6月底前", date(2026, 6, 20), None, None, "", "时效指标", NATIONAL.in_year(FORM))
    assert [hint.kind.code for hint in hints] == ["R09"]
    assert "请连年份输入：2025-6-20" in hints[0].message


def test_a_convention_may_name_the_year() -> None:
    chosen = convention("cn-project-2020; year=2025")
    assert chosen.in_year(2024).year == FORM
    assert chosen.words("year") == "2025 年"
    assert NATIONAL.words("year") == "没有写明"
