"""The standards' files: complete, sourced, loaded when asked for; and every fault refused by file and key."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from perfeval.errors import StandardError, UnknownName
from perfeval.standards import available, convention, load, load_file, project_standard
from support import DATA

BAD = DATA / "standards_bad"

# One fault a file: what its refusal must name.
FAULTS = {
    "bands-crossed": "达成档下限（achieved）低于部分达成档下限（partial）",
    "broken-toml": "不是有效的 TOML",
    "date-impossible": "不是有效的 TOML",
    "date-text": "effective 应是日期",
    "date-time": "effective 应是日期",
    "document-empty": "document 应是不空白的文字",
    "execution-is-text": "execution 应是表",
    "execution-missing": "缺少 [execution]",
    "execution-source-empty": "[execution] source 应是不空白的文字",
    "extends-circle-a": "extends 绕回了自己（extends-circle-a）",
    "extends-circle-b": "extends 绕回了自己（extends-circle-b）",
    "extends-itself": "extends 绕回了自己（extends-itself）",
    "extends-outside": "extends 的标准“../../perfeval/standards/cn-project-2020”不存在",
    "extends-unknown": "extends 的标准“xx-project-1999”不存在",
    "findings-code": "[findings] levels 的 R99 不是复核发现的编号",
    "findings-is-text": "findings 应是表",
    "findings-level": "[findings] levels 的 R11 的级别“警告”不认识，可用：错误、提醒、说明",
    "findings-not-percent": "[findings] money_left 的值“20”应是百分数",
    "findings-unknown-key": "[findings] 不认识的项 money",
    "findings-unquoted": "[findings] money_left 应是不空白的文字",
    "form-pointed": "[form] pointed “四级指标”不认识",
    "grades-empty": "[grades] steps 应从高到低",
    "grades-equal": "[grades] steps 应从高到低",
    "grades-missing": "缺少 [grades]",
    "grades-not-from-0": "最后一档从 0 起",
    "grades-shape": "[grades] steps 的每一档",
    "grades-source": "[grades] 缺少 source",
    "grades-unknown-key": "[grades] 不认识的项 lowest",
    "grades-unquoted": "[grades] 的数值 80 应写成带引号的数",
    "grades-unsorted": "[grades] steps 应从高到低",
    "grades-without-steps": "[grades] 缺少 steps",
    "group-is-text": "[group 第 1 项] 应是表",
    "group-kinds-number": "[group 第 3 项] kinds 应是文字的列表",
    "group-kinds-text": "[group 第 3 项] kinds 应是文字的列表",
    "group-no-name": "[group 第 2 项] name 应是不空白的文字",
    "group-source-empty": "[group 第 1 项] source 应是不空白的文字",
    "group-source-missing": "[group 第 1 项] 缺少 source",
    "group-source-number": "[group 第 1 项] source 应是不空白的文字",
    "group-twice": "[group] 里有两个“产出指标”",
    "group-unknown-key": "[group 第 2 项] 不认识的项 share",
    "id-differs": "id “cn-project-2020”与文件名不同",
    "kind-unknown": "kind “programme”不认识",
    "missing-title": "缺少 title",
    "names-not-text": "names 应是文字的列表",
    "not-utf8": "不是有效的 TOML",
    "option-circled": "得分小数（score）”：“②”应是 0 到 6",
    "option-missing": "没有说明这些口径：区间指标（range）",
    "option-number": "执行率舍入（rate）”：“七”应是 0 到 6",
    "option-percent": "超额幅度（over_threshold）”：“30”应是百分数",
    "option-unknown": "没有名为“rounding”的口径",
    "option-unquoted": "[convention] score 的值 2 应写成带引号的文字",
    "option-value": "反向指标（reverse）”没有“quadratic”",
    "unknown-key": "不认识的项 remark",
    "weight-circled": "[group 第 2 项] 的数值 '③⓪' 应写成带引号的数",
    "weight-missing": "[group 第 2 项] 缺少 weight",
    "weight-negative": "[group 第 2 项] 的数值 '-30' 应写成带引号的数",
    "weight-unquoted": "[group 第 2 项] 的数值 30 应写成带引号的数",
    "weight-words": "[group 第 2 项] 的数值 '三十' 应写成带引号的数",
    "weights-110": "权重 weight 合计 110，应是 100",
    "wrong-type": "names 应是文字的列表",
}


def test_every_bad_file_has_its_fault_told() -> None:
    assert {path.stem for path in BAD.glob("*.toml")} == set(FAULTS)


@pytest.mark.parametrize(("name", "fault"), FAULTS.items())
def test_a_fault_is_refused_by_file_and_key(name: str, fault: str) -> None:
    with pytest.raises(StandardError) as refused:
        load_file(BAD / f"{name}.toml")
    assert refused.value.reason.startswith("标准文件 ")
    assert f"{name}.toml：" in refused.value.reason or name.startswith("extends-circle")
    assert fault in refused.value.reason


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StandardError, match="不存在"):
        load_file(tmp_path / "nothing.toml")


@pytest.mark.parametrize("identifier", available())
def test_a_published_standard_is_whole_and_sourced(identifier: str) -> None:
    standard = load(identifier)
    groups = (standard.execution, *standard.groups)
    assert standard.id == identifier
    assert sum(float(group.weight) for group in groups) == 100
    assert all(group.source.strip() for group in groups)
    assert standard.document.strip()
    assert standard.region.strip()
    assert all(project_standard(name) is standard for name in (identifier, standard.title, *standard.names))


@pytest.mark.parametrize(
    ("identifier", "weights"),
    [
        ("cn-project-2020", [10, 50, 30, 10]),  # 财预〔2020〕10号
        ("sz-project-2021", [10, 50, 20, 20]),  # S003
        ("hn-hecheng-project-2020", [10, 50, 30, 10]),  # S001 附件4-2
    ],
)
def test_the_published_weights(identifier: str, weights: list[int]) -> None:
    standard = load(identifier)
    assert [float(group.weight) for group in (standard.execution, *standard.groups)] == weights


def test_a_standard_states_only_what_differs_from_the_one_it_extends() -> None:
    national, shenzhen = load("cn-project-2020"), load("sz-project-2021")
    assert shenzhen.grades == national.grades
    assert (national.convention.rate, shenzhen.convention.rate) == ("exact", 2)
    assert shenzhen.convention.reverse == national.convention.reverse


@pytest.mark.parametrize("ask", [load, convention, project_standard])
def test_an_unknown_standard_is_answered_with_the_known_ones(ask) -> None:
    with pytest.raises(UnknownName, match="cn-project-2020"):
        ask("上海")


WITHOUT_FILES = """
import pathlib, sys
read = pathlib.Path.read_text
def noted(path, *arguments, **options):
    opened.append(path.name)
    return read(path, *arguments, **options)
opened = []
pathlib.Path.read_text = noted
import perfeval.functions as f
print(opened)
f.named("PE_GRADE").call(91.0, "深圳")
print(sorted(set(opened)))
"""


def test_no_standard_is_read_before_it_is_asked_for() -> None:
    run = subprocess.run([sys.executable, "-c", WITHOUT_FILES], capture_output=True, text=True, check=True)
    before, after = run.stdout.splitlines()
    assert before == "[]"
    assert "sz-project-2021.toml" in after
