"""Digits from outside become a number in one place, ``perfeval.digits``: int("²"), 5,000 digits and 1_000 must not be met elsewhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import ROOT

PACKAGE = ROOT / "udfs" / "perfeval"
_TESTS = frozenset({"isdigit", "isnumeric", "isdecimal"})
_TEXTS = frozenset({"text", "raw", "digits", "token", "string", "letters", "printed", "written", "year"})
_MAKE_TEXTS = frozenset(
    {"get", "group", "join", "replace", "strip", "removeprefix", "removesuffix", "partition", "text"}
)

# What is a number's digits already when it comes there, and why.
_ALLOWED = {
    "digits.py": "the one place",
    "books/cell_values.py": "four hexadecimal digits, by the pattern",
    "books/formulas/values.py": "a cell's text, by the pattern of a number",
    "conventions.py": "one of the digits 0 to 6",
    "libreoffice/program.py": "LibreOffice's version, by the pattern",
    "bundle/wheels.py": "a version of Python out of our own list",
    "commands/live/projects.py": "a number of a sheet, by the pattern",
    "commands/demo_whole.py": "our own data",
    "scoring/outcome.py": "a number that we have written",
    "workbook/tables/loading.py": "the number of one of our own tables",
    "books/formulas/native/numeric.py": "fifteen digits that we have written",
}


def conversions(tree: ast.AST) -> Iterator[int]:
    """The lines that make a number of a text, or ask whether it is digits, without asking ``perfeval.digits``."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if name in _TESTS:
                yield node.lineno
            case ast.Call(func=ast.Name(id="map"), args=[ast.Name(id="int" | "float"), *_]):
                yield node.lineno
            case ast.Call(func=ast.Name(id="int" | "float"), args=[given, *_]) if _is_text(given):
                yield node.lineno


def _is_text(node: ast.expr) -> bool:
    match node:
        case ast.BoolOp(values=values):
            return any(map(_is_text, values))
        case ast.Subscript(value=ast.Name(id=name)):
            return name in _TEXTS or name in {"match", "found", "parts", "year"}
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in _MAKE_TEXTS
        case ast.Call(func=ast.Name(id=name)):
            return name in {"characters", "str", "next", "plain"}
        case ast.Name(id=name):
            return name in _TEXTS
    return isinstance(node, ast.JoinedStr)


@pytest.mark.parametrize(
    "line",
    [
        "int(text)",
        "float(raw)",
        "int(match[1])",
        "int(found['day'] or 0)",
        "int(given.get('r', '0'))",
        "float(digits.replace(',', ''))",
        "tuple(map(int, parts))",
        "text.isdigit()",
        "any(map(str.isdigit, value))",
        "word[2:].isnumeric()",
        "int(characters(found[4]))",
    ],
)
def test_such_a_line_is_seen(line: str) -> None:
    assert list(conversions(ast.parse(line)))


@pytest.mark.parametrize("line", ["float(number)", "int(value) if value.is_integer() else value", "whole(text)"])
def test_a_number_may_become_another(line: str) -> None:
    assert not list(conversions(ast.parse(line)))


def test_digits_become_numbers_in_one_place() -> None:
    elsewhere = {
        path.relative_to(PACKAGE).as_posix(): lines
        for path in sorted(PACKAGE.rglob("*.py"))
        if (lines := list(conversions(ast.parse(Path(path).read_text(encoding="utf-8")))))
    }
    assert {name: lines for name, lines in elsewhere.items() if name not in _ALLOWED} == {}
    assert _ALLOWED.keys() <= elsewhere.keys(), "what needs no leave any more"
