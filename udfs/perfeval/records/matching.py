"""Which indicator of a year's end is which of the year's beginning: pairs that are certain, and the rest for a person.

A pair is certain where both rows stand at the same level and bear the same name, signs and blanks apart, and no other
row could be meant: neither side has a second such row, or the 指标值 tells the two apart. Nothing else is ever paired:
a name with one character more, or one that moved to another 二级指标, is listed as *perhaps* the same.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Generic, NamedTuple, Protocol, TypeVar

from perfeval.digits import is_whole
from perfeval.errors import InvalidValue
from perfeval.forms import labels
from perfeval.forms.model import Entry
from perfeval.periods import Period
from perfeval.quantities import Quantity, plain
from perfeval.targets import Inapplicable, Range, Target, Threshold, Words, target_of

_MOST_ALIKE = 50  # rows of one name on a side; more are not told apart
_MOST_COMPARED = 400  # rows left over on a side that are compared for likeness
_LIKE = 0.5  # share of common pairs of characters from which two names are alike
_LIKE_WITH_TARGET = 0.25  # the same where level and 指标值 agree
_MEANT = frozenset("%‰/")  # signs that are part of a name's meaning


class Row(Protocol):
    """An indicator of either side. ``name`` and ``target`` are an ``Entry`` or the value itself."""

    @property
    def level1(self) -> str: ...
    @property
    def level2(self) -> str: ...
    @property
    def name(self) -> object: ...
    @property
    def target(self) -> object: ...


A = TypeVar("A", bound=Row)
B = TypeVar("B", bound=Row)


@dataclass(frozen=True, slots=True)
class Matching(Generic[A, B]):
    """Every row of both sides once: certain ``pairs``, pairs that are ``perhaps`` the same, ``missing`` rows of the
    earlier side and ``added`` rows of the later one."""

    pairs: tuple[tuple[A, B], ...]
    perhaps: tuple[tuple[A, B], ...]
    missing: tuple[A, ...]
    added: tuple[B, ...]

    @property
    def unclear(self) -> tuple[A, ...]:
        """The missing rows of a name that is ``perhaps`` another row's: several bear it, and nothing tells them apart."""
        return tuple(row for row in self.missing if _name(row) in self._asked())

    @property
    def absent(self) -> tuple[A, ...]:
        """The missing rows that no row of the later side can be: what may be written there anew."""
        return tuple(row for row in self.missing if _name(row) not in self._asked())

    def _asked(self) -> set[str]:
        return {_name(row) for row, _ in self.perhaps}


def match(earlier: Sequence[A], later: Sequence[B]) -> Matching[A, B]:
    """The rows of one project or body at the beginning and at the end of a year, each list in the order of its sheet."""
    before, after = [_Read.of(row) for row in earlier], [_Read.of(row) for row in later]
    certain = dict(_certain(before, after))
    perhaps = dict(_perhaps(before, after, certain))
    taken = {*certain.values(), *perhaps.values()}
    return Matching(
        tuple((earlier[one], later[other]) for one, other in sorted(certain.items())),
        tuple((earlier[one], later[other]) for one, other in sorted(perhaps.items())),
        tuple(row for place, row in enumerate(earlier) if place not in certain and place not in perhaps),
        tuple(row for place, row in enumerate(later) if place not in taken),
    )


@lru_cache(maxsize=8192)
def bare(name: str) -> str:
    """A name without blanks, brackets and punctuation, but for signs that change it: 1.5, 3-5, -2, %, ‰ and /."""
    runs = [("".join(signs), is_mark) for is_mark, signs in groupby(plain(name), _is_mark)]
    texts = [text for text, _ in runs]
    kept = []
    for before, (text, is_mark), after in zip(["", *texts], runs, [*texts[1:], ""], strict=False):
        if not is_mark:
            kept.append(text)
        elif is_whole(after[:1]) and (is_whole(before[-1:]) or text[-1] in "-."):
            kept.append("".join(text.split()) or " ")
    return "".join(kept)


def _is_mark(sign: str) -> bool:
    return sign not in _MEANT and unicodedata.category(sign)[0] in "ZPC"


def same_target(one: object, other: object) -> bool:
    """Whether two 指标值 (entries or values) say the same: ≥95% and >=95%, 1.1万人 and 11000人; never ≥95% and 95%."""
    return _meaning(one) == _meaning(other)


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for blanks, brackets and punctuation."""
    return bare(one) == bare(other) != ""


# --- what is certain ---


@dataclass(frozen=True)
class _Read:
    """A row as it is compared."""

    levels: tuple[str, ...]
    name: str
    target: object

    @classmethod
    def of(cls, row: Row) -> _Read:
        levels = tuple(stem for level in (row.level1, row.level2) if (stem := labels.level(level)))
        return cls(levels, _name(row), row.target)

    @cached_property
    def meaning(self) -> Hashable:
        """The row's 指标值 as it is compared."""
        return _meaning(self.target)

    def is_level_of(self, other: _Read) -> bool:
        """Whether both stand at one level, as far as both tell theirs: the finer one decides where both print two."""
        if len(self.levels) == len(other.levels) == 2:
            return labels.same_level(self.levels[1], other.levels[1])
        return (
            not self.levels
            or not other.levels
            or any(labels.same_level(one, another) for one in self.levels for another in other.levels)
        )


class _Group(NamedTuple):
    """The rows of one name on both sides, by place."""

    before: list[int]
    after: list[int]


def _certain(before: Sequence[_Read], after: Sequence[_Read]) -> Iterator[tuple[int, int]]:
    for group in _groups(before, after):
        yield from _certain_in(group, before, after)


def _groups(before: Sequence[_Read], after: Sequence[_Read]) -> Iterator[_Group]:
    """The rows with a name, by it; groups that one side lacks, or too large to tell apart, are left out."""
    groups: dict[str, _Group] = defaultdict(lambda: _Group([], []))
    for side, rows in enumerate((before, after)):
        for place, row in enumerate(rows):
            if row.name:
                groups[row.name][side].append(place)
    return (group for group in groups.values() if all(0 < len(side) <= _MOST_ALIKE for side in group))


def _certain_in(group: _Group, before: Sequence[_Read], after: Sequence[_Read]) -> Iterator[tuple[int, int]]:
    """The certain pairs among rows of one name: each other's only row, or the only one of that 指标值."""
    fits = {
        place: [other for other in group.after if before[place].is_level_of(after[other])] for place in group.before
    }
    fitted = {other: [place for place in group.before if other in fits[place]] for other in group.after}
    for place, others in fits.items():
        if len(others) == 1 and fitted[others[0]] == [place]:
            yield place, others[0]
            continue
        # Rows that are alike in all three are one and the same thing twice: they pair in order if equally many.
        alike = [other for other in others if after[other].meaning == before[place].meaning]
        twins = [one for one in group.before if _is_twin(before[one], before[place])]
        rivals = {one for other in alike for one in fitted[other] if before[one].meaning == before[place].meaning}
        if len(alike) == len(twins) and rivals == set(twins) and len({after[other].levels for other in alike}) == 1:
            yield place, alike[twins.index(place)]


def _is_twin(one: _Read, other: _Read) -> bool:
    return one.levels == other.levels and one.meaning == other.meaning


# --- what a person is asked ---


def _perhaps(before: Sequence[_Read], after: Sequence[_Read], certain: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Pairs of rows left over that look alike, the likest first, each row in one pair at most."""
    taken = set(certain.values())
    left = [place for place, row in enumerate(before) if row.name and place not in certain][:_MOST_COMPARED]
    over = [place for place, row in enumerate(after) if row.name and place not in taken][:_MOST_COMPARED]
    alike = (
        (-likeness, abs(one - other), one, other)
        for one in left
        for other in over
        if (likeness := _likeness(before[one], after[other]))
    )
    done: tuple[set[int], set[int]] = set(), set()
    for *_, one, other in sorted(alike):
        if one not in done[0] and other not in done[1]:
            done[0].add(one)
            done[1].add(other)
            yield one, other


def _likeness(one: _Read, other: _Read) -> Fraction | None:
    """How like two rows are, from 0 to 2; None where they are not."""
    if one.name == other.name:
        return Fraction(1) + (one.meaning == other.meaning)
    first, second = _pairs(one.name), _pairs(other.name)
    common = Fraction(2 * len(first & second), len(first) + len(second))
    if common >= _LIKE:
        return common
    is_same_row = common >= _LIKE_WITH_TARGET and one.is_level_of(other) and one.meaning == other.meaning
    return common if is_same_row else None


@lru_cache(maxsize=8192)
def _pairs(name: str) -> frozenset[str]:
    """The neighbouring characters of a name, two by two, its ends marked."""
    marked = f"^{name}$"
    return frozenset(marked[place : place + 2] for place in range(len(marked) - 1))


# --- how levels and targets are compared ---


def _meaning(value: object) -> Hashable:
    """What a 指标值 says, whatever it looks like; a text that is no measure is itself, blanks apart."""
    content = value.value if isinstance(value, Entry) else value
    if isinstance(content, bool) or not isinstance(content, str | int | float | date):
        return _text(value)
    try:
        return _said(target_of(content))
    except InvalidValue:
        return "".join(plain(_text(value)).split())


def _said(target: Target) -> Hashable:
    match target:
        case Threshold(operator, measure, upper, approximate):
            return operator, _measured(measure), upper, approximate
        case Range(low, high, low_open, high_open):
            return _measured(low), _measured(high), low_open, high_open
        case Words(text) | Inapplicable(text):
            return "".join(plain(text).split())
        case Period() as due:
            return due.start, due.end, due.year, due.strict


def _measured(measure: Quantity) -> Hashable:
    return Fraction(measure.number.units, 10**measure.number.places), measure.unit, measure.trend


def _name(row: Row) -> str:
    return bare(_text(row.name))


def _text(value: object) -> str:
    if isinstance(value, Entry):
        return value.text
    return "" if value is None else str(value).strip()
