"""Numbers that are spoilt: refused with R30, never scored; what only looks so is read as before."""

from __future__ import annotations

import pytest

from perfeval.errors import PerfEvalError
from perfeval.functions import FUNCTIONS
from perfeval.hints import row_hints
from perfeval.misreadings import Misread
from perfeval.quantities import Quantity
from perfeval.standards import convention
from perfeval.targets import actual_of, parse_target

SPOILT = (
    "工5% ^80% 到0次 第O份 290$ 1O份 l00% O次 5O% I00人 2.O% ≥O人 1l人 #5人 %80 80%% →5人 一5% 二95% 丨5 *5 5* 5? ？5 |5% 5%| "
    "王90% 80%^ 1O0份 ≥9O% #5个 @12次 干5项 /5% '5% 》5% 》=5% 〉5 《5% <>5 ≥≤5 己5% 之95% 士5% 大95% 完成^80% 5次^ "
    "10⁴ 10² 5²个 2³ 5½ 1½年 3₂ 10⁻⁴ 1e-400 5e-324 ≥2e-2 1E+5元 --5 +-5 ≥--5 5- ≥5- (5) （5） (1,234.50) 5′"
).split()
SOUND = {
    "≥5%": "≥ 5%", "从85%以上": "≥ 85%", "约5次": "≥ 约 5 次", "√100%": "≥ 100%", "10+": "≥ 10", "$5万": "≥ 50000", "在95%以上": "≥ 95%",
    "（5次）": "≥ 5 次", "完成5次": "≥ 5 次", "共5次": "≥ 5 次", "培训（5次）": "≥ 5 次", "O2O项目": "定性：O2O项目", "5L": "≥ 5 L",
    "满3年": "≥", "培训5次": "≥", "A级2个": "", "新建Ⅱ类站房3座": "", "月均12次": "≥", "0起": "≤", "100%（含）": "≥",
    "100㎥": "≥ 100 m³", "5㎝": "≥ 5 cm", "5m²": "≥ 5 m²", "5‱": "≥ 5‱", "5٪": "≥ 5%", "①5个": "≥ 5 个", "5①": "≥ 5", "1--1.2万人": "",
    "5E型": "≥ 5 E型", "-5%": "≥ -5%", "(5次)": "≥ 5 次", "5-8次": "5 至 8 次",
    "CO2减排": "定性：CO2减排", "I类": "定性：I类", "≈5%": "≥ 约 5%",
}  # fmt: skip


@pytest.mark.parametrize("text", SPOILT)
def test_a_spoilt_number_is_refused_and_told(text: str) -> None:
    with pytest.raises(Misread):
        parse_target(text)
    for target, actual in ((text, text), ("≥1%", text), (text, "100%")):
        with pytest.raises(PerfEvalError):
            FUNCTIONS["PE_INDICATOR_SCORE"].call(target, actual, 8)
        hints = row_hints(target, actual, 8, 8, "", "", convention())
        assert "R30" in {hint.kind.code for hint in hints}


@pytest.mark.parametrize("text", SOUND)
def test_what_only_looks_spoilt_is_read(text: str) -> None:
    try:
        read = FUNCTIONS["PE_TARGET"].call(text)
    except Misread as error:
        pytest.fail(str(error))
    assert str(read).startswith(SOUND[text].split(" ")[0])


@pytest.mark.parametrize(
    ("target", "actual", "score"), [("≥98%", "=100%", 8), ("5次", "＝5次", 8), ("≥10人", "= 9人", 7.2)]
)
def test_an_actual_with_a_sign_of_equality_is_a_measurement(target: str, actual: str, score: float) -> None:
    assert FUNCTIONS["PE_INDICATOR_SCORE"].call(target, actual, 8) == score


@pytest.mark.parametrize("text", ["1O万元", "l00万元", "2.O"])
def test_amounts_are_not_read_past_a_letter(text: str) -> None:
    with pytest.raises(Misread):
        FUNCTIONS["PE_NUMBER"].call(text)


@pytest.mark.parametrize("text", ["3个亿", "3亿", "0.03个百亿", "3个亿元", "300百万"])
def test_a_hundred_million_may_be_counted(text: str) -> None:
    read = actual_of(text)
    assert isinstance(read, Quantity)
    assert read.number.units == 3 * 10 ** (8 + read.number.places)
