"""Finding cells: the criteria of COUNTIF and SUMIF, and the lookups of MATCH and VLOOKUP."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from perfeval.books.formulas.operands import cell_of
from perfeval.books.formulas.syntax import Unsupported
from perfeval.books.formulas.values import compare, failing, number
from perfeval.errors import CELL_ERRORS, NOT_AVAILABLE, VALUE, CellError, PerfEvalError
from perfeval.forms.grid import Value

if TYPE_CHECKING:
    from perfeval.books.formulas.operands import Range

LONGEST_PATTERN = 255  # characters, Excel's limit
Test = Callable[[Value], bool]

_CRITERION = re.compile(r"(<=|>=|<>|<|>|=)?(.*)", re.DOTALL)
# 2021-1-1, 1/2, 8:30, 2021年1月, ￥5: a program may take it for a number.
_LIKE_A_DAY = re.compile(r"[\s+-]*\d+\s*[-/:年月时]\s*\d[-/:年月日时分秒\d\s.]*|\s*[¥￥$€£(（].*\d.*")
_PATTERN_PART = re.compile(r"~[~*?]|.", re.DOTALL)


def criterion(wanted: Value) -> Test:
    """The test that COUNTIF applies: ``60``, ``">=60"``, ``"<>不适用"``, ``"第*季度"``, ``""`` …"""
    if not isinstance(wanted, str):
        return _equal(0.0 if wanted is None else wanted)
    match = _CRITERION.fullmatch(wanted)
    assert match
    operator, operand = match.groups()
    if not operand:
        return _blank(operator)
    constant = _constant(operand)
    if operator in {None, "=", "<>"}:
        equal = _equal(constant)
        return (lambda value: not equal(value)) if operator == "<>" else equal
    if not isinstance(constant, float):
        raise Unsupported("文字的先后次序，各表格软件不同")
    return lambda value: _is_number(value) and _ordered(operator, compare(value, constant))


def _ordered(operator: str, comparison: int) -> bool:
    return {"<": comparison < 0, "<=": comparison <= 0, ">": comparison > 0, ">=": comparison >= 0}[operator]


def _blank(operator: str | None) -> Test:
    """The tests for "" (blank or empty text), "=" (blank) and "<>" (not blank)."""
    match operator:
        case None:
            return lambda value: value is None or value == ""
        case "=":
            return lambda value: value is None
        case "<>":
            return lambda value: value is not None
    return lambda _: False


def _constant(text: str) -> Value:
    """What a criterion's text means: a number, a truth, an error, or text."""
    if text.upper() in {"TRUE", "FALSE"}:
        return text.upper() == "TRUE"
    if text.upper() in CELL_ERRORS:
        return CELL_ERRORS[text.upper()]
    if _LIKE_A_DAY.fullmatch(text):
        raise Unsupported("条件像日期、时间或金额，各表格软件看法不同")
    try:
        return number(text)
    except (PerfEvalError, Unsupported):
        return text


def _is_number(value: Value) -> bool:
    return value is not None and not isinstance(value, (str, bool, CellError))


def _equal(wanted: Value) -> Test:
    if isinstance(wanted, str):
        matches = wildcards(wanted)
        return lambda value: isinstance(value, str) and matches(value)
    if isinstance(wanted, (bool, CellError)):
        return lambda value: type(value) is type(wanted) and value == wanted

    def equal(value: Value) -> bool:
        if isinstance(value, str) and _constant(value) == wanted:
            raise Unsupported("文字形式的数算不算数，各表格软件不同")
        return _is_number(value) and compare(value, wanted) == 0

    return equal


@lru_cache(maxsize=1024)
def wildcards(pattern: str) -> Callable[[str], bool]:
    """A test of whole texts, case alike: ``*`` any characters, ``?`` one, ``~`` takes the next as it is."""
    if len(pattern) > LONGEST_PATTERN:
        raise failing(VALUE)
    pieces: list[list[str]] = [[]]  # between the stars
    for part in _PATTERN_PART.findall(pattern.lower()):
        if part == "*":
            pieces.append([])
        else:
            pieces[-1].append(part)
    first, last = _piece(pieces[0]), _piece(pieces[-1])
    if len(pieces) == 1:
        return lambda text: first.fullmatch(text.lower()) is not None
    if any("?" in piece for piece in pieces[1:-1]):
        raise Unsupported("两个“*”之间的“?”不支持")
    middle = ["".join(part[-1] for part in piece) for piece in pieces[1:-1]]
    head, tail = len(pieces[0]), len(pieces[-1])

    def matches(text: str) -> bool:
        """Each piece at its first place behind the one before: no backtracking, however many stars."""
        text = text.lower()
        at, end = head, len(text) - tail
        if at > end or not first.match(text) or not last.fullmatch(text, end):
            return False
        for piece in middle:
            found = text.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True

    return matches


def _piece(parts: list[str]) -> re.Pattern[str]:
    return re.compile("".join("." if part == "?" else re.escape(part[-1]) for part in parts), re.DOTALL)


def matching(pairs: Sequence[tuple[Range, Test]]) -> tuple[Iterator[tuple[int, int]], int]:
    """Where all tests hold: the offsets within the used part of the ranges, and how many blanks beyond hold too."""
    shapes = {(tested.height, tested.width) for tested, _ in pairs}
    if len(shapes) > 1:
        raise failing(VALUE)
    (all_rows, all_columns), *_ = shapes
    arrays = [(tested.array(), test) for tested, test in pairs]
    height, width = max(len(array) for array, _ in arrays), max(len(array[0]) for array, _ in arrays)
    beyond = all_rows * all_columns - height * width if all(test(None) for _, test in pairs) else 0

    def offsets() -> Iterator[tuple[int, int]]:
        for row in range(height):
            for column in range(width):
                if all(test(cell_of(array, row, column)) for array, test in arrays):
                    yield row, column

    return offsets(), beyond


def position(wanted: Value, vector: Sequence[Value], exact: bool) -> int:
    """Where a value stands in a row or column: the first equal one, or else the last that is not above it.

    The second kind wants ascending order and is Unsupported without it. Nothing found is #N/A.
    """
    if isinstance(wanted, CellError):
        raise failing(wanted)
    if wanted is None or wanted == "":
        raise Unsupported("查找空白，各表格软件不同")
    if exact:
        return _first_equal(wanted, vector)
    if not _is_number(wanted):
        raise Unsupported("近似查找只支持数")
    filled = [place for place, value in enumerate(vector) if value is not None]
    if not all(_is_number(value) for value in vector[: filled[-1] + 1 if filled else 0]):
        raise Unsupported("近似查找的区域里不全是数，从哪里找起各表格软件不同")
    candidates = [(place, number(value)) for place, value in enumerate(vector) if _is_number(value)]
    if any(left > right for (_, left), (_, right) in itertools.pairwise(candidates)):
        raise Unsupported("近似查找的区域没有按升序排列")
    below = [place for place, value in candidates if compare(value, wanted) <= 0]
    if not below:
        raise failing(NOT_AVAILABLE)
    return below[-1]


def _first_equal(wanted: Value, vector: Sequence[Value]) -> int:
    if isinstance(wanted, str):
        matches = wildcards(wanted)
        found = (place for place, value in enumerate(vector) if isinstance(value, str) and matches(value))
    elif isinstance(wanted, bool):
        found = (place for place, value in enumerate(vector) if value is wanted)
    else:
        sought = number(wanted)
        found = (place for place, value in enumerate(vector) if _is_number(value) and number(value) == sought)
    place = next(found, None)
    if place is None:
        raise failing(NOT_AVAILABLE)
    return place
