"""What the forms of a roll-up come to: by 主管部门, 单位 and as a whole; by indicator and by reason.

Rates are computed from summed amounts, never averaged. Only forms whose amounts and unit are known add money, 预算 and 执行 alike; how many
do not is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from perfeval.arithmetic import Scaled, aligned, decimal, half_up
from perfeval.rollup.journal import Journal
from perfeval.standards import NATIONAL, load

GRADES = tuple(name for name, _ in load(NATIONAL).grades)
_RATE_PLACES = 6
_MEAN_PLACES = 2
# Units that sums make no sense of: of these, and of every unit with "/", a mean weighted by money is taken.
_RELATIVE = frozenset("% ‰ 天 小时 分钟 秒 年 月 季度 岁 个工作日 倍 分 级 度 个百分点 分贝".split())


class Sum(NamedTuple):
    """Some project forms together. Money in 分, ``tolerance`` how far the sums may lie from those of unrounded figures.

    ``mean`` is the plain mean of the printed totals, of ``scored`` forms, ``weighted`` the one weighted by 全年预算数, of ``weighed``
    forms; None where there is none.
    """

    department: str
    body: str
    bodies: int
    forms: int
    without_money: int
    budget: int
    executed: int
    tolerance: int
    mean: Scaled | None
    scored: int
    weighted: Scaled | None
    weighed: int
    grades: tuple[int, ...]
    ungraded: int
    errors: int
    warnings: int

    @property
    def rate(self) -> Scaled | None:
        """预算执行率 from the sums; None without a budget."""
        return quotient(self.executed, self.budget, _RATE_PLACES)


class Loss(NamedTuple):
    """Points lost with one indicator, over all project forms (or all forms of whole bodies) that have it."""

    level1: str
    level2: str
    name: str
    rows: int
    losing: int
    weight: Scaled
    score: Scaled
    lost: Scaled


class Together(NamedTuple):
    """An indicator that several projects share, its values brought together as 湖北's note to its forms says.

    Absolute values are added up, relative ones (``by_money``) averaged with the projects' 全年预算数 as weights; ``left_out`` rows
    have no known budget.
    """

    level2: str
    name: str
    bound: str
    unit: str
    by_money: bool
    rows: int
    left_out: int
    wanted: Scaled
    reached: Scaled

    @property
    def is_met(self) -> bool:
        """Whether the joint 完成值 reaches the joint 指标值."""
        wanted, reached = aligned(self.wanted, self.reached)
        return reached <= wanted if self.bound == "≤" else reached >= wanted


def quotient(part: int, whole: int, places: int) -> Scaled | None:
    """part / whole, half-up to ``places`` decimals; None where ``whole`` is not above zero."""
    if whole <= 0:
        return None
    units = half_up(abs(part) * 10**places, whole)
    return Scaled(-units if part < 0 else units, places)


def by_department(journal: Journal) -> Iterator[Sum]:
    """One sum a 主管部门, in the order of their names."""
    return _sums(journal, "department", "''")


def by_body(journal: Journal) -> Iterator[Sum]:
    """One sum a 单位 under its 主管部门, the largest budget first within each."""
    return _sums(journal, "department", "body", "sum(f.budget) DESC")


def altogether(journal: Journal) -> Sum:
    """The sum of all project forms."""
    return next(
        _sums(journal, "''", "''"), Sum("", "", 0, 0, 0, 0, 0, 0, None, 0, None, 0, (0,) * len(GRADES), 0, 0, 0)
    )


def _sums(journal: Journal, department: str, body: str, order: str = "2") -> Iterator[Sum]:
    graded = ", ".join(f"sum(grade = '{name}')" for name in GRADES)
    added = "money_trouble = ''"
    query = f"""
        SELECT {department}, {body}, count(DISTINCT body), count(*), sum(NOT {added}),
            whole(iif({added}, budget, 0)), whole(iif({added}, executed, 0)), whole(iif({added}, half, 0)),
            points(total), sum(total <> ''), weighted(total, iif({added}, budget, 0)),
            whole(iif({added} AND total <> '', budget, 0)), sum({added} AND total <> '' AND budget > 0), {graded},
            sum(coalesce(r.errors, 0)), sum(coalesce(r.warnings, 0))
        FROM counted f LEFT JOIN (
            SELECT path, place, sum(level = '错误') AS errors, sum(level = '提醒') AS warnings FROM findings GROUP BY path, place
        ) r USING (path, place)
        WHERE kind = 'project' GROUP BY {department}, {body} ORDER BY {department}, {order}
    """
    for row in journal.rows(query):
        (
            label1,
            label2,
            bodies,
            forms,
            without,
            budget,
            executed,
            half,
            total,
            scored,
            by_money,
            money,
            weighed,
            *rest,
        ) = row
        *grades, errors, warnings = rest
        yield Sum(
            label1,
            label2,
            bodies,
            forms,
            without,
            int(budget),
            int(executed),
            int(half),
            _mean(decimal(total), scored),
            scored,
            _mean(decimal(by_money), int(money)),
            weighed,
            tuple(grades),
            forms - sum(grades),
            errors,
            warnings,
        )


def _mean(total: Scaled, number: int) -> Scaled | None:
    return quotient(total.units, number * 10**total.places, _MEAN_PLACES)


def losses(journal: Journal, kind: str) -> Iterator[Loss]:
    """The points lost by indicator, the most first. ``kind`` is that of the forms, "project" or "body"."""
    query = """
        SELECT i.level1, i.level2, i.name, count(*), sum(lost NOT IN ('', '0')),
            points(iif(lost <> '', weight, '')), points(iif(lost <> '', score, '')), points(lost) AS lost_points
        FROM indicators i JOIN counted f USING (path, place) WHERE f.kind = ?
        GROUP BY i.level1, i.level2, i.name ORDER BY CAST(lost_points AS REAL) DESC, 1, 2, 3
    """
    for level1, level2, name, rows, losing, weight, score, lost in journal.rows(query, (kind,)):
        yield Loss(level1, level2, name, rows, losing, decimal(weight), decimal(score), decimal(lost))


def lost_by_kind(journal: Journal) -> Iterator[tuple[str, Scaled]]:
    """The points lost by 二级指标 of project forms, the most first."""
    query = """
        SELECT coalesce(nullif(i.level2, ''), i.level1) AS level, points(lost) AS lost_points
        FROM indicators i JOIN counted f USING (path, place) WHERE f.kind = 'project'
        GROUP BY level HAVING lost_points <> '0' ORDER BY CAST(lost_points AS REAL) DESC, level
    """
    for level, lost in journal.rows(query):
        yield level, decimal(lost)


def reasons(journal: Journal) -> Iterator[tuple[str, int, Scaled]]:
    """The reasons given for lost points ("" for none), how often and for how many points, the most points first."""
    query = """
        SELECT trim(reason) AS given, count(*), points(lost) AS lost_points
        FROM indicators JOIN counted f USING (path, place) WHERE lost NOT IN ('', '0') AND f.kind = 'project'
        GROUP BY given ORDER BY CAST(lost_points AS REAL) DESC, given
    """
    for reason, rows, lost in journal.rows(query):
        yield reason, rows, decimal(lost)


def together(journal: Journal) -> Iterator[Together]:
    """The indicators of one name, kind, bound and unit that two projects or more share."""
    query = """
        SELECT i.level2, i.name, bound, i.unit, count(*), sum(money_trouble <> '' OR budget IS 0),
            points(wanted), points(reached), weighted(wanted, usable), weighted(reached, usable), whole(usable)
        FROM (SELECT *, iif(money_trouble = '', budget, 0) AS usable FROM counted) f JOIN indicators i USING (path, place)
        WHERE kind = 'project' AND wanted <> ''
        GROUP BY i.level2, i.name, bound, i.unit HAVING count(*) > 1 ORDER BY i.level2, i.name
    """
    for level2, name, bound, unit, rows, unweighted, wanted, reached, by_money, reached_by_money, money in journal.rows(
        query
    ):
        relative = unit in _RELATIVE or "/" in unit
        if not relative:
            yield Together(level2, name, bound, unit, False, rows, 0, decimal(wanted), decimal(reached))
        elif (means := _means(decimal(by_money), decimal(reached_by_money), int(money))) is not None:
            yield Together(level2, name, bound, unit, True, rows, unweighted, *means)


def _means(wanted: Scaled, reached: Scaled, money: int) -> tuple[Scaled, Scaled] | None:
    one, other = (quotient(total.units, money * 10**total.places, _RATE_PLACES) for total in (wanted, reached))
    return None if one is None or other is None else (one, other)
