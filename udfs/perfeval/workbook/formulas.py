"""The live formulas of a 自评表: rates, scores and hints of its rows, as text.

They name the form's columns: D–F are the amounts, below E is 年度指标值 and F 实际完成值; G 分值, H 得分, I 偏差原因 (above: the
得分 of 预算执行率); K 测算得分, L 完成率, M 达标, N 提示. Every formula gives one cell, and "" until its inputs are there:
a lone blank cell would reach a function in Calc as 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from perfeval import formulatext
from perfeval.conventions import Convention
from perfeval.forms.edits import Formula
from perfeval.records.names import BASICS, CONVENTION, FAULTS

STATES = NOT_FILLED, BEGUN, HINTED, READY = "未填", "填了一半", "有提示", "可报送"
FILLED = "已填"
BAD = f"口径有误，见“{BASICS}”"
_BAD = formulatext.text(BAD)


def span(rows: range, left: str, right: str = "") -> str:
    """The cells of these rows in a column, or from one column to another: ``G13:G15``."""
    return f"{left}{rows.start}:{right or left}{rows[-1]}"


def _unless_blank(cells: str, then: str) -> Formula:
    """The formula, but "" until every one of these neighbouring cells is filled."""
    return Formula(f'IF(COUNTBLANK({cells})>0,"",{then})')


def _scored(cells: str, then: str) -> Formula:
    """The same, and "" while the functions cannot use the 口径."""
    return Formula(f'IF(COUNTBLANK({cells})+{FAULTS}>0,"",{then})')


def _told(said: str) -> Formula:
    """A 提示, or that the 口径 is wrong. Where it cannot be computed the scores beside it show that: Calc reads no cached "",
    and would show it in every row on a desk without the add-in."""
    return Formula(f'IF({FAULTS}>0,{_BAD},IFERROR({said},""))')


# --- 预算执行率; ``budget`` is the column of the denominator ---


def execution_rate(row: int, budget: str) -> Formula:
    """执行率 of a source of funds."""
    return _unless_blank(f"{budget}{row}:F{row}", f"PE_EXEC_RATE({budget}{row},F{row})")


def execution_score(row: int, budget: str) -> Formula:
    """What the execution rate scores."""
    return _scored(f"{budget}{row}:G{row}", f"PE_EXEC_SCORE({budget}{row},F{row},G{row},{CONVENTION})")


def execution_hint(row: int, budget: str) -> Formula:
    """What is odd about the execution rate and its 得分."""
    said = (
        f'IFERROR(IF(H{row}>1,"执行数大于预算数，请核对",IF(I{row}="","得分空白，请填写",'
        f'IF(I{row}<>K{row},"得分与测算得分不同，请核对",""))),"算不出得分，请核对预算数和执行数，或直接填得分")'
    )
    return _unless_blank(f"{budget}{row}:G{row}", f"IF({FAULTS}>0,{_BAD},{said})")


# --- an indicator; ``kind`` is the cell of its 二级指标, or of its 一级指标 where it has none ---


def completion(row: int, kind: str) -> Formula:
    """完成率; a dash where the two values cannot be compared."""
    return _unless_blank(f"E{row}:F{row}", f'IFERROR(PE_COMPLETION(E{row},F{row},{kind},{CONVENTION}),"—")')


def meets(row: int, kind: str) -> Formula:
    """是 or 否; a dash where the two values cannot be compared."""
    return _unless_blank(f"E{row}:F{row}", f'IFERROR(PE_MEETS(E{row},F{row},{kind},{CONVENTION}),"—")')


def score(row: int, kind: str) -> Formula:
    """测算得分. An indicator that does not apply has none, and must not spoil the total: hence a dash."""
    computed = f"PE_INDICATOR_SCORE(E{row},F{row},G{row},{kind},{CONVENTION})"
    return _scored(f"E{row}:G{row}", f'_xlfn.IFNA({computed},"—")')


def hint(row: int, kind: str) -> Formula:
    """提示."""
    return _told(
        f'PE_HINT(IF(E{row}="","",E{row}),IF(F{row}="","",F{row}),G{row}&"",IFERROR(H{row}&"",""),I{row}&"",'
        f"{kind},{CONVENTION})"
    )


def of_both(function: str, target: str, actual: str, kind: str) -> Formula:
    """PE_COMPLETION or PE_MEETS of two cells that are no neighbours; a dash where they cannot be compared."""
    return Formula(f'IF(OR({target}="",{actual}=""),"",IFERROR({function}({target},{actual},{kind},{CONVENTION}),"—"))')


# --- a 自评表 without points, whose columns stand where its table puts them ---


def rate_of(budget: str, executed: str) -> Formula:
    """执行率 of two cells that may be no neighbours."""
    return Formula(f'IF(OR({budget}="",{executed}=""),"",PE_EXEC_RATE({budget},{executed}))')


def unscored_hint(target: str, actual: str, reason: str, kind: str) -> Formula:
    """提示 of a row without 分值 and 得分."""
    values = ",".join(f'IF({cell}="","",{cell})' for cell in (target, actual))
    return _told(f'PE_HINT({values},"","",{reason}&"",{kind},{CONVENTION})')


# --- several indicators that share one 分值 ---


def shared_score(rows: range, kinds: Sequence[str], convention: Convention) -> Formula:
    """Full where every row is met; otherwise a person's, or the mean where the convention says so."""
    weight = f"G{rows.start}"
    otherwise = '""'
    if convention.shared == "average":
        parts = "+".join(
            f"PE_INDICATOR_SCORE(E{row},F{row},{weight},{kind},{CONVENTION})"
            for row, kind in zip(rows, kinds, strict=True)
        )
        otherwise = f'IFERROR(MIN({weight},ROUND(({parts})/{len(rows)},{convention.score})),"")'
    blanks = f"COUNTBLANK({span(rows, 'E', 'F')})+COUNTBLANK({weight})+{FAULTS}"
    met = f'COUNTIF({span(rows, "M")},"是")={len(rows)}'
    return Formula(f'IF({blanks}>0,"",IF({met},{weight},{otherwise}))')


def shared_hint(row: int, convention: Convention) -> Formula:
    """Which of the rows keeps the shared 得分 from being full."""
    missed = "按各行得分率平均" if convention.shared == "average" else "共用分值的得分由人评定，请填得分和偏差原因"
    said = f'IF(M{row}="是","",IF(M{row}="否","未达标，{missed}","由人评定，请在共用的得分里填分"))'
    return _unless_blank(f"E{row}:F{row}", f"IF({FAULTS}>0,{_BAD},{said})")


# --- the total, in the row below the indicators' ``rows``; ``execution`` is the row of 预算执行率 ---


def total_weight(execution: int, rows: range) -> Formula:
    """The sum of all 分值."""
    return Formula(f"SUM(G{execution},{span(rows, 'G')})")


def total(execution: int, rows: range, convention: Convention) -> Formula:
    """总分 of what has a 得分 by now; where the convention says so, as a share of what the applicable rows are worth."""
    scores = f"I{execution},{span(rows, 'H')}"
    sum_of_scores = f"PE_TOTAL({scores})"
    if convention.not_applicable == "rescale":
        worth = f'(G{execution}+SUMIF({span(rows, "H")},"<>—",{span(rows, "G")}))'
        sum_of_scores = f'IF({worth}=0,"",ROUND({sum_of_scores}*100/{worth},{convention.score}))'
    return Formula(f'IF(COUNT({scores})=0,"",{sum_of_scores})')


def grade(execution: int, rows: range) -> Formula:
    """等级, once every row with a 分值 above 0 has a 得分."""
    weights, scores = span(rows, "G"), span(rows, "H")
    unscored = f'COUNTIF({weights},">0")>COUNTIFS({weights},">0",{scores},">=0")'
    unfinished = f'{FAULTS}>0,COUNTIF({weights},">0")=0,AND(G{execution}>0,COUNT(I{execution})=0),{unscored}'
    return Formula(f'IF(OR({unfinished}),"",PE_GRADE(H{rows.stop},{CONVENTION}))')


# --- how far a form has come; ``hints`` are the cells of its 提示, ranges or single cells ---


def progress(done: str, wanted: str, hints: Sequence[str]) -> Formula:
    """How many rows of those to be filled are, and how many 提示 there are."""
    return Formula(f'"{FILLED} "&{done}&"/"&{wanted}&"　提示 "&{_count(hints)}&" 条"')


def standing(total: str, grade: str) -> Formula:
    """总分 and 等级 in one line."""
    return Formula(f'"总分 "&IF({total}="","—",TEXT({total},"0.00"))&IF({grade}="","","　"&{grade})')


def with_actuals(targets: str, actuals: str) -> str:
    """The expression of how many rows have both a target and an actual."""
    return f'COUNTIFS({targets},"<>",{actuals},"<>")'


def state(funds: range, outcome: str, execution: int, rows: range, grade: str, hints: Sequence[str]) -> Formula:
    """未填, 填了一半, 有提示 or 可报送: whether anything of the year's end is there, as ``forms.filled`` asks, whether everything is, and
    whether a 提示 is left."""
    numbers = f"COUNT({span(funds, 'F')},I{execution},{span(rows, 'H')})"
    texts = f"COUNTA({outcome},{span(rows, 'F')},{span(rows, 'I')})"
    targets = span(rows, "E")
    unfinished = f"{with_actuals(targets, span(rows, 'F'))}<COUNTA({targets})"
    missing = f'{unfinished},COUNT(F{execution})=0,{grade}=""'
    not_filled, begun, hinted, ready = map(formulatext.text, (NOT_FILLED, BEGUN, HINTED, READY))
    finished = f"IF(OR({missing}),{begun},IF({_count(hints)}>0,{hinted},{ready}))"
    return Formula(f"IF({numbers}+{texts}=0,{not_filled},{finished})")


def _count(hints: Sequence[str]) -> str:
    """The expression of how many are not blank."""
    return "(" + "+".join(f"ROWS({cells})-COUNTBLANK({cells})" for cells in hints) + ")"


def weights_hint(rows: range) -> Formula:
    """Whether all 分值 make 100."""
    weight = f"G{rows.stop}"
    wrong = f'IF(ROUND({weight},2)=100,"","分值合计应为 100，现为 "&{weight})'
    return Formula(f'IF(COUNT({span(rows, "G")})=0,"",{wrong})')
