"""The amounts of several bodies added up, beside what their department published.

The whole department is the body by whose name the names of all others of a table begin (深圳市社会保险基金管理局 before …宝安分局).
Figures in 万元 are rounded: sums may lie half a unit an addend apart (``checks.figures.footing``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from perfeval.arithmetic import Scaled
from perfeval.checks.figures.footing import Footing
from perfeval.rollup.journal import Journal

VERDICTS = DEVIATES, WITHIN, AGREES, NO_TOTAL = "不一致", "在舍入误差内", "一致", "没有公布合计"
_TOTAL_COLUMNS = re.compile(r"(?:收入|支出)?[总合]计|基本支出|项目支出")


class Comparison(NamedTuple):
    """A sum of amounts beside the figure published for it, in 分. ``published`` is None where there is none."""

    rule: str
    table: str
    body: str
    item: str
    column: str
    added: int
    sum: int
    published: int | None
    tolerance: int

    @property
    def verdict(self) -> str:
        """Whether the two agree, rounding allowed for."""
        if self.published is None:
            return NO_TOTAL
        foot = Footing(Scaled(self.published, 0), Scaled(self.sum, 0), Scaled(self.tolerance, 0))
        return AGREES if foot.is_exact else WITHIN if foot.holds else DEVIATES


def comparisons(journal: Journal) -> Iterator[Comparison]:
    """Every sum of the tables of amounts in a folder, by rule; nothing where there are no such tables."""
    journal.prepare(_PREPARE, "INSERT INTO wholes VALUES (?, ?)", _wholes(journal.rows(_BODIES)))
    for rule, query in _RULES.items():
        for table, body, item, column, added, total, half, published, published_half in journal.rows(query):
            if "两张表" in rule and not _TOTAL_COLUMNS.fullmatch(column):
                continue  # 金额 of one table is none of 金额 of another
            tolerance = max(int(half), 2 * (published_half or 0))
            yield Comparison(rule, table, body, item, column, added, int(total), published, tolerance)


def _wholes(named: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """For each title the body that all others of it belong to."""
    bodies: dict[str, list[str]] = defaultdict(list)
    for title, body in named:
        bodies[title].append(body)
    found = []
    for title, all_of_title in bodies.items():
        first = min(all_of_title, key=len)
        if len(all_of_title) > 1 and all(body.startswith(first) for body in all_of_title):
            found.append((title, first))
    return found


_PREPARE = """
DROP TABLE IF EXISTS temp.wholes;
DROP VIEW IF EXISTS temp.facts;
CREATE TEMP TABLE wholes (title TEXT PRIMARY KEY, body TEXT);
CREATE TEMP VIEW facts AS SELECT * FROM amounts
WHERE amount IS NOT NULL AND body <> '' AND path NOT IN (SELECT path FROM passed WHERE place IS NULL);
"""
_BODIES = """
SELECT DISTINCT title, body FROM amounts WHERE body <> '' AND path NOT IN (SELECT path FROM passed WHERE place IS NULL)
"""
# Each gives: table, body, item, column, number of addends, their sum, the sum of their halves, what is published, its half.
_RULES = {
    "各单位之和": """
        WITH parts AS (
            SELECT f.title, f.side, f.item, f."column" AS col, count(*) AS n, whole(amount) AS total, whole(half) AS halves
            FROM facts f LEFT JOIN wholes w ON w.title = f.title WHERE f.body IS NOT w.body
            GROUP BY f.title, f.side, f.item, f."column" HAVING count(DISTINCT f.body) > 1
        )
        SELECT p.title, coalesce(w.body, ''), p.item, p.col, n, total, halves, max(f.amount), max(f.half)
        FROM parts p LEFT JOIN wholes w ON w.title = p.title
        LEFT JOIN facts f ON f.title = p.title AND f.side = p.side AND f.body = w.body AND f.item = p.item AND f."column" = p.col
        GROUP BY p.title, p.side, p.item, p.col ORDER BY p.title, p.item <> '', p.item, p.col
    """,
    "单位合计＝各科目（项目）之和": """
        SELECT h.title, h.body, '', h."column", count(*), whole(f.amount), whole(f.half), h.amount, h.half
        FROM facts h JOIN facts f ON f.path = h.path AND f.sheet = h.sheet AND f.title = h.title AND f.side = h.side
            AND f.body = h.body AND f."column" = h."column" AND f.sort IN ('科目', '项目')
        WHERE h.item = '' GROUP BY h.path, h.sheet, h.cell ORDER BY h.title, h.body, h."column"
    """,
    "支出总计＝基本支出＋项目支出": """
        SELECT h.title, h.body, '', h."column", count(*), whole(f.amount), whole(f.half), h.amount, h.half
        FROM facts h JOIN facts f ON f.path = h.path AND f.sheet = h.sheet AND f.title = h.title AND f.body = h.body
            AND f.item = '' AND f."column" IN ('基本支出', '项目支出')
        WHERE h.item = '' AND h."column" = '支出总计' GROUP BY h.path, h.sheet, h.cell ORDER BY h.title, h.body
    """,
    "各单位的科目之和＝总表的科目": """
        SELECT f.title || '／' || h.title, h.body, h.item, f."column", count(*), whole(f.amount), whole(f.half), h.amount, h.half
        FROM wholes w JOIN facts f ON f.title = w.title AND f.body <> w.body AND f.sort = '科目' AND f."column" = '支出总计'
        JOIN facts h ON h.body = w.body AND h.title <> f.title AND h.side = '支出' AND h.sort = '行' AND h.item = f.item
        GROUP BY h.path, h.sheet, h.cell, f.title ORDER BY h.title, h.item
    """,
    "各项目之和＝项目支出": """
        SELECT f.title || '／' || h.title, h.body, '', '项目支出', count(*), whole(f.amount), whole(f.half), h.amount, h.half
        FROM facts h LEFT JOIN wholes w ON w.title = h.title AND w.body = h.body
        JOIN facts f ON f.sort = '项目' AND f."column" LIKE '%合计' AND (f.body = h.body OR w.body IS NOT NULL)
        WHERE h.item = '' AND h."column" = '项目支出' AND f.title <> h.title
        GROUP BY h.path, h.sheet, h.cell, f.title ORDER BY h.title, h.body
    """,
    "同一单位的两张表": """
        SELECT f.title || '／' || h.title, h.body, '', h."column", 1, f.amount, f.half, h.amount, h.half
        FROM facts h JOIN facts f ON f.body = h.body AND f.item = '' AND f."column" = h."column" AND f.title > h.title
        WHERE h.item = '' ORDER BY h.title, h.body, h."column"
    """,
}
