"""Finds the tables that a finance system gives out: a header with 项目名称 or 项目编码 and amounts, on any sheet, in any order.

A column means what its headings say word for word (``[exports]`` of the vocabulary); a source of funds may stand over or under
an amount (财政拨款 | 其他资金), beside it (其中：财政拨款), or in the same cell (财政拨款预算数). What is only like a heading that is
known means nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from perfeval.digits import whole
from perfeval.forms import labels
from perfeval.forms.grid import MAX_COLUMN, Address, Grid, column_letters
from perfeval.forms.grid_text import Page, page_of
from perfeval.forms.values import UNITS
from perfeval.quantities import plain

AMOUNTS = ("initial", "budget", "executed")
KEYS = ("name", "code")
LEVELS = "／"  # between the headings of one column
_LEVELS = 2  # rows of a header above and below the one that names the project
_MOST_TABLES = 20  # of one sheet; two are too many to choose from
_ABOVE = 10  # rows over a header in which its title and its unit stand
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年(?!\d{1,2}月\d{1,2}日)|度|$)")
_OWN_YEAR = re.compile(r"^(20\d\d)年度?")
_MOMENT = re.compile(r"时间|日期|打印|导出|制表|截至")
_UNIT_BEHIND = re.compile("(亿元|万元|千元|元)$")
_AMONG = "其中"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its headings from top to bottom, and what they mean.

    ``concept`` is a key of ``[exports]`` ("" for another column), ``source`` that of an amount ("" for the whole), ``unit`` what the
    headings state of it.
    """

    column: int
    text: str
    concept: str = ""
    source: str = ""
    unit: str = ""

    @property
    def place(self) -> str:
        """``F“调整预算数”``."""
        return f"{column_letters(self.column)}“{self.text}”"


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table of an export: its header's rows, its columns from left to right, the year that its title or sheet states."""

    grid: Grid
    top: int
    bottom: int
    headings: tuple[Heading, ...]
    year: int | None

    @property
    def sheet(self) -> str:
        return self.grid.name

    def of(self, concept: str, source: str = "") -> list[Heading]:
        """The columns of a concept, of one source of funds."""
        return [one for one in self.headings if one.concept == concept and one.source == source]

    @property
    def has_keys(self) -> bool:
        """Whether it names projects."""
        return any(self.of(key) for key in KEYS)

    @property
    def concepts(self) -> set[str]:
        """The amounts that it has."""
        return {one.concept for one in self.headings if one.concept in AMOUNTS}


def compared(text: str) -> str:
    """A heading as it is compared with one that was chosen."""
    return "".join(plain(text).split())


def export_tables(grid: Grid, year: int | None = None, chosen: Collection[str] = ()) -> list[ExportTable]:
    """Every table of a sheet whose header names projects, or has a heading that was chosen (``compared``); ``year`` is that of which
    2025年预算数 is the 预算数."""
    page = page_of(grid)
    tables: list[ExportTable] = []
    for row in page.rows():
        if tables and row <= tables[-1].bottom:
            continue
        if len(tables) == _MOST_TABLES:
            break
        if _keys(page, row, chosen):
            table = _table(page, row, year, chosen)
            if len(table.headings) > 1 and not _repeats(table, tables):
                tables.append(table)
    return tables


def headings_of(grid: Grid) -> ExportTable | None:
    """The row of a sheet that has most texts, as a header whose columns are not known: to show what was seen."""
    page = page_of(grid)
    rows = [row for row in page.rows() if len(page.texts(row, 1, MAX_COLUMN)) > 1]
    if not rows:
        return None
    row = max(rows[: _ABOVE * 2], key=lambda row: len(page.texts(row, 1, MAX_COLUMN)))
    return _table(page, row, None)


def _repeats(table: ExportTable, others: Sequence[ExportTable]) -> bool:
    """Whether a header only comes again, as on the next page."""
    return any([one.text for one in other.headings] == [one.text for one in table.headings] for other in others)


def _keys(page: Page, row: int, chosen: Collection[str]) -> list[int]:
    """The columns of a row in which a project may be named by what is below."""
    texts = page.texts(row, 1, MAX_COLUMN)
    return [area.left for area, text in texts if labels.export(text) in KEYS or compared(text) in chosen]


def _table(page: Page, row: int, year: int | None, chosen: Collection[str] = ()) -> ExportTable:
    keys = _keys(page, row, chosen)
    top = bottom = row
    while top > 1 and row - top < _LEVELS and _is_over(page, top - 1, keys):
        top -= 1
    while bottom - row < _LEVELS and _is_under(page, bottom + 1, keys, top):
        bottom += 1
    bottom = max(bottom, *(page.grid.area_of((row, column)).bottom for column in keys or (1,)))
    stated = _stated_year(page, top)
    columns = sorted({column for level in range(top, bottom + 1) for column in _texts_in(page, level)})
    headings: list[Heading] = []
    for column in columns:
        parts = _parts(page, column, top, bottom)
        heading = _heading(column, parts, year or stated)
        headings.append(_among(heading, parts, headings[-1] if headings else None))
    return ExportTable(page.grid, top, bottom, tuple(headings), stated)


def _texts_in(page: Page, row: int) -> Iterator[int]:
    """The columns over which a row of headings says something, those of a merged cell all."""
    for area, _ in page.texts(row, 1, MAX_COLUMN):
        yield from range(area.left, area.right + 1)


def _is_words(page: Page, row: int) -> bool:
    filled = page.filled(row, 1, MAX_COLUMN)
    return bool(filled) and len(filled) == len(page.texts(row, 1, MAX_COLUMN))


def _is_over(page: Page, row: int, keys: Sequence[int]) -> bool:
    """Whether a row is an upper row of the header: it says something of amounts, and nothing over 项目名称 but words of no weight."""
    if not _is_words(page, row):
        return False
    texts = page.texts(row, 1, MAX_COLUMN)
    over = [text for area, text in texts if any(area.left <= key <= area.right for key in keys)]
    if not all(map(labels.is_neutral, over)) or any(labels.export(text) in KEYS for _, text in texts):
        return False
    return any(_is_of_amounts(text) or labels.is_neutral(text) for _, text in texts) and len(texts) > len(over)


def _is_under(page: Page, row: int, keys: Sequence[int], top: int) -> bool:
    """Whether a row is a lower row of the header: words that say something of amounts, and nothing under 项目名称."""
    if not _is_words(page, row):
        return False
    if any(page.entry(row, key).text and page.grid.area_of((row, key)).top > top for key in keys):
        return False
    return any(_is_of_amounts(text) for _, text in page.texts(row, 1, MAX_COLUMN))


def _is_of_amounts(text: str) -> bool:
    return labels.source(text) is not None or (_joined((text,)) or ("",))[0] in AMOUNTS


def _parts(page: Page, column: int, top: int, bottom: int) -> tuple[str, ...]:
    """The headings over a column, top to bottom; one that stands over several columns without a merge counts for those to its right
    whose own lower cell says something, up to the next."""
    parts: dict[Address | tuple[int, int], str] = {}
    for row in range(top, bottom + 1):
        entry = page.entry(row, column)
        place: Address | tuple[int, int] = entry.cell or (row, column)
        if not entry.text and row < bottom and page.entry(bottom, column).text:
            left = next((one for one in range(column - 1, 0, -1) if page.entry(row, one).text), 0)
            spread = left and all(page.entry(bottom, one).text for one in range(left, column))
            if spread and page.entry(bottom, left).cell != page.entry(row, left).cell:
                entry, place = page.entry(row, left), (row, left)
        if isinstance(entry.value, str) and entry.text:
            parts.setdefault(place, re.sub(r"\s+", "", entry.text))
    return tuple(parts.values())


def _heading(column: int, parts: Sequence[str], year: int | None) -> Heading:
    text = LEVELS.join(parts)
    meanings = _meaning([_of_year(part, year) for part in parts])
    if meanings is None:
        return Heading(column, text)
    concept, source = meanings
    stated = [unit for part in parts if (unit := labels.any_unit(part) or _unit_behind(part))]
    return Heading(column, text, concept, source, "、".join(dict.fromkeys(stated)) if concept in AMOUNTS else "")


def _unit_behind(part: str) -> str:
    """The unit in 预算数万元."""
    match = _UNIT_BEHIND.search(plain(part))
    return match[1] if match and match[1] in UNITS and labels.export(part) in AMOUNTS else ""


def _of_year(part: str, year: int | None) -> str:
    """A heading without the year that is meant."""
    match = _OWN_YEAR.match(plain(part))
    return plain(part)[match.end() :] or part if match and year == whole(match[1]) else part


def _meaning(parts: Sequence[str]) -> tuple[str, str] | None:
    """Concept and source of a column, "" for the whole; None where it means nothing that is known."""
    sources: list[str] = []
    rest: list[str] = []
    for part in parts:
        source = None if labels.export(part) else labels.source(part)
        if source is None:
            rest.append(part)
        else:
            sources.append(source)
    within = [source for source in sources if source != labels.TOTAL_FUNDS]
    if len(set(within)) > 1:
        return None
    found = _joined(rest)
    if found is None:
        return None
    concept, own = found
    if within and (concept not in AMOUNTS or own not in ("", within[0])):
        return None
    return concept, within[0] if within else own


def _joined(parts: Sequence[str]) -> tuple[str, str] | None:
    """What headings mean together: 预算数 over 年初 is 年初预算数, 财政拨款预算数 is an amount of one source."""
    words = [labels.heading(part) for part in parts]
    for text in ("".join(words), "".join(reversed(words)), *map(_bracket_first, parts if len(parts) == 1 else ())):
        if concept := labels.export(text):
            return concept, ""
    if len(words) == 1:
        return _with_source(words[0])
    concepts = {labels.export(word) for word in words if not labels.is_neutral(word) or labels.export(word)}
    if len(concepts) == 1 and (concept := concepts.pop()):
        return concept, ""
    if concepts == {"budget", "initial"} and labels.export(words[-1]) == "initial":  # 年初预算数 under 预算指标
        return "initial", ""
    return None


def _bracket_first(part: str) -> str:
    """预算数（年初） as 年初预算数."""
    match = re.fullmatch(r"([^()]+)\(([^()]+)\)", "".join(plain(part).split()))
    return match[2] + match[1] if match else part


def _with_source(word: str) -> tuple[str, str] | None:
    """The amount and the source that one word names together: 财政拨款预算数, 预算数-财政拨款."""
    for cut in range(2, len(word) - 1):
        for first, second in ((word[:cut], word[cut:]), (word[cut:], word[:cut])):
            source = labels.source(first.strip("-_/:(其中"))
            concept = labels.export(second.strip("-_/:()"))
            if source not in (None, labels.TOTAL_FUNDS) and concept in AMOUNTS:
                return concept, str(source)
    return None


def _among(heading: Heading, parts: Sequence[str], before: Heading | None) -> Heading:
    """A column 其中：财政拨款 is of the amount to its left, and so are the sources behind it."""
    if heading.concept or before is None or before.concept not in AMOUNTS or len(parts) != 1:
        return heading
    source = labels.source(parts[0])
    begins = plain(parts[0]).startswith(_AMONG)
    if source in (None, labels.TOTAL_FUNDS) or not (begins or _AMONG in before.text or before.source):
        return heading
    if not begins and LEVELS in before.text:
        return heading
    return replace(heading, concept=before.concept, source=str(source), unit=labels.any_unit(parts[0]) or before.unit)


def _stated_year(page: Page, top: int) -> int | None:
    """The year that the title or the sheet's name states; None where neither does, or several."""
    texts = [text for row in range(max(1, top - _ABOVE), top) for _, text in page.texts(row, 1, MAX_COLUMN)]
    for named in ([text for text in texts if not _MOMENT.search(text)], [page.grid.name]):
        years = {whole(year) for text in named for year in _YEAR.findall("".join(plain(text).split()))}
        if years:
            return years.pop() if len(years) == 1 else None
    return None
