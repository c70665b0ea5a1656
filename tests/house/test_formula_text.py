"""Words get into formulas through ``perfeval.formulatext`` alone: no other module doubles quotes or puts a name before a "!"."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from support import ROOT

SOURCES = [
    path
    for room in ("udfs/perfeval", "addin", "workbook", "benchmarks")
    for path in sorted((ROOT / room).rglob("*.py"))
    if path.name != "formulatext.py"
]
# What these put together is shown to people, never written into a cell: 汇总!B3 in a sentence, a pattern to search with.
TO_READ = {
    "checks/tables/across.py", "forms/leafassessment.py", "commands/score.py", "commands/overwriting.py",
    "books/formulas/syntax.py", "checks/magnitude.py",
}  # fmt: skip


def formula_texts(tree: ast.AST) -> Iterator[int]:
    """The lines that put something into a formula by hand: a doubled quote, a name before a "!", a text in quotes, a link."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "replace":
            match node.args:
                case [ast.Constant(value='"' | "'" as sign), ast.Constant(value=str(double))] if double == sign * 2:
                    yield node.lineno
        if isinstance(node, ast.JoinedStr):
            yield from _joined(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
            match node.right if isinstance(node.op, ast.Add) else node.left:
                case ast.Constant(value=str(words)) if (
                    words.startswith(("!", "'!")) or "%s'!" in words or "%s!" in words
                ):
                    yield node.lineno


def _joined(node: ast.JoinedStr) -> Iterator[int]:
    before = ""
    for place, part in enumerate(node.values):
        following = node.values[place + 1] if place + 1 < len(node.values) else None
        after = following.value if isinstance(following, ast.Constant) else ""
        if isinstance(part, ast.FormattedValue):
            in_quotes = before.endswith('"') and str(after).startswith('"') and "=" not in before[-2:]
            in_apostrophes = before.endswith("'") and str(after).startswith("'")
            if (
                str(after).startswith(("!", "'!"))
                or (in_apostrophes and "!" in str(after))
                or (in_quotes and _is_formula(node))
            ):
                yield part.lineno
            before = ""
        else:
            before = str(part.value) if isinstance(part, ast.Constant) else ""
            if "HYPERLINK(" in before:
                yield node.lineno


def _is_formula(node: ast.JoinedStr) -> bool:
    """Whether such a text looks like a formula: it calls one of a worksheet's functions."""
    words = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return any(f"{name}(" in words for name in ("IF", "IFERROR", "COUNTIF", "COUNTIFS", "SUMIF", "TEXT", "IFNA"))


def test_formulas_are_put_together_in_one_place() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in SOURCES
        if not path.as_posix().endswith(tuple(TO_READ))
        for line in formula_texts(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        """f"'{sheet}'!A1" """,
        """f"={sheet}!$B$2" """,
        """"'" + sheet + "'!A1" """,
        """"'%s'!A1" % sheet""",
        """sheet.replace("'", "''")""",
        """target.replace('"', '""')""",
        """f'HYPERLINK({target},"A1")' """,
        """f'COUNTIF(A1:A9,"{grade}")' """,
    ],
)
def test_such_a_text_is_seen(code: str) -> None:
    assert [*formula_texts(ast.parse(code.strip()))]


@pytest.mark.parametrize("code", ["""f'<a href="{target}">' """, """f"IF({cell}>0,1,2)" """, """f"“{name}”！" """])
def test_other_texts_are_left_alone(code: str) -> None:
    assert not [*formula_texts(ast.parse(code.strip()))]
