"""“Import Functions” by hand: the functions as xlwings' own machinery sees, imports, describes and calls them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from perfeval.errors import DIV0, NOT_AVAILABLE, VALUE, InvalidValue
from perfeval.excel.values import ERROR_MARK, incoming, outgoing
from perfeval.functions import FUNCTIONS
from support import winstub

xw = winstub.install()

from xlwings import com_server  # noqa: E402  needs the Windows half

MODULE = "perfeval.excel.xlwings_udfs"


def call(name: str, *arguments: Any) -> Any:
    value, overwritten = winstub.returned(com_server.XLPython().CallUDF(MODULE, name, arguments, None, None))
    assert overwritten == []
    return value


def test_importing_makes_a_wrapper_and_help_for_every_function() -> None:
    book = winstub.FakeBook()
    xw.import_udfs(MODULE, book)
    (vba,) = book.imported
    for name, function in FUNCTIONS.items():
        assert f"Function {name}(" in vba
        assert book.help[name]["Category"] == function.group
        assert book.help[name]["ArgumentDescriptions"] == [a.help[:255] for a in function.arguments]
    assert "Function PE_EXEC_SCORE(budget, executed, Optional weight, Optional convention)" in vba
    assert "Function PE_EXPLAIN(function_, ParamArray arguments())" in vba  # "function" alone would not compile


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        ("PE_EXEC_SCORE", (100.0, 90.0), 9),
        ("PE_EXEC_SCORE", (100.0, 90.0, winstub.MISSING, winstub.MISSING), 9),
        ("PE_EXEC_SCORE", (winstub.FakeRange([[100.0]]), winstub.FakeRange([[90.0]])), 9),
        ("PE_EXEC_RATE", (winstub.FakeRange([[100.0], [200.0]]), winstub.FakeRange([[90.0], [150.0]])), [[0.9], [0.75]]),
        ("PE_EXEC_RATE", (winstub.FakeRange([[100.0, 200.0]]), winstub.FakeRange([[90.0, 150.0]])), [0.9, 0.75]),
        ("PE_EXEC_RATE", (winstub.FakeRange([[0.0], [200.0]]), winstub.FakeRange([[90.0], [150.0]])), [["#DIV/0!"], [0.75]]),
        ("PE_EXEC_SCORE", (winstub.FakeRange([[None]]), 90.0), ""),
        ("PE_NUMBER", (winstub.FakeRange([["2.6亿元"]]),), 260_000_000),
        ("PE_TOTAL", (winstub.FakeRange([[10.0, 20.0], [None, "—"]]), 5.0), 35),
    ],
)  # fmt: skip
def test_a_call(name: str, arguments: tuple[Any, ...], value: Any) -> None:
    assert call(name, *arguments) == value


def test_a_failure_says_its_reason() -> None:
    """xlwings' own wrapper shows it in the cell: this is what the bridge of PerfEval.xlsm is for."""
    with pytest.raises(InvalidValue):
        call("PE_EXEC_SCORE", "很多", 90.0)


@pytest.mark.parametrize(
    ("handed_over", "understood"),
    [
        (None, None),
        ("", ""),
        (0.0, 0.0),
        (False, False),
        ("文字", "文字"),
        (7, 7),
        (Decimal("12.3456"), 12.3456),
        (winstub.ComTime(2021, 12, 31, tzinfo=UTC), datetime(2021, 12, 31)),
        (-2146826281, DIV0),
        (-2146826246, NOT_AVAILABLE),
        (-2146826288 + 45, VALUE),  # #SPILL!
        (((1.0, None), (-2146826281, "x")), ((1.0, None), (DIV0, "x"))),
        ((1.0, 2.0), ((1.0, 2.0),)),  # an array constant of one row
    ],
)
def test_what_excel_hands_over(handed_over: Any, understood: Any) -> None:
    found = incoming(handed_over)
    assert found == understood
    assert type(found) is type(understood)


@pytest.mark.parametrize(
    ("result", "rows"),
    [
        (9.5, [[9.5]]),
        ("", [[""]]),
        (DIV0, [[f"{ERROR_MARK}2007"]]),
        (((1.0, NOT_AVAILABLE),), [[1.0, f"{ERROR_MARK}2042"]]),
        (((1.0,), (2.0,)), [[1.0], [2.0]]),
        (f"{ERROR_MARK}2007元", [["2007元"]]),  # no text can pass for an error
    ],
)
def test_what_goes_back(result: Any, rows: Any) -> None:
    assert outgoing(result) == rows
