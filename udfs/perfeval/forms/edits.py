"""An edit: what a command wants a book to change. Commands plan edits, books apply them."""

from __future__ import annotations

from dataclasses import dataclass

from perfeval.forms.grid import Address, Value


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula to write: its text without the leading "="."""

    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell to change.

    ``content`` is a value (None clears the cell) or a Formula. Text is always written as text: a string that begins
    with "=", "+", "-" or "@" never becomes a formula. Formats, merges and styles stay as they are.
    """

    sheet: str
    cell: Address
    content: Value | Formula
