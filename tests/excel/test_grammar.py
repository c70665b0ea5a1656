"""Our VBA as an independent grammar reads it, since no compiler of VBA's is at hand: one syntax error would kill every function."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from antlr4 import CommonTokenStream, InputStream
from antlr4.error.ErrorListener import ErrorListener
from antlr4_vba.vbaLexer import vbaLexer
from antlr4_vba.vbaParser import vbaParser

from support import ROOT

sys.path.insert(0, str(ROOT))  # for addin, which is no part of the package

from addin.excel import build

SOURCES = build.sources()
OWN = sorted(SOURCES.keys() - build.XLWINGS_MODULES.keys() - {"customUI14.xml"})


class _Errors(ErrorListener):
    def __init__(self) -> None:
        self.told: list[str] = []

    def syntaxError(self, recognizer: Any, symbol: Any, line: int, column: int, message: str, error: Any) -> None:  # noqa: N802
        self.told.append(f"{line}:{column} {message}")


def syntax_errors(source: str) -> list[str]:
    """What the grammar takes exception to in a module's source, as line:column and why."""
    if not source.startswith("Attribute "):
        source = f'Attribute VB_Name = "Module"\n{source}'  # which the editor does not show
    errors = _Errors()
    lexer = vbaLexer(InputStream(source.replace("\n", "\r\n")))
    parser = vbaParser(CommonTokenStream(lexer))
    for reader in (lexer, parser):
        reader.removeErrorListeners()
        reader.addErrorListener(errors)
    parser.startRule()
    return errors.told


@pytest.mark.parametrize("name", OWN)
def test_the_grammar_accepts_our_modules(name: str) -> None:
    assert syntax_errors(SOURCES[name]) == []


# A sound module, and mistakes in it that a person makes.
SOUND = """Option Explicit
Private Declare PtrSafe Function Ticks Lib "kernel32" Alias "GetTickCount" () As Long
Public Function Sign(ByVal number As Double) As String
    If number > 0 Then
        Sign = Left$("plus", 1)
    ElseIf number < 0 Then
        Sign = "-"
    End If
End Function
"""
MISTAKES = {
    "End If is missing": ("    End If\n", ""),
    "a bracket stays open": ('Left$("plus", 1)', 'Left$("plus", 1'),
    "a Declare without its name": ("Function Ticks Lib", "Function Lib"),
    "Then is missing": ("number > 0 Then", "number > 0"),
}


def test_the_sound_module_is_accepted() -> None:
    assert syntax_errors(SOUND) == []


@pytest.mark.parametrize(("right", "wrong"), MISTAKES.values(), ids=MISTAKES.keys())
def test_the_grammar_sees_a_mistake(right: str, wrong: str) -> None:
    assert SOUND.count(right) == 1
    assert syntax_errors(SOUND.replace(right, wrong)) != []


def test_it_sees_one_in_a_module_of_ours() -> None:
    source = SOURCES["PerfEvalRibbon.bas"]
    assert syntax_errors(source.replace("End Select", "", 1)) != []
