"""Tables of 调剂, which moves money from one place to another: what goes in came out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfeval.arithmetic import Scaled, add
from perfeval.checks.figures.footing import footing
from perfeval.checks.lines import label_of
from perfeval.checks.tables.across import TABLES_DISAGREE
from perfeval.findings import Finding
from perfeval.forms.amount_tables import AmountTable
from perfeval.scoring import shown

_INWARD, _OUTWARD = re.compile(r"调入|调增"), re.compile(r"调出|调减")
_UNBALANCED = TABLES_DISAGREE.says("调剂不平：“{inward}”合计 {total}，“{outward}”合计 {sum}")


def check(table: AmountTable) -> Iterator[Finding]:
    """A table of 调剂 whose two columns differ."""
    if "调剂" not in table.title or not table.lines:
        return
    columns = list(table.lines[0].amounts)
    inward, outward = ([c for c in columns if sign.search(c)] for sign in (_INWARD, _OUTWARD))
    if len(inward) != 1 or len(outward) != 1:
        return
    lines = [line for line in table.lines if not re.search(r"[合总小]计$", label_of(line))]
    sides = [
        [value for line in lines if (value := line.figure(column)) is not None] for column in (inward[0], outward[0])
    ]
    entries = [line.amounts[inward[0]] for line in lines if line.amounts[inward[0]].cell]
    if not all(sides) or not entries:
        return
    foot = footing(add(sides[0]), [Scaled(abs(value.units), value.places) for value in sides[1]], table.unit)
    if not foot.holds:
        said = _UNBALANCED.of(inward=inward[0], total=shown(foot.total), outward=outward[0], sum=shown(foot.sum))
        yield said.at(table.sheet, str(entries[0].cell), str(foot.sum), str(foot.total))
