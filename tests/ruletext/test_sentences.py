"""评分标准 as sentences, worked out by hand: read right, or refused by the clause."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest

from perfeval.arithmetic import Scaled, decimal
from perfeval.errors import InvalidValue, PerfEvalError
from perfeval.ruletext import NotUnderstood, by_rule, with_choices
from perfeval.ruletext.reading import read
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


SPOILT = "不未每超低含满分得扣一、，。；率以上下内≥≤><=%~-()项例王口工"


@pytest.mark.parametrize("seed", range(4))
def test_a_sentence_with_one_character_changed_gives_the_same_points_or_none(seed: int) -> None:
    """A sign, word or stop lost, changed or added; digits apart, as another number is another rule."""
    chance = random.Random(seed)
    for _ in range(1000):
        case = chance.choice([case for case in CASES if "scores" in case])
        values, points = chance.choice(case["scores"])
        place, kind = chance.randrange(len(case["text"])), chance.randrange(3)
        before, changed, behind = case["text"][:place], case["text"][place], case["text"][place + 1 :]
        if points == "refused" or changed.isdigit():
            continue
        text = before + ("" if kind == 0 else chance.choice(SPOILT) + changed * (kind == 1)) + behind
        try:
            score = by_rule(text, decimal(case["weight"]), [_cell(value) for value in values.split("|")]).value
        except PerfEvalError:
            continue
        assert score is None or float(score) == points, text  # type: ignore[arg-type]
