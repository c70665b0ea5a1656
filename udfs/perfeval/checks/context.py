"""What a review is made against: the book, the standard with its 口径, and everything on the sheets, read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TypeVar

from perfeval.books.documents import Document
from perfeval.budget import Leftover
from perfeval.checks.amounts import Known, of_form, of_table
from perfeval.conventions import Convention
from perfeval.errors import PerfEvalError
from perfeval.forms.accounting import Account, account
from perfeval.forms.amount_tables import AmountTable, read_tables
from perfeval.forms.assessment import Assessment, assess
from perfeval.forms.filled import Filling, fillings
from perfeval.forms.grid import MAX_COLUMN, Area, Book, Grid
from perfeval.forms.grid_text import Page, page_of
from perfeval.forms.model import OF_ONE, Form
from perfeval.forms.reader import read_sheet
from perfeval.forms.target_tables import TargetTable, read_target_tables
from perfeval.records import names
from perfeval.records.choices import weights
from perfeval.records.data_unit import Question, known_of
from perfeval.records.model import OWN_WEIGHTS, Body
from perfeval.records.reading import Imported, read_basics, read_body, stated_convention, year_in
from perfeval.records.searching import searched, sheets_of
from perfeval.standards import NATIONAL, Standard, convention, project_standard

_LEAST_ROWS = 2  # of anything that is read: a header, and a row under it


@dataclass(frozen=True)
class Context:
    """A book under review. ``is_stated``: the standard was named, by the caller or by the book, not taken by default.

    ``compared`` are the places (sheet, cell or paragraph) at which checkers held a figure against others. ``leftovers`` are the
    parts that were too much to look at.
    """

    book: Book
    standard: Standard
    convention: Convention
    is_stated: bool
    documents: tuple[Document, ...] = ()
    stage: str = names.AT_YEAR_END
    compared: set[tuple[str, str]] = field(default_factory=set, compare=False)
    leftovers: list[Leftover] = field(default_factory=list, compare=False)

    @classmethod
    def of(cls, book: Book, standard: str | None, documents: Sequence[Document] = (), stage: str = "") -> Context:
        """``standard`` is a convention text; without it the workbook's own 口径 counts, else the national standard.

        ``stage`` is one of ``names.STAGES``; without it the workbook's own 阶段 counts, else 自评.

        Raises UnknownName or InvalidValue for a standard or 口径 that is not known.
        """
        chosen = standard or stated_convention(book)
        text = chosen or NATIONAL
        return cls(
            book,
            project_standard(text).weighted({} if standard else dict(weights(book)), OWN_WEIGHTS),
            convention(text),
            bool(chosen),
            tuple(documents),
            stage or _stated_stage(book),
        )

    @cached_property
    def is_ours(self) -> bool:
        """Whether the book is our own standard workbook."""
        return names.MEMORY in self.book.sheets

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        """The sheets that a person can see and that may hold forms or tables, in tab order, but for those that are too much."""
        own = sheets_of(self.book)
        others = (grid for document in self.documents if document is not self.book for grid in document.tables)
        within = searched(chain(own, others))
        self.leftovers.extend(within.leftovers)
        return within.grids

    def compares(self, sheet: str, place: object) -> None:
        """Notes that the figure at a place was held against others, whatever came of it."""
        self.compared.add((sheet, str(place)))

    @cached_property
    def accounts(self) -> tuple[Account, ...]:
        """What the readers made of each sheet, and what they left."""
        forms, tables, targets = _by_sheet(self.forms), _by_sheet(self.tables), _by_sheet(self.target_tables)
        return tuple(
            account(grid, own, _apart(tables[grid.name], own), targets[grid.name])
            for grid in self.grids
            for own in [forms[grid.name]]
        )

    @cached_property
    def grid_of(self) -> Mapping[str, Grid]:
        """The grids by their names."""
        return {grid.name: grid for grid in reversed(self.grids)}

    @cached_property
    def account_of(self) -> Mapping[str, Account]:
        """The accounts by the names of their sheets."""
        return {one.sheet: one for one in reversed(self.accounts)}

    @cached_property
    def assessments(self) -> tuple[Assessment, ...]:
        """Every 自评表 and 评分表, its scores recomputed."""
        return tuple(assess(form, self.convention) for grid in self.grids for form in read_sheet(grid))

    @property
    def projects(self) -> tuple[Assessment, ...]:
        """Every 自评表 of a project or a transfer."""
        return tuple(one for one in self.assessments if one.form.kind in OF_ONE)

    @cached_property
    def body_forms(self) -> tuple[Form, ...]:
        """Every form of a whole body, and every table of points alone."""
        return tuple(one.form for one in self.assessments if one.form.kind not in OF_ONE)

    @cached_property
    def _body_forms_on(self) -> Mapping[str, Sequence[Form]]:
        return _by_sheet(self.body_forms)

    @cached_property
    def tables(self) -> tuple[AmountTable, ...]:
        """Every table of amounts, the money of project forms apart: that is the forms' own."""
        return tuple(
            table
            for grid in self._others
            for table in read_tables(grid)
            if not self._of_project(table.sheet, table.area) and not self._is_funds(table)
        )

    def _is_funds(self, table: AmountTable) -> bool:
        """Whether a table is the money of a whole body's form, which is reviewed with the form."""
        funds = (form.execution for form in self._body_forms_on[table.sheet])
        return any(one.executed.cell in table.area for one in funds if one is not None and one.executed.cell)

    @cached_property
    def _others(self) -> tuple[Grid, ...]:
        """The sheets that may hold more than project forms: anything else takes a header and a row."""
        return tuple(grid for grid in self.grids if len(self._rows_beside(page_of(grid))) >= _LEAST_ROWS)

    def _rows_beside(self, page: Page) -> list[int]:
        """The rows with anything outside the project forms of a sheet."""
        areas = self._areas.get(page.grid.name, [])

        def is_within(row: int, columns: Sequence[int]) -> bool:
            return any((row, columns[0]) in area and (row, columns[-1]) in area for area in areas)

        return [row for row in page.rows() if not is_within(row, page.filled(row, 1, MAX_COLUMN))]

    @cached_property
    def _areas(self) -> dict[str, list[Area]]:
        found: dict[str, list[Area]] = defaultdict(list)
        for assessment in self.projects:
            found[assessment.form.sheet].append(assessment.form.area)
        return found

    def _of_project(self, sheet: str, area: Area) -> bool:
        return any((area.top, area.left) in form for form in self._areas.get(sheet, []))

    @cached_property
    def amounts(self) -> tuple[Known, ...]:
        """Every amount of the book that is known by its labels."""
        of_tables = [known for table in self.tables for known in of_table(table)]
        return (*of_tables, *(known for assessment in self.projects for known in of_form(assessment.form)))

    @cached_property
    def amounts_of(self) -> Mapping[str, Sequence[Known]]:
        """These amounts by what they are of."""
        by_item: dict[str, list[Known]] = defaultdict(list)
        for known in self.amounts:
            by_item[known.item].append(known)
        return dict(by_item)

    @cached_property
    def target_tables(self) -> tuple[TargetTable, ...]:
        """Every table of targets (表14, 表15)."""
        return tuple(table for grid in self._others for table in read_target_tables(grid))

    @cached_property
    def years(self) -> frozenset[int]:
        """The years that the book's forms are of, by 基本信息 or else by their headings."""
        stated = year_in(read_basics(self.book)) if self.is_ours else None
        if stated is not None:
            return frozenset({stated})
        return frozenset(form.year for form in self.forms if form.year is not None)

    @property
    def records(self) -> Body | None:
        """What the import sheets of our own workbook hold; None for any other book, or where they cannot be read."""
        return self._records.body if isinstance(self._records, Imported) else None

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """What nobody has decided of the units of amounts in the import sheets of our own workbook."""
        return self._records.questions if isinstance(self._records, Imported) else ()

    @property
    def records_refused(self) -> PerfEvalError | None:
        """Why the import sheets of our own workbook cannot be read."""
        return self._records if isinstance(self._records, PerfEvalError) else None

    @cached_property
    def _records(self) -> Imported | PerfEvalError | None:
        if not self.is_ours:
            return None
        try:
            return read_body(self.book, known=known_of(self.forms, None))
        except PerfEvalError as error:
            return error

    @property
    def forms(self) -> tuple[Form, ...]:
        """Every form, of whatever kind."""
        return tuple(one.form for one in self.assessments)

    def filling(self, form: Form) -> Filling:
        """How far one of these forms has come."""
        return self._fillings[form.sheet, form.area]

    @cached_property
    def _fillings(self) -> dict[tuple[str, Area], Filling]:
        owner = read_basics(self.book).get(names.BODY_NAME, "") if self.is_ours else ""
        grids = {grid.name: grid for grid in self.grids}
        placed = [(form, grids[form.sheet]) for form in self.forms]
        states = fillings(placed, owner, at_year_end=self.stage == names.AT_YEAR_END)
        return {(form.sheet, form.area): state for (form, _), state in zip(placed, states, strict=True)}


_OnSheet = TypeVar("_OnSheet", Form, AmountTable, TargetTable)


def _by_sheet(some: Iterable[_OnSheet]) -> Mapping[str, list[_OnSheet]]:
    found: defaultdict[str, list[_OnSheet]] = defaultdict(list)
    for one in some:
        found[one.sheet].append(one)
    return found


def _apart(tables: Iterable[AmountTable], forms: Sequence[Form]) -> list[AmountTable]:
    """The tables that are not part of one of these forms."""
    return [one for one in tables if not any((one.area.top, one.area.left) in form.area for form in forms)]


def _stated_stage(book: Book) -> str:
    """The 阶段 that a workbook of ours states; 自评 for any other, and for a workbook from before the cell."""
    stated = read_basics(book).get(names.STAGE) if names.MEMORY in book.sheets else None
    return stated if stated in names.STAGES else names.AT_YEAR_END
