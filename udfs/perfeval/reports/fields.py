"""The registry of a report's fields: what a template can name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from perfeval.reports.facts import Facts, ProjectFacts


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a template: its name, what it tells, what a person is asked where it cannot be told, and how.

    ``tell`` gives paragraphs; none where it cannot be told, one that is empty where there is nothing to say.
    """

    name: str
    help: str
    ask: str
    tell: Callable[[Facts, ProjectFacts | None], list[str]]


FIELDS: dict[str, Field] = {}
"""The fields that stand anywhere."""
PROJECT_FIELDS: dict[str, Field] = {}
"""The fields of one project, between 逐个项目 and 项目完."""

Teller = Callable[..., Any]
"""Gives a paragraph, several, or None where it cannot be told."""


def field(name: str, help_: str, ask: str = "", *, project: bool = False) -> Callable[[Teller], Teller]:
    """Register a function of the facts (of the facts and a project) as a field."""

    def register(tell: Teller) -> Teller:
        def told(facts: Facts, one: ProjectFacts | None) -> list[str]:
            result = tell(facts, one) if project else tell(facts)
            return [result] if isinstance(result, str) else list(result or ())

        (PROJECT_FIELDS if project else FIELDS)[name] = Field(name, help_, ask or name, told)
        return tell

    return register


of_project = partial(field, project=True)
