"""Pairs of 指标值 and 完成值 scored by native formulas beside PerfEval's own score: equal, or blank with a 提示; never another.

``python tests/support/native_pairs.py 20000 [seed]`` draws pairs from the tested corpus (tests/data/targets.toml), from a fuzz of the
grammar and from ties, under four 口径, without saved readings and with, and computes them with the house's evaluator. What is read of
a pair is computed once for the four.
"""

from __future__ import annotations

import random
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from perfeval import targets
from perfeval.books.recalculation import recalculate
from perfeval.errors import PerfEvalError
from perfeval.forms.grid import Address, Cell, Grid, Value
from perfeval.forms.grid import column_letters as letters
from perfeval.functions import FUNCTIONS
from perfeval.native import beside, hints
from perfeval.native.tables import SHEET
from perfeval.quantities import units_as_written
from perfeval.standards import convention
from support import DATA
from support.plain_book import PlainBook

CONVENTIONS = (
    "cn-project-2020",
    "sz-project-2021",
    "cn-project-2020; reverse=reciprocal; over=linear",
    "cn-project-2020; equal=judge; range=judge; score=1",
)
_NUMBERS = (
    "0 1 3 5 10 15 27 95 100 98.5 99.99 0.95 1.2 43 46 30.68 1788 1200 2340000.00 12345.67 2021 2020 .5 5. 1.2.3 12 31 1,200 "
    "1,234,567.8 12,34 007 -5 -3.5 20250630 44561 ３０ ９８．５"
).split()
_UNITS = (
    "% 人 人次 万元 元 万人 万人次 份 台 页 天 个月 小时 宗 次 场 公里 米 平方米 ‰ 个百分点 亿元 件 户 项 年 月 日 级 个工作日 "
    "吨 千克 克 t T kg KG GB 元/人 元/人·月 次/年 万页 m 岁 周岁 盏 盏路灯 季度"
).split()
_BEFORE = (
    "≥ ≥ ≥ ≤ ≤ = > < >= <= 预计完成 满意度≥ 合格率≥ 下降≥ 提高 增长≥ 下降 到岗率 不低于 完成 达到 ＞ 第 一级≥ 约 大约 增加≤ 降至≤ "
    "降至 每人≤ 不含 ± 工 不 控制在 控制在不超过 年底满意度≥ 11月底完成 共 近 人民币 ￥"
).split()
_BEHIND = "以上 以下 以内 左右 (含) (不含) 整 以上的 前 底前 之前 /人 次 转移 + 余 及以上 内".split()
_BETWEEN = (
    "控制在1 百剂左右",
    "控制到5人上下",
    "不超过5人左右",
    "≥5人左右",
    "约5人以上",
    "控制在5%以上",
    "合格率≥-5 及其以上",
)
_WORDS = (
    "及时 有效保障 合格 不适用 无 / — - …… 准确 达成 部分达成 未达成 100% 按标准 * ? ~ √ 不少于三次 一级 2020年全年 2021年12月31日 "
    "12月底前 2021年12月底前 2021年6月 6月30日 12月20日 三次 5A级 降至3% 3-5天 15--18次 ≥15&&≤18 1--1.2万人"
).split()
_PART = 200  # rows that one recalculation may take
_TIES = ((2.675, 1, 10.0), (17, 26, 0.13), (5, 8, 10.0), (0.285, 1, 10), (1, 8, 10), (33, 160, 7.5), (129, 160, 20))


class Pair(NamedTuple):
    """The cells of a row."""

    target: Value
    actual: Value
    weight: float
    kind: str
    of_corpus: bool = False


def corpus() -> Iterator[Pair]:
    """The pairs of the tested corpus."""
    cases = tomllib.loads((DATA / "targets.toml").read_text(encoding="utf-8"))
    for group in cases["scores"]:
        for case in group["cases"]:
            yield Pair(case[0], case[1], group["weight"], group.get("kind", ""), of_corpus=True)
    texts = [text for group in cases["understood"].values() for text in group] + list(cases["refused"])
    rnd = random.Random(7)
    for text in texts:
        for _ in range(3):
            yield Pair(
                text, _actual_for(rnd, text), 10, rnd.choice(("数量指标", "成本指标", "", "质量指标")), of_corpus=True
            )


def pairs(count: int, seed: int) -> list[Pair]:
    """So many pairs, the corpus first."""
    rnd = random.Random(seed)
    made = [*corpus(), *_chosen(rnd)]
    for word in (*_BETWEEN, *_WORDS, 0.95, 1, 27, 0, 100, 0.5, date(2021, 12, 31), 44561, 20250630):
        kinds = [(rnd.choice(("数量指标", "成本指标"))) for _ in range(6)]
        made += [Pair(word, _actual_for(rnd, str(word)), 10, kind) for kind in kinds]
    while len(made) < count:
        text = _made(rnd)
        weight = rnd.choice((10, 20, 7.5, 15))
        made.append(Pair(text, _actual_for(rnd, text), weight, rnd.choice(("数量指标", "成本指标", "反向", ""))))
    return made[:count]


def _chosen(rnd: random.Random) -> Iterator[Pair]:
    """Ties, and days beside numbers of their size."""
    for done, bound, weight in _TIES:
        for unit in ("", "人", "万元"):
            yield Pair(f"≥{bound}{unit}", f"{done}{unit}", weight, "")
            yield Pair(f"≤{bound}{unit}", f"{bound + done}{unit}", weight, "成本指标")
    for day in (date(2022, 1, 5), 44566):
        yield from (
            Pair(text, day, 10, "") for text in ("44561页", "44566人", "≥40000", "≤50000次", "5万人次", "300000元")
        )
    for _ in range(300):
        bound = rnd.choice((8, 16, 32, 40, 64, 80, 125, 160, 200, 320, 400, 640, 800))
        done = rnd.randrange(1, bound)
        yield Pair(f"{bound}人", f"{done}人", rnd.choice((10, 5, 7.5, 2.5, 12.5)), "")


def _number(rnd: random.Random) -> str:
    return rnd.choice(_NUMBERS)


def _unit(rnd: random.Random) -> str:
    return rnd.choice((*_UNITS, *[""] * 12)) if rnd.random() < 0.8 else rnd.choice(units_as_written())


def _made(rnd: random.Random) -> str:
    before = rnd.choice(([""] * 30 + list(_BEFORE)) if rnd.random() < 0.7 else targets.COMPARING_BEFORE)
    behind = rnd.choice(([""] * 30 + list(_BEHIND)) if rnd.random() < 0.8 else targets.COMPARING_BEHIND)
    text = before + _number(rnd) + rnd.choice(("", "", "", "", " ")) + _unit(rnd) + behind
    chance = rnd.random()
    if chance < 0.03:
        text += rnd.choice(("-", "--", "~", "至", "&&", "且", "、", "，", ",")) + _number(rnd) + _unit(rnd)
    if chance > 0.97:
        text = text.translate(str.maketrans("0123456789%", "０１２３４５６７８９％"))
    return f" {text} " if chance > 0.96 else text


def _actual_for(rnd: random.Random, target: str) -> Value:
    chance = rnd.random()
    if chance < 0.15:
        return rnd.choice((0.95, 1, 0.5, 27, 100, 95, 0, 11, 10, 10.01, 1.5, 1200, -3, 0.999, 3068, 44561, 20250101))
    if chance < 0.2:
        return rnd.choice((*_WORDS, date(2021, 12, 20), date(2022, 1, 5)))
    if chance < 0.3:
        return target
    if chance < 0.55:
        return re.sub(r"[\d.,]+", lambda _: _number(rnd), target, count=1)
    if chance < 0.85:
        match = re.search(r"[\d.]+\s*(\S*?)(?:以上|以下|以内|左右|及以上)?$", target)
        before = rnd.choice(("", "", "", "", "约", "完成", "达到", "增长", "下降", "共", "工", "-"))
        return before + _number(rnd) + (match[1] if match else _unit(rnd))
    return _made(rnd)


# --- computed ---


RESULTS = {"completion": 12, "meets": 13, "hint": 14}
_FIRST_SCORE = 200  # the column of the score under the first 口径


def computed(rows: Sequence[Pair], text: str, *, with_saved: bool) -> list[dict[str, Value]]:
    """What native formulas say of each row under a 口径: score, completion, meets, hint."""
    columns = {"score": 11, **RESULTS}
    values = _recalculated(rows, [text], columns, with_saved=with_saved)
    return [{name: values[number, column] for name, column in columns.items()} for number in range(1, len(rows) + 1)]


def scores(rows: Sequence[Pair], texts: Sequence[str], *, with_saved: bool) -> list[list[Value]]:
    """The native score of each row under each 口径."""
    values = _recalculated(rows, texts, {}, with_saved=with_saved)
    columns = range(_FIRST_SCORE, _FIRST_SCORE + len(texts))
    return [[values[number, column] for column in columns] for number in range(1, len(rows) + 1)]


def _recalculated(
    rows: Sequence[Pair], texts: Sequence[str], results: Mapping[str, int], *, with_saved: bool
) -> Mapping[tuple[int, int], Value]:
    """The values of a sheet of rows by row and column: ``results`` of the first 口径 with all that they need, else scores alone."""
    chosen = [convention(text) for text in texts]
    places = beside.Places(beside.tables())
    columns = beside.Columns(20, 30)
    cells: dict[Address, Cell] = {}
    for number, row in enumerate(rows, start=1):
        kept, *others = [beside.saved(row.target, row.actual, row.kind, one) for one in chosen]
        assert all(one == kept for one in others)
        shown = {3: row.kind, 5: kept["s_text"] if isinstance(row.target, date) else row.target}
        shown |= {6: kept["a_text"] if isinstance(row.actual, date) else row.actual, 7: row.weight}
        of_cells = beside.Cells(
            f"E{number}", f"F{number}", f'C{number}&""', f"G{number}", f"H{number}", f"I{number}", f"K{number}"
        )
        of_row = [beside.of_row(of_cells, columns, number, places, one) for one in chosen]
        formulas = {
            columns.of(name): formula
            for name, formula in of_row[0].helpers.items()
            if results or (name not in hints.HELPERS and name != "units")
        }
        formulas |= {column: getattr(of_row[0], name) for name, column in results.items()}
        if not results:
            for column, one in enumerate(of_row, start=_FIRST_SCORE):
                points = columns.cell("units", number)
                formulas[column] = one.score.replace(points, f"{letters(column + len(texts))}{number}")
                formulas[column + len(texts)] = one.helpers["units"]
        cells |= {Address(number, column): Cell(value) for column, value in shown.items() if value not in (None, "")}
        if with_saved:
            cells |= {
                Address(number, columns.of(name)): Cell(value) for name, value in kept.items() if value is not None
            }
        cells |= {Address(number, column): Cell(None, formula=formula) for column, formula in formulas.items()}
    words = {Address(row, column): Cell(value) for row, column, value in places.cells() if value != ""}
    book = PlainBook({"表": Grid("表", cells), SHEET: Grid(SHEET, words)})
    done = recalculate(book, None)
    assert not done.unknown, [
        (rows[place[1].row - 1], book.grid(place[0])[place[1]].formula) for place in done.unknown[:1]
    ]
    return {(place.row, place.column): value for (_, place), value in done.values.items()}


def wanted(row: Pair, text: str) -> Value:
    """PerfEval's score; — for 不适用."""
    try:
        score = FUNCTIONS["PE_INDICATOR_SCORE"].call(row.target, row.actual, float(row.weight), row.kind, text)
    except PerfEvalError as error:
        return "—" if str(error.cell_error) == "#N/A" else error.cell_error
    return "" if score is None else score


def outcome(score: Value, native: Value) -> str:
    """equal, handed (to a person), refused (an error or a dash where PerfEval scores or gives another error), wrong."""
    is_number = isinstance(score, int | float)
    if isinstance(native, int | float):
        return "equal" if is_number and abs(score - native) < 1e-9 else "wrong"
    if is_number:
        return "handed" if native == "" else "refused"
    return "no score"


Run = tuple[Counter[str], list[tuple[Pair, Value, dict[str, Value]]], list[Pair]]


def run(count: int, seed: int, text: str, *, with_saved: bool) -> Run:
    """The outcomes, the wrong ones, and the pairs that are handed to a person."""
    return _run(pairs(count, seed), text, with_saved=with_saved)


def run_some(count: int, text: str) -> Run:
    """The same of a small part of all kinds of pairs, without saved readings."""
    rows = pairs(4000, 3)
    return _run(rows[:: len(rows) // count], text, with_saved=False)


def _run(rows: Sequence[Pair], text: str, *, with_saved: bool) -> Run:
    tally: Counter[str] = Counter()
    wrong, handed = [], []
    for start in range(0, len(rows), _PART):
        part = rows[start : start + _PART]
        for row, native in zip(part, computed(part, text, with_saved=with_saved), strict=True):
            score = wanted(row, text)
            kind = outcome(score, native["score"])
            tally[kind] += 1
            if kind == "wrong":
                wrong.append((row, score, native))
            elif kind in {"handed", "refused"}:
                handed.append(row)
                if native["hint"] == "":
                    tally["handed without a hint"] += 1
    return tally, wrong, handed


def run_scores(rows: Sequence[Pair], *, with_saved: bool) -> tuple[dict[str, Counter[str]], list[object]]:
    """The outcomes under each of CONVENTIONS, and the wrong ones."""
    tallies: dict[str, Counter[str]] = {text: Counter() for text in CONVENTIONS}
    wrong: list[object] = []
    for start in range(0, len(rows), _PART):
        part = rows[start : start + _PART]
        for row, natives in zip(part, scores(part, CONVENTIONS, with_saved=with_saved), strict=True):
            for text, native in zip(CONVENTIONS, natives, strict=True):
                kind = outcome(score := wanted(row, text), native)
                tallies[text][kind] += 1
                if kind == "wrong":
                    wrong.append((row, text, score, native))
    return tallies, wrong


if __name__ == "__main__":
    count, *seeds = map(int, sys.argv[1:])
    drawn = pairs(count, *(seeds or [1]))
    for has_saved in (False, True):
        totals: dict[str, Counter[str]] = {text: Counter() for text in CONVENTIONS}
        for first in range(0, count, 10 * _PART):
            tallied, mistaken = run_scores(drawn[first : first + 10 * _PART], with_saved=has_saved)
            for chosen, tally in tallied.items():
                totals[chosen] += tally
            print(first + 10 * _PART, "saved readings" if has_saved else "formulas alone", flush=True)
            for case in mistaken:
                print("  WRONG", case, flush=True)
        for chosen, tally in totals.items():
            print(chosen, dict(tally), flush=True)
