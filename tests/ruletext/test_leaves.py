"""The rules of the four detailed standards, from the sentences that their documents print, beside those of the TOML files."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perfeval.ruletext import NotUnderstood
from perfeval.ruletext.reading import read
from perfeval.standards import Leaf, load_detailed
from perfeval.standards.expressions import expression
from perfeval.standards.rules import Attainment, Judgement, Proportion, Rule, Steps, Tiers

PRINTED = tomllib.loads((Path(__file__).parents[1] / "data/printed_rules/leaves.toml").read_text(encoding="utf-8"))[
    "leaf"
]
LEAVES = [
    *PRINTED,
    *({**one, "standard": "sz-department-2020"} for one in PRINTED if one["standard"] == "sz-department-2019"),
]
# Its 分值 is 3 points there, while its sentence still prints 8.
AMBIGUOUS_IN_2020 = {"goal-completeness": "印 8 分，而分值是 3 分"}


def _leaf(printed: dict[str, Any]) -> Leaf:
    return load_detailed(printed["standard"]).leaf(printed["code"])


def _why(printed: dict[str, Any]) -> str:
    later = AMBIGUOUS_IN_2020 if printed["standard"] == "sz-department-2020" else {}
    return printed.get("ambiguous") or later.get(printed["code"], "")


def _of_a_rate(rule: Rule) -> Rule:
    """The rule without the names of its amounts and without 0/0, of which the sentences say nothing."""
    if isinstance(rule, Proportion):
        return replace(rule, of=expression("rate"))
    return replace(rule, of=expression("rate"), both_zero="error") if isinstance(rule, Tiers | Steps) else rule


@pytest.mark.parametrize("printed", LEAVES, ids=[f"{one['standard']} {one['code']}" for one in LEAVES])
def test_a_leaf_is_read_as_the_toml_states_it_or_refused_with_its_reason(printed: dict[str, Any]) -> None:
    leaf = _leaf(printed)
    rule = _read(printed)
    if isinstance(rule, NotUnderstood):
        assert _why(printed) or isinstance(leaf.rule, Judgement), rule.reason
        assert rule.clause
    else:
        assert not _why(printed)
        assert leaf.rule is not None
        assert not isinstance(rule, Attainment)
        assert _of_a_rate(rule) == _of_a_rate(leaf.rule)


def _read(printed: dict[str, Any]) -> Rule | Attainment | NotUnderstood:
    try:
        return read(printed["rule"], _leaf(printed).weight, printed.get("explanation", "")).rule
    except NotUnderstood as refusal:
        return refusal


def test_of_87_leaves_64_are_read_equal_and_6_stay_judgement() -> None:
    counts: Counter[str] = Counter()
    for printed in LEAVES:
        rule = _read(printed)
        counts[
            "refused" if isinstance(rule, NotUnderstood) else "judged" if isinstance(rule, Judgement) else "equal"
        ] += 1
    assert counts == {"equal": 64, "judged": 6, "refused": 17}
    assert len(LEAVES) == sum(len(load_detailed(one).leaves) for one in {one["standard"] for one in LEAVES}) == 87
