"""口径: every option by key and by Chinese title, every value by id and Chinese name, and what each changes."""

from __future__ import annotations

from typing import Any

import pytest

from perfeval.conventions import OPTIONS, Option, convention_from
from perfeval.errors import DIV0, InvalidValue, PerfEvalError, UnknownName
from perfeval.functions import FUNCTIONS
from perfeval.standards import available, convention, load
from support import ROOT

DOCS = ROOT / "docs"
NUMBERS = {"rate": "3", "score": "1", "over_threshold": "20%", "achieved": "85%", "partial": "50%", "year": "2025"}
VALUES = [(option, value, name) for option in OPTIONS for value, name in option.choices]
VALUES += [(option, NUMBERS[option.key], NUMBERS[option.key]) for option in OPTIONS if option.number]

# The points of the register (domain A13) that concern a project's form; the others concern departments or roll-ups.
PROJECT_POINTS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 18, 19, 25}


@pytest.mark.parametrize(("option", "value", "name"), VALUES, ids=lambda part: getattr(part, "key", part))
def test_an_option_is_known_by_key_and_title_its_value_by_id_and_name(option: Option, value: str, name: str) -> None:
    written = [
        f"cn-project-2020; {option.key}={value}",
        f"国家；{option.title}＝{name}",
        f"{option.title} = {value}",
        f" ；{option.key}＝{name}；",
    ]
    chosen = {getattr(convention(text), option.key) for text in written}
    assert chosen == {option.read(value)}


def test_every_point_of_the_register_that_concerns_projects_is_an_option() -> None:
    named = {int(option.note.removeprefix("[").partition("]")[0]) for option in OPTIONS}
    assert named == PROJECT_POINTS


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("cn-project-2020; rounding=2", "没有名为“rounding”的口径"),
        ("cn-project-2020; reverse=quadratic", "没有“quadratic”这一项，可选：linear（线性）、reciprocal（倒数）"),
        ("cn-project-2020; reverse", "应写成“名称=值”"),
        ("cn-project-2020; reverse=", "应写成“名称=值”"),
        ("上海; reverse=linear", "没有标准或口径“上海”"),
        ("reciprocal", "没有标准或口径“reciprocal”"),
        ("score=7", "0 到 6"),
        ("score=②", "0 到 6"),
        ("score=-1", "0 到 6"),
        ("over_threshold=30", "应是百分数"),
        ("over_threshold=-30%", "应是百分数"),
        ("achieved=50%", "低于部分达成档下限"),
    ],
)
def test_what_is_not_known_is_refused_by_name(text: str, reason: str) -> None:
    with pytest.raises((UnknownName, InvalidValue), match=reason):
        convention(text)


def test_a_convention_leaves_nothing_unsaid() -> None:
    with pytest.raises(InvalidValue, match=r"没有说明这些口径：.*得分小数（score）"):
        convention_from("半份", {"rate": "exact"})


@pytest.mark.parametrize("text", ["", "国家", "cn-project-2020", "财预〔2020〕10号", "国家：项目支出绩效自评（2020）"])
def test_the_national_convention_by_all_its_names(text: str) -> None:
    assert convention(text) == load("cn-project-2020").convention


# [口径, function, arguments, value]: each option against the national choice, by what it changes.
BANDS = "由人评定，请填得分：达成 8～10 分，部分达成 6～8 分（不含上限），未达成低于 6 分"
EXECUTION = (4448000.0, 3866689.10, 10)  # S003 表2: 86.93%
CHANGES: list[tuple[str, str, tuple[Any, ...], Any]] = [
    ("", "PE_EXEC_SCORE", EXECUTION, 8.69),
    ("rate=2", "PE_EXEC_SCORE", EXECUTION, 8.7),
    ("rate=3", "PE_EXEC_SCORE", EXECUTION, 8.69),
    ("rate=0", "PE_EXEC_SCORE", EXECUTION, 10.0),
    ("score=0", "PE_EXEC_SCORE", EXECUTION, 9.0),
    ("score=4", "PE_EXEC_SCORE", EXECUTION, 8.6931),
    ("", "PE_EXEC_SCORE", (100.0, 125.0, 10), 10.0),
    ("execution_cap=uncapped", "PE_EXEC_SCORE", (100.0, 125.0, 10), 12.5),
    ("", "PE_EXEC_SCORE", (0.0, 0.0, 10), DIV0),
    ("zero_budget=full", "PE_EXEC_SCORE", (0.0, 0.0, 10), 10.0),
    ("zero_budget=0分", "PE_EXEC_SCORE", (0.0, 0.0, 10), 0.0),
    ("zero_budget=full", "PE_EXEC_SCORE", (0.0, 5.0, 10), DIV0),
    ("reverse=linear", "PE_INDICATOR_SCORE", ("≤100", 110.0, 10, ""), 9.0),
    ("reverse=reciprocal", "PE_INDICATOR_SCORE", ("≤100", 110.0, 10, ""), 9.09),
    ("equal=at-least", "PE_INDICATOR_SCORE", ("=16", 20.0, 10, ""), 10.0),
    ("equal=judge", "PE_INDICATOR_SCORE", ("=16", 20.0, 10, ""), ""),
    ("range=proportional", "PE_INDICATOR_SCORE", ("15-18", 12.0, 10, ""), 8.0),
    ("range=judge", "PE_INDICATOR_SCORE", ("15-18", 12.0, 10, ""), ""),
    ("over=warn", "PE_INDICATOR_SCORE", ("≥10", 15.0, 10, ""), 10.0),
    ("over=linear", "PE_INDICATOR_SCORE", ("≥10", 15.0, 10, ""), 8.0),
    ("over=linear; over_threshold=50%", "PE_INDICATOR_SCORE", ("≥10", 15.0, 10, ""), 10.0),
    ("inequality=bound", "PE_INDICATOR_SCORE", ("≥98%", "≥98%", 10, ""), 10.0),
    ("grade_on=raw", "PE_GRADE", (89.995,), "良"),
    ("grade_on=rounded", "PE_GRADE", (89.995,), "优"),
    ("grade_on=rounded; score=1", "PE_GRADE", (89.94,), "良"),
    ("over=cap", "PE_HINT", ("≥10", 20.0, 10, 10, "", ""), ""),
    ("over=warn", "PE_HINT", ("≥10", 13.0, 10, 10, "", ""), "超过指标值 30%，请说明原因或核对指标值是否偏低"),
    ("over_threshold=31%", "PE_HINT", ("≥10", 13.0, 10, 10, "", ""), ""),
    ("", "PE_HINT", ("及时", "及时", 10, None, "", ""), BANDS),
    ("partial=50%", "PE_HINT", ("及时", "及时", 10, None, "", ""), BANDS.replace("6", "5")),
]  # fmt: skip


@pytest.mark.parametrize(("options", "name", "arguments", "expected"), CHANGES)
def test_an_option_changes_what_it_says(options: str, name: str, arguments: tuple[Any, ...], expected: Any) -> None:
    try:
        value = FUNCTIONS[name].call(*arguments, options)
    except PerfEvalError as error:
        value = error.cell_error
    assert value == expected


def test_the_register_of_the_documentation_lists_every_option_and_choice() -> None:
    text = (DOCS / "conventions.md").read_text(encoding="utf-8")
    for option in OPTIONS:
        rows = [line for line in text.splitlines() if f"`{option.key}`" in line and option.title in line]
        assert rows, option.key
        assert all(f"`{value}`" in rows[0] and name in rows[0] for value, name in option.choices)
        chosen = {load(identifier).convention.words(option.key) for identifier in available()}
        assert all(words in rows[0] for words in chosen), (option.key, chosen)
