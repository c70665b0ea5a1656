"""The PE_* functions beside an implementation of their rules in fractions, which shares no line with the package.

``python tests/support/differential.py 200000`` compares so many random cases and prints what it compared; another seed is
a second number. Every case is asked as a cell, and those of ``COLUMNS`` once more as whole columns.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path
from random import Random
from typing import NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2] / "udfs"))

import numpy as np

from perfeval.errors import CellError, PerfEvalError
from perfeval.functions import FUNCTIONS

DIV0, VALUE, NUM = "#DIV/0!", "#VALUE!", "#NUM!"
Exact = Fraction | str  # a number, a text, or an error


class Case(NamedTuple):
    """One call, and what the rule gives for it."""

    rule: str
    function: str
    arguments: tuple[object, ...]
    expected: Exact


# --- the rules, as they are printed ---


def value(number: float) -> Fraction:
    """A number of a worksheet: its 15 significant digits."""
    return Fraction(number) if isinstance(number, int) else Fraction(Decimal(f"{number:.15g}"))


def rounded(number: Fraction, places: int) -> Fraction:
    """Half up, away from zero."""
    size = Fraction(floor(abs(number) * 10**places + Fraction(1, 2)), 10**places)
    return -size if number < 0 else size


def proportional(share: Fraction, weight: Fraction, places: int) -> Fraction:
    """A share of at most 1 of a weight: rounded, then no more than the weight."""
    return min(rounded(share * weight, places), weight)


def execution(
    budget: Fraction, executed: Fraction, weight: Fraction, rate: str, places: int, cap: str, zero: str
) -> Exact:
    executed = max(executed, Fraction(0))
    if budget < 0:
        return VALUE
    if not budget:
        return DIV0 if executed or zero == "error" else weight if zero == "full" else Fraction(0)
    used = executed / budget
    if cap == "cap":
        used = min(used, Fraction(1))
    whole = used if rate == "exact" else rounded(used, int(rate))
    return rounded(whole * weight, places) if used > 1 else proportional(whole, weight, places)


def over(part: Fraction, whole: Fraction) -> Exact:
    """part / whole, as 执行率 and 控制率 are."""
    if whole < 0:
        return VALUE
    if part <= 0:
        return Fraction(0)
    return part / whole if whole else DIV0


def change(now: Fraction, before: Fraction) -> Exact:
    if before < 0:
        return VALUE
    return (now - before) / before if before else DIV0 if now else Fraction(0)


def against(
    operator: str, bound: Fraction, actual: Fraction, weight: Fraction, upward: bool, places: int, reverse: str
) -> Fraction:
    """An actual beside a bound; ``upward``: less is better."""
    if upward:
        if actual <= bound:
            return weight
        if not bound:
            return Fraction(0)
        share = max(Fraction(0), 1 - (actual - bound) / bound) if reverse == "linear" else bound / actual
        return proportional(share, weight, places)
    if not bound and ((operator == "=" and actual > 0) or (operator == ">" and not actual)):
        return Fraction(0)
    return weight if actual >= bound else proportional(actual / bound, weight, places)


def steps(
    rate: Fraction, side: str, bound: Fraction, each: Fraction, takes: Fraction, weight: Fraction, how: str
) -> Fraction:
    """Full at the bound, so much off for each step on the wrong side."""
    off = {"above": max(rate - bound, 0), "below": max(bound - rate, 0), "both": abs(rate - bound)}[side]
    count: Fraction = Fraction(off) / each
    if how != "linear":
        count = Fraction(floor(count) if how == "floor" else -floor(-count))
    return proportional(max(1 - takes * count / weight, Fraction(0)), weight, 2)


def quarters(paces: Sequence[Fraction], weight: Fraction, mean: str, cap: str, places: int) -> Fraction:
    """季度支出进度 over 25%, 50%, 75%, 100%: one point each and two for the mean, of six, as a share of the weight."""
    ahead = [pace / Fraction(number, 4) for number, pace in enumerate(paces, start=1)]
    spent = [*paces]
    if cap == "each":
        ahead, spent = [min(one, Fraction(1)) for one in ahead], [min(one, Fraction(1)) for one in spent]
    average = sum(ahead if mean == "pace" else spent, Fraction(0)) / 4
    share = (sum(ahead, Fraction(0)) + 2 * average) / 6
    return min(rounded(share * weight, places), weight)


def grade(total: Fraction, on: str) -> str:
    compared = rounded(total, 2) if on == "rounded" else total
    return next(name for name, lowest in (("优", 90), ("良", 80), ("中", 60), ("差", 0)) if compared >= lowest)


# --- random cases ---

EXTREMES = (0.0, 5e-324, 1e-308, 1e-10, 1e-5, 1e15, 1e16, 1e20, 1e300, 1.7976931348623157e308)
WEIGHTS = (10, 20, 15, 5, 8.0, 2.5, 1.5, 0.5, 12.34, 7.5, 100, 3, 30, 25, 0, 13.335, 0.006, 33.33)


def amount(random: Random) -> float:
    kind = random.random()
    if kind < 0.3:
        return float(random.randint(0, 10 ** random.randint(0, 15) - 1))
    if kind < 0.6:
        return round(random.uniform(0, 10 ** random.randint(0, 9)), 2)
    if kind < 0.7:
        return round(random.uniform(0, 1e8), 6)
    if kind < 0.75:
        return -round(random.uniform(0, 1e6), 2)
    if kind < 0.8:
        return random.choice(EXTREMES)
    return random.randint(0, 10**6) if kind < 0.85 else float(random.randint(0, 999))


def tie(random: Random) -> tuple[float, float, float] | None:
    """Amounts whose score ends exactly in a 5 behind the second decimal; None where this time no double holds them."""
    weight, budget = random.choice((1, 2, 5, 10, 20, 50)), random.choice((1000, 8000, 125, 2000, 4, 16, 400, 10000))
    executed = Fraction((2 * random.randint(0, weight * 500) + 1) * 5, 1000) * budget / weight
    return (float(budget), float(executed), weight) if not 1000 % executed.denominator else None


def of_execution(random: Random) -> Iterator[Case]:
    budget, executed, weight = amount(random), amount(random), random.choice(WEIGHTS)
    if random.random() < 0.4:
        executed = min(round(budget * random.random() * 1.2, 2), EXTREMES[-1])
    if random.random() < 0.3:
        budget, executed, weight = tie(random) or (budget, executed, weight)
    rate, places = random.choice(("exact", "exact", "2", "0", "4", "3")), random.choice((2, 2, 2, 0, 1, 3, 6))
    cap, zero = random.choice(("cap", "cap", "uncapped")), random.choice(("error", "full", "zero"))
    said = f"rate={rate}; score={places}; execution_cap={cap}; zero_budget={zero}"
    expected = execution(value(budget), value(executed), value(weight), rate, places, cap, zero)
    yield Case("预算执行率得分", "PE_EXEC_SCORE", (budget, executed, weight, said), expected)
    yield Case("预算执行率", "PE_EXEC_RATE", (budget, executed), over(value(executed), value(budget)))


def of_rates(random: Random) -> Iterator[Case]:
    one, other = amount(random), amount(random)
    yield Case("控制率", "PE_CONTROL_RATE", (one, other), over(value(one), value(other)))
    yield Case("变动率", "PE_CHANGE_RATE", (one, other), change(value(one), value(other)))


def of_totals(random: Random) -> Iterator[Case]:
    def score() -> object:
        return random.choice(
            (
                round(random.uniform(0, 30), random.randint(0, 4)),
                random.randint(0, 20),
                *(None, "—", "/", "不适用", "", "18.0", "10分"),
                round(random.uniform(-5, 5), 2),
                random.choice(EXTREMES),
            )
        )

    scores = tuple(score() for _ in range(random.randint(1, 8)))
    texts = {"18.0": Fraction(18), "10分": Fraction(10)}
    known = [
        texts[one] if isinstance(one, str) else value(one)
        for one in scores
        if one in texts or isinstance(one, (int, float))
    ]  # type: ignore[index]
    yield Case("总分", "PE_TOTAL", scores, sum(known, Fraction(0)) if known else "")
    total = random.choice((random.randint(0, 10000) / 100, 90.0, 89.995, 89.99, 80.0, 60.0, 59.995, 79.995, 100.0))
    on = random.choice(("raw", "rounded"))
    yield Case("等级", "PE_GRADE", (total, f"cn-project-2020; grade_on={on}"), grade(value(total), on))


SCALES = {
    "": 1,
    "%": Fraction(1, 100),
    "人": 1,
    "万人": 10**4,
    "元": 1,
    "万元": 10**4,
    "亿元": 10**8,
    "‰": Fraction(1, 1000),
    "公里": 1000,
    "次": 1,
}
ALIKE = (("元", "万元", "亿元"), ("人", "万人"), ("%", "‰"))
BEHIND = {"以上", "以下"}
AT_MOST = {"≤", "<", "不超过", "以下", "<="}


def digits(random: Random) -> str:
    kind = random.random()
    if kind < 0.5:
        return str(random.randint(0, 500))
    if kind < 0.8:
        return f"{random.uniform(0, 200):.{random.randint(1, 3)}f}"
    return "0" if kind < 0.85 else f"{random.randint(1000, 10**9):,}"


def plain(written: str) -> Fraction:
    return Fraction(Decimal(written.replace(",", "")))


def of_indicators(random: Random) -> Iterator[Case]:
    operator = random.choice(("≥", "≤", "", ">", "<", "=", "不低于", "不超过", "以上", "以下", "≧", "<=", ">="))
    unit, kind = random.choice((*SCALES,)), random.choice(("", "数量指标", "成本指标", "反向", "正向"))
    limit, done = digits(random), digits(random)
    units = next((group for group in ALIKE if unit in group), (unit,))
    done_unit = random.choice(units)
    if random.random() < 0.3:
        done = limit
    bound, measured = plain(limit) * SCALES[unit], plain(done) * SCALES[done_unit]
    target = limit + unit + operator if operator in BEHIND else operator + limit + unit
    actual: object = done + done_unit
    if not unit and random.random() < 0.2:
        actual, measured = float(plain(done)), plain(done)
    if unit == "%" and random.random() < 0.15:
        actual = random.choice((random.randint(0, 150) / 100, round(random.uniform(0, 1.5), 4)))
        measured = value(actual)
    weight, places = random.choice(WEIGHTS), random.choice((2, 2, 2, 0, 1, 3))
    reverse = random.choice(("linear", "reciprocal"))
    upward = operator in AT_MOST or (not operator and (kind in {"成本指标", "反向"} or not bound))
    expected = against(operator, bound, measured, value(weight), upward, places, reverse)
    said = f"score={places}; reverse={reverse}"
    yield Case("指标得分", "PE_INDICATOR_SCORE", (target, actual, weight, kind, said), expected)


def of_ranges(random: Random) -> Iterator[Case]:
    low, high = sorted((random.randint(0, 300), random.randint(0, 300)))
    if low == high:
        return
    done, unit = random.randint(0, 400), random.choice(("人", "%", "次", "万人"))
    target = random.choice((f"{low}{random.choice('-~至')}{high}{unit}", f"≥{low}{unit}且≤{high}{unit}"))
    weight, places = random.choice(WEIGHTS), random.choice((2, 0, 1, 3))
    reverse = random.choice(("linear", "reciprocal"))
    worth = value(weight)
    if done > high:
        expected = against("≤", Fraction(high), Fraction(done), worth, True, places, reverse)
    else:
        expected = worth if done >= low else proportional(Fraction(done, low), worth, places)
    said = f"score={places}; reverse={reverse}"
    yield Case("区间指标得分", "PE_INDICATOR_SCORE", (target, f"{done}{unit}", weight, "", said), expected)


class Leaf(NamedTuple):
    """A leaf of hn-department-2020 that takes points off in steps, as its document prints it."""

    name: str
    weight: int
    side: str
    bound: Fraction
    each: Fraction
    takes: Fraction
    in_points: bool = False
    over_nothing: Exact = DIV0


ONE, HUNDREDTH, HALF = Fraction(1), Fraction(1, 100), Fraction(1, 2)
LEAVES = (
    Leaf("在职人员控制率", 2, "above", ONE, HUNDREDTH, HALF, True),
    Leaf("重点支出安排率", 2, "below", HALF, HUNDREDTH, HALF, True),
    Leaf("预算执行率", 5, "below", ONE, HUNDREDTH, ONE),
    Leaf("预算调整率", 3, "below", ONE, 5 * HUNDREDTH, ONE),
    Leaf("结转结余率", 3, "above", Fraction(0), 5 * HUNDREDTH, ONE),
    Leaf("公用经费控制率", 3, "above", ONE, HUNDREDTH, ONE),
    Leaf("三公经费控制率", 3, "above", ONE, HUNDREDTH, ONE, False, Fraction(0)),
    Leaf("政府采购执行率", 3, "both", ONE, 5 * HUNDREDTH, ONE),
)


def of_leaves(random: Random) -> Iterator[Case]:
    leaf, how, percent = (
        random.choice(LEAVES),
        random.choice(("floor", "ceil", "linear")),
        random.choice(("points", "relative")),
    )
    whole = random.choice((float(random.randint(1, 200)), round(random.uniform(1, 1e6), 2), 100.0, 0.0, 37.0))
    part = random.choice(
        (float(random.randint(0, 250)), round(whole * random.uniform(0.8, 1.2), 2), whole, round(whole * 0.95, 2))
    )
    if not value(whole):
        both = Fraction(leaf.weight) if leaf.over_nothing != DIV0 and not value(part) else leaf.over_nothing
        expected: Exact = both
    elif (rate := value(part) / value(whole)) > 10:
        expected = VALUE
    else:
        relative = percent == "relative" and not leaf.in_points and leaf.bound
        each = leaf.each * (leaf.bound if relative else 1)
        expected = steps(rate, leaf.side, leaf.bound, each, leaf.takes, Fraction(leaf.weight), how)
    said = f"hn-department-2020; steps={how}; percent={percent}"
    yield Case("三级指标得分", "PE_STD_SCORE", (said, leaf.name, part, whole), expected)


def of_quarters(random: Random) -> Iterator[Case]:
    paces = [random.choice((random.randint(0, 120) / 100, round(random.random(), 4))) for _ in range(4)]
    weight, places = random.choice((6, 6, 7.5, 2.5, 0.006, 12.34, 10)), random.choice((2, 2, 0, 1, 3))
    mean, cap = random.choice(("pace", "raw")), random.choice(("total", "each"))
    said = f"sz-department-2020; quarter={mean}; quarter_cap={cap}; score={places}"
    expected = quarters([value(pace) for pace in paces], value(weight), mean, cap, places)
    yield Case("季度预算执行率得分", "PE_QUARTER_SCORE", (*paces, weight, said), expected)


RULES: tuple[Callable[[Random], Iterator[Case]], ...] = (
    of_execution, of_rates, of_totals, of_indicators, of_ranges, of_leaves, of_quarters,
)  # fmt: skip


def cases(seed: int) -> Iterator[Case]:
    """Random cases without end, the same ones for the same seed."""
    random = Random(seed)
    while True:
        for rule in RULES:
            yield from rule(random)


# --- the comparison ---

COLUMNS = {"PE_EXEC_SCORE": 2, "PE_EXEC_RATE": 2, "PE_CONTROL_RATE": 2, "PE_CHANGE_RATE": 2, "PE_QUARTER_SCORE": 4}
_BATCH = 500  # cases of one convention that are asked as a column


def shown(expected: Exact) -> float | str:
    """What a cell shows of it."""
    if isinstance(expected, str):
        return expected
    try:
        return float(expected)
    except OverflowError:
        return NUM


def asked(function: str, arguments: Sequence[object]) -> object:
    try:
        return FUNCTIONS[function].call(*arguments)
    except PerfEvalError as error:
        return str(error.cell_error)


class Comparison:
    """What was compared, and what differed."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.differing: list[tuple[Case, object]] = []
        self._columns: dict[tuple[str, tuple[object, ...]], list[Case]] = defaultdict(list)

    def compare(self, case: Case) -> None:
        """Ask it as a cell now, as a column when enough of its convention have come."""
        self._hold(case, asked(case.function, case.arguments), case.rule)
        width = COLUMNS.get(case.function)
        if width is not None:
            key = case.function, case.arguments[width:]
            self._columns[key].append(case)
            if len(self._columns[key]) >= _BATCH:
                self._as_columns(key)

    def finish(self) -> None:
        """Ask the columns that were not full."""
        for key in list(self._columns):
            self._as_columns(key)

    def _as_columns(self, key: tuple[str, tuple[object, ...]]) -> None:
        function, rest = key
        batch = self._columns.pop(key)
        columns = np.array([case.arguments[: COLUMNS[function]] for case in batch], dtype=np.float64).T
        results = FUNCTIONS[function].call(*columns, *rest)
        for case, result in zip(batch, results.tolist(), strict=True):
            self._hold(case, str(result) if isinstance(result, CellError) else result, f"{case.rule}（列）")

    def _hold(self, case: Case, result: object, kind: str) -> None:
        self.counts[kind] += 1
        if result != shown(case.expected):
            self.differing.append((case, result))


def compared(number: int, seed: int) -> Comparison:
    """So many cases of a seed, compared."""
    comparison = Comparison()
    for _, case in zip(range(number), cases(seed), strict=False):
        comparison.compare(case)
    comparison.finish()
    return comparison


def main(number: int = 200_000, seed: int = 1) -> int:
    comparison = compared(number, seed)
    for kind, count in sorted(comparison.counts.items()):
        print(f"{count:>9,}  {kind}")
    print(f"{comparison.counts.total():>9,}  compared (seed {seed}), {len(comparison.differing)} differ")
    for case, result in comparison.differing[:20]:
        print(f"  {case.function}{case.arguments}: {result!r}, by the rule {shown(case.expected)!r}")
    return 1 if comparison.differing else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
