"""Scores by a printed rule: of values that are handed in, and of a form's row that prints the rule beside its values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from perfeval.arithmetic import Scaled, add, aligned, decimal
from perfeval.conventions import (
    OPEN,
    OPTION,
    PRINTED_OPTIONS,
    Convention,
    DetailedConvention,
    convention_from,
    overridden,
)
from perfeval.errors import CellError, InvalidValue, PropagatedError
from perfeval.periods import Period
from perfeval.quantities import PERCENT, Quantity, of_number, plain
from perfeval.ruletext.model import LONGEST, NotUnderstood, Reading
from perfeval.scoring import Outcome, indicator, meets, needed, options_of, rule_text, score
from perfeval.scoring.inputs import read as read_input
from perfeval.standards import Leaf, convention
from perfeval.standards.expressions import expression
from perfeval.standards.rules import ANY_UNIT, Attainment, Cases, Input, Judgement, Rated
from perfeval.targets import Actual, Target, Threshold, actual_of, target_of

if TYPE_CHECKING:
    from datetime import date

_COMPLETION = frozenset(
    ("完成率", "实际完成率", "目标完成率", "指标完成率", "完成比例", "计划完成率", "任务完成率", "产出完成率")
)
_DAYS = frozenset({"天", "日"})
_AT_MOST = frozenset({"≤", "="})
_LATE = re.compile("超|逾|延|迟|晚|拖|推后")
_MOST_WEIGHTS = 12  # tried where none is handed in
_NAMES = {name: option.key for option in PRINTED_OPTIONS for name in (option.key, option.title)}


@lru_cache(maxsize=64)
def printed_convention(places: int = 2, choices: tuple[tuple[str, str], ...] = ()) -> DetailedConvention:
    """The 口径 of printed rules: scores to ``places`` decimals; what the words leave open is open but for the choices."""
    stated = {
        "score": str(places), "grade_on": "raw", "three_public": "error", "quarter": "pace", "quarter_cap": "total",
        "zero_scope": "part", "reading": "printed",
    }  # fmt: skip
    base = convention_from("印出的规则", stated, DetailedConvention)
    return overridden(base, dict(choices), base.name) if choices else base


def read(text: str, weight: Scaled) -> Reading:
    """The rule in words. Its grammar is loaded here: its patterns take 40 ms, and most files print no rule."""
    from perfeval.ruletext.reading import read  # noqa: PLC0415

    return read(text, weight)


def with_choices(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A rule's text, and the 口径 chosen behind it: ``100%满分，每低于5%扣2分; steps=floor``. Raises UnknownName."""
    choices: list[tuple[str, str]] = []
    while True:
        head, mark, tail = text.rpartition(";") if text.rfind(";") > text.rfind("；") else text.rpartition("；")
        key, equals, value = (piece.strip() for piece in plain(tail).partition("="))
        if not mark or not equals or key not in _NAMES:
            return text, tuple(choices)
        choices.insert(0, (key, value))
        text = head


def by_rule(text: str, weight: Scaled, values: Sequence[Any]) -> Outcome:
    """The score of values (as cells hold them) by a rule's text with its choices; no points where a person judges.

    Raises NotUnderstood, or InvalidValue where the values are not those that the rule needs or the words give no one score.
    """
    words, choices = with_choices(text)
    reading = read(words, weight)
    chosen = convention_of(reading, printed_convention(2, choices))
    if isinstance(reading.rule, Attainment):
        if len(values) != 2:
            raise InvalidValue(f"这条规则要填 2 个数：指标值；完成值；给了 {len(values)} 个")
        for value in values:
            if isinstance(value, CellError):
                raise PropagatedError(value)
            if value is None or not str(value).strip():
                return Outcome(None, lambda: "还没有填：指标值；完成值，结果为空白")
        return _attained(reading.rule, target_of(values[0]), actual_of(values[1]), weight, chosen)
    leaf = reading.leaf(weight)
    if isinstance(reading.rule, Judgement):
        return Outcome(None, lambda: f"由人评定：{rule_text(leaf, chosen)}")
    if len(values) != len(leaf.inputs):
        raise InvalidValue(f"这条规则要填 {len(leaf.inputs)} 个数：{needed(leaf)}；给了 {len(values)} 个")
    outcome = score(leaf, [read_input(one, value) for one, value in zip(leaf.inputs, values, strict=True)], chosen)
    return _told(outcome, leaf, chosen)


def in_words(text: str, weight: Scaled | None = None) -> str:
    """How a rule's text is understood, with what it needs and what its words leave open.

    Without a weight it is told for the points that the text prints, or for 100. Raises NotUnderstood.
    """
    words, choices = with_choices(text)
    reading, full = (read(words, weight), weight) if weight else _of_its_own_weight(words)
    chosen = convention_of(reading, printed_convention(2, choices))
    if isinstance(reading.rule, Attainment):
        unmet = "按完成值与指标值的比例计分" if reading.rule.in_proportion else "不得分"
        undecided = ("inverse",) if reading.rule.in_proportion and chosen.inverse == OPEN else ()
        return f"达到指标值得 {full} 分，没有达到{unmet}。要填：指标值；完成值{_undecided(undecided)}"
    leaf = reading.leaf(full)
    if isinstance(reading.rule, Judgement):
        return f"由人评定，不计算：{rule_text(leaf, chosen).removeprefix('由人评定，')}"
    undecided = tuple(key for key in options_of(leaf, chosen) if getattr(chosen, key) == OPEN)
    return f"{rule_text(leaf, chosen)}。要填：{needed(leaf)}{_undecided(undecided)}"


def _of_its_own_weight(words: str) -> tuple[Reading, Scaled]:
    """The reading for the first weight that fits: 100, the points that the text prints, their sum."""
    printed = [decimal(digits) for digits in re.findall(r"(?<![\d.])\d{1,4}(?:\.\d{1,4})?(?=分)", words[:LONGEST])]
    likely = dict.fromkeys([Scaled(100, 0), add(printed), *sorted(set(printed), key=float, reverse=True)])
    for weight in list(likely)[:_MOST_WEIGHTS]:
        try:
            return read(words, weight), weight
        except NotUnderstood:
            continue
    return read(words, max(printed, key=float, default=Scaled(100, 0))), Scaled(100, 0)


def _undecided(keys: Sequence[str]) -> str:
    told = [
        f"{OPTION[key].title}（{key}）："
        + "、".join(f"{value} {name}" for value, name in OPTION[key].choices if value != OPEN)
        for key in keys
    ]
    return f"。没有写明：{'；'.join(told)}" if told else ""


def of_row(
    text: str,
    name: str,
    target: str | float | date,
    actual: str | float | date,
    kind: str,
    weight: Scaled,
    project: Convention,
) -> Outcome:
    """The score of a form's row by the rule that it prints, from its 指标值 and 完成值; no points where a person judges.

    Raises NotUnderstood, or InvalidValue where the row does not hold what the rule needs, or the words give no one score.
    """
    reading = read(text, weight)
    chosen = convention_of_row(reading, project)
    if isinstance(reading.rule, Judgement):
        return Outcome(None, lambda: "由人评定")
    goal, done = target_of(target, kind), actual_of(actual)
    if isinstance(reading.rule, Attainment):
        return _attained(reading.rule, goal, done, weight, chosen, project.year)
    outcomes = list(_candidates(reading, name, goal, done, weight, chosen))
    if (late := _days_late(reading, goal, done, project.year)) is not None:
        leaf = reading.leaf(weight)
        outcomes = [_told(score(leaf, [late], chosen), leaf, chosen)]
    if not outcomes:
        raise InvalidValue(f"这一行没有规则要的数（{needed(reading.leaf(weight))}）")
    first = outcomes[0]
    for other in outcomes[1:]:
        if other.value != first.value:
            raise InvalidValue(
                f"规则可以是对完成值，也可以是对完成率：{first.arithmetic()}；{other.arithmetic()}，请由人评定"
            )
    return first


def _candidates(
    reading: Reading, name: str, goal: Target, done: Actual, weight: Scaled, chosen: DetailedConvention
) -> list[Outcome]:
    """The score of everything in the row that the rule may be of: the 完成值 itself, and 完成值 ÷ 指标值."""
    rule = reading.rule
    if not isinstance(done, Quantity) or not isinstance(goal, Threshold):
        return []
    leaf = reading.leaf(weight)
    if isinstance(rule, Cases):
        is_none = goal.upper and not goal.quantity.number.units
        return [_told(score(leaf, [done], chosen), leaf, chosen)] if is_none else []
    if not isinstance(rule, Rated) or not rule.of.single:
        return []
    of_itself, of_completion = what_it_is_of(reading, name)
    outcomes = []
    if done.unit == PERCENT and of_itself:
        outcomes.append(_told(score(leaf, [done], chosen), leaf, chosen))
    if of_completion and not goal.upper and goal.quantity.number.units > 0 and done.unit == goal.quantity.unit:
        share = of_completion_rate(leaf)
        outcomes.append(_told(score(share, [done, goal.quantity], chosen), share, chosen))
    return outcomes


def what_it_is_of(reading: Reading, name: str) -> tuple[bool, bool]:
    """Whether a rule over one rate may be of the row's 完成值 itself, and whether of 完成值 ÷ 指标值; ``name`` is the row's."""
    named, own = _bare(reading.subject), _bare(name)
    unnamed = named in ("", "比率")
    return unnamed or named == own or named.endswith(own) or own.endswith(named), unnamed or named in _COMPLETION


def of_completion_rate(leaf: Leaf) -> Leaf:
    """The leaf of a rule over one rate, with 完成值 ÷ 指标值 for that rate."""
    assert isinstance(leaf.rule, Rated)
    inputs = (Input("done", "完成值", ANY_UNIT), Input("goal", "指标值", ANY_UNIT))
    return replace(leaf, rule=replace(leaf.rule, of=expression("done / goal")), inputs=inputs)


def _days_late(reading: Reading, goal: Target, done: Actual, year: int | None) -> Quantity | None:
    """How many days a row lies behind what was due, where its rule takes points for each of them: 35天 of ≤30天, 7月3日 of
    6月30日前; None where the row does not tell."""
    if not isinstance(reading.rule, Cases) or reading.inputs[0].unit not in _DAYS:
        return None
    if not _LATE.search(reading.inputs[0].label):
        return None
    if isinstance(goal, Threshold) and isinstance(done, Quantity):
        if goal.operator not in _AT_MOST or {goal.quantity.unit, done.unit} != {"天"} or goal.approximate:
            return None
        due, passed = aligned(goal.quantity.number, done.number)
        late, rest = divmod(max(passed - due, 0), 10 ** max(goal.quantity.number.places, done.number.places))
        return None if rest else done._replace(number=Scaled(late, 0), written=f"{late}天")
    if isinstance(goal, Period) and isinstance(done, Period):
        last, day = (one if one.year or not year else one.in_year(year) for one in (goal, done))
        if last.year != day.year or last.strict or day.start or day.earliest or (last.start and day.end < last.start):
            return None
        return of_number(max((day.end - last.end).days, 0))
    return None


def _bare(name: str) -> str:
    return "".join(sign for sign in plain(name) if sign not in " “”\"'‘’()")


def _attained(
    rule: Attainment, goal: Target, done: Actual, weight: Scaled, chosen: DetailedConvention, year: int | None = None
) -> Outcome:
    """Full marks where the target is met; else none, or a share: of an upper bound as the 口径 ``inverse`` says.

    ``year`` is the form's, for a deadline that names none.
    """
    met = meets(goal, done, year)
    if met is None:
        return Outcome(None, lambda: f"“{goal.text}”由人评定是否达到")
    if met:
        return Outcome(weight, lambda: f"完成值 {done.text} 达到指标值 {goal.text}，得满分 {weight} 分")
    if not rule.in_proportion:
        return Outcome(Scaled(0, 0), lambda: f"完成值 {done.text} 没有达到指标值 {goal.text}，不得分")
    if not isinstance(goal, Threshold):
        raise InvalidValue(f"“{goal.text}”没有达到时按什么的比例，规则没有写明，请由人评定")
    outcomes = [(way, indicator(goal, done, weight, proportion)) for way, proportion in proportions(chosen).items()]
    if len({outcome.value for _, outcome in outcomes}) > 1:
        told = "；".join(
            f"inverse={way}（{OPTION['inverse'].describe(way)}）得 {outcome.value} 分" for way, outcome in outcomes
        )
        raise InvalidValue(
            f"完成值 {done.text}，指标值 {goal.text}：规则没有写明“{OPTION['inverse'].title}”：{told}，请选定口径"
        )
    return outcomes[0][1]


def proportions(chosen: DetailedConvention) -> dict[str, Convention]:
    """The 口径 of a share of points for a missed target, by each way (``inverse``) that is not ruled out."""
    ways = [value for value, _ in OPTION["inverse"].choices if value != OPEN and chosen.inverse in (OPEN, value)]
    national = replace(convention(), score=chosen.score, over="cap")
    return {way: replace(national, reverse=way) for way in ways}


def convention_of_row(reading: Reading, project: Convention) -> DetailedConvention:
    """The 口径 of a rule that a form's row prints: what the words decide, what the project's chooses, its decimals."""
    choices = tuple(
        (option.key, value) for option in PRINTED_OPTIONS if (value := getattr(project, option.key)) != OPEN
    )
    return convention_of(reading, printed_convention(project.score, choices))


def convention_of(reading: Reading, base: DetailedConvention) -> DetailedConvention:
    """The 口径 with what the rule's own words decide."""
    return replace(base, **reading.chosen) if reading.chosen else base


def _told(outcome: Outcome, leaf: Leaf, chosen: DetailedConvention) -> Outcome:
    return Outcome(outcome.value, lambda: f"{outcome.arithmetic()}。按印的规则：{rule_text(leaf, chosen)}")
