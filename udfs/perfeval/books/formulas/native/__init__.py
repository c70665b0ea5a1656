"""The worksheet functions that forms use, one small Python function each."""

from perfeval.books.formulas.native import counting, lookups, numeric, texts, truths  # noqa: F401 -- they fill the table
from perfeval.books.formulas.native.table import NATIVE, Native

__all__ = ["NATIVE", "Native"]
