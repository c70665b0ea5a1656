"""The score of a form's row by the 评分标准 that it prints, as a formula: what ``ruletext.of_row`` says, over Terms.

The rule is read when the formula is written, for the row's 分值; where either is another since, there is no score.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from perfeval import formulatext
from perfeval.arithmetic import finest
from perfeval.budget import FORMULA_LENGTH
from perfeval.errors import InvalidValue
from perfeval.native.leaves import Operand, of_rate
from perfeval.native.leaves import reading as of_input
from perfeval.native.leaves import score as leaf_score
from perfeval.native.reading import BY_BOUND
from perfeval.native.words import holds
from perfeval.quantities import PERCENT, quantity
from perfeval.ruletext.scores import (
    convention_of,
    convention_of_row,
    of_completion_rate,
    printed_convention,
    proportions,
    read,
    what_it_is_of,
    with_choices,
)
from perfeval.scoring import bounds, counted
from perfeval.scoring.either import choose
from perfeval.scoring.inputs import HIGHEST_RATE
from perfeval.scoring.leaf import places_of, within
from perfeval.scoring.outcome import REFUSED
from perfeval.standards.rules import ANY_UNIT, Attainment, Cases, Judgement, Rated
from perfeval.worksheet import Term, in_points

if TYPE_CHECKING:
    from collections.abc import Callable

    from perfeval.arithmetic import Scaled
    from perfeval.conventions import Convention, DetailedConvention
    from perfeval.ruletext import Reading
    from perfeval.standards.rules import Input

HELPERS = ("ruled", "rule_text")  # the score by the rule, or CHANGED; the rule's text as it was read
CHANGED = "改"


class Rule(NamedTuple):
    """The rule of a row: its cell, its text, the row's 分值 when it was read; ``name`` is the row's. ``reading`` is None where a
    person scores by it."""

    cell: str
    text: str
    weight: Scaled
    reading: Reading | None = None
    name: str = ""


def of_cells(text: str, weight: Scaled, cell: str, worth: str, *values: str) -> str:
    """PE_RULE_SCORE of numbers in cells, as an expression: ``cell`` and ``worth`` hold the text and the 分值, as long as they stay.

    Raises NotUnderstood, or InvalidValue for a rule that is of no such numbers, or that no formula holds."""
    words, choices = with_choices(text)
    reading = read(words, weight)
    if isinstance(reading.rule, Attainment | Judgement) or len(values) != len(reading.inputs):
        raise InvalidValue("要由人评定")
    operands = [Operand(of_input(one, value)) for one, value in zip(reading.inputs, values, strict=True)]
    points = leaf_score(reading.leaf(weight), operands, convention_of(reading, printed_convention(2, choices)))
    expression = f'IF(AND(EXACT({cell}&"",{formulatext.text(text)}),N({worth})={weight}),{points},"")'
    if len(expression) > FORMULA_LENGTH.most // 2:  # of which more may stand around it
        raise InvalidValue("公式太长")
    return expression


class Measures(NamedTuple):
    """The cells of a row as read, of two values that can be compared.

    ``bound`` and ``done`` are whole numbers at one power of ten, of which ``one`` makes 1, and "" where there is none; ``sign`` is
    one of ``bounds.SIGNS`` or another word, ``met`` 是, 否 or "", the units as they are compared.
    """

    sign: str
    bound: str
    done: str
    one: str
    unit: str
    done_unit: str
    met: str


def rule_of(cell: str, text: str, weight: Scaled, name: str, project: Convention) -> Rule:
    """The rule of a row, read. Raises NotUnderstood, or InvalidValue for one that no formula follows."""
    reading = read(text, weight)
    anywhere = Measures(*"$A$1 $B$1 $C$1 $D$1 $E$1 $F$1 $G$1".split())
    if isinstance(reading.rule, Judgement) or score(reading, name, weight, project, anywhere) == '""':
        raise InvalidValue("标准没有按指标值和完成值写明得多少分")
    return Rule(cell, text, weight, reading, name)


def helpers(rule: Rule, worth: str, at: Callable[[str], str], project: Convention) -> dict[str, str]:
    """Helper name → expression of the row's score, "" for a person's; ``worth`` is the cell of its 分值."""
    stands = f'AND(EXACT({rule.cell}&"",{at("rule_text")}),ISNUMBER({worth}),N({worth})={rule.weight})'
    is_comparable = f'AND({at("why")}="",NOT({holds(at("aflags"), BY_BOUND)}))'
    row = Measures(*(at(name) for name in ("dir", "n_low", "n_done", "scale", "unit", "r_aunit", "met")))
    points = score(rule.reading, rule.name, rule.weight, project, row) if rule.reading else '""'
    return {"ruled": f'IF({stands},IF({is_comparable},{points},""),{formulatext.text(CHANGED)})'}


def points(at: Callable[[str], str]) -> str:
    """测算得分 of a row with a rule."""
    return f'IF(ISNUMBER({at("ruled")}),{at("ruled")},"")'


def score(reading: Reading, name: str, weight: Scaled, project: Convention, row: Measures) -> str:
    """The expression of the row's score; blank where PerfEval gives none, and where one is a person's. ``name`` is the row's."""
    if isinstance(reading.rule, Judgement):
        return '""'
    chosen = convention_of_row(reading, project)
    if isinstance(reading.rule, Attainment):
        return _attained(reading.rule, weight, chosen, row)
    leaf = reading.leaf(weight)
    places = places_of(leaf, chosen)
    done, one = Term(row.done), Term(row.one, 1)
    if isinstance(reading.rule, Cases):
        none_wanted = Term(f'OR({row.sign}="≤",{row.sign}="<")') & Term(f"{row.bound}=0")
        whole = (done // one * one == done) & _fits(leaf.inputs[0], done, one, row.done_unit)
        units = within(leaf, counted.units(reading.rule, [done], one, weight, chosen), places, chosen)
        return _numbers(row, _if(none_wanted & whole, in_points(units, places)))
    if not isinstance(reading.rule, Rated) or not reading.rule.of.single:
        return '""'
    candidates = []
    of_itself, of_completion = what_it_is_of(reading, name)
    if of_itself:
        units, _, sound = of_rate(leaf, reading.rule, done, one, places, chosen)
        applies = Term(f'{row.done_unit}="{PERCENT}"')
        candidates.append((applies, sound & _fits(leaf.inputs[0], done, one, row.done_unit), units))
    if of_completion:
        share = of_completion_rate(leaf)
        assert isinstance(share.rule, Rated)
        units, _, sound = of_rate(share, share.rule, done, Term(row.bound), places, chosen)
        lower = Term(f'NOT(OR({row.sign}="≤",{row.sign}="<"))') & Term(f"{row.bound}>0")
        applies = lower & Term(f"EXACT({row.unit},{row.done_unit})")
        candidates.append((applies, sound & (done >= 0), units))
    return _numbers(row, _if(_is_sign(row), _of_candidates(candidates, places))) if candidates else '""'


def _of_candidates(candidates: list[tuple[Any, Any, Any]], places: int) -> str:
    """The score of what the rule may be of: both, where both apply, must give one score."""
    (applies, sound, units), *others = candidates
    otherwise = '""'
    for also, also_sound, also_units in others:
        sound = sound & choose(also, choose(also_sound, units == also_units, False), True)
        otherwise = _if(also, _if(also_sound, in_points(also_units, places)))
    return f"IF({applies.text},{_if(sound, in_points(units, places))},{otherwise})"


def _attained(rule: Attainment, weight: Scaled, chosen: DetailedConvention, row: Measures) -> str:
    """All points where the target is met; else none, or a share where there is one bound to take it of."""
    missed = "0"
    if rule.in_proportion:
        bound, done = Term(row.bound), Term(row.done)
        first, *others = [
            bounds.units(Term(row.sign), bound, done, weight, proportion) for proportion in proportions(chosen).values()
        ]
        for other in others:
            first = choose(other != first, REFUSED, first)
        points = in_points(first, finest(chosen.score, weight))
        missed = _numbers(row, _if(_is_sign(row), points))
    return f'IF({row.met}="是",{weight},IF({row.met}="否",{missed},""))'


def _fits(one: Input, done: Term, whole: Term, unit: str) -> Any:
    """Where a measure can be the rule's input: its unit, its size."""
    fits: Any = done >= -HIGHEST_RATE * whole if one.may_be_negative else done >= 0
    if one.unit == PERCENT:
        fits = fits & (done <= HIGHEST_RATE * whole)
    elif one.unit != ANY_UNIT:
        named = quantity(f"1{one.unit}").unit
        fits = fits & Term(f'OR({unit}="",EXACT({unit},{formulatext.text(named)}))')
    if one.most is not None:
        fits = fits & (done * 10**one.most.places <= one.most.units * whole)
    return fits


def _is_sign(row: Measures) -> Term:
    return Term("OR(" + ",".join(f'{row.sign}="{sign}"' for sign in bounds.SIGNS) + ")")


def _numbers(row: Measures, text: str) -> str:
    return text if text == '""' else f'IF(COUNT({row.bound},{row.done})=2,{text},"")'


def _if(truth: Any, text: str) -> str:
    return text if truth is True else '""' if truth is False else f'IF({truth.text},{text},"")'
