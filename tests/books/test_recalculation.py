"""Which formulas a change concerns, in which order they are computed, and what stays unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.books import recalculation
from perfeval.books.dependencies import Place, Watchers
from perfeval.books.recalculation import recalculate
from perfeval.budget import CALCULATION
from perfeval.errors import DIV0, VALUE, CellError
from perfeval.forms.grid import Address, Area, Cell, Grid, Value, address
from support.plain_book import PlainBook, book

FORM: dict[str, object] = {
    "B1": 100, "C1": 80, "D1": ("=IF(COUNTBLANK(B1:C1)>0,\"\",ROUND(C1/B1*10,2))", 5.0),
    "B2": 10, "C2": 9, "D2": ("=C2/B2*10", 9.0),
    "D3": ("=SUM(D1:D2)", 14.0), "D4": ("=IF(D3>=满分*0.9,\"优\",\"良\")", "良"),
    "F1": ("=SUM(B1:B2)", 110.0), "G1": ("=1+1", 2.0),
}  # fmt: skip
SUMMARY: dict[str, object] = {
    "A1": ("='01 道路'!D3", 14.0), "A2": ("=AVERAGE(A1:A1,满分)", 17.0), "B1": 1, "C1": ("=B1*2", 2.0)
}  # fmt: skip


def forms() -> PlainBook:
    return book({"01 道路": FORM, "汇总": SUMMARY}, {"满分": "汇总!$H$1", "总分": "SUM('01 道路'!$D$1:$D$2)"})  # type: ignore[dict-item]


def computed(form: PlainBook, *changed: str) -> dict[str, Value]:
    """What is recalculated, by ``sheet!cell``; unknown cells are told so."""
    result = form.recalculated(*changed)
    assert not set(result.unknown) & set(result.values)
    told: dict[str, Value] = {f"{sheet}!{cell}": value for (sheet, cell), value in result.values.items()}
    return told | {f"{sheet}!{cell}": "unknown" for sheet, cell in result.unknown}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (["C1"], {"01 道路!D1": 8.0, "01 道路!D3": 17.0, "01 道路!D4": "优", "汇总!A1": 17.0, "汇总!A2": 17.0}),
        (["汇总!B1"], {"汇总!C1": 2.0}),
        (["汇总!H1"], {"01 道路!D4": "优", "汇总!A2": 14.0}),
        (["D3"], {"01 道路!D3": 14.0, "01 道路!D4": "优", "汇总!A1": 14.0, "汇总!A2": 14.0}),
        (["Z99"], {}),
        (["G1", "汇总!C1"], {"01 道路!G1": 2.0, "汇总!C1": 2.0}),
    ],
)
def test_a_change_concerns_what_depends_on_it_and_nothing_else(changed: list[str], expected: dict[str, Value]) -> None:
    assert computed(forms(), *changed) == expected


def test_no_change_concerns_nothing() -> None:
    assert recalculate(forms(), []).values == {}


def test_a_new_book_is_computed_whole() -> None:
    result = forms().recalculated()
    assert len(result.values) == 9
    assert result.unknown == ()


CASES = {
    "an error goes through": (
        {"B1": "=1/A1", "C1": "=B1+1", "D1": '=IFERROR(C1,"无")'},
        {"B1": DIV0, "C1": DIV0, "D1": "无"},
    ),
    "a circle": (
        {"B1": "=C1+A1", "C1": "=B1", "D1": "=C1", "E1": "=A1"},
        {"B1": "unknown", "C1": "unknown", "D1": "unknown", "E1": 0.0},
    ),
    "a circle that an IF avoids": (
        {"B1": "=IF(A1=0,1,C1)", "C1": "=B1", "D1": "=IF(A1=0,1,C1)"},
        {"B1": "unknown", "C1": "unknown", "D1": "unknown"},
    ),
    "itself": ({"B1": "=B1+A1", "C1": "=SUM(A:C)"}, {"B1": "unknown", "C1": "unknown"}),
    "volatile": (
        {"B1": ("=TODAY()", 46000.0), "C1": "=B1+1", "D1": ("=1", 1.0)},
        {"B1": "unknown", "C1": "unknown"},
    ),
    "indirect": (
        {"B1": ("=INDIRECT(\"A1\")", 5.0), "C1": ("=OFFSET(Z1,0,-1)", 1.0)},
        {"B1": "unknown", "C1": "unknown"},
    ),
    "not read at all": ({"B1": "=NOW()", "C1": "=IF(A1=0,7,B1)"}, {"B1": "unknown", "C1": 7.0}),
    "unknown name": ({"B1": ("=没有", 5.0)}, {"B1": "unknown"}),
    "unreadable": ({"B1": ("=A1:A2 B1:C2", 5.0), "C1": ("=表格1[金额]", 1.0)}, {"B1": "unknown", "C1": "unknown"}),
    "unknown function far away": ({"B1": ("=CUBEVALUE(Z1)", 5.0), "C1": "=A1"}, {"C1": 0.0}),
    "unknown function": ({"B1": ("=CUBEVALUE(A1)", 5.0)}, {"B1": "unknown"}),
    "other workbook far away": ({"B1": ("=[1]表!A1", 5.0), "C1": "=A1+B1"}, {"C1": 5.0}),
    "other workbook": ({"B1": ("=[1]表!A1+A1", 5.0)}, {"B1": "unknown"}),
    "a formula without value is computed on the way": ({"B1": "=2+3", "C1": "=A1+B1"}, {"C1": 5.0}),
    "and may be unknown": ({"B1": "=CUBEVALUE(Z1)", "C1": "=A1+B1"}, {"C1": "unknown"}),
    "whole column": ({"A7": 3, "C1": "=SUM(A:A)", "C2": "=COUNTBLANK(A:A)"}, {"C1": 3.0, "C2": 1048574.0}),
    "whole row": ({"C9": "=COUNTA(1:1)"}, {"C9": 1.0}),
    "sum range beyond the written cell": ({"X2": "=SUMIF(Y1:Y3,\"x\",A1)", "Y1": "x"}, {"X2": 0.0}),
    "array": ({"B1": "={1,2}*A1"}, {"B1": 0.0}),
    "a blank": ({"B1": "=Z1+A1", "B2": "=Z1&A1"}, {"B1": 0.0, "B2": "0"}),
    "names in names": ({"B1": "=两倍+1"}, {"B1": 1.0}),
    "names in a circle": ({"B1": ("=鸡", 1.0)}, {"B1": "unknown"}),
    "a name relative to its cell": ({"B1": ("=左边", 1.0)}, {"B1": "unknown"}),
    "a name of an error": ({"B1": ("=坏+A1", 1.0)}, {"B1": CellError("#REF!")}),
}  # fmt: skip
NAMES = {
    "首格": "表!$A$1", "两倍": "首格*2", "鸡": "蛋+蛋", "蛋": "鸡+鸡", "左边": "表!A1", "坏": "#REF!",
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_after_a_change_of_a1(case: str) -> None:
    cells, expected = CASES[case]
    result = computed(book({"表": {"A1": 0, **cells}}, NAMES), "A1")
    assert result == {f"表!{place}": value for place, value in expected.items()}


def test_a_chain_as_long_as_a_sheet() -> None:
    cells: dict[str, object] = {"A1": 1, **{f"A{row}": f"=A{row - 1}+1" for row in range(2, 10_001)}}
    assert book({"表": cells}).recalculated("A1").values["表", Address(10_000, 1)] == 10_000


def test_running_sums_written_from_the_last_to_the_first() -> None:
    cells: dict[str, object] = {f"B{row}": f"=SUM(A$1:A{row})+SUM(B$1:B{row - 1})" for row in range(400, 1, -1)}
    result = book({"表": {**{f"A{row}": 0 for row in range(1, 401)}, "B1": "=A1", "A2": 1, **cells}}).recalculated("A2")
    assert result.values["表", Address(400, 2)] == 2.0**398
    assert len(result.values) == 399


def test_work_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each sum reads 10,000 cells: what fits is computed, the rest is unknown."""
    monkeypatch.setattr(recalculation, "CALCULATION", CALCULATION._replace(most=200_000))
    constants = {Address(row, 1): Cell(1.0) for row in range(1, 10_001)}
    sums = {Address(row, 2): Cell(None, formula=f"SUM(A$1:A$10000)+{row}") for row in range(1, 41)}
    result = recalculate(PlainBook({"表": Grid("表", constants | sums)}), None)
    assert result.values["表", Address(1, 2)] == 10_001.0
    assert 10 < len(result.values) < 40
    assert len(result.values) + len(result.unknown) == 40


def test_searching_what_to_compute_first_is_given_up_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each formula names 1,000 formulas, but reads none of them."""
    monkeypatch.setattr(recalculation, "CALCULATION", CALCULATION._replace(most=100_000))
    cells = {Address(row, 1): Cell(None, formula="1+1") for row in range(1, 1001)}
    cells |= {Address(row, 2): Cell(None, formula=f"IF(TRUE,{row},SUM(A$1:A$1000))") for row in range(1, 1001)}
    result = recalculate(PlainBook({"表": Grid("表", cells)}), None)
    assert result.values["表", Address(1, 2)] == 1.0
    assert len(result.unknown) > 900


def test_names_that_multiply_are_given_up() -> None:
    names = {"级0": "表!$A$1"} | {f"级{level}": f"级{level - 1}+级{level - 1}" for level in range(1, 60)}
    assert book({"表": {"A1": 1, "B1": "=级10", "C1": "=级59"}}, names).recalculated().values == {
        ("表", address("B1")): 1024.0
    }


@pytest.mark.parametrize(
    ("formula", "filled"),
    [
        ("A1:A3*2", [2.0, 4.0, "#VALUE!"]),
        ("A1:A3", [1.0, 2.0, "x"]),
        ("A4:A6", [0.0, 0.0, 0.0]),
        ("{7;8}*A1", [7.0, 8.0, "#N/A"]),
        ("SUM(A1:A2)", [3.0, 3.0, 3.0]),
        ("SUM(A1:A2*A1:A2)", [5.0, 5.0, 5.0]),
        ("PE_EXEC_RATE(A1:A2,A2:A3)", [2.0, "#VALUE!", "#N/A"]),
        ("IF(A1:A3>1,1,2)", ["unknown"] * 3),
        ("TABLE(Z1)", ["unknown"] * 3),
    ],
)
def test_an_array_formula_fills_its_area(formula: str, filled: list[Value]) -> None:
    cells = {"A1": Cell(1.0), "A2": Cell(2.0), "A3": Cell("x"), "C1": Cell(9.0, formula=formula), "C2": Cell(9.0),
             "C3": Cell(9.0), "D1": Cell(9.0, formula="C3")}  # fmt: skip
    grid = Grid("表", {address(place): cell for place, cell in cells.items()}, arrays=(Area(1, 3, 3, 3),))
    result = {place: str(value) if isinstance(value, CellError) else value
              for place, value in computed(PlainBook({"表": grid}), "A1", "A2", "A4").items()}  # fmt: skip
    assert result == dict(zip(["表!C1", "表!C2", "表!C3", "表!D1"], [*filled, filled[2]], strict=True))


PROJECT: dict[str, object] = {
    "B1": 200, "C1": 186.5, "D1": '=IF(COUNTBLANK(B1:C1)>0,"",PE_EXEC_SCORE(B1,C1,10,口径))',
    "B2": "≥95%", "C2": 0.9, "D2": 30, "E2": "=PE_INDICATOR_SCORE(B2,C2,D2,,口径)",
    "B3": 0, "C3": 5, "D3": "=PE_EXEC_RATE(B3,C3)", "E3": '=IFERROR(D3,"核对预算")',
    "E4": "=PE_TOTAL(D1,E2)", "E5": "=PE_GRADE(E4/40*100)", "E6": '=PE_EXEC_SCORE(B1,B9)',
    "E7": '=PE_TOTAL(D1:E3)', "E8": '=PE_EXEC_SCORE("一","二")', "E9": "=PE_EXEC_RATE(B1:B3,C1:C3)",
}  # fmt: skip


def test_our_functions_are_computed_as_in_a_sheet() -> None:
    form = book({"自评表": PROJECT, "基本信息": {"B6": "cn-project-2020"}}, {"口径": "基本信息!$B$6"})
    assert computed(form) == {
        "自评表!D1": 9.33, "自评表!E2": 28.42, "自评表!D3": DIV0, "自评表!E3": "核对预算",
        "自评表!E4": 37.75, "自评表!E5": "优", "自评表!E6": "", "自评表!E7": DIV0, "自评表!E8": VALUE, "自评表!E9": 0.9325,
    }  # fmt: skip
    assert set(computed(form, "基本信息!B6")) == {f"自评表!{cell}" for cell in ("D1", "E2", "E4", "E5", "E7")}


def test_a_subtotal_skips_subtotals_and_hidden_rows() -> None:
    cells = {
        "A1": Cell(1.0), "A2": Cell(2.0), "A3": Cell(3.0, formula="SUBTOTAL(9,A1:A2)"), "A4": Cell(4.0),
        "B1": Cell(None, formula="SUBTOTAL(109,A1:A4)"), "B2": Cell(None, formula="SUBTOTAL(9,A1:A4)"),
        "B3": Cell(None, formula="SUBTOTAL(9,A1:A3)"),
    }  # fmt: skip
    grid = Grid("表", {address(place): cell for place, cell in cells.items()}, hidden_rows=frozenset({4}))
    assert computed(PlainBook({"表": grid})) == {"表!A3": 3.0, "表!B1": 3.0, "表!B2": "unknown", "表!B3": 3.0}


# --- the index of references ---

AREAS = st.builds(
    lambda top, left, height, width: Area(top, left, min(top + height, 1_048_576), min(left + width, 16_384)),
    st.integers(1, 40) | st.integers(1, 1_048_576), st.integers(1, 8),
    st.integers(0, 9) | st.integers(0, 1_048_575), st.integers(0, 5) | st.integers(0, 16_383),
)  # fmt: skip


@given(
    st.lists(AREAS, max_size=12), st.builds(Address, st.integers(1, 60) | st.integers(1, 1_048_576), st.integers(1, 12))
)
def test_the_index_finds_every_area_that_holds_a_cell(areas: list[Area], cell: Address) -> None:
    watchers = Watchers()
    for number, area in enumerate(areas, start=1):
        watchers.watch("表", area, Place("式", Address(number, 1)))
    found = watchers.affected([Place("表", cell)]) - {Place("表", cell)}
    assert found == {Place("式", Address(number, 1)) for number, area in enumerate(areas, start=1) if cell in area}


CONTENT = st.sampled_from(
    ["=A1+B1", "=SUM(A1:C2)", "=IF(A2>1,B2,C1)", "=C3", "=B:B", "=COUNT(A1:B3)", "=A3&B3", "=1/C2", 1, 2, "x"]
)
CELL_NAMES = st.sampled_from([f"{column}{row}" for column in "ABC" for row in (1, 2, 3)])


@given(st.dictionaries(CELL_NAMES, CONTENT, min_size=3), CELL_NAMES, st.integers(0, 9))
def test_after_a_change_the_caches_are_those_of_a_whole_recalculation(
    cells: dict[str, object], changed: str, content: int
) -> None:
    """Recalculating what depends on a cell gives the same book as recalculating everything."""
    before = book({"表": cells}).recalculated()
    cached: dict[str, object] = {
        place: (written, before.values.get(("表", address(place))))
        if isinstance(written, str) and written.startswith("=")
        else written
        for place, written in cells.items()
    }
    partly = book({"表": {**cached, changed: content}}).recalculated(changed)
    wholly = book({"表": {**cells, changed: content}}).recalculated()
    for place, value in wholly.values.items():
        kept = before.values.get(place)
        assert partly.values.get(place, kept) == value
    assert set(partly.unknown) <= set(wholly.unknown)
