"""What a report states in its sentences: figures with what they are of, rates with what they are said to be.

A paragraph is read clause by clause. A figure whose label says only a stage (实际支出 1661.94 万元) is of what was spoken of last;
after 其中 of a part, until the sentence ends. What cannot be told stays with its own words as its item, and is compared with
nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from perfeval.arithmetic import Scaled
from perfeval.budget import PASSAGE_LENGTH, SENTENCE_LENGTH
from perfeval.checks.figures.budget_items import ANY, BUDGETS, CHANGE, EXECUTED, TOTAL, is_known, named
from perfeval.checks.figures.ratios import near
from perfeval.quantities import PERCENT, Measure, half_unit, measures_in, plain

MONEY, PEOPLE = "元", "人"

_SENTENCE = re.compile(r"[^。；;！？!?\n]+[。；;！？!?\n]?")
_DIGIT = re.compile(r"\d")
_CLAUSE = re.compile(r"[,:、()]")
_DIVIDED = re.compile(r"元[/÷](?=全|年|预|执|实|调|总)")  # 全年执行数 490 万元/全年预算数 500 万元
_BRACKET = re.compile(r"\([^()]*\)")
_OPENS = re.compile(r"其中|包括|包含|分别")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
_HEADING = re.compile(
    r"(?:第[一二三四五六七八九十]+[部章节]|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.、](?!\d)|附件)"
)
_TITLE = re.compile(r"(?:报告|情况|方案|说明|总结|表)$")
_ENDS = "。；;：:！!？?"
_LONGEST_HEADING = 40
_MOST_PARTS = 100  # figures back to what 其中 is of
_ABOUT = re.compile(r"(?:约|近|超过?|逾|不低于|不少于|高于|低于|至少|以上|[<>=≤≥])$")
_ABOUT_BEHIND = re.compile(r"\s*(?:以上|以下|左右|以内|多|余)")


class Figure(NamedTuple):
    """A figure. ``item`` and ``stage`` as in ``budget_items``; ``is_own``: its label names the item itself.

    ``words`` is the label as printed; ``whole`` the place, among the paragraph's figures, of what it is a part of;
    ``depth`` how many brackets it stands in.
    """

    item: str
    stage: str
    year: str
    words: str
    number: Scaled
    slack: Scaled
    unit: str
    written: str
    sentence: int
    is_own: bool
    whole: int | None
    depth: int


class Rate(NamedTuple):
    """A percentage. ``words`` stand before it; ``items`` are what it may be of, the likeliest first; ``at`` is the number of
    figures before it in its paragraph."""

    printed: str
    words: str
    items: tuple[str, ...]
    sentence: int
    at: int


@dataclass
class Passage:
    """A paragraph, or several that a page's end or a line's end has torn apart: its figures and rates in order."""

    number: int
    text: str
    section: int
    is_heading: bool
    figures: list[Figure] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)
    too_long: bool = False  # a sentence of it was left out

    @cached_property
    def sentences(self) -> list[str]:
        """Its sentences, each with its end."""
        return _SENTENCE.findall(self.text)


def read_passages(paragraphs: Iterable[tuple[int, str]]) -> list[Passage]:
    """The passages of a report from its numbered paragraphs, with what they state."""
    passages: list[Passage] = []
    section = 0
    for number, text, is_heading in _joined(paragraphs):
        section += is_heading
        passage = Passage(number, text, section, is_heading)
        if not is_heading:
            _Reader(passage).read()
        passages.append(passage)
    return passages


def _joined(paragraphs: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str, bool]]:
    """Paragraphs put together again where one ends in the middle of a sentence."""
    held: tuple[int, str] | None = None
    for number, printed in paragraphs:
        text = printed.strip()
        if held and len(held[1]) < PASSAGE_LENGTH and not _HEADING.match(text) and not text.startswith("#"):
            held = (held[0], held[1] + text)
        else:
            if held:
                yield (*held, False)
            held = (number, text)
        if is_heading(held[1]):
            yield (*held, True)
            held = None
        elif held[1][-1:] in _ENDS or _TITLE.search(held[1]) or _is_short(held[1]):
            yield (*held, False)
            held = None
    if held:
        yield (*held, False)


def _is_short(text: str) -> bool:
    return len(text) < _LONGEST_HEADING // 2 and text[-1:] not in "，,、"


def is_heading(text: str) -> bool:
    """Whether a paragraph only says what follows: short, numbered, and not a sentence."""
    bare = text.strip().rstrip("。")
    if len(bare) > _LONGEST_HEADING or not _HEADING.match(bare):
        return False
    return not any(mark in bare for mark in "，,；;：。") and not re.search(r"\d\s*(?:[万亿]?元|%|人)", bare)


class _Reader:
    """Reads a passage, remembering what is spoken of."""

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._item = ""  # what was spoken of last
        self._above: list[str] = []  # of what that is a part (其中)
        self._whole: int | None = None
        self._stage = ANY
        self._year = ""
        self._depth = 0  # brackets that are open
        self._may_end = False  # a semicolon: a part may follow it (…；项目支出 …), or the next subject

    def read(self) -> None:
        for place, sentence in enumerate(self._passage.sentences):
            if len(sentence) <= SENTENCE_LENGTH.most:
                self._sentence(place, _DIVIDED.sub("元,", plain(sentence).replace("、", ",")))
            elif _DIGIT.search(sentence):
                self._passage.too_long = True
            self._may_end = True
            if not sentence.rstrip().endswith(("；", ";")):
                self._ends()

    def _topic(self, place: int, sentence: str) -> None:
        """2. 公务接待费。: a paragraph that begins with what it is about."""
        if place == 0 and len(sentence) <= _LONGEST_HEADING // 2:
            item = named(sentence.rstrip(_ENDS)).item
            self._item = item if is_known(item) else self._item

    def _ends(self) -> None:
        if self._above:
            self._item = self._above[0]
        self._above, self._whole, self._may_end = [], None, False

    def _sentence(self, place: int, text: str) -> None:
        start = 0
        found = [measure for measure in measures_in(text) if not measure.quantity.bare]
        if not found:
            self._topic(place, text.rstrip("."))
        for measure in found:
            before = text[start : measure.start]
            depth = text.count("(", 0, measure.start) - text.count(")", 0, measure.start)
            if _OPENS.search(before):
                self._opens(depth, measure.quantity.unit)
            self._depth = depth
            words = _label(before)
            self._year = next(iter(_YEAR.findall(words)), self._year)
            if measure.quantity.unit == PERCENT:
                if self._may_end:
                    self._ends()
                self._rate(place, measure, words, before, text)
            else:
                self._figure(place, measure, words)
            start = measure.end

    def _opens(self, depth: int, unit: str) -> None:
        """其中, 包括: what follows are parts of the last such figure that stands in no bracket closed since."""
        figures, wanted = self._passage.figures, MONEY if unit == PERCENT else unit
        if self._whole is not None:
            return
        self._whole = next(
            (
                at
                for at in range(len(figures) - 1, max(-1, len(figures) - _MOST_PARTS), -1)
                if figures[at].depth <= depth and figures[at].stage != CHANGE and figures[at].unit == wanted
            ),
            None,
        )
        if self._whole is None:
            return
        whole = figures[self._whole]
        self._stage, self._item = whole.stage, whole.item
        if self._item:
            self._above.append(self._item)

    def _figure(self, place: int, measure: Measure, words: str) -> None:
        found = measure.quantity
        item, stage, _ = named(words)
        if self._may_end and not (is_known(item) and item != TOTAL and stage == ANY):
            self._ends()
        self._may_end = False
        stage = EXECUTED if (item, stage) == (TOTAL, ANY) else stage  # 支出 8.49 亿元: money spent
        own = bool(item)
        if found.unit == MONEY and stage != CHANGE:
            if own and len(item) <= _LONGEST_HEADING // 2:
                self._item = item
            elif not own and not self._item and stage != ANY and place == 0:
                self._item, own = TOTAL, True  # 全年预算 1,200 万元: of the body
        own = own and is_known(item or self._item)
        figures = self._passage.figures
        if stage == ANY and found.unit == MONEY:
            inherits = self._whole is not None or bool(figures and figures[-1].sentence == place)
            stage = self._stage = self._stage if inherits else ANY
        elif stage != CHANGE:
            self._stage = stage
        figures.append(
            Figure(
                item=(item or self._item) if found.unit == MONEY else item,
                stage=stage,
                year=next(iter(_YEAR.findall(words)), self._year),
                words=words,
                number=found.number,
                slack=half_unit(found),
                unit=found.unit,
                written=found.written,
                sentence=place,
                is_own=own,
                whole=self._whole,
                depth=self._depth,
            )
        )

    def _rate(self, place: int, measure: Measure, words: str, before: str, text: str) -> None:
        if _ABOUT.search(words) or _ABOUT_BEHIND.match(text[measure.end :]):
            return
        items = tuple(dict.fromkeys(item for item in (self._item, *self._above) if item))
        printed = measure.quantity.written
        rate = Rate(printed, words or _label(before), items, place, len(self._passage.figures))
        self._passage.rates.append(rate)


def _label(before: str) -> str:
    """The words that name a figure: the last clause before it that is not empty."""
    parts = [part.strip() for part in _CLAUSE.split(_BRACKET.sub("", before))]
    return next((part for part in reversed(parts) if re.search(r"[一-鿿]", part)), "")


def values(figures: Sequence[Figure], most: int = 4) -> list[Figure]:
    """Figures that differ by more than their rounding, the first of each, up to so many."""
    found: list[Figure] = []
    for figure in figures:
        if not any(_equal(figure, other) for other in found):
            found.append(figure)
        if len(found) == most:
            break
    return found


def _equal(one: Figure, other: Figure) -> bool:
    return near(one.number, one.slack, other.number, other.slack)


def same_stage(one: str, other: str) -> bool:
    """Whether two stages are both of budgets, or the same."""
    return one == other or (one in BUDGETS and other in BUDGETS)
