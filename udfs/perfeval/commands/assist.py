"""加测算列, 去测算列: native live 测算得分, 完成率 and 提示 beside the forms of a workbook on disk, outside what they print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from perfeval.books.beside.adding import added
from perfeval.books.beside.model import SHEET, Addition, Block
from perfeval.books.beside.room import areas_of, last_column, printed
from perfeval.books.beside.taking import Taken, is_beside, taken
from perfeval.books.file import FileBook
from perfeval.books.outputs import Output, refusing
from perfeval.books.package import Package
from perfeval.books.recalculation import recalculate
from perfeval.commands.beside import beside, sheets_with_forms
from perfeval.errors import FileRefused, FormProblem, Place
from perfeval.forms.grid import Address, Area, Cell, Grid
from perfeval.records.reading import stated_convention
from perfeval.standards import NATIONAL, convention

_LISTED = 5  # cells named in a sentence
_SIGNED = "文件有数字签名，写入后签名失效，打开时会显示无效的签名；请签名人重新签名"


@dataclass(frozen=True, slots=True)
class Assisted:
    """What came of it: the file that was written (None where nothing was to be done), its backup, and what is said."""

    path: Path | None
    notes: tuple[str, ...]
    backup: Path | None = None


def add(
    path: Path,
    out: Path | None = None,
    *,
    standard: str | None = None,
    overwrite: bool = False,
    break_signature: bool = False,
) -> Assisted:
    """Put the columns beside every form, in place or into ``out``; columns that are there already are made anew.

    ``standard`` is a convention text; without it the workbook's own counts, else the national standard. Raises FileRefused,
    FormProblem, UnknownName; the file is then as it was.
    """
    book = FileBook.open(path)
    output = _output(book, out, overwrite=overwrite, break_signature=break_signature)
    former = without(book)
    if former is not None:
        book = FileBook(path, former.package)
    refuse_protected(book)
    addition = addition_to(book, standard)
    with refusing(path):
        package = Package(book.package.rebuilt(added(book.package, addition)))
    backup = output.write(package.data)
    notes = ["原来已有测算列，按现在的表重新加了"] if former else []
    return Assisted(output.path, (*notes, *said_of_taking(former), *_added(addition), *_signature(book)), backup)


def remove(path: Path, out: Path | None = None, *, overwrite: bool = False, break_signature: bool = False) -> Assisted:
    """Take the columns away, in place or into ``out``. Raises FileRefused, FormProblem, EditRefused; the file is then as it was."""
    book = FileBook.open(path)
    if not is_beside(book):
        return Assisted(None, ("文件里没有测算列，没有改动",))
    output = _output(book, out, overwrite=overwrite, break_signature=break_signature)
    former = without(book)
    assert former is not None
    backup = output.write(former.package.data)
    gone = f"去掉了 {len(former.sheets)} 张工作表上的测算列" if former.sheets else "去掉了测算列留下的隐藏工作表"
    return Assisted(output.path, (gone, *said_of_taking(former), *_signature(book)), backup)


def without(book: FileBook) -> Taken | None:
    """A workbook without its columns; None where it has none. Raises FileRefused, FormProblem, EditRefused."""
    if not is_beside(book):
        return None
    with refusing(book.path):
        return taken(book)


def _output(book: FileBook, out: Path | None, *, overwrite: bool, break_signature: bool) -> Output:
    """The file to write. Raises FileRefused for one that may not be, or a signed one whose signature may not break."""
    target = out or book.path
    if target.suffix.lower() != book.path.suffix.lower():
        raise FileRefused(target, f"测算列不改变文件的格式，文件名应以 {book.path.suffix} 结尾；请改文件名")
    book.refuse_when_signed(target, break_signature)
    if out is None:
        return Output.over(book.path, book.package.data, backup=True)
    return Output.to(out, overwrite=overwrite, inputs=(book.path,))


def refuse_protected(book: FileBook) -> None:
    """Raises FormProblem where the workbook's sheets, or those that hold forms, are protected."""
    if book.is_locked:
        raise FormProblem("工作簿的结构受保护，不能加工作表；请先在“审阅”里撤销工作簿保护，再试", Place(str(book.path)))
    locked = [sheet for sheet in sheets_with_forms(book) if book.grid(sheet).protected]
    if locked:
        told = f"工作表{'、'.join(f'“{sheet}”' for sheet in locked)}受保护，没有加测算列；请先在“审阅”里撤销工作表保护，再试"
        raise FormProblem(told, Place(str(book.path)))


def addition_to(book: FileBook, standard: str | None = None) -> Addition:
    """What is put into a workbook, with the values of its formulas."""
    options = convention(standard or stated_convention(book) or NATIONAL)
    areas: dict[str, Area] = {}
    for sheet in sheets_with_forms(book):
        if not areas_of(book.print_areas.get(sheet, ""), sheet):
            areas[sheet] = printed(book, sheet)
    addition = beside(
        book, options, lambda sheet: max(last_column(book, sheet), areas[sheet].right if sheet in areas else 0)
    )
    addition = replace(addition, print_areas={sheet: area for sheet, area in areas.items() if sheet in addition.sheets})
    return replace(addition, blocks=_valued(book, addition))


class _Draft:
    """The workbook as it will be, for computing what is put into it."""

    def __init__(self, book: FileBook, addition: Addition) -> None:
        self._book = book
        self.sheets = (*book.sheets, SHEET)
        self.formula_sheets = list(dict.fromkeys((*book.formula_sheets, *addition.sheets)))
        self.names: Mapping[str, str] = book.names
        self._grids = {SHEET: Grid(SHEET, {place: Cell(value) for place, value in addition.tables.items()})}
        for sheet in addition.sheets:
            grid = book.grid(sheet)
            own = {
                place: Cell(content.value, formula=content.formula)
                for block in addition.of(sheet)
                for place, content in block.cells.items()
            }
            self._grids[sheet] = replace(grid, cells={**grid.cells, **own})

    def grid(self, sheet: str) -> Grid:
        return self._grids[sheet] if sheet in self._grids else self._book.grid(sheet)


def _valued(book: FileBook, addition: Addition) -> list[Block]:
    """The blocks with the values of their formulas; one that cannot be computed here has none."""
    computed = [
        (block.sheet, place)
        for block in addition.blocks
        for place, content in block.cells.items()
        if content.formula is not None
    ]
    values = recalculate(_Draft(book, addition), computed).values

    def valued(block: Block, place: Address) -> Mapping:
        content = block.cells[place]
        return content if content.formula is None else content._replace(value=values.get((block.sheet, place)))  # type: ignore[return-value]

    return [replace(block, cells={place: valued(block, place) for place in block.cells}) for block in addition.blocks]


def _added(addition: Addition) -> Iterator[str]:
    count = len(addition.blocks)
    listed = "、".join(f"“{block.sheet}”{block.area}" for block in addition.blocks[:_LISTED])
    more = f" 等 {count} 处" if count > _LISTED else ""
    yield f"在 {count} 张自评表右侧加了测算得分、完成率和提示：{listed}{more}；不打印，公式都是表格软件自带的函数"
    if addition.print_areas:
        named = "、".join(f"“{sheet}”" for sheet in [*addition.print_areas][:_LISTED])
        yield f"{named}{'等' if len(addition.print_areas) > _LISTED else ''}没有设打印区域，设成了原来打印的范围，去测算列时取消"


def said_of_taking(former: Taken | None) -> Iterator[str]:
    """What else became of cells when the columns were taken out."""
    if former is not None and former.valued:
        yield f"{_cells(former.valued)} 引用测算列的公式换成了算出的值"
    if former is not None and former.left:
        yield f"{_cells(former.left)} 是手工填在测算列里的内容，留在了原处"


def _cells(places: Sequence[tuple[str, Address]]) -> str:
    listed = "、".join(f"“{sheet}”{place}" for sheet, place in places[:_LISTED])
    return f"{listed} 等 {len(places)} 格" if len(places) > _LISTED else listed


def _signature(book: FileBook) -> Iterator[str]:
    if book.is_signed:
        yield _SIGNED


def as_text(assisted: Assisted) -> Iterator[str]:
    """What came of it, for a person."""
    yield from assisted.notes
    if assisted.path is not None:
        yield f"已写入 {assisted.path}" + (f"；原来的留作 {assisted.backup.name}" if assisted.backup else "")
