"""A hundred 评分标准 as sentences, worked out by hand: read right, or refused by the clause."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from perfeval.arithmetic import Scaled, decimal
from perfeval.errors import InvalidValue
from perfeval.ruletext import NotUnderstood, by_rule, read, with_choices
from perfeval.standards.rules import Judgement

CASES = tomllib.loads((Path(__file__).parents[1] / "data/printed_rules/sentences.toml").read_text(encoding="utf-8"))[
    "rule"
]


def _cell(text: str) -> Any:
    """A value as a cell holds it: a bare number is a number."""
    try:
        return float(text)
    except ValueError:
        return text


@pytest.mark.parametrize("case", CASES, ids=[f"{place} {case['text'][:24]}" for place, case in enumerate(CASES)])
def test_a_sentence_is_read_right_or_refused(case: dict[str, Any]) -> None:
    weight = decimal(case["weight"])
    if "refused" in case:
        with pytest.raises(NotUnderstood) as refusal:
            read(with_choices(case["text"])[0], weight)
        assert case["refused"].replace("×", "*") in refusal.value.reason
    elif case.get("judged"):
        assert isinstance(read(case["text"], weight).rule, Judgement)
        assert by_rule(case["text"], weight, ["好"]).value is None
    for values, points in case.get("scores", ()):
        cells = [_cell(value) for value in values.split("|")]
        if points == "refused":
            with pytest.raises(InvalidValue):
                by_rule(case["text"], weight, cells)
        else:
            score = by_rule(case["text"], weight, cells).value
            assert isinstance(score, Scaled)
            assert float(score) == points, f"{values}: {by_rule(case['text'], weight, cells).arithmetic()}"


def test_there_are_a_hundred_published_and_composed() -> None:
    published = [case for case in CASES if case["source"] != "composed"]
    assert len(CASES) >= 100
    assert len(published) >= 30
    assert all({"scores", "judged", "refused"} & case.keys() for case in CASES)
