"""One row of indicators as formulas: 测算得分, 完成率 and 达标 from what was read of its two values.

The points come from the kernels of ``scoring.bounds``, run over formulas. ``perfeval.native.beside`` is the face for whoever lays
such rows beside a form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from perfeval import worksheet
from perfeval.arithmetic import Scaled, finest
from perfeval.formulatext import text as quoted
from perfeval.native import reading
from perfeval.native.reading import DEADLINE, INAPPLICABLE, RANGE, UNREAD, WORDS
from perfeval.native.tables import FALL, RISE, SCALED, Places
from perfeval.native.words import holds
from perfeval.scoring import bounds
from perfeval.scoring.indicator import DURATIONS
from perfeval.worksheet import Term

if TYPE_CHECKING:
    from perfeval.conventions import Convention

NUMBERS = (
    "scale",
    "n_low",
    "n_high",
    "n_done",
    "goal",
    "done_as",
    "unlike",
    "why",
    "met",
    "units",
)  # the names of its helpers

_WEIGHT_PLACES = 2
_SCALES = (0, 2, 4, 6)  # decimals of a row's numbers, the fewest that hold them all
_LARGEST = 50_000_000_000  # units: what lies nearer to a tie than doubles tell apart is not computed
_SERIALS = (36526, 73050)  # 2000-1-1 and 2099-12-31: a whole number between them that somebody typed may be a date


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a row, as formulas of its sheet name them. ``kind`` is the expression of its 二级指标; ``computed`` the cell that
    shows its 测算得分. ``weight``, ``score`` and ``reason`` are None where the form prints none."""

    target: str
    actual: str
    kind: str
    weight: str | None = None
    score: str | None = None
    reason: str | None = None
    computed: str | None = None


def helpers(cells: Cells, at: Callable[[str], str], places: Places, convention: Convention) -> Mapping[str, str]:
    """Helper name → expression, of all that the results need; ``at`` gives the cell of a helper."""
    return {
        **reading.formulas(cells.target, cells.actual, cells.kind, at, places),
        **_numbers(cells, at),
        "met": _met(cells, at),
        "units": _units(at, convention, cells.weight) if cells.weight else '""',
    }


# --- the numbers that the kernels take, or why there are none ---


def _numbers(cells: Cells, at: Callable[[str], str]) -> dict[str, str]:
    """The row's numbers as whole numbers at one power of ten."""
    scale = at("scale")
    whole = {
        f"n_{name}": f'IF(ISNUMBER({at(name)}),ROUND({at(name)}*{scale},0),"")' for name in ("low", "high", "done")
    }
    return {
        "scale": _scale(at),
        **whole,
        "goal": _shown(cells.target, at("place"), at("bare")),
        "done_as": _shown(cells.actual, at("a_place"), at("a_bare")),
        "unlike": f'IF({_unlike_units(at)},{_units_told(cells, at, at("goal"), at("done_as"))},"")',
        "why": _why(cells, at),
    }


def _scale(at: Callable[[str], str]) -> str:
    formula = "0"
    for places in reversed(_SCALES):
        fits = ",".join(
            f"ROUND(N({at(name)}),{places})=N({at(name)}),ABS(N({at(name)}))<={_LARGEST}/1E{places}"
            for name in ("low", "high", "done")
        )
        formula = f"IF(AND({fits}),1E{places},{formula})"
    return formula


def _why(cells: Cells, at: Callable[[str], str]) -> str:
    """Why a row has no score: 1 and the reason where PerfEval refuses it, 2 and the reason where this edition does; else ""."""
    direction, low, done, aflags = map(at, ("dir", "low", "done", "aflags"))
    numeric = f"IF(LEN({direction})=1,ISNUMBER(FIND({direction},{quoted(bounds.SIGNS)})),{direction}={quoted(RANGE)})"
    unmeasured = (
        f'IF({aflags}={quoted(UNREAD)},"2本版读不出完成值“"&TRIM({cells.actual})&"”：请只填数（带单位），或由人评定填得分",'
        f'IF({holds(aflags, reading.OF_NOTHING)},"1指标值是数量，完成值却是“"&TRIM({cells.actual})&"”，请填实际完成的数",'
        f'"1完成值“"&TRIM({cells.actual})&"”不是测量值，请填实际完成的数（带单位）"))'
    )
    low_missing = f"NOT(ISNUMBER({low}))"
    a_day = f"ISNUMBER({cells.actual}),{at('a_same')}=0,{done}=INT({done}),{done}>={_SERIALS[0]},{done}<={_SERIALS[1]}"
    compared = (
        f'IF({done}="",{unmeasured},IF({_unlike_trends(at)},{_trends_told(at)},IF({at("unlike")}<>"",{at("unlike")},'
        f'IF(AND({a_day}),"2完成值 "&{cells.actual}&" 像是日期：是数的请带上单位，是日期的由人评定",'
        f'IF({at("scale")}=0,"2数太大或小数太多，本版不计算，请由人评定填得分","")))))'
    )
    incomplete = f"OR({low_missing},AND({direction}={quoted(RANGE)},NOT(ISNUMBER({at('high')}))))"
    number = f'IF({incomplete},"2请在右边填指标数和上限，或由人评定填得分",{compared})'
    return (
        f'IF(OR({cells.target}="",{cells.actual}=""),"",IF({direction}={quoted(reading.REFUSED)},"1"&{at("s_note")},'
        f'IF({aflags}={quoted(reading.REFUSED)},"1"&{at("a_note")},'
        f'IF(OR({direction}="",{direction}={quoted(INAPPLICABLE)},{direction}={quoted(WORDS)},{direction}={quoted(DEADLINE)}),"",'
        f'IF({numeric},{number},"2本版读不出指标值“"&TRIM({cells.target})&"”：请写成 ≥95%、50万元 这样的数，或由人评定填得分")))))'
    )


def _shown(cell: str, place: str, bare: str) -> str:
    """A value in words: the number with its unit where that was found."""
    return f"IF({place}=0,TRIM({cell}),TRIM({bare}))"


def _unlike_trends(at: Callable[[str], str]) -> str:
    """A fall beside what is none: only a number that tells no direction, and is not negative, goes with one."""
    wanted, told = at("flags"), at("aflags")
    return f"IF({holds(wanted, FALL)},IF({holds(told, FALL)},1=0,IF({holds(told, RISE)},1=1,{at('done')}<0)),{holds(told, FALL)})"


def _trends_told(at: Callable[[str], str]) -> str:
    words = [
        f'IF({holds(at(flags), FALL)},"下降",IF({holds(at(flags), RISE)},"增长","没有说明升降的数"))'
        for flags in ("flags", "aflags")
    ]
    return f'"1一个是“"&{words[0]}&"”，一个是“"&{words[1]}&"”，不能比较，请改成同一方向的数"'


def _unlike_units(at: Callable[[str], str]) -> str:
    return f"NOT(EXACT({at('unit')},{at('r_aunit')}))"


def _units_told(cells: Cells, at: Callable[[str], str], target: str, actual: str) -> str:
    """Why two units cannot be compared; "" where a bare number goes with the other's. 盏 and 盏路灯 are for a person here."""
    unit, other = at("unit"), at("r_aunit")
    begins = f"OR(LEFT({unit},LEN({other}))={other},LEFT({other},LEN({unit}))={unit})"
    bare_target = _bare(f"ISNUMBER({cells.target})", at("low"), at("flags"), other, at("aflags"), actual, target)
    bare_actual = _bare(f"ISNUMBER({cells.actual})", at("done"), at("aflags"), unit, at("flags"), target, actual)
    return (
        f'IF({unit}="",{bare_target},IF({other}="",{bare_actual},IF({begins},"2单位不尽相同，请写成一样，或由人评定填得分",'
        f'"1单位不同：“"&{target}&"”与“"&{actual}&"”不能比较，请改成同一单位")))'
    )


def _bare(is_numeric: str, number: str, flags: str, unit: str, unit_flags: str, measured: str, text: str) -> str:
    """A number without a unit beside one with: why that cannot be compared, or ""."""
    percent = f'"1“"&{measured}&"”是百分比，“"&{text}&"”没有 %："&{text}&" 还是 "&{text}&"%？请写明"'
    scaled = f'"1“"&{measured}&"”带“万”或“亿”，“"&{text}&"”没有单位，请在“"&{text}&"”后写明单位"'
    return (
        f'IF(OR({number}=0,AND({holds(flags, SCALED)},{unit}<>"%")),"",'
        f'IF({unit}="%",IF({is_numeric},IF(ABS({number})<=10,"",{percent}),{percent}),'
        f'IF({holds(unit_flags, SCALED)},{scaled},"")))'
    )


# --- results ---


def score(cells: Cells, at: Callable[[str], str], convention: Convention, weight: str) -> str:
    """测算得分 for a weight's cell: "" for a person's, — for 不适用, #VALUE! where the values cannot be compared."""
    why, direction = at("why"), at("dir")
    units = at("units") if weight == cells.weight else _units(at, convention, weight)
    places = finest(convention.score, _worth(weight))
    points = f'IF({units}<0,"",{units}/{10**places})'
    in_time = f'IF({_kept(cells, at)},{weight},"")'
    by_direction = (
        f'IF(OR({direction}="",{direction}={quoted(WORDS)}),"",IF({direction}={quoted(DEADLINE)},{in_time},{points}))'
    )
    plainly = f'IF(ROUND({weight},{_WEIGHT_PLACES})={weight},{by_direction},"")'
    worthy = f'IF(ISNUMBER({weight}),IF({weight}<0,#VALUE!,{plainly}),"")'
    return f'IF(LEFT({why},1)="1",#VALUE!,IF({why}<>"","",IF({direction}={quoted(INAPPLICABLE)},"—",{worthy})))'


def _units(at: Callable[[str], str], convention: Convention, weight: str) -> str:
    """The points in units of their last decimal, by the kernels; negative for a person's."""
    worth, direction = _worth(weight), at("dir")
    of_bound = bounds.units(Term(direction), _number(at("n_low")), _number(at("n_done")), worth, convention)
    of_range = bounds.units_of_range(*_range(at), worth, convention)
    return f"IF(ISNUMBER({at('n_done')}),IF({direction}={quoted(RANGE)},{of_range.text},{of_bound.text}),-1)"


def _worth(weight: str) -> Scaled:
    return Scaled(worksheet.units(weight, _WEIGHT_PLACES), _WEIGHT_PLACES)  # type: ignore[arg-type]


def completion(cells: Cells, at: Callable[[str], str]) -> str:
    """完成率; "" for a person's, an error where there is none."""
    direction, low, high, done = map(at, ("dir", "low", "high", "done"))
    inside = worksheet.condition(bounds.is_inside(*_ends(at)))
    end = f"IF({at('n_done')}<={at('n_low')},{low},{high})"
    of_range = f"IF({inside},1,{done}/{end})"
    rate = f'IF({direction}={quoted(DEADLINE)},IF({_kept(cells, at)},1,""),IF({direction}={quoted(RANGE)},{of_range},{done}/{low}))'
    return _guarded(at, rate)


def meets(at: Callable[[str], str]) -> str:
    """达标: 是 or 否, "" for a person's, an error where the values cannot be compared."""
    return at("met")


def _met(cells: Cells, at: Callable[[str], str]) -> str:
    direction = at("dir")
    inside = worksheet.condition(bounds.is_inside(*_ends(at)))
    sooner = f"AND({_is_duration(at)},{at('n_done')}<{at('n_low')})"
    of_range = f'IF({sooner},"",IF({inside},"是","否"))'
    of_bound = worksheet.condition(bounds.is_met(Term(direction), _number(at("n_low")), _number(at("n_done"))))
    in_time = f'IF({_kept(cells, at)},"是",IF({is_late(at)},"否",""))'
    told = f'IF({direction}={quoted(DEADLINE)},{in_time},IF({direction}={quoted(RANGE)},{of_range},IF({of_bound},"是","否")))'
    return f'IF(OR({cells.target}="",{cells.actual}=""),"",{_guarded(at, told)})'


def _guarded(at: Callable[[str], str], result: str) -> str:
    """A result, unless there is none: refused, a person's, or not applicable."""
    why, direction = at("why"), at("dir")
    refused = f'OR(LEFT({why},1)="1",{direction}={quoted(INAPPLICABLE)},{holds(at("aflags"), reading.BY_BOUND)})'
    return f'IF({refused},"—",IF(OR({why}<>"",{direction}="",{direction}={quoted(WORDS)}),"",{result}))'


def _number(cell: str) -> Term:
    return Term(cell)


def _ends(at: Callable[[str], str]) -> tuple[Term, Term, Term, Term, Term]:
    low, high, done = (_number(at(f"n_{name}")) for name in ("low", "high", "done"))
    low_open, high_open = (Term(holds(at("flags"), flag)) for flag in (reading.LOW_OPEN, reading.HIGH_OPEN))
    return low, high, low_open, high_open, done


def _range(at: Callable[[str], str]) -> tuple[Term, Term, Term, Term, Term, Term]:
    low, high, low_open, high_open, done = _ends(at)
    return low, high, low_open, high_open, Term(_is_duration(at)), done


def _is_duration(at: Callable[[str], str]) -> str:
    return f'ISNUMBER(FIND("|"&{at("unit")}&"|","|{"|".join(sorted(DURATIONS))}|"))'


def _same_year(at: Callable[[str], str]) -> str:
    """Whether the dates of target and actual both name a year, or neither does."""
    return f"{holds(at('flags'), reading.NO_YEAR)}={holds(at('aflags'), reading.NO_YEAR)}"


def _dated(at: Callable[[str], str]) -> str:
    """Whether both dates were read, of one kind, and what was done was not done before its period began."""
    begun = f'OR({at("low")}="",{at("a_start")}>=N({at("low")}))'
    return f"{at('a_same')}=1,{at('same')}=1,{holds(at('aflags'), reading.OF_DAY)},{_same_year(at)},{begun}"


def _kept(cells: Cells, at: Callable[[str], str]) -> str:
    """Whether a deadline was certainly kept: by what PerfEval read, or because both cells say the same date."""
    alike = (
        f'AND(EXACT({cells.target}&"",{cells.actual}&""),NOT({holds(cells.target + "&" + chr(34) * 2, *"≤<早迟晚")}))'
    )
    return f"OR({alike},AND({_dated(at)},{at('a_done')}<=N({at('high')})))"


def is_late(at: Callable[[str], str]) -> str:
    """Whether a deadline was certainly missed."""
    first = f'OR({at("a_first")}="",{at("a_first")}>N({at("high")}))'
    return f"AND({_dated(at)},{at('a_done')}>N({at('high')}),{first})"
