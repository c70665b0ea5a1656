"""How this checkout's times stand beside those of another commit, over the same files.

Run: ``python benchmarks/against.py COMMIT`` (``--rounds 9``, ``--only fill,check``). The other commit is checked out into a folder
of its own and makes the files; then both do each piece of work in turn, every time in a fresh process that has done the work once
before it is timed. Printed are medians of processor time and their ratio: read the ratio.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILES = 60
ROWS = 300_000


def make(folder: Path) -> None:
    """The files that both commits work on: a workbook of one project ready to be filled, forms handed in, filled workbooks."""
    import bench_check  # noqa: PLC0415  (of the commit that PYTHONPATH names, as all below)
    import bench_fill  # noqa: PLC0415
    import handed_in  # noqa: PLC0415

    one, many = bench_fill.bodies()
    bench_fill.make_workbook(folder / "fill.xlsm", one)
    bench_fill.make_workbook(folder / "fill-many.xlsm", many)
    handed_in.write_folder(folder / "forms", FILES)
    (folder / "workbooks").mkdir()
    filled = bench_check.filled_form(folder / "filled.xlsm")
    for number in range(FILES // 4):
        shutil.copy(filled, folder / "workbooks" / f"{number}.xlsm")


def fill(folder: Path, book: str) -> Callable[[], object]:
    from perfeval.commands.fill import fill  # noqa: PLC0415

    copy = folder / f"copy-{book}"
    shutil.copy(folder / book, copy)

    def work() -> None:
        shutil.copy(folder / book, copy)
        fill(copy)

    return work


def check(folder: Path) -> Callable[[], object]:
    from perfeval.commands import check  # noqa: PLC0415

    return lambda: [*check.review(check.to_review([folder]))]


def rollup(folder: Path) -> Callable[[], object]:
    from perfeval.commands.rollup import rollup  # noqa: PLC0415

    def work() -> None:
        out = Path(tempfile.mkdtemp(dir=folder)) / "汇总.xlsx"
        os.environ["XDG_CACHE_HOME"] = str(out.parent)  # nothing is known from an earlier run
        rollup(folder / "forms", out)

    return work


def column() -> Callable[[], object]:
    import numpy as np  # noqa: PLC0415

    from perfeval.functions import FUNCTIONS  # noqa: PLC0415

    draw = np.random.default_rng(2026)
    budget = draw.integers(1, 10**9, ROWS) / 100
    return lambda: FUNCTIONS["PE_EXEC_SCORE"].call(budget, budget * 0.93, 10)


def single_calls() -> Callable[[], object]:
    from perfeval.functions import FUNCTIONS  # noqa: PLC0415

    score = FUNCTIONS["PE_INDICATOR_SCORE"]
    return lambda: [score.call(f"≥{number}人次", f"{number - 1}人次", 10) for number in range(100, 2_100)]


WORK: dict[str, tuple[str, Callable[[Path], Callable[[], object]]]] = {
    "fill": ("fill：一个项目的工作簿", lambda folder: fill(folder, "fill.xlsm")),
    "fill-many": ("fill：一百个项目的工作簿", lambda folder: fill(folder, "fill-many.xlsm")),
    "check": (f"check：{FILES} 个单表文件", lambda folder: check(folder / "forms")),
    "check-books": (f"check：{FILES // 4} 个填好的标准工作簿", lambda folder: check(folder / "workbooks")),
    "rollup": (f"rollup：{FILES} 个单表文件", rollup),
    "scoring": (f"PE_EXEC_SCORE，一列 {ROWS:,} 行", lambda _: column()),
    "calls": ("PE_INDICATOR_SCORE，2,000 次单独调用", lambda _: single_calls()),
}


def used() -> float:
    """Processor seconds of this process and of those that it has started and ended."""
    return sum(os.times()[:4])


def one_run(name: str, folder: Path) -> None:
    work = WORK[name][1](folder)
    work()
    clock = used if name == "rollup" else time.process_time
    times = []
    for _ in range(3):  # the shortest of three: most works are too short for one alone
        before = clock()
        work()
        times.append(clock() - before)
    print(min(times))


def run(tree: Path, *arguments: str) -> str:
    """This file with the tree's own package and benchmarks; its output."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(tree / "udfs"), str(tree / "benchmarks")]),
        "XDG_CACHE_HOME": tempfile.mkdtemp(dir=arguments[-1]),
    }
    done = subprocess.run(
        [sys.executable, "-P", __file__, *arguments], capture_output=True, text=True, check=False, env=environment
    )
    if done.returncode:
        raise SystemExit(f"{tree}：{done.stderr}")
    return done.stdout


def compare(commit: str, names: list[str], rounds: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        old, folder = Path(place, "old"), Path(place, "files")
        subprocess.run(["git", "clone", "-q", "--no-checkout", ROOT, old], check=True)
        subprocess.run(["git", "-C", old, "checkout", "-q", commit], check=True)
        folder.mkdir()
        run(old, "--make", str(folder))
        print(f"处理器毫秒，{rounds} 轮的中位数，{commit} 与现在轮流\n{'旧':>10}{'新':>10}{'新/旧':>8}")
        for name in names:
            taken: dict[Path, list[float]] = {old: [], ROOT: []}
            for _, tree in itertools.product(range(rounds), taken):
                taken[tree].append(float(run(tree, "--work", name, str(folder))))
            before, now = (statistics.median(times) for times in taken.values())
            print(f"{before * 1000:10.1f}{now * 1000:10.1f}{now / before:8.2f}   {WORK[name][0]}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("commit", nargs="?", default="HEAD~1")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(WORK))
    parser.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    parsed = parser.parse_args()
    if parsed.make:
        make(parsed.make)
    elif parsed.work:
        one_run(parsed.work[0], Path(parsed.work[1]))
    else:
        compare(parsed.commit, parsed.only, parsed.rounds)


if __name__ == "__main__":
    main()
