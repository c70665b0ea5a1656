"""A small part of what ``support/spoil.py`` tries: values with one character changed are refused, or mean what is written."""

from __future__ import annotations

import pytest

from perfeval.errors import PerfEvalError
from perfeval.misreadings import Misread
from perfeval.targets import actual_of, parse_target
from support import DATA, spoil

CASES = 3_000
FEW = (
    CASES * 7 // 200
)  # 3.5 %: 千 or 万 lost or added in a unit are another value, which the strict reader knows in part


@pytest.mark.parametrize("seed", [14, 2026])
def test_hardly_a_spoilt_value_is_scored_otherwise(seed: int) -> None:
    outcomes = spoil.run(CASES, seed)
    assert not outcomes.indefensible["sound, read otherwise"]
    assert outcomes.counts["spoilt: indefensible"] < FEW, str(outcomes)
    assert outcomes.counts["spoilt: refused"] > CASES // 2


SPOILT = """
    不少32764次 小等于338次 于8次 至7人 少3‰ 低于低5件 553。家 6"份 5,人 37元:人 92十台 58高 4小 8公 46到月 4，第28次 81第568人
    1,393,3l6公里
    173米及上 258人上 41克以 5份之
    约〇1 〇82元 约低32件 完成高428元 最每2个 最万少281家 控丨在723公里 未低王于5人 百于1% 大"50元 不;于556个 ,691,597 28次次 530千米低以上
    95/户 未=697吨 ≥小于5次
    不个少于209台 不;低于205元 未约低于262% 大二等于81户 不工大于56人 未<低于5万 没有低于90%
    已多412场 不已7件 等已50家 人低2项 万多5份 。高60次 超工过5户 控制工在505项 未人过994小时 大于等已946天 大于等于低,129,163亿
    21个公斤 4423个‰ 351个百分≥ 73个百;分点 684个百个分点 10人吨 537元人次 28元口/人 613元/个次 73人/'次 269元/@人次
    94万≥次内 6933≥公斤之内 1亿元人内 684户及l以下 6台。内 3人低内 344右 97之 85方米 92平方已 46公一斤 112每台 222每克 57/吨 376=/人次
    25到小时 8到斤 完成。67534% 7。千克 218#至882个 第54至608人 4～第92元 48约-653亿 $5份 $368吨 642件内+ 9小时内以上 人-132千克
""".split()


@pytest.mark.parametrize("text", SPOILT)
@pytest.mark.parametrize("read", [parse_target, actual_of])
def test_a_piece_of_a_word_a_unit_or_a_number_is_refused(text: str, read) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PerfEvalError):
        read(text)


ORDINARY = (DATA / "ordinary_values.txt").read_text(encoding="utf-8").split("\n")


@pytest.mark.parametrize("text", [text for text in ORDINARY if text])
def test_an_ordinary_value_is_not_called_spoilt(text: str) -> None:
    for read in (parse_target, actual_of):
        try:
            read(text)
        except Misread as error:
            pytest.fail(f"{read.__name__}: {error}")
        except PerfEvalError:
            pass  # refused for something else
