"""A report as it is checked: its passages, the figures of one meaning together, and how a finding names its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from perfeval.arithmetic import magnitude
from perfeval.books.documents import Document
from perfeval.budget import COMPARISONS, REPORT_LENGTH, SENTENCE_LENGTH, Leftover, Limit, Purse
from perfeval.checks.figures.budget_items import CHANGE, is_known
from perfeval.checks.figures.statements import MONEY, Figure, Passage, read_passages
from perfeval.findings import Finding, Said

_QUOTED = 24  # characters of a sentence that a finding quotes


class Placed(NamedTuple):
    """A figure with its passage."""

    figure: Figure
    passage: Passage


@dataclass(frozen=True)
class Report:
    """A report read into passages; ``compared`` are the numbers of those in which a figure was held against another.

    ``leftovers`` are the parts that were too much to look at; ``purse`` is what is left of the comparisons that it may cost.
    """

    name: str
    passages: tuple[Passage, ...]
    compared: set[int] = field(default_factory=set)
    leftovers: list[Leftover] = field(default_factory=list)
    purse: Purse = field(default_factory=lambda: Purse(COMPARISONS))

    @classmethod
    def of(cls, document: Document) -> Report:
        """The passages of a document, as far as they are looked at."""
        purse = Purse(REPORT_LENGTH)
        within = tuple(takewhile(lambda paragraph: purse.take(len(paragraph.text)), document.paragraphs))
        report = cls(document.name, tuple(read_passages((one.number, one.text) for one in within)))
        if len(within) < len(document.paragraphs):
            first = document.paragraphs[len(within)].number
            report.leaves(REPORT_LENGTH, first, f"第 {first} 段起的文字")
        for passage in report.passages:
            if passage.too_long:
                report.leaves(SENTENCE_LENGTH, passage.number, "这句话里的数")
        return report

    def leaves(self, limit: Limit, paragraph: int, what: str) -> None:
        """Notes that a part, which begins in a paragraph, is not looked at."""
        self.leftovers.append(Leftover(self.name, f"第 {paragraph} 段", limit, what))

    def affords(self, pairs: int, passage: Passage) -> bool:
        """Whether so many figures may yet be held against one another; the first passage where they may not is noted."""
        if self.purse.take(pairs):
            return True
        if not any(one.limit is COMPARISONS for one in self.leftovers):
            self.leaves(COMPARISONS, passage.number, f"第 {passage.number} 段起的一些数")
        return False

    def compares(self, passage: Passage) -> None:
        """Notes that a figure of a passage was held against another, whatever came of it."""
        self.compared.add(passage.number)

    def figures(self) -> Iterator[Placed]:
        """Every figure in order."""
        return (Placed(figure, passage) for passage in self.passages for figure in passage.figures)

    @cached_property
    def _by_item(self) -> dict[str, list[Placed]]:
        found: dict[str, list[Placed]] = {}
        for placed in self.figures():
            if is_known(placed.figure.item) and placed.figure.stage != CHANGE:
                found.setdefault(placed.figure.item, []).append(placed)
        return found

    @cached_property
    def _by_size(self) -> list[Figure]:
        money = (placed.figure for placed in self.figures() if placed.figure.unit == MONEY)
        return sorted(money, key=lambda figure: magnitude(figure.number), reverse=True)

    def stated(self, item: str, *stages: str) -> list[Placed]:
        """The figures of a known item, changes apart, at any of some stages (at all where none is given)."""
        return [one for one in self._by_item.get(item, ()) if not stages or one.figure.stage in stages]

    @cached_property
    def told_of(self) -> dict[str, list[Figure]]:
        """The figures whose own label names a known item, by item."""
        return {item: [one.figure for one in told if one.figure.is_own] for item, told in self._by_item.items()}

    def largest(self, most: int) -> list[Figure]:
        """The largest sums of money that are told."""
        return self._by_size[:most]

    def finding(self, said: Said, passage: Passage, sentence: int, expected: str = "", found: str = "") -> Finding:
        """A finding at a sentence: what is said behind the few words that the sentence begins with."""
        words = re.sub(r"\s+", "", passage.sentences[sentence])
        quoted = words if len(words) <= _QUOTED else f"{words[:_QUOTED]}…"
        whole = Said(said.kind, f"“{quoted}”：{said.message}")
        return whole.at(self.name, f"第 {passage.number} 段", expected, found)
