"""读到了什么, as data: for each file, sheet and form every row with its cells, the money, the totals, what was left over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from perfeval.books.outputs import Output, refusing
from perfeval.books.seals import seal_data
from perfeval.commands.check import Reviewed
from perfeval.filenames import shown
from perfeval.forms.accounting import Account, in_words
from perfeval.forms.amount_tables import AmountTable
from perfeval.forms.model import Entry, Form, FundRow, IndicatorRow
from perfeval.forms.target_tables import TargetTable
from perfeval.forms.values import is_figure, plain

_ROW = ("name", "target", "actual", "weight", "score", "reason")
_MONEY = ("initial", "budget", "executed", "weight", "rate", "score")
_HEAD = ("name", "body", "department", "implementer", "amount", "central", "goal", "outcome", "remarks")


class Readings:
    """The file being made: what was read of each file is added as it comes; for a ``with`` block, at whose end it stands there.

    Raises FileRefused where it cannot be written.
    """

    def __init__(self, output: Output) -> None:
        self._output, self._writing = output, output.writing(seal_data)
        self._before = "[\n"

    def __enter__(self) -> Readings:
        self._out = self._writing.__enter__()
        return self

    def add(self, reviewed: Reviewed) -> None:
        """Add what was read of a file."""
        self._write(self._before + json.dumps(as_data(reviewed), ensure_ascii=False))
        self._before = ",\n"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._write("\n]\n" if self._before != "[\n" else "[]\n")
        self._writing.__exit__(kind, error, trace)

    def _write(self, text: str) -> None:
        with refusing(self._output.path):
            self._out.write(text.encode("utf-8"))


def as_data(reviewed: Reviewed) -> dict[str, Any]:
    """What was read of a file."""
    return {
        "file": shown(reviewed.path),
        "read": in_words(reviewed.accounts) if reviewed.accounts else None,
        "sheets": [_sheet(account) for account in reviewed.accounts],
        "left_out": [
            {"sheet": one.sheet, "from": one.place or None, "what": one.what, "reason": one.limit.in_words}
            for one in reviewed.leftovers
        ],
    }


def _sheet(account: Account) -> dict[str, Any]:
    return {
        "sheet": account.sheet,
        "kind": account.kind or None,
        "recognised": not account.not_recognised,
        "forms": [_form(form, left) for form, left in zip(account.forms, account.left, strict=True)],
        "targets": [_targets(table) for table in account.targets],
        "tables": [_table(table) for table in account.tables],
        "unread": [
            {"cell": str(one.cell), "printed": list(one.printed), "missing": list(one.missing)}
            for one in account.unread
        ],
    }


def _form(form: Form, left: tuple[Entry, ...]) -> dict[str, Any]:
    return {
        "kind": form.kind,
        "title": form.title,
        "area": str(form.area),
        "unit": form.unit or None,
        "year": form.year,
        **_fields({name: getattr(form, name) for name in _HEAD}),
        "funds": [_funds(row) for row in form.funds],
        "rows": [_row(row, is_execution=form.is_execution(row)) for row in form.rows if not row.is_placeholder],
        "total": _fields({"weight": form.total_weight, "score": form.total_score, "grade": form.grade}),
        "left": [{"cell": str(entry.cell), "value": plain(entry.value), "figure": is_figure(entry)} for entry in left],
        "problems": list(form.problems),
    }


def _funds(row: FundRow) -> dict[str, Any]:
    return {"source": row.source, **_fields({name: getattr(row, name) for name in _MONEY})}


def _row(row: IndicatorRow, *, is_execution: bool = False) -> dict[str, Any]:
    return {
        "row": row.row,
        "level1": row.level1,
        "level2": row.level2,
        **_fields({name: getattr(row, name) for name in _ROW}),
        "execution": is_execution,
    }


def _targets(table: TargetTable) -> dict[str, Any]:
    return {
        "kind": table.kind,
        "title": table.title,
        "area": str(table.area),
        "unit": table.unit or None,
        "year": table.year,
        **_fields(table.fields),
        "rows": [_row(row) for row in table.rows],
    }


def _table(table: AmountTable) -> dict[str, Any]:
    return {
        "title": table.title,
        "side": table.side or None,
        "area": str(table.area),
        "unit": table.unit or None,
        "rows": len(table.lines),
    }


def _fields(entries: Mapping[str, Entry]) -> dict[str, Any]:
    """Each field's value, null where the form does not print it, and beside them the cells of those that have one."""
    cells = {name: str(entry.cell) for name, entry in entries.items() if entry.cell is not None}
    return {**{name: plain(entry.value) for name, entry in entries.items()}, "cells": cells}
