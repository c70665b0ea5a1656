"""What a roll-up keeps of the files it read: plain rows of texts and integers, which cross processes, disk and Parquet.

Money is in 分 (None: not known), its ``half`` as in ``rollup.money``; points and measures are exact decimals as text ("" where there
is none).
"""

from __future__ import annotations

from typing import Any, NamedTuple


class FileRow(NamedTuple):
    """A file; ``path`` is its path below the folder, as ``filenames.shown`` shows it, by which all rows name it.

    ``digest`` is the SHA-256 of the content that its rows follow from, "" where they follow from something else (it is open elsewhere,
    or a fault of ours); ``refusal`` says why nothing of it was taken, "" if something was.
    """

    path: str
    digest: str
    refusal: str


class FormRow(NamedTuple):
    """A 自评表, the ``place``-th of its file. ``kind`` is "project" or "body" (``project`` is then the form's title).

    ``key`` tells the same form in another file by body, year and project, "" where one of them is not named.

    ``total`` is the printed 总分, ``computed`` the one by the rules; ``money_trouble`` says why its money was not added,
    ``amounts`` are all its amounts, as ``rollup.twins`` compares them. ``blank`` is 1 where nobody filled it, 2 where nobody
    needed to: a spare sheet, a framework of indicators. ``transfer`` as ``rollup.areas`` has it.
    """

    path: str
    place: int
    sheet: str
    kind: str
    department: str
    body: str
    project: str
    year: int | None
    standard: str
    unit: str
    initial: int | None
    budget: int | None
    executed: int | None
    half: int
    total: str
    computed: str
    grade: str
    money_trouble: str
    amounts: str
    blank: int
    key: str
    transfer: int


class IndicatorRow(NamedTuple):
    """A scored row of a form (预算执行率 too). ``lost`` is 分值 less 得分 ("" where either is missing).

    ``bound``, ``unit``, ``wanted`` and ``reached`` are set where 指标值 and 完成值 are one measure each, of one unit.
    """

    path: str
    place: int
    cell: str
    level1: str
    level2: str
    name: str
    target: str
    actual: str
    weight: str
    score: str
    computed: str
    lost: str
    reason: str
    bound: str
    unit: str
    wanted: str
    reached: str


class FindingRow(NamedTuple):
    """A finding of 复核; ``place`` is that of the form it belongs to."""

    path: str
    place: int
    sheet: str
    cell: str
    code: str
    level: str
    message: str


class AmountRow(NamedTuple):
    """An amount of a 预决算 table of one or more bodies.

    ``table_body`` is the body the table is of, ``body`` the one of the line; ``sort`` says what ``item`` is (科目, 项目, or a line's own
    label), "" for a body's own total; ``amount`` is None where no unit is known.
    """

    path: str
    sheet: str
    cell: str
    title: str
    side: str
    table_body: str
    body: str
    sort: str
    item: str
    column: str
    amount: int | None
    half: int


class Reading(NamedTuple):
    """All rows of one file."""

    file: FileRow
    forms: tuple[FormRow, ...] = ()
    indicators: tuple[IndicatorRow, ...] = ()
    findings: tuple[FindingRow, ...] = ()
    amounts: tuple[AmountRow, ...] = ()


TABLES: dict[str, type[Any]] = {
    "files": FileRow,
    "forms": FormRow,
    "indicators": IndicatorRow,
    "findings": FindingRow,
    "amounts": AmountRow,
}
