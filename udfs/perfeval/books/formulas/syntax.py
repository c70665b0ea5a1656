"""The grammar of A1 formulas as OOXML stores them: text in, tree out, and what a tree refers to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from perfeval.budget import FORMULA_DEPTH, FORMULA_LENGTH
from perfeval.digits import is_whole, real, whole
from perfeval.errors import CELL_ERRORS, CellError, InvalidValue
from perfeval.forms.grid import MAX_COLUMN, MAX_ROW, Area, address, column_letters, column_number

if TYPE_CHECKING:
    from collections.abc import Iterator


class Unsupported(Exception):
    """A function, syntax or situation that this evaluator does not compute: its limit, no error of the workbook."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; None stands for an omitted argument."""

    value: float | str | bool | CellError | None


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell or a rectangle; ``sheet`` None is the formula's own sheet, ``absolute`` says that every part has its $."""

    sheet: str | None
    area: Area
    absolute: bool


@dataclass(frozen=True, slots=True)
class External:
    """A reference into another workbook."""

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A defined name, and how deep it stands in its formula."""

    text: str
    depth: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """``operator`` is "+", "-" (before its operand) or "%" (behind it)."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its upper case name, without the ``_xlfn.`` prefix of newer ones."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ArrayConstant:
    """``{1,2;3,4}``"""

    rows: tuple[tuple[float | str | bool | CellError, ...], ...]


Node = Literal | Reference | External | Name | Unary | Binary | Call | ArrayConstant


@dataclass(frozen=True, slots=True)
class References:
    """What a formula reads. ``bounded`` is False if it may read anything, or changes by itself (INDIRECT, NOW …)."""

    areas: tuple[Reference, ...]
    names: tuple[str, ...]
    bounded: bool


# Volatile ones, those that make references, and TABLE, by which our readers name a data table.
UNBOUNDED_FUNCTIONS = frozenset(
    [
        "INDIRECT",
        "OFFSET",
        "NOW",
        "TODAY",
        "RAND",
        "RANDBETWEEN",
        "RANDARRAY",
        "CELL",
        "INFO",
        "ANCHORARRAY",
        "LET",
        "LAMBDA",
        "TABLE",
    ]
)

_PLAIN_SHEET = r"[\w.\\]+"
_SHEET = rf"(?:'(?:[^']|'')+'|(?:\[[^\[\]]+\])?{_PLAIN_SHEET}(?::{_PLAIN_SHEET})?|\[[^\[\]]+\])!"
_CELL = r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}"
_ONE_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]{0,6})")
# Cells and numbers with a sign between each two, as columns of thousands of formulas have: no tree is needed to see the cells.
_BETWEEN = re.compile("[-+*/]")
_PLAIN_SUM = re.compile(rf"(?:{_CELL}|[0-9]+)(?:[-+*/](?:{_CELL}|[0-9]+))*")
_COLUMNS = r"\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}"
_ROWS = r"\$?[1-9][0-9]{0,6}:\$?[1-9][0-9]{0,6}"
_ERROR = "|".join(map(re.escape, CELL_ERRORS))
_TOKEN = re.compile(
    rf"""(?P<space>[ \t\r\n]+)
    |(?P<text>"(?:[^"]|"")*")
    |(?P<error>(?:{_SHEET})?\#REF!|{_ERROR})
    |(?P<area>(?:{_SHEET})?(?:{_CELL}:{_CELL}|{_COLUMNS}|{_ROWS}|{_CELL})(?![\w.(:!\[\\?]))
    |(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?(?![\w.]))
    |(?P<function>(?:{_SHEET})?[^\W\d][\w.]*\()
    |(?P<name>(?:{_SHEET})?(?:[^\W\d]|\\)[\w.\\?]*)
    |(?P<operator><=|>=|<>|[-+*/^&%=<>(){{}},;])""",
    re.VERBOSE,
)
_POWERS = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5, "%": 6}
_PREFIX_POWER = 7  # -2^2 is 4 in a worksheet


@lru_cache(maxsize=16_384)
def parse(text: str) -> Node:
    """The tree of a formula, given without its leading "=". Raises Unsupported for anything outside the grammar."""
    if len(text) > FORMULA_LENGTH.most:
        raise Unsupported(FORMULA_LENGTH.in_words)
    parser = _Parser(text)
    node = parser.expression(0)
    if parser.kind:
        raise parser.unexpected()
    return node


@lru_cache(maxsize=16_384)
def references(text: str) -> References:
    """The areas and names that a formula mentions, in the order of its text. Raises Unsupported as ``parse`` does."""
    if _PLAIN_SUM.fullmatch(text):
        cells = [_one_cell(None, part) for part in _BETWEEN.split(text) if part[0] not in "0123456789"]
        if None not in cells:
            return References(tuple(cells), (), bounded=True)  # type: ignore[arg-type]
    areas: list[Reference] = []
    names: list[str] = []
    bounded = True
    waiting = [parse(text)]
    while waiting:
        match waiting.pop():
            case Reference() as area:
                areas.append(area)
            case Name(text):
                names.append(text)
            case Unary(_, operand):
                waiting.append(operand)
            case Binary(_, left, right):
                waiting += (right, left)
            case Call(name, arguments):
                bounded = bounded and name not in UNBOUNDED_FUNCTIONS
                waiting += reversed(arguments)
            case _:
                pass
    return References(tuple(areas), tuple(names), bounded)


class _Parser:
    """Precedence climbing over one token of look-ahead: ``kind`` and ``token`` are the next one ("" at the end)."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._depth = 0
        self.kind, self.token = "", ""
        self._advance()

    def _advance(self) -> str:
        token = self.token
        self.kind, self.token = next(self._tokens, ("", ""))
        return token

    def unexpected(self) -> Unsupported:
        return Unsupported(f"公式里的“{self.token}”无法识别" if self.kind else "公式不完整")

    def _take(self, operator: str) -> None:
        if self.kind != "operator" or self.token != operator:
            raise self.unexpected()
        self._advance()

    def expression(self, least: int) -> Node:
        """Everything that binds stronger than ``least``."""
        self._depth += 1
        if self._depth > FORMULA_DEPTH.most:
            raise Unsupported(FORMULA_DEPTH.in_words)
        node = self._primary()
        while self.kind == "operator" and (power := _POWERS.get(self.token, 0)) > least:
            operator = self._advance()
            node = Unary("%", node) if operator == "%" else Binary(operator, node, self.expression(power))
        self._depth -= 1
        return node

    def _primary(self) -> Node:
        match self.kind, self._advance():
            case "number", token:
                return _number(token)
            case "text", token:
                return Literal(token[1:-1].replace('""', '"'))
            case "error", token:
                return Literal(CELL_ERRORS[token[token.index("#") :]])
            case "area", token:
                return _reference(token, self._depth)
            case "name", token:
                return _name(token, self._depth)
            case "function", token:
                return self._call(token[:-1])
            case "operator", ("+" | "-") as token:
                return Unary(token, self.expression(_PREFIX_POWER))
            case "operator", "(":
                is_first = self._depth == 1
                node = self.expression(0)
                self._take(")")
                is_whole = is_first and not self.kind and isinstance(node, Binary)
                return Unary("+", node) if is_whole else node  # =(a-b) is another thing than =a-b to a worksheet
            case "operator", "{":
                return self._array()
            case _, token:
                raise Unsupported(f"公式里的“{token}”无法识别" if token else "公式不完整")

    def _call(self, written: str) -> Node:
        arguments: list[Node] = []
        if self.token == ")":
            self._advance()
            return Call(_function_name(written), ())
        while True:
            omitted = self.kind == "operator" and self.token in {",", ")"}
            arguments.append(Literal(None) if omitted else self.expression(0))
            if self.token != ",":
                break
            self._advance()
        self._take(")")
        return Call(_function_name(written), _with_whole_sum_range(written, arguments))

    def _array(self) -> Node:
        rows: list[list[float | str | bool | CellError]] = [[]]
        while True:
            sign = -1 if self.token == "-" and self._advance() else 1
            value = self._constant()
            rows[-1].append(sign * value if isinstance(value, float) else value)
            match self._advance():
                case ",":
                    pass
                case ";":
                    rows.append([])
                case "}":
                    break
                case token:
                    raise Unsupported(f"数组常量里的“{token}”无法识别")
        if len({len(row) for row in rows}) > 1:
            raise Unsupported("数组常量各行的列数不同")
        return ArrayConstant(tuple(map(tuple, rows)))

    def _constant(self) -> float | str | bool | CellError:
        """What an array holds: nothing that could hold another array."""
        if self.kind in {"number", "text", "error", "name"}:
            match self._primary():
                case Literal(value) if value is not None:
                    return value
        raise Unsupported("数组常量里只能有常量")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise Unsupported(f"公式第 {position + 1} 个字符“{text[position]}”无法识别")
        position = match.end()
        if match.lastgroup != "space":
            yield match.lastgroup or "", match.group()


def _number(token: str) -> Literal:
    try:
        return Literal(real(token))
    except InvalidValue as problem:
        raise Unsupported(f"公式里的“{token[:20]}…”不是可用的数") from problem


def _split_sheet(token: str) -> tuple[str | None, str]:
    """``'本级 表'!A1`` → the sheet's plain name and what follows; Excel's ``[0]!`` means this workbook."""
    prefix, mark, rest = token.rpartition("!")
    if not mark or prefix == "[0]":
        return None, rest
    return (prefix[1:-1].replace("''", "'") if prefix.startswith("'") else prefix), rest


def _reference(token: str, depth: int) -> Node:
    sheet, cells = _split_sheet(token)
    if sheet and "[" in sheet:
        return External(token)
    if sheet and ":" in sheet:
        raise Unsupported(f"“{token}”引用多张工作表")
    if ":" not in cells:
        # Behind the last cell such letters and digits are an ordinary name.
        return _one_cell(sheet, cells) or Name(token, depth)
    first, _, last = cells.replace("$", "").upper().partition(":")
    if is_whole(first):
        rows = sorted((whole(first), whole(last)))
        area = Area(rows[0], 1, rows[1], MAX_COLUMN)
    elif last.isalpha():
        columns = sorted((address(first + "1").column, address(last + "1").column))
        area = Area(1, columns[0], MAX_ROW, columns[1])
    else:
        (top, left), (bottom, right) = address(first), address(last)
        area = Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))
    if area.right > MAX_COLUMN or area.bottom > MAX_ROW:
        raise Unsupported(f"“{token}”超出工作表")
    signs = sum(1 if part.isalpha() or is_whole(part) else 2 for part in (first, last))
    return Reference(sheet, area, cells.count("$") == signs)


@lru_cache(maxsize=4_096)
def _one_cell(sheet: str | None, cell: str) -> Reference | None:
    found = _ONE_CELL.fullmatch(cell)
    assert found is not None  # as the token's pattern says
    fixed_column, letters, fixed_row, digits = found.groups()
    row, column = whole(digits), column_number(letters)
    if row > MAX_ROW or column > MAX_COLUMN:
        return None
    return Reference(sheet, Area(row, column, row, column), bool(fixed_column and fixed_row))


def _name(token: str, depth: int) -> Node:
    sheet, name = _split_sheet(token)
    if sheet is None:
        truth = {"TRUE": True, "FALSE": False}.get(name.upper())
        return Name(name, depth) if truth is None else Literal(truth)
    return External(token) if "[" in sheet else Name(f"{sheet}!{name}", depth)


def _function_name(written: str) -> str:
    """Upper case, without prefixes. Only our functions are known by their name in another workbook (an add-in's)."""
    prefix, _, name = written.upper().rpartition("!")
    name = name.removeprefix("_XLL.").removeprefix("_XLFN.").removeprefix("_XLWS.")
    return f"{prefix}!{name}" if prefix and not name.startswith("PE_") else name


def _with_whole_sum_range(function: str, arguments: list[Node]) -> tuple[Node, ...]:
    """SUMIF and AVERAGEIF read a sum range of the criteria range's shape, however it is written."""
    match arguments:
        case [Reference(_, tested), criterion, Reference(sheet, area, absolute)] if function in {"SUMIF", "AVERAGEIF"}:
            bottom, right = area.top + tested.bottom - tested.top, area.left + tested.right - tested.left
            if bottom > MAX_ROW or right > MAX_COLUMN:
                raise Unsupported(f"求和区域超出 {column_letters(MAX_COLUMN)}{MAX_ROW}")
            return arguments[0], criterion, Reference(sheet, Area(area.top, area.left, bottom, right), absolute)
    return tuple(arguments)
