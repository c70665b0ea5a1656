"""汇总: every 自评表 below a folder in one summary workbook, with a line for each file that is not in it and why."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, suppress
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from perfeval.books.outputs import Output, is_ours
from perfeval.books.seals import seal_package
from perfeval.books.selfcheck import prove_reading
from perfeval.errors import FileRefused, OutputIsInput, PerfEvalError, Stopped
from perfeval.filenames import shown
from perfeval.rollup import files, parquet, summary, workers
from perfeval.rollup.journal import Journal
from perfeval.rollup.kept import Kept
from perfeval.rollup.rows import FileRow, Reading
from perfeval.standards import adopted, any_standard, with_version
from perfeval.stepwise import Steps, finished

SUMMARY = "汇总.xlsx"
_SECONDS = 1  # between two writes of what is kept
_BATCH = 100  # files that are recalled at a time
_TEMPORARY = "汇总的临时数据写不下；请清理临时文件夹所在的磁盘，再运行一次"
_CLOSED = "文件夹打不开，里面的文件没有汇总，请检查读取权限"
_STOPPED = "已停下，读过的文件都记下了；再运行一次就接着做"


class Count(NamedTuple):
    """How far a roll-up has come: files read, of how many."""

    read: int
    of: int

    def __str__(self) -> str:
        return f"{self.read}/{self.of} 个文件"


class Rolled(NamedTuple):
    """What a roll-up did: ``known`` files had been read by an earlier run. ``passed`` as ``summary.passed_rows``.

    ``notes`` say what was wrong with the record of what is read, and what an older version has left beside the summary.
    """

    summary: Path
    files: int
    known: int
    projects: int
    bodies: int
    passed: tuple[tuple[str, str, str, str], ...]
    parquet: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()


def rollup(
    folder: Path,
    out: Path | None = None,
    *,
    standard: str = "",
    scheduler: str | None = None,
    parquet_folder: Path | None = None,
    overwrite: bool = False,
    tell: Callable[[Count], None] = lambda _: None,
) -> Rolled:
    """Read everything below a folder and write the summary (``out``, or 汇总.xlsx in the folder).

    ``standard`` as in ``score``. ``scheduler`` is the address of a Dask cluster; without one all cores read. ``tell`` is told how many
    files have been read, of how many.
    Raises UnfitInterpreter, FileRefused, UnknownName, InvalidValue, Stopped, and PerfEvalError where the temporary folder is full; what
    was read is kept, and the next run goes on from there.
    """
    steps = rolling(
        folder,
        out,
        standard=standard,
        scheduler=scheduler,
        parquet_folder=parquet_folder,
        overwrite=overwrite,
    )
    return finished(steps, tell)


def rolling(
    folder: Path,
    out: Path | None = None,
    *,
    standard: str = "",
    scheduler: str | None = None,
    parquet_folder: Path | None = None,
    overwrite: bool = False,
    opened: Reading | None = None,
    in_process: bool = False,
) -> Steps[Count, Rolled]:
    """The same in steps; KeyboardInterrupt thrown into one stops the run as Ctrl-C does. ``opened`` are the rows of a workbook of the
    folder that is open in a spreadsheet: they stand for its file. ``in_process``: no other processes are started."""
    prove_reading()
    standard = _absolute(standard)
    chosen = any_standard(adopted(standard))[1].name
    out = out or folder / SUMMARY
    if overwrite:
        _refuse_form(out, folder)
    output = Output.to(out, overwrite=overwrite)
    closed: list[str] = []
    listed = files.below(folder, without=out, closed=closed)
    first = next(listed, None)
    if first is None:
        unopened = f"；其中 {len(closed)} 个文件夹打不开，请检查读取权限" if closed else ""
        raise FileRefused(folder, f"文件夹里没有可汇总的文件（.xlsx、.xlsm），没有写汇总表{unopened}")
    with Kept(folder, with_version(chosen) if standard else "") as kept:
        try:
            with Journal() as journal:
                here = [] if opened is None else [opened]
                journal.add(here)
                number = journal.expect(chain((first,), listed))
                journal.add(Reading(FileRow(f"{shown(name)}/", "", _CLOSED)) for name in closed)
                known = 0
                for known in _recall(journal, kept, folder):
                    yield Count(known, number)
                left = number - known - len(here)
                if in_process:
                    readings = workers.read_here(folder, journal.waiting(), standard)
                else:
                    readings = workers.read_all(folder, journal.waiting(), left, standard, scheduler)
                with closing(_read(journal, kept, readings)) as counts:  # a stopped one keeps what it has read
                    for read in counts:
                        yield Count(number - left + read, number)
                journal.settle()
                with output.writing(seal_package) as file:
                    summary.write(journal, shown(folder), file)
                rows = (
                    parquet.write(journal, parquet_folder, overwrite=overwrite) if parquet_folder else parquet.Written()
                )
                kept.forget_others()
                count = "SELECT count(*) FROM counted WHERE kind = ?"
                projects, bodies = (journal.one(count, (kind,))[0] for kind in ("project", "body"))
                passed = tuple(summary.passed_rows(journal))
        except KeyboardInterrupt as stop:
            raise Stopped(_STOPPED if kept.is_kept else f"已停下；{'；'.join(kept.notes)}") from stop
        except sqlite3.Error as error:
            raise PerfEvalError(f"{_TEMPORARY}（{error}）") from error
    return Rolled(out, number, known, projects, bodies, passed, rows.paths, (*kept.notes, *rows.finished, *_older(out)))


def _older(out: Path) -> Iterator[str]:
    """What older versions have left beside the summary; nobody opens it."""
    names: list[str] = []
    with suppress(OSError):  # a folder that may be written, and not listed
        names = sorted(os.listdir(out.parent))  # noqa: PTH208  (names alone)
    for name in names:
        if name.startswith(".") and name.endswith(".汇总进度"):
            yield f"{shown(out.parent / name)} 是旧版本的汇总进度，没有用它，可以删除"


def _recall(journal: Journal, kept: Kept, folder: Path) -> Iterator[int]:
    """Take in what earlier runs have read of these files as they are now; of how many, as it grows."""
    known = 0
    names = journal.waiting()
    while batch := list(islice(names, _BATCH)):
        readings = [reading for name in batch if (reading := kept.reading(folder, name)) is not None]
        journal.add(readings)
        known += len(readings)
        yield known


def _read(journal: Journal, kept: Kept, readings: Iterable[list[Reading]]) -> Generator[int, None, None]:
    """Take in what is read, of how many files as it grows, and keep it once a second, and when something stops the reading."""
    unkept: list[Reading] = []
    read, last = 0, time.monotonic()
    try:
        for batch in readings:
            journal.add(batch)
            unkept += batch
            read += len(batch)
            yield read
            if time.monotonic() - last > _SECONDS:
                kept.add(unkept)
                unkept, last = [], time.monotonic()
    finally:
        kept.add(unkept)


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
    yield f"已汇总 {shown(rolled.summary)}：{rolled.files} 个文件{known}，{rolled.projects} 张项目自评表{bodies}"
    for path in rolled.parquet:
        yield f"已写 {shown(path)}"
    yield from (f"注意：{note}" for note in rolled.notes)
    if rolled.passed:
        yield f"有 {len(rolled.passed)} 处没有计入："
    for path, sheet, sort, why in rolled.passed:
        yield f"  × [{sort}] {path}{f'［{sheet}］' if sheet else ''}：{why}"


def _absolute(standard: str) -> str:
    """The standard's text; of a file with its whole path, as processes and clusters read it too."""
    name, mark, options = standard.partition(";")
    return f"{Path(name.strip()).resolve()}{mark}{options}" if name.strip().lower().endswith(".toml") else standard
