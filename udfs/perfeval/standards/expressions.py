"""Rates of a rule as a file states them: ``(current - previous) / previous`` → exact numerator and denominator.

Names, ``+ - * /`` and brackets, nothing else; Python's own parser reads them and nothing is executed. The same walk
over the tree serves Python integers and int64 arrays, gives a bound for the largest number it can meet, and writes
the expression in words.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from perfeval.errors import InvalidValue

LONGEST = 200  # characters; keeps the tree shallow

_SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_SPOKEN = {"+": " ＋ ", "-": " − ", "*": " × ", "/": " ÷ "}
_Tree = Any  # a name, or (sign, left tree, right tree)


@dataclass(frozen=True, slots=True)
class Expression:
    """A rate. ``names`` are its inputs in the order they appear; ``degree`` is 0 for a ratio, 1 for a given rate."""

    text: str
    names: tuple[str, ...]
    degree: int
    tree: _Tree

    @property
    def single(self) -> bool:
        """Whether it is nothing but one given number."""
        return isinstance(self.tree, str)

    def fraction(self, units: Mapping[str, Any], one: int) -> tuple[Any, Any]:
        """Numerator and denominator, from integers or int64 arrays in units of which ``one`` make 1."""
        numerator, denominator = _fraction(self.tree, units)
        return numerator, denominator * one if self.degree else denominator

    def bounds(self, largest: Mapping[str, int], one: int) -> tuple[int, int]:
        """What numerator and denominator, and all between, cannot exceed for units up to ``largest``."""
        numerator, denominator = _fraction(_sums(self.tree), largest)
        return numerator, denominator * one if self.degree else denominator

    def written(self, names: Mapping[str, str]) -> str:
        """The expression with other words for its names: ``实际数 ÷ 控制数``."""
        return _written(self.tree, names)


def expression(text: str) -> Expression:
    """The expression of a text. Raises InvalidValue."""
    try:
        if len(text) > LONGEST:
            raise SyntaxError
        body = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        raise InvalidValue(f"算式“{text[:LONGEST]}”读不懂") from None
    tree = _tree(body, text)
    degree = _degree(tree, text)
    if degree not in (0, 1):
        raise InvalidValue(f"算式“{text}”既不是比率，也不是一个数")
    return Expression(text, tuple(dict.fromkeys(_names(tree))), degree, tree)


def _tree(node: ast.expr, text: str) -> _Tree:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
        return _SIGNS[type(node.op)], _tree(node.left, text), _tree(node.right, text)
    raise InvalidValue(f"算式“{text}”只能有名称、加减乘除和括号")


def _names(tree: _Tree) -> list[str]:
    return [tree] if isinstance(tree, str) else [*_names(tree[1]), *_names(tree[2])]


def _degree(tree: _Tree, text: str) -> int:
    """How many more amounts are multiplied than divided by."""
    if isinstance(tree, str):
        return 1
    sign, left, right = tree[0], _degree(tree[1], text), _degree(tree[2], text)
    if sign in "+-" and left != right:
        raise InvalidValue(f"算式“{text}”把比率和数相加减")
    return left + right if sign == "*" else left - right if sign == "/" else left


def _fraction(tree: _Tree, units: Mapping[str, Any]) -> tuple[Any, Any]:
    if isinstance(tree, str):
        return units[tree], 1
    sign = tree[0]
    (above, below), (other_above, other_below) = _fraction(tree[1], units), _fraction(tree[2], units)
    if sign == "*":
        return _product(above, other_above), _product(below, other_below)
    if sign == "/":
        return _product(above, other_below), _product(below, other_above)
    one, other = _product(above, other_below), _product(other_above, below)
    return one + other if sign == "+" else one - other, _product(below, other_below)


def _product(one: Any, other: Any) -> Any:
    """one × other, without a pass over an array for a factor of 1."""
    if isinstance(other, int) and other == 1:
        return one
    return other if isinstance(one, int) and one == 1 else one * other


def _sums(tree: _Tree) -> _Tree:
    return tree if isinstance(tree, str) else ("+" if tree[0] == "-" else tree[0], _sums(tree[1]), _sums(tree[2]))


def _written(tree: _Tree, names: Mapping[str, str], within: str = "") -> str:
    if isinstance(tree, str):
        return names[tree]
    sign, left, right = tree
    text = f"{_written(left, names, sign)}{_SPOKEN[sign]}{_written(right, names, sign + '>')}"
    bracketed = within == "/>" or (sign in "+-" and within not in ("", "+", "-", "+>"))
    return f"（{text}）" if bracketed else text
