"""The findings of project forms, form by form."""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.checks.context import Context
from perfeval.findings import Finding


def check(context: Context) -> Iterator[Finding]:
    """Everything found on the project forms of a book."""
    yield from ()
