"""An official table as data: what it prints, what a person fills in, and what is the sum of what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

TEXT, AMOUNT, PERCENT, RATE = "text", "amount", "percent", "rate"
LEVELS = ("level1", "level2")  # 一级, 二级指标
ANSWERED = ("target", "actual", "reason")  # what a line of a 自评表 states


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a block of amounts. Keys name other columns of the block.

    ``over`` is printed over neighbours that share it, ``span`` counts the sheet's columns it takes. An amount is the sum of
    ``sum`` less ``less``, and must agree with the sum of ``equals``; a percent is the amount of a column in that of a row
    (``of``: column, row). A ``help`` column stands outside the printed area.
    """

    key: str
    label: str
    kind: str
    over: str = ""
    width: int = 0
    span: int = 1
    sum: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    equals: tuple[str, ...] = ()
    of: tuple[str, ...] = ()
    help: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True)
class Codes:
    """Rows that add up by their codes: ``top`` is the pattern of the highest, ``child`` what follows a parent's code.

    ``column`` holds the codes; ``names`` are the codes that are known by name.
    """

    column: str
    top: str
    child: str
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row, or with ``open`` so many blank ones that a person names, each with its own ``lines`` below.

    Keys name other rows: the row is the sum of ``sum``, must agree with the sum of ``equals``, and holds among other
    things those of ``within`` (其中). In the columns of ``none`` a dash is printed; a ``heading`` has no amounts; a
    ``foot`` row stands at the bottom, beside those of the block next to it; a ``wide`` label spans all label columns.
    With ``years`` a row is as many rows, one a year.
    """

    key: str = ""
    label: str = ""
    open: int = 0
    level: int = 0
    sum: tuple[str, ...] = ()
    equals: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    heading: bool = False
    foot: bool = False
    wide: bool = False
    years: tuple[str, ...] = ()
    lines: Row | None = None
    code: Codes | None = None


@dataclass(frozen=True, slots=True)
class Amounts:
    """A block of amounts: columns and rows.

    Blocks with a ``side`` (收入, 支出) stand beside one another. ``down`` is a label down its left side, ``numbers`` one
    for a row that numbers the columns of amounts (栏次).
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    side: str = ""
    down: str = ""
    numbers: str = ""

    def column(self, key: str) -> Column:
        """The column of a key."""
        return next(column for column in self.columns if column.key == key)

    def every_row(self) -> Iterator[Row]:
        """All rows, lines too."""
        for row in self.rows:
            yield row
            if row.lines:
                yield row.lines


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell as it is drawn: words, or a field that is filled in behind them.

    An amount may be the sum of other fields, live or (``given``) only held against it; a rate is one amount in another
    (``of``: executed, budget). ``default`` is what stands in a field until it is filled.
    """

    words: str = ""
    field: str = ""
    kind: str = TEXT
    sum: tuple[str, ...] = ()
    given: bool = False
    of: tuple[str, ...] = ()
    default: str = ""


LEFT, ABOVE = Slot("<"), Slot("^")
"""The cell belongs to the one on its left, or above: together they are merged."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A block drawn cell by cell; ``heights`` are the least of its lines in points, where they are stated."""

    lines: tuple[tuple[Slot, ...], ...]
    heights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A block with a line for each indicator under a header; levels in ``same`` are merged down equal neighbours.

    Without indicators each of ``kinds`` (一级, 二级指标) gets ``open`` lines; with ``every`` a kind that has no indicator
    keeps its place.
    """

    header: tuple[tuple[Slot, ...], ...]
    line: tuple[Slot, ...]
    same: tuple[str, ...]
    kinds: tuple[tuple[str, str], ...]
    open: int
    every: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of a line."""
        return tuple(slot.field for slot in self.line if slot.field)

    @property
    def is_answered(self) -> bool:
        """Whether it is that of a 自评表: a line has a 完成值 and a reason, which fill brings in and hints speak of."""
        return set(ANSWERED) <= set(self.fields)


Block = Amounts | Drawing | Listing


@dataclass(frozen=True, slots=True)
class Table:
    """An official table: one sheet of a body, or with ``per_project`` one of each project.

    Labels may hold {单位名称}, {年度} and {上年}. ``widths`` are the sheet's columns where no block states its own;
    ``decimals`` are those that its amounts print; ``document`` is where the table was published.
    """

    id: str
    group: str
    sheet: str
    title: str
    document: str
    unit: str
    blocks: tuple[Block, ...]
    number: str = ""
    subtitle: str = ""
    body_line: str = ""
    unit_line: str = ""
    decimals: int = 0
    landscape: bool = False
    per_project: bool = False
    widths: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def amounts(self) -> tuple[Amounts, ...]:
        """Its blocks of amounts."""
        return tuple(block for block in self.blocks if isinstance(block, Amounts))

    @property
    def has_amounts_only(self) -> bool:
        """Whether it is nothing but blocks of amounts, one header over all of it."""
        return len(self.amounts) == len(self.blocks)

    @property
    def is_form(self) -> bool:
        """Whether it is a 自评表, which fill fills in."""
        return any(isinstance(block, Listing) and block.is_answered for block in self.blocks)
