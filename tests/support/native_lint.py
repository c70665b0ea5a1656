"""What a formula of the native edition must not hold, so that Excel 2010, WPS and Calc all compute it alike."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfeval.books.formulas import Unsupported, parse
from perfeval.books.formulas.syntax import ArrayConstant, Binary, Call, External, Literal, Node, Reference, Unary

LONGEST, DEEPEST = 8_192, 64  # Excel's own limits
MOST_ARGUMENTS = 255
ALLOWED = frozenset(
    "ABS AND AVERAGE CHOOSE COLUMN COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS EXACT FIND HYPERLINK IF IFERROR INDEX INT ISBLANK ISERROR ISNA "
    "ISNUMBER ISTEXT LEFT LEN LOOKUP MATCH MAX MID MIN N NOT OR REPLACE RIGHT ROUND ROW ROWS SUBSTITUTE SUM SUMIF TEXT TRIM UPPER "
    "VALUE VLOOKUP".split()
)  # of Excel 2010, none volatile, none over arrays
_COMPARING = frozenset({"=", "<>", "<", "<=", ">", ">="})
_TRUTHS = frozenset({"AND", "OR", "NOT", "EXACT", "ISBLANK", "ISERROR", "ISNA", "ISNUMBER", "ISTEXT"})
_CRITERIA = {
    "COUNTIF": 1,
    "COUNTIFS": 1,
    "SUMIF": 1,
    "MATCH": 0,
    "VLOOKUP": 0,
}  # where the text stands in which * and ? are wild
_WILD = re.compile(r"[*?~]")
_NEWER = re.compile(r"_xlfn|_xlws|_xludf", re.IGNORECASE)


def faults(formula: str) -> list[str]:
    """The faults of a formula, given without its leading "=": nothing for one that may be written."""
    text = formula.removeprefix("=")
    found = []
    if len(text) + 1 > LONGEST:
        found.append(f"{len(text) + 1} characters")
    if _NEWER.search(text):
        found.append("a function newer than Excel 2010")
    try:
        tree = parse(text)
    except Unsupported as error:
        return [*found, f"not parsed: {error}"]
    if (depth := _depth(tree)) > DEEPEST:
        found.append(f"{depth} levels of functions")
    return [*found, *dict.fromkeys(fault for node in _nodes(tree) for fault in _faults_of(node, text))]


def _faults_of(node: Node, text: str) -> Iterator[str]:
    match node:
        case ArrayConstant():
            yield "an array constant"
        case External(name):
            yield f"another workbook: {name}"
        case Literal(bool() as truth):
            yield f"{str(truth).upper()}: a bare truth is written 1=1 or 1=0"
        case Call(name, arguments):
            if name not in ALLOWED:
                yield f"{name} is not on the list"
            if len(arguments) > MOST_ARGUMENTS:
                yield f"{name} with {len(arguments)} arguments"
            place = _CRITERIA.get(name)
            if place is not None and place < len(arguments) and not _is_tame(name, arguments, place, text):
                yield f"{name} with what may be a wildcard"
        case Binary(operator, left, right) if operator in _COMPARING:
            if _is_truth(left) != _is_truth(right):
                yield "a truth compared with what is none"
            if _is_area(left) or _is_area(right):
                yield "an area compared: an array"
        case Binary(operator, left, right):
            if _is_area(left) or _is_area(right):
                yield f"an area beside {operator}: an array"
            if operator != "&" and (_is_truth(left) or _is_truth(right)):
                yield f"a truth beside {operator}"
        case _:
            pass


def _is_tame(name: str, arguments: tuple[Node, ...], place: int, text: str) -> bool:
    """Whether a criterion can hold no wildcard: a text without one, a number, a comparison with a number, or, for what is
    looked up exactly, one that EXACT is asked about in the same formula. What is looked up in order knows no wildcards."""
    wanted = arguments[place]
    if name in ("MATCH", "VLOOKUP"):
        kind = arguments[-1] if len(arguments) > 2 + (name == "VLOOKUP") else Literal(1.0)
        if kind not in (Literal(0.0), Literal(False)):
            return True
    match wanted:
        case Literal(str() as words):
            return not _WILD.search(words)
        case Literal():
            return True
        case Call("LEN" | "COUNT" | "COUNTA" | "VALUE" | "N" | "ROUND" | "MAX" | "MIN" | "ROW" | "ROWS" | "SUM"):
            return True
        case Binary("&", Literal(str() as sign), Call("LEN" | "VALUE" | "N" | "ROUND" | "MAX" | "MIN")):
            return sign in _COMPARING
        case _:
            return name in ("MATCH", "VLOOKUP") and "EXACT(" in text


def _is_truth(node: Node) -> bool:
    match node:
        case Binary(operator, _, _):
            return operator in _COMPARING
        case Call("IF", (_, one, *other)):
            return _is_truth(one) and all(map(_is_truth, other))
        case Call(name, _):
            return name in _TRUTHS
        case Literal(value):
            return isinstance(value, bool)
    return False


def _is_area(node: Node) -> bool:
    return isinstance(node, Reference) and node.area[:2] != node.area[2:]


def _nodes(tree: Node) -> Iterator[Node]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += _inner(node)


def _inner(node: Node) -> tuple[Node, ...]:
    match node:
        case Unary(_, operand):
            return (operand,)
        case Binary(_, left, right):
            return left, right
        case Call(_, arguments):
            return arguments
    return ()


def _depth(tree: Node) -> int:
    """How deep functions stand within functions."""
    deepest, waiting = 0, [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        own = depth + isinstance(node, Call)
        deepest = max(deepest, own)
        waiting += ((inner, own) for inner in _inner(node))
    return deepest
