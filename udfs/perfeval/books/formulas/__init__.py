"""Worksheet formulas without a spreadsheet: parse them, ask what they refer to, compute them.

Excel's rules, and exact or silent: what this evaluator does not know for certain is Unsupported, never a guess.
"""

from perfeval.books.formulas.evaluation import evaluate
from perfeval.books.formulas.operands import Array, Cells, Context, broadcast
from perfeval.books.formulas.syntax import Node, Reference, References, Unsupported, parse, references

__all__ = [
    "Array",
    "Cells",
    "Context",
    "Node",
    "Reference",
    "References",
    "Unsupported",
    "broadcast",
    "evaluate",
    "parse",
    "references",
]
