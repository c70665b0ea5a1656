"""Outlines of reports: the headings that a region prescribes, with fields and blanks below them, one TOML file each.

A line is a paragraph: ``!`` a title, ``#``, ``##``, ``###`` headings of three levels, anything else text.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from perfeval.errors import UnknownName

_STYLES = {"!": "Title", "#": "Heading 1", "##": "Heading 2", "###": "Heading 3"}
DEFAULT = "cn-project"  # it speaks of projects alone, which any workbook has, and is no region's


@dataclass(frozen=True, slots=True)
class Outline:
    """A report's outline. ``standards`` are the ids of the standards that it goes with, ``source`` its origin."""

    id: str
    title: str
    standards: tuple[str, ...]
    source: str
    text: str

    def paragraphs(self) -> Iterator[tuple[str, str]]:
        """Each paragraph: the name of its style, and its text."""
        for line in self.text.strip().split("\n"):
            mark, _, rest = line.partition(" ")
            yield (_STYLES[mark], rest) if mark in _STYLES else ("Normal", line)


@cache
def outlines() -> dict[str, Outline]:
    """All outlines by id."""
    found = {}
    for file in sorted(files("perfeval").joinpath("resources/reports").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            table = tomllib.loads(file.read_text("utf-8"))
            found[table["id"]] = Outline(**{**table, "standards": tuple(table["standards"])})
    return found


def outline(identifier: str) -> Outline:
    """The outline of this id. Raises UnknownName."""
    if identifier not in outlines():
        listed = "、".join(f"{one.id}（{one.title}）" for one in outlines().values())
        raise UnknownName(f"没有提纲“{identifier}”，可用：{listed}")
    return outlines()[identifier]


def outline_for(standards: Sequence[str]) -> Outline:
    """The outline that goes with the first of these standards that has one."""
    fitting = (one for standard in standards for one in outlines().values() if standard in one.standards)
    return next(fitting, outlines()[DEFAULT])
