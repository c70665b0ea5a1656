"""call, functions, standards and doctor as a shell runs them: output, messages, exit codes."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import pytest

from perfeval.cli import main
from perfeval.commands import doctor
from perfeval.conventions import OPTIONS
from perfeval.functions import FUNCTIONS
from perfeval.standards import available, available_detailed


class Shell:
    """Runs ``perfeval`` in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *arguments: str, standard_input: str = "") -> tuple[int, str, str]:
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(standard_input))
        try:
            code = main(arguments)
        except SystemExit as leaving:
            code = int(str(leaving.code))
        printed = self.capsys.readouterr()
        return code, printed.out.rstrip("\n"), printed.err.rstrip("\n")


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (["PE_EXEC_SCORE", "4448000", "3866689.10", "10", "sz-project-2021"], "8.7"),
        (["pe_exec_score", "4448000", "3866689.10"], "8.69"),
        (["EXEC_RATE", "400", "100"], "0.25"),
        (["PE_EXEC_SCORE", "100万元", "50万元"], "5"),
        (["PE_EXEC_SCORE", "", "50"], ""),
        (["PE_EXEC_SCORE", "-100", "0"], "#VALUE!"),
        (["PE_INDICATOR_SCORE", "≥95%", "90%", "10"], "9.47"),
        (["PE_INDICATOR_SCORE", "≥-5%", "-4%", "10"], "10"),
        (["PE_TARGET", ">=15&&<=18"], "15 至 18"),
        (["PE_TOTAL", "10", "9.5", "—"], "19.5"),
        (["PE_NUMBER", "2.6亿元"], "260000000"),
        (["PE_NUMBER", "nan"], "#VALUE!"),
    ],
)
def test_call_prints_the_cell(shell: Shell, arguments: list[str], printed: str) -> None:
    code, out, err = shell("call", *arguments)
    assert out == printed
    assert (code, bool(err)) == ((1, True) if printed.startswith("#") else (0, False))


@pytest.mark.parametrize(
    ("arguments", "shown", "reason"),
    [
        (["PE_EXEC_RATE", "1e-10", "1e300"], "#NUM!", "结果大于 1.8×10^308"),
        (["PE_EXEC_RATE", "1e999", "1"], "#VALUE!", "“1e999”不是一个数"),
        (["PE_EXEC_SCORE", "0", "5"], "#DIV/0!", "全年预算数是 0，执行率无法计算"),
        (["PE_INDICATOR_SCORE", "不适用", "5", "10"], "#N/A", "指标不适用"),
        (["PE_INDICATOR_SCORE", "≥95%", "95", "10"], "#VALUE!", "95 还是 95%？"),
        (
            ["PE_EXEC_SCORE", "1"],
            "#VALUE!",
            "参数个数不对，应为：PE_EXEC_SCORE(全年预算数, 全年执行数, [分值], [口径])",
        ),
        (["PE_EXEC_SCORE", "1", "1", "10", "上海"], "#VALUE!", "没有标准或口径“上海”"),
        (["PE_SUM", "1"], "#VALUE!", "没有函数“PE_SUM”"),
    ],
)
def test_a_refused_call_prints_the_error_and_one_sentence(
    shell: Shell, arguments: list[str], shown: str, reason: str
) -> None:
    code, out, err = shell("call", *arguments)
    assert (code, out) == (1, shown)
    assert reason in err
    assert "\n" not in err


def test_call_takes_many_calls_as_json(shell: Shell) -> None:
    calls: list[list[Any]] = [
        ["PE_EXEC_SCORE", 100, 95.5, 10],
        ["PE_EXEC_SCORE", 0, 5],
        ["PE_EXEC_SCORE", [[100], [0], [None]], [[50], [5], [1]]],
        ["PE_TOTAL", [10, None, "—", 7.5]],
        ["PE_MEETS", "≥5", 5],
        ["PE_INDICATOR_SCORE", "及时", "及时", 10],
        ["PE_NOPE"],
    ]
    code, out, err = shell("call", "--json", standard_input=json.dumps(calls))
    assert (code, err) == (0, "")
    answers = json.loads(out)
    assert answers[0] == 9.55
    assert answers[1]["error"] == "#DIV/0!"
    assert answers[1]["reason"].startswith("全年预算数是 0")
    assert answers[2] == [[5.0], [{"error": "#DIV/0!", "reason": ""}], [""]]
    assert answers[3:6] == [17.5, "是", ""]
    assert answers[6]["error"] == "#VALUE!"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "不是有效的 JSON"),
        ("[[", "不是有效的 JSON"),
        ("[" * 100_000, "不是有效的 JSON"),
        ('{"PE_TOTAL": 1}', "JSON 列表"),
        ('["PE_TOTAL", 1]', "JSON 列表"),
        ("[[]]", "JSON 列表"),
        ("[[5, 1]]", "JSON 列表"),
        ('[["PE_TOTAL", ' + "9" * 5000 + "]]", "不是有效的 JSON"),
    ],
)
def test_what_is_no_list_of_calls_is_refused(shell: Shell, text: str, reason: str) -> None:
    code, out, err = shell("call", "--json", standard_input=text)
    assert (code, out) == (1, "")
    assert reason in err


@pytest.mark.parametrize("argument", [{"budget": 1}, [[{"a": 1}]], [[[1]]], True, [[1, 2], [3]], [], [[]]])
def test_odd_json_arguments_never_break_a_call(shell: Shell, argument: Any) -> None:
    code, out, _ = shell("call", "--json", standard_input=json.dumps([["PE_EXEC_SCORE", argument, argument]]))
    assert code == 0
    assert len(json.loads(out)) == 1


def test_functions_are_listed_as_json(shell: Shell) -> None:
    code, out, _ = shell("functions", "--json")
    listed = {one["name"]: one for one in json.loads(out)}
    assert code == 0
    assert list(listed) == list(FUNCTIONS)
    assert [one["label"] for one in listed["PE_EXEC_SCORE"]["arguments"]] == [
        "全年预算数",
        "全年执行数",
        "分值",
        "口径",
    ]
    assert [one["optional"] for one in listed["PE_EXEC_SCORE"]["arguments"]] == [False, False, True, True]
    assert listed["PE_TOTAL"]["arguments"][0]["variadic"] is True


def test_functions_are_listed_for_people(shell: Shell) -> None:
    code, out, _ = shell("functions")
    assert code == 0
    assert all(f"{one.signature}\n    {one.title}：" in out for one in FUNCTIONS.values())


def test_standards_are_listed_and_shown(shell: Shell) -> None:
    code, out, _ = shell("standards")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [*available(), *available_detailed()]
    code, out, _ = shell("standards", "show", "sz-project-2021")
    assert code == 0
    assert all(part in out for part in ("深圳", "满意度指标（满意度指标） 20 分", "优 90 分起", "来源："))
    assert all(f"{option.key}（{option.title}）" in out for option in OPTIONS)
    assert "rate（执行率舍入）：2 位小数" in out
    code, out, _ = shell("standards", "show", "hn-expenditure-2020")
    assert code == 0
    assert all(
        part in out
        for part in ("注意：三级指标分值合计 97", "过程/组织实施/管理制度健全性 5 分", "steps（扣分档）：满一档才扣")
    )


def test_an_unknown_standard_is_refused_with_the_known_ones(shell: Shell) -> None:
    code, out, err = shell("standards", "show", "上海")
    assert (code, out) == (1, "")
    assert "没有标准“上海”，可用：cn-project-2020" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "命令"),
        (["calculate"], "calculate"),
        (["call"], "请给出函数名"),
        (["standards", "show"], "请给出标准编号"),
        (["standards", "list"], "list"),
        (["functions", "--xml"], "--xml"),
        (["score"], "文件"),
    ],
)
def test_wrong_usage_is_told_with_exit_code_2(shell: Shell, arguments: list[str], told: str) -> None:
    code, out, err = shell(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("用法不对：")
    assert told in err
    assert "Traceback" not in err


def test_doctor_examines_this_desk(shell: Shell) -> None:
    code, out, _ = shell("doctor")
    checks = doctor.examine()
    assert {check.name for check in checks} >= {"Python", "xlwings", "numpy", "openpyxl"}
    assert len(out.splitlines()) == len(checks) + 1
    assert code == (0 if all(check.good or not check.needed for check in checks) else 1)


def test_doctor_says_what_to_do_and_fails_where_something_needed_is_missing(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise doctor.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(doctor.metadata, "version", missing)
    code, out, _ = shell("doctor")
    assert code == 1
    assert "× xlwings：没有安装。请运行 pip install" in out


def test_doctor_runs_from_a_source_tree_too(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> list[str]:
        raise doctor.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(doctor.metadata, "requires", missing)
    code, out, _ = shell("doctor")
    assert code == 1
    assert "× PerfEval：没有装成软件包" in out


def test_doctor_refuses_an_xlwings_that_does_not_match_the_workbook(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor.metadata, "version", lambda name: "0.30.0")
    code, out, _ = shell("doctor")
    assert code == 1
    assert "× xlwings：0.30.0。工作簿里的模块要求 xlwings==" in out
