"""自检: formulas of known results, by which a desk sees whether its program computes as the native formulas take for granted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from perfeval import formulatext
from perfeval.forms.edits import Formula
from perfeval.forms.grid import Value

SHEET = "自检"
HEADINGS = ("序号", "检查什么", "本软件算得", "应为", "一致")
WIDTHS = (8, 52, 22, 22, 8)
VERDICT, WARNING, OPTIONS, WHOLE = "B2", "D2", "B3", "B4"
_FIRST = 7
FINE = "本软件计算一致"


@dataclass(frozen=True, slots=True)
class Check:
    """A formula, and what it gives wherever the native formulas hold."""

    what: str
    formula: str
    result: str | float


CHECKS: Sequence[Check] = (
    Check("正好一半进位：2.675×100 按整数算", "INT(ROUND((2*26750+100)/(2*100),11))/100", 2.68),
    Check("正好一半进位：17÷26×0.13", "INT(ROUND((2*17*13+26)/(2*26),11))/100", 0.09),
    Check("正好一半进位：1÷8×10，留两位", "INT(ROUND((2*1*1000*100+8*100)/(2*8*100),11))/100", 1.25),
    Check("差一点不到一半不进位", "INT(ROUND((2*4999999999+10000000000)/(2*10000000000),11))", 0),
    Check("舍入后相等：0.1+0.2", "IF(ROUND(0.1+0.2,2)=0.3,1,0)", 1),
    Check("文字逐字相同：大小写不同", 'IF(EXACT("T","t"),1,0)', 0),
    Check("文字逐字相同：全角半角不同", 'IF(EXACT("％","%"),1,0)', 0),
    Check("查找不分通配符：“*”不等于“人”", 'IF(EXACT(INDEX(B7:B8,MATCH("*",B7:B8,0)),"*"),1,0)', 0),
    Check("FIND 区分大小写", 'IF(ISNUMBER(FIND("t","KT")),1,0)', 0),
    Check("COUNT 不数错误值和文字", 'COUNT(FIND("降","增"),FIND("增","增"),"人")', 1),
    Check("文字转数：30.68 的 4 次方位", 'VALUE("30.68"&"E"&4)', 306800),
    Check("文字转数：98.5%", 'VALUE("98.5"&"E"&-2)', 0.985),
    Check("数转文字：0.95", '0.95&""', "0.95"),
    Check("空单元格按文字是空白", 'IF(F1&""="",1,0)', 1),
    Check("空单元格按数是 0", "N(F1)", 0),
    Check("错误值不当作空白", 'IFERROR(IF(VALUE("人")="",1,2),3)', 3),
    Check("IF 只算用到的一边", "IF(1=1,1,1/0)", 1),
    Check("OR 遇到错误值得错误值", "IFERROR(IF(OR(1=1,1/0>0),1,2),3)", 3),
    Check("取整：负数向下", "INT(-0.5)", -1),
    Check("四舍五入：负数离零", "ROUND(-2.5,0)", -3),
    Check("替换全部出现的字", 'SUBSTITUTE("1,234,567",",","")', "1234567"),
    Check("截取超出长度", 'MID("人次",2,99)', "次"),
)


def rows(stated: str, whole: str) -> Iterator[tuple[int, Sequence[Value | Formula]]]:
    """Row number and contents from column A on. ``stated`` is the expression of why the 口径 no longer fits, ``whole`` that of the
    whole body's standard; each "" where it does."""
    last = _FIRST + len(CHECKS) - 1
    wrong = f"COUNTIF(E{_FIRST}:E{last},0)+{len(CHECKS)}-COUNT(E{_FIRST}:E{last})"
    verdict = (
        f'IF({wrong}=0,{formulatext.text(FINE)},"有 "&({wrong})&" 项与标准不同，得分可能不对，请把本表发给制作的人")'
    )
    warning = f'IF({wrong}=0,"","本软件的计算与标准不同，得分可能不对，见“{SHEET}”")'
    yield 1, (SHEET,)
    yield 2, ("结论", Formula(verdict), "提示里说", Formula(warning))
    yield 3, ("口径", Formula(stated))
    yield 4, ("整体标准", Formula(whole))
    yield 5, (None, "换一种表格软件打开，先看这一张：每一行的“本软件算得”应与“应为”相同。")
    yield _FIRST - 1, HEADINGS
    for number, check in enumerate(CHECKS, start=1):
        row = _FIRST + number - 1
        same = (
            f'IFERROR(IF(EXACT(C{row}&"",D{row}&""),1,0),0)'
            if isinstance(check.result, str)
            else f"IFERROR(IF(ABS(C{row}-D{row})<1E-9,1,0),0)"
        )
        yield row, (number, check.what, Formula(check.formula), check.result, Formula(same))


def at(cell: str) -> str:
    """A cell of the sheet, absolute, as other sheets name it."""
    return formulatext.at(SHEET, f"${cell[0]}${cell[1:]}")
