"""提示 of a row as formulas: what ``perfeval.hints`` says, as far as a formula can tell it.

Not told here: a 2 that was a ≥, another published 口径, vague reasons, prompts and option lists that were left in a cell, why
a target that was edited contradicts itself (docs/native.md lists them).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from perfeval import formulatext
from perfeval.arithmetic import Scaled, half_up
from perfeval.formulatext import text as quoted
from perfeval.native import reading
from perfeval.native.printed import CHANGED
from perfeval.native.reading import DEADLINE, INAPPLICABLE, RANGE, WORDS
from perfeval.native.rows import Cells
from perfeval.native.tables import Places
from perfeval.native.words import NO, YES, among, blank, holds, longest, plain
from perfeval.worksheet import Term, condition

if TYPE_CHECKING:
    from perfeval.conventions import Convention

HELPERS = (
    "reason",
    "given",
    "far",
    "achieved",
    "partial",
    "bands",
    "said_values",
    "said_score",
    "said_excess",
    "said_reason",
)
_SAID = HELPERS[-4:]
_LONGEST = 900  # characters of a hint
_ONE = 10_000  # of which shares are
_FEW = 8  # characters of a reason that says no more than its first word


def formulas(
    cells: Cells, at: Callable[[str], str], places: Places, convention: Convention, *, by_rule: bool = False
) -> Mapping[str, str]:
    """Helper name → expression: what is said of the values, of the 得分, of an excess, of the reason. A form without points
    has none of the 得分; a row scored ``by_rule`` (a printed one) none of an excess."""
    pieces = _pieces(cells, at, places, convention)
    if cells.weight is None:
        untouched = f"AND({blank(cells.target)},{blank(cells.actual)})"
        has_values = f'AND({at("said_values")}="",NOT({untouched}))'
        return {
            **pieces,
            "said_values": f'IF({untouched},"",{_of_values(cells, at)})',
            "said_score": '""',
            "said_excess": f'IF({has_values},{_excess(at)},"")',
            "said_reason": f'IF({has_values},{_missed(cells, at, places)},"")',
        }
    is_scored = _is_scored(cells, at)
    given = f'OR({at("given")}="",ISNUMBER({at("given")}))'
    if by_rule:
        return {
            **pieces,
            "far": "0",
            "said_values": _of_row(cells, at, places, '""'),
            "said_score": f'IF({is_scored},{_of_score_by_rule(cells, at)},"")',
            "said_excess": '""',
            "said_reason": f'IF({is_scored},{_of_reason(cells, at, places)},"")',
        }
    return {
        **pieces,
        "said_values": _of_row(cells, at, places, _finer(str(cells.weight))),
        "said_score": f'IF({is_scored},{_of_score(cells, at)},"")',
        "said_excess": f'IF(AND({is_scored},{given}),{_excess(at)},"")',
        "said_reason": f'IF({is_scored},{_of_reason(cells, at, places)},"")',
    }


def joined(at: Callable[[str], str], warning: str = '""') -> str:
    """The 提示: whatever is said, and before it a ``warning`` (an expression, "" for none) where there is one."""
    parts = (warning, *(at(name) for name in _SAID), f'IF({reading.overtyped(at)},"按右边由人填的数计算","")')
    told = "&".join(f'IF({part}="","","；"&{part})' for part in parts if part != '""')
    return f"MID({told},2,{_LONGEST})"


def _pieces(cells: Cells, at: Callable[[str], str], places: Places, convention: Convention) -> dict[str, str]:
    """The reason as words, "" for none; the 得分 as it counts, "" for none; 1 for much too much; the bands of a person's score."""
    pieces = {
        "reason": '""' if cells.reason is None else _reason(cells, places),
        "far": f"IF({_is_far_above(at, convention)},1,0)",
    }
    if cells.weight is None:
        return {**pieces, **dict.fromkeys(("given", "achieved", "partial", "bands"), '""')}
    nothing = f"IF({blank(str(cells.score))},{YES},{among(f'TRIM({cells.score})', places['nothing', 0])})"
    achieved, partial = at("achieved"), at("partial")
    return {
        **pieces,
        "given": f'IF(ISERROR({cells.score}),"错误",IF(ISNUMBER({cells.score}),{cells.score},IF({nothing},"",{cells.score})))',
        "achieved": _limit(cells, convention.achieved, convention),
        "partial": _limit(cells, convention.partial, convention),
        "bands": f'"达成 "&{achieved}&"～"&{cells.weight}&" 分，部分达成 "&{partial}&"～"&{achieved}&'
        f'" 分（不含上限），未达成低于 "&{partial}&" 分"',
    }


def _reason(cells: Cells, places: Places) -> str:
    cell = str(cells.reason)
    return f'IF({blank(cell)},"",IF({among(reason_text(cells), places["nothing", 0])},"",{plain(cell)}))'


def reason_text(cells: Cells) -> str:
    """The text of a reason."""
    return f'TRIM({cells.reason}&"")'


# --- weight, 指标值 and 完成值 ---


def _of_row(cells: Cells, at: Callable[[str], str], places: Places, otherwise: str) -> str:
    """What is said of a row's 分值 and values; ``otherwise`` where nothing is to be said of them."""
    weight, given = str(cells.weight), at("given")
    started = f'AND({blank(cells.target)},{blank(cells.actual)},{given}="")'
    no_number = f"IF(OR({blank(weight)},ISNUMBER({weight})),{NO},NOT({among(f'TRIM({weight})', places['nothing', 0])}))"
    inapplicable = f'IF(N({weight})<>0,"指标不适用，分值却是 "&{weight}&"，应为 0","")'
    unweighed = f"AND(NOT(ISNUMBER({weight})),N({given})<>0)"
    weightless = f"AND(ISNUMBER({weight}),N({weight})=0)"
    return (
        f'IF({started},"",IF({no_number},"分值“"&{weight}&"”不是数",IF({at("dir")}={quoted(INAPPLICABLE)},{inapplicable},'
        f'IF({unweighed},"得 "&{given}&" 分，分值却空白",IF({weightless},"",{_of_values(cells, at, otherwise)})))))'
    )


def _finer(weight: str) -> str:
    """That a 分值 has more decimals than the points by values are computed with."""
    told = "分值的小数多于两位，本版不计算，请由人评定填得分"
    return f'IF(ISNUMBER({weight}),IF(ROUND({weight},2)=N({weight}),"",{formulatext.text(told)}),"")'


def _of_values(cells: Cells, at: Callable[[str], str], otherwise: str = '""') -> str:
    told = f'IF({at("why")}="",{otherwise},MID({at("why")},2,{_LONGEST}))'
    return (
        f'IF({blank(cells.target)},"指标值空白，请填写",IF({blank(cells.actual)},"完成值空白，请填实际完成值",{told}))'
    )


# --- 得分 ---


def _is_scored(cells: Cells, at: Callable[[str], str]) -> str:
    """Whether a row has points to give, both values, and applies."""
    return f"AND(N({cells.weight})<>0,NOT({blank(cells.target)}),NOT({blank(cells.actual)}),{at('dir')}<>{quoted(INAPPLICABLE)})"


def _of_score(cells: Cells, at: Callable[[str], str]) -> str:
    """The 得分 beside the rule's."""
    computed, given, weight, met, direction = cells.computed, at("given"), cells.weight, at("met"), at("dir")
    explained = f'AND({at("far")}=1,{at("reason")}<>"")'
    differs = (
        f'IF(OR({given}={computed},{given}>{weight},{given}<0),"",IF(AND({met}<>"是",{direction}={quoted(RANGE)},{given}<{weight}),"",'
        f'IF(AND({met}="是",{explained},{given}<{weight}),"",{_difference(cells, at)})))'
    )
    by_rule = f'IF({given}="","得分空白，测算为 "&{computed}&" 分",{differs})'
    by_person = f'IF({at("why")}<>"","",IF({given}="",{_asked(cells, at)},{_in_band(cells, at)}))'
    told = f'IF(ISERROR({computed}),"",IF({computed}="",{by_person},{by_rule}))'
    return f'IF(AND({given}<>"",NOT(ISNUMBER({given}))),{_no_number(cells, at)},{told})'


def _of_score_by_rule(cells: Cells, at: Callable[[str], str]) -> str:
    """The 得分 beside that of the printed rule; fewer decimals are no other score."""
    computed, given = at("ruled"), at("given")
    as_fine = f"ROUND({computed},1)={given},ROUND({computed},2)={given},ROUND({computed},3)={given}"
    is_fine = f"OR({given}={computed},{given}>{cells.weight},{given}<0,AND({given}<>INT({given}),OR({as_fine})))"
    differs = f'IF({is_fine},"","按印的标准测算为 "&{computed}&" 分，得分为 "&{given})'
    scored = f'IF({given}="","得分空白，按印的标准测算为 "&{computed}&" 分",{differs})'
    asked = f'IF(AND({given}="",{at("why")}=""),"按印的评分标准由人评定，请填得分","")'
    changed = "评分标准或分值改过，公式不再适用：请用 PerfEval 重新做，或由人评定填得分"
    told = f'IF({computed}={quoted(CHANGED)},{formulatext.text(changed)},IF({computed}="",{asked},{scored}))'
    return f'IF(AND({given}<>"",NOT(ISNUMBER({given}))),{_no_number(cells, at)},{told})'


def _no_number(cells: Cells, at: Callable[[str], str]) -> str:
    given = at("given")
    return f'IF({given}="错误","得分是错误值 "&IFERROR({cells.score},"")&"，请改正","得分“"&{given}&"”不是数")'


def _difference(cells: Cells, at: Callable[[str], str]) -> str:
    computed, given, weight = cells.computed, at("given"), cells.weight
    low, done, direction = at("low"), at("done"), at("dir")
    share = f"{done}/{low}*{weight}"
    forward = f"IF(N({low})>0,OR(ROUND({share},2)={given},ROUND({share},1)={given},ROUND({share},0)={given}),{NO})"
    reverse = f'IF(OR({direction}="≤",{direction}="<"),{forward},{NO})'
    return (
        f'IF({at("met")}="是",IF({reverse},"反向指标已达标，应得满分 "&{weight}&" 分，得分为 "&{given},'
        f'"已达到指标值，测算为 "&{computed}&" 分，得分为 "&{given}&"；酌情扣分要有依据"),'
        f'IF({given}={weight},"未达标却得满分，测算为 "&{computed}&" 分","测算为 "&{computed}&" 分，得分为 "&{given}))'
    )


def _is_too_late(at: Callable[[str], str]) -> str:
    return f'AND({at("dir")}={quoted(DEADLINE)},{at("met")}="否")'


def _lateness(at: Callable[[str], str]) -> str:
    return f'"完成时间 "&{at("a_note")}&" 晚于时限 "&{at("s_note")}'


def _asked(cells: Cells, at: Callable[[str], str]) -> str:
    """That a person must give the 得分."""
    return f'IF({_is_too_late(at)},{_lateness(at)}&"，","")&"由人评定，请填得分："&{at("bands")}'


def _in_band(cells: Cells, at: Callable[[str], str]) -> str:
    """A person's 得分 beside the band that the 完成值 names; a full one for what came too late."""
    given, weight, achieved, partial = at("given"), cells.weight, at("achieved"), at("partial")
    alike = f'AND({at("dir")}={quoted(WORDS)},EXACT(TRIM({cells.target}&""),TRIM({cells.actual}&"")))'
    says = [f'ISNUMBER(FIND({quoted(word)},{cells.actual}&""))' for word in ("部分达成", "未达成", "达成")]
    fits = (
        f"IF({alike},{given}>={achieved},IF({says[0]},AND({given}>={partial},{given}<{achieved}),"
        f"IF({says[1]},{given}<{partial},IF({says[2]},{given}>={achieved},{YES}))))"
    )
    word = f'IF({alike},"达成",TRIM({cells.actual}&""))'
    told = f'IF(AND({given}>=0,{given}<={weight},NOT({fits})),"完成值是“"&{word}&"”，"&{given}&" 分不在这一档："&{at("bands")},"")'
    late = f'IF({given}={weight},{_lateness(at)}&"，却得满分；得多少分由人评定","")'
    return f"IF({_is_too_late(at)},{late},{told})"


def _limit(cells: Cells, part: Scaled, convention: Convention) -> str:
    """The lowest score of a band."""
    scale = 10**convention.score
    limit = f"MIN({cells.weight},ROUND(ROUND({cells.weight}*{Scaled(part.units * scale, part.places)},8),0)/{scale})"
    return f'IF(ISNUMBER({cells.weight}),{limit},"")'


# --- an excess, and the reason ---


def _is_far_above(at: Callable[[str], str], convention: Convention) -> str:
    """Whether a lower bound is exceeded by more than the convention tolerates."""
    if convention.over == "cap":
        return NO
    direction, low, done = at("dir"), at("n_low"), at("n_done")
    lower = f'OR({direction}="≥",{direction}=">",{direction}="=")'
    tolerated = convention.over_threshold
    is_far = _share(at) * 10**tolerated.places >= tolerated.units * _ONE
    return f'IF(AND({lower},{at("why")}="",N({low})>0,N({done})>N({low})),{condition(is_far)},{NO})'


def _share(at: Callable[[str], str]) -> Term:
    """By what share the bound is exceeded, as ``scoring.deviation`` rounds it, in ten-thousandths."""
    low, done = Term(f"N({at('n_low')})"), Term(f"N({at('n_done')})")
    return half_up((done - low) * _ONE, low)


def _excess(at: Callable[[str], str]) -> str:
    share = f"ROUND({_share(at).text}/100,0)"
    told = f'"超过指标值 "&{share}&"%，请说明原因或核对指标值是否偏低"'
    return f'IF({at("far")}=1,IF({at("reason")}="",{told},""),"")'


def _of_reason(cells: Cells, at: Callable[[str], str], places: Places) -> str:
    """What a 得分 is beside its 分值, and the reason for it, where the form has a place for one."""
    given, weight, reason = at("given"), cells.weight, at("reason")
    free = f'{longest("LEFT", reason, places, "free")}=""'
    full = f'IF(AND({reason}<>"",{at("far")}=0),IF({free},"得满分却填写了偏差原因，请核对",""),"")'
    unexplained = f'"扣了 "&ROUND({weight}-{given},6)&" 分，未说明偏差原因"'
    lost = f'IF({reason}="",{unexplained},{_contradicting(cells, at, places, "扣了分")})' if cells.reason else '""'
    within = f'IF({given}<0,"得分 "&{given}&" 是负数",IF({given}={weight},{full},{lost}))'
    told = f'IF({given}>{weight},"得分 "&{given}&" 大于分值 "&{weight},{within})'
    return f'IF(ISNUMBER({given}),{told},"")'


def _missed(cells: Cells, at: Callable[[str], str], places: Places) -> str:
    """The reason of a row without points, where the form has a place for one."""
    if cells.reason is None:
        return '""'
    told = f'IF({at("reason")}="","没有达到指标值，未说明未完成原因",{_contradicting(cells, at, places, "没有达到指标值")})'
    return f'IF({at("met")}="否",{told},"")'


def _contradicting(cells: Cells, at: Callable[[str], str], places: Places, matter: str) -> str:
    reason = at("reason")
    free = f'{longest("LEFT", reason, places, "free")}<>""'
    but = holds(reason, "未", "没", "不足", "但")
    return f'IF(LEN({reason})<={_FEW},IF(AND({free},NOT({but})),{formulatext.text(matter + "，原因却是“")}&{reason_text(cells)}&"”",""),"")'
