"""The PE_ calls in a formula of our own workbook, found and replaced one by one: what stands around them stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_CALL = re.compile(r'"(?:[^"]|"")*"|(?P<name>_xlfn\.IFNA|PE_[A-Z_]+)\(')
_SPLIT = re.compile(r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|[(),]')
_CELL = re.compile(r"\$?[A-Z]{1,3}\$?[1-9]\d*")


class Call(NamedTuple):
    """A call as it stands in a formula: its name, its arguments as text, and its place."""

    name: str
    arguments: tuple[str, ...]
    start: int
    end: int


def calls(formula: str) -> Iterator[Call]:
    """The PE_ calls of a formula, the outermost of nested ones. IFNA around a call counts as a part of it, as the native
    expressions give a — themselves."""
    start = 0
    while match := _CALL.search(formula, start):
        start = match.end()
        if not match["name"]:
            continue
        arguments, end = _arguments(formula, match.end())
        if match["name"].startswith("PE_"):
            yield Call(match["name"], arguments, match.start(), end)
            start = end
        elif arguments and (inner := next(calls(arguments[0]), None)) and inner[2:] == (0, len(arguments[0])):
            yield Call(inner.name, inner.arguments, match.start(), end)
            start = end


def _arguments(formula: str, start: int) -> tuple[tuple[str, ...], int]:
    """The arguments behind an opening bracket, and where the closing one ends."""
    depth, first, found = 0, start, []
    for token in _SPLIT.finditer(formula, start):
        match token[0]:
            case "(":
                depth += 1
            case ")" if depth:
                depth -= 1
            case ")":
                return (*found, formula[first : token.start()]), token.end()
            case "," if not depth:
                found.append(formula[first : token.start()])
                first = token.end()
    return (*found, formula[first:]), len(formula)


def replaced(formula: str, native: Callable[[Call], str]) -> str:
    """The formula with a native expression for each PE_ call."""
    parts, at = [], 0
    for call in calls(formula):
        parts += (formula[at : call.start], native(call))
        at = call.end
    return "".join((*parts, formula[at:]))


def cell_in(argument: str) -> str:
    """The one cell that an argument is about: E13 of ``IF(E13="","",E13)`` and of ``I13&""``; "" where it names none or several."""
    cells = set(_CELL.findall(argument))
    return cells.pop() if len(cells) == 1 and "!" not in argument else ""
