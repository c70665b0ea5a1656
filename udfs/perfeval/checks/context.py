"""What a review is made against: the book, the standard with its 口径, and everything on the sheets, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from perfeval.conventions import Convention
from perfeval.errors import PerfEvalError
from perfeval.forms import names
from perfeval.forms.assessment import Assessment, assess
from perfeval.forms.body_form import BodyForm, read_body_forms
from perfeval.forms.body_tables import AmountTable, read_tables
from perfeval.forms.grid import Book, Grid
from perfeval.forms.importsheets import read_body, stated_convention
from perfeval.forms.reader import read_forms
from perfeval.forms.records import Body
from perfeval.forms.target_tables import TargetTable, read_target_tables
from perfeval.standards import NATIONAL, Standard, convention, project_standard


@dataclass(frozen=True)
class Context:
    """A book under review. ``is_stated``: the standard was named, by the caller or by the book, not taken by default."""

    book: Book
    standard: Standard
    convention: Convention
    is_stated: bool

    @classmethod
    def of(cls, book: Book, standard: str | None) -> Context:
        """``standard`` is a convention text; without it the workbook's own 口径 counts, else the national standard.

        Raises UnknownName or InvalidValue for a standard or 口径 that is not known.
        """
        chosen = standard or stated_convention(book)
        text = chosen or NATIONAL
        return cls(book, project_standard(text), convention(text), bool(chosen))

    @cached_property
    def is_ours(self) -> bool:
        """Whether the book is our own standard workbook."""
        return names.MEMORY in self.book.sheets

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        """The sheets that a person can see and that may hold forms or tables, in tab order."""
        others = names.NO_FORMS if self.is_ours else (names.REVIEW,)
        return tuple(self.book.grid(sheet) for sheet in self.book.user_sheets if sheet not in others)

    @cached_property
    def projects(self) -> tuple[Assessment, ...]:
        """Every project 自评表, its scores recomputed."""
        return tuple(assess(form, self.convention) for grid in self.grids for form in read_forms(grid))

    @cached_property
    def body_forms(self) -> tuple[BodyForm, ...]:
        """Every form of a whole body."""
        return tuple(form for grid in self.grids for form in read_body_forms(grid))

    @cached_property
    def tables(self) -> tuple[AmountTable, ...]:
        """Every table of amounts."""
        return tuple(table for grid in self.grids for table in read_tables(grid))

    @cached_property
    def target_tables(self) -> tuple[TargetTable, ...]:
        """Every table of targets (表14, 表15)."""
        return tuple(table for grid in self.grids for table in read_target_tables(grid))

    @cached_property
    def records(self) -> Body | None:
        """What the import sheets of our own workbook hold; None for any other book, or where they cannot be read."""
        if not self.is_ours:
            return None
        try:
            return read_body(self.book).body
        except PerfEvalError:
            return None

    @property
    def holds_anything(self) -> bool:
        """Whether there is anything that a checker knows."""
        return bool(self.projects or self.body_forms or self.tables or self.target_tables)
