"""Values in which something stands beside the number that nothing explains are refused (R30), never scored by dropping it."""

from __future__ import annotations

import pytest

from perfeval.errors import InvalidValue, Unreadable
from perfeval.functions import FUNCTIONS
from perfeval.hints import row_hints
from perfeval.standards import convention
from perfeval.targets import parse_target

UNREADABLE = [
    "工5%", "^80%", "到0次", "第O份", "290$", "王90%", "80%^", "1O0份", "≥9O%", "#5个", "@12次", "干5项", "|95%",
]  # fmt: skip
READABLE = [
    "约5%", "共5个", "达到5次", "第3季度", "每年5次", "满3年", "近80%", "培训5次", "≥5G基站2个", "不超过5%", "95％", "$5万", "超95%",
    "A级2个", "新建Ⅱ类站房3座", "到期兑付率100%", "月均12次", "0起", "100%（含）", "1:1.5",
]  # fmt: skip


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_nothing_explains_is_refused_and_told_as_a_suspect_number(text: str) -> None:
    with pytest.raises(Unreadable):
        parse_target(text)
    for target, actual in ((text, "80%"), ("80%", text)):
        with pytest.raises(InvalidValue):
            FUNCTIONS["PE_INDICATOR_SCORE"].call(target, actual, 8.0)
        codes = [hint.kind.code for hint in row_hints(target, actual, 8.0, 8.0, "", "", convention())]
        assert "R30" in codes
        assert "R12" not in codes


@pytest.mark.parametrize("text", READABLE)
def test_a_right_value_is_not_suspected(text: str) -> None:
    try:
        parse_target(text)
    except Unreadable as error:
        pytest.fail(error.reason)
    except InvalidValue:
        pass  # refused for another reason, as before


def test_an_equals_sign_before_an_actual_is_no_comparison() -> None:
    assert FUNCTIONS["PE_INDICATOR_SCORE"].call("=100%", "=100%", 8.0) == 8.0
    assert FUNCTIONS["PE_INDICATOR_SCORE"].call("100%", "＝90%", 8.0) == 7.2
    with pytest.raises(InvalidValue, match="不是测量值"):
        FUNCTIONS["PE_INDICATOR_SCORE"].call("≥95%", "≥98%", 8.0)


@pytest.mark.parametrize("text", ["11月底完成100%", "12月完成90%", "2025年6月底前完成5次"])
def test_a_date_and_a_number_in_one_cell_are_refused_for_what_they_are(text: str) -> None:
    with pytest.raises(InvalidValue, match="日期"):
        parse_target(text)
