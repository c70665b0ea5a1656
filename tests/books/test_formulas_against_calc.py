"""The formula evaluator against LibreOffice Calc: what it computes, Calc computes, too."""

from __future__ import annotations

import random
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from perfeval.errors import CellError
from perfeval.forms.grid import Address, Value
from support.headless import MISSING, SOFFICE, recalculated
from support.plain_book import book

pytestmark = [pytest.mark.host, pytest.mark.skipif(SOFFICE is None, reason=MISSING)]

# A form's data: amounts, rates, texts, blanks, a truth, an error; the last column in ascending order.
DATA: dict[str, Value] = {
    "A1": 100.0, "B1": 95.5, "C1": "优", "D1": 0.1, "E1": 0.0,
    "A2": 0.285, "B2": -3.5, "C2": "良好", "D2": 0.2, "E2": 60.0,
    "A3": 1.005, "B3": None, "C3": "10 分", "D3": 0.3, "E3": 80.0,
    "A4": 2.675, "B4": 7.0, "C4": '=""', "D4": None, "E4": 90.0,
    "A5": 0.0, "B5": 12.0, "C5": "abc", "D5": 1234567.891, "E5": 95.0,
    "A6": 17.0, "B6": CellError("#DIV/0!"), "C6": "ABC", "D6": -0.45, "E6": 100.0,
    "F1": True,
}  # fmt: skip

FORMULAS = """
A1+B1*2 | -A1^2 | 2^3^2 | 10-4-3 | -A6% | 50%*A1 | 2^-1 | A1&C1 | A2&"" | 1/3&"" | B3&"x" | B3+1 | B3&B3 | C5=C6
C5<>C6
0.1+0.2=0.3 | D1+D2-D3 | D1+D2=D3 | SUM(D1:D3)=0.6 | 1-0.9=0.1 | B3=0 | B3="" | C1>A1 | "a"<"b" | B3<1
"5"+1 | " 5 "*2 | "abc"+1 | C4+1 | F1+1 | -F1 | B6+1 | A1/A5 | A1/B3 | 0/A6 | 1E300*1E300 | -2^0.5 | (-8)^0.5 | 4^0.5
ROUND(A2,2) | ROUND(A3,2) | ROUND(A4,2) | ROUND(B2,0) | ROUND(D6,1) | ROUND(D5,-3) | ROUND(15,-1) | ROUND(A1*A2,1)
ROUND(A2,)
ROUNDUP(A2,2) | ROUNDUP(B2,0) | ROUNDDOWN(A4,2) | ROUNDDOWN(B2,0) | ROUNDUP(1.1,1) | ROUNDUP(D5,-2) | ROUNDDOWN(D5,-2)
ROUNDUP(0.1+0.2,1) | TRUNC(B2) | TRUNC(A4,1) | INT(B2) | INT(A4) | MOD(A6,5) | MOD(B2,2) | MOD(A6,-5) | MOD(A6,0)
ABS(B2)
SUM(A1:A6) | SUM(A1:C4) | SUM(A1:B6) | SUM(A1,"x") | SUM(B3) | SUM(C1:C6) | SUM(A1:A2,A4,D1:D3) | PRODUCT(A1:A2)
MIN(A1:A6) | MAX(A1:A6) | MAX(C1:C6) | MIN(B3,5) | MAX(B1:B5) | AVERAGE(A1:A6) | AVERAGE(C1:C6) | AVERAGE(B1:B4)
COUNT(A1:C6) | COUNT(B1:B6) | COUNT(1,"2","x") | COUNTA(B1:C6) | COUNTA(B3,C4) | COUNTBLANK(B1:C6) | COUNTBLANK(F2:G9)
COUNTIF(A1:A6,">1") | COUNTIF(A1:E6,100) | COUNTIF(C1:C6,"abc") | COUNTIF(C1:C6,"a*") | COUNTIF(C1:C6,"?*")
COUNTIF(C1:C6,"<>优")
COUNTIF(B1:B6,">=7") | COUNTIF(A1:A6,A6) | COUNTIF(C1:C6,"*分") | COUNTIF(A1:A6,"<>0") | COUNTIF(B1:B6,"<>")
COUNTIF(C1:C6,C1)
SUMIF(A1:A6,">1") | SUMIF(C1:C6,"优",A1:A6) | SUMIF(C1:C6,"abc",A1) | SUMIF(A1:A6,">0",D1:D6) | AVERAGEIF(A1:A6,">1")
AVERAGEIF(A1:A6,">1000") | COUNTIFS(A1:A6,">0",C1:C6,"a*") | SUMIFS(D1:D6,A1:A6,">0",C1:C6,"a*")
SUMIFS(A1:A6,A1:A6,"<=17")
SUMPRODUCT(A1:A6,D1:D6) | SUMPRODUCT((A1:A6>1)*D1:D6) | SUMPRODUCT(--(C1:C6="abc")) | SUMPRODUCT(ROUND(A1:A4,2))
SUMPRODUCT(A1:A2)
SUMPRODUCT((C1:C6="abc")*(A1:A6>1)) | SUMPRODUCT(A1:A3*E1) | SUMPRODUCT(A1:A6,B1:B6) | SUMPRODUCT({1,2;3,4})
SUM({1,2;3,4}*2)
IF(A1>B1,"大","小") | IF(A5,1,2) | IF(B3,1) | IF(B6,1,2) | IF(B3="","",A1) | IF(A1>0,,5) | IF("true",1,2)
IF("x",1,2) | IF(A1,B3,1)
IFERROR(A1/A5,"无") | IFERROR(B6,0) | IFERROR(A1,0) | _xlfn.IFNA(NA(),1) | _xlfn.IFNA(B6,1)
IFERROR(MATCH("无",C1:C6,0),-1)
AND(A1>0,B1>0) | AND(A1:A4) | AND(A1:A6) | OR(A5,B3) | OR(A1:C2) | AND(C1:C2) | AND("x",TRUE) | AND(B6,FALSE)
NOT(A5) | NOT("x")
ISBLANK(B3) | ISBLANK(C4) | ISBLANK(A1) | ISNUMBER(A1) | ISNUMBER(C3) | ISNUMBER(B3) | ISTEXT(C4) | ISTEXT(B3)
ISERROR(B6) | ISERR(NA())
ISNA(NA()) | ISERR(B6) | ISLOGICAL(F1) | ISNONTEXT(B3) | ISERROR(A1/0) | ISNUMBER(A1/0) | N(C1) | N(F1) | N(A1)
T(C1) | T(A1)
LEN(C2) | LEN(B3) | LEN(A2) | TRIM("  a   b ") | LEFT(C2) | LEFT(C2,5) | RIGHT(C3,1) | RIGHT(C3,9) | MID(C5,2,1)
MID(C5,5,2) | MID(C5,0,1)
LEFT(C5,0) | LEFT(C5,-1) | RIGHT(A1,2) | CONCATENATE(A1,"-",C1,B3) | CONCATENATE(A1,B6) | EXACT(C5,C6) | VALUE("12.5")
VALUE("x")
FIND("b",C5) | FIND("B",C5) | FIND("c",C5,3) | FIND("a",C5,2) | FIND("a",C5,0) | FIND("x",C5,9) | FIND("1",C3)
FIND(A1,A1&"x") | FIND("a",C5,-1) | FIND("分",C3,2.9) | FIND("b",B6) | FIND("*",C5)
SUBSTITUTE(C3," ","") | SUBSTITUTE(C5,"B","x") | SUBSTITUTE(C5,"","x") | SUBSTITUTE("aaa","aa","b") | VALUE("3068"&"E"&2)
VALUE("123"&"E"&-4)
TEXT(A2,"0.00") | TEXT(A3,"0.00") | TEXT(A2,"0%") | TEXT(A2,"0.00%") | TEXT(D5,"#,##0.00") | TEXT(B2,"0")
TEXT(D6,"0.0") | TEXT(D5,"0")
TEXT(-1234.5,"#,##0") | TEXT(C1,"0.00") | TEXT(B3,"0.00") | TEXT(0.995,"0%") | TEXT(12.5,"0") | TEXT(-0.5,"0")
TEXT(999999.995,"#,##0.00")
INDEX(A1:E6,2,2) | INDEX(A1:A6,3) | INDEX(A1:E1,2) | INDEX(A1:E6,9,1) | SUM(INDEX(A1:E6,0,4)) | SUM(INDEX(A1:D2,2,0))
INDEX(B1:B6,3)
MATCH(17,A1:A6,0) | MATCH("ABC",C1:C6,0) | MATCH("良*",C1:C6,0) | MATCH(85,E1:E6) | MATCH(60,E1:E6,1)
MATCH(-1,E1:E6,1) | MATCH(5,A1:A6,0)
VLOOKUP(17,A1:E6,3,FALSE) | VLOOKUP(5,A1:E6,3,0) | VLOOKUP("优",C1:E6,2,0) | VLOOKUP(85,E1:E6,1,TRUE)
VLOOKUP(17,A1:E6,0,0)
LOOKUP(85,E1:E6) | LOOKUP(85,E1:E6,A1:A6) | LOOKUP(75,{0,60,80,90},{"差","中","良","优"}) | LOOKUP(-5,E1:E6)
LOOKUP(1000,E1:E6)
CHOOSE(2,"a",A1,C1) | CHOOSE(9,1) | SUM(CHOOSE(1,A1:A6,B1:B6)) | ROW(C5) | COLUMN(C5) | ROWS(A1:C5) | COLUMNS(A1:C5)
SUMPRODUCT(ROW(A1:A5))
ROWS(A:A) | COUNTBLANK(B:B) | SUM(E:E) | SUM(5:5) | COUNTA(C:C) | COUNTIF(C:C,"") | MATCH(80,E:E,0) | ROWS({1;2;3})
LARGE(A1:A6,2) | SMALL(A1:A6,2) | RANK(A6,A1:A6) | RANK(A6,A1:A6,1) | RANK(5,A1:A6) | SUBTOTAL(9,A1:A6)
SUBTOTAL(109,A1:A6)
HYPERLINK("https://example.org","见附件") | 数据!A1 | '数据'!$A$6*2 | 分值+1 | SUM(分值,A2) | B3 | B6 | #N/A | {1,2}
TRUE | 1=1 | NOT(TRUE())
SUM(IF(A1>1,A1:A3,D1:D3)) | IF(COUNTBLANK(A1:B1)>0,"",A1*B1/100) | ROUND(A1/A6*10,2)
IF(SUM(A1:A6)=SUM(A6,A5,A4,A3,A2,A1),"平","不平")
"""


def formulas() -> list[str]:
    """The written ones and some hundred generated ones."""
    written = [formula.strip() for line in FORMULAS.splitlines() for formula in line.split(" | ") if formula.strip()]
    generator = random.Random(20260321)
    return written + [number(generator, 3) for _ in range(600)] + [text(generator, 3) for _ in range(200)]


def number(choose: random.Random, depth: int) -> str:
    """A random formula that gives a number, or an error."""
    column, top = choose.choice("ABD"), choose.randint(1, 3)
    if depth == 0:
        return choose.choice([f"{column}{choose.randint(1, 6)}", f"{column}{top}", "2", "0.5"])
    area = f"{column}{top}:{choose.choice([column, 'D'])}{choose.randint(top + 1, 6)}"
    digits = choose.randint(-1, 3)
    criterion = choose.choice(['">1"', '"<>0"', '"优"', '""', "A1"])
    first, second, condition = number(choose, depth - 1), number(choose, depth - 1), truth(choose, depth - 1)
    return choose.choice(
        [
            f"({first}{choose.choice('+-*/')}{second})",
            f"({first}{choose.choice('+-*/')}{second})",
            f"IF({condition},{first},{second})",
            f"IFERROR({first}+0,{second})",
            f"{choose.choice(['ROUND', 'ROUNDUP', 'ROUNDDOWN'])}({first},{digits})",
            f"{choose.choice(['SUM', 'MAX', 'MIN', 'COUNT', 'AVERAGE'])}({area},{first})",
            f"SUMPRODUCT(({area}>1)*{first})",
            f"COUNTIF({area},{criterion})",
            f"{choose.choice(['ABS', '-', 'N', 'INT'])}({first})",
            f"INDEX({area},{choose.randint(1, 3)},1)",
            f"LEN({text(choose, depth - 1)})",
        ]
    )


def text(choose: random.Random, depth: int) -> str:
    """A random formula that gives text, or an error."""
    if depth == 0:
        return choose.choice([f"C{choose.randint(1, 6)}", '"优"', '""'])
    first, amount = text(choose, depth - 1), number(choose, depth - 1)
    return choose.choice(
        [
            f"({first}&{amount})",
            f"IF({truth(choose, depth - 1)},{first},{text(choose, depth - 1)})",
            f"{choose.choice(['LEFT', 'RIGHT'])}({first},{choose.randint(0, 3)})",
            f"MID({first},{choose.randint(1, 3)},2)",
            f'TEXT({amount},"{choose.choice(["0", "0.00", "0%", "0.00%", "#,##0.00"])}")',
        ]
    )


def truth(choose: random.Random, depth: int) -> str:
    """A random condition."""
    level = max(depth - 1, 0)
    first, second = number(choose, level), number(choose, level)
    return choose.choice(
        [
            f"{first}{choose.choice(['=', '<>', '<', '>='])}{second}",
            f"{text(choose, level)}={text(choose, level)}",
            f"{choose.choice(['AND', 'OR'])}({first}>0,{second})",
            f"{choose.choice(['ISNUMBER', 'ISERROR', 'ISTEXT', 'NOT'])}({first})",
        ]
    )


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Value, object]]:
    """Each formula with our value and Calc's; those that we leave alone are left out."""
    folder = tmp_path_factory.mktemp("calc")
    sheet = {f"H{row}": f"={formula}" for row, formula in enumerate(formulas(), start=1)}
    result = book({"数据": {**DATA, **sheet}}, {"分值": "'数据'!$A$1"}).recalculated()
    theirs = calculated(folder, {**DATA, **sheet})
    return [
        (formula, result.values[place], theirs[row - 1])
        for row, formula in enumerate(formulas(), start=1)
        if (place := ("数据", Address(row, 8))) in result.values
    ]


def calculated(folder: Path, cells: dict[str, Value]) -> list[object]:
    """Column H as Calc computes it: openpyxl writes no cached values, so Calc has to."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "数据"
    workbook.defined_names["分值"] = DefinedName("分值", attr_text="'数据'!$A$1")
    for place, content in cells.items():
        sheet[place] = str(content) if isinstance(content, CellError) else content
    values = recalculated(workbook, folder)["数据"]
    return [row[0] for row in values.iter_rows(min_col=8, max_col=8, max_row=len(cells) - len(DATA), values_only=True)]


def alike(ours: Value, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, (int, float)) and not isinstance(theirs, bool):
        return ours == pytest.approx(theirs, rel=1e-14, abs=1e-14)
    if isinstance(ours, CellError):
        return str(ours) == theirs
    return (ours or None) == theirs if isinstance(ours, str) else ours is theirs


def test_what_we_compute_calc_computes_too(compared: list[tuple[str, Value, object]]) -> None:
    assert len(compared) > 1000
    different = [
        f"={formula}  ours {ours!r}  Calc {theirs!r}" for formula, ours, theirs in compared if not alike(ours, theirs)
    ]
    assert not different, "\n".join(different)
