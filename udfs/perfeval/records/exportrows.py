"""The rows of an export's table as rows of 执行数据: which of them are projects, which only sum others, what several rows come to.

Nothing is guessed: where two readings are possible and the export's own 合计 does not decide, a FormProblem names the rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from perfeval.arithmetic import ZERO, Scaled, add, subtract
from perfeval.errors import CellError, FormProblem, InvalidValue, Place
from perfeval.forms import labels
from perfeval.forms.exporttable import AMOUNTS, KEYS, ExportTable, Heading
from perfeval.forms.grid import MAX_COLUMN, Address
from perfeval.forms.grid_text import Page, page_of
from perfeval.forms.model import ABSENT, Entry
from perfeval.forms.values import amount, in_unit, same
from perfeval.quantities import plain
from perfeval.records import names
from perfeval.records.matching import bare
from perfeval.records.tables import Found, Row, unit_beside

FIELDS: Mapping[str, str] = {
    "code": "项目编码", "name": "项目名称", "source": "资金来源", "initial": "年初预算数", "budget": "全年预算数",
    "executed": "全年执行数",
}  # fmt: skip
"""What an import wants of an export, as 导入对照 names it."""

LONG_CODE = 6  # characters of a code that no list numbers from 1
_LISTED = 12  # rows and names in a sentence
_CODE = r"(?=[A-Za-z0-9]*\d)[A-Za-z0-9]"
_CODE_IN_NAME = re.compile(  # MZ2501-城乡低保, [MZ2501]城乡低保
    rf"\s*(?:(?P<code>{_CODE}{{6,40}})\s*[-_—:\s]|[\[(](?P<noted>{_CODE}{{4,40}})[\])])\s*(?P<name>\S.*)"
)
_SOURCE_CODE = re.compile(r"^\d{1,6}[-_.、\s]*(?=\D)")  # 111-一般公共预算资金
_LOOKED_AHEAD = 1_000  # rows that one row may sum
_CUMULATIVE = "累计"


class Known(NamedTuple):
    """What is known of the workbook that an export is for: year, body, projects (code, name), and the choices on 导入对照."""

    year: int | None = None
    body: str = ""
    projects: tuple[tuple[str, str], ...] = ()
    choices: Mapping[str, str] = {}


class Export(NamedTuple):
    """An export as rows of 执行数据.

    ``taken`` is each field with its column, ``notes`` what was passed over or put right, ``year`` and ``body`` what the export
    states of itself, ``seen`` the sheets and headings for 导入对照.
    """

    sheet: str
    found: Found
    taken: tuple[tuple[str, Heading], ...]
    notes: tuple[str, ...]
    year: int | None
    body: str
    seen: Sequence[tuple[str, tuple[str, ...]]] = ()

    def said(self, units: Mapping[str, str]) -> Iterator[str]:
        """What was taken from where, each amount with its unit, and what was not."""
        yield f"从工作表“{self.sheet}”第 {self.found.rows[0]['name'].cell.row if self.found.rows else '?'} 行起读入"  # type: ignore[union-attr]
        for concept, heading in self.taken:
            source = f"（{heading.source}）" if heading.source else ""
            unit = f"，{units[concept]}" if units.get(concept) else ""
            yield f"{FIELDS[concept]}{source} ← {heading.place.replace('“', ' 列“', 1)}{unit}"
        missing = [FIELDS[concept] for concept in AMOUNTS if concept not in {taken for taken, _ in self.taken}]
        if missing:
            yield f"没有找到：{'、'.join(missing)}"
        yield from self.notes


def read_rows(table: ExportTable, known: Known) -> Export:
    """The rows of a table, of whose columns each field has one at most. Raises FormProblem naming sheet and cell."""
    return _Reading(table, known).export()


def source_in(text: str) -> str | None:
    """The source of funds that a cell names, perhaps behind its code; None for another text."""
    return labels.source(text) or labels.source(_SOURCE_CODE.sub("", plain(text)))


@dataclass(eq=False)
class _Line:
    """A row with amounts. ``amounts`` are by concept and source; ``left`` are texts up to the name's column, ``right`` behind it."""

    row: int
    code: Entry
    name: Entry
    source: Entry
    body: str
    year: str
    period: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    amounts: dict[tuple[str, str], Entry] = field(default_factory=dict)

    @property
    def has_key(self) -> bool:
        return bool(self.code.text or self.name.text)

    @property
    def is_grand(self) -> bool:
        """Whether it is the sum of all rows: 合计, not 小计."""
        return any(map(labels.is_total, (self.name.text, self.code.text, *self.left, *self.right)))

    @cached_property
    def numbers(self) -> dict[tuple[str, str], Scaled]:
        """Its amounts as they stand."""
        return {key: amount(entry, "").number for key, entry in self.amounts.items() if entry.text}


class _Reading:
    """The rows of one table."""

    def __init__(self, table: ExportTable, known: Known) -> None:
        self._table = table
        self._known = known
        self._page: Page = page_of(table.grid)
        self._amounts = [one for one in table.headings if one.concept in AMOUNTS]
        self._passed: list[int] = []
        self._totals: list[_Line] = []
        self._notes: list[str] = []

    def export(self) -> Export:
        """The table's rows as rows of 执行数据."""
        lines = self._without_sums(self._named(self._of_one(list(self._lines()))))
        self._without_doubtful_codes(lines)
        groups = self._groups(lines)
        confirmed = self._confirmed(lines, groups)
        for together in groups.values():
            if len(together) > 1:
                self._refuse_doubt(together, confirmed)
        self._once(groups, confirmed)
        hidden = sorted({line.row for line in lines} & self._table.grid.hidden_rows)
        if hidden:
            self._notes.append(f"{_rows(hidden)}是隐藏的（可能筛选过），也读了")
        if self._passed:
            self._notes.append(f"{_rows(self._passed)}没有项目或没有金额，没有读")
        unused = [one.place for one in self._table.headings if not one.concept]
        if unused:
            self._notes.append(f"没有用到的列：{'、'.join(unused)}")
        bodies = {line.body for line in lines if line.body}
        rows = tuple(row for line in lines for row in self._as_rows(line))
        stated = {concept: [one.unit for one in self._amounts if one.concept == concept] for concept in AMOUNTS}
        units = {concept: "、".join(dict.fromkeys(filter(None, own))) for concept, own in stated.items()}
        columns = {one.concept: one.column for one in self._table.headings if one.concept in FIELDS}
        unit = unit_beside(self._table.grid, self._table.top, self._table.bottom)
        taken = tuple((one.concept, one) for one in self._table.headings if one.concept in FIELDS)
        return Export(
            self._table.sheet,
            Found(columns, rows, self._table.grid.bottom + 1, units, unit),
            taken,
            tuple(self._notes),
            self._table.year,
            bodies.pop() if len(bodies) == 1 else "",
        )

    def _problem(self, told: str, row: int = 0) -> FormProblem:
        return FormProblem(
            f"{told}。没有写入任何内容", Place(sheet=self._table.sheet, cell=f"第 {row} 行" if row else "")
        )

    # --- what a row is ---

    def _lines(self) -> Iterator[_Line]:
        """The rows of projects, with their own amounts; sums go to ``_totals``, what is neither is passed and named."""
        header = {one.text for one in self._table.headings}
        for row in range(self._table.bottom + 1, self._table.grid.bottom + 1):
            texts = [text for _, text in self._page.texts(row, 1, MAX_COLUMN)]
            if not self._page.filled(row, 1, MAX_COLUMN) or (
                texts and {"".join(text.split()) for text in texts} <= header
            ):
                continue  # blank, or the header again on the next page
            if self._only_numbers_columns(row):
                continue
            line = self._line(row)
            if not any(entry.text for entry in line.amounts.values()):
                is_under = any(labels.is_export_footer(text) or labels.is_note(text) for text in texts)
                if (line.has_key or line.right) and not is_under:
                    self._passed.append(row)
            elif any(labels.is_sum(text) for text in (line.name.text, line.code.text, *line.left, *line.right) if text):
                self._totals.append(line)
            else:
                yield line

    def _line(self, row: int) -> _Line:
        def text(concept: str) -> Entry:
            columns = self._table.of(concept)
            return self._page.entry(row, columns[0].column) if columns else ABSENT

        name, code = text("name"), text("code")
        edge = max(one.column for key in KEYS for one in self._table.of(key))
        amounts = {one.column for one in self._amounts}
        own = {one.column for concept in (*KEYS,) for one in self._table.of(concept)}
        others = [column for column in self._page.filled(row, 1, MAX_COLUMN) if column not in amounts | own]
        words = {column: self._page.entry(row, column) for column in others}
        line = _Line(
            row, _cleaned(code), name, self._source_of(text("source")), self._body(row), text("year").text, text("period").text,
            tuple(entry.text for column, entry in words.items() if column < edge and isinstance(entry.value, str)),
            tuple(entry.text for column, entry in words.items() if column > edge and isinstance(entry.value, str)),
        )  # fmt: skip
        for heading in self._amounts:
            line.amounts[heading.concept, heading.source] = self._amount(row, heading)
        return line

    def _source_of(self, entry: Entry) -> Entry:
        """The source of funds in a cell. Raises FormProblem for one that is none."""
        source = source_in(entry.text) if entry.text else ""
        if source is None:
            if labels.is_sum(entry.text):
                return entry
            known = "、".join(dict.fromkeys((*labels.FUND_SOURCES, *labels.TRANSFER_SOURCES)))
            raise FormProblem(
                f"资金来源“{entry.text}”不认识，可以是：{known}；都不是的，请在表里改成“其他资金”，再读",
                Place(sheet=self._table.sheet, cell=str(entry.cell or "")),
            )
        return Entry(source, entry.cell)

    def _body(self, row: int) -> str:
        """The body that a row is of: of several columns the workbook's own, else the last, which is the narrowest."""
        texts = [text for one in self._table.of("body") if (text := self._page.entry(row, one.column).text)]
        own = [text for text in texts if bare(text) == bare(self._known.body)]
        return (own or texts or [""])[-1]

    def _amount(self, row: int, heading: Heading) -> Entry:
        """The amount of a row's own cell; a dash is none. Raises FormProblem for what is no amount."""
        entry = self._page.entry(row, heading.column)
        place = Address(row, heading.column)
        if entry.cell != place or labels.key(entry.text) in labels.NOTHING:
            return Entry(None, place)
        at = Place(sheet=self._table.sheet, cell=str(place))
        if isinstance(entry.value, CellError):
            raise FormProblem(f"是错误值 {entry.value}，请先改正", at)
        if self._page.grid[place].formula is not None and entry.value is None:
            raise FormProblem("这个公式没有算出来，请在表格软件里打开、保存后再导入", at)
        try:
            in_unit(entry.value, "元", "元")
        except InvalidValue as error:
            raise FormProblem(f"“{heading.text}”列：{error.reason}", at) from error
        return entry

    def _only_numbers_columns(self, row: int) -> bool:
        """Whether a row only numbers the columns: 1 2 3=1+2, 栏次."""
        texts = [self._page.entry(row, column).text for column in self._page.filled(row, 1, MAX_COLUMN)]
        own = [one for one in texts if one not in ("栏次", "行次", "序号")]
        if len(own) < 2 or not all(
            re.fullmatch(r"[(]?(?:\d{1,2}|[A-Z])[)]?(?:[=＝].{1,20})?", plain(one)) for one in own
        ):
            return False
        numbers = [re.sub(r"[()]|[=＝].*", "", plain(one)) for one in own]
        return numbers == sorted(set(numbers), key=lambda one: (len(one), one)) and row - self._table.bottom <= 2

    # --- which rows are meant ---

    def _of_one(self, lines: list[_Line]) -> list[_Line]:
        """The rows of the workbook's year and body, where the export has several."""
        for values, own, what in (
            (lambda line: re.sub(r"\D.*", "", line.year), str(self._known.year or self._table.year or ""), "年度"),
            (lambda line: bare(line.body), bare(self._known.body), "单位"),
        ):
            every = list(dict.fromkeys(filter(None, map(values, lines))))
            if len(every) > 1 and own in every:
                left = [line for line in lines if values(line) not in ("", own)]
                self._notes.append(f"另有 {len(left)} 行是别的{what}的，没有读")
                self._totals.clear()  # they sum those rows too
                lines = [line for line in lines if values(line) in ("", own)]
            elif what == "年度" and every and own and every != [own] and (len(every) > 1 or self._known.year):
                raise self._problem(f"表里的年度是 {'、'.join(every)}，要的是 {own}；请核对文件和年度")
            elif len(every) > 1 and (what == "年度" or self._shared(lines, values)):
                listed = "、".join(every[:_LISTED])
                raise self._problem(
                    f"表里有几个{what}（{listed}），看不出要哪一个；请在“{names.BASICS}”填写{what}，或只留要用的行"
                )
        return lines

    @staticmethod
    def _shared(lines: Sequence[_Line], values: Callable[[_Line], str]) -> bool:
        """Whether projects of one name belong to several bodies."""
        of: dict[str, set[str]] = {}
        for line in lines:
            if len(line.code.text) < LONG_CODE:  # a longer one is one project's, whoever spends on it
                of.setdefault(bare(line.name.text), set()).add(values(line))
        return any(len(several) > 1 for key, several in of.items() if key)

    def _named(self, lines: list[_Line]) -> list[_Line]:
        """Rows that leave code and name blank belong to the project above, if they go on behind its name; a code in the name is parted."""
        parted = [_CODE_IN_NAME.fullmatch(line.name.text) for line in lines if line.name.text]
        if parted and all(parted) and not self._table.of("code"):
            for line in lines:
                match = _CODE_IN_NAME.fullmatch(line.name.text)
                if match:
                    line.code = Entry(match["code"] or match["noted"], line.name.cell)
                    line.name = Entry(match["name"], line.name.cell)
        above: _Line | None = None
        for line in lines:
            if line.code.text and line.name.text.startswith(line.code.text):
                line.name = Entry(line.name.text.removeprefix(line.code.text).strip("-_—:： "), line.name.cell)
            if not line.has_key and above is not None and line.right and not line.left and not line.body:
                line.code, line.name, line.body = above.code, above.name, above.body
            elif line.has_key:
                above = line
        return lines

    def _without_sums(self, lines: list[_Line]) -> list[_Line]:
        """The rows but for those that only sum rows below or above them, without saying so."""
        coded = any(line.code.text for line in lines)
        mine = {bare(name) for _, name in self._known.projects}
        kept: list[_Line] = []
        sums: list[_Line] = []
        for place in range(len(lines) - 1, -1, -1):
            line = lines[place]
            is_above = bool(kept) and _begins(line.code.text, kept[-1].code.text)
            is_other = bare(line.name.text) not in mine and not (coded and line.code.text)
            looks = not line.has_key or is_above or (is_other and (coded or len(line.numbers) > 1))
            least = 1 if is_above or not line.has_key or (coded and len(line.numbers) > 1) else 2
            if looks and (
                _sums(line, reversed(kept), least) or (not line.has_key and _sums(line, lines[:place][::-1], 1))
            ):
                sums.append(line)
            elif not line.has_key:
                raise self._problem("有金额而没有项目编码和项目名称，也不是别的行的合计，请补上", line.row)
            else:
                kept.append(line)
        if sums:
            told = "、".join(
                f"第 {line.row} 行{f'“{line.name.text}”' if line.name.text else ''}" for line in sums[::-1][:_LISTED]
            )
            self._notes.append(f"{told}是别的行的合计，没有当作项目")
        return kept[::-1]

    def _without_doubtful_codes(self, lines: Sequence[_Line]) -> None:
        """A code that several names share is none of projects: the names count."""
        by_code: dict[str, set[str]] = {}
        for line in lines:
            if line.code.text and line.name.text:
                by_code.setdefault(line.code.text, set()).add(bare(line.name.text))
        shared = [code for code, several in by_code.items() if len(several) > 1]
        if shared:
            self._notes.append(f"编码“{shared[0]}”有几个项目名称，不是项目编码：按项目名称读")
            for line in lines:
                line.code = Entry("")

    def _groups(self, lines: Sequence[_Line]) -> dict[tuple[str, str], list[_Line]]:
        """The rows of each project and source."""
        codes = {bare(line.name.text): line.code.text for line in lines if line.code.text and line.name.text}
        groups: dict[tuple[str, str], list[_Line]] = {}
        for line in lines:
            key = line.code.text or codes.get(bare(line.name.text)) or bare(line.name.text)
            source = labels.source(line.source.text) or line.source.text
            groups.setdefault((key, source), []).append(line)
        return groups

    # --- what several rows come to ---

    def _confirmed(self, lines: Sequence[_Line], groups: Mapping[tuple[str, str], list[_Line]]) -> set[tuple[str, str]]:
        """The columns of which the export's own 合计 says that all rows together make it. One that says otherwise is told, and refused
        where projects have several rows."""
        confirmed: set[tuple[str, str]] = set()
        for heading in self._amounts:
            key = heading.concept, heading.source
            stated = [line.numbers[key] for line in self._totals if key in line.numbers]
            every = add([line.numbers[key] for line in lines if key in line.numbers])
            if stated and self._adds_up(stated, every):
                confirmed.add(key)
                continue
            totals = [line for line in self._totals if key in line.numbers and line.is_grand]
            if not totals:
                continue
            cell = totals[-1].amounts[key].cell
            told = f"“{heading.text}”的合计（{cell}）是 {totals[-1].numbers[key]}，各行加起来是 {every}"
            if any(len(together) > 1 for together in groups.values()):
                if self._adds_up(stated, self._sum_once(groups, key)):
                    continue
                raise self._problem(f"{told}，而有的项目有几行，看不出该不该相加；请核对")
            self._notes.append(f"{told}，请核对是不是少了行")
        return confirmed

    @staticmethod
    def _adds_up(stated: Sequence[Scaled], sum_of_rows: Scaled) -> bool:
        return any(_comes_to(one, sum_of_rows) for one in stated) or _comes_to(add([*stated]), sum_of_rows)

    @staticmethod
    def _sum_once(groups: Mapping[tuple[str, str], list[_Line]], key: tuple[str, str]) -> Scaled:
        """The sum of the first amount of each project."""
        firsts = (next((line.numbers[key] for line in own if key in line.numbers), None) for own in groups.values())
        return add([number for number in firsts if number is not None])

    def _refuse_doubt(self, together: Sequence[_Line], confirmed: set[tuple[str, str]]) -> None:
        """Raises FormProblem where rows of one project may be no parts of it. What the export's own 合计 confirms is none."""
        filled = {key for line in together for key, number in line.numbers.items() if number.units}
        if filled <= confirmed:
            return
        whose, where = f"项目“{together[0].name.text}”", _rows([line.row for line in together])
        if len({line.period for line in together}) > 1 and any(_CUMULATIVE in one.text for one in self._amounts):
            raise self._problem(
                f"{whose}在{where}各是一个时间，而列标题是“{_CUMULATIVE}”，加起来会重复；请只留最后一个时间的行"
            )
        every = {key: add([line.numbers[key] for line in together if key in line.numbers]) for key in filled}
        for line in together if len(together) > 2 else ():
            own = line.numbers
            if filled <= own.keys() and all(same(add([own[key], own[key]]), every[key]) for key in filled):
                raise self._problem(
                    f"{whose}的第 {line.row} 行恰好是它别的行的合计（{where}），看不出该不该再加；请删去合计的行"
                )
        details = [bool(line.right) for line in together]
        if any(details) and not all(details):
            row = together[details.index(False)].row
            raise self._problem(
                f"{whose}有几行（{where}），第 {row} 行没有写明细，看不出它是合计还是一部分；请删去合计的行"
            )

    def _once(self, groups: Mapping[tuple[str, str], list[_Line]], confirmed: set[tuple[str, str]]) -> None:
        """An amount that every row of a project repeats counts once where the export's 合计 says so. Raises FormProblem where it
        says nothing."""
        for heading in self._amounts:
            key = heading.concept, heading.source
            several = [
                numbers
                for together in groups.values()
                if len(together) > 1 and any(numbers := [line.numbers[key] for line in together if key in line.numbers])
            ]
            repeated = [numbers for numbers in several if len(numbers) > 1 and numbers[0].units]
            if (
                key in confirmed
                or not repeated
                or any(not same(numbers[0], one) for numbers in repeated for one in numbers)
            ):
                continue
            lines = [line for together in groups.values() for line in together]
            firsts = {
                id(next((line for line in together if key in line.numbers), None)) for together in groups.values()
            }
            once = self._sum_once(groups, key)
            stated = [line.numbers[key] for line in self._totals if key in line.numbers]
            if not stated or not self._adds_up(stated, once):
                rows = next(t for t in groups.values() if len(t) > 1 and all(key in line.numbers for line in t))
                raise self._problem(
                    f"项目“{rows[0].name.text}”的“{heading.text}”在{_rows([line.row for line in rows])}都是 {rows[0].numbers[key]}，"
                    "看不出是每行各有一份，还是同一个数写了几遍；请改正后再导入"
                )
            for line in lines:
                if id(line) not in firsts and key in line.numbers:
                    line.amounts[key] = Entry(None, line.amounts[key].cell)
                    del line.numbers[key]
            self._notes.append(f"“{heading.text}”在一个项目的几行里重复，按一次计（与合计相符）")

    def _as_rows(self, line: _Line) -> Iterator[Row]:
        """A row of 执行数据 for each source of funds that a line has amounts of."""
        for source in dict.fromkeys(source for _, source in line.amounts):
            own = {concept: entry for (concept, of), entry in line.amounts.items() if of == source}
            if any(entry.text for entry in own.values()):
                named = Entry(source, line.name.cell) if source else line.source
                if source and line.source.text:
                    raise self._problem(
                        f"资金来源在列标题里是“{source}”，在行里是“{line.source.text}”，看不出用哪个", line.row
                    )
                yield {"code": line.code, "name": _cleaned_name(line), "source": named, **own}


def _cleaned(code: Entry) -> Entry:
    """A code without the blanks and tabs that keep Excel from taking it for a number."""
    return Entry("".join(plain(code.text).split()).strip("'"), code.cell)


def _cleaned_name(line: _Line) -> Entry:
    place = line.name.cell or line.code.cell or Address(line.row, 1)
    return Entry(line.name.text, place)


def _begins(code: str, other: str) -> bool:
    return bool(code) and len(other) > len(code) and other.startswith(code)


def _sums(line: _Line, others: Iterable[_Line], least: int) -> bool:
    """Whether a row is the sum of the next of these rows, at least ``least`` of them, in every amount that it has."""
    own = line.numbers
    if not any(number.units for number in own.values()):
        return False
    sums = dict.fromkeys(own, ZERO)
    for count, other in enumerate(islice(others, _LOOKED_AHEAD), start=1):
        parts = other.numbers
        sums = {key: add([number, parts[key]]) if key in parts else number for key, number in sums.items()}
        if count >= least and all(same(own[key], sums[key]) for key in own):
            return True
        if any(subtract(sums[key], own[key]).units > 0 for key in own if own[key].units > 0):
            return False  # beyond it already
    return False


def _comes_to(stated: Scaled, sum_of_rows: Scaled) -> bool:
    """Whether a printed sum is that of its rows, as far as it is printed."""
    gap = subtract(stated, sum_of_rows)
    return not gap.units or (2 * abs(gap.units) * 10**stated.places <= 10**gap.places and bool(stated.units))


def _rows(rows: Sequence[int]) -> str:
    listed = "、".join(map(str, rows[:_LISTED]))
    return f"第 {listed} 行" + (f"等 {len(rows)} 行" if len(rows) > _LISTED else "")
