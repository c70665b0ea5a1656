"""Which leaf of a detailed standard a row of a 评分表 is, and which standard a 评分表 follows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from perfeval.forms import labels
from perfeval.forms.model import IndicatorRow
from perfeval.standards import DETAILED, DetailedStandard, Leaf

_MARKS = re.compile(r"[“”‘’\"'《》、,.·]")
_MOST_UNKNOWN = 3  # one row in so many may bear another name than the standard's


def leaves_of(rows: Sequence[IndicatorRow], standard: DetailedStandard) -> Iterator[tuple[IndicatorRow, Leaf | None]]:
    """Each row with its leaf: by 二级 and 三级指标, otherwise by a 三级指标 that only one leaf bears; None for no leaf."""
    by_name: dict[str, list[Leaf]] = {}
    by_path: dict[tuple[str, str], Leaf] = {}
    for leaf in standard.leaves:
        by_name.setdefault(_bare(leaf.name), []).append(leaf)
        by_path[_bare(leaf.path[1]), _bare(leaf.name)] = leaf
    for row in rows:
        name = _bare(row.name.text)
        alone = by_name.get(name, [])
        yield row, by_path.get((_bare(row.level2), name)) or (alone[0] if len(alone) == 1 else None)


def recognised(rows: Sequence[IndicatorRow]) -> DetailedStandard | None:
    """The standard whose leaves and weights most rows of a 评分表 bear, of equals the latest; None where none fits."""

    def fit(standard: DetailedStandard) -> tuple[int, int]:
        found = [(row, leaf) for row, leaf in leaves_of(rows, standard) if leaf is not None]
        weights = sum(
            row.weight.text.removesuffix("分") in {str(leaf.weight), f"{leaf.weight}.0"} for row, leaf in found
        )
        return len(found), weights

    best = max(DETAILED.readable(), key=lambda standard: (*fit(standard), standard.effective))
    unknown = len(rows) - fit(best)[0]
    return best if rows and unknown * _MOST_UNKNOWN <= len(rows) else None


def _bare(name: str) -> str:
    """A name as it is compared: without blanks, (notes), quotation marks and other marks."""
    return _MARKS.sub("", labels.key(name))
