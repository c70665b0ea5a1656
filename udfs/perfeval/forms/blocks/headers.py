"""Finds the headers of blocks of indicators: one to three rows, where each column stands, and how wide the form is.

Whether rows are a header is seen from what their columns hold together: a name or a level with 指标值 and 完成值, with
points, or several levels with any of them. So one search serves 自评表, 评分表, frameworks and target tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from perfeval.forms import labels
from perfeval.forms.grid import MAX_COLUMN, Area
from perfeval.forms.grid_text import Page
from perfeval.forms.model import ABSENT, Entry
from perfeval.targets import is_sign

_TALL = 3  # a header cell over more rows than these is a label down the block's side
_LEAST = 2  # texts of a header's first row
_LONGEST = 60  # characters of a header
_AROUND = 15  # rows above and below a header that tell how wide the form is
_DEEP = 3  # rows of a header
_OF_VALUES = frozenset({"target", "actual"})
_RESULTS = frozenset({"actual", "score"})
_OF_WORDS = labels.NOTHING | {"定性", "定性指标"}  # beside a 指标值 in words there is no sign
_NAMES = frozenset({*labels.LEVELS, "indicator"})
_POINTS_OF = {"level1": "weight1", "level2": "weight2", "level3": "weight", "indicator": "weight"}


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a block: its rows, the form's first and last column, each concept's column (``weight1`` and ``weight2``
    are the points of the levels), and the points that it states for the whole block: 年度绩效指标（80分）. ``level1`` is the level
    of all rows where it stands over their names: 产出指标（50分） | 年度指标值 | 实际完成值."""

    top: int
    bottom: int
    left: int
    right: int
    columns: Mapping[str, int]
    whole: Entry = ABSENT
    level1: str = ""

    @property
    def states_results(self) -> bool:
        """Whether there is a column of what came out, 完成值 or 得分: a target table and a published standard have none."""
        return not self.columns.keys().isdisjoint(_RESULTS)

    def is_continued_by(self, other: Header) -> bool:
        """Whether another header is this one, printed again on a further page."""
        return (self.columns, self.level1) == (other.columns, other.level1)


def headers(page: Page) -> tuple[Header, ...]:
    """Every header of a block of indicators, top to bottom, left to right."""
    return page.once(_read)


def _read(page: Page) -> tuple[Header, ...]:
    return tuple(_each(page))


def _each(page: Page) -> Iterator[Header]:
    last = 0
    for row in page.rows():
        if row <= last or not _may_be_header(page, row):
            continue
        bottom = _bottom(page, row)
        concepts = _concepts(page, row, bottom)
        groups = [_settled(group) for group in _side_by_side(concepts) if is_header(set(group.values()))]
        if any(labels.header(text) == "name" for _, text in page.texts(row, 1, MAX_COLUMN)):
            groups = [group for group in groups if _is_list(page, bottom, group)]
        before = 0
        for place, group in enumerate(groups):
            following = min(groups[place + 1]) if place + 1 < len(groups) else None
            header = _header(page, row, bottom, group, before, following)
            yield header
            before, last = header.right, bottom


def is_header(concepts: set[str]) -> bool:
    """Whether columns of these concepts make a block of indicators."""
    names = concepts & _NAMES
    has_points = bool(concepts & {"weight", "share", "score"})
    if {"target", "actual"} <= concepts:
        return bool(names) or has_points
    if names and "score" in concepts and concepts & {"weight", "share"}:
        return True
    return len(names) > 1 and (has_points or bool(concepts & {"target", "actual"}))


def _is_list(page: Page, bottom: int, group: Mapping[int, str]) -> bool:
    """Whether 项目名称 is the column of the projects in a list of what several achieved: names stand under it, left of the block."""
    project = next((column for column, concept in group.items() if concept == "project"), None)
    if project is None or not {"actual", "score"} & set(group.values()):
        return False
    named = page.entry(bottom + 1, project)
    return named.cell is not None and named.cell.row == bottom + 1 and isinstance(named.value, str)


def _may_be_header(page: Page, row: int) -> bool:
    """Whether a row names columns: at least two texts, one of them a name or a value's."""
    texts = page.texts(row, 1, MAX_COLUMN)
    if len(texts) < _LEAST:
        return False
    known = [text for _, text in texts if len(text) < _LONGEST and labels.column(text) is not None]
    if not known:
        return False
    return len(known) > 1 or any(area.right > area.left for area, _ in texts)


def _bottom(page: Page, row: int) -> int:
    """The last row of the header that begins in a row: further rows name columns under its wide cells, and nothing else."""
    areas = _over_columns(page, row)
    bottom = max((area.bottom for area in areas), default=row)
    for below in range(row + 1, row + _DEEP):
        areas = [area for area in areas if area.right > area.left]
        under = [(area, text) for area, text in page.texts(below, 1, MAX_COLUMN) if area.top == below]
        within = all(any(wide.left <= area.left and area.right <= wide.right for wide in areas) for area, _ in under)
        if not within or not any(_names_column(page, area, text) for area, text in under):
            break
        areas = [area for area, _ in under]
        bottom = max(bottom, *(area.bottom for area in areas))
    return bottom


def _over_columns(page: Page, row: int) -> list[Area]:
    """The cells of a row that head columns: none that stands down the side of the block, left of its levels."""
    named = [
        (area, concept)
        for area, text in page.texts(row, 1, MAX_COLUMN)
        if area.bottom - area.top < _TALL and (concept := labels.column(text))
    ]
    first = min((area.left for area, concept in named if concept in labels.LEVELS), default=0)
    texts = page.texts(row, 1, MAX_COLUMN)
    if any(labels.header(text) == "name" for _, text in texts):
        return [area for area, _ in texts]  # in a list of projects columns of money stand beside those of the block
    return [area for area, concept in named if area.left >= first and (first or concept != "indicator")]


def _names_column(page: Page, area: Area, text: str) -> bool:
    """Whether a text under a wide header cell names a column of it: by itself another concept, or several beside each other."""
    over = labels.column(page.entry(area.top - 1, area.left).text)
    concept = labels.column(text) or (labels.half(text) if over in _OF_VALUES else None)
    if concept is None or len(text) >= _LONGEST:
        return False
    return concept != over or len(page.texts(area.top, 1, MAX_COLUMN)) > 1


def _concepts(page: Page, top: int, bottom: int) -> dict[int, str]:
    """The concept of each column of a header, left to right."""
    starts = {
        area.left
        for row in range(top, bottom + 1)
        for area, _ in page.texts(row, 1, MAX_COLUMN)
        if area.bottom <= bottom
    }
    found: dict[int, str] = {}
    for column in sorted(starts):
        entries = {entry.cell: entry for row in range(top, bottom + 1) if (entry := page.entry(row, column)).cell}
        path: list[str] = []
        for cell, entry in entries.items():
            if cell is not None and page.grid.area_of(cell).bottom <= bottom and len(entry.text) < _LONGEST:
                concept = _concept(entry.text, path)
                path += [concept] if concept else []
        if path:
            found[column] = _of_path(path)
    return found


def _concept(text: str, over: list[str]) -> str | None:
    """What a heading names under those over it."""
    if labels.header(text) == "name":
        return "project"
    half = labels.half(text) if over and over[-1] in _OF_VALUES else None
    return half or labels.column(text)


def _of_path(path: list[str]) -> str:
    """What a column holds by its headings from top to bottom: 三级指标 / 参考分值 are the points of a leaf."""
    level = next((concept for concept in reversed(path) if concept in labels.LEVELS), None)
    if level and path[-1] in {"weight", "share"}:
        return _POINTS_OF[level]
    if path[-1] == "indicator" and len(path) > 1:
        return path[-2]
    return level or path[-1]


def _settled(group: dict[int, str]) -> dict[int, str]:
    return _second_scores(
        _weights_of_levels(_last_target(_without_corner(_without_projects_own(_of_three_levels(group)))))
    )


def _of_three_levels(found: dict[int, str]) -> dict[int, str]:
    """The columns of a block of four levels: its names stand under 四级指标, and 三级指标 is passed over."""
    if "level4" not in found.values():
        return found
    return {column: {"level3": "", "level4": "level3"}.get(concept, concept) for column, concept in found.items()}


def _without_projects_own(found: dict[int, str]) -> dict[int, str]:
    """The columns of a list of projects without those between 项目名称 and the levels, which are of a project: its money and their
    points."""
    if "project" not in found.values():
        return found
    first = min((column for column, concept in found.items() if concept in _NAMES | {"target"}), default=0)
    return {column: concept for column, concept in found.items() if concept == "project" or column >= first}


def _last_target(found: dict[int, str]) -> dict[int, str]:
    """Of several 指标值 the one nearest to 完成值 is the row's: 总目标 | 年度目标 | 完成值."""
    actual = next((column for column, concept in found.items() if concept == "actual"), 0)
    before = [column for column, concept in found.items() if concept == "target" and column < actual]
    return found | dict.fromkeys(before[:-1], "other")


def _second_scores(found: dict[int, str]) -> dict[int, str]:
    """Of several 得分 behind levels the last level's is the row's; a second one of the same level is a reviewer's: 自评得分 |
    评价得分."""
    names = {column: concept for column, concept in found.items() if concept in _NAMES}
    scores = [column for column, concept in found.items() if concept == "score"]
    levels = [max((name for name in names if name < column), default=0) for column in scores]
    if len(scores) > 1 and len(set(levels)) == len(levels):
        return found | dict.fromkeys(scores[:-1], "")
    return found | dict.fromkeys(scores[1:2], "review") if "review" not in found.values() else found


def _without_corner(found: dict[int, str]) -> dict[int, str]:
    """The columns without a label that stands left of the levels and only sounds like a column: 年度绩效指标完成情况."""
    first = min((column for column, concept in found.items() if concept in labels.LEVELS), default=None)
    if first is None:
        return found
    return {
        column: concept
        for column, concept in found.items()
        if column > first
        or concept in _NAMES
        or concept not in {other for place, other in found.items() if place > first}
    }


def _weights_of_levels(found: dict[int, str]) -> dict[int, str]:
    """Of several 分值 each is that of the level to its left, the lowest level's that of the rows; a second one behind values
    (分值 | … | 分数) is the score."""
    places = [column for column, concept in found.items() if concept == "weight"]
    if len(places) < 2:
        return found
    lowest = max((concept for concept in found.values() if concept in labels.LEVELS), default="")
    named: dict[int, str] = {}
    for column in places:
        before = (
            found[place] for place in sorted(found, reverse=True) if place < column and found[place] in _POINTS_OF
        )
        level = next(before, "")
        points_of = "weight" if level == lowest else _POINTS_OF.get(level, "weight")
        is_free = points_of not in named.values()
        named[column] = points_of if is_free else "" if "score" in (*found.values(), *named.values()) else "score"
    return found | named


def _side_by_side(found: dict[int, str]) -> Iterator[dict[int, str]]:
    """The columns of one row, cut where the concepts begin anew: with the first name of a block, or with values."""
    group: dict[int, str] = {}
    concepts: set[str] = set()  # of the group
    for column, concept in found.items():
        begins = concept == "level1" or (concept in _NAMES and concept == next(iter(group.values()), ""))
        begins = begins or (concept == "target" and not _RESULTS.isdisjoint(concepts))
        if begins and concept in concepts and is_header(concepts):
            yield group
            group, concepts = {}, set()
        group[column] = concept
        concepts.add(concept)
    yield group


def _header(page: Page, top: int, bottom: int, group: dict[int, str], before: int, following: int | None) -> Header:
    own = [column for column, concept in group.items() if concept not in {"", "other"}]
    last = max(page.grid.area_of((row, column)).right for column in own for row in range(top, bottom + 1))
    left, right = _extent(page, top, min(group), last, before, following)
    columns: dict[str, int] = {}
    for column, concept in group.items():
        if concept and column <= right:  # what stands apart is a helper's
            columns.setdefault(concept, column)
    if "weight" not in columns and "share" in columns:
        columns["weight"] = columns["share"]
    if "indicator" in columns:
        columns.setdefault("level1" if "level3" in columns else "level3", columns["indicator"])
    before = columns.get("target", 1) - 1
    if "operator" not in columns and before not in columns.values() and _holds_signs(page, bottom, before):
        columns["operator"] = before
    operator, measure = columns.get("operator"), columns.get("measure")
    if operator and measure == operator + 2:
        columns.setdefault("target", operator + 1)  # 运算符号 | 内容 | 度量单位
    first = min(column for concept, column in columns.items() if concept in _NAMES | labels.VALUES)
    level1 = ""
    if not columns.keys() & _NAMES and first > left:
        over, _ = next(iter(page.texts(top, left, first - 1)[-1:]), (None, ""))
        if over and over.right == first - 1 and over.bottom <= bottom:
            columns["level3"], level1 = over.left, labels.named(page.entry(over.top, over.left).text)
    return Header(top, bottom, left, right, columns, _whole(page, top, left, first), level1)


def _holds_signs(page: Page, bottom: int, column: int) -> bool:
    """Whether a column without a known heading holds the signs of 指标值 under it: ≥, ＝, 定性."""
    under = [page.entry(row, column) for row in range(bottom + 1, bottom + 1 + _AROUND)]
    words = {entry.text for entry in under if entry.text}
    return any(map(is_sign, words)) and all(is_sign(word) or word in _OF_WORDS for word in words)


def _whole(page: Page, top: int, left: int, first: int) -> Entry:
    """The points that a label left of the header states for the whole block."""
    for area, text in page.texts(top, left, first - 1):
        printed = labels.points_in(text, of_level=True)
        if printed:
            return Entry(printed, page.grid.anchor_of((area.top, area.left)))
    return ABSENT


def _extent(page: Page, row: int, first: int, last: int, before: int, following: int | None) -> tuple[int, int]:
    """The form's first and last column: as far as cells are filled or merged around the header, up to a neighbour."""

    def used(column: int) -> bool:
        return any(page.occupied(near, column) for near in range(max(row - _AROUND, 1), row + _AROUND))

    left, right = first, last
    while left > before + 1 and used(left - 1):
        left -= 1
    while (following is None or right + 1 < following) and used(right + 1):
        right += 1
    return left, last if right + 1 == following else right
