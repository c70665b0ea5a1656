"""Formulas of a printed rule: ``得分＝执行率×分值``, ``控制率＝（在职人员数/编制数）×100%`` → a rate and its inputs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from perfeval.arithmetic import Scaled, aligned, decimal
from perfeval.errors import InvalidValue
from perfeval.quantities import plain
from perfeval.standards.expressions import LONGEST, Expression, expression
from perfeval.standards.rules import ANY_UNIT, Input

_SCORE = re.compile(
    r"(?:则)?(?P<subject>[^=得]{0,30}?)(?:实际|最终|本项|本指标|该项|评价|自评)?(?:指标)?得分[=:](?P<sum>.+)"
)
_BY_RATE = re.compile(  # 预算执行率×10分; 按实际完成率×分值计分; 按完成比例得分
    r"(?:则)?(?:按照?)?(?P<rate>[^=:得按]{0,16}?(?:率|完成比例))\*(?P<worth>[^=*]{1,8}?)(?:计算)?(?:得分|计分|给分|记分|计算|)|"
    r"(?:则)?按照?(?P<alone>[^=:得按\d*/×]{0,12}?(?:率|完成比例))(?:计算)?(?:得分|计分|给分|记分)"
)
_BY_SUM = re.compile(
    r"(?:则)?按照?(?P<subject>)(?P<sum>[^=:]+/[^=:]+\*[^=:]{1,8}?)(?:计算)?(?:得分|计分|给分|记分|计算)"
)
_NAMED = re.compile(r"(?:其中)?[:]?(?P<subject>[^=:;,\d]{1,30}(?:率|度|比例|比重|占比))[=](?P<sum>.+)")
_RATE = re.compile(r".*(?:率|度|比例|比重|占比|进度)")
_WEIGHT = frozenset(
    (
        "分值",
        "权重",
        "满分",
        "标准分",
        "标准分值",
        "该指标分值",
        "指标分值",
        "本项分值",
        "该项分值",
        "权重分",
        "权重分值",
        "指标权重",
        "满分值",
    )
)
_TOKEN = re.compile(r"[+*/()-]|[^+*/()-]+")
_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z、]{1,40}")
_ASIDE = re.compile(r"(?<=[\u4e00-\u9fff])\([^()+*/-]{1,40}\)")  # 编制数(含工勤人员)


RATE: Expression = expression("rate")


@dataclass(frozen=True, slots=True)
class Formula:
    """The rate that is meant, its name ("" where it has none) and its inputs."""

    subject: str
    of: Expression
    inputs: tuple[Input, ...]


def rate_input(subject: str) -> Input:
    """The one input of a rule over a rate."""
    return Input("rate", subject or "比率", "%")


def formula_of(clause: str, weight: Scaled) -> Formula | None:
    """The rate of ``得分＝rate×分值``, where the last factor is the weight; None where a clause is no such formula."""
    by_rate = _BY_RATE.fullmatch(clause)
    if by_rate is not None and (by_rate["alone"] or _is_weight(by_rate["worth"], weight)):
        name = by_rate["alone"] or by_rate["rate"]
        return Formula(name, RATE, (rate_input(name),))
    match = _SCORE.fullmatch(clause) or _BY_SUM.fullmatch(clause)
    tree = _tree(match["sum"]) if match else None
    if match is None or not isinstance(tree, tuple) or tree[0] != "*":
        return None
    sides = [side for side in tree[1:] if not _is_weight(side, weight)]
    if len(sides) != 1:
        return None
    return _formula(match["subject"] if isinstance(sides[0], tuple) else sides[0], sides[0])


def definition(clause: str) -> Formula | None:
    """A rate that a clause defines as a quotient of amounts; None where it defines none."""
    match = _NAMED.fullmatch(clause)
    tree = _tree(match["sum"]) if match else None
    if match is None or not isinstance(tree, tuple):
        return None
    return _formula(match["subject"], tree)


def rate_of(text: str) -> Formula | None:
    """The rate that a text is: one name, or a quotient of amounts."""
    tree = _tree(text)
    return None if tree is None else _formula("", tree, named=True)


def _formula(subject: str, tree: Any, *, named: bool = False) -> Formula | None:
    """The formula over its names, which become a, b, c …; None where it is neither a rate nor a quotient."""
    if isinstance(tree, str):
        if not named and not _RATE.fullmatch(tree):
            return None
        return Formula(tree, RATE, (rate_input(tree),))
    names = list(dict.fromkeys(_names(tree)))
    letters = {name: f"{chr(ord('a') + place)}" for place, name in enumerate(names[:26])}
    if len(names) < 2 or len(names) > 26 or any(name not in letters or not _NAME.fullmatch(name) for name in names):
        return None
    try:
        of = expression(_written(tree, letters))
    except InvalidValue:
        return None
    if of.degree:
        return None
    return Formula(subject, of, tuple(Input(letters[name], name, ANY_UNIT) for name in of_order(of, letters)))


def of_order(of: Expression, letters: dict[str, str]) -> list[str]:
    """The names in the order in which the expression mentions them."""
    by_letter = {letter: name for name, letter in letters.items()}
    return [by_letter[letter] for letter in of.names]


def _is_weight(tree: Any, weight: Scaled) -> bool:
    if not isinstance(tree, str):
        return False
    if tree in _WEIGHT:
        return True
    number = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)分?", tree)
    return number is not None and len(set(aligned(decimal(number[1]), weight))) == 1


def _names(tree: Any) -> list[str]:
    return [tree] if isinstance(tree, str) else [*_names(tree[1]), *_names(tree[2])]


def _written(tree: Any, letters: dict[str, str]) -> str:
    if isinstance(tree, str):
        return letters[tree]
    return f"({_written(tree[1], letters)} {tree[0]} {_written(tree[2], letters)})"


def _tree(text: str) -> Any:
    """Names and signs as a tree; None where the text is none."""
    text = re.sub(r"\s", "", plain(text)).replace("÷", "/").translate(str.maketrans("[]{}", "()()"))
    text = re.sub(r"\*100%(?![\d.])|(?<![\d.])100%\*", "", _ASIDE.sub("", text))
    if len(text) > LONGEST:
        return None
    tokens = _TOKEN.findall(text)
    try:
        tree, rest = _sum(tokens, 0, 0)
    except (IndexError, ValueError):
        return None
    return tree if rest == len(tokens) else None


_DEEPEST = 12


def _sum(tokens: list[str], at: int, depth: int) -> tuple[Any, int]:
    tree, at = _product(tokens, at, depth)
    while at < len(tokens) and tokens[at] in "+-":
        right, after = _product(tokens, at + 1, depth)
        tree, at = (tokens[at], tree, right), after
    return tree, at


def _product(tokens: list[str], at: int, depth: int) -> tuple[Any, int]:
    tree, at = _factor(tokens, at, depth)
    while at < len(tokens) and tokens[at] in "*/":
        right, after = _factor(tokens, at + 1, depth)
        tree, at = (tokens[at], tree, right), after
    return tree, at


def _factor(tokens: list[str], at: int, depth: int) -> tuple[Any, int]:
    """A name, or a sum in brackets. Raises ValueError or IndexError where there is none."""
    token = tokens[at]
    if token == "(":
        if depth > _DEEPEST:
            raise ValueError
        tree, at = _sum(tokens, at + 1, depth + 1)
        if tokens[at] != ")":
            raise ValueError
        return tree, at + 1
    if token in "+-*/)":
        raise ValueError
    return token, at + 1
