"""提示 of a leaf of a detailed standard as a formula: what ``hints.leaf`` says, but not which way an input is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from perfeval import formulatext
from perfeval.formulatext import text as quoted
from perfeval.native.leaves import UNREAD, Operand
from perfeval.native.tables import Places
from perfeval.native.words import NO, among, blank
from perfeval.standards import Leaf

_LONGEST = 900  # characters of a hint


def hint(
    leaf: Leaf,
    cells: Sequence[str],
    operands: Sequence[Operand],
    computed: str,
    given: str,
    reason: str,
    places: Places,
    warning: str,
) -> str:
    """The expression; ``cells`` are those that a person fills, ``computed`` and ``given`` the scores, ``warning`` what comes before all."""
    wordless = f"IF({blank(reason)},1=1,{among(f'TRIM({reason})', places['nothing', 0])})"
    missing = "&".join(
        f'IF({blank(cell)},{formulatext.text("；" + one.label)},"")'
        for one, cell in zip(leaf.inputs, cells, strict=True)
    )
    wrong = "&".join(
        f'IF({operand.value}={quoted(UNREAD)},{formulatext.text("；“" + one.label + "”请核对（单位、正负、上限）")},"")'
        for one, operand in zip(leaf.inputs, operands, strict=True)
    )
    count = f"COUNTA({','.join(cells)})"
    score = f'IF(ISERROR({given}),"",{given})'
    by_person = (
        f'IF({score}<>"",IF({wordless},"；得分由人给定，请在“说明”里写明依据",""),'
        f'IF(LEN({missing})>0,"；还没有填："&MID({missing},2,{_LONGEST}),"；规则没有写明，由人评定，请填得分"))'
    )
    by_rule = (
        f'IF({score}="","；得分空白，测算为 "&{computed}&" 分",IF({score}={computed},"",'
        f'"；测算为 "&{computed}&" 分，得分为 "&{score}&IF({wordless},"，请在“说明”里写明原因","")))'
    )
    told = f'IF(ISERROR({computed}),"",IF({computed}="—","",IF({computed}="",{by_person},{by_rule})))'
    weight = leaf.weight
    loss = (
        f'IF(ISNUMBER({given}),IF({given}>{weight},"；得分 "&{given}&" 大于分值 {weight}",IF({given}<0,"；得分 "&{given}&" 是负数",'
        f'IF({given}<{weight},IF({wordless},"；扣了 "&ROUND({weight}-{given},6)&" 分，未说明偏差原因",""),""))),"")'
    )
    untouched = f'AND({count}=0,{score}="")'
    said = f'IF(LEN({wrong})>0,{wrong},{told})&IF({_inapplicable(computed)},"",{loss})'
    warned = "" if warning == '""' else f'IF({warning}="","","；"&{warning})&'
    return f'MID({warned}IF({untouched},"",{said}),2,{_LONGEST})'


def _inapplicable(computed: str) -> str:
    return f'IF(ISERROR({computed}),{NO},{computed}="—")'
