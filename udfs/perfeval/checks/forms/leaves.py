"""What a leaf of a whole body's form scores by the rule of its standard, where the book itself holds the base data.

The standard is the one whose leaves the form prints. The data are the amounts and headcounts of the book's tables, the
money of its project forms, and rates that another form prints as an indicator (政府采购执行率 64.34%).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from perfeval.arithmetic import Scaled, add, aligned, subtract
from perfeval.checks.amounts import Known, of_form
from perfeval.checks.context import Context
from perfeval.checks.figures.budget_items import ADJUSTED, BUDGET, EXECUTED, HEADCOUNT_RATES, OFFICIAL, RUNNING, TOTAL
from perfeval.checks.forms.form import FormReview, name_of
from perfeval.conventions import DetailedConvention, overridden
from perfeval.errors import PerfEvalError
from perfeval.findings import Finding, Level, declare
from perfeval.forms.leaves import leaves_of
from perfeval.forms.model import IndicatorRow
from perfeval.forms.values import same
from perfeval.hints import WRONG_SCORE
from perfeval.quantities import PERCENT, Quantity, plain, points, quantity
from perfeval.scoring import Outcome, score
from perfeval.standards import DetailedStandard, Leaf
from perfeval.standards.rules import Judgement, Rated

FAULTY_TEMPLATE = declare(
    "R25", Level.NOTE, "模板的标准与分值矛盾，有得分无法达到", "向下发模板的部门核实", "“{name}”：{contradiction}"
)
_CONTRADICTORY = FAULTY_TEMPLATE.says("{contradiction}")
_WRONG_LEAF = WRONG_SCORE.says("“{name}”{arithmetic}；表中得 {given} 分")
TOTAL_BY_RULE = declare(
    "R29",
    Level.WARNING,
    "总分与按规则重算的不同",
    "改正各项得分后重新合计总分",
    "各项得分按规则改正后合计 {right} 分，总分是 {total}",
)
_TOTAL_OF_LEAVES = TOTAL_BY_RULE.says("只把能核实的指标按规则改正，总分应是 {right}，表中印 {total}")

_MONEY_RATES = {"公用经费控制率": RUNNING, "日常公用经费控制率": RUNNING, "三公经费控制率": OFFICIAL}
_OPTIONS = {"steps": ("floor", "ceil", "linear"), "percent": ("points", "relative"), "reading": ("printed", "intended")}
_EVEN = Scaled(1, 1)  # points that a person gives are seldom finer than tenths

Pair = tuple[Quantity, Quantity]


class Judged(NamedTuple):
    """A printed score that the rule does not give. ``gained`` is what the rule gives more (None: only part is known)."""

    told: str
    expected: str
    gained: Scaled | None


def check(reviews: Sequence[FormReview], known: Facts) -> Iterator[Finding]:
    """The leaves of whole bodies' forms beside their standard's rule, where the book holds what the rule needs."""
    for review in reviews:
        if review.standard is not None:
            yield from _by_rule(review, review.standard, known)


def _by_rule(review: FormReview, standard: DetailedStandard, known: Facts) -> Iterator[Finding]:
    if standard.contradiction:
        first = review.form.rows[0].weight
        said = _CONTRADICTORY.of(contradiction=standard.contradiction.rstrip("。"))
        yield review.found(said, first, basis=standard.title)
    gained: list[Scaled] = []
    for row, leaf in leaves_in(review):
        if leaf.contradiction:
            said = FAULTY_TEMPLATE.of(name=name_of(row), contradiction=leaf.contradiction.rstrip("。"))
            yield review.found(said, row.rule if row.rule.cell else row.name, basis=standard.title)
        judgement = judged(standard, leaf, row, known)
        if judgement is None:
            continue
        said = _WRONG_LEAF.of(name=name_of(row), arithmetic=judgement.told, given=row.score.text)
        finding = review.found(said, row.score, judgement.expected, row.score.text, standard.title)
        yield finding if judgement.gained is not None else replace(finding, level=Level.WARNING)
        gained += [judgement.gained] if judgement.gained is not None else []
    printed = review.assessment.printed_total
    scores = [row.printed for row in review.assessment.rows if row.printed is not None]
    if gained and printed is not None:
        total = add([*scores, *gained])
        said = _TOTAL_OF_LEAVES.of(right=total, total=printed)
        yield review.found(said, review.form.total_score, total, printed, standard.title)


@dataclass(frozen=True)
class Facts:
    """What a book knows that rules ask for."""

    amounts: tuple[Known, ...]
    rates: dict[str, Quantity]
    projects: Pair | None

    @classmethod
    def of(cls, context: Context) -> Facts:
        """The base data of a book."""
        rates: dict[str, list[Quantity]] = {}
        for form in context.body_forms:
            for row in form.rows:
                rate = _percentage(row.actual.text)
                if rate is not None:
                    rates.setdefault("满意度" if "满意" in row.name.text else _key(row.name.text), []).append(rate)
        return cls(
            context.amounts,
            {name: found[0] for name, found in rates.items() if len(found) == 1},
            _project_money(context),
        )

    def values(self, item: str, *stages: str) -> list[Scaled]:
        """The different amounts of an item, of the latest year that is printed."""
        found = [known for known in self.amounts if known.item == item and known.stage in stages]
        latest = max((known.year for known in found), default="")
        return list({known.number: None for known in found if known.year == latest})

    def pairs(self, name: str) -> list[Pair]:
        """Part and whole of a rate by its name; none where the book does not hold both, or holds several of either."""
        name = _key(name)
        if name in HEADCOUNT_RATES:
            part, wholes = HEADCOUNT_RATES[name]
            parts, found = self.values(part, ""), [self.values(whole, "") for whole in wholes]
            if len(parts) == 1 and all(len(values) == 1 for values in found):
                return [_pair(parts[0], add([values[0] for values in found]), "人")]
        if name in _MONEY_RATES:
            spent = self.values(_MONEY_RATES[name], EXECUTED)
            budget = self.values(_MONEY_RATES[name], ADJUSTED) or self.values(_MONEY_RATES[name], BUDGET)
            if len(spent) == 1 and len(budget) == 1:
                return [_pair(spent[0], budget[0], "元")]
        if name == "预算执行率":
            spent, budget = self.values(TOTAL, EXECUTED), self.values(TOTAL, ADJUSTED) or self.values(TOTAL, BUDGET)
            if len(spent) == 1 and len(budget) == 1:
                return [_pair(spent[0], budget[0], "元")]
        if name in self.rates:
            return [(self.rates[name], quantity("100%"))]
        return []


def _pair(part: Scaled, whole: Scaled, unit: str) -> Pair:
    return quantity(f"{part}{unit}"), quantity(f"{whole}{unit}")


def _percentage(text: str) -> Quantity | None:
    try:
        found = quantity(text) if text else None
    except PerfEvalError:
        return None
    return found if found is not None and found.unit == PERCENT else None


def _project_money(context: Context) -> Pair | None:
    """Executed and budget of all project forms together."""
    sums = []
    for stage in (EXECUTED, ADJUSTED):
        money = [known for assessment in context.projects for known in of_form(assessment.form)]
        known = [one.number for one in money if one.stage == stage]
        if not known or len(known) != len(context.projects):
            return None
        sums.append(add(known))
    return _pair(sums[0], sums[1], "元") if sums[1].units else None


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return re.sub(r"[\s“”‘’\"']|\([^()]*\)", "", plain(name))


def leaves_in(review: FormReview) -> list[tuple[IndicatorRow, Leaf]]:
    """The rows that are leaves of the form's standard and carry its weights: for other weights its rules say nothing."""
    if review.standard is None:
        return []
    return [
        (row, leaf)
        for row, leaf in leaves_of(review.form.rows, review.standard)
        if leaf is not None and ((weight := points(row.weight.value)) is None or same(weight, leaf.weight))
    ]


def judged(standard: DetailedStandard, leaf: Leaf, row: IndicatorRow, known: Facts) -> Judged | None:
    """What is wrong with a printed score, by the rule and the book's own data; None where all fits or too little is known."""
    printed = points(row.score.value)
    if printed is None:
        return None
    if leaf.parts:
        return _of_parts(standard, leaf, printed, known)
    outcomes = _outcomes(standard, leaf, known)
    values = [outcome.value for outcome in outcomes if isinstance(outcome.value, Scaled)]
    if not values or len(values) < len(outcomes) or any(same(value, printed) for value in values):
        return None
    return Judged(outcomes[0].arithmetic(), str(values[0]), subtract(values[0], printed))


def _outcomes(standard: DetailedStandard, leaf: Leaf, known: Facts) -> list[Outcome]:
    """The leaf's score under every 口径 in which its rule may be read."""
    given = _given(standard, leaf, known)
    if given is None:
        return []
    found = []
    for convention in _conventions(standard.convention):
        try:
            found.append(score(leaf, given, convention))
        except PerfEvalError:
            continue
    return found


def _conventions(convention: DetailedConvention) -> Iterator[DetailedConvention]:
    for key, values in _OPTIONS.items():
        for value in values:
            try:
                yield overridden(convention, {key: value}, convention.name)
            except PerfEvalError:
                continue


def _given(standard: DetailedStandard, leaf: Leaf, known: Facts) -> Sequence[Quantity] | None:
    if not isinstance(leaf.rule, Rated):
        return None
    if len(leaf.inputs) == 1:
        rate = known.rates.get("满意度" if "满意" in leaf.name else _key(leaf.name))
        return [rate] if rate is not None else None
    if len(leaf.inputs) != 2:
        return None
    pairs = known.pairs(leaf.name)
    if standard.kind == "expenditure" and leaf.name == "预算执行率":
        pairs = [known.projects] if known.projects and _is_all(known.projects) else []
    return list(pairs[0]) if len(pairs) == 1 and _compatible(leaf, pairs[0]) else None


def _is_all(pair: Pair) -> bool:
    """All of the budget spent: then also all that was received, however much that was."""
    return same(pair[0].number, pair[1].number)


def _compatible(leaf: Leaf, pair: Pair) -> bool:
    return pair[1].number.units > 0 and len(leaf.inputs) == len(pair)


def _of_parts(standard: DetailedStandard, leaf: Leaf, printed: Scaled, known: Facts) -> Judged | None:
    """A leaf of which only one part can be computed, the other being a person's: whether the rest is a score at all."""
    if len(leaf.parts) != 2 or leaf.zero_if or leaf.full_if:
        return None
    rated, other = leaf.parts if isinstance(leaf.parts[0].rule, Rated) else leaf.parts[::-1]
    if not isinstance(other.rule, Judgement):
        return None
    pairs = known.pairs(rated.name)
    if len(pairs) != 1 or not isinstance(rated.rule, Rated):
        return None
    part, whole = pairs[0]
    numbers = [Quantity(one.number, "", "", numeric=True) for one in (part, whole)]
    try:
        found = score(rated, numbers, standard.convention).value
    except PerfEvalError:
        return None
    if not isinstance(found, Scaled):
        return None
    rest = subtract(printed, found)
    left, most, tenth = aligned(rest, other.weight, _EVEN)
    if 0 <= left <= most and left % tenth == 0:
        return None
    upper = add([found, other.weight])
    told = f"“{rated.name}” {part.text}，得 {found} 分，余下的 {rest} 分要由“{other.name}”得出，请说明依据"
    return Judged(told, f"{found} 至 {upper}", None)
