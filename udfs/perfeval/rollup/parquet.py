"""The rows of a roll-up as Parquet files, which DuckDB and Excel open: columns in Chinese, money in 元, numbers exact decimals."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from perfeval.arithmetic import Scaled, decimal, rounded
from perfeval.books.outputset import OutputSet
from perfeval.books.seals import BLANK, seal
from perfeval.errors import PerfEvalError
from perfeval.rollup.journal import Journal
from perfeval.rollup.money import in_yuan

_BATCH = 5_000  # rows in memory at a time
_PLACES = 10  # decimals kept of points and measures
_YUAN, _POINTS, _WHOLE, _TEXT = "yuan", "points", "whole", "text"
_FORM = (("单位", "body", _TEXT), ("项目", "project", _TEXT))
_PLACE = (("文件", "path", _TEXT), ("工作表", "sheet", _TEXT))

# Each file: its query, and its columns as name, field and kind.
_FILES: dict[str, tuple[str, tuple[tuple[str, str, str], ...]]] = {
    "自评表": (
        "SELECT * FROM counted",
        (
            ("种类", "kind", _TEXT), ("主管部门", "department", _TEXT), *_FORM, ("年度", "year", _WHOLE), ("标准", "standard", _TEXT),
            ("年初预算数", "initial", _YUAN), ("全年预算数", "budget", _YUAN), ("全年执行数", "executed", _YUAN),
            ("误差", "half", _YUAN), ("表中总分", "total", _POINTS), ("测算总分", "computed", _POINTS), ("等级", "grade", _TEXT),
            ("金额未计入的原因", "money_trouble", _TEXT), *_PLACE,
        ),
    ),
    "指标": (
        "SELECT i.*, body, project, sheet FROM indicators i JOIN counted USING (path, place)",
        (
            *_FORM, ("一级指标", "level1", _TEXT), ("二级指标", "level2", _TEXT), ("三级指标", "name", _TEXT),
            ("指标值", "target", _TEXT), ("完成值", "actual", _TEXT), ("分值", "weight", _POINTS), ("得分", "score", _POINTS),
            ("测算得分", "computed", _POINTS), ("扣分", "lost", _POINTS), ("偏差原因", "reason", _TEXT), *_PLACE, ("单元格", "cell", _TEXT),
        ),
    ),
    "复核": (
        "SELECT r.*, body, project FROM findings r JOIN counted USING (path, place)",
        (*_FORM, ("编号", "code", _TEXT), ("级别", "level", _TEXT), ("内容", "message", _TEXT), *_PLACE, ("单元格", "cell", _TEXT)),
    ),
    "预决算": (
        "SELECT * FROM amounts WHERE path NOT IN (SELECT path FROM passed WHERE place IS NULL)",
        (
            ("表", "title", _TEXT), ("收支", "side", _TEXT), ("单位", "body", _TEXT), ("种类", "sort", _TEXT),
            ("科目、项目", "item", _TEXT),
            ("栏目", "column", _TEXT), ("金额", "amount", _YUAN), ("误差", "half", _YUAN), *_PLACE, ("单元格", "cell", _TEXT),
        ),
    ),
    "未汇总": (
        "SELECT * FROM passed",
        (*_PLACE, ("情况", "sort", _TEXT), ("原因", "why", _TEXT)),
    ),
}  # fmt: skip


class Written(NamedTuple):
    """The files that were written, and what is said of an earlier run that was stopped half way."""

    paths: tuple[Path, ...] = ()
    finished: tuple[str, ...] = ()


def write(journal: Journal, folder: Path, *, overwrite: bool = False) -> Written:
    """Write a settled journal into a folder, a file a kind of row, all of them or none.

    Raises FileRefused, also for files there that are not ours as we wrote them (unless ``overwrite``); PerfEvalError without pyarrow.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415  (an optional dependency)
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise PerfEvalError('写 Parquet 要先安装：在 PerfEval 的目录里运行 pip install ".[cluster]"') from error
    kinds = {
        _YUAN: pa.decimal128(38, 2),
        _POINTS: pa.decimal128(38, _PLACES),
        _WHOLE: pa.int32(),
        _TEXT: pa.string(),
    }
    paths = []
    with OutputSet(folder, overwrite=overwrite) as files:
        for name, (query, columns) in _FILES.items():
            schema = pa.schema([(header, kinds[kind]) for header, _, kind in columns])
            with files.writing(f"{name}.parquet", seal) as out, parquet.ParquetWriter(out, schema) as writer:
                for batch in _batches(journal, query, columns):
                    writer.write_batch(pa.record_batch(batch, schema=schema))
                writer.add_key_value_metadata({"seal": BLANK})
            paths.append(folder / f"{name}.parquet")
    return Written(tuple(paths), files.finished)


def _batches(journal: Journal, query: str, columns: tuple[tuple[str, str, str], ...]) -> Iterator[list[list[Any]]]:
    """The columns of a query, some rows at a time."""
    found = journal.rows(query)
    places = {name: place for place, (name, *_) in enumerate(found.description)}
    while rows := found.fetchmany(_BATCH):
        yield [[_value(row[places[field]], kind) for row in rows] for _, field, kind in columns]


def _value(value: Any, kind: str) -> Any:
    if kind == _YUAN:
        return None if value is None else _decimal(in_yuan(value))
    if kind == _POINTS:
        return _decimal(rounded(decimal(value), _PLACES)) if value else None
    return value


def _decimal(number: Scaled) -> Decimal:
    return Decimal(number.units).scaleb(-number.places)
