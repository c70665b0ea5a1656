"""汇总: every 自评表 below a folder in one summary workbook, with a line for each file that is not in it and why."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from perfeval.books.outputs import Output, is_ours
from perfeval.books.seals import seal_package
from perfeval.books.selfcheck import prove_reading
from perfeval.errors import FileRefused, OutputIsInput, PerfEvalError
from perfeval.rollup import files, parquet, summary, workers
from perfeval.rollup.journal import Journal
from perfeval.rollup.rows import Reading
from perfeval.standards import any_standard

SUMMARY = "汇总.xlsx"
_SECONDS = 1  # between two writes to the journal


class Rolled(NamedTuple):
    """What a roll-up did: ``known`` files had been read by an earlier run. ``passed`` as ``summary.passed_rows``."""

    summary: Path
    files: int
    known: int
    projects: int
    bodies: int
    passed: tuple[tuple[str, str, str, str], ...]
    parquet: tuple[Path, ...] = ()
    finished: tuple[str, ...] = ()  # what an earlier run had left half done


def rollup(
    folder: Path,
    out: Path | None = None,
    *,
    standard: str = "",
    scheduler: str | None = None,
    parquet_folder: Path | None = None,
    overwrite: bool = False,
    opened: Reading | None = None,
    tell: Callable[[int, int], None] = lambda read, of: None,
) -> Rolled:
    """Read everything below a folder and write the summary (``out``, or 汇总.xlsx in the folder).

    ``standard`` as in ``score``. ``scheduler`` is the address of a Dask cluster; without one all cores read. ``opened`` are the rows of
    a workbook of the folder that is open in a spreadsheet: they stand for its file, and everything is read in this process.
    ``tell`` is told how many files have been read, of how many.
    Raises UnfitInterpreter, FileRefused, UnknownName, InvalidValue; what was read is kept, and the next run goes on from there.
    """
    prove_reading()
    any_standard(standard)
    out = out or folder / SUMMARY
    if overwrite:
        _refuse_form(out, folder)
    output = Output.to(out, overwrite=overwrite)
    listed = files.below(folder, without=out)
    first = next(listed, None)
    if first is None:
        raise FileRefused(folder, "文件夹里没有可汇总的文件（.xlsx、.xlsm），没有写汇总表")
    with Journal(journal_of(out), standard) as journal:
        found, unread = journal.keep_only(chain((first,), listed))
        known, waiting = found - unread, journal.waiting()
        if opened is not None:
            journal.add([opened])
            others = (file for file in waiting if file.path != opened.file.path)
            readings = workers.read_here(folder, others, standard)
        else:
            readings = workers.read_all(folder, waiting, unread, standard, scheduler)
        _keep(journal, readings, known, lambda read: tell(read, found))
        journal.settle()
        with output.writing(seal_package) as file:
            summary.write(journal, str(folder), file)
        rows = parquet.write(journal, parquet_folder, overwrite=overwrite) if parquet_folder else parquet.Written()
        count = "SELECT count(*) FROM counted WHERE kind = ?"
        projects, bodies = (journal.one(count, (kind,))[0] for kind in ("project", "body"))
        return Rolled(out, found, known, projects, bodies, tuple(summary.passed_rows(journal)), *rows)


def journal_of(out: Path) -> Path:
    """Where the progress of a roll-up into this file is kept."""
    return out.with_name(f".{out.stem}.汇总进度")


def _keep(journal: Journal, readings: Iterable[list[Reading]], read: int, tell: Callable[[int], None]) -> None:
    """Keep what is read, once a second, and when something stops the reading."""
    waiting: list[Reading] = []
    kept = time.monotonic()
    tell(read)
    try:
        for batch in readings:
            waiting += batch
            read += len(batch)
            tell(read)
            if time.monotonic() - kept > _SECONDS:
                journal.add(waiting)
                waiting, kept = [], time.monotonic()
    except KeyboardInterrupt as stop:
        raise PerfEvalError("已停下，读过的文件都记下了；再运行一次就接着做") from stop
    finally:
        journal.add(waiting)


def _refuse_form(out: Path, folder: Path) -> None:
    """Raises OutputIsInput where the summary is to take the place of a file that was handed in, under any of its names."""
    with suppress(OSError):
        if out.is_file() and not is_ours(out) and out.suffix.lower() in files.SUFFIXES:
            inside = (path for path in folder.rglob("*") if path.suffix.lower() in files.SUFFIXES)
            if any(path.is_file() and path.samefile(out) for path in inside):
                raise OutputIsInput(out)


def as_text(rolled: Rolled) -> Iterator[str]:
    """What was done, for a person: the counts, and a line for everything that was passed over."""
    known = f"（其中 {rolled.known} 个上次已读）" if rolled.known else ""
    bodies = f"、{rolled.bodies} 张整体自评表" if rolled.bodies else ""
    yield f"已汇总 {rolled.summary}：{rolled.files} 个文件{known}，{rolled.projects} 张项目自评表{bodies}"
    yield from rolled.finished
    for path in rolled.parquet:
        yield f"已写 {path}"
    if rolled.passed:
        yield f"有 {len(rolled.passed)} 处没有计入："
    for path, sheet, sort, why in rolled.passed:
        yield f"  × [{sort}] {path}{f'［{sheet}］' if sheet else ''}：{why}"
