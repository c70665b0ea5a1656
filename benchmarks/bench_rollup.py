"""How fast a folder of one-form workbooks is rolled up, beside reading it alone and beside openpyxl's bare read-only pass.

Run: ``python benchmarks/bench_rollup.py`` (2,000 files), ``… --files 500``, or ``… --memory`` for the peak memory of 2,000 and
of 20,000 files. Times are of one run, each way over the same files one after another; read the ratios. The processor time of a file
counts all processes: where others use the machine too, it says more than the clock.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from perfeval.books import FileBook
from perfeval.commands import rollup
from perfeval.forms.assessment import assess
from perfeval.forms.reader import read_forms
from perfeval.rollup import workers
from perfeval.rollup.files import below
from perfeval.rollup.reading import read_file
from perfeval.standards import convention

# What only this process needs is imported where it is used: the readers' processes import this module too.


def with_openpyxl(paths: list[Path]) -> None:
    import openpyxl  # noqa: PLC0415

    for path in paths:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for sheet in book:
            for _ in sheet.iter_rows(values_only=True):
                pass
        book.close()


def grids(paths: list[Path]) -> None:
    for path in paths:
        book = FileBook.open(path)
        for sheet in book.sheets:
            book.grid(sheet)


def assessed(paths: list[Path]) -> None:
    national = convention()
    for path in paths:
        book = FileBook.open(path)
        for sheet in book.sheets:
            for form in read_forms(book.grid(sheet)):
                assess(form, national)


def rows(folder: Path, paths: list[Path]) -> None:
    for path in paths:
        read_file(folder, path.relative_to(folder).as_posix(), "")


def on_all_cores(folder: Path, out: Path) -> None:
    found = list(below(folder, without=out, closed=[]))
    for _ in workers.read_all(folder, found, len(found), "", None):
        pass


def again(folder: Path, out: Path) -> None:
    assert rollup.rollup(folder, out).known == len(list(below(folder, without=out, closed=[])))


def speed(files: int) -> None:
    from handed_in import write_folder  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as place:
        os.environ["XDG_CACHE_HOME"] = os.environ["LOCALAPPDATA"] = place  # nothing of another run is known
        folder, out = Path(place, "forms"), Path(place, "汇总.xlsx")
        known = write_folder(folder, files)
        paths = sorted(folder.rglob("*.xlsx"))
        ways: dict[str, Callable[[], object]] = {
            "openpyxl，只读，只走一遍（一个核）": lambda: with_openpyxl(paths),
            "读成网格（一个核）": lambda: grids(paths),
            "读成网格，认出自评表，逐项重算（一个核）": lambda: assessed(paths),
            "再加复核，成为汇总的行（一个核）": lambda: rows(folder, paths),
            f"同上，{workers.cores()} 个核": lambda: on_all_cores(folder, out),
            f"整个 rollup：另加记录进度、汇总表（{workers.cores()} 个核）": lambda: rollup.rollup(folder, out),
            "再运行一次：没有要读的，只核对文件的内容、写汇总表": lambda: again(folder, out),
        }
        found = {name: duration(way) for name, way in ways.items()}
        base, base_used = next(iter(found.values()))
        print(f"{files} 个文件，每个一张自评表（{paths[0].stat().st_size / 1024:.0f} kB），{known.forms} 张全部计入")
        print("      个/秒     倍      毫秒（处理器）/个    倍")
        for name, (seconds, used) in found.items():
            took = f"{files / seconds:9.0f}   ×{base / seconds:5.2f}   {used / files * 1000:9.2f}   ×{base_used / used:5.2f}"
            print(f"{took}   {name}")


def duration(step: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of processors, of this process and of those it has started and ended."""
    started, before = time.perf_counter(), sum(os.times()[:4])
    step()
    return time.perf_counter() - started, sum(os.times()[:4]) - before


def memory() -> None:
    """The peak memory of whole runs, each in a process of its own, and of the largest of its readers."""
    from handed_in import write_folder  # noqa: PLC0415

    for files in (2_000, 20_000):
        with tempfile.TemporaryDirectory() as place:
            write_folder(Path(place, "forms"), files)
            run = [sys.executable, __file__, "--peak", str(Path(place, "forms")), str(Path(place, "汇总.xlsx"))]
            own = os.environ | {"XDG_CACHE_HOME": place, "LOCALAPPDATA": place}
            ran = subprocess.run(run, env=own, capture_output=True, text=True, check=True)
            print(f"{files:6d} 个文件：{ran.stdout.strip()}")


def peak(folder: Path, out: Path) -> None:
    import resource  # noqa: PLC0415  (exists on Linux and macOS only)

    rollup.rollup(folder, out)
    own, readers = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"最多 {own:.0f} MB，读的进程最多 {readers:.0f} MB；汇总表 {out.stat().st_size / 2**20:.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--peak", nargs=2, type=Path)
    parsed = parser.parse_args()
    if parsed.peak:
        peak(*parsed.peak)
    elif parsed.memory:
        memory()
    else:
        speed(parsed.files)


if __name__ == "__main__":  # the readers' processes import this module too
    main()
