"""What a 指标值 and a 完成值 say, as formulas of helper cells beside them.

Each row keeps the reading that PerfEval made of its two texts (``saved``); it counts while a text is unchanged. A text that
somebody edits is read by formulas, the commonest spellings only. What counts stands in cells that a person may overtype.
What nobody reads has the direction ``UNREAD``: no score, and a hint.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from perfeval import formulatext
from perfeval.errors import PerfEvalError
from perfeval.forms.grid import Value
from perfeval.formulatext import text as quoted
from perfeval.hints.cells import actual_or_error, is_blank, target_or_error
from perfeval.native.tables import FALL, RISE, SCALED, Places
from perfeval.native.words import NO, YES, among, has_number, holds, longest, looked_up, plain, without_digits
from perfeval.periods import Period
from perfeval.quantities import PERCENT, Quantity
from perfeval.scoring.bounds import SIGNS
from perfeval.scoring.indicator import sign_of
from perfeval.targets import REVERSE_KINDS, Inapplicable, Range, Target, Threshold, Words, actual_of

if TYPE_CHECKING:
    from perfeval.conventions import Convention

# Directions: ≥ > = ≤ < and these.
BARE = "数"  # of a saved reading: a number without a sign, whose direction follows from the indicator's kind
RANGE, DEADLINE, WORDS, INAPPLICABLE, UNREAD, REFUSED = "区间", "时限", "定性", "不适用", "看不懂", "不能算"
CHOICES = (*SIGNS, RANGE, WORDS, INAPPLICABLE)  # what a person may choose

# Flags of a saved reading, one sign each.
LOW_OPEN, HIGH_OPEN, NO_YEAR = "左", "右", "季"
OF_NUMBER, OF_WORDS, OF_NOTHING, OF_DAY, BY_BOUND = "数", "词", "无", "期", "界"
_TRENDS = {-1: FALL, 0: "", 1: RISE}

SHOWN = ("dir", "low", "high", "unit", "done")  # what counts: a person may overtype it
SAVED = (
    "s_text", "s_dir", "s_low", "s_high", "s_unit", "s_flags", "s_note",
    "a_text", "a_start", "a_first", "a_done", "a_unit", "a_flags", "a_note",
)  # fmt: skip
READ = (
    "kind", "text", "head", "cut", "before", "behind", "bare", "rest", "number", "digits", "place", "same", "worded",
    "r_dir", "r_low", "r_high", "r_unit", "flags",
    "said", "opening", "a_bare", "a_rest", "a_number", "a_digits", "a_place", "a_same", "r_done", "r_aunit", "aflags",
)  # fmt: skip

_DAY_ZERO = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050  # 2000-1-1 and 2099-12-31: a number between them may be a date
_FIRST_DAY, _LAST_DAY = 19900101, 20991231  # days written as numbers
_LONGEST = 15  # digits that a worksheet keeps
# A name before a sign (满意度≥95%) that says nothing of the number, and what must not stand in one.
_NAMES = "率度数量额"
_NO_NAME = "降减压缩下增提升上涨浮不未最控大小±()年月日季底末前半第及至达"


# --- what PerfEval reads, as values ---


def saved(target: Value, actual: Value, kind: str, convention: Convention) -> dict[str, Value]:
    """What PerfEval reads in the two cells of a row, by the names of SAVED; None where a cell holds nothing."""
    return {**dict.fromkeys(SAVED), **_saved_target(target, kind, convention), **_saved_actual(actual, convention)}


def _saved_target(value: Value, kind: str, convention: Convention) -> dict[str, Value]:
    if is_blank(value) or isinstance(value, bool):
        return {}
    read = target_or_error(value, kind)
    kept: dict[str, Value] = {"s_text": _as_text(value)}
    if isinstance(read, PerfEvalError):
        return {**kept, "s_dir": REFUSED, "s_note": read.reason}
    return {**kept, **_of_target(read)}


def _of_target(read: Target) -> dict[str, Value]:
    match read:
        case Inapplicable():
            return {"s_dir": INAPPLICABLE}
        case Words():
            return {"s_dir": WORDS}
        case Period():
            if read.end.month == 2 and read.end.day == 29:  # what year it is moved to decides
                return {"s_dir": UNREAD}
            start = _serial(read.start) if read.start else None
            return {
                "s_dir": DEADLINE,
                "s_low": start,
                "s_high": _serial(read.end),
                "s_flags": "" if read.year else NO_YEAR,
                "s_note": read.text,
            }
        case Range():
            if read.low.trend or read.high.trend or read.low.unit == "季度":
                return {"s_dir": UNREAD}
            flags = LOW_OPEN * read.low_open + HIGH_OPEN * read.high_open + SCALED * read.low.scaled
            return {
                "s_dir": RANGE,
                "s_low": float(read.low.number),
                "s_high": float(read.high.number),
                "s_unit": read.low.unit,
                "s_flags": flags,
            }
        case Threshold():
            number = read.quantity
            if number.unit == "季度" or _may_be_a_day(number):
                return {"s_dir": UNREAD}
            direction = sign_of(read) if read.operator or _falls_to(read) else BARE
            return {
                "s_dir": direction,
                "s_low": float(number.number),
                "s_unit": number.unit,
                "s_flags": SCALED * number.scaled + _TRENDS[number.trend],
            }
    raise AssertionError(read)


def _falls_to(read: Threshold) -> bool:
    """Whether the words themselves make a bare number an upper bound (降至3%), whatever the indicator's kind."""
    again = target_or_error(read.text, "") if read.text else read
    return isinstance(again, Threshold) and again.upper and bool(again.quantity.number.units)


def _saved_actual(value: Value, convention: Convention) -> dict[str, Value]:
    if is_blank(value) or isinstance(value, bool):
        return {}
    read = actual_or_error(value, convention)
    kept: dict[str, Value] = {"a_text": _as_text(value)}
    match read:
        case PerfEvalError():
            return {**kept, "a_flags": REFUSED, "a_note": read.reason}
        case Inapplicable():
            return {**kept, "a_flags": OF_NOTHING}
        case Words():
            return {**kept, "a_flags": OF_WORDS}
        case Period():
            start = read.start or read.end
            flags = OF_DAY if read.year else OF_DAY + NO_YEAR
            first = _serial(read.earliest) if read.earliest else None
            return {
                **kept,
                "a_start": _serial(start),
                "a_first": first,
                "a_done": _serial(read.end),
                "a_flags": flags,
                "a_note": read.text,
            }
        case Quantity():
            if read.unit == "季度" or _may_be_a_day(read):
                return {**kept, "a_flags": UNREAD}
            flags = OF_NUMBER + SCALED * read.scaled + _TRENDS[read.trend] + BY_BOUND * _is_a_bound(value)
            return {**kept, "a_done": float(read.number), "a_unit": read.unit, "a_flags": flags}
    raise AssertionError(read)


def _is_a_bound(value: Any) -> bool:
    """Whether a 完成值 is read by the 口径 that takes ≥98% for 98% alone."""
    try:
        actual_of(value)
    except PerfEvalError:
        return True
    return False


def _may_be_a_day(number: Quantity) -> bool:
    return number.bare and not number.number.places and _FIRST_DAY <= number.number.units <= _LAST_DAY


def _as_text(value: Value) -> Value:
    """A cell's value as the formula finds it: a date is its number."""
    if isinstance(value, datetime):
        whole = value - datetime(1899, 12, 30)
        return whole / timedelta(days=1)
    return float(_serial(value)) if isinstance(value, date) else value


def _serial(day: date) -> int:
    return (day - _DAY_ZERO).days


# --- what formulas read ---


def formulas(target: str, actual: str, kind: str, at: Callable[[str], str], places: Places) -> Mapping[str, str]:
    """Helper name → expression, for the cells of READ and SHOWN. ``kind`` is the expression of the 二级指标, ``at`` gives a
    helper's cell."""
    return {
        "kind": kind,
        **_of_text(target, at, places),
        **_target(target, at, places),
        **_of_said(actual, at, places),
        **_actual(actual, at, places),
        **{name: at(f"r_{name}") for name in SHOWN},
    }


def _unchanged(cell: str, kept: str) -> str:
    """1 while a cell holds what it held when its reading was saved, else 0."""
    number = f"IF(ISNUMBER({kept}),IF({cell}={kept},1,0),0)"
    return f'IF(ISNUMBER({cell}),{number},IF(ISTEXT({kept}),IF(EXACT({cell}&"",{kept}),1,0),0))'


def _of_text(target: str, at: Callable[[str], str], places: Places) -> dict[str, str]:
    """The text of a 指标值 taken to pieces: a name before a sign, words before the number, number, unit, words behind."""
    text, head, cut, before, behind = map(at, ("text", "head", "cut", "before", "behind"))
    signs = ",".join(f"FIND({quoted(one)},{text}&{quoted(one)})" for one in "≥≤><=")
    named = (
        f"LEN({head})<LEN({text}),LEN({without_digits(head)})=LEN({head}),"
        f"ISNUMBER(FIND(RIGHT({head},1),{formulatext.text(_NAMES)})),NOT({holds(head, *_NO_NAME)})"
    )
    return {
        "text": plain(target),
        "head": f"LEFT({text},MIN({signs})-1)",
        "cut": f"IF(IF(LEN({head})<3,{NO},AND({named})),MID({text},LEN({head})+1,99),{text})",
        "before": longest("LEFT", cut, places, "before"),
        "behind": longest("RIGHT", f"MID({cut},LEN({before})+1,99)", places, "behind"),
        **_number_in(f"MID({cut},LEN({before})+1,LEN({cut})-LEN({before})-LEN({behind}))", before, "", at, places),
    }


def _of_said(actual: str, at: Callable[[str], str], places: Places) -> dict[str, str]:
    """The text of a 完成值 taken to pieces."""
    said, opening = at("said"), at("opening")
    return {
        "said": plain(actual),
        "opening": longest("LEFT", said, places, "measured"),
        **_number_in(f"MID({said},LEN({opening})+1,99)", opening, "a_", at, places),
    }


def _number_in(body: str, before: str, prefix: str, at: Callable[[str], str], places: Places) -> dict[str, str]:
    """A number with its unit: what is left of it without a minus, its unit's text, its digits, its unit's place in the table.

    A minus counts where nothing or a sign stands before it; anything else leaves no digits, and the place 0.
    """
    bare, rest, number, digits = (at(f"{prefix}{name}") for name in ("bare", "rest", "number", "digits"))
    whole = f'LEFT({number},FIND(".",{number}&".")-1)'
    plainly = f'SUBSTITUTE({whole},",","")'
    commas = (
        f'LEN({number})-LEN(SUBSTITUTE({number},",",""))=INT((LEN({plainly})-1)/3),LEN({whole})-LEN({plainly})=INT((LEN({plainly})-1)/3),'
        f'MID({whole},LEN({whole})-3,1)=",",'
        f'IF(LEN({plainly})>6,MID({whole},LEN({whole})-7,1)=",",{YES}),IF(LEN({plainly})>9,MID({whole},LEN({whole})-11,1)=",",{YES})'
    )
    odd = (
        f"LEN({bare})=LEN({rest}),NOT(EXACT(RIGHT({bare},LEN({rest})),{rest})),LEN({number})>{_LONGEST},"
        f'LEN({number})-LEN(SUBSTITUTE({number},".",""))>1,LEFT({number},1)=".",RIGHT({number},1)=".",RIGHT({number},1)=",",'
        f'IF({before}="",{NO},AND({_negative(body)},ISERROR(FIND({before},"≥≤><="))))'
    )
    grouped = f'IF(AND({commas}),SUBSTITUTE({number},",",""),"")'
    found = f"MATCH(TRIM({rest}),{places['units', 0]},0)"
    unit = f"INDEX({places['units', 0]},{found})"
    return {
        f"{prefix}bare": f"IF({_negative(body)},MID({body},2,99),TRIM({body}))",
        f"{prefix}rest": without_digits(bare),
        f"{prefix}number": f"LEFT({bare},LEN({bare})-LEN({rest}))",
        f"{prefix}digits": f'IFERROR(IF(OR({odd}),"",IF(ISERROR(FIND(",",{number})),{number},{grouped})),"")',
        f"{prefix}place": f'IF({digits}="",0,IF(TRIM({rest})="",1,IFERROR(IF(EXACT({unit},TRIM({rest})),{found},0),0)))',
    }


MEASURED = ("said", "bare", "rest", "number", "digits", "place", "written", "amount")  # the helpers of a lone measure


def measure(cell: str, unit: str, at: Callable[[str], str], places: Places) -> Mapping[str, str]:
    """Helper name → expression, of one text that is a number in ``unit`` (97万元 where 元 is asked for): ``amount`` is the number, ?
    for anything else; ``written`` the unit that stands there. ``unit`` "" takes a bare number alone."""
    said, place = at("said"), at("place")
    base = f"INDEX({places['units', 1]},{place})"
    fits = (
        f'EXACT({base}&"",{formulatext.text(unit)})'
        if unit == PERCENT
        else f'OR({place}=1,AND({base}<>"",EXACT({base}&"",{formulatext.text(unit)})))'
    )
    return {
        "said": plain(cell),
        **_number_in(said, '""', "", at, places),
        "written": f'IF(OR(ISNUMBER({cell}),{place}=0),"",{base}&"")',
        "amount": f'IF({place}=0,"?",IF({fits},{_value(said, "", at, places)},"?"))',
    }


def _negative(body: str) -> str:
    return f'LEFT({body},1)="-"'


def _value(body: str, prefix: str, at: Callable[[str], str], places: Places) -> str:
    """The number, by one conversion from its digits: 30.68万 is 306800, not 306799.9…"""
    return f'IF({_negative(body)},-1,1)*VALUE({at(prefix + "digits")}&"E"&INDEX({places["units", 2]},{at(prefix + "place")}))'


def _target(target: str, at: Callable[[str], str], places: Places) -> dict[str, str]:
    text, cut, before, behind, place, same = map(at, ("text", "cut", "before", "behind", "place", "same"))
    low, kept = at("r_low"), at("s_dir")
    body = f"MID({cut},LEN({before})+1,LEN({cut})-LEN({before})-LEN({behind}))"
    bare = f'IF(OR({holds(at("kind"), *REVERSE_KINDS)},N({low})=0),"≤","≥")'
    serial = f"ISNUMBER({target}),{low}=INT({low}),{low}>={_FIRST_SERIAL},{low}<={_LAST_SERIAL}"
    a_day = f"{place}=1,{low}>={_FIRST_DAY},{low}<={_LAST_DAY}"
    in_digits = f"ISNUMBER({target}),{low}>={_FIRST_DAY},{low}<={_LAST_DAY}"
    number = f"IF(OR(AND({serial}),AND({in_digits})),{quoted(UNREAD)},{bare})"
    said_before, said_behind = looked_up(before, places, "before", 1), looked_up(behind, places, "behind", 1)
    sign, worded = (
        at("worded"),
        (
            f'IF({before}="",{said_behind},IF({behind}="",{said_before},IF({said_behind}={said_before},{said_before},'
            f'IF({said_before}="",{said_behind},{quoted(UNREAD)}))))'
        ),
    )
    words = f"IF({has_number(text)},{quoted(UNREAD)},{quoted(WORDS)})"
    told = f'IF({sign}="",IF(AND({a_day}),{quoted(UNREAD)},{bare}),{sign})'
    read = (
        f'IF({text}="","",IF({among(text, places["nothing", 0])},{quoted(INAPPLICABLE)},IF({place}=0,{words},{told})))'
    )
    overtyped = _overtyped(at, ("dir", "low", "high", "unit"))
    return {
        "same": _unchanged(target, at("s_text")),
        "worded": f'IF({place}=0,"",{worded})',
        "r_dir": f'IF({same}=1,IF({kept}={quoted(BARE)},{bare},{kept}&""),IF(ISNUMBER({target}),{number},{read}))',
        "r_low": f'IF({same}=1,IF({at("s_low")}="","",{at("s_low")}),IF(ISNUMBER({target}),{target},'
        f'IF({place}=0,"",{_value(body, "", at, places)})))',
        "r_high": f'IF({same}=1,IF({at("s_high")}="","",{at("s_high")}),"")',
        "r_unit": f'IF({same}=1,{at("s_unit")}&"",IF(OR(ISNUMBER({target}),{place}=0),"",INDEX({places["units", 1]},{place})&""))',
        "flags": f'IF({overtyped},"",IF({same}=1,{at("s_flags")}&"",IF(OR(ISNUMBER({target}),{place}=0),"",'
        f"INDEX({places['units', 3]},{place})&{looked_up(before, places, 'before', 2)})))",
    }


def _actual(actual: str, at: Callable[[str], str], places: Places) -> dict[str, str]:
    said, opening, place, same = map(at, ("said", "opening", "a_place", "a_same"))
    body = f"MID({said},LEN({opening})+1,99)"
    own = f"{at('done')}<>{at('r_done')}"  # a person wrote the number, in the unit that is shown
    unread = f"IF({among(said, places['nothing', 0])},{quoted(OF_NOTHING)},IF({has_number(said)},{quoted(UNREAD)},{quoted(OF_WORDS)}))"
    flags = f"{quoted(OF_NUMBER)}&INDEX({places['units', 3]},{place})&{looked_up(opening, places, 'measured', 1)}"
    read = f'IF({place}=0,IF({said}="","",{unread}),{flags})'
    return {
        "a_same": _unchanged(actual, at("a_text")),
        "r_done": f'IF({same}=1,IF(OR({at("a_done")}="",{holds(at("a_flags"), OF_DAY)}),"",{at("a_done")}),'
        f'IF(ISNUMBER({actual}),{actual},IF({place}=0,"",{_value(body, "a_", at, places)})))',
        "r_aunit": f'IF({own},{at("unit")}&"",IF({same}=1,{at("a_unit")}&"",'
        f'IF(OR(ISNUMBER({actual}),{place}=0),"",INDEX({places["units", 1]},{place})&"")))',
        "aflags": f'IF({own},{quoted(OF_NUMBER)},IF({same}=1,{at("a_flags")}&"",IF(ISNUMBER({actual}),{quoted(OF_NUMBER)},{read})))',
    }


def _overtyped(at: Callable[[str], str], names: tuple[str, ...]) -> str:
    differing = (f"{at(name)}<>{at('r_' + name)}" for name in names)
    return f"OR({','.join(differing)})"


def overtyped(at: Callable[[str], str]) -> str:
    """Whether a person has overtyped anything that was read."""
    return _overtyped(at, SHOWN)
