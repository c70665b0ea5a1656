"""An area's form of a transfer beside its units' forms: the money is counted once, and the area's form is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfeval.commands import rollup
from support.rolled import keep_caches_in
from support.sheettext import write_sheets

FORM = """
转移支付{kind}绩效目标自评表
（2024年度）
转移支付（项目）名称 | {project}
中央主管部门 | 住房城乡建设部
地方主管部门 | 某县住建局 | 资金使用单位 | {unit}
资金投入情况（{money}） | | 全年预算数（A） | 全年执行数（B） | 预算执行率（B/A×100%）
 | 年度资金总额 | {budget} | {executed} |
总体目标完成情况 | 总体目标 | | 全年实际完成情况
 | 改造危房 | | 已经改造
一级指标 | 二级指标 | 三级指标 | 指标值 | 全年实际完成值 | 未完成原因和改进措施
产出指标 | 数量指标 | 改造户数 | ≥100户 | 100户 |
"""
GRANT = "危房改造补助资金"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_caches_in(tmp_path_factory.mktemp("缓存"), monkeypatch)


def rolled(folder: Path, *forms: dict[str, object]) -> tuple[list[str], list[str]]:
    """The files that count, and why others do not."""
    for place, form in enumerate(forms):
        values = {"kind": "区域（项目）", "project": GRANT, "money": "万元", "executed": form["budget"]} | form
        write_sheets(folder / f"{place}.xlsx", {"表": FORM.format(**values)})
    done = rollup.rollup(folder, folder / "汇总.xlsx")
    passed = {path: why for path, _, _, why in done.passed}
    return [f"{place}.xlsx" for place in range(len(forms)) if f"{place}.xlsx" not in passed], list(passed.values())


UNITS = ({"unit": "甲镇", "budget": 100}, {"unit": "乙镇", "budget": 200})


@pytest.mark.parametrize(
    ("area", "told"),
    [
        ({"unit": "", "budget": 300}, "合计就是这张表的数"),
        ({"unit": "某县住建局", "budget": 300}, "合计就是这张表的数"),
        ({"unit": "某县住建局", "budget": 3000000, "money": "元"}, "合计就是这张表的数"),
        ({"unit": "", "budget": 450}, "4,500,000 元，那些表合计 3,000,000 元，请核对是否有单位没有报"),
        ({"kind": "区域", "unit": "全县", "budget": 300, "executed": 290}, "请核对"),
    ],
)
def test_the_form_of_the_area_is_named_and_the_units_count(area: dict[str, object], told: str, tmp_path: Path) -> None:
    counted, (why,) = rolled(tmp_path, area, *UNITS)
    assert counted == ["1.xlsx", "2.xlsx"]
    assert told in why


@pytest.mark.parametrize(
    "other",
    [
        {"unit": "丙镇", "budget": 150},
        {"unit": "", "budget": 300, "project": "农村公路养护补助"},
    ],
    ids=["a third unit", "another grant"],
)
def test_other_forms_count(other: dict[str, object], tmp_path: Path) -> None:
    assert rolled(tmp_path, other, *UNITS) == (["0.xlsx", "1.xlsx", "2.xlsx"], [])


def test_an_area_alone_counts(tmp_path: Path) -> None:
    assert rolled(tmp_path, {"unit": "", "budget": 300}) == (["0.xlsx"], [])
