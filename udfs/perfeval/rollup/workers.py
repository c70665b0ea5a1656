"""Reads many files at once: on all cores of this machine, or on a Dask cluster, with one driver for both.

A few batches are under way at any time, however many files there are. A file whose reading ends its process (and would again) is
given up alone; all others are read.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from perfeval import __version__
from perfeval.books.selfcheck import prove_reading
from perfeval.errors import PerfEvalError, UnfitInterpreter
from perfeval.filenames import shown
from perfeval.rollup.reading import read_files
from perfeval.rollup.rows import FileRow, Reading

_BATCH = 8  # files read for one message between processes
_AHEAD = 3  # batches a worker has waiting
_FEW = 16  # files that are read before another process has even started
_FATAL = "读这个文件时程序意外中止，试了两次；请另存一份再试"
_PATIENCE = 30  # seconds for a cluster to have a worker
_REACH = 5  # seconds for its scheduler to answer

Batch = Sequence[str]
Read = Callable[[Batch], list[Reading]]


def read_here(folder: Path, files: Iterable[str], standard: str) -> Iterator[list[Reading]]:
    """Read files one batch after another, in this process."""
    for batch in _batches(files):
        yield read_files(str(folder), batch, standard)


def read_all(
    folder: Path, files: Iterable[str], number: int, standard: str, scheduler: str | None
) -> Iterator[list[Reading]]:
    """The rows of all files, of which there are ``number``, a batch at a time, in no order.

    Raises PerfEvalError where the cluster cannot be used.
    """
    read: Read = partial(_read, str(folder.resolve()), standard)
    if scheduler:
        with _cluster(scheduler, folder) as (executor, width):
            yield from _read_on(lambda: executor, width, read, files)
        return
    width = min(cores(), max(number // _BATCH, 1))
    if width == 1 or number <= _FEW:
        yield from read_here(folder, files, standard)
    else:
        yield from _read_on(lambda: _processes(width), width, read, files)


def _batches(files: Iterable[str]) -> Iterator[Batch]:
    left = iter(files)
    while batch := list(islice(left, _BATCH)):
        yield batch


def _read(root: str, standard: str, paths: Batch) -> list[Reading]:
    return read_files(root, paths, standard)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processes(width: int) -> Executor:
    """Fresh processes, started the same way on every system."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(width, mp_context=context, initializer=_serve_parent)


def _serve_parent() -> None:
    """A worker leaves Ctrl-C to the process that started it, and ends when that is gone, however it ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=lambda: (parent.join(), os._exit(1)), daemon=True).start()


def _submit(executor: Executor, read: Read, batch: Batch) -> Future[list[Reading]]:
    """Have a batch read. A process that is started for it is kept from Ctrl-C from its first moment, where the system can do that."""
    if not hasattr(signal, "pthread_sigmask"):
        return executor.submit(read, batch)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return executor.submit(read, batch)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _read_on(make: Callable[[], Executor], width: int, read: Read, files: Iterable[str]) -> Iterator[list[Reading]]:
    batches = _batches(files)
    following = next(batches, None)
    suspects: list[str] = []
    under_way: dict[Future[list[Reading]], Batch] = {}
    executor = make()
    try:
        while following or under_way:
            while following and len(under_way) < width * _AHEAD:
                try:
                    future = _submit(executor, read, following)
                except BrokenExecutor:
                    break
                under_way[future] = following
                following = next(batches, None)
            broken = not under_way
            for future in wait(under_way, return_when=FIRST_COMPLETED).done if under_way else ():
                batch = under_way.pop(future)
                error = future.exception()
                if error is None:
                    yield future.result()
                else:
                    suspects += batch
                    broken |= isinstance(error, BrokenExecutor)
            if broken:
                suspects += (file for batch in under_way.values() for file in batch)
                under_way.clear()
                executor.shutdown(wait=False)
                executor = make()
        for file in suspects:  # one at a time, so that the one that ends its process is known
            future = _submit(executor, read, [file])
            error = future.exception()
            if error is None:
                yield future.result()
                continue
            yield [Reading(FileRow(shown(file), "", _FATAL))]
            if isinstance(error, BrokenExecutor):
                executor = make()
        executor.shutdown()
    finally:
        for future in under_way:
            future.cancel()
        executor.shutdown(wait=False)


@contextmanager
def _cluster(address: str, folder: Path) -> Iterator[tuple[Executor, int]]:
    """An executor on an existing Dask cluster whose workers see the folder, and how many of them there are."""
    try:
        from distributed import Client  # noqa: PLC0415  (an optional dependency)
    except ImportError as error:
        raise PerfEvalError('用集群汇总要先安装：在 PerfEval 的目录里运行 pip install ".[cluster]"') from error
    unreachable = PerfEvalError(f"连不上集群 {address}，或它没有工作节点；请核对 --scheduler 的地址")
    try:
        asyncio.run(asyncio.wait_for(_greet(address), _REACH))
    except Exception as error:  # whatever else than a scheduler answers there
        raise unreachable from error
    client = Client(address, timeout=_PATIENCE, set_as_default=False)
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except (OSError, TimeoutError) as error:
        client.close()
        raise unreachable from error
    try:
        seen: Any = client.run(_sees, str(folder.resolve()), on_error="return")
        for worker, sees in seen.items():
            if sees != (__version__, True):
                raise PerfEvalError(_unfit(worker, sees))
        threads: Any = client.nthreads()
        yield client.get_executor(pure=False), max(sum(threads.values()), 1)
    except (CancelledError, OSError) as error:
        raise PerfEvalError(f"与集群 {address} 的连接断了；已读的都记下了，再运行一次就接着做") from error
    finally:
        client.close()


async def _greet(address: str) -> None:
    """Have a scheduler answer once. A client would try an address that does not, and end its tries, for minutes."""
    from distributed.comm.core import connect  # noqa: PLC0415  (an optional dependency)

    comm = await connect(address, timeout=_REACH)
    comm.abort()


def _sees(folder: str) -> tuple[str, bool]:
    prove_reading()
    return __version__, Path(folder).is_dir()


def _unfit(worker: str, seen: object) -> str:
    if isinstance(seen, UnfitInterpreter):
        return f"集群的节点 {worker}：{seen}"
    if not isinstance(seen, tuple):
        return f"集群的节点 {worker} 上没有 PerfEval {__version__}；请在每个节点安装同一版本"
    if seen[0] != __version__:
        return f"集群的节点 {worker} 上是 PerfEval {seen[0]}，这里是 {__version__}；请装成同一版本"
    return f"集群的节点 {worker} 看不到这个文件夹；请放在各节点都能以同一路径打开的共享文件夹里"
