"""The score of a leaf of a detailed standard, or of a rule that a row prints, as a formula: the kernels of ``scoring`` over Terms.

Two cells an input. A person fills one; ``reading`` is the formula of the other, an ``Operand``, which holds a number that the
input can have, "" for a blank, — for 不适用, or ? for anything else. The score is a number where PerfEval scores, — for a leaf
that does not apply, and blank where an input is not there, is not read, or leaves the score to a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any, NamedTuple

from perfeval import formulatext
from perfeval.quantities import PERCENT
from perfeval.scoring import counted, rated
from perfeval.scoring.either import choose, greater
from perfeval.scoring.inputs import HIGHEST_RATE, NO, YES
from perfeval.scoring.leaf import assembled, combined, places_of, rule_of, split, within
from perfeval.standards.rules import ANY_UNIT, YES_NO, Cases, Input, Rated
from perfeval.targets import NOTHING
from perfeval.worksheet import Term, condition, in_points, units

if TYPE_CHECKING:
    from perfeval.conventions import DetailedConvention
    from perfeval.standards import Leaf

INAPPLICABLE, UNREAD = "—", "?"
_INAPPLICABLE, _UNREAD = map(formulatext.text, (INAPPLICABLE, UNREAD))
_DASHES = ("—", "——", "–", "－", "／")  # further shapes of what NOTHING holds
_PLACES = {PERCENT: 12, YES_NO: 0, ANY_UNIT: 6}  # decimals that a number of this unit may have
_MOST_PLACES = 4  # of any other: 元 to a hundredth of a 分


class Operand(NamedTuple):
    """The cell that holds an input as read; and the one that holds the unit it was written in, "" where only numbers are read."""

    value: str
    unit: str = ""


class _Read(NamedTuple):
    """An operand with the input that it stands for."""

    one: Input
    operand: Operand


def score(leaf: Leaf, operands: Sequence[Operand], convention: DetailedConvention) -> str:
    """The expression of a leaf's score, from an operand for each of its inputs in order."""
    read = [_Read(one, operand) for one, operand in zip(leaf.inputs, operands, strict=True)]
    places = places_of(leaf, convention)
    own, asked = split(leaf, read)
    rest = _unscored(operands)
    scored, _, sound = assembled(
        leaf, read, lambda part, values: _by_rule(part, values, places, convention), _yes, convention
    )
    text = _if(_all_numbers(operands), _if(sound, in_points(scored, places), '""'), rest)
    if not asked:
        return text
    answers = {key: _yes(one) for key, one in asked.items()}
    decided = in_points(combined(leaf, [0], [False], answers, convention), places)
    is_decided = reduce(lambda one, other: one | other, (answer > 0 for answer in answers.values()))
    readable = ",".join(f'OR(ISNUMBER({each.operand.value}),{each.operand.value}="")' for each in own)
    return _if(is_decided, _if(Term(f"AND({readable})"), decided, _inapplicable(operands)), text)


def reading(one: Input, cell: str, measured: str = _UNREAD) -> str:
    """The expression of an operand from the cell that a person fills.

    ``measured`` is what becomes of a text that is no word of the input, e.g. the number of 97万元; it may be ?.
    """
    text = f"TRIM({cell})"
    if one.unit == YES_NO:
        answers = f"IF({_among(text, (*sorted(YES), 'TRUE'))},1,IF({_among(text, (*sorted(NO), 'FALSE'))},0,{_UNREAD}))"
        return _read_by_kind(cell, f"AND({cell}<>0,{cell}<>1)", answers)
    for word, points in reversed(one.levels):
        measured = f"IF({_among(text, [word])},{points},{measured})"
    words = f"IF({_among(text, (*sorted(NOTHING), *_DASHES))},{_INAPPLICABLE},{measured})"
    return _read_by_kind(cell, _is_wrong(one, cell), words)


def _read_by_kind(cell: str, is_wrong: str, words: str) -> str:
    """A number where it is not wrong; "" for a blank; what words say. A number is asked for first: no text is made of it."""
    number = f"IF({is_wrong},{_UNREAD},{cell})"
    return f'IF(ISERROR({cell}),{_UNREAD},IF(ISNUMBER({cell}),{number},IF(TRIM({cell})="","",{words})))'


def _is_wrong(one: Input, cell: str) -> str:
    """Where a number is none that the input can have, or has more decimals than the formulas compute with. (What differs by less
    than 4E-15 of itself is one number to the programs.)"""
    places = _places(one)
    wrong = [f"{cell}<0", f"ABS({cell}-ROUND({cell},{places}))>5E-15*{cell}"]
    if one.unit == PERCENT:
        wrong = [f"{cell}<{-HIGHEST_RATE if one.may_be_negative else 0}", f"{cell}>{HIGHEST_RATE}"]
    if one.most is not None:
        wrong.append(f"ROUND({cell},{places})>{one.most}")
    if one.levels:
        wrong.append(f"AND({','.join(f'ROUND({cell},{places})<>{points}' for _, points in one.levels)})")
    return f"OR({','.join(wrong)})"


def _among(text: str, words: Sequence[str]) -> str:
    """Whether a text is one of the words, upper and lower case alike. No MATCH: ``*`` is a word, no wildcard."""
    different = dict.fromkeys(word.upper() for word in words)
    return f"OR({','.join(f'{text}={formulatext.text(word)}' for word in different)})"


def _by_rule(leaf: Leaf, read: Sequence[_Read], places: int, convention: DetailedConvention) -> tuple[Any, Any, Any]:
    """Units, where the rule says “得0分”, and where it gives a score at all."""
    rule, inputs = rule_of(leaf, convention), [each.one for each in read]
    fine = max(map(_places, inputs))
    values = [units(each.operand.value, fine) for each in read]
    if not isinstance(rule, Rated):
        sound = values[0] // 10**fine * 10**fine == values[0] if isinstance(rule, Cases) else True
        return (
            within(leaf, counted.units(rule, values, 10**fine, leaf.weight, convention), places, convention),
            False,
            sound,
        )
    n, d = rule.of.fraction(dict(zip((one.name for one in inputs), values, strict=True)), 10**fine)
    scored, zeroed, sound = of_rate(leaf, rule, n, d, places, convention)
    return scored, zeroed, sound & _of_one_unit(read)


def of_rate(
    leaf: Leaf, rule: Rated, n: Term, d: Any, places: int, convention: DetailedConvention
) -> tuple[Any, Any, Any]:
    """Units of the rate n/d, where the rule says “得0分”, and where it gives a score at all."""
    scored, is_one = rated.units_of_one(rule, n, d, leaf.weight, convention)
    sound = choose(rated.is_scored(rule, n, d), is_one, False)  # AND would ask the second without a denominator too
    without = rated.without_denominator(rule, n, leaf.weight, convention)
    if isinstance(without, Term) or without >= 0:
        scored, sound = choose(d == 0, greater(without, 0), scored), choose(d == 0, without >= 0, sound)
    return within(leaf, scored, places, convention), rated.zeroed(rule, n, d), sound


def _of_one_unit(read: Sequence[_Read]) -> Any:
    """Where amounts of one rule are written in one unit (no 元 beside 件)."""
    first, *others = read
    alike: Any = True
    for other in others:
        if other.one.unit == first.one.unit != PERCENT and first.operand.unit and other.operand.unit:
            alike = alike & Term(f"EXACT({first.operand.unit},{other.operand.unit})")
    return alike


def _yes(read: _Read) -> Term:
    """是 to a question as 1; anything else is 0."""
    return Term(f"N({read.operand.value})", 0)


def _all_numbers(operands: Sequence[Operand]) -> Term:
    return Term(f"COUNT({','.join(operand.value for operand in operands)})={len(operands)}")


def _unscored(operands: Sequence[Operand]) -> str:
    """— for a leaf that does not apply; blank as long as an input is."""
    if len(operands) == 1:
        return _inapplicable(operands)
    blank = ",".join(f'{operand.value}=""' for operand in operands)
    return f'IF(OR({blank}),"",{_inapplicable(operands)})'


def _inapplicable(operands: Sequence[Operand]) -> str:
    dashes = [f"{operand.value}={_INAPPLICABLE}" for operand in operands]
    any_dash = dashes[0] if len(dashes) == 1 else f"OR({','.join(dashes)})"
    return f'IF({any_dash},{_INAPPLICABLE},"")'


def _if(truth: Any, one: str, other: str) -> str:
    return one if truth is True else f"IF({condition(truth)},{one},{other})"


def _places(one: Input) -> int:
    return _PLACES.get(one.unit, _MOST_PLACES)
