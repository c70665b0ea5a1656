"""The journal of a roll-up: the rows of every file of a folder, in a private SQLite database that ends with the run.

Nobody else can have written into it: what an earlier run has read comes in as rows, too (``rollup.kept``). A file's rows replace those it
had, so nothing stands twice. They lie in the order of the files, whoever has read them first, so that what comes out is the same every
time. Sums are made here, row by row, exactly.
"""

from __future__ import annotations

import os
import sqlite3
import types
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self, get_type_hints

from perfeval.arithmetic import Scaled, add, decimal, times
from perfeval.filenames import shown
from perfeval.rollup.areas import Filed, areas
from perfeval.rollup.rows import TABLES, Reading
from perfeval.rollup.twins import Figure, difference, unpacked

_PAGE = 1_000  # names of files that are in memory at a time
_MOST_ROWS = 1 << 32  # of a file; its rows stand below those of the file before it
_TYPES = {int: "INTEGER", str: "TEXT"}


class Journal:
    """What is known of a folder's files. It lies in the system's temporary folder where it outgrows the memory it may use.

    Every method raises sqlite3.Error where that folder is full.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("")
        for name, (arguments, aggregate) in _SUMS.items():
            self._database.create_aggregate(name, arguments, aggregate)
        with self._database:
            self._database.execute("CREATE TABLE present (number INTEGER PRIMARY KEY, path TEXT UNIQUE, name BLOB)")
            for name, row in TABLES.items():
                self._database.execute(f"CREATE TABLE {name} ({', '.join(_columns(row))})")
                unique = "UNIQUE" if name == "files" else ""
                self._database.execute(f"CREATE {unique} INDEX {name}_path ON {name} (path)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def expect(self, files: Iterable[str]) -> int:
        """Note the files of the folder, by their names on disk; how many there are."""
        with self._database:
            names = ((shown(name), os.fsencode(name)) for name in files)
            self._database.executemany("INSERT OR IGNORE INTO present (path, name) VALUES (?, ?)", names)
        return self.one("SELECT count(*) FROM present")[0]

    def waiting(self) -> Iterator[str]:
        """The files that are expected and not there yet, in their order; what is read meanwhile may be added."""
        last = 0
        query = """
            SELECT number, name FROM present WHERE number > ? AND path NOT IN (SELECT path FROM files)
            ORDER BY number LIMIT ?
        """
        while page := self.rows(query, (last, _PAGE)).fetchall():
            last = page[-1][0]
            yield from (os.fsdecode(name) for _, name in page)

    def add(self, readings: Iterable[Reading]) -> None:
        """Take in the rows of some files, all or none of them."""
        with self._database:
            for reading in readings:
                first = self._number(reading.file.path) * _MOST_ROWS
                for name in TABLES:
                    self._database.execute(f"DELETE FROM {name} WHERE path = ?", (reading.file.path,))
                for name, rows in zip(TABLES, ((reading.file,), *reading[1:]), strict=True):
                    placed = ((first + place, *row) for place, row in enumerate(rows))
                    self._database.executemany(_INSERT[name], placed)

    def _number(self, path: str) -> int:
        """A file's place among the others."""
        self._database.execute("INSERT OR IGNORE INTO present (path) VALUES (?)", (path,))
        return self.one("SELECT number FROM present WHERE path = ?", (path,))[0]

    def settle(self) -> None:
        """Decide what counts: ``passed`` names every file or form that does not, and why; ``counted`` are the others.

        Of files of one content, and of forms of one project, body and year, the first by path counts, a workbook before a Word file.
        An area's form beside its units' does not (``rollup.areas``).
        """
        self._database.executescript(_FIND_TWINS)
        twins = self.rows("SELECT path, place, first, first_place FROM twins")
        self._database.executemany(
            "INSERT INTO differences VALUES (?, ?, ?)",
            ((path, place, self._difference((path, place), (first, other))) for path, place, first, other in twins),
        )
        self._database.executescript(_PASS_TWINS)
        filed = [Filed(*row) for row in self.rows(_TRANSFERS)]
        self._database.executemany(
            "INSERT INTO passed VALUES (?, ?, ?, '重复', ?)",
            ((form.path, form.place, form.sheet, why) for form, why in areas(filed)),
        )

    def _difference(self, *forms: tuple[str, int]) -> str:
        """In what the scores and amounts of two forms differ, in words; "" where they are the same."""
        total = "SELECT '总分', '', total FROM forms WHERE path = ? AND place = ?"
        rows = "SELECT name, cell, score FROM indicators WHERE path = ? AND place = ? ORDER BY rowid"
        scores = [[Figure(*row) for query in (rows, total) for row in self.rows(query, form)] for form in forms]
        amounts = [
            unpacked(self.one("SELECT amounts FROM forms WHERE path = ? AND place = ?", form)[0]) for form in forms
        ]
        return difference((scores[0], scores[1]), (amounts[0], amounts[1]))

    def prepare(self, script: str, insert: str, rows: Iterable[Sequence[object]]) -> None:
        """Make temporary tables and views, and fill one of them."""
        found = list(rows)
        self._database.executescript(script)
        self._database.executemany(insert, found)

    def rows(self, query: str, parameters: Sequence[object] = ()) -> sqlite3.Cursor:
        """The rows of a query, as they come.

        In it ``whole(x)`` sums integers of any size, ``points(x)`` decimals, and ``weighted(x, w)`` x × w, exactly and to text.
        """
        return self._database.cursor().execute(query, parameters)

    def one(self, query: str, parameters: Sequence[object] = ()) -> Any:
        """The only row of a query."""
        return self._database.execute(query, parameters).fetchone()


def _columns(row: type) -> Iterator[str]:
    for name, kind in get_type_hints(row).items():
        plain = (
            next(one for one in kind.__args__ if one is not type(None)) if isinstance(kind, types.UnionType) else kind
        )
        yield f'"{name}" {_TYPES[plain]}'


_INSERT = {
    name: f"""INSERT INTO {name} (rowid, {", ".join(f'"{field}"' for field in row._fields)}) VALUES (?{", ?" * len(row._fields)})"""
    for name, row in TABLES.items()
}


class _Whole:
    """A sum of integers that SQLite's own would let overflow; NULLs add nothing."""

    def __init__(self) -> None:
        self._sum = 0

    def step(self, value: int | str | None) -> None:
        self._sum += int(value or 0)

    def finalize(self) -> str:
        return str(self._sum)


class _Points:
    """An exact sum of decimals kept as text; "" adds nothing."""

    def __init__(self) -> None:
        self._units: defaultdict[int, int] = defaultdict(int)  # by places

    def step(self, value: str | None) -> None:
        if value:
            self._add(decimal(value))

    def _add(self, number: Scaled) -> None:
        self._units[number.places] += number.units

    def finalize(self) -> str:
        return str(add([Scaled(units, places) for places, units in self._units.items()]))


class _Weighted(_Points):
    """An exact sum of decimals, each times its weight."""

    def step(self, value: str | None, weight: int | None) -> None:  # type: ignore[override]
        if value and weight:
            self._add(times(decimal(value), Scaled(weight, 0)))


_SUMS: dict[str, tuple[int, Any]] = {"whole": (1, _Whole), "points": (1, _Points), "weighted": (2, _Weighted)}

_FIND_TWINS = """
DROP VIEW IF EXISTS temp.counted;
DROP TABLE IF EXISTS temp.passed;
DROP TABLE IF EXISTS temp.twins;
DROP TABLE IF EXISTS temp.differences;
DROP TABLE IF EXISTS temp.copies;
CREATE TEMP TABLE passed (path TEXT, place INTEGER, sheet TEXT, sort TEXT, why TEXT);

INSERT INTO passed SELECT path, NULL, '', '没有读', refusal FROM files WHERE refusal <> '';

INSERT INTO passed
SELECT path, NULL, '', '重复', '与“' || first || '”内容完全相同，只计一次' FROM (
    SELECT path, first_value(path) OVER (PARTITION BY digest ORDER BY path) AS first
    FROM files WHERE digest <> '' AND refusal = ''
) WHERE path <> first;

INSERT INTO passed
SELECT path, place, sheet, iif(blank = 1, '没有填报', '空白'),
    iif(blank = 1, '没有填报：没有执行数、完成值，也没有得分', '空白的自评表，还没有填，也没有用到') FROM forms
WHERE blank AND path NOT IN (SELECT path FROM passed);

CREATE TEMP TABLE twins AS SELECT * FROM (
    SELECT path, place, sheet, kind,
        first_value(path) OVER twin AS first,
        first_value(place) OVER twin AS first_place,
        first_value(sheet) OVER twin AS first_sheet,
        row_number() OVER twin AS number
    FROM forms
    WHERE "key" <> '' AND NOT blank AND path NOT IN (SELECT path FROM passed WHERE place IS NULL)
    WINDOW twin AS (PARTITION BY kind, "key" ORDER BY path LIKE '%.docx', path, place)
) WHERE number > 1;
CREATE TEMP TABLE differences (path TEXT, place INTEGER, told TEXT);
"""

_TRANSFERS = """
SELECT path, place, sheet, project, year, budget, executed, half, transfer FROM counted
WHERE transfer AND money_trouble = '' AND budget IS NOT NULL AND executed IS NOT NULL ORDER BY path, place
"""

_PASS_TWINS = """
CREATE TEMP TABLE copies AS
SELECT path, first, count(*) AS forms FROM twins JOIN differences USING (path, place)
GROUP BY path HAVING count(*) > 1 AND max(told) = '' AND count(DISTINCT first) = 1
    AND count(*) = (SELECT count(*) FROM forms WHERE forms.path = twins.path AND NOT blank);

INSERT INTO passed
SELECT path, NULL, '', '重复', '与“' || first || '”是同一批自评表（' || forms || ' 张），内容相同，只计一次' FROM copies;

INSERT INTO passed
SELECT path, place, sheet, '重复',
    iif(told = '', '', '同名' || iif(kind = 'body', '整体自评', '项目') || '，' || told || '：')
    || '与“' || first || '”的工作表“' || first_sheet || '”是同一单位、同一年度的同一' || iif(kind = 'body', '整体自评', '项目')
    || iif(told = '', '，得分、金额都相同', '') || '；只计了那一份，请核对留哪一份'
FROM twins JOIN differences USING (path, place) WHERE path NOT IN (SELECT path FROM copies);

CREATE INDEX temp.passed_path ON passed (path, place);
CREATE TEMP VIEW counted AS SELECT * FROM forms AS f
WHERE NOT EXISTS (SELECT 1 FROM passed AS p WHERE p.path = f.path AND (p.place IS NULL OR p.place = f.place));
"""
