"""The findings of project forms: each form by itself, then beside the others and the import sheets."""

from __future__ import annotations

from collections.abc import Iterator

from perfeval import findings
from perfeval.checks.context import Context
from perfeval.checks.projects import funds, plans, practice, rows, totals, weights
from perfeval.checks.projects.form import ProjectForm
from perfeval.findings import Finding
from perfeval.forms.filled import Filling


def check(context: Context) -> Iterator[Finding]:
    """Everything found on the project forms of a book, those left aside that nobody has filled in (``checks.blank``)."""
    answered = (one for one in context.projects if context.filling(one.form) is Filling.ANSWERED)
    filled = [ProjectForm(context, one) for one in answered]
    for project in filled:
        yield from _form(project)
    yield from practice.check(filled)
    yield from plans.check(filled)


def _form(project: ProjectForm) -> Iterator[Finding]:
    yield from weights.check(project)
    scores = [*funds.check(project), *rows.check(project)]
    yield from scores
    yield from totals.check(project, scores)
    for problem in project.form.problems:
        yield project.found(findings.NOT_READ, problem, None, found=problem)
