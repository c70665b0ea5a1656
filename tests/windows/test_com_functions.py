"""Every function through xlwings' own DLL and COM, asked as VBA asks, against the same function called from Python."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib import metadata
from typing import Any

import pytest

from perfeval.excel.bridge import pe_call
from perfeval.functions import FUNCTIONS
from support.windows.pythonserver import BRIDGE, COMMAND, ask, greet, library
from support.windows.vbacom import (
    Array,
    Date,
    Error,
    Missing,
    NullString,
    Object,
    Short,
    Table,
    by_reference,
    value_of,
    variant,
)

CALLS, SEED = 1_500, 5
MISSING_CODE, ERROR_CODE = -2147352572, -2146826288 - 2000  # as pywin32 hands both over

NUMBERS = (0.0, 1.0, 90.0, 100.0, 0.96, -3.5, 1e9, 12.345, 8.765)
TEXTS = (
    *("", "≥95%", "是", "10", "100%", "达成", "sz-project-2021", "cn-project-2020"),
    *(" 12 ", "≤3天", "\u3000", "9,5", "㐀𠀀"),
)
ERRORS = (2000, 2007, 2015, 2023, 2029, 2036, 2042, 2043, 2050)
SERIALS = (44562.0, 44562.5, 1.0, 0.25, 60.0, 61.0)
SIZES = ((1, 2), (2, 1), (2, 2), (3, 1), (3, 3))


@pytest.fixture(scope="module")
def server() -> Object:
    return library().activate(COMMAND)


def date(serial: float) -> datetime:
    return datetime(1899, 12, 30, tzinfo=UTC) + timedelta(serial)


def scalar(draw: random.Random) -> tuple[Any, Any]:
    """A value as VBA has it, and as pywin32 hands it to Python."""
    kinds: list[tuple[Any, Any]] = [
        *((number, number) for number in draw.choices(NUMBERS, k=5)),
        *((text, text) for text in draw.choices(TEXTS, k=1)),
        (None, None),
        *((truth, truth) for truth in draw.choices((True, False), k=1)),
        *((Error(number), ERROR_CODE + number) for number in draw.choices(ERRORS, k=1)),
        *((Date(serial), date(serial)) for serial in draw.choices(SERIALS, k=1)),
        *((money, money) for money in draw.choices((Decimal("100.1234"), Decimal(90), Decimal("-1.5")), k=1)),
        *((Short(number), number) for number in draw.choices((1, 90, 100), k=1)),
        (Missing, None),
        (NullString, ""),
    ]
    return draw.choice(kinds)


def argument(draw: random.Random) -> tuple[Any, Any]:
    """One value, or a range of several; a cell of a range is never missing."""
    if draw.random() < 0.7:
        return scalar(draw)
    height, width = draw.choice(SIZES)
    cells = [[scalar(draw) for _ in range(width)] for _ in range(height)]
    cells = [[(None, None) if cell[0] is Missing else cell for cell in row] for row in cells]
    return (
        Table([[cell[0] for cell in row] for row in cells]),
        tuple(tuple(cell[1] for cell in row) for row in cells),
    )


def as_vba_sees(rows: list[list[Any]]) -> Any:
    """Rows as ``CallUDF`` hands them over: one cell is itself, one row is flat."""
    if len(rows) == 1:
        return seen(rows[0][0]) if len(rows[0]) == 1 else [seen(value) for value in rows[0]]
    return [[seen(value) for value in row] for row in rows]


def seen(value: Any) -> Any:
    """A cell of an answer; COM has no numbers but doubles and longs, which compare as they are."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def test_every_call_gives_what_python_gives(server: Object, capsys: pytest.CaptureFixture[str]) -> None:
    draw = random.Random(SEED)
    different, shapes, asked = [], Counter[str](), 0.0
    for _ in range(CALLS):
        name, function = draw.choice(list(FUNCTIONS.items()))
        given = [argument(draw) for _ in function.arguments]
        began = time.perf_counter()
        answer = ask(server, name, *(vba for vba, _ in given))
        asked += time.perf_counter() - began
        expected = as_vba_sees(pe_call(name, *(python for _, python in given)))
        shapes[
            "one value" if not isinstance(expected, list) else "rows" if isinstance(expected[0], list) else "a row"
        ] += 1
        if answer != expected:
            different.append((name, given, answer, expected))
    with capsys.disabled():
        told = ", ".join(f"{count} {shape}" for shape, count in shapes.most_common())
        print(f"\n  {CALLS - len(different)} of {CALLS} calls equal ({told}); {asked / CALLS * 1000:.1f} ms a call")
    assert different[:3] == []
    assert min(shapes.values()) > 50


COLUMNS = {
    "a column": (Table([[100.0], [200.0], [None]]), Table([[90.0], [150.0], [None]]), [[0.9], [0.75], [""]]),
    "a row": (Table([[100.0, 200.0, 400.0]]), Table([[90.0, 150.0, 100.0]]), [0.9, 0.75, 0.25]),
    "a table with an error": (
        Table([[100.0, 1.0], [200.0, 0.0]]),
        Table([[90.0, 1.0], [150.0, 5.0]]),
        [[0.9, 1.0], [0.75, "\x1b2007"]],
    ),
}


@pytest.mark.parametrize(("budget", "executed", "rate"), COLUMNS.values(), ids=COLUMNS.keys())
def test_rows_arrive_as_rows_and_no_variable_is_overwritten(
    server: Object, budget: Table, executed: Table, rate: list[Any]
) -> None:
    name, given = variant("pe_call"), variant(Array(["PE_EXEC_RATE", budget, executed]))
    kind = given.kind
    answer = server.call("CallUDF", variant("perfeval.excel.bridge"), by_reference(name), by_reference(given))
    assert value_of(answer) == rate
    assert (value_of(name), given.kind) == ("pe_call", kind)


def test_the_same_calls_gathered_into_one(server: Object, capsys: pytest.CaptureFixture[str]) -> None:
    """Each answer comes as its rows, its columns and its cells row by row."""
    draw = random.Random(SEED)
    calls, expected = [], []
    for _ in range(CALLS):
        name, function = draw.choice(list(FUNCTIONS.items()))
        given = [argument(draw) for _ in function.arguments]
        calls.append(Array([name, *(vba for vba, _ in given)]))
        rows = pe_call(name, *(python for _, python in given))
        expected += [float(len(rows)), float(len(rows[0])), *(seen(cell) for row in rows for cell in row)]
    given = variant(Array([Array(calls)]))
    began = time.perf_counter()
    answer = server.call("CallUDF", variant(BRIDGE), variant("pe_calls"), by_reference(given))
    with capsys.disabled():
        print(f"\n  {CALLS} calls in one: {(time.perf_counter() - began) * 1000:.0f} ms")
    assert value_of(answer) == expected


def test_many_cells_in_one_call(server: Object, capsys: pytest.CaptureFixture[str]) -> None:
    rows = 10_000
    began = time.perf_counter()
    answer = ask(server, "PE_EXEC_RATE", Table([[100.0]] * rows), Table([[float(row)] for row in range(rows)]))
    with capsys.disabled():
        print(f"\n  {2 * rows} cells in one call: {(time.perf_counter() - began) * 1000:.0f} ms")
    assert answer == [[row / 100] for row in range(rows)]


def test_versions_are_compared(server: Object) -> None:
    assert greet(server, metadata.version("xlwings")) == ""
    assert "0.30.1" in greet(server, "0.30.1")


def test_the_folder_it_starts_in_is_not_searched_for_modules(server: Object) -> None:
    searched = value_of(server.call("Str", server.call("Eval", variant("__import__('sys').path"))))
    assert "''" not in searched
    folder = value_of(server.call("Str", server.call("Eval", variant("__import__('os').getcwd()"))))
    assert folder not in searched
