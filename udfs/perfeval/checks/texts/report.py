"""A report as it is checked: its passages, the figures of one meaning together, and how a finding names its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from perfeval.arithmetic import magnitude
from perfeval.books.documents import Document
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
    """A report read into passages; ``compared`` are the numbers of those in which a figure was held against another."""

    name: str
    passages: tuple[Passage, ...]
    compared: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, document: Document) -> Report:
        """The passages of a document."""
        return cls(
            document.name,
            tuple(read_passages((paragraph.number, paragraph.text) for paragraph in document.paragraphs)),
        )

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

    def largest(self, most: int) -> list[Figure]:
        """The largest sums of money that are told."""
        return self._by_size[:most]

    def finding(self, said: Said, passage: Passage, sentence: int, expected: str = "", found: str = "") -> Finding:
        """A finding at a sentence: what is said behind the few words that the sentence begins with."""
        words = re.sub(r"\s+", "", passage.sentences[sentence])
        quoted = words if len(words) <= _QUOTED else f"{words[:_QUOTED]}…"
        whole = Said(said.kind, f"“{quoted}”：{said.message}")
        return whole.at(self.name, f"第 {passage.number} 段", expected, found)
