"""How fast forms are reviewed beside reading them alone, and whether a long run needs more memory than a short one.

Run: ``python benchmarks/bench_check.py``. Times are medians of interleaved runs over the same files in one warm process;
read the ratio, not the milliseconds. The second part reviews 100 and then 1,000 filled forms in one call each, in a
process of its own, and tells the highest memory of each.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from perfeval.books import FileBook
from perfeval.commands import check, demo_data, fill, new
from perfeval.forms.reader import read_forms
from perfeval.records.model import Body
from perfeval.workbook.book import data_workbook

ROUNDS = 5
FEW, MANY = 100, 1_000
_PEAK = """
import sys
from pathlib import Path
from perfeval.commands import check
found = sum(len(one.findings) for one in check.review(check.to_review([Path(sys.argv[1])])))
try:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
except ImportError:  # Windows has no such counter in the standard library
    peak = float("nan")
print(found, peak)
"""


def filled_form(path: Path) -> Path:
    """A workbook with one published project's 自评表, made and filled as a person would."""
    body: Body = next(iter(demo_data.bodies().values()))
    one = replace(body, projects=body.projects[:1])
    data = path.with_suffix(".data.xlsx")
    data.write_bytes(data_workbook(one))
    new.new(path, new.body_from(data))
    fill.fill(path, data)
    return path


def read(path: Path) -> None:
    """Read a file's forms and nothing more."""
    book = FileBook.open(path)
    for sheet in book.user_sheets:
        read_forms(book.grid(sheet))


def review(path: Path) -> None:
    """Review a file."""
    for _ in check.review(check.to_review([path])):
        pass


def timed(paths: list[Path]) -> tuple[float, float]:
    """Median seconds a file, reading alone and reviewing, interleaved."""
    spent: dict[str, list[float]] = {"read": [], "review": []}
    for path in paths:
        for name, work in (("read", read), ("review", review)):
            begun = time.perf_counter()
            work(path)
            spent[name].append(time.perf_counter() - begun)
    return statistics.median(spent["read"]), statistics.median(spent["review"])


def peak(folder: Path) -> tuple[int, float]:
    """Findings and highest memory (MB) of one call over a folder, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", _PEAK, folder], capture_output=True, text=True, check=True)
    found, memory = done.stdout.split()
    return int(found), float(memory)


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        form = filled_form(folder / "form.xlsm").read_bytes()
        for count in (FEW, MANY):
            (folder / str(count)).mkdir()
            for number in range(count):
                (folder / str(count) / f"{number:04d}.xlsm").write_bytes(form)
        paths = sorted((folder / str(FEW)).iterdir())
        timed(paths[:10])  # warm
        reading, reviewing = timed(paths[: 10 * ROUNDS])
        print(f"reading alone  {reading * 1e3:7.1f} ms a form  {1 / reading:6.1f} forms/s")
        print(f"reviewing      {reviewing * 1e3:7.1f} ms a form  {1 / reviewing:6.1f} forms/s")
        print(f"ratio          {reviewing / reading:7.2f}")
        for count in (FEW, MANY):
            begun = time.perf_counter()
            found, memory = peak(folder / str(count))
            seconds = time.perf_counter() - begun
            print(f"{count:5d} forms in one call: {seconds:6.1f} s, {found} findings, highest memory {memory:.0f} MB")


if __name__ == "__main__":
    main()
