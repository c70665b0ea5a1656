"""What a reviewer says of a row, and says not of one that only looks alike."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import perfeval.hints
from perfeval.findings import kinds
from perfeval.hints import row_hints
from perfeval.standards import convention
from support.row_faults import PAIRS, Row


def codes(row: Row) -> list[str]:
    cells, options = row[:5], row[5:]
    kind, text = (*options, "", "")[:2]
    return [hint.kind.code for hint in row_hints(*cells, kind, convention(text))]


@pytest.mark.parametrize(
    ("code", "matter", "faulty", "alike"), PAIRS, ids=lambda part: part if isinstance(part, str) else ""
)
def test_a_fault_is_told_and_its_like_is_not(code: str, matter: str, faulty: Row, alike: Row) -> None:
    assert code in codes(faulty), matter
    assert code not in codes(alike), matter


def test_every_code_of_the_module_has_its_pair() -> None:
    modules = sorted(Path(perfeval.hints.__file__).parent.glob("*.py"))
    source = "".join(module.read_text(encoding="utf-8") for module in modules)
    declared = set(re.findall(r"^[A-Z_]+ = declare\(\s*\"(R\d\d)\"", source, re.MULTILINE))
    assert declared == {code for code, *_ in PAIRS} == {code for code, kind in kinds().items() if kind.of_row}


@pytest.mark.parametrize(
    "row",
    [
        ("≥95%", 0.96, 10, 10.0, None),
        ("≥95%", "90%", 10, 9.47, "两项延期"),
        ("≤0宗", "0宗", 10, 10, "无"),
        ("2021年12月31日", date(2021, 12, 31), 10, 10, ""),
        ("及时", "及时", 10, 10, "不适用"),
        ("15-18次", "16次", 10, 10, ""),
        ("≥572个", "570个", 1, 1, "汛期停工，已安排补做"),  # 0.9965 of a point
        (None, None, None, None, None),
    ],
)
def test_a_sound_row_is_left_in_peace(row: Row) -> None:
    assert codes(row) == []


def test_a_hint_says_what_to_do() -> None:
    (hint,) = row_hints("≥29期", "8期", 10, 2.75, "疫情", "", convention())
    assert hint.message == "测算为 2.76 分，得分为 2.75"
    (hint,) = row_hints("≥10人", "9人", 10, 9, "", "", convention())
    assert hint.message == "扣了 1 分，未说明偏差原因"
