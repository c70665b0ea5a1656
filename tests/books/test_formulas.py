"""Formulas one by one: what parses, what they refer to, what they give, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.books.formulas import Unsupported, parse, references
from perfeval.books.formulas.syntax import ArrayConstant, Binary, Call, Literal, Name, Node, Reference, Unary
from perfeval.errors import DIV0, NAME, NOT_AVAILABLE, NUM, REF, VALUE
from perfeval.forms.grid import Address, Area, Value, area
from support.plain_book import book

# --- the grammar ---


def test_a_form_formula_is_parsed_whole() -> None:
    assert parse('IF(COUNTBLANK(D5:$E$5)>0,"",PE_EXEC_SCORE(D5,E5,10,口径))') == Call(
        "IF",
        (
            Binary(">", Call("COUNTBLANK", (Reference(None, area("D5:E5"), absolute=False),)), Literal(0.0)),
            Literal(""),
            Call(
                "PE_EXEC_SCORE",
                (
                    Reference(None, area("D5"), absolute=False),
                    Reference(None, area("E5"), absolute=False),
                    Literal(10.0),
                    Name("口径"),
                ),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('"他说""好"""', Literal('他说"好"')),
        ("#N/A", Literal(NOT_AVAILABLE)),
        ("表1!#REF!", Literal(REF)),
        ("#REF!B2", None),
        ("true", Literal(True)),
        ("TRUE()", Call("TRUE", ())),
        ("$B$5", Reference(None, area("B5"), absolute=True)),
        ("B$5", Reference(None, area("B5"), absolute=False)),
        ("d9:b5", Reference(None, area("B5:D9"), absolute=False)),
        ("$A:$C", Reference(None, Area(1, 1, 1_048_576, 3), absolute=True)),
        ("2:4", Reference(None, Area(2, 1, 4, 16_384), absolute=False)),
        ("'01 短''名'!A1", Reference("01 短'名", area("A1"), absolute=False)),
        ("执行数据!$A:$A", Reference("执行数据", Area(1, 1, 1_048_576, 1), absolute=True)),
        ("XFE1", Name("XFE1")),
        ("LOG10(5)", Call("LOG10", (Literal(5.0),))),
        ("[0]!口径", Name("口径")),
        ("_xlfn.IFNA(1,2)", Call("IFNA", (Literal(1.0), Literal(2.0)))),
        ("[2]!PE_GRADE(1)", Call("PE_GRADE", (Literal(1.0),))),
        ("'PerfEval.xlam'!PE_GRADE(1)", Call("PE_GRADE", (Literal(1.0),))),
        ("[2]!SUM(1)", Call("[2]!SUM", (Literal(1.0),))),
        ("F(1,,2)", Call("F", (Literal(1.0), Literal(None), Literal(2.0)))),
        ("F(,)", Call("F", (Literal(None), Literal(None)))),
        ('{1,-2;"a",TRUE}', ArrayConstant(((1.0, -2.0), ("a", True)))),
        (" 1 \n+ 2 ", Binary("+", Literal(1.0), Literal(2.0))),
        ("-2^2", Binary("^", Unary("-", Literal(2.0)), Literal(2.0))),
        ("1.5e3%", Unary("%", Literal(1500.0))),
    ],
)
def test_syntax(text: str, tree: Node | None) -> None:
    if tree is None:
        with pytest.raises(Unsupported):
            parse(text)
    else:
        assert parse(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        "", "1+", "(1", "1)", "SUM(1", "SUM 1", '"open', "A1:B2 B1:C3", "SUM((A1,B1))", "表1:表3!A1", "表格1[金额]",
        "[@金额]", "@A1", "A1#", "A1:INDEX(B1:B9,3)", "{1,2;3}", "{A1}", "A1048577:A1048578", "1 2", "5月", "~",
        "(" * 90 + "1" + ")" * 90, "-" * 500 + "1", "1+" * 4100 + "1",
        "SUMIF(A1:A9,1,B1048570)",
    ],
)  # fmt: skip
def test_what_is_outside_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(Unsupported):
        parse(text)


# A printer of trees is the parser's opposite: whatever tree, its text gives it back.
_LITERALS = st.one_of(
    st.integers(0, 10**9).map(float),
    st.text(alphabet='a"优 ,)', max_size=5),
    st.booleans(),
    st.sampled_from([DIV0, NOT_AVAILABLE, NAME]),
).map(Literal)
_PLACES = st.builds(Address, st.integers(1, 1_048_576), st.integers(1, 16_384))
_REFERENCES = st.builds(
    lambda sheet, one, other, absolute: Reference(
        sheet,
        Area(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])),
        absolute,
    ),
    st.sampled_from([None, "执行数据", "01 短'名", "a!b"]), _PLACES, _PLACES, st.booleans(),
)  # fmt: skip
_TREES = st.recursive(
    _LITERALS | _REFERENCES | st.sampled_from(["口径", "_税率", "分值.2"]).map(Name),
    lambda inner: st.one_of(
        st.builds(Unary, st.sampled_from("+-%"), inner),
        st.builds(
            Binary, st.sampled_from(["+", "-", "*", "/", "^", "&", "=", "<>", "<", ">", "<=", ">="]), inner, inner
        ),
        st.builds(Call, st.sampled_from(["SUM", "PE_EXEC_SCORE"]), st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=12,
)


def printed(node: Node) -> str:
    match node:
        case Literal(bool() as value):
            return str(value).upper()
        case Literal(str() as value):
            return '"' + value.replace('"', '""') + '"'
        case Literal(value):
            return str(value)
        case Reference(sheet, place, absolute):
            corners = str(place).split(":")
            if absolute:
                corners = ["$" + c.rstrip("0123456789") + "$" + c.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for c in corners]
            return ("" if sheet is None else "'" + sheet.replace("'", "''") + "'!") + ":".join(corners)
        case Name(text):
            return text
        case Unary("%", operand):
            return f"({printed(operand)})%"
        case Unary(operator, operand):
            return f"{operator}({printed(operand)})"
        case Binary(operator, left, right):
            return f"({printed(left)}){operator}({printed(right)})"
        case Call(name, arguments):
            return f"{name}({','.join(map(printed, arguments))})"
    raise AssertionError(node)


@given(_TREES)
def test_a_printed_tree_parses_back(tree: Node) -> None:
    assert parse(printed(tree)) == tree


@given(st.text(alphabet="A1$:!'\"(),;{}%^+-<>=# 表NE.[]@\n", max_size=60))
def test_any_text_parses_or_is_refused(text: str) -> None:
    try:
        parse(text)
    except Unsupported:
        return
    assert references(text) is not None


# --- references ---


@pytest.mark.parametrize(
    ("text", "areas", "names", "bounded"),
    [
        ("A1+表!B2:C3*口径", [(None, "A1"), ("表", "B2:C3")], ["口径"], True),
        ("IF(INDIRECT(A1),1)", [(None, "A1")], [], False),
        ("TODAY()-A1", [(None, "A1")], [], False),
        ("[1]表!A1+B1", [(None, "B1")], [], True),
        ("SUMIF(A1:A9,1,C1)", [(None, "A1:A9"), (None, "C1:C9")], [], True),
        ("+".join(["A1"] * 2000), [(None, "A1")] * 2000, [], True),
    ],
)
def test_references(text: str, areas: list[tuple[str | None, str]], names: list[str], bounded: bool) -> None:
    mentioned = references(text)
    assert [(reference.sheet, reference.area) for reference in mentioned.areas] == [(s, area(a)) for s, a in areas]
    assert (list(mentioned.names), mentioned.bounded) == (names, bounded)


# --- values: only what Calc does differently or does not show; the rest stands in test_formulas_against_calc ---

CELLS: dict[str, Value] = {
    "A1": 100, "B1": True, "C1": "5", "D1": "优",
    "A2": 0.285, "B2": 2, "C2": "1,234.50", "D2": None,
    "A3": 7, "B3": None, "C3": "98%", "D3": "优秀*",
    "A4": DIV0, "B4": -3, "C4": "", "D4": "2020年",
}  # fmt: skip


def value(formula: str) -> Value:
    """The formula's value beside these cells, or "unknown"."""
    computed = book({"表": {**CELLS, "H9": f"={formula}"}}, {"分值": "表!$A$1", "比例": "0.5"}).recalculated()
    return computed.values.get(("表", Address(9, 8)), "unknown")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        # Truths are a kind of their own and stand behind all text.
        ("B1>A1", True), ('TRUE>"z"', True), ("B1=1", False), ("B1+1", 2.0), ('B1&""', "TRUE"),
        ("SUM(B1:B4)", -1.0), ("COUNT(B1:B4)", 2.0), ('SUM(1,"5",TRUE)', 7.0), ('COUNT(1,"2","x",TRUE,)', 4.0),
        ("FALSE>0", True), ("(A1<0)>0", True), ("(A1>0)>5", True), ("FALSE=0", False),
        ("MAX(B1,-5)", -5.0), ("SUMPRODUCT(B1:B2,B1:B2)", 4.0),
        # Text that is a number, in arithmetic and not in ranges.
        ("C1+1", 6.0), ("C2*2", 2469.0), ("C3*2", 1.96), ("SUM(C1:C3)", 0.0), ('"5"+"5"', 10.0), ("D1+1", VALUE),
        ("C4+1", VALUE), ('SUM(1,"x")', VALUE), ("D4+1", "unknown"),
        # Errors of a worksheet.
        ("1/0", DIV0), ("A1/B3", DIV0), ("A4+1", DIV0), ("IFERROR(A4,0)", 0.0), ("SUM(A1:A4)", DIV0), ("9^999", NUM),
        ("VLOOKUP(7,A1:D3,9,0)", REF), ("VLOOKUP(7,A1:D3,0,0)", VALUE), ("LARGE(A1:A3,9)", NUM), ("INDEX(A1:D3,4,1)", REF),
        ('MATCH("无",D1:D3,0)', NOT_AVAILABLE),
        ("AND(D1:D3)", VALUE), ("CHOOSE(0,1)", VALUE), ('IF("",1,2)', VALUE), ('VALUE("")', VALUE),
        # A blank.
        ("D2", 0.0), ('D2=""', True), ("D2=0", True), ("D2=FALSE", True), ('D2&"x"', "x"), ("COUNTBLANK(D1:D2)", 1.0),
        ("COUNTBLANK(C1:C9)", 6.0),
        ("IF(A1>0,D2)", 0.0), ("IF(A1>0,,1)", 0.0), ("IF(A1<0,1)", False), ("SUM(1,,2)", 3.0),
        # Fifteen digits.
        ("0.1+0.2=0.3", True), ("0.1+0.2-0.3", 0.0), ("ROUND(1.005,2)", 1.01), ("ROUND(A2,2)", 0.29),
        # What numbers leave that cancel out but for their last bits, anywhere but at the end of a formula.
        ("1-0.9-0.1", 0.0), ("(0.1+0.2-0.3)", "unknown"), ("(0.1+0.2-0.3)*1E17", "unknown"), ("IF(0.1+0.2-0.3=0,1,2)", "unknown"),
        ("-(0.1+0.2-0.3)", "unknown"), ("0.1+0.2-0.3=0", "unknown"), ("ABS(0.1+0.2-0.3)", "unknown"), ("SIGN(0.3-0.1-0.2)", "unknown"),
        ("ROUND(0.1+0.2-0.3,2)", 0.0), ("(0.1+0.2-0.3)+1", 1.0), ("IF(0.1+0.2-0.3<1,5,6)", 5.0), ("(0.5-0.5)*3", 0.0),
        ("SUM(0.1,0.2,-0.3)", "unknown"), ("ROUND(SUM(0.1,0.2),2)", 0.3), ("SUM(5,-5)", 0.0), ("(0.3-0.1)", 0.3 - 0.1),
        ("IFERROR(0.1+0.2-0.3,1)", "unknown"), ("SUMPRODUCT((0.1+0.2-0.3)*1)", "unknown"),
        # Texts of numbers that no double holds.
        ('VALUE("0E0")', 0.0), ('VALUE("-0.0e9")', 0.0),
        ('VALUE("1e400")', "unknown"), ('"-1e400"+1', "unknown"), ('VALUE("1e-400")', "unknown"), ('VALUE("1e308")', 1e308),
        ("ROUND(5,1E9)", 5.0), ("ROUND(5,-1E9)", 0.0),
        # Names, wildcards, criteria.
        ("分值*比例", 50.0), ("SUM(分值,1)", 101.0), ("COUNTIF(D1:D3,\"优~*\")", 0.0), ('COUNTIF(D1:D3,"*~*")', 1.0),
        ('COUNTIF(D1:D9,"<>优")', 8.0),
        ('COUNTIF(D1:D3,"??~*")', 1.0), ('COUNTIF(D1:D3,"优秀*秀*")', 0.0), ('COUNTIF(D1:D3,"*?秀*")', "unknown"),
        ('MATCH("?秀*",D1:D3,0)', 3.0), ('COUNTIF(D:D,"")', 1048573.0), ('COUNTIF(D1:D3,"*优*秀*")', 1.0),
        ("COUNTIF(A1:A4,\"#DIV/0!\")", 1.0),
        ("COUNTIF(C1:C4,5)", "unknown"),
        ('COUNTIF(D1:D3,"优*优")', 0.0), ('SUMIF(D1:D3,"优*",A1)', 107.0),
        ("LOOKUP(85,{0,60,80,90},{\"差\",\"中\",\"良\",\"优\"})", "良"),
        # Where Excel and Calc disagree, where a plain and an array formula differ, and what is not known.
        ("A1:A3", "unknown"), ("A1:A3*2", "unknown"), ("SUM(A1:A3*2)", "unknown"), ("LEN(A1:A3)", "unknown"),
        ("INT(4.35*100)", "unknown"),
        ('"优"<"良"', "unknown"), ("1E20&\"\"", "unknown"), ("0^0", "unknown"), ("MATCH(5,{3,1,2},1)", "unknown"),
        ('LEN("😀")', "unknown"),
        ("NOW()", "unknown"), ("SUMX2MY2(A1,B1)", "unknown"), ("PE_NO_SUCH(A1)", "unknown"), ("[1]表!A1", "unknown"),
        ("没有!A1", "unknown"),
        ("没有的名称", "unknown"), ("ROUND(1)", "unknown"), ('TEXT(1,"yyyy")', "unknown"), ("{1,2}", 1.0),
        ("SUBTOTAL(1,A1:A3)", "unknown"),
        # What Excel may see otherwise is not known: sections of a format, blanks that are sought, arrays behind the last cell.
        ('TEXT("jello",";;;x@")', "unknown"), ('TEXT("优","@")', "unknown"), ('TEXT(5,"0;-0;零;@")', "unknown"),
        ('TEXT("优","0.00")', "优"), ('TEXT(-0.001,"0.00")', "unknown"), ('TEXT(-0.005,"0.00")', "-0.01"),
        ('TEXT(1E300,"0%")', "unknown"), ('TEXT(1.7E308,"0%")', "unknown"), ('TEXT("5","0.0")', "5.0"),
        ("VLOOKUP(8,A1:D3,0,0)", "unknown"), ("VLOOKUP(8,A1:D3,9,0)", "unknown"),
        ("VLOOKUP(D2,A1:D3,1,0)", "unknown"), ("MATCH(D2,A1:A3,0)", "unknown"), ('MATCH("",D1:D3,0)', "unknown"),
        ("MATCH(5,{1,\"中\",9},1)", "unknown"), ("MATCH(5,D5:D9,1)", NOT_AVAILABLE), ("VLOOKUP(7,D5,1,3)", NOT_AVAILABLE),
        ('SUMPRODUCT((D1:D20="")*1)', 17.0), ("SUMPRODUCT(D1:D9*1,A1:A3)", "unknown"), ('SUMPRODUCT("x")', "unknown"),
        ("SUMPRODUCT(TRUE)", "unknown"), ("SUMPRODUCT(A1:A2,A1:A3)", "unknown"), ("SUMPRODUCT(B5:B30*B5:B31)", NOT_AVAILABLE),
        ("HYPERLINK(\"#A1\",D2)", "unknown"), ('HYPERLINK("#A1")', "#A1"), ("LARGE(A1:A2,1.5)", "unknown"),
        ('COUNTIF(D1:D3,"2021-1-1")', "unknown"), ('COUNTIF(D1:D3,"1/2")', "unknown"), ('COUNTIF(D1:D3,"￥5")', "unknown"),
        ('COUNTIF(D1:D4,"2020年")', 1.0), ('COUNTIF(D1:D3,"12月25日")', "unknown"), ('COUNTIF(D1:D3,"2021年度")', 0.0),
        ('COUNTIF(D1:D3,"1季度")', 0.0), ('COUNTIF(D1:D3,"208??")', 0.0),
        ('SUBSTITUTE("a*b*","*","~*")', "a~*b~*"), ('SUBSTITUTE(A1,"0","")', "1"), ('SUBSTITUTE("a","","b")', "a"),
        ('FIND("b","aBb")', 3.0), ('FIND("*","a*b")', 2.0), ('FIND("a","ba",3)', VALUE), ('FIND("a","ba",4)', VALUE),
        ('FIND("a","ba",0)', VALUE), ('FIND("","ab")', "unknown"), ("FIND(D2,D1)", "unknown"), ('FIND("a","😀a")', "unknown"),
        ('VALUE("3068"&"E"&2)', 306800.0), ('VALUE("123"&"E"&-4)', 0.0123), ('VALUE("1-2")', "unknown"),
        ("SUM(1E308,1E308)", NUM), ("ROUND(1.7E308,-308)", NUM), ("ROUNDUP(1.1E308,-308)", NUM), ("AVERAGE(1E308,1E308)", NUM),
        ("PE_EXEC_RATE(1E-10,1E300)", NUM), ("PE_TOTAL(1E308,1E308)", NUM), ('IFERROR(PE_EXEC_RATE(1E-10,1E300),"—")', "—"),
    ],
)  # fmt: skip
def test_values(formula: str, expected: Value) -> None:
    result = value(formula)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("A1", ""), ("ISBLANK(A1)", False), ("COUNTA(A1:A2)", 1.0), ("COUNTBLANK(A1:A2)", 2.0), ("A1+1", VALUE),
        ('A1=""', True), ("A1=0", False), ("LEN(A1)", 0.0), ("ISTEXT(A1)", True), ("COUNT(A1)", 0.0), ("SUM(A1:A2)", 0.0),
        ('COUNTIF(A1:A2,"=")', 1.0), ('COUNTIF(A1:A2,"")', 2.0), ('IF(A1,"甲","乙")', VALUE), ("A2+1", 1.0),
        ("MAX(A1,-1)", -1.0), ("A1*1", VALUE), ('A1&"x"', "x"), ("SUMPRODUCT(A1:A2+0)", VALUE), ("PE_EXEC_RATE(A1,5)", ""),
    ],
)  # fmt: skip
def test_an_empty_text_is_no_blank(formula: str, expected: Value) -> None:
    made = book({"表": {"A1": "", "C1": f"={formula}"}})
    (result,) = made.recalculated().values.values()
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("1" + "%" * 60, pytest.approx(1e-120)),
        ("1" + "%" * 8000, 0.0),
        ("+".join(["A1"] * 2700), 270_000.0),
        ("IF(" * 64 + "1" + ",1)" * 64, 1.0),
        ("ABS(1+" * 32 + "1" + ")" * 32, 33.0),
        ("ABS(" * 64 + "-1" + ")" * 64, 1.0),
        ("SUM(A1:A3,A5:G1048576)", 107.285),
        ("SUM(1:9)", "unknown"),
        ('SUMPRODUCT((1:1048576<>"")*1)', "unknown"),
        ("SUMPRODUCT(ROW(A:A))", "unknown"),
        ("COLUMNS(1:1)", 16384.0),
    ],
)  # fmt: skip
def test_long_deep_and_wide_formulas_end(formula: str, expected: Value) -> None:
    assert value(formula) == expected


def test_many_stars_take_no_time() -> None:
    cells: dict[str, object] = {"A1": "a" * 30_000, "B1": '=COUNTIF(A1:A2,"' + "a*" * 100 + 'b")'}
    assert book({"表": cells}).recalculated().values == {("表", Address(1, 2)): 0.0}


def test_text_grows_no_longer_than_a_cell_holds() -> None:
    cells: dict[str, object] = {"A1": "x" * 30_000, **{f"A{row}": f"=A{row - 1}&A{row - 1}" for row in range(2, 50)}}
    assert book({"表": cells}).recalculated().values["表", Address(49, 1)] == VALUE


@pytest.mark.parametrize(
    "formula",
    [
        "D6+B12",
        "A1*2/$B$3",
        "5",
        "a1-b2",
        "ABCD1+1",
        "XFE1+A1",
        "A1048577-1",
        "A1+ABC",
        "A1+-1",
        "1E5+A1",
        "A1+",
        "A1 B1",
    ],
)
def test_a_plain_sum_mentions_what_its_tree_mentions(formula):
    """What is read without a tree, and the same in parentheses, which is not."""
    try:
        within = references(f"({formula})")
    except Unsupported:
        with pytest.raises(Unsupported):
            references(formula)
    else:
        assert references(formula) == within
