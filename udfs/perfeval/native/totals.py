"""执行率, its score, 总分 and 等级 as formulas of a worksheet's own functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfeval import formulatext, worksheet
from perfeval.arithmetic import Scaled, finest
from perfeval.scoring.proportion import execution_units

if TYPE_CHECKING:
    from perfeval.conventions import Convention, DetailedConvention
    from perfeval.standards import DetailedStandard, Standard

_MONEY = 2  # decimals of amounts in 元; those in 万元 have more
_FINE = 6
_WEIGHT_PLACES = 2
_LARGEST = 50_000_000_000  # units: what lies nearer to a tie than doubles tell apart is not computed
_POINTS = 6  # decimals of a sum of points


def rate(budget: str, executed: str) -> str:
    """执行率; something over nothing is #DIV/0!."""
    return f"IF({_no_numbers(budget, executed)},#VALUE!,IF({budget}<0,#VALUE!,IF({executed}<=0,0,{executed}/{budget})))"


def execution_score(budget: str, executed: str, weight: str, convention: Convention) -> str:
    """What the rate scores; "" where amounts or weight have more digits than a worksheet computes exactly."""
    worth = Scaled(worksheet.units(weight, _WEIGHT_PLACES), _WEIGHT_PLACES)  # type: ignore[arg-type]
    places = finest(convention.score, worth)
    formula = '""'
    for decimals in (_FINE, _MONEY, 0):
        whole, part = (worksheet.units(f"{cell}", decimals) for cell in (budget, f"MAX({executed},0)"))
        points = worksheet.in_points(execution_units(part, whole, worth, convention), places)
        fits = ",".join(
            f"ROUND({cell},{decimals})={cell},ABS({cell})<={_LARGEST}/1E{decimals}" for cell in (budget, executed)
        )
        formula = f"IF(AND({fits}),{points},{formula})"
    nothing = {"error": "#DIV/0!", "full": weight, "zero": "0"}[convention.zero_budget]
    without = f"IF({executed}>0,#DIV/0!,{nothing})"
    fits = f'IF(ROUND({weight},{_WEIGHT_PLACES})={weight},{formula},"")'
    return f"IF({_no_numbers(budget, executed, weight)},#VALUE!,IF(OR({budget}<0,{weight}<0),#VALUE!,IF({budget}=0,{without},{fits})))"


def _no_numbers(*cells: str) -> str:
    return f"COUNT({','.join(cells)})<{len(cells)}"


def total(scores: str) -> str:
    """总分 of cells and ranges: what is no number counts nothing."""
    return f"ROUND(SUM({scores}),{_POINTS})"


def grade(total: str, standard: Standard | DetailedStandard, convention: Convention | DetailedConvention) -> str:
    """等级 of a total."""
    places = convention.score if convention.grade_on == "rounded" else _POINTS
    formula = "#VALUE!"
    for name, lowest in reversed(standard.grades):
        formula = f"IF(ROUND({total},{places})>={lowest},{formulatext.text(name)},{formula})"
    return f"IF({total}<0,#VALUE!,{formula})"
