"""Whether a form is filled in: whether a person, or data, has answered anything on it, or only its targets stand there.

A formula answers nothing by itself: on a blank form it gives "", 0, an error, or a score of blanks. It counts where its
value comes from data elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from perfeval.errors import CellError
from perfeval.forms import labels
from perfeval.forms.grid import EMPTY, Grid
from perfeval.forms.model import BODY, OF_ONE, SCORING, Entry, Form, is_placeholder
from perfeval.quantities import plain

_OPEN = "—-–－―/\\…. 。:：、,，;；_＿"  # signs that keep a place open
_OFFERED = re.compile(
    r"(?:年度|总体)*(?:目标|任务|指标)[\d一二三四五六七八九十]*(?:实际|的)*(?:完成情况|完成值)?|(?:实际)?(?:完成情况|完成值)"
)
_ASKED = re.compile(r"[(\[【]?(?:请(?!示)|此处|在此|填写|如实|据实|简要|简述)")
_UNIT = re.compile(r"[%‰]|[千万亿]?元|人次?|户次?|平方米|公里|[个次项家件起条场份台套吨米天日月]")
_CHOICE, _CHOSEN = "□", re.compile("[☑☒√■✓✔]")


class Filling(Enum):
    """How far a form has come."""

    ANSWERED = "填了自评"
    TARGETS = "只填了目标"
    NOTHING = "什么都没有填"
    SPARE = "备用"  # blank and nobody's, beside another form
    FRAMEWORK = "指标框架"  # without a place for any answer

    @property
    def is_missing(self) -> bool:
        """Whether it should be filled in at the year's end, and is not."""
        return self in {Filling.TARGETS, Filling.NOTHING}


@dataclass(frozen=True, slots=True)
class _Places:
    """What is asked of a form, whatever its kind."""

    answers: tuple[Entry, ...]
    scores: tuple[Entry, ...]
    targets: tuple[Entry, ...]
    amounts: tuple[Entry, ...]
    name: Entry


def fillings(forms: Sequence[tuple[Form, Grid]], owner: str, *, at_year_end: bool) -> list[Filling]:
    """How far each form of a book has come, in their order; each comes with its sheet.

    ``owner`` is the body that the book itself names, "" for none. A blank form that is nobody's is spare only beside
    another: one filled in at the year's end, any that is somebody's while there are only targets.
    """
    alone = [_filling(form, grid) for form, grid in forms]
    is_spare = [
        state.is_missing and not _is_in_use(form, grid, owner) for state, (form, grid) in zip(alone, forms, strict=True)
    ]
    is_beside = Filling.ANSWERED in alone or (
        not at_year_end and any(state.is_missing and not spare for state, spare in zip(alone, is_spare, strict=True))
    )
    return [Filling.SPARE if spare and is_beside else state for state, spare in zip(alone, is_spare, strict=True)]


def _filling(form: Form, grid: Grid) -> Filling:
    """How far a form has come, by itself."""
    places = _places(form)
    if not any(entry.cell for entry in (*places.answers, *places.scores)):
        return Filling.FRAMEWORK
    given = [entry for entry in places.answers if _is_given(entry, grid)]
    given += [entry for entry in places.scores if _is_given(entry, grid) and _is_own(entry, places, grid)]
    if given:
        return Filling.ANSWERED
    return Filling.TARGETS if any(_is_given(entry, grid) for entry in places.targets) else Filling.NOTHING


def _is_in_use(form: Form, grid: Grid, owner: str) -> bool:
    """Whether the form is somebody's: it names a project, or holds amounts; a 评分表 is that of the body which is named.

    The name alone says nothing on a 整体自评表 without scores, where our workbook prints it by itself: a goal, a task or a target must.
    """
    places = _places(form)
    signs = (places.name, *places.amounts)
    if form.kind == SCORING and owner:
        return True
    if form.kind == BODY:
        signs = (*places.targets, *places.amounts)
    return any(_is_given(entry, grid) for entry in signs)


def _places(form: Form) -> _Places:
    tasks = [*form.tasks.rows, *filter(None, [form.tasks.total])]
    executed = [entry for task in tasks for entry in (task.executed.total, task.executed.fiscal, task.executed.other)]
    budget = [entry for task in tasks for entry in (task.budget.total, task.budget.fiscal, task.budget.other)]
    in_tables = [
        (next(filter(None, map(labels.funds, header.split("/"))), None), entry)
        for table in form.amounts
        for line in table.lines
        for header, entry in line.amounts.items()
    ]
    executed += [entry for concept, entry in in_tables if concept == "executed"]
    executed += [row.executed for row in form.funds]
    budget += [entry for concept, entry in in_tables if concept in {"initial", "budget"}]
    budget += [entry for row in form.funds for entry in (row.initial, row.budget)]
    reasons = [*(row.reason for row in form.rows), *(block.reasons for block in form.blocks)]
    return _Places(
        answers=(
            form.outcome,
            *(task.outcome for task in form.tasks.rows),
            *executed,
            *(row.actual for row in form.rows),
            *reasons,
        ),
        scores=(*(row.score for row in form.funds), *(row.score for row in form.rows)),
        targets=(form.goal, *(task.name for task in form.tasks.rows), *(row.target for row in form.rows)),
        amounts=(form.amount, *budget, *executed),
        name=form.name if form.kind in OF_ONE else form.body,
    )


def _is_own(score: Entry, places: _Places, grid: Grid) -> bool:
    """Whether a score says something by itself: it is typed, or a formula brings it from where the answers stand.

    A formula over this form's own blank cells can give any score: a cost of nothing meets every limit.
    """
    formula = grid[score.cell].formula if score.cell else None
    return formula is None or "!" in formula or not any(entry.cell for entry in places.answers)


def _is_given(entry: Entry, grid: Grid) -> bool:
    """Whether a cell holds what somebody gave: no formula's blank, no sign that keeps the place, no prompt."""
    cell = grid[entry.cell] if entry.cell else EMPTY
    is_nothing = cell.formula is not None and isinstance(cell.value, int | float) and not cell.value
    return not is_nothing and not isinstance(entry.value, CellError) and not is_prompt(entry.text)


def is_prompt(text: str) -> bool:
    """Whether a text only asks for an answer or keeps its place: blank, —, 指标1：, （请填写……）, 目标1完成情况：, %, □是 □否."""
    bare = re.sub(r"\s+", "", plain(text))
    if _ASKED.match(bare) or (_CHOICE in bare and not _CHOSEN.search(bare)):
        return True
    return all(_is_open(plain(part)) for part in re.split(r"[\s;；]+", text))


def _is_open(line: str) -> bool:
    word = line.strip(_OPEN)
    return is_placeholder(word) or bool(_OFFERED.fullmatch(word)) or bool(_UNIT.fullmatch(word))
