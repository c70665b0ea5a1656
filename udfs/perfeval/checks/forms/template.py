"""What a form's own words make impossible: a rule of more points than the weight, a score that no deduction leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfeval.arithmetic import Scaled, aligned
from perfeval.checks.forms import leaves
from perfeval.checks.forms.form import FormReview, name_of
from perfeval.findings import Finding
from perfeval.forms.values import same
from perfeval.hints import WRONG_SCORE
from perfeval.quantities import plain, points

_MORE_THAN_WEIGHT = leaves.FAULTY_TEMPLATE.says("“{name}”分值 {weight} 分，评分标准里却有 {more} 分")
_IMPOSSIBLE = WRONG_SCORE.says("“{name}”按“每项扣 {step} 分”，{weight} 分里得不出 {given} 分")

_IN_RULE = re.compile(r"(?:[得计加]|\()(\d+(?:\.\d+)?)分")
_EACH = re.compile(r"每[^,;.扣得计]{0,14}?[项例个次条宗件处][^,;.扣得计]{0,10}扣(\d+(?:\.\d+)?)分")
_POINTS = re.compile(r"(\d+(?:\.\d+)?)分")


def check(review: FormReview) -> Iterator[Finding]:
    """What the form's own words make impossible: a rule of more points than the weight, a score that no deduction leaves."""
    known = {row.row: leaf for row, leaf in leaves.leaves_in(review)}
    for row in review.form.rows:
        weight, score = points(row.weight.value), points(row.score.value)
        rule = re.sub(r"\s+", "", plain(row.rule.text))
        if weight is None or not rule:
            continue
        more = [number for number in _IN_RULE.findall(rule) if _above(points(number), weight)]
        leaf = known.get(row.row)
        if more and not (leaf and leaf.contradiction):
            said = _MORE_THAN_WEIGHT.of(name=name_of(row), weight=weight, more=more[0])
            yield review.found(said, row.rule, f"{weight} 分", f"{more[0]} 分")
        taken = _EACH.findall(rule)
        others = [number for number in _POINTS.findall(rule) if number not in taken]
        if score is None or not _is_within(score, weight):
            continue
        if len(taken) == 1 and not others and not _is_left(weight, score, points(taken[0])):
            said = _IMPOSSIBLE.of(name=name_of(row), step=taken[0], weight=weight, given=score)
            left = "、".join(_left(weight, points(taken[0])))
            yield review.found(said, row.score, left, score, "表上印的评分标准")


def _is_within(score: Scaled, weight: Scaled) -> bool:
    given, full = aligned(score, weight)
    return 0 <= given <= full


def _above(number: Scaled | None, limit: Scaled) -> bool:
    first, second = aligned(number or Scaled(0, 0), limit)
    return first > second


def _left(weight: Scaled, step: Scaled | None) -> list[str]:
    """What deductions of a step leave of a weight, down to 0."""
    full, one = aligned(weight, step or weight)
    places = max(weight.places, (step or weight).places)
    if one <= 0 or full // one > 100:
        return []
    return [str(Scaled(max(full - one * times, 0), places)) for times in range(-(-full // one) + 1)]


def _is_left(weight: Scaled, score: Scaled, step: Scaled | None) -> bool:
    possible = _left(weight, step)
    return not possible or any(same(score, points(left) or weight) for left in possible)
