"""The score of a leaf of a detailed standard: its rule, or its parts summed, and the questions that decide all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from perfeval.arithmetic import Scaled, aligned, finest, in_finer
from perfeval.conventions import OPTION
from perfeval.errors import DivisionByZero, InvalidValue, PerfEvalError
from perfeval.quantities import Quantity
from perfeval.scoring import counted, rated
from perfeval.scoring.either import choose, lesser
from perfeval.scoring.inputs import HIGHEST_RATE, check_together, checked
from perfeval.scoring.outcome import REFUSED, UNDECIDED, Outcome, percent_of, shown
from perfeval.standards.rules import YES_NO, Cases, Input, Proportion, Rated, Rule, Steps, Tiers

if TYPE_CHECKING:
    from perfeval.conventions import DetailedConvention
    from perfeval.standards import Leaf

_MARKS = "①②③④⑤⑥⑦⑧⑨"


class _Scored(NamedTuple):
    """A score in units of ``10**-places_of`` its leaf, whether a rule said “得0分”, and how it came about."""

    units: int
    zeroed: bool
    told: Callable[[], str]


def score(leaf: Leaf, given: Sequence[Quantity | None], convention: DetailedConvention) -> Outcome:
    """The score of a leaf for its inputs in order; None where an input is blank or a person must judge.

    是 to a question that decides the whole leaf needs no other input. Raises InvalidValue or DivisionByZero.
    """
    if len(given) != len(leaf.inputs):
        raise InvalidValue(f"“{leaf.name}”要填 {len(leaf.inputs)} 个数：{needed(leaf)}；给了 {len(given)} 个")
    asked = split(leaf, given)[1]
    blank = [one.label for one, value in zip(leaf.inputs, given, strict=True) if value is None]
    answers = {key: value.number.units for key, value in asked.items() if value is not None}
    if blank and not any(answers.values()):
        return Outcome(None, lambda: f"还没有填：{'；'.join(blank)}，结果为空白")
    if any(answers.values()):
        found = _Scored(combined(leaf, [0], [False], answers, convention), False, lambda: _deciding(leaf, answers))
    else:
        found = _scored(leaf, [value for value in given if value is not None], places_of(leaf, convention), convention)
    if found.units == UNDECIDED:
        return Outcome(None, lambda: f"{found.told()}，由人评定")
    points = Scaled(found.units, places_of(leaf, convention))
    return Outcome(points, lambda: f"{found.told()}，得 {points} 分")


def places_of(leaf: Leaf, convention: DetailedConvention) -> int:
    """The decimals of a leaf's units: the convention's, or more where it or a part is worth a finer weight."""
    return max(finest(convention.score, one.weight) for one in (leaf, *leaf.parts))


def within(leaf: Leaf, units: Any, places: int, convention: DetailedConvention) -> Any:
    """What a rule gave at the convention's decimals, in units of ``10**-places``: rounding does not pass the weight."""
    scaled = in_finer(units, convention.score, places)
    capped = lesser(scaled, in_finer(leaf.weight.units, leaf.weight.places, places))
    return capped if scaled is units else choose(units == UNDECIDED, UNDECIDED, capped)


def combined(
    leaf: Leaf, scores: Sequence[Any], zeroed: Sequence[Any], answers: Mapping[str, Any], convention: DetailedConvention
) -> Any:
    """A leaf's units from those of its rule or parts: integers, or int64 arrays."""
    total, *others = scores
    if others:
        undecided: Any = total == UNDECIDED
        for one in others:
            total, undecided = total + one, undecided | (one == UNDECIDED)
        total = choose(undecided, UNDECIDED, total)
    if convention.zero_scope == "leaf":
        for one in zeroed:
            total = choose(one, 0, total)
    if "zero_if" in answers:
        total = choose(answers["zero_if"] > 0, 0, total)
    if "full_if" in answers:
        full = in_finer(leaf.weight.units, leaf.weight.places, places_of(leaf, convention))
        total = choose(answers["full_if"] > 0, full, total)
    return total


def assembled(
    leaf: Leaf,
    values: Sequence[Any],
    by_rule: Callable[[Leaf, Sequence[Any]], tuple[Any, Any, Any]],
    is_yes: Callable[[Any], Any],
    convention: DetailedConvention,
) -> tuple[Any, Any, Any]:
    """A leaf over columns or Terms: units, where a rule says “得0分”, and where there is a score. ``by_rule`` tells these of a leaf
    without parts from its values; ``is_yes`` takes the answer to a question as 1 or 0."""
    own, asked = split(leaf, values)
    if leaf.parts:
        found = [assembled(part, inner, by_rule, is_yes, convention) for part, inner in of_parts(leaf, own)]
    else:
        found = [by_rule(leaf, own)]
    answers = {key: is_yes(answer) for key, answer in asked.items()}
    units = combined(leaf, [one[0] for one in found], [one[1] for one in found], answers, convention)
    zeroed: Any = answers["zero_if"] > 0 if "zero_if" in answers else False
    sound: Any = True
    for _, is_zeroed, is_sound in found:
        zeroed, sound = zeroed | is_zeroed, sound & is_sound
    return units, zeroed, sound


def split(leaf: Leaf, values: Sequence[Any]) -> tuple[Sequence[Any], dict[str, Any]]:
    """The values of the rule or parts, and those of the questions ``zero_if`` and ``full_if``."""
    keys = [key for key in ("zero_if", "full_if") if getattr(leaf, key)]
    own = len(values) - len(keys)
    return values[:own], dict(zip(keys, values[own:], strict=True))


def of_parts(leaf: Leaf, values: Sequence[Any]) -> Iterator[tuple[Leaf, Sequence[Any]]]:
    """Each part with its own values."""
    start = 0
    for part in leaf.parts:
        yield part, values[start : start + len(part.inputs)]
        start += len(part.inputs)


def rule_of(leaf: Leaf, convention: DetailedConvention) -> Rule:
    """The rule as printed, or as it was meant. A leaf of parts has none."""
    rule = leaf.intended if leaf.intended and convention.reading == "intended" else leaf.rule
    assert rule is not None
    return rule


def needed(leaf: Leaf) -> str:
    """The inputs, for people: ``实际数（元）、控制数（元）``."""
    return "；".join(f"{one.label}（{'是/否' if one.unit == YES_NO else one.unit}）" for one in leaf.inputs)


def rule_text(leaf: Leaf, convention: DetailedConvention) -> str:
    """The leaf's rule in Chinese, rendered from its parameters."""
    if leaf.parts:
        parts = [
            f"{mark}{part.name}（{part.weight} 分）{rule_text(part, convention)}"
            for mark, part in zip(_MARKS, leaf.parts, strict=False)
        ]
        text = "；".join(parts)
    else:
        rule, own = rule_of(leaf, convention), split(leaf, leaf.inputs)[0]
        if isinstance(rule, Rated):
            text = rated.text(rule, _rate_in_words(rule, own), leaf.weight, convention)
        else:
            text = counted.text(rule, own, leaf.weight, convention)
    if leaf.zero_if:
        text += f"；{leaf.zero_if}的，得 0 分"
    return f"{text}；{leaf.full_if}的，得满分" if leaf.full_if else text


def options_of(leaf: Leaf, convention: DetailedConvention) -> tuple[str, ...]:
    """The keys of the 口径 that decide the leaf's score."""
    if leaf.parts:
        found = [key for part in leaf.parts for key in options_of(part, convention)]
        found += ["zero_scope"] * any(part.zero_if for part in leaf.parts)
    else:
        rule = rule_of(leaf, convention)
        found = [*(rated.options(rule) if isinstance(rule, Rated) else counted.options(rule))]
        found += ["reading"] * (leaf.intended is not None)
    return tuple(dict.fromkeys(found))


def basis(leaf: Leaf, convention: DetailedConvention) -> str:
    """Rule, 口径, source and what is odd about the leaf, as sentences to stand behind how a score came about."""
    chosen = "，".join(f"{OPTION[key].title} {convention.words(key)}" for key in options_of(leaf, convention))
    document, item = leaf.source
    told = [f"规则：{rule_text(leaf, convention)}", f"口径：{convention.name}" + (f"（{chosen}）" if chosen else "")]
    told.append(f"来源：{document}“{item}”")
    return "。" + "。".join(told + [f"注意：{note.rstrip('。')}" for note in (leaf.contradiction, leaf.note) if note])


def _scored(leaf: Leaf, given: Sequence[Quantity], places: int, convention: DetailedConvention) -> _Scored:
    own, asked = split(leaf, given)
    if leaf.parts:
        found = [_scored(part, values, places, convention) for part, values in of_parts(leaf, own)]
    else:
        one = _by_rule(leaf, rule_of(leaf, convention), own, convention)
        found = [one._replace(units=within(leaf, one.units, places, convention))]
    answers = {key: value.number.units for key, value in asked.items()}
    zeroed = [one.zeroed for one in found]
    units = combined(leaf, [one.units for one in found], zeroed, answers, convention)

    def told() -> str:
        if any(answers.values()):
            return _deciding(leaf, answers)
        text = _told_by_parts(leaf, found, places) if leaf.parts else found[0].told()
        void = leaf.parts and any(zeroed) and convention.zero_scope == "leaf"
        return f"{text}；按口径整个指标得 0 分" if void else text

    return _Scored(units, any(zeroed) or answers.get("zero_if", 0) > 0, told)


def _told_by_parts(leaf: Leaf, found: Sequence[_Scored], places: int) -> str:
    return "；".join(
        f"{mark}{part.name}：{one.told()}，得 {Scaled(one.units, places)} 分"
        for mark, part, one in zip(_MARKS, leaf.parts, found, strict=False)
    )


def _by_rule(leaf: Leaf, rule: Rule, given: Sequence[Quantity], convention: DetailedConvention) -> _Scored:
    inputs = leaf.inputs[: len(given)]
    try:
        numbers = [_number(one, value) for one, value in zip(inputs, given, strict=True)]
        if isinstance(rule, Rated):
            check_together(inputs, tuple(given))
            return _by_rate(leaf, rule, numbers, convention)
        if isinstance(rule, Cases) and numbers[0].units % 10 ** numbers[0].places:
            raise InvalidValue(f"“{inputs[0].label}”{numbers[0]} 不是整数，请核对")
        units = counted.units(rule, aligned(*numbers), _one(numbers), leaf.weight, convention)
    except PerfEvalError as error:
        raise type(error)(f"“{leaf.name}”的{error.reason}") from error
    return _Scored(
        units, False, lambda: "，".join(f"{one.label} {value.text}" for one, value in zip(inputs, given, strict=True))
    )


def _number(one: Input, value: Quantity) -> Scaled:
    try:
        return checked(one, value)
    except InvalidValue as error:
        raise InvalidValue(f"“{one.label}”：{error.reason}") from error


def _one(numbers: list[Scaled]) -> int:
    """How many of the units that numbers are aligned in make 1."""
    return 10 ** max(number.places for number in numbers)


def _by_rate(leaf: Leaf, rule: Rated, numbers: list[Scaled], convention: DetailedConvention) -> _Scored:
    units = dict(zip((one.name for one in leaf.inputs), aligned(*numbers), strict=False))
    n, d = rule.of.fraction(units, _one(numbers))

    def words() -> str:
        return rule.of.written({one.name: shown(number) for one, number in zip(leaf.inputs, numbers, strict=False)})

    def told() -> str:
        return percent_of(n, d) if rule.of.single else f"{words()} = {percent_of(n, d)}"

    if d <= 0:
        return _without_denominator(leaf, rule, n, d, words(), convention)
    if n > HIGHEST_RATE * d:
        raise InvalidValue(f"比率 {told()}，超过 1000%，请核对两个数的单位")
    if isinstance(rule, Proportion) and n < 0:
        raise InvalidValue(f"{told()} 是负数，不能按比例计分，请核对")
    if isinstance(rule, Proportion) and rule.above == "refuse" and n > d:
        if rule.of.single:
            raise InvalidValue(f"{told()} 超过 100%，按规则要得 {leaf.weight} 分以上，规则没有写封顶，请由人评定")
        raise InvalidValue(f"“{leaf.inputs[0].label}”大于“{leaf.inputs[1].label}”（{words()}），请核对")
    score = rated.units(rule, n, d, leaf.weight, convention)
    if score == REFUSED:
        raise InvalidValue(f"{told()}：{rated.refusal(rule, n, d, leaf.weight, convention)}")
    return _Scored(score, rated.zeroed(rule, n, d), told)


def _without_denominator(
    leaf: Leaf, rule: Rated, n: int, d: int, words: str, convention: DetailedConvention
) -> _Scored:
    """0/0 and x/0, as the rule's ``both_zero`` says."""
    if d < 0:
        raise InvalidValue(f"分母是负数（{words}），请核对")
    units = rated.without_denominator(rule, n, leaf.weight, convention)
    if units == REFUSED:
        raise DivisionByZero(f"分母是 0（{words}），比率无法计算，请核对")
    if n:
        return _Scored(units, False, lambda: f"{words}，没有预算而有支出")
    if isinstance(rule, Tiers | Steps) and rule.both_zero == "none":
        return _Scored(units, False, lambda: f"{words}，两个数都是 0，没有变动")
    return _Scored(units, False, lambda: f"{words}，没有预算也没有支出，按口径{convention.words('three_public')}")


def _deciding(leaf: Leaf, answers: Mapping[str, int]) -> str:
    return "，".join(getattr(leaf, key) for key, yes in answers.items() if yes)


def _rate_in_words(rule: Rated, inputs: Sequence[Input]) -> str:
    return rule.of.written({one.name: one.label for one in inputs})
